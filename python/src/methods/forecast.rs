//! Will it stay there?

use brandpunt::methods::forecast::{
    Accuracy, Compared, Forecast, ForecastMethod, ForecastUnits, RollingTest, SelfExciting,
    SelfExcitingFit,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

/// A method by name, how far and how long it looks back.
type Named = (String, Option<f64>, Option<f64>);

/// Areas, or cells of a size within them.
fn units(areas: &Neighbourhoods, cell_size: Option<f64>) -> brandpunt::Result<ForecastUnits> {
    match cell_size {
        None => ForecastUnits::areas(&areas.0),
        Some(size) => ForecastUnits::cells(&areas.0, size),
    }
}

fn named(method: &Named) -> brandpunt::Result<ForecastMethod> {
    let (name, metres, days) = method;
    ForecastMethod::named(name, *metres, *days)
}

/// Reports to be expected per unit.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn forecast<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    areas: &Neighbourhoods,
    cell_size: Option<f64>,
    method: Named,
    days: f64,
    now: Option<i64>,
    since: Option<i64>,
    discovered: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut forecast = Forecast::new(named(&method).or_raise(py)?, days).discovered(discovered);
    if let Some(since) = since {
        forecast = forecast.since(since);
    }
    let (units, found) = run(py, Call { n_jobs, progress }, |workers| {
        let units = units(areas, cell_size)?;
        let incidents = &incidents.0;
        let now = match now {
            Some(now) => now,
            None => after_the_last(incidents)?,
        };
        let found = forecast.run_with(incidents, &units, now, workers)?;
        Ok((units, found))
    })?;
    let out = PyDict::new(py);
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("per_km2", column(py, found.per_km2))?;
    let rank = found.rank.iter().map(|r| *r as i64).collect();
    out.set_item("rank", column::<i64>(py, rank))?;
    out.set_item("km2", column(py, units.km2().to_vec()))?;
    let positions = units.positions();
    let side = |of: fn(&(usize, usize)) -> usize| positions.iter().map(of).map(|n| n as i64);
    out.set_item("row", column::<i64>(py, side(|p| p.0).collect()))?;
    out.set_item("col", column::<i64>(py, side(|p| p.1).collect()))?;
    let centre = |of: fn((f64, f64)) -> f64| -> Vec<f64> {
        let grid = units.grid().into_iter();
        grid.flat_map(|g| positions.iter().map(|(row, col)| of(g.centre(*row, *col))))
            .collect()
    };
    out.set_item("x", column(py, centre(|c| c.0)))?;
    out.set_item("y", column(py, centre(|c| c.1)))?;
    out.set_item("start", found.start)?;
    out.set_item("end", found.end)?;
    out.set_item("since", found.since)?;
    out.set_item("method", found.method)?;
    out.set_item("used", found.used)?;
    out.set_item("undated", found.undated)?;
    out.set_item("outside", found.outside)?;
    out.set_item("discovered", found.discovered)?;
    let fit = found.fit.map(|fit| dressed(py, fit)).transpose()?;
    out.set_item("fit", fit)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// The second after the last incident.
fn after_the_last(incidents: &brandpunt::Incidents) -> brandpunt::Result<i64> {
    let times = incidents.require_times()?;
    Ok(times.range().map_or(0, |(_, last)| last.saturating_add(1)))
}

/// Incidents per unit between two moments.
#[pyfunction]
pub(crate) fn counts_between<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    areas: &Neighbourhoods,
    cell_size: Option<f64>,
    start: i64,
    end: i64,
    discovered: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let counts = run(py, Call::on(Some(1)), |workers| {
        units(areas, cell_size)?.counts(&incidents.0, (start, end), discovered, workers)
    })?;
    Ok(column(py, counts).into_any())
}

/// A self-exciting process, fitted.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn self_exciting<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    areas: &Neighbourhoods,
    reach: f64,
    reach_days: f64,
    precision: f64,
    most_steps: usize,
    discovered: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let process = SelfExciting::new(reach, reach_days)
        .precision(precision)
        .most_steps(most_steps)
        .discovered(discovered);
    let fit = run(py, Call { n_jobs, progress }, |workers| {
        process.run_with(&incidents.0, &units(areas, None)?, workers)
    })?;
    dressed(py, fit)
}

fn dressed(py: Python<'_>, fit: SelfExcitingFit) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("branching", fit.branching)?;
    out.set_item("delay", fit.delay)?;
    out.set_item("distance", fit.distance)?;
    out.set_item("background_per_day", fit.background_per_day)?;
    out.set_item("following", fit.following)?;
    out.set_item("log_likelihood", fit.log_likelihood)?;
    out.set_item("gain", fit.gain)?;
    out.set_item("trace", column(py, fit.trace))?;
    out.set_item("converged", fit.converged)?;
    out.set_item("used", fit.used)?;
    out.set_item("warnings", told(&fit.warnings))?;
    Ok(out)
}

/// How a map is judged: shares, whether scores are per km², end of the curve, even part.
type Judging = (Vec<f64>, bool, f64, f64);

