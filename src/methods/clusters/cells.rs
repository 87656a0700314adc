//! Points in cells so small that all points of a cell are close to each other.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use super::points::{Points, Reach};
use crate::error::{Error, Result};
use crate::model::Bounds;
use crate::parallel::Workers;

/// The place of a cell: step in time, row, column.
type Place = (u32, u32, u32);

/// Incidents or cells in one unit of work.
pub(super) const PIECE: usize = 1 << 12;

/// What is sorted behind every cell: an incident without a time.
const LAST: (u64, u32, u32) = (u64::MAX, u32::MAX, u32::MAX);

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
    places: Vec<Place>,
    /// First cell of each row, and the end.
    rows: Vec<u32>,
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

/// Where and when an incident was.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
    unit: u32,
    at: u32,
}

impl Spot {
    /// Sorts incidents on one spot at one time together, the first in the input before others.
    fn key(&self) -> (u64, u64, u32, u32) {
        // Both zeros are one.
        let bits = |v: f64| (v + 0.0).to_bits();
        (bits(self.x), bits(self.y), self.unit, self.at)
    }
}

impl Cells {
    /// Sorts the incidents that have a time, where time matters.
    pub(super) fn new(of: &Columns<'_>, reach: &Reach, workers: &Workers) -> Result<Self> {
        /// Cells along one side; rounding moves a border by less than the hair below.
        const MOST: f64 = 1e9;
        // Any two points of a square are at most its diagonal apart; a hair less than that, so
        // that rounding never puts two farther ones into one.
        let side = reach.radius * std::f64::consts::FRAC_1_SQRT_2 * (1.0 - 1e-6);
        let bounds = extent(of, workers)?;
        let (west, south) = (bounds.min_x, bounds.min_y);
        let span = bounds.width().max(bounds.height());
        if span / side > MOST {
            let expected = format!(
                "at least {:.0e} for incidents {span:.0} m apart",
                span / 5e8
            );
            return Err(Error::parameter("eps", reach.radius, expected));
        }
        let step = reach.units.saturating_add(1);
        let mut keys = vec![LAST; of.x.len()];
        workers.fill(
            &mut keys,
            PIECE,
            || (),
            |(), piece, keys| {
                for (position, key) in (piece * PIECE..).zip(keys) {
                    let unit = of.units.map_or(Some(0), |units| units[position]);
                    let Some(unit) = unit else {
                        continue;
                    };
                    let at = |v: f64| (v / side) as u32;
                    let row = u64::from(unit / step) << 32 | u64::from(at(of.y[position] - south));
                    *key = (row, at(of.x[position] - west), position as u32);
                }
            },
        )?;
        workers.sort_by_key(&mut keys, |key| *key);
        keys.truncate(keys.partition_point(|key| *key < LAST));
        let mut places = Vec::new();
        let mut rows = Vec::new();
        let mut first_key = Vec::new();
        let mut last = None;
        for (at, &(row, column, _)) in keys.iter().enumerate() {
            if last != Some((row, column)) {
                if last.is_none_or(|(other, _)| other != row) {
                    rows.push(places.len() as u32);
                }
                first_key.push(at as u32);
                places.push(((row >> 32) as u32, row as u32, column));
                last = Some((row, column));
            }
        }
        rows.push(places.len() as u32);
        first_key.push(keys.len() as u32);
        let mut cells = Self {
            points: Points::default(),
            point_of: Vec::new(),
            start: vec![0],
            places,
            rows,
            side,
            corner: (west, south),
            around: if of.units.is_some() { 15 } else { 5 },
        };
        cells.merge(of, &keys, &first_key, workers)?;
        Ok(cells)
    }

