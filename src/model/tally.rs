//! Counts of a part of the incidents, on their way to the counts of all.

use std::collections::BTreeMap;
use std::ops::Add;

use ndarray::{Array1, Array2};

use super::counts::Counts;
use super::period::{Period, Step};
use super::rejected::RejectReason;
use super::theme::Theme;
use super::times::{Times, Zone};
use crate::error::{Error, Fault, Result};

/// Counts per area, calendar period and category of some of the incidents, with the account of
/// their rows.
///
/// Tallies of parts add up with `+`, exactly and in any order and grouping to the same value: all
/// of it is whole numbers. A part needs to know nothing of the others, not even which periods or
/// categories they hold. Only tallies of the same areas
/// ([`fingerprint`](super::Neighbourhoods::fingerprint)), step, time zone and layout belong
/// together; others are refused.
///
/// It is made by an [`AreaCounter`](crate::index::AreaCounter) and ends as [`Counts`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tally {
    layout: u16,
    areas: String,
    codes: Vec<String>,
    step: Option<Step>,
    zone: Zone,
    by_category: bool,
    /// One count per area, and one for what lies in none.
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    columns: BTreeMap<Column, Vec<i64>>,
    rows_in: u64,
    rejected: BTreeMap<RejectReason, u64>,
}

/// Which incidents one column of a tally counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Column {
    /// First second of the calendar period; `None` for an unknown time, and without a step.
    pub(crate) start: Option<i64>,
    /// The category; empty where categories are not told apart.
    pub(crate) category: String,
}

impl Tally {
    /// The layout of what is counted; tallies of another one are refused.
    pub const LAYOUT: u16 = 1;
    /// Counts that a tally can hold at most.
    pub const MOST_COUNTS: u128 = 1 << 31;

    pub(crate) fn new(areas: String, codes: Vec<String>) -> Self {
        Self {
            layout: Self::LAYOUT,
            areas,
            codes,
            step: None,
            zone: Zone::amsterdam(),
            by_category: false,
            columns: BTreeMap::new(),
            rows_in: 0,
            rejected: BTreeMap::new(),
        }
    }

    pub(crate) fn with_step(mut self, step: Option<Step>) -> Self {
        self.step = step;
        self
    }

    pub(crate) fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    pub(crate) fn with_categories(mut self, told: bool) -> Self {
        self.by_category = told;
        self
    }

