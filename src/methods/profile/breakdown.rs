//! By what the reports are counted.

use std::collections::BTreeMap;

use super::calendar::{Calendar, Moment};
use super::facet::{Facet, Needs};
use super::spread::Spread;
use crate::error::{Error, Result};
use crate::model::{Categories, Incidents};
use crate::parallel::Workers;
use crate::stats::Connected;

/// By what reports are counted: a facet, or two or three of them crossed.
///
/// ```
/// use brandpunt::methods::profile::{Breakdown, Facet};
///
/// # fn main() -> brandpunt::Result<()> {
/// let crossed = Breakdown::named("category x part_of_day")?;
/// assert_eq!(crossed, Breakdown::crossed(Facet::Category, Facet::PartOfDay));
/// assert_eq!(Breakdown::of(Facet::Hour).name(), "hour");
/// let all = Breakdown::named("category x hour_of_week x season")?;
/// assert_eq!(all.facets().count(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Breakdown {
    first: Facet,
    second: Option<Facet>,
    third: Option<Facet>,
}

impl Breakdown {
    /// By one facet.
    #[must_use]
    pub const fn of(facet: Facet) -> Self {
        Self {
            first: facet,
            second: None,
            third: None,
        }
    }

    /// By all pairs of two facets.
    #[must_use]
    pub const fn crossed(first: Facet, second: Facet) -> Self {
        Self {
            first,
            second: Some(second),
            third: None,
        }
    }

    /// By all triples of three facets.
    #[must_use]
    pub const fn crossed_by(first: Facet, second: Facet, third: Facet) -> Self {
        Self {
            first,
            second: Some(second),
            third: Some(third),
        }
    }

