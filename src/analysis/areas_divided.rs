//! Reports of single neighbourhoods divided by kind and time, as cells of a table that is to be published.

use super::counted::Counted;
use super::divided::{Divided, Whole};
use super::made::Division;
use super::nature::{AreaNature, NatureTable};
use crate::error::Result;
use crate::methods::profile::{Beside, Breakdown, Facet};
use crate::model::Period;
use crate::publish::{CellKey, State};
use crate::stats::Correction;

/// Neighbourhoods that are told by themselves.
const MOST: usize = 5;
/// Reports per cell, on average over the parts of the week, below which next to nothing could be shown.
const PER_CELL: i64 = 5;
/// By what; finer ones, and these two crossed, would leave cells of a few reports.
const BY: [Facet; 2] = [Facet::Category, Facet::PartOfWeek];

/// The neighbourhoods among those set apart that are told by themselves, in order of rank, and the others.
pub(super) struct AreasApart {
    told: Vec<usize>,
    others: Vec<usize>,
}

/// Their cells.
pub(super) struct AreasDivided {
    told: Vec<usize>,
    /// The cell of the first neighbourhood of all.
    first: usize,
    /// Per breakdown, the first cell of each neighbourhood and of all together.
    tables: Vec<(Breakdown, Vec<usize>, usize)>,
}

impl AreasApart {
    /// Of those that stand out, from what is published of their counts.
    pub(super) fn of(standouts: &[usize], rank: &[u32], states: &[State]) -> Self {
        let least = 6 * PER_CELL;
        let has_many = |&i: &usize| states[i].value().is_some_and(|count| count >= least);
        let mut told: Vec<usize> = standouts.iter().copied().filter(has_many).collect();
        told.sort_by_key(|&i| rank[i]);
        told.truncate(MOST);
        let others = standouts.iter().copied().filter(|i| !told.contains(i));
        let others = others.collect();
        Self { told, others }
    }

    /// What the divided cells are parts of.
    pub(super) fn keys(
        &self,
        counted: &Counted<'_>,
        period: Option<&Period>,
        first: usize,
    ) -> Vec<CellKey> {
        let others: Vec<usize> = self.others.iter().map(|area| first + area).collect();
        let mut out: Vec<CellKey> = self
            .told
            .iter()
            .map(|area| counted.table.keys()[first + area].clone())
            .collect();
        if !others.is_empty() {
            out.push(counted.total_key(period, first, &others));
        }
        out
    }

    /// Adds their cells to a table in which all that stand out are divided, and that they add up; what is
    /// left for the others among these takes part in the audit.
    pub(super) fn divide(
        &self,
        counted: &mut Counted<'_>,
        whole: &Whole<'_>,
        divided: &Divided,
    ) -> Result<AreasDivided> {
        let Self { told, others } = self;
        let mut out = AreasDivided {
            told: told.clone(),
            first: whole.first,
            tables: Vec::new(),
        };
        if told.is_empty() || !divided.is_apart() {
            return Ok(out);
        }
        let left = self.left(counted, whole)?;
        let area = |i: usize| whole.reported.area[i] as usize;
        let places = whole.reported.places();
        for by in BY.map(Breakdown::of) {
            let Some((division, rows)) = divided.table(whole.divisions, by) else {
                continue;
            };
            let what = (&by.name()[..], &division.cell[..]);
            let of = (&division.of[..], &places[..]);
            if let ([only], []) = (&told[..], &others[..]) {
                debug_assert_eq!(divided.rows[0], whole.first + only);
                out.tables.push((by, vec![rows[0]], rows[2]));
                continue;
            }
            let mut firsts = Vec::new();
            for &one in told {
                let inside = |i: usize| area(i) == one;
                firsts.push(counted.divide(whole.first + one, what, of, &inside)?);
            }
            let mut parts = firsts.clone();
            if let Some(left) = left {
                let first = counted.divide(left, what, of, &|i| others.contains(&area(i)))?;
                for cell in 0..=division.cell.len() {
                    counted.table.keep_back(first + cell)?;
                }
                parts.push(first);
            }
            for cell in 0..=division.cell.len() {
                let parts: Vec<usize> = parts.iter().map(|first| first + cell).collect();
                counted.table.relation(rows[0] + cell, &parts)?;
            }
            out.tables.push((by, firsts, rows[2]));
        }
        Ok(out)
    }

