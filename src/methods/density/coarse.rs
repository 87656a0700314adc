//! Gaussian sums by way of a coarse grid.
//!
//! A Gaussian of variance h² is one of half the variance, spread once more by another of the same
//! kind. So incidents are first spread to the nodes of a grid, and what is there is then gathered
//! where it is asked for: some 900 nodes per incident and per place, however many incidents are in
//! reach of it.
//!
//! The sum over nodes stands for an integral. For a pair of an incident and a place the integrand
//! is a Gaussian of variance h²/4 about the middle between them, and the sum over nodes that are
//! δ apart differs from its integral by a share of at most `4 exp(−π²h²/2δ²)` for each axis,
//! wherever they lie: 2e-13 for δ = 2h/5. All terms are positive, so that holds for the sum over
//! incidents as well. Cutting both Gaussians at 6 h, where they have fallen to 2e-16, leaves out
//! less than 1e-16 of what each incident gives at its centre.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::by_row::{ByRow, Columns};
use super::fill::Fill;
use super::kernel::Kernel;
use crate::error::Result;
use crate::model::{Bounds, Crs, Grid};
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Nodes per standard deviation.
const FINENESS: f64 = 2.5;
/// Nodes that a grid may have.
const MOST_NODES: f64 = (1u32 << 24) as f64;
/// Rows that one unit of work fills.
const BAND: usize = 16;

/// Incidents spread to the nodes of a grid, half way.
pub(super) struct Coarse {
    grid: Grid,
    values: Vec<f64>,
    /// Standard deviation of the second half, in nodes.
    deviation: f64,
    /// The least weight of an incident.
    least: f64,
}

impl Coarse {
    /// Whether so many incidents that reach this far, in cells, fill a raster sooner this way than
    /// cell by cell.
    pub(super) fn is_cheaper(incidents: usize, reach: f64, raster: &Grid) -> bool {
        let half = 2.0 * Kernel::Gaussian.reach() * FINENESS * std::f64::consts::FRAC_1_SQRT_2;
        let saved = (2.0 * reach).powi(2) - half.powi(2);
        incidents as f64 * saved > 2.0 * half * raster.len() as f64
    }

    /// Spreads incidents, only those in reach of a raster if there is one, by a Gaussian of this
    /// standard deviation in metres; `None` when the grid would be too large or there is no
    /// incident.
    pub(super) fn spread(
        columns: Columns<'_>,
        deviation: f64,
        raster: Option<&Grid>,
        workers: &Workers,
    ) -> Result<Option<Self>> {
        let step = deviation / FINENESS;
        let half = FINENESS * std::f64::consts::FRAC_1_SQRT_2;
        let reach = Kernel::Gaussian.reach() * half;
        let seen = raster.map(|r| r.bounds().grown(Kernel::Gaussian.reach() * deviation));
        let places = columns.x.iter().copied().zip(columns.y.iter().copied());
        let near = places.filter(|&(x, y)| seen.is_none_or(|b| b.contains(x, y)));
        let Some(rectangle) = Bounds::around(near) else {
            return Ok(None);
        };
        let bounds = rectangle.grown((reach + 1.0) * step);
        let nodes = (bounds.width() / step + 1.0) * (bounds.height() / step + 1.0);
        if nodes > MOST_NODES {
            return Ok(None);
        }
        let grid = Grid::covering(bounds, step, Crs::PLANAR)?;
        let mut values = vec![0.0; grid.len()];
        let first = workers.telling("density", 0.0..0.2);
        let incidents = ByRow::new(columns, &grid, reach, &first)?;
        // What makes the sum over nodes the integral, for a peak of one.
        let node = 2.0 / (std::f64::consts::PI * FINENESS * FINENESS);
        let task = Fill::same(&incidents, Kernel::Gaussian, reach, node, grid.cols());
        task.add_to(&mut values, &workers.telling("density", 0.2..1.0))?;
        let weights = columns.weights.unwrap_or(&[1.0]).iter().copied();
        Ok(Some(Self {
            grid,
            values,
            deviation: half,
            least: weights.filter(|w| *w > 0.0).fold(f64::INFINITY, f64::min),
        }))
    }

