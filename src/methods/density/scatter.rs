//! Cell by cell: each incident adds its kernel to the cells it reaches.

use super::kernel::Kernel;
use super::prepared::Prepared;
use crate::error::Result;
use crate::parallel::Workers;

/// Raster rows that one unit of work fills.
const BAND: usize = 4;

/// Fills the raster with sums of kernel shapes.
pub(super) fn fill(
    points: &Prepared,
    kernel: Kernel,
    out: &mut [f64],
    workers: &Workers,
) -> Result<()> {
    workers.fill(
        out,
        BAND * points.cols,
        || (),
        |(), band, cells| {
            for (k, row) in cells.chunks_mut(points.cols).enumerate() {
                fill_row(points, kernel, band * BAND + k, row);
            }
        },
    )
}

fn fill_row(points: &Prepared, kernel: Kernel, number: usize, row: &mut [f64]) {
    let south = number as f64 * points.cell;
    let last = row.len() as f64;
    for i in points.near(number, 1) {
        let dy = south - points.y[i];
        let left = points.reach * points.reach - dy * dy;
        if left < 0.0 {
            continue;
        }
        let half = left.sqrt();
        let x = points.x[i];
        let first = ((x - half) / points.cell).ceil().clamp(0.0, last) as usize;
        let end = (((x + half) / points.cell).floor() + 1.0).clamp(0.0, last) as usize;
        let mass = points.mass[i];
        if first >= end {
            continue;
        }
        let from = first as f64 * points.cell - x;
        for (j, cell) in row[first..end].iter_mut().enumerate() {
            let dx = from + j as f64 * points.cell;
            *cell += mass * kernel.shape(dx * dx + dy * dy);
        }
    }
}
