//! Who is a neighbour of whom.

use brandpunt::weights::Adjacency;
use brandpunt::{Error, weights};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::Neighbourhoods;
use crate::run::{Call, run};

/// A sparse matrix of weights.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Weights(pub(crate) weights::Weights);

/// Row starts, neighbours and weights of a compressed sparse row matrix.
type Csr<'py> = (
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
);

#[pymethods]
impl Weights {
    #[new]
    fn new(
        py: Python<'_>,
        start: PyReadonlyArray1<'_, i64>,
        neighbour: PyReadonlyArray1<'_, i64>,
        value: PyReadonlyArray1<'_, f64>,
    ) -> PyResult<Self> {
        let (start, neighbour, value) = (copied(&start), copied(&neighbour), copied(&value));
        run(py, Call::on(Some(1)), |_| {
            let unusable = |n: i64| {
                let expected = "a square compressed sparse row matrix";
                Error::parameter("weights", format!("a matrix that holds {n}"), expected)
            };
            let start = start
                .iter()
                .map(|&n| usize::try_from(n).map_err(|_| unusable(n)))
                .collect::<brandpunt::Result<Vec<_>>>()?;
            let neighbour = neighbour
                .iter()
                .map(|&n| u32::try_from(n).map_err(|_| unusable(n)))
                .collect::<brandpunt::Result<Vec<_>>>()?;
            weights::Weights::from_csr(&start, &neighbour, &value)
        })
        .map(Self)
    }

    #[staticmethod]
    fn contiguity(
        py: Python<'_>,
        neighbourhoods: &Neighbourhoods,
        rook: bool,
        snap: f64,
    ) -> PyResult<Self> {
        let kind = if rook {
            weights::Contiguity::rook()
        } else {
            weights::Contiguity::queen()
        };
        let hoods = &neighbourhoods.0;
        run(py, Call::on(Some(1)), |_| kind.snap(snap).build(hoods)).map(Self)
    }

    #[staticmethod]
    fn distance_band(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        radius: f64,
    ) -> PyResult<Self> {
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(Some(1)), |_| {
            weights::Weights::distance_band(&x, &y, radius)
        })
        .map(Self)
    }

    #[staticmethod]
    fn nearest(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        k: usize,
    ) -> PyResult<Self> {
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(Some(1)), |_| {
            weights::Weights::nearest(&x, &y, k)
        })
        .map(Self)
    }

    #[staticmethod]
    fn lattice(
        py: Python<'_>,
        rows: usize,
        cols: usize,
        order: usize,
        rook: bool,
    ) -> PyResult<Self> {
        let kind = if rook {
            Adjacency::Rook
        } else {
            Adjacency::Queen
        };
        run(py, Call::on(Some(1)), |_| {
            weights::Weights::lattice(rows, cols, order, kind)
        })
        .map(Self)
    }

    #[getter]
    fn n(&self) -> usize {
        self.0.n()
    }

    #[getter]
    fn pairs(&self) -> usize {
        self.0.pairs()
    }

    #[getter]
    fn is_binary(&self) -> bool {
        self.0.is_binary()
    }

    #[getter]
    fn islands<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        column(py, self.0.islands().into_iter().map(|i| i as i64).collect())
    }

    #[getter]
    fn cardinalities<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        let number = self.0.cardinalities();
        column(py, number.into_iter().map(|n| n as i64).collect())
    }

    fn neighbours<'py>(&self, py: Python<'py>, unit: usize) -> PyResult<Bound<'py, PyArray1<i64>>> {
        if unit >= self.0.n() {
            let expected = format!("a number below {}", self.0.n());
            return Err(Error::parameter("unit", unit, expected)).or_raise(py);
        }
        let list = self.0.neighbours(unit);
        Ok(column(py, list.iter().map(|&j| i64::from(j)).collect()))
    }

    fn include_self(&self, py: Python<'_>) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| Ok(self.0.include_self())).map(Self)
    }

    fn row_standardise(&self, py: Python<'_>) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| Ok(self.0.row_standardise())).map(Self)
    }

    fn to_csr<'py>(&self, py: Python<'py>) -> Csr<'py> {
        let (start, neighbour, value) = self.0.to_csr();
        (
            column(py, start.into_iter().map(|n| n as i64).collect()),
            column(py, neighbour.into_iter().map(i64::from).collect()),
            column(py, value),
        )
    }
}
