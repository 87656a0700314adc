//! Which incidents belong together?

use brandpunt::index::StudyArea;
use brandpunt::methods::clusters::{
    ClusterShape, Dbscan, Hdbscan, NearestNeighbourHierarchy, Optics, Selection, cluster_shapes,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::columns::{column, copied, numbers, sizes};
use crate::error::Raise;
use crate::methods::near_repeat::clock;
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

/// Clusters by density, in space or, with days, in space and time.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn dbscan<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    eps: f64,
    min_samples: f64,
    days: Option<f64>,
    elapsed: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = Dbscan::new(eps, min_samples).clock(clock(elapsed));
    if let Some(days) = days {
        method = method.days(days);
    }
    let found = run(py, Call { n_jobs, progress }, |workers| {
        method.run_with(&incidents.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("labels", numbers(py, &found.cluster))?;
    out.set_item("core", column(py, found.core))?;
    out.set_item("sizes", sizes(py, found.size))?;
    out.set_item("undated", found.undated)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Clusters without a radius.
#[pyfunction]
pub(crate) fn hdbscan<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    min_cluster_size: usize,
    min_samples: Option<usize>,
    leaf: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = Hdbscan::new(min_cluster_size);
    if let Some(incidents) = min_samples {
        method = method.min_samples(incidents);
    }
    if leaf {
        method = method.selection(Selection::Leaf);
    }
    let found = run(py, Call { n_jobs, progress }, |workers| {
        method.run_with(&incidents.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("labels", numbers(py, &found.cluster))?;
    out.set_item("probabilities", column(py, found.probability))?;
    out.set_item("core_distances", column(py, found.core_distance))?;
    out.set_item("sizes", sizes(py, found.size))?;
    out.set_item("stability", column(py, found.stability))?;
    Ok(out)
}

/// Incidents in the order in which they are reached.
#[pyfunction]
pub(crate) fn optics<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    min_samples: usize,
    max_eps: f64,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = Optics::new(min_samples, max_eps);
    let found = run(py, Call { n_jobs, progress }, |workers| {
        method.run_with(&incidents.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("ordering", sizes(py, found.order))?;
    out.set_item("reachability", column(py, found.reachability))?;
    out.set_item("core_distances", column(py, found.core_distance))?;
    Ok(out)
}

/// Clusters of incidents nearer to each other than chance would put them, and clusters of those.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn nearest_neighbour_hierarchy<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    within: &Neighbourhoods,
    min_points: usize,
    min_clusters: usize,
    level: f64,
    replicates: usize,
    seed: u64,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = NearestNeighbourHierarchy::new()
        .min_points(min_points)
        .min_clusters(min_clusters)
        .level(level)
        .replicates(replicates)
        .seed(seed);
    let found = run(py, Call { n_jobs, progress }, |workers| {
        let area = StudyArea::new(&within.0, workers)?;
        method.run_with(&incidents.0, &area, workers)
    })?;
    let orders = PyList::empty(py);
    for order in found.orders {
        let out = PyDict::new(py);
        out.set_item("threshold", order.threshold)?;
        out.set_item("labels", numbers(py, &order.cluster))?;
        out.set_item("sizes", sizes(py, order.size))?;
        out.set_item("x", column(py, order.x))?;
        out.set_item("y", column(py, order.y))?;
        orders.append(out)?;
    }
    let out = PyDict::new(py);
    out.set_item("orders", orders)?;
    out.set_item("mean_nearest", found.mean_nearest)?;
    out.set_item("expected_nearest", found.expected_nearest)?;
    out.set_item("nearest_se", found.nearest_se)?;
    out.set_item("clark_evans", found.clark_evans)?;
    out.set_item("p", found.p)?;
    out.set_item("simulated", sizes(py, found.simulated))?;
    Ok(out)
}

/// Outline, centre and ellipse of each cluster; −1 is none.
#[pyfunction]
#[pyo3(name = "cluster_shapes")]
pub(crate) fn shapes<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'_, f64>,
    y: PyReadonlyArray1<'_, f64>,
    labels: PyReadonlyArray1<'_, i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let of = labels
        .as_array()
        .iter()
        .map(|l| u32::try_from(*l).ok())
        .collect::<Vec<_>>();
    let found = cluster_shapes(&copied(&x), &copied(&y), &of).or_raise(py)?;
    let out = PyDict::new(py);
    let hulls: Vec<Vec<(f64, f64)>> = found
        .iter()
        .map(|s| s.hull.exterior().coords().map(|c| (c.x, c.y)).collect())
        .collect();
    out.set_item("hull", hulls)?;
    out.set_item("size", sizes(py, found.iter().map(|s| s.size).collect()))?;
    let each = |of: fn(&ClusterShape) -> f64| column(py, found.iter().map(of).collect());
    out.set_item("x", each(|s| s.x))?;
    out.set_item("y", each(|s| s.y))?;
    out.set_item("hull_km2", each(|s| s.hull_km2))?;
    out.set_item("semi_major", each(|s| s.semi_major))?;
    out.set_item("semi_minor", each(|s| s.semi_minor))?;
    out.set_item("angle", each(|s| s.angle))?;
    Ok(out)
}
