//! Pairs of a part of the incidents, on their way to the pairs of all.

use std::collections::BTreeMap;
use std::ops::Add;

use super::banded::Limits;
use super::bands::{Bands, Closed};
use super::metric::Metric;
use super::near_repeat::NearRepeat;
use super::own_pairs::{Partners, Places};
use super::pair_table::PairTable;
use crate::error::{Error, Fault, Result};
use crate::memory::{MOST_BYTES, afford};
use crate::model::{Clock, Crs, Incidents, Moments, RejectReason, Zone};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// Pairs of incidents in bands of distance and time, seen from some of the incidents.
///
/// Counts of parts add up with `+`, exactly and in any order and grouping to the same value: all
/// of it is whole numbers. The parts are squares with what lies around them
/// ([`Tiles`](crate::index::Tiles)), or any others in which every incident is one part's *own* and
/// that part holds all others within the largest finite distance. Only counts with the same bands,
/// options, time zone, coordinate reference system and layout belong together; others are refused.
///
/// It is made by [`NearRepeat::count_own`] and ends as a [`PairTable`]. Memory: two numbers for
/// each different day (or second) that occurs.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PairCounts {
    layout: u16,
    pub(super) distances: Vec<f64>,
    pub(super) days: Vec<f64>,
    pub(super) closed: Closed,
    metric: Metric,
    pub(super) clock: Clock,
    crs: Crs,
    zone: Zone,
    pub(super) partners: Partners,
    /// Own incidents of each moment, in units of the clock since 1970.
    pub(super) moments: BTreeMap<i64, u64>,
    undated: u64,
    rows_in: u64,
    rejected: BTreeMap<RejectReason, u64>,
}

/// Bytes of a moment and its incidents.
const MOMENT: u128 = 24;

impl NearRepeat {
    /// Counts the pairs seen from some of the incidents: those that are a part's own.
    ///
    /// `own` tells them from the others around them, which another part counts; without it, all
    /// are. Permutations, strata and labels have no part in it.
    ///
    /// Time: O(n log n + close pairs of different locations); memory O(n), whatever the pairs.
    ///
    /// ```
    /// use brandpunt::index::Tiles;
    /// use brandpunt::methods::near_repeat::NearRepeat;
    /// use brandpunt::synthetic::SyntheticCity;
    /// use brandpunt::Workers;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let incidents = SyntheticCity::new(2_000).seed(1).build()?.incidents;
    /// let (test, workers) = (NearRepeat::new(&[0.0, 200.0], &[0.0, 8.0]), Workers::new(1)?);
    /// let dealt = Tiles::new(2_000.0, 200.0)?.deal(incidents.x(), incidents.y())?;
    /// let mut squares = std::collections::BTreeMap::<_, (Vec<u32>, Vec<bool>)>::new();
    /// for row in 0..dealt.own.len() {
    ///     let square = squares.entry((dealt.column[row], dealt.row[row])).or_default();
    ///     square.0.push(dealt.incident[row]);
    ///     square.1.push(dealt.own[row]);
    /// }
    /// let mut parts = Vec::new();
    /// for (incident, own) in squares.values() {
    ///     parts.push(test.count_own(&incidents.take(incident), Some(own), &workers)?);
    /// }
    /// let first = parts.remove(0);
    /// let whole = parts.into_iter().try_fold(first, |sum, part| sum + part)?;
    /// let table = whole.table()?;
    /// let direct = test.permutations(1).run(&incidents)?.observed;
    /// assert!(table.observed.iter().zip(direct).all(|(parts, whole)| *parts as f64 == whole));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for edges that do not rise and for ends of spans,
    /// [`Fault::MissingColumn`] without times, [`Fault::LengthMismatch`] of `own`, [`Error::Crs`]
    /// for degrees, [`Error::TooLarge`] for too many different times, [`Error::Cancelled`].
    pub fn count_own(
        &self,
        incidents: &Incidents,
        own: Option<&[bool]>,
        workers: &Workers,
    ) -> Result<PairCounts> {
        let distances = Bands::new("distances", &self.distances, self.closed)?;
        let days = Bands::new("days", &self.days, self.closed)?;
        if self.options.ends.is_some() {
            let expected = "none: pairs of parts are whole numbers, of times that are known";
            return Err(Error::parameter("ends", "given", expected));
        }
        incidents.crs().require_metres()?;
        if let Some(own) = own.filter(|own| own.len() != incidents.len()) {
            let (told, all) = (own.len(), incidents.len());
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{told} values of own for {all} incidents; give one for each"),
            ));
        }
        let (metric, clock) = (self.options.metric, self.options.clock);
        let found = Moments::of(incidents, clock)?;
        let is_own = |position: usize| own.is_none_or(|own| own[position]);
        let at = |column: &[f64]| -> Vec<f64> {
            let dated = found.positions.iter();
            dated.map(|p| column[*p as usize]).collect()
        };
        let dated: Vec<bool> = found
            .positions
            .iter()
            .map(|p| is_own(*p as usize))
            .collect();
        let places = Places {
            x: &at(incidents.x()),
            y: &at(incidents.y()),
            units: &found.units,
            own: &dated,
        };
        let limits = Limits::of(&days, clock.units_per_day()).finite;
        let workers = workers.telling("near repeats", 0.0..1.0);
        let partners = Partners::of(&places, &distances, metric, &limits, &workers)?;
        let mut moments = BTreeMap::new();
        for (unit, _) in found.units.iter().zip(&dated).filter(|(_, own)| **own) {
            *moments.entry(found.first + i64::from(*unit)).or_default() += 1;
        }
        let all_own = (0..incidents.len()).filter(|p| is_own(*p)).count();
        let dated_own = dated.iter().filter(|own| **own).count();
        Ok(PairCounts {
            layout: PairCounts::LAYOUT,
            distances: self.distances.clone(),
            days: self.days.clone(),
            closed: self.closed,
            metric,
            clock,
            crs: incidents.crs(),
            zone: incidents.require_times()?.zone().clone(),
            partners,
            moments,
            undated: (all_own - dated_own) as u64,
            rows_in: 0,
            rejected: BTreeMap::new(),
        })
    }
}

