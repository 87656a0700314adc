//! Where is it dense?

use brandpunt::methods::density::{self, Kernel, KernelDensity};
use brandpunt::{Bounds, Grid};
use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use crate::columns::{column, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, told};
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
    ) -> PyResult<Self> {
        let values = values.as_array().to_owned();
        let (rows, cols) = values.dim();
        let far = |start: f64, cells: usize| start + cells.saturating_sub(1) as f64 * cell_size;
        let centres = Bounds::new(x, y, far(x, cols), far(y, rows));
        let crs = crs.parse().or_raise(py)?;
        Grid::covering(centres, cell_size, crs)
            .and_then(|grid| density::Surface::new(grid, values, Kernel::named(kernel)?, bandwidth))
            .or_raise(py)
            .map(Self)
    }

    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f64>> {
        matrix_of(py, self.0.values())
    }

    #[getter]
    fn x<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        let grid = self.0.grid();
        column(py, (0..grid.cols()).map(|col| grid.x(col)).collect())
    }

    #[getter]
    fn y<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        let grid = self.0.grid();
        column(py, (0..grid.rows()).map(|row| grid.y(row)).collect())
    }

    #[getter]
    fn bounds(&self) -> (f64, f64, f64, f64) {
        let b = self.0.grid().bounds();
        (b.min_x, b.min_y, b.max_x, b.max_y)
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

    /// The sum with another surface on the same grid.
    fn plus(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| self.0.clone() + other.0.clone()).map(Self)
    }
}

/// The density of incidents.
#[pyfunction]
pub(crate) fn kernel_density(
    py: Python<'_>,
    incidents: &Incidents,
    bandwidth: f64,
    cell_size: f64,
    kernel: &str,
    extent: Option<(f64, f64, f64, f64)>,
    n_jobs: Option<i64>,
) -> PyResult<Surface> {
    let method = KernelDensity::new(bandwidth)
        .cell_size(cell_size)
        .kernel(Kernel::named(kernel).or_raise(py)?);
    let method = match extent {
        Some((min_x, min_y, max_x, max_y)) => {
            method.extent(Bounds::new(min_x, min_y, max_x, max_y))
        }
        None => method,
    };
    run(py, Call::on(n_jobs), |workers| {
        method.run_with(&incidents.0, workers)
    })
    .map(Surface)
}
