//! Does place matter on the whole map?

use brandpunt::methods::local::{
    Alternative, Assumption, Geary, GeneralG, GlobalStatistic, IncrementalMoran, Islands, Moran,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::told;
use crate::run::{Call, run};
use crate::weights::Weights;

/// Moran's I; between two columns with `other`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the statistic")]
pub(crate) fn moran<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    other: Option<PyReadonlyArray1<'_, f64>>,
    weights: &Weights,
    permutations: usize,
    assumption: &str,
    alternative: &str,
    islands: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let statistic = Moran::new()
        .replicates(permutations)
        .assumption(Assumption::named(assumption).or_raise(py)?)
        .alternative(Alternative::named(alternative).or_raise(py)?)
        .islands(Islands::named(islands).or_raise(py)?)
        .seed(seed);
    let values = copied(&values);
    let other = other.map(|o| copied(&o));
    let found = run(py, Call::on(n_jobs), |workers| match &other {
        Some(other) => statistic.run_between_with(&values, other, &weights.0, workers),
        None => statistic.run_with(&values, &weights.0, workers),
    })?;
    dressed(py, &found)
}

/// Geary's C.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the statistic")]
pub(crate) fn geary<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    permutations: usize,
    assumption: &str,
    alternative: &str,
    islands: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let statistic = Geary::new()
        .replicates(permutations)
        .assumption(Assumption::named(assumption).or_raise(py)?)
        .alternative(Alternative::named(alternative).or_raise(py)?)
        .islands(Islands::named(islands).or_raise(py)?)
        .seed(seed);
    let values = copied(&values);
    let found = run(py, Call::on(n_jobs), |workers| {
        statistic.run_with(&values, &weights.0, workers)
    })?;
    dressed(py, &found)
}

/// The general G.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the statistic")]
pub(crate) fn getis_ord_g<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    weights: &Weights,
    permutations: usize,
    alternative: &str,
    islands: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let statistic = GeneralG::new()
        .replicates(permutations)
        .alternative(Alternative::named(alternative).or_raise(py)?)
        .islands(Islands::named(islands).or_raise(py)?)
        .seed(seed);
    let values = copied(&values);
    let found = run(py, Call::on(n_jobs), |workers| {
        statistic.run_with(&values, &weights.0, workers)
    })?;
    dressed(py, &found)
}

fn dressed<'py>(py: Python<'py>, found: &GlobalStatistic) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("statistic", found.statistic)?;
    out.set_item("expected", found.expected)?;
    out.set_item("variance", found.variance)?;
    out.set_item("z", found.z)?;
    out.set_item("p_normal", found.p_normal)?;
    out.set_item("z_randomisation", found.z_randomisation)?;
    out.set_item("z_normality", found.z_normality)?;
    out.set_item("p", found.p)?;
    out.set_item("p_greater", found.p_greater)?;
    out.set_item("p_less", found.p_less)?;
    out.set_item("replicates", found.replicates)?;
    out.set_item("n", found.n)?;
    out.set_item("islands", found.islands)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Moran's I at a list of distances.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn incremental_autocorrelation<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    x: PyReadonlyArray1<'_, f64>,
    y: PyReadonlyArray1<'_, f64>,
    distances: Option<PyReadonlyArray1<'_, f64>>,
    steps: usize,
    row_standardise: bool,
    level: f64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = IncrementalMoran::new()
        .steps(steps)
        .row_standardise(row_standardise)
        .level(level);
    let method = match distances {
        Some(distances) => method.distances(copied(&distances)),
        None => method,
    };
    let (values, x, y) = (copied(&values), copied(&x), copied(&y));
    let table = run(py, Call::on(n_jobs), |workers| {
        method.run_with(&values, &x, &y, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("distance", column(py, table.distance))?;
    out.set_item("statistic", column(py, table.statistic))?;
    out.set_item("expected", column(py, table.expected))?;
    out.set_item("variance", column(py, table.variance))?;
    out.set_item("z", column(py, table.z))?;
    out.set_item("p", column(py, table.p))?;
    let islands = table.islands.into_iter().map(|n| n as i64).collect();
    out.set_item("islands", column::<i64>(py, islands))?;
    out.set_item("neighbours", column(py, table.neighbours))?;
    out.set_item("first_peak", table.first_peak)?;
    out.set_item("max_peak", table.max_peak)?;
    out.set_item("warnings", told(&table.warnings))?;
    Ok(out)
}
