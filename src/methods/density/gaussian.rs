//! The Gaussian kernel, a product of a factor in x and a factor in y.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::fill::Fill;
use super::kernel::Kernel;
use crate::error::Result;
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Raster rows that one unit of work fills, and that share an incident's factors in x.
const BAND: usize = 16;

/// Adds kernels to the raster; their radius is how far they reach.
pub(super) fn fill(task: &Fill<'_>, out: &mut [f64], workers: &Workers) -> Result<()> {
    workers.fill(out, BAND * task.cols, Vec::new, |factors, band, cells| {
        widest(Band {
            task,
            factors,
            first_row: band * BAND,
            cells,
        });
    })
}

/// Some rows of the raster and what is needed to fill them.
struct Band<'a> {
    task: &'a Fill<'a>,
    /// Factors in x of one incident, for the columns in reach.
    factors: &'a mut Vec<f64>,
    first_row: usize,
    cells: &'a mut [f64],
}

impl Work for Band<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let cols = self.task.cols;
        let rows = self.cells.len() / cols;
        let end_of_reach = -0.5 * Kernel::Gaussian.reach().powi(2);
        for incidents in self.task.near(self.first_row, rows) {
            for (j, &x) in incidents.x.iter().enumerate() {
                let squared = incidents.squared[j];
                let (reach, shape) = (squared.sqrt(), end_of_reach / squared);
                let first = (x - reach).ceil().clamp(0.0, cols as f64) as usize;
                let end = ((x + reach).floor() + 1.0).clamp(0.0, cols as f64) as usize;
                if first >= end {
                    continue;
                }
                let mass = self.task.scale * incidents.mass[j];
                self.factors.clear();
                self.factors.extend((first..end).map(|col| {
                    let dx = col as f64 - x;
                    mass * (shape * dx * dx).exp()
                }));
                for (k, row) in self.cells.chunks_mut(cols).enumerate() {
                    let dy = (self.first_row + k) as f64 - incidents.y[j];
                    if dy.abs() > reach {
                        continue;
                    }
                    let along = (shape * dy * dy).exp();
                    for (cell, f) in row[first..end].iter_mut().zip(&*self.factors) {
                        *cell += along * f;
                    }
                }
            }
        }
    }
}
