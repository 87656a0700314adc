//! What clocks and calendars showed, also of an incident that happened between two times.

use jiff::ZonedDateTime;

use crate::error::{Error, Fault, Result};
use crate::model::{Period, TimeFlag, Times, Zone, aoristic_shares};
use crate::parallel::Workers;

/// Longer between two times than this, and an incident counts as one without a time.
const LONGEST: i64 = 366 * 86_400;

/// The hour, day and month of an incident, as far as they are known; all from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) month: u8,
    pub(super) weekday: Option<u8>,
    pub(super) hour: Option<u8>,
}

impl Moment {
    /// Every hour of the week in every month.
    pub(super) fn every_hour() -> impl Iterator<Item = Self> {
        let days = (0..12).flat_map(|month| (0..7).map(move |weekday| (month, weekday)));
        days.flat_map(|(month, weekday)| {
            (0..24).map(move |hour| Self {
                month,
                weekday: Some(weekday),
                hour: Some(hour),
            })
        })
    }
}

/// For each incident the moments at which it may have happened, with their shares.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    end: Vec<u32>,
    moments: Vec<(Moment, f64)>,
}

impl Calendar {
    /// Reads times and, where given, the latest times at which incidents may have happened.
    pub(super) fn of(times: &Times, ends: Option<&Times>, workers: &Workers) -> Result<Self> {
        let months_only = times.months_only();
        let pieces = workers.map_ranges(times.len(), 1 << 12, |range| {
            let mut piece = Self::default();
            for i in range {
                piece.push(times, ends, i, months_only);
            }
            piece
        })?;
        let mut out = Self::default();
        for piece in pieces {
            let before = out.moments.len();
            u32::try_from(before + piece.moments.len()).map_err(|_| {
                Error::input(
                    Fault::NumberOutOfRange,
                    "the times are spread over more than 2^32 hours; select fewer incidents",
                )
            })?;
            out.end.extend(piece.end.iter().map(|e| e + before as u32));
            out.moments.extend(piece.moments);
        }
        Ok(out)
    }

    /// The moments of an incident with shares that sum to one; none where no time is known.
    pub(super) fn moments(&self, incident: usize) -> &[(Moment, f64)] {
        let start = incident.checked_sub(1).map_or(0, |i| self.end[i] as usize);
        &self.moments[start..self.end[incident] as usize]
    }

    fn push(&mut self, times: &Times, ends: Option<&Times>, i: usize, months_only: bool) {
        let zone = times.zone();
        let from = times.seconds()[i];
        let end = ends.filter(|e| e.flags()[i] != TimeFlag::Unknown && e.seconds()[i] >= from);
        let has_hour = |flag| !matches!(flag, TimeFlag::DateOnly | TimeFlag::MidnightSuspect);
        let clock = has_hour(times.flags()[i]) && end.is_none_or(|e| has_hour(e.flags()[i]));
        let to = end.map_or(from, |e| e.until(i));
        let known = from != Times::UNKNOWN && to.saturating_sub(from) <= LONGEST;
        if known && (to <= from || (months_only && ends.is_none())) {
            let shown = zone.local(from);
            self.moments.push((moment(&shown, clock, months_only), 1.0));
        } else if known {
            let hours = clock_hours(from, to, zone);
            for (hour, share) in aoristic_shares(from, to, &hours) {
                // The hour before a change of the clocks shows what its beginning shows.
                let shown = moment(&zone.local(hours[hour].start.max(from)), clock, false);
                match self.moments.last_mut() {
                    Some((last, sum)) if hour > 0 && *last == shown => *sum += share,
                    _ => self.moments.push((shown, share)),
                }
            }
        }
        self.end.push(self.moments.len() as u32);
    }
}

fn moment(shown: &ZonedDateTime, clock: bool, months_only: bool) -> Moment {
    let weekday = shown.weekday().to_monday_zero_offset();
    Moment {
        month: (shown.month() - 1).unsigned_abs(),
        weekday: (!months_only).then_some(weekday.unsigned_abs()),
        hour: clock.then_some(shown.hour().unsigned_abs()),
    }
}

