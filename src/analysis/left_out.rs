//! What of a result is left out when it is published.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::made::Reported;
use super::result::{CellTable, HotspotResult, NeighbourhoodTable};
use super::table::ranks;
use crate::error::Result;
use crate::methods::density::Surface;
use crate::methods::rates::Rates;
use crate::model::{Grid, Warning, WarningCode};
use crate::publish::{Disclosure, State, rate_bounds};

/// From this class on a cell is hot.
const HOT: i8 = 2;

/// Leaves out the figures of areas whose count is withheld.
pub(super) fn blank(out: &mut HotspotResult, states: &[State], before: Option<&[State]>) {
    let withheld: Vec<bool> = states.iter().map(State::is_withheld).collect();
    let before: Vec<bool> = before.map_or_else(
        || vec![false; withheld.len()],
        |states| states.iter().map(State::is_withheld).collect(),
    );
    let table = &mut out.neighbourhoods;
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
                &mut table.rate_low,
                &mut table.rate_high,
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
}

/// What the interval of a withheld count says of the rate.
pub(super) fn rate_ends(out: &mut HotspotResult, states: &[State], per: f64) -> Result<()> {
    let table = &mut out.neighbourhoods;
    let (low, high) = rate_bounds(states, &table.population, &Rates::new().per(per))?;
    for (i, _) in states.iter().enumerate().filter(|(_, s)| s.is_withheld()) {
        (table.rate_low[i], table.rate_high[i]) = (low[i], high[i]);
    }
    Ok(())
}

/// Warnings about the incidents, without the numbers in them.
pub(super) fn without_numbers(all: &[Warning], there: &[Warning]) -> Vec<Warning> {
    let mut out: Vec<Warning> = Vec::new();
    for warning in all {
        let known = |list: &[Warning]| list.iter().any(|w| w.code == warning.code);
        if known(there) || known(&out) {
            continue;
        }
        let text = match warning.code {
            // It names periods only.
            WarningCode::Provisional => warning.message.as_str(),
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
pub(super) fn coarser(surface: &Surface, smallest: f64) -> Result<Surface> {
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
pub(super) fn hot_cells(cells: &CellTable, now: &Reported, rules: &Disclosure) -> CellTable {
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
