//! A result that may leave the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Array2;
use sha2::{Digest, Sha256};

use super::configuration::Figures;
use super::made::{Made, Reported};
use super::protection::{AuditRow, Protection};
use super::result::{CellTable, HotspotResult, NeighbourhoodTable};
use super::table::{Totals, ranks};
use crate::error::{Error, Result};
use crate::index::topology_warnings;
use crate::methods::density::Surface;
use crate::methods::rates::Rates;
use crate::model::{Grid, Period, Warning, WarningCode};
use crate::parallel::Workers;
use crate::publish::{CellKey, CountTable, Disclosure, Ledger, Protected, State, rate_bounds};
use crate::weights::Weights;

/// Classes of a published density, the empty one apart.
const CLASSES: usize = 6;
/// From this class on a cell is hot.
const HOT: i8 = 2;

/// A result that passed disclosure control, which is what every writer asks for.
///
/// Counts of neighbourhoods, of the city and of both periods are protected by [`Disclosure`], and
/// the whole analysis is done again from what is published of them, so that rates, intervals,
/// changes, Gi*, classes, ranks and sentences say nothing that the counts do not say. Where a count
/// is withheld, a stand-in that depends on the rules alone takes its place in the figures of others,
/// and its own figures are left out. The density is shown in classes; cells are shown where they are
/// hot; the history and the density per neighbourhood are left out, and so are the numbers of rows.
///
/// Under [`Disclosure::internal`] nothing is changed, and pages carry a mark that says so.
///
/// ```
/// use brandpunt::Theme;
/// use brandpunt::analysis::HotspotAnalysis;
/// use brandpunt::publish::Disclosure;
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(5_000).seed(1).neighbourhoods(60).build()?;
/// let result = HotspotAnalysis::new(Theme::youth_nuisance())
///     .run(&city.incidents, &city.neighbourhoods)?;
/// let published = result.publish(&Disclosure::cbs5())?;
/// let counts = &published.result().neighbourhoods.count;
/// assert!((0..60).all(|i| published.result().is_withheld(i) || counts[i] % 5 == 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    result: HotspotResult,
    audit: Vec<AuditRow>,
}

impl HotspotResult {
    /// Protects this result as the only one that is ever published.
    ///
    /// # Errors
    /// As [`Published::all`].
    pub fn publish(&self, rules: &Disclosure) -> Result<Published> {
        let workers = Workers::new(0)?;
        let mut all = Published::all(
            std::slice::from_ref(self),
            rules,
            &mut Ledger::new(),
            &workers,
        )?;
        all.pop()
            .ok_or_else(|| Error::internal("a result was lost on publishing"))
    }
}

impl Published {
    /// Protects results that go out together, given everything in the ledger, and adds them to it.
    ///
    /// # Errors
    /// [`Error::Disclosure`] for a bandwidth or cells too narrow to publish, for rules that need
    /// addresses where only counts were given, and where earlier releases leave nothing to hide;
    /// [`Error::File`] when the ledger cannot be written; [`Error::Cancelled`].
    pub fn all(
        results: &[HotspotResult],
        rules: &Disclosure,
        ledger: &mut Ledger,
        workers: &Workers,
    ) -> Result<Vec<Self>> {
        if rules.is_internal() {
            let whole = |result: &HotspotResult| Self {
                result: result.clone(),
                audit: Vec::new(),
            };
            return Ok(results.iter().map(whole).collect());
        }
        let mut staged = ledger.staged();
        let out = results
            .iter()
            .map(|result| protected(result, rules, &mut staged, workers))
            .collect::<Result<_>>()?;
        ledger.adopt(staged)?;
        Ok(out)
    }

    /// What is published.
    #[must_use]
    pub fn result(&self) -> &HotspotResult {
        &self.result
    }

    /// What was withheld and why, with the true counts: for the analyst, not for publishing.
    #[must_use]
    pub fn audit(&self) -> &[AuditRow] {
        &self.audit
    }

    /// Whether nothing was protected.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.result.protection.is_none()
    }
}

