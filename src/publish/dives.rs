//! Tables that fit, found by going down from bounds.

use super::system::{System, UNBOUNDED};
use super::table::Relation;

/// Which end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Low,
    High,
}

/// Finds tables of whole numbers that fit a system, at the ends of as many intervals as possible.
///
/// Bounds that were passed along relations are never too narrow. So where a table that fits is at a bound,
/// that bound is the end, and no linear program need be asked. A dive puts one unknown after another at
/// an end of what is left of it and passes that along the relations again; where nothing fits any more,
/// it gives up. One table settles many ends at once: areas that are in no sum together can all be at
/// theirs.
pub(super) struct Dives {
    /// Bounds that are passed along as far as possible.
    start: System,
    relations: Vec<Relation>,
    /// The relations of each unknown.
    touching: Vec<Vec<usize>>,
}

/// Bounds on the way down.
struct Dive<'a> {
    dives: &'a Dives,
    bounds: System,
}

impl Dives {
    /// Of a system whose bounds were passed along its relations.
    pub(super) fn of(system: &System) -> Self {
        let mut start = system.clone();
        let relations = std::mem::take(&mut start.relations);
        let mut touching = vec![Vec::new(); start.low.len()];
        for (r, relation) in relations.iter().enumerate() {
            for &i in relation.parts.iter().chain([&relation.total]) {
                touching[i].push(r);
            }
        }
        Self {
            start,
            relations,
            touching,
        }
    }

    /// Goes down for these ends, until each was reached in some table or given up; every table that is
    /// found goes to `seen`.
    pub(super) fn run(&self, mut wanted: Vec<(usize, End)>, seen: &mut impl FnMut(&[i64])) {
        wanted.retain(|&(unknown, end)| end == End::Low || self.start.high[unknown] < UNBOUNDED);
        while !wanted.is_empty() {
            // With all of them, else with the first alone.
            let found = self.down(&wanted).or_else(|| self.down(&wanted[..1]));
            let first = wanted[0];
            if let Some(table) = found {
                seen(&table);
                wanted.retain(|&(unknown, end)| table[unknown] != self.bound(unknown, end));
            }
            if wanted.first() == Some(&first) {
                wanted.remove(0);
            }
        }
    }

    fn bound(&self, unknown: usize, end: End) -> i64 {
        match end {
            End::Low => self.start.low[unknown],
            End::High => self.start.high[unknown],
        }
    }

    /// One table, with as many of the wanted ends as fit together, the first ones first.
    fn down(&self, wanted: &[(usize, End)]) -> Option<Vec<i64>> {
        let mut dive = Dive {
            dives: self,
            bounds: self.start.clone(),
        };
        for &(unknown, end) in wanted {
            let value = self.bound(unknown, end);
            let own = (dive.bounds.low[unknown], dive.bounds.high[unknown]);
            if !(own.0..=own.1).contains(&value) || own.0 == own.1 {
                continue;
            }
            let before = dive.bounds.clone();
            if !dive.fix(unknown, value) {
                dive.bounds = before;
            }
        }
        for unknown in 0..dive.bounds.low.len() {
            let (low, high) = (dive.bounds.low[unknown], dive.bounds.high[unknown]);
            if low < high && !dive.fix(unknown, low) {
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
    /// Gives an unknown a value and passes it along; whether something may still fit.
    fn fix(&mut self, unknown: usize, value: i64) -> bool {
        (self.bounds.low[unknown], self.bounds.high[unknown]) = (value, value);
        let mut due = self.dives.touching[unknown].clone();
        // Bounds that creep up on each other by one are not worth the time.
        let mut left = 4 * self.dives.relations.len() + 64;
        while let Some(r) = due.pop() {
            if left == 0 {
                return false;
            }
            left -= 1;
            let mut changed = Vec::new();
            self.bounds
                .narrow_by(&self.dives.relations[r], &mut changed);
            for i in changed {
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
        let mut tables = Vec::new();
        let wanted = (0..4)
            .flat_map(|i| [(i, End::Low), (i, End::High)])
            .collect();
        dives.run(wanted, &mut |table: &[i64]| tables.push(table.to_vec()));
        // One table has the first cell and its opposite at their lows, another at their highs.
        assert_eq!(tables.len(), 2, "{tables:?}");
        for i in 0..4 {
            let at = |end: i64| tables.iter().any(|table| table[i] == end);
            assert!(at(system.low[i]) && at(system.high[i]), "{i} {tables:?}");
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
        let dives = Dives::of(&system);
        dives.run(
            vec![(0, End::Low), (1, End::High)],
            &mut |table: &[i64]| panic!("{table:?}"),
        );
    }
}
