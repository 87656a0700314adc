//! Times as whole numbers from the first incident on.

use super::incidents::Incidents;
use super::times::Times;
use crate::error::{Error, Result};

/// How time between two incidents is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Clock {
    /// In days of the calendar, where the incidents happened: yesterday evening is one day from
    /// this morning. For dates without a time of day, and as in the Near Repeat Calculator.
    #[default]
    CalendarDays,
    /// In seconds that went by, so that bands of part of a day have a meaning.
    Elapsed,
}

impl Clock {
    /// How many of its whole units a day has.
    pub(crate) fn units_per_day(self) -> f64 {
        match self {
            Self::CalendarDays => 1.0,
            Self::Elapsed => 86_400.0,
        }
    }
}

/// The incidents whose time is known, and their times in whole units.
pub(crate) struct Moments {
    /// Positions among all incidents, ascending.
    pub(crate) positions: Vec<u32>,
    /// Units since the first incident.
    pub(crate) units: Vec<u32>,
    /// Units from 1970 to the first incident.
    pub(crate) first: i64,
    /// The largest number of units between two incidents.
    pub(crate) span: u32,
}

impl Moments {
    pub(crate) fn of(incidents: &Incidents, clock: Clock) -> Result<Self> {
        let times = incidents.require_times()?;
        let zone = times.zone();
        let mut positions = Vec::new();
        let mut moments = Vec::new();
        for (position, &second) in (0u32..).zip(times.seconds()) {
            if second == Times::UNKNOWN {
                continue;
            }
            positions.push(position);
            moments.push(match clock {
                Clock::Elapsed => second,
                Clock::CalendarDays => {
                    let local = zone.local(second);
                    (second + i64::from(local.offset().seconds())).div_euclid(86_400)
                }
            });
        }
        let first = moments.iter().min().copied().unwrap_or(0);
        let last = moments.iter().max().copied().unwrap_or(0);
        let span = last
            .checked_sub(first)
            .and_then(|span| u32::try_from(span).ok())
            .ok_or_else(|| {
                Error::parameter(
                    "clock",
                    "elapsed",
                    "times within 136 years, or calendar days",
                )
            })?;
        Ok(Self {
            positions,
            units: moments.iter().map(|m| (m - first) as u32).collect(),
            first,
            span,
        })
    }
}
