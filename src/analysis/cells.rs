//! Grid cells and the density in them.

use super::configuration::Cells;
use super::located::Located;
use super::result::CellTable;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::memory::{MOST_BYTES, afford};
use crate::methods::density::{Kernel, Surface, scott_bandwidth};
use crate::methods::local::{GiStar, LocalStatistics};
use crate::model::{Bounds, Crs, Grid};
use crate::parallel::Workers;
use crate::weights::Weights;

/// Cells that a density surface of the main job has at most, about.
const MOST_CELLS: f64 = 4e6;

/// Bytes of a cell: its count, its eight neighbours and itself with their weights, and the columns
/// of its statistics.
const CELL: u128 = 200;

/// The range in which an automatic bandwidth is held: below, single addresses show; above,
/// neighbourhoods blur.
const NARROWEST: f64 = 200.0;
const WIDEST: f64 = 600.0;

/// Scott's bandwidth carried over to the quartic kernel and held in range, in whole tens of metres.
pub(super) fn automatic_bandwidth(x: &[f64], y: &[f64]) -> f64 {
    let carried = Kernel::Gaussian.deviation() / Kernel::Quartic.deviation();
    let metres = scott_bandwidth(x, y) * carried;
    (10.0 * (metres / 10.0).round()).clamp(NARROWEST, WIDEST)
}

/// The cell size of the density surface: a quarter of the Gi* cells, a twelfth of the bandwidth
/// if that is less, more where the map would be too large.
pub(super) fn density_cell(extent: Bounds, bandwidth: f64, cell_size: f64) -> f64 {
    let wanted = (cell_size / 4.0).min(bandwidth / 12.0);
    let cells = extent.width() / wanted * (extent.height() / wanted);
    if cells > MOST_CELLS {
        wanted * (cells / MOST_CELLS).sqrt().ceil()
    } else {
        wanted
    }
}

/// The cells over all areas, refused when what is told of each would take too much memory.
pub(super) fn affordable_grid(bounds: Bounds, cell_size: f64, crs: Crs) -> Result<Grid> {
    let grid = Grid::covering(bounds, cell_size, crs)?;
    let bytes = grid.len() as u128 * CELL;
    afford("the cells of the map", bytes, MOST_BYTES, || {
        let fitting = cell_size * (bytes as f64 / MOST_BYTES as f64).sqrt();
        format!("choose a cell size of at least {:.0} m", fitting.ceil())
    })?;
    Ok(grid)
}

/// Counts, density and exact Gi* of the cells in the study area.
pub(super) fn cells(
    located: &Located<'_>,
    positions: &[u32],
    surface: &Surface,
    cell_size: f64,
    workers: &Workers,
) -> Result<Cells> {
    let incidents = located.incidents;
    let grid = affordable_grid(located.areas.bounds(), cell_size, incidents.crs())?;
    let inside = located.index.locate_cells(&grid, workers)?;
    let mut counts = vec![0i64; grid.len()];
    for &i in positions {
        let i = i as usize;
        if located.label[i] != NeighbourhoodIndex::NONE
            && let Some((row, col)) = grid.cell_of(incidents.x()[i], incidents.y()[i])
        {
            counts[row * grid.cols() + col] += 1;
        }
    }
    judged_cells(
        grid,
        &counts,
        &inside,
        |(row, col), grid| {
            let (x, y) = grid.centre(row, col);
            surface.at(x, y)
        },
        workers,
    )
}

/// The cells of a grid with their centre in an area or incidents in them, with exact Gi* of the
/// counts; `inside` tells the area of each centre.
pub(crate) fn judged_cells(
    grid: Grid,
    counts: &[i64],
    inside: &[u32],
    density: impl Fn((usize, usize), &Grid) -> f64,
    workers: &Workers,
) -> Result<Cells> {
    let kept: Vec<usize> = (0..grid.len())
        .filter(|&c| counts[c] > 0 || inside[c] != NeighbourhoodIndex::NONE)
        .collect();
    let place: Vec<(usize, usize)> = kept
        .iter()
        .map(|&c| (c / grid.cols(), c % grid.cols()))
        .collect();
    let count: Vec<i64> = kept.iter().map(|&c| counts[c]).collect();
    let values: Vec<f64> = count.iter().map(|&c| c as f64).collect();
    let weights = Weights::cells(&place, 1)?.include_self();
    let gi: LocalStatistics = GiStar::new().run_with(&values, &weights, workers)?;
    let density = place.iter().map(|&at| density(at, &grid)).collect();
    Ok(Cells {
        inference: gi.inference.name(),
        warnings: gi.warnings,
        table: CellTable {
            row: place.iter().map(|p| p.0 as u32).collect(),
            col: place.iter().map(|p| p.1 as u32).collect(),
            grid,
            count,
            density,
            gi_z: gi.z,
            gi_p: gi.p,
            gi_q: gi.q,
            hotspot_class: gi.hotspot_class,
        },
    })
}
