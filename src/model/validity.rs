//! Is this a polygon?

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::{BoundingRect, Contains};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};

use super::edge::{rings, rising_edges};

/// What is wrong with a shape, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flaw {
    kind: &'static str,
    at: Coord<f64>,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A micrometre, or a tenth of a metre in degrees, is enough to find the place.
        let short = |v: f64| (v * 1e6).round() / 1e6;
        write!(
            f,
            "{} at {} {}",
            self.kind,
            short(self.at.x),
            short(self.at.y)
        )
    }
}

/// The first flaw of a shape, `None` for a valid one.
///
/// The rings of a polygon must have an area each, must not cross themselves or each other and
/// must not run over each other; holes lie inside the shell and outside other holes. Rings may
/// touch at points, in whatever direction they run. The polygons of a shape may share borders but
/// must not cross.
pub(super) fn flaw(shape: &MultiPolygon<f64>) -> Option<Flaw> {
    shape
        .iter()
        .flat_map(rings)
        .find_map(degenerate)
        .or_else(|| crossing(shape))
        .or_else(|| shape.iter().flat_map(rings).find_map(flat))
        .or_else(|| shape.iter().find_map(misplaced_hole))
}

/// The shape with its rings taken by the even-odd rule, `None` when nothing valid is left.
pub(super) fn repaired(shape: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    use geo::{MakeValid, MapCoords};
    // The triangulation joins vertices closer than 1e-4. With this power of two, which changes no
    // digit, that is far less than a millimetre in metres and in degrees.
    const SCALE: f64 = 4_194_304.0;
    let scaled = shape.map_coords(|c| c * SCALE);
    let mut parts = Vec::new();
    for polygon in &scaled {
        parts.extend(polygon.make_valid().ok()?);
    }
    let parts = MultiPolygon::new(parts).map_coords(|c| c / SCALE);
    let whole = if flaw(&parts).is_none() {
        parts
    } else {
        geo::unary_union(&parts)
    };
    (!whole.0.is_empty() && flaw(&whole).is_none()).then_some(whole)
}

/// A ring with less than three different points.
fn degenerate(ring: &LineString<f64>) -> Option<Flaw> {
    let first = *ring.0.first()?;
    let second = ring.0.iter().find(|&&c| c != first);
    let third = second.and_then(|&s| ring.0.iter().find(|&&c| c != first && c != s));
    third.is_none().then_some(Flaw {
        kind: "ring with less than three different points",
        at: first,
    })
}

/// A ring without area.
fn flat(ring: &LineString<f64>) -> Option<Flaw> {
    let first = *ring.0.first()?;
    let collinear = ring
        .0
        .windows(2)
        .all(|ends| RobustKernel::orient2d(first, ends[0], ends[1]) == Orientation::Collinear);
    collinear.then_some(Flaw {
        kind: "ring without area",
        at: first,
    })
}

/// A directed edge of a ring, with the vertex before it.
#[derive(Clone, Copy)]
struct Edge {
    before: Coord<f64>,
    from: Coord<f64>,
    to: Coord<f64>,
    polygon: usize,
    low: Coord<f64>,
    high: Coord<f64>,
}

/// All edges of a shape that have a length.
fn edges(shape: &MultiPolygon<f64>) -> Vec<Edge> {
    let mut out = Vec::new();
    let mut points = Vec::new();
    for (polygon, ring) in shape
        .iter()
        .enumerate()
        .flat_map(|(i, p)| rings(p).map(move |ring| (i, ring)))
    {
        points.clone_from(&ring.0);
        points.dedup();
        let Some(&[before, _]) = points.last_chunk::<2>() else {
            continue;
        };
        let mut before = before;
        for ends in points.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            out.push(Edge {
                before,
                from,
                to,
                polygon,
                low: Coord {
                    x: from.x.min(to.x),
                    y: from.y.min(to.y),
                },
                high: Coord {
                    x: from.x.max(to.x),
                    y: from.y.max(to.y),
                },
            });
            before = from;
        }
    }
    out
}

