//! Incidents on one spot at one time, and which of them are close.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;

/// How near two points must be to be close.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// In metres, as the crow flies.
    pub(super) radius: f64,
    /// In whole units of time.
    pub(super) units: u32,
}

/// Incidents on one spot at one time, column by column.
#[derive(Default)]
pub(super) struct Points {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// Whole units of time; empty where time does not matter.
    pub(super) unit: Vec<u32>,
    pub(super) weight: Vec<f64>,
    /// The lowest position in the input among them.
    pub(super) first: Vec<u32>,
}

/// Sums that run side by side.
const LANES: usize = 4;

impl Points {
    /// No point.
    pub(super) const NONE: u32 = u32::MAX;

    pub(super) fn with_capacity(n: usize) -> Self {
        Self {
            x: Vec::with_capacity(n),
            y: Vec::with_capacity(n),
            unit: Vec::new(),
            weight: Vec::with_capacity(n),
            first: Vec::with_capacity(n),
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.x.append(&mut other.x);
        self.y.append(&mut other.y);
        self.unit.append(&mut other.unit);
        self.weight.append(&mut other.weight);
        self.first.append(&mut other.first);
    }

    /// Squared distance of two points, where they are close.
    #[inline(always)]
    pub(super) fn close(&self, i: usize, j: usize, reach: &Reach) -> Option<f64> {
        let (dx, dy) = (self.x[i] - self.x[j], self.y[i] - self.y[j]);
        let squared = dx * dx + dy * dy;
        let in_time = match (self.unit.get(i), self.unit.get(j)) {
            (Some(a), Some(b)) => a.abs_diff(*b) <= reach.units,
            _ => true,
        };
        (squared <= reach.radius * reach.radius && in_time).then_some(squared)
    }

    /// The weight of the points in a range that are close to one.
    #[inline(always)]
    pub(super) fn weight_around(&self, point: usize, range: Range<usize>, reach: &Reach) -> f64 {
        if self.unit.is_empty() {
            return self.weight_near(point, range, reach);
        }
        range
            .filter(|other| self.close(point, *other, reach).is_some())
            .map(|other| self.weight[other])
            .sum()
    }

    /// The same where time does not matter.
    #[inline(always)]
    fn weight_near(&self, point: usize, range: Range<usize>, reach: &Reach) -> f64 {
        let (x, y) = (self.x[point], self.y[point]);
        let most = reach.radius * reach.radius;
        let weight = |at_x: f64, at_y: f64, weight: f64| {
            let (dx, dy) = (x - at_x, y - at_y);
            if dx * dx + dy * dy <= most {
                weight
            } else {
                0.0
            }
        };
        let (xs, rest_x) = self.x[range.clone()].as_chunks::<LANES>();
        let (ys, rest_y) = self.y[range.clone()].as_chunks::<LANES>();
        let (ws, rest_w) = self.weight[range].as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for ((xs, ys), ws) in xs.iter().zip(ys).zip(ws) {
            for lane in 0..LANES {
                sums[lane] += weight(xs[lane], ys[lane], ws[lane]);
            }
        }
        let mut sum: f64 = sums.iter().sum();
        for ((x, y), w) in rest_x.iter().zip(rest_y).zip(rest_w) {
            sum += weight(*x, *y, *w);
        }
        sum
    }
}
