//! Which incidents belong to the theme, the period and the baseline.

use super::located::Located;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::model::{Incidents, Period, Theme, Times};

/// The incidents of one theme.
pub(super) struct Selection {
    /// Positions of all of them.
    pub(super) members: Vec<u32>,
    /// Positions of those in the period.
    pub(super) now: Vec<u32>,
    /// Positions of those in the baseline.
    pub(super) then: Vec<u32>,
    /// The period, where there are times.
    pub(super) period: Option<Period>,
    /// Incidents of the theme whose time is not known; they are in no period.
    pub(super) timeless: usize,
}

impl Selection {
    /// Without a period all incidents count, unless there is a baseline: then those of the latest
    /// calendar year that the data cover to its last two days.
    pub(super) fn of(
        incidents: &Incidents,
        theme: &Theme,
        period: Option<&Period>,
        baseline: Option<&Period>,
    ) -> Result<Self> {
        let members = theme.positions(incidents)?;
        let period = match (period, baseline) {
            (Some(period), _) => Some(period.clone()),
            (None, Some(_)) => Some(latest_year(incidents)?),
            (None, None) => None,
        };
        let Some(period) = period else {
            return Ok(Self {
                now: members.clone(),
                members,
                then: Vec::new(),
                period: covered(incidents),
                timeless: 0,
            });
        };
        let seconds = incidents.require_times()?.seconds();
        let within = |period: &Period| {
            let inside = members
                .iter()
                .filter(|&&i| period.contains(seconds[i as usize]));
            inside.copied().collect::<Vec<u32>>()
        };
        let timeless = members
            .iter()
            .filter(|&&i| seconds[i as usize] == Times::UNKNOWN)
            .count();
        Ok(Self {
            now: within(&period),
            then: baseline.map(within).unwrap_or_default(),
            members,
            period: Some(period),
            timeless,
        })
    }
}

/// From the first day with an incident to the last; where all times are the first of a month, as
/// in files that know months only, to the end of the last month.
pub(crate) fn covered(incidents: &Incidents) -> Option<Period> {
    let times = incidents.times()?;
    let (first, last) = times.range()?;
    let day = |s| times.zone().local(s).date();
    let last = if times.months_only() {
        day(last).last_of_month()
    } else {
        day(last)
    };
    Period::days(day(first), last.tomorrow().ok()?, times.zone()).ok()
}

fn latest_year(incidents: &Incidents) -> Result<Period> {
    let times = incidents.require_times()?;
    let last = times.range().map_or(0, |(_, last)| last);
    let day = times.zone().local(last).date();
    let complete = day.month() == 12 && day.day() >= 30;
    Period::year(
        if complete { day.year() } else { day.year() - 1 },
        times.zone(),
    )
}

/// Incidents per area, and how many lie in none.
pub(super) fn per_area(located: &Located<'_>, positions: &[u32]) -> (Vec<i64>, u64) {
    let mut counts = vec![0; located.areas.len()];
    let mut outside = 0;
    for &i in positions {
        match located.label[i as usize] {
            NeighbourhoodIndex::NONE => outside += 1,
            area => counts[area as usize] += 1,
        }
    }
    (counts, outside)
}
