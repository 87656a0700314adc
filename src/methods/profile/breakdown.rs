//! By what the reports are counted.

use super::calendar::{Calendar, Moment};
use super::facet::{Facet, Needs};
use super::spread::Spread;
use crate::error::{Error, Result};
use crate::model::{Categories, Incidents};
use crate::parallel::Workers;

/// By what reports are counted: a facet, or two of them crossed.
///
/// ```
/// use brandpunt::methods::profile::{Breakdown, Facet};
///
/// # fn main() -> brandpunt::Result<()> {
/// let crossed = Breakdown::named("category x part_of_day")?;
/// assert_eq!(crossed, Breakdown::crossed(Facet::Category, Facet::PartOfDay));
/// assert_eq!(Breakdown::of(Facet::Hour).name(), "hour");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Breakdown {
    first: Facet,
    second: Option<Facet>,
}

impl Breakdown {
    /// By one facet.
    #[must_use]
    pub const fn of(facet: Facet) -> Self {
        Self {
            first: facet,
            second: None,
        }
    }

    /// By all pairs of two facets.
    #[must_use]
    pub const fn crossed(first: Facet, second: Facet) -> Self {
        Self {
            first,
            second: Some(second),
        }
    }

    /// The breakdown of that name: a facet's, or two joined by ` x `.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name.split_once(" x ") {
            None => Facet::named(name).map(Self::of),
            Some((first, second)) => Ok(Self::crossed(Facet::named(first)?, Facet::named(second)?)),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> String {
        match self.second {
            None => self.first.name().to_owned(),
            Some(second) => format!("{} x {}", self.first.name(), second.name()),
        }
    }

    /// Its one or two facets.
    pub fn facets(self) -> impl Iterator<Item = Facet> {
        std::iter::once(self.first).chain(self.second)
    }

    /// The names of its cells, and the cell of each incident, `u32::MAX` where that is not known.
    pub(crate) fn places(
        self,
        incidents: &Incidents,
        workers: &Workers,
    ) -> Result<(Vec<String>, Vec<u32>)> {
        let calendar = if self.is_timed() {
            Some(Calendar::of(incidents.require_times()?, None, workers)?)
        } else {
            None
        };
        let categories = incidents.categories();
        let spread = Spread::of(self, incidents.len(), categories, calendar.as_ref());
        Ok((self.labels(categories), spread.firsts()))
    }

    pub(super) fn needs(self, what: Needs) -> bool {
        self.facets().any(|f| f.needs() == what)
    }

    /// Whether it must know when.
    pub(super) fn is_timed(self) -> bool {
        self.facets().any(|f| f.needs() != Needs::Category)
    }

    pub(super) fn check(self) -> Result<()> {
        if self.second == Some(self.first) {
            let expected = "two different facets, or one";
            return Err(Error::parameter("by", self.name(), expected));
        }
        Ok(())
    }

    /// The names of its cells; the second facet runs fastest.
    pub(super) fn labels(self, categories: Option<&Categories>) -> Vec<String> {
        let first = self.first.labels(categories);
        match self.second.map(|f| f.labels(categories)) {
            None => first,
            Some(second) => first
                .iter()
                .flat_map(|a| second.iter().map(move |b| format!("{a}, {b}")))
                .collect(),
        }
    }

    /// The cell of an incident at a moment; `second_cells` is how many the second facet has.
    pub(super) fn cell(
        self,
        category: Option<u32>,
        moment: Option<Moment>,
        second_cells: usize,
    ) -> Option<u32> {
        let first = self.first.cell(category, moment)?;
        let cell = match self.second {
            None => first,
            Some(second) => first * second_cells + second.cell(category, moment)?,
        };
        u32::try_from(cell).ok()
    }

    /// How many cells the second facet has, 1 without.
    pub(super) fn second_cells(self, categories: Option<&Categories>) -> usize {
        self.second.map_or(1, |f| f.labels(categories).len())
    }
}
