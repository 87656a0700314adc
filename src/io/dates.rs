//! Dates and times as people write them.

use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;

use super::day_offsets::DayOffsets;
use super::numbers::{Number, is_missing, parse as parse_number};
use crate::error::{Error, Fault, Result};
use crate::model::{RejectReason, TimeFlag, Times, Zone};

/// The first year that is believed; earlier dates are the default values of old systems.
pub(super) const FIRST_YEAR: i16 = 1950;

/// Which of the first two numbers of `1-2-2023` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayOrder {
    DayFirst,
    MonthFirst,
}

/// Evidence from a whole column about the order of day and month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OrderEvidence {
    day_first: u64,
    month_first: u64,
    either: u64,
    first_day: Option<u64>,
    first_month: Option<u64>,
}

impl OrderEvidence {
    fn add(&mut self, a: u32, b: u32, row: u64) {
        if a > 12 && b <= 12 {
            self.day_first += 1;
            self.first_day.get_or_insert(row);
        } else if b > 12 && a <= 12 {
            self.month_first += 1;
            self.first_month.get_or_insert(row);
        } else {
            self.either += 1;
        }
    }

    /// Adds the evidence of a later piece whose rows start at `offset`.
    pub(super) fn merge(&mut self, other: &Self, offset: u64) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.either += other.either;
        self.first_day = self.first_day.or(other.first_day.map(|r| r + offset));
        self.first_month = self.first_month.or(other.first_month.map(|r| r + offset));
    }

    /// Whether a date can be read in one way only.
    pub(super) fn is_certain(&self) -> bool {
        self.day_first > 0 || self.month_first > 0
    }

    /// The order with the reason; `None` when no date needs it.
    pub(super) fn decide(&self) -> Result<Option<(DayOrder, String)>> {
        match (self.day_first, self.month_first) {
            (0, 0) if self.either == 0 => Ok(None),
            (0, 0) => Ok(Some((
                DayOrder::DayFirst,
                "no date has a number above 12 in one place; day first is the habit here".into(),
            ))),
            (d, 0) => Ok(Some((
                DayOrder::DayFirst,
                format!("{d} dates have a first number above 12"),
            ))),
            (0, m) => Ok(Some((
                DayOrder::MonthFirst,
                format!("{m} dates have a second number above 12"),
            ))),
            (d, m) => Err(Error::input(
                Fault::AmbiguousDate,
                format!(
                    "{d} dates can only be day-month (first in row {}) and {m} only month-day \
                     (first in row {}); write dates as yyyy-mm-dd",
                    self.first_day.unwrap_or_default(),
                    self.first_month.unwrap_or_default()
                ),
            )),
        }
    }
}

/// A time zone prepared for a million conversions: the offset of every day without a change.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Zone,
    offsets: DayOffsets,
    now: i64,
}

/// What a field that should be a time turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    At(i64, TimeFlag),
    Reject(RejectReason),
}

const UNKNOWN: Moment = Moment::At(Times::UNKNOWN, TimeFlag::Unknown);

impl Clock {
    pub(super) fn new(zone: Zone, now: i64) -> Self {
        let offsets = DayOffsets::of(&zone);
        Self { zone, offsets, now }
    }

    pub(super) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The instant of a local time.
    fn local(&self, day: i64, second: i64, civil: &Civil) -> (i64, Option<TimeFlag>) {
        if let Some(offset) = self.offsets.at(day) {
            return (day * 86_400 + second - i64::from(offset), None);
        }
        let Ok(time) = DateTime::new(
            civil.year,
            civil.month as i8,
            civil.day as i8,
            (second / 3600) as i8,
            (second / 60 % 60) as i8,
            (second % 60) as i8,
            0,
        ) else {
            return (Times::UNKNOWN, Some(TimeFlag::Unknown));
        };
        let ambiguous = self.zone.as_time_zone().to_ambiguous_timestamp(time);
        let flag = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => Some(TimeFlag::NonexistentLocal),
            AmbiguousOffset::Fold { .. } => Some(TimeFlag::AmbiguousLocal),
            AmbiguousOffset::Unambiguous { .. } => None,
        };
        match ambiguous.compatible() {
            Ok(instant) => (instant.as_second(), flag),
            Err(_) => (Times::UNKNOWN, Some(TimeFlag::Unknown)),
        }
    }

    /// Reads a time; the order of day and month goes to the evidence.
    pub(super) fn read(
        &self,
        text: &[u8],
        order: DayOrder,
        row: u64,
        evidence: &mut OrderEvidence,
    ) -> Moment {
        let text = text.trim_ascii();
        let Some(civil) = Civil::parse(text, order, row, evidence) else {
            return unreadable(text);
        };
        if civil.year < FIRST_YEAR {
            return Moment::Reject(RejectReason::DateBeforeMinimum);
        }
        let day = days_from_civil(civil.year, civil.month, civil.day);
        let second = i64::from(civil.second.unwrap_or(0));
        let (instant, flag) = match civil.offset {
            Some(offset) => (day * 86_400 + second - i64::from(offset), None),
            None => self.local(day, second, &civil),
        };
        if instant > self.now {
            return Moment::Reject(RejectReason::DateInFuture);
        }
        let flag = match (flag, civil.second) {
            (_, None) => TimeFlag::DateOnly,
            (Some(flag), _) => flag,
            (None, Some(0)) => TimeFlag::MidnightSuspect,
            (None, Some(_)) => TimeFlag::Exact,
        };
        Moment::At(instant, flag)
    }
}

