//! Weighted pairs by distance, corrected for what lies beyond the border.
//!
//! Nothing is listed: pairs are found, weighted and added up a place at a time. Without a
//! correction, and with weights that are the same from both ends, each pair is found once. Else
//! places that have no border in reach find what comes after them, with the weight one, and the
//! few others everything around them.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::f64::consts::TAU;
use std::ops::Range;

use super::arc_cosine::arc_cosine;
use super::bins::Bins;
use super::cells::Cells;
use super::overlap::Overlap;
use super::places::Places;
use super::window::{Seen, Window};
use crate::error::Result;
use crate::parallel::Workers;
use crate::vector::{Work, widest};

/// Places in one unit of work.
const PIECE: usize = 512;
/// Least share of a circle that a weight makes up for.
pub(super) const LEAST_SHARE: f64 = 0.01;

/// How a pair is weighted.
#[derive(Debug)]
pub(super) enum Weighting {
    /// Not at all.
    None,
    /// The inverse share of the study area that is left when it is shifted as the pair lies.
    Translation(Overlap),
    /// The inverse share of the circle through the other place that lies inside.
    Isotropic,
    /// One or zero: a place counts up to the distance of the border.
    Border,
}

/// What pairs are added up by.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) window: &'a Window<'a>,
    pub(super) bins: &'a Bins,
    pub(super) weighting: &'a Weighting,
    /// Whether every pair is divided by its distance first; those on one place then do not count.
    pub(super) over_distance: bool,
}

/// Sums over ordered pairs per bin: of their weight, and with M > 1 times their distance to the
/// powers up to M − 1.
pub(super) type Sums<const M: usize> = Vec<[f64; M]>;

/// The places in order of their cells, as pairs are looked for.
struct Sorted {
    cells: Cells,
    mark: Vec<f64>,
    /// The mark of places that have no border in reach, 0 for the others.
    inner: Vec<f64>,
    /// Distance to the border, for places that have it in reach.
    border: Vec<f64>,
}

impl Pairs<'_> {
    /// Adds up over all ordered pairs of different places.
    pub(super) fn sums<const M: usize>(
        &self,
        places: &Places,
        workers: &Workers,
    ) -> Result<Sums<M>> {
        let reach = self.bins.reach();
        let bounds = self.window.area.bounds();
        let cells = Cells::new(&places.x, &places.y, bounds, 0.25 * reach);
        let mark: Vec<f64> = cells
            .number
            .iter()
            .map(|i| places.mark[*i as usize])
            .collect();
        let directed = matches!(self.weighting, Weighting::Isotropic | Weighting::Border);
        let border: Vec<f64> = if directed {
            let ends = cells.x.iter().zip(&cells.y);
            ends.map(|(x, y)| self.window.border_distance([*x, *y]))
                .collect()
        } else {
            Vec::new()
        };
        let inner = if directed {
            let kept = mark.iter().zip(&border);
            kept.map(|(m, b)| if b.is_infinite() { *m } else { 0.0 })
                .collect()
        } else {
            mark.clone()
        };
        let sorted = Sorted {
            cells,
            mark,
            inner,
            border,
        };
        let pieces = workers.map_ranges(sorted.cells.len(), PIECE, |range| {
            widest(Piece::<M> {
                pairs: self,
                sorted: &sorted,
                range,
            })
        })?;
        let mut out = vec![[0.0; M]; self.bins.len()];
        for piece in pieces {
            for (sum, part) in out.iter_mut().zip(piece) {
                for (sum, part) in sum.iter_mut().zip(part) {
                    *sum += part;
                }
            }
        }
        Ok(out)
    }
}

/// Some places and all pairs they find.
struct Piece<'a, const M: usize> {
    pairs: &'a Pairs<'a>,
    sorted: &'a Sorted,
    range: Range<usize>,
}

/// Working memory for what one place finds.
#[derive(Default)]
struct Found {
    squared: Vec<f64>,
    weight: Vec<f64>,
    mark: Vec<f64>,
    bin: Vec<u16>,
    /// By bin.
    distance: Vec<f64>,
    sorted_mark: Vec<f64>,
    outside: Vec<f64>,
    start: Vec<usize>,
    seen: Vec<Seen>,
}

/// Sums that are added to in turn, so that one need not wait for the one before.
struct Lanes<const M: usize>(Vec<[[f64; M]; 4]>);

impl<const M: usize> Lanes<M> {
    fn new(bins: usize) -> Self {
        Self(vec![[[0.0; M]; 4]; bins + 1])
    }

    #[inline(always)]
    fn add(&mut self, bin: usize, lane: usize, mut term: f64, distance: f64) {
        let sums = &mut self.0[bin][lane];
        sums[0] += term;
        for sum in &mut sums[1..] {
            term *= distance;
            *sum += term;
        }
    }