impl PairCounts {
    /// The layout of what is counted; counts of another one are refused.
    pub const LAYOUT: u16 = 1;

    /// Takes the account of the rows of an input along: once for each part of the input, and not
    /// for each square that its incidents come to.
    #[must_use]
    pub fn accounting(mut self, incidents: &Incidents) -> Self {
        self.account(incidents.rows_in(), incidents.rejected().counts());
        self
    }

    fn account(&mut self, rows_in: u64, rejected: &BTreeMap<RejectReason, u64>) {
        self.rows_in += rows_in;
        for (reason, count) in rejected {
            *self.rejected.entry(*reason).or_default() += count;
        }
    }

    /// How many own incidents have a time.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.moments.values().sum()
    }

    /// How many own incidents have none; they are in no pair.
    #[must_use]
    pub fn undated(&self) -> u64 {
        self.undated
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

    /// Adds the counts of another part.
    ///
    /// # Errors
    /// [`Fault::PartMismatch`] for other bands, options, time zone or layout,
    /// [`Fault::CrsMismatch`]; [`Error::TooLarge`]. This one is then unchanged.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let alike = [
            (
                self.layout == other.layout,
                "layout (version of the library)",
            ),
            (self.distances == other.distances, "distances"),
            (self.days == other.days, "days"),
            (self.closed == other.closed, "closed edge"),
            (self.metric == other.metric, "metric"),
            (self.clock == other.clock, "clock"),
            (self.zone == other.zone, "time zone"),
        ];
        if self.crs != other.crs || alike.iter().any(|(same, _)| !same) {
            let differs = alike.iter().find(|(same, _)| !same);
            let (fault, what) = differs.map_or(
                (Fault::CrsMismatch, "coordinate reference system"),
                |(_, what)| (Fault::PartMismatch, *what),
            );
            let text =
                format!("pair counts of different {what} cannot be added; make all parts alike");
            return Err(Error::input(fault, text));
        }
        let bytes = self.bytes_with(other);
        afford("the times of pair counts", bytes, MOST_BYTES, || {
            "count time in calendar days".to_owned()
        })?;
        self.partners.add(&other.partners);
        for (moment, count) in &other.moments {
            *self.moments.entry(*moment).or_default() += count;
        }
        self.undated += other.undated;
        self.account(other.rows_in, &other.rejected);
        Ok(())
    }

    /// Bytes of the moments of both.
    fn bytes_with(&self, other: &Self) -> u128 {
        let new = |moment: &&i64| !self.moments.contains_key(moment);
        let new = other.moments.keys().filter(new).count();
        MOMENT * (self.moments.len() + new) as u128
    }

    /// The table of all pairs, once every part has been added.
    ///
    /// # Errors
    /// [`Fault::NoRows`] for fewer than two incidents with a time, [`Fault::PartMismatch`] when
    /// pairs were seen from one side only: a part is missing, or does not hold all that is near its
    /// own incidents; [`Error::TooLarge`] for more than 2³² incidents.
    pub fn table(&self) -> Result<PairTable> {
        PairTable::of(self)
    }
}

impl Add for PairCounts {
    type Output = Result<Self>;

    /// Adds two counts, as [`merge`](Self::merge).
    fn add(mut self, other: Self) -> Result<Self> {
        self.merge(&other)?;
        Ok(self)
    }
}
