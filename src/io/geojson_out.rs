//! Tables with shapes to GeoJSON.

use std::io::{Error as IoError, Result as IoResult, Write};
use std::path::Path;

use geo::orient::{Direction, Orient};
use geo_types::Geometry as Shape;
use geojson::{Feature, FeatureWriter, Geometry, GeometryValue, JsonValue};
use serde_json::json;

use super::atomically::atomically;
use super::table::{Column, Table};
use crate::error::{Error, Fault, Result};
use crate::model::{Crs, Projection};

/// Writes a table as GeoJSON, one feature per row, with polygons or lines.
///
/// Where the coordinates can be transformed the file follows RFC 7946: longitude and latitude in
/// WGS 84, rounded to 1e-7 degrees (about a centimetre), outer rings anticlockwise. Otherwise
/// (planar metres, or a system for which no transformation is built in) the coordinates are
/// written as they are, rounded to a millimetre, with the `crs` member that GDAL, QGIS and
/// GeoPandas understand; for planar metres that member is null.
///
/// NaN and infinite numbers are written as null.
///
/// # Errors
/// [`Fault::LengthMismatch`] unless there is one shape per row, [`Error::Crs`] for a point
/// outside the range of its system, [`Error::File`]; the old file is then untouched.
pub fn write_geojson<S: Clone + Into<Shape<f64>>>(
    path: impl AsRef<Path>,
    table: &Table,
    shapes: &[S],
    crs: Crs,
) -> Result<()> {
    let (shapes, foreign) = written(table, shapes, crs)?;
    atomically(path, |out| write_into(out, table, &shapes, foreign))
}

/// The text of what [`write_geojson`] writes.
///
/// # Errors
/// As [`write_geojson`], but for files.
pub fn geojson_text<S: Clone + Into<Shape<f64>>>(
    table: &Table,
    shapes: &[S],
    crs: Crs,
) -> Result<String> {
    let (shapes, foreign) = written(table, shapes, crs)?;
    let mut out = Vec::new();
    write_into(&mut out, table, &shapes, foreign).map_err(|e| Error::internal(e.to_string()))?;
    String::from_utf8(out).map_err(|e| Error::internal(e.to_string()))
}

/// Shapes as they will stand in the file, and their system when it must be named.
fn written<S: Clone + Into<Shape<f64>>>(
    table: &Table,
    shapes: &[S],
    crs: Crs,
) -> Result<(Vec<Shape<f64>>, Option<Crs>)> {
    if shapes.len() != table.rows() && !table.columns().is_empty() {
        return Err(Error::input(
            Fault::LengthMismatch,
            format!("{} shapes for {} rows", shapes.len(), table.rows()),
        ));
    }
    let projection = Projection::between(crs, Crs::WGS84).ok();
    let shapes = shapes
        .iter()
        .map(|shape| placed(shape.clone().into(), projection.as_ref()))
        .collect::<Result<_>>()?;
    Ok((shapes, projection.is_none().then_some(crs)))
}

/// A shape as it will stand in the file.
fn placed(shape: Shape<f64>, projection: Option<&Projection>) -> Result<Shape<f64>> {
    use geo::{MapCoords, map_coords::MapCoordsInPlace};
    let mut out = match projection {
        Some(projection) => shape.try_map_coords(|c| {
            projection
                .apply(c.x, c.y)
                .map(|(x, y)| geo_types::Coord { x, y })
        })?,
        None => shape,
    };
    if let Shape::MultiPolygon(polygons) = &mut out {
        *polygons = polygons.orient(Direction::Default);
    }
    let steps = if projection.is_some() { 1e7 } else { 1e3 };
    out.map_coords_in_place(|c| geo_types::Coord {
        x: (c.x * steps).round() / steps,
        y: (c.y * steps).round() / steps,
    });
    Ok(out)
}

fn write_into(
    out: &mut impl Write,
    table: &Table,
    shapes: &[Shape<f64>],
    foreign: Option<Crs>,
) -> IoResult<()> {
    let mut writer = FeatureWriter::from_writer(out);
    if let Some(crs) = foreign {
        let named = crs.epsg().map(|code| {
            let name = format!("urn:ogc:def:crs:EPSG::{code}");
            json!({ "type": "name", "properties": { "name": name } })
        });
        writer
            .write_foreign_member("crs", &named)
            .map_err(IoError::other)?;
    }
    for (row, shape) in shapes.iter().enumerate() {
        let properties = table.columns().iter();
        let feature = Feature {
            geometry: geometry(shape),
            properties: Some(
                properties
                    .map(|(name, c)| (name.clone(), value(c, row)))
                    .collect(),
            ),
            ..Feature::default()
        };
        writer.write_feature(&feature).map_err(IoError::other)?;
    }
    writer.finish().map_err(IoError::other)
}

/// One cell of the table; NaN and infinity become null.
fn value(column: &Column, row: usize) -> JsonValue {
    match column {
        Column::Text(v) => JsonValue::from(v[row].as_str()),
        Column::OptionalText(v) => JsonValue::from(v[row].as_deref()),
        Column::Integer(v) => JsonValue::from(v[row]),
        Column::Float(v) => JsonValue::from(v[row]),
    }
}

