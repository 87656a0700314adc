//! What lies near each incident: earlier ones that it may follow, and ones of other times.

use std::f64::consts::PI;
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

/// How far is looked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    pub(super) metres: f64,
    pub(super) days: f64,
    /// Radii of the kernels of the background, the narrowest first.
    pub(super) radii: Vec<f64>,
}

impl Reach {
    /// Scales of the background: the kernels, and one for everywhere alike.
    pub(super) fn scales(&self) -> usize {
        self.radii.len() + 1
    }
}

/// Kinds of places, by how many incidents of other times lie right there: none, 1, 2 to 3, 4 to 7,
/// and 8 or more.
pub(super) const KINDS: usize = 5;

/// For each incident what is near it.
#[derive(Debug)]
pub(super) struct Near {
    /// Where each incident's followed ones end.
    pub(super) end: Vec<usize>,
    /// Days and squared metres to each earlier incident in reach.
    pub(super) followed: Vec<(f64, f64)>,
    /// Density of incidents of other times, per m², by scale.
    pub(super) base: Vec<f64>,
    pub(super) kind: Vec<u8>,
    /// Radius and edge of each place are looked at once.
    pub(super) scales: usize,
}

impl Near {
    pub(super) fn of(
        past: Past<'_>,
        reach: &Reach,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<Self> {
        let index = IncidentIndex::from_xy(past.x, past.y)?;
        let places = index.locations();
        let inside = workers.map_ranges(places, PIECE, |range| {
            let mut out = Vec::with_capacity(range.len() * reach.radii.len());
            for radius in &reach.radii {
                let mut spreading = Spreading::new(units, Spread::Quartic { radius: *radius });
                out.push(
                    range
                        .clone()
                        .map(|place| {
                            let (x, y) = index.at(place as u32);
                            spreading.inside(x, y)
                        })
                        .collect::<Vec<f64>>(),
                );
            }
            out
        })?;
        let mut edge = vec![Vec::with_capacity(places); reach.radii.len()];
        for piece in inside {
            for (all, part) in edge.iter_mut().zip(piece) {
                all.extend(part);
            }
        }
        let around = Around {
            past,
            reach,
            index: &index,
            edge,
            km2: units.covered().iter().sum(),
        };
        let total = AtomicUsize::new(0);
        let pieces = workers.try_map(past.len().div_ceil(PIECE), |piece| {
            let mut near = Self::empty(reach.scales());
            let range = piece * PIECE..((piece + 1) * PIECE).min(past.len());
            for j in range {
                let before = near.followed.len();
                around.look(j, &mut near);
                let added = near.followed.len() - before;
                if total.fetch_add(added, Ordering::Relaxed) + added > MOST_PAIRS {
                    return Err(Error::too_large(
                        "a list of incidents and those they may follow",
                        16 * (MOST_PAIRS as u128 + 1),
                        16 * MOST_PAIRS as u128,
                        "choose a smaller reach, a shorter record, or one report per address and day",
                    ));
                }
            }
            Ok(near)
        })?;
        let mut out = Self::empty(reach.scales());
        for piece in pieces {
            let offset = out.followed.len();
            out.end.extend(piece.end.iter().map(|e| e + offset));
            out.followed.extend(piece.followed);
            out.base.extend(piece.base);
            out.kind.extend(piece.kind);
        }
        Ok(out)
    }

    fn empty(scales: usize) -> Self {
        Self {
            end: Vec::new(),
            followed: Vec::new(),
            base: Vec::new(),
            kind: Vec::new(),
            scales,
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
        &self.base[j * self.scales..(j + 1) * self.scales]
    }
}

struct Around<'a> {
    past: Past<'a>,
    reach: &'a Reach,
    index: &'a IncidentIndex,
    /// By radius and place, how much of the kernel lies within the study area.
    edge: Vec<Vec<f64>>,
    km2: f64,
}

impl Around<'_> {
    fn look(&self, j: usize, near: &mut Near) {
        let (times, reach) = (self.past.seconds, self.reach);
        let (now, days) = (times[j], (reach.days * DAY) as i64);
        // Incidents are in order of time, so moments are positions.
        let first = times.partition_point(|t| *t < now - days);
        let tied = times.partition_point(|t| *t < now);
        let end = times.partition_point(|t| *t <= now + days);
        let other_times = (times.len() - (end - first)) as f64;
        let widest = reach.radii.iter().fold(reach.metres, |a, b| a.max(*b));
        let start = near.base.len();
        near.base.resize(start + reach.scales(), 0.0);
        let (mut right_there, (x, y)) = (0, (self.past.x[j], self.past.y[j]));
        for place in self.index.locations_within(x, y, widest) {
            let (px, py) = self.index.at(place);
            let squared = (px - x).powi(2) + (py - y).powi(2);
            let members = self.index.members(place);
            let at = |position: usize| members.partition_point(|m| (*m as usize) < position);
            let (from, ties, until) = (at(first), at(tied), at(end));
            if squared <= reach.metres * reach.metres {
                near.followed.extend(members[from..ties].iter().map(|i| {
                    let days = (now - times[*i as usize]) as f64 / DAY;
                    (days, squared)
                }));
            }
            let others = members.len() - (until - from);
            if others == 0 {
                continue;
            }
            for (k, radius) in reach.radii.iter().enumerate() {
                let area = radius * radius;
                if squared < area {
                    let shape = 3.0 / (PI * area) * (1.0 - squared / area).powi(2);
                    near.base[start + k] += others as f64 * shape / self.edge[k][place as usize];
                }
            }
            if squared < reach.radii[0] * reach.radii[0] {
                right_there += others;
            }
        }
        let scales = &mut near.base[start..];
        for density in scales.iter_mut() {
            *density /= other_times;
        }
        scales[reach.radii.len()] = 1.0 / (1e6 * self.km2);
        near.kind.push(match right_there {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=7 => 3,
            _ => 4,
        });
        near.end.push(near.followed.len());
    }
}
