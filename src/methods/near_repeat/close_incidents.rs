//! Pairs of incidents by how far apart they are.

use super::bands::Bands;
use super::metric::Metric;
use crate::error::Result;
use crate::index::{ClosePairs, IncidentIndex};
use crate::memory::{MOST_BYTES, afford};
use crate::parallel::Workers;

/// Bytes of a pair, in its piece and in the list that the pieces are joined to.
const PAIR: u128 = 16;

/// Pairs of incidents in each band of distance, each pair once.
///
/// Incidents are numbered along their locations, so that the partners of one lie together in
/// memory.
pub(super) struct CloseIncidents {
    /// The position that each number stands for.
    pub(super) order: Vec<u32>,
    /// By slot of [`Bands::slot`], what lies beyond the bands left out.
    pub(super) pairs: Vec<Vec<(u32, u32)>>,
}

/// Where the incidents of each location begin in the order.
struct Located<'a> {
    index: &'a IncidentIndex,
    start: Vec<u32>,
}

impl Located<'_> {
    fn numbers(&self, location: u32) -> std::ops::Range<u32> {
        self.start[location as usize]..self.start[location as usize + 1]
    }

    fn size(&self, location: u32) -> u64 {
        self.numbers(location).len() as u64
    }
}

impl CloseIncidents {
    /// Lists the pairs no farther apart than the largest finite edge.
    pub(super) fn list(
        x: &[f64],
        y: &[f64],
        bands: &Bands,
        metric: Metric,
        workers: &Workers,
    ) -> Result<Self> {
        const PIECE: usize = 1 << 10;
        let index = IncidentIndex::from_xy(x, y)?;
        let places = index.locations();
        let mut start = Vec::with_capacity(places + 1);
        let mut order = Vec::with_capacity(x.len());
        start.push(0);
        for location in 0..places as u32 {
            order.extend_from_slice(index.members(location));
            start.push(order.len() as u32);
        }
        // As the crow flies nothing is farther than along the streets, so this finds all.
        let near = index.close_pairs(bands.reach(), workers)?;
        let located = Located {
            index: &index,
            start,
        };
        located.afford(&near)?;
        let measured = bands.of(|edge| metric.of(edge));
        let pieces = workers.map_ranges(places, PIECE, |range| {
            located.pairs(range, &near, &measured, metric)
        })?;
        let mut pairs = vec![Vec::new(); bands.len() + 1];
        for piece in pieces {
            for (all, part) in pairs.iter_mut().zip(piece) {
                all.extend(part);
            }
        }
        Ok(Self { order, pairs })
    }
}

impl Located<'_> {
    /// Refuses what would not fit, before it is made.
    fn afford(&self, near: &ClosePairs) -> Result<()> {
        let same = |location| {
            let m = self.size(location);
            m * m.saturating_sub(1) / 2
        };
        let between: u64 = near.iter().map(|(a, b)| self.size(a) * self.size(b)).sum();
        let places = 0..self.index.locations() as u32;
        let total = between + places.clone().map(same).sum::<u64>();
        let bytes = PAIR * u128::from(total);
        afford(
            "a list of close pairs of incidents",
            bytes,
            MOST_BYTES,
            || {
                let most = places.map(|location| self.size(location)).max();
                format!(
                    "choose smaller distances, a shorter period, or one report per address and day \
                 (the busiest address has {})",
                    most.unwrap_or(0)
                )
            },
        )
    }

    /// The pairs whose first incident is on one of these locations.
    fn pairs(
        &self,
        locations: std::ops::Range<usize>,
        near: &ClosePairs,
        measured: &Bands,
        metric: Metric,
    ) -> Vec<Vec<(u32, u32)>> {
        let mut pairs = vec![Vec::new(); measured.len() + 1];
        let same = measured.slot(0.0);
        for a in locations {
            let a = a as u32;
            let (ax, ay) = self.index.at(a);
            if let Some(here) = pairs.get_mut(same) {
                for i in self.numbers(a) {
                    here.extend((i + 1..self.numbers(a).end).map(|j| (i, j)));
                }
            }
            for &b in near.of(a) {
                let (bx, by) = self.index.at(b);
                let slot = measured.slot(metric.measure(ax - bx, ay - by));
                let Some(here) = pairs.get_mut(slot) else {
                    continue;
                };
                for i in self.numbers(a) {
                    here.extend(self.numbers(b).map(|j| (i, j)));
                }
            }
        }
        pairs
    }
}
