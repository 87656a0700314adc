//! What one incident adds to a raster.

use super::kernel::Kernel;
use crate::error::{Error, Result};
use crate::model::Grid;

/// Which cells of a raster does one incident reach, and how much does each get?
///
/// Cells and shares are those of [`KernelDensity`](super::KernelDensity) without an edge
/// correction: a cell gets `k_h(s)` at the distance s of its centre, as a share of the value at the
/// incident itself, [`peak`](Self::peak).
///
/// # Complexity
/// In proportion to the cells in reach.
///
/// ```
/// use brandpunt::methods::density::{Footprint, Kernel};
/// use brandpunt::{Bounds, Crs, Grid};
///
/// # fn main() -> brandpunt::Result<()> {
/// let grid = Grid::covering(Bounds::new(0.0, 0.0, 900.0, 900.0), 100.0, Crs::PLANAR)?;
/// let footprint = Footprint::new(Kernel::Quartic, 300.0, &grid)?;
/// let mut around = 0.0;
/// footprint.each(450.0, 450.0, |_, share| around += share * footprint.peak() * 0.01);
/// assert!((around - 1.0).abs() < 0.02, "spread over the cells in reach: {around}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Footprint {
    kernel: Kernel,
    /// Squared bandwidth and reach, in cells.
    bandwidth_squared: f64,
    reach: f64,
    reach_squared: f64,
    west: f64,
    north: f64,
    per_metre: f64,
    rows: f64,
    cols: f64,
    peak: f64,
}

impl Footprint {
    /// The footprint of a kernel of this bandwidth in metres on a grid.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a bandwidth that is not positive and finite.
    pub fn new(kernel: Kernel, bandwidth: f64, grid: &Grid) -> Result<Self> {
        if !(bandwidth.is_finite() && bandwidth > 0.0) {
            return Err(Error::parameter(
                "bandwidth",
                bandwidth,
                "a positive number of metres",
            ));
        }
        let (west, north) = grid.centre(0, 0);
        let cells = bandwidth / grid.cell_size();
        let reach = kernel.reach() * bandwidth / grid.cell_size();
        Ok(Self {
            kernel,
            bandwidth_squared: cells * cells,
            reach,
            reach_squared: reach * reach,
            west,
            north,
            per_metre: 1.0 / grid.cell_size(),
            rows: grid.rows() as f64,
            cols: grid.cols() as f64,
            peak: 1e6 * kernel.peak() / (bandwidth * bandwidth),
        })
    }

    /// Incidents per square kilometre at the place of one incident.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.peak
    }

    /// Calls `give` with each cell in reach (row by row, row 0 in the north) and its share of the
    /// [`peak`](Self::peak), from 0 to 1.
    pub fn each(&self, x: f64, y: f64, mut give: impl FnMut(usize, f64)) {
        let (x, y) = (
            (x - self.west) * self.per_metre,
            (self.north - y) * self.per_metre,
        );
        let cells = |low: f64, high: f64, count: f64| {
            let first = low.ceil().max(0.0).min(count);
            let end = (high.floor() + 1.0).max(0.0).min(count);
            first as usize..end as usize
        };
        let most = self.kernel.reach() * self.kernel.reach();
        for row in cells(y - self.reach, y + self.reach, self.rows) {
            let dy = row as f64 - y;
            let left = self.reach_squared - dy * dy;
            if left < 0.0 {
                continue;
            }
            let half = left.sqrt();
            for col in cells(x - half, x + half, self.cols) {
                let dx = col as f64 - x;
                let far = (dx * dx + dy * dy) / self.bandwidth_squared;
                // Rounding must not put a cell out of reach that the raster's row has in reach.
                give(
                    row * self.cols as usize + col,
                    self.kernel.shape(far.min(most)),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::density::KernelDensity;
    use crate::model::{Bounds, Crs, Incidents};

    /// Round coordinates put many centres exactly on the border of the reach.
    #[test]
    fn the_footprint_is_the_density_of_one_incident() {
        let bounds = Bounds::new(0.0, 0.0, 2_000.0, 1_500.0);
        let grid = Grid::covering(bounds, 100.0, Crs::PLANAR).unwrap();
        let places = [
            (450.0, 650.0),
            (1_000.0, 700.0),
            (13.7, 1_488.1),
            (-120.0, 300.0),
            (9e5, 0.0),
        ];
        for kernel in Kernel::ALL {
            for (x, y) in places {
                let one = Incidents::builder(vec![x], vec![y], Crs::PLANAR)
                    .build()
                    .unwrap();
                let surface = KernelDensity::new(300.0)
                    .cell_size(100.0)
                    .kernel(kernel)
                    .extent(bounds)
                    .run(&one)
                    .unwrap();
                let footprint = Footprint::new(kernel, 300.0, &grid).unwrap();
                let mut own = vec![0.0; grid.len()];
                footprint.each(x, y, |cell, share| own[cell] += share * footprint.peak());
                let bound = 1e-12 * footprint.peak();
                for (cell, (a, b)) in own.iter().zip(surface.values()).enumerate() {
                    assert!(
                        (a - b).abs() <= bound,
                        "{} {x} {y} {cell}: {a} {b}",
                        kernel.name()
                    );
                }
            }
        }
    }

    #[test]
    fn no_bandwidth_is_no_footprint() {
        let bounds = Bounds::new(0.0, 0.0, 100.0, 100.0);
        let grid = Grid::covering(bounds, 100.0, Crs::PLANAR).unwrap();
        for bandwidth in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Footprint::new(Kernel::Quartic, bandwidth, &grid).is_err());
        }
    }
}