fn protected(
    result: &HotspotResult,
    rules: &Disclosure,
    ledger: &mut Ledger,
    workers: &Workers,
) -> Result<Published> {
    let (Some(made), None) = (&result.made, &result.protection) else {
        return Err(Error::disclosure(
            "this result was protected already; protect the one that the analysis gave",
        ));
    };
    if let (Some(surface), Some(cells)) = (&result.surface, &result.cells) {
        rules.widths(surface.bandwidth(), cells.grid.cell_size())?;
    }
    let asked = Asked::of(result, made)?;
    let protected = rules.run_against(&asked.table, ledger, &asked.label)?;
    let n = result.areas.len();
    let stand_in = |state: &State| match *state {
        State::Published(value) => value,
        State::Withheld { low, high } => rules.stand_in(low, high),
    };
    let fill: Vec<i64> = protected.states.iter().map(stand_in).collect();
    let counts = &fill[..n];
    let then = asked.baseline.map(|from| &fill[from..from + n]);
    let total = |place: Option<usize>, parts: &[i64]| match place {
        Some(cell) if !protected.states[cell].is_withheld() => fill[cell],
        _ => parts.iter().sum(),
    };
    let people = |counts: &[i64], known: &[bool]| -> Vec<i64> {
        let pairs = counts.iter().zip(known);
        pairs.filter(|(_, k)| **k).map(|(c, _)| *c).collect()
    };
    let totals = Totals {
        all: total(asked.totals[0], counts),
        with_people: total(asked.totals[1], &people(counts, &asked.known[0])),
        with_people_then: total(
            asked.totals[3],
            &people(then.unwrap_or(&[]), &asked.known[1]),
        ),
    };
    let topology = topology_warnings(&result.areas, workers)?;
    let figures = Figures {
        counts,
        then,
        period: result.period.clone(),
        baseline: result.baseline.clone(),
        zone: made.zone.clone(),
        surface: None,
        series: None,
        topology: &topology,
        neighbours: &Weights::queen(&result.areas)?,
        totals: Some(totals),
    };
    let mut out = made.analysis.areas_only(&result.areas, figures, workers)?;
    let mut protection = Protection::new(rules, protected.states[..n].to_vec());
    protection.baseline_states = asked
        .baseline
        .map(|from| protected.states[from..from + n].to_vec());
    blank(&mut out, &protection, result.theme.per_people())?;
    out.warnings
        .splice(0..0, without_numbers(&result.warnings, &out.warnings));
    if result.history.is_some() {
        out.warnings.push(Warning::new(
            WarningCode::FewSteps,
            "Counts per quarter, month or week are not published, so neither is whether a hotspot is \
             new or lasting.",
        ));
    }
    out.provenance.inputs.clone_from(&result.provenance.inputs);
    for input in &mut out.provenance.inputs {
        (input.rows_in, input.rows_used, input.rows_rejected) = (0, 0, 0);
    }
    for (name, value) in &result.provenance.parameters {
        if matches!(
            name.as_str(),
            "bandwidth" | "kernel" | "cell_size" | "cells_inference"
        ) {
            out.provenance
                .parameters
                .push((name.clone(), value.clone()));
        }
    }
    if let (Some(surface), Some([now, _])) = (&result.surface, &made.reported) {
        let coarse = coarser(surface, rules.smallest_cell())?;
        out.provenance.parameters.push((
            "density_cell".to_owned(),
            format!("{} m", coarse.grid().cell_size()),
        ));
        let shown = rules.surface(&coarse, &now.x, &now.y, CLASSES, workers)?;
        out.surface = Some(shown.surface);
        protection.classes = Some(shown.classes);
        out.cells = result
            .cells
            .as_ref()
            .map(|cells| hot_cells(cells, now, rules));
    }
    let disclosure = [
        ("disclosure", protection.preset.clone()),
        (
            "disclosure_minimum_count",
            protection.minimum_count.to_string(),
        ),
        ("disclosure_rounding", protection.rounding.to_string()),
    ];
    for (name, value) in disclosure {
        out.provenance.parameters.push((name.to_owned(), value));
    }
    out.protection = Some(Arc::new(protection));
    let audit = audit(result, &asked, &protected);
    Ok(Published { result: out, audit })
}

/// The counts that are to be published, and where they are in the table.
struct Asked {
    table: CountTable,
    label: String,
    /// First cell of the baseline.
    baseline: Option<usize>,
    /// City, city with people, and the same for the baseline.
    totals: [Option<usize>; 4],
    /// Areas with people, in the period and the baseline.
    known: [Vec<bool>; 2],
}

impl Asked {
    fn of(result: &HotspotResult, made: &Made) -> Result<Self> {
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
                if let Some(by_address) = &by_address {
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
            match self.table.addresses(cell) {
                Some(by_address) => contributions.extend_from_slice(by_address),
                None => {
                    self.table.relation(total, parts)?;
                    return Ok(Some(total));
                }
            }
        }
        self.table.contributions(total, contributions)?;
        self.table.relation(total, parts)?;
        Ok(Some(total))
    }
}

/// Leaves out the figures of areas whose count is withheld, but what its interval says of the rate.
fn blank(out: &mut HotspotResult, protection: &Protection, per: f64) -> Result<()> {
    let withheld: Vec<bool> = protection.states.iter().map(State::is_withheld).collect();
    let before = protection.baseline_states.as_ref().map_or_else(
        || vec![false; withheld.len()],
        |states| states.iter().map(State::is_withheld).collect(),
    );
    let table = &mut out.neighbourhoods;
    let (low, high) = rate_bounds(
        &protection.states,
        &table.population,
        &Rates::new().per(per),
    )?;
    for i in 0..withheld.len() {
        if withheld[i] || before[i] {
            for column in [
                &mut table.change,
                &mut table.change_low,
                &mut table.change_high,
                &mut table.change_q,
            ] {
                column[i] = f64::NAN;
            }
        }
        if before[i] {
            table.baseline_rate[i] = f64::NAN;
        }
        if withheld[i] {
            for column in [
                &mut table.rate,
                &mut table.rate_smoothed,
                &mut table.rate_ratio,
                &mut table.rate_p,
                &mut table.rate_q,
                &mut table.gi_z,
                &mut table.gi_p,
                &mut table.gi_q,
            ] {
                column[i] = f64::NAN;
            }
            (table.rate_low[i], table.rate_high[i]) = (low[i], high[i]);
            table.hotspot_class[i] = 0;
            let reason = &mut table.reason[i];
            (reason.class, reason.count, reason.withheld) = (0, 0, true);
            reason.rate = (f64::NAN, f64::NAN, f64::NAN);
            (reason.gi_q, reason.ratio, reason.ratio_q) = (f64::NAN, f64::NAN, f64::NAN);
        }
    }
    let NeighbourhoodTable {
        hotspot_class,
        rate_smoothed,
        count,
        ..
    } = &*table;
    // Of areas without a figure, those that are withheld come last.
    let last: Vec<i64> = count
        .iter()
        .zip(&withheld)
        .map(|(count, withheld)| if *withheld { -1 } else { *count })
        .collect();
    table.rank = ranks(&out.areas, hotspot_class, rate_smoothed, &last);
    Ok(())
}

