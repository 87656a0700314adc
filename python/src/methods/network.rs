//! Along which streets is it dense?

use brandpunt::methods::density::{self, Kernel, NetworkDensity, Split};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, matrix};
use crate::error::Raise;
use crate::model::{Incidents, told};
use crate::run::{Call, run};

/// Streets that meet at nodes.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct StreetNetwork(pub(crate) density::StreetNetwork);

#[pymethods]
impl StreetNetwork {
    /// From the corners of all lines in turn, and where each line begins and the last ends.
    #[new]
    fn new(
        py: Python<'_>,
        corners: PyReadonlyArray2<'_, f64>,
        starts: PyReadonlyArray1<'_, i64>,
        crs: &str,
        tolerance: f64,
    ) -> PyResult<Self> {
        let corners = corners.as_array();
        let starts = copied(&starts);
        let crs = crs.parse().or_raise(py)?;
        let lines: Vec<Vec<(f64, f64)>> = starts
            .windows(2)
            .map(|ends| {
                let range = ends[0].max(0) as usize..ends[1].max(0) as usize;
                range
                    .filter_map(|i| Some((*corners.get((i, 0))?, *corners.get((i, 1))?)))
                    .collect()
            })
            .collect();
        run(py, Call::on(Some(1)), |_| {
            density::StreetNetwork::from_lines(&lines, crs, tolerance)
        })
        .map(Self)
    }

    #[getter]
    fn streets(&self) -> usize {
        self.0.streets()
    }

    #[getter]
    fn nodes(&self) -> usize {
        self.0.nodes()
    }

    #[getter]
    fn km(&self) -> f64 {
        self.0.km()
    }

    #[getter]
    fn repeated(&self) -> usize {
        self.0.repeated()
    }

    #[getter]
    fn crs(&self) -> String {
        self.0.crs().to_string()
    }
}

/// The columns of a density along streets.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn network_density<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    network: &StreetNetwork,
    bandwidth: f64,
    lixel: f64,
    kernel: &str,
    split: &str,
    farthest: f64,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = NetworkDensity::new(bandwidth)
        .lixel(lixel)
        .kernel(Kernel::named(kernel).or_raise(py)?)
        .split(Split::named(split).or_raise(py)?)
        .farthest(farthest);
    let found = run(py, Call { n_jobs, progress }, |workers| {
        method.run_with(&incidents.0, &network.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("values", column(py, found.values))?;
    out.set_item("length", column(py, found.length))?;
    let line = found.line.iter().map(|&line| i64::from(line)).collect();
    out.set_item("line", column::<i64>(py, line))?;
    out.set_item("start", column(py, found.from))?;
    let mut ends = vec![0i64];
    for corners in &found.geometry {
        ends.push(ends[ends.len() - 1] + corners.len() as i64);
    }
    out.set_item("ends", column(py, ends))?;
    out.set_item("corners", matrix(py, found.geometry.concat())?)?;
    out.set_item("distance", column(py, found.distance))?;
    let pieces = found.piece.iter();
    let pieces = pieces.map(|piece| piece.map_or(-1, |piece| piece as i64));
    out.set_item("piece", column::<i64>(py, pieces.collect()))?;
    out.set_item("beyond", found.beyond)?;
    out.set_item("unfollowed", found.unfollowed)?;
    out.set_item("crs", found.crs.to_string())?;
    out.set_item("bandwidth", found.bandwidth)?;
    out.set_item("kernel", found.kernel.name())?;
    out.set_item("split", found.split.name())?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}