    fn sums(&self, bins: usize) -> Sums<M> {
        let sum = |lanes: &[[f64; M]; 4]| {
            std::array::from_fn(|m| (lanes[0][m] + lanes[1][m]) + (lanes[2][m] + lanes[3][m]))
        };
        self.0[..bins].iter().map(sum).collect()
    }
}

impl<const M: usize> Work for Piece<'_, M> {
    type Output = Sums<M>;

    #[inline(always)]
    fn call(self) -> Sums<M> {
        let bins = self.pairs.bins.len();
        let mut sums = Lanes::<M>::new(bins);
        let mut found = Found::default();
        for place in self.range.clone() {
            let border = self.sorted.border.get(place);
            match (self.pairs.weighting, border.filter(|b| b.is_finite())) {
                (Weighting::Translation(overlap), _) => {
                    self.later(place, Some(overlap), &mut found, &mut sums);
                }
                (Weighting::Isotropic, Some(_)) => {
                    self.around(place, &mut found);
                    self.inward(place, &mut found, &mut sums);
                    self.circles(place, &mut found, &mut sums);
                }
                (Weighting::Border, Some(border)) => {
                    self.around(place, &mut found);
                    self.inward(place, &mut found, &mut sums);
                    self.up_to(place, *border, &mut found, &mut sums);
                }
                _ => self.later(place, None, &mut found, &mut sums),
            }
        }
        sums.sums(bins)
    }
}

