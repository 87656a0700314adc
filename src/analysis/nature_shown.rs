//! Of what nature the reports are, as far as it may be published.

use super::asked::{Asked, Shown};
use super::made::{Division, Made};
use super::nature::{Nature, NatureTable};
use super::result::HotspotResult;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::Beside;
use crate::publish::{CellKey, Ledger, State};
use crate::stats::Correction;

/// What an incident is in that is in no cell of a division.
const UNKNOWN: &str = "not known";

/// The reports of the neighbourhoods that stand out on the published map and of the others, by kind
/// and time, as cells of what is asked.
pub(super) struct NatureAsked {
    standouts: Vec<usize>,
    /// The totals of those that stand out, of the others and of all; of all only where none does.
    rows: Vec<usize>,
    /// Per division, its position in [`Made`] and the first cell of each row.
    tables: Vec<(usize, Vec<usize>)>,
}

impl NatureAsked {
    /// Adds the cells to the table; `None` where there is nothing to tell apart, or where parts of the
    /// same reports were published before: what two such tables say together is not audited.
    pub(super) fn of(
        asked: &mut Asked,
        result: &HotspotResult,
        out: &HotspotResult,
        made: &Made,
        (ledger, together): (&Ledger, &[CellKey]),
    ) -> Result<Option<Self>> {
        let (Some([now, _]), Some(first)) = (&made.reported, asked.rounds.first()) else {
            return Ok(None);
        };
        let (first, Some(all)) = (first.first, first.all) else {
            return Ok(None);
        };
        let (n, table) = (result.areas.len(), &out.neighbourhoods);
        let level = made.analysis.level;
        let standouts: Vec<usize> = (0..n)
            .filter(|&i| table.is_hot(i, level) || table.is_high(i, level))
            .collect();
        let alone = standouts.is_empty() || standouts.len() == n;
        let mut row_of = vec![usize::from(!alone); n];
        for &i in &standouts {
            row_of[i] = 0;
        }
        let groups: Vec<Vec<usize>> = (0..if alone { 0 } else { 2 })
            .map(|row| {
                (first..first + n)
                    .filter(|c| row_of[c - first] == row)
                    .collect()
            })
            .collect();
        let period = result.period.as_ref();
        let mut keys = vec![asked.table.keys()[all].clone()];
        keys.extend(
            groups
                .iter()
                .map(|cells| asked.total_key(result, period, first, cells)),
        );
        if made.divisions.is_empty() || ledger.divides(&keys[0], &keys) {
            return Ok(None);
        }
        let mut rows = Vec::new();
        for cells in &groups {
            let total = asked.total(result, period, first, cells, None)?;
            rows.push(total.unwrap_or(cells[0]));
        }
        if !alone {
            asked.table.relation(all, &rows)?;
        }
        rows.push(all);
        let places = now.places();
        let mut tables = Vec::new();
        for (number, division) in made.divisions.iter().enumerate() {
            if !division.is_safe(&asked.table.keys()[all], (ledger, together)) {
                continue;
            }
            let mut firsts = Vec::new();
            for (place, &row) in rows.iter().enumerate() {
                let inside = |i: usize| {
                    let area = now.area[i];
                    area != NeighbourhoodIndex::NONE
                        && (place == rows.len() - 1 || row_of[area as usize] == place)
                };
                firsts.push(division.ask(asked, row, &places, &inside)?);
            }
            if let [here, rest, all] = firsts[..] {
                for cell in 0..=division.cell.len() {
                    asked
                        .table
                        .relation(all + cell, &[here + cell, rest + cell])?;
                }
            }
            tables.push((number, firsts));
        }
        Ok((!tables.is_empty()).then_some(Self {
            standouts: if rows.len() > 1 {
                standouts
            } else {
                Vec::new()
            },
            rows,
            tables,
        }))
    }

    /// The nature of the reports from what is published.
    pub(super) fn nature(&self, shown: &Shown<'_>, states: &[State], made: &Made) -> Nature {
        let level = made.analysis.level;
        let mut tables: Vec<NatureTable> = Vec::new();
        let mut p = Vec::new();
        for (number, firsts) in &self.tables {
            let division = &made.divisions[*number];
            let (table, own) = Self::table(division, firsts, shown, states, level);
            tables.push(table);
            p.push(own);
        }
        let q = Correction::Fdr.apply(&p.concat());
        let mut q = q.into_iter();
        for table in &mut tables {
            for cell in 0..table.cell.len() {
                let q = q.next().unwrap_or(f64::NAN);
                table.mark[cell] = NatureTable::marked(q, table.quotient[cell], level);
            }
        }
        // A single cell, such as one category, tells nothing.
        tables.retain(|table| table.cell.len() > 1);
        let reports = if self.standouts.is_empty() {
            0
        } else {
            shown.fill[self.rows[0]].unsigned_abs()
        };
        Nature {
            standouts: self.standouts.clone(),
            reports,
            tables,
            places: None,
            kinds_withheld: made.divisions.iter().enumerate().any(|(number, division)| {
                let asked = self.tables.iter().any(|(asked, _)| *asked == number);
                division.is_by_category() && !asked
            }),
        }
    }