/// Where edges of a shape cross or run over each other.
fn crossing(shape: &MultiPolygon<f64>) -> Option<Flaw> {
    let mut edges = edges(shape);
    // The sweep goes along the axis on which the edges are short.
    let run: f64 = edges.iter().map(|e| e.high.x - e.low.x).sum();
    let rise: f64 = edges.iter().map(|e| e.high.y - e.low.y).sum();
    let extent = |along: fn(Coord<f64>) -> f64| {
        let high = edges.iter().map(|e| along(e.high)).fold(f64::MIN, f64::max);
        let low = edges.iter().map(|e| along(e.low)).fold(f64::MAX, f64::min);
        (high - low).max(f64::MIN_POSITIVE)
    };
    let along: fn(Coord<f64>) -> f64 = if run / extent(|c| c.x) <= rise / extent(|c| c.y) {
        |c| c.x
    } else {
        |c| c.y
    };
    edges.sort_by(|e, f| along(e.low).total_cmp(&along(f.low)));
    edges.iter().enumerate().find_map(|(i, e)| {
        edges[i + 1..]
            .iter()
            .take_while(|f| along(f.low) <= along(e.high))
            .filter(|f| {
                f.low.x <= e.high.x
                    && e.low.x <= f.high.x
                    && f.low.y <= e.high.y
                    && e.low.y <= f.high.y
            })
            .find_map(|f| conflict(e, f))
    })
}

/// Where two edges whose rectangles meet cross or run over each other.
fn conflict(e: &Edge, f: &Edge) -> Option<Flaw> {
    use Orientation::Collinear;
    let crosses = |at| {
        Some(Flaw {
            kind: "self-intersection",
            at,
        })
    };
    let side = |of: &Edge, p| RobustKernel::orient2d(of.from, of.to, p);
    let (start, end) = (side(e, f.from), side(e, f.to));
    if start == end && start != Collinear {
        return None;
    }
    // Each vertex is the start of one edge, so it is enough to look at starts.
    let passes_at_vertex = || e.from == f.from && in_angle(e, f.before) != in_angle(e, f.to);
    if start == Collinear && end == Collinear {
        if e.polygon != f.polygon {
            return None;
        }
        let at = overlap(e, f).or_else(|| passes_at_vertex().then_some(e.from));
        return at.and_then(crosses);
    }
    let (first, last) = (side(f, e.from), side(f, e.to));
    if first == last && first != Collinear {
        return None;
    }
    if ![start, end, first, last].contains(&Collinear) {
        return crosses(meeting_point(e, f));
    }
    if e.polygon != f.polygon {
        return None;
    }
    if e.from == f.from {
        return passes_at_vertex().then_some(e.from).and_then(crosses);
    }
    let passes = |through: &Edge, edge: &Edge| {
        let inside = through.from != edge.to
            && through.from != edge.from
            && side(edge, through.from) == Collinear;
        let (a, b) = (side(edge, through.before), side(edge, through.to));
        inside && a != b && a != Collinear && b != Collinear
    };
    if passes(f, e) {
        return crosses(f.from);
    }
    if passes(e, f) {
        return crosses(e.from);
    }
    None
}

/// Whether a point lies left of the path that comes from `before` and leaves along the edge.
fn in_angle(e: &Edge, p: Coord<f64>) -> bool {
    let left = |a, b| RobustKernel::orient2d(e.from, a, b) == Orientation::CounterClockwise;
    if left(e.to, e.before) {
        left(e.to, p) && left(p, e.before)
    } else {
        !(left(e.before, p) && left(p, e.to))
    }
}

/// Where two edges on one line begin to run over each other.
fn overlap(e: &Edge, f: &Edge) -> Option<Coord<f64>> {
    // Whichever axis the line follows more; a point in common is no stretch.
    let wide = e.high.x - e.low.x >= e.high.y - e.low.y;
    let along = |c: Coord<f64>| if wide { c.x } else { c.y };
    let start = along(e.low).max(along(f.low));
    let end = along(e.high).min(along(f.high));
    (start < end).then(|| {
        [e.from, e.to, f.from, f.to]
            .into_iter()
            .find(|&c| along(c) == start)
            .unwrap_or(e.from)
    })
}

/// Where two edges cross.
fn meeting_point(e: &Edge, f: &Edge) -> Coord<f64> {
    let cross = |a: Coord<f64>, b: Coord<f64>| a.x * b.y - a.y * b.x;
    let (along, other) = (e.to - e.from, f.to - f.from);
    e.from + along * (cross(f.from - e.from, other) / cross(along, other))
}

