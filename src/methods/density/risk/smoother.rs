//! Surfaces of whatever lies on the places of a pool.

use super::super::edge::Edge;
use super::super::estimate::KernelDensity;
use super::super::mass::squares_inside;
use super::super::plain::plain_on;
use super::super::spread::Spread;
use super::pool::Pool;
use super::squares::add_squares;
use crate::error::Result;
use crate::model::Grid;
use crate::parallel::Workers;

/// One pool on one raster.
pub(super) struct Smoother<'a> {
    pool: &'a Pool,
    grid: &'a Grid,
    /// The density with its study area and correction.
    density: &'a KernelDensity,
    /// The same without them, on the same raster.
    plain: KernelDensity,
    adaptive: bool,
}

impl<'a> Smoother<'a> {
    pub(super) fn new(
        pool: &'a Pool,
        grid: &'a Grid,
        density: &'a KernelDensity,
        adaptive: bool,
    ) -> Self {
        Self {
            pool,
            grid,
            density,
            plain: plain_on(grid, density),
            adaptive,
        }
    }

    /// Whether the variance of a density at a place follows from the density there alone.
    pub(super) fn is_local(&self) -> bool {
        !self.adaptive && self.density.edge != Edge::Diggle
    }

    /// A single incident's density at its own place, as a share per square kilometre.
    pub(super) fn peak(&self) -> f64 {
        let KernelDensity {
            kernel, bandwidth, ..
        } = *self.density;
        1e6 * kernel.peak() / (bandwidth * bandwidth)
    }

    /// Whether the centre of a cell lies outside the study area.
    pub(super) fn is_outside(&self, cell: usize) -> bool {
        let (x, y) = self
            .grid
            .centre(cell / self.grid.cols(), cell % self.grid.cols());
        let area = self.density.within.as_ref();
        area.is_some_and(|area| !area.contains(x, y))
    }

    /// The integral of the squared kernel, in shares per square kilometre.
    pub(super) fn squared(&self) -> f64 {
        let KernelDensity {
            kernel, bandwidth, ..
        } = *self.density;
        1e6 * kernel.roughness() / (bandwidth * bandwidth)
    }

    /// Weight per square kilometre at each cell, not divided by the mass inside.
    pub(super) fn surface(&self, on_place: &[f64], workers: &Workers) -> Result<Vec<f64>> {
        let spread = self.spread(on_place, |factor| factor);
        if self.adaptive {
            let mut out = vec![0.0; self.grid.len()];
            spread.fill(self.grid, &mut out, workers)?;
            return Ok(out);
        }
        let crs = self.grid.crs();
        let made =
            self.plain
                .run_columns(&spread.x, &spread.y, Some(&spread.mass), crs, workers)?;
        Ok(made.values().iter().copied().collect())
    }

    /// The sum of weights times squared kernels at each cell.
    pub(super) fn squares(&self, on_place: &[f64], workers: &Workers) -> Result<Vec<f64>> {
        let mut out = vec![0.0; self.grid.len()];
        let spread = self.spread(on_place, |factor| factor * factor);
        add_squares(&spread, self.grid, &mut out, workers)?;
        Ok(out)
    }

    /// The share of the integral of the squared kernel around each cell that was seen.
    pub(super) fn squares_seen(&self, workers: &Workers) -> Result<Vec<f64>> {
        let mut out = vec![1.0; self.grid.len()];
        let corrected = self.density.edge != Edge::None;
        let Some(area) = self.density.within.as_ref().filter(|_| corrected) else {
            return Ok(out);
        };
        let (kernel, h) = (self.density.kernel, self.density.bandwidth);
        workers.fill(
            &mut out,
            self.grid.cols(),
            || (),
            |(), row, cells| {
                for (col, cell) in cells.iter_mut().enumerate() {
                    let (x, y) = self.grid.centre(row, col);
                    *cell = squares_inside(kernel, h, area, x, y);
                }
            },
        )?;
        Ok(out)
    }

    /// The places where something lies.
    fn spread(&self, on_place: &[f64], factor: impl Fn(f64) -> f64) -> Spread {
        let pool = self.pool;
        let some: Vec<usize> = (0..on_place.len()).filter(|&i| on_place[i] > 0.0).collect();
        let pick = |column: &[f64]| some.iter().map(|&i| column[i]).collect();
        Spread {
            kernel: self.density.kernel,
            x: pick(&pool.x),
            y: pick(&pool.y),
            mass: some
                .iter()
                .map(|&i| on_place[i] * factor(pool.factor[i]))
                .collect(),
            bandwidth: pick(&pool.bandwidth),
        }
    }
}
