//! The honeycomb the city is cut from.
//!
//! Every neighbourhood is a patch of hexagons whose corners are moved a little, each corner by its
//! own random step. Exactly three hexagons meet at a corner, so a patch never touches itself in a
//! point and neighbours share their borders vertex by vertex.

use rand::RngExt;

use super::plan::Domain;
use crate::model::Bounds;

/// No hexagon.
pub(super) const NONE: u32 = u32::MAX;

/// A point in metres.
pub(super) type Point = (f64, f64);

/// The hexagons inside the outline of the city.
#[derive(Debug)]
pub(super) struct Lattice {
    seed: u64,
    /// Distance from the centre of a hexagon to its corners.
    side: f64,
    west: f64,
    south: f64,
    cols: usize,
    /// Number of the hexagon at each place of the lattice, [`NONE`] outside the city.
    number: Vec<u32>,
    /// Place in the lattice of each hexagon.
    place: Vec<u32>,
}

/// The outline: a blob around a centre whose radius is a sum of a few waves.
struct Outline {
    centre: Point,
    radius: Point,
    waves: Vec<(f64, f64)>,
}

impl Outline {
    fn new(seed: u64) -> Self {
        let mut random = Domain::Outline.stream(seed, 0);
        let waves = (2..=7)
            .map(|k| {
                let size = 0.16 / f64::from(k) * (0.6 + 0.8 * random.random::<f64>());
                (size, std::f64::consts::TAU * random.random::<f64>())
            })
            .collect();
        Self {
            centre: (145_500.0, 485_000.0),
            radius: (7_400.0, 6_200.0),
            waves,
        }
    }

    /// Radius in a direction, as a multiple of the ellipse's.
    fn reach(&self, angle: f64) -> f64 {
        (2..)
            .zip(&self.waves)
            .map(|(k, (size, phase))| size * (f64::from(k) * angle + phase).cos())
            .sum::<f64>()
            + 1.0
    }

    fn contains(&self, x: f64, y: f64) -> bool {
        let (u, v) = (
            (x - self.centre.0) / self.radius.0,
            (y - self.centre.1) / self.radius.1,
        );
        u.hypot(v) < self.reach(v.atan2(u))
    }

    fn area(&self) -> f64 {
        let steps = 720;
        let step = std::f64::consts::TAU / f64::from(steps);
        (0..steps)
            .map(|i| 0.5 * step * self.reach(f64::from(i) * step).powi(2))
            .sum::<f64>()
            * self.radius.0
            * self.radius.1
    }

    fn bounds(&self) -> Bounds {
        let most: f64 = self.waves.iter().map(|w| w.0).sum::<f64>() + 1.0;
        let (x, y) = (self.radius.0 * most, self.radius.1 * most);
        Bounds::new(
            self.centre.0 - x,
            self.centre.1 - y,
            self.centre.0 + x,
            self.centre.1 + y,
        )
    }
}

impl Lattice {
    /// About `wanted` hexagons that fill the outline of the city with this seed.
    pub(super) fn new(seed: u64, wanted: usize) -> Self {
        let outline = Outline::new(seed);
        let side = (2.0 * outline.area() / (3.0 * 3f64.sqrt() * wanted as f64)).sqrt();
        let bounds = outline.bounds();
        // Two spare rows and columns on each side: corners are named after the hexagon above or
        // below them, which may lie outside the city.
        let (wide, high) = (side * 3f64.sqrt(), 1.5 * side);
        let cols = (bounds.width() / wide).ceil() as usize + 5;
        let rows = (bounds.height() / high).ceil() as usize + 5;
        let mut lattice = Self {
            seed,
            side,
            west: bounds.min_x - 2.0 * wide,
            south: bounds.min_y - 2.0 * high,
            cols,
            number: vec![NONE; rows * cols],
            place: Vec::new(),
        };
        let inside: Vec<bool> = (0..rows * cols)
            .map(|place| {
                let (row, col) = (place / cols, place % cols);
                let spare = row < 2 || col < 2 || row + 2 >= rows || col + 2 >= cols;
                let (x, y) = lattice.centre_of_place(place);
                !spare && outline.contains(x, y)
            })
            .collect();
        lattice.keep_connected(&inside, outline.centre);
        lattice
    }

    /// Numbers the hexagons that hang together with the one at the centre, row by row.
    fn keep_connected(&mut self, inside: &[bool], centre: Point) {
        let row = ((centre.1 - self.south) / (1.5 * self.side)).round() as usize;
        let col = ((centre.0 - self.west) / (self.side * 3f64.sqrt())).round() as usize;
        let start = row * self.cols + col;
        let mut reached = vec![false; inside.len()];
        let mut open = vec![start];
        reached[start] = true;
        while let Some(place) = open.pop() {
            for next in self.around(place) {
                if inside[next] && !reached[next] {
                    reached[next] = true;
                    open.push(next);
                }
            }
        }
        for (place, _) in reached.iter().enumerate().filter(|(_, r)| **r) {
            self.number[place] = self.place.len() as u32;
            self.place.push(place as u32);
        }
    }

