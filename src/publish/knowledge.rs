//! What anyone can put together from this release and the earlier ones.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::{Atoms, Extent, extent};
use super::disclosure::Disclosure;
use super::key::CellKey;
use super::ledger::{Entry, Ledger};
use super::linear;
use super::merged::Merged;
use super::system::{System, UNBOUNDED};
use super::table::{CountTable, Relation};
use crate::error::Result;

/// The unknowns behind figures, with their relations, and which must stay uncertain.
#[derive(Debug)]
pub(super) struct Knowledge {
    system: System,
    /// The unknown of each cell of the new table: the first ones.
    cells: usize,
    /// Unknowns that earlier releases withheld.
    withheld_before: Vec<usize>,
    /// Unknowns that no release shows, such as the one month between two periods.
    atoms: Vec<usize>,
    /// What earlier releases say of the cells of the table.
    pub(super) earlier: Vec<Option<Earlier>>,
    /// Cells of the table of which nothing is said.
    kept_back: Vec<bool>,
    /// How to name an unknown.
    pub(super) names: Vec<CellKey>,
}

/// What an earlier release says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    Published(i64),
    Withheld,
}

/// What an audit finds.
#[derive(Debug)]
pub(super) struct Audit {
    /// The interval of each cell of the table.
    pub(super) bounds: Vec<(i64, i64)>,
    pub(super) exposed: Vec<Exposed>,
}

/// An unknown whose interval is too narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exposed(pub(super) usize);

impl Knowledge {
    /// From the table and the ledger. An earlier figure of a cell that does not fit its count is of
    /// reports that were revised since; it says nothing of the new count and is left out.
    pub(super) fn of(table: &CountTable, ledger: &Ledger) -> Self {
        let mut out = Self {
            system: System::default(),
            cells: table.len(),
            withheld_before: Vec::new(),
            atoms: Vec::new(),
            earlier: vec![None; table.len()],
            kept_back: (0..table.len()).map(|c| table.is_kept_back(c)).collect(),
            names: Vec::new(),
        };
        let mut place: BTreeMap<CellKey, usize> = BTreeMap::new();
        for key in table.keys() {
            let unknown = out.add(key.clone());
            place.insert(key.clone(), unknown);
        }
        let mut relations: BTreeSet<(usize, Vec<usize>)> = table
            .relations()
            .iter()
            .map(|r| sorted(r.total, r.parts.clone()))
            .collect();
        for release in &ledger.releases {
            let unknowns: Vec<usize> = release
                .cells
                .iter()
                .map(|entry| out.before(entry, table, &mut place))
                .collect();
            for (total, parts) in &release.relations {
                let parts = parts.iter().map(|&p| unknowns[p]).collect();
                relations.insert(sorted(unknowns[*total], parts));
            }
        }
        out.cut(&place, &mut relations);
        out.system.relations = relations
            .into_iter()
            .map(|(total, parts)| Relation { total, parts })
            .collect();
        out
    }

    /// Whether neither the table nor an earlier release says anything of a cell.
    pub(super) fn is_silent(&self, cell: usize) -> bool {
        self.kept_back[cell] && self.earlier[cell].is_none()
    }

    fn add(&mut self, key: CellKey) -> usize {
        self.names.push(key);
        self.system.unknown(0, UNBOUNDED)
    }

    fn before(
        &mut self,
        entry: &Entry,
        table: &CountTable,
        place: &mut BTreeMap<CellKey, usize>,
    ) -> usize {
        let key = entry.key();
        let known = place.get(&key).copied();
        let unknown = known.unwrap_or_else(|| {
            let unknown = self.add(key.clone());
            place.insert(key, unknown);
            unknown
        });
        if entry.kept_back {
            if known.is_none() {
                self.atoms.push(unknown);
            }
            return unknown;
        }
        let high = entry.high.unwrap_or(UNBOUNDED);
        if let Some(&count) = table.counts().get(unknown) {
            if !(entry.low..=high).contains(&count) {
                return unknown;
            }
            self.earlier[unknown] = Some(match entry.published {
                Some(value) => Earlier::Published(value),
                None => Earlier::Withheld,
            });
        } else if entry.published.is_none() {
            self.withheld_before.push(unknown);
        }
        let (own_low, own_high) = (
            &mut self.system.low[unknown],
            &mut self.system.high[unknown],
        );
        // Two releases of one figure, of which one was revised: the later one holds.
        if *own_low > high || *own_high < entry.low {
            (*own_low, *own_high) = (entry.low, high);
        } else {
            *own_low = (*own_low).max(entry.low);
            *own_high = (*own_high).min(high);
        }
        unknown
    }

