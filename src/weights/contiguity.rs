//! Neighbours by a common boundary.

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo_types::Coord;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::lattice::check_size;
use super::matrix::Weights;
use crate::error::{Error, Result};
use crate::model::{Bounds, Neighbourhoods, rings};

/// What makes two units neighbours, named after the moves of chess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Adjacency {
    /// A common point is enough.
    #[default]
    Queen,
    /// A stretch of common boundary is needed.
    Rook,
}

impl Adjacency {
    /// How far along a row `order` steps reach after `used` steps across rows.
    pub(super) fn reach(self, order: usize, used: usize) -> usize {
        match self {
            Self::Queen => order,
            Self::Rook => order - used,
        }
    }
}

/// Areas as neighbours of the areas they touch.
///
/// Two areas touch when their outlines (holes included) come within the snap tolerance of each
/// other, 0.01 m at first: maps from different offices, and polygons rounded on writing, leave
/// gaps of that size between neighbours. Vertices need not coincide: a corner of one area on the
/// straight side of another touches it. For the rook, the outlines must share an edge or run together for more
/// than twice the tolerance. Areas whose outlines cross overlap and are neighbours either way; an
/// area that lies inside another without touching its outline is not.
///
/// In degrees, the tolerance is taken as metres of latitude (111 320 m to a degree) on both axes;
/// neighbours need no projection.
///
/// ```
/// use brandpunt::weights::{Contiguity, Weights};
/// use brandpunt::{Crs, Neighbourhoods};
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// # fn main() -> brandpunt::Result<()> {
/// // Two squares with a gap of a millimetre.
/// let square = |x| {
///     let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 1.0, y: 1.0 });
///     MultiPolygon::new(vec![rect.to_polygon()])
/// };
/// let names = || vec!["a".to_owned(), "b".to_owned()];
/// let hoods = Neighbourhoods::new(names(), names(), vec![square(0.0), square(1.001)], Crs::PLANAR)?;
/// assert_eq!(Weights::queen(&hoods)?.neighbours(0), [1]);
/// assert_eq!(Contiguity::queen().snap(0.0).build(&hoods)?.islands(), [0, 1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contiguity {
    adjacency: Adjacency,
    snap: f64,
}

impl Contiguity {
    /// The snap tolerance unless another is set, in metres.
    pub const SNAP: f64 = 0.01;

    /// Neighbours by a common point.
    #[must_use]
    pub fn queen() -> Self {
        Self {
            adjacency: Adjacency::Queen,
            snap: Self::SNAP,
        }
    }

    /// Neighbours by a stretch of common boundary.
    #[must_use]
    pub fn rook() -> Self {
        Self {
            adjacency: Adjacency::Rook,
            ..Self::queen()
        }
    }

    /// Sets the tolerance in metres; 0 asks for outlines that touch exactly.
    #[must_use]
    pub fn snap(mut self, metres: f64) -> Self {
        self.snap = metres;
        self
    }

    /// Finds the neighbours.
    ///
    /// Identical vertices (edges, for the rook) link most neighbours by sorting; only areas whose
    /// rectangles meet and that share none have their edges compared.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a tolerance that is negative or not finite, [`Error::TooLarge`].
    pub fn build(&self, hoods: &Neighbourhoods) -> Result<Weights> {
        if !(self.snap.is_finite() && self.snap >= 0.0) {
            return Err(Error::parameter(
                "snap",
                self.snap,
                "a distance in metres, 0 or more",
            ));
        }
        let snap = hoods.crs().units(self.snap);
        let outlines: Vec<Outline> = hoods.shapes().iter().map(Outline::new).collect();
        let mut links = match self.adjacency {
            Adjacency::Queen => common(&outlines, |e| key(e.from))?,
            Adjacency::Rook => common(&outlines, |e| {
                let ends = [key(e.from), key(e.to)];
                [ends[0].min(ends[1]), ends[0].max(ends[1])]
            })?,
        };
        let found = links.len();
        for (a, b) in meeting_rectangles(&outlines, snap) {
            if links[..found].binary_search(&(a, b)).is_err()
                && touch(
                    &outlines[a as usize],
                    &outlines[b as usize],
                    self.adjacency,
                    snap,
                )
            {
                links.push((a, b));
            }
        }
        check_size(links.len() as u128, 2)?;
        let mut lists = vec![Vec::new(); hoods.len()];
        for (a, b) in links {
            lists[a as usize].push(b);
            lists[b as usize].push(a);
        }
        Weights::from_neighbours(lists)
    }

