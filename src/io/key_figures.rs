//! Key figures of districts and neighbourhoods (*Kerncijfers wijken en buurten*).

use std::path::Path;

use super::area_levels;
use super::cells::{Cells, Dialect};
use super::columns;
use super::neighbourhoods::is_unpublished;
use super::numbers::{DecimalEvidence, Number, parse as parse_number};
use super::population::Population;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{AreaLevel, Detected, Exposure, RejectReason};

/// Kinds of exposure and the names their column has had over the years, without signs.
const KINDS: [(&str, &[&str]); 5] = [
    (
        "inhabitants",
        &[
            "aantalinwoners",
            "inwoners",
            "aantinw",
            "ainw",
            "bevolking",
            "population",
        ],
    ),
    (
        "inhabitants_0_15",
        &[
            "k0tot15jaar",
            "a0014",
            "inwoners0tot15",
            "aantalpersonen0tot15jaar",
        ],
    ),
    (
        "inhabitants_15_25",
        &[
            "k15tot25jaar",
            "a1524",
            "inwoners15tot25",
            "aantalpersonen15tot25jaar",
        ],
    ),
    (
        "households",
        &[
            "huishoudenstotaal",
            "aantalhuishoudens",
            "aantalhh",
            "ahh",
            "huishoudens",
        ],
    ),
    (
        "dwellings",
        &[
            "woningvoorraad",
            "aantalwoningen",
            "awoning",
            "awon",
            "woningen",
        ],
    ),
];

/// Reads key figures per area, as CSV or as the JSON of the `OData` service (85984NED and the
/// tables before it), under the column names of any year.
///
/// What is found becomes exposures: `inhabitants`, `inhabitants_0_15` and `inhabitants_15_25`
/// (from 0 to under 15, from 15 to under 25; there is no band of 12 to 23, so nothing is called
/// youths), `households` and `dwellings`. Shares in per cent are not turned into numbers. −99997
/// and the like, a point and an empty field mean "not published". Where municipalities, districts
/// and neighbourhoods stand side by side, one level is kept.
///
/// ```
/// use brandpunt::io::KeyFiguresReader;
///
/// # fn main() -> brandpunt::Result<()> {
/// let text = "gwb_code;regio;recs;a_inw;a_00_14;a_woning\n\
///             GM0034;Almere;Gemeente;222000;40000;90000\n\
///             BU00340101;Centrum;Buurt;795;150;430\n\
///             BU00340102;Haven;Buurt;.;-99997;\n";
/// let figures = KeyFiguresReader::new().year(2024).read_bytes(text.as_bytes())?;
/// assert_eq!(figures.codes(), ["BU00340101", "BU00340102"]);
/// assert_eq!(figures.exposures()[1].kind, "inhabitants_0_15");
/// assert_eq!(figures.exposures()[1].values, [Some(150.0), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct KeyFiguresReader {
    dialect: Dialect,
    level: Option<AreaLevel>,
    year: Option<i16>,
    vintage: Option<i16>,
}

/// Reads key figures with everything detected.
///
/// # Errors
/// As [`KeyFiguresReader::read`].
pub fn read_key_figures(path: impl AsRef<Path>) -> Result<Population> {
    KeyFiguresReader::new().read(path)
}

impl KeyFiguresReader {
    /// A reader that detects everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the level that is kept (the finest there is at first).
    #[must_use]
    pub fn level(mut self, level: AreaLevel) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets the year the figures are of.
    #[must_use]
    pub fn year(mut self, year: i16) -> Self {
        self.year = Some(year);
        self
    }

    /// Sets the year of the area division; that of the figures where only it is known, because
    /// key figures of a year are in its own division.
    #[must_use]
    pub fn vintage(mut self, year: i16) -> Self {
        self.vintage = Some(year);
        self
    }

