//! Neighbourhoods from a file.

use std::path::Path;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::area_levels;
use super::columns;
use super::feature::{Feature, Scalar, Sink, Stated};
use super::geojson;
use super::numbers::{Number, is_missing, parse as parse_number};
use super::place::PlaceEvidence;
use super::shape::{Ring, Shape};
use super::source::{self, Format};
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{AreaLevel, Crs, Detected, Exposure, Neighbourhoods, Warning, WarningCode};

/// Reads neighbourhoods from GeoJSON or GeoPackage, told apart by content.
///
/// The columns of code, name and population are recognised by Dutch and English names unless
/// given, and listed in [`Neighbourhoods::detected`]. All other columns of numbers are kept under
/// their names. Codes are text: leading zeros stay, padding goes. Negative numbers and a point
/// stand for "not published", as Statistics Netherlands writes them. A column of numbers named after
/// a kind of exposure and a year, such as `youths_2017` or `inwoners_2024`, is that exposure.
///
/// Coordinates stay in the system of the file; [`Neighbourhoods::to_crs`] projects degrees.
///
/// ```
/// use brandpunt::io::NeighbourhoodReader;
///
/// # fn main() -> brandpunt::Result<()> {
/// let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
///     "properties": {"BU_CODE": "BU00340101 ", "inwoners": 795},
///     "geometry": {"type": "Polygon", "coordinates":
///         [[[5.2, 52.3], [5.3, 52.3], [5.3, 52.4], [5.2, 52.3]]]}}]}"#;
/// let hoods = NeighbourhoodReader::new().read_bytes(text.as_bytes())?;
/// assert_eq!(hoods.codes(), ["BU00340101"]);
/// assert_eq!(hoods.exposure("inhabitants", None).unwrap().values, [Some(795.0)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct NeighbourhoodReader {
    layer: Option<String>,
    code: Option<String>,
    name: Option<String>,
    population: Option<String>,
    exposures: Vec<(String, Option<i16>, String)>,
    vintage: Option<i16>,
    level: Option<AreaLevel>,
    crs: Option<Crs>,
    repair: bool,
}

/// Bytes that a file of areas may have, unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// Reads neighbourhoods with everything detected.
///
/// # Errors
/// As [`NeighbourhoodReader::read`].
pub fn read_neighbourhoods(path: impl AsRef<Path>) -> Result<Neighbourhoods> {
    NeighbourhoodReader::new().read(path)
}

impl NeighbourhoodReader {
    /// A reader that detects everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the layer of a GeoPackage.
    #[must_use]
    pub fn layer(mut self, name: impl Into<String>) -> Self {
        self.layer = Some(name.into());
        self
    }

    /// Sets the column of codes.
    #[must_use]
    pub fn code(mut self, column: impl Into<String>) -> Self {
        self.code = Some(column.into());
        self
    }

    /// Sets the column of names.
    #[must_use]
    pub fn name(mut self, column: impl Into<String>) -> Self {
        self.name = Some(column.into());
        self
    }

    /// Sets the column of inhabitants, of no stated year.
    #[must_use]
    pub fn population(mut self, column: impl Into<String>) -> Self {
        self.population = Some(column.into());
        self
    }

    /// Adds the column of inhabitants of a year.
    #[must_use]
    pub fn population_of(self, year: i16, column: impl Into<String>) -> Self {
        self.exposure("inhabitants", Some(year), column)
    }

    /// Adds a column of another kind of exposure, such as `youths` or `dwellings`.
    #[must_use]
    pub fn exposure(
        mut self,
        kind: impl Into<String>,
        year: Option<i16>,
        column: impl Into<String>,
    ) -> Self {
        self.exposures.push((kind.into(), year, column.into()));
        self
    }

    /// Sets the level that is kept where municipalities, districts and neighbourhoods stand in one
    /// file (the finest there is at first).
    #[must_use]
    pub fn level(mut self, level: AreaLevel) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets the year of the area division. Without it, the year of a column such as `jrstatcode`
    /// or `jaar`, if all areas have the same.
    #[must_use]
    pub fn vintage(mut self, year: i16) -> Self {
        self.vintage = Some(year);
        self
    }

    /// Sets the coordinate reference system, over what the file says.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }

    /// Sets whether rings may be closed and polygons repaired, which is then warned about
    /// (not so at first).
    #[must_use]
    pub fn repair(mut self, repair: bool) -> Self {
        self.repair = repair;
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be opened; [`Error::Input`] for a missing column, an area
    /// without polygon, an unclosed ring, a doubled code, coordinates that do not fit, or a
    /// damaged file, each with the remedy.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Neighbourhoods> {
        let path = path.as_ref();
        #[cfg(feature = "geopackage")]
        if super::geopackage::is_one(path)? {
            return self.read_geopackage(path);
        }
        self.read_text(&source::read_all(path, MOST_BYTES)?)
    }

    /// As [`read`](Self::read), from memory.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<Neighbourhoods> {
        self.read_text(&source::unpacked(bytes.into(), MOST_BYTES)?)
    }

    fn read_text(&self, bytes: &[u8]) -> Result<Neighbourhoods> {
        match Format::of(bytes)? {
            Format::Json => {
                let detected = vec![Detected::new("format", "GeoJSON", "by content")];
                self.assemble(detected, |sink| geojson::stream(bytes, sink))
            }
            Format::Csv => Err(Error::input(
                Fault::UnknownFormat,
                "the content is plain text without shapes; give GeoJSON or GeoPackage, and join \
                 populations with read_population",
            )),
            #[cfg(feature = "geopackage")]
            Format::GeoPackage => {
                let file = super::geopackage::in_a_file(bytes)?;
                self.read_geopackage(file.path())
            }
        }
    }

    #[cfg(feature = "geopackage")]
    fn read_geopackage(&self, path: &Path) -> Result<Neighbourhoods> {
        let layer = super::geopackage::Layer::open(path, self.layer.as_deref())?;
        let detected = vec![
            Detected::new("format", "GeoPackage", "by content"),
            layer.detected(),
        ];
        self.assemble(detected, |sink| layer.stream(sink))
    }

    fn assemble(
        &self,
        mut detected: Vec<Detected>,
        stream: impl FnOnce(Sink<'_>) -> Result<Stated>,
    ) -> Result<Neighbourhoods> {
        let mut areas = Areas::default();
        let stated = stream(&mut |feature: &Feature<'_>| {
            areas.push(feature);
            Ok(())
        })?;
        if areas.shapes.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                "the file has no feature; export it again",
            ));
        }
        let codes = areas.codes(self.code.as_deref(), &mut detected)?;
        let code_column = codes.column;
        let mut codes = codes.values;
        if let Some(keep) = area_levels::kept(&codes, self.level, &mut detected)? {
            areas.keep(&keep);
            codes = keep.iter().map(|&i| codes[i].clone()).collect();
        }
        let years = columns::area_year(&areas.names).map(|at| {
            let values = areas.values[at].iter().map(Scalar::text).collect();
            (areas.names[at].as_str(), values)
        });
        let vintage = area_levels::vintage(self.vintage, years, &mut detected)?;
        let name_at = match &self.name {
            Some(name) => Some(columns::named(&areas.names, "name", name)?),
            None => columns::area_name(&areas.names, &mut detected),
        };
        let names: Vec<String> = match name_at {
            Some(at) => areas.values[at]
                .iter()
                .map(|v| v.text().trim().to_owned())
                .collect(),
            None => codes.clone(),
        };
        let mut exposures = self.exposures.clone();
        let population = match &self.population {
            Some(column) => Some(column.clone()),
            None if exposures.iter().any(|(kind, _, _)| kind == "inhabitants") => None,
            None => {
                columns::population(&areas.names, &mut detected).map(|at| areas.names[at].clone())
            }
        };
        if let Some(column) = population {
            exposures.insert(0, ("inhabitants".to_owned(), None, column));
        }
        for (name, values) in areas.names.iter().zip(&areas.values) {
            if let Some((kind, year)) = dated(name)
                && is_numeric(values)
                && !exposures
                    .iter()
                    .any(|(k, y, _)| k == kind && *y == Some(year))
            {
                detected.push(Detected::new(
                    format!("column {kind} of {year}"),
                    name,
                    "a kind of exposure and a year in its name",
                ));
                exposures.push((kind.to_owned(), Some(year), name.clone()));
            }
        }

        let (shapes, closed) = areas.polygons(&codes, self.repair)?;
        let (crs, why) = match (self.crs, stated) {
            (Some(crs), _) => (crs, "given".to_owned()),
            (None, Stated::Crs(crs)) => (crs, "the file says so".to_owned()),
            (None, Stated::Default) => (Crs::WGS84, "the default of the format".to_owned()),
            (None, Stated::Unknown) => place_of(&shapes)?,
        };
        detected.push(Detected::new("crs", crs.to_string(), why));
        let hoods = if self.repair {
            Neighbourhoods::repaired(codes, names, shapes, crs)
        } else {
            Neighbourhoods::new(codes, names, shapes, crs)
        };
        let mut hoods = hoods?.with_vintage(vintage).with_detected(detected);
        if closed > 0 {
            hoods = hoods.with_warning(Warning::with_value(
                WarningCode::RepairedGeometry,
                closed as f64,
                format!("Closed {closed} rings whose last point was not the first."),
            ));
        }
        for (kind, year, column) in exposures {
            let at = columns::named(&areas.names, "population", &column)?;
            hoods = hoods.with_exposure(Exposure::new(kind, year, numbers(&areas.values[at])?))?;
        }
        for (at, name) in areas.names.iter().enumerate() {
            if Some(at) != code_column && is_numeric(&areas.values[at]) {
                hoods = hoods.with_column(name.clone(), numbers(&areas.values[at])?)?;
            }
        }
        Ok(hoods)
    }
}