fn judging(options: &Judging) -> Accuracy {
    let (shares, densities, curve_to, even_part) = options;
    Accuracy::new()
        .shares(shares)
        .densities(*densities)
        .curve_to(*curve_to)
        .even_part(*even_part)
}

/// How good a map was.
#[pyfunction]
pub(crate) fn accuracy<'py>(
    py: Python<'py>,
    scores: PyReadonlyArray1<'_, f64>,
    km2: PyReadonlyArray1<'_, f64>,
    counts: PyReadonlyArray1<'_, i64>,
    options: Judging,
) -> PyResult<Bound<'py, PyDict>> {
    let (scores, km2, counts) = (copied(&scores), copied(&km2), copied(&counts));
    let found = judging(&options).run(&scores, &km2, &counts).or_raise(py)?;
    let out = PyDict::new(py);
    let observed = found.tenth_observed.iter().map(|n| *n as i64).collect();
    out.set_item("tenth_observed", column::<i64>(py, observed))?;
    for (name, values) in [
        ("shares", found.shares),
        ("km2", found.km2),
        ("hits", found.hits),
        ("hits_low", found.hits_low),
        ("hits_high", found.hits_high),
        ("hit_rate", found.hit_rate),
        ("pai", found.pai),
        ("pei", found.pei),
        ("rri", found.rri),
        ("curve_share", found.curve_share),
        ("curve_hit_rate", found.curve_hit_rate),
        ("tenth_expected", found.tenth_expected),
        ("tenth_low", found.tenth_low),
        ("tenth_high", found.tenth_high),
    ] {
        out.set_item(name, column(py, values))?;
    }
    out.set_item("area_under_curve", found.area_under_curve)?;
    out.set_item("information", found.information)?;
    out.set_item("log_score", found.log_score)?;
    out.set_item("brier", found.brier)?;
    out.set_item("ranked_score", found.ranked_score)?;
    out.set_item("incidents", found.incidents)?;
    out.set_item("places", found.places)?;
    out.set_item("missing", found.missing)?;
    Ok(out)
}

/// What concerns past forecasts, as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Rolling {
    days: f64,
    step: Option<f64>,
    training: f64,
    baseline_days: f64,
    since: Option<i64>,
    until: Option<i64>,
    discovered: bool,
    draws: usize,
    run_length: Option<f64>,
    level: f64,
    seed: u64,
}

/// How a method did, time after time, beside the plain count.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn rolling_accuracy<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    areas: &Neighbourhoods,
    cell_size: Option<f64>,
    method: Named,
    options: Judging,
    rolling: Rolling,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let baseline = ForecastMethod::Counts {
        days: rolling.baseline_days,
    };
    let mut test = RollingTest::new(named(&method).or_raise(py)?, rolling.days)
        .baseline(baseline)
        .step(rolling.step.unwrap_or(rolling.days))
        .training(rolling.training)
        .discovered(rolling.discovered)
        .accuracy(judging(&options))
        .draws(rolling.draws)
        .level(rolling.level)
        .seed(rolling.seed);
    if let Some(since) = rolling.since {
        test = test.since(since);
    }
    if let Some(until) = rolling.until {
        test = test.until(until);
    }
    if let Some(length) = rolling.run_length {
        test = test.run_length(length);
    }
    let found = run(py, Call { n_jobs, progress }, |workers| {
        test.run_with(&incidents.0, &units(areas, cell_size)?, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("start", column(py, found.start))?;
    out.set_item("end", column(py, found.end))?;
    let incidents = found.incidents.iter().map(|n| *n as i64).collect();
    out.set_item("incidents", column::<i64>(py, incidents))?;
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("hits", matrix_of(py, &found.hits))?;
    out.set_item("baseline_hits", matrix_of(py, &found.baseline_hits))?;
    out.set_item("shares", column(py, found.shares))?;
    for (name, figures) in [
        ("hit_rate", found.hit_rate),
        ("pai", found.pai),
        ("pei", found.pei),
    ] {
        out.set_item(name, compared(py, &figures)?)?;
    }
    for (name, figure) in [
        ("area_under_curve", found.area_under_curve),
        ("information", found.information),
        ("log_score", found.log_score),
        ("brier", found.brier),
        ("ranked_score", found.ranked_score),
        ("expected_by_observed", found.expected_by_observed),
    ] {
        out.set_item(name, compared(py, &[figure])?)?;
    }
    out.set_item("method", found.method)?;
    out.set_item("baseline", found.baseline)?;
    out.set_item("run_length", found.run)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Figures as columns.
fn compared<'py>(py: Python<'py>, figures: &[Compared]) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    for (name, of) in [
        ("value", (|c| c.value) as fn(&Compared) -> f64),
        ("low", |c| c.low),
        ("high", |c| c.high),
        ("baseline", |c| c.baseline),
        ("baseline_low", |c| c.baseline_low),
        ("baseline_high", |c| c.baseline_high),
        ("difference", |c| c.difference),
        ("difference_low", |c| c.difference_low),
        ("difference_high", |c| c.difference_high),
    ] {
        out.set_item(name, column(py, figures.iter().map(of).collect()))?;
    }
    Ok(out)
}
