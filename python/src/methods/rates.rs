//! How much for its people?

use brandpunt::Error;
use brandpunt::methods::rates::{Centring, Change, Interval, Rates, Smoothing, standardised};
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
        Some("local") => method.smoothing(Smoothing::Local(Centring::Focal)),
        Some("local_spdep") => method.smoothing(Smoothing::Local(Centring::Neighbour)),
        Some(other) => {
            let expected = "global, local, local_spdep or None";
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

/// Rates compared with a baseline.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn change<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, i64>,
    population: PyReadonlyArray1<'_, f64>,
    baseline_counts: PyReadonlyArray1<'_, i64>,
    baseline_population: PyReadonlyArray1<'_, f64>,
    per: f64,
    level: f64,
    correction: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let method = Change::new()
        .per(per)
        .level(level)
        .correction(Correction::named(correction).or_raise(py)?);
    let (counts, population) = (copied(&counts), copied(&population));
    let (before, then) = (copied(&baseline_counts), copied(&baseline_population));
    let table = run(py, Call::on(Some(1)), |_| {
        method.run(&counts, &population, &before, &then)
    })?;
    let out = PyDict::new(py);
    out.set_item("ratio", column(py, table.ratio))?;
    out.set_item("low", column(py, table.low))?;
    out.set_item("high", column(py, table.high))?;
    out.set_item("p", column(py, table.p))?;
    out.set_item("q", column(py, table.q))?;
    out.set_item("difference", column(py, table.difference))?;
    let status: Vec<&str> = table.status.iter().map(|s| s.name()).collect();
    out.set_item("status", status)?;
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
