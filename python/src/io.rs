//! Files to model.

use std::path::PathBuf;

use brandpunt::Error;
use brandpunt::io::{BadRows, IncidentReader, NeighbourhoodReader};
use pyo3::prelude::*;

use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, level_of};
use crate::run::{Call, run};

/// Reads incidents; what is `None` is detected.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the reader")]
pub(crate) fn read_incidents(
    py: Python<'_>,
    path: PathBuf,
    x: Option<&str>,
    y: Option<&str>,
    time: Option<&str>,
    category: Option<&str>,
    source: Option<&str>,
    weight: Option<&str>,
    id: Option<&str>,
    crs: Option<&str>,
    layer: Option<&str>,
    encoding: Option<&str>,
    decimal: Option<char>,
    delimiter: Option<char>,
    on_bad_rows: &str,
    max_rejected_share: f64,
    allow_columns: Vec<String>,
    n_jobs: Option<i64>,
) -> PyResult<Incidents> {
    let mut reader = IncidentReader::new().max_rejected_share(max_rejected_share);
    macro_rules! set {
        ($($option:ident),+) => { $(if let Some(value) = $option { reader = reader.$option(value); })+ };
    }
    let crs = crs.map(str::parse).transpose().or_raise(py)?;
    set!(
        x, y, time, category, source, weight, id, crs, layer, encoding, decimal, delimiter
    );
    for column in allow_columns {
        reader = reader.allow_column(column);
    }
    let bad_rows = match on_bad_rows {
        "report" => BadRows::Report,
        "error" => BadRows::Error,
        other => {
            return Err(Error::parameter("on_bad_rows", other, "report or error")).or_raise(py);
        }
    };
    let reader = reader.bad_rows(bad_rows);
    run(py, Call::on(n_jobs), |workers| {
        reader.read_with(&path, workers)
    })
    .map(Incidents)
}

/// Reads neighbourhoods; what is `None` is detected.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the reader")]
pub(crate) fn read_neighbourhoods(
    py: Python<'_>,
    path: PathBuf,
    layer: Option<&str>,
    code: Option<&str>,
    name: Option<&str>,
    population: Vec<(Option<i16>, String)>,
    crs: Option<&str>,
    vintage: Option<i16>,
    level: Option<&str>,
    repair: bool,
) -> PyResult<Neighbourhoods> {
    let mut reader = NeighbourhoodReader::new().repair(repair);
    macro_rules! set {
        ($($option:ident),+) => { $(if let Some(value) = $option { reader = reader.$option(value); })+ };
    }
    let crs = crs.map(str::parse).transpose().or_raise(py)?;
    let level = level_of(py, level)?;
    set!(layer, code, name, crs, vintage, level);
    for (year, column) in population {
        reader = match year {
            Some(year) => reader.population_of(year, column),
            None => reader.population(column),
        };
    }
    run(py, Call::on(Some(1)), |_| reader.read(&path)).map(Neighbourhoods)
}

/// The position of the column that readers take for a role by its name.
#[pyfunction]
pub(crate) fn recognise(role: &str, columns: Vec<String>) -> Option<usize> {
    brandpunt::io::Role::from_code(role)?.find(&columns)
}
