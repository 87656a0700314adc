//! Which cluster, how big?

use brandpunt::methods::scan::{
    ScanCluster, ScanFor, ScanModel, ScanResult, ScanShape, ScanTail, SpaceTimeScan, SpatialScan,
};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, table};
use crate::error::Raise;
use crate::model::told;
use crate::run::{Call, run};
use crate::weights::Weights;

/// The options that both scans share.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    model: String,
    shape: String,
    penalty: f64,
    max_units: usize,
    restriction: f64,
    scan_for: String,
    max_population_share: f64,
    max_radius: f64,
    replicates: usize,
    tail: String,
    reached: usize,
    least_cases: u32,
    max_clusters: usize,
    seed: u64,
}

/// A scan with the options that both share.
macro_rules! with_options {
    ($py:expr, $scan:expr, $options:expr) => {{
        let options = $options;
        let model = ScanModel::named(&options.model).or_raise($py)?;
        let sides = ScanFor::named(&options.scan_for).or_raise($py)?;
        let (penalty, most) = (options.penalty, options.max_units);
        let shape = ScanShape::named(&options.shape, penalty, most, options.restriction);
        let shape = shape.or_raise($py)?;
        let tail = ScanTail::named(&options.tail, options.reached).or_raise($py)?;
        $scan
            .model(model)
            .scan_for(sides)
            .shape(shape)
            .tail(tail)
            .max_population_share(options.max_population_share)
            .max_radius(options.max_radius)
            .replicates(options.replicates)
            .least_cases(options.least_cases)
            .most_clusters(options.max_clusters)
            .seed(options.seed)
    }};
}

/// Clusters on a map.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn spatial_scan<'py>(
    py: Python<'py>,
    cases: PyReadonlyArray1<'_, f64>,
    population: PyReadonlyArray1<'_, f64>,
    x: PyReadonlyArray1<'_, f64>,
    y: PyReadonlyArray1<'_, f64>,
    weights: Option<&Weights>,
    options: Options,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut scan = with_options!(py, SpatialScan::new(), options);
    if let Some(weights) = weights {
        scan = scan.weights(&weights.0);
    }
    let (cases, population) = (copied(&cases), copied(&population));
    let (x, y) = (copied(&x), copied(&y));
    let units = x.len();
    let found = run(py, Call { n_jobs, progress }, |workers| {
        scan.run_with(&cases, &population, (&x, &y), workers)
    })?;
    clusters(py, &found, units)
}

/// Clusters on a map over time.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn space_time_scan<'py>(
    py: Python<'py>,
    cases: PyReadonlyArray2<'_, f64>,
    population: Option<PyReadonlyArray1<'_, f64>>,
    x: PyReadonlyArray1<'_, f64>,
    y: PyReadonlyArray1<'_, f64>,
    prospective: bool,
    max_time_share: f64,
    days_between_looks: f64,
    looking_since: Option<usize>,
    weights: Option<&Weights>,
    options: Options,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut scan = with_options!(py, SpaceTimeScan::new(), options)
        .prospective(prospective)
        .max_time_share(max_time_share)
        .days_between_looks(days_between_looks);
    if let Some(weights) = weights {
        scan = scan.weights(&weights.0);
    }
    if let Some(step) = looking_since {
        scan = scan.looking_since(step);
    }
    let cases = table(&cases)?;
    let population = population.map(|p| copied(&p));
    let (x, y) = (copied(&x), copied(&y));
    let units = x.len();
    let found = run(py, Call { n_jobs, progress }, |workers| {
        scan.run_with(&cases, population.as_deref(), (&x, &y), workers)
    })?;
    clusters(py, &found, units)
}

/// The clusters of a map, by name.
pub(crate) fn clusters<'py>(
    py: Python<'py>,
    found: &ScanResult,
    units: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    let each: PyResult<Vec<_>> = found.clusters.iter().map(|c| cluster(py, c)).collect();
    out.set_item("clusters", each?)?;
    let number = |of: Option<usize>| of.map_or(-1, |number| number as i64);
    let labels = found.cluster_of(units).into_iter().map(number).collect();
    out.set_item("labels", column::<i64>(py, labels))?;
    out.set_item("model", found.model.name())?;
    out.set_item("tail", found.tail.name())?;
    out.set_item("simulated", column(py, found.simulated.clone()))?;
    out.set_item("dispersion", found.dispersion)?;
    out.set_item("dispersion_p", found.dispersion_p)?;
    out.set_item("cases", found.cases)?;
    out.set_item("units", found.units)?;
    out.set_item("missing", found.missing)?;
    out.set_item("windows", found.windows)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

fn cluster<'py>(py: Python<'py>, cluster: &ScanCluster) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    let members = cluster.members.iter().map(|m| *m as i64).collect();
    out.set_item("members", column::<i64>(py, members))?;
    out.set_item("center", (cluster.center[0], cluster.center[1]))?;
    out.set_item("center_unit", cluster.center_unit)?;
    out.set_item("radius", cluster.radius)?;
    out.set_item("axis_ratio", cluster.axis_ratio)?;
    out.set_item("axis_angle", cluster.axis_angle)?;
    out.set_item("first_step", cluster.first_step)?;
    out.set_item("last_step", cluster.last_step)?;
    out.set_item("observed", cluster.observed)?;
    out.set_item("expected", cluster.expected)?;
    out.set_item("population", cluster.population)?;
    out.set_item("relative_risk", cluster.relative_risk)?;
    out.set_item("log_likelihood_ratio", cluster.log_likelihood_ratio)?;
    out.set_item("p", cluster.p)?;
    out.set_item("p_gumbel", cluster.p_gumbel)?;
    out.set_item("recurrence_interval", cluster.recurrence_interval)?;
    Ok(out)
}
