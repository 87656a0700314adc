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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_meet_cross_and_split_by_categories_and_time() {
        let all = CellKey::area("a").between(0, 10);
        let of = |names: &[&str], from: i64, to: i64| {
            CellKey::area("a")
                .categories(names.iter().copied())
                .between(from, to)
        };
        let two = of(&["x", "y"], 0, 10);
        // Whether they meet, cross, and the first splits the second.
        for (first, second, meets, crosses, splits) in [
            (all.clone(), all.clone(), true, false, false),
            (all.clone(), two.clone(), true, true, false),
            (two.clone(), all.clone(), true, true, true),
            (two.clone(), of(&["y", "z"], 0, 10), true, true, true),
            (of(&["x"], 0, 10), two.clone(), true, true, true),
            (two.clone(), of(&["x"], 0, 10), true, true, false),
            (two.clone(), of(&["z"], 0, 10), false, false, false),
            (two.clone(), of(&["x", "y"], 9, 12), true, true, false),
            (two.clone(), of(&["y", "z"], 10, 12), false, false, false),
            (of(&["y", "z"], 10, 12), two.clone(), false, false, false),
            (of(&["y", "z"], 9, 12), two, true, true, true),
        ] {
            let found = (
                first.meets(&second),
                first.crosses(&second),
                first.splits(&second),
            );
            assert_eq!(found, (meets, crosses, splits), "{first} and {second}");
        }
    }

    #[test]
    fn a_key_is_written_with_all_that_it_has() {
        assert_eq!(CellKey::area("a").to_string(), "a");
        let whole = CellKey::area("a").vintage(2024).part("day", "evening");
        let whole = whole.categories(["y", "x"]).between(i64::MIN, 9);
        let text = "a / day: evening@2024 {x, y} [-9223372036854775808, 9)";
        assert_eq!(whole.to_string(), text);
    }
}