/// A hole outside the shell or inside another hole.
fn misplaced_hole(polygon: &Polygon<f64>) -> Option<Flaw> {
    let holes: Vec<(&LineString<f64>, Rect<f64>)> = polygon
        .interiors()
        .iter()
        .filter_map(|hole| Some((hole, hole.bounding_rect()?)))
        .collect();
    holes.iter().enumerate().find_map(|(i, (hole, rect))| {
        let at = *hole.0.first()?;
        if inside(hole, polygon.exterior()) == Some(false) {
            return Some(Flaw {
                kind: "hole outside its polygon",
                at,
            });
        }
        let nested = holes.iter().enumerate().any(|(j, (other, around))| {
            i != j && around.contains(rect) && inside(hole, other) == Some(true)
        });
        nested.then_some(Flaw {
            kind: "hole inside a hole",
            at,
        })
    })
}

/// Whether a ring lies inside another that it does not cross, `None` when it cannot be told
/// from its vertices and the middles of its edges.
fn inside(ring: &LineString<f64>, other: &LineString<f64>) -> Option<bool> {
    let middles = ring.0.windows(2).map(|ends| (ends[0] + ends[1]) / 2.0);
    let point = ring
        .0
        .iter()
        .copied()
        .chain(middles)
        .find(|&p| !on_ring(other, p))?;
    Some(rising_edges(other).filter(|e| e.is_east_of(point)).count() % 2 == 1)
}

