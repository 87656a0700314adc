//! A square piece of a published density.

use brandpunt::analysis::Published;
use serde_json::{Value, json};

use super::failure::Failure;

/// Cells along the side of a tile.
const SIDE: i64 = 32;

/// Tile (column, row) counts whole tiles from (0, 0) of the coordinate system to the east and to the
/// north, so it covers the same ground in every theme and every version of the data.
///
/// Rows of cells go from north to south. A cell is the number of its class, or null outside the
/// city.
pub(crate) fn tile(published: &Published, column: i64, row: i64) -> Result<Value, Failure> {
    let result = published.result();
    let (Some(surface), Some(classes)) = (
        &result.surface,
        result.protection.as_ref().and_then(|p| p.classes.as_ref()),
    ) else {
        return Err(Failure::Nowhere("no density is published".into()));
    };
    let grid = surface.grid();
    let size = grid.cell_size();
    let span = size * SIDE as f64;
    let whole = grid.bounds();
    let reach =
        |low: f64, high: f64| ((low / span).floor() as i64, (high / span).ceil() as i64 - 1);
    let (columns, rows) = (
        reach(whole.min_x, whole.max_x),
        reach(whole.min_y, whole.max_y),
    );
    if !(columns.0..=columns.1).contains(&column) || !(rows.0..=rows.1).contains(&row) {
        return Err(Failure::Nowhere(format!(
            "the city lies in columns {} to {} and rows {} to {}",
            columns.0, columns.1, rows.0, rows.1
        )));
    }
    let (west, south) = (column as f64 * span, row as f64 * span);
    let class = |i: i64, j: i64| {
        let (x, y) = (
            west + (j as f64 + 0.5) * size,
            south + (i as f64 + 0.5) * size,
        );
        let (row, col) = grid.cell_of(x, y)?;
        classes.class_of(surface.values()[[row, col]])
    };
    let cells: Vec<Vec<Option<usize>>> = (0..SIDE)
        .rev()
        .map(|i| (0..SIDE).map(|j| class(i, j)).collect())
        .collect();
    // Of the lowest class nobody may tell whether a report is in reach.
    let mut labels = classes.labels();
    if let Some(lowest) = labels.first_mut() {
        "few or none".clone_into(lowest);
    }
    Ok(json!({
        "theme": result.theme.name(),
        "column": column,
        "row": row,
        "bounds": [west, south, west + span, south + span],
        "crs": grid.crs().to_string(),
        "cell_size": size,
        "unit": "incidents per km²",
        "labels": labels,
        "cells": cells,
    }))
}
