//! What anyone can know: whole numbers between bounds, and which are sums of others.

use super::table::Relation;
use crate::stats::Connected;

/// Higher than any count; no upper bound.
pub(super) const UNBOUNDED: i64 = i64::MAX / 4;

/// Unknown whole numbers with bounds and additive relations.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct System {
    pub(super) low: Vec<i64>,
    pub(super) high: Vec<i64>,
    pub(super) relations: Vec<Relation>,
}

/// What the bounds of an unknown were before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) unknown: usize,
    pub(super) low: i64,
    pub(super) high: i64,
}

/// Unknowns that hang together through relations.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Component {
    /// Unknowns that are not fixed.
    pub(super) unknowns: Vec<usize>,
    /// Positions of relations.
    pub(super) relations: Vec<usize>,
    /// Whether two ways lead from one unknown to another.
    pub(super) cyclic: bool,
}

impl System {
    /// Adds an unknown.
    pub(super) fn unknown(&mut self, low: i64, high: i64) -> usize {
        self.low.push(low);
        self.high.push(high.min(UNBOUNDED));
        self.low.len() - 1
    }

    /// Narrows the bounds by one relation after another until nothing changes, at most so many
    /// times round. Bounds stay right when it stops early, but may be wider than need be.
    ///
    /// Where the relations form a forest, the bounds become exact, for whole numbers too: sums of
    /// all whole numbers in intervals are all whole numbers in an interval, so a relation between
    /// separate branches asks nothing of them but their ends.
    pub(super) fn narrow(&mut self, most: usize) -> bool {
        let touching = self.touching();
        let relations = std::mem::take(&mut self.relations);
        let mut due: Vec<usize> = (0..relations.len()).collect();
        for _ in 0..most {
            let mut changed = Vec::new();
            for &r in &due {
                self.narrow_by(&relations[r], &mut changed);
            }
            let again = changed.iter();
            due = again.flat_map(|c| touching[c.unknown].clone()).collect();
            due.sort_unstable();
            due.dedup();
            if due.is_empty() {
                break;
            }
        }
        self.relations = relations;
        self.low.iter().zip(&self.high).all(|(l, h)| l <= h)
    }

    /// The relations that each unknown is in.
    pub(super) fn touching(&self) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new(); self.low.len()];
        for (r, relation) in self.relations.iter().enumerate() {
            for i in relation.members() {
                out[i].push(r);
            }
        }
        out
    }

    pub(super) fn narrow_by(&mut self, relation: &Relation, changed: &mut Vec<Before>) {
        let low: i64 = relation.parts.iter().map(|&p| self.low[p]).sum();
        let open = |i: usize, high: &[i64]| high[i] >= UNBOUNDED;
        let unbounded = relation
            .parts
            .iter()
            .filter(|&&p| open(p, &self.high))
            .count();
        let finite: i64 = relation
            .parts
            .iter()
            .filter(|&&p| !open(p, &self.high))
            .map(|&p| self.high[p])
            .sum();
        let total = relation.total;
        self.set(total, low, changed, true);
        if unbounded == 0 {
            self.set(total, finite, changed, false);
        }
        let (total_low, total_high) = (self.low[total], self.high[total]);
        for &part in &relation.parts {
            let (own_low, own_high) = (self.low[part], self.high[part]);
            if total_high < UNBOUNDED {
                self.set(part, total_high - (low - own_low), changed, false);
            }
            let others_open = unbounded - usize::from(own_high >= UNBOUNDED);
            if others_open == 0 {
                let others = if own_high >= UNBOUNDED {
                    finite
                } else {
                    finite - own_high
                };
                self.set(part, total_low - others, changed, true);
            }
        }
    }

    fn set(&mut self, unknown: usize, bound: i64, changed: &mut Vec<Before>, is_low: bool) {
        let (low, high) = (self.low[unknown], self.high[unknown]);
        if is_low && bound > low {
            self.low[unknown] = bound;
        } else if !is_low && bound < high {
            self.high[unknown] = bound;
        } else {
            return;
        }
        changed.push(Before { unknown, low, high });
    }

    /// The unknowns that are not fixed, by what hangs together.
    pub(super) fn components(&self) -> Vec<Component> {
        let n = self.low.len();
        let set = Connected::new(n + self.relations.len());
        let free = |i: usize| self.low[i] < self.high[i];
        let mut closes = Vec::new();
        for (r, relation) in self.relations.iter().enumerate() {
            for i in relation.members() {
                if free(i) && !set.join(i, n + r) {
                    closes.push(i);
                }
            }
        }
        let mut place = vec![usize::MAX; n + self.relations.len()];
        let mut out: Vec<Component> = Vec::new();
        let mut home = |node: usize, out: &mut Vec<Component>| {
            let root = set.root(node);
            if place[root] == usize::MAX {
                place[root] = out.len();
                out.push(Component::default());
            }
            place[root]
        };
        for i in (0..n).filter(|&i| free(i)) {
            let at = home(i, &mut out);
            out[at].unknowns.push(i);
        }
        for r in 0..self.relations.len() {
            let at = home(n + r, &mut out);
            out[at].relations.push(r);
        }
        for i in closes {
            let at = home(i, &mut out);
            out[at].cyclic = true;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_total_has_at_least_is_asked_of_the_only_part_without_an_end() {
        let mut system = System::default();
        for (low, high) in [(0, UNBOUNDED), (1, 2), (5, UNBOUNDED)] {
            system.unknown(low, high);
        }
        let parts = vec![0, 1];
        system.relations.push(Relation { total: 2, parts });
        assert!(system.narrow(9));
        assert_eq!(system.low, [3, 1, 5]);
        assert_eq!(system.high, [UNBOUNDED, 2, UNBOUNDED]);
        // With an end of the total the other part has room below its own.
        system.high[2] = 5;
        assert!(system.narrow(9));
        assert_eq!((system.low[0], system.high[0]), (3, 4));
    }
}
