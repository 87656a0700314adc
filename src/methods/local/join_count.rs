//! Local join counts.

use super::around::{Around, each};
use super::association::{LocalAssociation, Quadrant, Unjudged, normal, refused};
use super::defined::Defined;
use super::drawn::NeighbourSums;
use super::getis_ord::others;
use super::inference::{Alternative, Inference};
use super::judged::{Standing, normal_warning};
use super::options::{Options, setters};
use crate::error::{Error, Fault, Result};
use crate::parallel::Workers;
use crate::stats::Moments;
use crate::weights::Weights;

/// Local join count: do marked units have more marked neighbours than chance would give them?
///
/// For values of zero and one, `BB_i = x_i Σ_j w_ij x_j`. Only marked units (`x_i = 1`) are
/// tested; given its own mark and binary weights, a unit's count is hypergeometric, which the
/// exact inference gives without simulation. Only clustering is looked for unless
/// [`alternative`](Self::alternative) says otherwise.
///
/// NaN is a missing value and leaves the null and the number of tests.
///
/// Source: Anselin & Li 2019, Journal of Geographical Systems 21:189,
/// doi:10.1007/s10109-019-00299-x.
///
/// ```
/// use brandpunt::methods::local::JoinCount;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let path = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let joins = JoinCount::new().run(&[1.0, 1.0, 0.0, 0.0], &path)?;
/// assert_eq!(joins.statistic, [1.0, 1.0, 0.0, 0.0]);
/// // Unit 0 draws one of three others, of which one is marked.
/// assert!((joins.p[0] - 1.0 / 3.0).abs() < 1e-15 && joins.p[2].is_nan());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct JoinCount {
    options: Options,
}

impl Default for JoinCount {
    fn default() -> Self {
        Self {
            options: Options {
                alternative: Alternative::Greater,
                ..Options::default()
            },
        }
    }
}

setters!(JoinCount);

impl JoinCount {
    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalAssociation> {
        self.run_with(values, weights, &Workers::new(0)?)
    }

    /// Runs on the given threads. A unit's weight on itself is not used.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`]; [`Fault::NonFinite`]; [`Fault::NotAnInteger`] for values other
    /// than zero and one; [`Error::Parameter`] for an inference by exposure;
    /// [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        let defined = Defined::of(values, weights)?;
        let marks = &defined.values;
        if let Some(at) = marks.iter().position(|&v| v != 0.0 && v != 1.0) {
            return Err(Error::input(
                Fault::NotAnInteger,
                format!(
                    "unit {} (from 0) has {}; join counts need 0 and 1, for example values > limit",
                    defined.position(at),
                    marks[at]
                ),
            ));
        }
        let moments = Moments::of(marks);
        let deviations = moments.deviations(marks);
        let around = Around::all(&defined.weights, &deviations, false, workers)?;
        let standing = each(around.len(), workers, |i| {
            if marks[i] == 0.0 {
                return Standing {
                    statistic: 0.0,
                    ..Standing::default()
                };
            }
            let (mean, variance) = others(&moments, deviations[i]);
            let units = deviations.len() as f64 - 1.0;
            let (expected, variance) = around[i].moments(units, mean, variance);
            let marked = moments.mean * around[i].total;
            let centred = Standing::new(around[i].sum, expected, variance);
            Standing {
                statistic: around[i].sum + marked,
                expected: expected + marked,
                ..centred
            }
        })?;
        let found = match self.options.inference {
            Inference::Analytic => {
                let warning = normal_warning(&standing, &around, moments.mean);
                normal(&standing, warning, workers)?
            }
            Inference::Exact | Inference::Permutation { .. } | Inference::Sequential { .. } => {
                let sums = NeighbourSums {
                    values: marks,
                    deviations: &deviations,
                    weights: &defined.weights,
                    around: &around,
                };
                sums.tails(self.options.inference, self.options.seed, workers)?
            }
            other => return refused(other, "exact, permutation, sequential or analytic"),
        };
        let unjudged = Unjudged {
            options: &self.options,
            defined: &defined,
            standing,
            around: &around,
            warnings: Vec::new(),
        };
        Ok(unjudged.judged(found, |_, standing| {
            if standing.z > 0.0 {
                Quadrant::HighHigh
            } else {
                Quadrant::HighLow
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Adjacency;

    #[test]
    fn exact_is_hypergeometric() {
        let weights = Weights::lattice(6, 6, 1, Adjacency::Queen).unwrap();
        let values: Vec<f64> = (0..36).map(|i| f64::from(u8::from(i % 5 < 2))).collect();
        let marked = values.iter().filter(|v| **v == 1.0).count();
        let found = JoinCount::new().run(&values, &weights).unwrap();
        let choose = |n: usize, k: usize| -> f64 {
            if k > n {
                return 0.0;
            }
            (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
        };
        for (i, value) in values.iter().enumerate() {
            if *value == 0.0 {
                assert!(found.p[i].is_nan() && found.statistic[i] == 0.0);
                continue;
            }
            let k = weights.neighbours(i).len();
            let joins = found.statistic[i].round() as usize;
            assert!((found.statistic[i] - joins as f64).abs() < 1e-12);
            let mass = |j| choose(marked - 1, j) * choose(36 - marked, k - j) / choose(35, k);
            let tail: f64 = (joins..=k).map(mass).sum();
            assert!((found.p_greater[i] / tail - 1.0).abs() < 1e-12, "{i}");
            let mean = k as f64 * (marked as f64 - 1.0) / 35.0;
            assert!((found.expected[i] - mean).abs() < 1e-12);
            let share = (marked as f64 - 1.0) / 35.0;
            let variance = k as f64 * share * (1.0 - share) * (35.0 - k as f64) / 34.0;
            assert!((found.variance[i] / variance - 1.0).abs() < 1e-12, "{i}");
        }
        assert_eq!(found.tests, marked);
    }

    #[test]
    fn a_block_of_marks_is_high_among_high() {
        let weights = Weights::lattice(9, 9, 1, Adjacency::Queen).unwrap();
        let block = |i: usize| (3..6).contains(&(i / 9)) && (3..6).contains(&(i % 9));
        let values: Vec<f64> = (0..81).map(|i| f64::from(u8::from(block(i)))).collect();
        let found = JoinCount::new().run(&values, &weights).unwrap();
        assert_eq!(found.quadrant[40], Quadrant::HighHigh);
        assert_eq!(found.quadrant[0], Quadrant::Undefined);
        // A mark in a ring without any has no joins, where eight are all but certain.
        let mut apart = vec![1.0; 81];
        (0..81)
            .filter(|i| block(*i) && *i != 40)
            .for_each(|i| apart[i] = 0.0);
        let less = JoinCount::new().alternative(Alternative::Less);
        let found = less.run(&apart, &weights).unwrap();
        assert_eq!(found.quadrant[40], Quadrant::HighLow);
    }

    #[test]
    fn other_values_are_refused_by_their_row() {
        let weights = Weights::lattice(2, 2, 1, Adjacency::Queen).unwrap();
        let error = JoinCount::new().run(&[0.0, 1.0, 2.0, 0.0], &weights);
        assert!(error.unwrap_err().to_string().contains("unit 2"));
    }
}
