//! Points in cells so small that all points of a cell are close to each other.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use super::dealt::Dealt;
use super::points::{Points, Reach};
use crate::error::Result;
use crate::parallel::Workers;

/// Incidents or cells in one unit of work.
pub(super) const PIECE: usize = 1 << 12;

/// Rows of cells in one unit of work.
pub(super) const ROWS: usize = 4;

/// How many rows of cells around a cell can hold a point close to one of its own, its own row
/// first and near ones before far ones: in its own step of time, and in those before and after.
const AROUND: [(i64, i64); 15] = [
    (0, 0),
    (0, 1),
    (0, -1),
    (0, 2),
    (0, -2),
    (1, 0),
    (-1, 0),
    (1, 1),
    (1, -1),
    (-1, 1),
    (-1, -1),
    (1, 2),
    (1, -2),
    (-1, 2),
    (-1, -2),
];

/// Columns on either side of a cell that can hold a point close to one of its own.
const ASIDE: u32 = 2;

/// The occupied cells by step, row and column, and the points in their order.
pub(super) struct Cells {
    pub(super) points: Points,
    /// The point of each incident, [`Points::NONE`] without a time.
    point_of: Vec<AtomicU32>,
    /// First point of each cell, and the end.
    start: Vec<u32>,
    /// Row and column of each cell.
    row: Vec<u32>,
    column: Vec<u32>,
    /// First cell of each occupied row, and the end.
    rows: Vec<u32>,
    /// Step and row of each occupied row.
    lines: Vec<(u32, u32)>,
    side: f64,
    corner: (f64, f64),
    /// How many of [`AROUND`] there are: without time, those of one step.
    around: usize,
}

/// What is known of each incident.
pub(super) struct Columns<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    /// Whole units of time, where time matters; none for an incident without a time.
    pub(super) units: Option<&'a [Option<u32>]>,
    pub(super) weights: Option<&'a [f64]>,
}

impl Cells {
    /// Sorts the incidents that have a time, where time matters.
    pub(super) fn new(of: &Columns<'_>, reach: &Reach, workers: &Workers) -> Result<Self> {
        let dealt = Dealt::new(of, reach, workers)?;
        let mut cells = Self {
            points: Points::default(),
            point_of: Vec::new(),
            start: vec![0],
            row: Vec::new(),
            column: Vec::new(),
            rows: Vec::new(),
            lines: Vec::new(),
            side: dealt.lattice.side,
            corner: dealt.lattice.corner,
            around: if of.units.is_some() { 15 } else { 5 },
        };
        let bands = workers.map(dealt.bands(), |band| dealt.cells_of(band, of, workers))?;
        let mut named = Vec::with_capacity(bands.len());
        for band in bands {
            let (points, before) = (cells.points.x.len() as u32, cells.column.len() as u32);
            cells
                .start
                .extend(band.ends.into_iter().map(|end| points + end));
            cells
                .rows
                .extend(band.rows.into_iter().map(|row| before + row));
            cells.lines.extend(band.lines);
            cells.row.extend(band.row);
            cells.column.extend(band.column);
            cells.points.append(band.points);
            named.push((points, band.point_of));
        }
        cells.rows.push(cells.column.len() as u32);
        // Each incident is in one band, so that no two threads write one place.
        let unknown = |_| AtomicU32::new(Points::NONE);
        cells.point_of = (0..of.x.len()).map(unknown).collect();
        workers.map(named.len(), |band| {
            let (before, point_of) = &named[band];
            for (at, point) in point_of {
                cells.point_of[*at as usize].store(before + point, Ordering::Relaxed);
            }
        })?;
        Ok(cells)
    }

    /// The point of an incident; `None` without a time.
    pub(super) fn point_of(&self, incident: usize) -> Option<usize> {
        let point = self.point_of[incident].load(Ordering::Relaxed);
        (point != Points::NONE).then_some(point as usize)
    }

    /// How many cells are occupied.
    pub(super) fn len(&self) -> usize {
        self.column.len()
    }

