//! Local Geary.

use super::around::{Around, each};
use super::association::{LocalAssociation, Quadrant, Unjudged, normal, quadrant, refused};
use super::defined::Defined;
use super::drawn::{Found, Others, Terms};
use super::inference::Inference;
use super::judged::{Standing, spread_warning};
use super::local_moran::Scaling;
use super::options::{Options, setters};
use crate::error::{Error, Fault, Result};
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Moments, Seen, sum};
use crate::weights::Weights;

/// Local Geary: how much does each unit differ from its neighbours, in one variable or several?
///
/// With values standardised to mean zero and variance one (by divisor n or n − 1, see
/// [`Scaling`]), weights w without the unit itself and K variables:
///
/// ```text
/// c_i = 1/K Σ_k Σ_j w_ij (z_ki − z_kj)²
/// ```
///
/// A small c stands for a unit like its neighbours, a large one for a unit unlike them. The null
/// is conditional permutation: the unit keeps its values, its neighbours draw theirs (all K
/// together) from the other units; expectation and variance are those of that null, in closed
/// form. The squares depend on the unit's own value, so there is no exact inference; the default is
/// 9,999 permutations.
///
/// Significantly small c are put in quadrants by the signs of the deviations of unit and neighbours
/// ([`Quadrant::HighHigh`], [`Quadrant::LowLow`], else [`Quadrant::OtherPositive`]; always the
/// latter for several variables), large ones in [`Quadrant::Negative`].
///
/// NaN in any variable is a missing unit and leaves the null and the number of tests.
///
/// Sources: Anselin 1995, Geographical Analysis 27:93, doi:10.1111/j.1538-4632.1995.tb00338.x;
/// Anselin 2019, 51:133, doi:10.1111/gean.12164.
///
/// # Complexity
/// Pairs times replicates times variables.
///
/// ```
/// use brandpunt::methods::local::LocalGeary;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let path = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let geary = LocalGeary::new().run(&[1.0, 1.0, 3.0, 3.0], &path)?;
/// assert_eq!(geary.statistic, [0.0, 4.0, 4.0, 0.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LocalGeary {
    options: Options,
    scaling: Scaling,
}

impl Default for LocalGeary {
    fn default() -> Self {
        Self {
            options: Options {
                inference: Inference::Permutation { replicates: 9_999 },
                ..Options::default()
            },
            scaling: Scaling::Population,
        }
    }
}

setters!(LocalGeary);

impl LocalGeary {
    /// Sets the variance by which values are standardised.
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Runs for one variable on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalAssociation> {
        self.run_with(&[values], weights, &Workers::new(0)?)
    }

    /// Runs for one variable or several on the given threads. A unit's weight on itself is not
    /// used.
    ///
    /// # Errors
    /// [`Error::Parameter`] without a variable, for an inference that is not permutation,
    /// sequential or analytic, or a variable that does not vary;
    /// [`Fault::LengthMismatch`]; [`Fault::NonFinite`]; [`Error::Cancelled`].
    pub fn run_with(
        &self,
        variables: &[&[f64]],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        let Some(&first) = variables.first() else {
            return Err(Error::parameter("values", "none", "one variable or more"));
        };
        if let Some(other) = variables.iter().find(|v| v.len() != first.len()) {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("variables of {} and {} units", first.len(), other.len()),
            ));
        }
        for values in variables {
            if let Some(at) = values.iter().position(|v| v.is_infinite()) {
                return Err(Error::input(
                    Fault::NonFinite,
                    format!("the value of unit {at} (from 0) is {}", values[at]),
                ));
            }
        }
        let known = |i: usize| variables.iter().all(|values| !values[i].is_nan());
        let defined = Defined::where_known(first, weights, known)?;
        let mut least = f64::INFINITY;
        let scores: Vec<Vec<f64>> = variables
            .iter()
            .map(|values| {
                let values = defined.kept(values);
                let moments = Moments::of(&values);
                least = least.min(moments.squares);
                let deviation = self.scaling.variance(&moments).sqrt();
                let deviations = moments.deviations(&values);
                deviations.iter().map(|d| d / deviation).collect()
            })
            .collect();
        self.differing(&defined, &Scores(scores), least, workers)
    }

    fn differing(
        &self,
        defined: &Defined<'_>,
        scores: &Scores,
        least: f64,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        let weights: &Weights = &defined.weights;
        // Sums of the first variable tell on which side of the mean the neighbours are.
        let around = Around::all(weights, &scores.0[0], false, workers)?;
        let powers = scores.powers();
        let n = scores.units() as f64;
        let standing = each(around.len(), workers, |i| {
            let row = weights.neighbours(i).iter().zip(weights.weights(i));
            let others = row.filter(|(j, _)| **j as usize != i);
            let statistic = others.map(|(&j, w)| w * scores.apart(i, j as usize)).sum();
            let (mean, variance) = powers.moments(scores, i);
            let (expected, variance) = around[i].moments(n - 1.0, mean, variance);
            Standing::new(statistic, expected, variance)
        })?;
        let found = match self.options.inference {
            Inference::Analytic => normal(
                &standing,
                Some(Warning::new(
                    WarningCode::NormalApproximation,
                    "Sums of squared differences are skewed, so normal p-values of local Geary \
                     are rough. Use inference permutation.",
                )),
                workers,
            )?,
            inference @ (Inference::Permutation { .. } | Inference::Sequential { .. }) => {
                let rows = Others::of(weights);
                let largest = scores
                    .0
                    .iter()
                    .flatten()
                    .fold(0.0f64, |m, z| m.max(z.abs()));
                let weight = around.iter().map(|a| a.total).fold(0.0, f64::max);
                let seen = around.iter().zip(&standing).map(|(around, standing)| Seen {
                    draws: around.neighbours,
                    observed: standing.statistic,
                });
                let terms = Terms {
                    seen: seen.collect(),
                    scale: 4.0 * largest * largest * weight,
                };
                let term = |i: usize, at: usize, j: usize| rows.row(i)[at] * scores.apart(i, j);
                Found {
                    tails: terms.simulated(term, inference, self.options.seed, workers)?,
                    inference,
                    warning: None,
                }
            }
            other => return refused(other, "permutation, sequential or analytic"),
        };
        let unjudged = Unjudged {
            options: &self.options,
            defined,
            standing,
            around: &around,
            warnings: spread_warning(scores.units(), least).into_iter().collect(),
        };
        Ok(unjudged.judged(found, |i, standing| {
            if standing.statistic > standing.expected {
                return Quadrant::Negative;
            }
            let side = quadrant(scores.0[0][i], around[i].sum);
            match side {
                Quadrant::HighHigh | Quadrant::LowLow if scores.0.len() == 1 => side,
                _ => Quadrant::OtherPositive,
            }
        }))
    }
}

