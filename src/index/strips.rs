//! Points in horizontal strips, for many questions with one radius.

use std::ops::Range;

/// Points sorted by x, dealt out to strips of one height.
///
/// A question looks through a stretch of each strip that the radius reaches; with a height near
/// the radius, more than half of the points it looks at are hits, and they lie side by side.
#[derive(Debug)]
pub(super) struct Strips {
    low: f64,
    per_unit: f64,
    /// Ends of the strips in `points`.
    end: Vec<u32>,
    points: Vec<[f64; 2]>,
    /// Numbers of the points, ascending within a strip.
    number: Vec<u32>,
}

impl Strips {
    /// Strips of about this height for points sorted by x.
    pub(super) fn new(points: &[[f64; 2]], height: f64) -> Self {
        let (low, high) = points
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
                (low.min(p[1]), high.max(p[1]))
            });
        // One far point must not ask for more strips than there are points.
        let least = (high - low) / (4 * points.len() + 1024) as f64;
        let per_unit = 1.0 / height.max(least).max(f64::MIN_POSITIVE);
        let mut out = Self {
            low,
            per_unit: per_unit.min(f64::MAX),
            end: Vec::new(),
            points: vec![[0.0; 2]; points.len()],
            number: vec![0; points.len()],
        };
        let strips = if points.is_empty() {
            0
        } else {
            out.unbounded_strip(high) + 1
        };
        let mut end = vec![0u32; strips + 1];
        for p in points {
            end[out.unbounded_strip(p[1]) + 1] += 1;
        }
        for s in 1..=strips {
            end[s] += end[s - 1];
        }
        for (i, p) in (0u32..).zip(points) {
            let next = &mut end[out.unbounded_strip(p[1])];
            out.points[*next as usize] = *p;
            out.number[*next as usize] = i;
            *next += 1;
        }
        end.pop();
        out.end = end;
        out
    }

    /// The strip of a height if there were strips above the last one.
    fn unbounded_strip(&self, y: f64) -> usize {
        ((y - self.low) * self.per_unit) as usize
    }

    /// The strips that a range of heights meets.
    fn strips(&self, bottom: f64, top: f64) -> Range<usize> {
        if self.end.is_empty() || top < self.low {
            return 0..0;
        }
        let last = self.unbounded_strip(top).min(self.end.len() - 1);
        self.unbounded_strip(bottom)..last + 1
    }

    fn places(&self, strip: usize) -> Range<usize> {
        let from = if strip == 0 { 0 } else { self.end[strip - 1] };
        from as usize..self.end[strip] as usize
    }

    /// Calls `found` with the number of every point at most `radius` away, strip by strip.
    pub(super) fn within(&self, [x, y]: [f64; 2], radius: f64, mut found: impl FnMut(u32)) {
        let reach = Reach::of(radius);
        for strip in self.strips(y - reach.wide, y + reach.wide) {
            let places = self.places(strip);
            let first = self.points[places.clone()].partition_point(|p| p[0] < x - reach.wide);
            for place in places.start + first..places.end {
                let p = self.points[place];
                if p[0] > x + reach.wide {
                    break;
                }
                if reach.holds(p, [x, y]) {
                    found(self.number[place]);
                }
            }
        }
    }

    /// As [`within`](Self::within) around point `number`, for points with a greater number only.
    pub(super) fn later(&self, number: u32, at: [f64; 2], radius: f64, mut found: impl FnMut(u32)) {
        let reach = Reach::of(radius);
        for strip in self.strips(at[1] - reach.wide, at[1] + reach.wide) {
            let places = self.places(strip);
            let first = self.number[places.clone()].partition_point(|&n| n <= number);
            for place in places.start + first..places.end {
                let p = self.points[place];
                if p[0] > at[0] + reach.wide {
                    break;
                }
                if reach.holds(p, at) {
                    found(self.number[place]);
                }
            }
        }
    }
}

/// The one rule of nearness: the squared distance is at most the squared radius.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) squared: f64,
    /// A little more than the radius: no point outside this square can pass the rule.
    wide: f64,
}

impl Reach {
    pub(super) fn of(radius: f64) -> Self {
        Self {
            squared: radius * radius,
            wide: radius * (1.0 + 1e-9) + f64::MIN_POSITIVE,
        }
    }

    fn holds(self, p: [f64; 2], q: [f64; 2]) -> bool {
        squared_distance(p, q) <= self.squared
    }
}

pub(super) fn squared_distance(p: [f64; 2], q: [f64; 2]) -> f64 {
    let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
    dx * dx + dy * dy
}
