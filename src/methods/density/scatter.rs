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
    match task.kernel {
        Kernel::Uniform => rows(task, |_, _| 1.0, out, workers),
        Kernel::Triangular => rows(
            task,
            |left, squared| squared.sqrt() - (squared - left).max(0.0).sqrt(),
            out,
            workers,
        ),
        Kernel::Epanechnikov => rows(task, |left, _| left, out, workers),
        Kernel::Quartic => rows(task, |left, _| left * left, out, workers),
        Kernel::Triweight => rows(task, |left, _| left * left * left, out, workers),
        Kernel::Gaussian => Err(Error::internal("the Gaussian has no radius")),
    }
}

/// `shape` is the kernel where so much is left of the squared radius.
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
        let each = incidents.x.iter().zip(incidents.mass);
        for (j, ((&x, &mass), &squared)) in each.zip(incidents.squared).enumerate() {
            let (first, end) = (index(intervals.first[j]), index(intervals.end[j]));
            let Some(cells) = row.get_mut(first..end) else {
                continue;
            };
            let (left, from, mass) = (intervals.left[j], first as f64 - x, task.scale * mass);
            for (k, cell) in cells.iter_mut().enumerate() {
                let dx = from + k as f64;
                *cell += mass * shape((left - dx * dx).max(0.0), squared);
            }
        }
    }
}
