//! Windows of units that each stand out in the map at hand.

use super::flexible::{Flexible, Visit};
use super::nature::Nature;
use super::sweep::Field;
use super::zones::{Extent, Places};
use crate::error::Result;
use crate::parallel::Workers;
use crate::stats::Connected;

/// Marks a unit that does not stand out.
const NONE: u32 = u32::MAX;

/// Which counts let a unit join, and what else windows must keep to.
///
/// Whether a unit stands out rises with its count, so a count from which it does takes the place of
/// the mid-p in every map.
#[derive(Debug)]
pub(super) struct Restricted<'a> {
    flexible: &'a Flexible,
    places: Places<'a>,
    extent: Extent,
    /// Most people of a window.
    people: f64,
    /// A unit may join windows with more cases from this count on, windows with fewer up to that.
    limits: Vec<(i32, i32)>,
}

/// Units of one map that stand out the same way and hang together.
#[derive(Debug)]
pub(super) struct Groups {
    /// Number of the group of each unit, or [`NONE`].
    of: Vec<u32>,
    /// The units of each group.
    units: Vec<Vec<u32>>,
}

impl<'a> Restricted<'a> {
    pub(super) fn new(
        flexible: &'a Flexible,
        places: Places<'a>,
        extent: Extent,
        nature: &Nature,
        below: f64,
        workers: &Workers,
    ) -> Result<Self> {
        let all: f64 = places.people.iter().sum();
        let cases = nature.likelihood.cases() as u32;
        let limits = workers.map(places.x.len(), |unit| {
            let more = |count: u32| nature.mid_p(unit, count).0 < below;
            let fewer = |count: u32| nature.mid_p(unit, count).1 < below;
            let from = first(cases, more).map_or(i32::MAX, |count| count as i32);
            let upto = first(cases, |count| !fewer(count)).unwrap_or(cases + 1) as i32 - 1;
            (from, upto)
        })?;
        Ok(Self {
            flexible,
            places,
            extent,
            people: extent.share * all * (1.0 + 1e-12),
            limits,
        })
    }

    /// What stands out in a map of counts, of those sides that are looked for.
    pub(super) fn groups(&self, counts: &[i32], (high, low): (bool, bool)) -> Groups {
        let side = |unit: usize| {
            let (from, upto) = self.limits[unit];
            let more = high && counts[unit] >= from;
            more.then_some(true)
                .or((low && counts[unit] <= upto).then_some(false))
        };
        let sides: Vec<Option<bool>> = (0..counts.len()).map(side).collect();
        let connected = Connected::new(counts.len());
        for (unit, neighbours) in self.flexible.neighbours.iter().enumerate() {
            for &other in neighbours {
                if sides[unit].is_some() && sides[unit] == sides[other as usize] {
                    connected.join(unit, other as usize);
                }
            }
        }
        let mut out = Groups {
            of: vec![NONE; counts.len()],
            units: Vec::new(),
        };
        for unit in (0..counts.len()).filter(|unit| sides[*unit].is_some()) {
            // The root is the least of its set, so it comes first.
            let root = connected.root(unit);
            if root == unit {
                out.of[unit] = out.units.len() as u32;
                out.units.push(Vec::new());
            }
            out.of[unit] = out.of[root];
            out.units[out.of[root] as usize].push(unit as u32);
        }
        out
    }

    /// The nearest units of its group that are within reach of a unit, itself first.
    fn near(&self, centre: u32, group: &[u32]) -> Vec<u32> {
        let at = |unit: u32| (self.places.x[unit as usize], self.places.y[unit as usize]);
        let (x, y) = at(centre);
        let within = self.extent.radius.powi(2) * (1.0 + 1e-12);
        let mut near: Vec<(u64, u32)> = group
            .iter()
            .filter(|unit| **unit != centre)
            .map(|unit| (at(*unit), *unit))
            .map(|((ux, uy), unit)| ((ux - x).powi(2) + (uy - y).powi(2), unit))
            .filter(|(reach, _)| *reach <= within)
            .map(|(reach, unit)| (reach.to_bits(), unit))
            .collect();
        near.sort_unstable();
        let others = near.into_iter().map(|(_, unit)| unit);
        std::iter::once(centre)
            .chain(others)
            .take(self.flexible.most)
            .collect()
    }

    /// Entries that the lists of a map hold at most.
    pub(super) fn entries(&self, groups: &Groups) -> u128 {
        let of_group = |units: &Vec<u32>| {
            let near = units.len().min(self.flexible.most);
            (units.len() as u128) << near
        };
        groups.units.iter().map(of_group).sum()
    }

    /// The windows of a map, by the unit in their middle.
    pub(super) fn lists(&self, groups: &Groups, workers: &Workers) -> Result<Vec<Vec<u32>>> {
        workers.map(groups.of.len(), |unit| match groups.of[unit] {
            NONE => Vec::new(),
            group => {
                let near = self.near(unit as u32, &groups.units[group as usize]);
                self.flexible.list(&near, self.places.people, self.people)
            }
        })
    }

    /// The greatest ratio of the windows of a map.
    pub(super) fn greatest(&self, counts: &[i32], field: &Field) -> f64 {
        let sides = (field.rule.sides.high(), field.rule.sides.low());
        let groups = self.groups(counts, sides);
        let mut ratio = 0.0;
        for group in &groups.units {
            let whole = group.len() <= self.flexible.most && self.extent.radius == f64::INFINITY;
            for (at, &centre) in group.iter().enumerate() {
                let near = if whole {
                    // Every set is met at its least unit already.
                    group[at..].to_vec()
                } else {
                    self.near(centre, group)
                };
                let mut greatest = Greatest {
                    field,
                    counts,
                    near: &near,
                    inside: Vec::with_capacity(near.len()),
                    ratio,
                };
                let (people, most) = (self.places.people, self.people);
                self.flexible.visit(&near, people, most, &mut greatest);
                ratio = greatest.ratio;
            }
        }
        ratio
    }
}

/// The least number up to `most` for which something that stays true is true.
fn first(most: u32, holds: impl Fn(u32) -> bool) -> Option<u32> {
    if !holds(most) {
        return None;
    }
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// Keeps the greatest ratio of the sets it visits.
struct Greatest<'a> {
    field: &'a Field,
    counts: &'a [i32],
    near: &'a [u32],
    /// Count and measure of the set after every unit that entered.
    inside: Vec<(i32, f64)>,
    ratio: f64,
}

impl Visit for Greatest<'_> {
    fn enter(&mut self, at: usize) {
        let unit = self.near[at] as usize;
        let (count, measure) = self.inside.last().copied().unwrap_or_default();
        let (count, measure) = (
            count + self.counts[unit],
            measure + self.field.measures[unit],
        );
        self.inside.push((count, measure));
        let ladder = &self.field.ladder;
        let (from, upto) = ladder.table(1.0, ladder.rung(self.ratio))[ladder.bin(measure)];
        if count >= from || count <= upto {
            let ratio = self.field.rule.log_ratio(f64::from(count), measure);
            self.ratio = self.ratio.max(ratio);
        }
    }

    fn leave(&mut self, _at: usize) {
        self.inside.pop();
    }
}

#[cfg(test)]
mod tests;
