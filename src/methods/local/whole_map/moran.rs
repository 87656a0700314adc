//! Moran's I of a whole map.

use super::global_statistic::{Assumption, GlobalStatistic, Islands, Settings};
use super::links::Links;
use super::whole::{Null, Whole, proper};
use crate::error::{Error, Fault, Result};
use crate::methods::local::Alternative;
use crate::parallel::Workers;
use crate::stats::{Moments, sum};
use crate::weights::Weights;

/// Moran's I: do like values lie together on the whole map?
///
/// With `z = x − x̄`, n units and weights w without the unit itself,
/// `I = (n / S0) · Σ_ij w_ij z_i z_j / Σ_i z_i²`, where `S0 = Σ_ij w_ij`; its expectation without
/// clustering is `−1/(n − 1)`. With `S1 = ½ Σ_ij (w_ij + w_ji)²`, `S2 = Σ_i (w_i. + w_.i)²` and
/// `k = n Σ z⁴ / (Σ z²)²`, `E[I²]` is
///
/// - under normality `(n² S1 − n S2 + 3 S0²) / ((n² − 1) S0²)`,
/// - under randomisation `(n ((n² − 3n + 3) S1 − n S2 + 3 S0²) − k ((n² − n) S1 − 2n S2 + 6 S0²)) /
///   ((n − 1)(n − 2)(n − 3) S0²)`.
///
/// p-values come from `replicates` permutations of all values over all units, two-sided as twice
/// the smaller tail. NaN is a missing value and leaves the map; [`Islands`] says what becomes of
/// units without neighbours. The time taken is that of replicates times (units + links).
///
/// Source: Moran 1950, Biometrika 37:17, doi:10.2307/2332142; moments: Cliff & Ord 1981, Spatial
/// Processes, p. 21.
///
/// ```
/// use brandpunt::methods::local::Moran;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let row = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let moran = Moran::new().run(&[1.0, 2.0, 3.0, 4.0], &row)?;
/// assert!(moran.statistic > 0.3 && (moran.expected + 1.0 / 3.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moran {
    settings: Settings,
    assumption: Assumption,
}

super::global_statistic::settings!(Moran);

