//! Files to model.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use brandpunt::Error;
use brandpunt::io::{BadRows, IncidentReader, NeighbourhoodReader};
use pyo3::prelude::*;

use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, level_of};
use crate::run::{Call, run};

/// Options of a reader of incidents; what is `None` is detected.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Reading {
    x: Option<String>,
    y: Option<String>,
    time: Option<String>,
    category: Option<String>,
    source: Option<String>,
    weight: Option<String>,
    id: Option<String>,
    crs: Option<String>,
    layer: Option<String>,
    encoding: Option<String>,
    decimal: Option<char>,
    delimiter: Option<char>,
    on_bad_rows: String,
    max_rejected_share: f64,
    allow_columns: Vec<String>,
}

impl Reading {
    fn reader(self) -> brandpunt::Result<IncidentReader> {
        let mut reader = IncidentReader::new().max_rejected_share(self.max_rejected_share);
        macro_rules! set {
            ($($option:ident),+) => {
                $(if let Some(value) = self.$option { reader = reader.$option(value); })+
            };
        }
        if let Some(crs) = self.crs {
            reader = reader.crs(crs.parse()?);
        }
        set!(
            x, y, time, category, source, weight, id, layer, encoding, decimal, delimiter
        );
        for column in self.allow_columns {
            reader = reader.allow_column(column);
        }
        match self.on_bad_rows.as_str() {
            "report" => Ok(reader.bad_rows(BadRows::Report)),
            "error" => Ok(reader.bad_rows(BadRows::Error)),
            other => Err(Error::parameter("on_bad_rows", other, "report or error")),
        }
    }
}

/// Reads incidents.
#[pyfunction]
pub(crate) fn read_incidents(
    py: Python<'_>,
    path: PathBuf,
    options: Reading,
    n_jobs: Option<i64>,
) -> PyResult<Incidents> {
    let reader = options.reader().or_raise(py)?;
    run(py, Call::on(n_jobs), |workers| {
        reader.read_with(&path, workers)
    })
    .map(Incidents)
}

/// Incidents of a file, batch by batch.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct IncidentBatches(Mutex<brandpunt::io::IncidentBatches>);

#[pymethods]
impl IncidentBatches {
    #[new]
    fn new(py: Python<'_>, path: PathBuf, options: Reading, batch_bytes: usize) -> PyResult<Self> {
        let reader = options.reader().or_raise(py)?;
        let batches = run(py, Call::on(Some(1)), |_| reader.batches(&path))?;
        Ok(Self(Mutex::new(batches.batch_bytes(batch_bytes))))
    }

    /// The next batch with the share of the file that was read; `None` at the end.
    fn next_batch(
        &self,
        py: Python<'_>,
        n_jobs: Option<i64>,
    ) -> PyResult<Option<(Incidents, f64)>> {
        run(py, Call::on(n_jobs), |workers| {
            let mut batches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let batch = batches.next_batch(workers)?;
            Ok(batch.map(|batch| (Incidents(batch), batches.share_read())))
        })
    }
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
