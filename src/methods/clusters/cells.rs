//! Points in cells so small that all points of a cell are close to each other.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::parallel::Workers;

/// How near two points must be to be close.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// In metres, as the crow flies.
    pub(super) radius: f64,
    /// In whole units of time.
    pub(super) units: u32,
}

/// Incidents on one spot at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) unit: u32,
    pub(super) weight: f64,
    /// The lowest position among them.
    pub(super) first: u32,
}

impl Reach {
    /// Squared distance of two points, where they are close.
    pub(super) fn close(&self, a: &Point, b: &Point) -> Option<f64> {
        let (dx, dy) = (a.x - b.x, a.y - b.y);
        let squared = dx * dx + dy * dy;
        let close = squared <= self.radius * self.radius && a.unit.abs_diff(b.unit) <= self.units;
        close.then_some(squared)
    }
}

/// An incident and the cell it lies in.
#[derive(Clone, Copy)]
struct Placed {
    /// Step in time, row and column.
    cell: (u32, u32, u32),
    point: Point,
}

impl Placed {
    /// Sorts incidents by cell, and those on one spot at one time together.
    fn key(&self) -> ((u32, u32, u32), u64, u64, u32, u32) {
        let p = &self.point;
        // Both zeros are one.
        let (x, y) = ((p.x + 0.0).to_bits(), (p.y + 0.0).to_bits());
        (self.cell, x, y, p.unit, p.first)
    }
}

/// The occupied cells by step, row and column, and the points in their order.
pub(super) struct Cells {
    pub(super) points: Vec<Point>,
    /// The point of each incident.
    pub(super) point_of: Vec<Option<u32>>,
    /// First point of each cell, and the end.
    start: Vec<u32>,
    /// Other cells that may hold a point close to one of the cell, and where each cell's begin.
    near: Vec<u32>,
    near_start: Vec<usize>,
}

impl Cells {
    /// Sorts the incidents that have a time, one at each position.
    pub(super) fn new(
        x: &[f64],
        y: &[f64],
        units: &[Option<u32>],
        weights: Option<&[f64]>,
        reach: &Reach,
        workers: &Workers,
    ) -> Result<Self> {
        /// Cells along one side; rounding moves a border by less than the hair below.
        const MOST: f64 = 1e9;
        // Any two points of a square are at most its diagonal apart; a hair less than that, so
        // that rounding never puts two farther ones into one.
        let side = reach.radius * std::f64::consts::FRAC_1_SQRT_2 * (1.0 - 1e-6);
        let ends = |v: &[f64]| {
            let least = v.iter().fold(f64::INFINITY, |a, b| a.min(*b));
            let most = v.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            (least, most)
        };
        let ((west, east), (south, north)) = (ends(x), ends(y));
        let span = (east - west).max(north - south);
        if span / side > MOST {
            let expected = format!(
                "at least {:.0e} for incidents {span:.0} m apart",
                span / 5e8
            );
            return Err(Error::parameter("eps", reach.radius, expected));
        }
        let step = reach.units.saturating_add(1);
        let mut placed = Vec::with_capacity(x.len());
        for (position, unit) in units.iter().enumerate() {
            let Some(unit) = *unit else {
                continue;
            };
            let at = |v: f64| (v / side) as u32;
            placed.push(Placed {
                cell: (unit / step, at(y[position] - south), at(x[position] - west)),
                point: Point {
                    x: x[position],
                    y: y[position],
                    unit,
                    weight: weights.map_or(1.0, |w| w[position]),
                    first: position as u32,
                },
            });
        }
        workers.sort_by_key(&mut placed, Placed::key);
        Self::merged(&placed, x.len(), workers)
    }

    fn merged(placed: &[Placed], incidents: usize, workers: &Workers) -> Result<Self> {
        let mut points: Vec<Point> = Vec::with_capacity(placed.len());
        let mut point_of = vec![None; incidents];
        let mut places = Vec::new();
        let mut start = vec![0];
        for cell in placed.chunk_by(|a, b| a.cell == b.cell) {
            for spot in cell.chunk_by(|a, b| {
                let (a, b) = (&a.point, &b.point);
                (a.x, a.y, a.unit) == (b.x, b.y, b.unit)
            }) {
                let weight = spot.iter().map(|p| p.point.weight).sum();
                for incident in spot {
                    point_of[incident.point.first as usize] = Some(points.len() as u32);
                }
                points.push(Point {
                    weight,
                    ..spot[0].point
                });
            }
            places.push(cell[0].cell);
            start.push(points.len() as u32);
        }
        let (near_start, near) = near(&places, workers)?;
        Ok(Self {
            points,
            point_of,
            start,
            near,
            near_start,
        })
    }

    /// How many cells are occupied.
    pub(super) fn len(&self) -> usize {
        self.start.len() - 1
    }

    /// The points of a cell.
    pub(super) fn points_of(&self, cell: usize) -> Range<usize> {
        self.start[cell] as usize..self.start[cell + 1] as usize
    }

    /// The other cells that may hold a point close to one of this, ascending.
    pub(super) fn around(&self, cell: usize) -> &[u32] {
        &self.near[self.near_start[cell]..self.near_start[cell + 1]]
    }
}

/// For each cell, the others at most one step, two rows and two columns away.
fn near(places: &[(u32, u32, u32)], workers: &Workers) -> Result<(Vec<usize>, Vec<u32>)> {
    const PIECE: usize = 1 << 12;
    let row = |place: &(u32, u32, u32)| (place.0, place.1);
    let mut rows: Vec<((u32, u32), usize)> = Vec::new();
    for (cell, place) in places.iter().enumerate() {
        if rows.last().is_none_or(|(last, _)| *last != row(place)) {
            rows.push((row(place), cell));
        }
    }
    let end_of = |at: usize| rows.get(at + 1).map_or(places.len(), |(_, cell)| *cell);
    let one = |cell: usize, out: &mut Vec<u32>| {
        let (step, row, column) = places[cell];
        for step in step.saturating_sub(1)..=step.saturating_add(1) {
            let from = rows.partition_point(|(r, _)| *r < (step, row.saturating_sub(2)));
            let last = (step, row.saturating_add(2));
            let reached = rows[from..].iter().take_while(|(r, _)| *r <= last).count();
            for at in from..from + reached {
                let cells = &places[rows[at].1..end_of(at)];
                let first = cells.partition_point(|p| p.2 < column.saturating_sub(2));
                let last = column.saturating_add(2);
                let held = cells[first..].iter().take_while(|p| p.2 <= last).count();
                let first = rows[at].1 + first;
                out.extend(
                    (first..first + held)
                        .filter(|c| *c != cell)
                        .map(|c| c as u32),
                );
            }
        }
    };
    let pieces = workers.map_ranges(places.len(), PIECE, |range| {
        let (mut ends, mut out) = (Vec::with_capacity(PIECE), Vec::new());
        for cell in range {
            one(cell, &mut out);
            ends.push(out.len());
        }
        (ends, out)
    })?;
    let mut start = vec![0];
    let mut all = Vec::with_capacity(pieces.iter().map(|p| p.1.len()).sum());
    for (ends, out) in pieces {
        start.extend(ends.into_iter().map(|end| all.len() + end));
        all.extend(out);
    }
    Ok((start, all))
}