    /// Cuts crossing periods and categories into atoms, for every area alike.
    fn cut(
        &mut self,
        place: &BTreeMap<CellKey, usize>,
        relations: &mut BTreeSet<(usize, Vec<usize>)>,
    ) {
        let cut = Atoms::of(place.keys());
        if cut.of.values().all(|parts| parts.len() == 1) {
            return;
        }
        let mut areas: BTreeMap<(&String, Option<i16>), BTreeMap<Extent, usize>> = BTreeMap::new();
        for (key, &unknown) in place.iter().filter(|(key, _)| key.part.is_none()) {
            let own = areas.entry((&key.area, key.vintage)).or_default();
            own.insert(extent(key), unknown);
        }
        let empty = empty(&cut, place, relations);
        // The unknown of each atom of each area that has a figure with that atom.
        let mut atoms: BTreeMap<Piece<'_>, usize> = BTreeMap::new();
        for ((area, vintage), own) in &areas {
            for (shape, &unknown) in own {
                let parts = cut.of.get(shape).cloned().unwrap_or_default();
                if parts.len() < 2 {
                    continue;
                }
                let parts = parts
                    .into_iter()
                    .filter(|&atom| !empty.contains(&(*area, *vintage, atom)))
                    .map(|atom| {
                        *atoms.entry((area, *vintage, atom)).or_insert_with(|| {
                            let shown = cut.whole[atom].as_ref().and_then(|s| own.get(s));
                            shown.copied().unwrap_or_else(|| {
                                let (categories, start, end) = cut.name[atom].clone();
                                let unknown = self.add(CellKey {
                                    area: (*area).clone(),
                                    part: None,
                                    vintage: *vintage,
                                    categories,
                                    start,
                                    end,
                                });
                                self.atoms.push(unknown);
                                unknown
                            })
                        })
                    })
                    .collect();
                relations.insert(sorted(unknown, parts));
            }
        }
        // What holds for areas over an extent holds for each of its atoms.
        let keys: BTreeMap<usize, &CellKey> = place.iter().map(|(k, &u)| (u, k)).collect();
        let mut more = Vec::new();
        for (total, parts) in relations.iter() {
            let Some(whole) = keys.get(total) else {
                continue;
            };
            let same = |p: &usize| keys.get(p).is_some_and(|k| extent(k) == extent(whole));
            if !parts.iter().all(same) {
                continue;
            }
            for &atom in cut.of.get(&extent(whole)).into_iter().flatten() {
                let of = |u: &usize| {
                    let key = keys.get(u).filter(|key| key.part.is_none())?;
                    atoms.get(&(&key.area, key.vintage, atom)).copied()
                };
                if let (Some(total), Some(parts)) =
                    (of(total), parts.iter().map(of).collect::<Option<Vec<_>>>())
                {
                    more.push(sorted(total, parts));
                }
            }
        }
        relations.extend(more);
    }

    /// The system with what is published in it, its bounds passed along as far as possible.
    fn bounded(&self, rules: &Disclosure, published: &[Option<(i64, i64)>]) -> Result<System> {
        let mut system = self.system.clone();
        for (cell, known) in published.iter().enumerate() {
            let least = if self.is_silent(cell) {
                0
            } else {
                rules.withheld_from()
            };
            let (low, high) = known.unwrap_or((least, UNBOUNDED));
            system.low[cell] = system.low[cell].max(low);
            system.high[cell] = system.high[cell].min(high);
        }
        let most = system.relations.len() + 2;
        if system.narrow(most) {
            Ok(system)
        } else {
            Err(linear::contradicts())
        }
    }

    /// The interval of each withheld cell by the linear programs of the whole system, without anything that
    /// spares them, and whether it is exact.
    #[cfg(test)]
    pub(super) fn plainly(
        &self,
        rules: &Disclosure,
        published: &[Option<(i64, i64)>],
    ) -> Result<BTreeMap<usize, (i64, i64, bool)>> {
        let system = self.bounded(rules, published)?;
        let mut out = BTreeMap::new();
        for component in system.components() {
            let is_withheld = |&&u: &&usize| u < self.cells && published[u].is_none();
            for &unknown in component.unknowns.iter().filter(is_withheld) {
                let mut none = linear::Seen::new(system.low.len());
                let found = linear::interval(&system, &component, unknown, &mut none)?;
                out.insert(unknown, found);
            }
        }
        Ok(out)
    }

