//! Values as bytes and back, so that they travel between processes.
//!
//! One table of classes serves them all. The layout of the bytes follows the fields of the core, so
//! they are those of one version; the package says so before it hands them to another.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Serialize, de::DeserializeOwned};

use crate::analysis::HotspotResult;
use crate::error::exception;
use crate::index::Tally;
use crate::live::LiveSnapshot;
use crate::methods::contours::Contours;
use crate::methods::pair_counts::PairCounts;
use crate::methods::surface::Surface;
use crate::model::{
    AreaNumbers, Crosswalk, Incidents, KeyFigures, Neighbourhoods, RegisteredCounts, Theme,
};
use crate::publish::Published;
use crate::run::{Call, run};
use crate::weights::Weights;

fn bytes<'py, T: Serialize + Sync>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = run(py, Call::on(Some(1)), |_| {
        postcard::to_stdvec(value).map_err(|e| brandpunt::Error::internal(e.to_string()))
    })?;
    Ok(PyBytes::new(py, &bytes))
}

fn value<T: DeserializeOwned + Send>(py: Python<'_>, state: &[u8]) -> PyResult<T> {
    let read = run(py, Call::on(Some(1)), |_| {
        Ok(match postcard::take_from_bytes(state) {
            Ok((value, [])) => Ok(value),
            Ok((_, rest)) => Err(format!("{} bytes are left over", rest.len())),
            Err(e) => Err(e.to_string()),
        })
    })?;
    read.map_err(|why| {
        let text = format!("the state of a pickled value is damaged: {why}; make it again");
        exception(py, "InputError", (text, "damaged_state"))
    })
}

macro_rules! travelling {
    ($($class:ident),+) => {
        /// The name of the class of a value, and its state.
        #[pyfunction]
        pub(crate) fn dump<'py>(
            py: Python<'py>,
            value: &Bound<'py, PyAny>,
        ) -> PyResult<(&'static str, Bound<'py, PyBytes>)> {
            $(if let Ok(value) = value.cast::<$class>() {
                return Ok((stringify!($class), bytes(py, &value.get().0)?));
            })+
            Err(PyTypeError::new_err("values of this class do not travel"))
        }

        /// The value of a class from its state.
        #[pyfunction]
        pub(crate) fn load<'py>(
            py: Python<'py>,
            name: &str,
            state: &[u8],
        ) -> PyResult<Bound<'py, PyAny>> {
            $(if name == stringify!($class) {
                return Ok(Bound::new(py, $class(value(py, state)?))?.into_any());
            })+
            Err(PyTypeError::new_err("values of this class do not travel"))
        }
    };
}

travelling!(
    AreaNumbers,
    Contours,
    Crosswalk,
    HotspotResult,
    Incidents,
    KeyFigures,
    LiveSnapshot,
    Neighbourhoods,
    PairCounts,
    Published,
    RegisteredCounts,
    Surface,
    Tally,
    Theme,
    Weights
);
