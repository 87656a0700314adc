//! Unknowns that lie in the same sums, taken together.

use std::collections::BTreeMap;

use super::dives::Dives;
use super::linear::{self, Seen};
use super::moves::Moves;
use super::system::{Component, System, UNBOUNDED};
use super::table::Relation;
use crate::error::Result;

/// A component in which the unknowns that are parts of exactly the same relations are one unknown.
///
/// Only their sum has to do with the rest, and between bounds it takes every whole number. So the
/// interval of the sum gives that of each of them, and the linear programs are as small as the
/// number of sums: a city of a thousand areas with a table beside it takes a few dozen unknowns.
#[derive(Debug)]
pub(super) struct Merged {
    system: System,
    component: Component,
    /// The small unknown that each unknown is part of.
    home: BTreeMap<usize, usize>,
    /// Of each small unknown: how many it is made of, how many of these have no upper end, and what the
    /// ends of the others add up to.
    made_of: Vec<(usize, usize, i64)>,
    /// What the lower ends of those that it is made of add up to.
    least: Vec<i64>,
    seen: Seen,
    found: BTreeMap<usize, (i64, i64, bool)>,
}

/// How often to go down from the middle, each time for all whose width is asked, before each is moved by itself.
const DIVES: usize = 8;

impl Merged {
    pub(super) fn of(system: &System, component: &Component) -> Self {
        // Where each unknown stands: relations with whether it is the total.
        let mut roles: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
        for &unknown in &component.unknowns {
            roles.insert(unknown, Vec::new());
        }
        for &r in &component.relations {
            let relation = &system.relations[r];
            for &part in &relation.parts {
                roles.entry(part).or_default().push((r, false));
            }
            roles.entry(relation.total).or_default().push((r, true));
        }
        let mut out = Self {
            system: System::default(),
            component: Component::default(),
            home: BTreeMap::new(),
            made_of: Vec::new(),
            least: Vec::new(),
            seen: Seen::new(0),
            found: BTreeMap::new(),
        };
        // Those with no freedom are in the sums too; they merge with their like.
        let mut homes: BTreeMap<&Vec<(usize, bool)>, usize> = BTreeMap::new();
        for (&unknown, role) in &roles {
            let home = *homes.entry(role).or_insert_with(|| {
                out.made_of.push((0, 0, 0));
                out.system.unknown(0, 0)
            });
            out.home.insert(unknown, home);
            out.system.low[home] += system.low[unknown];
            let (members, open, finite) = &mut out.made_of[home];
            *members += 1;
            match system.high[unknown] {
                UNBOUNDED.. => *open += 1,
                high => *finite += high,
            }
        }
        for (home, &(_, open, finite)) in out.made_of.iter().enumerate() {
            out.system.high[home] = if open > 0 { UNBOUNDED } else { finite };
        }
        for &r in &component.relations {
            let relation = &system.relations[r];
            let mut parts: Vec<usize> = relation.parts.iter().map(|p| out.home[p]).collect();
            parts.sort_unstable();
            parts.dedup();
            out.component.relations.push(out.system.relations.len());
            out.system.relations.push(Relation {
                total: out.home[&relation.total],
                parts,
            });
        }
        out.seen = Seen::new(out.made_of.len());
        // Sums have bounds of their own beside those of their parts.
        out.least.clone_from(&out.system.low);
        let rounds = out.system.relations.len() + 2;
        out.system.narrow(rounds);
        out.component.unknowns = (0..out.made_of.len())
            .filter(|&home| out.system.low[home] < out.system.high[home])
            .collect();
        out
    }

    /// Looks for tables that fit, so that fewer linear programs are needed: at both ends of the intervals of
    /// unknowns whose interval is asked, and so far apart for those of which it is enough to know that they
    /// are that wide.
    pub(super) fn search(
        &mut self,
        unknowns: impl Iterator<Item = (usize, Option<i64>)>,
    ) -> Result<()> {
        let mut asked: BTreeMap<usize, Option<i64>> = BTreeMap::new();
        for (unknown, width) in unknowns {
            let home = self.home[&unknown];
            if self.system.low[home] < self.system.high[home] {
                // Of several taken together the interval is asked.
                let width = width.filter(|_| self.made_of[home].0 == 1);
                asked.insert(home, width);
            }
        }
        let dives = Dives::of(&self.system);
        let exact = asked.iter().filter(|(_, width)| width.is_none());
        let high = exact
            .clone()
            .map(|(&home, _)| (home, self.system.high[home]));
        let low = exact.map(|(&home, _)| (home, self.system.low[home]));
        dives.run(high.chain(low).collect(), None, usize::MAX, &mut self.seen);
        let widths: Vec<(usize, i64)> = (asked.iter())
            .filter_map(|(&home, width)| Some((home, (*width)?)))
            .collect();
        if widths.is_empty() {
            return Ok(());
        }
        if let Some(table) = dives.centre() {
            self.seen.take(&table);
            for is_up in [true, false] {
                let away = |&(home, width): &(usize, i64)| {
                    let (least, greatest) = self.seen.ends(home)?;
                    let value = if is_up {
                        least + width
                    } else {
                        greatest - width
                    };
                    (greatest - least < width).then_some((home, value))
                };
                let wanted = widths.iter().filter_map(away).collect();
                dives.run(wanted, Some(&table), DIVES, &mut self.seen);
            }
            let mut moves = Moves::around(&dives, table);
            for (home, width) in widths {
                moves.spread(home, width, &mut self.seen)?;
            }
        }
        Ok(())
    }

