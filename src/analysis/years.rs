//! How did it go from year to year?

use ndarray::{Array1, Array2};

use super::history::{DAY, QUIET_DAYS, covered};
use super::located::Located;
use super::made::Reported;
use super::people::{People, PeopleFrom};
use crate::error::Result;
use crate::methods::rates::{RateTable, RateTrend, Rates, TrendTable};
use crate::model::{Neighbourhoods, Period, Step, Zone};
use crate::publish::State;
use crate::stats::sum;

/// Fewest years that are worth a line.
const FEWEST: usize = 3;
/// Most years, the period among them.
const MOST: usize = 12;

/// The theme's incidents per neighbourhood and calendar year, in input order, and the city's rate.
///
/// The years are the whole ones between the first time of the data and the period, at most twelve,
/// where the period is a calendar year. The rate of a year is that of the neighbourhoods with people
/// in it, by the people of that year, found as those of period and baseline are: of the year itself, on
/// the line between two known ones, or of the nearest.
///
/// In a published result every count is protected, and rates and trend come from what is published.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Years {
    /// The years, the period last.
    pub periods: Vec<Period>,
    /// Incidents per neighbourhood (rows) and year (columns); where a count is withheld, what stands
    /// in for it.
    pub count: Array2<i64>,
    /// What is published of them; `None` in a result that is not protected.
    pub states: Option<Array2<State>>,
    /// Incidents of all neighbourhoods with people.
    pub city_count: Vec<i64>,
    /// Their people.
    pub city_population: Vec<f64>,
    /// From which years these were taken.
    pub(crate) people: Vec<(i16, PeopleFrom)>,
    /// Incidents per `Theme::per_people` people.
    pub city_rate: Vec<f64>,
    /// Lower end of the exact 95 % interval of the rate.
    pub city_rate_low: Vec<f64>,
    /// Upper end of the interval.
    pub city_rate_high: Vec<f64>,
    /// The city's log-linear trend; its columns hold one value. Years that touch March 2020 to February
    /// 2022 are left out of it.
    pub trend: TrendTable,
}

/// The counts of the years, before any rate.
pub(super) struct YearCounts {
    pub(super) periods: Vec<Period>,
    pub(super) count: Array2<i64>,
    /// Of all neighbourhoods with people.
    pub(super) city: Vec<i64>,
    pub(super) states: Option<Array2<State>>,
}

impl Years {
    /// From the incidents of each year; `None` without a year.
    pub(super) fn counted(
        years: &[(Period, Reported)],
        areas: &Neighbourhoods,
        kind: &str,
        per: f64,
        zone: &Zone,
    ) -> Result<Option<Self>> {
        if years.is_empty() {
            return Ok(None);
        }
        let mut count = Array2::zeros((areas.len(), years.len()));
        let mut city = Vec::with_capacity(years.len());
        for (column, (year, reported)) in years.iter().enumerate() {
            let counts = reported.per_area(areas.len());
            let people = People::of(areas, kind, Some(year.last_year(zone)));
            let known = counts.iter().zip(&people.values).filter(|(_, p)| **p > 0.0);
            city.push(known.map(|(c, _)| c).sum());
            count.column_mut(column).assign(&Array1::from(counts));
        }
        let counts = YearCounts {
            periods: years.iter().map(|(year, _)| year.clone()).collect(),
            count,
            city,
            states: None,
        };
        Self::of(counts, areas, kind, per, zone).map(Some)
    }

    pub(super) fn of(
        counts: YearCounts,
        areas: &Neighbourhoods,
        kind: &str,
        per: f64,
        zone: &Zone,
    ) -> Result<Self> {
        let years: Vec<i16> = counts.periods.iter().map(|p| p.last_year(zone)).collect();
        let (mut city_population, mut people) = (Vec::new(), Vec::new());
        for &year in &years {
            let of_year = People::of(areas, kind, Some(year));
            city_population.push(sum(of_year.values.into_iter().filter(|p| *p > 0.0)));
            people.push((year, of_year.from));
        }
        let RateTable {
            rate, low, high, ..
        } = Rates::new().per(per).run(&counts.city, &city_population)?;
        let trend = RateTrend::new().per(per).exclude_unusual(true).run(
            &years,
            &counts.city,
            &city_population,
        )?;
        Ok(Self {
            periods: counts.periods,
            count: counts.count,
            states: counts.states,
            city_count: counts.city,
            city_population,
            people,
            city_rate: rate,
            city_rate_low: low,
            city_rate_high: high,
            trend,
        })
    }

    /// Whether a count of an area may not be shown.
    #[must_use]
    pub fn is_withheld(&self, area: usize, year: usize) -> bool {
        let state = self.states.as_ref().and_then(|s| s.get([area, year]));
        state.is_some_and(State::is_withheld)
    }
}

/// The whole years up to the period, with the incidents of each; none unless the period is a year.
pub(super) fn by_year(
    located: &Located<'_>,
    members: &[u32],
    period: Option<&Period>,
    zone: &Zone,
) -> Result<Vec<(Period, Reported)>> {
    let (Some(times), Some(period)) = (located.incidents.times(), period) else {
        return Ok(Vec::new());
    };
    let year = Period::year(period.last_year(zone), zone)?;
    let Some((since, _)) = covered(times, period) else {
        return Ok(Vec::new());
    };
    if (year.start, year.end) != (period.start, period.end) {
        return Ok(Vec::new());
    }
    let mut years = Period::steps_back(since, period.end, Step::Year, zone);
    years.retain(|p| p.start + QUIET_DAYS * DAY >= since);
    years.drain(..years.len().saturating_sub(MOST));
    if years.len() < FEWEST {
        return Ok(Vec::new());
    }
    let seconds = times.seconds();
    let mut found = vec![Vec::new(); years.len()];
    for &i in members {
        let at = seconds[i as usize];
        let place = years.partition_point(|year| year.end <= at);
        if years.get(place).is_some_and(|year| year.contains(at)) {
            found[place].push(i);
        }
    }
    let of = |(year, positions): (Period, Vec<u32>)| (year, Reported::of(located, &positions));
    Ok(years.into_iter().zip(found).map(of).collect())
}
