//! Cell by cell: each incident adds its kernel to the cells it reaches.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::fill::Fill;
use super::interval::{Intervals, index};
use super::kernel::Kernel;
use crate::error::{Error, Result};
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Raster rows that one unit of work fills.
const BAND: usize = 8;

/// Adds kernels to the raster.
pub(super) fn fill(task: &Fill<'_>, out: &mut [f64], workers: &Workers) -> Result<()> {
    let left = |far: f64, squared: f64| (squared - far).max(0.0);
    match task.kernel {
        Kernel::Uniform => rows(task, |_, _| 1.0, out, workers),
        Kernel::Triangular => rows(
            task,
            |far, squared| (squared.sqrt() - far.sqrt()).max(0.0),
            out,
            workers,
        ),
        Kernel::Epanechnikov => rows(task, left, out, workers),
        Kernel::Quartic => rows(task, move |f, s| left(f, s).powi(2), out, workers),
        Kernel::Triweight => rows(task, move |f, s| left(f, s).powi(3), out, workers),
        Kernel::Gaussian => Err(Error::internal("the Gaussian has no radius")),
    }
}

/// `shape` is the kernel at a squared distance, for a squared radius.
fn rows(
    task: &Fill<'_>,
    shape: impl Fn(f64, f64) -> f64 + Copy + Sync + Send,
    out: &mut [f64],
    workers: &Workers,
) -> Result<()> {
    workers.fill(
        out,
        BAND * task.cols,
        || (),
        |(), band, cells| {
            widest(Band {
                task,
                shape,
                first_row: band * BAND,
                cells,
            });
        },
    )
}

/// Some rows of the raster and what is needed to fill them.
struct Band<'a, F> {
    task: &'a Fill<'a>,
    shape: F,
    first_row: usize,
    cells: &'a mut [f64],
}

impl<F: Fn(f64, f64) -> f64 + Copy> Work for Band<'_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (k, row) in self.cells.chunks_mut(self.task.cols).enumerate() {
            fill_row(self.task, self.shape, self.first_row + k, row);
        }
    }
}

#[inline(always)]
fn fill_row(task: &Fill<'_>, shape: impl Fn(f64, f64) -> f64, number: usize, row: &mut [f64]) {
    let mut intervals = Intervals::new();
    for incidents in task.near(number, 1) {
        intervals.find(&incidents, number as f64, row.len() as f64);
        let places = incidents.x.iter().zip(incidents.y);
        let each = places.zip(incidents.mass.iter().zip(incidents.squared));
        for (j, ((&x, &y), (&mass, &squared))) in each.enumerate() {
            let (first, end) = (index(intervals.first[j]), index(intervals.end[j]));
            let Some(cells) = row.get_mut(first..end) else {
                continue;
            };
            let (from, dy, mass) = (first as f64 - x, number as f64 - y, task.scale * mass);
            for (k, cell) in cells.iter_mut().enumerate() {
                let dx = from + k as f64;
                *cell += mass * shape(dx * dx + dy * dy, squared);
            }
        }
    }
}