    /// The cell of the others together, of which nothing is told.
    fn left(&self, counted: &mut Counted<'_>, whole: &Whole<'_>) -> Result<Option<usize>> {
        let cells: Vec<usize> = self.others.iter().map(|area| whole.first + area).collect();
        let before = counted.table.len();
        let total = counted.total(whole.period, whole.first, &cells, None)?;
        if counted.table.len() > before {
            counted.table.keep_back(before)?;
        }
        Ok(total.or(cells.first().copied()))
    }
}

impl AreasDivided {
    /// What can be told of each, from what is published of the cells (`states`) or stands in for it
    /// (`fill`), with marks at a level. The others of the city are all less its own.
    pub(super) fn told(
        &self,
        divisions: &[Division],
        (fill, states): (&[i64], &[State]),
        level: f64,
    ) -> Vec<AreaNature> {
        let mut p = Vec::new();
        let mut out: Vec<AreaNature> = Vec::new();
        for (number, &area) in self.told.iter().enumerate() {
            let mut tables = Vec::new();
            for (by, firsts, all) in &self.tables {
                let Some(division) = divisions.iter().find(|d| d.breakdown == *by) else {
                    continue;
                };
                let ends = (firsts[number], *all);
                let (table, own) = beside(division, ends, (fill, states), level);
                p.extend(own);
                tables.push(table);
            }
            out.push(AreaNature {
                area,
                reports: fill[self.first + area].unsigned_abs(),
                tables,
            });
        }
        out.retain(|nature| !nature.tables.is_empty());
        let mut q = Correction::Fdr.apply(&p).into_iter();
        for table in out.iter_mut().flat_map(|nature| &mut nature.tables) {
            for (cell, mark) in table.mark.iter_mut().enumerate() {
                let q = q.next().unwrap_or(f64::NAN);
                *mark = NatureTable::marked(q, table.quotient[cell], level);
            }
        }
        out
    }
}

/// One table with the p-value of each cell, NaN where either count is withheld. Cells of which nothing but
/// nothing is published are left out.
fn beside(
    division: &Division,
    (here, all): (usize, usize),
    (fill, states): (&[i64], &[State]),
    level: f64,
) -> (NatureTable, Vec<f64>) {
    let known = 0..division.cell.len();
    let seen = |cell: &usize| {
        [here, all]
            .iter()
            .any(|f| states[f + cell].value() > Some(0))
    };
    let cells: Vec<usize> = known.clone().filter(seen).collect();
    // Rounded parts can be more than their rounded sum.
    let rest = |cell: usize| (fill[all + cell] - fill[here + cell]).max(0);
    let sum_here = known.clone().map(|c| fill[here + c]).sum::<i64>() as f64;
    let sum_rest = known.map(rest).sum::<i64>() as f64;
    let found: Vec<Option<Beside>> = cells
        .iter()
        .map(|&cell| {
            let own = states[here + cell].value()?;
            states[all + cell].value()?;
            let there = rest(cell) as f64;
            Some(Beside::of(
                own as f64,
                sum_here,
                there,
                sum_rest,
                1.0 - level,
            ))
        })
        .collect();
    let column = |f: &dyn Fn(&Beside) -> f64| -> Vec<f64> {
        let of = |b: &Option<Beside>| b.as_ref().map_or(f64::NAN, f);
        found.iter().map(of).collect()
    };
    let share = |&cell: &usize| match states[here + cell].value() {
        Some(count) => count as f64 / sum_here,
        None => f64::NAN,
    };
    let of_others = |c: &usize| match states[here + c] {
        State::Published(_) => states[all + c],
        withheld @ State::Withheld { .. } => withheld,
    };
    let told = [
        cells.iter().map(|c| states[here + c]).collect(),
        cells.iter().map(of_others).collect(),
    ];
    let table = NatureTable {
        breakdown: division.breakdown,
        cell: cells.iter().map(|&c| division.cell[c].clone()).collect(),
        count: cells
            .iter()
            .map(|&c| fill[here + c].unsigned_abs())
            .collect(),
        share: cells.iter().map(share).collect(),
        rest_count: cells.iter().map(|&c| rest(c).unsigned_abs()).collect(),
        rest_share: column(&|b| b.rest_share),
        quotient: column(&|b| b.quotient),
        quotient_low: column(&|b| b.low),
        quotient_high: column(&|b| b.high),
        mark: vec![0; cells.len()],
        states: Some(told),
    };
    (table, column(&|b| b.p))
}
