//! The nouns.

mod incidents;
mod neighbourhoods;
mod registered;
mod theme;

pub(crate) use incidents::{Incidents, RejectedRows, local_to_utc, times, written};
pub(crate) use neighbourhoods::{Neighbourhoods, Ragged, ragged};
pub(crate) use registered::{
    AreaNumbers, Crosswalk, KeyFigures, RegisteredCounts, area_code, check_person_data, level_of,
    read_key_figures, read_police_table,
};
pub(crate) use theme::{Theme, read_themes, write_themes};

use brandpunt::{Crs, Detected, Period, Warning};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::column;
use crate::error::Raise;

/// Warnings as code, sentence and number.
pub(crate) fn told(warnings: &[Warning]) -> Vec<(&'static str, String, Option<f64>)> {
    warnings
        .iter()
        .map(|w| (w.code.code(), w.message.clone(), w.value))
        .collect()
}

/// Adds the labels of periods, and their starts and ends in seconds since 1970 (UTC).
pub(crate) fn dated(py: Python<'_>, periods: &[Period], out: &Bound<'_, PyDict>) -> PyResult<()> {
    let labels: Vec<&str> = periods.iter().map(|p| p.label.as_str()).collect();
    out.set_item("periods", labels)?;
    let starts = periods.iter().map(|p| p.start).collect();
    out.set_item("starts", column::<i64>(py, starts))?;
    let ends = periods.iter().map(|p| p.end).collect();
    out.set_item("ends", column::<i64>(py, ends))
}

/// A thing, what was concluded about it, and why.
type Conclusion = (String, String, String);

/// What the package concluded by itself.
fn detections(concluded: Vec<Conclusion>) -> Vec<Detected> {
    let each = concluded.into_iter();
    each.map(|(what, value, why)| Detected::new(what, value, why))
        .collect()
}

/// What a reader concluded, and why.
pub(crate) fn concluded(detected: &[Detected]) -> Vec<Conclusion> {
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
