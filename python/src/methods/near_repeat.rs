//! Does one incident follow another?

use brandpunt::Clock;
use brandpunt::methods::near_repeat::{
    Closed, Knox, Metric, NearRepeat, NearRepeatResult, RepeatLabel,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, copied, numbers, sizes};
use crate::model::{Incidents, times, told};
use crate::run::{Call, run};

/// What both tests are told: along streets, elapsed time, strata, last moments, metres of one place,
/// permutations, seed, threads and a listener.
type Options<'py> = (
    bool,
    bool,
    Option<PyReadonlyArray1<'py, u32>>,
    Option<(PyReadonlyArray1<'py, i64>, String)>,
    f64,
    usize,
    u64,
    Option<i64>,
    Option<Py<PyAny>>,
);

pub(crate) fn metric(streets: bool) -> Metric {
    if streets {
        Metric::Manhattan
    } else {
        Metric::Euclidean
    }
}

pub(crate) fn clock(elapsed: bool) -> Clock {
    if elapsed {
        Clock::Elapsed
    } else {
        Clock::CalendarDays
    }
}

pub(crate) fn closed(right: bool) -> Closed {
    if right { Closed::Right } else { Closed::Left }
}

macro_rules! told_to {
    ($test:expr, $options:expr) => {{
        let (streets, elapsed, strata, ends, same_place, permutations, seed, n_jobs, progress) =
            $options;
        let mut test = $test
            .metric(metric(streets))
            .clock(clock(elapsed))
            .same_place(same_place)
            .permutations(permutations)
            .seed(seed);
        if let Some(strata) = strata {
            test = test.strata(copied(&strata));
        }
        if let Some((seconds, meaning)) = ends {
            test = test.ends(times(copied(&seconds), &meaning));
        }
        (test, Call { n_jobs, progress })
    }};
}

/// Pairs of incidents in bands of distance and time.
#[pyfunction]
pub(crate) fn near_repeat<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    distances: Vec<f64>,
    days: Vec<f64>,
    closed_right: bool,
    options: Options<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let (test, call) = told_to!(
        NearRepeat::new(&distances, &days).closed(closed(closed_right)),
        options
    );
    let found = run(py, call, |workers| test.run_with(&incidents.0, workers))?;
    near_repeats(py, found)
}

/// A near-repeat table, by name.
pub(crate) fn near_repeats(py: Python<'_>, found: NearRepeatResult) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("observed", column(py, found.observed))?;
    out.set_item("expected", column(py, found.expected))?;
    out.set_item("median", column(py, found.median))?;
    out.set_item("ratio", column(py, found.ratio))?;
    out.set_item("p", column(py, found.p))?;
    out.set_item("stands_out", column(py, found.stands_out))?;
    roles(&out, &found.label, &found.chain, found.chain_size)?;
    out.set_item("used", found.used)?;
    out.set_item("undated", found.undated)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Knox's test.
#[pyfunction]
pub(crate) fn knox<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    distance: f64,
    days: f64,
    options: Options<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let (test, call) = told_to!(Knox::new(distance, days), options);
    let found = run(py, call, |workers| test.run_with(&incidents.0, workers))?;
    let out = PyDict::new(py);
    out.set_item("observed", found.observed)?;
    out.set_item("expected", found.expected)?;
    out.set_item("ratio", found.ratio)?;
    out.set_item("p", found.p)?;
    out.set_item("p_poisson", found.p_poisson)?;
    out.set_item("close_in_space", found.close_in_space)?;
    out.set_item("close_in_time", found.close_in_time)?;
    out.set_item("local_observed", column(py, found.local_observed))?;
    out.set_item("local_expected", column(py, found.local_expected))?;
    out.set_item("local_p", column(py, found.local_p))?;
    out.set_item("local_q", column(py, found.local_q))?;
    let unconditional = column(py, found.local_p_unconditional);
    out.set_item("local_p_unconditional", unconditional)?;
    roles(&out, &found.label, &found.chain, found.chain_size)?;
    out.set_item("used", found.used)?;
    out.set_item("undated", found.undated)?;
    out.set_item("warnings", told(&found.warnings))?;
    Ok(out)
}

/// Labels and chains, −1 for none.
fn roles(
    out: &Bound<'_, PyDict>,
    label: &[RepeatLabel],
    chain: &[Option<u32>],
    size: Vec<u32>,
) -> PyResult<()> {
    let py = out.py();
    let names: Vec<&str> = label.iter().map(|l| l.code()).collect();
    out.set_item("labels", names)?;
    out.set_item("chains", numbers(py, chain))?;
    out.set_item("chain_sizes", sizes(py, size))
}
