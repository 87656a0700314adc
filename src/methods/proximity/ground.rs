//! How much ground, or how many people, lie within a distance of the nearest site?

use super::nearest_along::{Stretch, nearest_along};
use crate::error::{Error, Result};
use crate::index::{IncidentIndex, StudyArea};
use crate::stats::sum;

#[cfg(test)]
mod tests;

/// Most lines that are drawn through the study area.
const MOST_LINES: f64 = 65_536.0;

/// What is exposed, so that its share of a ring can stand beside that of the incidents.
pub(super) enum Ground {
    /// Square kilometres of the study area.
    Lines(Lines),
    /// Points with a weight each: addresses, people.
    Points {
        x: Vec<f64>,
        y: Vec<f64>,
        weight: Vec<f64>,
    },
}

/// The study area as stretches of lines from west to east, at equal spacing.
///
/// Along a line everything is exact; across lines each stands for its surroundings (midpoint rule).
pub(super) struct Lines {
    /// South-western corner; all else is measured from it, which keeps the digits.
    origin: [f64; 2],
    spacing: f64,
    /// Ends of the lines' stretches.
    end: Vec<usize>,
    inside: Vec<[f64; 2]>,
}

impl Ground {
    /// All there is.
    pub(super) fn total(&self) -> f64 {
        match self {
            Self::Lines(lines) => {
                sum(lines.inside.iter().map(|s| s[1] - s[0])) * lines.spacing / 1e6
            }
            Self::Points { weight, .. } => sum(weight.iter().copied()),
        }
    }

    /// What lies within each of some ascending distances of the nearest site; a point must lie
    /// nearer than the distance. Sites are sorted by x.
    pub(super) fn within(&self, sites: &[[f64; 2]], distances: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Lines(lines) => Ok(lines.within(sites, distances)),
            Self::Points { x, y, weight } => {
                let index = index_of(sites)?;
                let mut gained = vec![0.0; distances.len() + 1];
                for ((&x, &y), weight) in x.iter().zip(y).zip(weight) {
                    gained[beyond(&index, x, y, distances)] += weight;
                }
                Ok(running(&gained))
            }
        }
    }
}

/// An index of sites.
pub(super) fn index_of(sites: &[[f64; 2]]) -> Result<IncidentIndex> {
    let (x, y): (Vec<f64>, Vec<f64>) = sites.iter().map(|s| (s[0], s[1])).unzip();
    IncidentIndex::from_xy(&x, &y)
}

/// How many of the distances are not greater than that from a point to the nearest site.
pub(super) fn beyond(index: &IncidentIndex, x: f64, y: f64, distances: &[f64]) -> usize {
    let d = index.distance_to_nearest(x, y).unwrap_or(f64::INFINITY);
    distances.partition_point(|mark| *mark <= d)
}

/// Running sums without the last element, which lies beyond all distances.
fn running(gained: &[f64]) -> Vec<f64> {
    let mut so_far = 0.0;
    let inner = &gained[..gained.len() - 1];
    inner
        .iter()
        .map(|g| {
            so_far += g;
            so_far
        })
        .collect()
}

impl Lines {
    /// Draws lines through a study area.
    pub(super) fn through(area: &StudyArea, spacing: f64) -> Result<Self> {
        let bounds = area.bounds();
        let height = bounds.height();
        let lines = (height / spacing).ceil().max(1.0);
        if lines > MOST_LINES {
            let least = height / MOST_LINES;
            let expected = format!("at least {least:.3} m for a study area of this height");
            return Err(Error::parameter("spacing", spacing, expected));
        }
        let (lines, spacing) = (lines as usize, height / lines);
        let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); lines];
        for (a, b) in area.border() {
            let [a, b] = [a, b].map(|p| [p[0] - bounds.min_x, p[1] - bounds.min_y]);
            let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
            // One line too early, because a rounded one must not be missed: lines must cross the
            // border an even number of times.
            let first = (low[1] / spacing - 1.5).max(0.0) as usize;
            for (line, crossings) in crossings.iter_mut().enumerate().skip(first) {
                let y = (line as f64 + 0.5) * spacing;
                if y < low[1] {
                    continue;
                }
                if y >= high[1] {
                    break;
                }
                let share = (y - low[1]) / (high[1] - low[1]);
                crossings.push(low[0] + share * (high[0] - low[0]));
            }
        }
        let mut out = Self {
            origin: [bounds.min_x, bounds.min_y],
            spacing,
            end: Vec::with_capacity(lines),
            inside: Vec::new(),
        };
        for mut at in crossings {
            at.sort_unstable_by(f64::total_cmp);
            out.inside
                .extend(at.chunks_exact(2).map(|ends| [ends[0], ends[1]]));
            out.end.push(out.inside.len());
        }
        Ok(out)
    }

    /// The distance between lines.
    pub(super) fn spacing(&self) -> f64 {
        self.spacing
    }

    fn within(&self, sites: &[[f64; 2]], distances: &[f64]) -> Vec<f64> {
        let sites: Vec<[f64; 2]> = sites
            .iter()
            .map(|s| [s[0] - self.origin[0], s[1] - self.origin[1]])
            .collect();
        let squared: Vec<f64> = distances.iter().map(|d| d * d).collect();
        let reach = distances.last().copied().unwrap_or(0.0);
        // What one distance covers of stretches that it does not cover whole, and the stretches
        // that are covered whole from a distance on.
        let mut partly = vec![0.0; distances.len()];
        let mut whole_from = vec![0.0; distances.len() + 1];
        let mut stretches = Vec::new();
        let mut start = 0;
        for (line, &end) in self.end.iter().enumerate() {
            let inside = &self.inside[start..end];
            start = end;
            if inside.is_empty() {
                continue;
            }
            let y = (line as f64 + 0.5) * self.spacing;
            nearest_along(&sites, y, reach, &mut stretches);
            let mut first = 0;
            for [west, east] in inside {
                // Stretches and lines both run from west to east.
                while stretches.get(first).is_some_and(|s| s.to <= *west) {
                    first += 1;
                }
                for stretch in stretches[first..].iter().take_while(|s| s.from < *east) {
                    let (from, to) = (stretch.from.max(*west), stretch.to.min(*east));
                    let whole = cover(stretch, from, to, &squared, &mut partly);
                    whole_from[whole] += to - from;
                }
            }
        }
        let whole = running(&whole_from);
        let each = partly.iter().zip(whole);
        each.map(|(part, whole)| (part + whole) * self.spacing / 1e6)
            .collect()
    }
}

/// Adds what each squared distance covers of a part of a stretch until one covers all of it;
/// returns the position of that one.
fn cover(stretch: &Stretch, from: f64, to: f64, squared: &[f64], partly: &mut [f64]) -> usize {
    let (west, east) = (from - stretch.x, to - stretch.x);
    let farthest = west.abs().max(east.abs());
    let gap = west.max(-east).max(0.0);
    let nearest = stretch.aside + gap * gap;
    let first = squared.partition_point(|d| *d <= nearest);
    let last = squared.partition_point(|d| *d < stretch.aside + farthest * farthest);
    for k in first..last {
        let half = (squared[k] - stretch.aside).max(0.0).sqrt();
        partly[k] += (east.min(half) - west.max(-half)).max(0.0);
    }
    last
}
