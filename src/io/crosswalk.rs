//! A crosswalk between two area divisions from a table.

use std::path::Path;

use super::cells::{Cells, Dialect};
use super::columns;
use super::numbers::{Number, parse as parse_number};
use crate::error::{Error, Fault, Result, quoted};
use crate::model::Crosswalk;

const FROM: &[&str] = &[
    "from", "van", "old", "oud", "oudecode", "fromcode", "oldcode",
];
const TO: &[&str] = &[
    "to",
    "naar",
    "new",
    "nieuw",
    "nieuwecode",
    "tocode",
    "newcode",
];
const SHARE: &[&str] = &["share", "aandeel", "deel", "weight", "gewicht", "fraction"];

/// Reads a crosswalk from a CSV with an old code, a new code and the share of the old area that
/// goes to the new one (`from,to,share` or `van;naar;aandeel`).
///
/// Every row is used: without one of them a part of an area would go nowhere.
///
/// # Errors
/// [`Error::File`], [`Fault::MissingColumn`], [`Fault::NotANumber`], [`Fault::RejectedRow`] for a
/// row with another number of fields than the header, and those of [`Crosswalk::new`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("2022-2024.csv");
/// std::fs::write(&path, "van;naar;aandeel\nBU00340101;BU00340103;0,4\nBU00340101;BU00340104;0,6\n")?;
/// let crosswalk = brandpunt::io::read_crosswalk(&path, 2022, 2024)?;
/// assert_eq!(crosswalk.to_codes(), ["BU00340103", "BU00340104"]);
/// # Ok(())
/// # }
/// ```
pub fn read_crosswalk(
    path: impl AsRef<Path>,
    from_vintage: i16,
    to_vintage: i16,
) -> Result<Crosswalk> {
    let place = |header: &[String], names: &[&str]| columns::find(header, names);
    let cells = Cells::read(path.as_ref(), &Dialect::default(), |header| {
        place(header, FROM).is_some() && place(header, TO).is_some()
    })?
    .whole()?;
    let need = |names: &[&str], what: &str| {
        place(&cells.header, names).ok_or_else(|| {
            Error::input(
                Fault::MissingColumn,
                format!(
                    "there is no column of {what}; {}; call it `{}`",
                    columns::listed(&cells.header),
                    names.first().copied().unwrap_or_default()
                ),
            )
        })
    };
    let (from, to, share) = (
        need(FROM, "old codes")?,
        need(TO, "new codes")?,
        need(SHARE, "shares")?,
    );
    let triples = cells
        .rows
        .iter()
        .map(|(number, row)| {
            // A share is at most one, so a comma is a decimal mark.
            let text = row[share].replace(',', ".");
            match parse_number(text.as_bytes(), b'.') {
                Number::Value(value) => Ok((
                    row[from].trim().to_owned(),
                    row[to].trim().to_owned(),
                    value,
                )),
                _ => Err(Error::input(
                    Fault::NotANumber,
                    format!("`{}` in row {number} is not a share", quoted(&row[share])),
                )),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Crosswalk::new(&triples, from_vintage, to_vintage)?.with_basis("the shares of a table"))
}