/// Standardised values, one column per variable.
struct Scores(Vec<Vec<f64>>);

impl Scores {
    fn units(&self) -> usize {
        self.0[0].len()
    }

    /// Mean over the variables of the squared difference of two units.
    fn apart(&self, i: usize, j: usize) -> f64 {
        let square = |z: &Vec<f64>| (z[i] - z[j]) * (z[i] - z[j]);
        self.0.iter().map(square).sum::<f64>() / self.0.len() as f64
    }

    /// Sums over all units from which the moments of differences follow.
    fn powers(&self) -> Powers {
        let units = 0..self.units();
        let length = |j: usize| self.0.iter().map(|z| z[j] * z[j]).sum::<f64>();
        let lengths: Vec<f64> = units.map(length).collect();
        let over = |f: &dyn Fn(usize) -> f64| sum((0..self.units()).map(f));
        let products = |f: &dyn Fn(usize, usize) -> f64| {
            self.0.iter().map(|z| over(&|j| f(j, 0) * z[j])).collect()
        };
        Powers {
            sum: products(&|_, _| 1.0),
            cross: self.0.iter().map(|a| products(&|j, _| a[j])).collect(),
            length: over(&|j| lengths[j]),
            length_squared: over(&|j| lengths[j] * lengths[j]),
            length_times: products(&|j, _| lengths[j]),
        }
    }
}

/// With a the scores of a unit and r = |a|², over all units: Σ a, Σ a aᵀ, Σ r, Σ r², Σ r a.
struct Powers {
    sum: Vec<f64>,
    cross: Vec<Vec<f64>>,
    length: f64,
    length_squared: f64,
    length_times: Vec<f64>,
}

