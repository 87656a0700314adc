//! Incidents that each spread by a bandwidth of their own.

use super::by_row::{ByRow, Columns};
use super::fill::{Fill, height};
use super::kernel::Kernel;
use crate::error::Result;
use crate::model::Grid;
use crate::parallel::Workers;
use crate::stats::sum;

/// Places with the mass and the bandwidth of each, in the coordinates of the input.
pub(super) struct Spread {
    pub(super) kernel: Kernel,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) mass: Vec<f64>,
    pub(super) bandwidth: Vec<f64>,
}

impl Spread {
    /// The greatest bandwidth, 0 without any place.
    pub(super) fn widest(&self) -> f64 {
        self.bandwidth.iter().copied().fold(0.0, f64::max)
    }

    /// Mass per square kilometre of a place at its centre.
    fn peak(&self, i: usize) -> f64 {
        1e6 * self.kernel.peak() * self.mass[i] / (self.bandwidth[i] * self.bandwidth[i])
    }

    /// Mass per square kilometre at a point, by direct summation.
    pub(super) fn at(&self, u: f64, v: f64) -> f64 {
        sum((0..self.x.len()).map(|i| {
            let h = self.bandwidth[i];
            let (dx, dy) = ((u - self.x[i]) / h, (v - self.y[i]) / h);
            self.peak(i) * self.kernel.shape(dx * dx + dy * dy)
        }))
    }

    /// Fills a raster of zeros with mass per square kilometre.
    ///
    /// Places are taken by classes of bandwidth, at most as far apart as one and √2, so that few
    /// are looked at in rows they do not reach and none is far from its block, in its own bandwidth.
    pub(super) fn fill(&self, grid: &Grid, out: &mut [f64], workers: &Workers) -> Result<()> {
        let least = self.bandwidth.iter().copied().fold(f64::INFINITY, f64::min);
        let class = |i: usize| (2.0 * (self.bandwidth[i] / least).log2()) as usize;
        let most = (0..self.x.len()).map(class).max();
        for wanted in 0..most.map_or(0, |c| c + 1) {
            let members = (0..self.x.len()).filter(|i| class(*i) == wanted);
            self.fill_with(&members.collect::<Vec<_>>(), grid, out, workers)?;
        }
        Ok(())
    }

    fn fill_with(
        &self,
        members: &[usize],
        grid: &Grid,
        out: &mut [f64],
        workers: &Workers,
    ) -> Result<()> {
        let column =
            |of: &dyn Fn(usize) -> f64| -> Vec<f64> { members.iter().map(|&i| of(i)).collect() };
        let radius = |i: usize| self.kernel.reach() * self.bandwidth[i] / grid.cell_size();
        let radii = column(&radius);
        let widest = radii.iter().copied().fold(0.0, f64::max);
        let weights = column(&|i| self.peak(i) / height(self.kernel, radius(i)));
        let (x, y) = (column(&|i| self.x[i]), column(&|i| self.y[i]));
        let columns = Columns {
            x: &x,
            y: &y,
            weights: Some(&weights),
            radii: Some(&radii),
        };
        let incidents = ByRow::new(columns, grid, widest, workers)?;
        Fill::each(&incidents, self.kernel, widest, grid.cols()).add_to(out, workers)
    }
}
