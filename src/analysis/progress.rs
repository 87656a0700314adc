//! Where the city stands on the way to a target.

use super::result::City;
use crate::error::{Error, Result};
use crate::methods::rates::{Target, TargetStatus};

/// A target for the city's rate in some year, and how far the period is on the way to it from the
/// baseline.
///
/// With B the rate of the baseline, r the target as a share of it, and a share s of the years from the
/// baseline to the target year behind us:
///
/// ```text
/// target         r B           path now       r^s B
/// so far         (rate / B)^(1 / years behind)       a year
/// needed         (r B / rate)^(1 / years ahead)      a year
/// ```
///
/// Status as in [`Target`], from the exact interval of the city's change. In a published result all of
/// it comes from published counts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TargetProgress {
    /// The target, as a share of the rate of the baseline.
    pub share: f64,
    /// The year in which it is to be reached.
    pub year: i16,
    /// Years from the period to that year; 0 when it has come.
    pub years_left: u16,
    /// The rate that the target is, per `Theme::per_people` people; NaN without a rate then.
    pub rate: f64,
    /// The rate on the path to it in the year of the period.
    pub path_rate: f64,
    /// By what the rate was multiplied each year since the baseline, evenly; NaN where that is not
    /// defined.
    pub so_far: f64,
    /// By what it must be multiplied each year from now to reach the target; above 1 where it may still
    /// rise, NaN where no year is left.
    pub needed: f64,
    /// What can be said.
    pub status: TargetStatus,
}

/// A target as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Wanted {
    pub(super) share: f64,
    /// `None` for the year of the period.
    pub(super) year: Option<i16>,
}

impl Wanted {
    pub(super) fn check(self, baseline: Option<i16>) -> Result<()> {
        Target::at_most(self.share).check()?;
        let Some(baseline) = baseline else {
            return Err(Error::parameter(
                "target",
                self.share,
                "no target without a baseline, as it is a share of the rate then",
            ));
        };
        match self.year {
            Some(year) if year <= baseline => Err(Error::parameter(
                "target_year",
                year,
                format!("a year after the baseline, {baseline}"),
            )),
            _ => Ok(()),
        }
    }
}

impl TargetProgress {
    /// Of a city in the year `now`, compared with the year `then`; `None` unless it is later.
    pub(super) fn of(wanted: Wanted, city: &City, (then, now): (i16, i16)) -> Option<Self> {
        let year = wanted.year.unwrap_or(now);
        let behind = now.checked_sub(then).filter(|years| *years > 0)?;
        let years_left = year.saturating_sub(now).max(0).unsigned_abs();
        let elapsed = (f64::from(behind) / f64::from(year - then)).min(1.0);
        let target = Target::at_most(wanted.share).elapsed(elapsed);
        let base = city.baseline_rate;
        let each_year = |factor: f64, years: f64| {
            let defined = factor.is_finite() && factor > 0.0 && years > 0.0;
            if defined {
                factor.powf(1.0 / years)
            } else {
                f64::NAN
            }
        };
        let rate = wanted.share * base;
        Some(Self {
            share: wanted.share,
            year,
            years_left,
            rate,
            path_rate: wanted.share.powf(elapsed) * base,
            so_far: each_year(city.change, f64::from(behind)),
            needed: each_year(rate / city.rate, f64::from(years_left)),
            status: target.status(city.change_low, city.change_high),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(rate: f64, low: f64, high: f64) -> City {
        City {
            rate,
            baseline_rate: 10.0,
            change: rate / 10.0,
            change_low: low,
            change_high: high,
            ..City::default()
        }
    }

    fn wanted(share: f64, year: impl Into<Option<i16>>) -> Wanted {
        Wanted {
            share,
            year: year.into(),
        }
    }

    #[test]
    fn the_way_to_a_target_worked_by_hand() {
        // Half way in time to 0.64: the path is at 0.8. From 8.1 to 6.4 in two years is 8/9 a year.
        let progress =
            TargetProgress::of(wanted(0.64, 2021), &city(8.1, 0.75, 0.79), (2017, 2019)).unwrap();
        assert!((progress.rate - 6.4).abs() < 1e-12);
        assert!((progress.path_rate - 8.0).abs() < 1e-12);
        assert!((progress.so_far - 0.9).abs() < 1e-12, "{progress:?}");
        assert!((progress.needed - 8.0 / 9.0).abs() < 1e-12);
        assert_eq!(
            (progress.years_left, progress.status),
            (2, TargetStatus::OnCourse)
        );
    }

    #[test]
    fn without_a_year_the_time_is_over() {
        let progress = |rate, low, high| {
            TargetProgress::of(wanted(1.0, None), &city(rate, low, high), (2017, 2024)).unwrap()
        };
        let lower = progress(7.0, 0.65, 0.76);
        assert_eq!(
            (lower.year, lower.years_left, lower.status),
            (2024, 0, TargetStatus::Reached)
        );
        assert!(lower.needed.is_nan() && (lower.rate, lower.path_rate) == (10.0, 10.0));
        assert_eq!(progress(10.0, 0.9, 1.1).status, TargetStatus::CannotTell);
        assert_eq!(progress(12.0, 1.1, 1.3).status, TargetStatus::NotReached);
        let past = TargetProgress::of(wanted(0.9, 2020), &city(9.5, 0.91, 0.99), (2017, 2024));
        assert_eq!(past.unwrap().status, TargetStatus::NotReached);
    }

    #[test]
    fn what_is_not_defined_is_not_a_number() {
        let unknown = city(f64::NAN, f64::NAN, f64::NAN);
        let progress = TargetProgress::of(wanted(0.8, 2030), &unknown, (2017, 2024)).unwrap();
        assert!(progress.so_far.is_nan() && progress.needed.is_nan());
        assert_eq!(progress.status, TargetStatus::CannotTell);
        assert!(
            TargetProgress::of(wanted(0.8, 2030), &city(8.0, 0.7, 0.9), (2024, 2024)).is_none()
        );
        assert!(wanted(0.8, 2017).check(Some(2017)).is_err());
        assert!(wanted(0.8, 2018).check(Some(2017)).is_ok());
        assert!(wanted(0.8, None).check(None).is_err());
        assert!(wanted(f64::NAN, None).check(Some(2017)).is_err());
    }
}
