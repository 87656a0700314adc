//! How far apart are pairs of places?

use super::places::Places;
use crate::error::Result;
use crate::parallel::Workers;

/// Places up to which every pair is kept.
const FEW: usize = 1_000;
/// Pieces of the work, however many threads there are.
const PIECES: usize = 64;
/// Bits of the fraction of a squared distance that tell stretches apart: 512 per doubling.
const BITS: u32 = 9;
const DROPPED: u32 = 52 - BITS;

/// Pairs of places whose squared distance lies in one stretch, by the mean over them of a parabola
/// through its two ends and its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Squared distances at the ends, the lower one excluded unless both are the same.
    pub(super) from: f64,
    pub(super) to: f64,
    /// Products of the masses of both places of each pair, each pair once.
    pub(super) mass: f64,
    /// The same times how far through the stretch a pair lies, and that squared.
    first: f64,
    second: f64,
}

impl Stretch {
    /// The sum of a function of the squared distance over the pairs, weighed by their masses; the
    /// function must be smooth within the stretch.
    pub(super) fn sum(&self, of: impl Fn(f64) -> f64) -> f64 {
        if self.from.to_bits() == self.to.to_bits() {
            return self.mass * of(self.from);
        }
        let middle = 0.5 * (self.from + self.to);
        of(self.from) * (self.mass - 3.0 * self.first + 2.0 * self.second)
            + of(middle) * 4.0 * (self.first - self.second)
            + of(self.to) * (2.0 * self.second - self.first)
    }
}

/// All pairs of different places at most `widest` apart, none of the stretches across one of
/// `borders`, which are distances. With few places each pair has a stretch of its own; with more,
/// stretches are a 512th of the squared distance long, so a smooth function is summed to 1e-9.
pub(super) fn distances(
    places: &Places,
    widest: f64,
    borders: &[f64],
    workers: &Workers,
) -> Result<Vec<Stretch>> {
    if places.len() <= FEW {
        let each = workers.map(places.len(), |i| {
            let mut out = Vec::new();
            places.later(i, widest, |j, squared| {
                out.push(Stretch {
                    from: squared,
                    to: squared,
                    mass: places.mass[i] * places.mass[j],
                    first: 0.0,
                    second: 0.0,
                });
            });
            out
        })?;
        return Ok(each.concat());
    }
    let stretches = Stretches::new(places.least_gap(), widest * widest, borders);
    let size = places.len().div_ceil(PIECES);
    let pieces = workers.map_ranges(places.len(), size, |range| {
        let mut sums = vec![[0.0; 3]; stretches.ends.len()];
        for i in range {
            let mass = places.mass[i];
            places.later(i, widest, |j, squared| {
                let (at, through) = stretches.place(squared);
                let pair = mass * places.mass[j];
                let [total, first, second] = &mut sums[at];
                *total += pair;
                *first += pair * through;
                *second += pair * through * through;
            });
        }
        sums
    })?;
    let of = |at: usize| {
        let [mass, first, second] = pieces.iter().fold([0.0; 3], |sums, piece| {
            [0, 1, 2].map(|k| sums[k] + piece[at][k])
        });
        Stretch {
            from: stretches.starts[at],
            to: stretches.ends[at],
            mass,
            first,
            second,
        }
    };
    let all = (0..stretches.ends.len()).map(of);
    Ok(all.filter(|s| s.mass > 0.0).collect())
}

/// The bits of a positive number that tell stretches apart; one on a border belongs below it.
fn leading(squared: f64) -> u64 {
    (squared.to_bits() - 1) >> DROPPED
}

/// Stretches of squared distance side by side.
struct Stretches {
    starts: Vec<f64>,
    ends: Vec<f64>,
    per_length: Vec<f64>,
    /// The leading bits of the least squared distance.
    least: u64,
    /// The first stretch of each combination of leading bits.
    first: Vec<u32>,
}

impl Stretches {
    fn new(least: f64, greatest: f64, borders: &[f64]) -> Self {
        let (low, high) = (leading(least), leading(greatest));
        let mut cuts: Vec<f64> = borders.iter().map(|b| b * b).collect();
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        let mut out = Self {
            starts: Vec::new(),
            ends: Vec::new(),
            per_length: Vec::new(),
            least: low,
            first: Vec::new(),
        };
        for bits in low..=high {
            out.first.push(out.ends.len() as u32);
            let (from, to) = (
                f64::from_bits(bits << DROPPED),
                f64::from_bits((bits + 1) << DROPPED),
            );
            let inside = cuts.iter().copied().filter(|c| *c > from && *c < to);
            let mut start = from;
            for end in inside.chain([to]) {
                out.starts.push(start);
                out.ends.push(end);
                out.per_length.push(1.0 / (end - start));
                start = end;
            }
        }
        out
    }

    /// The stretch of a squared distance and how far through it lies.
    fn place(&self, squared: f64) -> (usize, f64) {
        let mut at = self.first[(leading(squared) - self.least) as usize] as usize;
        while squared > self.ends[at] {
            at += 1;
        }
        (at, (squared - self.starts[at]) * self.per_length[at])
    }
}
