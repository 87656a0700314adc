//! Points in polygons beside two oracles: the cases of the JTS Topology Suite, and whole numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::path::PathBuf;

use brandpunt::index::NeighbourhoodIndex;
use brandpunt::{Crs, Fault, Neighbourhoods};
use geo_types::{Coord, Geometry, MultiPolygon, Point};
use proptest::prelude::*;

/// One area of this shape, or why it is none.
fn area(shape: &MultiPolygon<f64>) -> brandpunt::Result<Neighbourhoods> {
    let name = || vec!["a".to_owned()];
    Neighbourhoods::new(name(), name(), vec![shape.clone()], Crs::PLANAR)
}

/// Doubles as whole multiples of one power of two, which they all are.
struct Whole {
    exponent: i32,
}

impl Whole {
    /// The largest power of two that divides all numbers; `None` where their products would not
    /// fit 128 bits.
    fn of(numbers: &[f64]) -> Option<Self> {
        let used = numbers.iter().filter(|v| **v != 0.0);
        let exponent = used.map(|v| unit(*v)).min().unwrap_or(0);
        let most = f64::from(2).powi(61);
        let fits = |v: &f64| v.abs() * f64::from(2).powi(-exponent) < most;
        numbers.iter().all(fits).then_some(Self { exponent })
    }

    fn number(&self, v: f64) -> i128 {
        (v * f64::from(2).powi(-self.exponent)) as i128
    }

    fn place(&self, c: Coord<f64>) -> (i128, i128) {
        (self.number(c.x), self.number(c.y))
    }
}

/// The exponent of the last bit of a double that is set.
fn unit(v: f64) -> i32 {
    let bits = v.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let mantissa = (bits & ((1 << 52) - 1)) | u64::from(exponent > 0) << 52;
    exponent.max(1) - 1075 + mantissa.trailing_zeros() as i32
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Place {
    Inside,
    Border,
    Outside,
}

/// Where a point lies, and whether the half-open rule counts it as inside; edge by edge over
/// everything, in whole numbers.
fn exactly(shape: &MultiPolygon<f64>, point: Coord<f64>) -> Option<(Place, bool)> {
    let rings = shape
        .iter()
        .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let corners = rings.flat_map(|ring| &ring.0).chain([&point]);
    let numbers: Vec<f64> = corners.flat_map(|c| [c.x, c.y]).collect();
    let whole = Whole::of(&numbers)?;
    let (x, y) = whole.place(point);
    let (mut place, mut held) = (Place::Outside, false);
    for polygon in shape {
        let (mut odd, mut border) = (false, false);
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for ends in ring.0.windows(2) {
                let (a, b) = (whole.place(ends[0]), whole.place(ends[1]));
                let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
                let side = (high.0 - low.0) * (y - low.1) - (high.1 - low.1) * (x - low.0);
                odd ^= low.1 <= y && y < high.1 && side > 0;
                border |= side == 0
                    && (low.1..=high.1).contains(&y)
                    && (a.0.min(b.0)..=a.0.max(b.0)).contains(&x);
            }
        }
        held |= odd;
        if border && place == Place::Outside {
            place = Place::Border;
        } else if odd && !border {
            place = Place::Inside;
        }
    }
    Some((place, held))
}

/// Whether edges of a shape cross inside both, or those of one polygon run over each other.
fn crosses(shape: &MultiPolygon<f64>) -> bool {
    type Edge = [(i128, i128); 2];
    let rings = |p| std::iter::once(geo_types::Polygon::exterior(p)).chain(p.interiors());
    let corners = shape.iter().flat_map(rings).flat_map(|ring| &ring.0);
    let numbers: Vec<f64> = corners.flat_map(|c| [c.x, c.y]).collect();
    let whole = Whole::of(&numbers).expect("numbers of a test suite");
    let edges: Vec<(usize, Edge)> = shape
        .iter()
        .enumerate()
        .flat_map(|(part, p)| rings(p).map(move |ring| (part, ring)))
        .flat_map(|(part, ring)| ring.0.windows(2).map(move |ends| (part, ends)))
        .map(|(part, ends)| (part, [whole.place(ends[0]), whole.place(ends[1])]))
        .filter(|(_, [from, to])| from != to)
        .collect();
    let side = |[a, b]: Edge, p: (i128, i128)| {
        ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)).signum()
    };
    let meet = |(part, e): (usize, Edge), (other, f): (usize, Edge)| {
        let (of_e, of_f) = (f.map(|p| side(e, p)), e.map(|p| side(f, p)));
        let crossed = of_e[0] * of_e[1] < 0 && of_f[0] * of_f[1] < 0;
        let one_line = of_e == [0, 0] && of_f == [0, 0];
        let apart = e[0].max(e[1]).min(f[0].max(f[1])) <= e[0].min(e[1]).max(f[0].min(f[1]));
        crossed || part == other && one_line && !apart
    };
    (0..edges.len()).any(|i| (0..i).any(|j| meet(edges[i], edges[j])))
}

