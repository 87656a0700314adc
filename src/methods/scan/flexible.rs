//! Windows of any form that hangs together.

use super::zones::{LEAVES, WINDOW};

/// How many units a window may hold, and who borders on whom.
#[derive(Debug, Clone)]
pub(super) struct Flexible {
    pub(super) most: usize,
    pub(super) neighbours: Vec<Vec<u32>>,
}

/// Is told how a set grows and shrinks.
pub(super) trait Visit {
    /// A unit enters, by its number among the nearest; what is inside then is a set.
    fn enter(&mut self, at: usize);
    /// The unit that entered last leaves.
    fn leave(&mut self, at: usize);
}

impl Flexible {
    /// Every set of the nearest units that hangs together and holds the first, once each, as units
    /// that enter and leave; a window ends with every unit that enters. None has more than `most`
    /// people.
    pub(super) fn list(&self, near: &[u32], people: &[f64], most: f64) -> Vec<u32> {
        let mut listed = Listed {
            near,
            out: Vec::new(),
        };
        self.visit(near, people, most, &mut listed);
        listed.out
    }

    /// Visits these sets one after another.
    pub(super) fn visit(&self, near: &[u32], people: &[f64], most: f64, visitor: &mut impl Visit) {
        let bit = |unit: u32| {
            near.iter()
                .position(|n| *n == unit)
                .map_or(0, |at| 1u32 << at)
        };
        let mut beside = vec![0u32; near.len()];
        for (at, unit) in near.iter().enumerate() {
            for other in &self.neighbours[*unit as usize] {
                let mask = bit(*other) & !(1 << at);
                if mask != 0 {
                    beside[at] |= mask;
                    beside[mask.trailing_zeros() as usize] |= 1 << at;
                }
            }
        }
        let mut sets = Sets {
            people: near.iter().map(|unit| people[*unit as usize]).collect(),
            most,
            beside,
            visitor,
        };
        sets.extend(1, 0, 0.0);
    }
}

/// Writes down who enters and who leaves.
struct Listed<'a> {
    near: &'a [u32],
    out: Vec<u32>,
}

impl Visit for Listed<'_> {
    fn enter(&mut self, at: usize) {
        self.out.push(self.near[at] | WINDOW);
    }

    fn leave(&mut self, at: usize) {
        self.out.push(self.near[at] | LEAVES);
    }
}

struct Sets<'a, V> {
    people: Vec<f64>,
    most: f64,
    /// Neighbours of each of the nearest units, as bits.
    beside: Vec<u32>,
    visitor: &'a mut V,
}

impl<V: Visit> Sets<'_, V> {
    /// All sets that add one or more of the `open` units, and what these open, to the set so far.
    /// `shut` are its own units and those whose sets are listed already.
    fn extend(&mut self, mut open: u32, mut shut: u32, people: f64) {
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            shut |= 1 << at;
            let more = people + self.people[at];
            if more <= self.most {
                self.visitor.enter(at);
                self.extend(open | (self.beside[at] & !shut), shut, more);
                self.visitor.leave(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets by the definition: of all sets that hold the first, those that hang together.
    fn plain(neighbours: &[Vec<u32>], near: &[u32], people: &[f64], most: f64) -> Vec<u32> {
        let inside = |set: u32, unit: u32| {
            near.iter()
                .position(|n| *n == unit)
                .is_some_and(|at| set >> at & 1 == 1)
        };
        let hangs_together = |set: u32| {
            let mut reached = 1u32;
            loop {
                let before = reached;
                for (at, unit) in near.iter().enumerate() {
                    for (other_at, other) in near.iter().enumerate() {
                        let linked = neighbours[*unit as usize].contains(other);
                        if reached >> at & 1 == 1 && linked && inside(set, *other) {
                            reached |= 1 << other_at;
                        }
                    }
                }
                if reached == before {
                    return reached == set;
                }
            }
        };
        let sum = |set: u32| -> f64 {
            let chosen = near.iter().filter(|unit| inside(set, **unit));
            chosen.map(|unit| people[*unit as usize]).sum()
        };
        let all = (0..1u32 << near.len()).filter(|set| set & 1 == 1);
        all.filter(|set| hangs_together(*set) && sum(*set) <= most)
            .collect()
    }

    /// The sets of a list, as bits.
    fn listed(list: &[u32], near: &[u32]) -> Vec<u32> {
        let mut set = 0u32;
        let mut out = Vec::new();
        for entry in list {
            let unit = entry & !(WINDOW | LEAVES);
            let bit = 1 << near.iter().position(|n| *n == unit).unwrap();
            set ^= bit;
            assert_eq!(set & bit != 0, entry & LEAVES == 0, "in, then out");
            if entry & WINDOW != 0 {
                out.push(set);
            }
        }
        assert_eq!(set, 0, "all have left");
        out
    }

    #[test]
    fn every_set_that_hangs_together_is_listed_once() {
        // Three by three cells that share a side, and a ring.
        let cells: Vec<Vec<u32>> = (0..9u32)
            .map(|i| {
                let beside = |j: &u32| (i / 3).abs_diff(j / 3) + (i % 3).abs_diff(j % 3) == 1;
                (0..9).filter(beside).collect()
            })
            .collect();
        // A unit that is listed as its own neighbour is none.
        let ring: Vec<Vec<u32>> = (0..9).map(|i| vec![i, (i + 1) % 9]).collect();
        let both = |lists: &[Vec<u32>]| -> Vec<Vec<u32>> {
            let mut out = lists.to_vec();
            for (i, list) in (0..).zip(lists) {
                for j in list {
                    out[*j as usize].push(i);
                }
            }
            out
        };
        let people: Vec<f64> = (0..9).map(|i| 1.0 + f64::from(i % 2)).collect();
        for (neighbours, near) in [
            (&cells, vec![4, 0, 1, 2, 3, 5, 6, 7, 8]),
            (&cells, vec![0, 1, 3, 8, 7]),
            (&ring, vec![3, 2, 4, 1, 5, 8]),
        ] {
            for most in [0.5, 3.0, 5.0, 99.0] {
                let flexible = Flexible {
                    most: 9,
                    neighbours: neighbours.clone(),
                };
                let mut got = listed(&flexible.list(&near, &people, most), &near);
                got.sort_unstable();
                assert_eq!(got, plain(&both(neighbours), &near, &people, most));
            }
        }
    }
}