    /// The sum of `m exp(−r²/2h²)` over all incidents, at some places.
    pub(super) fn at(&self, x: &[f64], y: &[f64], workers: &Workers) -> Result<Vec<f64>> {
        const PIECE: usize = 1024;
        let mut out = vec![0.0; x.len()];
        workers.fill(&mut out, PIECE, Factors::default, |scratch, piece, out| {
            let from = piece * PIECE;
            widest(Gather {
                coarse: self,
                x: &x[from..from + out.len()],
                y: &y[from..from + out.len()],
                scratch,
                out,
            });
        })?;
        Ok(out)
    }

    /// Fills a raster with `scale` times the same sum; what is less than any incident adds within
    /// its reach is set to zero.
    pub(super) fn fill(
        &self,
        raster: &Grid,
        scale: f64,
        out: &mut [f64],
        workers: &Workers,
    ) -> Result<()> {
        let least = scale * self.least * (-0.5 * Kernel::Gaussian.reach().powi(2)).exp();
        let across: Vec<Factors> = (0..raster.cols())
            .map(|c| self.column(raster.x(c)))
            .collect();
        let cols = raster.cols();
        // First from nodes to raster columns, in every row of nodes.
        let mut half = vec![0.0; self.grid.rows() * cols];
        workers.telling("density", 0.0..0.5).fill(
            &mut half,
            BAND * cols,
            || (),
            |(), band, rows| {
                for (k, row) in rows.chunks_mut(cols).enumerate() {
                    let from = (band * BAND + k) * self.grid.cols();
                    let nodes = &self.values[from..from + self.grid.cols()];
                    for (cell, factors) in row.iter_mut().zip(&across) {
                        *cell = factors.dot(nodes);
                    }
                }
            },
        )?;
        workers.telling("density", 0.5..1.0).fill(
            out,
            BAND * cols,
            || (),
            |(), band, rows| {
                for (k, row) in rows.chunks_mut(cols).enumerate() {
                    let along = self.row(raster.y(band * BAND + k));
                    widest(Along {
                        factors: &along,
                        half: &half,
                        scale,
                        least,
                        row,
                    });
                }
            },
        )
    }

    fn column(&self, x: f64) -> Factors {
        let mut factors = Factors::default();
        let at = (x - self.grid.x(0)) / self.grid.cell_size();
        factors.find(at, self.deviation, self.grid.cols());
        factors
    }

    fn row(&self, y: f64) -> Factors {
        let mut factors = Factors::default();
        let at = (self.grid.y(0) - y) / self.grid.cell_size();
        factors.find(at, self.deviation, self.grid.rows());
        factors
    }
}

/// What the nodes along an axis count for at a place.
#[derive(Debug, Default)]
struct Factors {
    first: usize,
    of_nodes: Vec<f64>,
}

impl Factors {
    /// Those of a place so many nodes from the first, of `nodes` of them.
    #[inline(always)]
    fn find(&mut self, at: f64, deviation: f64, nodes: usize) {
        let reach = Kernel::Gaussian.reach() * deviation;
        let clamp = |v: f64| v.clamp(0.0, nodes as f64) as usize;
        let (first, end) = (
            clamp((at - reach).ceil()),
            clamp((at + reach).floor() + 1.0),
        );
        let shape = -0.5 / (deviation * deviation);
        self.first = first;
        self.of_nodes.clear();
        self.of_nodes.extend((first..end.max(first)).map(|node| {
            let d = node as f64 - at;
            (shape * d * d).exp()
        }));
    }

    #[inline(always)]
    fn dot(&self, nodes: &[f64]) -> f64 {
        let nodes = &nodes[self.first..self.first + self.of_nodes.len()];
        // Four sums side by side, in the order of the vector lanes.
        let mut sums = [0.0; 4];
        let (mut values, mut factors) = (nodes.chunks_exact(4), self.of_nodes.chunks_exact(4));
        for (v, f) in (&mut values).zip(&mut factors) {
            for lane in 0..4 {
                sums[lane] += v[lane] * f[lane];
            }
        }
        let rest = values.remainder().iter().zip(factors.remainder());
        rest.fold((sums[0] + sums[1]) + (sums[2] + sums[3]), |sum, (v, f)| {
            sum + v * f
        })
    }
}

/// The sums at some places.
struct Gather<'a> {
    coarse: &'a Coarse,
    x: &'a [f64],
    y: &'a [f64],
    scratch: &'a mut Factors,
    out: &'a mut [f64],
}

