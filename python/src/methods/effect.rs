//! Did the measure work?

use brandpunt::methods::effect::{
    EffectEstimate, Groups, PatternMethod, PatternTest, WeightedDisplacement,
};
use brandpunt::stats::Correction;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::told;
use crate::run::{Call, run};

/// The weighted displacement difference of groups of areas.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn intervention_effect<'py>(
    py: Python<'py>,
    before: PyReadonlyArray1<'_, i64>,
    after: PyReadonlyArray1<'_, i64>,
    treated: Vec<usize>,
    control: Vec<usize>,
    displacement: Option<(Vec<usize>, Vec<usize>)>,
    lengths: (f64, f64),
    level: f64,
    dispersion: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut groups = Groups::new(treated, control);
    if let Some((around, its_control)) = displacement {
        groups = groups.displacement(around, its_control);
    }
    let sums = groups
        .sums(&copied(&before), &copied(&after))
        .or_raise(py)?;
    let [treated, control, around, its_control] = sums;
    let found = WeightedDisplacement::new()
        .lengths(lengths.0, lengths.1)
        .level(level)
        .dispersion(dispersion)
        .run(
            treated,
            control,
            groups.has_displacement().then_some((around, its_control)),
        )
        .or_raise(py)?;
    let out = PyDict::new(py);
    let row = |e: EffectEstimate| {
        [
            e.value,
            e.se,
            e.low,
            e.high,
            e.z,
            e.p,
            e.p_less,
            e.p_greater,
        ]
    };
    out.set_item("total", row(found.total))?;
    out.set_item("local", row(found.local))?;
    out.set_item("displacement", found.displacement.map(row))?;
    out.set_item("ratio", found.ratio)?;
    out.set_item("ratio_low", found.ratio_low)?;
    out.set_item("ratio_high", found.ratio_high)?;
    out.set_item("percent", found.percent)?;
    out.set_item("counts", sums.map(|s| (s.before, s.after)))?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Areas whose share of the incidents is another than before.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn sppt<'py>(
    py: Python<'py>,
    base: PyReadonlyArray1<'_, i64>,
    test: PyReadonlyArray1<'_, i64>,
    resampled: Option<(f64, usize)>,
    correction: &str,
    level: f64,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let how = match resampled {
        Some((part, draws)) => PatternMethod::Resampled { part, draws },
        None => PatternMethod::Proportions(Correction::named(correction).or_raise(py)?),
    };
    let method = PatternTest::new().method(how).level(level).seed(seed);
    let (base, test) = (copied(&base), copied(&test));
    let found = run(py, Call::on(n_jobs), |workers| {
        method.run_with(&base, &test, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("base_share", column(py, found.base_share))?;
    out.set_item("test_share", column(py, found.test_share))?;
    out.set_item("low", column(py, found.low))?;
    out.set_item("high", column(py, found.high))?;
    out.set_item("p", column(py, found.p))?;
    out.set_item("q", column(py, found.q))?;
    out.set_item("direction", column(py, found.direction))?;
    out.set_item("s", found.s)?;
    out.set_item("robust_s", found.robust_s)?;
    out.set_item("areas_with_incidents", found.areas_with_incidents)?;
    Ok(out)
}
