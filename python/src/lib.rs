//! The Python binding: a room per room of the core, each doing no more than extract, run, wrap.
//!
//! The public package `brandpunt` casts its inputs once, calls this module, and dresses what comes
//! back; nothing here is meant to be imported by a user.

#![allow(
    clippy::needless_pass_by_value,
    reason = "Python hands its arguments over by value"
)]

mod columns;
mod error;
mod model;
mod run;

/// The compiled half of the package `brandpunt`.
#[pyo3::pymodule(gil_used = false)]
mod _brandpunt {
    #[pymodule_export]
    use crate::model::{Incidents, Neighbourhoods, Theme, local_to_utc};
    #[cfg(debug_assertions)]
    #[pymodule_export]
    use crate::run::rehearse;

    #[expect(non_upper_case_globals, reason = "Python looks for this name")]
    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    /// Whether this build is for development: correct, but many times slower.
    #[pymodule_export]
    const DEBUG_BUILD: bool = cfg!(debug_assertions);
}
