//! How many are to be expected, and where?

use super::method::{ForecastMethod, Weighing, positive};
use super::past::{Events, Past};
use super::recency::DAY;
use super::self_exciting::SelfExcitingFit;
use super::spread::Spreading;
use super::units::ForecastUnits;
use crate::error::{Error, Result};
use crate::model::{Incidents, Times, Warning, WarningCode};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// How many reports are to be expected in each place over the coming days?
///
/// Only incidents *before* the moment of the forecast are looked at; what comes after it cannot
/// change a digit. Incidents that the police found themselves (where a column of sources tells)
/// are left out at first, see [`discovered`](Self::discovered).
///
/// It is a forecast of reports by place, as good as [`RollingTest`](super::RollingTest) shows it
/// to be: it says nothing about persons, and nothing about nuisance that nobody reports. Places
/// that are patrolled because of it must not feed what is found there back into it.
///
/// # Complexity
/// Per incident the cells within reach of its kernel; for a [`SelfExciting`](super::SelfExciting)
/// process its close pairs times the steps of the fit.
///
/// # Missing and odd values
/// Incidents without a time or outside all units are left out, counted and warned of; weights of
/// incidents are not used. Before any incident the forecast is zero everywhere.
///
/// Source: see [`ForecastMethod`] and [`SelfExciting`](super::SelfExciting).
///
/// ```
/// use brandpunt::methods::forecast::{Forecast, ForecastMethod, ForecastUnits};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(1).build()?;
/// let units = ForecastUnits::cells(&city.neighbourhoods, 250.0)?;
/// let (_, last) = city.incidents.require_times()?.range().expect("times");
/// let method = ForecastMethod::Kernel { bandwidth: 400.0, days: 60.0 };
/// let found = Forecast::new(method, 28.0).run(&city.incidents, &units, last)?;
/// assert_eq!(found.expected.len(), units.len());
/// assert!(found.expected.iter().all(|e| *e >= 0.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    method: ForecastMethod,
    days: f64,
    since: Option<i64>,
    discovered: bool,
}

