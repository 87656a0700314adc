//! Places sorted into square cells, for all pairs within a distance.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;

use crate::model::Bounds;

/// Places in the order of their cells, row by row, so that what is near lies in a few stretches.
#[derive(Debug)]
pub(super) struct Cells {
    left: f64,
    bottom: f64,
    side: f64,
    per_unit: f64,
    cols: usize,
    rows: usize,
    /// Where each cell starts, and the end.
    start: Vec<u32>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// The place that each was in the order given.
    pub(super) number: Vec<u32>,
}

impl Cells {
    /// Cells of about this side; the places lie within the bounds.
    pub(super) fn new(x: &[f64], y: &[f64], bounds: Bounds, side: f64) -> Self {
        // Not many more cells than places.
        let most = (x.len() / 2).max(16) as f64;
        let (width, height) = (bounds.width(), bounds.height());
        let least = (width * height / most).sqrt().max(width.max(height) / most);
        let side = side.max(least).max(f64::MIN_POSITIVE);
        let per_unit = 1.0 / side;
        let mut out = Self {
            left: bounds.min_x,
            bottom: bounds.min_y,
            side,
            per_unit,
            cols: (width * per_unit) as usize + 1,
            rows: (height * per_unit) as usize + 1,
            start: Vec::new(),
            x: vec![0.0; x.len()],
            y: vec![0.0; x.len()],
            number: vec![0; x.len()],
        };
        let cell: Vec<u32> = x
            .iter()
            .zip(y)
            .map(|(&x, &y)| (out.row(y) * out.cols + out.col(x)) as u32)
            .collect();
        let mut start = vec![0u32; out.rows * out.cols + 2];
        for cell in &cell {
            start[*cell as usize + 2] += 1;
        }
        for c in 2..start.len() {
            start[c] += start[c - 1];
        }
        for (i, cell) in cell.iter().enumerate() {
            let place = &mut start[*cell as usize + 1];
            out.x[*place as usize] = x[i];
            out.y[*place as usize] = y[i];
            out.number[*place as usize] = i as u32;
            *place += 1;
        }
        start.pop();
        out.start = start;
        out
    }

    #[inline(always)]
    fn row(&self, y: f64) -> usize {
        (((y - self.bottom) * self.per_unit) as usize).min(self.rows - 1)
    }

    #[inline(always)]
    fn col(&self, x: f64) -> usize {
        (((x - self.left) * self.per_unit) as usize).min(self.cols - 1)
    }

    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    /// The stretch of a row of cells that a disc may touch.
    #[inline(always)]
    fn stretch(&self, row: usize, [x, y]: [f64; 2], reach: f64) -> Range<usize> {
        let below = self.bottom + row as f64 * self.side;
        // A little less than the gap: rounding must not shut anybody out.
        let gap = (below - y).max(y - below - self.side) - 1e-9 * (self.side + reach);
        let gap = gap.max(0.0);
        let half = (reach * reach - gap * gap).max(0.0).sqrt() + 1e-9 * reach;
        let first = row * self.cols + self.col(x - half);
        let last = row * self.cols + self.col(x + half);
        self.start[first] as usize..self.start[last + 1] as usize
    }

    /// Calls `found` with stretches that hold all within reach of a point, and some others.
    #[inline(always)]
    pub(super) fn around(&self, at: [f64; 2], reach: f64, mut found: impl FnMut(Range<usize>)) {
        for row in self.row(at[1] - reach)..=self.row(at[1] + reach) {
            found(self.stretch(row, at, reach));
        }
    }

    /// The distance from a point to the nearest place but one, infinite if it is farther than the
    /// reach.
    pub(super) fn nearest(&self, at: [f64; 2], reach: f64, but: Option<usize>) -> f64 {
        let mut radius = self.side.min(reach);
        loop {
            let mut least = f64::INFINITY;
            self.around(at, radius, |stretch| {
                for place in stretch {
                    let (dx, dy) = (self.x[place] - at[0], self.y[place] - at[1]);
                    let squared = dx * dx + dy * dy;
                    if squared < least && Some(place) != but {
                        least = squared;
                    }
                }
            });
            if least <= radius * radius {
                return least.sqrt();
            }
            if radius >= reach {
                return f64::INFINITY;
            }
            radius = (2.0 * radius).min(reach);
        }
    }

    /// As [`around`](Self::around) for a place, with later places only.
    #[inline(always)]
    pub(super) fn later(&self, place: usize, reach: f64, mut found: impl FnMut(Range<usize>)) {
        let at = [self.x[place], self.y[place]];
        let own = self.row(at[1]);
        let here = self.stretch(own, at, reach);
        found(place + 1..here.end.max(place + 1));
        for row in own + 1..=self.row(at[1] + reach) {
            found(self.stretch(row, at, reach));
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::random::stream;

    #[test]
    fn every_pair_within_reach_is_found_once() {
        let mut random = stream(1, 1);
        let x: Vec<f64> = (0..300)
            .map(|_| 1e5 + 100.0 * random.random::<f64>())
            .collect();
        let y: Vec<f64> = (0..300)
            .map(|_| 4e5 + 40.0 * random.random::<f64>())
            .collect();
        let bounds = Bounds::new(1e5, 4e5, 1e5 + 100.0, 4e5 + 40.0);
        for (side, reach) in [(1.0, 7.0), (9.0, 7.0), (300.0, 90.0), (3.0, 500.0)] {
            let cells = Cells::new(&x, &y, bounds, side);
            let near = |a: usize, b: usize| {
                (cells.x[a] - cells.x[b]).hypot(cells.y[a] - cells.y[b]) <= reach
            };
            for a in 0..300 {
                let (mut later, mut around) = (Vec::new(), Vec::new());
                cells.later(a, reach, |s| later.extend(s.filter(|b| near(a, *b))));
                cells.around([cells.x[a], cells.y[a]], reach, |s| {
                    around.extend(s.filter(|b| near(a, *b)));
                });
                assert_eq!(
                    later,
                    (a + 1..300).filter(|b| near(a, *b)).collect::<Vec<_>>()
                );
                let nearest = (0..300)
                    .filter(|b| *b != a && near(a, *b))
                    .map(|b| (cells.x[a] - cells.x[b]).hypot(cells.y[a] - cells.y[b]))
                    .fold(f64::INFINITY, f64::min);
                let found = cells.nearest([cells.x[a], cells.y[a]], reach, Some(a));
                assert!(found == nearest || (found / nearest - 1.0).abs() < 1e-12);
                assert_eq!(around, (0..300).filter(|b| near(a, *b)).collect::<Vec<_>>());
            }
        }
    }
}
