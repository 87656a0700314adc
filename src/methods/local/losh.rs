//! Local spatial heteroscedasticity.

use super::around::{Around, each};
use super::association::{LocalAssociation, Quadrant, Unjudged, refused, require_self};
use super::defined::Defined;
use super::drawn::{Found, NeighbourSums, Tails};
use super::inference::{Alternative, Inference};
use super::judged::{Standing, spread_warning};
use super::options::{Options, setters};
use crate::error::Result;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Moments, chi_square_tails};
use crate::weights::Weights;

/// LOSH: do values vary more around a unit than elsewhere?
///
/// With the local mean `m_j = Σ_k w_jk x_k / W_j` (each unit its own neighbour), residuals
/// `e_j = (x_j − m_j)²` (or `|x_j − m_j|`, see [`absolute`](Self::absolute)), and `ē` their mean:
///
/// ```text
/// H_i = Σ_j w_ij e_j / (ē W_i)
/// V_i = Σ_j (e_j − ē)²/n · (n S1_i − W_i²) / ((n − 1) (ē W_i)²)
/// ```
///
/// Its expectation is one. A large H marks a border or a mixed neighbourhood, a small one a
/// homogeneous one. Analytic p-values compare `2 H/V` with a chi-square of `2/V` degrees of freedom
/// (Ord & Getis); permutation holds a unit's own residual and draws those around it from the
/// others (the default, 9,999 replicates).
///
/// NaN is a missing value and leaves the null and the number of tests.
///
/// Sources: Ord & Getis 2012, Annals of Regional Science 48:529, doi:10.1007/s00168-011-0492-y;
/// Xu, Mei & Yan 2014, 53:697, doi:10.1007/s00168-014-0605-5.
///
/// ```
/// use brandpunt::methods::local::{Losh, Inference};
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let path = Weights::from_neighbours((0..12u32).map(|i| {
///     [i.checked_sub(1), (i < 11).then_some(i + 1)].into_iter().flatten().collect()
/// }).collect())?;
/// let values = [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 1.0, 9.0, 2.0, 9.0, 1.0, 8.0];
/// let losh = Losh::new().run(&values, &path.include_self())?;
/// assert!(losh.statistic[9] > 1.0 && losh.statistic[1] == 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Losh {
    options: Options,
    absolute: bool,
}

impl Default for Losh {
    fn default() -> Self {
        Self {
            options: Options {
                inference: Inference::Permutation { replicates: 9_999 },
                alternative: Alternative::Greater,
                ..Options::default()
            },
            absolute: false,
        }
    }
}

setters!(Losh);

impl Losh {
    /// Takes absolute residuals instead of squared ones.
    #[must_use]
    pub fn absolute(mut self) -> Self {
        self.absolute = true;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalAssociation> {
        self.run_with(values, weights, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) for weights without self or an inference that is not permutation,
    /// sequential or analytic; [`Fault::LengthMismatch`](crate::Fault::LengthMismatch);
    /// [`Fault::NonFinite`](crate::Fault::NonFinite); [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        require_self(weights, "weights from include_self()")?;
        let defined = Defined::of(values, weights)?;
        let weights: &Weights = &defined.weights;
        let values = Moments::of(&defined.values).deviations(&defined.values);
        let local = Around::all(weights, &values, true, workers)?;
        let residuals: Vec<f64> = local
            .iter()
            .zip(&values)
            .map(|(around, value)| {
                let mean = (around.sum + around.own * value) / around.total;
                let residual = (value - mean).abs();
                if self.absolute {
                    residual
                } else {
                    residual * residual
                }
            })
            .collect();
        let moments = Moments::of(&residuals);
        let deviations = moments.deviations(&residuals);
        let around = Around::all(weights, &deviations, true, workers)?;
        let standing = each(around.len(), workers, |i| {
            let around = &around[i];
            let n = residuals.len() as f64;
            let (_, variance) = around.moments(n, 0.0, moments.population_variance());
            let scale = moments.mean * around.total;
            let above = (around.sum + around.own * deviations[i]) / scale;
            let centred = Standing::new(above, 0.0, variance / (scale * scale));
            Standing {
                statistic: above + 1.0,
                expected: 1.0,
                ..centred
            }
        })?;
        let found = match self.options.inference {
            Inference::Analytic => Found {
                tails: standing.iter().map(chi_square).collect(),
                inference: Inference::Analytic,
                warning: Some(Warning::new(
                    WarningCode::NormalApproximation,
                    "The chi-square approximation of LOSH is rough where neighbours are few. Use \
                     inference permutation.",
                )),
            },
            inference @ (Inference::Permutation { .. } | Inference::Sequential { .. }) => {
                let sums = NeighbourSums {
                    values: &residuals,
                    deviations: &deviations,
                    weights,
                    around: &around,
                };
                sums.tails(inference, self.options.seed, workers)?
            }
            other => return refused(other, "permutation, sequential or analytic"),
        };
        let unjudged = Unjudged {
            options: &self.options,
            defined: &defined,
            standing,
            around: &around,
            warnings: spread_warning(residuals.len(), moments.squares)
                .into_iter()
                .collect(),
        };
        Ok(unjudged.judged(found, |_, standing| {
            if standing.z > 0.0 {
                Quadrant::Negative
            } else {
                Quadrant::OtherPositive
            }
        }))
    }
}

/// Tails of 2 H/V in the chi-square distribution with 2/V degrees of freedom.
fn chi_square(standing: &Standing) -> Tails {
    let freedom = 2.0 / standing.variance;
    let (less, greater) = chi_square_tails(freedom * standing.statistic, freedom);
    Tails { less, greater }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Adjacency;

    fn values() -> Vec<f64> {
        (0..64).map(|i| f64::from(i * i % 23) + 1e6).collect()
    }

    /// H and V as they are written, without any regard for digits.
    #[test]
    fn equals_the_plain_formula() {
        let x: Vec<f64> = values().iter().map(|v| v - 1e6).collect();
        let w = Weights::lattice(8, 8, 1, Adjacency::Queen)
            .unwrap()
            .include_self();
        let w = w.row_standardise();
        let found = Losh::new()
            .inference(Inference::Analytic)
            .run(&values(), &w)
            .unwrap();
        let around = |i: usize, v: &[f64]| -> f64 {
            let row = w.neighbours(i).iter().zip(w.weights(i));
            row.map(|(&j, w)| w * v[j as usize]).sum()
        };
        let e: Vec<f64> = (0..64).map(|i| (x[i] - around(i, &x)).powi(2)).collect();
        let mean = e.iter().sum::<f64>() / 64.0;
        let second = e.iter().map(|v| v * v).sum::<f64>() / 64.0 - mean * mean;
        for i in 0..64 {
            let h = around(i, &e) / mean;
            let s1: f64 = w.weights(i).map(|w| w * w).sum();
            let v = second * (64.0 * s1 - 1.0) / (63.0 * mean * mean);
            assert!((found.statistic[i] - h).abs() < 1e-9, "{i}");
            assert!((found.variance[i] / v - 1.0).abs() < 1e-9, "{i}");
            assert_eq!(found.expected[i], 1.0);
            let (less, greater) = chi_square_tails(2.0 * h / v, 2.0 / v);
            assert!((found.p_less[i] - less).abs() < 1e-6, "{i}");
            assert!((found.p_greater[i] - greater).abs() < 1e-6, "{i}");
        }
        // The scale of a row does not matter.
        let w = Weights::lattice(8, 8, 1, Adjacency::Queen).unwrap();
        let analytic = Losh::new().inference(Inference::Analytic);
        let plain = analytic.run(&values(), &w.include_self()).unwrap();
        for i in 0..64 {
            assert!((plain.statistic[i] - found.statistic[i]).abs() < 1e-9);
            assert!((plain.variance[i] / found.variance[i] - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn permutation_judges_a_ragged_corner_high() {
        let mut x = vec![5.0; 64];
        for (at, v) in [(0, 1.0), (1, 9.0), (8, 8.0), (9, 2.0), (2, 1.0), (16, 0.0)] {
            x[at] = v;
        }
        let w = Weights::lattice(8, 8, 1, Adjacency::Queen)
            .unwrap()
            .include_self();
        let found = Losh::new().run(&x, &w).unwrap();
        assert!(found.p[0] < 0.01 && found.p[63] > 0.5);
        assert_eq!(found.quadrant[0], Quadrant::Negative);
        assert_eq!(found.quadrant[63], Quadrant::NotSignificant);
        assert!(
            Losh::new()
                .run(&x, &Weights::lattice(8, 8, 1, Adjacency::Queen).unwrap())
                .is_err()
        );
    }
}
