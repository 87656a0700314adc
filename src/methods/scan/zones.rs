//! The windows around every place.

use rand::RngExt;
use rustc_hash::{FxHashMap, FxHashSet};

use super::flexible::Flexible;
use super::shape::Outline;
use crate::error::Result;
use crate::parallel::Workers;
use crate::random::stream;

/// Marks a unit with which a window ends.
pub(super) const WINDOW: u32 = 1 << 31;
/// Marks a unit that leaves.
pub(super) const LEAVES: u32 = 1 << 30;
/// Windows of more units are seldom the same from two places, so they are not compared.
const COMPARED: usize = 64;
/// Tells windows apart; any number would do.
const KEYS: u64 = 0x5ca9;

/// Where units lie and how many people each has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) people: &'a [f64],
}

/// How large windows may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Share of all people.
    pub(super) share: f64,
    /// Half the length, in the unit of the coordinates.
    pub(super) radius: f64,
}

/// A list of units for every place and outline, nearest first. A window is what has entered and not
/// left; discs and ellipses only grow.
#[derive(Debug, Clone)]
pub(super) struct Zones {
    units: usize,
    outlines: Vec<Outline>,
    lists: Vec<Vec<u32>>,
}

/// One unit in a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) unit: usize,
    /// Whether it leaves; it enters otherwise.
    pub(super) leaves: bool,
    /// Whether a window ends with it.
    pub(super) ends: bool,
}

impl Entry {
    #[inline]
    fn of(entry: u32) -> Self {
        Self {
            unit: (entry & !(WINDOW | LEAVES)) as usize,
            leaves: entry & LEAVES != 0,
            ends: entry & WINDOW != 0,
        }
    }
}

impl Zones {
    /// Lists all windows. Units on one spot enter together, others at one distance in the order of
    /// the rows; windows of the same units are one.
    pub(super) fn grow(
        places: Places<'_>,
        outlines: Vec<Outline>,
        flexible: Option<&Flexible>,
        extent: Extent,
        workers: &Workers,
    ) -> Result<Self> {
        let units = places.x.len();
        let all: f64 = places.people.iter().sum();
        let most = extent.share * all * (1.0 + 1e-12);
        let spots = spots(places);
        let mut lists = workers.map(units * outlines.len(), |walk| {
            let outline = &outlines[walk / units];
            let near = nearest(places, &spots, outline, walk % units, extent);
            match flexible {
                None => grown(&near, places.people, most),
                Some(flexible) => {
                    let centre = (walk % units) as u32;
                    let others = near.iter().map(|(_, unit)| *unit).filter(|u| *u != centre);
                    let near: Vec<u32> = std::iter::once(centre)
                        .chain(others)
                        .take(flexible.most)
                        .collect();
                    flexible.list(&near, places.people, most)
                }
            }
        })?;
        if flexible.is_some() {
            return Ok(Self::listed(outlines, lists));
        }
        merge(&mut lists, units, COMPARED);
        Ok(Self {
            units,
            outlines,
            lists,
        })
    }

    /// The windows of these lists, one for each unit and outline; windows of the same units are one.
    pub(super) fn listed(outlines: Vec<Outline>, mut lists: Vec<Vec<u32>>) -> Self {
        let units = lists.len() / outlines.len();
        merge(&mut lists, units, usize::MAX);
        Self {
            units,
            outlines,
            lists,
        }
    }

    /// How many lists there are.
    pub(super) fn walks(&self) -> usize {
        self.lists.len()
    }

