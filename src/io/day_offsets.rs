//! How far the clocks of a zone are from Greenwich, day by day.

use super::dates::{FIRST_YEAR, days_from_civil};
use crate::model::Zone;

const LAST_YEAR: i16 = 2150;

/// Seconds beyond both ends of a day, by any clock of the world, in which a change is left to the
/// exact rule.
const MARGIN: i64 = 50_400;

/// The offset of every day on which clocks did not change, so that a million times are turned into
/// instants without asking the zone about each.
#[derive(Debug)]
pub(super) struct DayOffsets {
    first: i64,
    /// Seconds east of Greenwich per day; `None` on days with a change.
    offsets: Vec<Option<i32>>,
}

impl DayOffsets {
    /// The days of two centuries in a zone.
    pub(super) fn of(zone: &Zone) -> Self {
        let first = days_from_civil(FIRST_YEAR, 1, 1);
        let end = days_from_civil(LAST_YEAR, 1, 1);
        let mut offsets = Vec::with_capacity(usize::try_from(end - first).unwrap_or_default());
        let Ok(begin) = jiff::Timestamp::from_second(first * 86_400 - MARGIN) else {
            return Self { first, offsets };
        };
        let zone = zone.as_time_zone();
        let mut offset = zone.to_offset(begin).seconds();
        // Changes of the name of a zone only are none.
        let mut last = offset;
        let mut changes = zone
            .following(begin)
            .map(|change| (change.timestamp().as_second(), change.offset().seconds()))
            .take_while(|(at, _)| *at <= (end + 1) * 86_400)
            .filter(|(_, new)| std::mem::replace(&mut last, *new) != *new)
            .peekable();
        for day in first..end {
            let (from, until) = (day * 86_400 - MARGIN, (day + 1) * 86_400 + MARGIN);
            while let Some((_, new)) = changes.next_if(|(at, _)| *at <= from) {
                offset = new;
            }
            let changes = changes.peek().is_some_and(|(at, _)| *at <= until);
            offsets.push((!changes).then_some(offset));
        }
        Self { first, offsets }
    }

    /// The offset of a day, counted from 1970; `None` where the exact rule is needed.
    pub(super) fn at(&self, day: i64) -> Option<i32> {
        let index = usize::try_from(day - self.first).ok()?;
        self.offsets.get(index).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the zone says at a moment.
    fn plain(zone: &Zone, second: i64) -> i32 {
        let moment = jiff::Timestamp::from_second(second).unwrap();
        zone.as_time_zone().to_offset(moment).seconds()
    }

    #[test]
    fn every_day_has_the_offset_of_its_first_and_last_moment() {
        // Summer time, none, of the southern half of the year, around Ramadan, and half an hour.
        for name in [
            "Europe/Amsterdam",
            "UTC",
            "America/Santiago",
            "Africa/Casablanca",
            "Australia/Lord_Howe",
        ] {
            let zone = Zone::named(name).unwrap();
            let days = DayOffsets::of(&zone);
            let mut exact = 0;
            for day in days_from_civil(FIRST_YEAR, 1, 1)..days_from_civil(LAST_YEAR, 1, 1) {
                let ends = [day * 86_400 - MARGIN, (day + 1) * 86_400 + MARGIN];
                let [before, after] = ends.map(|second| plain(&zone, second));
                let found = days.at(day);
                exact += u32::from(found.is_none());
                if let Some(offset) = found {
                    assert_eq!((before, after), (offset, offset), "{name} {day}");
                } else if name == "Europe/Amsterdam" {
                    assert_ne!(before, after, "{day}");
                }
            }
            // Some three days for each of two changes a year at most.
            assert!(exact <= 200 * 2 * 3, "{name}: {exact}");
            assert_eq!(exact == 0, name == "UTC", "{name}");
            assert_eq!(days.at(days_from_civil(FIRST_YEAR, 1, 1) - 1), None);
            assert_eq!(days.at(days_from_civil(LAST_YEAR, 1, 1)), None);
        }
    }
}
