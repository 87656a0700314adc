//! Do two hotspot maps agree?

use rand::RngExt;
use rand::seq::SliceRandom;

use crate::error::{Error, Fault, Result};
use crate::memory::afford_replicates;
use crate::parallel::Workers;
use crate::random::stream;

/// Two hotspot maps of the same units: how much do they agree, and is that more than chance?
///
/// Units are hot, cold or neither by their classes ([`hotspot_class`]); with n units of which
/// `a_kl` are k on the first map and l on the second:
///
/// ```text
/// similarity = Σ_k a_kk / n
/// expected   = Σ_k a_k· a_·k / n²
/// kappa      = (similarity − expected) / (1 − expected)          Cohen's κ
/// ```
///
/// Hotspots are clustered, so two unrelated maps can agree by the luck of a few clusters. On a
/// lattice, chance is therefore the second map shifted by rows and columns and wrapped around,
/// which keeps its clusters whole: all shifts, or as many random ones as asked for where there
/// are more. For other units the second map's classes are put in random order, which does not
/// keep them, and finds agreement too easily where both maps are clustered; the result says which
/// was used. p is two-sided: twice the smaller of `p_greater` (agreement at least as large) and
/// `p_less`, at most one. The map itself is among the shifts, and counts as one of the orders.
///
/// κ is NaN where both maps are of one and the same class throughout.
///
/// Source: Cohen 1960, Educational and Psychological Measurement 20:37,
/// doi:10.1177/001316446002000104.
///
/// [`hotspot_class`]: crate::methods::local::hotspot_class
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::emerging::HotspotComparison;
///
/// # fn main() -> brandpunt::Result<()> {
/// let first = [3, 3, 0, 0, 0, -2, 0, 0, 0, 0, 0, 0];
/// let second = [3, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0, 0];
/// let found = HotspotComparison::new().run_with(&first, &second, &Workers::new(1)?)?;
/// assert_eq!(found.transitions, [[1, 1, 0], [0, 9, 0], [0, 0, 1]]);
/// assert!((found.similarity - 11.0 / 12.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HotspotComparison {
    lattice: Option<(usize, usize)>,
    least_class: i8,
    replicates: usize,
    seed: u64,
}

/// What chance means for a comparison of maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComparisonNull {
    /// All shifts of a lattice.
    AllShifts,
    /// So many random shifts of a lattice.
    RandomShifts,
    /// So many random orders of the units.
    Permutation,
}

impl ComparisonNull {
    /// Its name: `all shifts`, `random shifts` or `permutation`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllShifts => "all shifts",
            Self::RandomShifts => "random shifts",
            Self::Permutation => "permutation",
        }
    }
}

/// How two maps agree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComparisonResult {
    /// Units by their class on the first map (rows: hot, none, cold) and on the second (columns).
    pub transitions: [[u64; 3]; 3],
    /// Share of units with the same class on both.
    pub similarity: f64,
    /// Similarity expected of maps that have nothing to do with each other.
    pub expected: f64,
    /// Cohen's κ.
    pub kappa: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// P(agreement at least as large).
    pub p_greater: f64,
    /// P(agreement at most as large).
    pub p_less: f64,
    /// What chance means here.
    pub null: ComparisonNull,
    /// How many maps of chance were compared, the map itself included.
    pub compared: usize,
}

impl Default for HotspotComparison {
    fn default() -> Self {
        Self {
            lattice: None,
            least_class: 2,
            replicates: 9_999,
            seed: 0,
        }
    }
}

impl HotspotComparison {
    /// Classes from 2 (q at most 0.05) count, 9,999 random orders.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets that units are the cells of a lattice, row by row.
    #[must_use]
    pub fn lattice(mut self, rows: usize, cols: usize) -> Self {
        self.lattice = Some((rows, cols));
        self
    }

    /// Sets from which class on, 1 to 3, a unit is hot or cold.
    #[must_use]
    pub fn least_class(mut self, class: i8) -> Self {
        self.least_class = class;
        self
    }

    /// Sets how many maps of chance are drawn.
    #[must_use]
    pub fn replicates(mut self, replicates: usize) -> Self {
        self.replicates = replicates;
        self
    }

