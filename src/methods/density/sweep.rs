//! Polynomial kernels, by one sweep along each raster row.
//!
//! Along a raster row an incident covers one interval of cells, on which its kernel is a
//! polynomial in x. What makes up its coefficients is added where the interval begins and
//! subtracted where it ends; one running sum along the row then gives every cell. The work per
//! incident and row does not depend on how many cells the interval holds.
//!
//! Coefficients are taken about the middle of a block of columns two bandwidths wide and the
//! running sum begins anew at each block, so coefficients of far-apart origins never mix and
//! rounding stays at 1e-13 of the peak. A block is wider than an interval is long: what begins in
//! one block and ends in the next is added again where the next begins. Beside the coefficients
//! runs a count of the incidents that cover a cell, exact as floats count to 2^53; where it is
//! zero, the sums are set to zero.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::fill::Fill;
use super::interval::{CHUNK, Intervals, index};
use super::kernel::Kernel;
use crate::error::{Error, Result};
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Raster rows that one unit of work fills.
const BAND: usize = 8;

/// Adds kernels to the raster.
pub(super) fn fill(task: &Fill<'_>, out: &mut [f64], workers: &Workers) -> Result<()> {
    match task.kernel {
        Kernel::Uniform => rows::<Constant>(task, out, workers),
        Kernel::Epanechnikov => rows::<Quadratic>(task, out, workers),
        Kernel::Quartic => rows::<Fourth>(task, out, workers),
        Kernel::Triweight => rows::<Sixth>(task, out, workers),
        Kernel::Triangular | Kernel::Gaussian => Err(Error::internal(format!(
            "{} is no polynomial",
            task.kernel.name()
        ))),
    }
}

/// Sums over incidents from which the sum of their polynomials follows: `m (e + 2aX − X²)^d` with
/// m the mass, `a` the place of an incident and X that of a cell, both from the middle of the
/// block, and e what the row leaves of the squared radius, less a².
trait Sums: Copy + Send {
    const NONE: Self;

    /// Those of one incident.
    fn of(e: f64, a: f64, m: f64) -> Self;
    fn add(&mut self, other: &Self);
    fn subtract(&mut self, other: &Self);
    /// How many incidents there are.
    fn count(&self) -> f64;
    /// The sum of polynomials at X.
    fn at(&self, x: f64) -> f64;
}

macro_rules! sums {
    ($(#[$doc:meta])* $name:ident, $lanes:literal, $align:literal, $count:literal,
     |$e:ident, $a:ident, $m:ident| $of:expr, |$s:ident, $x:ident| $at:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(align($align))]
        struct $name([f64; $lanes]);

        impl Sums for $name {
            const NONE: Self = Self([0.0; $lanes]);

            #[inline(always)]
            fn of($e: f64, $a: f64, $m: f64) -> Self {
                Self($of)
            }

            #[inline(always)]
            fn add(&mut self, other: &Self) {
                for (s, o) in self.0.iter_mut().zip(&other.0) {
                    *s += o;
                }
            }

            #[inline(always)]
            fn subtract(&mut self, other: &Self) {
                for (s, o) in self.0.iter_mut().zip(&other.0) {
                    *s -= o;
                }
            }

            #[inline(always)]
            fn count(&self) -> f64 {
                self.0[$count]
            }

            #[inline(always)]
            fn at(&self, $x: f64) -> f64 {
                let $s = &self.0;
                $at
            }
        }
    };
}

sums!(
    /// Mass and count.
    Constant, 2, 16, 1,
    |_e, _a, m| [m, 1.0],
    |s, _x| s[0]
);
sums!(
    /// Σme, Σma, Σm and the count.
    Quadratic, 4, 32, 3,
    |e, a, m| [m * e, m * a, m, 1.0],
    |s, x| s[0] + x * (2.0 * s[1] - x * s[2])
);
sums!(
    /// Σme², Σmea, Σma², Σme, Σma, Σm and the count.
    Fourth, 8, 64, 6,
    |e, a, m| {
        let (me, ma) = (m * e, m * a);
        [me * e, me * a, ma * a, me, ma, m, 1.0, 0.0]
    },
    |s, x| s[0]
        + x * (4.0 * s[1] + x * (4.0 * s[2] - 2.0 * s[3] + x * (x * s[5] - 4.0 * s[4])))
);
sums!(
    /// The seven coefficients and the count.
    Sixth, 8, 64, 7,
    |e, a, m| {
        let (me, ma) = (m * e, m * a);
        let (mee, maa) = (me * e, ma * a);
        [
            mee * e,
            6.0 * mee * a,
            12.0 * me * (a * a) - 3.0 * mee,
            8.0 * maa * a - 12.0 * me * a,
            3.0 * me - 12.0 * maa,
            6.0 * ma,
            -m,
            1.0,
        ]
    },
    |s, x| s[..7].iter().rev().fold(0.0, |value, c| value * x + c)
);

