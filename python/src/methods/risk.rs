//! Where is one kind of incident frequent among another?

use brandpunt::Bounds;
use brandpunt::index::StudyArea;
use brandpunt::methods::density::{Edge, Kernel, RelativeRisk, Tolerance};
use brandpunt::stats::Correction;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::grid::describe;
use super::surface::rule;
use crate::columns::matrix_of;
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

/// What does not concern the densities, as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Chance {
    tolerance: String,
    permutations: usize,
    correction: String,
    floor: Option<f64>,
    seed: u64,
}

/// The columns of a map of relative risk.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn relative_risk<'py>(
    py: Python<'py>,
    cases: &Incidents,
    controls: &Incidents,
    bandwidth: f64,
    cell_size: f64,
    kernel: &str,
    edge: Option<&str>,
    within: Option<&Neighbourhoods>,
    extent: Option<(f64, f64, f64, f64)>,
    adaptive: Option<(&str, f64, f64)>,
    chance: Chance,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = RelativeRisk::new(bandwidth)
        .cell_size(cell_size)
        .kernel(Kernel::named(kernel).or_raise(py)?)
        .tolerance(Tolerance::named(&chance.tolerance, chance.permutations).or_raise(py)?)
        .correction(Correction::named(&chance.correction).or_raise(py)?)
        .seed(chance.seed);
    if let Some(edge) = edge {
        method = method.edge(Edge::named(edge).or_raise(py)?);
    }
    if let Some((min_x, min_y, max_x, max_y)) = extent {
        method = method.extent(Bounds::new(min_x, min_y, max_x, max_y));
    }
    if let Some(adaptive) = adaptive {
        method = method.adaptive(rule(adaptive));
    }
    if let Some(floor) = chance.floor {
        method = method.floor(floor);
    }
    let found = run(py, Call { n_jobs, progress }, |workers| {
        let method = match within {
            Some(hoods) => method.within(StudyArea::new(&hoods.0, workers)?),
            None => method,
        };
        method.run_with(&cases.0, &controls.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("values", matrix_of(py, &found.log_ratio))?;
    out.set_item("ratio", matrix_of(py, &found.ratio))?;
    out.set_item("z", matrix_of(py, &found.z))?;
    out.set_item("p", matrix_of(py, &found.p))?;
    out.set_item("q", matrix_of(py, &found.q))?;
    out.set_item("p_greater", matrix_of(py, &found.p_greater))?;
    out.set_item("p_less", matrix_of(py, &found.p_less))?;
    let p_max = found.p_max.as_ref().map(|p| matrix_of(py, p));
    out.set_item("p_max", p_max)?;
    let reasons = found.reason.iter();
    let reasons: Vec<&str> = reasons.map(|r| r.map_or("", |r| r.name())).collect();
    out.set_item("reason", reasons)?;
    describe(py, &found.grid, &out)?;
    out.set_item("bandwidth", found.bandwidth)?;
    out.set_item("kernel", found.kernel.name())?;
    out.set_item("edge", found.edge.name())?;
    out.set_item("floor", found.floor)?;
    out.set_item("tolerance", found.tolerance.name())?;
    out.set_item("tests", found.tests)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}