impl Powers {
    /// Mean and population variance over the other units of the squared difference from unit i,
    /// from `|a − b|² = |a|² − 2 a·b + |b|²`.
    fn moments(&self, scores: &Scores, i: usize) -> (f64, f64) {
        let variables = scores.0.len();
        let n = scores.units() as f64;
        let own: Vec<f64> = scores.0.iter().map(|z| z[i]).collect();
        let dot = |with: &[f64]| own.iter().zip(with).map(|(a, b)| a * b).sum::<f64>();
        let r = dot(&own);
        let first = n * r - 2.0 * dot(&self.sum) + self.length;
        let crossed: f64 = own
            .iter()
            .zip(&self.cross)
            .map(|(a, row)| a * dot(row))
            .sum();
        let second = n * r * r + 4.0 * crossed + self.length_squared - 4.0 * r * dot(&self.sum)
            + 2.0 * r * self.length
            - 4.0 * dot(&self.length_times);
        // The unit's difference from itself is zero, so only the divisor leaves it out.
        let (mean, square) = (first / (n - 1.0), second / (n - 1.0));
        let k = variables as f64;
        (mean / k, (square - mean * mean).max(0.0) / (k * k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::local::orders::{share, six};
    use crate::weights::Adjacency;

    fn variables() -> [Vec<f64>; 2] {
        let a = (0..36).map(|i| f64::from(i * i % 17)).collect();
        let b = (0..36).map(|i| f64::from(i % 7) + 100.0).collect();
        [a, b]
    }

    /// E and V by their definition: over all values that a single neighbour can draw.
    #[test]
    fn moments_equal_those_of_the_differences() {
        let [a, b] = variables();
        let weights = Weights::lattice(6, 6, 1, Adjacency::Queen).unwrap();
        let analytic = LocalGeary::new().inference(Inference::Analytic);
        let workers = Workers::new(1).unwrap();
        let found = analytic.run_with(&[&a, &b], &weights, &workers).unwrap();
        let score = |v: &[f64]| -> Vec<f64> {
            let m = Moments::of(v);
            v.iter()
                .map(|x| (x - m.mean) / m.population_variance().sqrt())
                .collect()
        };
        let scores = Scores(vec![score(&a), score(&b)]);
        for i in 0..36 {
            let all: Vec<f64> = (0..36)
                .filter(|&j| j != i)
                .map(|j| scores.apart(i, j))
                .collect();
            let moments = Moments::of(&all);
            let k = weights.neighbours(i).len() as f64;
            let variance = moments.population_variance() * k * (35.0 - k) / 34.0;
            assert!((found.expected[i] - k * moments.mean).abs() < 1e-12 * found.expected[i]);
            assert!((found.variance[i] / variance - 1.0).abs() < 1e-10, "{i}");
        }
    }

    #[test]
    fn several_copies_of_a_variable_are_one() {
        let [a, _] = variables();
        let weights = Weights::lattice(6, 6, 1, Adjacency::Rook)
            .unwrap()
            .row_standardise();
        let workers = Workers::new(2).unwrap();
        let geary = LocalGeary::new().inference(Inference::Permutation { replicates: 499 });
        let one = geary.run_with(&[&a], &weights, &workers).unwrap();
        let two = geary.run_with(&[&a, &a], &weights, &workers).unwrap();
        for i in 0..36 {
            assert!((one.statistic[i] - two.statistic[i]).abs() < 1e-12);
            assert_eq!(one.p[i], two.p[i]);
        }
        assert!(
            LocalGeary::new()
                .inference(Inference::Exact)
                .run(&a, &weights)
                .is_err()
        );
    }

    #[test]
    fn likeness_is_told_from_its_opposite_and_by_side() {
        // A high and a low corner on a map that alternates.
        let alternating = |i: i32| f64::from((i / 12 + i % 12) % 2) * 4.0 - 2.0;
        let mut x: Vec<f64> = (0..144).map(alternating).collect();
        for (row, col) in (0..4).flat_map(|row| (0..4).map(move |col| (row, col))) {
            x[row * 12 + col] = 3.0;
            x[(11 - row) * 12 + 11 - col] = -3.0;
        }
        let weights = Weights::lattice(12, 12, 1, Adjacency::Rook).unwrap();
        let geary = LocalGeary::new().correction(crate::stats::Correction::None);
        let workers = Workers::new(1).unwrap();
        let one = geary.run(&x, &weights).unwrap();
        let two = geary.run_with(&[&x, &x], &weights, &workers).unwrap();
        let (high, low) = (13, 130);
        assert_eq!(one.quadrant[high], Quadrant::HighHigh);
        assert_eq!(one.quadrant[low], Quadrant::LowLow);
        assert_eq!(two.quadrant[high], Quadrant::OtherPositive);
        // Every neighbour differs, which one unit in 16 of the alternating ones may do by chance.
        let differ = |of: &LocalAssociation| {
            let all = of.quadrant.iter();
            all.filter(|q| **q == Quadrant::Negative).count()
        };
        let judged = geary.level(0.2);
        assert!(differ(&judged.run(&x, &weights).unwrap()) > 40);
    }

    #[test]
    fn simulation_has_the_shares_of_all_orders() {
        let (x, weights) = ([3.0, 7.0, 1.0, 4.0, 12.0, 5.0], six());
        let found = LocalGeary::new().run(&x, &weights).unwrap();
        let variance = Moments::of(&x).population_variance();
        for i in 0..6 {
            let unlike = |k: usize| f64::powi(x[i] - x[k], 2) / variance;
            let want = share(i, found.statistic[i], unlike);
            assert!((found.p_greater[i] - want).abs() < 0.025, "{i} {want}");
        }
    }

    #[test]
    fn missing_in_any_variable_is_missing() {
        let [a, mut b] = variables();
        b[7] = f64::NAN;
        let weights = Weights::lattice(6, 6, 1, Adjacency::Rook).unwrap();
        let workers = Workers::new(1).unwrap();
        let found = LocalGeary::new()
            .inference(Inference::Analytic)
            .run_with(&[&a, &b], &weights, &workers)
            .unwrap();
        assert!(found.p[7].is_nan() && found.quadrant[7] == Quadrant::Undefined);
        assert_eq!(found.tests, 35);
    }
}
