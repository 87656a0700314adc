//! Rates with intervals.

use super::empirical_bayes::{Smoothing, binomial, global, local};
use crate::error::{Error, Fault, Result};
use crate::stats::{byar_interval, dispersion_test, garwood_interval};
use crate::weights::Weights;

/// Most incidents that are counted: exact tails take some √O steps.
const MOST: i64 = 1_000_000_000_000;

/// How the interval of a rate is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Interval {
    /// Exact (Garwood): covers with at least the stated level.
    #[default]
    Exact,
    /// Byar's approximation.
    Byar,
}

impl Interval {
    /// The interval of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "exact" | "garwood" => Ok(Self::Exact),
            "byar" => Ok(Self::Byar),
            other => Err(Error::parameter("interval", other, "exact or byar")),
        }
    }
}

/// Incidents per so many people, with an interval.
///
/// `rate = per · O/N` with the exact Poisson interval of the count divided by the exposure
/// (Garwood 1936, Biometrika 28:437, doi:10.1093/biomet/28.3-4.437), or Byar's.
///
/// Where the exposure is zero or not known (NaN) the rate and its interval are NaN, never zero or
/// infinite.
///
/// ```
/// use brandpunt::methods::rates::Rates;
///
/// # fn main() -> brandpunt::Result<()> {
/// let rates = Rates::new().run(&[3, 0, 5], &[1_500.0, 700.0, f64::NAN])?;
/// assert_eq!(rates.rate[0], 2.0);
/// assert!(rates.low[1] == 0.0 && rates.high[1] > 5.0);
/// assert!(rates.rate[2].is_nan());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    per: f64,
    level: f64,
    interval: Interval,
    smoothing: Option<Smoothing>,
}

/// Rates in input order.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RateTable {
    /// Incidents per `per` people.
    pub rate: Vec<f64>,
    /// Lower end of the interval.
    pub low: Vec<f64>,
    /// Upper end of the interval.
    pub high: Vec<f64>,
    /// Rate drawn towards a common rate, if asked for.
    pub smoothed: Option<Vec<f64>>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            per: 1000.0,
            level: 0.95,
            interval: Interval::Exact,
            smoothing: None,
        }
    }
}

impl Rates {
    /// Per 1,000 with exact 95 % intervals, not smoothed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the size of the group the rate is given for.
    #[must_use]
    pub fn per(mut self, per: f64) -> Self {
        self.per = per;
        self
    }

    /// Sets the level of the interval.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how the interval is found.
    #[must_use]
    pub fn interval(mut self, interval: Interval) -> Self {
        self.interval = interval;
        self
    }

    /// Adds empirical Bayes smoothing.
    #[must_use]
    pub fn smoothing(mut self, smoothing: Smoothing) -> Self {
        self.smoothing = Some(smoothing);
        self
    }

    /// Rates from counts and exposures of the same areas.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::Negative`] for a count or exposure below zero,
    /// [`Fault::NumberOutOfRange`] for a count above 10¹², or above its exposure where smoothing is
    /// binomial,
    /// [`Error::Parameter`] for a level outside (0, 1), a `per` that is not positive, or local
    /// smoothing (which needs [`run_local`](Self::run_local)).
    pub fn run(&self, counts: &[i64], exposure: &[f64]) -> Result<RateTable> {
        self.run_with(counts, exposure, None)
    }

    /// As [`run`](Self::run), with neighbours for local smoothing.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_local(
        &self,
        counts: &[i64],
        exposure: &[f64],
        weights: &Weights,
    ) -> Result<RateTable> {
        self.run_with(counts, exposure, Some(weights))
    }

    fn run_with(
        &self,
        counts: &[i64],
        exposure: &[f64],
        weights: Option<&Weights>,
    ) -> Result<RateTable> {
        check(counts, exposure)?;
        check_level(self.level)?;
        check_per(self.per)?;
        let scaled = |v: f64| self.per * v;
        let smoothed = match (self.smoothing, weights) {
            (None, _) => None,
            (Some(Smoothing::Global), _) => Some(global(counts, exposure)),
            (Some(Smoothing::Binomial), _) => Some(binomial(counts, exposure)?),
            (Some(Smoothing::Local(centring)), Some(w)) if w.n() == counts.len() => {
                Some(local(counts, exposure, w, centring))
            }
            (Some(Smoothing::Local(_)), _) => {
                return Err(Error::parameter(
                    "weights",
                    "missing or of other areas",
                    "the neighbours of these areas, for local smoothing",
                ));
            }
        };
        let mut out = RateTable {
            rate: Vec::with_capacity(counts.len()),
            low: Vec::with_capacity(counts.len()),
            high: Vec::with_capacity(counts.len()),
            smoothed: smoothed.map(|s| s.into_iter().map(scaled).collect()),
        };
        for (&count, &people) in counts.iter().zip(exposure) {
            if people > 0.0 {
                let (low, high) = match self.interval {
                    Interval::Exact => garwood_interval(count as u64, self.level),
                    Interval::Byar => byar_interval(count as u64, self.level),
                };
                out.rate.push(scaled(count as f64 / people));
                out.low.push(scaled(low / people));
                out.high.push(scaled(high / people));
            } else {
                out.rate.push(f64::NAN);
                out.low.push(f64::NAN);
                out.high.push(f64::NAN);
            }
        }
        Ok(out)
    }
}