    /// Whether two tables that fit differ by so much in an unknown that stands alone.
    pub(super) fn spreads(&self, unknown: usize, width: i64) -> bool {
        let home = self.home[&unknown];
        self.made_of[home].0 == 1 && self.seen.spreads(home, width)
    }

    /// The interval of an unknown with these bounds by itself, and whether its ends are exact; else
    /// they are at most too wide.
    pub(super) fn interval(&mut self, unknown: usize, own: (i64, i64)) -> Result<(i64, i64, bool)> {
        let home = self.home[&unknown];
        let (least, greatest, exact) = if let Some(&found) = self.found.get(&home) {
            found
        } else {
            let found = linear::interval(&self.system, &self.component, home, &mut self.seen)?;
            self.found.insert(home, found);
            found
        };
        let others_low = self.least[home] - own.0;
        let (_, open, finite) = self.made_of[home];
        let (others_finite, others_open) = match own.1 {
            UNBOUNDED.. => (finite, open - 1),
            high => (finite - high, open),
        };
        let low = if others_open > 0 {
            own.0
        } else {
            own.0.max(least - others_finite)
        };
        let high = if greatest >= UNBOUNDED {
            own.1
        } else {
            own.1.min(greatest - others_low)
        };
        Ok((low, high, exact))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Leaves of at least one where they have any, some with an end, and sums over any of them, each known to
    /// within some slack.
    fn system(leaves: &[i64], sums: &[(Vec<bool>, i64)]) -> System {
        let mut out = System::default();
        for &leaf in leaves {
            let high = if leaf % 3 == 0 { leaf + 2 } else { UNBOUNDED };
            out.unknown(leaf.min(1), high);
        }
        for (inside, slack) in sums {
            let parts: Vec<usize> = (0..leaves.len()).filter(|&i| inside[i]).collect();
            let sum: i64 = parts.iter().map(|&p| leaves[p]).sum();
            let total = out.unknown((sum - slack).max(0), sum + slack);
            out.relations.push(Relation { total, parts });
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn intervals_are_those_of_the_whole_programme(
            leaves in proptest::collection::vec(0..9_i64, 7),
            sums in proptest::collection::vec(
                (proptest::collection::vec(any::<bool>(), 7), 0..4_i64), 2..7
            ),
        ) {
            let mut system = system(&leaves, &sums);
            prop_assert!(system.narrow(100));
            for component in system.components().iter().filter(|c| c.cyclic) {
                let mut merged = Merged::of(&system, component);
                merged.search(component.unknowns.iter().map(|&unknown| (unknown, None))).unwrap();
                for &unknown in &component.unknowns {
                    let own = (system.low[unknown], system.high[unknown]);
                    let (low, high, exact) = merged.interval(unknown, own).unwrap();
                    // The linear programs of all unknowns, from no table that fits.
                    let mut none = Seen::new(system.low.len());
                    let plain = linear::interval(&system, component, unknown, &mut none).unwrap();
                    if exact && plain.2 {
                        prop_assert_eq!((low, high), (plain.0, plain.1));
                    }
                }
            }
        }

        #[test]
        fn what_is_said_to_be_wide_is(
            leaves in proptest::collection::vec(0..9_i64, 7),
            sums in proptest::collection::vec(
                (proptest::collection::vec(any::<bool>(), 7), 0..4_i64), 2..7
            ),
            width in 1..9_i64,
        ) {
            let mut system = system(&leaves, &sums);
            prop_assert!(system.narrow(100));
            for component in system.components().iter().filter(|c| c.cyclic) {
                let mut merged = Merged::of(&system, component);
                merged.search(component.unknowns.iter().map(|&u| (u, Some(width)))).unwrap();
                for &unknown in component.unknowns.iter().filter(|&&u| merged.spreads(u, width)) {
                    let mut none = Seen::new(system.low.len());
                    let (low, high, _) =
                        linear::interval(&system, component, unknown, &mut none).unwrap();
                    prop_assert!(high - low >= width);
                }
            }
        }
    }
}
