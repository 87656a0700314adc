//! The areas, with the people in them.

use brandpunt::{Error, Exposure};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use super::{Conclusion, detections};
use crate::columns::{column, copied, matrix};
use crate::error::Raise;
use crate::run::{Call, run};

/// Areas with a code, a name, a shape and exposures.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Neighbourhoods(pub(crate) brandpunt::Neighbourhoods);

/// Points, and where in them each ring, each polygon and each area begins; shapely's ragged array.
pub(crate) type Ragged<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<i64>>,
);

#[pymethods]
impl Neighbourhoods {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the arrays of one table")]
    fn new(
        py: Python<'_>,
        codes: Vec<String>,
        names: Vec<String>,
        points: PyReadonlyArray2<'_, f64>,
        rings: PyReadonlyArray1<'_, i64>,
        polygons: PyReadonlyArray1<'_, i64>,
        areas: PyReadonlyArray1<'_, i64>,
        crs: &str,
        vintage: Option<i16>,
        repair: bool,
        detected: Vec<Conclusion>,
    ) -> PyResult<Self> {
        let crs = crs.parse().or_raise(py)?;
        let points: Vec<Coord<f64>> = points
            .as_array()
            .rows()
            .into_iter()
            .map(|p| Coord { x: p[0], y: p[1] })
            .collect();
        let offsets = [copied(&rings), copied(&polygons), copied(&areas)];
        run(py, Call::on(Some(1)), move |_| {
            let shapes = shapes(&points, &offsets)?;
            let hoods = if repair {
                brandpunt::Neighbourhoods::repaired(codes, names, shapes, crs)
            } else {
                brandpunt::Neighbourhoods::new(codes, names, shapes, crs)
            };
            Ok(hoods?
                .with_vintage(vintage)
                .with_detected(detections(detected)))
        })
        .map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn code(&self) -> Vec<&str> {
        self.0.codes().iter().map(String::as_str).collect()
    }

    #[getter]
    fn name(&self) -> Vec<&str> {
        self.0.names().iter().map(String::as_str).collect()
    }

    #[getter]
    fn crs(&self) -> String {
        self.0.crs().to_string()
    }

    #[getter]
    fn vintage(&self) -> Option<i16> {
        self.0.vintage()
    }

    #[getter]
    fn bounds(&self) -> (f64, f64, f64, f64) {
        let b = self.0.bounds();
        (b.min_x, b.min_y, b.max_x, b.max_y)
    }

    #[getter]
    fn area_km2<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        Ok(column(py, self.0.area_km2().or_raise(py)?))
    }

    /// Kind and year of each exposure.
    #[getter]
    fn exposures(&self) -> Vec<(&str, Option<i16>)> {
        self.0
            .exposures()
            .iter()
            .map(|e| (e.kind.as_str(), e.year))
            .collect()
    }

    /// The exposure of a kind that fits a year best, NaN where it is not published.
    fn exposure<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        year: Option<i16>,
    ) -> Option<Bound<'py, PyArray1<f64>>> {
        Some(column(py, self.0.exposure(kind, year)?.as_floats()))
    }

    fn with_exposure(
        &self,
        py: Python<'_>,
        kind: &str,
        year: Option<i16>,
        values: PyReadonlyArray1<'_, f64>,
    ) -> PyResult<Self> {
        let values = values
            .as_array()
            .iter()
            .map(|v| v.is_finite().then_some(*v))
            .collect();
        let exposure = Exposure::new(kind, year, values);
        self.0
            .clone()
            .with_exposure(exposure)
            .or_raise(py)
            .map(Self)
    }

    /// Names of the columns of numbers that came with the areas.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.0.column_names().collect()
    }

    /// A column of numbers that came with the areas, NaN where there is none.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> Option<Bound<'py, PyArray1<f64>>> {
        let values = self.0.column(name)?;
        Some(column(
            py,
            values.iter().map(|v| v.unwrap_or(f64::NAN)).collect(),
        ))
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        super::told(self.0.warnings())
    }

    #[getter]
    fn detected(&self) -> Vec<Conclusion> {
        super::concluded(self.0.detected())
    }

    /// The shapes as shapely's ragged array of multipolygons.
    fn ragged<'py>(&self, py: Python<'py>) -> PyResult<Ragged<'py>> {
        ragged(py, self.0.shapes())
    }

    /// Refuses areas that overlap.
    fn require_apart(&self, py: Python<'_>, n_jobs: Option<i64>) -> PyResult<()> {
        run(py, Call::on(n_jobs), |workers| {
            brandpunt::index::require_apart(&self.0, workers)
        })
    }

    /// The same areas in another system.
    fn to_crs(&self, py: Python<'_>, crs: &str) -> PyResult<Self> {
        let crs = crs.parse().or_raise(py)?;
        run(py, Call::on(Some(1)), |_| self.0.to_crs(crs)).map(Self)
    }
}

/// Multipolygons as shapely's ragged array.
pub(crate) fn ragged<'py>(py: Python<'py>, shapes: &[MultiPolygon]) -> PyResult<Ragged<'py>> {
    let mut points = Vec::new();
    let mut offsets = [vec![0], vec![0], vec![0]];
    for shape in shapes {
        for polygon in shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                points.extend(ring.0.iter().map(|c| [c.x, c.y]));
                offsets[0].push(points.len() as i64);
            }
            let rings = offsets[0].len() as i64 - 1;
            offsets[1].push(rings);
        }
        let polygons = offsets[1].len() as i64 - 1;
        offsets[2].push(polygons);
    }
    let [rings, polygons, areas] = offsets.map(|o| column(py, o));
    Ok((matrix(py, points)?, rings, polygons, areas))
}

fn shapes(points: &[Coord<f64>], offsets: &[Vec<i64>; 3]) -> brandpunt::Result<Vec<MultiPolygon>> {
    let [rings, polygons, areas] = offsets;
    let rings: Vec<LineString> = pieces(points, rings)?
        .into_iter()
        .map(|ring| LineString::new(ring.to_vec()))
        .collect();
    let polygons: Vec<Polygon> = pieces(&rings, polygons)?
        .into_iter()
        .filter_map(|rings| {
            let (exterior, interiors) = rings.split_first()?;
            Some(Polygon::new(exterior.clone(), interiors.to_vec()))
        })
        .collect();
    Ok(pieces(&polygons, areas)?
        .into_iter()
        .map(|parts| MultiPolygon::new(parts.to_vec()))
        .collect())
}

/// The stretches of `items` between consecutive offsets.
fn pieces<'a, T>(items: &'a [T], offsets: &[i64]) -> brandpunt::Result<Vec<&'a [T]>> {
    offsets
        .windows(2)
        .map(|ends| {
            let start = usize::try_from(ends[0]).ok();
            let end = usize::try_from(ends[1]).ok();
            start
                .zip(end)
                .and_then(|(start, end)| items.get(start..end))
                .ok_or_else(|| Error::internal("offsets of polygons beyond their points"))
        })
        .collect()
}