    /// How many rows of cells are occupied.
    pub(super) fn rows(&self) -> usize {
        self.rows.len() - 1
    }

    /// The cells of some rows.
    pub(super) fn cells_of(&self, rows: Range<usize>) -> Range<usize> {
        self.rows[rows.start] as usize..self.rows[rows.end] as usize
    }

    /// The points of some cells that follow each other.
    #[inline(always)]
    pub(super) fn points_of(&self, cells: Range<usize>) -> Range<usize> {
        self.start[cells.start] as usize..self.start[cells.end] as usize
    }

    /// The weight of the points before each cell, and of all.
    pub(super) fn weight_before(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let before = self.start.windows(2).map(|ends| {
            let points = ends[0] as usize..ends[1] as usize;
            sum += self.points.weight[points].iter().sum::<f64>();
            sum
        });
        std::iter::once(0.0).chain(before).collect()
    }

    /// The cell of a point.
    pub(super) fn cell_of(&self, point: usize) -> u32 {
        self.start.partition_point(|start| *start as usize <= point) as u32 - 1
    }

    /// Calls `visit` with each wanted cell of some rows and the cells around, itself included, that
    /// may hold a point close to one of its own: runs of cells that follow each other, its own row
    /// first.
    #[inline(always)]
    pub(super) fn each_with_around(
        &self,
        rows: Range<usize>,
        mut wanted: impl FnMut(usize) -> bool,
        mut visit: impl FnMut(usize, &[Range<usize>]),
    ) {
        let cells_of = |row: usize| self.cells_of(row..row + 1);
        for row in rows {
            let own = cells_of(row);
            let (step, line) = self.lines[row];
            let mut others = [const { 0..0 }; AROUND.len()];
            for (other, (steps, lines)) in others.iter_mut().zip(AROUND).take(self.around) {
                let sought = (i64::from(step) + steps, i64::from(line) + lines);
                let found = self.row_of(sought, row);
                *other = found.map_or(0..0, cells_of);
            }
            let mut runs = others.clone();
            for run in &mut runs {
                run.end = run.start;
            }
            for cell in own {
                if !wanted(cell) {
                    continue;
                }
                let column = self.column[cell];
                let (from, to) = (column.saturating_sub(ASIDE), column.saturating_add(ASIDE));
                for (run, other) in runs.iter_mut().zip(&others).take(self.around) {
                    while run.end < other.end && self.column[run.end] <= to {
                        run.end += 1;
                    }
                    while run.start < run.end && self.column[run.start] < from {
                        run.start += 1;
                    }
                }
                visit(cell, &runs[..self.around]);
            }
        }
    }

    /// The row at a place, if it is occupied; it is not far from `near` in one step of time.
    fn row_of(&self, sought: (i64, i64), near: usize) -> Option<usize> {
        let place_of = |row: usize| {
            let (step, line) = self.lines[row];
            (i64::from(step), i64::from(line))
        };
        let here = place_of(near);
        let rows = if sought.0 == here.0 {
            near.saturating_sub(2)..(near + 3).min(self.rows())
        } else {
            0..self.rows()
        };
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = usize::midpoint(low, high);
            if place_of(middle) < sought {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < self.rows() && place_of(low) == sought).then_some(low)
    }

    /// Squared distance from a place to the square of a cell, never too great by rounding.
    #[inline(always)]
    pub(super) fn to_square(&self, (x, y): (f64, f64), cell: usize) -> f64 {
        let (row, column) = (self.row[cell], self.column[cell]);
        let beyond = |v: f64, corner: f64, number: u32| {
            let from = corner + f64::from(number) * self.side;
            let hair = 1e-5 * self.side + 1e-14 * (v.abs() + corner.abs());
            (from - hair - v).max(v - from - self.side - hair).max(0.0)
        };
        let (dx, dy) = (
            beyond(x, self.corner.0, column),
            beyond(y, self.corner.1, row),
        );
        dx * dx + dy * dy
    }
}
