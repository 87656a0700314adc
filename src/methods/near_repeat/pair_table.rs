//! The near-repeat table of pair counts.

use super::banded::{Limits, Table};
use super::bands::Bands;
use super::matched::{Closeness, matches};
use super::near_repeat::{ratio, stands_out};
use super::pair_counts::PairCounts;
use super::studied::undated;
use crate::error::{Error, Fault, Result};
use crate::model::Warning;
use crate::stats::katz_upper_tail;

/// The near-repeat table of incidents that were never in one place: as [`NearRepeatResult`], with
/// the exact mean and variance over all orders of the times instead of orders drawn.
///
/// Tables are by row of distance, then by band of time.
///
/// [`NearRepeatResult`]: super::NearRepeatResult
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PairTable {
    /// Edges of the bands of distance, in metres.
    pub distances: Vec<f64>,
    /// Edges of the bands of time, in days.
    pub days: Vec<f64>,
    /// Pairs in both bands.
    pub observed: Vec<u64>,
    /// Pairs to be expected over all orders of the times.
    pub expected: Vec<f64>,
    /// Their standard deviation over all orders of the times.
    pub deviation: Vec<f64>,
    /// Observed to expected pairs, NaN where none is expected.
    pub ratio: Vec<f64>,
    /// The share of the orders with at least as many pairs, from the distribution of counts of this
    /// mean and variance (Katz 1965): negative binomial, Poisson or binomial. NaN where none is
    /// expected.
    pub p: Vec<f64>,
    /// Whether the ratio is at least 1.2 and p at most 0.05.
    pub stands_out: Vec<bool>,
    /// Incidents with a time.
    pub used: u64,
    /// Incidents without.
    pub undated: u64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// Incidents whose pairs a 64-bit number can count, each pair seen from both sides.
const MOST_INCIDENTS: u64 = 1 << 32;

impl PairTable {
    pub(super) fn of(counts: &PairCounts) -> Result<Self> {
        let n = counts.used();
        if n < 2 {
            let text = format!("{n} incidents have a time; pairs need two");
            return Err(Error::input(Fault::NoRows, text));
        }
        if n > MOST_INCIDENTS {
            return Err(Error::too_large(
                "a table of pairs",
                8 * u128::from(n),
                8 * u128::from(MOST_INCIDENTS),
                "choose a shorter period",
            ));
        }
        let partners = &counts.partners;
        if partners
            .met
            .iter()
            .chain(&partners.near)
            .any(|ends| ends % 2 == 1)
        {
            return Err(Error::input(
                Fault::PartMismatch,
                "some pairs were seen from one side only; add every part once, and give each all \
                 incidents within the largest finite distance of its own",
            ));
        }
        let distances = Bands::new("distances", &counts.distances, counts.closed)?;
        let days = Bands::new("days", &counts.days, counts.closed)?;
        let limits = Limits::of(&days, counts.clock.units_per_day());
        let times = Orderly::of(counts, &limits, n);
        let halves = |ends: &[u64]| ends.iter().map(|ends| ends / 2).collect::<Vec<u64>>();
        let table = Table {
            beyond: distances.open_ended(),
            limits: &limits,
            sizes: halves(&partners.near),
            within: times.within.clone(),
            all: n * (n - 1) / 2,
        };
        let observed = table.bands(&halves(&partners.met));
        let moments: Vec<(f64, f64)> = space(counts, distances.open_ended(), n)
            .iter()
            .flat_map(|s| times.bands.iter().map(|t| matches(n, *s, *t)))
            .collect();
        let expected: Vec<f64> = moments.iter().map(|(mean, _)| *mean).collect();
        let pairs: Vec<f64> = observed.iter().map(|o| *o as f64).collect();
        let ratio = ratio(&pairs, &expected);
        let p: Vec<f64> = observed
            .iter()
            .zip(&moments)
            .map(|(o, (mean, variance))| {
                if *mean > 0.0 {
                    katz_upper_tail(*o, *mean, *variance)
                } else {
                    f64::NAN
                }
            })
            .collect();
        Ok(Self {
            distances: counts.distances.clone(),
            days: counts.days.clone(),
            stands_out: stands_out(&ratio, &p),
            observed,
            expected,
            deviation: moments
                .iter()
                .map(|(_, variance)| variance.sqrt())
                .collect(),
            ratio,
            p,
            used: n,
            undated: counts.undated(),
            warnings: undated(
                counts.undated() as usize,
                (n + counts.undated()) as usize,
                "time",
            )
            .into_iter()
            .collect(),
        })
    }
}

/// The closeness of each band of distance.
fn space(counts: &PairCounts, open_ended: bool, n: u64) -> Vec<Closeness> {
    let partners = &counts.partners;
    let near = || partners.near.iter().map(|ends| u128::from(*ends));
    // The first slot lies below the first band.
    let bands = near().zip(&partners.squares).skip(1);
    let mut out: Vec<Closeness> = bands.map(|(ends, s)| Closeness::of(ends, *s)).collect();
    if open_ended {
        // Beyond the last edge are all others that no slot holds.
        let (n, others) = (u128::from(n), u128::from(n - 1));
        let listed: u128 = near().sum();
        let together = partners.squares.last().copied().unwrap_or_default();
        let squares = n * others * others + together - 2 * others * listed;
        out.push(Closeness::of(n * others - listed, squares));
    }
    out
}

/// What the times alone tell.
struct Orderly {
    /// Pairs within each finite limit.
    within: Vec<u64>,
    bands: Vec<Closeness>,
}

impl Orderly {
    fn of(counts: &PairCounts, limits: &Limits, n: u64) -> Self {
        let moments: Vec<i64> = counts.moments.keys().copied().collect();
        let mut before = vec![0u64];
        for count in counts.moments.values() {
            before.push(before[before.len() - 1] + count);
        }
        let mut within = vec![0u128; limits.finite.len()];
        let mut sums: Vec<(u128, u128)> = Vec::new();
        for (moment, count) in &counts.moments {
            let around: Vec<u64> = limits
                .finite
                .iter()
                .map(|most| {
                    let most = i64::from(*most);
                    let from = moments.partition_point(|m| *m < moment.saturating_sub(most));
                    let to = moments.partition_point(|m| *m <= moment.saturating_add(most));
                    before[to] - before[from] - 1
                })
                .collect();
            let below = limits.below(&around, n - 1);
            sums.resize(below.len() - 1, (0, 0));
            for ((ends, squares), w) in sums.iter_mut().zip(below.windows(2)) {
                let (count, partners) = (u128::from(*count), u128::from(w[1] - w[0]));
                *ends += count * partners;
                *squares += count * partners * partners;
            }
            for (within, around) in within.iter_mut().zip(around) {
                *within += u128::from(*count) * u128::from(around);
            }
        }
        Self {
            // Each pair was seen from both sides.
            within: within.into_iter().map(|ends| (ends / 2) as u64).collect(),
            bands: sums.into_iter().map(|(e, s)| Closeness::of(e, s)).collect(),
        }
    }
}
