//! Where does the study area end, as seen from a place in it?

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::f64::consts::TAU;

use super::arc_cosine::arc_cosine;
use crate::index::StudyArea;
use crate::model::Bounds;

/// Distance to the border, in reaches, below which a place is moved by a few times as much: on the
/// border itself it would have no side.
const TOUCH: f64 = 1e-9;

/// A study area with the edges of its border that matter within a reach, by cells.
#[derive(Debug)]
pub(super) struct Window<'a> {
    pub(super) area: &'a StudyArea,
    reach: f64,
    lines: Vec<([f64; 2], [f64; 2])>,
    bounds: Bounds,
    per_unit: f64,
    cols: usize,
    rows: usize,
    /// Where the list of each cell starts, and the end.
    start: Vec<u32>,
    listed: Vec<u32>,
}

/// An edge of the border as seen from a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    /// Distance of its line.
    pub(super) off: f64,
    /// 1 where the place lies on its inner side, else −1.
    pub(super) sign: f64,
    /// Angles of its ends from the perpendicular.
    pub(super) from: f64,
    pub(super) to: f64,
    /// Distances of its nearest and its farthest point.
    pub(super) nearest: f64,
    pub(super) farthest: f64,
}

impl Seen {
    fn edge(a: [f64; 2], b: [f64; 2], [x, y]: [f64; 2]) -> Self {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy);
        let (ax, ay) = (a[0] - x, a[1] - y);
        let off = (ax * dy - ay * dx) / length;
        let start = (ax * dx + ay * dy) / length;
        let end = start + length;
        let (p, along) = (off.abs(), start.max(-end).max(0.0));
        Self {
            off: p,
            sign: if off < 0.0 { -1.0 } else { 1.0 },
            from: start.atan2(p),
            to: end.atan2(p),
            nearest: p.hypot(along),
            farthest: p.hypot(start.abs().max(end.abs())),
        }
    }
}

impl Seen {
    /// The angle that it takes up, as far as it lies within a circle: negative where it lets in.
    #[inline(always)]
    pub(super) fn angle(&self, radius: f64) -> f64 {
        let cosine = self.off / radius;
        let half = arc_cosine(if cosine < 1.0 { cosine } else { 1.0 });
        let to = if self.to < half { self.to } else { half };
        let from = if self.from > -half { self.from } else { -half };
        let angle = to - from;
        self.sign * if angle > 0.0 { angle } else { 0.0 }
    }
}

fn distance(a: [f64; 2], b: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (px, py) = (x - a[0], y - a[1]);
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (px - along * dx).hypot(py - along * dy)
}

impl<'a> Window<'a> {
    pub(super) fn new(area: &'a StudyArea, reach: f64) -> Self {
        let bounds = area.bounds();
        let (width, height) = (bounds.width(), bounds.height());
        let least = (width * height / 65_536.0).sqrt();
        let side = (0.25 * reach).max(least).max(width.max(height) / 4096.0);
        let per_unit = 1.0 / side;
        let mut out = Self {
            area,
            reach,
            lines: area.border().collect(),
            bounds,
            per_unit,
            cols: (width * per_unit) as usize + 1,
            rows: (height * per_unit) as usize + 1,
            start: Vec::new(),
            listed: Vec::new(),
        };
        let mut pairs = out.touched(side);
        pairs.sort_unstable();
        let mut start = vec![0u32; out.cols * out.rows + 1];
        for (cell, _) in &pairs {
            start[*cell as usize + 1] += 1;
        }
        for c in 1..start.len() {
            start[c] += start[c - 1];
        }
        out.start = start;
        out.listed = pairs.into_iter().map(|(_, line)| line).collect();
        out
    }

    /// Cells with the edges that are in reach of some place in them.
    fn touched(&self, side: f64) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        let wide = self.reach * (1.0 + 1e-9) + 0.75 * side;
        for (line, (a, b)) in (0u32..).zip(&self.lines) {
            let cols = self.col(a[0].min(b[0]) - wide)..=self.col(a[0].max(b[0]) + wide);
            for row in self.row(a[1].min(b[1]) - wide)..=self.row(a[1].max(b[1]) + wide) {
                let y = self.bounds.min_y + (row as f64 + 0.5) * side;
                for col in cols.clone() {
                    let x = self.bounds.min_x + (col as f64 + 0.5) * side;
                    if distance(*a, *b, [x, y]) <= wide {
                        out.push(((row * self.cols + col) as u32, line));
                    }
                }
            }
        }
        out
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.bounds.min_y) * self.per_unit) as usize).min(self.rows - 1)
    }

    fn col(&self, x: f64) -> usize {
        (((x - self.bounds.min_x) * self.per_unit) as usize).min(self.cols - 1)
    }

    /// Edges among which are all those in reach of a place.
    fn near(&self, [x, y]: [f64; 2]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
        let cell = self.row(y) * self.cols + self.col(x);
        let list = self.start[cell] as usize..self.start[cell + 1] as usize;
        self.listed[list]
            .iter()
            .map(|line| self.lines[*line as usize])
    }

    /// Its surface in square metres.
    pub(super) fn square_metres(&self) -> f64 {
        self.area.km2() * 1e6
    }

    /// How far the border is; infinite when it is not in reach.
    pub(super) fn border_distance(&self, at: [f64; 2]) -> f64 {
        let least = self
            .near(at)
            .map(|(a, b)| distance(a, b, at))
            .fold(f64::INFINITY, f64::min);
        if least < self.reach {
            least
        } else {
            f64::INFINITY
        }
    }

    /// The edges in reach of a place, and whether the place, moved a little if it lies on the
    /// border, is inside: 1 or 0.
    pub(super) fn look(&self, mut at: [f64; 2], seen: &mut Vec<Seen>) -> f64 {
        for _ in 0..4 {
            seen.clear();
            seen.extend(self.near(at).map(|(a, b)| Seen::edge(a, b, at)));
            seen.retain(|edge| edge.nearest < self.reach);
            if seen.iter().all(|edge| edge.nearest > TOUCH * self.reach) {
                break;
            }
            at[0] += 3.1 * TOUCH * self.reach;
            at[1] += 1.7 * TOUCH * self.reach;
        }
        if self.area.contains(at[0], at[1]) {
            1.0
        } else {
            0.0
        }
    }

    /// The share of a circle around a place that lies inside, from what [`look`](Self::look) found.
    pub(super) fn share(inside: f64, seen: &[Seen], distance: f64) -> f64 {
        let outside: f64 = seen.iter().map(|edge| edge.angle(distance)).sum();
        inside - outside / TAU
    }

    /// Width and height when it is a rectangle along the axes.
    pub(super) fn rectangle(&self) -> Option<(f64, f64)> {
        let (width, height) = (self.bounds.width(), self.bounds.height());
        let along_axes = self.lines.iter().all(|(a, b)| a[0] == b[0] || a[1] == b[1]);
        let full = (width * height - self.square_metres()).abs() <= 1e-9 * width * height;
        (along_axes && full).then_some((width, height))
    }

    pub(super) fn lines(&self) -> &[([f64; 2], [f64; 2])] {
        &self.lines
    }
}