/// A field that is no date: a spreadsheet's day number, nothing, or a word.
fn unreadable(text: &[u8]) -> Moment {
    if is_missing(text) || text.len() > 24 {
        return UNKNOWN;
    }
    let decimal = if text.contains(&b',') { b',' } else { b'.' };
    match parse_number(text, decimal) {
        // From the year 1927 to the day that five digits run out.
        Number::Value(v) if (10_000.0..100_000.0).contains(&v) => {
            Moment::Reject(RejectReason::ExcelSerialDate)
        }
        _ => UNKNOWN,
    }
}

/// A written date with, where given, time of day and offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Civil {
    year: i16,
    month: u32,
    day: u32,
    /// Second of the day; `None` for a bare date.
    second: Option<u32>,
    /// Seconds east of Greenwich, where written.
    offset: Option<i32>,
}

impl Civil {
    fn parse(text: &[u8], order: DayOrder, row: u64, evidence: &mut OrderEvidence) -> Option<Self> {
        let (a, rest) = digits(text)?;
        let (&mark, rest) = rest.split_first()?;
        if !matches!(mark, b'-' | b'/' | b'.') {
            return None;
        }
        let (b, rest) = digits(rest)?;
        let (year, month, day, rest) = if a.width == 4 {
            let (day, rest) = match rest.split_first() {
                Some((&m, rest)) if m == mark => {
                    let (c, rest) = digits(rest)?;
                    (c.value, rest)
                }
                // A bare month.
                None if b.width == 2 => (1, rest),
                _ => return None,
            };
            (a.value, b.value, day, rest)
        } else {
            let (&m, rest) = rest.split_first()?;
            let (c, rest) = digits(rest)?;
            if m != mark || a.width > 2 || b.width > 2 {
                return None;
            }
            let year = match (c.width, c.value) {
                (4, year) => year,
                (2, short) if short < 69 => 2000 + short,
                (2, short) => 1900 + short,
                _ => return None,
            };
            let in_range = (1..=31).contains(&a.value)
                && (1..=31).contains(&b.value)
                && a.value.min(b.value) <= 12;
            if in_range {
                evidence.add(a.value, b.value, row);
            }
            match order {
                DayOrder::DayFirst => (year, b.value, a.value, rest),
                DayOrder::MonthFirst => (year, a.value, b.value, rest),
            }
        };
        let year = i16::try_from(year).ok()?;
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        let date = Self {
            year,
            month,
            day,
            second: None,
            offset: None,
        };
        date.with_time(rest)
    }

    fn with_time(mut self, rest: &[u8]) -> Option<Self> {
        let Some((&mark, rest)) = rest.split_first() else {
            return Some(self);
        };
        if !matches!(mark, b'T' | b't' | b' ') {
            return None;
        }
        let (hour, rest) = digits(rest.trim_ascii_start())?;
        let rest = rest.strip_prefix(b":")?;
        let (minute, rest) = digits(rest)?;
        let (second, mut rest) = match rest.strip_prefix(b":") {
            Some(rest) => {
                let (s, rest) = digits(rest)?;
                (s.value, rest)
            }
            None => (0, rest),
        };
        if let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            let (_, after) = digits(fraction)?;
            rest = after;
        }
        let mut hour = hour.value;
        let rest = rest.trim_ascii_start();
        let rest = match rest.get(..2).map(<[u8]>::to_ascii_lowercase).as_deref() {
            Some(half @ (b"am" | b"pm")) => {
                if !(1..=12).contains(&hour) {
                    return None;
                }
                hour = hour % 12 + if half == b"pm" { 12 } else { 0 };
                &rest[2..]
            }
            _ => rest,
        };
        // A leap second is counted with the second before it.
        if hour > 23 || minute.value > 59 || second > 60 {
            return None;
        }
        self.second = Some(hour * 3600 + minute.value * 60 + second.min(59));
        self.offset = match rest {
            [] => None,
            b"Z" | b"z" | b"UTC" => Some(0),
            [sign @ (b'+' | b'-'), rest @ ..] => {
                let (hours, minutes) = match *rest {
                    [a, b] => ([a, b], [b'0', b'0']),
                    [a, b, c, d] | [a, b, b':', c, d] => ([a, b], [c, d]),
                    _ => return None,
                };
                let (hours, _) = digits(&hours).filter(|(n, r)| n.value <= 18 && r.is_empty())?;
                let (minutes, _) =
                    digits(&minutes).filter(|(n, r)| n.value < 60 && r.is_empty())?;
                let size = (hours.value * 3600 + minutes.value * 60) as i32;
                Some(if *sign == b'-' { -size } else { size })
            }
            _ => return None,
        };
        Some(self)
    }
}

