//! Incidents from the features of GeoJSON and GeoPackage.

use super::columns::Roles;
use super::dates::{Clock, DayOrder, Moment, OrderEvidence};
use super::feature::{Feature, Scalar, Sink, Stated};
use super::geojson;
use super::incident_rows::{Conclusions, Intake, Present, check_text};
use super::incidents::IncidentReader;
use super::numbers::{Number, parse as parse_number};
use super::person_data::check_person_data;
use super::shape::Shape;
use super::signalen;
use crate::error::{Error, Fault, Result};
use crate::model::{
    Categories, Crs, Detected, Incidents, RejectReason, TextColumn, Warning, WarningCode,
};
use crate::parallel::Workers;

/// Features looked at for the names of properties.
const SAMPLE: u64 = 200;

pub(super) fn read_geojson(
    reader: &IncidentReader,
    bytes: &[u8],
    workers: &Workers,
) -> Result<Incidents> {
    let detected = vec![Detected::new("format", "GeoJSON", "by content")];
    read(
        reader,
        detected,
        |sink| geojson::stream(bytes, sink),
        workers,
    )
}

pub(super) fn read_signalen(
    reader: &IncidentReader,
    bytes: &[u8],
    workers: &Workers,
) -> Result<Incidents> {
    let detected = vec![Detected::new("format", "JSON of Signalen", "by content")];
    read(
        reader,
        detected,
        |sink| signalen::stream(bytes, sink),
        workers,
    )
}

#[cfg(feature = "geopackage")]
pub(super) fn read_geopackage(
    reader: &IncidentReader,
    path: &std::path::Path,
    workers: &Workers,
) -> Result<Incidents> {
    let layer = super::geopackage::Layer::open(path, reader.layer.as_deref())?;
    let detected = vec![
        Detected::new("format", "GeoPackage", "by content"),
        layer.detected(),
    ];
    read(reader, detected, |sink| layer.stream(sink), workers)
}

/// Names of the properties of the first features, and of those that stand twice in one.
///
/// Properties that seem to hold data about persons are refused.
fn property_names(
    allowed: &[String],
    stream: &impl Fn(Sink<'_>) -> Result<Stated>,
) -> Result<(Vec<String>, Vec<String>)> {
    let mut names: Vec<String> = Vec::new();
    let mut values: Vec<Vec<String>> = Vec::new();
    let mut double: Vec<String> = Vec::new();
    let mut seen = 0;
    let result = stream(&mut |feature: &Feature<'_>| {
        for (i, (name, value)) in feature.properties.iter().enumerate() {
            let at = names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_string());
                values.push(Vec::new());
                names.len() - 1
            });
            values[at].push(value.text().into_owned());
            let again = feature.properties.iter().take(i).any(|(n, _)| n == name);
            if again && !double.iter().any(|n| n == name) {
                double.push(name.to_string());
            }
        }
        seen += 1;
        if seen == SAMPLE {
            // Enough was seen; nothing else stops this stream.
            return Err(Error::Cancelled);
        }
        Ok(())
    });
    match result {
        Ok(_) | Err(Error::Cancelled) => {}
        Err(error) => return Err(error),
    }
    for (name, values) in names.iter().zip(&values) {
        if !allowed.contains(name) {
            check_person_data(name, values.iter().map(String::as_str))?;
        }
    }
    Ok((names, double))
}

