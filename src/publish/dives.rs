//! Tables that fit, found by going down from bounds.

use std::cmp::Reverse;

use super::linear::Seen;
use super::system::{Before, System, UNBOUNDED};
use super::table::Relation;

/// Sweeps of projections, and how far sums may then be off: values become whole afterwards.
const SWEEPS: usize = 2_000;
const NEARLY: f64 = 0.05;

/// Finds tables of whole numbers that fit a system, with wanted values in as many places as possible.
///
/// Bounds that were passed along relations are never too narrow. So where a table that fits is at a bound,
/// that bound is the end of the interval, and where two tables differ by so much, the interval is that
/// wide; no linear program need be asked. A dive gives one unknown after another a value and passes that
/// along the relations again; where nothing fits any more, it gives up. One table settles many unknowns at
/// once: areas that are in no sum together can all be at their ends.
pub(super) struct Dives<'a> {
    /// Its bounds are passed along as far as possible.
    pub(super) system: &'a System,
    /// The relations of each unknown.
    pub(super) touching: Vec<Vec<usize>>,
    /// Unknowns in the order in which they are given values: sums follow from their parts.
    order: Vec<usize>,
}

/// Bounds on the way down.
struct Dive<'a> {
    dives: &'a Dives<'a>,
    bounds: System,
    trail: Vec<Before>,
}

impl<'a> Dives<'a> {
    /// Of a system whose bounds were passed along its relations.
    pub(super) fn of(system: &'a System) -> Self {
        let mut is_sum = vec![false; system.low.len()];
        for relation in &system.relations {
            is_sum[relation.total] = true;
        }
        let mut order: Vec<usize> = (0..system.low.len()).collect();
        order.sort_by_key(|&i| is_sum[i]);
        Self {
            system,
            touching: system.touching(),
            order,
        }
    }

    /// A table in the middle of the bounds, from where there is room both ways.
    ///
    /// A point there is rounded from the largest sums down. Parts of a sum that has its value make up for what
    /// the parts before them were rounded, so that little is left for the last one.
    pub(super) fn centre(&self) -> Option<Vec<i64>> {
        let point = self.inside();
        let mut dive = self.dive();
        // What the parts of each relation that have a value are above the point together.
        let mut above = vec![0.0; self.system.relations.len()];
        for unknown in self.top_down() {
            let part_of = || {
                let relations = self.touching[unknown].iter().copied();
                relations.filter(|&r| self.system.relations[r].total != unknown)
            };
            let (mut carried, mut sums) = (0.0, 0);
            for r in part_of() {
                let total = self.system.relations[r].total;
                let (low, high) = (dive.bounds.low[total], dive.bounds.high[total]);
                if low == high {
                    carried += above[r] - (low as f64 - point[total]);
                    sums += 1;
                }
            }
            let wanted = (point[unknown] - carried / f64::from(sums.max(1))).round() as i64;
            if !dive.settle(unknown, wanted) {
                return None;
            }
            for r in part_of() {
                above[r] += dive.bounds.low[unknown] as f64 - point[unknown];
            }
        }
        self.fits(&dive.bounds.low).then_some(dive.bounds.low)
    }

    /// Unknowns that are in several sums, the largest sums of others first; then those that follow from them.
    fn top_down(&self) -> Vec<usize> {
        let n = self.system.low.len();
        let (mut levels, mut sums) = (vec![0_usize; n], vec![0_usize; n]);
        for relation in &self.system.relations {
            for &part in &relation.parts {
                sums[part] += 1;
            }
        }
        // A sum of sums of sums; one relation after another until nothing rises, which in a circle never ends.
        for _ in 0..n {
            let mut is_level = true;
            for relation in &self.system.relations {
                let below = relation.parts.iter().map(|&p| levels[p]).max();
                let level = below.map_or(0, |below| below + 1);
                if level > levels[relation.total] {
                    levels[relation.total] = level;
                    is_level = false;
                }
            }
            if is_level {
                break;
            }
        }
        let mut out: Vec<usize> = (0..n).collect();
        out.sort_by_key(|&i| (sums[i] < 2, Reverse(levels[i])));
        out
    }

