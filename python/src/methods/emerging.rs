//! New, lasting or fading?

use brandpunt::methods::emerging::{
    EmergingHotspots, HotspotComparison, MannKendall, Pool, SpaceTimeBins, SpaceTimeCube,
    SpaceTimeGiStar, SpaceUnits, TrendNull, TrendTest, Version,
};
use brandpunt::methods::local::Inference;
use brandpunt::stats::Correction;
use brandpunt::{Error, Grid, Step};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::grid;
use crate::columns::{column, copied, matrix_of, table};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, dated, times, told};
use crate::run::{Call, run};
use crate::weights::Weights;

/// Counts per area, or per cell of a size, and calendar period.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn space_time_cube<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    areas: Option<&Neighbourhoods>,
    cell_size: Option<f64>,
    step: &str,
    since: Option<i64>,
    until: Option<i64>,
    ends: Option<(PyReadonlyArray1<'_, i64>, String)>,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut bins = SpaceTimeBins::new(Step::named(step).or_raise(py)?);
    if let Some(since) = since {
        bins = bins.since(since);
    }
    if let Some(until) = until {
        bins = bins.until(until);
    }
    if let Some((seconds, meaning)) = ends {
        bins = bins.ends(times(copied(&seconds), &meaning));
    }
    let areas = areas.map(|a| &a.0);
    let incidents = &incidents.0;
    let cube = run(py, Call::on(n_jobs), |workers| match (cell_size, areas) {
        (None, Some(areas)) => bins.run_with(incidents, SpaceUnits::Areas(areas), workers),
        (None, None) => Err(Error::parameter("units", "missing", "areas or a cell size")),
        (Some(cell_size), within) => {
            let extent = within.map(brandpunt::Neighbourhoods::bounds);
            let extent = extent.or_else(|| incidents.bounds()).ok_or_else(|| {
                Error::parameter("within", "missing without incidents", "the study area")
            })?;
            let grid = Grid::covering(extent, cell_size, incidents.crs())?;
            let units = SpaceUnits::Cells {
                grid: &grid,
                within,
            };
            bins.run_with(incidents, units, workers)
        }
    })?;
    let grid = cube.grid();
    let out = PyDict::new(py);
    out.set_item("values", matrix_of(py, cube.values()))?;
    out.set_item("outside", column(py, cube.outside().to_vec()))?;
    out.set_item("untimed", cube.untimed())?;
    out.set_item("partial", column(py, cube.partial().to_vec()))?;
    dated(py, cube.periods(), &out)?;
    out.set_item("shape", grid.map(|g| (g.rows(), g.cols())))?;
    out.set_item("x", grid.map(|g| grid::x(py, g)))?;
    out.set_item("y", grid.map(|g| grid::y(py, g)))?;
    Ok(out)
}

/// The history of each unit of a cube.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn emerging_hotspots<'py>(
    py: Python<'py>,
    values: PyReadonlyArray2<'_, f64>,
    partial: Vec<bool>,
    weights: &Weights,
    look_back: usize,
    pool: &str,
    inference: &str,
    permutations: usize,
    exposure: Option<PyReadonlyArray2<'_, f64>>,
    correction: &str,
    level: f64,
    trend: &str,
    version: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let statistic = SpaceTimeGiStar::new()
        .look_back(look_back)
        .pool(Pool::named(pool).or_raise(py)?)
        .inference(Inference::named(inference, permutations).or_raise(py)?)
        .correction(Correction::named(correction).or_raise(py)?)
        .seed(seed);
    let statistic = match exposure {
        Some(exposure) => statistic.exposure(table(&exposure)?),
        None => statistic,
    };
    let method = EmergingHotspots::new()
        .statistic(statistic)
        .level(level)
        .trend(TrendNull::named(trend).called("trend").or_raise(py)?)
        .version(Version::named(version).or_raise(py)?);
    let values = table(&values)?;
    let found = run(py, Call::on(n_jobs), move |workers| {
        let cube = SpaceTimeCube::from_values(values)?.with_partial(partial)?;
        method.run_with(&cube, &weights.0, workers)
    })?;
    let out = PyDict::new(py);
    let names: Vec<Option<String>> = found
        .category
        .iter()
        .map(|c| c.map(brandpunt::methods::emerging::Category::name))
        .collect();
    out.set_item("category", names)?;
    let whole = |steps: &[usize]| steps.iter().map(|&n| n as i64).collect();
    out.set_item("hot_steps", column::<i64>(py, whole(&found.hot_steps)))?;
    out.set_item("cold_steps", column::<i64>(py, whole(&found.cold_steps)))?;
    out.set_item("last_z", column(py, found.last_z))?;
    out.set_item("trend", trends(py, &found.trend)?)?;
    out.set_item("value_trend", trends(py, &found.value_trend)?)?;
    out.set_item("reason", found.reason)?;
    out.set_item("sign", matrix_of(py, &found.sign))?;
    out.set_item("z", matrix_of(py, &found.statistics.z))?;
    out.set_item("p", matrix_of(py, &found.statistics.p))?;
    out.set_item("q", matrix_of(py, &found.statistics.q))?;
    out.set_item("tests", found.statistics.tests)?;
    out.set_item("inference", found.statistics.inference.name())?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// The trend of each row of a table.