    /// The breakdown of that name: a facet's, or two or three joined by ` x `.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        let parts: Vec<&str> = name.split(" x ").collect();
        match parts[..] {
            [first, second] => Ok(Self::crossed(Facet::named(first)?, Facet::named(second)?)),
            [first, second, third] => Ok(Self::crossed_by(
                Facet::named(first)?,
                Facet::named(second)?,
                Facet::named(third)?,
            )),
            _ => Facet::named(name).map(Self::of),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> String {
        let names: Vec<&str> = self.facets().map(Facet::name).collect();
        names.join(" x ")
    }

    /// Its facets, one to three.
    pub fn facets(self) -> impl Iterator<Item = Facet> {
        std::iter::once(self.first)
            .chain(self.second)
            .chain(self.third)
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

    /// Groups of cells of this and of another breakdown by time that count the same reports, as the evenings
    /// of both: reports of either group of a pair are in the other, unless their hour or day is not known.
    /// None for kinds, of which times say nothing.
    pub(crate) fn shared(self, other: Self) -> Vec<[Vec<usize>; 2]> {
        let both = [self, other];
        if both.iter().any(|by| by.needs(Needs::Category)) {
            return Vec::new();
        }
        let cells = both.map(|by| by.labels(None).len());
        let inner = both.map(|by| by.inner(None));
        let sets = Connected::new(cells[0] + cells[1]);
        for moment in Moment::every_hour() {
            let at = |side: usize| both[side].cell(None, Some(moment), inner[side]);
            if let (Some(own), Some(others)) = (at(0), at(1)) {
                sets.join(own as usize, cells[0] + others as usize);
            }
        }
        let mut groups: BTreeMap<usize, [Vec<usize>; 2]> = BTreeMap::new();
        for cell in 0..cells[0] + cells[1] {
            let group = groups.entry(sets.root(cell)).or_default();
            let side = usize::from(cell >= cells[0]);
            group[side].push(cell - side * cells[0]);
        }
        groups.into_values().collect()
    }

    /// Whether it knows the time of every report that another breakdown by time knows.
    pub(crate) fn knows_more(self, other: Self) -> bool {
        let most = |by: Self| by.facets().map(Facet::needs).max();
        most(self) < most(other)
    }

    pub(super) fn needs(self, what: Needs) -> bool {
        self.facets().any(|f| f.needs() == what)
    }

    /// Whether it must know when.
    pub(super) fn is_timed(self) -> bool {
        self.facets().any(|f| f.needs() != Needs::Category)
    }

    pub(super) fn check(self) -> Result<()> {
        let facets: Vec<Facet> = self.facets().collect();
        let is_again = |i: usize| facets[..i].contains(&facets[i]);
        if (1..facets.len()).any(is_again) {
            let expected = "facets that differ, or one";
            return Err(Error::parameter("by", self.name(), expected));
        }
        Ok(())
    }

    /// The names of its cells; the last facet runs fastest.
    pub(crate) fn labels(self, categories: Option<&Categories>) -> Vec<String> {
        let mut out = self.first.labels(categories);
        for facet in self.facets().skip(1) {
            let next = facet.labels(categories);
            out = out
                .iter()
                .flat_map(|a| next.iter().map(move |b| format!("{a}, {b}")))
                .collect();
        }
        out
    }

    /// The cell of an incident at a moment; `inner` is how many the second and the third facet have.
    pub(super) fn cell(
        self,
        category: Option<u32>,
        moment: Option<Moment>,
        inner: [usize; 2],
    ) -> Option<u32> {
        let mut cell = self.first.cell(category, moment)?;
        for (facet, cells) in self.facets().skip(1).zip(inner) {
            cell = cell * cells + facet.cell(category, moment)?;
        }
        u32::try_from(cell).ok()
    }

    /// How many cells the second and the third facet have, 1 without.
    pub(super) fn inner(self, categories: Option<&Categories>) -> [usize; 2] {
        [self.second, self.third].map(|facet| facet.map_or(1, |f| f.labels(categories).len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Crs, Times, Zone};

    fn shared(own: Facet, other: Facet) -> Vec<[Vec<usize>; 2]> {
        Breakdown::of(own).shared(Breakdown::of(other))
    }

    /// A Monday at ten, a Sunday at eleven at night and a time that is not known.
    #[test]
    fn cells_of_crossed_facets_lie_within_each_other() {
        let seconds = [4 * 24 + 10, 3 * 24 + 23].map(|hour| hour * 3_600);
        let seconds = seconds.into_iter().chain([Times::UNKNOWN]).collect();
        let incidents = Incidents::builder(vec![0.0; 3], vec![0.0; 3], Crs::PLANAR)
            .time(Times::from_utc_seconds(seconds, Zone::utc()))
            .build()
            .unwrap();
        let workers = Workers::new(1).unwrap();
        let by = Breakdown::crossed(Facet::Weekday, Facet::Hour);
        let (names, cells) = by.places(&incidents, &workers).unwrap();
        assert_eq!(
            (names.len(), cells),
            (7 * 24, vec![10, 6 * 24 + 23, u32::MAX])
        );
    }

    #[test]
    fn what_two_breakdowns_count_alike_is_found() {
        let by_day = shared(Facet::PartOfWeek, Facet::PartOfDay);
        // Nights; daytimes, which are mornings and afternoons; evenings.
        let expected = [
            [vec![0, 3], vec![0]],
            [vec![1, 4], vec![1, 2]],
            [vec![2, 5], vec![3]],
        ];
        assert_eq!(by_day, expected);
        let by_weekday = shared(Facet::PartOfWeek, Facet::Weekday);
        let expected = [
            [vec![0, 1, 2], vec![0, 1, 2, 3, 4]],
            [vec![3, 4, 5], vec![5, 6]],
        ];
        assert_eq!(by_weekday, expected);
        assert_eq!(shared(Facet::PartOfDay, Facet::Season).len(), 1);
        assert_eq!(shared(Facet::Hour, Facet::HourOfWeek).len(), 24);
        assert_eq!(shared(Facet::Season, Facet::Month).len(), 4);
        assert!(shared(Facet::Category, Facet::Hour).is_empty());
        let (day, hour) = (Breakdown::of(Facet::Weekday), Breakdown::of(Facet::Hour));
        assert!(day.knows_more(hour) && !hour.knows_more(day) && !day.knows_more(day));
    }
}
