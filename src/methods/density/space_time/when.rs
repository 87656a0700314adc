//! At which times?

use super::rhythm::DAY;
use crate::error::{Error, Fault, Result};
use crate::model::Times;

/// The times to look at, in seconds since 1970 (UTC).
#[derive(Debug, Clone)]
pub(super) enum When {
    /// Every so many days, back from the last.
    Every(f64),
    /// At these.
    At(Vec<i64>),
}

impl When {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Every(days) if !(days.is_finite() && *days > 0.0) => {
                Err(Error::parameter("step", days, "a positive number of days"))
            }
            Self::At(times) if times.is_empty() => {
                Err(Error::parameter("times", "empty", "at least one time"))
            }
            Self::At(times) if times.contains(&Times::UNKNOWN) => {
                Err(Error::parameter("times", "unknown", "known times only"))
            }
            _ => Ok(()),
        }
    }

    /// The times between the first and the last, once so many of them can be afforded.
    pub(super) fn times(
        &self,
        span: Option<(i64, i64)>,
        afforded: impl Fn(f64) -> Result<()>,
    ) -> Result<Vec<i64>> {
        match self {
            Self::At(times) => {
                afforded(times.len() as f64)?;
                Ok(times.clone())
            }
            Self::Every(days) => {
                let (first, last) = span.ok_or_else(|| {
                    Error::input(
                        Fault::NoRows,
                        "no incident with a time; give the times to look at",
                    )
                })?;
                let step = days * DAY;
                let slices = (last.saturating_sub(first) as f64 / step).floor() + 1.0;
                afforded(slices)?;
                let back = |k: usize| last - (k as f64 * step).round() as i64;
                Ok((0..slices as usize).rev().map(back).collect())
            }
        }
    }
}
