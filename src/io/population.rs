//! Populations from a table without shapes.

use std::collections::BTreeMap;
use std::path::Path;

use super::account::Account;
use super::columns;
use super::encoding;
use super::incidents_csv::{header, splitter};
use super::neighbourhoods::is_unpublished;
use super::nested_rows;
use super::numbers::{DecimalEvidence, Number, parse as parse_number};
use super::records::sample;
use super::source::{self, Format};
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{
    AreaNumbers, Crosswalk, Detected, Exposure, Neighbourhoods, RejectReason, Rejections, Warning,
    WarningCode, require_same_vintage,
};

/// Bytes that a table of populations may have, unpacked.
const MOST_BYTES: u64 = 1 << 30;

/// Share of the areas that may be missing from a population table.
const MOST_MISSING: f64 = 0.05;

/// Reads numbers per area code from CSV.
///
/// Codes are text and stay as written, without padding. A point, an empty field and the negative
/// numbers of Statistics Netherlands mean "not published". Lines with another number of fields,
/// such as a footnote, are left out with a warning.
///
/// ```
/// use brandpunt::io::PopulationReader;
///
/// # fn main() -> brandpunt::Result<()> {
/// let text = "code;naam;inwoners\n0101;Centrum;795\n0102;Haven;.\n";
/// let population = PopulationReader::new().read_bytes(text.as_bytes())?;
/// assert_eq!(population.codes(), ["0101", "0102"]);
/// assert_eq!(population.exposures()[0].values, [Some(795.0), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct PopulationReader {
    code: Option<String>,
    vintage: Option<i16>,
    columns: Vec<(String, Option<i16>, String)>,
    labels: Vec<String>,
    name: Option<String>,
    encoding: Option<String>,
    delimiter: Option<char>,
    decimal: Option<char>,
    parts_only: bool,
}

/// Numbers per area code, ready to be joined onto neighbourhoods.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Population {
    codes: Vec<String>,
    names: Option<Vec<String>>,
    labels: Vec<Vec<String>>,
    exposures: Vec<Exposure>,
    vintage: Option<i16>,
    account: Account,
    detected: Vec<Detected>,
    warnings: Vec<Warning>,
}

/// The positions of columns of texts.
struct Texts {
    code: usize,
    name: Option<usize>,
    labels: Vec<usize>,
}

/// Reads a population table with everything detected.
///
/// # Errors
/// As [`PopulationReader::read`].
pub fn read_population(path: impl AsRef<Path>) -> Result<Population> {
    PopulationReader::new().read(path)
}

impl PopulationReader {
    /// A reader that detects everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the column of codes.
    #[must_use]
    pub fn code(mut self, column: impl Into<String>) -> Self {
        self.code = Some(column.into());
        self
    }

    /// Adds the column of inhabitants, of no stated year.
    #[must_use]
    pub fn population(self, column: impl Into<String>) -> Self {
        self.exposure("inhabitants", None, column)
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
        self.columns.push((kind.into(), year, column.into()));
        self
    }

    /// Sets the year of the area division.
    #[must_use]
    pub fn vintage(mut self, year: i16) -> Self {
        self.vintage = Some(year);
        self
    }

    /// Sets the column of names; without it, one is recognised where there is one.
    #[must_use]
    pub fn name(mut self, column: impl Into<String>) -> Self {
        self.name = Some(column.into());
        self
    }

    /// Adds a column of texts, such as the codes of the districts.
    #[must_use]
    pub fn label(mut self, column: impl Into<String>) -> Self {
        self.labels.push(column.into());
        self
    }

    /// Sets the encoding by its WHATWG name, such as `cp1252`.
    #[must_use]
    pub fn encoding(mut self, label: impl Into<String>) -> Self {
        self.encoding = Some(label.into());
        self
    }

    /// Sets the delimiter.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the decimal mark: `.` or `,`.
    #[must_use]
    pub fn decimal(mut self, mark: char) -> Self {
        self.decimal = Some(mark);
        self
    }

