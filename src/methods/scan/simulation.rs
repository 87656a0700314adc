//! The greatest ratios of many maps of chance.

use super::chance::{Chance, Spread};
use super::restricted::Restricted;
use super::sweep::{Field, Span};
use crate::error::Result;
use crate::parallel::Workers;
use crate::random::stream;

/// Maps that are scanned beside each other.
pub(super) const TOGETHER: usize = 16;
/// Bytes that the counts of simulated maps may take at a time.
const BYTES: usize = 64 << 20;
/// Most blocks of maps at a time.
const BLOCKS: usize = 16;
/// Ratios that differ by no more than rounding are equal.
const TIE: f64 = 1e-9;

/// What is simulated.
#[derive(Debug)]
pub(super) struct Simulation<'a> {
    pub(super) field: &'a Field,
    /// Where every map has windows of its own: which.
    pub(super) restricted: Option<&'a Restricted<'a>>,
    pub(super) chance: &'a Chance,
    /// For counts in series: how much a map varies, by which its ratios are divided.
    pub(super) spread: Option<&'a Spread>,
    pub(super) spans: &'a [Span],
    pub(super) seed: u64,
}

/// Some maps beside each other.
struct Block {
    /// Of the units, one after another, each summed up to every step.
    counts: Vec<[i32; TOGETHER]>,
    /// What the ratios are divided by.
    divisor: [f64; TOGETHER],
}

/// Bytes that simulated counts of so many cells take.
pub(super) fn bytes(cells: usize) -> u128 {
    (blocks_at_once(cells) * cells * size_of::<[i32; TOGETHER]>()) as u128
}

fn blocks_at_once(cells: usize) -> usize {
    (BYTES / (cells * size_of::<[i32; TOGETHER]>()).max(1)).clamp(1, BLOCKS)
}

/// Whether one ratio is at least another.
pub(super) fn reaches(simulated: f64, observed: f64) -> bool {
    simulated >= observed * (1.0 - TIE)
}

impl Simulation<'_> {
    /// The greatest ratio of each map, each divided by how much its map varies. With `until`, maps
    /// end with the one that is the so manieth to reach a ratio.
    pub(super) fn greatest(
        &self,
        replicates: usize,
        until: Option<(usize, f64)>,
        workers: &Workers,
    ) -> Result<Vec<f64>> {
        let cells = self.field.measures.len();
        let blocks = replicates.div_ceil(TOGETHER);
        let mut out: Vec<f64> = Vec::with_capacity(blocks * TOGETHER);
        let size = blocks_at_once(cells);
        for first in (0..blocks).step_by(size) {
            let last = (first + size).min(blocks);
            let share = |at: usize| at as f64 / blocks as f64;
            let told = workers.telling("replicates", share(first)..share(last));
            let made = workers
                .unheard()
                .map(last - first, |k| self.block(first + k, replicates))?;
            let ratios = self.ratios(&made, &told)?;
            for (block, ratios) in made.iter().zip(&ratios) {
                out.extend(ratios.iter().zip(&block.divisor).map(|(r, d)| r / d));
            }
            out.truncate(replicates);
            if let Some((most, observed)) = until {
                let mut reached = (1..).zip(&out).filter(|(_, r)| reaches(**r, observed));
                if let Some((number, _)) = reached.nth(most - 1) {
                    out.truncate(number);
                    break;
                }
            }
        }
        Ok(out)
    }

    /// Draws the maps of a block.
    fn block(&self, number: usize, replicates: usize) -> Block {
        let steps = self.field.steps;
        let cells = self.field.measures.len();
        let mut counts = vec![[0; TOGETHER]; cells];
        let mut divisor = [1.0; TOGETHER];
        let mut drawn = vec![0u32; cells];
        for lane in 0..TOGETHER {
            // What is left of the last block repeats its last map.
            let replicate = (number * TOGETHER + lane).min(replicates - 1);
            let mut random = stream(self.seed, replicate as u64);
            self.chance.draw(&mut random, &mut drawn);
            if let Some(spread) = self.spread {
                divisor[lane] = spread.of(&drawn).0.max(1.0);
            }
            for (unit, drawn) in counts.chunks_mut(steps).zip(drawn.chunks(steps)) {
                let mut sum = 0;
                for (cell, drawn) in unit.iter_mut().zip(drawn) {
                    sum += *drawn as i32;
                    cell[lane] = sum;
                }
            }
        }
        Block { counts, divisor }
    }

    /// The greatest ratio of each map of some blocks.
    fn ratios(&self, blocks: &[Block], workers: &Workers) -> Result<Vec<[f64; TOGETHER]>> {
        if let Some(restricted) = self.restricted {
            let found = workers.map(blocks.len() * TOGETHER, |k| {
                let counts = &blocks[k / TOGETHER].counts;
                let map: Vec<i32> = counts.iter().map(|unit| unit[k % TOGETHER]).collect();
                restricted.greatest(&map, self.field)
            })?;
            let (blocks, _) = found.as_chunks::<TOGETHER>();
            return Ok(blocks.to_vec());
        }
        let pieces = self.field.pieces(self.spans);
        let found = workers.map(blocks.len() * pieces, |k| {
            let counts = &blocks[k / pieces].counts;
            let best = self.field.best_of_piece(counts, self.spans, k % pieces);
            best.map(|b| b.ratio)
        })?;
        let greatest = |pieces: &[[f64; TOGETHER]]| {
            let mut most = [0.0f64; TOGETHER];
            for piece in pieces {
                for (most, ratio) in most.iter_mut().zip(piece) {
                    *most = most.max(*ratio);
                }
            }
            most
        };
        Ok(found.chunks(pieces).map(greatest).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen blocks of sixteen maps at a time, unless they take more than 64 MiB; one at least.
    #[test]
    fn maps_at_a_time_fit_into_memory() {
        for (cells, blocks) in [
            (1, 16),
            (1_000, 16),
            (65_536, 16),
            (65_537, 15),
            (300_000, 3),
            (1 << 20, 1),
            (10 << 20, 1),
        ] {
            assert_eq!(blocks_at_once(cells), blocks);
            assert_eq!(bytes(cells), (64 * cells * blocks) as u128);
        }
        assert_eq!(bytes(0), 0);
    }
}
