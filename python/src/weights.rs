//! Who is a neighbour of whom.

use brandpunt::weights::{Adjacency, Diagonal, Falloff, KernelWeights, Nearest, Reach, Ties};
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

    /// Without a radius, the least at which everybody has a neighbour.
    #[staticmethod]
    fn distance_band(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        radius: Option<f64>,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(n_jobs), |workers| {
            let radius = match radius {
                Some(radius) => radius,
                None => weights::connecting_radius_with(&x, &y, workers)?,
            };
            weights::Weights::distance_band_with(&x, &y, radius, workers)
        })
        .map(Self)
    }

    #[staticmethod]
    fn connecting_radius(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        n_jobs: Option<i64>,
    ) -> PyResult<f64> {
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(n_jobs), |workers| {
            weights::connecting_radius_with(&x, &y, workers)
        })
    }

    #[staticmethod]
    fn inverse_distance(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        radius: f64,
        power: f64,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(n_jobs), |workers| {
            weights::Weights::inverse_distance_with(&x, &y, radius, power, workers)
        })
        .map(Self)
    }

    /// The weights, and the points with a tie at place k.
    #[staticmethod]
    fn nearest<'py>(
        py: Python<'py>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        k: usize,
        ties: &str,
        n_jobs: Option<i64>,
    ) -> PyResult<(Self, Bound<'py, PyArray1<i64>>)> {
        let (x, y) = (copied(&x), copied(&y));
        let nearest = Nearest::new(k).ties(Ties::named(ties).or_raise(py)?);
        let found = run(py, Call::on(n_jobs), |workers| {
            nearest.build_with(&x, &y, workers)
        })?;
        let tied = found.tied.into_iter().map(i64::from).collect();
        Ok((Self(found.weights), column(py, tied)))
    }

    /// Kernel weights within `bandwidth`, or up to the `k`-th nearest neighbour.
    #[staticmethod]
    #[expect(clippy::too_many_arguments, reason = "the options of the weights")]
    fn kernel(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        bandwidth: Option<f64>,
        k: Option<usize>,
        kernel: &str,
        diagonal: &str,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        let reach = match (bandwidth, k) {
            (Some(bandwidth), None) => Ok(Reach::Fixed(bandwidth)),
            (None, Some(k)) => Ok(Reach::Nearest(k)),
            (None, None) => Err(Error::parameter("bandwidth", "not given", "one, or k")),
            (Some(_), Some(_)) => Err(Error::parameter("bandwidth", "given with k", "one of them")),
        }
        .or_raise(py)?;
        let method = KernelWeights::new(Falloff::named(kernel).or_raise(py)?, reach)
            .diagonal(Diagonal::named(diagonal).or_raise(py)?);
        let (x, y) = (copied(&x), copied(&y));
        run(py, Call::on(n_jobs), |workers| {
            method.build_with(&x, &y, workers)
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

    #[getter]
    fn symmetric(&self, py: Python<'_>) -> PyResult<bool> {
        run(py, Call::on(Some(1)), |_| Ok(self.0.symmetric()))
    }

    fn order(&self, py: Python<'_>, order: usize, cumulative: bool) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.order(order, cumulative)).map(Self)
    }

    fn union(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.union(&other.0)).map(Self)
    }

    fn intersection(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.intersection(&other.0)).map(Self)
    }

    fn difference(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.difference(&other.0)).map(Self)
    }

    fn symmetrise(&self, py: Python<'_>) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.symmetrise()).map(Self)
    }

    fn transpose(&self, py: Python<'_>) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| Ok(self.0.transpose())).map(Self)
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
