//! Polynomial kernels, by one sweep along each raster row.
//!
//! Along a raster row an incident covers one interval of cells, on which its kernel is a
//! polynomial in x. Its coefficients are added where the interval begins and subtracted where it
//! ends; one running sum of coefficients along the row then gives every cell. The work per
//! incident and row does not depend on how many cells the interval holds.
//!
//! Coefficients are taken about the middle of a block of columns at most four bandwidths wide and
//! the running sum begins anew at each block, so coefficients of far-apart origins never mix and
//! rounding stays at 1e-13 of the peak. A count of the incidents that cover a cell resets the
//! sums to zero exactly when it reaches zero.

use super::kernel::Kernel;
use super::prepared::Prepared;
use crate::error::{Error, Result};
use crate::parallel::Workers;

/// Raster rows that one unit of work fills.
const BAND: usize = 8;
/// Incidents whose intervals are computed together, so that the square roots vectorise.
const CHUNK: usize = 64;
/// Widest block of columns, in bandwidths.
const BLOCK_WIDTH: f64 = 4.0;

/// Fills the raster with sums of kernel shapes.
pub(super) fn fill(
    points: &Prepared,
    kernel: Kernel,
    out: &mut [f64],
    workers: &Workers,
) -> Result<()> {
    match kernel {
        Kernel::Uniform => rows::<1>(points, out, workers, |_, _| [1.0]),
        Kernel::Epanechnikov => rows::<3>(points, out, workers, |e, a| [e, 2.0 * a, -1.0]),
        Kernel::Quartic => rows::<5>(points, out, workers, |e, a| {
            [e * e, 4.0 * a * e, 4.0 * a * a - 2.0 * e, -4.0 * a, 1.0]
        }),
        Kernel::Triweight => rows::<7>(points, out, workers, |e, a| {
            let (a2, e2) = (a * a, e * e);
            [
                e * e2,
                6.0 * a * e2,
                12.0 * a2 * e - 3.0 * e2,
                8.0 * a * a2 - 12.0 * a * e,
                3.0 * e - 12.0 * a2,
                6.0 * a,
                -1.0,
            ]
        }),
        Kernel::Triangular | Kernel::Gaussian => Err(Error::internal(format!(
            "{} is no polynomial",
            kernel.name()
        ))),
    }
}

/// What changes at a cell: coefficients of the polynomial and how many incidents cover it.
#[derive(Clone, Copy)]
struct Step<const N: usize> {
    coefficient: [f64; N],
    covering: i32,
}

impl<const N: usize> Step<N> {
    const NONE: Self = Self {
        coefficient: [0.0; N],
        covering: 0,
    };

    fn add(&mut self, coefficient: &[f64; N], mass: f64) {
        for (c, d) in self.coefficient.iter_mut().zip(coefficient) {
            *c += mass * d;
        }
        self.covering += 1;
    }

    fn subtract(&mut self, coefficient: &[f64; N], mass: f64) {
        for (c, d) in self.coefficient.iter_mut().zip(coefficient) {
            *c -= mass * d;
        }
        self.covering -= 1;
    }
}

/// How the columns are cut into blocks of 2^`shift`.
struct Blocks {
    shift: u32,
    width: f64,
    middle: f64,
}

impl Blocks {
    fn of(points: &Prepared) -> Self {
        let mut shift = 3;
        while shift < 12 && f64::from(1u32 << (shift + 1)) * points.cell <= BLOCK_WIDTH {
            shift += 1;
        }
        let width = f64::from(1u32 << shift) * points.cell;
        Self {
            shift,
            width,
            middle: 0.5 * (width - points.cell),
        }
    }
}

/// `polynomial(e, a)` gives the coefficients of `(e + 2aX − X²)^d` in ascending powers of X.
fn rows<const N: usize>(
    points: &Prepared,
    out: &mut [f64],
    workers: &Workers,
    polynomial: impl Fn(f64, f64) -> [f64; N] + Sync + Send + Copy,
) -> Result<()> {
    let blocks = Blocks::of(points);
    let size = 1usize << blocks.shift;
    let offsets: Vec<f64> = (0..size)
        .map(|j| j as f64 * points.cell - blocks.middle)
        .collect();
    let scratch = || vec![Step::<N>::NONE; points.cols.next_multiple_of(size)];
    workers.fill(out, BAND * points.cols, scratch, |steps, band, cells| {
        for (k, row) in cells.chunks_mut(points.cols).enumerate() {
            collect(points, &blocks, band * BAND + k, steps, polynomial);
            for (row, steps) in row.chunks_mut(size).zip(steps.chunks_mut(size)) {
                run_along(row, steps, &offsets);
            }
        }
    })
}

/// Puts the steps of every incident in reach of a row where its interval begins and ends.
fn collect<const N: usize>(
    points: &Prepared,
    blocks: &Blocks,
    number: usize,
    steps: &mut [Step<N>],
    polynomial: impl Fn(f64, f64) -> [f64; N],
) {
    let south = number as f64 * points.cell;
    let (per_cell, last) = (1.0 / points.cell, points.cols as f64);
    let near = points.near(number, 1);
    let (xs, ys, masses) = (
        &points.x[near.clone()],
        &points.y[near.clone()],
        &points.mass[near],
    );
    let mut first = [0i32; CHUNK];
    let mut end = [0i32; CHUNK];
    let mut left = [0.0; CHUNK];
    for ((xs, ys), masses) in xs
        .chunks(CHUNK)
        .zip(ys.chunks(CHUNK))
        .zip(masses.chunks(CHUNK))
    {
        for ((((&x, &y), first), end), left) in xs
            .iter()
            .zip(ys)
            .zip(&mut first)
            .zip(&mut end)
            .zip(&mut left)
        {
            let dy = south - y;
            // What is left of the squared radius; without any, the interval is empty.
            *left = 1.0 - dy * dy;
            let half = left.max(0.0).sqrt();
            let reach = if *left >= 0.0 { last } else { 0.0 };
            *first = ((x - half) * per_cell).ceil().clamp(0.0, last) as i32;
            *end = (((x + half) * per_cell).floor() + 1.0).clamp(0.0, reach) as i32;
        }
        for (j, (&x, &mass)) in xs.iter().zip(masses).enumerate() {
            let (from, to) = (first[j] as usize, end[j] as usize);
            if from >= to {
                continue;
            }
            for block in from >> blocks.shift..=(to - 1) >> blocks.shift {
                let a = x - (block as f64 * blocks.width + blocks.middle);
                let coefficient = polynomial(left[j] - a * a, a);
                steps[from.max(block << blocks.shift)].add(&coefficient, mass);
                if to < (block + 1) << blocks.shift && to < steps.len() {
                    steps[to].subtract(&coefficient, mass);
                }
            }
        }
    }
}

/// Sums the steps of one block along its cells and leaves them empty for the next row.
fn run_along<const N: usize>(row: &mut [f64], steps: &mut [Step<N>], offsets: &[f64]) {
    let mut sum = [0.0; N];
    let mut covering = 0i32;
    for ((cell, step), &x) in row.iter_mut().zip(&mut *steps).zip(offsets) {
        covering += step.covering;
        for (s, c) in sum.iter_mut().zip(&step.coefficient) {
            *s += c;
        }
        if covering == 0 {
            sum = [0.0; N];
        }
        *cell = sum
            .iter()
            .rev()
            .fold(0.0, |value, s| value * x + s)
            .max(0.0);
    }
    steps.fill(Step::NONE);
}