#[derive(Clone, Copy)]
struct Digits {
    value: u32,
    width: usize,
}

/// The digits a text begins with (at most nine), and what follows.
fn digits(text: &[u8]) -> Option<(Digits, &[u8])> {
    let width = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if width == 0 || width > 9 {
        return None;
    }
    let (number, rest) = text.split_at(width);
    let value = number.iter().fold(0, |v, b| v * 10 + u32::from(b - b'0'));
    Some((Digits { value, width }, rest))
}

fn days_in_month(year: i16, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date in the Gregorian calendar, counting years from March so that
/// the leap day is the last of its year.
pub(super) fn days_from_civil(year: i16, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = i64::from((month + 9) % 12);
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock::new(Zone::amsterdam(), 1_800_000_000)
    }

    fn read(text: &str) -> Moment {
        clock().read(
            text.as_bytes(),
            DayOrder::DayFirst,
            1,
            &mut OrderEvidence::default(),
        )
    }

    #[test]
    fn days_agree_with_the_calendar() {
        for (y, m, d) in [
            (1970, 1, 1),
            (2000, 2, 29),
            (1950, 12, 31),
            (2024, 3, 1),
            (1900, 3, 1),
        ] {
            let date = jiff::civil::date(y, m as i8, d as i8);
            let expected = (date - jiff::civil::date(1970, 1, 1)).get_days();
            assert_eq!(days_from_civil(y, m, d), i64::from(expected));
        }
    }

    #[test]
    fn many_ways_to_write_one_moment() {
        for text in [
            "2023-05-01T14:00:00",
            "2023-05-01 14:00",
            "2023-05-01T14:00:00.000+02:00",
            "2023-05-01T12:00Z",
            "2023-05-01T13:00:00+0100",
            "2023/05/01 14:00",
            "1-5-2023 14:00",
            "01/05/2023 2:00 PM",
            "1.5.23 14:00:00",
            " 2023-05-01T14:00:00 ",
        ] {
            assert_eq!(
                read(text),
                Moment::At(1_682_942_400, TimeFlag::Exact),
                "{text}"
            );
        }
    }

    #[test]
    fn unsure_times_are_kept_and_flagged() {
        let flag = |text: &str| match read(text) {
            Moment::At(_, flag) => Ok(flag),
            Moment::Reject(reason) => Err(reason),
        };
        assert_eq!(flag("2023-05-01"), Ok(TimeFlag::DateOnly));
        assert_eq!(flag("2023-05"), Ok(TimeFlag::DateOnly));
        assert_eq!(flag("2023-05-01T00:00:00"), Ok(TimeFlag::MidnightSuspect));
        assert_eq!(flag("2024-03-31T02:30"), Ok(TimeFlag::NonexistentLocal));
        assert_eq!(flag("2024-10-27T02:30"), Ok(TimeFlag::AmbiguousLocal));
        for text in [
            "",
            "onbekend",
            "2023-02-30",
            "31-13-2023",
            "2023-05-01T99:99",
            "1",
            "99999-1-1",
        ] {
            assert_eq!(flag(text), Ok(TimeFlag::Unknown), "{text}");
        }
        assert_eq!(flag("45047,5"), Err(RejectReason::ExcelSerialDate));
        assert_eq!(flag("2099-01-01"), Err(RejectReason::DateInFuture));
        assert_eq!(flag("01-01-1900"), Err(RejectReason::DateBeforeMinimum));
    }

    #[test]
    fn every_hour_of_the_year_agrees_with_the_time_zone_database() {
        let clock = clock();
        let mut at = jiff::civil::date(2024, 1, 1).at(0, 30, 0, 0);
        while at.year() == 2024 {
            let text = at.to_string();
            let expected = clock
                .zone
                .as_time_zone()
                .to_ambiguous_timestamp(at)
                .compatible()
                .unwrap()
                .as_second();
            match clock.read(
                text.as_bytes(),
                DayOrder::DayFirst,
                1,
                &mut OrderEvidence::default(),
            ) {
                Moment::At(got, _) => assert_eq!(got, expected, "{text}"),
                Moment::Reject(reason) => panic!("{text}: {reason}"),
            }
            at = at.checked_add(jiff::Span::new().hours(1)).unwrap();
        }
    }

    #[test]
    fn a_column_that_is_both_orders_is_refused() {
        let mut evidence = OrderEvidence::default();
        for (row, text) in (1..).zip(["01-02-2023", "31-01-2023"]) {
            clock().read(text.as_bytes(), DayOrder::DayFirst, row, &mut evidence);
        }
        assert_eq!(evidence.decide().unwrap().unwrap().0, DayOrder::DayFirst);
        clock().read(b"01-31-2023", DayOrder::DayFirst, 3, &mut evidence);
        let error = evidence.decide().unwrap_err();
        assert_eq!(error.fault(), Some(Fault::AmbiguousDate));
        assert!(error.to_string().contains("row 3"));
    }
}
