//! Reports of some areas and of the others, divided by kind and time, as cells of a table that is to
//! be published, and what can be told from what is published of them.

use super::counted::Counted;
use super::made::{Division, Reported};
use super::nature::NatureTable;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::{Beside, Breakdown};
use crate::model::Period;
use crate::publish::{CellKey, Ledger, State};
use crate::stats::Correction;

/// The rows and cells of reports that are divided.
pub(crate) struct Divided {
    /// The totals of some areas, of the others and of all; of all only where none are set apart.
    pub(crate) rows: Vec<usize>,
    /// Per division, its position among all and the first cell of each row.
    tables: Vec<(usize, Vec<usize>)>,
}

/// What is divided: the reports of a period in areas whose cells are there, from the first.
pub(crate) struct Whole<'a> {
    pub(crate) period: Option<&'a Period>,
    pub(crate) first: usize,
    /// The cell of all areas together.
    pub(crate) all: usize,
    pub(crate) reported: &'a Reported,
    pub(crate) divisions: &'a [Division],
    /// What else is divided in the same release.
    pub(crate) beside: &'a [CellKey],
}

/// What can be told of one division.
pub(crate) struct Told {
    pub(crate) table: NatureTable,
    /// Reports where they are set apart if these were as the others; NaN where that is not told.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "only the command line tells it")
    )]
    pub(crate) expected: Vec<f64>,
    /// Fisher's p after correction for all cells; NaN where there is none.
    pub(crate) q: Vec<f64>,
}

impl Divided {
    /// Adds the cells to the table, for the areas that are `apart`, the others and all. `None` where there
    /// is nothing to tell apart, or where parts of the same reports were published before: what two
    /// such tables say together is not audited.
    pub(crate) fn of(
        counted: &mut Counted<'_>,
        whole: &Whole<'_>,
        apart: &[bool],
        (ledger, together): (&Ledger, &[CellKey]),
    ) -> Result<Option<Self>> {
        let Whole {
            period, first, all, ..
        } = *whole;
        let n = apart.len();
        let alone = !apart.contains(&true) || !apart.contains(&false);
        let row_of = |area: usize| usize::from(!(alone || apart[area]));
        let groups: Vec<Vec<usize>> = (0..if alone { 0 } else { 2 })
            .map(|row| {
                let inside = (0..n).filter(|&area| row_of(area) == row);
                inside.map(|area| first + area).collect()
            })
            .collect();
        let mut keys = vec![counted.table.keys()[all].clone()];
        keys.extend(
            groups
                .iter()
                .map(|cells| counted.total_key(period, first, cells)),
        );
        // Areas by themselves and what is left of those set apart are divided beside them.
        let known: Vec<CellKey> = keys.iter().chain(whole.beside).cloned().collect();
        if whole.divisions.is_empty() || ledger.divides(&keys[0], &known) {
            return Ok(None);
        }
        let mut rows = Vec::new();
        for cells in &groups {
            let total = counted.total(period, first, cells, None)?;
            rows.push(total.unwrap_or(cells[0]));
        }
        if !alone {
            counted.table.relation(all, &rows)?;
        }
        rows.push(all);
        let places = whole.reported.places();
        let last = rows.len() - 1;
        let inside = |place: usize| {
            let area = &whole.reported.area;
            move |i: usize| {
                area[i] != NeighbourhoodIndex::NONE
                    && (place == last || row_of(area[i] as usize) == place)
            }
        };
        let mut tables: Vec<(usize, Vec<usize>)> = Vec::new();
        for (number, division) in whole.divisions.iter().enumerate() {
            if !division.is_safe(&keys[0], (ledger, together)) {
                continue;
            }
            let mut firsts = Vec::new();
            for (place, &row) in rows.iter().enumerate() {
                let what = (&division.breakdown.name()[..], &division.cell[..]);
                let of = (&division.of[..], &places[..]);
                firsts.push(counted.divide(row, what, of, &inside(place))?);
            }
            if let [here, rest, all] = firsts[..] {
                for cell in 0..=division.cell.len() {
                    let parts = [here + cell, rest + cell];
                    counted.table.relation(all + cell, &parts)?;
                }
            }
            for (earlier, theirs) in &tables {
                for (place, &row) in rows.iter().enumerate() {
                    let other = (&whole.divisions[*earlier], theirs[place]);
                    counted.link(row, [(division, firsts[place]), other], &inside(place))?;
                }
            }
            tables.push((number, firsts));
        }
        Ok((!tables.is_empty()).then_some(Self { rows, tables }))
    }

