//! Getis-Ord Gi and Gi*.

use super::around::{Around, each};
use super::association::{normal, require_self};
use super::classes::hotspot_class;
use super::defined::Defined;
use super::drawn::NeighbourSums;
use super::exposed::Exposed;
use super::inference::Inference;
use super::judged::{Standing, judge, normal_warning, spread_warning};
use super::options::{Options, setters};
use crate::error::Result;
use crate::model::Warning;
use crate::parallel::Workers;
use crate::stats::Moments;
use crate::weights::Weights;

/// Gi*: do high (or low) values gather around each unit, itself included?
///
/// With values x, weights w (any non-negative; the unit's own weight included), n units, mean x̄
/// and population standard deviation S, `W_i = Σ_j w_ij` and `S1_i = Σ_j w_ij²`:
///
/// ```text
/// z_i = (Σ_j w_ij x_j − x̄ W_i) / (S √((n S1_i − W_i²) / (n − 1)))
/// ```
///
/// Multiplying a row of weights by a constant changes nothing. A value of NaN is missing: the
/// unit leaves the null and the number of tests, and its results are NaN. They are also NaN where
/// all values are equal, where a unit's neighbours are all units, and (p and q only) for an
/// island, which has no neighbour that could be high.
///
/// Sources: Getis & Ord 1992, Geographical Analysis 24:189,
/// doi:10.1111/j.1538-4632.1992.tb00261.x; Ord & Getis 1995, 27:286,
/// doi:10.1111/j.1538-4632.1995.tb00912.x.
///
/// # Complexity
/// Analytic: proportional to the pairs. Exact: one table per distinct value, see
/// [`ExactSums`](crate::stats::ExactSums). Permutation with equal weights in each row: about two
/// binary searches per unit and thousand replicates where units are many.
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::local::{GiStar, Inference};
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Six points, neighbours within 15 units of length.
/// let lists =
///     vec![vec![1, 3], vec![0, 3, 4], vec![4], vec![0, 1, 4], vec![1, 2, 3, 5], vec![4]];
/// let weights = Weights::from_neighbours(lists)?.include_self();
/// let gi = GiStar::new()
///     .inference(Inference::Analytic)
///     .run(&[2.0, 3.0, 3.2, 5.0, 8.0, 7.0], &weights)?;
/// assert!((gi.z[1] + 0.289_177_616).abs() < 1e-9 && (gi.z[5] - 2.024_243_309).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GiStar {
    options: Options,
    exposure: Option<Vec<f64>>,
}

/// Gi: do high (or low) values gather around each unit, itself left out?
///
/// With x̄(i) and s(i) the mean and population standard deviation of the other n − 1 values:
///
/// ```text
/// z_i = (Σ_{j≠i} w_ij x_j − x̄(i) W_i) / (s(i) √(((n − 1) S1_i − W_i²) / (n − 2)))
/// ```
///
/// All else as for [`GiStar`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gi {
    options: Options,
    exposure: Option<Vec<f64>>,
}

/// A local statistic with its inference, in input order; NaN where it is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct LocalStatistics {
    /// Weighted sum of the values around each unit.
    pub statistic: Vec<f64>,
    /// That sum expected under the null.
    pub expected: Vec<f64>,
    /// Its variance under the null.
    pub variance: Vec<f64>,
    /// Standardised statistic.
    pub z: Vec<f64>,
    /// p-value for the alternative asked for.
    pub p: Vec<f64>,
    /// p-value after correction for the number of tests.
    pub q: Vec<f64>,
    /// P(a sum at least as large).
    pub p_greater: Vec<f64>,
    /// P(a sum at most as large).
    pub p_less: Vec<f64>,
    /// Class on the map, from −3 to 3; see [`hotspot_class`].
    pub hotspot_class: Vec<i8>,
    /// Number of tests corrected for.
    pub tests: usize,
    /// The inference that was used in the end.
    pub inference: Inference,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

setters!(GiStar);
setters!(Gi);

