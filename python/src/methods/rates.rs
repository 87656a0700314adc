//! How much for its people?

use brandpunt::Error;
use brandpunt::methods::rates::{
    Centring, Change, ChangeGroups, ChangeStatus, ChangeTable, DirectStandardisation, Funnel,
    IndirectStandardisation, Interval, RateTrend, Rates, Smoothing, Target, standardised,
};
use brandpunt::stats::Correction;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::run::{Call, run};
use crate::weights::Weights;

/// Incidents per so many people.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn rates<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    per: f64,
    level: f64,
    interval: &str,
    smoothing: Option<&str>,
    weights: Option<&Weights>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = Rates::new()
        .per(per)
        .level(level)
        .interval(Interval::named(interval).or_raise(py)?);
    let method = match smoothing {
        None => method,
        Some("global") => method.smoothing(Smoothing::Global),
        Some("binomial") => method.smoothing(Smoothing::Binomial),
        Some("local") => method.smoothing(Smoothing::Local(Centring::Focal)),
        Some("local_spdep") => method.smoothing(Smoothing::Local(Centring::Neighbour)),
        Some(other) => {
            let expected = "global, binomial, local, local_spdep or None";
            return Err(Error::parameter("smoothing", other, expected)).or_raise(py);
        }
    };
    let (counts, population) = (copied(&counts), copied(&population));
    let table = run(py, Call::on(Some(1)), |_| match weights {
        Some(weights) => method.run_local(&counts, &population, &weights.0),
        None => method.run(&counts, &population),
    })?;
    let out = PyDict::new(py);
    out.set_item("rate", column(py, table.rate))?;
    out.set_item("low", column(py, table.low))?;
    out.set_item("high", column(py, table.high))?;
    out.set_item("smoothed", table.smoothed.map(|s| column(py, s)))?;
    Ok(out)
}

/// Rates compared with a baseline, per area, per group and for all areas together.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn change<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    baseline_counts: PyReadonlyArray1<'_, i64>,
    baseline_population: PyReadonlyArray1<'_, f64>,
    groups: Option<PyReadonlyArray1<'_, u32>>,
    overdispersion: Option<PyReadonlyArray1<'_, f64>>,
    overdispersion_freedom: Option<PyReadonlyArray1<'_, f64>>,
    target: Option<(f64, f64)>,
    per: f64,
    level: f64,
    correction: &str,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>, Bound<'py, PyDict>)> {
    let mut method = Change::new()
        .per(per)
        .level(level)
        .correction(Correction::named(correction).or_raise(py)?);
    if let Some(ratio) = &overdispersion {
        method = method.overdispersion(copied(ratio));
    }
    if let Some(freedom) = &overdispersion_freedom {
        method = method.overdispersion_freedom(copied(freedom));
    }
    if let Some((ratio, elapsed)) = target {
        method = method.target(Target::at_most(ratio).elapsed(elapsed));
    }
    let (counts, population) = (copied(&counts), copied(&population));
    let (before, then) = (copied(&baseline_counts), copied(&baseline_population));
    let groups = groups.as_ref().map(copied);
    let found = run(py, Call::on(Some(1)), |_| {
        method.run_levels(&counts, &population, &before, &then, groups.as_deref())
    })?;
    let areas = PyDict::new(py);
    changes(&areas, found.areas)?;
    Ok((areas, sums(py, found.groups)?, sums(py, found.city)?))
}

fn sums(py: Python<'_>, found: ChangeGroups) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("group", column(py, found.group))?;
    out.set_item("areas", column(py, found.areas))?;
    out.set_item("left_out", column(py, found.left_out))?;
    out.set_item("count", column(py, found.count))?;
    out.set_item("population", column(py, found.population))?;
    out.set_item("baseline_count", column(py, found.baseline_count))?;
    out.set_item("baseline_population", column(py, found.baseline_population))?;
    changes(&out, found.change)?;
    Ok(out)
}

fn changes(out: &Bound<'_, PyDict>, table: ChangeTable) -> PyResult<()> {
    let py = out.py();
    out.set_item("rate", column(py, table.rate))?;
    out.set_item("baseline_rate", column(py, table.baseline_rate))?;
    out.set_item("ratio", column(py, table.ratio))?;
    out.set_item("low", column(py, table.low))?;
    out.set_item("high", column(py, table.high))?;
    out.set_item("p", column(py, table.p))?;
    out.set_item("q", column(py, table.q))?;
    out.set_item("p_e_test", column(py, table.p_e_test))?;
    out.set_item("difference", column(py, table.difference))?;
    out.set_item("difference_low", column(py, table.difference_low))?;
    out.set_item("difference_high", column(py, table.difference_high))?;
    out.set_item("from_rate", column(py, table.from_rate))?;
    out.set_item("from_population", column(py, table.from_population))?;
    let words = |status: &[ChangeStatus]| status.iter().map(|s| s.name()).collect::<Vec<_>>();
    out.set_item("status", words(&table.status))?;
    if let Some(quasi) = table.quasi {
        out.set_item("overdispersion", column(py, quasi.overdispersion))?;
        out.set_item("quasi_low", column(py, quasi.low))?;
        out.set_item("quasi_high", column(py, quasi.high))?;
        out.set_item("quasi_p", column(py, quasi.p))?;
        out.set_item("quasi_q", column(py, quasi.q))?;
        out.set_item("quasi_status", words(&quasi.status))?;
    }
    if let Some(target) = table.target {
        let words: Vec<&str> = target.iter().map(|s| s.name()).collect();
        out.set_item("target_status", words)?;
    }
    Ok(())
}

