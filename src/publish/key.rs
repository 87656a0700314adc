//! What a count is of.

use std::collections::BTreeSet;

use crate::model::Period;

/// An area, a set of categories and a period: what a count is of.
///
/// A code without the year of its division says little, because borders change and codes stay:
/// two keys with different vintages are different areas. Without categories the count is of all of
/// them; without a period, of all time. A [part](CellKey::part) is what no category and no period can
/// say, such as the reports of evenings.
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
    /// By what the area's reports are divided, and which part is counted; `None` for all of them.
    pub part: Option<(String, String)>,
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
    /// What divides reports into categories, as [parts](Self::part).
    pub const BY_CATEGORY: &'static str = "category";

    /// All categories and all time of an area.
    #[must_use]
    pub fn area(code: impl Into<String>) -> Self {
        Self {
            area: code.into(),
            part: None,
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

    /// Counts only a part of the area's reports: `by` says what divides them, `cell` which part it is.
    /// That the parts add up must be said with a [relation](super::CountTable::relation).
    ///
    /// Parts by [`BY_CATEGORY`](Self::BY_CATEGORY) are safe only while no other release counts some
    /// of these categories and not all, so that is refused.
    ///
    /// ```
    /// use brandpunt::publish::CellKey;
    ///
    /// let key = CellKey::area("BU00340101").part("part_of_day", "evening");
    /// assert_eq!(key.to_string(), "BU00340101 / part_of_day: evening");
    /// ```
    #[must_use]
    pub fn part(mut self, by: impl Into<String>, cell: impl Into<String>) -> Self {
        self.part = Some((by.into(), cell.into()));
        self
    }

    /// Counts only these categories.
    #[must_use]
    pub fn categories(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.categories = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Whether some report can be in both, as far as categories and time say.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let shares = match (&self.categories, &other.categories) {
            (Some(own), Some(theirs)) => !own.is_disjoint(theirs),
            _ => true,
        };
        shares && self.start < other.end && other.start < self.end
    }

    /// Whether some report can be in both, and other reports in one of them only.
    pub(crate) fn crosses(&self, other: &Self) -> bool {
        let extent = |key: &Self| (key.categories.clone(), key.start, key.end);
        self.meets(other) && extent(self) != extent(other)
    }

    /// Whether this counts some of the categories of another in the same time, but not all of them.
    pub(crate) fn splits(&self, other: &Self) -> bool {
        let all = match (&self.categories, &other.categories) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(theirs)) => own.is_superset(theirs),
        };
        !all && self.meets(other)
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
        if let Some((by, cell)) = &self.part {
            write!(f, " / {by}: {cell}")?;
        }
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
