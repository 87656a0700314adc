//! Errors of the core as exceptions of the package.

use brandpunt::Error;
use pyo3::exceptions::{PyImportError, PyKeyboardInterrupt, PyOSError};
use pyo3::prelude::*;

/// The exception that fits an error; the classes live in `brandpunt.exceptions`.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let name = match error {
        Error::Input { fault, detail, .. } => {
            return exception(py, "InputError", (detail, fault.code()));
        }
        Error::File { path, source, .. } => {
            return match source.raw_os_error() {
                // With a number the builtin picks its own subclass, such as FileNotFoundError.
                Some(number) => PyOSError::new_err((number, source.to_string(), path.clone())),
                None => std::io::Error::new(source.kind(), error.to_string()).into(),
            };
        }
        Error::Cancelled => return PyKeyboardInterrupt::new_err(()),
        Error::Crs { .. } => "CrsError",
        Error::Disclosure { .. } => "DisclosureError",
        Error::Parameter { .. } | Error::TooLarge { .. } => "ParameterError",
        _ => "InternalError",
    };
    exception(py, name, (error.to_string(),))
}

/// The exception for a panic caught at the door.
pub(crate) fn panicked(py: Python<'_>, payload: &(dyn std::any::Any + Send)) -> PyErr {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words");
    let text = format!("internal error (please report it): {text}");
    exception(py, "InternalError", (text,))
}

pub(crate) fn exception<'py>(
    py: Python<'py>,
    name: &str,
    arguments: impl pyo3::call::PyCallArgs<'py>,
) -> PyErr {
    py.import("brandpunt.exceptions")
        .and_then(|module| module.getattr(name))
        .and_then(|class| class.call1(arguments))
        .map_or_else(
            |e| PyImportError::new_err(format!("brandpunt is not installed whole: {e}")),
            PyErr::from_value,
        )
}

/// Errors of the core on their way out of a call that is too short for the door.
pub(crate) trait Raise<T> {
    /// The value, or the error as an exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;

    /// The same, where a parameter has another name in Python.
    fn called(self, name: &'static str) -> Self;
}

impl<T> Raise<T> for brandpunt::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|e| raised(py, &e))
    }

    fn called(self, name: &'static str) -> Self {
        self.map_err(|e| match e {
            Error::Parameter {
                value, expected, ..
            } => Error::parameter(name, value, expected),
            other => other,
        })
    }
}
