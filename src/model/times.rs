//! When incidents happened, and how sure that is.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::error::{Error, Fault, Result, coded, quoted};

coded! {
    /// How sure the time of an incident is.
    TimeFlag {
        /// A date and a time of day.
        Exact = "exact",
        /// Only the date is known.
        DateOnly = "date_only",
        /// Midnight sharp, which many systems write for an unknown time of day.
        MidnightSuspect = "midnight_suspect",
        /// A local time that the start of summer time skipped; read as one hour later.
        NonexistentLocal = "nonexistent_local_time",
        /// A local time that the end of summer time repeated; read as the earlier.
        AmbiguousLocal = "ambiguous_local_time",
        /// No time, or one that cannot be read.
        Unknown = "unparseable_time",
    }
}

/// The time zone in which local times are meant and calendar periods are cut.
///
/// ```
/// use brandpunt::Zone;
///
/// # fn main() -> brandpunt::Result<()> {
/// assert_eq!(Zone::amsterdam(), Zone::named("Europe/Amsterdam")?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// `Europe/Amsterdam`.
    #[must_use]
    pub fn amsterdam() -> Self {
        // The database is compiled in; coordinated universal time would be its only absence.
        Self::named("Europe/Amsterdam").unwrap_or_else(|_| Self::utc())
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// A zone of the IANA database.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an unknown name.
    pub fn named(name: &str) -> Result<Self> {
        TimeZone::get(name).map(Self).map_err(|_| {
            Error::parameter(
                "time_zone",
                quoted(name),
                "an IANA name such as Europe/Amsterdam",
            )
        })
    }

    /// Local date and time of an instant given in seconds since 1970 (UTC).
    #[must_use]
    pub fn local(&self, utc_seconds: i64) -> ZonedDateTime {
        ZonedDateTime::new(
            Timestamp::from_second(utc_seconds).unwrap_or_default(),
            self.0.clone(),
        )
    }

    /// The instant at which a day begins, in seconds since 1970 (UTC).
    #[must_use]
    pub fn start_of_day(&self, date: Date) -> i64 {
        self.0
            .to_zoned_datetime(date.at(0, 0, 0, 0))
            .map_or(i64::MIN, |z| z.timestamp().as_second())
    }

    /// The zone itself.
    #[must_use]
    pub fn as_time_zone(&self) -> &TimeZone {
        &self.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// A column of instants with a flag each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    seconds: Vec<i64>,
    flags: Vec<TimeFlag>,
    zone: Zone,
}

impl Times {
    /// The second that stands for an unknown time.
    pub const UNKNOWN: i64 = i64::MIN;

    /// An empty column; local times are meant in `zone`.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self {
            seconds: Vec::new(),
            flags: Vec::new(),
            zone,
        }
    }

    /// A column of exact instants, in seconds since 1970 (UTC); [`UNKNOWN`](Self::UNKNOWN) marks
    /// a missing one.
    #[must_use]
    pub fn from_utc_seconds(seconds: Vec<i64>, zone: Zone) -> Self {
        let flags = seconds
            .iter()
            .map(|&s| {
                if s == Self::UNKNOWN {
                    TimeFlag::Unknown
                } else {
                    TimeFlag::Exact
                }
            })
            .collect();
        Self {
            seconds,
            flags,
            zone,
        }
    }

    /// A column of instants with a flag each.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one flag per instant.
    pub fn from_columns(seconds: Vec<i64>, flags: Vec<TimeFlag>, zone: Zone) -> Result<Self> {
        if seconds.len() != flags.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} times but {} flags", seconds.len(), flags.len()),
            ));
        }
        Ok(Self {
            seconds,
            flags,
            zone,
        })
    }

    /// Adds an instant.
    pub fn push(&mut self, utc_seconds: i64, flag: TimeFlag) {
        self.seconds.push(if flag == TimeFlag::Unknown {
            Self::UNKNOWN
        } else {
            utc_seconds
        });
        self.flags.push(flag);
    }

    /// How many incidents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }

    /// Seconds since 1970 (UTC), [`UNKNOWN`](Self::UNKNOWN) where there is no time.
    #[must_use]
    pub fn seconds(&self) -> &[i64] {
        &self.seconds
    }

    /// How sure each time is.
    #[must_use]
    pub fn flags(&self) -> &[TimeFlag] {
        &self.flags
    }

    /// The zone in which calendar periods are cut.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// First and last known instant.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        let known = || self.seconds.iter().copied().filter(|&s| s != Self::UNKNOWN);
        Some((known().min()?, known().max()?))
    }

    /// The times at the given positions.
    #[must_use]
    pub fn take(&self, indices: &[u32]) -> Self {
        Self {
            seconds: indices.iter().map(|&i| self.seconds[i as usize]).collect(),
            flags: indices.iter().map(|&i| self.flags[i as usize]).collect(),
            zone: self.zone.clone(),
        }
    }
}