fn read(
    reader: &IncidentReader,
    mut detected: Vec<Detected>,
    stream: impl Fn(Sink<'_>) -> Result<Stated>,
    workers: &Workers,
) -> Result<Incidents> {
    let (names, double) = property_names(&reader.allowed, &stream)?;
    let roles = Roles::of(&names, &reader.names, &mut detected)?;
    let name = |at: Option<usize>| at.map(|i| names[i].as_str());
    let clock = reader.clock();
    let mut found = Found::new(
        name(roles.time),
        name(roles.category),
        name(roles.source),
        name(roles.weight),
        name(roles.id),
    );
    let job = workers.job();
    let stated = stream(&mut |feature: &Feature<'_>| {
        if found.rows.rows_in.is_multiple_of(4096) {
            job.check()?;
        }
        found.push(feature)
    })?;
    if found.rows.rows_in == 0 {
        return Err(Error::input(
            Fault::NoRows,
            "the file has no feature; export it again",
        ));
    }
    let mut warnings: Vec<Warning> = double
        .iter()
        .map(|name| {
            Warning::new(
                WarningCode::Input,
                format!(
                    "Property `{}` stands twice in one feature; the last value was used.",
                    crate::error::quoted(name)
                ),
            )
        })
        .collect();
    let (crs, why) = match (reader.crs, stated) {
        (Some(crs), _) => (crs, "given".to_owned()),
        (None, Stated::Crs(crs)) => (crs, "the file says so".to_owned()),
        (None, Stated::Default) => (Crs::WGS84, "the default of the format".to_owned()),
        (None, Stated::Unknown) => found.rows.place.metres()?,
    };
    if reader.crs.is_none() && stated == Stated::Unknown {
        warnings.push(Warning::new(
            WarningCode::Input,
            format!(
                "The file does not state its system; the coordinates are taken for {crs}: {why}."
            ),
        ));
    }
    detected.push(Detected::new("crs", crs.to_string(), why));
    let present = Present {
        time: found.time.is_some(),
        category: found.category.is_some(),
        source: found.source.is_some(),
        weight: found.weight.is_some(),
        id: found.id.is_some() || found.has_feature_id,
    };
    if present.time {
        detected.push(Detected::new(
            "time zone",
            clock.zone().to_string(),
            "of times without an offset",
        ));
    }
    let rows = found.with_times(reader, &clock, present, &mut detected)?;
    let found = Conclusions {
        crs,
        present,
        max_rejected_share: 1.0,
        part: reader.later,
        detected,
        warnings,
    };
    reader.finish(rows, found, &clock, workers)
}

/// The columns as they fill, times still as text.
struct Found<'n> {
    time: Option<&'n str>,
    category: Option<&'n str>,
    source: Option<&'n str>,
    weight: Option<&'n str>,
    id: Option<&'n str>,
    has_feature_id: bool,
    rows: Intake,
    times: TextColumn,
    time_bytes: u64,
}

impl<'n> Found<'n> {
    fn new(
        time: Option<&'n str>,
        category: Option<&'n str>,
        source: Option<&'n str>,
        weight: Option<&'n str>,
        id: Option<&'n str>,
    ) -> Self {
        Self {
            time,
            category,
            source,
            weight,
            id,
            has_feature_id: false,
            rows: Intake::default(),
            times: TextColumn::default(),
            time_bytes: 0,
        }
    }

