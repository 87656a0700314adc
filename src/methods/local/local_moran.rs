//! Local Moran.

use super::around::{Around, each};
use super::association::{LocalAssociation, Unjudged, normal, quadrant, refused};
use super::defined::Defined;
use super::drawn::{NeighbourSums, Tails};
use super::getis_ord::others;
use super::inference::Inference;
use super::judged::{Standing, normal_warning, spread_warning};
use super::options::{Options, setters};
use crate::error::{Error, Fault, Result};
use crate::parallel::Workers;
use crate::stats::{Moments, sum};
use crate::weights::Weights;

/// By which variance deviations are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scaling {
    /// With divisor n (Anselin 1995; spdep with `mlvar = TRUE`).
    #[default]
    Population,
    /// With divisor n − 1 (PySAL, GeoDa).
    Sample,
}

impl Scaling {
    /// The scaling of that name: `population` or `sample`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "population" => Ok(Self::Population),
            "sample" => Ok(Self::Sample),
            other => Err(Error::parameter("scaling", other, "population or sample")),
        }
    }

    pub(super) fn variance(self, moments: &Moments) -> f64 {
        match self {
            Self::Population => moments.population_variance(),
            Self::Sample => moments.sample_variance(),
        }
    }
}

/// What is dealt out at random when a local statistic is given its mean and variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Randomisation {
    /// All values but the unit's own: the null that permutation and exact inference test.
    #[default]
    Conditional,
    /// All values, the unit's own included (Anselin 1995).
    Total,
}

impl Randomisation {
    /// The randomisation of that name: `conditional` or `total`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "conditional" => Ok(Self::Conditional),
            "total" => Ok(Self::Total),
            other => Err(Error::parameter(
                "randomisation",
                other,
                "conditional or total",
            )),
        }
    }
}

/// Local Moran: is each unit like its neighbours, more than chance would have it?
///
/// With `z = x − x̄`, `m2 = Σ z²/n` (or with divisor n − 1, see [`Scaling`]) and weights w without
/// the unit itself:
///
/// ```text
/// I_i = (z_i / m2) Σ_j w_ij z_j
/// ```
///
/// A large I stands for a value among its like (quadrants HH and LL), a small one for a value
/// unlike its neighbours (HL, LH). Given the unit's own value I is a multiple of its neighbours'
/// sum, so p-values are exact for whole numbers and equal weights within a row. The expectation,
/// variance and z are those of [`Randomisation::Conditional`] unless set otherwise:
///
/// ```text
/// conditional: the moments of Σ_j w_ij z_j with z_j drawn from the other n − 1 values
/// total:       E = −W_i/(n − 1)
///              V = S1_i (n − b2)/(n − 1) + (W_i² − S1_i)(2 b2 − n)/((n − 1)(n − 2)) − E²
/// ```
///
/// with `b2 = (Σ z⁴/n)/m2²` and m2 by divisor n. For rates give population-standardised values
/// ([`standardised`](crate::methods::rates::standardised), Assunção & Reis 1999).
///
/// NaN is a missing value and leaves the null and the number of tests. A unit that lies exactly on
/// the mean, an island, and every unit of a constant map are not tested.
///
/// Sources: Anselin 1995, Geographical Analysis 27:93, doi:10.1111/j.1538-4632.1995.tb00338.x;
/// Sokal, Oden & Thomson 1998, 30:331, doi:10.1111/j.1538-4632.1998.tb00406.x.
///
/// # Complexity
/// As [`GiStar`](super::GiStar).
///
/// ```
/// use brandpunt::methods::local::{LocalMoran, Quadrant};
/// use brandpunt::weights::{Adjacency, Weights};
///
/// # fn main() -> brandpunt::Result<()> {
/// let mut values = [0.0; 81];
/// for cell in [30, 31, 32, 39, 40, 41, 48, 49, 50] {
///     values[cell] = 4.0;
/// }
/// let moran = LocalMoran::new().run(&values, &Weights::lattice(9, 9, 1, Adjacency::Queen)?)?;
/// assert_eq!(moran.quadrant[40], Quadrant::HighHigh);
/// assert_eq!(moran.quadrant[0], Quadrant::NotSignificant);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LocalMoran {
    options: Options,
    scaling: Scaling,
    randomisation: Randomisation,
}

setters!(LocalMoran);