#[pyfunction]
pub(crate) fn mann_kendall<'py>(
    py: Python<'py>,
    series: PyReadonlyArray2<'_, f64>,
    null: &str,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = MannKendall::new().null(TrendNull::named(null).or_raise(py)?);
    let series = table(&series)?;
    let found = run(py, Call::on(n_jobs), |workers| {
        workers.try_map(series.nrows(), |row| method.run(&series.row(row).to_vec()))
    })?;
    trends(py, &found)
}

/// How two maps of the same units agree.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the method")]
pub(crate) fn compare_hotspots<'py>(
    py: Python<'py>,
    first: PyReadonlyArray1<'_, i8>,
    second: PyReadonlyArray1<'_, i8>,
    shape: Option<(usize, usize)>,
    least_class: i8,
    permutations: usize,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = HotspotComparison::new()
        .least_class(least_class)
        .replicates(permutations)
        .seed(seed);
    let method = match shape {
        Some((rows, cols)) => method.lattice(rows, cols),
        None => method,
    };
    let (first, second) = (copied(&first), copied(&second));
    let found = run(py, Call::on(n_jobs), |workers| {
        method.run_with(&first, &second, workers)
    })?;
    let out = PyDict::new(py);
    let table = found.transitions.concat();
    let table = table.into_iter().map(|n| n as i64).collect();
    out.set_item("transitions", column::<i64>(py, table))?;
    out.set_item("similarity", found.similarity)?;
    out.set_item("expected", found.expected)?;
    out.set_item("kappa", found.kappa)?;
    out.set_item("p", found.p)?;
    out.set_item("p_greater", found.p_greater)?;
    out.set_item("p_less", found.p_less)?;
    out.set_item("null", found.null.name())?;
    out.set_item("compared", found.compared)?;
    Ok(out)
}

/// Trends as columns.
fn trends<'py>(py: Python<'py>, found: &[TrendTest]) -> PyResult<Bound<'py, PyDict>> {
    let of = |f: &dyn Fn(&TrendTest) -> f64| column::<f64>(py, found.iter().map(f).collect());
    let out = PyDict::new(py);
    let n = found.iter().map(|t| t.n as i64).collect();
    out.set_item("n", column::<i64>(py, n))?;
    out.set_item("s", of(&|t| t.s))?;
    out.set_item("variance", of(&|t| t.variance))?;
    out.set_item("z", of(&|t| t.z))?;
    out.set_item("p", of(&|t| t.p))?;
    out.set_item("p_greater", of(&|t| t.p_greater))?;
    out.set_item("p_less", of(&|t| t.p_less))?;
    out.set_item("tau_b", of(&|t| t.tau_b))?;
    out.set_item("slope", of(&|t| t.slope))?;
    out.set_item("exact", column(py, found.iter().map(|t| t.exact).collect()))?;
    Ok(out)
}
