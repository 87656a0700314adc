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
    /// What a place counts that is found by one before it without a border in reach: from there,
    /// and if it has none in reach either, back.
    both: Vec<f64>,
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
            both: mark.iter().zip(&inner).map(|(m, i)| m + i).collect(),
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
    mark: Vec<f64>,
    /// What is counted of a pair, from one end or from both.
    weight: Vec<f64>,
    /// Where what comes after the place begins.
    later: usize,
    seen: Vec<Seen>,
    by_bin: ByBin,
}

/// What was found in the order of its bins.
#[derive(Default)]
struct ByBin {
    start: Vec<usize>,
    bin: Vec<u16>,
    distance: Vec<f64>,
    mark: Vec<f64>,
    outside: Vec<f64>,
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

    /// Takes what others hold in the bins before an end, and takes it away again from that bin on;
    /// they hold nothing then.
    #[inline(always)]
    fn take_up_to(&mut self, end: usize, others: &mut Self) {
        let (before, rest) = self.0.split_at_mut(end);
        for (sums, other) in before.iter_mut().zip(&others.0) {
            for (sum, part) in sums.iter_mut().flatten().zip(other.iter().flatten()) {
                *sum += part;
            }
            for (sum, part) in rest[0].iter_mut().flatten().zip(other.iter().flatten()) {
                *sum -= part;
            }
        }
        for other in &mut others.0 {
            *other = [[0.0; M]; 4];
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
        let mut up_to = Lanes::<M>::new(bins);
        let mut found = Found::default();
        for place in self.range.clone() {
            let border = self.sorted.border.get(place);
            let factor = self.sorted.mark[place];
            match (self.pairs.weighting, border.filter(|b| b.is_finite())) {
                (Weighting::Isotropic, Some(_)) => {
                    self.around(place, &mut found);
                    self.circles(place, &mut found, &mut sums);
                }
                (Weighting::Border, Some(border)) => {
                    self.around(place, &mut found);
                    let end = self.pairs.bins.edges().partition_point(|e| e <= border);
                    self.add(factor, &found.squared, &found.mark, &mut up_to);
                    sums.take_up_to(end, &mut up_to);
                    let (squared, weight) = (&found.squared, &found.weight);
                    self.add(
                        factor,
                        &squared[found.later..],
                        &weight[found.later..],
                        &mut sums,
                    );
                }
                _ => self.later(place, &mut found, &mut sums),
            }
        }
        sums.sums(bins)
    }
}

impl<const M: usize> Piece<'_, M> {
    /// Adds what comes after a place.
    #[inline(always)]
    fn later(&self, place: usize, found: &mut Found, sums: &mut Lanes<M>) {
        let Sorted { cells, both, .. } = self.sorted;
        let (x, y) = (cells.x[place], cells.y[place]);
        let Found {
            squared, weight, ..
        } = found;
        squared.clear();
        weight.clear();
        cells.later(place, self.pairs.bins.reach(), |stretch| {
            let others = cells.x[stretch.clone()]
                .iter()
                .zip(&cells.y[stretch.clone()]);
            squared.extend(others.clone().map(|(ox, oy)| {
                let (dx, dy) = (ox - x, oy - y);
                dx * dx + dy * dy
            }));
            let marks = others.zip(&both[stretch.clone()]);
            match self.pairs.weighting {
                Weighting::Translation(Overlap::Rectangle(width, height)) => {
                    let overlap = Overlap::Rectangle(*width, *height);
                    weight.extend(marks.map(|((ox, oy), m)| m * overlap.weight(ox - x, oy - y)));
                }
                Weighting::Translation(overlap) => {
                    weight.extend(marks.map(|((ox, oy), m)| m * overlap.weight(ox - x, oy - y)));
                }
                _ => weight.extend_from_slice(&both[stretch]),
            }
        });
        self.add(self.sorted.mark[place], squared, weight, sums);
    }

    /// Finds all around a place, itself infinitely far; of what comes later, `weight` counts the
    /// pair as it looks from there, if no border is in reach there.
    #[inline(always)]
    fn around(&self, place: usize, found: &mut Found) {
        let Sorted {
            cells, inner, mark, ..
        } = self.sorted;
        let at = [cells.x[place], cells.y[place]];
        found.squared.clear();
        found.mark.clear();
        found.weight.clear();
        cells.around(at, self.pairs.bins.reach(), |stretch| {
            let others = cells.x[stretch.clone()]
                .iter()
                .zip(&cells.y[stretch.clone()]);
            let first = found.squared.len();
            found.squared.extend(others.map(|(ox, oy)| {
                let (dx, dy) = (ox - at[0], oy - at[1]);
                dx * dx + dy * dy
            }));
            if stretch.contains(&place) {
                found.later = first + place - stretch.start;
                found.squared[found.later] = f64::INFINITY;
            }
            found.mark.extend_from_slice(&mark[stretch.clone()]);
            found.weight.extend_from_slice(&inner[stretch]);
        });
    }

