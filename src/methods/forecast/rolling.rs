//! Would it have worked, time after time?

use ndarray::Array2;

use super::accuracy::{Accuracy, Judged};
use super::blocks::drawn_periods;
use super::compared::Compared;
use super::forecast::Forecast;
use super::method::{ForecastMethod, positive};
use super::past::Events;
use super::recency::DAY;
use super::units::ForecastUnits;
use crate::error::{Error, Result};
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// Would a forecast have worked, time after time, and better than a plain count?
///
/// From the end of the training time on, every step the method forecasts the coming days from what
/// was known *then*, and so does the baseline: the count of the last 365 days per unit, which often
/// does as well as anything. Both are judged by what came. Never is a later incident seen by an
/// earlier forecast.
///
/// Hits, incidents and scores are added up over all forecasts before they are divided, so quiet
/// weeks weigh less than busy ones. Intervals come from drawing the forecasts anew in runs (the
/// stationary bootstrap), the same runs for both methods, so the difference has an interval of its
/// own: where that holds 0, the method has not been shown to be better. Percentiles are taken, which
/// is somewhat narrow: with 52 forecasts, 95 % intervals of a figure held the truth in 92 % of records
/// of independent reports and in 87 % where each draws half a report after it, those of a difference
/// in 92 to 94 % of both (the validity protocol). With fewer than eight forecasts there are none (NaN).
///
/// # Complexity
/// As many forecasts as there are steps, twice; a fit each time for a self-exciting process.
///
/// # Missing and odd values
/// As for [`Forecast`] and [`Accuracy`]. Days have 24 hours, whatever the clock does.
///
/// Source: Politis & Romano 1994, Journal of the American Statistical Association 89:1303,
/// doi:10.1080/01621459.1994.10476870; for the baseline see [`ForecastMethod`].
///
/// ```
/// use brandpunt::methods::forecast::{ForecastMethod, ForecastUnits, RollingTest};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(3_000).seed(1).build()?;
/// let units = ForecastUnits::areas(&city.neighbourhoods)?;
/// let method = ForecastMethod::Recent { half_life: 30.0 };
/// let found = RollingTest::new(method, 28.0).run(&city.incidents, &units)?;
/// let hits = &found.hit_rate[4];
/// assert_eq!(found.shares[4], 0.1);
/// assert!(hits.difference_low <= hits.difference && hits.difference <= hits.difference_high);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RollingTest {
    method: ForecastMethod,
    baseline: ForecastMethod,
    days: f64,
    step: f64,
    training: f64,
    since: Option<i64>,
    until: Option<i64>,
    discovered: bool,
    accuracy: Accuracy,
    draws: usize,
    run: Option<f64>,
    level: f64,
    seed: u64,
}

