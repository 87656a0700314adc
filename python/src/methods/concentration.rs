//! How few places hold how much?

use brandpunt::methods::concentration::{
    BesideChance, Concentration, RepeatAddresses, RepeatWithin,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, matrix};
use crate::model::{Incidents, told};
use crate::run::{Call, run};

/// How unevenly counts are spread; every measure with its mean, interval and p by chance.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn concentration<'py>(
    py: Python<'py>,
    counts: PyReadonlyArray1<'_, f64>,
    groups: Option<PyReadonlyArray1<'_, u32>>,
    share: f64,
    top: f64,
    simulations: usize,
    level: f64,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let method = Concentration::new()
        .share(share)
        .top(top)
        .simulations(simulations)
        .level(level)
        .seed(seed);
    let (counts, groups) = (copied(&counts), groups.as_ref().map(copied));
    let found = run(py, Call::on(n_jobs), |workers| {
        method.run_with(&counts, groups.as_deref(), workers)
    })?;
    let out = PyDict::new(py);
    let beside = |m: BesideChance| (m.value, m.expected, m.low, m.high, m.p);
    out.set_item("gini", beside(found.gini))?;
    out.set_item("generalised_gini", beside(found.generalised_gini))?;
    out.set_item("theil", beside(found.theil))?;
    out.set_item("top_share", beside(found.top_share))?;
    out.set_item("units_share", beside(found.units_share))?;
    let parts = found.theil_parts.map(|parts| (parts.between, parts.within));
    out.set_item("theil_parts", parts)?;
    let lorenz = found.lorenz.iter().map(|p| [p.0, p.1]).collect();
    out.set_item("lorenz", matrix(py, lorenz)?)?;
    out.set_item("band_units", column(py, found.band.units))?;
    out.set_item("band_expected", column(py, found.band.expected))?;
    out.set_item("band_low", column(py, found.band.low))?;
    out.set_item("band_high", column(py, found.band.high))?;
    out.set_item("units", found.units)?;
    out.set_item("missing", found.missing)?;
    out.set_item("total", found.total)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Reports by address, and how soon the next one comes.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn repeat_addresses<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    address: Option<PyReadonlyArray1<'_, u32>>,
    within: Vec<f64>,
    end: Option<i64>,
    level: f64,
    least_reports: usize,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = RepeatAddresses::new()
        .within(within)
        .level(level)
        .least_reports(least_reports);
    if let Some(end) = end {
        method = method.end(end);
    }
    let labels = address.as_ref().map(copied);
    let found = run(py, Call::on(n_jobs), |workers| match &labels {
        Some(labels) => method.run_labelled(labels, incidents.0.times(), workers),
        None => method.run_with(&incidents.0, workers),
    })?;
    let out = PyDict::new(py);
    out.set_item("address", column(py, found.address))?;
    out.set_item("days_to_next", column(py, found.days_to_next))?;
    out.set_item("repeated", column(py, found.repeated))?;
    let table = found.addresses;
    out.set_item("count", column(py, table.count))?;
    out.set_item("first", column(py, table.first))?;
    out.set_item("timed", column(py, table.timed))?;
    out.set_item("last_gap", column(py, table.last_gap))?;
    out.set_item("since_last", column(py, table.since_last))?;
    out.set_item("score", column(py, table.score))?;
    out.set_item("p", column(py, table.p))?;
    out.set_item("q", column(py, table.q))?;
    let (reports, places): (Vec<u64>, Vec<u64>) = found.with_count.into_iter().unzip();
    out.set_item("reports", column(py, reports))?;
    out.set_item("places", column(py, places))?;
    out.set_item("repeat_share", found.repeat_share)?;
    out.set_item("busiest_share", found.busiest_share)?;
    out.set_item("without_time", found.without_time)?;
    out.set_item("same_time", found.same_time)?;
    out.set_item("end", found.end)?;
    let each =
        |value: fn(&RepeatWithin) -> f64| column(py, found.within.iter().map(value).collect());
    out.set_item("within", each(|w| w.days))?;
    out.set_item("within_share", each(|w| w.share))?;
    out.set_item("within_low", each(|w| w.low))?;
    out.set_item("within_high", each(|w| w.high))?;
    let at_risk = found.within.iter().map(|w| w.at_risk).collect();
    out.set_item("within_at_risk", column::<u64>(py, at_risk))?;
    let repeats = found.within.iter().map(|w| w.repeats).collect();
    out.set_item("within_repeats", column::<u64>(py, repeats))?;
    let curve = found.time_to_next;
    let turned = |limits: &[f64]| column(py, limits.iter().map(|s| 1.0 - s).collect());
    out.set_item("curve_share", turned(&curve.survival))?;
    out.set_item("curve_low", turned(&curve.high))?;
    out.set_item("curve_high", turned(&curve.low))?;
    out.set_item("curve_days", column(py, curve.time))?;
    out.set_item("curve_at_risk", column(py, curve.at_risk))?;
    out.set_item("trend_addresses", found.trend.addresses)?;
    out.set_item("trend_score", found.trend.score)?;
    out.set_item("p_shorter", found.trend.p_shorter)?;
    out.set_item("p_longer", found.trend.p_longer)?;
    out.set_item("trend_exact", found.trend.exact)?;
    out.set_item("worsening", column(py, found.worsening))?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}