    /// The pairs of areas that are neighbours thanks to the tolerance only, the lower number
    /// first, ascending.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn snapped(&self, hoods: &Neighbourhoods) -> Result<Vec<(u32, u32)>> {
        let with = self.build(hoods)?;
        let without = self.snap(0.0).build(hoods)?;
        let mut pairs = Vec::new();
        for (i, unit) in (0u32..).zip(0..with.n()) {
            let strict = without.neighbours(unit);
            pairs.extend(
                with.neighbours(unit)
                    .iter()
                    .filter(|&&j| j > i && strict.binary_search(&j).is_err())
                    .map(|&j| (i, j)),
            );
        }
        Ok(pairs)
    }
}

impl Weights {
    /// Areas as neighbours of the areas with which they share a point, within
    /// [`Contiguity::SNAP`].
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub fn queen(hoods: &Neighbourhoods) -> Result<Self> {
        Contiguity::queen().build(hoods)
    }

    /// Areas as neighbours of the areas with which they share a stretch of boundary, within
    /// [`Contiguity::SNAP`].
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub fn rook(hoods: &Neighbourhoods) -> Result<Self> {
        Contiguity::rook().build(hoods)
    }
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
}

impl Edge {
    fn bounds(&self) -> Bounds {
        Bounds::new(
            self.from.x.min(self.to.x),
            self.from.y.min(self.to.y),
            self.from.x.max(self.to.x),
            self.from.y.max(self.to.y),
        )
    }

    /// Whether a point lies within `snap` of the edge.
    fn is_near(&self, p: Coord<f64>, snap: f64) -> bool {
        if snap == 0.0 {
            return self.bounds().contains(p.x, p.y)
                && RobustKernel::orient2d(self.from, self.to, p) == Orientation::Collinear;
        }
        let (along, to) = (self.to - self.from, p - self.from);
        let share = ((along.x * to.x + along.y * to.y) / (along.x * along.x + along.y * along.y))
            .clamp(0.0, 1.0);
        let off = to - along * share;
        off.x * off.x + off.y * off.y <= snap * snap
    }

    /// Whether the edges cross at a point inside both.
    fn crosses(&self, other: &Self) -> bool {
        let apart = |e: &Self, f: &Self| {
            let side = |p| RobustKernel::orient2d(e.from, e.to, p);
            let (a, b) = (side(f.from), side(f.to));
            a != b && a != Orientation::Collinear && b != Orientation::Collinear
        };
        apart(self, other) && apart(other, self)
    }

    /// Whether the edges touch in the way that is asked for.
    fn touches(&self, other: &Self, adjacency: Adjacency, snap: f64) -> bool {
        let mut first = None;
        let near = [(self, other), (other, self)]
            .into_iter()
            .flat_map(|(e, f)| [f.from, f.to].into_iter().filter(|&p| e.is_near(p, snap)));
        for p in near {
            let start: Coord<f64> = *first.get_or_insert(p);
            let apart = (p.x - start.x).hypot(p.y - start.y);
            if adjacency == Adjacency::Queen || apart > 2.0 * snap {
                return true;
            }
        }
        first.is_none() && self.crosses(other)
    }
}

/// The edges of one area by their least x, without those of no length.
struct Outline {
    edges: Vec<Edge>,
    bounds: Option<Bounds>,
}

