//! Incidents from a file.

use std::path::Path;

use super::columns::IncidentNames;
use super::dates::{Clock, DayOrder, OrderEvidence};
use super::incident_rows::{Conclusions, Intake};
use super::source::{self, Format};
use crate::error::{Error, Fault, Result};
use crate::model::{Crs, Incidents, Zone};
use crate::parallel::Workers;

/// What to do with rows that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BadRows {
    /// Keep them out and list them with number, reason and value.
    #[default]
    Report,
    /// Refuse the file at the first one.
    Error,
}

/// Reads incidents from CSV (plain or gzip), GeoJSON or GeoPackage, told apart by content.
///
/// What is not given is concluded from whole columns and listed in
/// [`Incidents::detected`]: delimiter, decimal mark, columns (by Dutch and English names),
/// coordinate reference system, order of day and month. What can be read in two ways is an error
/// that names the option.
///
/// Rows are numbered from 1 after the header, features from 1. Dates before 1950, in the future,
/// or given as a spreadsheet's day number reject the row; a time of day that is missing, unlikely
/// or does not exist is kept and flagged.
///
/// The JSON of Signalen is read too: number, moment, category, source, state and place, never the
/// text of a report, the extra answers or the reporter. A column that seems to hold data about persons, by its name or its values, is refused
/// ([`check_person_data`](super::check_person_data)).
///
/// ```
/// use brandpunt::io::IncidentReader;
/// use brandpunt::Crs;
///
/// # fn main() -> brandpunt::Result<()> {
/// let text = "id;soort;datum;x;y\n1;E35;1-5-2023 14:00;143701,5;486937\n";
/// let incidents = IncidentReader::new().read_bytes(text.as_bytes())?;
/// assert_eq!(incidents.crs(), Crs::RD_NEW);
/// assert_eq!(incidents.x(), [143_701.5]);
/// assert!(incidents.detected().iter().any(|d| d.what == "decimal" && d.value == ","));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct IncidentReader {
    pub(super) names: IncidentNames,
    pub(super) crs: Option<Crs>,
    pub(super) encoding: Option<String>,
    pub(super) decimal: Option<char>,
    pub(super) delimiter: Option<char>,
    pub(super) layer: Option<String>,
    pub(super) allowed: Vec<String>,
    /// What earlier batches of the same file said.
    pub(super) day_order: Option<DayOrder>,
    /// There were earlier batches.
    pub(super) later: bool,
    zone: Zone,
    now: Option<i64>,
    bad_rows: BadRows,
    max_rejected_share: f64,
    max_bytes: u64,
}

impl Default for IncidentReader {
    fn default() -> Self {
        Self {
            names: IncidentNames::default(),
            crs: None,
            encoding: None,
            decimal: None,
            delimiter: None,
            layer: None,
            allowed: Vec::new(),
            day_order: None,
            later: false,
            zone: Zone::amsterdam(),
            now: None,
            bad_rows: BadRows::Report,
            max_rejected_share: 0.05,
            max_bytes: 16 << 30,
        }
    }
}

/// Reads incidents with everything detected.
///
/// # Errors
/// As [`IncidentReader::read`].
pub fn read_incidents(path: impl AsRef<Path>) -> Result<Incidents> {
    IncidentReader::new().read(path)
}

impl IncidentReader {
    /// A reader that detects everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the column of eastings or longitudes.
    #[must_use]
    pub fn x(mut self, column: impl Into<String>) -> Self {
        self.names.x = Some(column.into());
        self
    }

    /// Sets the column of northings or latitudes.
    #[must_use]
    pub fn y(mut self, column: impl Into<String>) -> Self {
        self.names.y = Some(column.into());
        self
    }

    /// Sets the column of dates or times.
    #[must_use]
    pub fn time(mut self, column: impl Into<String>) -> Self {
        self.names.time = Some(column.into());
        self
    }

    /// Sets the column of categories.
    #[must_use]
    pub fn category(mut self, column: impl Into<String>) -> Self {
        self.names.category = Some(column.into());
        self
    }

    /// Sets the column of sources: by which way each was reported.
    #[must_use]
    pub fn source(mut self, column: impl Into<String>) -> Self {
        self.names.source = Some(column.into());
        self
    }

    /// Sets the column of weights.
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> Self {
        self.names.weight = Some(column.into());
        self
    }

    /// Sets the column of ids.
    #[must_use]
    pub fn id(mut self, column: impl Into<String>) -> Self {
        self.names.id = Some(column.into());
        self
    }

    /// Sets the coordinate reference system.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }

    /// Sets the encoding of a CSV file by its WHATWG name, such as `cp1252`.
    #[must_use]
    pub fn encoding(mut self, label: impl Into<String>) -> Self {
        self.encoding = Some(label.into());
        self
    }

    /// Sets the decimal mark of a CSV file: `.` or `,`.
    #[must_use]
    pub fn decimal(mut self, mark: char) -> Self {
        self.decimal = Some(mark);
        self
    }