/// Features as columns.
#[derive(Default)]
struct Areas {
    names: Vec<String>,
    values: Vec<Vec<Scalar<'static>>>,
    shapes: Vec<Shape>,
    ids: Vec<Option<String>>,
}

struct Codes {
    column: Option<usize>,
    values: Vec<String>,
}

impl Areas {
    fn push(&mut self, feature: &Feature<'_>) {
        let n = self.shapes.len();
        for (name, value) in &feature.properties {
            let at = if let Some(at) = self.names.iter().position(|known| known == name) {
                at
            } else {
                self.names.push(name.to_string());
                self.values.push(vec![Scalar::Null; n]);
                self.names.len() - 1
            };
            let column = &mut self.values[at];
            // Of a property that stands twice the last counts.
            column.truncate(n);
            column.push(owned(value));
        }
        for column in &mut self.values {
            column.resize(n + 1, Scalar::Null);
        }
        self.ids
            .push(feature.id.as_ref().map(|id| id.text().into_owned()));
        self.shapes.push(feature.shape.clone());
    }

    /// Keeps the areas at the given positions.
    fn keep(&mut self, positions: &[usize]) {
        for column in &mut self.values {
            *column = positions.iter().map(|&i| column[i].clone()).collect();
        }
        self.shapes = positions.iter().map(|&i| self.shapes[i].clone()).collect();
        self.ids = positions.iter().map(|&i| self.ids[i].clone()).collect();
    }

    fn codes(&self, given: Option<&str>, detected: &mut Vec<Detected>) -> Result<Codes> {
        let column = match given {
            Some(name) => Some(columns::named(&self.names, "code", name)?),
            None => columns::area_code(&self.names, detected),
        };
        let values: Vec<String> = if let Some(at) = column {
            self.values[at]
                .iter()
                .map(|v| v.text().trim().to_owned())
                .collect()
        } else if self.ids.iter().all(Option::is_some) {
            detected.push(Detected::new("column code", "id", "the id of each feature"));
            self.ids.iter().flatten().cloned().collect()
        } else {
            return Err(Error::input(
                Fault::MissingColumn,
                format!(
                    "no column of area codes was recognised; {}; name it with code=",
                    columns::listed(&self.names)
                ),
            ));
        };
        if let Some(at) = values.iter().position(String::is_empty) {
            return Err(Error::input(
                Fault::MissingColumn,
                format!("area {at} (from 0) has no code; each area needs one"),
            ));
        }
        Ok(Codes { column, values })
    }

