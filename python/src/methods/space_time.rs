//! Where and when is it dense?

use brandpunt::Bounds;
use brandpunt::index::StudyArea;
use brandpunt::methods::density::{Edge, Kernel, SpaceTimeDensity};
use numpy::PyReadonlyArray1;
use numpy::{PyArrayMethods, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::grid::describe;
use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, times, told};
use crate::run::{Call, run};

/// What concerns time, as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct InTime<'py> {
    days: f64,
    kernel: String,
    prospective: bool,
    times: Option<(PyReadonlyArray1<'py, i64>, String)>,
    step: Option<f64>,
    since: Option<i64>,
    until: Option<i64>,
}

/// The slices of a density in space and time.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn space_time_density<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    bandwidth: f64,
    cell_size: f64,
    kernel: &str,
    edge: &str,
    within: Option<&Neighbourhoods>,
    extent: Option<(f64, f64, f64, f64)>,
    in_time: InTime<'py>,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = SpaceTimeDensity::new(bandwidth, in_time.days)
        .cell_size(cell_size)
        .kernel(Kernel::named(kernel).or_raise(py)?)
        .time_kernel(
            Kernel::named(&in_time.kernel)
                .called("time_kernel")
                .or_raise(py)?,
        )
        .edge(Edge::named(edge).or_raise(py)?)
        .prospective(in_time.prospective);
    if let Some((seconds, meaning)) = in_time.times {
        let at = times(copied(&seconds), &meaning);
        method = method.times(at.seconds().to_vec());
    }
    if let Some(step) = in_time.step {
        method = method.every(step);
    }
    if let (Some(since), Some(until)) = (in_time.since, in_time.until) {
        method = method.watched(since, until);
    }
    if let Some((min_x, min_y, max_x, max_y)) = extent {
        method = method.extent(Bounds::new(min_x, min_y, max_x, max_y));
    }
    let found = run(py, Call { n_jobs, progress }, |workers| {
        let method = match within {
            Some(hoods) => method.within(StudyArea::new(&hoods.0, workers)?),
            None => method,
        };
        method.run_with(&incidents.0, workers)
    })?;
    let values = found.values.to_pyarray(py);
    values.readwrite().make_nonwriteable();
    let out = PyDict::new(py);
    out.set_item("values", values)?;
    out.set_item("times", column(py, found.times.clone()))?;
    describe(py, &found.grid, &out)?;
    out.set_item("bandwidth", found.bandwidth)?;
    out.set_item("kernel", found.kernel.name())?;
    out.set_item("days", found.days)?;
    out.set_item("time_kernel", found.time_kernel.name())?;
    out.set_item("prospective", found.prospective)?;
    out.set_item("edge", found.edge.name())?;
    out.set_item("untimed", found.untimed)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}
