//! A raster that says for most places at once in which area they lie.

use geo_types::Coord;

use crate::model::{Bounds, RisingEdge};

/// The cells of a rectangle. Row and column of a point never fall when its coordinates rise,
/// which is all that the exactness of the index rests on.
#[derive(Debug, Clone)]
pub(super) struct Raster {
    bounds: Bounds,
    pub(super) rows: usize,
    pub(super) cols: usize,
    rows_per_unit: f64,
    cols_per_unit: f64,
    /// More than all rounding errors in the place of a cell's edges.
    margin: f64,
}

impl Raster {
    /// A raster that suits this many edges with this total extent along x and y.
    pub(super) fn new(bounds: Bounds, edges: usize, run: f64, rise: f64) -> Self {
        let (width, height) = (
            bounds.width().max(f64::MIN_POSITIVE),
            bounds.height().max(f64::MIN_POSITIVE),
        );
        // Finer cells mean fewer points near an edge but more cells to fill; the number of pieces
        // into which the raster cuts the edges stays in proportion to the edges.
        let cells = (16 * edges).clamp(1 << 12, 1 << 22) as f64;
        let pieces = (4 * edges + (1 << 16)) as f64;
        let fitting = |cells: f64, extent: f64, total: f64| {
            let most = (pieces * extent / total.max(f64::MIN_POSITIVE)).min(16_384.0);
            (cells.min(most) as usize).max(1)
        };
        let cols = fitting((cells * width / height).sqrt(), width, run);
        let rows = fitting((cells * height / width).sqrt(), height, rise);
        let largest = [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y]
            .into_iter()
            .fold(0.0, |m: f64, v| m.max(v.abs()));
        Self {
            bounds,
            rows,
            cols,
            rows_per_unit: rows as f64 / height,
            cols_per_unit: cols as f64 / width,
            margin: 1e-9 * width.max(height) / rows.max(cols) as f64
                + 16.0 * f64::EPSILON * largest,
        }
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.rows * self.cols
    }

    /// Row of a height, row 0 in the south.
    #[inline]
    pub(super) fn row(&self, y: f64) -> usize {
        (((y - self.bounds.min_y) * self.rows_per_unit) as usize).min(self.rows - 1)
    }

    /// Column of an x.
    #[inline]
    pub(super) fn col(&self, x: f64) -> usize {
        (((x - self.bounds.min_x) * self.cols_per_unit) as usize).min(self.cols - 1)
    }

    /// Row and column of a point, `None` outside the rectangle.
    #[inline]
    pub(super) fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        self.bounds
            .contains(x, y)
            .then(|| (self.row(y), self.col(x)))
    }

    /// Height of the middle of a row.
    pub(super) fn middle(&self, row: usize) -> f64 {
        self.bounds.min_y + (row as f64 + 0.5) / self.rows_per_unit
    }

    /// First and last column that the edge may touch within a row.
    pub(super) fn touched(&self, edge: &RisingEdge, row: usize) -> (usize, usize) {
        let bottom = self.bounds.min_y + row as f64 / self.rows_per_unit - self.margin;
        let top = self.bounds.min_y + (row + 1) as f64 / self.rows_per_unit + self.margin;
        let (a, b) = (x_at(edge, bottom), x_at(edge, top));
        (
            self.col(a.min(b) - self.margin),
            self.col(a.max(b) + self.margin),
        )
    }

    /// First and last column of a horizontal edge.
    pub(super) fn touched_flat(&self, a: Coord<f64>, b: Coord<f64>) -> (usize, usize) {
        (self.col(a.x.min(b.x)), self.col(a.x.max(b.x)))
    }
}

/// x of the edge at a height, or of its nearer end.
pub(super) fn x_at(edge: &RisingEdge, y: f64) -> f64 {
    let share = ((y - edge.lower.y) / (edge.upper.y - edge.lower.y)).clamp(0.0, 1.0);
    edge.lower.x + share * (edge.upper.x - edge.lower.x)
}