impl<const M: usize> Piece<'_, M> {
    /// Adds what comes after a place, for both ends.
    #[inline(always)]
    fn later(
        &self,
        place: usize,
        overlap: Option<&Overlap>,
        found: &mut Found,
        sums: &mut Lanes<M>,
    ) {
        let Sorted { cells, inner, .. } = self.sorted;
        let (x, y) = (cells.x[place], cells.y[place]);
        let both = 2.0 * self.sorted.mark[place];
        let Found {
            squared,
            weight,
            mark,
            ..
        } = found;
        squared.clear();
        mark.clear();
        weight.clear();
        cells.later(place, self.pairs.bins.reach(), |stretch| {
            let others = cells.x[stretch.clone()]
                .iter()
                .zip(&cells.y[stretch.clone()]);
            squared.extend(others.clone().map(|(ox, oy)| {
                let (dx, dy) = (ox - x, oy - y);
                dx * dx + dy * dy
            }));
            match overlap {
                None => mark.extend_from_slice(&inner[stretch]),
                Some(overlap) => mark.extend(
                    others
                        .zip(&inner[stretch])
                        .map(|((ox, oy), mark)| mark * overlap.weight(ox - x, oy - y)),
                ),
            }
        });
        self.add(both, squared, mark, sums);
    }

    /// Finds all around a place, itself excluded.
    #[inline(always)]
    fn around(&self, place: usize, found: &mut Found) {
        let Sorted {
            cells, inner, mark, ..
        } = self.sorted;
        let at = [cells.x[place], cells.y[place]];
        let Found {
            squared,
            weight,
            mark: marks,
            ..
        } = found;
        squared.clear();
        weight.clear();
        marks.clear();
        cells.around(at, self.pairs.bins.reach(), |stretch| {
            let others = cells.x[stretch.clone()]
                .iter()
                .zip(&cells.y[stretch.clone()]);
            let first = squared.len();
            squared.extend(others.map(|(ox, oy)| {
                let (dx, dy) = (ox - at[0], oy - at[1]);
                dx * dx + dy * dy
            }));
            if stretch.contains(&place) {
                squared[first + place - stretch.start] = f64::INFINITY;
            }
            weight.extend_from_slice(&inner[stretch.clone()]);
            marks.extend_from_slice(&mark[stretch]);
        });
    }

    /// Adds terms to their bins.
    #[inline(always)]
    fn add(&self, factor: f64, squared: &[f64], marks: &[f64], sums: &mut Lanes<M>) {
        for (lane, (squared, mark)) in squared.iter().zip(marks).enumerate() {
            let bin = self.pairs.bins.of(*squared);
            let (term, distance) = self.term(factor * mark, *squared);
            sums.add(bin, lane & 3, term, distance);
        }
    }

    /// A term and its distance where that matters.
    #[inline(always)]
    fn term(&self, term: f64, squared: f64) -> (f64, f64) {
        if M == 1 {
            return (term, 0.0);
        }
        let distance = squared.sqrt();
        if self.pairs.over_distance && distance > 0.0 {
            (term / distance, distance)
        } else if self.pairs.over_distance {
            (0.0, distance)
        } else {
            (term, distance)
        }
    }

    /// Adds what was found as it looks from the other end, where that has no border in reach;
    /// keeps the bins.
    #[inline(always)]
    fn inward(&self, place: usize, found: &mut Found, sums: &mut Lanes<M>) {
        let factor = self.sorted.mark[place];
        let Found {
            squared,
            weight,
            bin,
            ..
        } = found;
        bin.clear();
        for (lane, (squared, inner)) in squared.iter().zip(weight.iter()).enumerate() {
            let b = self.pairs.bins.of(*squared);
            bin.push(b as u16);
            if squared.is_finite() {
                let (term, distance) = self.term(factor * inner, *squared);
                sums.add(b, lane & 3, term, distance);
            }
        }
    }

    /// Adds what was found as it looks from a place near the border, weighted by circles.
    #[inline(always)]
    fn circles(&self, place: usize, found: &mut Found, sums: &mut Lanes<M>) {
        let edges = self.pairs.bins.edges();
        let bins = edges.len();
        by_bin(found, bins);
        let at = [self.sorted.cells.x[place], self.sorted.cells.y[place]];
        let inside = self.pairs.window.look(at, &mut found.seen);
        let Found {
            distance,
            sorted_mark,
            outside,
            start,
            seen,
            ..
        } = found;
        outside.clear();
        outside.resize(start[bins], TAU * (1.0 - inside));
        for edge in seen.iter() {
            let first = edges.partition_point(|e| *e <= edge.nearest);
            // From this bin on the edge lies within the circle whole.
            let past = (edges.partition_point(|e| *e < edge.farthest) + 1).min(bins);
            let (touched, beyond) = (start[first]..start[past], start[past]..start[bins]);
            let Seen {
                off,
                sign,
                from,
                to,
                ..
            } = *edge;
            for (out, distance) in outside[touched.clone()].iter_mut().zip(&distance[touched]) {
                let cosine = off / distance;
                let half = arc_cosine(if cosine < 1.0 { cosine } else { 1.0 });
                let (end, start) = (
                    if to < half { to } else { half },
                    if from > -half { from } else { -half },
                );
                let angle = end - start;
                *out += sign * if angle > 0.0 { angle } else { 0.0 };
            }
            let whole = sign * (to - from);
            for out in &mut outside[beyond] {
                *out += whole;
            }
        }
        for (out, mark) in outside.iter_mut().zip(sorted_mark.iter()) {
            let share = 1.0 - *out * (1.0 / TAU);
            *out = mark
                / if share > LEAST_SHARE {
                    share
                } else {
                    LEAST_SHARE
                };
        }
        let factor = self.sorted.mark[place];
        for bin in 0..bins {
            let range = start[bin]..start[bin + 1];
            for (lane, (weight, distance)) in outside[range.clone()]
                .iter()
                .zip(&distance[range])
                .enumerate()
            {
                let (term, distance) = self.term(factor * weight, distance * distance);
                sums.add(bin, lane & 3, term, distance);
            }
        }
    }

    /// Adds what was found, for radii up to the distance of the border: what is added in a bin is
    /// taken away again in the first one beyond.
    #[inline(always)]
    fn up_to(&self, place: usize, border: f64, found: &mut Found, sums: &mut Lanes<M>) {
        let factor = self.sorted.mark[place];
        let end = self.pairs.bins.edges().partition_point(|e| *e <= border);
        for (lane, (squared, (mark, bin))) in found
            .squared
            .iter()
            .zip(found.mark.iter().zip(&found.bin))
            .enumerate()
        {
            let bin = usize::from(*bin);
            if bin < end {
                let (term, distance) = self.term(factor * mark, *squared);
                sums.add(bin, lane & 3, term, distance);
                sums.add(end, lane & 3, -term, distance);
            }
        }
    }
}

/// Sorts distances and marks of what was found by their bins.
#[inline(always)]
fn by_bin(found: &mut Found, bins: usize) {
    let Found {
        squared,
        mark,
        bin,
        distance,
        sorted_mark,
        start,
        ..
    } = found;
    start.clear();
    start.resize(bins + 3, 0);
    for b in bin.iter() {
        start[usize::from(*b) + 2] += 1;
    }
    for b in 2..bins + 3 {
        start[b] += start[b - 1];
    }
    distance.clear();
    distance.resize(squared.len(), 0.0);
    sorted_mark.clear();
    sorted_mark.resize(squared.len(), 0.0);
    for ((squared, mark), b) in squared.iter().zip(mark.iter()).zip(bin.iter()) {
        let at = &mut start[usize::from(*b) + 1];
        distance[*at] = *squared;
        sorted_mark[*at] = *mark;
        *at += 1;
    }
    for distance in distance.iter_mut() {
        *distance = distance.sqrt();
    }
}
