//! Lines that meet become streets between nodes.

use rustc_hash::{FxHashMap, FxHashSet};

/// A street between two nodes, along one of the lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Street {
    /// The line it is a piece of.
    pub(super) line: u32,
    /// Where it begins along that line, in metres.
    pub(super) from: f64,
    /// The corners it passes, its two ends included.
    pub(super) corners: Vec<u32>,
    /// Metres up to each corner.
    pub(super) upto: Vec<f64>,
}

impl Street {
    pub(super) fn length(&self) -> f64 {
        self.upto.last().copied().unwrap_or(0.0)
    }

    /// The node at the beginning (0) or the end (1).
    pub(super) fn end(&self, which: usize) -> u32 {
        self.corners[if which == 0 {
            0
        } else {
            self.corners.len() - 1
        }]
    }
}

/// What lines were joined to.
pub(super) struct Joined {
    /// Where each corner lies.
    pub(super) corners: Vec<[f64; 2]>,
    pub(super) streets: Vec<Street>,
    /// Pieces of lines that repeat another piece and are left out.
    pub(super) repeated: usize,
}

/// Corners at most `tolerance` apart are one; the first of them says where.
pub(super) fn join(lines: &[Vec<(f64, f64)>], tolerance: f64) -> Joined {
    let mut corners = Corners::new(tolerance);
    let walks: Vec<Vec<u32>> = lines
        .iter()
        .map(|line| line.iter().map(|&(x, y)| corners.at(x, y)).collect())
        .collect();
    let corners = corners.found;
    let mut seen = FxHashSet::default();
    let mut meeting = vec![0u32; corners.len()];
    // For each pair of corners along the lines, whether it is the first between these two.
    let mut new = Vec::new();
    for (a, b) in walks.iter().flat_map(|walk| pairs(walk)) {
        let first = a != b && seen.insert((a.min(b), a.max(b)));
        new.push(first);
        if first {
            meeting[a as usize] += 1;
            meeting[b as usize] += 1;
        }
    }
    let (mut streets, mut repeated) = (Vec::new(), 0);
    let mut new = new.into_iter();
    for (line, walk) in (0u32..).zip(&walks) {
        let mut along = 0.0;
        let mut street: Option<Street> = None;
        for (a, b) in pairs(walk) {
            let first = new.next().unwrap_or(false);
            let [p, q] = [corners[a as usize], corners[b as usize]];
            let length = (q[0] - p[0]).hypot(q[1] - p[1]);
            if first {
                let street = street.get_or_insert_with(|| Street {
                    line,
                    from: along,
                    corners: vec![a],
                    upto: vec![0.0],
                });
                street.corners.push(b);
                street.upto.push(along + length - street.from);
            } else if a != b {
                repeated += 1;
            }
            along += length;
            // Elsewhere than between two pieces, a street ends.
            if (!first && a != b) || meeting[b as usize] != 2 {
                streets.extend(street.take());
            }
        }
        streets.extend(street);
    }
    Joined {
        corners,
        streets,
        repeated,
    }
}

fn pairs(walk: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    walk.windows(2).map(|w| (w[0], w[1]))
}

/// Corners found so far, by squares of the tolerance.
struct Corners {
    tolerance: f64,
    found: Vec<[f64; 2]>,
    by_square: FxHashMap<(i64, i64), Vec<u32>>,
}

impl Corners {
    fn new(tolerance: f64) -> Self {
        Self {
            tolerance,
            found: Vec::new(),
            by_square: FxHashMap::default(),
        }
    }

    fn square(&self, x: f64, y: f64) -> (i64, i64) {
        if self.tolerance == 0.0 {
            // A sum turns a negative zero into the positive one.
            return ((x + 0.0).to_bits() as i64, (y + 0.0).to_bits() as i64);
        }
        let of = |v: f64| (v / self.tolerance).floor() as i64;
        (of(x), of(y))
    }

    /// The nearest known corner within the tolerance, else a new one.
    fn at(&mut self, x: f64, y: f64) -> u32 {
        let (col, row) = self.square(x, y);
        let reach = i64::from(self.tolerance > 0.0);
        let mut best: Option<(f64, u32)> = None;
        for near in (-reach..=reach).flat_map(|i| (-reach..=reach).map(move |j| (i, j))) {
            let square = (col.wrapping_add(near.0), row.wrapping_add(near.1));
            for &corner in self.by_square.get(&square).into_iter().flatten() {
                let [u, v] = self.found[corner as usize];
                let distance = (u - x).hypot(v - y);
                let nearer = best.is_none_or(|b| (distance, corner) < b);
                if distance <= self.tolerance && nearer {
                    best = Some((distance, corner));
                }
            }
        }
        best.map_or_else(
            || {
                let corner = self.found.len() as u32;
                self.found.push([x, y]);
                self.by_square.entry((col, row)).or_default().push(corner);
                corner
            },
            |(_, corner)| corner,
        )
    }
}
