//! How many incidents lie in each area, part by part?

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::count::require_same_crs;
use super::neighbourhood_index::NeighbourhoodIndex;
use crate::error::Result;
use crate::model::{Column, Incidents, Neighbourhoods, Period, Step, Tally, Times, Zone};
use crate::parallel::Workers;

/// Counts incidents that come in parts: the batches of a file that does not fit in memory, the
/// partitions of an engine, the hours of a stream.
///
/// It finds areas by the rule of [`NeighbourhoodIndex`], and its [`Tally`] holds what
/// [`count`](super::count) of all incidents at once gives, whatever the parts were. Times of
/// unknown moment are counted apart. Memory: 8 bytes per area for each period and category that
/// occurs.
///
/// ```
/// use brandpunt::index::{AreaCounter, count};
/// use brandpunt::synthetic::SyntheticCity;
/// use brandpunt::{Step, Theme, Workers};
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(7).neighbourhoods(30).build()?;
/// let workers = Workers::new(1)?;
/// let empty = AreaCounter::new(&city.neighbourhoods)?.step(Step::Month);
/// let halves: Vec<u32> = (0..2_000).collect();
/// let mut parts = Vec::new();
/// for half in halves.chunks(1_000) {
///     let mut counter = empty.clone();
///     counter.add(&city.incidents.take(half), &workers)?;
///     parts.push(counter.into_tally());
/// }
/// let [one, other] = [parts.remove(0), parts.remove(0)];
/// let counts = (one + other)?.counts(&Theme::all())?;
/// let whole = count(&city.incidents, &city.neighbourhoods, Some(Step::Month), &workers)?;
/// assert_eq!(counts, whole);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AreaCounter {
    index: Arc<NeighbourhoodIndex>,
    tally: Tally,
}

impl AreaCounter {
    /// A counter for all time and all categories together.
    ///
    /// # Errors
    /// As [`NeighbourhoodIndex::build`].
    pub fn new(hoods: &Neighbourhoods) -> Result<Self> {
        Ok(Self {
            index: Arc::new(NeighbourhoodIndex::build(hoods)?),
            tally: Tally::new(hoods.fingerprint(), hoods.codes().to_vec()),
        })
    }

    /// Counts per calendar period of this length; what was counted before is forgotten.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.tally = self.tally.emptied().with_step(Some(step));
        self
    }

    /// Sets the zone in which the periods are cut (`Europe/Amsterdam` at first); what was counted
    /// before is forgotten.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.tally = self.tally.emptied().with_zone(zone);
        self
    }

    /// Tells categories apart; what was counted before is forgotten.
    #[must_use]
    pub fn by_category(mut self) -> Self {
        self.tally = self.tally.emptied().with_categories(true);
        self
    }

    /// A counter of the same areas and options that has counted nothing; it shares the index.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            index: Arc::clone(&self.index),
            tally: self.tally.emptied(),
        }
    }

    /// Counts some more incidents; nothing is counted when it fails.
    ///
    /// The account of their rows goes along, so each part of the input comes once and whole.
    ///
    /// # Errors
    /// [`Fault::CrsMismatch`](crate::Fault::CrsMismatch),
    /// [`Fault::MissingTime`](crate::Fault::MissingTime) for a step without times,
    /// [`Fault::MissingColumn`](crate::Fault::MissingColumn) for categories without a column,
    /// [`Error::TooLarge`](crate::Error::TooLarge), [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn add(&mut self, incidents: &Incidents, workers: &Workers) -> Result<()> {
        require_same_crs(incidents.crs(), self.index.crs())?;
        let kinds = Kinds::of(incidents, &self.tally)?;
        let labels = self
            .index
            .locate_all(incidents.x(), incidents.y(), workers)?;
        let (columns, which) = kinds.columns();
        let mut counts = self.tally.lend(&columns)?;
        let outside = self.index.areas();
        for (&label, &column) in labels.iter().zip(&which) {
            counts[column as usize][(label as usize).min(outside)] += 1;
        }
        self.tally.put_back(columns, counts);
        self.tally
            .account(incidents.rows_in(), incidents.rejected().counts());
        Ok(())
    }

    /// What was counted so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What was counted.
    #[must_use]
    pub fn into_tally(self) -> Tally {
        self.tally
    }
}

/// Period and category of each incident, as far as they are told apart.
struct Kinds<'a> {
    n: usize,
    times: Option<(&'a [i64], Vec<Period>)>,
    categories: Option<(&'a [u32], &'a [String])>,
}

impl<'a> Kinds<'a> {
    fn of(incidents: &'a Incidents, tally: &Tally) -> Result<Self> {
        let times = match tally.step() {
            None => None,
            Some(step) => {
                let times = incidents.require_times()?;
                let ends = times.range().map_or_else(Vec::new, |(a, b)| vec![a, b]);
                let ends = Times::from_utc_seconds(ends, tally.zone().clone());
                Some((times.seconds(), Period::steps(&ends, step)))
            }
        };
        let categories = if tally.by_category() {
            let column = incidents.require_categories()?;
            Some((column.codes(), column.labels()))
        } else {
            None
        };
        Ok(Self {
            n: incidents.len(),
            times,
            categories,
        })
    }

    /// The columns that occur, and for each incident the number of its own.
    fn columns(&self) -> (Vec<Column>, Vec<u32>) {
        let mut number: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        let mut columns = Vec::new();
        let mut last = ((u32::MAX, u32::MAX), 0);
        let mut period = 0;
        let which = (0..self.n)
            .map(|i| {
                period = self.period(i, period);
                let kind = (period, self.categories.map_or(0, |(codes, _)| codes[i]));
                if kind != last.0 {
                    let number = *number.entry(kind).or_insert_with(|| {
                        columns.push(self.column(kind));
                        columns.len() as u32 - 1
                    });
                    last = (kind, number);
                }
                last.1
            })
            .collect();
        (columns, which)
    }

    /// The number of an incident's period from 1; 0 for none. `guess` is tried first.
    fn period(&self, i: usize, guess: u32) -> u32 {
        let Some((seconds, periods)) = &self.times else {
            return 0;
        };
        let second = seconds[i];
        let found = |number: u32| {
            let period = (number as usize)
                .checked_sub(1)
                .and_then(|k| periods.get(k));
            period.is_some_and(|p| p.contains(second))
        };
        if found(guess) {
            return guess;
        }
        let number = periods.partition_point(|p| p.end <= second) as u32 + 1;
        if found(number) { number } else { 0 }
    }

    fn column(&self, (period, category): (u32, u32)) -> Column {
        let start = self.times.as_ref().and_then(|(_, periods)| {
            let at = (period as usize).checked_sub(1)?;
            Some(periods.get(at)?.start)
        });
        let category = self
            .categories
            .and_then(|(_, labels)| labels.get(category as usize));
        Column {
            start,
            category: category.cloned().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
