//! How much of a study area covers itself when it is shifted?
//!
//! For a rectangle, a product. Otherwise the overlap is measured along lines from west to east,
//! exactly along each and by the midpoint rule across them, for shifts on a lattice of a 64th of
//! the reach; in between it is interpolated. The overlap is smooth but for folds where edges of one
//! direction pass each other, so both errors shrink with the square of the spacing: for a disc,
//! shifted by up to half its radius, the result is right to 2e-4.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::window::Window;
use crate::error::Result;
use crate::parallel::Workers;

/// Steps of the lattice from no shift to the reach.
const STEPS: usize = 64;
/// Lines through the study area at least.
const LINES: f64 = 2048.0;
/// Least share of the study area that is taken for the overlap.
pub(super) const LEAST: f64 = 0.01;

/// The share of a study area that is left for pairs at a shift.
#[derive(Debug)]
pub(super) enum Overlap {
    /// Of a rectangle of this width and height.
    Rectangle(f64, f64),
    /// On a lattice: eastward shifts of row 0 are those without a northward part.
    Lattice { per_unit: f64, share: Vec<f64> },
}

/// Shifts from west to east.
const ACROSS: usize = 2 * STEPS + 2;

impl Overlap {
    pub(super) fn of(window: &Window<'_>, reach: f64, workers: &Workers) -> Result<Self> {
        if let Some((width, height)) = window.rectangle() {
            return Ok(Self::Rectangle(width, height));
        }
        let step = reach / STEPS as f64;
        let bounds = window.area.bounds();
        let per_step = (step * LINES / bounds.height()).ceil().max(1.0) as usize;
        let spacing = step / per_step as f64;
        let count = (bounds.height() / spacing).ceil() as usize;
        let lines = stretches(window, bounds.min_y, spacing, count);
        let rows = workers.map(STEPS + 2, |row| {
            let apart = row * per_step;
            let mut out = [0.0; ACROSS];
            for (a, b) in lines.iter().zip(lines.get(apart..).unwrap_or(&[])) {
                for (col, sum) in out.iter_mut().enumerate() {
                    *sum += common(a, b, (col as f64 - STEPS as f64) * step);
                }
            }
            out
        })?;
        let whole = rows[0][STEPS];
        Ok(Self::Lattice {
            per_unit: 1.0 / step,
            share: rows.concat().into_iter().map(|s| s / whole).collect(),
        })
    }

    /// The weight of a pair that lies this far apart: the inverse share of the study area that is
    /// left, at most 100.
    #[inline(always)]
    pub(super) fn weight(&self, dx: f64, dy: f64) -> f64 {
        let share = match self {
            Self::Rectangle(width, height) => left(dx, *width) * left(dy, *height),
            Self::Lattice { per_unit, share } => {
                // A shift and its reverse overlap alike.
                let dx = if dy < 0.0 { -dx } else { dx };
                let most = STEPS as f64;
                let x = (dx * per_unit).clamp(-most, most) + most;
                let y = (dy.abs() * per_unit).min(most);
                let (col, row) = (x as usize, y as usize);
                let (east, north) = (x - col as f64, y - row as f64);
                let at = row * ACROSS + col;
                let low = share[at] * (1.0 - east) + share[at + 1] * east;
                let high = share[at + ACROSS] * (1.0 - east) + share[at + ACROSS + 1] * east;
                low * (1.0 - north) + high * north
            }
        };
        1.0 / if share > LEAST { share } else { LEAST }
    }
}

/// The share of a side that is left of it when it is shifted.
#[inline(always)]
fn left(shift: f64, side: f64) -> f64 {
    let left = 1.0 - shift.abs() / side;
    if left > 0.0 { left } else { 0.0 }
}