    /// Sets the encoding of a CSV file by its WHATWG name, such as `cp1252`.
    #[must_use]
    pub fn encoding(mut self, label: impl Into<String>) -> Self {
        self.dialect.encoding = Some(label.into());
        self
    }

    /// Sets the delimiter of a CSV file.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.dialect.delimiter = Some(delimiter);
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::File`], [`Fault::MissingColumn`], [`Fault::NotANumber`],
    /// [`Fault::DuplicateAreaCode`], [`Fault::AmbiguousNumber`], [`Fault::VintageMismatch`] when a
    /// column of years says otherwise; [`Error::Parameter`] for a level the file does not have.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Population> {
        self.collect(Cells::read(path.as_ref(), &self.dialect, has_figures)?)
    }

    /// As [`read`](Self::read), from memory.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<Population> {
        self.collect(Cells::of(bytes, &self.dialect, has_figures)?)
    }

    fn collect(&self, cells: Cells) -> Result<Population> {
        let Cells {
            header,
            mut rows,
            mut account,
            mut detected,
            warnings,
        } = cells;
        let missing = |what: &str| {
            Error::input(
                Fault::MissingColumn,
                format!(
                    "no column of {what} was recognised; {}",
                    columns::listed(&header)
                ),
            )
        };
        let code =
            columns::area_code(&header, &mut detected).ok_or_else(|| missing("area codes"))?;
        let found = kinds(&header, &mut detected);
        if found.is_empty() {
            return Err(missing("key figures"));
        }
        let all: Vec<String> = rows
            .iter()
            .map(|(_, r)| r[code].trim().to_owned())
            .collect();
        if let Some(keep) = area_levels::kept(&all, self.level, &mut detected)? {
            let mut keep = keep.into_iter().peekable();
            let mut at = 0..;
            rows.retain(|(number, row)| {
                let stays = at.next().is_some_and(|i| keep.next_if_eq(&i).is_some());
                if !stays {
                    account.reject(*number, RejectReason::OtherLevel, row[code].trim());
                }
                stays
            });
        }
        let stated = columns::area_year(&header).map(|at| {
            let values = rows.iter().map(|(_, r)| r[at].as_str().into()).collect();
            (header[at].as_str(), values)
        });
        let given = self.vintage.or(self.year);
        let vintage = area_levels::vintage(given, stated, &mut detected)?;
        let year = self.year.or(vintage);
        let mut decimals = DecimalEvidence::default();
        for (number, row) in &rows {
            for (_, at) in &found {
                decimals.add(row[*at].trim().as_bytes(), *number as u64);
            }
        }
        let (mark, why) = decimals.decide(false)?;
        detected.push(Detected::new("decimal", char::from(mark).to_string(), why));
        let exposures = found
            .into_iter()
            .map(|(kind, at)| {
                let values = rows
                    .iter()
                    .map(|(number, row)| figure(&row[at], mark, *number))
                    .collect::<Result<Vec<_>>>()?;
                Ok(Exposure::new(kind, year, values))
            })
            .collect::<Result<Vec<_>>>()?;
        let codes = rows
            .iter()
            .map(|(number, r)| (*number, r[code].trim().to_owned()));
        Population::new(codes, exposures, vintage, account, detected, warnings)
    }
}

fn figure(text: &str, mark: u8, number: usize) -> Result<Option<f64>> {
    match parse_number(text.as_bytes(), mark) {
        Number::Value(v) => Ok(Some(v).filter(|v| !is_unpublished(*v))),
        Number::Missing => Ok(None),
        _ => Err(Error::input(
            Fault::NotANumber,
            format!("`{}` in row {number} is not a number", quoted(text)),
        )),
    }
}

fn has_figures(header: &[String]) -> bool {
    columns::area_code(header, &mut Vec::new()).is_some()
        && !kinds(header, &mut Vec::new()).is_empty()
}

/// Each kind that a column is named after, and where it stands.
fn kinds(header: &[String], detected: &mut Vec<Detected>) -> Vec<(&'static str, usize)> {
    let mut out = Vec::new();
    for (kind, names) in KINDS {
        let at = columns::find(header, names).or_else(|| {
            // The service puts the number of a column behind its name, as in `AantalInwoners_5`.
            let bare: Vec<String> = header
                .iter()
                .map(|name| match name.rsplit_once('_') {
                    Some((bare, number)) if number.bytes().all(|b| b.is_ascii_digit()) => {
                        bare.to_owned()
                    }
                    _ => name.clone(),
                })
                .collect();
            columns::find(&bare, names)
        });
        if let Some(at) = at {
            detected.push(Detected::new(
                format!("column {kind}"),
                quoted(&header[at]),
                "by its name",
            ));
            out.push((kind, at));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_year_give_the_same_figures() {
        for (header, year) in [
            (
                "WijkenEnBuurten,AantalInwoners_5,k_0Tot15Jaar_8,k_15Tot25Jaar_9,HuishoudensTotaal_29,Woningvoorraad_35",
                None,
            ),
            ("gwb_code,a_inw,a_00_14,a_15_24,a_hh,a_woning", Some(2024)),
            (
                "buurtcode,aantal_inwoners,aantal_personen_0_tot_15_jaar,aantal_personen_15_tot_25_jaar,aantal_huishoudens,woningvoorraad",
                Some(2023),
            ),
        ] {
            let text = format!(
                "{header}\nBU00340101,795,150,90,400,430\nBU00340102,-99997,-99995,-99999999,.,\n"
            );
            let mut reader = KeyFiguresReader::new();
            if let Some(year) = year {
                reader = reader.year(year);
            }
            let figures = reader.read_bytes(text.as_bytes()).unwrap();
            let kinds: Vec<&str> = figures
                .exposures()
                .iter()
                .map(|e| e.kind.as_str())
                .collect();
            assert_eq!(
                kinds,
                [
                    "inhabitants",
                    "inhabitants_0_15",
                    "inhabitants_15_25",
                    "households",
                    "dwellings"
                ],
                "{header}"
            );
            let expected = [795.0, 150.0, 90.0, 400.0, 430.0];
            for (exposure, value) in figures.exposures().iter().zip(expected) {
                assert_eq!(exposure.values, [Some(value), None], "{header}");
                assert_eq!(exposure.year, year);
            }
            assert_eq!(figures.vintage(), year);
        }
    }

    #[test]
    fn levels_and_years_come_from_the_file() {
        let text = "jrstatcode;gwb_code;a_inw\n2022GM0034;GM0034;220000\n2022WK003401;WK003401;9000\n2022WK003402;WK003402;8000\n";
        let figures = KeyFiguresReader::new().read_bytes(text.as_bytes()).unwrap();
        assert_eq!(figures.codes(), ["WK003401", "WK003402"]);
        assert_eq!(figures.rows_in(), 3);
        let told = &figures.rejected().listed()[0];
        assert_eq!((told.row, told.reason), (1, RejectReason::OtherLevel));
        let twice = KeyFiguresReader::new().read_bytes(format!("{text}{}", &text[40..]).as_bytes());
        let error = twice.unwrap_err();
        // Numbers of rows are those of the file, whatever was kept out.
        assert!(error.to_string().contains("rows 2 and "), "{error}");
        assert_eq!(figures.vintage(), Some(2022));
        assert_eq!(figures.exposures()[0].year, Some(2022));
        let city = KeyFiguresReader::new().level(AreaLevel::Municipality);
        assert_eq!(
            city.read_bytes(text.as_bytes()).unwrap().codes(),
            ["GM0034"]
        );
        let wrong = KeyFiguresReader::new()
            .vintage(2024)
            .read_bytes(text.as_bytes());
        assert_eq!(wrong.unwrap_err().fault(), Some(Fault::VintageMismatch));
    }
}
