//! The counts of a result that are to be published.

use sha2::{Digest, Sha256};

use super::made::Made;
use super::result::HotspotResult;
use crate::error::Result;
use crate::model::Period;
use crate::publish::{CellKey, CountTable};

/// The counts that are to be published, and where they are in the table.
pub(super) struct Asked {
    pub(super) table: CountTable,
    pub(super) label: String,
    /// First cell of the baseline.
    pub(super) baseline: Option<usize>,
    /// City, city with people, and the same for the baseline.
    pub(super) totals: [Option<usize>; 4],
    /// Areas with people, in the period and the baseline.
    pub(super) known: [Vec<bool>; 2],
}

impl Asked {
    pub(super) fn of(result: &HotspotResult, made: &Made) -> Result<Self> {
        let areas = &result.areas;
        let n = areas.len();
        let theme = &result.theme;
        let categories: Option<Vec<String>> = theme
            .categories()
            .map(|names| names.map(ToString::to_string).collect());
        let when = |period: Option<&Period>| period.map_or("all", |p| p.label.as_str()).to_owned();
        let label = format!("{} {}", theme.name(), when(result.period.as_ref()));
        let mut out = Self {
            table: CountTable::new(),
            label,
            baseline: None,
            totals: [None; 4],
            known: [vec![], vec![]],
        };
        let people = &result.neighbourhoods.population;
        let rates = |column: &[f64]| column.iter().map(|r| r.is_finite()).collect::<Vec<bool>>();
        let by_address = made
            .reported
            .as_ref()
            .map(|both| [both[0].by_address(n), both[1].by_address(n)]);
        let rounds = [
            (Some(&result.neighbourhoods.count), result.period.as_ref()),
            (made.then.as_ref(), result.baseline.as_ref()),
        ];
        for (round, (counts, period)) in rounds.into_iter().enumerate() {
            let Some(counts) = counts else {
                continue;
            };
            let key = |area: String| {
                let mut key = CellKey::area(area).vintage(areas.vintage());
                if let Some(names) = &categories {
                    key = key.categories(names.clone());
                }
                match period {
                    Some(period) => key.period(period),
                    None => key,
                }
            };
            let first = out.table.len();
            for (i, &count) in counts.iter().enumerate() {
                let cell = out.table.push(key(areas.codes()[i].clone()), count)?;
                out.table.population(cell, people[i])?;
                // A register tells no addresses.
                let from_reports = round == 0 || !made.analysis.has_register();
                if let Some(by_address) = by_address.as_ref().filter(|_| from_reports) {
                    out.table
                        .contributions(cell, by_address[round][i].clone())?;
                }
            }
            let column = [
                &result.neighbourhoods.rate,
                &result.neighbourhoods.baseline_rate,
            ];
            out.known[round] = rates(column[round]);
            if round == 1 {
                out.baseline = Some(first);
            }
            let cells: Vec<usize> = (first..first + n).collect();
            let with_people: Vec<usize> = cells
                .iter()
                .copied()
                .filter(|c| out.known[round][c - first])
                .collect();
            let known = out.total(&with_people, &with_people, areas.codes(), first, &key)?;
            out.totals[2 * round + 1] = known;
            out.totals[2 * round] = match known {
                Some(_) if with_people.len() == n => known,
                // A sum of sums keeps the relations a tree.
                Some(known) => {
                    let counted = &out.known[round];
                    let rest = cells.iter().copied().filter(|c| !counted[c - first]);
                    let parts: Vec<usize> = std::iter::once(known).chain(rest).collect();
                    out.total(&parts, &cells, areas.codes(), first, &key)?
                }
                None => out.total(&cells, &cells, areas.codes(), first, &key)?,
            };
        }
        Ok(out)
    }

    /// Adds the total of the cells of some areas, named after which they are, as a sum of parts.
    fn total(
        &mut self,
        parts: &[usize],
        cells: &[usize],
        codes: &[String],
        first: usize,
        key: &dyn Fn(String) -> CellKey,
    ) -> Result<Option<usize>> {
        if cells.len() < 2 {
            return Ok(None);
        }
        let mut hash = Sha256::new();
        for cell in cells {
            hash.update(codes[cell - first].as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let name = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let count = cells.iter().map(|&c| self.table.counts()[c]).sum();
        let total = self
            .table
            .push(key(format!("{} areas, {name:016x}", cells.len())), count)?;
        let mut contributions = Vec::new();
        for &cell in cells {
            contributions.extend_from_slice(self.table.addresses(cell).unwrap_or(&[]));
        }
        if cells.iter().all(|&c| self.table.addresses(c).is_some()) {
            self.table.contributions(total, contributions)?;
        }
        self.table.relation(total, parts)?;
        Ok(Some(total))
    }
}
