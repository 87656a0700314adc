//! Which areas lie outside what chance makes of the city's rate?

use super::crude::{check, check_level, check_per};
use crate::error::Result;
use crate::stats::{poisson_tails, sum};

/// Limits around the common rate, wider where there are fewer people.
///
/// An area of N people expects `e = N r̄` incidents at the common rate `r̄ = ΣO/ΣN` (or one that is
/// given). At a level, a count is above if `P(X ≥ O) ≤ (1 − level)/2` and below if
/// `P(X ≤ O) ≤ (1 − level)/2` for X Poisson of mean e: exact, so chance alone puts an area outside
/// with at most that probability on either side. The limits are the counts at which the tail is
/// just that; between whole counts its logarithm is taken as straight, so limits run smoothly with
/// the population and a point lies beyond one exactly when the status says so. A lower limit is 0
/// where not even a count of zero would be unusual.
///
/// The area itself is part of the common rate, and counts in series go beyond the limits more often
/// than independent ones: see [`dispersion`](super::dispersion).
///
/// NaN where people are zero or not known. Order: as given. Cost: some 20 Poisson tails per limit.
///
/// Source: Spiegelhalter 2005, Statistics in Medicine 24:1185, doi:10.1002/sim.1970, whose limits
/// interpolate the distribution instead and so exceed the level.
///
/// ```
/// use brandpunt::methods::rates::{Funnel, FunnelStatus};
///
/// # fn main() -> brandpunt::Result<()> {
/// let found = Funnel::new().rate(0.01).run(&[9, 30, 3], &[1_000.0, 1_000.0, f64::NAN])?;
/// assert_eq!(found.status[0], FunnelStatus::Within);
/// assert_eq!(found.status[1], FunnelStatus::FarAbove);
/// assert_eq!(found.status[2], FunnelStatus::CannotTell);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    per: f64,
    rate: Option<f64>,
    warning: f64,
    alarm: f64,
}

/// On which side of which limits an area lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FunnelStatus {
    /// Below the outer limit.
    FarBelow,
    /// Between the lower limits.
    Below,
    /// Between the inner limits.
    Within,
    /// Between the upper limits.
    Above,
    /// Above the outer limit.
    FarAbove,
    /// People are not known, or nothing happened anywhere.
    CannotTell,
}

impl FunnelStatus {
    /// The status in words: `far below`, `below`, `within`, `above`, `far above`, `cannot tell`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FarBelow => "far below",
            Self::Below => "below",
            Self::Within => "within",
            Self::Above => "above",
            Self::FarAbove => "far above",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Rates and limits in input order; NaN where they are not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct FunnelTable {
    /// The common rate, per so many people.
    pub common_rate: f64,
    /// Incidents per so many people.
    pub rate: Vec<f64>,
    /// Incidents expected at the common rate.
    pub expected: Vec<f64>,
    /// Lower limit at the inner level (95 %).
    pub low: Vec<f64>,
    /// Upper limit at the inner level.
    pub high: Vec<f64>,
    /// Lower limit at the outer level (99.8 %).
    pub far_low: Vec<f64>,
    /// Upper limit at the outer level.
    pub far_high: Vec<f64>,
    /// Where the area lies.
    pub status: Vec<FunnelStatus>,
}

/// Where more are expected there are no limits: neighbouring counts are nearly one double.
const MOST_EXPECTED: f64 = 1e15;

impl Default for Funnel {
    fn default() -> Self {
        Self {
            per: 1000.0,
            rate: None,
            warning: 0.95,
            alarm: 0.998,
        }
    }
}

impl Funnel {
    /// Per 1,000 around the rate of all areas together, with limits at 95 and 99.8 %.
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

    /// Sets the common rate, in incidents per person, instead of that of all areas together.
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Sets the levels of the inner and the outer limits.
    #[must_use]
    pub fn levels(mut self, inner: f64, outer: f64) -> Self {
        (self.warning, self.alarm) = (inner, outer);
        self
    }

    /// Rates and limits from counts and exposures of the same areas.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::Negative`](crate::Fault::Negative), [`Error::Parameter`](crate::Error::Parameter)
    /// for levels outside (0, 1) or in the wrong order, or a `per` or rate that is not positive.
    pub fn run(&self, counts: &[i64], exposure: &[f64]) -> Result<FunnelTable> {
        check(counts, exposure)?;
        check_level(self.warning)?;
        check_level(self.alarm)?;
        check_per(self.per)?;
        if self.alarm < self.warning {
            return Err(crate::Error::parameter(
                "levels",
                self.alarm,
                "an outer level that is not below the inner one",
            ));
        }
        let common = match self.rate {
            Some(rate) if rate > 0.0 && rate.is_finite() => rate,
            Some(rate) => {
                let expected = "a positive number of incidents per person";
                return Err(crate::Error::parameter("rate", rate, expected));
            }
            None => {
                let known = || counts.iter().zip(exposure).filter(|(_, e)| **e > 0.0);
                sum(known().map(|(c, _)| *c as f64)) / sum(known().map(|(_, e)| *e))
            }
        };
        let mut out = FunnelTable {
            common_rate: self.per * common,
            ..FunnelTable::default()
        };
        for (&count, &people) in counts.iter().zip(exposure) {
            self.one(count as u64, people, common, &mut out);
        }
        Ok(out)
    }

