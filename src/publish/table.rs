//! Counts with what is needed to judge whether they expose somebody.

use super::key::CellKey;
use crate::error::{Error, Fault, Result, quoted};

/// Counts, who they come from, and how they add up.
///
/// ```
/// use brandpunt::publish::{CellKey, CountTable};
///
/// # fn main() -> brandpunt::Result<()> {
/// let mut table = CountTable::new();
/// let east = table.push(CellKey::area("east"), 9)?;
/// let west = table.push(CellKey::area("west"), 14)?;
/// let city = table.push(CellKey::area("city"), 23)?;
/// table.contributions(east, vec![6, 2, 1])?;
/// table.relation(city, &[east, west])?;
/// assert_eq!(table.len(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountTable {
    keys: Vec<CellKey>,
    counts: Vec<i64>,
    contributions: Vec<Option<Vec<i64>>>,
    population: Vec<f64>,
    /// Whether nothing is published of a cell, whatever it counts.
    kept_back: Vec<bool>,
    relations: Vec<Relation>,
}

/// Counts beyond this are not whole in a double, in which the audit calculates.
const MOST: i64 = 1 << 53;

/// A cell that is the sum of others, as positions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Relation {
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
}

impl Relation {
    /// The parts and the total.
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.total])
    }
}

impl CountTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a cell and gives its position.
    ///
    /// # Errors
    /// [`Fault::Negative`]; [`Fault::NumberOutOfRange`] beyond 2^53; [`Fault::DuplicateAreaCode`] for a key that is there already.
    pub fn push(&mut self, key: CellKey, count: i64) -> Result<usize> {
        if count < 0 {
            return Err(Error::input(
                Fault::Negative,
                format!("cell {} counts {count}", quoted(&key.to_string())),
            ));
        }
        if count > MOST {
            return Err(Error::input(
                Fault::NumberOutOfRange,
                format!(
                    "cell {} counts {count}, beyond 2^53",
                    quoted(&key.to_string())
                ),
            ));
        }
        self.keys.push(key);
        self.counts.push(count);
        self.contributions.push(None);
        self.population.push(f64::NAN);
        self.kept_back.push(false);
        Ok(self.keys.len() - 1)
    }

    /// Says that nothing is published of a cell in this table, whatever it counts, such as the areas of
    /// a group of which only the sum is told. What it adds up to and what was published of it before
    /// take part in the audit, and if it is small it stays uncertain.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a position that is not there.
    pub(crate) fn keep_back(&mut self, cell: usize) -> Result<()> {
        self.check(cell)?;
        self.kept_back[cell] = true;
        Ok(())
    }

    /// Says how many incidents of a cell come from each address, in any order.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a position that is not there; [`Fault::AreaMismatch`] unless they
    /// add up to the count.
    pub fn contributions(&mut self, cell: usize, mut by_address: Vec<i64>) -> Result<()> {
        self.check(cell)?;
        by_address.retain(|n| *n > 0);
        by_address.sort_unstable_by(|a, b| b.cmp(a));
        let sum: i128 = by_address.iter().map(|n| i128::from(*n)).sum();
        if sum != i128::from(self.counts[cell]) {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "the addresses of cell {} count {sum}, the cell {}",
                    quoted(&self.keys[cell].to_string()),
                    self.counts[cell]
                ),
            ));
        }
        self.contributions[cell] = Some(by_address);
        Ok(())
    }

    /// Says how many people live in a cell; without it, or with NaN, that is not known.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a position that is not there.
    pub fn population(&mut self, cell: usize, people: f64) -> Result<()> {
        self.check(cell)?;
        self.population[cell] = people;
        Ok(())
    }

    /// Says that a cell is the sum of others.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a position that is not there; [`Fault::AreaMismatch`] unless they
    /// add up.
    pub fn relation(&mut self, total: usize, parts: &[usize]) -> Result<()> {
        self.check(total)?;
        for &part in parts {
            self.check(part)?;
        }
        let sum: i128 = parts.iter().map(|&p| i128::from(self.counts[p])).sum();
        if sum != i128::from(self.counts[total]) || parts.contains(&total) {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "the parts of cell {} count {sum}, the cell {}; give every part, once",
                    quoted(&self.keys[total].to_string()),
                    self.counts[total]
                ),
            ));
        }
        self.relations.push(Relation {
            total,
            parts: parts.to_vec(),
        });
        Ok(())
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What the cells are of.
    #[must_use]
    pub fn keys(&self) -> &[CellKey] {
        &self.keys
    }

    /// The true counts.
    #[must_use]
    pub fn counts(&self) -> &[i64] {
        &self.counts
    }

    /// How many incidents of a cell come from each address, the most first; `None` where that is not
    /// known or the cell is not there.
    #[must_use]
    pub fn addresses(&self, cell: usize) -> Option<&[i64]> {
        self.contributions.get(cell)?.as_deref()
    }

    pub(super) fn by_address(&self, cell: usize) -> Option<&[i64]> {
        self.contributions[cell].as_deref()
    }

    pub(crate) fn is_kept_back(&self, cell: usize) -> bool {
        self.kept_back[cell]
    }

    pub(super) fn people(&self, cell: usize) -> f64 {
        self.population[cell]
    }

    pub(super) fn relations(&self) -> &[Relation] {
        &self.relations
    }

    fn check(&self, cell: usize) -> Result<()> {
        if cell < self.keys.len() {
            return Ok(());
        }
        Err(Error::parameter(
            "cell",
            cell,
            format!("a position below {}", self.keys.len()),
        ))
    }
}
