//! A density on a raster that is already there.

use super::edge::Edge;
use super::estimate::KernelDensity;
use crate::model::{Bounds, Grid};

/// The density without a study area and its correction, on the cells of a raster.
pub(super) fn plain_on(grid: &Grid, density: &KernelDensity) -> KernelDensity {
    let (west, north) = grid.centre(0, 0);
    let (east, south) = grid.centre(grid.rows() - 1, grid.cols() - 1);
    let mut plain = density.clone().edge(Edge::None);
    plain.within = None;
    // Outer edges would begin another row and column.
    plain.extent(Bounds::new(west, south, east, north))
}