/// Where lines run inside, as pairs of a beginning and an end.
fn stretches(window: &Window<'_>, bottom: f64, spacing: f64, count: usize) -> Vec<Vec<f64>> {
    let mut out = vec![Vec::new(); count];
    for (a, b) in window.lines() {
        let (low, high) = if a[1] < b[1] { (a, b) } else { (b, a) };
        let first = ((low[1] - bottom) / spacing - 0.5).floor().max(0.0) as usize;
        for (line, crossed) in out.iter_mut().enumerate().skip(first) {
            let y = bottom + (line as f64 + 0.5) * spacing;
            if y >= high[1] {
                break;
            }
            if y >= low[1] {
                let part = (y - low[1]) / (high[1] - low[1]);
                crossed.push(low[0] + part * (high[0] - low[0]));
            }
        }
    }
    for crossed in &mut out {
        crossed.sort_unstable_by(f64::total_cmp);
    }
    out
}

/// Length that stretches of one line and those of another, shifted west, have in common.
fn common(a: &[f64], b: &[f64], shift: f64) -> f64 {
    let (mut a, mut b) = (a.chunks_exact(2).peekable(), b.chunks_exact(2).peekable());
    let mut sum = 0.0;
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        let (from, to) = (other[0] - shift, other[1] - shift);
        sum += (one[1].min(to) - one[0].max(from)).max(0.0);
        if one[1] < to {
            a.next();
        } else {
            b.next();
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::tests::{disc, l_shape, rectangle};
    use super::*;

    fn overlap(area: &crate::index::StudyArea, reach: f64) -> Overlap {
        let workers = Workers::new(1).unwrap();
        Overlap::of(&Window::new(area, reach), reach, &workers).unwrap()
    }

    #[test]
    fn a_rectangle_is_a_product() {
        let share = overlap(&rectangle(400.0, 200.0), 100.0);
        assert!(matches!(share, Overlap::Rectangle(_, _)));
        assert!((share.weight(-40.0, 50.0) - 1.0 / (0.9 * 0.75)).abs() < 1e-14);
        // Where a hundredth or nothing is left.
        for (dx, dy) in [(397.0, 0.0), (0.0, -199.5), (500.0, 0.0), (-500.0, 300.0)] {
            assert_eq!(share.weight(dx, dy), 100.0, "{dx} {dy}");
        }
    }

    #[test]
    fn an_l_is_worked_by_hand() {
        // A square of 200 without its upper right quarter. Shifted east by 20 and north by 30:
        // the foot keeps (200 − 20)(100 − 30), the upright (100 − 20) · 100 above it.
        let share = overlap(&l_shape(), 50.0);
        for (dx, dy, left) in [
            (20.0, 30.0, 180.0 * 70.0 + 80.0 * 100.0),
            (-20.0, -30.0, 180.0 * 70.0 + 80.0 * 100.0),
            // To the other side, the strip between the heights of both feet keeps its length.
            (-20.0, 30.0, 180.0 * 70.0 + 100.0 * 30.0 + 80.0 * 70.0),
            (20.0, -30.0, 180.0 * 70.0 + 100.0 * 30.0 + 80.0 * 70.0),
            (50.0, 0.0, 150.0 * 100.0 + 50.0 * 100.0),
            (-50.0, 0.0, 150.0 * 100.0 + 50.0 * 100.0),
            (0.0, 50.0, 200.0 * 50.0 + 100.0 * 100.0),
            (0.0, 0.0, 30_000.0),
        ] {
            let weight = share.weight(dx, dy);
            assert!((weight * left / 30_000.0 - 1.0).abs() < 2e-3, "{dx} {dy}");
        }
    }

    #[test]
    fn a_disc_overlaps_as_two_circles_do() {
        let area = disc(1000.0, 720);
        let share = overlap(&area, 500.0);
        for (dx, dy) in [(300.0, 0.0), (0.0, 300.0), (-123.0, 377.0), (250.0, -250.0)] {
            let half = f64::hypot(dx, dy) / 2000.0;
            let exact = 2.0 / PI * (half.acos() - half * (1.0 - half * half).sqrt());
            let weight = share.weight(dx, dy);
            assert!((weight * exact - 1.0).abs() < 2e-4, "{}", weight * exact);
        }
    }
}