impl Moran {
    /// Sets under which assumption variance, z and the normal p-value are worked out.
    #[must_use]
    pub fn assumption(mut self, assumption: Assumption) -> Self {
        self.assumption = assumption;
        self
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::NonFinite`], [`Error::Cancelled`].
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
        let (n, links, squares) = (whole.n(), &whole.links, whole.moments.squares);
        let statistic = n / links.s0 * (links.products(&whole.z) / squares);
        let tie = 1e-12 * links.reach() * squares;
        let tails = whole.shuffled(|z| links.products(z), tie, &self.settings, workers)?;
        let expected = -1.0 / (n - 1.0);
        let null = Null {
            expected,
            deviation: statistic - expected,
            randomisation: randomisation_variance(n, links, whole.kurtosis()),
            normality: normality_variance(n, links),
        };
        Ok(whole.result(statistic, null, self.assumption, tails, &self.settings))
    }

    /// Moran's I between two columns, on all cores: do high values of one lie beside high values
    /// of the other?
    ///
    /// With `u = x − x̄` and `v = y − ȳ`, `I = (n / S0) · Σ_ij w_ij u_i v_j / √(Σ u² Σ v²)`: x of
    /// a unit with y of its neighbours. When y is shuffled and x stays, the expectation is 0 and
    /// the variance `(n / S0)² Σ_j (c_j − c̄)² / ((n − 1) Σ u²)` with `c_j = Σ_i w_ij u_i`; both
    /// are exact, and there is no variance under normality. A unit without x or y leaves the map.
    ///
    /// Where x and y go together at one and the same place and x lies with like x, this I is far
    /// from 0 too; it does not tell what follows from what. PySAL's `Moran_BV` is the same I, Wartenberg
    /// (1985, Geographical Analysis 17:263, doi:10.1111/j.1538-4632.1985.tb00849.x) its source.
    ///
    /// ```
    /// use brandpunt::methods::local::Moran;
    /// use brandpunt::weights::{Adjacency, Weights};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let street = Weights::lattice(1, 6, 1, Adjacency::Rook)?;
    /// let (x, y) = ([1.0, 0.0, 0.0, 0.0, 0.0, 1.0], [0.0, 5.0, 0.0, 0.0, 5.0, 0.0]);
    /// let between = Moran::new().replicates(99).run_between(&x, &y, &street)?;
    /// assert!(between.z > 1.9 && between.expected == 0.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`run_between_with`](Self::run_between_with).
    pub fn run_between(&self, x: &[f64], y: &[f64], weights: &Weights) -> Result<GlobalStatistic> {
        self.run_between_with(x, y, weights, &Workers::new(0)?)
    }

    /// As [`run_between`](Self::run_between), on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] when normality is assumed; [`Fault::LengthMismatch`],
    /// [`Fault::NonFinite`], [`Error::Cancelled`].
    pub fn run_between_with(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<GlobalStatistic> {
        if self.assumption == Assumption::Normality {
            return Err(Error::parameter(
                "assumption",
                "normality",
                "randomisation, between two columns",
            ));
        }
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} values and {} others; one per unit is needed",
                    x.len(),
                    y.len()
                ),
            ));
        }
        let without = |of: &[f64], other: &[f64]| -> Vec<f64> {
            let pairs = of.iter().zip(other);
            pairs
                .map(|(&v, o)| if o.is_nan() { f64::NAN } else { v })
                .collect()
        };
        let islands = self.settings.islands;
        let (x, y) = (without(x, y), without(y, x));
        let here = Whole::of(&x, weights, islands)?;
        let there = Whole::of(&y, weights, islands)?;
        if let Some(why) = here.nothing().or_else(|| there.nothing()) {
            return Ok(there.undefined(why));
        }
        let mut lag = vec![0.0; here.z.len()];
        for (i, u) in here.z.iter().enumerate() {
            let weights = &here.defined.weights;
            let around = weights.neighbours(i).iter().zip(weights.weights(i));
            for (&j, w) in around.filter(|(j, _)| **j as usize != i) {
                lag[j as usize] += w * u;
            }
        }
        let (n, s0) = (here.n(), here.links.s0);
        let product = |v: &[f64]| -> f64 { lag.iter().zip(v).map(|(c, v)| c * v).sum() };
        let spread = (here.moments.squares * there.moments.squares).sqrt();
        let statistic = n / s0 * (product(&there.z) / spread);
        let size = sum(lag.iter().map(|c| c * c));
        let tie = 1e-12 * (size * there.moments.squares).sqrt();
        let tails = there.shuffled(product, tie, &self.settings, workers)?;
        let centred = Moments::of(&lag).squares;
        let per_square = (n / s0).powi(2) / ((n - 1.0) * here.moments.squares);
        let null = Null {
            expected: 0.0,
            deviation: statistic,
            randomisation: proper(centred * per_square, size * per_square),
            normality: f64::NAN,
        };
        Ok(there.result(statistic, null, self.assumption, tails, &self.settings))
    }
}

/// Variance of I when the values are dealt out at random; NaN for fewer than four units.
pub(super) fn randomisation_variance(n: f64, links: &Links, kurtosis: f64) -> f64 {
    if n < 4.0 {
        return f64::NAN;
    }
    let Links { s0, s1, s2, .. } = *links;
    let first = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    let second = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    let square = (first - second) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0);
    proper(square - 1.0 / ((n - 1.0) * (n - 1.0)), square.abs())
}

/// Variance of I when the values are independent and normal.
fn normality_variance(n: f64, links: &Links) -> f64 {
    let Links { s0, s1, s2, .. } = *links;
    let square = (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n * n - 1.0) * s0 * s0);
    proper(square - 1.0 / ((n - 1.0) * (n - 1.0)), square)
}