    /// The shapes as polygons, and how many rings had to be closed.
    fn polygons(&self, codes: &[String], repair: bool) -> Result<(Vec<MultiPolygon<f64>>, u64)> {
        let mut closed = 0;
        let mut out = Vec::with_capacity(codes.len());
        for (code, shape) in codes.iter().zip(&self.shapes) {
            let parts = match shape {
                Shape::Polygons(parts) => parts.as_slice(),
                Shape::Missing => &[],
                Shape::Point(..) => return Err(wrong_type(code, "Point")),
                Shape::Other(kind) => return Err(wrong_type(code, kind)),
            };
            let mut polygons = Vec::with_capacity(parts.len());
            for rings in parts {
                let mut lines = Vec::with_capacity(rings.len());
                for ring in rings {
                    let is_open = ring.len() > 1 && ring.first() != ring.last();
                    if is_open && !repair {
                        return Err(unclosed(code, ring));
                    }
                    closed += u64::from(is_open);
                    lines.push(LineString(
                        ring.iter().map(|&(x, y)| Coord { x, y }).collect(),
                    ));
                }
                let mut lines = lines.into_iter();
                if let Some(outer) = lines.next() {
                    polygons.push(Polygon::new(outer, lines.collect()));
                }
            }
            out.push(MultiPolygon(polygons));
        }
        Ok((out, closed))
    }
}

/// The kind and year of exposure that a column is named after, as `youths_2017` is.
fn dated(name: &str) -> Option<(&'static str, i16)> {
    let (kind, year) = name.rsplit_once('_')?;
    let year = year.parse().ok().filter(|y| (1900..2100).contains(y))?;
    let kind = match kind.to_lowercase().as_str() {
        "inhabitants" | "inwoners" | "population" | "bevolking" => "inhabitants",
        "youths" | "jongeren" => "youths",
        "dwellings" | "woningen" => "dwellings",
        _ => return None,
    };
    Some((kind, year))
}

fn wrong_type(code: &str, kind: &str) -> Error {
    Error::input(
        Fault::WrongGeometryType,
        format!(
            "area `{}` is a {}; only Polygon and MultiPolygon are areas",
            quoted(code),
            quoted(kind)
        ),
    )
}

fn unclosed(code: &str, ring: &Ring) -> Error {
    let first = ring.first().copied().unwrap_or_default();
    let last = ring.last().copied().unwrap_or_default();
    Error::input(
        Fault::UnclosedRing,
        format!(
            "a ring of area `{}` starts at ({}, {}) but ends at ({}, {}); close it, or read with \
             repair",
            quoted(code),
            first.0,
            first.1,
            last.0,
            last.1
        ),
    )
}

fn owned(value: &Scalar<'_>) -> Scalar<'static> {
    match value {
        Scalar::Null => Scalar::Null,
        Scalar::Bool(v) => Scalar::Bool(*v),
        Scalar::Integer(v) => Scalar::Integer(*v),
        Scalar::Unsigned(v) => Scalar::Unsigned(*v),
        Scalar::Float(v) => Scalar::Float(*v),
        Scalar::Text(v) => Scalar::Text(v.clone().into_owned().into()),
        Scalar::Nested => Scalar::Nested,
    }
}

/// The system of shapes whose source does not know it.
fn place_of(shapes: &[MultiPolygon<f64>]) -> Result<(Crs, String)> {
    use geo::CoordsIter;
    let mut place = PlaceEvidence::default();
    for c in shapes.iter().flat_map(CoordsIter::coords_iter) {
        place.add(c.x, c.y);
    }
    place.metres()
}

/// Whether a column holds numbers and nothing else.
fn is_numeric(values: &[Scalar<'_>]) -> bool {
    values
        .iter()
        .all(|v| v.number().is_some() || *v == Scalar::Null)
        && values.iter().any(|v| *v != Scalar::Null)
}

/// A column as numbers; what is not published is `None`.
fn numbers(values: &[Scalar<'_>]) -> Result<Vec<Option<f64>>> {
    values
        .iter()
        .enumerate()
        .map(|(i, value)| match value {
            Scalar::Text(text) => published(text).map_err(|()| {
                Error::input(
                    Fault::NotANumber,
                    format!("`{}` of area {i} (from 0) is not a number", quoted(text)),
                )
            }),
            other => Ok(other.number().filter(|v| !is_unpublished(*v))),
        })
        .collect()
}

/// The numbers that Statistics Netherlands writes for "secret", "unknown" and "not there".
pub(super) fn is_unpublished(value: f64) -> bool {
    value <= -99_990.0
}

/// A number in text, `None` where none is published.
pub(super) fn published(text: &str) -> std::result::Result<Option<f64>, ()> {
    if is_missing(text.as_bytes()) {
        return Ok(None);
    }
    match parse_number(text.as_bytes(), b'.') {
        Number::Value(v) => Ok(Some(v).filter(|v| !is_unpublished(*v))),
        _ => Err(()),
    }
}
