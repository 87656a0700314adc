//! A window at one moment, of which a picture can be made.

use std::sync::Arc;

use ndarray::Array2;

use super::alarm::Alarm;
use super::kernel_sums::KernelSums;
use super::live_settings::LiveSettings;
use super::live_view::{LiveReader, LiveView};
use crate::analysis::judged_cells;
use crate::error::{Error, Result};
use crate::index::NeighbourhoodIndex;
use crate::methods::density::Surface;
use crate::model::{Grid, PlaceRule};
use crate::parallel::Workers;

/// What does not change: areas, and the cells over them.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) fingerprint: String,
    pub(super) code: Arc<[String]>,
    pub(super) index: NeighbourhoodIndex,
    pub(super) rule: PlaceRule,
    pub(super) grid: Grid,
    /// The area of the centre of each cell.
    pub(super) inside: Vec<u32>,
}

/// The numbers of a [window](super::LiveWindow) at one moment.
///
/// Taking them is quick and the picture takes longer, so a service takes them under its lock and
/// makes the picture outside.
#[derive(Debug)]
pub struct LiveMoment {
    pub(super) settings: Arc<LiveSettings>,
    pub(super) ground: Arc<Ground>,
    pub(super) alarm: Option<Arc<Alarm>>,
    pub(super) now: i64,
    pub(super) changes: u64,
    pub(super) incidents: u64,
    pub(super) counts: Vec<i64>,
    pub(super) cells: Vec<i64>,
    pub(super) sums: KernelSums,
    pub(super) latest: Option<LiveReader>,
}

impl LiveMoment {
    /// Makes the picture and shows it to all readers of the window, unless they see a later one.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn publish(&self, workers: &Workers) -> Result<Arc<LiveView>> {
        let view = Arc::new(self.view(workers)?);
        if let Some(latest) = &self.latest {
            latest.show(&view);
        }
        Ok(view)
    }

    pub(super) fn view(&self, workers: &Workers) -> Result<LiveView> {
        let ground = &self.ground;
        let (rows, cols) = (ground.grid.rows(), ground.grid.cols());
        let values = Array2::from_shape_vec((rows, cols), self.sums.density())
            .map_err(|e| Error::internal(e.to_string()))?;
        let cells = judged_cells(
            ground.grid.clone(),
            &self.cells,
            &ground.inside,
            |at, _| values[at],
            workers,
        )?;
        let (kernel, bandwidth) = (self.settings.kernel, self.settings.bandwidth);
        let (count, outside) = self.counts.split_at(ground.code.len());
        let of = |known: fn(&Alarm, usize, i64) -> f64| -> Vec<f64> {
            let alarm = self.alarm.as_deref();
            let value = |a| alarm.map_or(f64::NAN, |alarm| known(alarm, a, count[a]));
            (0..count.len()).map(value).collect()
        };
        let threshold: Vec<Option<i64>> = match &self.alarm {
            Some(alarm) => alarm.threshold.clone(),
            None => vec![None; count.len()],
        };
        Ok(LiveView {
            start: self.now.saturating_sub(self.settings.length),
            now: self.now,
            changes: self.changes,
            incidents: self.incidents,
            outside: outside.first().copied().unwrap_or_default(),
            code: Arc::clone(&ground.code),
            expected: of(|alarm, a, _| alarm.usual.expected(a)),
            p: of(|alarm, a, count| alarm.usual.p(a, count)),
            alert: threshold
                .iter()
                .zip(count)
                .map(|(least, count)| least.is_some_and(|least| *count >= least))
                .collect(),
            threshold,
            count: count.to_vec(),
            false_alarm_rate: self.settings.rate,
            surface: Surface::new(ground.grid.clone(), values, kernel, bandwidth)?,
            cells: cells.table,
            warnings: cells.warnings,
        })
    }
}
