//! Would the hotspots be the same with other settings?

use brandpunt::analysis::{HotspotAnalysis, StabilityAnalysis};
use brandpunt::methods::stability::{StabilityLabel, StabilityResult};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::analysis::When;
use crate::columns::{column, matrix_of};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, Theme};
use crate::run::{Call, run};

/// Shares of the grids, bandwidths and resamples in which each neighbourhood is hot.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the main job")]
pub(crate) fn stability<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    neighbourhoods: &Neighbourhoods,
    theme: &Theme,
    period: Option<When>,
    exposure: Option<&str>,
    bandwidth: Option<f64>,
    cell_size: f64,
    level: f64,
    hot_share: f64,
    resamples: usize,
    seed: u64,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut analysis = HotspotAnalysis::new(theme.0.clone())
        .cell_size(cell_size)
        .level(level)
        .seed(seed);
    if let Some(period) = period {
        analysis = analysis.period(period.period().or_raise(py)?);
    }
    if let Some(kind) = exposure {
        analysis = analysis.exposure(kind);
    }
    if let Some(metres) = bandwidth {
        analysis = analysis.bandwidth(metres);
    }
    let method = StabilityAnalysis::new(analysis)
        .hot_share(hot_share)
        .resamples(resamples);
    let found = run(py, Call { n_jobs, progress }, |workers| {
        method.run_with(&incidents.0, &neighbourhoods.0, workers)
    })?;
    let out = PyDict::new(py);
    out.set_item("code", found.areas.codes())?;
    out.set_item("name", found.areas.names())?;
    out.set_item("grid", told(py, found.grid)?)?;
    out.set_item("bandwidth", told(py, found.bandwidth)?)?;
    out.set_item("resampled", told(py, found.resampled)?)?;
    let grids = found.grids.iter();
    let grids: Vec<(f64, f64, f64)> = grids.map(|g| (g.cell_size, g.shift_x, g.shift_y)).collect();
    out.set_item("grids", grids)?;
    out.set_item("bandwidths", column(py, found.bandwidths))?;
    Ok(out)
}

fn told(py: Python<'_>, found: StabilityResult) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    let labels: Vec<&str> = found.label.into_iter().map(StabilityLabel::code).collect();
    out.set_item("label", labels)?;
    out.set_item("share", column(py, found.share))?;
    let hot = found.hot.into_iter().map(|n| n as i64).collect();
    out.set_item("hot", column::<i64>(py, hot))?;
    out.set_item("jaccard", column(py, found.jaccard))?;
    out.set_item("spearman", column(py, found.spearman))?;
    out.set_item("overlap", column(py, found.overlap))?;
    out.set_item("jaccard_between", matrix_of(py, &found.jaccard_between))?;
    Ok(out)
}