/// A ring around a place in metres, as maps have them: corners in any double.
fn star(centre: (f64, f64), rays: &[f64]) -> MultiPolygon<f64> {
    let n = rays.len() as f64;
    let corner = |(k, r): (usize, &f64)| {
        let (sin, cos) = (std::f64::consts::TAU * k as f64 / n).sin_cos();
        (centre.0 + r * cos, centre.1 + r * sin)
    };
    let ring: Vec<(f64, f64)> = rays.iter().enumerate().map(corner).collect();
    MultiPolygon::new(vec![geo_types::Polygon::new(ring.into(), vec![])])
}

/// The double so many steps further.
fn steps(v: f64, by: i8) -> f64 {
    (0..by.unsigned_abs()).fold(v, |v, _| if by > 0 { v.next_up() } else { v.next_down() })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    /// Points beside an edge by a few last bits, where plain arithmetic guesses the side.
    #[test]
    fn a_last_bit_decides_the_side(
        centre in (10_000.0..280_000.0, 305_000.0..620_000.0),
        rays in prop::collection::vec(1.0..900.0, 5..40),
        probes in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0, -3i8..=3, -3i8..=3), 1..120),
    ) {
        let shape = star(centre, &rays);
        let hoods = area(&shape).unwrap();
        let index = NeighbourhoodIndex::build(&hoods).unwrap();
        let edges: Vec<_> = shape.0[0].exterior().lines().collect();
        for (edge, along, dx, dy) in probes {
            let edge = edge.get(&edges);
            let x = steps(edge.start.x + along * (edge.end.x - edge.start.x), dx);
            let y = steps(edge.start.y + along * (edge.end.y - edge.start.y), dy);
            let (_, held) = exactly(&shape, Coord { x, y }).expect("52 bits of 20 and 32 below the point");
            prop_assert_eq!(index.locate(x, y).is_some(), held, "({:?}, {:?})", x, y);
        }
    }
}

#[test]
fn whole_numbers_are_the_doubles() {
    assert_eq!(unit(1.0), 0);
    assert_eq!(unit(0.375), -3);
    assert_eq!(unit(5e-324), -1074);
    assert_eq!(unit(-96.0), 5);
    let whole = Whole::of(&[0.0, 0.375, 96.0]).unwrap();
    assert_eq!(whole.number(96.0), 768);
    assert!(Whole::of(&[1e-30, 1.0]).is_none());
}

/// A case of the suite: two geometries and what is true of them.
struct Case {
    what: String,
    a: Option<Geometry<f64>>,
    b: Option<Geometry<f64>>,
    tests: Vec<Asked>,
}

struct Asked {
    name: String,
    first_is_a: bool,
    matrix: String,
    answer: bool,
}

/// The cases of files of the suite, or nothing where it is not there.
fn suite(files: &[&str]) -> Option<Vec<Case>> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpora/geometry/jts-xml/jts-test-runner/resources/testxml"
    ));
    if !folder.exists() {
        println!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        for case in document.descendants().filter(|n| n.has_tag_name("case")) {
            let child = |name| {
                case.children()
                    .find(|n| n.has_tag_name(name))
                    .and_then(|n| n.text())
            };
            // A few of them hold numbers that no geometry can.
            let geometry = |name| {
                child(name).and_then(|text| wkt::TryFromWkt::try_from_wkt_str(text.trim()).ok())
            };
            let op = |n: roxmltree::Node<'_, '_>| {
                let answer = n.text()?.trim().parse().ok()?;
                let argument = |name| n.attribute(name).unwrap_or_default().to_owned();
                Some(Asked {
                    name: argument("name"),
                    first_is_a: argument("arg1").eq_ignore_ascii_case("a"),
                    matrix: argument("arg3"),
                    answer,
                })
            };
            cases.push(Case {
                what: format!("{file}: {}", child("desc").unwrap_or_default().trim()),
                a: geometry("a"),
                b: geometry("b"),
                tests: case
                    .descendants()
                    .filter(|n| n.has_tag_name("op"))
                    .filter_map(op)
                    .collect(),
            });
        }
    }
    Some(cases)
}

fn polygons(geometry: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(p) => Some(MultiPolygon::new(vec![p.clone()])),
        Geometry::MultiPolygon(m) => Some(m.clone()),
        _ => None,
    }
}

fn points(geometry: &Geometry<f64>) -> Option<Vec<Point<f64>>> {
    match geometry {
        Geometry::Point(p) => Some(vec![*p]),
        Geometry::MultiPoint(m) => Some(m.0.clone()),
        _ => None,
    }
}

