//! The command.

use pyo3::prelude::*;

use crate::run::{Call, run};

/// Runs the command with the arguments of a process and returns its exit status.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> PyResult<i32> {
    run(py, Call::on(Some(1)), |_| {
        Ok(brandpunt::cli::run(arguments))
    })
}
