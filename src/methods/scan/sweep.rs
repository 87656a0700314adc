//! The greatest ratio among all windows, for several maps at once.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;

use super::rule::{Ladder, Rule};
use super::zones::Zones;
use crate::error::Result;
use crate::parallel::Workers;
use crate::vector::{Work, widest};

#[cfg(test)]
mod tests;

/// Windows that one unit of work looks at.
const PIECE: usize = 1_000_000;

/// Steps of a window: from the first number up to and including the second.
pub(super) type Span = (u32, u32);

/// All windows, what is expected in them, and how they are judged.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) zones: Zones,
    pub(super) rule: Rule,
    pub(super) ladder: Ladder,
    pub(super) steps: usize,
    /// Measures of the units, one after another, each summed up to every step.
    pub(super) measures: Vec<f64>,
}

/// The window that stands out most.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Best {
    /// Its log likelihood ratio, penalty included; zero if there is none.
    pub(super) ratio: f64,
    pub(super) walk: usize,
    pub(super) length: usize,
    pub(super) span: Span,
}

impl Field {
    /// Lists of windows that one unit of work looks at; the same for any number of threads.
    fn piece(&self, spans: &[Span]) -> usize {
        let windows = self.zones.length() * (spans.len() + self.steps);
        (PIECE * self.zones.walks() / windows.max(1)).max(1)
    }

    /// Pieces of work that all lists make.
    pub(super) fn pieces(&self, spans: &[Span]) -> usize {
        self.zones.walks().div_ceil(self.piece(spans))
    }

    /// The lists of one piece.
    fn walks(&self, piece: usize, spans: &[Span]) -> Range<usize> {
        let size = self.piece(spans);
        piece * size..((piece + 1) * size).min(self.zones.walks())
    }

    /// The best windows of several maps among the lists of one piece.
    pub(super) fn best_of_piece<const MAPS: usize>(
        &self,
        counts: &[[i32; MAPS]],
        spans: &[Span],
        piece: usize,
    ) -> [Best; MAPS] {
        widest(Sweep {
            field: self,
            counts,
            spans,
            walks: self.walks(piece, spans),
            best: [Best::default(); MAPS],
            from: vec![[0; MAPS]; self.ladder.bins()],
            upto: vec![[0; MAPS]; self.ladder.bins()],
        })
    }

    /// The best windows of several maps.
    pub(super) fn best<const MAPS: usize>(
        &self,
        counts: &[[i32; MAPS]],
        spans: &[Span],
        workers: &Workers,
    ) -> Result<[Best; MAPS]> {
        let pieces = workers.map(self.pieces(spans), |piece| {
            self.best_of_piece(counts, spans, piece)
        })?;
        let mut best = [Best::default(); MAPS];
        for piece in pieces {
            for (best, found) in best.iter_mut().zip(piece) {
                if found.ratio > best.ratio {
                    *best = found;
                }
            }
        }
        Ok(best)
    }
}

/// Maps of counts beside each other, and some lists of windows.
struct Sweep<'a, const MAPS: usize> {
    field: &'a Field,
    /// Of the units, one after another, each summed up to every step.
    counts: &'a [[i32; MAPS]],
    spans: &'a [Span],
    walks: Range<usize>,
    best: [Best; MAPS],
    /// For every bin of measures, the counts that may be better than the best of each map.
    from: Vec<[i32; MAPS]>,
    upto: Vec<[i32; MAPS]>,
}

