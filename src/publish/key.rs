//! What a count is of.

use std::collections::BTreeSet;

use crate::model::Period;

/// An area, a set of categories and a period: what a count is of.
///
/// A code without the year of its division says little, because borders change and codes stay:
/// two keys with different vintages are different areas. Without categories the count is of all of
/// them; without a period, of all time.
///
/// ```
/// use brandpunt::publish::CellKey;
/// use brandpunt::{Period, Zone};
///
/// # fn main() -> brandpunt::Result<()> {
/// let key = CellKey::area("BU00340101")
///     .vintage(2024)
///     .categories(["E35"])
///     .period(&Period::year(2024, &Zone::amsterdam())?);
/// assert_eq!(key.to_string(), "BU00340101@2024 {E35} [1704063600, 1735686000)");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CellKey {
    /// Code of the area.
    pub area: String,
    /// Year of the division the code belongs to.
    pub vintage: Option<i16>,
    /// The categories counted; `None` for all.
    pub categories: Option<BTreeSet<String>>,
    /// First second inside, in UTC.
    pub start: i64,
    /// First second after.
    pub end: i64,
}

impl CellKey {
    /// All categories and all time of an area.
    #[must_use]
    pub fn area(code: impl Into<String>) -> Self {
        Self {
            area: code.into(),
            vintage: None,
            categories: None,
            start: i64::MIN,
            end: i64::MAX,
        }
    }

    /// Sets the year of the division.
    #[must_use]
    pub fn vintage(mut self, year: impl Into<Option<i16>>) -> Self {
        self.vintage = year.into();
        self
    }

    /// Counts only these categories.
    #[must_use]
    pub fn categories(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.categories = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Counts only this period.
    #[must_use]
    pub fn period(self, period: &Period) -> Self {
        self.between(period.start, period.end)
    }

    /// Counts only from one second up to, and without, another.
    #[must_use]
    pub fn between(mut self, start: i64, end: i64) -> Self {
        (self.start, self.end) = (start, end);
        self
    }
}

impl std::fmt::Display for CellKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.area)?;
        if let Some(year) = self.vintage {
            write!(f, "@{year}")?;
        }
        if let Some(names) = &self.categories {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            write!(f, " {{{}}}", names.join(", "))?;
        }
        if (self.start, self.end) != (i64::MIN, i64::MAX) {
            write!(f, " [{}, {})", self.start, self.end)?;
        }
        Ok(())
    }
}