    /// The same tally of nothing.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            columns: BTreeMap::new(),
            rows_in: 0,
            rejected: BTreeMap::new(),
            ..self.clone()
        }
    }

    /// Accounts for the rows of an input.
    pub(crate) fn account(&mut self, rows_in: u64, rejected: &BTreeMap<RejectReason, u64>) {
        self.rows_in += rows_in;
        for (reason, count) in rejected {
            *self.rejected.entry(*reason).or_default() += count;
        }
    }

    /// Takes columns out to count in; those that are not there yet are zero.
    pub(crate) fn lend(&mut self, columns: &[Column]) -> Result<Vec<Vec<i64>>> {
        let new = columns.iter().filter(|c| !self.columns.contains_key(c));
        self.afford(new.count())?;
        let zero = || vec![0; self.codes.len() + 1];
        Ok(columns
            .iter()
            .map(|column| self.columns.remove(column).unwrap_or_else(zero))
            .collect())
    }

    /// Puts lent columns back.
    pub(crate) fn put_back(&mut self, columns: Vec<Column>, counts: Vec<Vec<i64>>) {
        self.columns.extend(columns.into_iter().zip(counts));
    }

    fn afford(&self, more: usize) -> Result<()> {
        let columns = (self.columns.len() + more) as u128;
        let counts = columns * (self.codes.len() as u128 + 1);
        if counts > Self::MOST_COUNTS {
            return Err(Error::too_large(
                "a tally",
                counts * 8,
                Self::MOST_COUNTS * 8,
                "choose a longer step, or a column with fewer categories",
            ));
        }
        Ok(())
    }

    /// The [fingerprint](super::Neighbourhoods::fingerprint) of the areas.
    #[must_use]
    pub fn areas(&self) -> &str {
        &self.areas
    }

    /// The codes of the areas.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The length of the periods; `None` when all time is one.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        self.step
    }

    /// The zone in which the periods are cut.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether categories are told apart.
    #[must_use]
    pub fn by_category(&self) -> bool {
        self.by_category
    }

    /// The categories that were found, in order of their letters.
    #[must_use]
    pub fn categories(&self) -> Vec<&str> {
        let mut found: Vec<&str> = self.columns.keys().map(|c| c.category.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How many rows the inputs had.
    #[must_use]
    pub fn rows_in(&self) -> u64 {
        self.rows_in
    }

    /// How many rows were kept out, by reason.
    #[must_use]
    pub fn rejected(&self) -> &BTreeMap<RejectReason, u64> {
        &self.rejected
    }

    /// How many incidents are counted, inside the areas, outside, and of unknown time.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.columns.values().flatten().map(|&n| n as u64).sum()
    }

    /// Whether no incident is counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// How many incidents with a step have no known time; they are in no period.
    #[must_use]
    pub fn undated(&self) -> u64 {
        if self.step.is_none() {
            return 0;
        }
        let undated = self.columns.iter().filter(|(c, _)| c.start.is_none());
        undated
            .flat_map(|(_, counts)| counts)
            .map(|&n| n as u64)
            .sum()
    }

    /// The periods from the first to the last that any incident lies in, whatever its category.
    #[must_use]
    pub fn periods(&self) -> Vec<Period> {
        let Some(step) = self.step else {
            return Vec::new();
        };
        let starts = || self.columns.keys().filter_map(|c| c.start);
        let ends = starts().min().into_iter().chain(starts().max()).collect();
        Period::steps(&Times::from_utc_seconds(ends, self.zone.clone()), step)
    }

    /// The counts of a theme's incidents per area and period; those of all with [`Theme::all`].
    ///
    /// The periods are those of the whole tally, so counts of two themes have the same columns.
    ///
    /// # Errors
    /// [`Fault::MissingColumn`] for a theme of some categories where the tally does not tell them
    /// apart, [`Fault::NoMatchingCategory`] when none of them is the theme's,
    /// [`Fault::MissingTime`] for a step when no time is known.
    pub fn counts(&self, theme: &Theme) -> Result<Counts> {
        let all = theme.categories().is_none();
        if !all && !self.by_category {
            return Err(Error::input(
                Fault::MissingColumn,
                "this tally does not tell categories apart; count by category",
            ));
        }
        if !all && !self.columns.keys().any(|c| theme.matches(&c.category)) {
            let known: Vec<String> = self.categories().into_iter().take(12).map(shown).collect();
            return Err(Error::input(
                Fault::NoMatchingCategory,
                format!(
                    "no category belongs to theme `{}`; found are {}",
                    crate::error::quoted(theme.name()),
                    known.join(", ")
                ),
            ));
        }
        let periods = self.periods();
        if periods.is_empty() && self.undated() > 0 {
            return Err(Error::input(
                Fault::MissingTime,
                "no incident has a known time, so there is no period; count without a step",
            ));
        }
        let mut values = Array2::<i64>::zeros((self.codes.len(), periods.len().max(1)));
        let mut outside = Array1::<i64>::zeros(values.ncols());
        let mut in_no_period = 0;
        for (column, counts) in &self.columns {
            if !(all || theme.matches(&column.category)) {
                continue;
            }
            let at = match (self.step, column.start) {
                (None, _) => 0,
                (Some(_), None) => {
                    in_no_period += counts.iter().sum::<i64>() as u64;
                    continue;
                }
                (Some(_), Some(start)) => periods.partition_point(|p| p.end <= start),
            };
            for (total, count) in values.column_mut(at).iter_mut().zip(counts) {
                *total += count;
            }
            outside[at] += counts.last().copied().unwrap_or_default();
        }
        Ok(Counts::new(values, outside, periods)?
            .with_in_no_period(in_no_period)
            .of_areas(self.areas.clone()))
    }

    /// Adds the tally of another part.
    ///
    /// # Errors
    /// [`Fault::AreaMismatch`] for other areas; [`Fault::PartMismatch`] for another step, time
    /// zone, choice of categories or layout; [`Error::TooLarge`]. This one is then unchanged.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let refused = |fault, what: &str| {
            Err(Error::input(
                fault,
                format!("tallies of different {what} cannot be added; make all parts alike"),
            ))
        };
        if self.areas != other.areas || self.codes != other.codes {
            return refused(Fault::AreaMismatch, "areas");
        }
        if self.layout != other.layout {
            return refused(Fault::PartMismatch, "layout (version of the library)");
        }
        if self.step != other.step {
            return refused(Fault::PartMismatch, "step");
        }
        if self.zone != other.zone {
            return refused(Fault::PartMismatch, "time zone");
        }
        if self.by_category != other.by_category {
            return refused(Fault::PartMismatch, "choice of categories");
        }
        let new = other
            .columns
            .keys()
            .filter(|c| !self.columns.contains_key(c));
        self.afford(new.count())?;
        for (column, counts) in &other.columns {
            match self.columns.get_mut(column) {
                Some(own) => own.iter_mut().zip(counts).for_each(|(a, b)| *a += b),
                None => {
                    self.columns.insert(column.clone(), counts.clone());
                }
            }
        }
        self.account(other.rows_in, &other.rejected);
        Ok(())
    }
}

/// Columns as pairs, because formats such as JSON know only texts as keys.
#[cfg(feature = "serde")]
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Column;

    type Columns = BTreeMap<Column, Vec<i64>>;

    pub(super) fn serialize<S: Serializer>(columns: &Columns, s: S) -> Result<S::Ok, S::Error> {
        columns.iter().collect::<Vec<_>>().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Columns, D::Error> {
        Ok(Vec::<(Column, Vec<i64>)>::deserialize(d)?
            .into_iter()
            .collect())
    }
}

fn shown(category: &str) -> String {
    format!("`{}`", crate::error::quoted(category))
}

impl Add for Tally {
    type Output = Result<Self>;

    /// Adds two tallies, as [`merge`](Self::merge).
    fn add(mut self, other: Self) -> Result<Self> {
        self.merge(&other)?;
        Ok(self)
    }
}
