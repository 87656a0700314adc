//! Stretches of time.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::times::{Times, Zone};
use crate::error::{Error, Result};

/// The length of a calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Step {
    /// A week from Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

impl Step {
    /// The step with this English name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other word.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "quarter" => Ok(Self::Quarter),
            "year" => Ok(Self::Year),
            other => Err(Error::parameter(
                "step",
                other,
                "week, month, quarter or year",
            )),
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The first day of the period that holds `day`.
    fn floor(self, day: Date) -> Date {
        match self {
            Self::Week => {
                let since = day.weekday().since(Weekday::Monday);
                day.saturating_sub(i64::from(since).days())
            }
            Self::Month => day.first_of_month(),
            Self::Quarter => {
                let month = day.month() - (day.month() - 1) % 3;
                Date::new(day.year(), month, 1).unwrap_or(day)
            }
            Self::Year => day.first_of_year(),
        }
    }

    fn after(self, start: Date) -> Date {
        start.saturating_add(match self {
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Year => 1.year(),
        })
    }

    /// The date so many steps before another.
    fn before(self, end: Date, count: i32) -> Date {
        let count = i64::from(count);
        end.saturating_sub(match self {
            Self::Week => count.weeks(),
            Self::Month => count.months(),
            Self::Quarter => (3 * count).months(),
            Self::Year => count.years(),
        })
    }

    fn label(self, start: Date) -> String {
        match self {
            Self::Week => {
                let week = start.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{}-{:02}", start.year(), start.month()),
            Self::Quarter => format!("{}-Q{}", start.year(), (start.month() + 2) / 3),
            Self::Year => start.year().to_string(),
        }
    }
}

/// A half-open stretch of time `[start, end)`, in seconds since 1970 (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Period {
    /// First second inside.
    pub start: i64,
    /// First second after.
    pub end: i64,
    /// What people call it, such as `2017` or `2017-03`.
    pub label: String,
}

/// March 2020 to February 2022 (UTC), when measures against the epidemic changed what was reported.
const UNUSUAL: (i64, i64) = (1_583_020_800, 1_646_092_800);

impl Period {
    /// A calendar year in a time zone.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a year outside 1 to 9998.
    pub fn year(year: i16, zone: &Zone) -> Result<Self> {
        let first = Date::new(year, 1, 1)
            .ok()
            .filter(|_| (1..9999).contains(&year))
            .ok_or_else(|| Error::parameter("year", year, "a calendar year from 1 to 9998"))?;
        Ok(Self::between(
            first,
            Step::Year.after(first),
            zone,
            year.to_string(),
        ))
    }

    /// The calendar period of a length that begins in a month.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a year outside 1 to 9998 or a month outside 1 to 12.
    pub fn starting(year: i16, month: i8, step: Step, zone: &Zone) -> Result<Self> {
        let first = Date::new(year, month, 1)
            .ok()
            .filter(|_| (1..9999).contains(&year))
            .ok_or_else(|| {
                Error::parameter("period", format!("{year}-{month}"), "a year and a month")
            })?;
        Ok(Self::between(
            first,
            step.after(first),
            zone,
            step.label(first),
        ))
    }

    /// From the start of day `first` to the start of day `after`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `after` is not later than `first`.
    pub fn days(first: Date, after: Date, zone: &Zone) -> Result<Self> {
        if after <= first {
            return Err(Error::parameter(
                "period",
                format!("{first} to {after}"),
                "an end after its start",
            ));
        }
        let last = after.yesterday().unwrap_or(first);
        Ok(Self::between(
            first,
            after,
            zone,
            format!("{first} to {last}"),
        ))
    }

    /// The time between two instants, without a name.
    pub(crate) fn between_instants(start: i64, end: i64) -> Self {
        Self {
            start,
            end,
            label: String::new(),
        }
    }

    fn between(first: Date, after: Date, zone: &Zone, label: String) -> Self {
        Self {
            start: zone.start_of_day(first),
            end: zone.start_of_day(after),
            label,
        }
    }

    /// The consecutive calendar periods that cover every known time, first to last.
    #[must_use]
    pub fn steps(times: &Times, step: Step) -> Vec<Self> {
        let Some((first, last)) = times.range() else {
            return Vec::new();
        };
        let zone = times.zone();
        let last = zone.local(last).date();
        let mut start = step.floor(zone.local(first).date());
        let mut out = Vec::new();
        while start <= last {
            let next = step.after(start);
            if next <= start {
                break;
            }
            out.push(Self::between(start, next, zone, step.label(start)));
            start = next;
        }
        out
    }