fn on_ring(ring: &LineString<f64>, p: Coord<f64>) -> bool {
    ring.0.windows(2).any(|ends| {
        let (a, b) = (ends[0], ends[1]);
        p.x >= a.x.min(b.x)
            && p.x <= a.x.max(b.x)
            && p.y >= a.y.min(b.y)
            && p.y <= a.y.max(b.y)
            && RobustKernel::orient2d(a, b, p) == Orientation::Collinear
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(i32, i32)]) -> LineString<f64> {
        points
            .iter()
            .map(|&(x, y)| (f64::from(x), f64::from(y)))
            .collect()
    }

    fn shape(rings: &[&[(i32, i32)]]) -> MultiPolygon<f64> {
        let holes = rings[1..].iter().map(|r| ring(r)).collect();
        MultiPolygon::new(vec![Polygon::new(ring(rings[0]), holes)])
    }

    fn found(rings: &[&[(i32, i32)]]) -> String {
        let turned: Vec<Vec<(i32, i32)>> = rings
            .iter()
            .map(|r| r.iter().rev().copied().collect())
            .collect();
        let turned: Vec<&[(i32, i32)]> = turned.iter().map(Vec::as_slice).collect();
        let describe = |s| flaw(&s).map_or(String::new(), |f: Flaw| f.to_string());
        let (one, other) = (describe(shape(rings)), describe(shape(&turned)));
        assert_eq!(one.is_empty(), other.is_empty(), "{one} / {other}");
        one
    }

    const BIG: &[(i32, i32)] = &[(0, 0), (10, 0), (10, 10), (0, 10)];

    #[test]
    fn crossings_are_found() {
        let bowtie: &[(i32, i32)] = &[
            (120_000, 486_000),
            (121_000, 487_000),
            (121_000, 486_000),
            (120_000, 487_000),
        ];
        assert_eq!(found(&[bowtie]), "self-intersection at 120500 486500");
        // The same with a vertex where it crosses.
        assert_eq!(
            found(&[&[(0, 0), (1, 1), (2, 2), (2, 0), (1, 1), (0, 2)]]),
            "self-intersection at 1 1"
        );
        // At a vertex where the edge that comes and one that goes lie on one line.
        assert_eq!(
            found(&[&[(2, 1), (0, 1), (0, 2), (2, 1), (3, 1), (0, 3)]]),
            "self-intersection at 2 1"
        );
        // Through the middle of an edge, with a vertex on it.
        assert!(
            found(&[&[(0, 0), (4, 0), (4, 4), (2, 4), (2, 0), (1, -2), (0, 4)]])
                .starts_with("self")
        );
        // A hole that crosses its shell.
        assert!(found(&[BIG, &[(5, 5), (15, 5), (15, 6), (5, 6)]]).starts_with("self"));
        // Two holes that cross.
        assert!(
            found(&[
                BIG,
                &[(1, 1), (5, 1), (5, 5), (1, 5)],
                &[(3, 3), (7, 3), (7, 7), (3, 7)]
            ])
            .starts_with("self")
        );
    }

    #[test]
    fn lines_that_run_back_are_found() {
        // A spike outwards, and a cut line inwards.
        assert_eq!(
            found(&[&[
                (0, 0),
                (10, 0),
                (10, 5),
                (15, 5),
                (10, 5),
                (10, 10),
                (0, 10)
            ]]),
            "self-intersection at 10 5"
        );
        assert!(found(&[&[(0, 0), (5, 0), (5, 5), (5, 0), (10, 0), (10, 10)]]).starts_with("self"));
        // A hole along the shell, and the shell as its own hole.
        assert!(found(&[BIG, &[(5, 2), (5, 7), (10, 7), (10, 2)]]).starts_with("self"));
        assert!(found(&[BIG, BIG]).starts_with("self"));
    }

    #[test]
    fn rings_that_are_none_are_found() {
        assert!(found(&[&[(1, 1), (2, 2), (1, 1)]]).starts_with("ring with less than three"));
        assert!(found(&[&[(1, 1), (1, 1), (1, 1)]]).starts_with("ring with less than three"));
        assert!(!found(&[&[(0, 0), (1, 1), (2, 2)]]).is_empty());
        assert_eq!(
            found(&[BIG, &[(20, 20), (21, 20), (21, 21)]]),
            "hole outside its polygon at 20 20"
        );
        assert_eq!(
            found(&[
                BIG,
                &[(1, 1), (9, 1), (9, 9), (1, 9)],
                &[(2, 2), (3, 2), (3, 3)]
            ]),
            "hole inside a hole at 2 2"
        );
    }

    #[test]
    fn valid_shapes_pass_in_either_direction() {
        assert_eq!(found(&[BIG]), "");
        assert_eq!(
            found(&[BIG, &[(1, 1), (2, 1), (2, 2)], &[(5, 5), (6, 5), (6, 6)]]),
            ""
        );
        // Doubled vertices, and straight angles.
        assert_eq!(
            found(&[&[(0, 0), (0, 0), (5, 0), (10, 0), (10, 0), (10, 10), (0, 10)]]),
            ""
        );
        // A hole that touches the shell with a corner, at a vertex and on an edge.
        assert_eq!(found(&[BIG, &[(0, 0), (2, 1), (1, 2)]]), "");
        assert_eq!(found(&[BIG, &[(5, 0), (8, 3), (2, 3)]]), "");
        // A hole drawn as a bay of the shell that closes at a point.
        assert_eq!(
            found(&[&[
                (5, 0),
                (10, 0),
                (10, 10),
                (0, 10),
                (0, 0),
                (5, 0),
                (2, 3),
                (8, 3)
            ]]),
            ""
        );
        // A hole whose corners all lie on the shell.
        assert_eq!(found(&[BIG, &[(5, 0), (10, 5), (5, 10), (0, 5)]]), "");
    }

    #[test]
    fn repaired_shapes_are_valid_and_keep_their_vertices() {
        use geo::Area;
        let bowtie = shape(&[&[(0, 0), (1000, 1000), (1000, 0), (0, 1000)]]);
        let mended = repaired(&bowtie).unwrap();
        assert_eq!(flaw(&mended), None);
        assert_eq!(mended.unsigned_area(), 500_000.0);
        let spike = shape(&[&[
            (0, 0),
            (10, 0),
            (10, 5),
            (15, 5),
            (10, 5),
            (10, 10),
            (0, 10),
        ]]);
        assert_eq!(repaired(&spike).unwrap().unsigned_area(), 100.0);
        // Parts that cross are joined, not cut out.
        let mut across = shape(&[BIG]);
        across
            .0
            .extend(shape(&[&[(5, 2), (20, 2), (20, 8), (5, 8)]]));
        assert!((repaired(&across).unwrap().unsigned_area() - 160.0).abs() < 1e-6);
        // Nothing is left of a line.
        assert_eq!(repaired(&shape(&[&[(0, 0), (1, 1), (2, 2)]])), None);
        // In degrees, near vertices stay apart.
        let small = MultiPolygon::new(vec![Polygon::new(
            LineString::from(vec![
                (4.9, 52.3),
                (4.900_01, 52.300_01),
                (4.900_01, 52.3),
                (4.9, 52.300_01),
            ]),
            Vec::new(),
        )]);
        assert_eq!(repaired(&small).unwrap().0.len(), 2);
    }

    #[test]
    fn polygons_of_a_shape_may_share_borders_but_not_cross() {
        let part = |points| Polygon::new(ring(points), Vec::new());
        let beside = part(&[(10, 2), (20, 2), (20, 8), (10, 8)]);
        let across = part(&[(5, 2), (20, 2), (20, 8), (5, 8)]);
        assert_eq!(flaw(&MultiPolygon::new(vec![part(BIG), beside])), None);
        assert!(flaw(&MultiPolygon::new(vec![part(BIG), across])).is_some());
    }
}
