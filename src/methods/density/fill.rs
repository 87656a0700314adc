//! Kernels of many incidents added up on a raster, in the cheapest way.

use super::by_row::{ByRow, Near};
use super::interval::CHUNK;
use super::kernel::Kernel;
use super::{gaussian, scatter, sweep};
use crate::error::Result;
use crate::parallel::Workers;

/// Radius in cells up to which adding cells one by one is cheaper than the sweep; measured.
const SCATTER_RADIUS: f64 = 2.0;

/// Incidents in their order, and how each of them spreads.
///
/// With r the radius in cells (for the Gaussian, its reach) and s the distance, a cell gets
/// `scale` times the weight times `(r² − s²)^d`, `r − s` for the triangular kernel, and
/// `exp(−s²/2σ²)` for the Gaussian.
pub(super) struct Fill<'a> {
    incidents: &'a ByRow,
    pub(super) kernel: Kernel,
    /// The greatest radius.
    pub(super) widest: f64,
    /// The squared radius of all, for as many as are taken together.
    same: [f64; CHUNK],
    pub(super) scale: f64,
    pub(super) cols: usize,
}

/// At most [`CHUNK`] incidents.
pub(super) struct Chunk<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) mass: &'a [f64],
    pub(super) squared: &'a [f64],
}

impl<'a> Fill<'a> {
    /// Incidents with kernels of this radius in cells and this value at the centre.
    pub(super) fn same(
        incidents: &'a ByRow,
        kernel: Kernel,
        radius: f64,
        peak: f64,
        cols: usize,
    ) -> Self {
        Self {
            scale: peak / height(kernel, radius),
            ..Self::each(incidents, kernel, radius, cols)
        }
    }

    /// Incidents with radii of their own, the greatest of them `widest`, and with weights over
    /// the [`height`] of their kernel.
    pub(super) fn each(incidents: &'a ByRow, kernel: Kernel, widest: f64, cols: usize) -> Self {
        Self {
            incidents,
            kernel,
            widest,
            same: [widest * widest; CHUNK],
            scale: 1.0,
            cols,
        }
    }

    /// Adds the kernels to the raster.
    pub(super) fn add_to(&self, out: &mut [f64], workers: &Workers) -> Result<()> {
        match self.kernel {
            Kernel::Gaussian => gaussian::fill(self, out, workers),
            Kernel::Triangular => scatter::fill(self, out, workers),
            _ if self.widest <= SCATTER_RADIUS => scatter::fill(self, out, workers),
            _ => sweep::fill(self, out, workers),
        }
    }

    /// The incidents that may reach any of `rows` raster rows from `row` on.
    pub(super) fn near(&self, row: usize, rows: usize) -> impl Iterator<Item = Chunk<'_>> {
        let pieces = self.incidents.near(row, rows, self.widest);
        pieces.flat_map(|near| self.chunks(near))
    }

    fn chunks(&'a self, near: Near<'a>) -> impl Iterator<Item = Chunk<'a>> {
        let x = near.x.chunks(CHUNK).zip(near.y.chunks(CHUNK));
        let each = x.zip(near.mass.chunks(CHUNK)).enumerate();
        each.map(move |(k, ((x, y), mass))| Chunk {
            x,
            y,
            mass,
            squared: match near.squared {
                Some(squared) => &squared[k * CHUNK..k * CHUNK + x.len()],
                None => &self.same[..x.len()],
            },
        })
    }
}

/// The value at the centre of a kernel of this radius in cells, as it is added up.
pub(super) fn height(kernel: Kernel, radius: f64) -> f64 {
    match kernel {
        Kernel::Uniform | Kernel::Gaussian => 1.0,
        Kernel::Triangular => radius,
        Kernel::Epanechnikov => radius.powi(2),
        Kernel::Quartic => radius.powi(4),
        Kernel::Triweight => radius.powi(6),
    }
}