    /// The division by this breakdown among all, with the first cell of each row.
    pub(super) fn table<'a, 'b>(
        &'a self,
        divisions: &'b [Division],
        by: Breakdown,
    ) -> Option<(&'b Division, &'a [usize])> {
        let found = self.tables.iter().find_map(|(number, firsts)| {
            let division = &divisions[*number];
            (division.breakdown == by).then_some((division, &firsts[..]))
        });
        found.filter(|(division, _)| division.cell.len() > 1)
    }

    /// Whether some areas are set apart.
    pub(crate) fn is_apart(&self) -> bool {
        self.rows.len() > 1
    }

    /// Whether kinds are known but not told.
    pub(crate) fn keeps_kinds(&self, divisions: &[Division]) -> bool {
        divisions.iter().enumerate().any(|(number, division)| {
            let asked = self.tables.iter().any(|(asked, _)| *asked == number);
            division.is_by_category() && !asked
        })
    }

    /// What can be told of each division, from what is published of its cells (`states`) or stands in
    /// for it (`fill`), with marks at a level. A single cell, such as one category, tells nothing.
    pub(crate) fn told(
        &self,
        divisions: &[Division],
        (fill, states): (&[i64], &[State]),
        level: f64,
    ) -> Vec<Told> {
        let mut out: Vec<Told> = Vec::new();
        for (number, firsts) in &self.tables {
            out.push(told(&divisions[*number], firsts, (fill, states), level));
        }
        let p: Vec<f64> = out.iter().flat_map(|told| told.q.clone()).collect();
        let mut q = Correction::Fdr.apply(&p).into_iter();
        for Told { table, q: own, .. } in &mut out {
            for (cell, own) in own.iter_mut().enumerate() {
                *own = q.next().unwrap_or(f64::NAN);
                table.mark[cell] = NatureTable::marked(*own, table.quotient[cell], level);
            }
        }
        out.retain(|told| told.table.cell.len() > 1);
        out
    }
}

/// One table, with p-values that are not corrected yet. Cells of which nothing but nothing is published
/// are left out.
fn told(
    division: &Division,
    firsts: &[usize],
    (fill, states): (&[i64], &[State]),
    level: f64,
) -> Told {
    let known = division.cell.len();
    let (here, rest) = match *firsts {
        [here, rest, _] => (Some(here), rest),
        _ => (None, firsts[0]),
    };
    let seen = |cell: &usize| firsts.iter().any(|f| states[f + cell].value() > Some(0));
    let cells: Vec<usize> = (0..known).filter(seen).collect();
    let count = |first: usize, cell: usize| fill[first + cell];
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
        let (all_here, all_there) = (sum(here), sum(rest));
        Some(Beside::of(
            a as f64,
            all_here,
            b as f64,
            all_there,
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
    Told {
        table,
        expected: column(&|b| b.expected),
        q: column(&|b| b.p),
    }
}

impl Division {
    /// Whether nothing that is out already, or goes out with it, counts some of the categories that this
    /// tells apart. All categories are always told apart by some theme.
    fn is_safe(&self, total: &CellKey, (ledger, together): (&Ledger, &[CellKey])) -> bool {
        let split = || ledger.splits(total) || together.iter().any(|other| other.splits(total));
        !(self.is_by_category() && (total.categories.is_none() || split()))
    }
}