/// The hours that clocks showed between two times, whole at both ends.
fn clock_hours(from: i64, to: i64, zone: &Zone) -> Vec<Period> {
    let shown = zone.local(from);
    let into = i64::from(shown.minute()) * 60 + i64::from(shown.second());
    let count = (to - from + into + 3_599) / 3_600;
    let hour = |k: i64| {
        let start = from - into + 3_600 * k;
        Period::between_instants(start, start + 3_600)
    };
    (0..count).map(hour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(from: &[&str], to: &[&str]) -> Calendar {
        let read = |texts: &[&str]| {
            let mut times = Times::new(Zone::amsterdam());
            for text in texts {
                match text.parse::<jiff::Timestamp>() {
                    Ok(instant) => times.push(instant.as_second(), TimeFlag::Exact),
                    Err(_) => match text.parse() {
                        Ok(local) => times.push_local(local, text.len() == 10),
                        Err(_) => times.push(Times::UNKNOWN, TimeFlag::Unknown),
                    },
                }
            }
            times
        };
        Calendar::of(&read(from), Some(&read(to)), &Workers::new(1).unwrap()).unwrap()
    }

    #[test]
    fn the_night_that_summer_time_ends_has_an_hour_more() {
        let file = include_str!("../../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let night = calendar(&["2021-10-30T22:30:00Z"], &["2021-10-31T03:00:00Z"]);
        let mut hours = [0.0; 24];
        for (moment, share) in night.moments(0) {
            assert_eq!((moment.weekday, moment.month), (Some(6), 9));
            hours[usize::from(moment.hour.unwrap())] += share;
        }
        for (hour, share) in hours.iter().enumerate() {
            let want = golden["aoristic_dst"]["w"][hour.to_string()]
                .as_f64()
                .unwrap_or(0.0);
            assert!((share - want).abs() < 1e-9, "{hour} {share} {want}");
        }
    }

    #[test]
    fn what_is_known_of_the_time_is_used_and_no_more() {
        let read = calendar(
            &[
                "2024-05-17T22:30",
                "2024-05-17",
                "2024-05-17T00:00",
                "",
                "2024-05-17T22:30",
            ],
            &["", "2024-05-18", "", "", "2025-06-17T22:30"],
        );
        let friday = Moment {
            month: 4,
            weekday: Some(4),
            hour: Some(22),
        };
        assert_eq!(read.moments(0), [(friday, 1.0)]);
        let day = |weekday| Moment {
            hour: None,
            weekday: Some(weekday),
            ..friday
        };
        let two_days = read.moments(1);
        assert_eq!(
            two_days.iter().map(|m| m.0).collect::<Vec<_>>(),
            [day(4), day(5)]
        );
        assert!(two_days.iter().all(|m| (m.1 - 0.5).abs() < 1e-12));
        assert_eq!(
            read.moments(2),
            [(day(4), 1.0)],
            "midnight may stand for no hour"
        );
        assert!(read.moments(3).is_empty());
        assert!(
            read.moments(4).is_empty(),
            "a span of thirteen months tells nothing"
        );
    }

    #[test]
    fn a_span_of_whole_weeks_is_even_over_the_week() {
        let read = calendar(&["2024-05-01T10:20"], &["2024-05-15T10:20"]);
        let mut week = [0.0; 168];
        for (moment, share) in read.moments(0) {
            week[24 * usize::from(moment.weekday.unwrap()) + usize::from(moment.hour.unwrap())] +=
                share;
        }
        assert!(week.iter().all(|w| (w * 168.0 - 1.0).abs() < 1e-9));
    }

    #[test]
    fn files_of_months_know_no_weekday() {
        let seconds: Vec<i64> = ["2024-05-01", "2024-06-01"]
            .map(|d| Zone::utc().start_of_day(d.parse().unwrap()))
            .into();
        let times = Times::from_local_seconds(&seconds, true, Zone::amsterdam());
        let read = Calendar::of(&times, None, &Workers::new(1).unwrap()).unwrap();
        let may = Moment {
            month: 4,
            weekday: None,
            hour: None,
        };
        assert_eq!(read.moments(0), [(may, 1.0)]);
    }
}
