//! What may leave the desk, and its writers.

use std::path::PathBuf;

use brandpunt::analysis::{self, Language};
use brandpunt::publish::{Disclosure, Ledger, Why};
use brandpunt::report;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::analysis::HotspotResult;
use crate::columns::column;
use crate::error::Raise;
use crate::run::{Call, run};

/// A result that passed disclosure control.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Published(analysis::Published);

#[pymethods]
impl Published {
    #[getter]
    fn result(&self) -> HotspotResult {
        HotspotResult(self.0.result().clone())
    }

    /// Name of the rules; `None` when nothing was protected.
    #[getter]
    fn preset(&self) -> Option<&str> {
        let protection = self.0.result().protection.as_ref();
        protection.map(|p| p.preset.as_str())
    }

    /// What was withheld and why, by name.
    #[getter]
    fn audit<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let rows = self.0.audit();
        let known: Vec<(f64, f64, f64)> = rows
            .iter()
            .map(|row| {
                let value = row.state.value().map_or(f64::NAN, |v| v as f64);
                let protection = self.0.result().protection.as_ref();
                let (low, high) = protection.map_or((f64::NAN, f64::NAN), |p| p.known(row.state).1);
                (value, low, high)
            })
            .collect();
        let out = PyDict::new(py);
        let codes: Vec<Option<&str>> = rows.iter().map(|r| r.code.as_deref()).collect();
        out.set_item("code", codes)?;
        out.set_item(
            "period",
            rows.iter().map(|r| r.period.as_str()).collect::<Vec<_>>(),
        )?;
        out.set_item(
            "count",
            column::<i64>(py, rows.iter().map(|r| r.count).collect()),
        )?;
        out.set_item(
            "published",
            column::<f64>(py, known.iter().map(|k| k.0).collect()),
        )?;
        out.set_item(
            "low",
            column::<f64>(py, known.iter().map(|k| k.1).collect()),
        )?;
        out.set_item(
            "high",
            column::<f64>(py, known.iter().map(|k| k.2).collect()),
        )?;
        let parts: Vec<Option<&str>> = rows.iter().map(|r| r.part.as_deref()).collect();
        out.set_item("part", parts)?;
        let why: Vec<Option<&str>> = rows.iter().map(|r| r.why.map(Why::name)).collect();
        out.set_item("why", why)?;
        out.set_item(
            "group",
            column::<bool>(py, rows.iter().map(|r| r.group).collect()),
        )?;
        Ok(out)
    }
}

/// Protects results that go out together.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the rules one can change")]
pub(crate) fn publish(
    py: Python<'_>,
    results: Vec<PyRef<'_, HotspotResult>>,
    preset: &str,
    minimum_count: Option<i64>,
    minimum_addresses: Option<usize>,
    minimum_population: Option<f64>,
    rounding: Option<i64>,
    secret: Option<String>,
    ledger: Option<PathBuf>,
    n_jobs: Option<i64>,
) -> PyResult<Vec<Published>> {
    let mut rules = Disclosure::named(preset).or_raise(py)?;
    if let Some(count) = minimum_count {
        rules = rules.minimum_count(count);
    }
    if let Some(addresses) = minimum_addresses {
        rules = rules.minimum_addresses(addresses);
    }
    if let Some(people) = minimum_population {
        rules = rules.minimum_population(people);
    }
    if let Some(base) = rounding {
        rules = rules.rounding(base);
    }
    if let Some(secret) = secret {
        rules = rules.secret(secret);
    }
    let results: Vec<_> = results.iter().map(|r| r.0.clone()).collect();
    let published = run(py, Call::on(n_jobs), |workers| {
        let mut ledger = match &ledger {
            Some(path) => Ledger::open(path)?,
            None => Ledger::new(),
        };
        analysis::Published::all(&results, &rules, &mut ledger, workers)
    })?;
    Ok(published.into_iter().map(Published).collect())
}

/// One page for results of one or more themes.
#[pyfunction]
pub(crate) fn to_html(
    py: Python<'_>,
    results: Vec<PyRef<'_, Published>>,
    language: &str,
) -> PyResult<String> {
    let language = Language::from_code(language).or_raise(py)?;
    let results: Vec<_> = results.iter().map(|r| r.0.clone()).collect();
    run(py, Call::on(Some(1)), |_| report::html(&results, language))
}

/// Writes results of one or more themes as a folder of files.
#[pyfunction]
pub(crate) fn write_all(
    py: Python<'_>,
    results: Vec<PyRef<'_, Published>>,
    directory: PathBuf,
    language: &str,
) -> PyResult<()> {
    let language = Language::from_code(language).or_raise(py)?;
    let results: Vec<_> = results.iter().map(|r| r.0.clone()).collect();
    run(py, Call::on(Some(1)), |_| {
        report::write_all(&directory, &results, language)
    })
}

/// Writes one page for results of one or more themes.
#[pyfunction]
pub(crate) fn write_html(
    py: Python<'_>,
    results: Vec<PyRef<'_, Published>>,
    path: PathBuf,
    language: &str,
) -> PyResult<()> {
    let language = Language::from_code(language).or_raise(py)?;
    let results: Vec<_> = results.iter().map(|r| r.0.clone()).collect();
    run(py, Call::on(Some(1)), |_| {
        report::write_html(&path, &results, language)
    })
}
