//! One set of incidents with several bandwidths.

use super::by_row::ByRow;
use super::edge::Edge;
use super::estimate::KernelDensity;
use super::kernel::Kernel;
use super::surface::Surface;
use crate::error::Result;
use crate::model::Incidents;
use crate::parallel::Workers;

impl KernelDensity {
    /// The surface for each of some bandwidths in metres, on one raster that suits the widest;
    /// the bandwidth of `self` is not used.
    ///
    /// Incidents are sorted once for all of them. The surfaces are those that the bandwidths give
    /// one by one with the same extent.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with); the memory limit is for all surfaces together.
    ///
    /// ```
    /// use brandpunt::methods::density::KernelDensity;
    /// use brandpunt::{Crs, Incidents, Workers};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let incidents =
    ///     Incidents::builder(vec![143_010.0], vec![486_990.0], Crs::RD_NEW).build()?;
    /// let density = KernelDensity::new(100.0).cell_size(25.0);
    /// let surfaces = density.run_each(&[100.0, 300.0], &incidents, &Workers::new(0)?)?;
    /// assert_eq!(surfaces[0].grid(), surfaces[1].grid());
    /// assert!(surfaces[0].peak() > surfaces[1].peak());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run_each(
        &self,
        bandwidths: &[f64],
        incidents: &Incidents,
        workers: &Workers,
    ) -> Result<Vec<Surface>> {
        let of = |&bandwidth: &f64| {
            let mut density = self.clone();
            density.bandwidth = bandwidth;
            density
        };
        let each: Vec<Self> = bandwidths.iter().map(of).collect();
        for density in &each {
            density.check(incidents.crs())?;
        }
        let widest = |a: &&Self, b: &&Self| a.bandwidth.total_cmp(&b.bandwidth);
        let Some(widest) = each.iter().max_by(widest) else {
            return Ok(Vec::new());
        };
        let (x, y, weights) = (incidents.x(), incidents.y(), incidents.weights());
        let extent = self.covered(x, y, widest.bandwidth)?;
        let grid = self.grid(extent, each.len(), incidents.crs())?;
        // Diggle's weights differ with the bandwidth, and Gaussians are not always sorted.
        let step = 1.0 / each.len() as f64;
        let part = |k: usize| workers.telling("density", k as f64 * step..(k + 1) as f64 * step);
        if self.edge == Edge::Diggle || self.kernel == Kernel::Gaussian {
            let one = |(k, density): (usize, &Self)| {
                let counted = density.counted(x, y, weights, &part(k))?;
                density.surface(&counted, None, &grid, &part(k))
            };
            return each.iter().enumerate().map(one).collect();
        }
        let counted = widest.counted(x, y, weights, workers)?;
        let sorted = ByRow::new(counted.columns(), &grid, widest.radius(&grid), workers)?;
        let one = |(k, density): (usize, &Self)| {
            density.surface(&counted, Some(&sorted), &grid, &part(k))
        };
        each.iter().enumerate().map(one).collect()
    }
}