    /// Intervals of the withheld cells given what is published (`None` where withheld), and what is
    /// exposed. All that is exposed is found, not the first only. Intervals can be too wide where they are
    /// wide enough; exact ones are of cells alone, and for what an audit found nothing exposed in.
    pub(super) fn audit(
        &self,
        rules: &Disclosure,
        table: &CountTable,
        published: &[Option<(i64, i64)>],
        is_exact: bool,
    ) -> Result<Audit> {
        let system = self.bounded(rules, published)?;
        let mut bounds: Vec<(i64, i64)> = system
            .low
            .iter()
            .copied()
            .zip(system.high.iter().copied())
            .collect();
        let mut guarded: BTreeMap<usize, i64> = BTreeMap::new();
        for (cell, known) in published.iter().enumerate() {
            if known.is_none() {
                let count = table.counts()[cell];
                guarded.insert(cell, rules.width((!self.is_silent(cell)).then_some(count)));
            }
        }
        if !is_exact {
            for &unknown in self.withheld_before.iter().chain(&self.atoms) {
                guarded.insert(unknown, rules.width(None));
            }
        }
        let silent = (0..self.cells).filter(|&cell| self.is_silent(cell));
        let mut atoms: BTreeSet<usize> = self.atoms.iter().copied().chain(silent).collect();
        // What one release keeps back another may have withheld.
        for unknown in &self.withheld_before {
            atoms.remove(unknown);
        }
        let too_narrow = |unknown: usize, (low, high): (i64, i64), width: i64| {
            // That an atom is large, or empty where zeros may be known, exposes nobody.
            let harmless = atoms.contains(&unknown)
                && (low >= rules.minimum_count || high == 0 && !rules.withhold_zeros);
            high - low < width && !harmless
        };
        let mut unproven = BTreeSet::new();
        for component in system.components().iter().filter(|c| c.cyclic) {
            let mut merged = Merged::of(&system, component);
            merged.search(component.unknowns.iter().filter_map(|&unknown| {
                let width = *guarded.get(&unknown)?;
                let is_open = !too_narrow(unknown, bounds[unknown], width);
                is_open.then_some((unknown, (!is_exact).then_some(width)))
            }))?;
            for &unknown in &component.unknowns {
                let Some(&width) = guarded.get(&unknown) else {
                    continue;
                };
                // The bounds so far are too wide if anything.
                let settled = !is_exact && merged.spreads(unknown, width);
                if settled || too_narrow(unknown, bounds[unknown], width) {
                    continue;
                }
                let (low, high, exact) = merged.interval(unknown, bounds[unknown])?;
                bounds[unknown] = (low, high);
                if !exact {
                    unproven.insert(unknown);
                }
            }
        }
        let exposed = guarded
            .iter()
            .filter(|&(&unknown, &width)| {
                unproven.contains(&unknown) || too_narrow(unknown, bounds[unknown], width)
            })
            .map(|(&unknown, _)| Exposed(unknown))
            .collect();
        bounds.truncate(self.cells);
        Ok(Audit { bounds, exposed })
    }

    /// The cells that lie in one relation with an unknown, then those one relation further, and so
    /// on; each list ascending.
    pub(super) fn around(&self, unknown: usize) -> Vec<Vec<usize>> {
        let mut seen = BTreeSet::from([unknown]);
        let mut out = Vec::new();
        loop {
            let mut next = BTreeSet::new();
            for relation in &self.system.relations {
                if relation.members().any(|i| seen.contains(&i)) {
                    next.extend(relation.members().filter(|i| !seen.contains(i)));
                }
            }
            if next.is_empty() {
                return out;
            }
            out.push(next.iter().copied().filter(|&i| i < self.cells).collect());
            seen.extend(next);
        }
    }
}

/// An atom in an area.
type Piece<'a> = (&'a String, Option<i16>, usize);

/// Atoms that hold nothing by construction: where a table says that a total of all categories is
/// the sum of some, there are no others.
fn empty<'a>(
    cut: &Atoms,
    place: &'a BTreeMap<CellKey, usize>,
    relations: &BTreeSet<(usize, Vec<usize>)>,
) -> BTreeSet<Piece<'a>> {
    let keys: BTreeMap<usize, &CellKey> = place.iter().map(|(k, &u)| (u, k)).collect();
    let pieces = |unknown: &usize| -> BTreeSet<Piece<'a>> {
        let key = keys[unknown];
        let atoms = cut.of.get(&extent(key)).into_iter().flatten();
        atoms.map(|&a| (&key.area, key.vintage, a)).collect()
    };
    let mut out = BTreeSet::new();
    loop {
        let before = out.len();
        for (total, parts) in relations {
            let home = (&keys[total].area, keys[total].vintage);
            if parts
                .iter()
                .all(|p| (&keys[p].area, keys[p].vintage) == home)
            {
                let inside: BTreeSet<Piece<'a>> = parts.iter().flat_map(pieces).collect();
                out.extend(pieces(total).difference(&inside).copied());
            } else if parts.iter().all(|p| extent(keys[p]) == extent(keys[total])) {
                for piece in pieces(total) {
                    let of = |p: &usize| (&keys[p].area, keys[p].vintage, piece.2);
                    if out.contains(&piece) {
                        out.extend(parts.iter().map(of));
                    } else if parts.iter().all(|p| out.contains(&of(p))) {
                        out.insert(piece);
                    }
                }
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

fn sorted(total: usize, mut parts: Vec<usize>) -> (usize, Vec<usize>) {
    parts.sort_unstable();
    (total, parts)
}
