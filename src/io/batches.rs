//! Incidents from files that do not fit in memory.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::IgnoredAny;

use super::account::Account;
use super::dates::DayOrder;
use super::incidents::{BadRows, IncidentReader};
use super::incidents_csv;
use super::records::Splitter;
use super::source::{Format, is_packed};
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Rejections};
use crate::parallel::Workers;

/// Bytes of text read at a time, if nothing else is said: about half a million reports.
const BYTES: usize = 32 << 20;

/// Incidents from a CSV file (plain or gzip) or newline-delimited GeoJSON, batch by batch in
/// bounded memory.
///
/// What is not given is concluded from the first batch and then holds for all. Where a later batch
/// can only be read in another way (days and months exchanged) there is an error; values that do
/// not fit what was concluded are rejected rows, and too many of these in the whole file are an
/// error after the last batch. Each batch is valid by itself; rows are numbered through the file.
/// What needs the whole file, as the search for double ids, is done per batch.
///
/// Memory: some three times the [size](Self::batch_bytes) of a batch.
///
/// ```
/// use brandpunt::io::IncidentReader;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("reports.csv");
/// let rows: String = (0..5_000).map(|i| format!("{};486937\n", 143_000 + i % 900)).collect();
/// std::fs::write(&path, format!("x;y\n{rows}"))?;
/// let batches = IncidentReader::new().batches(&path)?.batch_bytes(16_000);
/// let (mut parts, mut n) = (0, 0);
/// for batch in batches {
///     (parts, n) = (parts + 1, n + batch?.len());
/// }
/// assert_eq!(n, 5_000);
/// assert!(parts > 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct IncidentBatches {
    reader: IncidentReader,
    path: PathBuf,
    source: Source,
    form: Form,
    workers: Option<Workers>,
    size: usize,
    /// What was read and is not yet used.
    rest: Vec<u8>,
    /// Of the rows so far.
    account: Account,
    max_rejected_share: f64,
    bad_rows: BadRows,
    ended: bool,
}

/// How the text is cut.
#[derive(Debug)]
enum Form {
    /// The header, up to where the first row starts.
    Csv {
        header: Vec<u8>,
        delimiter: u8,
    },
    Lines,
}

struct Source {
    text: Box<dyn Read + Send + Sync>,
    /// Bytes taken from the file, packed as it is.
    taken: Arc<AtomicU64>,
    length: u64,
    ended: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("length", &self.length)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// Tells how much was read.
struct Counted<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Source {
    fn open(path: &Path) -> Result<Self> {
        let failed = |e| Error::file(path, e);
        let mut file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut start = Vec::new();
        file.by_ref()
            .take(2)
            .read_to_end(&mut start)
            .map_err(failed)?;
        file.rewind().map_err(failed)?;
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            inner: file,
            taken: Arc::clone(&taken),
        };
        let text: Box<dyn Read + Send + Sync> = if is_packed(&start) {
            Box::new(flate2::read::MultiGzDecoder::new(counted))
        } else {
            Box::new(counted)
        };
        Ok(Self {
            text,
            taken,
            length,
            ended: false,
        })
    }

    /// Reads on until `rest` has so many bytes or the text ends.
    fn fill(&mut self, rest: &mut Vec<u8>, size: usize, path: &Path) -> Result<()> {
        let wanted = size.saturating_sub(rest.len());
        let read = self.text.by_ref().take(wanted as u64).read_to_end(rest);
        let n = read.map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidInput
            | std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::UnexpectedEof => Error::input(
                Fault::Damaged,
                format!("the gzip file is damaged or cut off ({e}); copy it again"),
            ),
            _ => Error::file(path, e),
        })?;
        self.ended = n < wanted;
        Ok(())
    }
}

