//! What lies near each incident: earlier ones that it may follow, and ones of other times.

use std::f64::consts::PI;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::past::Past;
use super::super::recency::DAY;
use super::super::spread::{Spread, Spreading};
use super::super::units::ForecastUnits;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::parallel::Workers;

/// Pairs that are kept at most; they take sixteen bytes each.
const MOST_PAIRS: usize = 1 << 27;
/// Incidents of one unit of work.
const PIECE: usize = 512;
/// Moments at which the kinds of places are counted.
const MOMENTS: usize = 16;

/// How far is looked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    pub(super) metres: f64,
    pub(super) days: f64,
    /// Radii of the kernels of the background, the narrowest first.
    pub(super) radii: Vec<f64>,
}

/// Kinds of places, by how many incidents lie right there: 1, 2 to 3, 4 to 7, 8 to 15, and more.
const KINDS: usize = 5;

fn kind_of(right_there: usize) -> usize {
    match right_there {
        0..=1 => 0,
        2..=3 => 1,
        4..=7 => 2,
        8..=15 => 3,
        _ => 4,
    }
}

impl Reach {
    /// Densities that the background is mixed of: of incidents at each kind of place by each kernel,
    /// and one for everywhere alike, which comes last.
    pub(super) fn parts(&self) -> usize {
        KINDS * self.radii.len() + 1
    }

    pub(super) fn part(&self, kind: usize, radius: usize) -> usize {
        kind * self.radii.len() + radius
    }
}

/// For each incident what is near it.
#[derive(Debug)]
pub(super) struct Near {
    /// Where each incident's followed ones end.
    end: Vec<usize>,
    /// Days and squared metres to each earlier incident in reach.
    followed: Vec<(f64, f64)>,
    /// Density of incidents of other times, per m², by part of the background.
    base: Vec<f64>,
    parts: usize,
    /// The kind of place where each incident is, all times taken together.
    pub(super) kind: Vec<u8>,
}

impl Near {
    pub(super) fn of(
        past: Past<'_>,
        reach: &Reach,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<Self> {
        let index = IncidentIndex::from_xy(past.x, past.y)?;
        let around = Around::new(past, reach, &index, units, workers)?;
        let total = AtomicUsize::new(0);
        let pieces = workers.try_map(past.len().div_ceil(PIECE), |piece| {
            let mut near = Self::empty(reach);
            for j in piece * PIECE..((piece + 1) * PIECE).min(past.len()) {
                let before = near.followed.len();
                around.look(j, &mut near);
                let added = near.followed.len() - before;
                if total.fetch_add(added, Ordering::Relaxed) + added > MOST_PAIRS {
                    return Err(too_many());
                }
            }
            Ok(near)
        })?;
        let mut out = Self::empty(reach);
        for piece in pieces {
            let offset = out.followed.len();
            out.end.extend(piece.end.iter().map(|e| e + offset));
            out.followed.extend(piece.followed);
            out.base.extend(piece.base);
        }
        out.kind = vec![0; past.len()];
        for (place, there) in (0u32..).zip(&around.there) {
            for member in index.members(place) {
                out.kind[*member as usize] = kind_of(there.len()) as u8;
            }
        }
        Ok(out)
    }

    fn empty(reach: &Reach) -> Self {
        Self {
            end: Vec::new(),
            followed: Vec::new(),
            base: Vec::new(),
            parts: reach.parts(),
            kind: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.end.len()
    }

    pub(super) fn followed(&self, j: usize) -> &[(f64, f64)] {
        let from = if j == 0 { 0 } else { self.end[j - 1] };
        &self.followed[from..self.end[j]]
    }

    pub(super) fn base(&self, j: usize) -> &[f64] {
        &self.base[j * self.parts..(j + 1) * self.parts]
    }
}

fn too_many() -> Error {
    Error::too_large(
        "a list of incidents and those they may follow",
        16 * (MOST_PAIRS as u128 + 1),
        16 * MOST_PAIRS as u128,
        "choose a smaller reach, a shorter record, or one report per address and day",
    )
}

struct Around<'a> {
    past: Past<'a>,
    reach: &'a Reach,
    index: &'a IncidentIndex,
    /// By place, the incidents right there, in order of time.
    there: Vec<Vec<u32>>,
    /// By place and radius, how much of the kernel lies within the study area.
    edge: Vec<f64>,
    /// By moment, how many incidents of other times lie at each kind of place.
    sizes: Vec<[f64; KINDS]>,
    square_metres: f64,
}

impl<'a> Around<'a> {
    fn new(
        past: Past<'a>,
        reach: &'a Reach,
        index: &'a IncidentIndex,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<Self> {
        let places = index.locations();
        let there = workers.map_ranges(places, PIECE, |range| -> Vec<Vec<u32>> {
            let right_there = |place: usize| {
                let (x, y) = index.at(place as u32);
                index.within(x, y, reach.radii[0])
            };
            range.map(right_there).collect()
        })?;
        let edge = workers.map_ranges(places, PIECE, |range| {
            let kernel = |radius: &f64| Spreading::new(units, Spread::Quartic { radius: *radius });
            let mut kernels: Vec<_> = reach.radii.iter().map(kernel).collect();
            let mut out = Vec::with_capacity(range.len() * kernels.len());
            for place in range {
                let (x, y) = index.at(place as u32);
                out.extend(kernels.iter_mut().map(|k| k.inside(x, y)));
            }
            out
        })?;
        let mut out = Self {
            past,
            reach,
            index,
            there: there.concat(),
            edge: edge.concat(),
            sizes: Vec::new(),
            square_metres: 1e6 * units.covered().iter().sum::<f64>(),
        };
        out.sizes = workers.map(MOMENTS, |moment| out.sizes_at(moment))?;
        Ok(out)
    }