    /// The consecutive periods of one calendar length that end at `end` and reach back to `first`,
    /// both in seconds since 1970 (UTC); the first of them holds `first`.
    ///
    /// An end within a day is moved to the end of that day. Where it is the border of a calendar
    /// period, so are all others; else each period runs from one date to the day before its
    /// like, such as 2024-05-15 to 2024-06-14.
    #[must_use]
    pub fn steps_back(first: i64, end: i64, step: Step, zone: &Zone) -> Vec<Self> {
        let day = zone.local(end).date();
        let end = if zone.start_of_day(day) < end {
            day.saturating_add(1.day())
        } else {
            day
        };
        let calendar = step.floor(end) == end;
        let mut out = Vec::new();
        let mut after = end;
        for count in 1.. {
            let start = step.before(end, count);
            if start >= after || zone.start_of_day(after) <= first {
                break;
            }
            let label = if calendar {
                step.label(start)
            } else {
                format!("{start} to {}", after.yesterday().unwrap_or(start))
            };
            out.push(Self::between(start, after, zone, label));
            after = start;
        }
        out.reverse();
        out
    }

    /// The end of the calendar period that holds an instant; both in seconds since 1970 (UTC).
    #[must_use]
    pub fn end_of_step(instant: i64, step: Step, zone: &Zone) -> i64 {
        let start = step.floor(zone.local(instant).date());
        zone.start_of_day(step.after(start))
    }

    /// Whether an instant falls inside.
    #[must_use]
    pub fn contains(&self, utc_seconds: i64) -> bool {
        utc_seconds >= self.start && utc_seconds < self.end
    }

    /// Whether it touches March 2020 to February 2022, when reports of nuisance rose with the
    /// measures against the epidemic.
    #[must_use]
    pub fn is_unusual(&self) -> bool {
        self.start < UNUSUAL.1 && self.end > UNUSUAL.0
    }

    /// The calendar year in which the period ends.
    #[must_use]
    pub fn last_year(&self, zone: &Zone) -> i16 {
        zone.local(self.end - 1).year()
    }

    /// Length in years of 365.25 days.
    #[must_use]
    pub fn years(&self) -> f64 {
        (self.end - self.start) as f64 / (365.25 * 86_400.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_at_local_midnight() {
        let year = Period::year(2017, &Zone::amsterdam()).unwrap();
        assert_eq!(year.start, 1_483_225_200, "2016-12-31 23:00 UTC");
        assert_eq!(year.end - year.start, 365 * 86_400);
        assert_eq!(year.last_year(&Zone::amsterdam()), 2017);
    }

    #[test]
    fn years_that_touch_the_epidemic_are_unusual() {
        let unusual = |y: i16| Period::year(y, &Zone::amsterdam()).unwrap().is_unusual();
        let years: Vec<i16> = (2015..2027).filter(|y| unusual(*y)).collect();
        assert_eq!(years, [2020, 2021, 2022]);
    }

    #[test]
    fn steps_cover_the_times_without_gaps() {
        // 2024-03-30 12:00 to 2024-04-02 12:00, across the start of summer time.
        let times = Times::from_utc_seconds(vec![1_711_796_400, 1_712_052_000], Zone::amsterdam());
        let months = Period::steps(&times, Step::Month);
        assert_eq!(
            months.iter().map(|p| p.label.as_str()).collect::<Vec<_>>(),
            ["2024-03", "2024-04"]
        );
        assert_eq!(months[0].end, months[1].start);
        assert_eq!(months[0].end - months[0].start, 31 * 86_400 - 3_600);
        assert_eq!(Period::steps(&times, Step::Week)[0].label, "2024-W13");
        assert_eq!(Period::steps(&times, Step::Quarter)[1].label, "2024-Q2");
    }
    #[test]
    fn steps_can_be_counted_back_from_an_end() {
        let zone = Zone::amsterdam();
        let at = |text: &str| {
            let date: Date = text.parse().unwrap();
            zone.start_of_day(date)
        };
        let labels = |first: &str, end: i64, step| {
            Period::steps_back(at(first), end, step, &zone)
                .into_iter()
                .map(|p| p.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels("2024-01-31", at("2024-04-01"), Step::Month),
            ["2024-01", "2024-02", "2024-03"]
        );
        assert_eq!(
            labels("2024-02-01", at("2024-04-01"), Step::Month),
            ["2024-02", "2024-03"]
        );
        // The end of a day in its middle.
        assert_eq!(
            labels("2024-03-12", at("2024-04-14") + 50_000, Step::Month),
            ["2024-02-15 to 2024-03-14", "2024-03-15 to 2024-04-14"]
        );
        // Lengths are counted from the end, so that short months do not shift the others.
        let monthly = Period::steps_back(at("2023-12-31"), at("2024-03-31"), Step::Month, &zone);
        assert_eq!(monthly[0].start, at("2023-12-31"));
        assert_eq!(monthly[1].start, at("2024-01-31"));
        assert_eq!(monthly[2].start, at("2024-02-29"));
        assert!(monthly.windows(2).all(|p| p[0].end == p[1].start));
        assert!(
            Period::steps_back(at("2024-04-01"), at("2024-04-01"), Step::Year, &zone).is_empty()
        );
        assert_eq!(
            Period::end_of_step(at("2024-05-07"), Step::Quarter, &zone),
            at("2024-07-01")
        );
    }
}
