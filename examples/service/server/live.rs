//! The last week, as reports come in.

use std::sync::{Mutex, MutexGuard, PoisonError};

use brandpunt::live::{LiveReader, LiveSettings, LiveView, LiveWindow};
use brandpunt::{Incidents, Neighbourhoods, Result, Times, Workers, index};
use serde::Deserialize;
use serde_json::{Value, json};

const WEEK: i64 = 7 * 86_400;

/// A window on the city. The lock is held while a report enters or the numbers are copied, and not
/// while a picture is made of them.
pub(crate) struct Live {
    window: Mutex<LiveWindow>,
    reader: LiveReader,
    clock: fn() -> i64,
}

/// A report as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    x: f64,
    y: f64,
    /// Seconds since 1970; now when left out.
    second: Option<i64>,
}

impl Live {
    /// An empty window; what the reports on file had per week is usual.
    pub(crate) fn new(
        areas: &Neighbourhoods,
        on_file: &Incidents,
        clock: fn() -> i64,
    ) -> Result<Self> {
        let workers = Workers::new(1)?;
        let mut settings = LiveSettings::new(WEEK).false_alarm_rate(0.01);
        if let Some((first, last)) = on_file.times().and_then(Times::range)
            && last > first
        {
            let counts = index::count(on_file, areas, None, &workers)?;
            settings = settings.reference(counts.totals(), last - first);
        }
        let window = settings.open(areas, clock(), &workers)?;
        Ok(Self {
            reader: window.reader(),
            window: Mutex::new(window),
            clock,
        })
    }

    fn window(&self) -> Result<MutexGuard<'_, LiveWindow>> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock of a machine can be set back; a window does not go back with it.
        if (self.clock)() > window.now() {
            window.advance((self.clock)())?;
        }
        Ok(window)
    }

    pub(crate) fn take(&self, report: &Report) -> Result<u64> {
        let mut window = self.window()?;
        let second = report.second.unwrap_or_else(|| window.now());
        window.insert(report.x, report.y, second)
    }

    /// The hot cells and the areas in alarm, without any count.
    pub(crate) fn told(&self, workers: &Workers) -> Result<Value> {
        let moment = self.window()?.moment();
        moment.publish(workers)?;
        Ok(tell(&self.reader.view()))
    }
}

fn tell(view: &LiveView) -> Value {
    let cells = &view.cells;
    let hot = (0..cells.len()).filter(|&i| cells.hotspot_class[i] > 0);
    let hot: Vec<Value> = hot
        .map(|i| {
            let (x, y) = cells
                .grid
                .centre(cells.row[i] as usize, cells.col[i] as usize);
            json!({ "x": x, "y": y, "class": cells.hotspot_class[i] })
        })
        .collect();
    let alarms = view.code.iter().zip(&view.alert);
    let alarms: Vec<&String> = alarms
        .filter(|(_, alert)| **alert)
        .map(|(c, _)| c)
        .collect();
    json!({
        "from": view.start,
        "to": view.now,
        "changes": view.changes,
        "false_alarm_rate": view.false_alarm_rate,
        "cell_size": cells.grid.cell_size(),
        "hot_cells": hot,
        "alarms": alarms,
    })
}
