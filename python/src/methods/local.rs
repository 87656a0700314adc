//! Is that more than chance?

use brandpunt::Result;
use brandpunt::methods::local::{
    Alternative, Gi, GiStar, Inference, JoinCount, LocalAssociation, LocalGeary, LocalMoran, Losh,
    Quadrant, Randomisation, Scaling,
};
use brandpunt::stats::Correction;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::told;
use crate::run::{Call, run};
use crate::weights::Weights;

/// The options that all local statistics share, as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    inference: String,
    permutations: usize,
    alternative: String,
    correction: String,
    level: f64,
    seed: u64,
    n_jobs: Option<i64>,
}

/// A statistic with the shared options set.
macro_rules! with_options {
    ($py:ident, $statistic:expr, $options:ident) => {{
        let inference =
            Inference::named(&$options.inference, $options.permutations).or_raise($py)?;
        let alternative = Alternative::named(&$options.alternative).or_raise($py)?;
        let correction = Correction::named(&$options.correction).or_raise($py)?;
        $statistic
            .inference(inference)
            .alternative(alternative)
            .correction(correction)
            .level($options.level)
            .seed($options.seed)
    }};
}

/// A dict of columns from a result with the fields that all local statistics have.
macro_rules! columns_of {
    ($py:ident, $found:ident) => {{
        let out = PyDict::new($py);
        out.set_item("statistic", column($py, $found.statistic))?;
        out.set_item("expected", column($py, $found.expected))?;
        out.set_item("variance", column($py, $found.variance))?;
        out.set_item("z", column($py, $found.z))?;
        out.set_item("p", column($py, $found.p))?;
        out.set_item("q", column($py, $found.q))?;
        out.set_item("p_greater", column($py, $found.p_greater))?;
        out.set_item("p_less", column($py, $found.p_less))?;
        out.set_item("tests", $found.tests)?;
        out.set_item("inference", $found.inference.name())?;
        out.set_item("warnings", told(&$found.warnings))?;
        out
    }};
}

/// Gi* with `star`, else Gi.
#[pyfunction]
pub(crate) fn getis_ord<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    star: bool,
    exposure: Option<PyReadonlyArray1<'_, f64>>,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let values = copied(&values);
    let exposure = exposure.map(|e| copied(&e));
    macro_rules! run_of {
        ($statistic:ident) => {{
            let statistic = with_options!(py, $statistic::new(), options);
            let statistic = match exposure {
                Some(exposure) => statistic.exposure(exposure),
                None => statistic,
            };
            run(py, Call::on(options.n_jobs), |workers| {
                statistic.run_with(&values, &weights.0, workers)
            })?
        }};
    }
    let found = if star { run_of!(GiStar) } else { run_of!(Gi) };
    let class = column(py, found.hotspot_class);
    let out = columns_of!(py, found);
    out.set_item("hotspot_class", class)?;
    Ok(out)
}

fn associated(py: Python<'_>, found: LocalAssociation) -> PyResult<Bound<'_, PyDict>> {
    // Numbers and their names: a string per unit would take longer than the statistic.
    let names: Vec<&str> = Quadrant::ALL.iter().map(|q| q.code()).collect();
    let quadrant = found.quadrant.iter().map(|&q| q as u8).collect();
    let out = columns_of!(py, found);
    out.set_item("quadrant", column::<u8>(py, quadrant))?;
    out.set_item("names", names)?;
    Ok(out)
}

/// Local Moran of one variable, or of one with another around it.
#[pyfunction]
pub(crate) fn local_moran<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    other: Option<PyReadonlyArray1<'_, f64>>,
    weights: &Weights,
    scaling: &str,
    randomisation: &str,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let method = with_options!(py, LocalMoran::new(), options)
        .scaling(Scaling::named(scaling).or_raise(py)?)
        .randomisation(Randomisation::named(randomisation).or_raise(py)?);
    let values = copied(&values);
    let other = other.map(|o| copied(&o));
    let found = run(py, Call::on(options.n_jobs), |workers| match &other {
        Some(other) => method.run_between(&values, other, &weights.0, workers),
        None => method.run_with(&values, &weights.0, workers),
    })?;
    associated(py, found)
}

/// Local Geary; one row of `variables` per variable.
#[pyfunction]
pub(crate) fn local_geary<'py>(
    py: Python<'py>,
    variables: PyReadonlyArray2<'_, f64>,
    weights: &Weights,
    scaling: &str,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let method = with_options!(py, LocalGeary::new(), options)
        .scaling(Scaling::named(scaling).or_raise(py)?);
    let rows = variables.as_array();
    let rows: Vec<Vec<f64>> = rows.rows().into_iter().map(|row| row.to_vec()).collect();
    let found = run(py, Call::on(options.n_jobs), |workers| {
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        method.run_with(&rows, &weights.0, workers)
    })?;
    associated(py, found)
}

/// Local join counts.
#[pyfunction]
pub(crate) fn join_count<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let method = with_options!(py, JoinCount::new(), options);
    let values = copied(&values);
    let counted = |workers: &brandpunt::Workers| -> Result<LocalAssociation> {
        method.run_with(&values, &weights.0, workers)
    };
    associated(py, run(py, Call::on(options.n_jobs), counted)?)
}

/// Local spatial heteroscedasticity.
#[pyfunction]
pub(crate) fn losh<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    absolute: bool,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let method = with_options!(py, Losh::new(), options);
    let method = if absolute { method.absolute() } else { method };
    let values = copied(&values);
    let varied = |workers: &brandpunt::Workers| -> Result<LocalAssociation> {
        method.run_with(&values, &weights.0, workers)
    };
    associated(py, run(py, Call::on(options.n_jobs), varied)?)
}
