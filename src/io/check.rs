//! What would be read from a file, and what not.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::cells::Cells;
use super::feature::{Feature, Sink, Stated};
use super::incidents::IncidentReader;
use super::key_figures::KeyFiguresReader;
use super::neighbourhoods::NeighbourhoodReader;
use super::police_table::{PoliceTable, PoliceTableReader};
use super::population::PopulationReader;
use super::shape::Shape;
use super::source::{self, Format, sha256};
use super::{Population, geojson};
use crate::error::{Error, Fault, Result};
use crate::model::{
    Detected, Incidents, Neighbourhoods, Rejected, Rejections, Step, Times, Warning, WarningCode,
};

/// Rejected rows that a report lists one by one.
const LISTED: usize = 20;

/// Rows whose values a report shows.
const SHOWN: usize = 3;

/// Share of rejected rows above which the readers refuse a file.
const MOST_REJECTED: f64 = 0.05;

/// What a file was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FileKind {
    /// Places where something happened.
    Incidents,
    /// Areas with shapes.
    Neighbourhoods,
    /// Numbers per area without shapes.
    Population,
    /// Key figures per area: inhabitants by age, households, dwellings.
    KeyFigures,
    /// Counts of the police per area, class and period.
    PoliceTable,
    /// Nothing that is read.
    Unknown,
}

/// What would be read from a file, what was rejected and why, and what was detected.
///
/// A file that cannot be used has [`error`](Self::error); printed, the report is plain text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FileReport {
    /// The file.
    pub path: String,
    /// What it was taken for.
    pub kind: FileKind,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, `None` when it cannot be read.
    pub sha256: Option<String>,
    /// Rows, features or areas in the file.
    pub rows_in: u64,
    /// How many of them would be used.
    pub rows_used: u64,
    /// How many were rejected for each reason.
    pub rejected: Vec<ReasonCount>,
    /// The first rejected rows.
    pub rejected_rows: Vec<RejectedRow>,
    /// What was concluded from the data.
    pub detected: Vec<Detected>,
    /// What a user must know.
    pub warnings: Vec<Notice>,
    /// The first values of each column that is used.
    pub first_values: Vec<FirstValues>,
    /// Why the file cannot be used, if so.
    pub error: Option<Notice>,
}

/// How many rows were rejected for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReasonCount {
    /// The reason's code.
    pub reason: &'static str,
    /// The number of rows.
    pub count: u64,
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RejectedRow {
    /// Its number; the first after the header is 1.
    pub row: u64,
    /// The reason's code.
    pub reason: &'static str,
    /// The offending value, shortened and escaped.
    pub detail: String,
}

/// A warning or an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Notice {
    /// Its stable code.
    pub code: &'static str,
    /// What it says.
    pub message: String,
}

/// The first values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FirstValues {
    /// The role of the column.
    pub column: &'static str,
    /// The values as they were understood.
    pub values: Vec<String>,
}

/// Looks at a file as the readers would, without giving up on bad content: the error becomes
/// part of the report.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("reports.csv");
/// std::fs::write(&path, "id;x;y\n1;143701;486937\n2;;\n")?;
/// let report = brandpunt::io::check(&path);
/// assert_eq!((report.rows_in, report.rows_used), (2, 1));
/// assert_eq!(report.rejected[0].reason, "missing_coordinate");
/// assert_eq!(report.error.unwrap().code, "too_many_rejected");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn check(path: impl AsRef<Path>) -> FileReport {
    check_allowing(path, &[])
}

/// As [`check`], with columns that are allowed although they seem to hold data about persons.
#[must_use]
pub fn check_allowing(path: impl AsRef<Path>, allowed: &[String]) -> FileReport {
    let path = path.as_ref();
    let mut report = FileReport {
        path: crate::error::quoted(&path.display().to_string()),
        kind: FileKind::Unknown,
        bytes: std::fs::metadata(path).map_or(0, |m| m.len()),
        sha256: sha256(path).ok(),
        rows_in: 0,
        rows_used: 0,
        rejected: Vec::new(),
        rejected_rows: Vec::new(),
        detected: Vec::new(),
        warnings: Vec::new(),
        first_values: Vec::new(),
        error: None,
    };
    match read(path, allowed, &mut report.kind) {
        Ok(Found::Incidents(found)) => report.incidents(&found),
        Ok(Found::Neighbourhoods(found)) => report.neighbourhoods(&found),
        Ok(Found::Population(found)) => report.population(&found),
        Ok(Found::PoliceTable(found)) => report.police_table(&found),
        Err(error) => report.error = Some(notice(&error)),
    }
    report
}

enum Found {
    Incidents(Box<Incidents>),
    Neighbourhoods(Box<Neighbourhoods>),
    Population(Population),
    PoliceTable(Box<PoliceTable>),
}

fn notice(error: &Error) -> Notice {
    let code = match error {
        Error::Input { fault, .. } => fault.code(),
        Error::Crs { .. } => "crs",
        Error::Parameter { .. } => "parameter",
        Error::TooLarge { .. } => "too_large",
        Error::File { .. } => "file",
        Error::Cancelled => "cancelled",
        _ => "internal",
    };
    Notice {
        code,
        message: error.to_string(),
    }
}

