//! The nouns.

mod incidents;
mod neighbourhoods;
mod theme;

pub(crate) use incidents::{Incidents, local_to_utc, times};
pub(crate) use neighbourhoods::Neighbourhoods;
pub(crate) use theme::Theme;

use brandpunt::{Crs, Detected, Warning};
use pyo3::prelude::*;

use crate::error::Raise;

/// Warnings as code, sentence and number.
pub(crate) fn told(warnings: &[Warning]) -> Vec<(&'static str, String, Option<f64>)> {
    warnings
        .iter()
        .map(|w| (w.code.code(), w.message.clone(), w.value))
        .collect()
}

/// What a reader concluded, and why.
pub(crate) fn concluded(detected: &[Detected]) -> Vec<(String, String, String)> {
    detected
        .iter()
        .map(|d| (d.what.clone(), d.value.clone(), d.evidence.clone()))
        .collect()
}

/// Refuses a system in degrees.
#[pyfunction]
pub(crate) fn require_metres(py: Python<'_>, crs: &str) -> PyResult<()> {
    let crs: Crs = crs.parse().or_raise(py)?;
    crs.require_metres().or_raise(py)
}