impl<const MAPS: usize> Work for Sweep<'_, MAPS> {
    type Output = [Best; MAPS];

    #[inline(always)]
    fn call(mut self) -> [Best; MAPS] {
        let field = self.field;
        let steps = field.steps;
        let low = field.rule.sides.low();
        // Sums over the units of the window so far, up to every step; those before the first are
        // zero.
        let mut counts = vec![[0i32; MAPS]; steps + 1];
        let mut measures = vec![0.0; steps + 1];
        let mut penalty = f64::NAN;
        for walk in self.walks.clone() {
            counts.fill([0; MAPS]);
            measures.fill(0.0);
            let outline = field.zones.outline_of(walk);
            if outline.penalty != penalty {
                penalty = outline.penalty;
                (0..MAPS).for_each(|map| self.raise(map, penalty));
            }
            for (at, entry) in field.zones.walk(walk).enumerate() {
                let of_unit = entry.unit * steps..(entry.unit + 1) * steps;
                if entry.leaves {
                    subtract(&mut counts[1..], &self.counts[of_unit.clone()]);
                    for (sum, measure) in measures[1..].iter_mut().zip(&field.measures[of_unit]) {
                        *sum -= measure;
                    }
                    continue;
                }
                add(&mut counts[1..], &self.counts[of_unit.clone()]);
                for (sum, measure) in measures[1..].iter_mut().zip(&field.measures[of_unit]) {
                    *sum += measure;
                }
                if !entry.ends {
                    continue;
                }
                for &(first, last) in self.spans {
                    let (before, upto) = (first as usize, last as usize + 1);
                    let measure = measures[upto] - measures[before];
                    let bin = field.ladder.bin(measure);
                    let inside = difference(&counts[upto], &counts[before]);
                    if more(&inside, &self.from[bin]) || low && more(&self.upto[bin], &inside) {
                        let window = Best {
                            ratio: 0.0,
                            walk,
                            length: at + 1,
                            span: (first, last),
                        };
                        self.judge(&inside, measure, penalty, window);
                    }
                }
            }
        }
        self.best
    }
}

impl<const MAPS: usize> Sweep<'_, MAPS> {
    /// Works out the ratio of the maps that passed the thresholds.
    #[inline(never)]
    fn judge(&mut self, counts: &[i32; MAPS], measure: f64, penalty: f64, window: Best) {
        let bin = self.field.ladder.bin(measure);
        for (map, &count) in counts.iter().enumerate() {
            if count < self.from[bin][map] && count > self.upto[bin][map] {
                continue;
            }
            let ratio = penalty * self.field.rule.log_ratio(f64::from(count), measure);
            let before = self.best[map].ratio;
            if ratio > before {
                self.best[map] = Best { ratio, ..window };
                let ladder = &self.field.ladder;
                if ladder.rung(ratio) > ladder.rung(before) {
                    self.raise(map, penalty);
                }
            }
        }
    }

    /// Sets the thresholds of a map to what its best window asks for.
    fn raise(&mut self, map: usize, penalty: f64) {
        let ladder = &self.field.ladder;
        let table = ladder.table(penalty, ladder.rung(self.best[map].ratio));
        for ((from, upto), new) in self.from.iter_mut().zip(&mut self.upto).zip(table) {
            (from[map], upto[map]) = *new;
        }
    }
}

// No sum is above all cases; checks for overflow would keep maps from being added side by side.

#[inline(always)]
fn add<const MAPS: usize>(sums: &mut [[i32; MAPS]], terms: &[[i32; MAPS]]) {
    for (sums, terms) in sums.iter_mut().zip(terms) {
        *sums = each(*sums, terms, i32::wrapping_add);
    }
}

#[inline(always)]
fn subtract<const MAPS: usize>(sums: &mut [[i32; MAPS]], terms: &[[i32; MAPS]]) {
    for (sums, terms) in sums.iter_mut().zip(terms) {
        *sums = each(*sums, terms, i32::wrapping_sub);
    }
}

#[inline(always)]
fn difference<const MAPS: usize>(upto: &[i32; MAPS], before: &[i32; MAPS]) -> [i32; MAPS] {
    each(*upto, before, i32::wrapping_sub)
}

#[inline(always)]
fn each<const MAPS: usize>(
    mut these: [i32; MAPS],
    those: &[i32; MAPS],
    both: impl Fn(i32, i32) -> i32,
) -> [i32; MAPS] {
    for (this, that) in these.iter_mut().zip(those) {
        *this = both(*this, *that);
    }
    these
}

/// Whether any count is at least its threshold.
#[inline(always)]
fn more<const MAPS: usize>(counts: &[i32; MAPS], thresholds: &[i32; MAPS]) -> bool {
    // Without an early end the comparison is done for all maps at once.
    let each = counts.iter().zip(thresholds);
    each.fold(0, |any, (count, threshold)| {
        any | u32::from(count >= threshold)
    }) != 0
}
