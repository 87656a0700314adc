//! Columns in and out: copied in while the interpreter holds still, handed out as arrays that own
//! their memory and cannot be written to.

use crate::error::Raise;
use brandpunt::{Categories, TextColumn};
use ndarray::Array2;
use numpy::{
    Element, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2,
    PyUntypedArrayMethods, ToPyArray,
};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// A copy of a column.
pub(crate) fn copied<T: Element + Copy>(column: &PyReadonlyArray1<'_, T>) -> Vec<T> {
    column.as_array().iter().copied().collect()
}

/// A copy of a table; one without rows has strides that a plain copy would not take.
pub(crate) fn table<T: Element + Copy>(values: &PyReadonlyArray2<'_, T>) -> PyResult<Array2<T>> {
    let shape = (values.dims()[0], values.dims()[1]);
    let cells = if values.is_empty() {
        Vec::new()
    } else {
        values.as_array().iter().copied().collect()
    };
    Array2::from_shape_vec(shape, cells).map_err(|e| PyRuntimeError::new_err(e.to_string()))
}

/// A read-only array from a column made here.
pub(crate) fn column<T: Element>(py: Python<'_>, values: Vec<T>) -> Bound<'_, PyArray1<T>> {
    let array = PyArray1::from_vec(py, values);
    array.readwrite().make_nonwriteable();
    array
}

/// Numbers of groups, −1 for none.
pub(crate) fn numbers<'py>(py: Python<'py>, of: &[Option<u32>]) -> Bound<'py, PyArray1<i64>> {
    column(py, of.iter().map(|n| n.map_or(-1, i64::from)).collect())
}

/// How many each group holds.
pub(crate) fn sizes(py: Python<'_>, size: Vec<u32>) -> Bound<'_, PyArray1<i64>> {
    column(py, size.into_iter().map(i64::from).collect())
}

/// A read-only copy of a column kept here.
pub(crate) fn column_of<'py, T: Element + Copy>(
    py: Python<'py>,
    values: &[T],
) -> Bound<'py, PyArray1<T>> {
    let array = PyArray1::from_slice(py, values);
    array.readwrite().make_nonwriteable();
    array
}

/// A read-only copy of a table kept here.
pub(crate) fn matrix_of<'py, T: Element + Copy>(
    py: Python<'py>,
    values: &Array2<T>,
) -> Bound<'py, PyArray2<T>> {
    let array = values.to_pyarray(py);
    array.readwrite().make_nonwriteable();
    array
}

/// A read-only table from rows made here.
pub(crate) fn matrix<const COLUMNS: usize>(
    py: Python<'_>,
    rows: Vec<[f64; COLUMNS]>,
) -> PyResult<Bound<'_, PyArray2<f64>>> {
    let shape = (rows.len(), COLUMNS);
    let table = Array2::from_shape_vec(shape, rows.into_flattened())
        .map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
    Ok(matrix_of(py, &table))
}

/// Text of one element: missing values (`None`, NaN, NA) are empty, anything else is shown.
fn text(item: &Bound<'_, PyAny>) -> PyResult<String> {
    if item.is_none() || !item.eq(item).unwrap_or(false) {
        return Ok(String::new());
    }
    Ok(item.str()?.to_str()?.to_owned())
}

fn each(list: &Bound<'_, PyList>, mut push: impl FnMut(&str)) -> PyResult<()> {
    for item in list {
        match item.cast::<PyString>() {
            Ok(string) => push(string.to_str()?),
            Err(_) => push(&text(&item)?),
        }
    }
    Ok(())
}

/// A column of labels: one per row, or those that occur and the number of each row's own, −1 for
/// none.
#[derive(FromPyObject)]
pub(crate) enum Labels<'py> {
    Each(Bound<'py, PyList>),
    Coded(Vec<String>, PyReadonlyArray1<'py, i32>),
}

/// Labels of categories.
pub(crate) fn categories(py: Python<'_>, labels: &Labels<'_>) -> PyResult<Categories> {
    let mut out = Categories::default();
    match labels {
        Labels::Each(list) => each(list, |s| out.push(s))?,
        Labels::Coded(labels, codes) => {
            let codes = codes.as_array();
            let known = codes.iter().map(|&code| u32::try_from(code).ok());
            out = Categories::coded(labels, known).or_raise(py)?;
        }
    }
    Ok(out)
}

/// Texts that mostly differ, such as ids.
pub(crate) fn texts(list: &Bound<'_, PyList>) -> PyResult<TextColumn> {
    let mut out = TextColumn::default();
    each(list, |s| out.push(s))?;
    Ok(out)
}
