//! Does a series rise or fall?

use super::concordance::Concordance;
use super::sen::sen_slope;
use super::serial::variance_factor;
use crate::error::{Error, Fault, Result};
use crate::stats::normal_upper_tail;

/// Series of at most this length, without ties, get the exact distribution by themselves.
const SHORT: usize = 10;

/// The Mann-Kendall test: does a series rise or fall, whatever the shape?
///
/// Over all pairs of steps i < j whose values are known:
///
/// ```text
/// S     = Σ sign(x_j − x_i)
/// Var   = [n(n − 1)(2n + 5) − Σ t(t − 1)(2t + 5)] / 18         over groups of t equal values
/// z     = (S − 1)/√Var, 0, (S + 1)/√Var                        for S > 0, S = 0, S < 0
/// tau_b = S / √(n0 (n0 − Σ t(t − 1)/2)),  n0 = n(n − 1)/2
/// ```
///
/// and Sen's slope is the median of all `(x_j − x_i)/(j − i)`, per step. NaN is a missing value: it
/// is in no pair, and the distance of the others stays the true number of steps between them.
///
/// p is two-sided: twice the smaller of `p_greater` (an S at least as large) and `p_less` (one at
/// most as large), at most one; see [`TrendNull`] for how they come about. With fewer than three
/// known values z and the p-values are NaN. In a constant series S is zero whatever the order, so
/// z is 0 and every p is 1; `tau_b` is NaN.
///
/// The test takes the values of different steps as independent. Where they are not, as the
/// overlapping windows of a space-time cube, it finds a trend too often; see
/// [`TrendNull::HamedRao`].
///
/// Sources: Mann 1945, Econometrica 13:245, doi:10.2307/1907187; Kendall 1975, Rank Correlation
/// Methods; Sen 1968, JASA 63:1379, doi:10.1080/01621459.1968.10480934.
///
/// # Complexity
/// The square of the number of steps.
///
/// ```
/// use brandpunt::methods::emerging::MannKendall;
///
/// # fn main() -> brandpunt::Result<()> {
/// let trend = MannKendall::new().run(&[1.0, 2.0, 2.0, 3.0, 1.0, 4.0, 4.0, 5.0, 5.0, 6.0])?;
/// assert_eq!((trend.s, trend.variance, trend.slope), (35.0, 121.0, 0.5));
/// assert!((trend.p - 0.001_995_447).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MannKendall {
    null: TrendNull,
}

/// How the p-values of a trend come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TrendNull {
    /// Exact for at most 10 known values without ties, else normal.
    #[default]
    Automatic,
    /// All orders of the values are equally likely, counted one and all, ties included. For at
    /// most 34 known values.
    Exact,
    /// The normal distribution with continuity correction.
    Normal,
    /// The normal distribution with the variance of Hamed & Rao (1998, Journal of Hydrology
    /// 204:182, doi:10.1016/S0022-1694(97)00125-X), for values that depend on those before:
    /// Var times `1 + 2/(n(n−1)(n−2)) Σ (n−i)(n−i−1)(n−i−2) ρ(i)`, with ρ(i) the autocorrelation
    /// at lag i of the ranks after Sen's slope is taken out, where `|ρ(i)| > 1.96/√n`. With
    /// missing values ρ(i) is over the pairs that are known. Where the factor is not positive, z
    /// and the p-values are NaN.
    HamedRao,
}

/// A trend with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TrendTest {
    /// Number of known values.
    pub n: usize,
    /// Rising minus falling pairs.
    pub s: f64,
    /// Variance of `s` when there is no trend.
    pub variance: f64,
    /// Standardised `s`, with continuity correction.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// P(an S at least as large): small for a rise.
    pub p_greater: f64,
    /// P(an S at most as large): small for a fall.
    pub p_less: f64,
    /// Kendall's rank correlation with time, corrected for ties.
    pub tau_b: f64,
    /// Sen's slope, per step.
    pub slope: f64,
    /// Whether the p-values are exact.
    pub exact: bool,
}

impl TrendNull {
    /// The null of that name: `automatic`, `exact`, `normal` or `hamed-rao`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "automatic" => Ok(Self::Automatic),
            "exact" => Ok(Self::Exact),
            "normal" => Ok(Self::Normal),
            "hamed-rao" => Ok(Self::HamedRao),
            other => Err(Error::parameter(
                "null",
                other,
                "automatic, exact, normal or hamed-rao",
            )),
        }
    }
}

impl MannKendall {
    /// The exact distribution for short series without ties, else the normal one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how p-values come about.
    #[must_use]
    pub fn null(mut self, null: TrendNull) -> Self {
        self.null = null;
        self
    }

    /// Tests one series, a value per step.
    ///
    /// # Errors
    /// [`Fault::NonFinite`] for an infinite value; [`Error::Parameter`] for more known values
    /// than the exact distribution was asked for.
    pub fn run(&self, series: &[f64]) -> Result<TrendTest> {
        if let Some(at) = series.iter().position(|v| v.is_infinite()) {
            return Err(Error::input(
                Fault::NonFinite,
                format!(
                    "step {at} (from 0) is {}; NaN marks a missing value",
                    series[at]
                ),
            ));
        }
        let known: Vec<(usize, f64)> = series
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, v)| !v.is_nan())
            .collect();
        let pairs = Concordance::of(&known);
        let n = known.len();
        let slope = sen_slope(&known);
        let factor = match self.null {
            TrendNull::HamedRao => variance_factor(&known, slope),
            _ => 1.0,
        };
        let variance = pairs.variance() * factor;
        let exact = match self.null {
            TrendNull::Automatic => n <= SHORT && !pairs.tied(),
            TrendNull::Exact => true,
            TrendNull::Normal | TrendNull::HamedRao => false,
        };
        let (z, (p_less, p_greater)) = if n < 3 || factor.is_nan() || factor <= 0.0 {
            (f64::NAN, (f64::NAN, f64::NAN))
        } else if pairs.constant() {
            (0.0, (1.0, 1.0))
        } else {
            let deviation = variance.sqrt();
            let tails = if exact {
                pairs.exact_tails()?
            } else {
                (
                    normal_upper_tail(-(pairs.s + 1.0) / deviation),
                    normal_upper_tail((pairs.s - 1.0) / deviation),
                )
            };
            ((pairs.s - sign(pairs.s)) / deviation, tails)
        };
        Ok(TrendTest {
            n,
            s: pairs.s,
            variance,
            z,
            p: if z.is_nan() {
                f64::NAN
            } else {
                (2.0 * p_less.min(p_greater)).min(1.0)
            },
            p_greater,
            p_less,
            tau_b: pairs.tau_b(),
            slope,
            exact: exact && !z.is_nan(),
        })
    }
}

/// −1, 0 or 1; the `signum` of floats knows no zero.
fn sign(v: f64) -> f64 {
    if v == 0.0 { 0.0 } else { v.signum() }
}

#[cfg(test)]
mod tests;