    /// Adds terms to their bins.
    #[inline(always)]
    fn add(&self, factor: f64, squared: &[f64], weights: &[f64], sums: &mut Lanes<M>) {
        for (lane, (squared, weight)) in squared.iter().zip(weights).enumerate() {
            let bin = self.pairs.bins.of(*squared);
            let (term, distance) = self.term(factor * weight, *squared);
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

    /// Adds what was found as it looks from a place near the border, weighted by circles, and of
    /// what comes later as it looks from there.
    #[inline(always)]
    fn circles(&self, place: usize, found: &mut Found, sums: &mut Lanes<M>) {
        /// Edges up to which it costs less to ask each of every pair than to sort the pairs.
        const FEW: usize = 4;
        let at = [self.sorted.cells.x[place], self.sorted.cells.y[place]];
        let factor = self.sorted.mark[place];
        let inside = self.pairs.window.look(at, &mut found.seen);
        let later = found.later;
        if found.seen.len() > FEW {
            self.add(
                factor,
                &found.squared[later..],
                &found.weight[later..],
                sums,
            );
            self.circles_by_bin(factor, inside, found, sums);
            return;
        }
        let outside = &mut found.by_bin.outside;
        outside.clear();
        outside.resize(found.squared.len(), TAU * (1.0 - inside));
        for edge in &found.seen {
            for (out, squared) in outside.iter_mut().zip(&found.squared) {
                *out += edge.angle(squared.sqrt());
            }
        }
        for (out, mark) in outside.iter_mut().zip(&found.mark) {
            *out = weighted(*mark, *out);
        }
        for (out, weight) in outside[later..].iter_mut().zip(&found.weight[later..]) {
            *out += weight;
        }
        self.add(factor, &found.squared, outside, sums);
    }

    /// As [`circles`](Self::circles) for a border of many edges, without the other end: an edge is
    /// only asked about the bins it lies between.
    #[inline(always)]
    fn circles_by_bin(&self, factor: f64, inside: f64, found: &mut Found, sums: &mut Lanes<M>) {
        let edges = self.pairs.bins.edges();
        let bins = edges.len();
        let Found {
            squared,
            mark,
            seen,
            by_bin,
            ..
        } = found;
        by_bin.sort(squared, mark, self.pairs.bins);
        let ByBin {
            start,
            distance,
            mark,
            outside,
            ..
        } = by_bin;
        outside.clear();
        outside.resize(start[bins], TAU * (1.0 - inside));
        for edge in seen.iter() {
            let first = edges.partition_point(|e| *e <= edge.nearest);
            // From this bin on the edge lies within the circle whole.
            let past = (edges.partition_point(|e| *e < edge.farthest) + 1).min(bins);
            let (touched, beyond) = (start[first]..start[past], start[past]..start[bins]);
            for (out, distance) in outside[touched.clone()].iter_mut().zip(&distance[touched]) {
                *out += edge.angle(*distance);
            }
            let whole = edge.sign * (edge.to - edge.from);
            for out in &mut outside[beyond] {
                *out += whole;
            }
        }
        for (out, mark) in outside.iter_mut().zip(mark.iter()) {
            *out = weighted(*mark, *out);
        }
        for bin in 0..bins {
            let range = start[bin]..start[bin + 1];
            let here = outside[range.clone()].iter().zip(&distance[range]);
            for (lane, (weight, distance)) in here.enumerate() {
                let (term, distance) = self.term(factor * weight, distance * distance);
                sums.add(bin, lane & 3, term, distance);
            }
        }
    }
}

/// A mark over the share of a circle that is left when this angle lies outside.
#[inline(always)]
fn weighted(mark: f64, outside: f64) -> f64 {
    let share = 1.0 - outside * (1.0 / TAU);
    mark / if share > LEAST_SHARE {
        share
    } else {
        LEAST_SHARE
    }
}

impl ByBin {
    #[inline(always)]
    fn sort(&mut self, squared: &[f64], marks: &[f64], bins: &Bins) {
        let Self {
            start,
            bin,
            distance,
            mark,
            ..
        } = self;
        bin.clear();
        bin.extend(squared.iter().map(|s| bins.of(*s) as u16));
        start.clear();
        start.resize(bins.len() + 3, 0);
        for b in bin.iter() {
            start[usize::from(*b) + 2] += 1;
        }
        for b in 2..bins.len() + 3 {
            start[b] += start[b - 1];
        }
        distance.clear();
        distance.resize(squared.len(), 0.0);
        mark.clear();
        mark.resize(squared.len(), 0.0);
        for ((squared, m), b) in squared.iter().zip(marks).zip(bin.iter()) {
            let at = &mut start[usize::from(*b) + 1];
            distance[*at] = *squared;
            mark[*at] = *m;
            *at += 1;
        }
        for distance in distance.iter_mut() {
            *distance = distance.sqrt();
        }
    }
}
