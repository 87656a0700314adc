//! Where does the density pass a level?

use std::path::PathBuf;

use brandpunt::methods::density;
use numpy::{PyArray1, PyArray2};
use pyo3::prelude::*;

use crate::columns::{column, column_of, matrix};
use crate::model::{Ragged, ragged};
use crate::run::{Call, run};

/// Points, and where in them each line and each level begins; shapely's ragged array.
type RaggedLines<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
);

/// Lines at levels of density, and the bands between them.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Contours(pub(crate) density::Contours);

#[pymethods]
impl Contours {
    #[getter]
    fn levels<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        column_of(py, &self.0.levels)
    }

    #[getter]
    fn crs(&self) -> String {
        self.0.crs.to_string()
    }

    /// The bands as shapely's ragged array of multipolygons.
    fn bands<'py>(&self, py: Python<'py>) -> PyResult<Ragged<'py>> {
        ragged(py, &self.0.bands)
    }

    /// The lines as shapely's ragged array of multilines.
    fn lines<'py>(&self, py: Python<'py>) -> PyResult<RaggedLines<'py>> {
        let mut points = Vec::new();
        let (mut lines, mut levels) = (vec![0], vec![0]);
        for level in &self.0.lines {
            for line in level {
                points.extend(line.0.iter().map(|c| [c.x, c.y]));
                lines.push(points.len() as i64);
            }
            levels.push(lines.len() as i64 - 1);
        }
        Ok((matrix(py, points)?, column(py, lines), column(py, levels)))
    }

    /// Bands or lines as the text of a GeoJSON file.
    fn text(&self, py: Python<'_>, lines: bool) -> PyResult<String> {
        run(py, Call::on(Some(1)), |_| {
            if lines {
                self.0.lines_text()
            } else {
                self.0.bands_text()
            }
        })
    }

    /// Writes bands or lines as GeoJSON.
    fn write_geojson(&self, py: Python<'_>, path: PathBuf, lines: bool) -> PyResult<()> {
        run(py, Call::on(Some(1)), |_| {
            if lines {
                self.0.write_lines(&path)
            } else {
                self.0.write_bands(&path)
            }
        })
    }
}