    fn push(&mut self, feature: &Feature<'_>) -> Result<()> {
        self.rows.rows_in += 1;
        let row = self.rows.rows_in;
        let Ok(short_row) = u32::try_from(row) else {
            return Err(Error::too_large(
                "a file of incidents",
                u128::from(row),
                1 << 32,
                "split it",
            ));
        };
        let (x, y) = match &feature.shape {
            Shape::Point(x, y) => (*x, *y),
            Shape::Missing => {
                self.rows
                    .reject(row, RejectReason::MissingCoordinate, b"no geometry");
                return Ok(());
            }
            Shape::Polygons(_) => {
                self.rows.reject(row, RejectReason::NotAPoint, b"polygon");
                return Ok(());
            }
            Shape::Other(kind) => {
                self.rows
                    .reject(row, RejectReason::NotAPoint, kind.as_bytes());
                return Ok(());
            }
        };
        let text = |name: Option<&str>| {
            name.and_then(|name| feature.property(name))
                .map(Scalar::text)
                .unwrap_or_default()
        };
        self.rows.place.add(x, y);
        self.rows.x.push(x);
        self.rows.y.push(y);
        self.rows.rows.push(short_row);
        if self.time.is_some() {
            let value = text(self.time);
            self.time_bytes += value.len() as u64;
            check_text("a column of times", self.time_bytes)?;
            self.times.push(&value);
        }
        if self.category.is_some() {
            self.rows.categories.push(&text(self.category));
        }
        if self.source.is_some() {
            self.rows.sources.push(&text(self.source));
        }
        if let Some(name) = self.weight {
            let weight = match feature.property(name) {
                Some(Scalar::Text(v)) => match parse_number(v.as_bytes(), b'.') {
                    Number::Value(v) => v,
                    _ => f64::NAN,
                },
                Some(value) => value.number().unwrap_or(f64::NAN),
                None => f64::NAN,
            };
            self.rows.weights.push(weight);
        }
        match (self.id, &feature.id) {
            (Some(_), _) => self.rows.push_id(&text(self.id))?,
            (None, Some(Scalar::Float(v))) if v.abs() >= 9_007_199_254_740_992.0 => {
                return Err(Error::input(
                    Fault::NumberOutOfRange,
                    format!(
                        "the id of feature {row} is a number with more digits than can be kept; write ids as text"
                    ),
                ));
            }
            (None, id) => {
                self.has_feature_id |= id.is_some();
                self.rows
                    .push_id(&id.as_ref().map(Scalar::text).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Reads the times now that the whole column is there.
    fn with_times(
        self,
        reader: &IncidentReader,
        clock: &Clock,
        present: Present,
        detected: &mut Vec<Detected>,
    ) -> Result<Intake> {
        let mut rows = self.rows;
        if !present.time {
            return Ok(rows);
        }
        let all = |order: DayOrder, evidence: &mut OrderEvidence| -> Vec<Moment> {
            self.times
                .iter()
                .zip(&rows.rows)
                .map(|(text, row)| clock.read(text.as_bytes(), order, u64::from(*row), evidence))
                .collect()
        };
        let mut evidence = OrderEvidence::default();
        let mut moments = all(DayOrder::DayFirst, &mut evidence);
        if let Some((order, why)) = reader.order(&evidence)? {
            let name = match order {
                DayOrder::DayFirst => "day-month-year",
                DayOrder::MonthFirst => "month-day-year",
            };
            if order == DayOrder::MonthFirst {
                moments = all(order, &mut OrderEvidence::default());
            }
            detected.push(Detected::new("day order", name, why));
        }
        let mut keep = Vec::with_capacity(moments.len());
        let mut rejected = crate::model::Rejections::default();
        for (i, moment) in moments.iter().enumerate() {
            match moment {
                Moment::At(second, flag) => {
                    keep.push(i as u32);
                    rows.seconds.push(*second);
                    rows.flags.push(*flag);
                }
                Moment::Reject(reason) => {
                    rejected.push(u64::from(rows.rows[i]), *reason, self.times.get(i));
                }
            }
        }
        if !rejected.is_empty() {
            rows.rejected.merge(rejected);
            rows.keep(&keep);
        }
        Ok(rows)
    }
}

impl Intake {
    /// Keeps the rows at the given positions; times are already there.
    fn keep(&mut self, positions: &[u32]) {
        let pick = |column: &[f64]| positions.iter().map(|&i| column[i as usize]).collect();
        self.x = pick(&self.x);
        self.y = pick(&self.y);
        self.rows = positions.iter().map(|&i| self.rows[i as usize]).collect();
        if !self.weights.is_empty() {
            self.weights = pick(&self.weights);
        }
        if !self.categories.is_empty() {
            let categories: Categories = self.categories.take(positions);
            self.categories = categories;
        }
        if !self.sources.is_empty() {
            self.sources = self.sources.take(positions);
        }
        if !self.ids.is_empty() {
            self.ids = self.ids.take(positions);
        }
    }
}