    /// How many units all lists hold together.
    pub(super) fn length(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// How many windows there are.
    pub(super) fn windows(&self) -> usize {
        let ends = |list: &Vec<u32>| list.iter().filter(|entry| **entry & WINDOW != 0).count();
        self.lists.iter().map(ends).sum()
    }

    /// What the ratios of each outline are multiplied by.
    pub(super) fn penalties(&self) -> Vec<f64> {
        self.outlines.iter().map(|o| o.penalty).collect()
    }

    /// The unit in the middle of the windows of a list.
    pub(super) fn middle(&self, walk: usize) -> usize {
        walk % self.units
    }

    /// The outline of the windows of a list.
    pub(super) fn outline_of(&self, walk: usize) -> &Outline {
        &self.outlines[walk / self.units]
    }

    /// The units of a list.
    #[inline]
    pub(super) fn walk(&self, walk: usize) -> impl Iterator<Item = Entry> {
        self.lists[walk].iter().map(|entry| Entry::of(*entry))
    }

    /// The units of the window after so many entries of a list.
    pub(super) fn members(&self, walk: usize, length: usize) -> Vec<usize> {
        let mut out = Vec::new();
        for entry in self.walk(walk).take(length) {
            if entry.leaves {
                // What entered last leaves first.
                out.pop();
            } else {
                out.push(entry.unit);
            }
        }
        out
    }

    /// Leaves out all windows with a unit that is taken.
    pub(super) fn leave_out(&mut self, taken: &[bool]) {
        for list in &mut self.lists {
            let mut inside = None;
            list.retain(|entry| {
                let entry = Entry::of(*entry);
                if inside.is_none() && taken[entry.unit] {
                    inside = Some(entry.unit);
                    return false;
                }
                let kept = inside.is_none();
                if inside == Some(entry.unit) && entry.leaves {
                    inside = None;
                }
                kept
            });
        }
    }
}

/// Of every unit, the first unit that lies on the same spot.
fn spots(places: Places<'_>) -> Vec<u32> {
    let mut first = FxHashMap::default();
    let bits = |v: f64| (v + 0.0).to_bits();
    let each = places.x.iter().zip(places.y).zip(0u32..);
    each.map(|((x, y), unit)| *first.entry((bits(*x), bits(*y))).or_insert(unit))
        .collect()
}

/// The units within reach of one place, nearest first, each with the first unit on its spot.
fn nearest(
    places: Places<'_>,
    spots: &[u32],
    outline: &Outline,
    centre: usize,
    extent: Extent,
) -> Vec<(u32, u32)> {
    let (x, y) = (places.x[centre], places.y[centre]);
    let within = (extent.radius / outline.ratio).powi(2) * (1.0 + 1e-12);
    // A distance is not negative, so its bits are in its order.
    let mut near: Vec<(u64, u32, u32)> = (places.x.iter().zip(places.y))
        .zip(0u32..)
        .map(|((ux, uy), unit)| (outline.reach(ux - x, uy - y), unit))
        .filter(|(reach, _)| *reach <= within)
        .map(|(reach, unit)| (reach.to_bits(), spots[unit as usize], unit))
        .collect();
    near.sort_unstable();
    near.into_iter()
        .map(|(_, spot, unit)| (spot, unit))
        .collect()
}

/// The nearest units, as long as a window may grow.
fn grown(near: &[(u32, u32)], all_people: &[f64], most: f64) -> Vec<u32> {
    let mut out = Vec::with_capacity(near.len());
    let mut people = 0.0;
    for together in near.chunk_by(|a, b| a.0 == b.0) {
        let units = || together.iter().map(|(_, unit)| *unit);
        people += units().map(|unit| all_people[unit as usize]).sum::<f64>();
        if people > most {
            break;
        }
        out.extend(units());
        if let Some(last) = out.last_mut() {
            *last |= WINDOW;
        }
    }
    out.shrink_to_fit();
    out
}

/// Leaves one of windows that hold the same units: that of the first list.
fn merge(lists: &mut [Vec<u32>], units: usize, compared: usize) {
    let mut random = stream(KEYS, 0);
    let keys: Vec<u128> = (0..units).map(|_| random.random()).collect();
    let mut met = FxHashSet::default();
    for list in lists {
        let mut sum = 0u128;
        for entry in list.iter_mut().take(compared) {
            let Entry { unit, leaves, ends } = Entry::of(*entry);
            sum = if leaves {
                sum.wrapping_sub(keys[unit])
            } else {
                sum.wrapping_add(keys[unit])
            };
            if ends && !met.insert(sum) {
                *entry &= !WINDOW;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::scan::shape::ScanShape;

    fn zones(x: &[f64], y: &[f64], people: &[f64], share: f64, radius: f64) -> Zones {
        let places = Places { x, y, people };
        let outlines = ScanShape::Circle.outlines().unwrap();
        let extent = Extent { share, radius };
        let workers = Workers::new(1).unwrap();
        Zones::grow(places, outlines, None, extent, &workers).unwrap()
    }

    /// Every window as a sorted set of units.
    fn sets(zones: &Zones) -> Vec<Vec<usize>> {
        let mut out = Vec::new();
        for walk in 0..zones.walks() {
            for (at, entry) in zones.walk(walk).enumerate() {
                if entry.ends {
                    let mut members = zones.members(walk, at + 1);
                    members.sort_unstable();
                    out.push(members);
                }
            }
        }
        out
    }

    #[test]
    fn windows_grow_to_half_of_the_people_and_are_counted_once() {
        let x = [0.0, 1.0, 2.5, 7.0];
        let zones = zones(&x, &[0.0; 4], &[1.0; 4], 0.5, f64::INFINITY);
        assert_eq!(
            sets(&zones),
            [
                vec![0],
                vec![0, 1],
                vec![1],
                vec![2],
                vec![1, 2],
                vec![3],
                vec![2, 3]
            ]
        );
        assert_eq!(zones.windows(), 7);
    }

    #[test]
    fn what_is_on_one_spot_enters_together() {
        // Equally far from the first, two of them on one spot: those together, in order of rows.
        let (x, y) = ([1.0, 0.0, 1.0, 0.0, 2.0], [1.0, 1.0, 2.0, 1.0, 1.0]);
        let all = zones(&x, &y, &[1.0; 5], 1.0, 1.0);
        assert_eq!(all.members(0, 9), [0, 1, 3, 2, 4]);
        let first = [
            vec![0],
            vec![0, 1, 3],
            vec![0, 1, 2, 3],
            vec![0, 1, 2, 3, 4],
        ];
        assert_eq!(sets(&all)[..4], first);
        // Both on the spot are too many, so the window does not grow.
        assert_eq!(zones(&x, &y, &[1.0; 5], 0.5, 1.0).members(0, 9), [0]);
        assert_eq!(zones(&x, &y, &[1.0; 5], 0.5, 0.9).members(1, 9), [1, 3]);
    }

    #[test]
    fn windows_with_taken_units_are_left_out() {
        let x = [0.0, 1.0, 2.5, 7.0];
        let mut zones = zones(&x, &[0.0; 4], &[1.0; 4], 0.5, f64::INFINITY);
        zones.leave_out(&[false, true, false, false]);
        assert_eq!(sets(&zones), [vec![0], vec![2], vec![3], vec![2, 3]]);
    }
}
