//! Where the cells of a raster lie.

use brandpunt::Grid;
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::column;

/// Centres of the columns, from west to east.
pub(crate) fn x<'py>(py: Python<'py>, grid: &Grid) -> Bound<'py, PyArray1<f64>> {
    column(py, (0..grid.cols()).map(|col| grid.x(col)).collect())
}

/// Centres of the rows, from north to south.
pub(crate) fn y<'py>(py: Python<'py>, grid: &Grid) -> Bound<'py, PyArray1<f64>> {
    column(py, (0..grid.rows()).map(|row| grid.y(row)).collect())
}

/// Outer edges: least x, least y, greatest x, greatest y.
pub(crate) fn bounds(grid: &Grid) -> (f64, f64, f64, f64) {
    let b = grid.bounds();
    (b.min_x, b.min_y, b.max_x, b.max_y)
}

/// All of that, with system and size of the cells, by name.
pub(crate) fn describe(py: Python<'_>, grid: &Grid, out: &Bound<'_, PyDict>) -> PyResult<()> {
    out.set_item("x", x(py, grid))?;
    out.set_item("y", y(py, grid))?;
    out.set_item("bounds", bounds(grid))?;
    out.set_item("crs", grid.crs().to_string())?;
    out.set_item("cell_size", grid.cell_size())
}
