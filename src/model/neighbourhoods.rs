//! The areas, with the people in them.

use std::collections::BTreeMap;

use geo::{Area, BoundingRect, CoordsIter};
use geo_types::MultiPolygon;

use super::area::Bounds;
use super::crs::Crs;
use super::detected::Detected;
use super::exposure::Exposure;
use super::projection::Projection;
use super::validity;
use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result, quoted};

/// Areas with a code, a name, a shape and exposures, in input order.
///
/// Valid by construction: codes are unique, every shape is a valid polygon or multipolygon with
/// finite coordinates in the range of the coordinate reference system.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Neighbourhoods {
    codes: Vec<String>,
    names: Vec<String>,
    shapes: Vec<MultiPolygon<f64>>,
    crs: Crs,
    vintage: Option<i16>,
    exposures: Vec<Exposure>,
    columns: Vec<(String, Vec<Option<f64>>)>,
    detected: Vec<Detected>,
    warnings: Vec<Warning>,
}

impl Neighbourhoods {
    /// Areas from their codes, names and shapes.
    ///
    /// # Errors
    /// [`Fault::NoRows`], [`Fault::LengthMismatch`], [`Fault::DuplicateAreaCode`],
    /// [`Fault::MissingGeometry`], [`Fault::SpansAntimeridian`],
    /// [`Fault::CoordinatesOutOfCrsRange`], [`Fault::AxesSwapped`], [`Fault::InvalidPolygon`] with
    /// code and place for a shape that crosses itself or is otherwise no polygon.
    pub fn new(
        codes: Vec<String>,
        names: Vec<String>,
        shapes: Vec<MultiPolygon<f64>>,
        crs: Crs,
    ) -> Result<Self> {
        let n = codes.len();
        if n == 0 {
            return Err(Error::input(
                Fault::NoRows,
                "there is no area; give at least one",
            ));
        }
        if names.len() != n || shapes.len() != n {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{n} codes, {} names and {} shapes",
                    names.len(),
                    shapes.len()
                ),
            ));
        }
        check_codes(&codes)?;
        check_shapes(&codes, &shapes, crs)?;
        Ok(Self {
            codes,
            names,
            shapes,
            crs,
            vintage: None,
            exposures: Vec::new(),
            columns: Vec::new(),
            detected: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// As [`new`](Self::new), with invalid shapes made valid first.
    ///
    /// A place belongs to a repaired polygon when its rings go round it an odd number of times;
    /// vertices stay where they are, new ones come where edges cross. Each repaired area has a
    /// [`WarningCode::RepairedGeometry`] with the change of
    /// its surface in square metres. Valid shapes are left alone.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Fault::InvalidPolygon`] for a shape of which nothing is left.
    pub fn repaired(
        codes: Vec<String>,
        names: Vec<String>,
        mut shapes: Vec<MultiPolygon<f64>>,
        crs: Crs,
    ) -> Result<Self> {
        let mut warnings = Vec::new();
        for (code, shape) in codes.iter().zip(&mut shapes) {
            if shape
                .coords_iter()
                .all(|c| c.x.is_finite() && c.y.is_finite())
                && let Some(flaw) = validity::flaw(shape)
            {
                let repaired = validity::repaired(shape).ok_or_else(|| {
                    Error::input(
                        Fault::InvalidPolygon,
                        format!("area `{}`: {flaw}; it cannot be repaired", quoted(code)),
                    )
                })?;
                warnings.push(repair_warning(code, flaw, shape, &repaired, crs));
                *shape = repaired;
            }
        }
        let mut out = Self::new(codes, names, shapes, crs)?;
        out.warnings = warnings;
        Ok(out)
    }

    /// Sets the year of the area division.
    #[must_use]
    pub fn with_vintage(mut self, year: Option<i16>) -> Self {
        self.vintage = year;
        self
    }

    /// Adds an exposure; one of the same kind and year is replaced.
    ///
    /// A number below zero stands for "not published", as the −99997 of Statistics Netherlands.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one value per area.
    pub fn with_exposure(mut self, mut exposure: Exposure) -> Result<Self> {
        self.check_length(&exposure.kind, exposure.values.len())?;
        for value in &mut exposure.values {
            *value = value.filter(|v| v.is_finite() && *v >= 0.0);
        }
        self.exposures
            .retain(|e| (&e.kind, e.year) != (&exposure.kind, exposure.year));
        self.exposures.push(exposure);
        Ok(self)
    }

    /// Adds a named column of numbers that came with the areas.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one value per area.
    pub fn with_column(mut self, name: String, values: Vec<Option<f64>>) -> Result<Self> {
        self.check_length(&name, values.len())?;
        self.columns.retain(|(n, _)| *n != name);
        self.columns.push((name, values));
        Ok(self)
    }

    /// Sets what the reader concluded from the data.
    #[must_use]
    pub fn with_detected(mut self, detected: Vec<Detected>) -> Self {
        self.detected = detected;
        self
    }

    /// Adds a warning from reading.
    #[must_use]
    pub fn with_warning(mut self, warning: Warning) -> Self {
        self.warnings.push(warning);
        self
    }

    fn check_length(&self, what: &str, length: usize) -> Result<()> {
        if length == self.len() {
            return Ok(());
        }
        Err(Error::input(
            Fault::LengthMismatch,
            format!(
                "`{}` has {length} values for {} areas",
                quoted(what),
                self.len()
            ),
        ))
    }

    /// How many areas there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is none; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Unique codes, such as `BU00346601`.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Names for people.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Shapes.
    #[must_use]
    pub fn shapes(&self) -> &[MultiPolygon<f64>] {
        &self.shapes
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// The year of the area division, where it is known.
    #[must_use]
    pub fn vintage(&self) -> Option<i16> {
        self.vintage
    }

    /// All exposures.
    #[must_use]
    pub fn exposures(&self) -> &[Exposure] {
        &self.exposures
    }

    /// The exposure of a kind that fits a year best: of that year if there is one, else of no stated
    /// year, else of the nearest year (the earlier of two equally near). Without a year: of no stated
    /// year, else the latest. The main job takes the line between two years around it instead, where
    /// there are such.
    #[must_use]
    pub fn exposure(&self, kind: &str, year: Option<i16>) -> Option<&Exposure> {
        self.exposures
            .iter()
            .filter(|e| e.kind == kind)
            .min_by_key(|e| match (e.year, year) {
                (Some(own), Some(wanted)) if own == wanted => (0, 0, 0),
                (None, _) => (1, 0, 0),
                (Some(own), Some(wanted)) => (2, i32::from(own.abs_diff(wanted)), i32::from(own)),
                (Some(own), None) => (2, -i32::from(own), 0),
            })
    }

    /// A column of numbers that came with the areas, by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_slice())
    }

    /// The names of the columns of numbers that came with the areas.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(n, _)| n.as_str())
    }

    /// What the reader concluded from the data, such as the code and name columns.
    #[must_use]
    pub fn detected(&self) -> &[Detected] {
        &self.detected
    }

    /// What a user of these areas must know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The rectangle around all areas.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.shapes
            .iter()
            .filter_map(BoundingRect::bounding_rect)
            .map(|r| Bounds::new(r.min().x, r.min().y, r.max().x, r.max().y))
            .reduce(|a, b| a.union(&b))
            .unwrap_or(Bounds::new(0.0, 0.0, 0.0, 0.0))
    }

    /// Surface of each area in square kilometres.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees.
    pub fn area_km2(&self) -> Result<Vec<f64>> {
        self.crs.require_metres()?;
        Ok(self
            .shapes
            .iter()
            .map(|s| s.unsigned_area() / 1e6)
            .collect())
    }

    /// The same areas in another coordinate reference system.
    ///
    /// # Errors
    /// [`Error::Crs`] when there is no transformation, or for a point outside its range.
    pub fn to_crs(&self, crs: Crs) -> Result<Self> {
        use geo::MapCoords;
        if crs == self.crs {
            return Ok(self.clone());
        }
        let projection = Projection::between(self.crs, crs)?;
        let shapes = self
            .shapes
            .iter()
            .map(|s| {
                s.try_map_coords(|c| {
                    projection
                        .apply(c.x, c.y)
                        .map(|(x, y)| geo_types::Coord { x, y })
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            shapes,
            crs,
            ..self.clone()
        })
    }
}

fn check_codes(codes: &[String]) -> Result<()> {
    let mut seen = BTreeMap::new();
    for (i, code) in codes.iter().enumerate() {
        if let Some(first) = seen.insert(code, i) {
            return Err(Error::input(
                Fault::DuplicateAreaCode,
                format!(
                    "code `{}` stands at areas {first} and {i} (from 0); each area needs its own",
                    quoted(code)
                ),
            ));
        }
    }
    Ok(())
}

fn check_shapes(codes: &[String], shapes: &[MultiPolygon<f64>], crs: Crs) -> Result<()> {
    let missing: Vec<&str> = codes
        .iter()
        .zip(shapes)
        .filter(|(_, s)| s.0.iter().all(|p| p.exterior().0.is_empty()))
        .map(|(c, _)| c.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(Error::input(
            Fault::MissingGeometry,
            format!(
                "{} of {} areas have no polygon: {}; remove them or give their shape",
                missing.len(),
                codes.len(),
                missing
                    .iter()
                    .take(10)
                    .map(|c| quoted(c))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ));
    }
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (code, shape) in codes.iter().zip(shapes) {
        for c in shape.coords_iter() {
            if !c.x.is_finite() || !c.y.is_finite() {
                return Err(Error::input(
                    Fault::NonFinite,
                    format!(
                        "area `{}` has a coordinate ({}, {})",
                        quoted(code),
                        c.x,
                        c.y
                    ),
                ));
            }
            x.push(c.x);
            y.push(c.y);
        }
        let wide = shape.bounding_rect().is_some_and(|r| r.width() > 180.0);
        if crs.is_geographic() && wide && crs.check_columns(&x, &y).is_ok() {
            return Err(Error::input(
                Fault::SpansAntimeridian,
                format!(
                    "area `{}` is more than 180 degrees wide; cut it at the antimeridian",
                    quoted(code)
                ),
            ));
        }
    }
    crs.check_columns(&x, &y)?;
    check_validity(codes, shapes)
}

fn repair_warning(
    code: &str,
    flaw: validity::Flaw,
    before: &MultiPolygon<f64>,
    after: &MultiPolygon<f64>,
    crs: Crs,
) -> Warning {
    let y = after.bounding_rect().map_or(0.0, |r| r.center().y);
    let surface = |shape: &MultiPolygon<f64>| shape.unsigned_area() * crs.square_metres(y);
    let (before, after) = (surface(before), surface(after));
    Warning::with_value(
        WarningCode::RepairedGeometry,
        after - before,
        format!(
            "The shape of area `{}` was repaired ({flaw}); its surface is now {after:.0} m2, by \
             its rings it was {before:.0} m2.",
            quoted(code)
        ),
    )
}

fn check_validity(codes: &[String], shapes: &[MultiPolygon<f64>]) -> Result<()> {
    const SHOWN: usize = 5;
    let flaws: Vec<String> = codes
        .iter()
        .zip(shapes)
        .filter_map(|(code, shape)| Some((code, validity::flaw(shape)?)))
        .map(|(code, flaw)| format!("area `{}`: {flaw}", quoted(code)))
        .collect();
    if flaws.is_empty() {
        return Ok(());
    }
    let more = match flaws.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    Err(Error::input(
        Fault::InvalidPolygon,
        format!(
            "{}{more}; mend the map, or ask for repair (repair=True), which reports what it \
             changes",
            flaws[..flaws.len().min(SHOWN)].join("; ")
        ),
    ))
}
