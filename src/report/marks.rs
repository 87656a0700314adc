//! Where the numbers of the first neighbourhoods stand on the map, so that they cover none of them.

use std::fmt::Write;

/// Radius of a mark in pixels.
const RADIUS: f64 = 9.0;
/// Side in pixels from which an area has room for a mark inside.
const ROOM: f64 = 30.0;
/// How far a mark stands from its spot, in pixels.
const REACH: [f64; 6] = [20.0, 28.0, 37.0, 48.0, 60.0, 74.0];
const DIRECTIONS: usize = 16;

/// A neighbourhood to be marked, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Side of a square as large as the area.
    pub(super) side: f64,
}

/// How far from its spot each mark stands. Marks keep off each other and off the spots of all others,
/// within a map of this size; the first ones choose first. The offsets are in pixels and stay so when
/// the map is enlarged.
pub(super) fn offsets(spots: &[Spot], (width, height): (f64, f64)) -> Vec<(f64, f64)> {
    let mut placed: Vec<(f64, f64)> = Vec::with_capacity(spots.len());
    let mut out = Vec::with_capacity(spots.len());
    for (number, spot) in spots.iter().enumerate() {
        // How much nearer than allowed it comes to anything; nothing when it is free.
        let cost = |&(dx, dy): &(f64, f64)| {
            let (x, y) = (spot.x + dx, spot.y + dy);
            let near = |(ox, oy): (f64, f64), least: f64| (least - (x - ox).hypot(y - oy)).max(0.0);
            let marks = placed.iter().map(|&mark| near(mark, 2.0 * RADIUS + 2.0));
            let others = spots
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number);
            let spots = others.map(|(_, other)| near((other.x, other.y), RADIUS + 5.0));
            let edge = |at: f64, end: f64| (RADIUS - at).max(at + RADIUS - end).max(0.0);
            marks.chain(spots).sum::<f64>() + edge(x, width) + edge(y, height)
        };
        let around = REACH.iter().flat_map(|&reach| {
            (0..DIRECTIONS).map(move |direction| {
                // From the upper right on.
                let turn = (direction as f64 - 2.0) / DIRECTIONS as f64 * std::f64::consts::TAU;
                (reach * turn.cos(), reach * turn.sin())
            })
        });
        let inside = (spot.side >= ROOM).then_some((0.0, 0.0));
        let mut best = (f64::INFINITY, (0.0, 0.0));
        for place in inside.into_iter().chain(around) {
            let own = cost(&place);
            if own < best.0 {
                best = (own, place);
            }
            if own <= 0.0 {
                break;
            }
        }
        placed.push((spot.x + best.1.0, spot.y + best.1.1));
        out.push(best.1);
    }
    out
}

/// The drawing of a mark about its spot: a number in a circle, on a line where it stands apart.
pub(super) fn mark(rank: u32, (dx, dy): (f64, f64)) -> String {
    let mut out = String::new();
    if (dx, dy) != (0.0, 0.0) {
        let _ = write!(
            out,
            "<path class=\"lead-line\" d=\"M0 0L{dx:.0} {dy:.0}\"/><circle class=\"spot\" r=\"2.2\"/>"
        );
    }
    let _ = write!(
        out,
        "<circle cx=\"{dx:.0}\" cy=\"{dy:.0}\" r=\"{RADIUS}\"/><text x=\"{dx:.0}\" y=\"{:.0}\">{rank}</text>",
        dy + 4.0
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_small_areas_cover_neither_each_other_nor_any_spot() {
        // A cluster of ten areas, each some eight pixels wide.
        let spots: Vec<Spot> = (0..10)
            .map(|i| Spot {
                x: 200.0 + 8.0 * f64::from(i % 4),
                y: 150.0 + 8.0 * f64::from(i / 4),
                side: 8.0,
            })
            .collect();
        let offsets = offsets(&spots, (400.0, 300.0));
        let marks: Vec<(f64, f64)> = spots
            .iter()
            .zip(&offsets)
            .map(|(spot, (dx, dy))| (spot.x + dx, spot.y + dy))
            .collect();
        for (i, a) in marks.iter().enumerate() {
            assert!(a.0 > 9.0 && a.0 < 391.0 && a.1 > 9.0 && a.1 < 291.0);
            for b in &marks[i + 1..] {
                assert!((a.0 - b.0).hypot(a.1 - b.1) >= 18.0, "{a:?} {b:?}");
            }
            for spot in &spots {
                assert!((a.0 - spot.x).hypot(a.1 - spot.y) >= 9.0, "{a:?} {spot:?}");
            }
        }
    }

    #[test]
    fn a_large_area_is_marked_inside() {
        let spot = Spot {
            x: 100.0,
            y: 100.0,
            side: 60.0,
        };
        assert_eq!(offsets(&[spot], (200.0, 200.0)), [(0.0, 0.0)]);
        assert!(!mark(1, (0.0, 0.0)).contains("lead-line"));
        assert!(mark(1, (20.0, 0.0)).contains("lead-line"));
    }
}
