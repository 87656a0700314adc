//! One raster of densities for each of several times.

use ndarray::{Array3, Axis};

use super::super::edge::Edge;
use super::super::kernel::Kernel;
use super::super::surface::Surface;
use crate::error::{Error, Result};
use crate::model::{Grid, Warning};

/// Incidents per square kilometre and day at the centres of square cells, row 0 in the north, at
/// several times; NaN outside a study area, and at times around which too little was watched.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpaceTimeSurface {
    /// The cells.
    pub grid: Grid,
    /// The times in seconds since 1970 (UTC).
    pub times: Vec<i64>,
    /// Incidents per square kilometre and day: times by rows by columns.
    pub values: Array3<f64>,
    /// The kernel in space.
    pub kernel: Kernel,
    /// Its bandwidth in metres.
    pub bandwidth: f64,
    /// The kernel in time.
    pub time_kernel: Kernel,
    /// Its bandwidth in days.
    pub days: f64,
    /// Whether an incident counts only from its own time on.
    pub prospective: bool,
    /// The correction at the edge of the study area, and of the time that was watched.
    pub edge: Edge,
    /// First second that was watched and first that was not any more, where given.
    pub window: Option<(i64, i64)>,
    /// How many incidents have no time.
    pub untimed: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl SpaceTimeSurface {
    /// The surface at one of the times, in incidents per square kilometre and day.
    ///
    /// # Errors
    /// [`Error::Parameter`] beyond the last time.
    pub fn slice(&self, at: usize) -> Result<Surface> {
        if at >= self.times.len() {
            let last = self.times.len().saturating_sub(1);
            return Err(Error::parameter("slice", at, format!("0 to {last}")));
        }
        let values = self.values.index_axis(Axis(0), at).to_owned();
        Surface::new(self.grid.clone(), values, self.kernel, self.bandwidth)
            .map(|surface| surface.with_edge(self.edge))
    }
}