    /// Makes one point of all incidents on one spot at one time.
    fn merge(
        &mut self,
        of: &Columns<'_>,
        keys: &[(u64, u32, u32)],
        first_key: &[u32],
        workers: &Workers,
    ) -> Result<()> {
        let unit_of = |at: u32| of.units.and_then(|units| units[at as usize]).unwrap_or(0);
        let weight_of = |at: u32| of.weights.map_or(1.0, |w| w[at as usize]);
        let pieces = workers.map_ranges(self.places.len(), PIECE, |range| {
            let from = first_key[range.start] as usize;
            let keys = &keys[from..first_key[range.end] as usize];
            // All at once: the places lie anywhere in memory, and many are fetched side by side.
            let mut spots: Vec<Spot> = keys
                .iter()
                .map(|&(_, _, at)| Spot {
                    x: of.x[at as usize],
                    y: of.y[at as usize],
                    unit: unit_of(at),
                    at,
                })
                .collect();
            let mut points = Points::with_capacity(spots.len());
            let mut ends = Vec::with_capacity(range.len());
            let mut point_of = Vec::with_capacity(spots.len());
            for cell in range {
                let here = first_key[cell] as usize - from..first_key[cell + 1] as usize - from;
                let here = &mut spots[here];
                if here.len() > 1 {
                    here.sort_unstable_by_key(Spot::key);
                }
                for spot in here.chunk_by(|a, b| (a.x, a.y, a.unit) == (b.x, b.y, b.unit)) {
                    point_of.extend(spot.iter().map(|s| (s.at, points.x.len() as u32)));
                    points.x.push(spot[0].x);
                    points.y.push(spot[0].y);
                    points
                        .weight
                        .push(spot.iter().map(|s| weight_of(s.at)).sum());
                    points.first.push(spot[0].at);
                    if of.units.is_some() {
                        points.unit.push(spot[0].unit);
                    }
                }
                ends.push(points.x.len() as u32);
            }
            (points, ends, point_of)
        })?;
        let mut named = Vec::with_capacity(pieces.len());
        for (points, ends, point_of) in pieces {
            let before = self.points.x.len() as u32;
            self.start.extend(ends.into_iter().map(|end| before + end));
            self.points.append(points);
            named.push((before, point_of));
        }
        // Each incident is in one piece, so that no two threads write one place.
        let unknown = |_| AtomicU32::new(Points::NONE);
        self.point_of = (0..of.x.len()).map(unknown).collect();
        workers.map(named.len(), |piece| {
            let (before, point_of) = &named[piece];
            for (at, point) in point_of {
                self.point_of[*at as usize].store(before + point, Ordering::Relaxed);
            }
        })?;
        Ok(())
    }

    /// The point of an incident; `None` without a time.
    pub(super) fn point_of(&self, incident: usize) -> Option<usize> {
        let point = self.point_of[incident].load(Ordering::Relaxed);
        (point != Points::NONE).then_some(point as usize)
    }

    /// How many cells are occupied.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// How many rows of cells are occupied.
    pub(super) fn rows(&self) -> usize {
        self.rows.len() - 1
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

    /// Calls `visit` with each cell of some rows and the cells around, itself included, that may
    /// hold a point close to one of its own: runs of cells that follow each other, its own row
    /// first.
    #[inline(always)]
    pub(super) fn each_with_around(
        &self,
        rows: Range<usize>,
        mut visit: impl FnMut(usize, &[Range<usize>]),
    ) {
        let cells_of = |row: usize| self.rows[row] as usize..self.rows[row + 1] as usize;
        for row in rows {
            let own = cells_of(row);
            let (step, line, _) = self.places[own.start];
            let mut others = [const { 0..0 }; AROUND.len()];
            for (other, (steps, lines)) in others.iter_mut().zip(AROUND).take(self.around) {
                let sought = (i64::from(step) + steps, i64::from(line) + lines);
                let place_of = |row: usize| {
                    let (step, line, _) = self.places[self.rows[row] as usize];
                    (i64::from(step), i64::from(line))
                };
                let found = self.row_of(sought, row, &place_of);
                *other = found.map_or(0..0, cells_of);
            }
            let mut runs = others.clone();
            for run in &mut runs {
                run.end = run.start;
            }
            for cell in own {
                let column = self.places[cell].2;
                let (from, to) = (column.saturating_sub(ASIDE), column.saturating_add(ASIDE));
                for (run, other) in runs.iter_mut().zip(&others).take(self.around) {
                    while run.end < other.end && self.places[run.end].2 <= to {
                        run.end += 1;
                    }
                    while run.start < run.end && self.places[run.start].2 < from {
                        run.start += 1;
                    }
                }
                visit(cell, &runs[..self.around]);
            }
        }
    }

    /// The row at a place, if it is occupied; it is not far from `near` in one step of time.
    fn row_of(
        &self,
        sought: (i64, i64),
        near: usize,
        place_of: &impl Fn(usize) -> (i64, i64),
    ) -> Option<usize> {
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
        let (_, row, column) = self.places[cell];
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

/// What holds all incidents.
fn extent(of: &Columns<'_>, workers: &Workers) -> Result<Bounds> {
    let pieces = workers.map_ranges(of.x.len(), PIECE, |range| {
        let (x, y) = (&of.x[range.clone()], &of.y[range]);
        Bounds::around(x.iter().copied().zip(y.iter().copied()))
    })?;
    let whole = pieces.into_iter().flatten().reduce(|a, b| a.union(&b));
    Ok(whole.unwrap_or(Bounds::new(0.0, 0.0, 0.0, 0.0)))
}
