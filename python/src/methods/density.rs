//! Where is it dense?

use brandpunt::Bounds;
use brandpunt::index::StudyArea;
use brandpunt::methods::density::{BandwidthSelection, Edge, Kernel, KernelDensity, Selector};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::methods::surface::{Surface, rule};
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

/// The density of incidents for each of some bandwidths; for one only with a rule of adaptive ones.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn kernel_density(
    py: Python<'_>,
    incidents: &Incidents,
    bandwidths: Vec<f64>,
    cell_size: f64,
    kernel: &str,
    edge: &str,
    within: Option<&Neighbourhoods>,
    extent: Option<(f64, f64, f64, f64)>,
    adaptive: Option<(&str, f64, f64)>,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Surface>> {
    let method = KernelDensity::new(bandwidths.first().copied().unwrap_or(f64::NAN))
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
    run(py, Call { n_jobs, progress }, |workers| {
        let method = match within {
            Some(hoods) => method.within(StudyArea::new(&hoods.0, workers)?),
            None => method,
        };
        match adaptive {
            Some(rule) => {
                let surface = method.adaptive(rule).run_with(&incidents.0, workers)?;
                Ok(vec![surface])
            }
            None => method.run_each(&bandwidths, &incidents.0, workers),
        }
    })
    .map(|surfaces| surfaces.into_iter().map(Surface).collect())
}

/// The columns of a chosen bandwidth.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn select_bandwidth<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    method: &str,
    candidates: Option<PyReadonlyArray1<'_, f64>>,
    least: f64,
    within: Option<&Neighbourhoods>,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let selection = BandwidthSelection::new(Selector::named(method).or_raise(py)?).least(least);
    let selection = match candidates {
        Some(candidates) => selection.candidates(copied(&candidates)),
        None => selection,
    };
    let found = run(py, Call { n_jobs, progress }, |workers| {
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
