//! When which kind of incident happens.

use jiff::ToSpan;
use jiff::civil::Date;
use rand::RngExt;

use super::people::{BASELINE_YEAR, LATEST_YEAR};
use crate::error::{Error, Result};
use crate::model::Zone;
use crate::random::Stream;

const YEARS: usize = (LATEST_YEAR - BASELINE_YEAR + 1) as usize;

/// A kind of incident: how many there are and when.
#[derive(Debug)]
pub(super) struct Kind {
    /// The label in the category column.
    pub(super) label: &'static str,
    /// Share of all incidents.
    pub(super) share: f64,
    /// Whether it happens in proportion to youths rather than to residents.
    pub(super) by_youths: bool,
    /// Weight of each year from the baseline year on. The two years of the pandemic stand out in
    /// reports about youth and noise, as they do in the national figures.
    years: [f64; YEARS],
    /// Weight of each month.
    months: [f64; 12],
    /// Weight of each day from Monday on.
    days: [f64; 7],
    /// Weight of each hour of a weekday and of Friday night to Sunday.
    hours: [[f64; 24]; 2],
}

const EVENING: [f64; 24] = [
    5., 3., 1., 0.5, 0.3, 0.2, 0.3, 0.5, 0.8, 1., 1.2, 1.5, 2., 2.2, 2.5, 4., 5., 5.5, 6., 8., 10.,
    12., 12., 9.,
];
const LATE: [f64; 24] = [
    12., 11., 9., 7., 5., 2., 1., 0.5, 0.5, 0.5, 0.6, 0.8, 1., 1.5, 2., 2.5, 3., 4., 5., 6., 8.,
    10., 12., 13.,
];
const HOME: [f64; 24] = [
    7., 5., 3.5, 2.5, 1.5, 1.2, 1.5, 2.5, 3., 3., 3., 3., 3.2, 3.2, 3.2, 3.5, 4., 5., 6., 7., 8.,
    9., 10., 9.,
];
const SHOPPING: [f64; 24] = [
    1.5, 1., 0.8, 0.5, 0.4, 0.4, 0.6, 1.5, 3., 4., 5., 5.5, 6., 6.5, 7., 8., 8., 7., 6., 5.5, 5.,
    4.5, 3.5, 2.5,
];
const WARM: [f64; 12] = [
    0.7, 0.75, 0.9, 1.05, 1.2, 1.25, 1.25, 1.2, 1.1, 1.0, 0.8, 0.8,
];
const EVEN: [f64; 12] = [1.05, 1., 1., 1., 1., 1.05, 1.1, 1.05, 0.95, 0.95, 0.95, 0.9];
const WEEKEND: [f64; 7] = [0.85, 0.85, 0.9, 0.95, 1.25, 1.3, 0.9];
const FLAT: [f64; 7] = [1., 1., 1., 1., 1.05, 1.05, 0.9];
const SCHOOL: [f64; 7] = [1.05, 1.1, 1.1, 1.1, 1.15, 0.9, 0.6];

/// The kinds of incident of every synthetic city.
pub(super) const KINDS: [Kind; 6] = [
    Kind {
        label: "jeugdoverlast",
        share: 0.36,
        by_youths: false,
        years: [1.0, 0.96, 0.98, 1.5, 1.3, 1.0, 0.95, 0.9],
        months: WARM,
        days: WEEKEND,
        hours: [EVENING, EVENING],
    },
    Kind {
        label: "woonoverlast",
        share: 0.34,
        by_youths: false,
        years: [1.0, 1.0, 1.03, 1.4, 1.3, 1.05, 1.0, 1.0],
        months: EVEN,
        days: FLAT,
        hours: [HOME, LATE],
    },
    Kind {
        label: "jeugdcriminaliteit",
        share: 0.10,
        by_youths: true,
        years: [1.0, 0.98, 0.97, 0.85, 0.85, 0.95, 0.95, 0.92],
        months: EVEN,
        days: SCHOOL,
        hours: [SHOPPING, EVENING],
    },
    Kind {
        label: "overlast verward persoon",
        share: 0.10,
        by_youths: false,
        years: [1.0, 1.08, 1.15, 1.3, 1.35, 1.4, 1.5, 1.5],
        months: EVEN,
        days: FLAT,
        hours: [HOME, HOME],
    },
    Kind {
        label: "overlast alcohol/drugs",
        share: 0.06,
        by_youths: false,
        years: [1.0, 1.05, 1.1, 1.3, 1.25, 1.3, 1.3, 1.3],
        months: WARM,
        days: WEEKEND,
        hours: [EVENING, LATE],
    },
    Kind {
        label: "vernieling",
        share: 0.04,
        by_youths: false,
        years: [1.0, 0.95, 0.9, 0.95, 0.85, 0.85, 0.8, 0.8],
        months: EVEN,
        days: WEEKEND,
        hours: [EVENING, LATE],
    },
];

/// All days from the baseline year to the end of the latest year, with the instants of their
/// hours.
#[derive(Debug)]
pub(super) struct Calendar {
    /// Seconds since 1970 (UTC) of each hour of each day in local time.
    hours: Vec<i64>,
    /// Day of the week of each day, Monday is 0.
    weekday: Vec<u8>,
    /// First day of each year.
    first: [usize; YEARS],
    /// For each kind the running sums of the weights of the days.
    days: Vec<Vec<f64>>,
    /// For each kind and day of the week the running sums of the weights of the hours.
    hour_sums: Vec<[[f64; 24]; 7]>,
}