impl LocalMoran {
    /// Sets the variance by which deviations are scaled.
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Sets whose expectation and variance make z (and, with
    /// [`Inference::Analytic`], p).
    #[must_use]
    pub fn randomisation(mut self, randomisation: Randomisation) -> Self {
        self.randomisation = randomisation;
        self
    }

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
    /// [`Fault::LengthMismatch`]; [`Fault::NonFinite`]; [`Error::Parameter`] for an inference by
    /// exposure; [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        let defined = Defined::of(values, weights)?;
        self.associated(&defined, None, workers)
    }

    /// Bivariate: is each unit's `x` like its neighbours' `y`? With deviations z of both,
    /// `I_i = z(x)_i Σ_j w_ij z(y)_j / √(m2(x) m2(y))`; the neighbours draw from the other
    /// units' `y`. Units where either is NaN are missing. Moments are the conditional ones.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with), and [`Error::Parameter`] for total randomisation.
    pub fn run_between(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        if self.randomisation == Randomisation::Total {
            return Err(Error::parameter(
                "randomisation",
                "total",
                "conditional for two variables",
            ));
        }
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} values of x and {} of y", x.len(), y.len()),
            ));
        }
        if let Some(at) = y.iter().position(|v| v.is_infinite()) {
            return Err(Error::input(
                Fault::NonFinite,
                format!("y of unit {at} (from 0) is {}", y[at]),
            ));
        }
        let known = |i: usize| !x[i].is_nan() && !y[i].is_nan();
        let defined = Defined::where_known(x, weights, known)?;
        let y = defined.kept(y);
        self.associated(&defined, Some(&y), workers)
    }

    /// The association of the kept values with those of `other` around them, or with themselves.
    fn associated(
        &self,
        defined: &Defined<'_>,
        other: Option<&[f64]>,
        workers: &Workers,
    ) -> Result<LocalAssociation> {
        let drawn = other.unwrap_or(&defined.values);
        let own = Moments::of(&defined.values);
        let from_mean = own.deviations(&defined.values);
        let (other, apart) = match other {
            Some(other) => {
                let moments = Moments::of(other);
                (moments, Some(moments.deviations(other)))
            }
            None => (own, None),
        };
        let deviations = apart.as_ref().unwrap_or(&from_mean);
        let around = Around::all(&defined.weights, deviations, false, workers)?;
        let n = deviations.len() as f64;
        let scale = (self.scaling.variance(&own) * self.scaling.variance(&other)).sqrt();
        // Bias of the scaling against the divisor n, for which the total moments are written.
        let per_n = own.population_variance() / self.scaling.variance(&own);
        let fourth = sum(from_mean.iter().map(|z| z.powi(4))) / n;
        let kurtosis = fourth / own.population_variance().powi(2);
        let total = |around: &Around| {
            let (w, s1) = (around.total, around.squares);
            let expected = -w / (n - 1.0);
            let variance = s1 * (n - kurtosis) / (n - 1.0)
                + (w * w - s1) * (2.0 * kurtosis - n) / ((n - 1.0) * (n - 2.0))
                - expected * expected;
            (per_n * expected, per_n * per_n * variance)
        };
        let standing = each(around.len(), workers, |i| {
            let own = from_mean[i] / scale;
            let (expected, variance) = match self.randomisation {
                Randomisation::Conditional => {
                    let (mean, variance) = others(&other, deviations[i]);
                    let (expected, variance) = around[i].moments(n - 1.0, mean, variance);
                    (own * expected, own * own * variance)
                }
                Randomisation::Total => total(&around[i]),
            };
            Standing::new(own * around[i].sum, expected, variance)
        })?;
        let found = match self.options.inference {
            Inference::Analytic => {
                let warning = normal_warning(&standing, &around, other.mean);
                normal(&standing, warning, workers)?
            }
            Inference::Exact | Inference::Permutation { .. } | Inference::Sequential { .. } => {
                let sums = NeighbourSums {
                    values: drawn,
                    deviations,
                    weights: &defined.weights,
                    around: &around,
                };
                let mut found = sums.tails(self.options.inference, self.options.seed, workers)?;
                for (tails, own) in found.tails.iter_mut().zip(&from_mean) {
                    // Below the mean, many high neighbours make a small I.
                    if *own < 0.0 {
                        *tails = Tails::turned(*tails);
                    }
                }
                found
            }
            other => {
                return refused(other, "exact, permutation, sequential or analytic");
            }
        };
        let squares = own.squares.min(other.squares);
        let unjudged = Unjudged {
            options: &self.options,
            defined,
            standing,
            around: &around,
            warnings: spread_warning(deviations.len(), squares)
                .into_iter()
                .collect(),
        };
        Ok(unjudged.judged(found, |i, _| quadrant(from_mean[i], around[i].sum)))
    }
}

#[cfg(test)]
mod tests;
