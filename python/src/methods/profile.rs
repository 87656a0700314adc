//! Of what nature are the reports?

use brandpunt::Times;
use brandpunt::methods::profile::{
    Breakdown, Places, Profile, ProfileTable, Profiles, ReportingRate, WithoutSource,
};
use brandpunt::stats::Correction;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::columns::{column, copied, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, times, told};
use crate::run::{Call, run};

type Labels<'py> = (PyReadonlyArray1<'py, u32>, usize);
type Positions<'py> = (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>);

/// Profiles of subsets beside the rest, with the traits of each.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn profile<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    neighbourhoods: Option<&Neighbourhoods>,
    labels: Option<Labels<'py>>,
    between: Option<Positions<'py>>,
    by: Vec<String>,
    ends: Option<(PyReadonlyArray1<'py, i64>, String)>,
    addresses: Option<PyReadonlyArray1<'py, u32>>,
    reporters: Option<PyReadonlyArray1<'py, u32>>,
    level: f64,
    permutations: usize,
    correction: &str,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let by: brandpunt::Result<Vec<Breakdown>> = by.iter().map(|b| Breakdown::named(b)).collect();
    let mut method = Profile::new()
        .by(by.or_raise(py)?)
        .level(level)
        .permutations(permutations)
        .correction(Correction::named(correction).or_raise(py)?)
        .seed(seed);
    if let Some((seconds, meaning)) = ends {
        let ends: Times = times(copied(&seconds), &meaning);
        method = method.ends(ends);
    }
    if let Some(addresses) = addresses {
        method = method.addresses(copied(&addresses));
    }
    if let Some(reporters) = reporters {
        method = method.reporters(copied(&reporters));
    }
    let labels = labels.map(|(label, subsets)| (copied(&label), subsets));
    let sides = between.map(|(first, second)| (copied(&first), copied(&second)));
    let found = run(py, Call::on(n_jobs), |workers| {
        let incidents = &incidents.0;
        if let Some(hoods) = neighbourhoods {
            method.run_with(incidents, &hoods.0, workers)
        } else if let Some((first, second)) = &sides {
            method.run_between(incidents, first, second, workers)
        } else {
            let (labels, subsets) = labels.unwrap_or_default();
            method.run_labels(incidents, &labels, subsets, workers)
        }
    })?;
    wrapped(py, found)
}

fn wrapped(py: Python<'_>, found: Profiles) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    let tables: PyResult<Vec<_>> = found.tables.iter().map(|t| table(py, t)).collect();
    out.set_item("tables", PyList::new(py, tables?)?)?;
    out.set_item("size", column(py, found.size))?;
    out.set_item("rest", column(py, found.rest))?;
    out.set_item("outside", found.outside)?;
    out.set_item("places", places(py, found.places)?)?;
    let reporters = found.reporters.map(|r| places(py, r)).transpose()?;
    out.set_item("reporters", reporters)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

fn table<'py>(py: Python<'py>, table: &ProfileTable) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("by", table.breakdown.name())?;
    out.set_item("cell", &table.cell)?;
    out.set_item("used", column(py, table.used.clone()))?;
    out.set_item("left_out", column(py, table.left_out.clone()))?;
    out.set_item("rest_used", column(py, table.rest_used.clone()))?;
    out.set_item("statistic", column(py, table.statistic.clone()))?;
    out.set_item("profile_p", column(py, table.profile_p.clone()))?;
    out.set_item("profile_q", column(py, table.profile_q.clone()))?;
    out.set_item("exact", column(py, table.exact.clone()))?;
    out.set_item("distance", column(py, table.distance.clone()))?;
    let expected = table.distance_expected.clone();
    out.set_item("distance_expected", column(py, expected))?;
    out.set_item("count", matrix_of(py, &table.count))?;
    out.set_item("share", matrix_of(py, &table.share))?;
    out.set_item("rest_share", matrix_of(py, &table.rest_share))?;
    out.set_item("expected", matrix_of(py, &table.expected))?;
    out.set_item("quotient", matrix_of(py, &table.quotient))?;
    out.set_item("low", matrix_of(py, &table.low))?;
    out.set_item("high", matrix_of(py, &table.high))?;
    out.set_item("p", matrix_of(py, &table.p))?;
    out.set_item("q", matrix_of(py, &table.q))?;
    Ok(out)
}

fn places(py: Python<'_>, places: Places) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("places", column(py, places.places))?;
    out.set_item("repeated", column(py, places.repeated))?;
    out.set_item("repeat_share", column(py, places.repeat_share))?;
    out.set_item("busiest_share", column(py, places.busiest_share))?;
    out.set_item("unknown", column(py, places.unknown))?;
    Ok(out)
}

/// Figures of all incidents beside those without a source.
#[pyfunction]
pub(crate) fn without_source<'py>(
    py: Python<'py>,
    all: PyReadonlyArray1<'_, f64>,
    without: PyReadonlyArray1<'_, f64>,
    marked: Option<(PyReadonlyArray1<'_, bool>, PyReadonlyArray1<'_, bool>)>,
    top: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let method = WithoutSource::new().top(top);
    let (all, without) = (copied(&all), copied(&without));
    let marked = marked.map(|(a, b)| (copied(&a), copied(&b)));
    let found = run(py, Call::on(Some(1)), |_| match &marked {
        Some((hot, hot_without)) => method.run_marked(&all, &without, hot, hot_without),
        None => method.run(&all, &without),
    })?;
    let out = PyDict::new(py);
    out.set_item("stands_out", column(py, found.stands_out))?;
    out.set_item("stands_out_without", column(py, found.stands_out_without))?;
    out.set_item("only_with", column(py, found.only_with))?;
    out.set_item("only_without", column(py, found.only_without))?;
    out.set_item("rank", column(py, found.rank))?;
    out.set_item("rank_without", column(py, found.rank_without))?;
    out.set_item("rank_shift", column(py, found.rank_shift))?;
    out.set_item("jaccard", found.jaccard)?;
    out.set_item("spearman", found.spearman)?;
    Ok(out)
}

/// Which areas stand out whatever share is reported.
#[pyfunction]
pub(crate) fn reporting_rate<'py>(
    py: Python<'py>,
    values: PyReadonlyArray1<'_, f64>,
    lowest: f64,
    highest: f64,
    top: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let method = ReportingRate::new().between(lowest, highest).top(top);
    let values = copied(&values);
    let found = run(py, Call::on(Some(1)), |_| method.run(&values))?;
    let out = PyDict::new(py);
    out.set_item("stands_out", column(py, found.stands_out))?;
    out.set_item("stays", column(py, found.stays))?;
    out.set_item("possible", column(py, found.possible))?;
    out.set_item("margin", column(py, found.margin))?;
    Ok(out)
}
