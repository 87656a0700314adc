//! How many pairs are close in time, as it was and with the times exchanged.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use rand::seq::SliceRandom;

use crate::error::Result;
use crate::parallel::Workers;
use crate::random::stream;
use crate::vector::{Work, widest};

/// Orders of the times that are compared in one pass over the pairs.
const TOGETHER: usize = 16;

/// Pairs that are compared with one limit after the other while they are at hand.
const AT_HAND: usize = 1 << 12;

/// A time in whole units, in as few bits as the span allows.
trait Moment: Copy + Default + Send + Sync {
    fn from_units(units: u32) -> Self;
    /// One if the two are at most `most` apart.
    fn met(self, other: Self, most: Self) -> u16;
}

macro_rules! moment {
    ($type:ty) => {
        impl Moment for $type {
            fn from_units(units: u32) -> Self {
                units as Self
            }

            #[inline(always)]
            fn met(self, other: Self, most: Self) -> u16 {
                u16::from(self.abs_diff(other) <= most)
            }
        }
    };
}
moment!(u16);
moment!(u32);

/// Times of the incidents and the way they may be exchanged.
pub(super) struct Exchange<'a> {
    /// By number of the incident.
    pub(super) units: &'a [u32],
    pub(super) span: u32,
    /// Numbers of incidents that exchange their times among themselves.
    pub(super) groups: &'a [Vec<u32>],
    pub(super) permutations: usize,
    pub(super) seed: u64,
}

impl Exchange<'_> {
    /// For each order of the times, the observed one first, how many pairs of each list are at
    /// most each limit apart: `[order][list * limits + limit]`.
    pub(super) fn close_pairs(
        &self,
        lists: &[&[(u32, u32)]],
        limits: &[u32],
        workers: &Workers,
    ) -> Result<Vec<Vec<u64>>> {
        if u16::try_from(self.span).is_ok() {
            self.compare::<u16>(lists, limits, workers)
        } else {
            self.compare::<u32>(lists, limits, workers)
        }
    }

    fn compare<M: Moment>(
        &self,
        lists: &[&[(u32, u32)]],
        limits: &[u32],
        workers: &Workers,
    ) -> Result<Vec<Vec<u64>>> {
        let orders = self.permutations + 1;
        // Every time is at most the span from every other: a larger limit is the same.
        let limits: Vec<M> = limits
            .iter()
            .map(|l| M::from_units((*l).min(self.span)))
            .collect();
        let blocks = workers.map(orders.div_ceil(TOGETHER), |block| {
            let first = block * TOGETHER;
            let table = self.table::<M>(first..(first + TOGETHER).min(orders));
            let mut met = vec![[0u64; TOGETHER]; lists.len() * limits.len()];
            for (list, met) in lists.iter().zip(met.chunks_mut(limits.len().max(1))) {
                for pairs in list.chunks(AT_HAND) {
                    for (most, met) in limits.iter().zip(met.iter_mut()) {
                        let found = widest(Compare {
                            pairs,
                            table: &table,
                            most: *most,
                        });
                        for (sum, found) in met.iter_mut().zip(found) {
                            *sum += u64::from(found);
                        }
                    }
                }
            }
            met
        })?;
        Ok((0..orders)
            .map(|order| {
                let block = &blocks[order / TOGETHER];
                block.iter().map(|met| met[order % TOGETHER]).collect()
            })
            .collect())
    }

    /// The times in some orders, those of one incident beside each other.
    fn table<M: Moment>(&self, orders: std::ops::Range<usize>) -> Vec<[M; TOGETHER]> {
        let mut table = vec![[M::default(); TOGETHER]; self.units.len()];
        let mut exchanged = Vec::new();
        for (lane, order) in orders.enumerate() {
            if order == 0 {
                for (row, units) in table.iter_mut().zip(self.units) {
                    row[lane] = M::from_units(*units);
                }
                continue;
            }
            let mut random = stream(self.seed, order as u64);
            for group in self.groups {
                exchanged.clear();
                exchanged.extend(group.iter().map(|i| self.units[*i as usize]));
                exchanged.shuffle(&mut random);
                for (i, units) in group.iter().zip(&exchanged) {
                    table[*i as usize][lane] = M::from_units(*units);
                }
            }
        }
        table
    }
}

/// Counts, in each order, the pairs that are at most `most` apart.
struct Compare<'a, M> {
    pairs: &'a [(u32, u32)],
    table: &'a [[M; TOGETHER]],
    most: M,
}

impl<M: Moment> Work for Compare<'_, M> {
    type Output = [u16; TOGETHER];

    #[inline(always)]
    fn call(self) -> Self::Output {
        // Fewer pairs are at hand than sixteen bits count.
        let mut met = [0u16; TOGETHER];
        for &(i, j) in self.pairs {
            let (a, b) = (&self.table[i as usize], &self.table[j as usize]);
            for lane in 0..TOGETHER {
                met[lane] += a[lane].met(b[lane], self.most);
            }
        }
        met
    }
}
