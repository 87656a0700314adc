//! Where is it dense?

use std::path::PathBuf;

use brandpunt::index::StudyArea;
use brandpunt::methods::density::{
    self, Adaptive, BandwidthSelection, Edge, Kernel, KernelDensity, Selector,
};
use brandpunt::{Bounds, Grid};
use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, told};
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
        adaptive: Option<(&str, f64, f64)>,
    ) -> PyResult<Self> {
        let values = values.as_array().to_owned();
        let (rows, cols) = values.dim();
        let far = |start: f64, cells: usize| start + cells.saturating_sub(1) as f64 * cell_size;
        let centres = Bounds::new(x, y, far(x, cols), far(y, rows));
        let crs = crs.parse().or_raise(py)?;
        let edge = Edge::named(edge).or_raise(py)?;
        Grid::covering(centres, cell_size, crs)
            .and_then(|grid| density::Surface::new(grid, values, Kernel::named(kernel)?, bandwidth))
            .map(|surface| surface.with_edge(edge).with_adaptive(adaptive.map(rule)))
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

    /// Writes the surface as a GeoTIFF.
    fn write_geotiff(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let (grid, values) = (self.0.grid(), self.0.values());
        run(py, Call::on(Some(1)), |_| match values.as_slice() {
            Some(values) => brandpunt::io::write_geotiff(&path, grid, values, None),
            None => Err(brandpunt::Error::internal("a surface out of order")),
        })
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

/// The density of incidents.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn kernel_density(
    py: Python<'_>,
    incidents: &Incidents,
    bandwidth: f64,
    cell_size: f64,
    kernel: &str,
    edge: &str,
    within: Option<&Neighbourhoods>,
    extent: Option<(f64, f64, f64, f64)>,
    adaptive: Option<(&str, f64, f64)>,
    n_jobs: Option<i64>,
) -> PyResult<Surface> {
    let method = KernelDensity::new(bandwidth)
        .cell_size(cell_size)
        .kernel(Kernel::named(kernel).or_raise(py)?)
        .edge(Edge::named(edge).or_raise(py)?);
    let adaptive = adaptive.map(rule);
    let method = match extent {
        Some((min_x, min_y, max_x, max_y)) => {
            method.extent(Bounds::new(min_x, min_y, max_x, max_y))
        }
        None => method,
    };
    run(py, Call::on(n_jobs), |workers| {
        let method = match within {
            Some(hoods) => method.within(StudyArea::new(&hoods.0, workers)?),
            None => method,
        };
        match adaptive {
            Some(rule) => method.adaptive(rule).run_with(&incidents.0, workers),
            None => method.run_with(&incidents.0, workers),
        }
    })
    .map(Surface)
}

/// The columns of a chosen bandwidth.
#[pyfunction]
pub(crate) fn select_bandwidth<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    method: &str,
    candidates: Option<PyReadonlyArray1<'_, f64>>,
    least: f64,
    within: Option<&Neighbourhoods>,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let selection = BandwidthSelection::new(Selector::named(method).or_raise(py)?).least(least);
    let selection = match candidates {
        Some(candidates) => selection.candidates(copied(&candidates)),
        None => selection,
    };
    let found = run(py, Call::on(n_jobs), |workers| {
        let selection = match within {
            Some(hoods) => selection.within(StudyArea::new(&hoods.0, workers)?),
            None => selection,
        };
        selection.run_with(&incidents.0, workers)
    })?;
    let columns = PyDict::new(py);
    columns.set_item("bandwidth", found.bandwidth)?;
    columns.set_item("method", found.selector.name())?;
    columns.set_item("kernel", found.kernel.name())?;
    columns.set_item("at_boundary", found.at_boundary)?;
    columns.set_item("warnings", told(&found.warnings))?;
    columns.set_item("candidates", column(py, found.candidates))?;
    columns.set_item("scores", column(py, found.scores))?;
    Ok(columns)
}

/// The standard deviation along an axis of a kernel with a bandwidth of one.
#[pyfunction]
pub(crate) fn kernel_deviation(py: Python<'_>, kernel: &str) -> PyResult<f64> {
    Kernel::named(kernel).or_raise(py).map(Kernel::deviation)
}
