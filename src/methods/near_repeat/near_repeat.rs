//! At what distance, and for how long, is an incident followed by another?

use super::banded::{Limits, Table};
use super::bands::{Bands, Closed};
use super::chains::RepeatLabel;
use super::options::{Options, setters};
use super::studied::{Studied, reaches};
use crate::error::Result;
use crate::model::{Incidents, Warning};
use crate::parallel::Workers;

#[cfg(test)]
pub(super) mod tests;

/// The near-repeat table: are pairs of incidents close in space *and* time more frequent than
/// places and times by themselves would make them, and up to which distance and delay?
///
/// In each band of distance s and of time t
///
/// ```text
/// observed  = pairs of incidents in both bands
/// expected  = pairs in s × pairs in t / all pairs
/// ratio     = observed / expected
/// p         = (1 + orders of the times with at least `observed` pairs) / (1 + orders)
/// ```
///
/// The expectation is that over all orders of the times, exact and not simulated; with
/// [`strata`](Self::strata) it is the mean of those drawn. A band stands out by the convention of
/// Haberman & Ratcliffe: ratio at least 1.2, p at most 0.05. The p-values of neighbouring bands are
/// not independent and not corrected: read the table as a whole, from the nearest band outward.
///
/// A population that grew faster in one district than in another makes pairs close in both, with
/// no incident following another (Kulldorff & Hjalmars 1999): keep the period short, or give
/// strata.
///
/// # Cost
/// Memory for the pairs within the largest finite distance, never for all pairs; time
/// O(permutations × close pairs × bands of time). Progress and stopping between blocks of 16 orders.
/// With spans each pair takes some nanoseconds more, and all pairs that may be close in time are
/// gone through once.
///
/// # Spans
/// Of much that happens at night or in the holidays only a first and a last moment are known. With
/// [`ends`](Self::ends) a pair counts with the chance that its delay lies in a band, each moment of a
/// span being as likely, which is a piecewise quadratic of the ends: `observed` is an expected number
/// of pairs. Days of the calendar are the days on which the moments lie, elapsed time is continuous.
/// Orders exchange whole spans. An end that is missing or not after its beginning leaves the moment
/// of the beginning; a span of more than 366 days says nothing and counts as no time. Two incidents
/// are partners when that is more likely than not, and the one with the earlier middle came first.
///
/// # Missing and odd values
/// Incidents without a time are left out, counted in `undated` and warned of. A ratio without
/// expected pairs is NaN.
///
/// Source: Johnson et al. 2007, Journal of Quantitative Criminology 23:201,
/// doi:10.1007/s10940-007-9025-3; Haberman & Ratcliffe 2012, Policing 6:151,
/// doi:10.1093/police/pas007; Kulldorff & Hjalmars 1999, Biometrics 55:544,
/// doi:10.1111/j.0006-341X.1999.00544.x.
///
/// ```
/// use brandpunt::methods::near_repeat::NearRepeat;
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(1).build()?;
/// let found = NearRepeat::new(&[0.0, 1.0, 101.0, 201.0], &[0.0, 8.0, 15.0])
///     .permutations(99)
///     .run(&city.incidents)?;
/// assert_eq!(found.observed.len(), 3 * 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NearRepeat {
    pub(super) distances: Vec<f64>,
    pub(super) days: Vec<f64>,
    pub(super) closed: Closed,
    pub(super) options: Options,
}

/// A near-repeat table and the part each incident has in it. Tables are by row of distance, then by
/// band of time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NearRepeatResult {
    /// Edges of the bands of distance, in metres.
    pub distances: Vec<f64>,
    /// Edges of the bands of time, in days.
    pub days: Vec<f64>,
    /// Pairs in both bands: whole numbers, unless times are spans.
    pub observed: Vec<f64>,
    /// Pairs to be expected.
    pub expected: Vec<f64>,
    /// Median of the pairs over the orders that were drawn.
    pub median: Vec<f64>,
    /// Observed to expected pairs.
    pub ratio: Vec<f64>,
    /// Share of the orders with at least as many pairs.
    pub p: Vec<f64>,
    /// Whether the ratio is at least 1.2 and p at most 0.05.
    pub stands_out: Vec<bool>,
    /// The part of each incident, among partners in the bands that have an end.
    pub label: Vec<RepeatLabel>,
    /// Number of the chain an incident belongs to, by the chain's first incident.
    pub chain: Vec<Option<u32>>,
    /// How many incidents each chain has.
    pub chain_size: Vec<u32>,
    /// Incidents with a time.
    pub used: usize,
    /// Incidents without.
    pub undated: usize,
    /// How often the times were exchanged.
    pub permutations: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

setters!(NearRepeat);

impl NearRepeat {
    /// Bands between edges in metres and in days; the last edge of each may be infinite.
    #[must_use]
    pub fn new(distances: &[f64], days: &[f64]) -> Self {
        Self {
            distances: distances.to_vec(),
            days: days.to_vec(),
            closed: Closed::Left,
            options: Options::default(),
        }
    }

