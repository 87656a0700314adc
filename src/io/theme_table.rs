//! Themes as a table that a user can edit.

use std::path::Path;

use super::cells::{Cells, Dialect};
use super::columns;
use super::csv::{CsvFlavour, write_csv};
use super::numbers::{Number, parse as parse_number};
use super::table::Table;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::Theme;

/// Reads themes from a CSV with a row per category: `theme`, `category` and, if they differ from
/// inhabitants and 1,000, `exposure` and `per`. Other columns, such as a remark, are not read.
///
/// [`write_themes`] writes the built-in ones in this form, to start from. Categories are classes
/// of the police, words or slugs of a municipal register, or codes of one's own; nothing is added
/// to them, so a category that no row names belongs to no theme.
///
/// # Errors
/// [`Error::File`]; [`Fault::MissingColumn`]; [`Fault::NotANumber`]; [`Fault::RejectedRow`] for a
/// row with another number of fields than the header;
/// [`Fault::LengthMismatch`] for a row without theme or category, and for a theme whose rows name
/// different exposures or sizes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("themes.csv");
/// std::fs::write(&path, "theme,category,exposure,per\nfireworks,M132,dwellings,100\nfireworks,vuurwerk,,\n")?;
/// let themes = brandpunt::io::read_themes(&path)?;
/// assert!(themes[0].matches("M132") && themes[0].matches("Vuurwerk"));
/// assert_eq!((themes[0].exposure_kind(), themes[0].per_people()), ("dwellings", 100.0));
/// # Ok(())
/// # }
/// ```
pub fn read_themes(path: impl AsRef<Path>) -> Result<Vec<Theme>> {
    let at = |header: &[String], name: &str| columns::find(header, &[name]);
    let cells = Cells::read(path.as_ref(), &Dialect::default(), |header| {
        at(header, "theme").is_some() && at(header, "category").is_some()
    })?
    .whole()?;
    let (Some(theme), Some(category)) = (at(&cells.header, "theme"), at(&cells.header, "category"))
    else {
        return Err(Error::input(
            Fault::MissingColumn,
            format!(
                "a table of themes has the columns `theme` and `category`; {}",
                columns::listed(&cells.header)
            ),
        ));
    };
    let (exposure, per) = (at(&cells.header, "exposure"), at(&cells.header, "per"));
    let mut rows: Vec<ThemeRows> = Vec::new();
    for (number, row) in &cells.rows {
        let field = |at: Option<usize>| at.map_or("", |at| row[at].trim());
        let (name, label) = (field(Some(theme)), field(Some(category)));
        if name.is_empty() || label.is_empty() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("row {number} has no theme or no category; each row needs both"),
            ));
        }
        let at = rows.iter().position(|r| r.name == name).unwrap_or_else(|| {
            rows.push(ThemeRows {
                name: name.to_owned(),
                ..ThemeRows::default()
            });
            rows.len() - 1
        });
        let found = &mut rows[at];
        found.categories.push(label.to_owned());
        let size = match parse_number(field(per).as_bytes(), b'.') {
            Number::Missing => None,
            Number::Value(v) if v > 0.0 => Some(v),
            _ => {
                return Err(Error::input(
                    Fault::NotANumber,
                    format!(
                        "`{}` in row {number} is not a number of people above zero",
                        quoted(field(per))
                    ),
                ));
            }
        };
        let kind = Some(field(exposure).to_owned()).filter(|kind| !kind.is_empty());
        if !(agree(&mut found.exposure, kind) && agree(&mut found.per, size)) {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "row {number} gives theme `{}` another exposure or size than a row above; \
                     give one per theme",
                    quoted(name)
                ),
            ));
        }
    }
    Ok(rows.into_iter().map(ThemeRows::theme).collect())
}

/// Writes themes as a table that [`read_themes`] reads, a row per category. Nothing but
/// [`Theme::built_ins`] need be given to start a table of one's own.
///
/// # Errors
/// [`Error::File`]; [`Error::Parameter`] for a theme that takes all incidents, which has no
/// categories.
pub fn write_themes(path: impl AsRef<Path>, themes: &[Theme]) -> Result<()> {
    let (mut names, mut labels, mut exposures, mut sizes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for theme in themes {
        let categories = theme.categories().ok_or_else(|| {
            Error::parameter(
                "themes",
                theme.name(),
                "themes with categories of their own",
            )
        })?;
        for category in categories {
            names.push(theme.name().to_owned());
            labels.push(category.to_owned());
            exposures.push(theme.exposure_kind().to_owned());
            sizes.push(theme.per_people());
        }
    }
    let table = Table::new()
        .with_text("theme", names)?
        .with_text("category", labels)?
        .with_text("exposure", exposures)?
        .with_float("per", sizes)?;
    write_csv(path, &table, CsvFlavour::Exact)
}

#[derive(Default)]
struct ThemeRows {
    name: String,
    categories: Vec<String>,
    exposure: Option<String>,
    per: Option<f64>,
}

impl ThemeRows {
    fn theme(self) -> Theme {
        let mut theme = Theme::new(self.name, self.categories);
        if let Some(kind) = self.exposure {
            theme = theme.exposure(kind);
        }
        if let Some(per) = self.per {
            theme = theme.per(per);
        }
        theme
    }
}

/// Takes a value that is not there yet; whether it agrees with the one that is.
fn agree<T: PartialEq>(known: &mut Option<T>, new: Option<T>) -> bool {
    match (&*known, new) {
        (_, None) => true,
        (Some(old), Some(new)) => *old == new,
        (None, new) => {
            *known = new;
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Theme>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("themes.csv");
        std::fs::write(&path, text).unwrap();
        read_themes(&path)
    }

    #[test]
    fn the_built_in_themes_come_back_as_they_went() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("themes.csv");
        write_themes(&path, &Theme::built_ins()).unwrap();
        assert_eq!(read_themes(&path).unwrap(), Theme::built_ins());
        assert!(write_themes(&path, &[Theme::all()]).is_err());
    }

    #[test]
    fn rows_must_agree() {
        let fault = |text| read(text).unwrap_err().fault();
        assert_eq!(
            fault("theme,category,per\na,b,100\na,c,1000\n"),
            Some(Fault::LengthMismatch)
        );
        assert_eq!(fault("theme,category\na,\n"), Some(Fault::LengthMismatch));
        assert_eq!(
            fault("theme,category,per\na,b,veel\n"),
            Some(Fault::NotANumber)
        );
        assert_eq!(fault("thema,code\na,b\n"), Some(Fault::MissingColumn));
        assert_eq!(
            fault("theme,category\na,b\na,b,c\n"),
            Some(Fault::RejectedRow)
        );
    }
}
