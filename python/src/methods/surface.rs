//! A raster of densities.

use std::path::PathBuf;

use brandpunt::index::NeighbourhoodIndex;
use brandpunt::methods::density::{self, Adaptive, Classification, DensityClasses, Edge, Kernel};
use brandpunt::{Bounds, Grid};
use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::grid;
use crate::columns::{column, copied, matrix_of};
use crate::error::Raise;
use crate::methods::contours::Contours;
use crate::model::{Neighbourhoods, told};
use crate::run::{Call, run};

/// Incidents per square kilometre at the centres of square cells.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Surface(pub(crate) density::Surface);

#[pymethods]
impl Surface {
    /// From the values and the centre of the south-western cell.
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the parts of a surface")]
    fn new(
        py: Python<'_>,
        values: PyReadonlyArray2<'_, f64>,
        x: f64,
        y: f64,
        cell_size: f64,
        crs: &str,
        kernel: &str,
        bandwidth: f64,
        edge: &str,
    ) -> PyResult<Self> {
        let values = values.as_array().to_owned();
        let (rows, cols) = values.dim();
        let far = |start: f64, cells: usize| start + cells.saturating_sub(1) as f64 * cell_size;
        let centres = Bounds::new(x, y, far(x, cols), far(y, rows));
        let crs = crs.parse().or_raise(py)?;
        let edge = Edge::named(edge).or_raise(py)?;
        Grid::covering(centres, cell_size, crs)
            .and_then(|grid| density::Surface::new(grid, values, Kernel::named(kernel)?, bandwidth))
            .map(|surface| Self(surface.with_edge(edge)))
            .or_raise(py)
    }

    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f64>> {
        matrix_of(py, self.0.values())
    }

    #[getter]
    fn x<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        grid::x(py, self.0.grid())
    }

    #[getter]
    fn y<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        grid::y(py, self.0.grid())
    }

    #[getter]
    fn bounds(&self) -> (f64, f64, f64, f64) {
        grid::bounds(self.0.grid())
    }

    #[getter]
    fn crs(&self) -> String {
        self.0.grid().crs().to_string()
    }

    #[getter]
    fn cell_size(&self) -> f64 {
        self.0.grid().cell_size()
    }

    #[getter]
    fn bandwidth(&self) -> f64 {
        self.0.bandwidth()
    }

    #[getter]
    fn kernel(&self) -> &'static str {
        self.0.kernel().name()
    }

    #[getter]
    fn edge(&self) -> &'static str {
        self.0.edge().name()
    }

    /// The rule of the bandwidths, as `kernel_density` takes it.
    #[getter]
    fn adaptive(&self) -> Option<(&'static str, f64, f64)> {
        match self.0.adaptive()? {
            Adaptive::Abramson { pilot, trim } => Some(("abramson", pilot, trim)),
            Adaptive::Nearest { k } => Some(("nearest", k as f64, 0.0)),
            _ => None,
        }
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        told(self.0.warnings())
    }

    /// The values of the cells that hold the points, NaN outside.
    fn at<'py>(
        &self,
        py: Python<'py>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
    ) -> Bound<'py, PyArray1<f64>> {
        let points = x.as_array();
        let points = points.iter().zip(y.as_array());
        column(py, points.map(|(&x, &y)| self.0.at(x, y)).collect())
    }

    /// The columns of mean, peak and integral per neighbourhood.
    fn by_neighbourhood<'py>(
        &self,
        py: Python<'py>,
        neighbourhoods: &Neighbourhoods,
        n_jobs: Option<i64>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let found = run(py, Call::on(n_jobs), |workers| {
            let index = NeighbourhoodIndex::build(&neighbourhoods.0)?;
            self.0
                .by_neighbourhood_with(&neighbourhoods.0, &index, workers)
        })?;
        let columns = PyDict::new(py);
        columns.set_item("mean", column(py, found.mean))?;
        columns.set_item("peak", column(py, found.peak))?;
        columns.set_item("peak_x", column(py, found.peak_x))?;
        columns.set_item("peak_y", column(py, found.peak_y))?;
        columns.set_item("integral", column(py, found.integral))?;
        columns.set_item("share", column(py, found.share))?;
        columns.set_item("covered", column(py, found.covered))?;
        Ok(columns)
    }

    /// Classes of densities, and the class of each cell, -1 without a density.
    fn classes<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        most: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let method = Classification::named(method).or_raise(py)?;
        let classes = self.0.classes(method, most).or_raise(py)?;
        let class = |v: &f64| classes.class_of(*v).map_or(-1, |c| c as i64);
        let values = self.0.values().map(class);
        let columns = PyDict::new(py);
        columns.set_item("method", classes.method().name())?;
        columns.set_item("breaks", column(py, classes.breaks().to_vec()))?;
        columns.set_item("labels", classes.labels())?;
        columns.set_item("unit", DensityClasses::UNIT)?;
        columns.set_item("values", matrix_of(py, &values))?;
        Ok(columns)
    }

    /// Lines and bands at levels of density.
    fn contours(
        &self,
        py: Python<'_>,
        levels: PyReadonlyArray1<'_, f64>,
        n_jobs: Option<i64>,
    ) -> PyResult<Contours> {
        let levels = copied(&levels);
        let call = Call::on(n_jobs);
        run(py, call, |workers| self.0.contours_with(&levels, workers)).map(Contours)
    }

    /// Writes the surface as a GeoTIFF.
    fn write_geotiff(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, Call::on(Some(1)), |_| self.0.write_geotiff(&path))
    }

    /// The sum with another surface on the same grid.
    fn plus(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.clone() + other.0.clone()).map(Self)
    }
}

/// The rule of the bandwidths from its name and numbers: `abramson` with pilot and trim, else the
/// neighbour's number.
pub(crate) fn rule((name, first, second): (&str, f64, f64)) -> Adaptive {
    match name {
        "abramson" => Adaptive::Abramson {
            pilot: first,
            trim: second,
        },
        _ => Adaptive::Nearest { k: first as usize },
    }
}
