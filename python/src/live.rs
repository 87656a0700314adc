//! A window that slides along.

use std::sync::{Mutex, MutexGuard, PoisonError};

use brandpunt::live::{self, LiveReader, LiveSettings, LiveView};
use brandpunt::methods::density::Kernel;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::analysis::cells_of;
use crate::columns::{column, column_of, copied};
use crate::error::Raise;
use crate::methods::surface::Surface;
use crate::model::{Incidents, Neighbourhoods, RejectedRows, told, written};
use crate::run::{Call, run};

/// A window at rest.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct LiveSnapshot(pub(crate) live::LiveSnapshot);

#[pymethods]
impl LiveSnapshot {
    #[getter]
    fn areas(&self) -> &str {
        self.0.areas()
    }

    #[getter]
    fn now(&self) -> i64 {
        self.0.now()
    }

    #[getter]
    fn seconds(&self) -> i64 {
        self.0.settings().seconds()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// The window as it was.
    fn restore(
        &self,
        py: Python<'_>,
        neighbourhoods: &Neighbourhoods,
        n_jobs: Option<i64>,
    ) -> PyResult<LiveWindow> {
        run(py, Call::on(n_jobs), |workers| {
            self.0.restore(&neighbourhoods.0, workers)
        })
        .map(LiveWindow::of)
    }
}

/// The window. One call at a time changes it; the latest picture is read without waiting for one.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct LiveWindow {
    window: Mutex<live::LiveWindow>,
    reader: LiveReader,
}

impl LiveWindow {
    fn of(window: live::LiveWindow) -> Self {
        Self {
            reader: window.reader(),
            window: Mutex::new(window),
        }
    }

    fn held(&self) -> MutexGuard<'_, live::LiveWindow> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl LiveWindow {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the settings of a window")]
    fn new(
        py: Python<'_>,
        neighbourhoods: &Neighbourhoods,
        seconds: i64,
        now: i64,
        bandwidth: f64,
        cell_size: f64,
        kernel: &str,
        expected: Option<PyReadonlyArray1<'_, f64>>,
        reference: Option<(PyReadonlyArray1<'_, i64>, i64)>,
        false_alarm_rate: f64,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        let mut settings = LiveSettings::new(seconds)
            .bandwidth(bandwidth)
            .cell_size(cell_size)
            .kernel(Kernel::named(kernel).or_raise(py)?)
            .false_alarm_rate(false_alarm_rate);
        if let Some(expected) = expected {
            settings = settings.expected(copied(&expected));
        }
        if let Some((counts, seconds)) = reference {
            settings = settings.reference(copied(&counts), seconds);
        }
        run(py, Call::on(n_jobs), |workers| {
            settings.open(&neighbourhoods.0, now, workers)
        })
        .map(Self::of)
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        py.detach(|| self.held().len())
    }

    #[getter]
    fn now(&self, py: Python<'_>) -> i64 {
        py.detach(|| self.held().now())
    }

    #[getter]
    fn start(&self, py: Python<'_>) -> i64 {
        py.detach(|| self.held().start())
    }

    /// Takes in one incident and gives its ticket.
    fn insert(&self, py: Python<'_>, x: f64, y: f64, second: i64) -> PyResult<u64> {
        py.detach(|| self.held().insert(x, y, second)).or_raise(py)
    }

    /// Takes in incidents; gives the ticket of each, −1 for those that were refused, and these.
    fn insert_all<'py>(
        &self,
        py: Python<'py>,
        incidents: &Incidents,
    ) -> PyResult<(Bound<'py, PyArray1<i64>>, RejectedRows)> {
        let arrived = run(py, Call::on(Some(1)), |_| {
            self.held().insert_all(&incidents.0)
        })?;
        let ticket = |t: Option<u64>| t.map_or(-1, |t| t as i64);
        let tickets = arrived.tickets.into_iter().map(ticket).collect();
        Ok((column(py, tickets), written(&arrived.rejected)))
    }

    /// Takes an incident out again.
    fn remove(&self, py: Python<'_>, ticket: u64) -> bool {
        py.detach(|| self.held().remove(ticket))
    }

    /// Moves the end of the window on.
    fn advance(&self, py: Python<'_>, now: i64) -> PyResult<u64> {
        py.detach(|| self.held().advance(now)).or_raise(py)
    }

    /// Makes a picture.
    fn publish<'py>(&self, py: Python<'py>, n_jobs: Option<i64>) -> PyResult<Bound<'py, PyDict>> {
        let moment = py.detach(|| self.held().moment());
        let view = run(py, Call::on(n_jobs), |workers| moment.publish(workers))?;
        shown(py, &view)
    }

    /// The picture that was made last.
    fn latest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        shown(py, &self.reader.view())
    }

    fn snapshot(&self, py: Python<'_>) -> LiveSnapshot {
        LiveSnapshot(py.detach(|| self.held().snapshot()))
    }
}

/// The parts of a picture by name.
fn shown<'py>(py: Python<'py>, view: &LiveView) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("start", view.start)?;
    out.set_item("now", view.now)?;
    out.set_item("changes", view.changes)?;
    out.set_item("incidents", view.incidents)?;
    out.set_item("outside", view.outside)?;
    out.set_item("false_alarm_rate", view.false_alarm_rate)?;
    out.set_item("code", view.code.to_vec())?;
    out.set_item("count", column_of(py, &view.count))?;
    out.set_item("expected", column_of(py, &view.expected))?;
    out.set_item("p", column_of(py, &view.p))?;
    let least = |t: &Option<i64>| t.map_or(f64::NAN, |t| t as f64);
    let threshold = view.threshold.iter().map(least).collect();
    out.set_item("threshold", column::<f64>(py, threshold))?;
    out.set_item("alert", column_of(py, &view.alert))?;
    out.set_item("cells", cells_of(py, &view.cells, true)?)?;
    out.set_item("surface", Surface(view.surface.clone()))?;
    out.set_item("warnings", told(&view.warnings))?;
    Ok(out)
}
