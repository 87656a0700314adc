//! A picture of a window, and who looks at it.

use std::sync::{Arc, PoisonError, RwLock};

use crate::analysis::CellTable;
use crate::methods::density::Surface;
use crate::model::Warning;

/// A window at one moment; it never changes.
///
/// Columns per area are in the order of the areas. Cells and classes are those of
/// [`HotspotAnalysis`](crate::analysis::HotspotAnalysis) with the same incidents and size of
/// cells; the density is on those cells, within 1e-12 of the greatest value of
/// [`KernelDensity`](crate::methods::density::KernelDensity).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LiveView {
    /// Incidents after this moment are in the window, in seconds since 1970 (UTC).
    pub start: i64,
    /// Incidents up to this moment are.
    pub now: i64,
    /// How many changes the window had seen.
    pub changes: u64,
    /// Incidents in the window.
    pub incidents: u64,
    /// Incidents in no area.
    pub outside: i64,
    /// Codes of the areas.
    pub code: Arc<[String]>,
    /// Incidents in each area.
    pub count: Vec<i64>,
    /// Incidents to expect there, NaN where nothing usual is known.
    pub expected: Vec<f64>,
    /// The chance of at least as many when nothing is going on, NaN where nothing usual is known.
    pub p: Vec<f64>,
    /// The least count that is an alarm; `None` where nothing usual is known.
    pub threshold: Vec<Option<i64>>,
    /// Whether the area is in alarm.
    pub alert: Vec<bool>,
    /// How often there is a false alarm anywhere at one moment, at most.
    pub false_alarm_rate: f64,
    /// The cells with their count, density and Gi*.
    pub cells: CellTable,
    /// The density of all incidents, those in no area too.
    pub surface: Surface,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// The latest picture of a window, for any number of threads.
///
/// A reader waits at most for a pointer to be exchanged, never for a picture to be made; what it
/// holds stays as it was.
#[derive(Debug, Clone)]
pub struct LiveReader(Arc<RwLock<Arc<LiveView>>>);

impl LiveReader {
    pub(super) fn new(first: Arc<LiveView>) -> Self {
        Self(Arc::new(RwLock::new(first)))
    }

    /// The picture that was published last.
    #[must_use]
    pub fn view(&self) -> Arc<LiveView> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows a picture, unless a later one is there.
    pub(super) fn show(&self, view: &Arc<LiveView>) {
        let mut latest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if latest.changes <= view.changes {
            *latest = Arc::clone(view);
        }
    }
}
