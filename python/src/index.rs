//! What is inside.

use std::sync::{Mutex, MutexGuard, PoisonError};

use brandpunt::{Counts, Step};
use numpy::PyArray1;
use numpy::PyArray2;
use pyo3::prelude::*;

use crate::columns::{column, column_of, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, Theme};
use crate::run::{Call, run};

/// Counts per area and period, those outside every area, the label, start and end of each period,
/// how many are in none, and the fingerprint of the areas.
type Counted<'py> = (
    Bound<'py, PyArray2<i64>>,
    Bound<'py, PyArray1<i64>>,
    Vec<String>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    u64,
    Option<String>,
);

fn counted<'py>(py: Python<'py>, counts: &Counts) -> Counted<'py> {
    let periods = counts.periods();
    (
        matrix_of(py, counts.values()),
        column_of(py, &counts.outside().to_vec()),
        periods.iter().map(|p| p.label.clone()).collect(),
        column(py, periods.iter().map(|p| p.start).collect()),
        column(py, periods.iter().map(|p| p.end).collect()),
        counts.in_no_period(),
        counts.fingerprint().map(ToOwned::to_owned),
    )
}

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
    Ok(counted(py, &counts))
}

/// Counts of a part of the incidents.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Tally(pub(crate) brandpunt::Tally);

#[pymethods]
impl Tally {
    /// The fingerprint of the areas.
    #[getter]
    fn areas(&self) -> &str {
        self.0.areas()
    }

    #[getter]
    fn code(&self) -> Vec<String> {
        self.0.codes().to_vec()
    }

    #[getter]
    fn step(&self) -> Option<&'static str> {
        self.0.step().map(Step::name)
    }

    #[getter]
    fn by_category(&self) -> bool {
        self.0.by_category()
    }

    #[getter]
    fn categories(&self) -> Vec<&str> {
        self.0.categories()
    }

    #[getter]
    fn rows_in(&self) -> u64 {
        self.0.rows_in()
    }

    #[getter]
    fn incidents(&self) -> u64 {
        self.0.len()
    }

    #[getter]
    fn undated(&self) -> u64 {
        self.0.undated()
    }

    /// How many rows were kept out, by reason.
    #[getter]
    fn rejected(&self) -> Vec<(&'static str, u64)> {
        let reasons = self.0.rejected().iter();
        reasons.map(|(reason, n)| (reason.code(), *n)).collect()
    }

    /// The counts of a theme.
    fn counts<'py>(&self, py: Python<'py>, theme: &Theme) -> PyResult<Counted<'py>> {
        let counts = run(py, Call::on(Some(1)), |_| self.0.counts(&theme.0))?;
        Ok(counted(py, &counts))
    }

    /// The sum of two.
    fn plus(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.clone() + other.0.clone()).map(Self)
    }
}

/// Counts incidents that come in parts.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct AreaCounter(Mutex<brandpunt::index::AreaCounter>);

impl AreaCounter {
    fn held(&self) -> MutexGuard<'_, brandpunt::index::AreaCounter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl AreaCounter {
    #[new]
    fn new(
        py: Python<'_>,
        neighbourhoods: &Neighbourhoods,
        step: Option<&str>,
        by_category: bool,
    ) -> PyResult<Self> {
        let step = step.map(Step::named).transpose().or_raise(py)?;
        let counter = run(py, Call::on(Some(1)), |_| {
            let mut counter = brandpunt::index::AreaCounter::new(&neighbourhoods.0)?;
            if let Some(step) = step {
                counter = counter.step(step);
            }
            Ok(if by_category {
                counter.by_category()
            } else {
                counter
            })
        })?;
        Ok(Self(Mutex::new(counter)))
    }

    /// A counter of the same areas that has counted nothing.
    fn emptied(&self) -> Self {
        Self(Mutex::new(self.held().emptied()))
    }

    /// Counts some more.
    fn add(&self, py: Python<'_>, incidents: &Incidents, n_jobs: Option<i64>) -> PyResult<()> {
        run(py, Call::on(n_jobs), |workers| {
            self.held().add(&incidents.0, workers)
        })
    }

    /// What was counted so far.
    fn tally(&self) -> Tally {
        Tally(self.held().tally().clone())
    }
}
