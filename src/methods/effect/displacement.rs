//! Did incidents fall where something was done, and did they move elsewhere?

use super::before_after::BeforeAfter;
use crate::error::{Error, Result};
use crate::model::{Warning, WarningCode};
use crate::stats::{normal_quantile, normal_tails};

#[cfg(test)]
mod tests;

/// Fewest incidents in a period for the normal approximation.
const FEW: u64 = 5;

/// How many incidents fewer (or more) than without the measure, displacement included?
///
/// With counts T of the treated area, C of a control area that is like it, D and E of the area to
/// which incidents may have moved and of its control, each before (0) and after (1):
///
/// ```text
/// local         (T₁ − T₀) − (C₁ − C₀)
/// displacement  (D₁ − D₀) − (E₁ − E₀)
/// WDD           local + displacement
/// variance      the sum of all counts in it
/// ratio         (T₁ / T₀) / (C₁ / C₀),   variance of its logarithm 1/T₀ + 1/T₁ + 1/C₀ + 1/C₁
/// ```
///
/// Negative is fewer. Where the periods differ in length, counts before are multiplied by the
/// length after over the length before, and by its square in the variance, so the estimate is in
/// incidents per period after. The ratio needs no such thing. z and p are those of a normal, for
/// no effect at all.
///
/// Counts are taken as Poisson. Reports come in series; with a variance-to-mean ratio φ of, say,
/// monthly counts before, [`dispersion`](Self::dispersion) widens all standard errors by √φ.
/// Differences assume that treated and control would have changed by the same *number*, the ratio
/// that they would have changed by the same *factor*: choose controls of about the same size, and
/// look at both. Areas are mostly treated because they were at their worst; such areas fall by
/// themselves.
///
/// # Missing and odd values
/// z and p are NaN when all counts are 0; the ratio is NaN when any of its four counts is.
///
/// Source: Wheeler & Ratcliffe 2018, Crime Science 7:11, doi:10.1186/s40163-018-0085-5.
///
/// ```
/// use brandpunt::methods::effect::{BeforeAfter, WeightedDisplacement};
///
/// # fn main() -> brandpunt::Result<()> {
/// let (treated, control) = (BeforeAfter::new(100, 80), BeforeAfter::new(50, 60));
/// let found = WeightedDisplacement::new().level(0.9).run(treated, control, None)?;
/// assert_eq!(found.total.value, -30.0);
/// assert!((found.total.low + 58.0108).abs() < 1e-4 && (found.total.high + 1.9892).abs() < 1e-4);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedDisplacement {
    lengths: (f64, f64),
    level: f64,
    dispersion: f64,
}

impl Default for WeightedDisplacement {
    fn default() -> Self {
        Self {
            lengths: (1.0, 1.0),
            level: 0.95,
            dispersion: 1.0,
        }
    }
}

/// An estimate of so many incidents, negative for fewer.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct EffectEstimate {
    /// Incidents more than without the measure, per period after.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Value over standard error.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// Chance of a value at most as high without effect: small for a fall.
    pub p_less: f64,
    /// Chance of a value at least as high without effect.
    pub p_greater: f64,
}

