//! Tables that fit, found by going down from bounds.

use super::linear::Seen;
use super::system::{Before, System, UNBOUNDED};
use super::table::Relation;

/// Finds tables of whole numbers that fit a system, with wanted values in as many places as possible.
///
/// Bounds that were passed along relations are never too narrow. So where a table that fits is at a bound,
/// that bound is the end of the interval, and where two tables differ by so much, the interval is that
/// wide; no linear program need be asked. A dive gives one unknown after another a value and passes that
/// along the relations again; where nothing fits any more, it gives up. What is not wanted is at its low, or
/// stays near a table in the middle, because little has to move then. One table settles many unknowns at
/// once: areas that are in no sum together can all be at their ends.
pub(super) struct Dives {
    /// Bounds that are passed along as far as possible.
    start: System,
    relations: Vec<Relation>,
    /// The relations of each unknown.
    touching: Vec<Vec<usize>>,
    /// Unknowns in the order in which they are given values: sums follow from their parts.
    order: Vec<usize>,
    /// The table to stay near.
    base: Option<Vec<i64>>,
}

/// Bounds on the way down.
struct Dive<'a> {
    dives: &'a Dives,
    bounds: System,
    trail: Vec<Before>,
}

impl Dives {
    /// Of a system whose bounds were passed along its relations.
    pub(super) fn of(system: &System) -> Self {
        let mut start = system.clone();
        let relations = std::mem::take(&mut start.relations);
        let mut touching = vec![Vec::new(); start.low.len()];
        let mut is_sum = vec![false; start.low.len()];
        for (r, relation) in relations.iter().enumerate() {
            is_sum[relation.total] = true;
            for &i in relation.parts.iter().chain([&relation.total]) {
                touching[i].push(r);
            }
        }
        let mut order: Vec<usize> = (0..start.low.len()).collect();
        order.sort_by_key(|&i| is_sum[i]);
        Self {
            start,
            relations,
            touching,
            order,
            base: None,
        }
    }

    /// Takes a table in the middle of the bounds as the one to stay near, from where there is room both
    /// ways; whether there is one.
    pub(super) fn centre(&mut self, seen: &mut Seen) -> bool {
        let middle = |low: i64, high: i64| {
            let is_open = high >= UNBOUNDED;
            if is_open {
                low
            } else {
                i64::midpoint(low, high)
            }
        };
        let table = self.down(&[], &|_, low, high| middle(low, high));
        if let Some(table) = &table {
            seen.take(table);
        }
        self.base = table;
        self.base.is_some()
    }

    /// Goes down for unknowns at these values, until each was reached in some table, is settled by what
    /// was `seen` so far, or is given up.
    pub(super) fn run(
        &self,
        mut wanted: Vec<(usize, i64)>,
        seen: &mut Seen,
        settled: &dyn Fn(&Seen, usize) -> bool,
    ) {
        wanted.retain(|&(unknown, value)| value < UNBOUNDED && !settled(seen, unknown));
        let near = |unknown: usize, low: i64, high: i64| match &self.base {
            Some(table) => table[unknown].clamp(low, high),
            None => low,
        };
        // As many at once as fit into one table.
        let mut most = wanted.len();
        while let Some(&first) = wanted.first() {
            let some = &wanted[..most.min(wanted.len())];
            if let Some(table) = self.down(some, &near) {
                seen.take(&table);
                wanted
                    .retain(|&(unknown, value)| table[unknown] != value && !settled(seen, unknown));
                most *= 2;
            } else if most > 1 {
                most /= 2;
            } else {
                if let Some(table) = self.down(&[first], &|_, low, _| low) {
                    seen.take(&table);
                }
                wanted.remove(0);
                wanted.retain(|&(unknown, _)| !settled(seen, unknown));
            }
        }
    }

    /// One table, with as many of the wanted values as fit together, the first ones first, and the others
    /// as near as they can be to what `near` says; `None` where not even the first fits.
    fn down(
        &self,
        wanted: &[(usize, i64)],
        near: &dyn Fn(usize, i64, i64) -> i64,
    ) -> Option<Vec<i64>> {
        let mut dive = Dive {
            dives: self,
            bounds: self.start.clone(),
            trail: Vec::new(),
        };
        for (place, &(unknown, value)) in wanted.iter().enumerate() {
            let (low, high) = (dive.bounds.low[unknown], dive.bounds.high[unknown]);
            let is_there = (low, high) == (value, value);
            let fits = is_there || (low..=high).contains(&value) && dive.fix(unknown, value);
            if place == 0 && !fits {
                return None;
            }
        }
        for &unknown in &self.order {
            let (low, high) = (dive.bounds.low[unknown], dive.bounds.high[unknown]);
            if low == high {
                continue;
            }
            let tried = [near(unknown, low, high), low, high];
            let is_new = |at: usize| tried[at] < UNBOUNDED && !tried[..at].contains(&tried[at]);
            if !(0..tried.len()).any(|at| is_new(at) && dive.fix(unknown, tried[at])) {
                return None;
            }
        }
        self.fits(&dive.bounds.low).then_some(dive.bounds.low)
    }

    /// Whether a table fits, which nothing rests on but this.
    fn fits(&self, table: &[i64]) -> bool {
        let inside = |i: usize| (self.start.low[i]..=self.start.high[i]).contains(&table[i]);
        let adds_up = |relation: &Relation| {
            let sum: i64 = relation.parts.iter().map(|&p| table[p]).sum();
            sum == table[relation.total]
        };
        (0..table.len()).all(inside) && self.relations.iter().all(adds_up)
    }
}

impl Dive<'_> {
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
        let mut left = 4 * self.dives.relations.len() + 64;
        while let Some(r) = due.pop() {
            if left == 0 {
                return false;
            }
            left -= 1;
            let from = self.trail.len();
            self.bounds
                .narrow_by(&self.dives.relations[r], &mut self.trail);
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
        let one = dives.down(&wanted, &|_, low, _| low).unwrap();
        let reached = wanted.iter().filter(|(i, value)| one[*i] == *value);
        assert_eq!(reached.count(), 4, "{one:?}");
        dives.run(wanted, &mut seen, &|_, _| false);
        for i in 0..4 {
            assert!(seen.reaches(i, system.low[i]) && seen.reaches(i, system.high[i]));
        }
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
        let mut dives = Dives::of(&system);
        let mut seen = Seen::new(system.low.len());
        dives.run(vec![(0, 0), (1, 3)], &mut seen, &|_, _| false);
        assert!(!dives.centre(&mut seen));
        assert!((0..6).all(|i| seen.ends(i).is_none()));
    }
}