/// Reports to be expected, per unit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ForecastMap {
    /// Reports to be expected in each unit, in the order of the units.
    pub expected: Vec<f64>,
    /// The same per square kilometre; NaN for a unit without a surface.
    pub per_km2: Vec<f64>,
    /// Rank of each unit by that, 1 for the greatest; units that are alike share their best rank.
    pub rank: Vec<usize>,
    /// From when (seconds since 1970, UTC).
    pub start: i64,
    /// Until when, not included.
    pub end: i64,
    /// From when on incidents were known.
    pub since: i64,
    /// The name of the method.
    pub method: String,
    /// Incidents that were used.
    pub used: usize,
    /// Incidents without a time.
    pub undated: usize,
    /// Incidents outside all units.
    pub outside: usize,
    /// Incidents that the police found and that were left out.
    pub discovered: usize,
    /// The process that was fitted, for that method.
    pub fit: Option<SelfExcitingFit>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Forecast {
    /// A forecast by a method, for so many days of 24 hours.
    #[must_use]
    pub fn new(method: ForecastMethod, days: f64) -> Self {
        Self {
            method,
            days,
            since: None,
            discovered: false,
        }
    }

    /// Sets from when on (seconds since 1970, UTC) all incidents are known; at first that is the
    /// first incident. Earlier ones are not used.
    #[must_use]
    pub fn since(mut self, instant: i64) -> Self {
        self.since = Some(instant);
        self
    }

    /// Uses what the police found themselves, too. They find where they look; a forecast that
    /// sends them there and learns from it confirms itself.
    #[must_use]
    pub fn discovered(mut self, discovered: bool) -> Self {
        self.discovered = discovered;
        self
    }

    /// Forecasts from a moment (seconds since 1970, UTC) on, on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(
        &self,
        incidents: &Incidents,
        units: &ForecastUnits,
        now: i64,
    ) -> Result<ForecastMap> {
        self.run_with(incidents, units, now, &Workers::new(0)?)
    }

    /// Forecasts on the given threads.
    ///
    /// # Errors
    /// [`Fault::MissingTime`] without times, [`Fault::NoRows`] without an incident that can be
    /// used, [`Fault::CrsMismatch`], [`Error::Parameter`] for settings without a meaning and for a
    /// record too short for a self-exciting process, [`Error::TooLarge`] for too many close pairs,
    /// [`Error::Cancelled`].
    ///
    /// [`Fault::MissingTime`]: crate::Fault::MissingTime
    /// [`Fault::NoRows`]: crate::Fault::NoRows
    /// [`Fault::CrsMismatch`]: crate::Fault::CrsMismatch
    pub fn run_with(
        &self,
        incidents: &Incidents,
        units: &ForecastUnits,
        now: i64,
        workers: &Workers,
    ) -> Result<ForecastMap> {
        let events = Events::of(incidents, units, self.discovered, workers)?;
        let since = self.check(&events, now)?;
        let (expected, fit) = self.expected(events.before(now), since, units, workers)?;
        workers.job().report("forecast", 1.0);
        let used = events
            .before(now)
            .seconds
            .iter()
            .filter(|s| **s >= since)
            .count();
        let density = |(e, km2): (&f64, &f64)| if *km2 > 0.0 { e / km2 } else { f64::NAN };
        let per_km2: Vec<f64> = expected.iter().zip(units.km2()).map(density).collect();
        let mut warnings = events.warnings.clone();
        warnings.extend(
            fit.iter()
                .flat_map(|f: &SelfExcitingFit| f.warnings.clone()),
        );
        warnings.extend((used < LEAST).then(|| {
            let message = format!(
                "The forecast rests on {used} incidents; with fewer than {LEAST} it is little more \
                 than where they happened to be."
            );
            Warning::with_value(WarningCode::TooFewIncidents, used as f64, message)
        }));
        Ok(ForecastMap {
            rank: best_ranks(&per_km2),
            expected,
            per_km2,
            start: now,
            end: self.end(now),
            since,
            method: self.method.name().to_owned(),
            used,
            undated: events.undated,
            outside: events.outside,
            discovered: events.discovered,
            fit,
            warnings,
        })
    }

    /// Refuses what has no meaning; gives the beginning of the record.
    pub(super) fn check(&self, events: &Events, now: i64) -> Result<i64> {
        positive("horizon", self.days, "days")?;
        self.method.weighing()?;
        let since = self.since.unwrap_or(events.seconds[0]);
        if now == Times::UNKNOWN || now <= since {
            let expected = format!("a time after the beginning of the record, {since}");
            return Err(Error::parameter("at", now, expected));
        }
        Ok(since)
    }

    pub(super) fn end(&self, now: i64) -> i64 {
        now.saturating_add((self.days * DAY).round() as i64)
    }

    /// Incidents to be expected per unit, from nothing but the past.
    pub(super) fn expected(
        &self,
        past: Past<'_>,
        since: i64,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<(Vec<f64>, Option<SelfExcitingFit>)> {
        let past = past.since(since);
        if let ForecastMethod::SelfExciting(process) = &self.method {
            let fitted = process.fitted(past, since, units, workers)?;
            let expected = fitted.expected(self.days, units);
            return Ok((expected, Some(fitted.into_fit())));
        }
        let Some(weighing) = self.method.weighing()? else {
            return Err(Error::internal("a method without weights"));
        };
        Ok((self.weighted(weighing, past, since, units), None))
    }

    fn weighted(
        &self,
        weighing: Weighing,
        past: Past<'_>,
        since: i64,
        units: &ForecastUnits,
    ) -> Vec<f64> {
        let watched = (past.now - since) as f64 / DAY;
        let days = self.days / weighing.recency.total(watched);
        let weighted = (0..past.len()).filter_map(|i| {
            let weight = weighing.recency.weight(past.age(i)) * days;
            (weight > 0.0).then_some((i, weight))
        });
        let Some(spread) = weighing.spread else {
            let mut out = vec![0.0; units.len()];
            for (i, weight) in weighted {
                out[past.unit[i] as usize] += weight;
            }
            return out;
        };
        let mut cells = vec![0.0; units.mesh().len()];
        let mut spreading = Spreading::new(units, spread);
        for (i, weight) in weighted {
            spreading.add(past.x[i], past.y[i], weight, &mut cells);
        }
        units.gather(&cells)
    }
}

/// Incidents below which a forecast says little.
const LEAST: usize = 50;

/// 1 for the greatest; what is alike shares the best rank, and what is not known comes last.
fn best_ranks(values: &[f64]) -> Vec<usize> {
    let known = |i: usize| Some(values[i]).filter(|v| !v.is_nan());
    let value = |i: usize| known(i).unwrap_or(f64::NEG_INFINITY);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| value(j).total_cmp(&value(i)));
    let mut out = vec![0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&i, &j| value(i) == value(j)) {
        for &i in tied {
            out[i] = before + 1;
        }
        before += tied.len();
    }
    out
}
