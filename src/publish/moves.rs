//! Tables that fit, found by moving a little in one that fits.

use std::collections::BTreeSet;

use microlp::OptimizationDirection;

use super::dives::Dives;
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
    dives: &'a Dives<'a>,
    table: Vec<i64>,
    /// Every unknown is held at the table, but during a move.
    held: System,
}

impl<'a> Moves<'a> {
    /// Around a table that fits what the dives go down in.
    pub(super) fn around(dives: &'a Dives<'a>, table: Vec<i64>) -> Self {
        let held = System {
            low: table.clone(),
            high: table.clone(),
            relations: dives.system.relations.clone(),
        };
        Self { dives, table, held }
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
                let free = self.dives.system;
                for &i in &movable.unknowns {
                    (self.held.low[i], self.held.high[i]) = (free.low[i], free.high[i]);
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
        let system = self.dives.system;
        let is_free = |i: &usize| system.low[*i] < system.high[*i];
        let mut unknowns = vec![unknown];
        let mut known = BTreeSet::from([unknown]);
        let mut relations = BTreeSet::new();
        let mut at = 0;
        while at < unknowns.len() {
            for &r in &self.dives.touching[unknowns[at]] {
                relations.insert(r);
                for other in system.relations[r].members().filter(is_free) {
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