    /// A point between all bounds at which sums nearly add up: what a sum is off is shared out over it and its
    /// parts, one sum after another, again and again. Projections onto convex sets in turn (Bregman 1965,
    /// doi 10.1016/0041-5553(67)90040-7) find such a point where there is one.
    fn inside(&self) -> Vec<f64> {
        let bounds = self.system.low.iter().zip(&self.system.high);
        let ends: Vec<(f64, f64)> = bounds
            .map(|(&low, &high)| {
                let margin = (0.2 * (high - low) as f64).min(1.0);
                (low as f64 + margin, high as f64 - margin)
            })
            .collect();
        let middle = |(i, &(low, high)): (usize, &(f64, f64))| {
            let is_open = self.system.high[i] >= UNBOUNDED;
            if is_open {
                low
            } else {
                f64::midpoint(low, high)
            }
        };
        let mut point: Vec<f64> = ends.iter().enumerate().map(middle).collect();
        for _ in 0..SWEEPS {
            let mut worst = 0.0_f64;
            for relation in &self.system.relations {
                let sum: f64 = relation.parts.iter().map(|&p| point[p]).sum();
                let off = point[relation.total] - sum;
                worst = worst.max(off.abs());
                let share = off / (relation.parts.len() + 1) as f64;
                let mut shift = |i: usize, by: f64| {
                    point[i] = (point[i] + by).clamp(ends[i].0, ends[i].1);
                };
                relation.parts.iter().for_each(|&p| shift(p, share));
                shift(relation.total, -share);
            }
            if worst < NEARLY {
                break;
            }
        }
        point
    }

    /// Goes down for unknowns at these values, until each was reached in some table or given up, at most so
    /// many times. What is not wanted is at its low, or stays near a table that fits.
    pub(super) fn run(
        &self,
        mut wanted: Vec<(usize, i64)>,
        near: Option<&[i64]>,
        times: usize,
        seen: &mut Seen,
    ) {
        wanted.retain(|&(_, value)| value < UNBOUNDED);
        // As many at once as fit into one table.
        let mut most = wanted.len();
        for _ in 0..times {
            if wanted.is_empty() {
                break;
            }
            let some = &wanted[..most.min(wanted.len())];
            if let Some(table) = self.down(some, near) {
                seen.take(&table);
                wanted.retain(|&(unknown, value)| table[unknown] != value);
                most *= 2;
            } else if most > 1 {
                most /= 2;
            } else {
                wanted.remove(0);
            }
        }
    }

    /// One table, with as many of the wanted values as fit together, the first ones first; `None` where not
    /// even the first fits.
    fn down(&self, wanted: &[(usize, i64)], near: Option<&[i64]>) -> Option<Vec<i64>> {
        let mut dive = self.dive();
        for (place, &(unknown, value)) in wanted.iter().enumerate() {
            let (low, high) = (dive.bounds.low[unknown], dive.bounds.high[unknown]);
            let is_there = (low, high) == (value, value);
            let fits = is_there || (low..=high).contains(&value) && dive.fix(unknown, value);
            if place == 0 && !fits {
                return None;
            }
        }
        let is_settled = self
            .order
            .iter()
            .all(|&i| dive.settle(i, near.map_or(dive.bounds.low[i], |table| table[i])));
        (is_settled && self.fits(&dive.bounds.low)).then_some(dive.bounds.low)
    }

    fn dive(&self) -> Dive<'_> {
        Dive {
            dives: self,
            bounds: System {
                low: self.system.low.clone(),
                high: self.system.high.clone(),
                relations: Vec::new(),
            },
            trail: Vec::new(),
        }
    }

    /// Whether a table fits, which nothing rests on but this.
    fn fits(&self, table: &[i64]) -> bool {
        let inside = |i: usize| (self.system.low[i]..=self.system.high[i]).contains(&table[i]);
        let adds_up = |relation: &Relation| {
            let sum: i64 = relation.parts.iter().map(|&p| table[p]).sum();
            sum == table[relation.total]
        };
        (0..table.len()).all(inside) && self.system.relations.iter().all(adds_up)
    }
}