    /// Number of hexagons.
    pub(super) fn len(&self) -> usize {
        self.place.len()
    }

    /// Distance from the centre of a hexagon to its corners.
    pub(super) fn side(&self) -> f64 {
        self.side
    }

    fn centre_of_place(&self, place: usize) -> Point {
        let (row, col) = (place / self.cols, place % self.cols);
        let shift = if row % 2 == 1 { 0.5 } else { 0.0 };
        (
            self.west + (col as f64 + shift) * self.side * 3f64.sqrt(),
            self.south + row as f64 * 1.5 * self.side,
        )
    }

    /// The places east, north-east, north-west, west, south-west and south-east of a place.
    fn around(&self, place: usize) -> [usize; 6] {
        let shift = (place / self.cols) % 2;
        let (up, down) = (place + self.cols + shift, place - self.cols + shift);
        [place + 1, up, up - 1, place - 1, down - 1, down]
    }

    /// Centre of a hexagon.
    pub(super) fn centre(&self, hexagon: u32) -> Point {
        self.centre_of_place(self.place[hexagon as usize] as usize)
    }

    /// The six neighbours of a hexagon, [`NONE`] where the city ends.
    pub(super) fn neighbours(&self, hexagon: u32) -> [u32; 6] {
        self.around(self.place[hexagon as usize] as usize)
            .map(|place| self.number[place])
    }

    /// The six corners of a hexagon, counter-clockwise; corner `d` is the end of the side that
    /// faces neighbour `d`. Even names are tops, odd names bottoms of the hexagon they belong to.
    fn corners(&self, hexagon: u32) -> [u64; 6] {
        let place = self.place[hexagon as usize] as usize;
        let [_, ne, nw, _, sw, se] = self.around(place).map(|p| p as u64);
        let own = place as u64;
        [2 * ne + 1, 2 * own, 2 * nw + 1, 2 * sw, 2 * own + 1, 2 * se]
    }

    /// Where a corner lies after its random step, on a grid of 0.1 m.
    fn corner_point(&self, corner: u64) -> Point {
        let (x, y) = self.centre_of_place((corner / 2) as usize);
        let up = if corner.is_multiple_of(2) {
            self.side
        } else {
            -self.side
        };
        let mut random = Domain::Corner.stream(self.seed, corner);
        // At most 0.3 of a side: sides then cannot cross and every hexagon is still seen whole
        // from its centre.
        let (dx, dy) = loop {
            let (dx, dy) = (
                2.0 * random.random::<f64>() - 1.0,
                2.0 * random.random::<f64>() - 1.0,
            );
            if dx * dx + dy * dy <= 1.0 {
                break (0.3 * self.side * dx, 0.3 * self.side * dy);
            }
        };
        (decimetres(x + dx), decimetres(y + up + dy))
    }

    /// The corners of a hexagon as points, counter-clockwise.
    pub(super) fn hexagon(&self, hexagon: u32) -> [Point; 6] {
        self.corners(hexagon).map(|c| self.corner_point(c))
    }

    /// The rings around the patch `own` of hexagons for which `inside` holds: the outer one
    /// counter-clockwise, those around holes clockwise.
    pub(super) fn rings(&self, own: &[u32], inside: impl Fn(u32) -> bool) -> Vec<Vec<Point>> {
        let mut sides: Vec<(u64, u64, bool)> = Vec::new();
        for &hexagon in own {
            let corners = self.corners(hexagon);
            for (d, neighbour) in self.neighbours(hexagon).into_iter().enumerate() {
                if neighbour == NONE || !inside(neighbour) {
                    sides.push((corners[(d + 5) % 6], corners[d], false));
                }
            }
        }
        sides.sort_unstable();
        let mut rings = Vec::new();
        for first in 0..sides.len() {
            let mut ring = Vec::new();
            let mut at = first;
            while !sides[at].2 {
                sides[at].2 = true;
                ring.push(self.corner_point(sides[at].0));
                let end = sides[at].1;
                // Each corner starts one side of the patch, so the search always hits.
                at = sides.partition_point(|s| s.0 < end).min(sides.len() - 1);
            }
            if !ring.is_empty() {
                rings.push(ring);
            }
        }
        rings
    }
}

/// A coordinate on the grid of 0.1 m.
pub(super) fn decimetres(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_mutual_and_share_two_corners() {
        let lattice = Lattice::new(3, 500);
        assert!(lattice.len().abs_diff(500) < 60, "{}", lattice.len());
        for hexagon in 0..lattice.len() as u32 {
            for (d, other) in lattice.neighbours(hexagon).into_iter().enumerate() {
                if other == NONE {
                    continue;
                }
                assert_eq!(lattice.neighbours(other)[(d + 3) % 6], hexagon);
                let (a, b) = (lattice.corners(hexagon), lattice.corners(other));
                assert_eq!(a[d], b[(d + 2) % 6]);
                assert_eq!(a[(d + 5) % 6], b[(d + 3) % 6]);
            }
        }
    }
}
