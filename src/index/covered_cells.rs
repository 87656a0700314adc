//! How much of each cell does an area cover?

use geo::orient::{Direction, Orient};
use geo_types::{Coord, MultiPolygon};

use crate::model::{Grid, rings};

/// A share of a cell below which it counts as not covered: more than rounding can leave behind.
const LEAST: f64 = 1e-9;

/// Calls `see` with row, column and covered share of each cell of the grid that the area covers in
/// part or whole, rows from south to north.
///
/// The share is exact to rounding whatever the sizes of area and cells. Each edge adds to the cells
/// it crosses what lies to its east, counted up or down by its direction; a running sum along the
/// row turns that into shares. An edge that two areas share adds the same to one as it takes from
/// the other, so the shares of areas that tile the plane add up to one.
///
/// # Complexity
/// The cells of the area's rectangle, and the cells that its edges cross.
pub(crate) fn covered_cells(
    area: &MultiPolygon<f64>,
    grid: &Grid,
    mut see: impl FnMut(usize, usize, f64),
) {
    let mut edges = edges(area, grid);
    let columns = edges
        .iter()
        .map(|e| (e.low.x.min(e.high.x), e.low.x.max(e.high.x)))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((west, east)) = columns else {
        return;
    };
    // Both saturate, so an area beyond the grid has no columns.
    let (first, end) = (
        west.floor() as usize,
        (east.ceil() as usize).min(grid.cols()),
    );
    if first >= end {
        return;
    }
    edges.sort_by(|a, b| b.low.y.total_cmp(&a.low.y));
    let mut here: Vec<Edge> = Vec::new();
    let mut gained = vec![0.0; end - first + 1];
    for up in 0..grid.rows() {
        let (bottom, top) = (up as f64, (up + 1) as f64);
        while edges.last().is_some_and(|e| e.low.y < top) {
            here.extend(edges.pop());
        }
        here.retain(|e| e.high.y > bottom);
        if here.is_empty() {
            if edges.is_empty() {
                return;
            }
            continue;
        }
        gained.fill(0.0);
        for edge in &here {
            edge.gain(bottom, top, first as f64, &mut gained);
        }
        let mut share = 0.0;
        for (col, gain) in (first..end).zip(&gained) {
            share += gain;
            if share > LEAST {
                see(grid.rows() - 1 - up, col, share.min(1.0));
            }
        }
    }
}

/// The edges that are not horizontal, in cells from the south-western corner of the grid.
fn edges(area: &MultiPolygon<f64>, grid: &Grid) -> Vec<Edge> {
    let (corner, size) = (grid.bounds(), grid.cell_size());
    let at = |c: Coord<f64>| Coord {
        x: (c.x - corner.min_x) / size,
        y: (c.y - corner.min_y) / size,
    };
    let mut out = Vec::new();
    for polygon in area {
        // Counter-clockwise shells have their inside to the east of edges that run down.
        for ring in rings(&polygon.orient(Direction::Default)) {
            out.extend(ring.0.windows(2).filter_map(|ends| {
                let (a, b) = (at(ends[0]), at(ends[1]));
                match a.y.total_cmp(&b.y) {
                    std::cmp::Ordering::Equal => None,
                    std::cmp::Ordering::Less => Some(Edge {
                        low: a,
                        high: b,
                        inside: -1.0,
                    }),
                    std::cmp::Ordering::Greater => Some(Edge {
                        low: b,
                        high: a,
                        inside: 1.0,
                    }),
                }
            }));
        }
    }
    out
}

struct Edge {
    low: Coord<f64>,
    high: Coord<f64>,
    /// 1 when the inside of the area lies to its east, −1 to its west.
    inside: f64,
}

impl Edge {
    /// Adds what the edge changes in each column between two heights; the last of `gained` takes
    /// what lies to the east of all.
    fn gain(&self, bottom: f64, top: f64, first: f64, gained: &mut [f64]) {
        let (from, to) = (self.low.y.max(bottom), self.high.y.min(top));
        let rise = self.inside * (to - from);
        let (a, b) = (self.x(from) - first, self.x(to) - first);
        let (west, east) = (a.min(b), a.max(b));
        let cols = gained.len() - 1;
        if east <= 0.0 {
            gained[0] += rise;
            return;
        }
        if west == east {
            split(gained, west as usize, west, rise);
            return;
        }
        let per_column = rise / (east - west);
        if west < 0.0 {
            gained[0] += -west * per_column;
        }
        for col in west.max(0.0) as usize..(east.ceil() as usize).min(cols) {
            let (left, right) = (west.max(col as f64), east.min((col + 1) as f64));
            split(
                gained,
                col,
                f64::midpoint(left, right),
                (right - left) * per_column,
            );
        }
    }

    fn x(&self, y: f64) -> f64 {
        if y == self.low.y {
            self.low.x
        } else if y == self.high.y {
            self.high.x
        } else {
            let share = (y - self.low.y) / (self.high.y - self.low.y);
            self.low.x + share * (self.high.x - self.low.x)
        }
    }
}

/// Adds a piece of an edge with its middle in a column: that column gains what lies to the east of
/// the piece, the columns beyond all of it.
fn split(gained: &mut [f64], col: usize, middle: f64, rise: f64) {
    let east = rise * (col as f64 + 1.0 - middle);
    if let [own, next, ..] = gained.get_mut(col..).unwrap_or_default() {
        *own += east;
        *next += rise - east;
    }
}

#[cfg(test)]
mod tests;
