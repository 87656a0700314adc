//! The edges of polygons and the one rule that says on which side of them a point lies.

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo_types::{Coord, LineString, Polygon};

/// An edge that is not horizontal, from its lower to its upper end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RisingEdge {
    pub(crate) lower: Coord<f64>,
    pub(crate) upper: Coord<f64>,
}

impl RisingEdge {
    /// The edge between two points, `None` when it is horizontal.
    pub(crate) fn between(a: Coord<f64>, b: Coord<f64>) -> Option<Self> {
        if a.y < b.y {
            Some(Self { lower: a, upper: b })
        } else if b.y < a.y {
            Some(Self { lower: b, upper: a })
        } else {
            None
        }
    }

    /// Whether a ray from the point to the east meets the edge.
    ///
    /// The edge holds its lower but not its upper end, and a point on the edge lies to its east.
    /// The answer is exact, and the same for both polygons that share the edge whatever way they
    /// run along it, so a point belongs to exactly one of them.
    #[inline]
    pub(crate) fn is_east_of(&self, p: Coord<f64>) -> bool {
        if p.y < self.lower.y || p.y >= self.upper.y || p.x >= self.lower.x.max(self.upper.x) {
            return false;
        }
        p.x < self.lower.x.min(self.upper.x)
            || RobustKernel::orient2d(self.lower, self.upper, p) == Orientation::CounterClockwise
    }
}

/// The edges of a ring that are not horizontal.
pub(crate) fn rising_edges(ring: &LineString<f64>) -> impl Iterator<Item = RisingEdge> + '_ {
    ring.0
        .windows(2)
        .filter_map(|ends| RisingEdge::between(ends[0], ends[1]))
}

/// All rings of a polygon, the shell first.
pub(crate) fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}
