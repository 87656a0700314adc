//! Pairs of parts of the incidents.

use brandpunt::index::Tiles;
use brandpunt::methods::near_repeat::NearRepeat;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::methods::near_repeat::{clock, closed, metric};
use crate::model::{Incidents, told};
use crate::run::{Call, run};

/// Pairs of a part of the incidents.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct PairCounts(pub(crate) brandpunt::methods::near_repeat::PairCounts);

#[pymethods]
impl PairCounts {
    #[getter]
    fn used(&self) -> u64 {
        self.0.used()
    }

    #[getter]
    fn undated(&self) -> u64 {
        self.0.undated()
    }

    #[getter]
    fn rows_in(&self) -> u64 {
        self.0.rows_in()
    }

    /// How many rows were kept out, by reason.
    #[getter]
    fn rejected(&self) -> Vec<(&'static str, u64)> {
        let reasons = self.0.rejected().iter();
        reasons.map(|(reason, n)| (reason.code(), *n)).collect()
    }

    /// The sum of two.
    fn plus(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.clone() + other.0.clone()).map(Self)
    }

    /// The table of all pairs.
    fn table<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = run(py, Call::on(Some(1)), |_| self.0.table())?;
        let out = PyDict::new(py);
        let observed = found.observed.iter().map(|o| *o as i64).collect();
        out.set_item("distances", column(py, found.distances))?;
        out.set_item("days", column(py, found.days))?;
        out.set_item("observed", column::<i64>(py, observed))?;
        out.set_item("expected", column(py, found.expected))?;
        out.set_item("deviation", column(py, found.deviation))?;
        out.set_item("ratio", column(py, found.ratio))?;
        out.set_item("p", column(py, found.p))?;
        out.set_item("stands_out", column(py, found.stands_out))?;
        out.set_item("used", found.used)?;
        out.set_item("undated", found.undated)?;
        out.set_item("warnings", told(&found.warnings))?;
        Ok(out)
    }
}

/// Edges of distance and of time, whether bands are closed on the right, along streets, elapsed
/// time.
type Bands = (Vec<f64>, Vec<f64>, bool, bool, bool);

/// Pairs seen from the own among some incidents; with `accounted`, the account of their rows goes
/// along.
#[pyfunction]
#[pyo3(signature = (incidents, own, bands, *, accounted, n_jobs, progress))]
pub(crate) fn count_pairs(
    py: Python<'_>,
    incidents: &Incidents,
    own: Option<PyReadonlyArray1<'_, bool>>,
    bands: Bands,
    accounted: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PairCounts> {
    let (distances, days, right, streets, elapsed) = bands;
    let test = NearRepeat::new(&distances, &days)
        .closed(closed(right))
        .metric(metric(streets))
        .clock(clock(elapsed));
    let own = own.map(|own| copied(&own));
    let counts = run(py, Call { n_jobs, progress }, |workers| {
        test.count_own(&incidents.0, own.as_deref(), workers)
    })?;
    Ok(PairCounts(if accounted {
        counts.accounting(&incidents.0)
    } else {
        counts
    }))
}

/// Positions, columns and rows of squares, and whether each lies in its own.
type Dealt<'py> = (
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<bool>>,
);

/// Deals places to squares and their halos.
#[pyfunction]
pub(crate) fn deal<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'_, f64>,
    y: PyReadonlyArray1<'_, f64>,
    side: f64,
    reach: f64,
) -> PyResult<Dealt<'py>> {
    let tiles = Tiles::new(side, reach).or_raise(py)?;
    let dealt = tiles.deal(&copied(&x), &copied(&y)).or_raise(py)?;
    Ok((
        column(py, dealt.incident),
        column(py, dealt.column),
        column(py, dealt.row),
        column(py, dealt.own),
    ))
}
