//! Is there more of it near schools?

use brandpunt::Error;
use brandpunt::methods::proximity::{Proximity, SchoolHours, Sites};
use jiff::civil::{Date, Time, Weekday};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied};
use crate::error::Raise;
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

type Column<'py> = PyReadonlyArray1<'py, f64>;
type Labels<'py> = Option<PyReadonlyArray1<'py, u32>>;
type Hours = (Vec<i8>, String, String, Vec<(String, String)>, bool);

/// Rings around facilities, the curve of distance, and what other places would have made of it.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn proximity<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    x: Column<'_>,
    y: Column<'_>,
    labels: Labels<'_>,
    within: &Neighbourhoods,
    distances: Vec<f64>,
    hours: Option<Hours>,
    exposure: Option<(Column<'_>, Column<'_>, Column<'_>)>,
    candidates: Option<(Column<'_>, Column<'_>, Labels<'_>)>,
    strata: Labels<'_>,
    bandwidth: Option<f64>,
    spacing: Option<f64>,
    level: f64,
    replicates: usize,
    seed: u64,
    n_jobs: Option<i64>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut method = Proximity::new(distances)
        .level(level)
        .replicates(replicates)
        .seed(seed);
    if let Some(hours) = hours {
        method = method.hours(school_hours(hours).or_raise(py)?);
    }
    if let Some((x, y, weight)) = exposure {
        method = method.exposed(copied(&x), copied(&y), copied(&weight));
    }
    if let Some((x, y, labels)) = candidates {
        method = method.candidates(sites(&x, &y, labels.as_ref()).or_raise(py)?);
    }
    if let Some(strata) = strata {
        method = method.strata(copied(&strata));
    }
    if let Some(metres) = bandwidth {
        method = method.bandwidth(metres);
    }
    if let Some(metres) = spacing {
        method = method.spacing(metres);
    }
    let facilities = sites(&x, &y, labels.as_ref()).or_raise(py)?;
    let found = run(py, Call::on(n_jobs), |workers| {
        method.run_with(&incidents.0, &facilities, &within.0, workers)
    })?;
    let out = PyDict::new(py);
    let bands = found.bands;
    for (name, values) in [
        ("from", bands.from),
        ("to", bands.to),
        ("exposure", bands.exposure),
        ("expected", bands.expected),
        ("lq", bands.lq),
        ("low", bands.low),
        ("high", bands.high),
        ("lq_moved", bands.lq_moved),
        ("p_greater", bands.p_greater),
        ("p_less", bands.p_less),
        ("p_band", bands.p),
        ("p_max", bands.p_max),
        ("distance", found.decay.distance),
        ("density", found.decay.density),
        ("density_low", found.decay.low),
        ("density_high", found.decay.high),
        ("density_moved", found.decay.moved),
        ("density_moved_low", found.decay.moved_low),
        ("density_moved_high", found.decay.moved_high),
    ] {
        out.set_item(name, column(py, values))?;
    }
    out.set_item("count", column(py, bands.count))?;
    out.set_item("bandwidth", found.decay.bandwidth)?;
    out.set_item("incidents", found.incidents)?;
    out.set_item("total_exposure", found.exposure)?;
    out.set_item("facilities", found.facilities)?;
    out.set_item("outside", found.outside)?;
    out.set_item("without_hour", found.without_hour)?;
    out.set_item("other_hours", found.other_hours)?;
    out.set_item("spacing", found.spacing)?;
    out.set_item("p", found.p)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

fn sites(
    x: &Column<'_>,
    y: &Column<'_>,
    labels: Option<&PyReadonlyArray1<'_, u32>>,
) -> brandpunt::Result<Sites> {
    let sites = Sites::new(&copied(x), &copied(y))?;
    match labels {
        Some(labels) => sites.labelled(&copied(labels)),
        None => Ok(sites),
    }
}

fn school_hours(hours: Hours) -> brandpunt::Result<SchoolHours> {
    let (weekdays, from, to, holidays, outside) = hours;
    let time = |text: &str| {
        let expected = "a time of day such as 08:30";
        text.parse::<Time>()
            .map_err(|_| Error::parameter("hours", text, expected))
    };
    let date = |text: &str| {
        let expected = "a date such as 2024-07-13";
        text.parse::<Date>()
            .map_err(|_| Error::parameter("holidays", text, expected))
    };
    let days: Result<Vec<Weekday>, Error> = weekdays
        .iter()
        .map(|&day| {
            let expected = "numbers from 0 (Monday) to 6 (Sunday)";
            Weekday::from_monday_zero_offset(day)
                .map_err(|_| Error::parameter("weekdays", day, expected))
        })
        .collect();
    let mut out = SchoolHours::new()
        .weekdays(days?)
        .between(time(&from)?, time(&to)?);
    for (first, last) in &holidays {
        out = out.holiday(date(first)?, date(last)?);
    }
    Ok(if outside { out.outside() } else { out })
}