impl IncidentReader {
    /// Reads a file batch by batch, so that it need not fit in memory.
    ///
    /// # Errors
    /// [`Error::File`]; [`Fault::EmptyFile`]; [`Fault::UnknownFormat`] for a format that cannot be
    /// read in parts, such as a GeoPackage or a GeoJSON collection; [`Fault::Encoding`] for UTF-16.
    pub fn batches(&self, path: impl AsRef<Path>) -> Result<IncidentBatches> {
        let path = path.as_ref();
        let mut source = Source::open(path)?;
        let mut rest = Vec::new();
        // Enough for a header, or for one feature.
        source.fill(&mut rest, 1 << 20, path)?;
        let form = self.form(&rest)?;
        if let Form::Csv { header, .. } = &form {
            rest.drain(..header.len());
        }
        let mut reader = self.clone().max_rejected_share(1.0);
        let (bad_rows, max_rejected_share) = reader.take_bad_rows(self);
        Ok(IncidentBatches {
            reader,
            path: path.to_owned(),
            source,
            form,
            workers: None,
            size: BYTES,
            rest,
            account: Account::default(),
            max_rejected_share,
            bad_rows,
            ended: false,
        })
    }

    fn form(&self, start: &[u8]) -> Result<Form> {
        let whole = |what: &str, remedy: &str| {
            Err(Error::input(
                Fault::UnknownFormat,
                format!("{what} cannot be read in parts; {remedy}"),
            ))
        };
        match Format::of(start)? {
            Format::Csv => {
                let label = self.encoding.as_deref().unwrap_or_default();
                let wide = label.trim().to_ascii_lowercase().starts_with("utf-16");
                if wide || start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
                    return Err(Error::input(
                        Fault::Encoding,
                        "UTF-16 cannot be read in parts; save the file as UTF-8",
                    ));
                }
                let (header, delimiter) = incidents_csv::cut_header(self, start)?;
                Ok(Form::Csv { header, delimiter })
            }
            Format::Json => {
                let line = start
                    .split(|b| *b == b'\n')
                    .map(<[u8]>::trim_ascii_start)
                    .find(|line| !line.is_empty())
                    .unwrap_or_default();
                let line = line.strip_prefix(b"\x1e").unwrap_or(line);
                let one_feature = serde_json::from_slice::<IgnoredAny>(line).is_ok()
                    && memchr::memmem::find(line, b"FeatureCollection").is_none();
                if one_feature {
                    Ok(Form::Lines)
                } else {
                    whole(
                        "a GeoJSON collection",
                        "write one feature per line (GeoJSON text sequences) or CSV, or read it at \
                         once",
                    )
                }
            }
            #[cfg(feature = "geopackage")]
            Format::GeoPackage => whole("a GeoPackage", "export it as CSV, or read it at once"),
        }
    }
}

impl IncidentBatches {
    /// Sets how many bytes of text are read at a time (32 MiB at first).
    #[must_use]
    pub fn batch_bytes(mut self, bytes: usize) -> Self {
        self.size = bytes.max(1);
        self
    }

    /// Sets the threads on which the iterator reads; one per core at first.
    #[must_use]
    pub fn workers(mut self, workers: Workers) -> Self {
        self.workers = Some(workers);
        self
    }

    /// The next batch, read on the given threads; `None` at the end.
    ///
    /// # Errors
    /// As [`IncidentReader::read`], after which there is no batch any more;
    /// [`Fault::AmbiguousDate`] for one that contradicts the first;
    /// [`Fault::TooManyRejected`] at the end.
    pub fn next_batch(&mut self, workers: &Workers) -> Result<Option<Incidents>> {
        if self.ended {
            return Ok(None);
        }
        let batch = self.batch(workers);
        if !matches!(batch, Ok(Some(_))) {
            self.ended = true;
        }
        batch
    }

    /// How many rows were read so far.
    #[must_use]
    pub fn rows_in(&self) -> u64 {
        self.account.rows_in
    }

    /// The rows that were kept out so far.
    #[must_use]
    pub fn rejected(&self) -> &Rejections {
        &self.account.rejected
    }

