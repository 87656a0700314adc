//! What is inside.

use brandpunt::Step;
use numpy::PyArray1;
use numpy::PyArray2;
use pyo3::prelude::*;

use crate::columns::{column, column_of, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods};
use crate::run::{Call, run};

/// Counts per area and period, those outside every area, the label, start and end of each
/// period, and how many are in none.
type Counted<'py> = (
    Bound<'py, PyArray2<i64>>,
    Bound<'py, PyArray1<i64>>,
    Vec<String>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    u64,
);

/// Counts incidents per area and, with a step, per calendar period.
#[pyfunction]
pub(crate) fn count<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    neighbourhoods: &Neighbourhoods,
    step: Option<&str>,
    n_jobs: Option<i64>,
) -> PyResult<Counted<'py>> {
    let step = step.map(Step::named).transpose().or_raise(py)?;
    let counts = run(py, Call::on(n_jobs), |workers| {
        brandpunt::index::count(&incidents.0, &neighbourhoods.0, step, workers)
    })?;
    let periods = counts.periods();
    Ok((
        matrix_of(py, counts.values()),
        column_of(py, &counts.outside().to_vec()),
        periods.iter().map(|p| p.label.clone()).collect(),
        column(py, periods.iter().map(|p| p.start).collect()),
        column(py, periods.iter().map(|p| p.end).collect()),
        counts.in_no_period(),
    ))
}