    /// Positions of the incidents within the reach in time of a moment.
    fn window(&self, moment: i64) -> Range<usize> {
        let (times, days) = (self.past.seconds, (self.reach.days * DAY) as i64);
        let first = times.partition_point(|t| *t < moment - days);
        let end = times.partition_point(|t| *t <= moment + days);
        first..end
    }

    fn sizes_at(&self, moment: usize) -> [f64; KINDS] {
        let (first, span) = (self.past.seconds[0], self.span());
        let middle = first + (span * (2 * moment as i128 + 1) / (2 * MOMENTS as i128)) as i64;
        let window = self.window(middle);
        let mut sizes = [0.0; KINDS];
        for (place, there) in (0u32..).zip(&self.there) {
            let kind = kind_of(there.len() - inside(there, &window));
            let members = self.index.members(place);
            sizes[kind] += (members.len() - inside(members, &window)) as f64;
        }
        sizes
    }

    fn span(&self) -> i128 {
        i128::from(self.past.now) - i128::from(self.past.seconds[0])
    }

    fn look(&self, j: usize, near: &mut Near) {
        let (times, reach) = (self.past.seconds, self.reach);
        let now = times[j];
        // Incidents are in order of time, so moments are positions.
        let window = self.window(now);
        let earlier = window.start..times.partition_point(|t| *t < now);
        let since = i128::from(now) - i128::from(times[0]);
        let moment = (since * MOMENTS as i128 / self.span()) as usize;
        let sizes = &self.sizes[moment.min(MOMENTS - 1)];
        let widest = reach.radii.iter().fold(reach.metres, |a, b| a.max(*b));
        let start = near.base.len();
        near.base.resize(start + reach.parts(), 0.0);
        let (x, y) = (self.past.x[j], self.past.y[j]);
        for place in self.index.locations_within(x, y, widest) {
            let (px, py) = self.index.at(place);
            let squared = (px - x).powi(2) + (py - y).powi(2);
            let members = self.index.members(place);
            if squared <= reach.metres * reach.metres {
                let from = members.partition_point(|m| (*m as usize) < earlier.start);
                let until = members.partition_point(|m| (*m as usize) < earlier.end);
                near.followed.extend(members[from..until].iter().map(|i| {
                    let days = (now - times[*i as usize]) as f64 / DAY;
                    (days, squared)
                }));
            }
            let others = members.len() - inside(members, &window);
            if others == 0 {
                continue;
            }
            // What else happened at this time says nothing about the place.
            let there = &self.there[place as usize];
            let kind = kind_of(there.len() - inside(there, &window));
            let weight = others as f64 / sizes[kind].max(1.0);
            let edge = &self.edge[place as usize * reach.radii.len()..];
            for (k, radius) in reach.radii.iter().enumerate() {
                let area = radius * radius;
                if squared < area {
                    let shape = 3.0 / (PI * area) * (1.0 - squared / area).powi(2);
                    near.base[start + reach.part(kind, k)] += weight * shape / edge[k];
                }
            }
        }
        near.base[start + reach.parts() - 1] = 1.0 / self.square_metres;
        near.end.push(near.followed.len());
    }
}

/// How many of some ascending positions lie in a range.
fn inside(positions: &[u32], range: &Range<usize>) -> usize {
    let below = |at: usize| positions.partition_point(|p| (*p as usize) < at);
    below(range.end) - below(range.start)
}
