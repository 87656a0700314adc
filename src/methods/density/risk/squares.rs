//! Sums of squared kernels.

use super::super::spread::Spread;
use crate::error::Result;
use crate::model::Grid;
use crate::parallel::Workers;

/// Raster rows that one unit of work fills.
const BAND: usize = 8;

/// Adds the mass of each place times the square of its kernel to the cells it reaches, one by one:
/// squares have too many terms for a sweep.
pub(super) fn add_squares(
    spread: &Spread,
    grid: &Grid,
    out: &mut [f64],
    workers: &Workers,
) -> Result<()> {
    let bands = bands(spread, grid);
    workers.fill(
        out,
        BAND * grid.cols(),
        || (),
        |(), band, cells| {
            for (k, row) in cells.chunks_mut(grid.cols()).enumerate() {
                fill_row(spread, grid, band * BAND + k, &bands[band], row);
            }
        },
    )
}

/// For each band of raster rows, the places that reach it, in their order.
fn bands(spread: &Spread, grid: &Grid) -> Vec<Vec<u32>> {
    let (_, north) = grid.centre(0, 0);
    let count = grid.rows().div_ceil(BAND);
    let mut bands = vec![Vec::new(); count];
    for i in 0..spread.x.len() {
        let reach = spread.kernel.reach() * spread.bandwidth[i];
        let row = |y: f64| (north - y) / grid.cell_size();
        let first = row(spread.y[i] + reach).ceil();
        let last = row(spread.y[i] - reach).floor();
        if last < 0.0 || first >= grid.rows() as f64 || first > last {
            continue;
        }
        let last = (last as usize / BAND).min(count - 1);
        for band in &mut bands[first.max(0.0) as usize / BAND..=last] {
            band.push(i as u32);
        }
    }
    bands
}

fn fill_row(spread: &Spread, grid: &Grid, number: usize, near: &[u32], row: &mut [f64]) {
    let (west, v) = grid.centre(number, 0);
    let (size, cols) = (grid.cell_size(), row.len() as f64);
    let limit = spread.kernel.reach() * spread.kernel.reach();
    for &i in near {
        let i = i as usize;
        let h = spread.bandwidth[i];
        let dy = (v - spread.y[i]) / h;
        let left = limit - dy * dy;
        if left < 0.0 {
            continue;
        }
        let (x, half) = (spread.x[i] - west, h * left.sqrt());
        let first = ((x - half) / size).ceil().clamp(0.0, cols) as usize;
        let end = (((x + half) / size).floor() + 1.0).clamp(0.0, cols) as usize;
        let peak = 1e6 * spread.kernel.peak() / (h * h);
        for (col, cell) in row.iter_mut().enumerate().take(end).skip(first) {
            let dx = (col as f64 * size - x) / h;
            let value = peak * spread.kernel.shape(dx * dx + dy * dy);
            *cell += spread.mass[i] * value * value;
        }
    }
}
