//! Streets that meet at nodes.

use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use super::joined::{Street, join};
use crate::error::{Error, Fault, Result};
use crate::model::Crs;

/// Distances to streets that differ by less than this many metres are equal.
const SAME: f64 = 1e-9;

/// A straight piece, with its street and its number there.
type Straight = GeomWithData<Line<[f64; 2]>, (u32, u32)>;

/// A place on a street.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct OnStreet {
    /// Number of the street.
    pub street: usize,
    /// Metres from its beginning.
    pub along: f64,
    /// Metres to the point that was asked for.
    pub distance: f64,
}

/// Streets between nodes, made of lines.
///
/// Lines meet where they have a corner in common: corners at most the tolerance apart are one.
/// Lines that cross without a common corner do not meet, as a bridge does not meet the street
/// below it. A line is cut into streets at its nodes: its ends, and corners where more or less than
/// two pieces meet. Pieces between two corners that repeat another piece are left out and
/// [counted](Self::repeated). Parts that are not connected are fine.
///
/// # Complexity
/// Corners times log corners.
///
/// ```
/// use brandpunt::Crs;
/// use brandpunt::methods::density::StreetNetwork;
///
/// # fn main() -> brandpunt::Result<()> {
/// let main = vec![(0.0, 0.0), (100.0, 0.0), (200.0, 0.0)];
/// let side = vec![(100.2, 0.1), (100.0, 80.0)];
/// let network = StreetNetwork::from_lines(&[main, side], Crs::PLANAR, 0.5)?;
/// assert_eq!((network.streets(), network.nodes()), (3, 4));
/// let place = network.nearest(150.0, 5.0).ok_or(brandpunt::Error::Cancelled)?;
/// assert_eq!((place.street, place.along, place.distance), (1, 50.0, 5.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StreetNetwork {
    crs: Crs,
    corners: Vec<[f64; 2]>,
    pub(super) streets: Vec<Street>,
    /// For each corner, the ends of streets there: street and which end.
    ends: Vec<Vec<(u32, usize)>>,
    pieces: RTree<Straight>,
    repeated: usize,
}

impl StreetNetwork {
    /// Joins lines whose corners are at most `tolerance` metres apart.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Error::Parameter`] for a tolerance that is negative or not
    /// finite, [`Fault::NonFinite`] for such a coordinate, [`Fault::NoRows`] for no line of any
    /// length, [`Error::TooLarge`] for more than 2³² − 1 corners.
    pub fn from_lines(lines: &[Vec<(f64, f64)>], crs: Crs, tolerance: f64) -> Result<Self> {
        crs.require_metres()?;
        if !(tolerance.is_finite() && tolerance >= 0.0) {
            return Err(Error::parameter(
                "tolerance",
                tolerance,
                "0 or a positive number of metres",
            ));
        }
        for (number, line) in lines.iter().enumerate() {
            if line.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
                return Err(Error::input(
                    Fault::NonFinite,
                    format!("line {number} (from 0) has a corner that is no number; leave it out"),
                ));
            }
        }
        let corners: usize = lines.iter().map(Vec::len).sum();
        if u32::try_from(corners).is_err() {
            return Err(Error::too_large(
                "a street network",
                corners as u128 * 16,
                u128::from(u32::MAX) * 16,
                "split the streets",
            ));
        }
        let joined = join(lines, tolerance);
        if joined.streets.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                "no line has two corners further apart than the tolerance; give streets",
            ));
        }
        let mut ends = vec![Vec::new(); joined.corners.len()];
        let mut pieces = Vec::new();
        for (number, street) in (0u32..).zip(&joined.streets) {
            for which in [0, 1] {
                ends[street.end(which) as usize].push((number, which));
            }
            for (at, pair) in (0u32..).zip(street.corners.windows(2)) {
                let [a, b] = [pair[0], pair[1]].map(|corner| joined.corners[corner as usize]);
                pieces.push(GeomWithData::new(Line::new(a, b), (number, at)));
            }
        }
        Ok(Self {
            crs,
            corners: joined.corners,
            streets: joined.streets,
            ends,
            pieces: RTree::bulk_load(pieces),
            repeated: joined.repeated,
        })
    }

    /// How many streets there are.
    #[must_use]
    pub fn streets(&self) -> usize {
        self.streets.len()
    }

    /// How many nodes there are: places where streets begin, end or meet.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.ends.iter().filter(|ends| !ends.is_empty()).count()
    }

    /// Length of all streets in kilometres.
    #[must_use]
    pub fn km(&self) -> f64 {
        crate::stats::sum(self.streets.iter().map(Street::length)) / 1e3
    }

    /// Pieces of lines that repeat another and are left out.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// The place on a street that is nearest to a point; of several equally near, that on the
    /// street of least number. `None` for a point that is no number.
    #[must_use]
    pub fn nearest(&self, x: f64, y: f64) -> Option<OnStreet> {
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        let mut best: Option<(OnStreet, (u32, u32))> = None;
        for piece in self.pieces.nearest_neighbor_iter([x, y]) {
            let place = self.on_piece(piece.data, x, y);
            match best {
                Some((nearest, _)) if place.distance > nearest.distance + SAME => break,
                Some((_, number)) if piece.data > number => {}
                _ => best = Some((place, piece.data)),
            }
        }
        best.map(|(place, _)| place)
    }

    /// The place on a straight piece of a street nearest to a point.
    fn on_piece(&self, (street, at): (u32, u32), x: f64, y: f64) -> OnStreet {
        let (number, at) = (street as usize, at as usize);
        let street = &self.streets[number];
        let [a, b] = [at, at + 1].map(|k| self.corners[street.corners[k] as usize]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let share = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy);
        let share = share.clamp(0.0, 1.0);
        OnStreet {
            street: number,
            along: street.upto[at] + share * (street.upto[at + 1] - street.upto[at]),
            distance: (x - a[0] - share * dx).hypot(y - a[1] - share * dy),
        }
    }

    /// The ends of streets at the beginning (0) or the end (1) of a street, its own included.
    pub(super) fn meeting(&self, street: u32, which: usize) -> &[(u32, usize)] {
        &self.ends[self.streets[street as usize].end(which) as usize]
    }

    /// The corners of a part of a street, from one place along it to another.
    pub(super) fn part(&self, street: usize, from: f64, to: f64) -> Vec<[f64; 2]> {
        let street = &self.streets[street];
        let corner = |k: usize| self.corners[street.corners[k] as usize];
        let at = |along: f64| {
            let last = street.upto.len() - 2;
            let k = street
                .upto
                .partition_point(|u| *u <= along)
                .saturating_sub(1)
                .min(last);
            let share = (along - street.upto[k]) / (street.upto[k + 1] - street.upto[k]);
            let (a, b) = (corner(k), corner(k + 1));
            [0, 1].map(|axis| a[axis] + share.clamp(0.0, 1.0) * (b[axis] - a[axis]))
        };
        let between = (1..street.upto.len() - 1)
            .filter(|&k| street.upto[k] > from && street.upto[k] < to)
            .map(corner);
        std::iter::once(at(from))
            .chain(between)
            .chain([at(to)])
            .collect()
    }
}
