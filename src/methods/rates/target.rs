//! Is a target reached?

use crate::error::{Error, Result};

/// A target for a rate, as a share of the baseline's.
///
/// From the interval of the ratio of the rates, the widened one where there is one:
///
/// | status | when |
/// |---|---|
/// | [`Reached`](TargetStatus::Reached) | the whole interval is at or below the target |
/// | [`OnCourse`](TargetStatus::OnCourse) | not that, but all of it is at or below the path to it |
/// | [`NotReached`](TargetStatus::NotReached) | the whole interval is above the path |
/// | [`CannotTell`](TargetStatus::CannotTell) | the interval holds the path, or there is none |
///
/// The path falls by the same share in each equal stretch of time, from the baseline to the target:
/// when a share s of the time has passed it is at `ratio^s`. When the time is over (s = 1, the
/// default) it is the target itself, and nothing is on course any more.
///
/// ```
/// use brandpunt::methods::rates::{Change, Target, TargetStatus};
///
/// # fn main() -> brandpunt::Result<()> {
/// let change = Change::new().target(Target::at_most(0.8).elapsed(0.5));
/// let found = change.run(&[700, 90], &[1e5; 2], &[1_000, 100], &[1e5; 2])?;
/// let status = found.target.unwrap_or_default();
/// assert_eq!(status[0], TargetStatus::Reached);
/// assert_eq!(status[1], TargetStatus::CannotTell);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Target {
    ratio: f64,
    elapsed: f64,
}

/// How far a rate is from its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TargetStatus {
    /// The rate is at or below the target, whatever the rate in its interval.
    Reached,
    /// Not surely there, but at or below the path to the target.
    OnCourse,
    /// The rate is above the path; above the target when the time is over.
    NotReached,
    /// The interval holds both sides, or there is none.
    CannotTell,
}

impl TargetStatus {
    /// The status in words: `reached`, `on course`, `not reached`, `cannot tell`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::OnCourse => "on course",
            Self::NotReached => "not reached",
            Self::CannotTell => "cannot tell",
        }
    }
}

impl Target {
    /// At most this many times the rate of the baseline: 1 for no more than then, 0.8 for 20 % less.
    #[must_use]
    pub const fn at_most(ratio: f64) -> Self {
        Self {
            ratio,
            elapsed: 1.0,
        }
    }

    /// Sets which share of the time from the baseline to the target date has passed.
    #[must_use]
    pub const fn elapsed(mut self, share: f64) -> Self {
        self.elapsed = share;
        self
    }

    pub(crate) fn check(self) -> Result<()> {
        if !(self.ratio.is_finite() && self.ratio > 0.0) {
            return Err(Error::parameter(
                "target",
                self.ratio,
                "a positive share of the baseline's rate, such as 0.8",
            ));
        }
        if !(self.elapsed > 0.0 && self.elapsed <= 1.0) {
            return Err(Error::parameter(
                "elapsed",
                self.elapsed,
                "a share of the time above 0 and at most 1",
            ));
        }
        Ok(())
    }

    pub(crate) fn status(self, low: f64, high: f64) -> TargetStatus {
        let path = self.ratio.powf(self.elapsed);
        if high <= self.ratio {
            TargetStatus::Reached
        } else if high <= path {
            TargetStatus::OnCourse
        } else if low > path {
            TargetStatus::NotReached
        } else {
            TargetStatus::CannotTell
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interval_has_one_status() {
        let half_way = Target::at_most(0.64).elapsed(0.5);
        for (low, high, want) in [
            (0.3, 0.64, TargetStatus::Reached),
            (0.5, 0.8, TargetStatus::OnCourse),
            (0.7, 0.9, TargetStatus::CannotTell),
            (0.81, 0.9, TargetStatus::NotReached),
            (1.5, f64::INFINITY, TargetStatus::NotReached),
            (f64::NAN, f64::NAN, TargetStatus::CannotTell),
        ] {
            assert_eq!(half_way.status(low, high), want, "{low} {high}");
        }
        let over = Target::at_most(0.64);
        assert_eq!(over.status(0.5, 0.8), TargetStatus::CannotTell);
        assert_eq!(over.status(0.65, 0.8), TargetStatus::NotReached);
        assert_eq!(over.status(0.64, 0.8), TargetStatus::CannotTell);
        let words = [
            (TargetStatus::Reached, "reached"),
            (TargetStatus::OnCourse, "on course"),
            (TargetStatus::NotReached, "not reached"),
            (TargetStatus::CannotTell, "cannot tell"),
        ];
        assert!(words.iter().all(|(status, name)| status.name() == *name));
    }

    #[test]
    fn what_is_no_target_is_said() {
        for target in [
            Target::at_most(0.0),
            Target::at_most(f64::NAN),
            Target::at_most(0.8).elapsed(0.0),
            Target::at_most(0.8).elapsed(1.5),
        ] {
            assert!(target.check().is_err());
        }
    }
}