    /// Sets the seed of the draws.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Compares classes, from −3 to 3, of the same units on two maps.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one class per unit on both maps and the lattice
    /// has as many cells, [`Fault::NoRows`] without units, [`Error::Parameter`] for other classes
    /// or no replicate, [`Error::Cancelled`].
    pub fn run_with(
        &self,
        first: &[i8],
        second: &[i8],
        workers: &Workers,
    ) -> Result<ComparisonResult> {
        self.check(first, second)?;
        let (first, second) = (self.sides(first), self.sides(second));
        let n = first.len();
        let mut transitions = [[0u64; 3]; 3];
        for (&a, &b) in first.iter().zip(&second) {
            transitions[a as usize][b as usize] += 1;
        }
        let same =
            |get: &(dyn Fn(usize) -> u8 + Sync)| (0..n).filter(|&i| first[i] == get(i)).count();
        let observed = same(&|i| second[i]);
        let (null, agreements) = if let Some((rows, cols)) = self.lattice {
            let shifted = |down: usize, right: usize| {
                same(&|i| {
                    let (row, col) = (i / cols + down, i % cols + right);
                    second[row % rows * cols + col % cols]
                })
            };
            if n <= self.replicates {
                (
                    ComparisonNull::AllShifts,
                    workers.map(n, |k| shifted(k / cols, k % cols))?,
                )
            } else {
                let drawn = workers.map(self.replicates, |replicate| {
                    let mut random = stream(self.seed, replicate as u64);
                    let down = random.random_range(0..rows);
                    shifted(down, random.random_range(0..cols))
                })?;
                (ComparisonNull::RandomShifts, with(observed, drawn))
            }
        } else {
            let drawn = workers.map(self.replicates, |replicate| {
                let mut order = second.clone();
                order.shuffle(&mut stream(self.seed, replicate as u64));
                same(&|i| order[i])
            })?;
            (ComparisonNull::Permutation, with(observed, drawn))
        };
        let share = |f: &dyn Fn(usize) -> bool| {
            agreements.iter().filter(|&&a| f(a)).count() as f64 / agreements.len() as f64
        };
        let (p_greater, p_less) = (share(&|a| a >= observed), share(&|a| a <= observed));
        let size = n as f64;
        let similarity = observed as f64 / size;
        let expected: f64 = (0..3)
            .map(|k| {
                let row: u64 = transitions[k].iter().sum();
                let column: u64 = transitions.iter().map(|r| r[k]).sum();
                row as f64 / size * (column as f64 / size)
            })
            .sum();
        Ok(ComparisonResult {
            transitions,
            similarity,
            expected,
            kappa: if expected < 1.0 {
                (similarity - expected) / (1.0 - expected)
            } else {
                f64::NAN
            },
            p: (2.0 * p_greater.min(p_less)).min(1.0),
            p_greater,
            p_less,
            null,
            compared: agreements.len(),
        })
    }

    fn check(&self, first: &[i8], second: &[i8]) -> Result<()> {
        if !(1..=3).contains(&self.least_class) {
            return Err(Error::parameter(
                "least_class",
                self.least_class,
                "1, 2 or 3",
            ));
        }
        afford_replicates("permutations", self.replicates, 1)?;
        if first.is_empty() {
            return Err(Error::input(Fault::NoRows, "the maps have no unit"));
        }
        if first.len() != second.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} classes on the first map and {} on the second",
                    first.len(),
                    second.len()
                ),
            ));
        }
        if let Some(class) = first.iter().chain(second).find(|c| !(-3..=3).contains(*c)) {
            return Err(Error::parameter("hotspot_class", class, "from -3 to 3"));
        }
        match self.lattice {
            Some((rows, cols)) if rows.checked_mul(cols) != Some(first.len()) => Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "a lattice of {rows} rows and {cols} columns for {} units",
                    first.len()
                ),
            )),
            _ => Ok(()),
        }
    }

    /// 0 hot, 1 neither, 2 cold.
    fn sides(&self, classes: &[i8]) -> Vec<u8> {
        classes
            .iter()
            .map(|&c| {
                if c >= self.least_class {
                    0
                } else {
                    1 + u8::from(c <= -self.least_class)
                }
            })
            .collect()
    }
}

fn with(observed: usize, mut drawn: Vec<usize>) -> Vec<usize> {
    drawn.push(observed);
    drawn
}

#[cfg(test)]
mod tests;