/// Whether a statement of the suite holds for the places of the points; `None` for one that says
/// nothing about them.
fn holds(asked: &Asked, points_first: bool, places: &[Place]) -> Option<bool> {
    let some = |place| places.contains(&place);
    let (inside, border, outside) = (
        some(Place::Inside),
        some(Place::Border),
        some(Place::Outside),
    );
    let inner = inside && !outside;
    Some(match asked.name.to_lowercase().as_str() {
        "relate" if points_first && asked.matrix.len() == 9 => {
            let said: Vec<char> = asked.matrix.chars().take(3).collect();
            let fits = |said: char, found: bool| said == '*' || (said != 'F') == found;
            fits(said[0], inside) && fits(said[1], border) && fits(said[2], outside)
        }
        "intersects" => inside || border,
        "disjoint" => !(inside || border),
        "touches" => border && !inside,
        "within" if points_first => inner,
        "contains" if !points_first => inner,
        "coveredby" if points_first => !outside,
        "covers" if !points_first => !outside,
        _ => return None,
    })
}

#[test]
fn points_lie_where_jts_says() {
    let files = [
        "general/TestRelatePA.xml",
        "general/TestPreparedPointPredicate.xml",
        "general/TestPreparedPredicatesWithGeometryCollection.xml",
        "validate/TestRelatePA.xml",
    ];
    let Some(cases) = suite(&files) else { return };
    let (mut asked_of, mut located) = (0, 0);
    for case in &cases {
        let (Some(a), Some(b)) = (&case.a, &case.b) else {
            continue;
        };
        let (points_first, given, shape) = match (points(a), polygons(b), polygons(a), points(b)) {
            (Some(points), Some(shape), _, _) => (true, points, shape),
            (_, _, Some(shape), Some(points)) => (false, points, shape),
            _ => continue,
        };
        let hoods = area(&shape).unwrap_or_else(|e| panic!("{}: {e}", case.what));
        let index = NeighbourhoodIndex::build(&hoods).unwrap();
        let mut places = Vec::new();
        for point in given {
            let (place, held) = exactly(&shape, point.0).unwrap();
            let found = index.locate(point.x(), point.y());
            assert_eq!(found.is_some(), held, "{}: {point:?}", case.what);
            // Ours has no border: it gives one point of two neighbours to one of them.
            let ours = if found.is_some() {
                Place::Inside
            } else {
                Place::Outside
            };
            places.push(if place == Place::Border { place } else { ours });
            located += 1;
        }
        for asked in &case.tests {
            let in_order = points_first == asked.first_is_a;
            if let Some(true_of_ours) = holds(asked, in_order, &places) {
                assert_eq!(
                    true_of_ours, asked.answer,
                    "{}: {} {}",
                    case.what, asked.name, asked.matrix
                );
                asked_of += 1;
            }
        }
    }
    println!("{asked_of} statements about {located} points");
    assert!(
        asked_of > 250 && located > 90,
        "{asked_of} statements, {located} points"
    );
}

/// The suite puts (0.95, 0.05) on the line from (1, 0) to (0, 1), where the decimals are. The
/// doubles nearest to them lie 4e-17 below it, and doubles are what we are given.
#[test]
fn a_decimal_on_a_border_lies_where_its_doubles_are() {
    let corners = vec![(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)];
    let shape = MultiPolygon::new(vec![geo_types::Polygon::new(corners.into(), vec![])]);
    let index = NeighbourhoodIndex::build(&area(&shape).unwrap()).unwrap();
    let at = Coord { x: 0.95, y: 0.05 };
    assert_eq!(exactly(&shape, at), Some((Place::Inside, true)));
    assert_eq!(index.locate(0.95, 0.05), Some(0));
}

/// What the suite calls valid can be an area. What it does not is refused, but for shapes whose rings
/// only touch, so that the inside hangs together at points, and for polygons of one area that share
/// borders: where a point lies is as clear in them as in any.
#[test]
fn areas_are_valid_where_jts_says() {
    let files = [
        "general/TestValid.xml",
        "general/TestValid2.xml",
        "general/TestValid2-big.xml",
    ];
    let Some(cases) = suite(&files) else { return };
    let (mut valid, mut invalid, mut taken) = (0, 0, Vec::new());
    for case in &cases {
        let Some(shape) = case.a.as_ref().and_then(polygons) else {
            continue;
        };
        let mut asked = case.tests.iter();
        let Some(asked) = asked.find(|t| t.name.eq_ignore_ascii_case("isvalid")) else {
            continue;
        };
        match area(&shape) {
            Ok(_) if !asked.answer && crosses(&shape) => taken.push(case.what.as_str()),
            Ok(_) => {}
            // An empty shape is valid there, and no area here.
            Err(e) if e.fault() == Some(Fault::MissingGeometry) => {
                assert!(
                    shape.iter().all(|p| p.exterior().0.is_empty()),
                    "{}: {e}",
                    case.what
                );
            }
            Err(e) => assert!(!asked.answer, "{}: {e}: {shape:?}", case.what),
        }
        if asked.answer {
            valid += 1;
        } else {
            invalid += 1;
        }
    }
    println!("{valid} valid shapes, {invalid} invalid ones");
    assert!(
        valid > 200 && invalid > 40,
        "{valid} valid, {invalid} invalid"
    );
    assert!(taken.is_empty(), "{taken:#?}");
}