impl Work for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (grid, deviation) = (&self.coarse.grid, self.coarse.deviation);
        let (west, north, step) = (grid.x(0), grid.y(0), grid.cell_size());
        let cols = grid.cols();
        let shape = -0.5 / (deviation * deviation);
        let reach = Kernel::Gaussian.reach() * deviation;
        for ((out, x), y) in self.out.iter_mut().zip(self.x).zip(self.y) {
            self.scratch.find((x - west) / step, deviation, cols);
            let at = (north - y) / step;
            let clamp = |v: f64| v.clamp(0.0, grid.rows() as f64) as usize;
            let rows = clamp((at - reach).ceil())..clamp((at + reach).floor() + 1.0);
            *out = rows.fold(0.0, |sum, row| {
                let d = row as f64 - at;
                let nodes = &self.coarse.values[row * cols..(row + 1) * cols];
                sum + (shape * d * d).exp() * self.scratch.dot(nodes)
            });
        }
    }
}

/// One raster row from rows of nodes that have been gathered into raster columns.
struct Along<'a> {
    factors: &'a Factors,
    half: &'a [f64],
    scale: f64,
    least: f64,
    row: &'a mut [f64],
}

impl Work for Along<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let cols = self.row.len();
        self.row.fill(0.0);
        for (k, factor) in self.factors.of_nodes.iter().enumerate() {
            let from = (self.factors.first + k) * cols;
            let factor = self.scale * factor;
            for (cell, half) in self.row.iter_mut().zip(&self.half[from..from + cols]) {
                *cell += factor * half;
            }
        }
        for cell in self.row {
            if *cell < self.least {
                *cell = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn sums_equal_direct_ones_to_every_digit_that_counts() {
        let mut random = crate::random::stream(5, 0);
        let mut column = |low: f64, high: f64| -> Vec<f64> {
            (0..400)
                .map(|_| low + (high - low) * random.random::<f64>())
                .collect()
        };
        let (x, y, mass) = (
            column(141_000.0, 144_000.0),
            column(-900.0, 1_700.0),
            column(0.5, 3.0),
        );
        let columns = Columns {
            x: &x,
            y: &y,
            weights: Some(&mass),
            radii: None,
        };
        for deviation in [30.0, 170.0, 2_500.0] {
            let direct = |u: f64, v: f64| -> f64 {
                let each = x.iter().zip(&y).zip(&mass);
                each.map(|((x, y), m)| {
                    let squared = (u - x).powi(2) + (v - y).powi(2);
                    m * (-0.5 * squared / (deviation * deviation)).exp()
                })
                .sum()
            };
            let one = Workers::new(1).unwrap();
            let coarse = Coarse::spread(columns, deviation, None, &one)
                .unwrap()
                .unwrap();
            let sums = coarse.at(&x, &y, &one).unwrap();
            for ((u, v), got) in x.iter().zip(&y).zip(&sums) {
                assert!((got / direct(*u, *v) - 1.0).abs() < 1e-12);
            }
            // Away from all incidents the values are small and still right to their own scale,
            // until they are cut off.
            let raster = Grid::covering(
                Bounds::new(140_000.0, -2_000.0, 146_000.0, 3_000.0),
                250.0,
                Crs::PLANAR,
            )
            .unwrap();
            let filled = |threads: usize| {
                let workers = Workers::new(threads).unwrap();
                let coarse = Coarse::spread(columns, deviation, Some(&raster), &workers).unwrap();
                let mut out = vec![f64::NAN; raster.len()];
                coarse
                    .unwrap()
                    .fill(&raster, 2.0, &mut out, &workers)
                    .unwrap();
                out
            };
            let out = filled(1);
            for (i, got) in out.iter().enumerate() {
                let (u, v) = raster.centre(i / raster.cols(), i % raster.cols());
                let want = 2.0 * direct(u, v);
                let bound = 1e-12 * want + 1e-16 * 2.0 * mass.iter().sum::<f64>();
                assert!((got - want).abs() < bound, "{deviation} {got} {want}");
                assert!(want > 1e-16 || *got == 0.0, "{got} {want}");
            }
            assert!([2, 3, 7].into_iter().all(|threads| filled(threads) == out));
        }
    }
}