fn read(path: &Path, allowed: &[String], kind: &mut FileKind) -> Result<Found> {
    let incidents = allowed.iter().fold(
        IncidentReader::new().max_rejected_share(1.0),
        IncidentReader::allow_column,
    );
    let areas = NeighbourhoodReader::new();
    #[cfg(feature = "geopackage")]
    if super::geopackage::is_one(path)? {
        let layer = super::geopackage::Layer::open(path, None)?;
        if is_areas(|sink| layer.stream(sink)) {
            *kind = FileKind::Neighbourhoods;
            return Ok(Found::Neighbourhoods(Box::new(areas.read(path)?)));
        }
        *kind = FileKind::Incidents;
        return Ok(Found::Incidents(Box::new(incidents.read(path)?)));
    }
    let bytes = source::read_all(path, u64::MAX - 1)?;
    if Format::of(&bytes)? != Format::Csv {
        if Cells::is_json_table(&bytes) {
            return table(&bytes, kind).unwrap_or_else(|| {
                Err(Error::input(
                    Fault::MissingColumn,
                    "the answer of the service is neither a police table nor key figures",
                ))
            });
        }
        if is_areas(|sink| geojson::stream(&bytes, sink)) {
            *kind = FileKind::Neighbourhoods;
            return Ok(Found::Neighbourhoods(Box::new(areas.read_bytes(&bytes)?)));
        }
        *kind = FileKind::Incidents;
        return Ok(Found::Incidents(Box::new(incidents.read_bytes(&bytes)?)));
    }
    match incidents.read_bytes(&bytes) {
        Err(error) if error.fault() == Some(Fault::MissingColumn) => {
            if let Some(found) = table(&bytes, kind) {
                return found;
            }
            let population = PopulationReader::new().read_bytes(&bytes).map_err(|e| {
                // Neither: the columns of coordinates are the likelier wish.
                if e.fault() == Some(Fault::MissingColumn) {
                    error
                } else {
                    *kind = FileKind::Population;
                    e
                }
            })?;
            *kind = FileKind::Population;
            Ok(Found::Population(population))
        }
        result => {
            *kind = FileKind::Incidents;
            Ok(Found::Incidents(Box::new(result?)))
        }
    }
}

/// The file as a police table or as key figures, `None` when its columns are of neither.
fn table(bytes: &[u8], kind: &mut FileKind) -> Option<Result<Found>> {
    let columns = |fault| fault == Some(Fault::MissingColumn);
    let police = PoliceTableReader::new().read_bytes(bytes);
    let police = match police {
        Err(error) if error.fault() == Some(Fault::MixedPeriods) => {
            // Each length can be read by itself; the first one shows what there is.
            let one = [Step::Year, Step::Quarter, Step::Month]
                .into_iter()
                .find_map(|step| PoliceTableReader::new().step(step).read_bytes(bytes).ok());
            one.map_or(Err(error), |mut table| {
                table.warnings.push(Warning::new(
                    WarningCode::Input,
                    format!(
                        "Periods of several lengths stand in the table; shown are those of a {}. \
                         Choose step when you read it.",
                        table.counts.step().name()
                    ),
                ));
                Ok(table)
            })
        }
        other => other,
    };
    match police {
        Err(error) if columns(error.fault()) => {}
        other => {
            *kind = FileKind::PoliceTable;
            return Some(other.map(|table| Found::PoliceTable(Box::new(table))));
        }
    }
    let figures = KeyFiguresReader::new().read_bytes(bytes);
    match figures {
        // Inhabitants alone are a population, which any table of codes may hold.
        Ok(found) if found.exposures().len() < 2 => None,
        Err(error) if columns(error.fault()) => None,
        other => {
            *kind = FileKind::KeyFigures;
            Some(other.map(Found::Population))
        }
    }
}

/// Whether the first feature with a shape is an area.
fn is_areas(stream: impl FnOnce(Sink<'_>) -> Result<Stated>) -> bool {
    let mut areas = false;
    // The stream is stopped at the first shape; its own errors come back when it is read.
    let _ = stream(&mut |feature: &Feature<'_>| {
        areas = matches!(feature.shape, Shape::Polygons(_));
        match feature.shape {
            Shape::Missing => Ok(()),
            _ => Err(Error::Cancelled),
        }
    });
    areas
}

impl FileReport {
    fn notices(&mut self, detected: &[Detected], warnings: &[Warning]) {
        self.detected = detected.to_vec();
        self.warnings = warnings
            .iter()
            .map(|w| Notice {
                code: w.code.code(),
                message: w.message.clone(),
            })
            .collect();
    }

    fn first(&mut self, column: &'static str, values: impl Iterator<Item = String>) {
        let values = values
            .take(SHOWN)
            .map(|v| crate::error::quoted(&v))
            .collect();
        self.first_values.push(FirstValues { column, values });
    }

