//! Tables that fit, found by moving a little in one that fits.

use std::collections::BTreeSet;

use microlp::OptimizationDirection;

use super::linear::{self, Seen};
use super::system::{Component, System};
use crate::error::Result;

/// How many unknowns may move together; what has no room among a few may have it among more.
const TOGETHER: [usize; 2] = [60, 400];

/// Moves away from a table that fits, with all but the unknowns around one held where they are.
///
/// One more report in an area in January is one less there in another month, or in January elsewhere
/// nearby. So there mostly is room enough among few unknowns, however large the whole, and small linear
/// programs find it.
pub(super) struct Moves<'a> {
    system: &'a System,
    table: Vec<i64>,
    /// The relations of each unknown.
    touching: Vec<Vec<usize>>,
    /// Every unknown is held at the table, but during a move.
    held: System,
}

impl<'a> Moves<'a> {
    /// Around a table that fits.
    pub(super) fn around(system: &'a System, table: Vec<i64>) -> Self {
        let mut held = system.clone();
        held.low.copy_from_slice(&table);
        held.high.copy_from_slice(&table);
        Self {
            system,
            table,
            touching: system.touching(),
            held,
        }
    }

    /// Moves an unknown down and up until tables that fit differ by `width` in it, or it goes no further.
    pub(super) fn spread(&mut self, unknown: usize, width: i64, seen: &mut Seen) -> Result<()> {
        for most in TOGETHER {
            let movable = self.near(unknown, most);
            for direction in [
                OptimizationDirection::Maximize,
                OptimizationDirection::Minimize,
            ] {
                let Some((least, greatest)) = seen.ends(unknown) else {
                    return Ok(());
                };
                if greatest - least >= width {
                    return Ok(());
                }
                for &i in &movable.unknowns {
                    (self.held.low[i], self.held.high[i]) =
                        (self.system.low[i], self.system.high[i]);
                }
                // Further than that nobody asks.
                let (low, high) = (&mut self.held.low[unknown], &mut self.held.high[unknown]);
                (*low, *high) = ((*low).max(greatest - width), (*high).min(least + width));
                linear::corner(&self.held, &movable, unknown, direction, seen)?;
                for &i in &movable.unknowns {
                    (self.held.low[i], self.held.high[i]) = (self.table[i], self.table[i]);
                }
            }
        }
        Ok(())
    }

    /// The unknowns that sums connect with one, the nearest first, and the sums they are in.
    fn near(&self, unknown: usize, most: usize) -> Component {
        let is_free = |i: &usize| self.system.low[*i] < self.system.high[*i];
        let mut unknowns = vec![unknown];
        let mut known = BTreeSet::from([unknown]);
        let mut relations = BTreeSet::new();
        let mut at = 0;
        while at < unknowns.len() {
            for &r in &self.touching[unknowns[at]] {
                let relation = &self.system.relations[r];
                relations.insert(r);
                for &other in relation
                    .parts
                    .iter()
                    .chain([&relation.total])
                    .filter(|i| is_free(i))
                {
                    if unknowns.len() < most && known.insert(other) {
                        unknowns.push(other);
                    }
                }
            }
            at += 1;
        }
        Component {
            unknowns,
            relations: relations.into_iter().collect(),
            cyclic: true,
        }
    }
}
