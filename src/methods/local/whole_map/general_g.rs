//! Getis and Ord's G of a whole map.

use super::global_statistic::{Assumption, GlobalStatistic, Islands, Settings};
use super::moran::randomisation_variance;
use super::whole::{Null, Whole};
use crate::error::{Error, Fault, Result};
use crate::methods::local::Alternative;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Moments, sum};
use crate::weights::Weights;

/// Getis and Ord's general G: do high values lie together, or low ones?
///
/// `G = Σ_ij w_ij x_i x_j / Σ_{i≠j} x_i x_j` over n units, for values with a natural zero and
/// weights of any size without the unit itself. Its expectation is `S0 / (n (n − 1))`; *greater*
/// means that high values lie together, *less* that low ones do. Moran's I does not tell these
/// two apart.
///
/// The variance is that under randomisation, of Getis & Ord (1992). It is worked out here from
/// values less their mean: with `d_i = w_i. + w_.i`, numerator and mean differ by
/// `x̄ Σ d_i z_i + Σ_ij w_ij z_i z_j` less its mean, and variances and covariance of these two sums
/// need no difference of large numbers, whatever offset the values have. The formula in print is
/// the same number.
///
/// p-values come from permutations of all values over all units. NaN is a missing value and
/// leaves the map; [`Islands`] says what becomes of units without neighbours. The time taken is
/// that of replicates times (units + links).
///
/// Source: Getis & Ord 1992, Geographical Analysis 24:189,
/// doi:10.1111/j.1538-4632.1992.tb00261.x, with the coefficient 6 for S0² in B1 (erratum, 1993,
/// 25:276).
///
/// ```
/// use brandpunt::methods::local::GeneralG;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let row = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let g = GeneralG::new().run(&[0.0, 1.0, 8.0, 9.0], &row)?;
/// assert!((g.statistic - 160.0 / 178.0).abs() < 1e-15);
/// assert!((g.expected - 0.5).abs() < 1e-15 && g.z > 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeneralG {
    settings: Settings,
}

super::global_statistic::settings!(GeneralG);

impl GeneralG {
    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Fault::Negative`] for a negative value; [`Fault::LengthMismatch`],
    /// [`Fault::NonFinite`], [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<GlobalStatistic> {
        let whole = Whole::of(values, weights, self.settings.islands)?;
        if let Some(k) = whole.defined.values.iter().position(|v| *v < 0.0) {
            return Err(Error::input(
                Fault::Negative,
                format!(
                    "the value of unit {} (from 0) is {}; the general G is for values from 0 up, \
                     use Moran's I for others",
                    whole.defined.position(k),
                    whole.defined.values[k]
                ),
            ));
        }
        if let Some(why) = whole.nothing() {
            return Ok(whole.undefined(why));
        }
        let (n, links) = (whole.n(), &whole.links);
        let (mean, squares) = (whole.moments.mean, whole.moments.squares);
        // Σ_{i≠j} x_i x_j from what came before each value: nothing is subtracted.
        let mut before = 0.0;
        let all = sum(whole.defined.values.iter().map(|x| {
            let products = 2.0 * x * before;
            before += x;
            products
        }));
        if all == 0.0 {
            let message = "Fewer than two values are above 0, so no product of two is.";
            return Ok(whole.undefined(Warning::new(WarningCode::ZeroVariance, message)));
        }
        let about = |z: &[f64]| -> f64 {
            let linear: f64 = links.around.iter().zip(z).map(|(d, z)| d * z).sum();
            mean * linear + links.products(z)
        };
        let expected_about = -links.s0 * squares / (n * (n - 1.0));
        let tie = 1e-12 * (mean * (links.s2 * squares).sqrt() + links.reach() * squares);
        let tails = whole.shuffled(about, tie, &self.settings, workers)?;
        let null = Null {
            expected: links.s0 / (n * (n - 1.0)),
            deviation: (about(&whole.z) - expected_about) / all,
            randomisation: numerator_variance(&whole) / (all * all),
            normality: f64::NAN,
        };
        let statistic = links.products(&whole.defined.values) / all;
        Ok(whole.result(
            statistic,
            null,
            Assumption::Randomisation,
            tails,
            &self.settings,
        ))
    }
}

/// Variance of `x̄ Σ d_i z_i + Σ_ij w_ij z_i z_j` when the values are dealt out at random; NaN when
/// it does not vary, or for fewer than four units.
fn numerator_variance(whole: &Whole<'_>) -> f64 {
    let (n, links) = (whole.n(), &whole.links);
    if n < 4.0 {
        return f64::NAN;
    }
    let (mean, squares) = (whole.moments.mean, whole.moments.squares);
    let cubes = sum(whole.z.iter().map(|z| z.powi(3)));
    let uneven = Moments::of(&links.around).squares;
    // What rounding leaves of equal sums is nothing.
    let uneven = if uneven > 1e-24 * links.s2 {
        uneven
    } else {
        0.0
    };
    let linear = uneven * squares / (n - 1.0);
    let of_moran = randomisation_variance(n, links, whole.kurtosis());
    let scale = links.s0 * squares / n;
    let product = if of_moran.is_nan() {
        0.0
    } else {
        of_moran * scale * scale
    };
    // The covariance of the two sums; that of z_i z_j with z_i is −Σ z³ / (n (n − 1)).
    let both = -uneven * cubes / ((n - 1.0) * (n - 2.0));
    let variance = mean * mean * linear + 2.0 * mean * both + product;
    if variance > 0.0 { variance } else { f64::NAN }
}