    fn account(&mut self, rows_in: u64, rejected: &Rejections) {
        self.rows_in = rows_in;
        self.rows_used = rows_in - rejected.len();
        self.rejected = rejected
            .counts()
            .iter()
            .map(|(reason, count)| ReasonCount {
                reason: reason.code(),
                count: *count,
            })
            .collect();
        self.rejected_rows = rejected
            .listed()
            .iter()
            .take(LISTED)
            .map(|r: &Rejected| RejectedRow {
                row: r.row,
                reason: r.reason.code(),
                detail: r.detail.clone(),
            })
            .collect();
    }

    fn incidents(&mut self, found: &Incidents) {
        self.account(found.rows_in(), found.rejected());
        self.notices(found.detected(), found.warnings());
        self.first("x", found.x().iter().map(f64::to_string));
        self.first("y", found.y().iter().map(f64::to_string));
        if let Some(times) = found.times() {
            let values = times.seconds().iter().zip(times.flags()).map(|(s, flag)| {
                if *s == Times::UNKNOWN {
                    flag.to_string()
                } else {
                    format!("{} ({flag})", times.zone().local(*s).datetime())
                }
            });
            self.first("time", values);
        }
        if let Some(categories) = found.categories() {
            let values = (0..categories.len()).map(|i| categories.get(i).to_owned());
            self.first("category", values);
        }
        if let Some(ids) = found.ids() {
            self.first("id", ids.iter().map(str::to_owned));
        }
        if found.rejected().len() as f64 > MOST_REJECTED * found.rows_in() as f64 {
            self.error = Some(Notice {
                code: Fault::TooManyRejected.code(),
                message: format!(
                    "{}; more than 5 % is an error: mend the rows, or raise max_rejected_share",
                    found.rejected().summary(found.rows_in())
                ),
            });
        }
    }

    fn neighbourhoods(&mut self, found: &Neighbourhoods) {
        self.rows_in = found.len() as u64;
        self.rows_used = self.rows_in;
        self.notices(found.detected(), found.warnings());
        self.first("code", found.codes().iter().cloned());
        self.first("name", found.names().iter().cloned());
        if let Some(population) = found.exposure("inhabitants", None) {
            self.first("population", shown(&population.values));
        }
    }

    fn population(&mut self, found: &Population) {
        self.account(found.rows_in(), found.rejected());
        self.notices(found.detected(), found.warnings());
        self.first("code", found.codes().iter().cloned());
        for exposure in found.exposures() {
            let column = match exposure.kind.as_str() {
                "inhabitants_0_15" => "inhabitants_0_15",
                "inhabitants_15_25" => "inhabitants_15_25",
                "households" => "households",
                "dwellings" => "dwellings",
                _ => "population",
            };
            self.first(column, shown(&exposure.values));
        }
    }

    fn police_table(&mut self, found: &PoliceTable) {
        let counts = &found.counts;
        self.account(found.rows_in, &found.rejected);
        self.notices(&found.detected, &found.warnings);
        let states: Vec<String> = counts
            .states()
            .iter()
            .map(|(state, n)| format!("{n} {state}"))
            .collect();
        self.detected.push(Detected::new(
            "cells",
            states.join(", "),
            format!(
                "{} areas, {} classes, {} periods",
                counts.codes().len(),
                counts.classes().len(),
                counts.periods().len()
            ),
        ));
        self.first("code", counts.codes().iter().cloned());
        let classes = counts.classes().iter().map(|c| match &c.title {
            Some(title) => format!("{} {title}", c.key),
            None => c.key.clone(),
        });
        self.first("class", classes);
        self.first("period", counts.periods().iter().map(|p| p.label.clone()));
    }
}

fn shown(values: &[Option<f64>]) -> impl Iterator<Item = String> {
    values
        .iter()
        .map(|v| v.map_or_else(|| "not published".to_owned(), |v| v.to_string()))
}

impl fmt::Display for FileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FileKind::Incidents => "incidents",
            FileKind::Neighbourhoods => "neighbourhoods",
            FileKind::Population => "population",
            FileKind::KeyFigures => "key figures",
            FileKind::PoliceTable => "police table",
            FileKind::Unknown => "not read",
        };
        writeln!(f, "{}: {kind}, {} bytes", self.path, self.bytes)?;
        if self.kind != FileKind::Unknown && (self.error.is_none() || self.rows_in > 0) {
            writeln!(f, "  rows: {} in, {} used", self.rows_in, self.rows_used)?;
        }
        for found in &self.detected {
            writeln!(f, "  {found}")?;
        }
        for first in &self.first_values {
            writeln!(f, "  first {}: {}", first.column, first.values.join(" | "))?;
        }
        for rejected in &self.rejected {
            writeln!(f, "  rejected: {} {}", rejected.count, rejected.reason)?;
        }
        for row in &self.rejected_rows {
            writeln!(f, "    row {}: {} `{}`", row.row, row.reason, row.detail)?;
        }
        for warning in &self.warnings {
            writeln!(f, "  warning {}: {}", warning.code, warning.message)?;
        }
        match &self.error {
            Some(error) => writeln!(f, "  error {}", error.message),
            None => writeln!(f, "  can be used"),
        }
    }
}