/// How a method did, beside the baseline; columns by share are in the order asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RollingResult {
    /// When each forecast begins (seconds since 1970, UTC).
    pub start: Vec<i64>,
    /// When each ends, not included.
    pub end: Vec<i64>,
    /// What came in that time.
    pub incidents: Vec<u64>,
    /// What was expected in all.
    pub expected: Vec<f64>,
    /// Hits by forecast (rows) and flagged share (columns).
    pub hits: Array2<f64>,
    /// The same for the baseline.
    pub baseline_hits: Array2<f64>,
    /// Flagged shares of the surface.
    pub shares: Vec<f64>,
    /// Hit rate by share.
    pub hit_rate: Vec<Compared>,
    /// Prediction accuracy index by share: hit rate by share of the surface.
    pub pai: Vec<Compared>,
    /// Prediction efficiency index by share.
    pub pei: Vec<Compared>,
    /// Mean hit rate up to the end of the curve.
    pub area_under_curve: Compared,
    /// Information per incident, in nats; greater is better.
    pub information: Compared,
    /// Logarithmic score per place and forecast; smaller is better.
    pub log_score: Compared,
    /// Brier score; smaller is better.
    pub brier: Compared,
    /// Ranked probability score; smaller is better.
    pub ranked_score: Compared,
    /// Expected by observed incidents; 1 is right.
    pub expected_by_observed: Compared,
    /// The name of the method.
    pub method: String,
    /// The name of the baseline.
    pub baseline: String,
    /// Mean length of the runs that were drawn, in forecasts.
    pub run: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl RollingTest {
    /// Tests a method that forecasts so many days of 24 hours, one forecast after the other, after a
    /// year to learn from.
    #[must_use]
    pub fn new(method: ForecastMethod, days: f64) -> Self {
        Self {
            method,
            baseline: ForecastMethod::Counts { days: 365.0 },
            days,
            step: days,
            training: 365.0,
            since: None,
            until: None,
            discovered: false,
            accuracy: Accuracy::new(),
            draws: 1_999,
            run: None,
            level: 0.95,
            seed: 0,
        }
    }

    /// Sets what the method is compared with.
    #[must_use]
    pub fn baseline(mut self, baseline: ForecastMethod) -> Self {
        self.baseline = baseline;
        self
    }

    /// Sets the days from one forecast to the next; at first the days that are forecast.
    #[must_use]
    pub fn step(mut self, days: f64) -> Self {
        self.step = days;
        self
    }

    /// Sets the days before the first forecast, 365 at first.
    #[must_use]
    pub fn training(mut self, days: f64) -> Self {
        self.training = days;
        self
    }

    /// Sets from when on (seconds since 1970, UTC) all incidents are known; at first that is the
    /// first incident.
    #[must_use]
    pub fn since(mut self, instant: i64) -> Self {
        self.since = Some(instant);
        self
    }

    /// Sets until when they are known; at first that is the last incident.
    #[must_use]
    pub fn until(mut self, instant: i64) -> Self {
        self.until = Some(instant);
        self
    }

    /// Uses what the police found themselves, too, see [`Forecast::discovered`].
    #[must_use]
    pub fn discovered(mut self, discovered: bool) -> Self {
        self.discovered = discovered;
        self
    }

    /// Sets how each map is judged.
    #[must_use]
    pub fn accuracy(mut self, accuracy: Accuracy) -> Self {
        self.accuracy = accuracy;
        self
    }

    /// Sets how often the forecasts are drawn anew, 1,999 times at first.
    #[must_use]
    pub fn draws(mut self, draws: usize) -> Self {
        self.draws = draws;
        self
    }

    /// Sets the mean length of the runs that are drawn, in forecasts; at first the cube root of
    /// their number, and at least as many as overlap.
    #[must_use]
    pub fn run_length(mut self, forecasts: f64) -> Self {
        self.run = Some(forecasts);
        self
    }

    /// Sets the level of the intervals, 0.95 at first.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets the seed of the draws.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, units: &ForecastUnits) -> Result<RollingResult> {
        self.run_with(incidents, units, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`Forecast::run_with`], and [`Error::Parameter`] for a record without room for one
    /// forecast after the training.
    pub fn run_with(
        &self,
        incidents: &Incidents,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<RollingResult> {
        self.check()?;
        let events = Events::of(incidents, units, self.discovered, workers)?;
        let since = self.since.unwrap_or(events.seconds[0]);
        let last = events.seconds[events.seconds.len() - 1];
        let starts = self.starts(since, self.until.unwrap_or(last.saturating_add(1)))?;
        let method = self.forecast(&self.method, since);
        let baseline = self.forecast(&self.baseline, since);
        let telling = workers.telling("past forecasts", 0.0..0.95);
        let judged = telling.try_map(starts.len(), |k| {
            let (now, alone) = (starts[k], workers.alone());
            let came = events.counts(now, method.end(now), units.len());
            let judge = |forecast: &Forecast| -> Result<Judged> {
                forecast.check(&events, now)?;
                let (expected, _) = forecast.expected(events.before(now), since, units, &alone)?;
                Ok(self.accuracy.judged(&expected, units.km2(), &came)?.0)
            };
            Ok((judge(&method)?, judge(&baseline)?))
        })?;
        let run = self.run_of(starts.len());
        let intervals = starts.len() >= FEWEST;
        let draws = if intervals { self.draws } else { 0 };
        let telling = workers.telling("intervals", 0.95..1.0);
        let drawn = telling.map(draws, |draw| {
            let periods = drawn_periods(starts.len(), run, self.seed, draw);
            figures(&judged, &periods)
        })?;
        let all: Vec<usize> = (0..starts.len()).collect();
        let mut warnings = events.warnings;
        warnings.extend((!intervals).then(|| {
            let message = format!(
                "{} forecasts fit into the record; intervals need {FEWEST}.",
                starts.len()
            );
            Warning::with_value(WarningCode::FewSteps, starts.len() as f64, message)
        }));
        let table = Table {
            seen: figures(&judged, &all),
            drawn,
            level: self.level,
        };
        Ok(self.told(&judged, starts, &table, run, warnings))
    }

    fn forecast(&self, method: &ForecastMethod, since: i64) -> Forecast {
        Forecast::new(method.clone(), self.days)
            .since(since)
            .discovered(self.discovered)
    }

    fn check(&self) -> Result<()> {
        positive("horizon", self.days, "days")?;
        positive("step", self.step, "days")?;
        positive("training", self.training, "days")?;
        self.accuracy.check()?;
        if !(self.level > 0.0 && self.level < 1.0) {
            let expected = "a share between 0 and 1";
            return Err(Error::parameter("level", self.level, expected));
        }
        let least = (2.0 / (1.0 - self.level) - 1.0 - 1e-9).ceil() as usize;
        if !(least..=MOST_DRAWS).contains(&self.draws) {
            let expected = format!("from {least} to {MOST_DRAWS} at this level");
            return Err(Error::parameter("draws", self.draws, expected));
        }
        if let Some(run) = self.run.filter(|run| !(*run >= 1.0 && run.is_finite())) {
            let expected = "at least 1 forecast";
            return Err(Error::parameter("run_length", run, expected));
        }
        Ok(())
    }

    /// When forecasts begin that end while the record lasts.
    fn starts(&self, since: i64, until: i64) -> Result<Vec<i64>> {
        let seconds = |days: f64| (days * DAY).round() as i64;
        let first = since.saturating_add(seconds(self.training));
        let room = until
            .saturating_sub(first)
            .saturating_sub(seconds(self.days));
        if room < 0 {
            let watched = until.saturating_sub(since) as f64 / DAY;
            let expected = format!(
                "training and horizon that fit into the record of {watched:.0} days together"
            );
            let asked = format!("{} + {} days", self.training, self.days);
            return Err(Error::parameter("training", asked, expected));
        }
        let step = seconds(self.step).max(1);
        let most = room / step + 1;
        if most > MOST_FORECASTS {
            let expected = format!("a step that makes at most {MOST_FORECASTS} forecasts");
            return Err(Error::parameter("step", self.step, expected));
        }
        Ok((0..most).map(|k| first + k * step).collect())
    }

    fn run_of(&self, forecasts: usize) -> f64 {
        let overlap = (self.days / self.step).ceil();
        self.run
            .unwrap_or_else(|| (forecasts as f64).cbrt().max(overlap))
    }

    fn told(
        &self,
        judged: &[(Judged, Judged)],
        starts: Vec<i64>,
        table: &Table,
        run: f64,
        warnings: Vec<Warning>,
    ) -> RollingResult {
        let shares = self.accuracy.shares_flagged();
        let hits = |of: fn(&(Judged, Judged)) -> &Judged| {
            Array2::from_shape_fn((judged.len(), shares.len()), |(k, s)| {
                of(&judged[k]).hits[s]
            })
        };
        let method = self.forecast(&self.method, 0);
        let hit_rate = table.block(0, shares.len());
        let scaled = hit_rate.iter().zip(shares);
        RollingResult {
            end: starts.iter().map(|s| method.end(*s)).collect(),
            incidents: judged.iter().map(|j| j.0.incidents as u64).collect(),
            expected: judged.iter().map(|j| j.0.expected).collect(),
            hits: hits(|j| &j.0),
            baseline_hits: hits(|j| &j.1),
            shares: shares.to_vec(),
            pai: scaled
                .map(|(rate, share)| rate.times(share.recip()))
                .collect(),
            hit_rate,
            pei: table.block(shares.len(), shares.len()),
            area_under_curve: table.column(2 * shares.len()),
            information: table.column(2 * shares.len() + 1),
            log_score: table.column(2 * shares.len() + 2),
            brier: table.column(2 * shares.len() + 3),
            ranked_score: table.column(2 * shares.len() + 4),
            expected_by_observed: table.column(2 * shares.len() + 5),
            method: self.method.name().to_owned(),
            baseline: self.baseline.name().to_owned(),
            start: starts,
            run,
            warnings,
        }
    }
}

/// Forecasts without which there is no interval.
const FEWEST: usize = 8;
/// Forecasts and draws that are made at most.
const MOST_FORECASTS: i64 = 100_000;
const MOST_DRAWS: usize = 1_000_000;

/// Figures of both methods: by share the hit rate, then by share the efficiency, then the others.
type Figures = Vec<(f64, f64)>;

/// Figures of all forecasts, and of each draw of them.
struct Table {
    seen: Figures,
    drawn: Vec<Figures>,
    level: f64,
}

impl Table {
    fn column(&self, at: usize) -> Compared {
        let drawn: Vec<(f64, f64)> = self.drawn.iter().map(|d| d[at]).collect();
        Compared::of(self.seen[at], &drawn, self.level)
    }

    fn block(&self, from: usize, length: usize) -> Vec<Compared> {
        (from..from + length).map(|at| self.column(at)).collect()
    }
}

/// The figures of some of the forecasts, those drawn twice counted twice.
fn figures(judged: &[(Judged, Judged)], periods: &[usize]) -> Figures {
    let of = |which: fn(&(Judged, Judged)) -> &Judged| -> Vec<f64> {
        let some = || periods.iter().map(|k| which(&judged[*k]));
        let total = |f: &dyn Fn(&Judged) -> f64| some().map(f).sum::<f64>();
        let shares = some().next().map_or(0, |j| j.hits.len());
        let (incidents, places) = (total(&|j| j.incidents), total(&|j| j.places));
        let rates = (0..shares).map(|s| total(&|j| j.hits[s]) / incidents);
        let efficiencies = (0..shares).map(|s| total(&|j| j.hits[s]) / total(&|j| j.best[s]));
        let others = [
            total(&|j| j.under_curve) / incidents,
            total(&|j| j.scores.information) / incidents,
            total(&|j| j.scores.log) / places,
            total(&|j| j.scores.brier) / places,
            total(&|j| j.scores.ranked) / places,
            total(&|j| j.expected) / incidents,
        ];
        rates.chain(efficiencies).chain(others).collect()
    };
    of(|j| &j.0).into_iter().zip(of(|j| &j.1)).collect()
}
