//! Many tests at once.

use brandpunt::stats::{self, Correction};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::columns::{column, copied};
use crate::error::Raise;

/// p-values corrected for their number.
#[pyfunction]
pub(crate) fn adjust_p<'py>(
    py: Python<'py>,
    p: PyReadonlyArray1<'_, f64>,
    method: &str,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let p = copied(&p);
    stats::check_probabilities(&p).or_raise(py)?;
    let correction = Correction::named(method).called("method").or_raise(py)?;
    Ok(column(py, correction.apply(&p)))
}

/// How many are rejected, at what p-value, and the q-values.
#[pyfunction]
pub(crate) fn fdr_cutoff<'py>(
    py: Python<'py>,
    p: PyReadonlyArray1<'_, f64>,
    level: f64,
) -> PyResult<(usize, f64, Bound<'py, PyArray1<f64>>)> {
    let cut = stats::fdr_cutoff(&copied(&p), level).or_raise(py)?;
    Ok((cut.k, cut.cutoff, column(py, cut.q)))
}