impl Calendar {
    pub(super) fn new(zone: &Zone) -> Result<Self> {
        let defect = |e: jiff::Error| Error::internal(format!("calendar: {e}"));
        let start = Date::new(BASELINE_YEAR, 1, 1).map_err(defect)?;
        let end = Date::new(LATEST_YEAR + 1, 1, 1).map_err(defect)?;
        let mut calendar = Self {
            hours: Vec::new(),
            weekday: Vec::new(),
            first: [0; YEARS],
            days: vec![Vec::new(); KINDS.len()],
            hour_sums: KINDS.iter().map(Kind::hour_sums).collect(),
        };
        let mut date = start;
        while date < end {
            let year = (date.year() - BASELINE_YEAR) as usize;
            if date.day_of_year() == 1 {
                calendar.first[year] = calendar.weekday.len();
            }
            let weekday = date.weekday().to_monday_zero_offset() as usize;
            for hour in 0..24 {
                // In the hour that summer time skips, this is the hour after it.
                let instant = zone
                    .as_time_zone()
                    .to_zoned_datetime(date.at(hour, 0, 0, 0))
                    .map_err(defect)?;
                calendar.hours.push(instant.timestamp().as_second());
            }
            for (kind, sums) in KINDS.iter().zip(&mut calendar.days) {
                let weight =
                    kind.years[year] * kind.months[date.month() as usize - 1] * kind.days[weekday];
                sums.push(sums.last().copied().unwrap_or(0.0) + weight);
            }
            calendar.weekday.push(weekday as u8);
            date = date.checked_add(1.day()).map_err(defect)?;
        }
        Ok(calendar)
    }

    /// Number of days.
    pub(super) fn days(&self) -> usize {
        self.weekday.len()
    }

    /// The first day of a year, counted from the baseline year.
    pub(super) fn first_day(&self, years_on: usize) -> usize {
        self.first.get(years_on).copied().unwrap_or(0)
    }

    /// The first second of a day.
    pub(super) fn start_of_day(&self, day: usize) -> i64 {
        self.hours[24 * day]
    }

    /// Which share of the incidents of a kind happens from a day on.
    pub(super) fn share_from(&self, kind: usize, day: usize) -> f64 {
        let sums = &self.days[kind];
        let before = day.checked_sub(1).map_or(0.0, |d| sums[d]);
        1.0 - before / sums.last().copied().unwrap_or(1.0)
    }

    /// A day for an incident of a kind, not before `from`.
    pub(super) fn draw_day(&self, random: &mut Stream, kind: usize, from: usize) -> usize {
        let sums = &self.days[kind];
        let before = from.checked_sub(1).map_or(0.0, |d| sums[d]);
        let total = sums.last().copied().unwrap_or(1.0);
        let at = before + (total - before) * random.random::<f64>();
        sums.partition_point(|s| *s <= at).min(sums.len() - 1)
    }

    /// An instant on a day for an incident of a kind, at a whole minute.
    pub(super) fn draw_minute(&self, random: &mut Stream, kind: usize, day: usize) -> i64 {
        let sums = &self.hour_sums[kind][self.weekday[day] as usize];
        let at = sums[23] * random.random::<f64>();
        let hour = sums.partition_point(|s| *s <= at).min(23);
        // Midnight sharp is what registers write for an unknown time.
        let first = i64::from(hour == 0);
        self.hours[24 * day + hour] + 60 * random.random_range(first..60)
    }
}

impl Kind {
    fn hour_sums(&self) -> [[f64; 24]; 7] {
        std::array::from_fn(|weekday| {
            let mut sum = 0.0;
            std::array::from_fn(|hour| {
                // The weekend begins on Friday evening and ends on Sunday evening.
                let weekend = match weekday {
                    4 => hour >= 18,
                    5 => true,
                    6 => hour < 18,
                    _ => false,
                };
                sum += self.hours[usize::from(weekend)][hour];
                sum
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_days_cover_eight_years() {
        let total: f64 = KINDS.iter().map(|k| k.share).sum();
        assert!((total - 1.0).abs() < 1e-12);
        let calendar = Calendar::new(&Zone::amsterdam()).unwrap();
        assert_eq!(calendar.days(), 8 * 365 + 2);
        assert_eq!(calendar.first_day(1), 365);
        assert_eq!(
            calendar.start_of_day(0),
            1_483_225_200,
            "2016-12-31 23:00 UTC"
        );
        assert!((calendar.share_from(0, 0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn draws_follow_the_weights() {
        let calendar = Calendar::new(&Zone::amsterdam()).unwrap();
        let zone = Zone::amsterdam();
        let mut random = crate::random::stream(1, 1);
        let (mut evening, mut morning) = (0, 0);
        for _ in 0..5_000 {
            let day = calendar.draw_day(&mut random, 0, calendar.first_day(7));
            assert!(day >= calendar.first_day(7));
            let local = zone.local(calendar.draw_minute(&mut random, 0, day));
            assert_eq!(local.year(), 2024);
            evening += i32::from((20..23).contains(&local.hour()));
            morning += i32::from((5..8).contains(&local.hour()));
        }
        assert!(evening > 20 * morning, "{evening} {morning}");
    }
}
