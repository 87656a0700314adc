//! Geary's C of a whole map.

use super::global_statistic::{Assumption, GlobalStatistic, Islands, Settings};
use super::whole::{Null, Whole, proper};
use crate::error::Result;
use crate::methods::local::Alternative;
use crate::parallel::Workers;
use crate::weights::Weights;

/// Geary's C: are neighbours more alike than others?
///
/// With `z = x − x̄`, n units and weights w without the unit itself,
/// `C = ((n − 1) / 2 S0) · Σ_ij w_ij (x_i − x_j)² / Σ_i z_i²`. Its expectation is 1; *less* means
/// that like values lie together, so its z is then negative (spdep's `geary.test` turns the sign).
/// C minds differences between near neighbours, Moran's I those from the mean of the map. With
/// S0, S1, S2 and k as for [`Moran`](super::Moran), the variance is
///
/// - under normality `((2 S1 + S2)(n − 1) − 4 S0²) / (2 (n + 1) S0²)`,
/// - under randomisation `((n − 1) S1 (n² − 3n + 3 − (n − 1) k) − ¼ (n − 1) S2 (n² + 3n − 6 −
///   (n² − n + 2) k) + S0² (n² − 3 − (n − 1)² k)) / (n (n − 2)(n − 3) S0²)`.
///
/// p-values come from permutations of all values over all units. NaN is a missing value and
/// leaves the map; [`Islands`] says what becomes of units without neighbours. The time taken is
/// that of replicates times (units + links).
///
/// Source: Geary 1954, The Incorporated Statistician 5:115, doi:10.2307/2986645; moments: Cliff &
/// Ord 1981, Spatial Processes, p. 21.
///
/// ```
/// use brandpunt::methods::local::Geary;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let row = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let geary = Geary::new().run(&[1.0, 2.0, 3.0, 4.0], &row)?;
/// assert!((geary.statistic - 0.3).abs() < 1e-15 && geary.z < 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Geary {
    settings: Settings,
    assumption: Assumption,
}

super::global_statistic::settings!(Geary);

impl Geary {
    /// Sets under which assumption variance, z and the normal p-value are worked out.
    #[must_use]
    pub fn assumption(mut self, assumption: Assumption) -> Self {
        self.assumption = assumption;
        self
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite),
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<GlobalStatistic> {
        let whole = Whole::of(values, weights, self.settings.islands)?;
        if let Some(why) = whole.nothing() {
            return Ok(whole.undefined(why));
        }
        let (links, squares) = (&whole.links, whole.moments.squares);
        let scale = (whole.n() - 1.0) / (2.0 * links.s0);
        let statistic = scale * (links.squared_differences(&whole.z) / squares);
        let tie = 1e-12 * links.reach() * squares;
        let sum = |z: &[f64]| links.squared_differences(z);
        let tails = whole.shuffled(sum, tie, &self.settings, workers)?;
        let null = Null {
            expected: 1.0,
            deviation: statistic - 1.0,
            randomisation: randomisation_variance(&whole),
            normality: normality_variance(&whole),
        };
        Ok(whole.result(statistic, null, self.assumption, tails, &self.settings))
    }
}

/// Variance of C when the values are dealt out at random; NaN for fewer than four units.
fn randomisation_variance(whole: &Whole<'_>) -> f64 {
    let (n, k, l) = (whole.n(), whole.kurtosis(), &whole.links);
    if n < 4.0 {
        return f64::NAN;
    }
    let terms = [
        (n - 1.0) * l.s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * k),
        -0.25 * (n - 1.0) * l.s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * k),
        l.s0 * l.s0 * (n * n - 3.0 - (n - 1.0) * (n - 1.0) * k),
    ];
    difference(&terms, n * (n - 2.0) * (n - 3.0) * l.s0 * l.s0)
}

/// Variance of C when the values are independent and normal.
fn normality_variance(whole: &Whole<'_>) -> f64 {
    let (n, l) = (whole.n(), &whole.links);
    let terms = [(2.0 * l.s1 + l.s2) * (n - 1.0), -4.0 * l.s0 * l.s0];
    difference(&terms, 2.0 * (n + 1.0) * l.s0 * l.s0)
}

fn difference(terms: &[f64], divisor: f64) -> f64 {
    let sum: f64 = terms.iter().sum();
    let scale: f64 = terms.iter().map(|t| t.abs()).sum();
    proper(sum / divisor, scale / divisor)
}