/// Variance divided by mean of the counts, given the exposures, as
/// [`dispersion_test`] has it. It is near one when incidents fall independently; repeat addresses
/// and events with many reports raise it. NaN for fewer than two areas with exposure or without
/// incidents.
///
/// # Errors
/// As [`Rates::run`].
pub fn dispersion(counts: &[i64], exposure: &[f64]) -> Result<f64> {
    check(counts, exposure)?;
    let counts: Vec<f64> = counts.iter().map(|&c| c as f64).collect();
    Ok(dispersion_test(&counts, exposure).ratio)
}

pub(super) fn check(counts: &[i64], exposure: &[f64]) -> Result<()> {
    if counts.len() != exposure.len() {
        return Err(Error::input(
            Fault::LengthMismatch,
            format!("{} counts and {} exposures", counts.len(), exposure.len()),
        ));
    }
    if let Some(at) = counts.iter().position(|&c| c < 0) {
        return Err(Error::input(
            Fault::Negative,
            format!(
                "count {} of area {at} (from 0); counts are zero or more",
                counts[at]
            ),
        ));
    }
    if let Some(at) = counts.iter().position(|&c| c > MOST) {
        return Err(Error::input(
            Fault::NumberOutOfRange,
            format!(
                "count {} of area {at} (from 0) is no number of incidents; at most 10^12 are",
                counts[at]
            ),
        ));
    }
    if let Some(at) = exposure.iter().position(|e| *e < 0.0 || e.is_infinite()) {
        return Err(Error::input(
            Fault::Negative,
            format!(
                "exposure {} of area {at} (from 0); give NaN where no number is published",
                exposure[at]
            ),
        ));
    }
    Ok(())
}

pub(super) fn check_level(level: f64) -> Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(Error::parameter(
        "level",
        level,
        "a number between 0 and 1, such as 0.95",
    ))
}

pub(super) fn check_per(per: f64) -> Result<()> {
    if per.is_finite() && per > 0.0 {
        return Ok(());
    }
    Err(Error::parameter("per", per, "a positive number of people"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_people_halves_the_rate_and_its_interval() {
        let one = Rates::new().run(&[7], &[500.0]).unwrap();
        let two = Rates::new().run(&[7], &[1000.0]).unwrap();
        assert_eq!(one.rate[0], 2.0 * two.rate[0]);
        assert_eq!(one.high[0], 2.0 * two.high[0]);
        assert!(one.low[0] < one.rate[0] && one.rate[0] < one.high[0]);
    }

    #[test]
    fn no_people_is_unknown_not_infinite() {
        let r = Rates::new().run(&[3, 3], &[0.0, f64::NAN]).unwrap();
        assert!(
            r.rate
                .iter()
                .chain(&r.low)
                .chain(&r.high)
                .all(|v| v.is_nan())
        );
        assert!(Rates::new().run(&[-1], &[1.0]).is_err());
        assert!(Rates::new().run(&[1], &[-99997.0]).is_err());
        assert!(Rates::new().level(95.0).run(&[1], &[1.0]).is_err());
        assert!(Rates::new().per(0.0).run(&[1], &[1.0]).is_err());
    }

    #[test]
    fn the_ends_of_what_is_taken() {
        let run = |rates: Rates| rates.run(&[1], &[1.0]).is_ok();
        assert!(
            [0.0, 1.0, f64::NAN]
                .iter()
                .all(|&level| !run(Rates::new().level(level)))
        );
        assert!(
            [-1.0, f64::INFINITY]
                .iter()
                .all(|&per| !run(Rates::new().per(per)))
        );
        let most = |count| Rates::new().run(&[count], &[1.0]);
        assert!(most(1_000_000_000_000).is_ok());
        let fault = most(1_000_000_000_001).unwrap_err().fault();
        assert_eq!(fault, Some(Fault::NumberOutOfRange));
        assert!(Rates::new().run(&[1], &[f64::INFINITY]).is_err());
        let local = Rates::new().smoothing(Smoothing::Local(super::super::Centring::Focal));
        let other = Weights::from_neighbours(vec![vec![1], vec![0]]).unwrap();
        assert!(local.run(&[1], &[1.0]).is_err());
        assert!(local.run_local(&[1], &[1.0], &other).is_err());
    }

    #[test]
    fn an_interval_is_that_of_the_count_in_the_same_measure() {
        // Limits of 3 from the golden numbers; people of 1,500, per 1,000.
        let scale = |limit: f64| limit * 1_000.0 / 1_500.0;
        for (interval, count, low, high) in [
            (
                Interval::Exact,
                3,
                scale(0.618_672_123),
                scale(8.767_273_070),
            ),
            (
                Interval::Byar,
                3,
                scale(byar_interval(3, 0.95).0),
                scale(byar_interval(3, 0.95).1),
            ),
        ] {
            let found = Rates::new()
                .interval(interval)
                .run(&[count], &[1_500.0])
                .unwrap();
            assert!((found.rate[0] - 2.0).abs() < 1e-14);
            assert!((found.low[0] - low).abs() < 1e-8 && (found.high[0] - high).abs() < 1e-8);
        }
    }

    #[test]
    fn dispersion_is_one_for_the_expected_spread() {
        // Two areas, equal people: X² = (5 − 8)²/8 + (11 − 8)²/8 = 2.25 on one degree of freedom.
        assert!((dispersion(&[5, 11], &[10.0, 10.0]).unwrap() - 2.25).abs() < 1e-15);
        assert!(dispersion(&[5], &[10.0]).unwrap().is_nan());
    }
}