impl Outline {
    fn new(shape: &geo_types::MultiPolygon<f64>) -> Self {
        let mut edges: Vec<Edge> = shape
            .iter()
            .flat_map(rings)
            .flat_map(|ring| ring.0.windows(2))
            .map(|ends| Edge {
                from: ends[0],
                to: ends[1],
            })
            .filter(|e| e.from != e.to)
            .collect();
        edges.sort_by(|a, b| a.bounds().min_x.total_cmp(&b.bounds().min_x));
        let bounds = edges.iter().map(Edge::bounds).reduce(|a, b| a.union(&b));
        Self { edges, bounds }
    }

    /// The edges that come into a rectangle, by their least x.
    fn within(&self, window: &Bounds) -> Vec<(Bounds, Edge)> {
        self.edges
            .iter()
            .map(|e| (e.bounds(), *e))
            .take_while(|(b, _)| b.min_x <= window.max_x)
            .filter(|(b, _)| meet(b, window))
            .collect()
    }
}

fn meet(a: &Bounds, b: &Bounds) -> bool {
    a.min_x <= b.max_x && b.min_x <= a.max_x && a.min_y <= b.max_y && b.min_y <= a.max_y
}

/// The bits of a point, with one zero.
fn key(c: Coord<f64>) -> (u64, u64) {
    ((c.x + 0.0).to_bits(), (c.y + 0.0).to_bits())
}

/// Pairs of areas that have an equal key of an edge in common, ascending.
fn common<K: Ord>(outlines: &[Outline], key: impl Fn(&Edge) -> K) -> Result<Vec<(u32, u32)>> {
    let mut keys: Vec<(K, u32)> = (0u32..)
        .zip(outlines)
        .flat_map(|(area, o)| o.edges.iter().map(move |e| (e, area)))
        .map(|(e, area)| (key(e), area))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut links = Vec::new();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        check_size((links.len() + group.len() * group.len()) as u128, 1)?;
        for (i, (_, a)) in group.iter().enumerate() {
            links.extend(group[i + 1..].iter().map(|(_, b)| (*a, *b)));
        }
    }
    links.sort_unstable();
    links.dedup();
    Ok(links)
}

/// Pairs of areas whose rectangles come within `snap` of each other, the lower number first.
fn meeting_rectangles(outlines: &[Outline], snap: f64) -> Vec<(u32, u32)> {
    let rectangles: Vec<(u32, Bounds)> = (0u32..)
        .zip(outlines)
        .filter_map(|(i, o)| Some((i, o.bounds?.grown(snap))))
        .collect();
    let tree = RTree::bulk_load(
        rectangles
            .iter()
            .map(|&(i, b)| {
                let corners = Rectangle::from_corners([b.min_x, b.min_y], [b.max_x, b.max_y]);
                GeomWithData::new(corners, i)
            })
            .collect(),
    );
    let mut pairs = Vec::new();
    for &(i, b) in &rectangles {
        let window = AABB::from_corners([b.min_x, b.min_y], [b.max_x, b.max_y]);
        pairs.extend(
            tree.locate_in_envelope_intersecting(window)
                .map(|found| found.data)
                .filter(|&j| j > i)
                .map(|j| (i, j)),
        );
    }
    pairs
}

/// Whether two outlines touch: edges in their common rectangle, compared in the order of x.
fn touch(a: &Outline, b: &Outline, adjacency: Adjacency, snap: f64) -> bool {
    let (Some(around_a), Some(around_b)) = (a.bounds, b.bounds) else {
        return false;
    };
    let a = a.within(&around_b.grown(snap));
    let b = b.within(&around_a.grown(snap));
    let reaches = |(bounds, edge): &(Bounds, Edge), others: &[(Bounds, Edge)]| {
        let window = bounds.grown(snap);
        others
            .iter()
            .take_while(|(b, _)| b.min_x <= window.max_x)
            .any(|(b, e)| meet(b, &window) && edge.touches(e, adjacency, snap))
    };
    let (mut i, mut j) = (0, 0);
    while let (Some(e), Some(f)) = (a.get(i), b.get(j)) {
        if e.0.min_x <= f.0.min_x {
            if reaches(e, &b[j..]) {
                return true;
            }
            i += 1;
        } else {
            if reaches(f, &a[i..]) {
                return true;
            }
            j += 1;
        }
    }
    false
}
