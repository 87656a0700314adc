//! A table without shapes as text, from CSV or from the JSON of an open-data service.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::account::Account;
use super::encoding;
use super::incidents_csv::{header, splitter};
use super::records::{Splitter, sample};
use super::source::{self, Format};
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{Detected, RejectReason, Warning, WarningCode};

/// Bytes that such a table may have, unpacked.
const MOST_BYTES: u64 = 1 << 30;

/// Lines above the header, such as a title, that are skipped.
const MOST_TITLES: usize = 10;

/// How the text of a table is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Dialect {
    pub(super) encoding: Option<String>,
    pub(super) delimiter: Option<char>,
}

/// A table of texts; a missing value is an empty text.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    pub(super) header: Vec<String>,
    /// The number of each row (the first after the header is 1), and its fields.
    pub(super) rows: Vec<(usize, Vec<String>)>,
    /// All rows, and those with another number of fields than the header.
    pub(super) account: Account,
    pub(super) detected: Vec<Detected>,
    pub(super) warnings: Vec<Warning>,
}

impl Cells {
    /// Reads a file; `is_header` tells the header from lines of title above it.
    pub(super) fn read(
        path: &std::path::Path,
        dialect: &Dialect,
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Self> {
        Self::of(&source::read_all(path, MOST_BYTES)?, dialect, is_header)
    }

    /// As [`read`](Self::read), from memory.
    pub(super) fn of(
        bytes: &[u8],
        dialect: &Dialect,
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Self> {
        let bytes = &*source::unpacked(bytes.into(), MOST_BYTES)?;
        let cells = match Format::of(bytes)? {
            Format::Csv => Self::of_csv(bytes, dialect, is_header)?,
            Format::Json => Self::of_json(bytes)?,
            #[cfg(feature = "geopackage")]
            Format::GeoPackage => {
                return Err(Error::input(
                    Fault::UnknownFormat,
                    "the content is a GeoPackage; tables are read from CSV or JSON, areas with \
                     read_neighbourhoods",
                ));
            }
        };
        if cells.rows.is_empty() {
            // A file of nothing but malformed rows is not empty.
            cells.account.whole()?;
            return Err(Error::input(
                Fault::NoRows,
                "the file has no row of data; export it again",
            ));
        }
        Ok(cells)
    }

    /// The same, if every row has the fields of the header: for tables in which a row that is
    /// left out changes what the others mean.
    ///
    /// # Errors
    /// [`Fault::RejectedRow`] with the first row that has not.
    pub(super) fn whole(self) -> Result<Self> {
        self.account.whole()?;
        Ok(self)
    }

    /// Whether JSON bytes are a table of records rather than features.
    pub(super) fn is_json_table(bytes: &[u8]) -> bool {
        let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
        memchr::memmem::find(start, b"\"value\"").is_some()
            && memchr::memmem::find(start, b"FeatureCollection").is_none()
    }

    fn of_csv(
        bytes: &[u8],
        dialect: &Dialect,
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Self> {
        let mut out = Self {
            detected: vec![Detected::new("format", "CSV", "by content")],
            ..Self::default()
        };
        let text = encoding::as_utf8(bytes, dialect.encoding.as_deref(), &mut out.detected)?;
        let text: &[u8] = &text;
        if let Err(error) = std::str::from_utf8(text) {
            return Err(encoding::not_utf8(text, error.valid_up_to()));
        }
        let (mut splitter, at) = splitter(dialect.delimiter, text, &mut out.detected)?;
        let (first, mut start) = header(&splitter, text, at)?;
        out.header = first;
        let mut titles = 0;
        if !is_header(&out.header)
            && let Some((found, line, names)) = below_a_title(text, dialect.delimiter, is_header)
        {
            (splitter, start, titles) = (found, 0, line + 1);
            out.header = names.iter().map(|name| name.trim().to_owned()).collect();
            out.detected.push(Detected::new(
                "header",
                format!("record {titles}"),
                "what stands above it is a title",
            ));
        }
        let mut rows = sample(&splitter, text, start, usize::MAX);
        rows.drain(..titles.min(rows.len()));
        let width = out.header.len();
        let all = rows.len();
        out.account.rows_in = all as u64;
        for (number, row) in (1..).zip(rows) {
            if row.len() == width {
                out.rows.push((number, row));
            } else {
                let value = format!("{} fields for {width} columns", row.len());
                out.account
                    .reject(number, RejectReason::WrongFieldCount, &value);
            }
        }
        let left_out = all - out.rows.len();
        if left_out > 0 {
            let what =
                format!("{left_out} of {all} lines have another number of fields than the header");
            if left_out > 5 && left_out as f64 > 0.05 * all as f64 {
                return Err(Error::input(Fault::TooManyRejected, what));
            }
            out.warnings.push(Warning::with_value(
                WarningCode::RejectedRows,
                left_out as f64 / all as f64,
                format!("{what}, as footnotes do, and were left out."),
            ));
        }
        Ok(out)
    }

    fn of_json(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut out = Self {
            detected: vec![Detected::new("format", "OData JSON", "by content")],
            ..Self::default()
        };
        for (number, record) in (1..).zip(Page::of(bytes)?) {
            for name in record.keys() {
                if !out.header.iter().any(|known| known == name) {
                    out.header.push(name.clone());
                }
            }
            out.rows.push((number, fields(&out.header, &record)));
        }
        let width = out.header.len();
        for (_, row) in &mut out.rows {
            row.resize(width, String::new());
        }
        out.account.rows_in = out.rows.len() as u64;
        Ok(out)
    }
}

/// How to cut a text whose header stands below a title, the position of the header among the
/// records, and its names.
fn below_a_title(
    text: &[u8],
    delimiter: Option<char>,
    is_header: impl Fn(&[String]) -> bool,
) -> Option<(Splitter, usize, Vec<String>)> {
    let given = delimiter.and_then(|c| u8::try_from(c).ok());
    [b';', b',', b'\t', b'|']
        .into_iter()
        .filter(|d| given.is_none_or(|g| g == *d))
        .find_map(|delimiter| {
            let splitter = Splitter::new(text, delimiter);
            let mut first = sample(&splitter, text, 0, MOST_TITLES + 1);
            let line = first.iter().position(|record| is_header(record))?;
            Some((splitter, line, first.swap_remove(line)))
        })
}

/// What a service of open data answers.
#[derive(Deserialize)]
struct Page {
    value: Vec<Map<String, Value>>,
    #[serde(rename = "odata.nextLink", alias = "@odata.nextLink", default)]
    next: Option<String>,
}

impl Page {
    fn of(bytes: &[u8]) -> Result<Vec<Map<String, Value>>> {
        let invalid = |error: serde_json::Error| {
            let fault = if error.is_eof() {
                Fault::TruncatedJson
            } else {
                Fault::InvalidJson
            };
            Error::input(
                fault,
                format!(
                    "line {}, column {}: no table of records ({}); the answer of an OData service \
                     such as {{\"value\": [{{...}}]}}, or an array of records, is read",
                    error.line(),
                    error.column(),
                    quoted(&error.to_string())
                ),
            )
        };
        if bytes.trim_ascii_start().starts_with(b"[") {
            return serde_json::from_slice(bytes).map_err(invalid);
        }
        let page: Self = serde_json::from_slice(bytes).map_err(invalid)?;
        match page.next {
            None => Ok(page.value),
            Some(next) => Err(Error::input(
                Fault::PartOfATable,
                format!(
                    "the answer holds {} rows and says where the next page is (`{}`); rows that \
                     are not there would be taken for zeros, so put the `value` of all pages into \
                     one array first",
                    page.value.len(),
                    quoted(&next)
                ),
            )),
        }
    }
}

fn fields(header: &[String], record: &Map<String, Value>) -> Vec<String> {
    header
        .iter()
        .map(|name| match record.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(value)) => value.to_string(),
            // Where a number belongs, this is none and not nothing.
            Some(nested @ (Value::Array(_) | Value::Object(_))) => nested.to_string(),
            Some(Value::Null) | None => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Cells> {
        Cells::of(text.as_bytes(), &Dialect::default(), |h| {
            h.iter().any(|c| c == "a")
        })
    }

    #[test]
    fn nothing_but_malformed_rows_is_not_nothing() {
        let fault = |text: &str| of(text).unwrap_err().fault();
        assert_eq!(fault("a;b\n1;2;3\n"), Some(Fault::RejectedRow));
        assert_eq!(fault("a;b\n"), Some(Fault::NoRows));
    }

    #[test]
    fn both_forms_give_the_same_table() {
        let csv = of("a;b\nx ;1\ny;\n").unwrap();
        let json = of(r#"{"value": [{"a": "x ", "b": 1}, {"a": "y", "b": null}]}"#).unwrap();
        assert_eq!(csv.header, json.header);
        assert_eq!(csv.rows, json.rows);
        let bare = of(r#"[{"a": "x "}, {"a": "y", "b": "1"}]"#).unwrap();
        assert_eq!(bare.rows[0].1, ["x ", ""]);
        let nested = of(r#"[{"a": {"b": 1}}, {"a": null}]"#).unwrap();
        assert_eq!(nested.rows[0].1, [r#"{"b":1}"#]);
        assert_eq!(nested.rows[1].1, [""]);
    }

    #[test]
    fn titles_and_footnotes_are_no_rows() {
        let cells = of("Overlast per jaar\na;b\n1;2\nBron: Politie\n").unwrap();
        assert_eq!(cells.header, ["a", "b"]);
        assert_eq!(cells.rows, [(1, vec!["1".to_owned(), "2".to_owned()])]);
        assert_eq!(cells.warnings[0].code, WarningCode::RejectedRows);
        assert_eq!(cells.account.rows_in, 2);
        let told = &cells.account.rejected.listed()[0];
        assert_eq!((told.row, told.reason), (2, RejectReason::WrongFieldCount));
        let error = cells.whole().unwrap_err();
        assert_eq!(error.fault(), Some(Fault::RejectedRow));
    }

    #[test]
    fn a_page_of_several_is_no_table() {
        for name in ["odata.nextLink", "@odata.nextLink"] {
            let text = format!(r#"{{"value": [{{"a": 1}}], "{name}": "https://x?skip=1"}}"#);
            assert_eq!(
                of(&text).unwrap_err().fault(),
                Some(Fault::PartOfATable),
                "{name}"
            );
        }
        assert_eq!(
            of(r#"{"value": [{"a": 1}"#).unwrap_err().fault(),
            Some(Fault::TruncatedJson)
        );
        assert_eq!(
            of(r#"{"type": "FeatureCollection"}"#).unwrap_err().fault(),
            Some(Fault::InvalidJson)
        );
        assert_eq!(
            of(r#"{"value": []}"#).unwrap_err().fault(),
            Some(Fault::NoRows)
        );
    }
}
