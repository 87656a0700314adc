//! Tables to delimited text.

use std::io::{Result as IoResult, Write};
use std::path::Path;

use super::atomically::atomically;
use super::table::{Column, Table};
use crate::error::Result;

/// For whom a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CsvFlavour {
    /// For machines: commas, decimal points, UTF-8 without mark, lines as in RFC 4180; every
    /// number is the shortest text that reads back as the same double, every label byte for byte.
    #[default]
    Exact,
    /// For a Dutch spreadsheet: semicolons, decimal commas, UTF-8 with byte order mark; a text
    /// cell that a spreadsheet might take for a formula gets an apostrophe in front.
    Spreadsheet,
}

/// Writes a table as CSV. Missing values are empty.
///
/// # Errors
/// [`Error::File`](crate::Error::File); the old file is then untouched.
///
/// ```
/// use brandpunt::io::{CsvFlavour, Table, write_csv};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let table = Table::new()
///     .with_text("name", vec!["=1+1".to_owned(), "De Wierden".to_owned()])?
///     .with_float("rate", vec![0.1, f64::NAN])?;
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("rates.csv");
/// write_csv(&path, &table, CsvFlavour::Exact)?;
/// assert_eq!(std::fs::read_to_string(&path)?, "name,rate\r\n=1+1,0.1\r\nDe Wierden,\r\n");
/// write_csv(&path, &table, CsvFlavour::Spreadsheet)?;
/// assert_eq!(
///     std::fs::read_to_string(&path)?,
///     "\u{feff}name;rate\r\n'=1+1;0,1\r\nDe Wierden;\r\n"
/// );
/// # Ok(())
/// # }
/// ```
pub fn write_csv(path: impl AsRef<Path>, table: &Table, flavour: CsvFlavour) -> Result<()> {
    atomically(path, |out| write_into(out, table, flavour))
}

/// Writes the table to anything.
pub(super) fn write_into(out: &mut impl Write, table: &Table, flavour: CsvFlavour) -> IoResult<()> {
    let delimiter = match flavour {
        CsvFlavour::Exact => ',',
        CsvFlavour::Spreadsheet => {
            out.write_all("\u{feff}".as_bytes())?;
            ';'
        }
    };
    let mut line = String::new();
    for (i, (name, _)) in table.columns().iter().enumerate() {
        if i > 0 {
            line.push(delimiter);
        }
        push_text(&mut line, name, delimiter, flavour);
    }
    end_line(out, &mut line)?;
    for row in 0..table.rows() {
        for (i, (_, column)) in table.columns().iter().enumerate() {
            if i > 0 {
                line.push(delimiter);
            }
            match column {
                Column::Text(v) => push_text(&mut line, &v[row], delimiter, flavour),
                Column::OptionalText(v) => {
                    push_text(
                        &mut line,
                        v[row].as_deref().unwrap_or_default(),
                        delimiter,
                        flavour,
                    );
                }
                Column::Integer(v) => line.push_str(&v[row].to_string()),
                Column::Float(v) if v[row].is_nan() => {}
                Column::Float(v) => {
                    let text = number(v[row]);
                    match flavour {
                        CsvFlavour::Exact => line.push_str(&text),
                        CsvFlavour::Spreadsheet => line.push_str(&text.replace('.', ",")),
                    }
                }
            }
        }
        // An empty line would be no row at all.
        if line.is_empty() {
            line.push_str("\"\"");
        }
        end_line(out, &mut line)?;
    }
    Ok(())
}

fn end_line(out: &mut impl Write, line: &mut String) -> IoResult<()> {
    line.push_str("\r\n");
    out.write_all(line.as_bytes())?;
    line.clear();
    Ok(())
}

/// The shortest text that reads back as the same double.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) || value.is_infinite() {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

fn push_text(line: &mut String, text: &str, delimiter: char, flavour: CsvFlavour) {
    let risky =
        flavour == CsvFlavour::Spreadsheet && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quotes = text.contains([delimiter, '"', '\r', '\n']);
    if quotes {
        line.push('"');
    }
    if risky {
        line.push('\'');
    }
    if text.contains('"') {
        line.push_str(&text.replace('"', "\"\""));
    } else {
        line.push_str(text);
    }
    if quotes {
        line.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(table: &Table, flavour: CsvFlavour) -> String {
        let mut out = Vec::new();
        write_into(&mut out, table, flavour).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_read_back_as_themselves() {
        let values = [
            0.1,
            -0.0,
            1e300,
            5e-324,
            123_456_789.123_456_79,
            1e16,
            99_999.0,
            f64::MIN_POSITIVE,
            1.0 / 3.0,
        ];
        for value in values {
            let back: f64 = number(value).parse().unwrap();
            assert_eq!(back.to_bits(), value.to_bits(), "{value}");
        }
    }

    #[test]
    fn hostile_labels_are_text_in_both_flavours() {
        let labels = [
            "=cmd|' /C calc'!A0",
            "@SUM(1)",
            "+31",
            "-1",
            "\tx",
            "a\"b;c,\nd",
            "'ok",
        ];
        let table = Table::new()
            .with_text("label", labels.map(str::to_owned).to_vec())
            .unwrap();
        let exact = text(&table, CsvFlavour::Exact);
        assert!(
            exact.starts_with("label\r\n=cmd|' /C calc'!A0\r\n"),
            "{exact}"
        );
        assert!(exact.contains("\"a\"\"b;c,\nd\"\r\n"), "{exact}");
        let sheet = text(&table, CsvFlavour::Spreadsheet);
        for label in &labels[..5] {
            assert!(sheet.contains(&format!("\r\n'{label}\r\n")), "{sheet}");
        }
        assert!(sheet.ends_with("\r\n'ok\r\n"), "{sheet}");
    }

    #[test]
    fn a_missing_value_alone_is_still_a_row() {
        let table = Table::new().with_float("v", vec![f64::NAN]).unwrap();
        assert_eq!(text(&table, CsvFlavour::Exact), "v\r\n\"\"\r\n");
    }
}
