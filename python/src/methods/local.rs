//! Is that more than chance?

use brandpunt::methods::local::{Alternative, Gi, GiStar, Inference};
use brandpunt::stats::Correction;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::told;
use crate::run::{Call, run};
use crate::weights::Weights;

/// Gi* with `star`, else Gi.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the statistic")]
pub(crate) fn getis_ord<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    star: bool,
    inference: &str,
    permutations: usize,
    exposure: Option<PyReadonlyArray1<'_, f64>>,
    alternative: &str,
    correction: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let inference = Inference::named(inference, permutations).or_raise(py)?;
    let alternative = Alternative::named(alternative).or_raise(py)?;
    let correction = Correction::named(correction).or_raise(py)?;
    let values = copied(&values);
    let exposure = exposure.map(|e| copied(&e));
    macro_rules! run_of {
        ($statistic:ident) => {{
            let statistic = $statistic::new()
                .inference(inference)
                .alternative(alternative)
                .correction(correction)
                .seed(seed);
            let statistic = match exposure {
                Some(exposure) => statistic.exposure(exposure),
                None => statistic,
            };
            run(py, Call::on(n_jobs), |workers| {
                statistic.run_with(&values, &weights.0, workers)
            })?
        }};
    }
    let found = if star { run_of!(GiStar) } else { run_of!(Gi) };
    let out = PyDict::new(py);
    out.set_item("z", column(py, found.z))?;
    out.set_item("p", column(py, found.p))?;
    out.set_item("q", column(py, found.q))?;
    out.set_item("hotspot_class", column(py, found.hotspot_class))?;
    out.set_item("p_greater", column(py, found.p_greater))?;
    out.set_item("p_less", column(py, found.p_less))?;
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("tests", found.tests)?;
    out.set_item("inference", found.inference.name())?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}
