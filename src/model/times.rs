//! When incidents happened, and how sure that is.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
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
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
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

    /// The instant at which the day after that of an instant begins.
    pub(crate) fn day_after(&self, instant: i64) -> i64 {
        let date = self.local(instant).date();
        date.tomorrow()
            .map_or(instant, |next| self.start_of_day(next))
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

#[cfg(feature = "serde")]
impl TryFrom<String> for Zone {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::named(&name)
    }
}

#[cfg(feature = "serde")]
impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

/// A column of instants with a flag each.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

    /// A column of local times, in seconds since 1970-01-01 00:00 on the clocks of `zone`;
    /// [`UNKNOWN`](Self::UNKNOWN) marks a missing one.
    ///
    /// Times that the start of summer time skipped are read as one hour later, times that its end
    /// repeated as the earlier, and both are flagged.
    #[must_use]
    pub fn from_local_seconds(seconds: &[i64], date_only: bool, zone: Zone) -> Self {
        let mut out = Self::new(zone);
        for &second in seconds {
            let local = Timestamp::from_second(second)
                .map(|t| TimeZone::UTC.to_datetime(t))
                .ok()
                .filter(|_| second != Self::UNKNOWN);
            match local {
                Some(local) => out.push_local(local, date_only),
                None => out.push(Self::UNKNOWN, TimeFlag::Unknown),
            }
        }
        out
    }

    /// Adds a local time; midnight sharp is suspected to stand for an unknown time of day.
    pub fn push_local(&mut self, local: DateTime, date_only: bool) {
        let read = self.zone.0.to_ambiguous_timestamp(local);
        let flag = match read.offset() {
            _ if date_only => TimeFlag::DateOnly,
            AmbiguousOffset::Gap { .. } => TimeFlag::NonexistentLocal,
            AmbiguousOffset::Fold { .. } => TimeFlag::AmbiguousLocal,
            AmbiguousOffset::Unambiguous { .. } if local.time() == Time::midnight() => {
                TimeFlag::MidnightSuspect
            }
            AmbiguousOffset::Unambiguous { .. } => TimeFlag::Exact,
        };
        match read.compatible() {
            Ok(instant) => self.push(instant.as_second(), flag),
            Err(_) => self.push(Self::UNKNOWN, TimeFlag::Unknown),
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

    /// Up to when a time may be meant as an end: "until 5 May" includes that day.
    pub(crate) fn until(&self, row: usize) -> i64 {
        match self.flags[row] {
            TimeFlag::DateOnly => self.zone.day_after(self.seconds[row]),
            _ => self.seconds[row],
        }
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

    /// Whether every known time is the first of a month without a time of day, as in files that
    /// know months only.
    #[must_use]
    pub fn months_only(&self) -> bool {
        let mut known = self
            .seconds
            .iter()
            .zip(&self.flags)
            .filter(|(s, _)| **s != Self::UNKNOWN);
        known.all(|(&s, &flag)| flag == TimeFlag::DateOnly && self.zone.local(s).date().day() == 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_and_repeated_hours_are_read_one_way_and_flagged() {
        let local = |text: &str| text.parse::<DateTime>().unwrap();
        let mut times = Times::new(Zone::amsterdam());
        for text in [
            "2024-03-31T02:30:00",
            "2024-10-27T02:30:00",
            "2024-07-01T12:00:00",
            "2024-07-01T00:00:00",
        ] {
            times.push_local(local(text), false);
        }
        let instants = [
            "2024-03-31T01:30:00Z",
            "2024-10-27T00:30:00Z",
            "2024-07-01T10:00:00Z",
            "2024-06-30T22:00:00Z",
        ];
        for (second, instant) in times.seconds().iter().zip(instants) {
            assert_eq!(*second, instant.parse::<Timestamp>().unwrap().as_second());
        }
        assert_eq!(
            times.flags(),
            [
                TimeFlag::NonexistentLocal,
                TimeFlag::AmbiguousLocal,
                TimeFlag::Exact,
                TimeFlag::MidnightSuspect
            ]
        );
        let noon =
            Times::from_local_seconds(&[1_719_835_200, Times::UNKNOWN], false, Zone::amsterdam());
        assert_eq!(noon.seconds(), [1_719_828_000, Times::UNKNOWN]);
        assert_eq!(noon.flags(), [TimeFlag::Exact, TimeFlag::Unknown]);
    }
}