/// Variance divided by mean of counts over time.
#[pyfunction]
pub(crate) fn series_dispersion<'py>(
    py: Python<'py>,
    series: PyReadonlyArray1<'_, i64>,
    steps: usize,
    groups: Option<PyReadonlyArray1<'_, u32>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (series, groups) = (copied(&series), groups.as_ref().map(copied));
    let found = run(py, Call::on(Some(1)), |_| {
        brandpunt::methods::rates::series_dispersion(&series, steps, groups.as_deref())
    })?;
    Ok(column(py, found))
}

/// Directly standardised rates.
#[pyfunction]
pub(crate) fn direct_standardisation<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    standard: Vec<f64>,
    per: f64,
    level: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let method = DirectStandardisation::new(standard).per(per).level(level);
    let (counts, population) = (copied(&counts), copied(&population));
    let found = run(py, Call::on(Some(1)), |_| method.run(&counts, &population))?;
    let out = PyDict::new(py);
    out.set_item("rate", column(py, found.rate))?;
    out.set_item("low", column(py, found.low))?;
    out.set_item("high", column(py, found.high))?;
    Ok(out)
}

/// Observed and expected incidents.
#[pyfunction]
pub(crate) fn indirect_standardisation<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    strata: usize,
    totals: bool,
    standard_rates: Option<Vec<f64>>,
    level: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = IndirectStandardisation::new(strata).level(level);
    if let Some(rates) = standard_rates {
        method = method.standard_rates(rates);
    }
    let (counts, population) = (copied(&counts), copied(&population));
    let found = run(py, Call::on(Some(1)), |_| {
        if totals {
            method.run_totals(&counts, &population)
        } else {
            method.run(&counts, &population)
        }
    })?;
    let out = PyDict::new(py);
    out.set_item("observed", column(py, found.observed))?;
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("ratio", column(py, found.ratio))?;
    out.set_item("low", column(py, found.low))?;
    out.set_item("high", column(py, found.high))?;
    Ok(out)
}

/// Limits around the common rate.
#[pyfunction]
pub(crate) fn funnel<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    rate: Option<f64>,
    levels: (f64, f64),
    per: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = Funnel::new().per(per).levels(levels.0, levels.1);
    if let Some(rate) = rate {
        method = method.rate(rate / per);
    }
    let (counts, population) = (copied(&counts), copied(&population));
    let found = run(py, Call::on(Some(1)), |_| method.run(&counts, &population))?;
    let out = PyDict::new(py);
    out.set_item("common_rate", found.common_rate)?;
    out.set_item("rate", column(py, found.rate))?;
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("low", column(py, found.low))?;
    out.set_item("high", column(py, found.high))?;
    out.set_item("far_low", column(py, found.far_low))?;
    out.set_item("far_high", column(py, found.far_high))?;
    let status: Vec<&str> = found.status.iter().map(|s| s.name()).collect();
    out.set_item("status", status)?;
    Ok(out)
}

/// Log-linear trends of yearly rates.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn trend<'py>(
    py: Python<'py>,
    years: Vec<i16>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    exclude_unusual: bool,
    per: f64,
    level: f64,
    correction: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let method = RateTrend::new()
        .exclude_unusual(exclude_unusual)
        .per(per)
        .level(level)
        .correction(Correction::named(correction).or_raise(py)?);
    let (counts, population) = (copied(&counts), copied(&population));
    let found = run(py, Call::on(Some(1)), |_| {
        method.run(&years, &counts, &population)
    })?;
    let out = PyDict::new(py);
    out.set_item("ratio", column(py, found.ratio))?;
    out.set_item("low", column(py, found.low))?;
    out.set_item("high", column(py, found.high))?;
    out.set_item("p", column(py, found.p))?;
    out.set_item("q", column(py, found.q))?;
    out.set_item("overdispersion", column(py, found.overdispersion))?;
    out.set_item("years_used", column(py, found.years_used))?;
    let status: Vec<&str> = found.status.iter().map(|s| s.name()).collect();
    out.set_item("status", status)?;
    out.set_item("fitted", column(py, found.fitted))?;
    out.set_item("unusual", column(py, found.unusual))?;
    Ok(out)
}

/// Deviations of rates from the common rate, in standard deviations (Assunção & Reis 1999).
#[pyfunction]
pub(crate) fn standardised_rates<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (counts, population) = (copied(&counts), copied(&population));
    if counts.len() != population.len() {
        let lengths = format!(
            "{} counts and {} populations",
            counts.len(),
            population.len()
        );
        return Err(Error::input(brandpunt::Fault::LengthMismatch, lengths)).or_raise(py);
    }
    Ok(column(py, standardised(&counts, &population)))
}
