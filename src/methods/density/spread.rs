//! Incidents that each spread by a bandwidth of their own.

use super::kernel::Kernel;
use crate::error::Result;
use crate::model::Grid;
use crate::parallel::Workers;
use crate::stats::sum;

/// Raster rows that one unit of work fills.
const BAND: usize = 8;

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

    /// Fills a raster with mass per square kilometre.
    pub(super) fn fill(&self, grid: &Grid, out: &mut [f64], workers: &Workers) -> Result<()> {
        let kernel = self.kernel;
        self.fill_by(grid, out, workers, |i| self.peak(i), |v2| kernel.shape(v2))
    }

    /// Fills a raster with the sum of mass times the square of the kernel.
    pub(super) fn fill_squares(
        &self,
        grid: &Grid,
        out: &mut [f64],
        workers: &Workers,
    ) -> Result<()> {
        let kernel = self.kernel;
        let peak = |i: usize| self.peak(i) * self.peak(i) / self.mass[i];
        self.fill_by(grid, out, workers, peak, |v2| kernel.shape(v2).powi(2))
    }

    /// Adds up `peak(place) · shape(squared distance in bandwidths)`.
    fn fill_by(
        &self,
        grid: &Grid,
        out: &mut [f64],
        workers: &Workers,
        peak: impl Fn(usize) -> f64 + Sync + Send,
        shape: impl Fn(f64) -> f64 + Sync + Send,
    ) -> Result<()> {
        let bands = self.bands(grid);
        workers.fill(
            out,
            BAND * grid.cols(),
            || (),
            |(), band, cells| {
                for (k, row) in cells.chunks_mut(grid.cols()).enumerate() {
                    self.fill_row(grid, band * BAND + k, &bands[band], row, (&peak, &shape));
                }
            },
        )
    }

    /// For each band of raster rows, the places that reach it, in their order.
    fn bands(&self, grid: &Grid) -> Vec<Vec<u32>> {
        let (_, north) = grid.centre(0, 0);
        let count = grid.rows().div_ceil(BAND);
        let mut bands = vec![Vec::new(); count];
        for i in 0..self.x.len() {
            let reach = self.kernel.reach() * self.bandwidth[i];
            let row = |y: f64| (north - y) / grid.cell_size();
            let (first, last) = (
                row(self.y[i] + reach).ceil(),
                row(self.y[i] - reach).floor(),
            );
            if last < 0.0 || first >= grid.rows() as f64 || first > last {
                continue;
            }
            let last = (last as usize / BAND).min(count - 1);
            for band in &mut bands[first.max(0.0) as usize / BAND..=last] {
                band.push(i as u32);
            }
        }
        bands
    }

    fn fill_row(
        &self,
        grid: &Grid,
        number: usize,
        near: &[u32],
        row: &mut [f64],
        (peak, shape): (&impl Fn(usize) -> f64, &impl Fn(f64) -> f64),
    ) {
        let (west, v) = grid.centre(number, 0);
        let (size, cols) = (grid.cell_size(), row.len() as f64);
        let limit = self.kernel.reach() * self.kernel.reach();
        for &i in near {
            let i = i as usize;
            let h = self.bandwidth[i];
            let dy = (v - self.y[i]) / h;
            let left = limit - dy * dy;
            if left < 0.0 {
                continue;
            }
            let (x, half) = (self.x[i] - west, h * left.sqrt());
            let first = ((x - half) / size).ceil().clamp(0.0, cols) as usize;
            let end = (((x + half) / size).floor() + 1.0).clamp(0.0, cols) as usize;
            let peak = peak(i);
            for (col, cell) in row.iter_mut().enumerate().take(end).skip(first) {
                let dx = (col as f64 * size - x) / h;
                *cell += peak * shape(dx * dx + dy * dy);
            }
        }
    }
}