impl GiStar {
    /// Sets the exposure of each unit (people, dwellings) for [`Inference::Exposure`] and
    /// [`Inference::ExposureOverdispersed`].
    #[must_use]
    pub fn exposure(mut self, exposure: Vec<f64>) -> Self {
        self.exposure = Some(exposure);
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalStatistics> {
        self.run_with(values, weights, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch); [`Error::Parameter`](crate::Error::Parameter) for weights
    /// without self, or inference by exposure without exposures;
    /// [`Fault::NonFinite`](crate::Fault::NonFinite); [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalStatistics> {
        require_self(weights, "weights from include_self(), or Gi instead of Gi*")?;
        let exposure = self.exposure.as_deref();
        run(&self.options, exposure, values, weights, true, workers)
    }
}

impl Gi {
    /// Sets the exposure of each unit, as [`GiStar::exposure`].
    #[must_use]
    pub fn exposure(mut self, exposure: Vec<f64>) -> Self {
        self.exposure = Some(exposure);
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalStatistics> {
        self.run_with(values, weights, &Workers::new(0)?)
    }

    /// Runs on the given threads. A unit's weight on itself is not used.
    ///
    /// # Errors
    /// As [`GiStar::run_with`], but for the weights on self.
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalStatistics> {
        let exposure = self.exposure.as_deref();
        run(&self.options, exposure, values, weights, false, workers)
    }
}

fn run(
    options: &Options,
    exposure: Option<&[f64]>,
    values: &[f64],
    weights: &Weights,
    star: bool,
    workers: &Workers,
) -> Result<LocalStatistics> {
    let defined = Defined::of(values, weights)?;
    let moments = Moments::of(&defined.values);
    let mut warnings: Vec<Warning> = spread_warning(defined.values.len(), moments.squares)
        .into_iter()
        .collect();
    // Deviations keep their digits where the raw values share a large offset.
    let deviations = moments.deviations(&defined.values);
    let around = Around::all(&defined.weights, &deviations, star, workers)?;
    let mut standing = each(around.len(), workers, |i| {
        standing(&around[i], deviations[i], &moments, deviations.len(), star)
    })?;
    let found = match options.inference {
        Inference::Analytic => {
            let warning = normal_warning(&standing, &around, moments.mean);
            normal(&standing, warning, workers)?
        }
        Inference::Exposure | Inference::ExposureOverdispersed => {
            let exposed = Exposed::of(&defined, &around, exposure, options.inference)?;
            let (judged, found) = exposed.judged(workers)?;
            standing = judged;
            found
        }
        Inference::Exact | Inference::Permutation { .. } | Inference::Sequential { .. } => {
            let sums = NeighbourSums {
                values: &defined.values,
                deviations: &deviations,
                weights: &defined.weights,
                around: &around,
            };
            sums.tails(options.inference, options.seed, workers)?
        }
    };
    warnings.extend(found.warning);
    let judged = judge(
        options,
        &defined,
        &standing,
        &found.tails,
        &around,
        found.inference,
    );
    warnings.extend(judged.warnings);
    let class = judged.z.iter().zip(&judged.q);
    Ok(LocalStatistics {
        hotspot_class: class.map(|(&z, &q)| hotspot_class(z, q)).collect(),
        statistic: judged.statistic,
        expected: judged.expected,
        variance: judged.variance,
        z: judged.z,
        p: judged.p,
        q: judged.q,
        p_greater: judged.p_greater,
        p_less: judged.p_less,
        tests: judged.tests,
        inference: judged.inference,
        warnings,
    })
}

/// The weighted sum of one unit beside its moments: values drawn from all units for Gi*, from the
/// others for Gi.
fn standing(
    around: &Around,
    deviation: f64,
    moments: &Moments,
    units: usize,
    star: bool,
) -> Standing {
    let (units, shift, variance) = if star {
        (units as f64, 0.0, moments.population_variance())
    } else {
        let (shift, variance) = others(moments, deviation);
        (units as f64 - 1.0, shift, variance)
    };
    let (expected, variance) = around.moments(units, shift, variance);
    let sum = around.sum + around.own * deviation;
    let centred = Standing::new(sum, expected, variance);
    let offset = moments.mean * around.total;
    Standing {
        statistic: sum + offset,
        expected: expected + offset,
        ..centred
    }
}

/// Mean (of deviations) and population variance of all values but the one with this deviation.
pub(super) fn others(moments: &Moments, deviation: f64) -> (f64, f64) {
    let others = moments.n as f64 - 1.0;
    let mean = -deviation / others;
    let variance = (moments.squares - deviation * deviation) / others - mean * mean;
    (mean, variance.max(0.0))
}

#[cfg(test)]
mod tests;