/// What a measure did.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EffectResult {
    /// The weighted displacement difference: local and displacement together.
    pub total: EffectEstimate,
    /// In the treated area.
    pub local: EffectEstimate,
    /// In the area around it, where one was given.
    pub displacement: Option<EffectEstimate>,
    /// Change of the treated area over that of the control; 0.8 is a fall by 20 %.
    pub ratio: f64,
    /// Lower end of its interval.
    pub ratio_low: f64,
    /// Upper end of its interval.
    pub ratio_high: f64,
    /// The ratio less one, in per cent.
    pub percent: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl WeightedDisplacement {
    /// With periods of one length, intervals of 95 % and Poisson counts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the lengths of the periods before and after, in any unit.
    #[must_use]
    pub fn lengths(mut self, before: f64, after: f64) -> Self {
        self.lengths = (before, after);
        self
    }

    /// Sets the level of the intervals.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how many times as large as the mean the variance of counts is.
    #[must_use]
    pub fn dispersion(mut self, dispersion: f64) -> Self {
        self.dispersion = dispersion;
        self
    }

    /// Compares treated and control area and, where given, the area for displacement with its
    /// control.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a length that is not positive, a level that is not between 0 and
    /// 1, or a dispersion below 1.
    pub fn run(
        &self,
        treated: BeforeAfter,
        control: BeforeAfter,
        displacement: Option<(BeforeAfter, BeforeAfter)>,
    ) -> Result<EffectResult> {
        self.check()?;
        let local = self.change(treated, control);
        let moved = displacement.map(|(around, control)| self.change(around, control));
        let (value, variance) = moved.map_or(local, |m| (local.0 + m.0, local.1 + m.1));
        let counts = [treated.before, treated.after, control.before, control.after];
        let signs = [-1.0, 1.0, 1.0, -1.0];
        let logs = counts.iter().zip(signs).map(|(n, s)| s * (*n as f64).ln());
        let ratio = if counts.contains(&0) {
            f64::NAN
        } else {
            logs.sum::<f64>().exp()
        };
        let reciprocals: f64 = counts.iter().map(|n| 1.0 / *n as f64).sum();
        let reach = (self.quantile() * (self.dispersion * reciprocals).sqrt()).exp();
        let mut all = counts.to_vec();
        if let Some((around, its_control)) = displacement {
            all.extend([
                around.before,
                around.after,
                its_control.before,
                its_control.after,
            ]);
        }
        Ok(EffectResult {
            total: self.estimate(value, variance),
            local: self.estimate(local.0, local.1),
            displacement: moved.map(|(value, variance)| self.estimate(value, variance)),
            ratio,
            ratio_low: ratio / reach,
            ratio_high: ratio * reach,
            percent: 100.0 * (ratio - 1.0),
            warnings: few(&all).into_iter().collect(),
        })
    }

    /// Difference of two changes, with its variance.
    fn change(&self, place: BeforeAfter, control: BeforeAfter) -> (f64, f64) {
        let weight = self.lengths.1 / self.lengths.0;
        let [t0, t1, c0, c1] =
            [place.before, place.after, control.before, control.after].map(|n| n as f64);
        let value = (t1 - weight * t0) - (c1 - weight * c0);
        let variance = t1 + c1 + weight * weight * (t0 + c0);
        (value, self.dispersion * variance)
    }

    fn estimate(&self, value: f64, variance: f64) -> EffectEstimate {
        let se = variance.sqrt();
        let z = if se > 0.0 { value / se } else { f64::NAN };
        let (p_less, p_greater) = normal_tails(z);
        EffectEstimate {
            value,
            se,
            low: value - self.quantile() * se,
            high: value + self.quantile() * se,
            z,
            p: 2.0 * normal_tails(z.abs()).1,
            p_less,
            p_greater,
        }
    }

    fn quantile(&self) -> f64 {
        normal_quantile(0.5 * (1.0 - self.level))
    }

    fn check(&self) -> Result<()> {
        for length in [self.lengths.0, self.lengths.1] {
            if !(length.is_finite() && length > 0.0) {
                return Err(Error::parameter("lengths", length, "a positive number"));
            }
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a share between 0 and 1",
            ));
        }
        if !(self.dispersion.is_finite() && self.dispersion >= 1.0) {
            let expected = "a ratio of variance to mean, 1 or more";
            return Err(Error::parameter("dispersion", self.dispersion, expected));
        }
        Ok(())
    }
}

fn few(counts: &[u64]) -> Option<Warning> {
    let least = counts.iter().copied().min().filter(|n| *n < FEW)?;
    Some(Warning::with_value(
        WarningCode::NormalApproximation,
        least as f64,
        format!("A count is {least}; below {FEW} the normal interval and p are rough."),
    ))
}
