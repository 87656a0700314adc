//! Refuses what would take too much memory, before any of it is taken.

use crate::error::Result;
use crate::memory;
use crate::model::Grid;

/// Memory for some bytes on each cell of a raster; `instead` is a remedy beside larger cells.
pub(super) fn afford(
    what: &'static str,
    grid: &Grid,
    bytes_per_cell: u128,
    most_bytes: u128,
    instead: Option<&str>,
) -> Result<()> {
    let bytes = (grid.len() as u128).saturating_mul(bytes_per_cell);
    memory::afford(what, bytes, most_bytes, || {
        let factor = (bytes as f64 / most_bytes as f64).sqrt();
        let fitting = (grid.cell_size() * factor).ceil();
        let mut remedy = format!("choose a cell size of at least {fitting:.0} m");
        if let Some(instead) = instead {
            remedy.push_str(", or ");
            remedy.push_str(instead);
        }
        remedy
    })
}
