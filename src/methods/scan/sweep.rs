//! The greatest ratio among all windows, for several maps at once.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;

use super::rule::{Rule, Thresholds};
use super::zones::Zones;
use crate::error::Result;
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Thresholds are made anew when the least of the greatest ratios has grown by this factor.
const GROWN: f64 = 1.5;
/// Windows that one unit of work looks at.
const PIECE: usize = 200_000;

/// Steps of a window: from the first number up to and including the second.
pub(super) type Span = (u32, u32);

/// All windows, what is expected in them, and how they are judged.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) zones: Zones,
    pub(super) rule: Rule,
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

    /// The best windows of several maps among the lists of one piece. Windows whose ratio is below
    /// the level of the thresholds may be passed over.
    pub(super) fn best_of_piece<const MAPS: usize>(
        &self,
        counts: &[[i32; MAPS]],
        spans: &[Span],
        piece: usize,
        thresholds: &Thresholds,
    ) -> [Best; MAPS] {
        widest(Sweep {
            field: self,
            counts,
            spans,
            walks: self.walks(piece, spans),
            thresholds,
        })
    }

    /// The best windows of several maps.
    pub(super) fn best<const MAPS: usize>(
        &self,
        counts: &[[i32; MAPS]],
        spans: &[Span],
        workers: &Workers,
    ) -> Result<[Best; MAPS]> {
        let thresholds = self.thresholds(0.0);
        let pieces = workers.map(self.pieces(spans), |piece| {
            self.best_of_piece(counts, spans, piece, &thresholds)
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

    pub(super) fn thresholds(&self, level: f64) -> Thresholds {
        Thresholds::new(&self.rule, level, &self.zones.penalties())
    }
}

/// Maps of counts beside each other, and some lists of windows.
struct Sweep<'a, const MAPS: usize> {
    field: &'a Field,
    /// Of the units, one after another, each summed up to every step.
    counts: &'a [[i32; MAPS]],
    spans: &'a [Span],
    walks: Range<usize>,
    thresholds: &'a Thresholds,
}

impl<const MAPS: usize> Work for Sweep<'_, MAPS> {
    type Output = [Best; MAPS];

    #[inline(always)]
    fn call(self) -> [Best; MAPS] {
        let steps = self.field.steps;
        let mut best = [Best::default(); MAPS];
        let mut raised: Option<Thresholds> = None;
        // Sums over the units of the window so far, up to every step; those before the first are
        // zero.
        let mut counts = vec![[0i32; MAPS]; steps + 1];
        let mut measures = vec![0.0; steps + 1];
        for walk in self.walks.clone() {
            counts.fill([0; MAPS]);
            measures.fill(0.0);
            let (_, outline) = self.field.zones.middle(walk);
            let thresholds = raised.as_ref().unwrap_or(self.thresholds);
            for (at, (unit, ends)) in self.field.zones.walk(walk).enumerate() {
                let of_unit = unit * steps..(unit + 1) * steps;
                add(&mut counts[1..], &self.counts[of_unit.clone()]);
                for (sum, measure) in measures[1..].iter_mut().zip(&self.field.measures[of_unit]) {
                    *sum += measure;
                }
                if !ends {
                    continue;
                }
                for &(first, last) in self.spans {
                    let (before, upto) = (first as usize, last as usize + 1);
                    let measure = measures[upto] - measures[before];
                    let (from, to) = thresholds.at(outline, measure);
                    let inside = difference(&counts[upto], &counts[before]);
                    if stands_out(&inside, from, to) {
                        let window = Best {
                            ratio: 0.0,
                            walk,
                            length: at + 1,
                            span: (first, last),
                        };
                        self.judge(&inside, measure, (from, to), window, &mut best);
                    }
                }
            }
            let least = best.iter().map(|b| b.ratio).fold(f64::INFINITY, f64::min);
            let level = raised.as_ref().map_or(self.thresholds.level, |t| t.level);
            if least > 0.0 && least > GROWN * level {
                raised = Some(self.field.thresholds(least));
            }
        }
        best
    }
}

impl<const MAPS: usize> Sweep<'_, MAPS> {
    /// Works out the ratio of the maps that passed the thresholds.
    #[inline(never)]
    fn judge(
        &self,
        counts: &[i32; MAPS],
        measure: f64,
        (from, upto): (i32, i32),
        window: Best,
        best: &mut [Best; MAPS],
    ) {
        let (_, outline) = self.field.zones.middle(window.walk);
        let penalty = self.field.zones.outline(outline).penalty;
        for (&count, best) in counts.iter().zip(best) {
            if count >= from || count <= upto {
                let ratio = penalty * self.field.rule.log_ratio(f64::from(count), measure);
                if ratio > best.ratio {
                    *best = Best { ratio, ..window };
                }
            }
        }
    }
}

#[inline(always)]
fn add<const MAPS: usize>(sums: &mut [[i32; MAPS]], terms: &[[i32; MAPS]]) {
    for (sums, terms) in sums.iter_mut().zip(terms) {
        for (sum, term) in sums.iter_mut().zip(terms) {
            *sum += term;
        }
    }
}

#[inline(always)]
fn difference<const MAPS: usize>(upto: &[i32; MAPS], before: &[i32; MAPS]) -> [i32; MAPS] {
    let mut out = *upto;
    for (out, before) in out.iter_mut().zip(before) {
        *out -= before;
    }
    out
}

#[inline(always)]
fn stands_out<const MAPS: usize>(counts: &[i32; MAPS], from: i32, upto: i32) -> bool {
    // Without an early end the comparison is done for all maps at once.
    counts
        .iter()
        .fold(false, |any, &count| any | (count >= from) | (count <= upto))
}
