//! Which incidents happened when pupils are about?

use jiff::civil::{Date, Time, Weekday, time};

use crate::error::{Error, Result};
use crate::model::{Incidents, TimeFlag};

/// Hours of some weekdays outside holidays, on the clocks of the incidents' zone.
///
/// At first Monday to Friday from 08:00 to 17:00, which takes in the way to and from a Dutch
/// school, and no holidays: give those of the region, as they differ by region and year.
///
/// ```
/// use brandpunt::methods::proximity::SchoolHours;
/// use brandpunt::{Crs, Incidents, Times, Zone};
/// use jiff::civil::date;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Tuesday 2024-05-14 at 10:30 and 18:30 in Amsterdam, and a Tuesday in the holidays.
/// let times = [1_715_675_400, 1_715_704_200, 1_722_933_000];
/// let incidents = Incidents::builder(vec![0.0; 3], vec![0.0; 3], Crs::PLANAR)
///     .time(Times::from_utc_seconds(times.to_vec(), Zone::amsterdam()))
///     .build()?;
/// let hours = SchoolHours::new().holiday(date(2024, 7, 13), date(2024, 8, 25));
/// assert_eq!(hours.positions(&incidents)?, [0]);
/// assert_eq!(hours.outside().positions(&incidents)?, [1, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolHours {
    weekdays: Vec<Weekday>,
    from: Time,
    to: Time,
    holidays: Vec<(Date, Date)>,
    outside: bool,
}

impl Default for SchoolHours {
    fn default() -> Self {
        Self {
            weekdays: vec![
                Weekday::Monday,
                Weekday::Tuesday,
                Weekday::Wednesday,
                Weekday::Thursday,
                Weekday::Friday,
            ],
            from: time(8, 0, 0, 0),
            to: time(17, 0, 0, 0),
            holidays: Vec::new(),
            outside: false,
        }
    }
}

impl SchoolHours {
    /// Monday to Friday from 08:00 to 17:00, without holidays.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the weekdays.
    #[must_use]
    pub fn weekdays(mut self, weekdays: impl Into<Vec<Weekday>>) -> Self {
        self.weekdays = weekdays.into();
        self
    }

    /// Sets the hours: from the first time up to but not at the second.
    #[must_use]
    pub fn between(mut self, from: Time, to: Time) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    /// Adds a holiday, first and last day included.
    #[must_use]
    pub fn holiday(mut self, first: Date, last: Date) -> Self {
        self.holidays.push((first, last));
        self
    }

    /// Turns it round: evenings, weekends and holidays.
    #[must_use]
    pub fn outside(mut self) -> Self {
        self.outside = !self.outside;
        self
    }

    /// The positions of the incidents in these hours. Those without a time of day, or with
    /// midnight sharp that many systems write for one, are neither in nor outside them.
    ///
    /// # Errors
    /// [`Fault::MissingTime`](crate::Fault::MissingTime) for incidents without times,
    /// [`Error::Parameter`] for hours that do not begin before they end and for holidays that end
    /// before they begin.
    pub fn positions(&self, incidents: &Incidents) -> Result<Vec<u32>> {
        self.check()?;
        let times = incidents.require_times()?;
        let known = (0u32..).zip(times.seconds().iter().zip(times.flags()));
        Ok(known
            .filter(|(_, (second, flag))| {
                has_hour(**flag) && self.holds(times.zone().local(**second).datetime())
            })
            .map(|(i, _)| i)
            .collect())
    }

    /// How many of the incidents have no time of day.
    pub(super) fn without_hour(incidents: &Incidents) -> usize {
        let flags = incidents.times().map_or(&[][..], |t| t.flags());
        flags.iter().filter(|flag| !has_hour(**flag)).count()
    }

    fn holds(&self, at: jiff::civil::DateTime) -> bool {
        let date = at.date();
        let school = self.weekdays.contains(&date.weekday())
            && self.from <= at.time()
            && at.time() < self.to
            && !self.holidays.iter().any(|h| h.0 <= date && date <= h.1);
        school != self.outside
    }

    fn check(&self) -> Result<()> {
        if self.from >= self.to {
            let value = format!("{} to {}", self.from, self.to);
            let expected = "hours of one day that begin before they end";
            return Err(Error::parameter("hours", value, expected));
        }
        if let Some((first, last)) = self.holidays.iter().find(|h| h.1 < h.0) {
            let value = format!("{first} to {last}");
            let expected = "a first day that is not after the last";
            return Err(Error::parameter("holidays", value, expected));
        }
        Ok(())
    }
}

fn has_hour(flag: TimeFlag) -> bool {
    matches!(
        flag,
        TimeFlag::Exact | TimeFlag::NonexistentLocal | TimeFlag::AmbiguousLocal
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::{Crs, Times, Zone};

    #[test]
    fn hours_begin_sharp_end_before_and_follow_the_clocks() {
        let mut times = Times::new(Zone::amsterdam());
        let day = date(2024, 3, 29); // a Friday, two days before summer time
        times.push_local(day.at(7, 59, 59, 0), false);
        times.push_local(day.at(8, 0, 0, 0), false);
        times.push_local(day.at(16, 59, 59, 0), false);
        times.push_local(day.at(17, 0, 0, 0), false);
        times.push_local(date(2024, 3, 30).at(10, 0, 0, 0), false);
        times.push_local(date(2024, 4, 1).at(8, 0, 0, 0), false);
        times.push_local(date(2024, 4, 2).at(0, 0, 0, 0), false);
        times.push_local(date(2024, 4, 2).at(9, 0, 0, 0), true);
        let n = times.len();
        let incidents = Incidents::builder(vec![0.0; n], vec![0.0; n], Crs::PLANAR)
            .time(times)
            .build()
            .unwrap();
        let hours = SchoolHours::new();
        assert_eq!(hours.positions(&incidents).unwrap(), [1, 2, 5]);
        assert_eq!(SchoolHours::without_hour(&incidents), 2);
        let easter = hours.clone().holiday(date(2024, 4, 1), date(2024, 4, 1));
        assert_eq!(easter.positions(&incidents).unwrap(), [1, 2]);
        assert_eq!(
            easter.outside().positions(&incidents).unwrap(),
            [0, 3, 4, 5]
        );
        let back = SchoolHours::new().holiday(date(2024, 4, 2), date(2024, 4, 1));
        assert!(back.positions(&incidents).is_err());
        let eight = time(8, 0, 0, 0);
        for (from, to, fine) in [
            (time(22, 0, 0, 0), time(4, 0, 0, 0), false),
            (eight, eight, false),
            (eight, time(8, 0, 1, 0), true),
        ] {
            let between = hours.clone().between(from, to).positions(&incidents);
            assert_eq!(between.ok(), fine.then_some(vec![1, 5]));
        }
        let saturdays = hours.clone().weekdays([Weekday::Saturday]);
        assert_eq!(saturdays.positions(&incidents).unwrap(), [4]);
        assert_eq!(hours.clone().outside().outside(), hours);
    }
}