/// Warnings about the incidents, without the numbers in them.
fn without_numbers(all: &[Warning], there: &[Warning]) -> Vec<Warning> {
    let mut out: Vec<Warning> = Vec::new();
    for warning in all {
        let known = |list: &[Warning]| list.iter().any(|w| w.code == warning.code);
        if known(there) || known(&out) {
            continue;
        }
        let text = match warning.code {
            WarningCode::OutsideAllAreas => {
                "Some incidents lie in no neighbourhood and are in no count."
            }
            WarningCode::SingleLocationShare => {
                "A large share of the incidents lies on one location: a repeat address, or a default \
                 of the geocoding such as a police station."
            }
            WarningCode::Times => "Some times are missing or could be read in two ways.",
            WarningCode::RejectedRows => "Some rows of the input were kept out.",
            WarningCode::DuplicateId => "Some rows of the input carry one id; all were counted.",
            _ => continue,
        };
        out.push(Warning::new(warning.code, text));
    }
    out
}

/// The surface at the centres of cells that are large enough.
fn coarser(surface: &Surface, smallest: f64) -> Result<Surface> {
    let own = surface.grid();
    if own.cell_size() >= smallest {
        return Ok(surface.clone());
    }
    let grid = Grid::covering(own.bounds(), smallest, own.crs())?;
    let values = Array2::from_shape_fn((grid.rows(), grid.cols()), |(row, col)| {
        let (x, y) = grid.centre(row, col);
        let value = surface.at(x, y);
        // Beyond the edge of the map no incident reaches, as far as the map says.
        if value.is_nan() { 0.0 } else { value }
    });
    Surface::new(grid, values, surface.kernel(), surface.bandwidth())
}

/// The cells that are hot and whose surroundings, the cell and those around it, may be shown.
fn hot_cells(cells: &CellTable, now: &Reported, rules: &Disclosure) -> CellTable {
    let mut by_cell: BTreeMap<(usize, usize), Vec<i64>> = BTreeMap::new();
    for (place, count) in now.merged() {
        if let Some(cell) = cells.grid.cell_of(now.x[place], now.y[place]) {
            by_cell.entry(cell).or_default().push(count);
        }
    }
    let shown: Vec<usize> = (0..cells.len())
        .filter(|&i| cells.hotspot_class[i] >= HOT)
        .filter(|&i| {
            let (row, col) = (cells.row[i] as usize, cells.col[i] as usize);
            let around = (row.saturating_sub(1)..=row + 1)
                .flat_map(|r| (col.saturating_sub(1)..=col + 1).map(move |c| (r, c)));
            rules.hides(
                around
                    .filter_map(|cell| by_cell.get(&cell))
                    .flatten()
                    .copied()
                    .collect(),
            )
        })
        .collect();
    CellTable {
        grid: cells.grid.clone(),
        row: shown.iter().map(|&i| cells.row[i]).collect(),
        col: shown.iter().map(|&i| cells.col[i]).collect(),
        count: Vec::new(),
        density: Vec::new(),
        gi_z: Vec::new(),
        gi_p: Vec::new(),
        gi_q: Vec::new(),
        // One class: how hot would tell how many.
        hotspot_class: vec![HOT; shown.len()],
    }
}

fn audit(result: &HotspotResult, asked: &Asked, protected: &Protected) -> Vec<AuditRow> {
    let n = result.areas.len();
    let named = |period: &Option<Period>| period.as_ref().map_or("all", |p| &p.label).to_owned();
    (0..asked.table.len())
        .map(|cell| {
            let then = asked.baseline.is_some_and(|from| cell >= from);
            let place = cell - asked.baseline.filter(|_| then).unwrap_or(0);
            AuditRow {
                code: result
                    .areas
                    .codes()
                    .get(place)
                    .filter(|_| place < n)
                    .cloned(),
                period: named(if then {
                    &result.baseline
                } else {
                    &result.period
                }),
                count: asked.table.counts()[cell],
                state: protected.states[cell],
                why: protected.why[cell],
                group: protected.groups.contains(&cell),
            }
        })
        .collect()
}
