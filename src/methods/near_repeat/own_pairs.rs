//! Whom do some of the incidents have around them, near in space and in time?

use super::bands::Bands;
use super::metric::Metric;
use crate::error::Result;
use crate::index::IncidentIndex;
use crate::parallel::Workers;

/// Incidents with a time, and which of them are looked around from.
pub(super) struct Places<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    /// Whole units of time.
    pub(super) units: &'a [u32],
    pub(super) own: &'a [bool],
}

/// Partners of incidents in whole numbers; a pair of two own incidents is seen from both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Partners {
    /// By slot of distance, then by limit of time: partners within the limit.
    pub(super) met: Vec<u64>,
    /// By slot: partners at any time.
    pub(super) near: Vec<u64>,
    /// By slot, and of all slots together: squares of the partners of each incident.
    pub(super) squares: Vec<u128>,
}

impl Partners {
    pub(super) fn none(slots: usize, limits: usize) -> Self {
        Self {
            met: vec![0; slots * limits],
            near: vec![0; slots],
            squares: vec![0; slots + 1],
        }
    }

    /// Adds those of other incidents.
    pub(super) fn add(&mut self, other: &Self) {
        let add = |own: &mut [u64], more: &[u64]| {
            own.iter_mut()
                .zip(more)
                .for_each(|(own, more)| *own += more);
        };
        add(&mut self.met, &other.met);
        add(&mut self.near, &other.near);
        let squares = self.squares.iter_mut().zip(&other.squares);
        squares.for_each(|(own, more)| *own += more);
    }

    /// The partners of the own among some incidents, in slots below the one beyond all bands.
    ///
    /// Incidents on one spot are looked at as one, with their times in order: an address with a
    /// million reports costs a million steps and not their square.
    pub(super) fn of(
        places: &Places<'_>,
        bands: &Bands,
        metric: Metric,
        limits: &[u32],
        workers: &Workers,
    ) -> Result<Self> {
        let index = IncidentIndex::from_xy(places.x, places.y)?;
        let times = Times::of(&index, places);
        let measured = bands.of(|edge| metric.of(edge));
        let slots = bands.finite() + 1;
        let none = || (Self::none(slots, limits.len()), vec![0u64; slots]);
        // As the crow flies nothing is farther than along the streets, so this finds all.
        let wanted = |a| !times.own(a).is_empty();
        let pieces = index.around_each(
            bands.reach(),
            workers,
            wanted,
            none,
            |gathered, a, around| {
                let (found, partners) = gathered;
                let (own, (ax, ay)) = (times.own(a), index.at(a));
                partners.fill(0);
                for &b in around {
                    let (bx, by) = index.at(b);
                    let slot = measured.slot(metric.measure(ax - bx, ay - by));
                    if slot >= slots {
                        continue;
                    }
                    // Nobody is a partner of their own.
                    let oneself = u64::from(a == b);
                    let all = times.all(b);
                    partners[slot] += all.len() as u64 - oneself;
                    for (most, met) in limits.iter().zip(&mut found.met[slot * limits.len()..]) {
                        *met += within(own, all, *most) - oneself * own.len() as u64;
                    }
                }
                let together: u64 = partners.iter().sum();
                let squares = partners.iter().chain([&together]);
                for (sum, partners) in found.squares.iter_mut().zip(squares) {
                    *sum += own.len() as u128 * u128::from(*partners).pow(2);
                }
                for (sum, partners) in found.near.iter_mut().zip(partners) {
                    *sum += own.len() as u64 * *partners;
                }
            },
        )?;
        let mut total = Self::none(slots, limits.len());
        for (piece, _) in &pieces {
            total.add(piece);
        }
        Ok(total)
    }
}

/// The times on each location, ascending.
struct Times {
    all: Vec<u32>,
    end: Vec<usize>,
    own: Vec<u32>,
    own_end: Vec<usize>,
}

impl Times {
    fn of(index: &IncidentIndex, places: &Places<'_>) -> Self {
        let mut out = Self {
            all: Vec::with_capacity(places.units.len()),
            end: vec![0],
            own: Vec::new(),
            own_end: vec![0],
        };
        for location in 0..index.locations() as u32 {
            let members = index.members(location).iter().map(|i| *i as usize);
            let (all, own) = (out.all.len(), out.own.len());
            out.all.extend(members.clone().map(|i| places.units[i]));
            out.own
                .extend(members.filter(|i| places.own[*i]).map(|i| places.units[i]));
            out.all[all..].sort_unstable();
            out.own[own..].sort_unstable();
            out.end.push(out.all.len());
            out.own_end.push(out.own.len());
        }
        out
    }

    fn all(&self, location: u32) -> &[u32] {
        &self.all[self.end[location as usize]..self.end[location as usize + 1]]
    }

    fn own(&self, location: u32) -> &[u32] {
        &self.own[self.own_end[location as usize]..self.own_end[location as usize + 1]]
    }
}

/// Pairs of one of each, both ascending, that are at most so many units apart.
fn within(one: &[u32], other: &[u32], most: u32) -> u64 {
    let (few, many) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let around = |unit: &u32| {
        let from = many.partition_point(|u| *u < unit.saturating_sub(most));
        let to = many.partition_point(|u| *u <= unit.saturating_add(most));
        (to - from) as u64
    };
    few.iter().map(around).sum()
}