    /// Leaves out rows that sum up the rows below them, as in tables with the city, its districts
    /// and their neighbourhoods one below the other and without codes.
    ///
    /// A row is such a sum when the two or more rows after it add up to it in every column of whole
    /// numbers, of which there must be three, or to at most 1 % less in all of them together; and
    /// when the row after it has its name and numbers. Which rows were left out is told.
    #[must_use]
    pub fn parts_only(mut self, only: bool) -> Self {
        self.parts_only = only;
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::File`], [`Fault::MissingColumn`], [`Fault::NotANumber`],
    /// [`Fault::DuplicateAreaCode`], [`Fault::AmbiguousNumber`], [`Fault::TooManyRejected`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Population> {
        self.read_text(&source::read_all(path.as_ref(), MOST_BYTES)?)
    }

    /// As [`read`](Self::read), from memory.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<Population> {
        self.read_text(&source::unpacked(bytes.into(), MOST_BYTES)?)
    }

    fn read_text(&self, bytes: &[u8]) -> Result<Population> {
        if Format::of(bytes)? != Format::Csv {
            return Err(Error::input(
                Fault::UnknownFormat,
                "populations are read from CSV; read areas with read_neighbourhoods",
            ));
        }
        let mut detected = Vec::new();
        let text = encoding::as_utf8(bytes, self.encoding.as_deref(), &mut detected)?;
        let text: &[u8] = &text;
        if let Err(error) = std::str::from_utf8(text) {
            return Err(encoding::not_utf8(text, error.valid_up_to()));
        }
        let (splitter, at) = splitter(self.delimiter, text, &mut detected)?;
        let (header, start) = header(&splitter, text, at)?;
        let code = match &self.code {
            Some(name) => Some(columns::named(&header, "code", name)?),
            None => columns::area_code(&header, &mut detected),
        };
        let Some(code) = code else {
            return Err(Error::input(
                Fault::MissingColumn,
                format!(
                    "no column of area codes was recognised; {}; name it with code=",
                    columns::listed(&header)
                ),
            ));
        };
        let mut texts = Texts {
            code,
            name: match &self.name {
                Some(name) => Some(columns::named(&header, "name", name)?),
                None => columns::area_name(&header, &mut detected).filter(|at| *at != code),
            },
            labels: Vec::new(),
        };
        for name in &self.labels {
            texts.labels.push(columns::named(&header, "label", name)?);
        }
        let mut wanted = Vec::new();
        for (kind, year, name) in &self.columns {
            wanted.push((
                kind.clone(),
                *year,
                columns::named(&header, "population", name)?,
            ));
        }
        if wanted.is_empty() {
            let Some(at) = columns::population(&header, &mut detected) else {
                return Err(Error::input(
                    Fault::MissingColumn,
                    format!(
                        "no column of inhabitants was recognised; {}; name it with population=",
                        columns::listed(&header)
                    ),
                ));
            };
            wanted.push(("inhabitants".to_owned(), None, at));
        }
        let rows = sample(&splitter, text, start, usize::MAX);
        self.collect(&rows, header.len(), &texts, wanted, detected)
    }

    fn collect(
        &self,
        rows: &[Vec<String>],
        width: usize,
        texts: &Texts,
        wanted: Vec<(String, Option<i16>, usize)>,
        mut detected: Vec<Detected>,
    ) -> Result<Population> {
        let mut account = Account {
            rows_in: rows.len() as u64,
            ..Account::default()
        };
        let mut numbered: Vec<(usize, &Vec<String>)> = Vec::with_capacity(rows.len());
        for (number, row) in (1..).zip(rows) {
            if row.len() == width {
                numbered.push((number, row));
            } else {
                let value = format!("{} fields for {width} columns", row.len());
                account.reject(number, RejectReason::WrongFieldCount, &value);
            }
        }
        if numbered.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                "the file has no row of data; export it again",
            ));
        }
        let left_out = rows.len() - numbered.len();
        let mut warnings = Vec::new();
        if left_out > 0 {
            let what = format!(
                "{left_out} of {} lines have another number of fields than the header",
                rows.len()
            );
            if left_out as f64 > 0.05 * rows.len() as f64 && left_out > 1 {
                return Err(Error::input(Fault::TooManyRejected, what));
            }
            warnings.push(Warning::with_value(
                WarningCode::RejectedRows,
                left_out as f64 / rows.len() as f64,
                format!("{what} and were left out."),
            ));
        }
        let mut evidence = DecimalEvidence::default();
        for (number, row) in &numbered {
            for (_, _, at) in &wanted {
                evidence.add(row[*at].trim().as_bytes(), *number as u64);
            }
        }
        let mark = match self.decimal {
            Some('.') => b'.',
            Some(',') => b',',
            Some(other) => {
                return Err(Error::parameter("decimal", other, "`.` or `,`"));
            }
            None => {
                let (mark, why) = evidence.decide(false)?;
                detected.push(Detected::new("decimal", char::from(mark).to_string(), why));
                mark
            }
        };
        if self.parts_only {
            let all: Vec<&[String]> = numbered.iter().map(|(_, row)| row.as_slice()).collect();
            let sums = nested_rows::sums(&all, texts.code, mark)?;
            warnings.extend(left_out_sums(&all, &sums, texts.code));
            let mut at = 0..;
            numbered.retain(|(number, row)| {
                let stays = at.next().is_some_and(|i| sums.binary_search(&i).is_err());
                if !stays {
                    account.reject(*number, RejectReason::SumOfRows, row[texts.code].trim());
                }
                stays
            });
        }
        let text = |at: usize| -> Vec<String> {
            let each = numbered.iter().map(|(_, row)| row[at].trim().to_owned());
            each.collect()
        };
        let mut exposures = Vec::with_capacity(wanted.len());
        for (kind, year, at) in wanted {
            let values = numbered
                .iter()
                .map(
                    |(number, row)| match parse_number(row[at].as_bytes(), mark) {
                        Number::Value(v) => Ok(Some(v).filter(|v| !is_unpublished(*v))),
                        Number::Missing => Ok(None),
                        _ => Err(Error::input(
                            Fault::NotANumber,
                            format!("`{}` in row {number} is not a number", quoted(&row[at])),
                        )),
                    },
                )
                .collect::<Result<_>>()?;
            exposures.push(Exposure::new(kind, year, values));
        }
        let codes = (numbered.iter())
            .map(|(number, _)| *number)
            .zip(text(texts.code));
        let mut population =
            Population::new(codes, exposures, self.vintage, account, detected, warnings)?;
        population.names = texts.name.map(text);
        population.labels = texts.labels.iter().map(|at| text(*at)).collect();
        Ok(population)
    }
}

/// Tells which rows sum up others.
fn left_out_sums(rows: &[&[String]], sums: &[usize], name: usize) -> Option<Warning> {
    const SHOWN: usize = 5;
    let names: Vec<String> = sums
        .iter()
        .take(SHOWN)
        .map(|&i| format!("`{}`", quoted(rows[i][name].trim())))
        .collect();
    let more = if sums.len() > SHOWN { ", …" } else { "" };
    (!sums.is_empty()).then(|| {
        Warning::with_value(
            WarningCode::Input,
            sums.len() as f64,
            format!(
                "{} of {} rows sum up rows below them and were left out: {}{more}.",
                sums.len(),
                rows.len(),
                names.join(", ")
            ),
        )
    })
}

impl Population {
    /// Numbers per code, of which each stands once, in a row with a number.
    pub(super) fn new(
        rows: impl IntoIterator<Item = (usize, String)>,
        exposures: Vec<Exposure>,
        vintage: Option<i16>,
        account: Account,
        detected: Vec<Detected>,
        warnings: Vec<Warning>,
    ) -> Result<Self> {
        let (numbers, codes): (Vec<usize>, Vec<String>) = rows.into_iter().unzip();
        let mut seen = BTreeMap::new();
        for (number, code) in numbers.into_iter().zip(&codes) {
            if let Some(first) = seen.insert(code, number) {
                return Err(Error::input(
                    Fault::DuplicateAreaCode,
                    format!(
                        "code `{}` stands in rows {first} and {number}; each area needs one row",
                        quoted(code)
                    ),
                ));
            }
        }
        let account = account.balanced(codes.len())?;
        Ok(Self {
            codes,
            names: None,
            labels: Vec::new(),
            exposures,
            vintage,
            account,
            detected,
            warnings,
        })
    }

    /// The same with more columns and warnings.
    pub(super) fn with(&self, columns: Vec<Exposure>, warnings: Vec<Warning>) -> Self {
        let mut out = self.clone();
        out.exposures.extend(columns);
        out.warnings.extend(warnings);
        out
    }

    /// The same with its columns in the order of these kinds, others last.
    #[cfg(feature = "cli")]
    pub(crate) fn in_order_of(mut self, kinds: &[&str]) -> Self {
        let place = |e: &Exposure| kinds.iter().position(|kind| e.kind == *kind);
        self.exposures
            .sort_by_key(|e| place(e).unwrap_or(kinds.len()));
        self
    }

    /// The year of the area division, where it is known.
    #[must_use]
    pub fn vintage(&self) -> Option<i16> {
        self.vintage
    }

    /// The same numbers for the areas of another division.
    ///
    /// # Errors
    /// As [`Crosswalk::carry`].
    pub fn through(&self, crosswalk: &Crosswalk) -> Result<Self> {
        let mut out = Self {
            codes: crosswalk.to_codes().to_vec(),
            names: None,
            labels: Vec::new(),
            exposures: Vec::with_capacity(self.exposures.len()),
            vintage: Some(crosswalk.to_vintage()),
            account: self.account.clone(),
            detected: self.detected.clone(),
            warnings: self.warnings.clone(),
        };
        for exposure in &self.exposures {
            let numbers = AreaNumbers::new(self.codes.clone(), exposure.as_floats(), self.vintage)?;
            let carried = crosswalk.carry(&numbers)?;
            let values = carried
                .values()
                .iter()
                .map(|v| Some(*v).filter(|v| !v.is_nan()));
            out.exposures.push(Exposure::new(
                exposure.kind.clone(),
                exposure.year,
                values.collect(),
            ));
            for warning in carried.warnings() {
                if !out.warnings.contains(warning) {
                    out.warnings.push(warning.clone());
                }
            }
        }
        Ok(out)
    }

    /// How many rows the file had. Each gave an area its numbers, or is in
    /// [`rejected`](Self::rejected); what a [crosswalk](Self::through) makes keeps this account.
    #[must_use]
    pub fn rows_in(&self) -> u64 {
        self.account.rows_in
    }

    /// The rows that were kept out, because of their fields, their level, or because they sum up
    /// others.
    #[must_use]
    pub fn rejected(&self) -> &Rejections {
        &self.account.rejected
    }

    /// The area codes in the order of the file.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The names in the order of the file, where it has any.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The columns of texts that were asked for, in that order.
    #[must_use]
    pub fn labels(&self) -> &[Vec<String>] {
        &self.labels
    }

    /// The numbers in the order of the file.
    #[must_use]
    pub fn exposures(&self) -> &[Exposure] {
        &self.exposures
    }

    /// What was concluded from the data.
    #[must_use]
    pub fn detected(&self) -> &[Detected] {
        &self.detected
    }

    /// What a user of the table must know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Adds the numbers to the areas with the same code.
    ///
    /// Areas that the table lacks have no number and are warned about by code, as are codes of
    /// the table that are no area (a national table has many).
    ///
    /// # Errors
    /// [`Fault::VintageMismatch`] when both divisions are known and differ;
    /// [`Fault::AreaMismatch`] when the table lacks more than 5 % of the areas.
    pub fn join(&self, hoods: Neighbourhoods) -> Result<Neighbourhoods> {
        let vintage = require_same_vintage("the populations", self.vintage, hoods.vintage())?;
        let at: BTreeMap<&str, usize> = self
            .codes
            .iter()
            .enumerate()
            .map(|(i, code)| (code.as_str(), i))
            .collect();
        let rows: Vec<Option<usize>> = hoods
            .codes()
            .iter()
            .map(|code| at.get(code.trim()).copied())
            .collect();
        let missing: Vec<String> = hoods
            .codes()
            .iter()
            .zip(&rows)
            .filter(|(_, row)| row.is_none())
            .map(|(code, _)| code.clone())
            .collect();
        let mut used = vec![false; self.codes.len()];
        for row in rows.iter().flatten() {
            used[*row] = true;
        }
        let extra: Vec<&str> = self
            .codes
            .iter()
            .zip(&used)
            .filter(|(_, used)| !**used)
            .map(|(code, _)| code.as_str())
            .collect();
        if missing.len() as f64 > MOST_MISSING * hoods.len() as f64 {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "{} of {} areas are not in the population table ({}), and {} of its codes are \
                     no area ({}); use a table of the same area division",
                    missing.len(),
                    hoods.len(),
                    some(&missing),
                    extra.len(),
                    some(&extra)
                ),
            ));
        }
        let n = hoods.len();
        let mut out = hoods;
        for exposure in &self.exposures {
            let values = rows
                .iter()
                .map(|row| row.and_then(|row| exposure.values.get(row).copied().flatten()))
                .collect();
            out = out.with_exposure(Exposure::new(exposure.kind.clone(), exposure.year, values))?;
        }
        for warning in self.warnings.iter().cloned().chain(vintage) {
            out = out.with_warning(warning);
        }
        if !missing.is_empty() {
            out = out.with_warning(Warning::with_value(
                WarningCode::MissingPopulation,
                missing.len() as f64,
                format!(
                    "{} of {n} areas are not in the population table: {}.",
                    missing.len(),
                    some(&missing)
                ),
            ));
        }
        if !extra.is_empty() {
            out = out.with_warning(Warning::with_value(
                WarningCode::Input,
                extra.len() as f64,
                format!(
                    "{} codes of the population table are no area: {}.",
                    extra.len(),
                    some(&extra)
                ),
            ));
        }
        Ok(out)
    }
}

/// The first few codes, for a message.
fn some<T: AsRef<str>>(codes: &[T]) -> String {
    let shown: Vec<String> = codes
        .iter()
        .take(5)
        .map(|code| format!("`{}`", quoted(code.as_ref())))
        .collect();
    let more = if codes.len() > 5 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