    /// Sets which edge belongs to a band.
    #[must_use]
    pub fn closed(mut self, closed: Closed) -> Self {
        self.closed = closed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<NearRepeatResult> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for edges that do not rise or no permutation, [`Fault::NoRows`] for
    /// fewer than two incidents with a time, [`Fault::MissingColumn`] without times,
    /// [`Fault::LengthMismatch`] of the strata, [`Error::Crs`] for degrees, [`Error::TooLarge`] for
    /// too many close pairs, [`Error::Cancelled`].
    ///
    /// [`Error::Parameter`]: crate::Error::Parameter
    /// [`Fault::NoRows`]: crate::Fault::NoRows
    /// [`Fault::MissingColumn`]: crate::Fault::MissingColumn
    /// [`Fault::LengthMismatch`]: crate::Fault::LengthMismatch
    /// [`Error::Crs`]: crate::Error::Crs
    /// [`Error::TooLarge`]: crate::Error::TooLarge
    /// [`Error::Cancelled`]: crate::Error::Cancelled
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<NearRepeatResult> {
        let distances = Bands::new("distances", &self.distances, self.closed)?;
        let days = Bands::new("days", &self.days, self.closed)?;
        let studied = Studied::of(incidents, &distances, &self.options, workers)?;
        let limits = Limits::of(&days, self.options.clock.units_per_day());
        let workers = workers.telling("near repeats", 0.0..1.0);
        // What lies beyond the last finite distance is the rest of all pairs.
        let finite = distances.finite();
        let lists: Vec<_> = studied.pairs[..=finite].iter().map(Vec::as_slice).collect();
        let orders = studied.close_pairs(&self.options, &lists, &limits.finite, &workers)?;
        let unheard = workers.unheard();
        let within = limits
            .finite
            .iter()
            .map(|l| studied.pairs_within(*l, &unheard));
        let table = Table {
            beyond: distances.open_ended(),
            limits: &limits,
            sizes: lists.iter().map(|p| p.len() as f64).collect(),
            within: within.collect::<Result<_>>()?,
            all: studied.all_pairs() as f64,
        };
        let observed = table.bands(&orders[0]);
        let simulated: Vec<Vec<f64>> = orders[1..].iter().map(|o| table.bands(o)).collect();
        let expected = if self.options.strata.is_none() {
            table.expected()
        } else {
            means(&simulated)
        };
        let ratio = ratio(&observed, &expected);
        let (p, median) = tails(&observed, &simulated);
        let stands_out = stands_out(&ratio, &p);
        let close = |i, j| limits.hold(|most| studied.within(i, j, most));
        let chains = studied.chains(1..finite + 1, close, &self.options);
        Ok(NearRepeatResult {
            distances: self.distances.clone(),
            days: self.days.clone(),
            observed,
            expected,
            median,
            ratio,
            p,
            stands_out,
            label: chains.label,
            chain: chains.chain,
            chain_size: chains.size,
            used: studied.len(),
            undated: studied.undated(),
            permutations: self.options.permutations,
            warnings: studied.undated_warning().into_iter().collect(),
        })
    }
}

/// Observed to expected pairs, NaN where none is expected.
pub(super) fn ratio(observed: &[f64], expected: &[f64]) -> Vec<f64> {
    let of = |(o, e): (&f64, &f64)| if *e > 0.0 { o / e } else { f64::NAN };
    observed.iter().zip(expected).map(of).collect()
}

/// Which bands stand out by the convention of Haberman & Ratcliffe.
pub(super) fn stands_out(ratio: &[f64], p: &[f64]) -> Vec<bool> {
    let of = |(ratio, p): (&f64, &f64)| *ratio >= 1.2 && *p <= 0.05;
    ratio.iter().zip(p).map(of).collect()
}

fn means(simulated: &[Vec<f64>]) -> Vec<f64> {
    let cells = simulated.first().map_or(0, Vec::len);
    let mean = |cell: usize| {
        let total: f64 = simulated.iter().map(|s| s[cell]).sum();
        total / simulated.len() as f64
    };
    (0..cells).map(mean).collect()
}

/// p-values and medians of each band.
fn tails(observed: &[f64], simulated: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let of_cell = |(cell, observed): (usize, &f64)| {
        let mut drawn: Vec<f64> = simulated.iter().map(|s| s[cell]).collect();
        drawn.sort_by(f64::total_cmp);
        let reached = drawn.len() - drawn.partition_point(|d| !reaches(*d, *observed));
        let (low, high) = (drawn[(drawn.len() - 1) / 2], drawn[drawn.len() / 2]);
        let p = (1 + reached) as f64 / (1 + drawn.len()) as f64;
        (p, 0.5 * (low + high))
    };
    observed.iter().enumerate().map(of_cell).unzip()
}