    fn one(&self, count: u64, people: f64, common: f64, out: &mut FunnelTable) {
        let expected = people * common;
        let known = people > 0.0 && common > 0.0 && expected <= MOST_EXPECTED;
        let scaled = |value: f64| self.per * value / people;
        out.rate.push(if people > 0.0 {
            scaled(count as f64)
        } else {
            f64::NAN
        });
        out.expected
            .push(if people > 0.0 { expected } else { f64::NAN });
        let limits = |level: f64| {
            let tail = 0.5 * (1.0 - level);
            if known {
                (scaled(lower(expected, tail)), scaled(upper(expected, tail)))
            } else {
                (f64::NAN, f64::NAN)
            }
        };
        let ((low, high), (far_low, far_high)) = (limits(self.warning), limits(self.alarm));
        out.low.push(low);
        out.high.push(high);
        out.far_low.push(far_low);
        out.far_high.push(far_high);
        out.status.push(if known {
            let (less, greater) = poisson_tails(count, expected);
            let (inner, outer) = (0.5 * (1.0 - self.warning), 0.5 * (1.0 - self.alarm));
            if greater <= outer {
                FunnelStatus::FarAbove
            } else if less <= outer {
                FunnelStatus::FarBelow
            } else if greater <= inner {
                FunnelStatus::Above
            } else if less <= inner {
                FunnelStatus::Below
            } else {
                FunnelStatus::Within
            }
        } else {
            FunnelStatus::CannotTell
        });
    }
}

/// The count y with P(X ≥ y) equal to the tail.
fn upper(mean: f64, tail: f64) -> f64 {
    let greater = |k: u64| poisson_tails(k, mean).1;
    // The first whole count beyond lies between these two: no mean is as much as one above its
    // median, so at least half of the distribution is at its whole part or above.
    let (mut inside, mut beyond) = (mean.floor() as u64, mean.floor() as u64 + 1);
    let mut step = 1;
    while greater(beyond) > tail {
        inside = beyond;
        beyond += step;
        step *= 2;
    }
    while beyond - inside > 1 {
        let middle = inside + (beyond - inside) / 2;
        if greater(middle) > tail {
            inside = middle;
        } else {
            beyond = middle;
        }
    }
    let (near, far) = (greater(inside).ln(), greater(beyond).ln());
    inside as f64 + (near - tail.ln()) / (near - far)
}

/// The count y with P(X ≤ y) equal to the tail, or 0 where even zero is more likely than that.
fn lower(mean: f64, tail: f64) -> f64 {
    let less = |k: u64| poisson_tails(k, mean).0;
    if less(0) >= tail {
        return 0.0;
    }
    // A median is less than a third above its mean, so half is at the next whole number or below.
    let (mut beyond, mut inside) = (0, mean.floor() as u64 + 1);
    while inside - beyond > 1 {
        let middle = beyond + (inside - beyond) / 2;
        if less(middle) > tail {
            inside = middle;
        } else {
            beyond = middle;
        }
    }
    let (near, far) = (less(inside).ln(), less(beyond).ln());
    beyond as f64 + (tail.ln() - far) / (near - far)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_limit_is_where_the_exact_interval_ends() {
        // Garwood's upper limit of 3 is the mean at which 3 has a lower tail of 2.5 %, and so on.
        assert!((lower(8.767_273_070, 0.025) - 3.0).abs() < 1e-7);
        assert!((upper(0.618_672_123, 0.025) - 3.0).abs() < 1e-7);
        assert!((lower(18.390_356_042, 0.025) - 10.0).abs() < 1e-7);
        assert_eq!(lower(3.6, 0.025), 0.0);
    }

    #[test]
    fn limits_are_in_the_measure_of_the_rates() {
        // Garwood's limits of 10 (golden numbers), with 2,000 people at 5 per 1,000 and so on.
        let funnel = |mean: f64| {
            Funnel::new()
                .rate(mean / 2_000.0)
                .run(&[9], &[2_000.0])
                .unwrap()
        };
        let (low, high) = (funnel(18.390_356_042), funnel(4.795_388_696));
        assert!((low.low[0] - 5.0).abs() < 1e-7 && (high.high[0] - 5.0).abs() < 1e-7);
        assert!((low.expected[0] - 18.390_356_042).abs() < 1e-9);
        assert!((low.common_rate - 9.195_178_021).abs() < 1e-9 && low.rate[0] == 4.5);
        assert!((low.far_low[0] - 0.5 * lower(18.390_356_042, 0.001)).abs() < 1e-12);
        assert!((low.far_high[0] - 0.5 * upper(18.390_356_042, 0.001)).abs() < 1e-12);
        let names = [
            (FunnelStatus::FarBelow, "far below"),
            (FunnelStatus::Below, "below"),
            (FunnelStatus::Within, "within"),
            (FunnelStatus::Above, "above"),
            (FunnelStatus::FarAbove, "far above"),
            (FunnelStatus::CannotTell, "cannot tell"),
        ];
        assert!(names.iter().all(|(status, name)| status.name() == *name));
    }

    #[test]
    fn the_common_rate_is_of_areas_with_people() {
        let people = [0.0, f64::NAN, 100.0, 300.0];
        let found = Funnel::new().run(&[4, 5, 6, 2], &people).unwrap();
        assert!((found.common_rate - 20.0).abs() < 1e-12);
        assert!(found.rate[0].is_nan() && found.expected[0].is_nan() && found.high[0].is_nan());
        assert_eq!(found.status[0], FunnelStatus::CannotTell);
        assert_eq!(found.status[1], FunnelStatus::CannotTell);
        assert!((found.expected[2] - 2.0).abs() < 1e-12 && (found.expected[3] - 6.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_judged_is_said() {
        let nothing = Funnel::new().run(&[0, 0], &[10.0, 20.0]).unwrap();
        assert_eq!(nothing.status[0], FunnelStatus::CannotTell);
        assert!(nothing.low[0].is_nan() && nothing.rate[0] == 0.0);
        let nobody = Funnel::new().run(&[4], &[0.0]).unwrap();
        assert!(nobody.rate[0].is_nan() && nobody.common_rate.is_nan());
        // So few people that the rate of all is beyond a double.
        let crowded = Funnel::new().run(&[4, 9], &[5e-324, 5e-324]).unwrap();
        assert_eq!(crowded.status[1], FunnelStatus::CannotTell);
        assert!(crowded.low[1].is_nan() && crowded.high[1].is_nan());
        assert!(Funnel::new().levels(0.998, 0.95).run(&[1], &[1.0]).is_err());
        assert!(Funnel::new().rate(0.0).run(&[1], &[1.0]).is_err());
        assert!(Funnel::new().rate(f64::INFINITY).run(&[1], &[1.0]).is_err());
        assert!(Funnel::new().levels(0.9, 0.9).run(&[1], &[1.0]).is_ok());
    }

    proptest! {
        #[test]
        fn a_point_lies_beyond_a_limit_when_the_status_says_so(
            count in 0i64..200, people in 1.0..200.0f64, rate in 0.01..1.0f64,
        ) {
            let found = Funnel::new().per(1.0).rate(rate).run(&[count], &[people]).unwrap();
            let at = found.rate[0];
            let above = at >= found.high[0] * (1.0 - 1e-12);
            let below = at <= found.low[0] * (1.0 + 1e-12) && found.low[0] > 0.0;
            let status = found.status[0];
            prop_assert_eq!(above, matches!(status, FunnelStatus::Above | FunnelStatus::FarAbove), "{:?}", found);
            prop_assert_eq!(below, matches!(status, FunnelStatus::Below | FunnelStatus::FarBelow), "{:?}", found);
            prop_assert!(found.far_low[0] <= found.low[0] && found.high[0] <= found.far_high[0]);
            let far = at >= found.far_high[0] * (1.0 - 1e-12);
            prop_assert_eq!(far, status == FunnelStatus::FarAbove, "{:?}", found);
            let far = at <= found.far_low[0] * (1.0 + 1e-12) && found.far_low[0] > 0.0;
            prop_assert_eq!(far, status == FunnelStatus::FarBelow, "{:?}", found);
        }

        #[test]
        fn limits_are_found_by_counting_too(
            mean in prop_oneof![1e-3..3.0f64, 3.0..90.0f64], tail in prop_oneof![1e-9..1e-3f64, 1e-3..0.49f64],
        ) {
            let greater = |k: u64| poisson_tails(k, mean).1;
            let k = (0..1_000).find(|k| greater(k + 1) <= tail).unwrap();
            let share = (greater(k) / tail).ln() / (greater(k) / greater(k + 1)).ln();
            prop_assert!((upper(mean, tail) - k as f64 - share).abs() < 1e-9);
            let less = |k: u64| poisson_tails(k, mean).0;
            let want = (0..1_000).find(|k| less(*k) > tail).unwrap_or(0).checked_sub(1).map_or(0.0, |k| {
                k as f64 + (tail / less(k)).ln() / (less(k + 1) / less(k)).ln()
            });
            prop_assert!((lower(mean, tail) - want).abs() < 1e-9, "{} {}", lower(mean, tail), want);
        }

        #[test]
        fn limits_move_smoothly_with_the_mean(mean in 0.05..400.0f64) {
            let step = 1e-6 * mean;
            for limit in [upper, lower] {
                let jump = (limit(mean + step, 0.025) - limit(mean, 0.025)).abs();
                prop_assert!(jump < 100.0 * step + 1e-9, "{} {}", mean, jump);
            }
        }
    }
}