    /// Sets the delimiter of a CSV file.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the layer of a GeoPackage.
    #[must_use]
    pub fn layer(mut self, name: impl Into<String>) -> Self {
        self.layer = Some(name.into());
        self
    }

    /// Allows a column that seems to hold data about persons; may be repeated. Without it such a
    /// column is [`Fault::PersonData`], whether it would be read or not.
    #[must_use]
    pub fn allow_column(mut self, column: impl Into<String>) -> Self {
        self.allowed.push(column.into());
        self
    }

    /// Sets the zone of times without an offset (`Europe/Amsterdam` at first).
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// Sets the moment after which a time lies in the future, in seconds since 1970 (UTC); the
    /// machine's clock at first.
    #[must_use]
    pub fn now(mut self, utc_seconds: i64) -> Self {
        self.now = Some(utc_seconds);
        self
    }

    /// Sets what to do with rows that cannot be used.
    #[must_use]
    pub fn bad_rows(mut self, bad_rows: BadRows) -> Self {
        self.bad_rows = bad_rows;
        self
    }

    /// Sets the share of rejected rows above which the file is refused (0.05 at first).
    #[must_use]
    pub fn max_rejected_share(mut self, share: f64) -> Self {
        self.max_rejected_share = share;
        self
    }

    /// Sets how many bytes a file may have, unpacked (16 GiB at first).
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Reads a file on all cores.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be opened, [`Error::TooLarge`] beyond
    /// [`max_bytes`](Self::max_bytes), [`Error::Input`] with the fault and the remedy for
    /// everything in it that cannot be used.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Incidents> {
        self.read_with(path, &Workers::new(0)?)
    }

    /// As [`read`](Self::read), on given threads; the result does not depend on how many.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`Error::Cancelled`].
    pub fn read_with(&self, path: impl AsRef<Path>, workers: &Workers) -> Result<Incidents> {
        let path = path.as_ref();
        #[cfg(feature = "geopackage")]
        if super::geopackage::is_one(path)? {
            return self.read_geopackage(path, workers);
        }
        let bytes = source::read_all(path, self.max_bytes)?;
        self.read_text(&bytes, workers)
    }

    /// As [`read`](Self::read), from memory.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<Incidents> {
        let workers = Workers::new(0)?;
        let bytes = source::unpacked(bytes.into(), self.max_bytes)?;
        self.read_text(&bytes, &workers)
    }

    pub(super) fn read_text(&self, bytes: &[u8], workers: &Workers) -> Result<Incidents> {
        match Format::of(bytes)? {
            Format::Csv => super::incidents_csv::read(self, bytes, workers),
            Format::Json if super::signalen::is_one(bytes) => {
                super::incidents_features::read_signalen(self, bytes, workers)
            }
            Format::Json => super::incidents_features::read_geojson(self, bytes, workers),
            #[cfg(feature = "geopackage")]
            Format::GeoPackage => {
                let file = super::geopackage::in_a_file(bytes)?;
                self.read_geopackage(file.path(), workers)
            }
        }
    }

    #[cfg(feature = "geopackage")]
    fn read_geopackage(&self, path: &Path, workers: &Workers) -> Result<Incidents> {
        super::incidents_features::read_geopackage(self, path, workers)
    }

    /// The clock that reads times for this file.
    pub(super) fn clock(&self) -> Clock {
        let now = self.now.unwrap_or_else(|| {
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(i64::MAX, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
        });
        Clock::new(self.zone.clone(), now)
    }

    /// Makes the incidents, or refuses the first bad row when that was asked for.
    pub(super) fn finish(
        &self,
        intake: Intake,
        mut found: Conclusions,
        clock: &Clock,
        workers: &Workers,
    ) -> Result<Incidents> {
        found.max_rejected_share = match self.bad_rows {
            BadRows::Report => self.max_rejected_share,
            BadRows::Error => 1.0,
        };
        let incidents = intake.finish(found, clock, workers)?;
        if self.bad_rows == BadRows::Error
            && let Some(first) = incidents.rejected().listed().first()
        {
            return Err(first.as_error());
        }
        Ok(incidents)
    }

    /// Reports bad rows here, and gives what another does with them.
    pub(super) fn take_bad_rows(&mut self, of: &Self) -> (BadRows, f64) {
        self.bad_rows = BadRows::Report;
        (of.bad_rows, of.max_rejected_share)
    }

    /// The order of day and month, with the reason, from a whole column or what was said before.
    pub(super) fn order(&self, evidence: &OrderEvidence) -> Result<Option<(DayOrder, String)>> {
        let own = evidence.decide()?;
        let Some(before) = self.day_order else {
            return Ok(own);
        };
        match own {
            Some((order, why)) if order != before && evidence.is_certain() => Err(Error::input(
                Fault::AmbiguousDate,
                format!("{why}, but not in what was read before; write dates as yyyy-mm-dd"),
            )),
            _ => Ok(Some((before, "as before".to_owned()))),
        }
    }
}