    /// One table and its p-values. Cells of which nothing but nothing is published are left out.
    fn table(
        division: &Division,
        firsts: &[usize],
        shown: &Shown<'_>,
        states: &[State],
        level: f64,
    ) -> (NatureTable, Vec<f64>) {
        let known = division.cell.len();
        let (here, rest) = match *firsts {
            [here, rest, _] => (Some(here), rest),
            _ => (None, firsts[0]),
        };
        let seen = |cell: &usize| firsts.iter().any(|f| states[f + cell].value() > Some(0));
        let cells: Vec<usize> = (0..known).filter(seen).collect();
        let count = |first: usize, cell: usize| shown.fill[first + cell];
        let sum = |first: usize| (0..known).map(|c| count(first, c)).sum::<i64>() as f64;
        let share = |first: usize, cell: usize| match states[first + cell] {
            State::Published(value) => value as f64 / sum(first),
            State::Withheld { .. } => f64::NAN,
        };
        let beside = |&cell: &usize| {
            let here = here?;
            let both = states[here + cell].value().zip(states[rest + cell].value());
            let (a, b) = both?;
            // Rounded parts may be more than their rounded total, but not than their sum.
            Some(Beside::of(
                a as f64,
                sum(here),
                b as f64,
                sum(rest),
                1.0 - level,
            ))
        };
        let found: Vec<Option<Beside>> = cells.iter().map(beside).collect();
        let column = |f: &dyn Fn(&Beside) -> f64| -> Vec<f64> {
            let of = |b: &Option<Beside>| b.as_ref().map_or(f64::NAN, f);
            found.iter().map(of).collect()
        };
        let state = |first: usize| cells.iter().map(|c| states[first + c]).collect::<Vec<_>>();
        let all = |f: &dyn Fn(usize) -> f64| cells.iter().map(|&c| f(c)).collect::<Vec<f64>>();
        let table = NatureTable {
            breakdown: division.breakdown,
            cell: cells.iter().map(|&c| division.cell[c].clone()).collect(),
            count: cells
                .iter()
                .map(|&c| here.map_or(0, |here| count(here, c).unsigned_abs()))
                .collect(),
            share: all(&|c| here.map_or(f64::NAN, |here| share(here, c))),
            rest_count: cells
                .iter()
                .map(|&c| count(rest, c).unsigned_abs())
                .collect(),
            rest_share: all(&|c| share(rest, c)),
            quotient: column(&|b| b.quotient),
            quotient_low: column(&|b| b.low),
            quotient_high: column(&|b| b.high),
            mark: vec![0; cells.len()],
            states: Some([here.map_or_else(Vec::new, state), state(rest)]),
        };
        (table, column(&|b| b.p))
    }
}

impl Division {
    /// Whether nothing that is out already, or goes out with it, counts some of the categories that this
    /// tells apart. All categories are always told apart by some theme.
    fn is_safe(&self, total: &CellKey, (ledger, together): (&Ledger, &[CellKey])) -> bool {
        let split = || ledger.splits(total) || together.iter().any(|other| other.splits(total));
        !(self.is_by_category() && (total.categories.is_none() || split()))
    }

    /// Adds the cells of the incidents of one row, those in no cell last, and that they add up.
    fn ask(
        &self,
        asked: &mut Asked,
        row: usize,
        places: &[u32],
        inside: &dyn Fn(usize) -> bool,
    ) -> Result<usize> {
        let cells = self.cell.len();
        let mut found: Vec<(usize, u32)> = (0..places.len())
            .filter(|&i| inside(i))
            .map(|i| ((self.of[i] as usize).min(cells), places[i]))
            .collect();
        found.sort_unstable();
        let mut by_address: Vec<Vec<i64>> = vec![Vec::new(); cells + 1];
        for same in found.chunk_by(|a, b| a == b) {
            by_address[same[0].0].push(same.len() as i64);
        }
        let whole = asked.table.keys()[row].clone();
        let first = asked.table.len();
        let names = self.cell.iter().map(String::as_str).chain([UNKNOWN]);
        for (name, by_address) in names.zip(by_address) {
            let key = whole.clone().part(self.breakdown.name(), name);
            let cell = asked.table.push(key, by_address.iter().sum())?;
            asked.table.contributions(cell, by_address)?;
        }
        let parts: Vec<usize> = (first..=first + cells).collect();
        asked.table.relation(row, &parts)?;
        Ok(first)
    }
}
