//! Clustered at what scale?

use brandpunt::Warning;
use brandpunt::index::StudyArea;
use brandpunt::methods::pattern::{
    EdgeCorrection, Envelope, Intensity, PairCorrelation, Ripley, Spacing, SpacingCorrection,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::column;
use crate::error::Raise;
use crate::methods::surface::Surface;
use crate::model::{Incidents, Neighbourhoods, told};
use crate::run::{Call, run};

/// What all questions are told: simulations, level, seed, threads and a listener.
type Options = (usize, f64, u64, Option<i64>, Option<Py<PyAny>>);

/// A surface, or the bandwidth of kernels of the incidents themselves.
#[derive(FromPyObject)]
pub(crate) enum Expected<'py> {
    Surface(PyRef<'py, Surface>),
    Bandwidth(f64),
}

impl Expected<'_> {
    fn intensity(&self) -> Intensity {
        match self {
            Self::Surface(surface) => Intensity::Cells {
                grid: surface.0.grid().clone(),
                values: surface.0.values().clone(),
            },
            Self::Bandwidth(bandwidth) => Intensity::Kernel {
                bandwidth: *bandwidth,
            },
        }
    }
}

/// Asks a question about incidents, alone or with others, in some areas taken together.
macro_rules! answer {
    ($py:expr, $question:expr, $incidents:expr, $others:expr, $with_others:ident, $within:expr, $options:expr) => {{
        let (simulations, level, seed, n_jobs, progress) = $options;
        let question = $question.simulations(simulations).level(level).seed(seed);
        let others = $others.map(|o| &o.0);
        run($py, Call { n_jobs, progress }, |workers| {
            let area = StudyArea::new(&$within.0, workers)?;
            match others {
                Some(others) => question.$with_others(&$incidents.0, others, &area, workers),
                None => question.run_with(&$incidents.0, &area, workers),
            }
        })?
    }};
}

/// K and L.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn ripley<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    radii: Vec<f64>,
    within: &Neighbourhoods,
    correction: &str,
    intensity: Option<Expected<'_>>,
    others: Option<&Incidents>,
    between: bool,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let correction = EdgeCorrection::named(correction).or_raise(py)?;
    let mut question = Ripley::new(&radii).correction(correction);
    if let Some(expected) = intensity {
        question = question.intensity(expected.intensity());
    }
    let found = if between {
        answer!(
            py,
            question,
            incidents,
            others,
            run_between_with,
            within,
            options
        )
    } else {
        answer!(
            py,
            question,
            incidents,
            others,
            run_among_with,
            within,
            options
        )
    };
    let out = PyDict::new(py);
    out.set_item("k", column(py, found.k))?;
    out.set_item("l", column(py, found.l))?;
    set_envelope(&out, "envelope", found.envelope)?;
    out.set_item("without_intensity", found.without_intensity)?;
    let studied = (found.incidents, found.outside, found.km2);
    set_studied(&out, studied, &found.warnings)?;
    Ok(out)
}

/// The pair correlation.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn pair_correlation<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    radii: Vec<f64>,
    within: &Neighbourhoods,
    correction: &str,
    bandwidth: Option<f64>,
    over_distance: bool,
    intensity: Option<Expected<'_>>,
    others: Option<&Incidents>,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let correction = EdgeCorrection::named(correction).or_raise(py)?;
    let mut question = PairCorrelation::new(&radii).correction(correction);
    if let Some(metres) = bandwidth {
        question = question.bandwidth(metres);
    }
    if over_distance {
        question = question.over_distance();
    }
    if let Some(expected) = intensity {
        question = question.intensity(expected.intensity());
    }
    let found = answer!(
        py,
        question,
        incidents,
        others,
        run_among_with,
        within,
        options
    );
    let out = PyDict::new(py);
    out.set_item("g", column(py, found.g))?;
    set_envelope(&out, "envelope", found.envelope)?;
    out.set_item("bandwidth", found.bandwidth)?;
    out.set_item("without_intensity", found.without_intensity)?;
    let studied = (found.incidents, found.outside, found.km2);
    set_studied(&out, studied, &found.warnings)?;
    Ok(out)
}

/// F, G and J.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of one method")]
pub(crate) fn spacing<'py>(
    py: Python<'py>,
    incidents: &Incidents,
    radii: Vec<f64>,
    within: &Neighbourhoods,
    correction: &str,
    lattice: usize,
    others: Option<&Incidents>,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let correction = SpacingCorrection::named(correction).or_raise(py)?;
    let question = Spacing::new(&radii).correction(correction).lattice(lattice);
    let found = answer!(
        py,
        question,
        incidents,
        others,
        run_among_with,
        within,
        options
    );
    let out = PyDict::new(py);
    for (name, values) in [("f", found.f), ("g", found.g), ("j", found.j)] {
        out.set_item(name, column(py, values))?;
    }
    set_envelope(&out, "f_envelope", found.f_envelope)?;
    set_envelope(&out, "g_envelope", found.g_envelope)?;
    set_envelope(&out, "j_envelope", found.j_envelope)?;
    out.set_item("lattice", found.lattice)?;
    let studied = (found.incidents, found.outside, found.km2);
    set_studied(&out, studied, &found.warnings)?;
    Ok(out)
}

/// What was studied: incidents inside and outside, and square kilometres.
fn set_studied(
    out: &Bound<'_, PyDict>,
    (incidents, outside, km2): (u64, u64, f64),
    warnings: &[Warning],
) -> PyResult<()> {
    out.set_item("incidents", incidents)?;
    out.set_item("outside", outside)?;
    out.set_item("km2", km2)?;
    out.set_item("warnings", told(warnings))
}

/// An envelope as a dictionary, `None` where nothing was simulated.
fn set_envelope(out: &Bound<'_, PyDict>, name: &str, envelope: Option<Envelope>) -> PyResult<()> {
    let py = out.py();
    let Some(envelope) = envelope else {
        return out.set_item(name, py.None());
    };
    let columns = PyDict::new(py);
    for (name, values) in [
        ("mean", envelope.mean),
        ("low", envelope.low),
        ("high", envelope.high),
        ("global_low", envelope.global_low),
        ("global_high", envelope.global_high),
    ] {
        columns.set_item(name, column(py, values))?;
    }
    columns.set_item("p_mad", envelope.p_mad)?;
    columns.set_item("p_dclf", envelope.p_dclf)?;
    columns.set_item("p_rank", envelope.p_rank)?;
    columns.set_item("simulations", envelope.simulations)?;
    columns.set_item("level", envelope.level)?;
    out.set_item(name, columns)
}