impl Dive<'_> {
    /// Gives an unknown a value, near to this where it can be; whether it has one.
    fn settle(&mut self, unknown: usize, near: i64) -> bool {
        let (low, high) = (self.bounds.low[unknown], self.bounds.high[unknown]);
        if low == high {
            return true;
        }
        let tried = [near.clamp(low, high), low, high];
        let is_new = |at: usize| tried[at] < UNBOUNDED && !tried[..at].contains(&tried[at]);
        (0..tried.len()).any(|at| is_new(at) && self.fix(unknown, tried[at]))
    }

    /// Gives an unknown a value and passes it along, unless nothing fits then; whether something may.
    fn fix(&mut self, unknown: usize, value: i64) -> bool {
        let mark = self.trail.len();
        if self.pass_on(unknown, value) {
            return true;
        }
        while self.trail.len() > mark {
            if let Some(Before { unknown, low, high }) = self.trail.pop() {
                (self.bounds.low[unknown], self.bounds.high[unknown]) = (low, high);
            }
        }
        false
    }

    fn pass_on(&mut self, unknown: usize, value: i64) -> bool {
        let (low, high) = (self.bounds.low[unknown], self.bounds.high[unknown]);
        self.trail.push(Before { unknown, low, high });
        (self.bounds.low[unknown], self.bounds.high[unknown]) = (value, value);
        let mut due = self.dives.touching[unknown].clone();
        // Bounds that creep up on each other by one are not worth the time.
        let mut left = 4 * self.dives.system.relations.len() + 64;
        while let Some(r) = due.pop() {
            if left == 0 {
                return false;
            }
            left -= 1;
            let from = self.trail.len();
            self.bounds
                .narrow_by(&self.dives.system.relations[r], &mut self.trail);
            for change in &self.trail[from..] {
                let i = change.unknown;
                if self.bounds.low[i] > self.bounds.high[i] {
                    return false;
                }
                due.extend(self.dives.touching[i].iter().filter(|&&other| other != r));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(total: usize, parts: &[usize]) -> Relation {
        Relation {
            total,
            parts: parts.to_vec(),
        }
    }

    #[test]
    fn a_table_is_at_many_ends_at_once() {
        // Two rows of two with sums of 3 and 5, columns of 4 and 4.
        let mut system = System::default();
        for _ in 0..4 {
            system.unknown(0, UNBOUNDED);
        }
        for sum in [3, 5, 4, 4] {
            system.unknown(sum, sum);
        }
        system.relations = vec![
            relation(4, &[0, 1]),
            relation(5, &[2, 3]),
            relation(6, &[0, 2]),
            relation(7, &[1, 3]),
        ];
        assert!(system.narrow(20));
        let dives = Dives::of(&system);
        let mut seen = Seen::new(system.low.len());
        let wanted: Vec<(usize, i64)> = (0..4)
            .flat_map(|i| [(i, system.low[i]), (i, system.high[i])])
            .collect();
        // One table has the first cell and its opposite at their lows, another at their highs.
        let one = dives.down(&wanted, None).unwrap();
        let reached = wanted.iter().filter(|(i, value)| one[*i] == *value);
        assert_eq!(reached.count(), 4, "{one:?}");
        dives.run(wanted, None, 99, &mut seen);
        for i in 0..4 {
            assert!(seen.reaches(i, system.low[i]) && seen.reaches(i, system.high[i]));
        }
    }

    #[test]
    fn the_centre_of_overlapping_years_fits_and_leaves_room() {
        // Six areas of which ten sums of four months in a row are known to within four, and so for the city.
        let (months, sums, areas) = (13, 10, 6);
        let mut system = System::default();
        let mut of = |known: &[i64]| -> Vec<usize> {
            let first = system.low.len();
            for _ in known {
                system.unknown(0, UNBOUNDED);
            }
            for from in 0..sums {
                let sum: i64 = known[from..from + 4].iter().sum();
                let total = system.unknown((sum - 4).max(0), sum + 4);
                let parts: Vec<usize> = (first + from..first + from + 4).collect();
                system.relations.push(relation(total, &parts));
            }
            (first..system.low.len()).collect()
        };
        let count = |area: usize, month: usize| ((7 * area + 5 * month) % 11) as i64;
        let each: Vec<Vec<usize>> = (0..areas)
            .map(|area| {
                of(&(0..months)
                    .map(|month| count(area, month))
                    .collect::<Vec<_>>())
            })
            .collect();
        let all = |month: usize| (0..areas).map(|area| count(area, month)).sum();
        let city = of(&(0..months).map(all).collect::<Vec<_>>());
        for (place, &total) in city.iter().enumerate() {
            let parts: Vec<usize> = each.iter().map(|own| own[place]).collect();
            system.relations.push(relation(total, &parts));
        }
        assert!(system.narrow(100));
        let dives = Dives::of(&system);
        let table = dives.centre().unwrap();
        assert!(dives.fits(&table));
        let is_inside = |&&i: &&usize| system.low[i] < table[i] && table[i] < system.high[i];
        let inside = each.iter().flatten().filter(is_inside).count();
        assert!(10 * inside > 9 * areas * (months + sums), "{inside}");
    }

    #[test]
    fn nothing_that_does_not_fit_is_seen() {
        // a + b and b + c and a + c are all 3: only halves would do.
        let mut system = System::default();
        for _ in 0..3 {
            system.unknown(0, 3);
        }
        for _ in 0..3 {
            system.unknown(3, 3);
        }
        system.relations = vec![
            relation(3, &[0, 1]),
            relation(4, &[1, 2]),
            relation(5, &[0, 2]),
        ];
        let dives = Dives::of(&system);
        let mut seen = Seen::new(system.low.len());
        dives.run(vec![(0, 0), (1, 3)], None, 99, &mut seen);
        assert!(dives.centre().is_none());
        assert!((0..6).all(|i| seen.ends(i).is_none()));
    }
}