    /// The share of the file that was read.
    #[must_use]
    pub fn share_read(&self) -> f64 {
        let taken = self.source.taken.load(Ordering::Relaxed);
        (taken as f64 / self.source.length.max(1) as f64).min(1.0)
    }

    /// The text of the next rows, whole ones only; empty at the end.
    fn text(&mut self) -> Result<Vec<u8>> {
        let mut size = self.size;
        loop {
            if !self.source.ended {
                self.source.fill(&mut self.rest, size, &self.path)?;
            }
            let seen = self.rest.get(..size).unwrap_or(&self.rest);
            let last = self.source.ended && seen.len() == self.rest.len();
            let end = match &self.form {
                _ if last => seen.len(),
                Form::Csv { delimiter, .. } => Splitter::new(seen, *delimiter).whole_until(seen),
                Form::Lines => memchr::memrchr(b'\n', seen).map_or(0, |at| at + 1),
            };
            if end > 0 || last {
                let after = self.rest.split_off(end);
                return Ok(std::mem::replace(&mut self.rest, after));
            }
            size = size.saturating_mul(2);
        }
    }

    fn batch(&mut self, workers: &Workers) -> Result<Option<Incidents>> {
        loop {
            let text = self.text()?;
            if text.trim_ascii().is_empty() {
                if !(self.source.ended && self.rest.is_empty()) {
                    continue;
                }
                return self.end().map(|()| None);
            }
            let whole = match &self.form {
                Form::Csv { header, .. } => [header.as_slice(), &text].concat(),
                Form::Lines => text,
            };
            let incidents = self.reader.read_text(&whole, workers)?;
            drop(whole);
            self.reader
                .conclude(&incidents, matches!(self.form, Form::Lines));
            let incidents = incidents.after_rows(self.account.rows_in)?;
            self.account.rows_in += incidents.rows_in();
            if self.bad_rows == BadRows::Error
                && let Some(first) = incidents.rejected().listed().first()
            {
                return Err(first.as_error());
            }
            self.account.rejected.merge(incidents.rejected().clone());
            workers.job().report("reading", self.share_read());
            return Ok(Some(incidents));
        }
    }

    /// Judges the whole.
    fn end(&mut self) -> Result<()> {
        let Account { rows_in, rejected } = &self.account;
        if *rows_in == 0 {
            return Err(Error::input(
                Fault::NoRows,
                "the file has no row of data; export it again",
            ));
        }
        rejected.check_share(*rows_in, self.max_rejected_share)
    }
}

impl Iterator for IncidentBatches {
    type Item = Result<Incidents>;

    fn next(&mut self) -> Option<Self::Item> {
        let workers = match self.workers.take() {
            Some(workers) => workers,
            None => match Workers::new(0) {
                Ok(workers) => workers,
                Err(error) => return Some(Err(error)),
            },
        };
        let batch = self.next_batch(&workers);
        self.workers = Some(workers);
        batch.transpose()
    }
}

impl IncidentReader {
    /// Holds on to what the first batch said.
    fn conclude(&mut self, incidents: &Incidents, by_feature: bool) {
        self.crs = Some(incidents.crs());
        self.later = true;
        for found in incidents.detected() {
            let value = &found.value;
            match found.what.as_str() {
                "decimal" => self.decimal = value.chars().next(),
                "delimiter" if value == "tab" => self.delimiter = Some('\t'),
                "delimiter" => self.delimiter = value.chars().next(),
                "day order" => {
                    self.day_order = Some(if value == "month-day-year" {
                        DayOrder::MonthFirst
                    } else {
                        DayOrder::DayFirst
                    });
                }
                // Features need not all have the same properties.
                "column time" if by_feature => self.names.time = Some(value.clone()),
                "column category" if by_feature => self.names.category = Some(value.clone()),
                "column source" if by_feature => self.names.source = Some(value.clone()),
                "column weight" if by_feature => self.names.weight = Some(value.clone()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
