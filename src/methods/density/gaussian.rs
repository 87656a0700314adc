//! The Gaussian kernel, a product of a factor in x and a factor in y.

use super::prepared::Prepared;
use crate::error::Result;
use crate::parallel::Workers;

/// Raster rows that one unit of work fills, and that share an incident's factors in x.
const BAND: usize = 16;

/// Fills the raster with sums of kernel shapes.
pub(super) fn fill(points: &Prepared, out: &mut [f64], workers: &Workers) -> Result<()> {
    workers.fill(
        out,
        BAND * points.cols,
        Vec::new,
        |factor: &mut Vec<f64>, band, cells| {
            let rows = cells.len() / points.cols;
            for i in points.near(band * BAND, rows) {
                let x = points.x[i];
                let last = points.cols as f64;
                let first = ((x - points.reach) / points.cell).ceil().clamp(0.0, last) as usize;
                let end =
                    (((x + points.reach) / points.cell).floor() + 1.0).clamp(0.0, last) as usize;
                if first >= end {
                    continue;
                }
                factor.clear();
                factor.extend((first..end).map(|col| {
                    let dx = col as f64 * points.cell - x;
                    points.mass[i] * (-0.5 * dx * dx).exp()
                }));
                for (k, row) in cells.chunks_mut(points.cols).enumerate() {
                    let dy = (band * BAND + k) as f64 * points.cell - points.y[i];
                    if dy.abs() > points.reach {
                        continue;
                    }
                    let along = (-0.5 * dy * dy).exp();
                    for (cell, f) in row[first..end].iter_mut().zip(&*factor) {
                        *cell += along * f;
                    }
                }
            }
        },
    )
}
