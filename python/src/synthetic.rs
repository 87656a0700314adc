//! A seeded city with planted hotspots.

use brandpunt::synthetic::SyntheticCity;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::columns::column;
use crate::model::{Incidents, Neighbourhoods};
use crate::run::{Call, run};

/// The incidents, the areas, and what is really there.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the city")]
pub(crate) fn synthetic_city(
    py: Python<'_>,
    n_incidents: usize,
    seed: u64,
    n_neighbourhoods: usize,
    n_hotspots: Option<usize>,
    repeats: f64,
    misplaced: f64,
    unevenness: f64,
    n_jobs: Option<i64>,
) -> PyResult<(Incidents, Neighbourhoods, Bound<'_, PyDict>)> {
    let options = SyntheticCity::new(n_incidents)
        .seed(seed)
        .neighbourhoods(n_neighbourhoods)
        .repeats(repeats)
        .misplaced(misplaced)
        .unevenness(unevenness);
    let options = match n_hotspots {
        Some(number) => options.hotspots(number),
        None => options,
    };
    let city = run(py, Call::on(n_jobs), |workers| options.build_with(workers))?;
    let truth = PyDict::new(py);
    let hotspots = PyList::empty(py);
    for hotspot in city.truth.hotspots {
        let row = PyDict::new(py);
        row.set_item("category", hotspot.category)?;
        row.set_item("x", hotspot.x)?;
        row.set_item("y", hotspot.y)?;
        row.set_item("radius", hotspot.radius)?;
        row.set_item("relative_risk", hotspot.relative_risk)?;
        row.set_item("start", hotspot.from)?;
        row.set_item("neighbourhoods", hotspot.neighbourhoods)?;
        hotspots.append(row)?;
    }
    truth.set_item("hotspots", hotspots)?;
    truth.set_item("geocoding_defaults", city.truth.geocoding_defaults)?;
    truth.set_item("misplaced", city.truth.misplaced)?;
    truth.set_item("follow_ups", city.truth.follow_ups)?;
    truth.set_item(
        "neighbourhood_risk",
        column(py, city.truth.neighbourhood_risk),
    )?;
    Ok((
        Incidents(city.incidents),
        Neighbourhoods(city.neighbourhoods),
        truth,
    ))
}