/// Blocks of columns.
#[derive(Clone, Copy)]
struct Blocks {
    size: f64,
    /// From the first column of a block to its middle.
    middle: f64,
}

impl Blocks {
    /// Blocks just wider than an interval of two radii is long.
    fn of(radius: f64) -> Self {
        let size = 2.0 * radius.ceil() + 2.0;
        Self {
            size,
            middle: 0.5 * (size - 1.0),
        }
    }

    /// The first column of the block that holds a column.
    #[inline(always)]
    fn start(self, column: f64) -> f64 {
        // The half keeps the quotient away from whole numbers, and so from rounding to the next.
        ((column + 0.5) / self.size).floor() * self.size
    }
}

fn rows<S: Sums>(task: &Fill<'_>, out: &mut [f64], workers: &Workers) -> Result<()> {
    let cols = task.cols;
    let blocks = Blocks::of(task.widest);
    let width = cols.min(blocks.size as usize);
    let offsets: Vec<f64> = (0..width).map(|j| j as f64 - blocks.middle).collect();
    // One step for each cell, one past the last, and one for what is in one block only.
    let scratch = || vec![S::NONE; cols + 2];
    workers.fill(out, BAND * cols, scratch, |steps, band, cells| {
        widest(Band {
            task,
            blocks,
            offsets: &offsets,
            steps,
            first_row: band * BAND,
            cells,
        });
    })
}

/// Some rows of the raster and what is needed to fill them.
struct Band<'a, S> {
    task: &'a Fill<'a>,
    blocks: Blocks,
    /// X of the columns of a block.
    offsets: &'a [f64],
    /// What changes at each cell; all empty between rows.
    steps: &'a mut [S],
    first_row: usize,
    cells: &'a mut [f64],
}

impl<S: Sums> Work for Band<'_, S> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let cols = self.task.cols;
        let size = self.offsets.len();
        for (k, row) in self.cells.chunks_mut(cols).enumerate() {
            collect(self.task, self.blocks, self.first_row + k, self.steps);
            for (row, steps) in row.chunks_mut(size).zip(self.steps.chunks_mut(size)) {
                run_along(row, steps, self.offsets, self.task.scale);
            }
            self.steps[cols..].fill(S::NONE);
        }
    }
}

/// Puts the sums of every incident in reach of a row where its interval begins and ends.
#[inline(always)]
fn collect<S: Sums>(task: &Fill<'_>, blocks: Blocks, number: usize, steps: &mut [S]) {
    let (cols, nowhere) = (steps.len() - 2, steps.len() - 1);
    let mut intervals = Intervals::new();
    let mut places = Places {
        begins: [0.0; CHUNK],
        ends: [0.0; CHUNK],
        again: [0.0; CHUNK],
    };
    for incidents in task.near(number, 1) {
        intervals.find(&incidents, number as f64, cols as f64);
        places.find(incidents.x, &intervals, blocks, nowhere as f64);
        for (j, &mass) in incidents.mass.iter().enumerate() {
            let (first, end) = (index(intervals.first[j]), index(intervals.end[j]));
            if first >= end {
                continue;
            }
            let (left, a, b) = (intervals.left[j], places.begins[j], places.ends[j]);
            let last = S::of(left - b * b, b, mass);
            steps[first].add(&S::of(left - a * a, a, mass));
            steps[index(places.again[j])].add(&last);
            steps[end].subtract(&last);
        }
    }
}

/// Where incidents lie, from the middle of the block in which their interval begins and of that in
/// which it ends, and the cell where the latter begins when it is another.
struct Places {
    begins: [f64; CHUNK],
    ends: [f64; CHUNK],
    again: [f64; CHUNK],
}

impl Places {
    #[inline(always)]
    fn find(&mut self, x: &[f64], intervals: &Intervals, blocks: Blocks, nowhere: f64) {
        let n = x.len().min(CHUNK);
        let (x, first, end) = (&x[..n], &intervals.first[..n], &intervals.end[..n]);
        let (begins, ends) = (&mut self.begins[..n], &mut self.ends[..n]);
        let again = &mut self.again[..n];
        for j in 0..n {
            let (begin, last) = (blocks.start(first[j]), blocks.start(end[j]));
            begins[j] = x[j] - (begin + blocks.middle);
            ends[j] = x[j] - (last + blocks.middle);
            again[j] = if last > first[j] { last } else { nowhere };
        }
    }
}

/// Sums the steps of one block along its cells and leaves them empty for the next row.
#[inline(always)]
fn run_along<S: Sums>(row: &mut [f64], steps: &mut [S], offsets: &[f64], scale: f64) {
    let mut sums = S::NONE;
    for ((cell, step), &x) in row.iter_mut().zip(steps).zip(offsets) {
        sums.add(step);
        *step = S::NONE;
        if sums.count() == 0.0 {
            sums = S::NONE;
        }
        *cell += scale * sums.at(x).max(0.0);
    }
}
