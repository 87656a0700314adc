//! What happened, in order of time.

use super::recency::DAY;
use super::units::ForecastUnits;
use crate::error::{Error, Fault, Result};
use crate::index::require_same_crs;
use crate::model::{Incidents, ReportSource, Times, Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents with a time and a place among the units, the earliest first; equal times in the order
/// of their places, so that the order of the rows does not matter.
#[derive(Debug)]
pub(super) struct Events {
    pub(super) seconds: Vec<i64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) unit: Vec<u32>,
    pub(super) undated: usize,
    pub(super) outside: usize,
    /// Found by the police and left out.
    pub(super) discovered: usize,
    pub(super) warnings: Vec<Warning>,
}

impl Events {
    pub(super) fn of(
        incidents: &Incidents,
        units: &ForecastUnits,
        discovered_too: bool,
        workers: &Workers,
    ) -> Result<Self> {
        const PIECE: usize = 1 << 14;
        require_same_crs(incidents.crs(), units.crs())?;
        let times = incidents.require_times()?;
        let (x, y) = (incidents.x(), incidents.y());
        let units_of = workers.map_ranges(incidents.len(), PIECE, |range| -> Vec<Option<u32>> {
            range.map(|i| units.locate(x[i], y[i])).collect()
        })?;
        let units_of: Vec<Option<u32>> = units_of.concat();
        let by_police = by_police(incidents);
        let (mut undated, mut outside, mut discovered, mut dates) = (0, 0, 0, 0);
        let mut kept: Vec<(i64, f64, f64, u32)> = Vec::with_capacity(incidents.len());
        for (i, (&second, unit)) in times.seconds().iter().zip(&units_of).enumerate() {
            if second == Times::UNKNOWN {
                undated += 1;
            } else if by_police[i] && !discovered_too {
                discovered += 1;
            } else if let Some(unit) = unit {
                let local = times.zone().local(second).time();
                dates += usize::from(local == jiff::civil::Time::midnight());
                kept.push((second, x[i], y[i], *unit));
            } else {
                outside += 1;
            }
        }
        if kept.is_empty() {
            let detail = format!(
                "of {} incidents none has a time, lies in the areas and was reported ({undated} \
                 without a time, {outside} outside, {discovered} found by the police)",
                incidents.len()
            );
            return Err(Error::input(Fault::NoRows, detail));
        }
        kept.sort_by(|a, b| {
            let places = || a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2));
            a.0.cmp(&b.0).then_with(places)
        });
        let mut out = Self {
            seconds: kept.iter().map(|e| e.0).collect(),
            x: kept.iter().map(|e| e.1).collect(),
            y: kept.iter().map(|e| e.2).collect(),
            unit: kept.iter().map(|e| e.3).collect(),
            undated,
            outside,
            discovered,
            warnings: Vec::new(),
        };
        out.warn(&by_police, discovered_too, dates);
        Ok(out)
    }

    fn warn(&mut self, by_police: &[bool], discovered_too: bool, dates: usize) {
        let of = by_police.len();
        let mut say = |code, count: usize, message: String| {
            if count > 0 {
                let share = count as f64 / of as f64;
                self.warnings
                    .push(Warning::with_value(code, share, message));
            }
        };
        let (undated, outside) = (self.undated, self.outside);
        say(
            WarningCode::Times,
            undated,
            format!("{undated} of {of} incidents have no time and are left out."),
        );
        say(
            WarningCode::OutsideAllAreas,
            outside,
            format!("{outside} of {of} incidents lie outside the areas and are left out."),
        );
        let found = by_police.iter().filter(|p| **p).count();
        let message = if discovered_too {
            format!(
                "{found} of {of} incidents were found by the police and are used. Where they looked \
                 decides what they found; a forecast that sends them there again confirms itself."
            )
        } else {
            format!(
                "{found} of {of} incidents were found by the police, not reported, and are left out: \
                 where they looked decides what they found."
            )
        };
        say(WarningCode::Feedback, found, message);
        if 2 * dates > self.seconds.len() {
            let message = format!(
                "{dates} of {} incidents have a date without a time of day; which of one day came \
                 first is not known.",
                self.seconds.len()
            );
            let share = dates as f64 / self.seconds.len() as f64;
            self.warnings
                .push(Warning::with_value(WarningCode::Times, share, message));
        }
    }

    /// What was known at a moment: nothing from that moment on can be reached through it.
    pub(super) fn before(&self, now: i64) -> Past<'_> {
        let known = self.seconds.partition_point(|s| *s < now);
        Past {
            now,
            seconds: &self.seconds[..known],
            x: &self.x[..known],
            y: &self.y[..known],
            unit: &self.unit[..known],
        }
    }

    /// Incidents per unit from one moment up to another.
    pub(super) fn counts(&self, from: i64, until: i64, units: usize) -> Vec<i64> {
        let at = |moment: i64| self.seconds.partition_point(|s| *s < moment);
        let mut out = vec![0; units];
        for unit in &self.unit[at(from)..at(until)] {
            out[*unit as usize] += 1;
        }
        out
    }
}

fn by_police(incidents: &Incidents) -> Vec<bool> {
    let Some(sources) = incidents.sources() else {
        return vec![false; incidents.len()];
    };
    let police: Vec<bool> = sources
        .labels()
        .iter()
        .map(|label| ReportSource::of(label) == Some(ReportSource::Police))
        .collect();
    let of = sources.codes().iter();
    of.map(|code| police[*code as usize]).collect()
}

/// The incidents before a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) now: i64,
    pub(super) seconds: &'a [i64],
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) unit: &'a [u32],
}

impl<'a> Past<'a> {
    /// Without what came before a moment.
    pub(super) fn since(self, moment: i64) -> Past<'a> {
        let from = self.seconds.partition_point(|s| *s < moment);
        Past {
            now: self.now,
            seconds: &self.seconds[from..],
            x: &self.x[from..],
            y: &self.y[from..],
            unit: &self.unit[from..],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Days from an incident to the moment of the forecast.
    pub(super) fn age(&self, i: usize) -> f64 {
        (self.now - self.seconds[i]) as f64 / DAY
    }
}
