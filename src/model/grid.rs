//! Square cells.

use super::area::Bounds;
use super::crs::Crs;
use crate::error::{Error, Result};

/// A raster of square cells, row 0 in the north, whose edges lie on multiples of the cell size.
///
/// Statistics Netherlands cuts its 100 and 500 m squares from RD (0, 0) the same way, so counts
/// per cell can be joined with theirs without resampling. A point on an edge belongs to the cell
/// to its east or north.
///
/// ```
/// use brandpunt::{Bounds, Crs, Grid};
///
/// # fn main() -> brandpunt::Result<()> {
/// let grid = Grid::covering(Bounds::new(121_050.0, 487_010.0, 121_420.0, 487_190.0), 100.0, Crs::RD_NEW)?;
/// assert_eq!((grid.rows(), grid.cols()), (2, 5));
/// assert_eq!(grid.centre(0, 0), (121_050.0, 487_150.0));
/// assert_eq!(grid.cell_of(121_050.0, 487_010.0), Some((1, 0)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Grid {
    /// Number of whole cells between x = 0 and the western edge.
    west: i64,
    /// Number of whole cells between y = 0 and the southern edge.
    south: i64,
    cell_size: f64,
    rows: usize,
    cols: usize,
    crs: Crs,
}

impl Grid {
    /// Cells that a grid may have at most: 2^31, as many as common raster formats address.
    pub const MOST_CELLS: u128 = 1 << 31;

    /// The least grid of aligned cells that covers a rectangle.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a cell size that is not positive and finite, [`Error::Crs`] for
    /// degrees, [`Error::TooLarge`] with a fitting cell size for too many cells.
    pub fn covering(bounds: Bounds, cell_size: f64, crs: Crs) -> Result<Self> {
        crs.require_metres()?;
        if !(cell_size.is_finite() && cell_size > 0.0) {
            return Err(Error::parameter(
                "cell_size",
                cell_size,
                "a positive number of metres",
            ));
        }
        let corners = [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y];
        if corners.iter().any(|v| !v.is_finite()) {
            return Err(Error::parameter(
                "extent",
                format!("{corners:?}"),
                "finite numbers",
            ));
        }
        let first = |v: f64| (v / cell_size).floor();
        let (west, south) = (first(bounds.min_x), first(bounds.min_y));
        let cols = first(bounds.max_x) - west + 1.0;
        let rows = first(bounds.max_y) - south + 1.0;
        // Beyond 2^53 cells from the origin, neighbouring cells are one number.
        let far = west
            .abs()
            .max(south.abs())
            .max((west + cols).abs())
            .max((south + rows).abs());
        if rows < 1.0 || cols < 1.0 {
            return Err(Error::parameter(
                "extent",
                format!("{corners:?}"),
                "a rectangle from its least to its greatest x and y",
            ));
        }
        // Where numbers overflow, there are too many by any count.
        let cells = Some(rows * cols)
            .filter(|cells| !cells.is_nan())
            .unwrap_or(f64::INFINITY);
        if far > 9e15 && cells <= Self::MOST_CELLS as f64 {
            return Err(Error::parameter(
                "cell_size",
                cell_size,
                "larger cells: so far from the origin, neighbouring ones of this size are one number",
            ));
        }
        if cells > Self::MOST_CELLS as f64 {
            let fitting = (bounds.width().max(1.0) * bounds.height().max(1.0) / 1e6).sqrt();
            return Err(Error::too_large(
                "a grid",
                (cells * 8.0) as u128,
                Self::MOST_CELLS * 8,
                format!("choose a cell size of about {fitting:.0} m (a million cells)"),
            ));
        }
        Ok(Self {
            west: west as i64,
            south: south as i64,
            cell_size,
            rows: rows as usize,
            cols: cols as usize,
            crs,
        })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows * self.cols
    }

    /// Whether there is no cell; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Side of a cell in metres.
    #[must_use]
    pub fn cell_size(&self) -> f64 {
        self.cell_size
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// The outer edges.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let edge = |cells: i64| cells as f64 * self.cell_size;
        Bounds::new(
            edge(self.west),
            edge(self.south),
            edge(self.west + self.cols as i64),
            edge(self.south + self.rows as i64),
        )
    }

    /// x of the centres of a column.
    #[must_use]
    pub fn x(&self, col: usize) -> f64 {
        (self.west as f64 + col as f64 + 0.5) * self.cell_size
    }

    /// y of the centres of a row; row 0 is the northernmost.
    #[must_use]
    pub fn y(&self, row: usize) -> f64 {
        (self.south as f64 + (self.rows - 1 - row) as f64 + 0.5) * self.cell_size
    }

    /// Centre of a cell.
    #[must_use]
    pub fn centre(&self, row: usize, col: usize) -> (f64, f64) {
        (self.x(col), self.y(row))
    }

    /// Row and column of the cell that holds a point, `None` outside.
    #[must_use]
    pub fn cell_of(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let col = (x / self.cell_size).floor() - self.west as f64;
        let up = (y / self.cell_size).floor() - self.south as f64;
        if !(col >= 0.0 && up >= 0.0 && col < self.cols as f64 && up < self.rows as f64) {
            return None;
        }
        Some((self.rows - 1 - up as usize, col as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_centre_lies_in_its_cell() {
        for size in [33.3, 66.7, 100.0, 123.4] {
            let bounds = Bounds::new(140_000.0, 480_000.0, 144_000.0, 483_000.0);
            let grid = Grid::covering(bounds, size, Crs::RD_NEW).unwrap();
            for row in 0..grid.rows() {
                for col in 0..grid.cols() {
                    let (x, y) = grid.centre(row, col);
                    assert_eq!(grid.cell_of(x, y), Some((row, col)));
                }
            }
            assert_eq!(grid.cell_of(139_000.0, 481_000.0), None);
            assert_eq!(grid.cell_of(f64::NAN, 481_000.0), None);
        }
    }

    #[test]
    fn absurd_grids_are_refused_before_allocation() {
        let bounds = Bounds::new(0.0, 0.0, 1e6, 1e6);
        let error = Grid::covering(bounds, 1e-3, Crs::PLANAR).unwrap_err();
        assert!(error.to_string().contains("about 1000 m"), "{error}");
        assert!(Grid::covering(bounds, 0.0, Crs::PLANAR).is_err());
        assert!(Grid::covering(bounds, f64::NAN, Crs::PLANAR).is_err());
        assert!(Grid::covering(Bounds::new(4.0, 52.0, 5.0, 53.0), 1.0, Crs::WGS84).is_err());
    }
}