/// A polygon or a line where one is enough.
fn geometry(shape: &Shape<f64>) -> Option<Geometry> {
    let value = match shape {
        Shape::MultiPolygon(polygons) => match polygons.0.as_slice() {
            [] => return None,
            [one] => GeometryValue::from(one),
            _ => GeometryValue::from(polygons),
        },
        Shape::MultiLineString(lines) => match lines.0.as_slice() {
            [] => return None,
            [one] => GeometryValue::from(one),
            _ => GeometryValue::from(lines),
        },
        other => GeometryValue::from(other),
    };
    Some(Geometry::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::NeighbourhoodReader;
    use crate::model::Neighbourhoods;
    use geo::Winding;
    use geo_types::{MultiPolygon, line_string, polygon};

    fn squares(crs: Crs) -> Neighbourhoods {
        // Clockwise, with a hole that runs anticlockwise: both against the rule.
        let one = polygon!(
            exterior: [(x: 143_000.0, y: 486_000.0), (x: 143_000.0, y: 487_000.0), (x: 144_000.0, y: 487_000.0), (x: 144_000.0, y: 486_000.0)],
            interiors: [[(x: 143_400.0, y: 486_400.0), (x: 143_600.0, y: 486_400.0), (x: 143_600.0, y: 486_600.0), (x: 143_400.0, y: 486_600.0)]],
        );
        Neighbourhoods::new(
            vec!["BU1".to_owned()],
            vec!["<script>\"\u{2028}é".to_owned()],
            vec![MultiPolygon(vec![one])],
            crs,
        )
        .unwrap()
    }

    fn back(hoods: &Neighbourhoods) -> (Neighbourhoods, serde_json::Value) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("areas.geojson");
        let table = Table::new()
            .with_text("code", hoods.codes().to_vec())
            .and_then(|t| t.with_text("name", hoods.names().to_vec()))
            .and_then(|t| t.with_float("rate", vec![f64::NAN]))
            .and_then(|t| t.with_integer("population", vec![795]))
            .unwrap();
        write_geojson(&path, &table, hoods.shapes(), hoods.crs()).unwrap();
        let text = std::fs::read(&path).unwrap();
        let value = serde_json::from_slice(&text).unwrap();
        (NeighbourhoodReader::new().read(&path).unwrap(), value)
    }

    #[test]
    fn rd_becomes_degrees_and_comes_back_within_two_centimetres() {
        let hoods = squares(Crs::RD_NEW);
        let (read, value) = back(&hoods);
        assert!(value.get("crs").is_none());
        assert_eq!(
            value["features"][0]["properties"]["rate"],
            serde_json::Value::Null
        );
        assert_eq!(read.crs(), Crs::WGS84);
        assert_eq!(read.names(), hoods.names());
        assert_eq!(
            read.exposure("inhabitants", None).unwrap().values,
            [Some(795.0)]
        );
        let rd = read.to_crs(Crs::RD_NEW).unwrap();
        let area = rd.area_km2().unwrap()[0];
        assert!((area - 0.96).abs() < 1e-4, "{area}");
        let outer = rd.shapes()[0].0[0].exterior();
        for c in &outer.0 {
            let off = |v: f64| (v - (v / 1000.0).round() * 1000.0).abs();
            assert!(off(c.x) < 0.02 && off(c.y) < 0.02, "{c:?}");
        }
        assert!(outer.is_ccw() && rd.shapes()[0].0[0].interiors()[0].is_cw());
    }

    #[test]
    fn systems_without_transformation_keep_their_metres_and_say_so() {
        let (read, value) = back(&squares(Crs::from_epsg(2843)));
        assert_eq!(read.crs(), Crs::from_epsg(2843));
        assert_eq!(
            value["features"][0]["geometry"]["coordinates"][0][0][0],
            143_000.0
        );
        assert_eq!(read.area_km2().unwrap(), [0.96]);
    }

    #[test]
    fn lines_are_written_as_lines_and_the_text_is_that_of_the_file() {
        let line = line_string![(x: 143_000.0, y: 486_000.0), (x: 143_500.0, y: 486_000.0)];
        let lines = [
            geo_types::MultiLineString(vec![line.clone()]),
            geo_types::MultiLineString(vec![line.clone(), line]),
            geo_types::MultiLineString(Vec::new()),
        ];
        let table = Table::new()
            .with_float("level", vec![1.0, 2.0, 3.0])
            .unwrap();
        let text = geojson_text(&table, &lines, Crs::RD_NEW).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let kind = |i: usize| value["features"][i]["geometry"]["type"].as_str();
        assert_eq!(
            (kind(0), kind(1), kind(2)),
            (Some("LineString"), Some("MultiLineString"), None)
        );
        let longitude = value["features"][0]["geometry"]["coordinates"][0][0]
            .as_f64()
            .unwrap();
        assert!((longitude - 5.2119).abs() < 1e-3, "{longitude}");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines.geojson");
        write_geojson(&path, &table, &lines, Crs::RD_NEW).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
