//! Areas on a map: which holds a point, which are neighbours, which are not polygons at all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use brandpunt::index::{NeighbourhoodIndex, count, count_labels};
use brandpunt::weights::{Contiguity, Weights};
use brandpunt::{Crs, Fault, Incidents, Neighbourhoods, Period, Step, Times, Workers, Zone};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(n)
    }
}

/// Whole numbers, so that the tests can decide everything exactly in other arithmetic.
type Ring = Vec<(i64, i64)>;

fn line(ring: &[(i64, i64)], scale: f64, shift: f64) -> LineString<f64> {
    ring.iter()
        .map(|&(x, y)| Coord {
            x: x as f64 * scale + shift,
            y: y as f64 * scale + shift,
        })
        .collect()
}

fn polygon(rings: &[Ring], scale: f64, shift: f64) -> Polygon<f64> {
    let mut lines = rings.iter().map(|r| line(r, scale, shift));
    Polygon::new(lines.next().unwrap(), lines.collect())
}

fn hoods(shapes: Vec<MultiPolygon<f64>>) -> Neighbourhoods {
    let codes: Vec<String> = (0..shapes.len()).map(|i| format!("A{i}")).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

/// Areas of polygons of rings; the first ring of a polygon is its shell.
type Areas = Vec<Vec<Vec<Ring>>>;

fn shapes(areas: &Areas, scale: f64, shift: f64) -> Neighbourhoods {
    hoods(
        areas
            .iter()
            .map(|area| area.iter().map(|p| polygon(p, scale, shift)).collect())
            .collect(),
    )
}

/// The rule in whole numbers, edge by edge over everything.
fn naive(areas: &Areas, (x, y): (i64, i64)) -> Vec<usize> {
    let inside = |rings: &Vec<Ring>| {
        let mut odd = false;
        for ring in rings {
            for (k, &a) in ring.iter().enumerate() {
                let b = ring[(k + 1) % ring.len()];
                let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
                let cross = i128::from(high.0 - low.0) * i128::from(y - low.1)
                    - i128::from(high.1 - low.1) * i128::from(x - low.0);
                odd ^= low.1 <= y && y < high.1 && cross > 0;
            }
        }
        odd
    };
    (0..areas.len())
        .filter(|&i| areas[i].iter().any(inside))
        .collect()
}

fn square(x: i64, y: i64, side: i64) -> Ring {
    vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
}

/// A lattice of `n` by `n` quadrangles with moved corners: a partition of a region.
fn jittered(n: usize, moves: &[(i64, i64)]) -> Areas {
    let corner = |i: usize, j: usize| {
        let (dx, dy) = moves[(i * (n + 1) + j) % moves.len()];
        (100 * i as i64 + dx, 100 * j as i64 + dy)
    };
    (0..n * n)
        .map(|k| {
            let (i, j) = (k / n, k % n);
            let mut ring = vec![
                corner(i, j),
                corner(i + 1, j),
                corner(i + 1, j + 1),
                corner(i, j + 1),
            ];
            if k % 2 == 1 {
                ring.reverse();
            }
            vec![vec![ring]]
        })
        .collect()
}

/// Points of all kinds around areas: corners, middles of edges, beside them, anywhere.
fn probes(areas: &Areas, random: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut points = random.to_vec();
    for ring in areas.iter().flatten().flatten() {
        for (k, &a) in ring.iter().enumerate() {
            let b = ring[(k + 1) % ring.len()];
            points.push(a);
            points.push((i64::midpoint(a.0, b.0), i64::midpoint(a.1, b.1)));
            points.extend([
                (a.0 + 1, a.1),
                (a.0 - 1, a.1),
                (a.0, a.1 + 1),
                (a.0, a.1 - 1),
            ]);
        }
    }
    points
}

fn check(areas: &Areas, points: &[(i64, i64)], scale: f64, shift: f64) {
    let index = NeighbourhoodIndex::build(&shapes(areas, scale, shift)).unwrap();
    for &(x, y) in points {
        let found = index.locate(x as f64 * scale + shift, y as f64 * scale + shift);
        let expected = naive(areas, (x, y)).first().map(|&i| i as u32);
        assert_eq!(found, expected, "point ({x}, {y}), scale {scale}");
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn points_of_a_partition_count_once(
        n in 1usize..9,
        moves in prop::collection::vec((-24i64..=24, -24i64..=24), 1..40),
        random in prop::collection::vec((-30i64..930, -30i64..930), 0..300),
        scale in prop::sample::select(vec![1.0, 1.0 / 1024.0, 64.0]),
    ) {
        let areas = jittered(n, &moves);
        let points = probes(&areas, &random);
        check(&areas, &points, scale, 0.0);
        check(&areas, &points, scale, 65_536.0);
        for &point in &points {
            let (x, y) = point;
            let holders = naive(&areas, point).len();
            prop_assert!(holders <= 1);
            let well_inside = |v: i64| v > 24 && v < 100 * n as i64 - 24;
            if well_inside(x) && well_inside(y) {
                prop_assert_eq!(holders, 1, "({}, {}) is lost", x, y);
            }
        }
    }

    #[test]
    fn overlaps_holes_and_many_parts(
        squares in prop::collection::vec((0i64..400, 0i64..400, 6i64..300, any::<bool>()), 1..12),
        parts in 1usize..4,
        random in prop::collection::vec((-10i64..720, -10i64..720), 50..200),
    ) {
        let polygons: Vec<Vec<Ring>> = squares
            .iter()
            .map(|&(x, y, side, hole)| {
                let mut rings = vec![square(x, y, side)];
                if hole {
                    rings.push(square(x + side / 3, y + side / 3, side / 3));
                }
                rings
            })
            .collect();
        // Only parts beside each other make one area.
        let mut areas: Areas = Vec::new();
        for (k, p) in polygons.into_iter().enumerate() {
            let apart = |q: &Vec<Ring>| {
                let ((ax, ay), (bx, by)) = (p[0][0], p[0][2]);
                let ((cx, cy), (dx, dy)) = (q[0][0], q[0][2]);
                bx < cx || dx < ax || by < cy || dy < ay
            };
            match areas.last_mut() {
                Some(area) if k % parts != 0 && area.iter().all(apart) => area.push(p),
                _ => areas.push(vec![p]),
            }
        }
        let points = probes(&areas, &random);
        check(&areas, &points, 1.0, 0.0);
        check(&areas, &points, 0.125, 4_096.0);
    }

    #[test]
    fn needles_and_teeth(
        tips in prop::collection::vec(1i64..100_000, 2..60),
        random in prop::collection::vec((-10i64..100_010, -10i64..700), 50..200),
    ) {
        // A comb whose teeth end anywhere, one tooth per 10 units of y.
        let mut ring: Ring = vec![(0, 0)];
        for (k, &tip) in (0i64..).zip(&tips) {
            ring.extend([(tip, 10 * k + 1), (0, 10 * k + 2)]);
        }
        ring.push((-5, 10 * tips.len() as i64));
        let areas = vec![vec![vec![ring]]];
        check(&areas, &probes(&areas, &random), 1.0, 0.0);
    }
}

#[test]
fn counts_of_a_partition_add_up_for_any_threads() {
    let moves: Vec<(i64, i64)> = (0i64..97)
        .map(|k| (k * 37 % 49 - 24, k * 53 % 49 - 24))
        .collect();
    let areas = jittered(12, &moves);
    let points = probes(&areas, &[]);
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|&(x, y)| (x as f64, y as f64)).unzip();
    let incidents = Incidents::builder(x, y, Crs::PLANAR).build().unwrap();
    let hoods = shapes(&areas, 1.0, 0.0);
    let expected = count(&incidents, &hoods, None, &Workers::new(1).unwrap()).unwrap();
    assert_eq!(
        expected.totals().iter().sum::<i64>() + expected.outside()[0],
        points.len() as i64
    );
    for threads in [2, 3, 7] {
        let workers = Workers::new(threads).unwrap();
        assert_eq!(count(&incidents, &hoods, None, &workers).unwrap(), expected);
    }
}

#[test]
fn counts_go_to_their_period() {
    let hoods = hoods(vec![MultiPolygon::new(vec![polygon(
        &[square(0, 0, 10)],
        1.0,
        0.0,
    )])]);
    let zone = Zone::utc();
    let day = 86_400;
    let times = Times::from_utc_seconds(
        vec![0, 20 * day, 40 * day, 70 * day, Times::UNKNOWN],
        zone.clone(),
    );
    let incidents = Incidents::builder(
        vec![1.0, 2.0, 3.0, 50.0, 4.0],
        vec![1.0, 2.0, 3.0, 50.0, 4.0],
        Crs::PLANAR,
    )
    .time(times.clone())
    .build()
    .unwrap();
    let workers = Workers::new(2).unwrap();
    let counts = count(&incidents, &hoods, Some(Step::Month), &workers).unwrap();
    assert_eq!(counts.values().row(0).to_vec(), [2, 1, 0]);
    assert_eq!(counts.outside().to_vec(), [0, 0, 1]);
    assert_eq!(counts.periods()[1].label, "1970-02");

    // Periods may overlap; an incident then counts in each.
    let year = Period::year(1970, &zone).unwrap();
    let months = Period::steps(&times, Step::Month);
    let labels = [0, 0, 0, NeighbourhoodIndex::NONE, 0];
    let counts = count_labels(&labels, Some(&times), vec![year, months[0].clone()], 1).unwrap();
    assert_eq!(counts.values().row(0).to_vec(), [3, 2]);
    assert_eq!(counts.outside().to_vec(), [1, 0]);
    assert!(count_labels(&[1], None, Vec::new(), 1).is_err());
    assert_eq!(
        count_labels(&labels, None, months, 1).unwrap_err().fault(),
        Some(Fault::MissingTime)
    );
}

#[test]
fn systems_must_agree() {
    let hoods = hoods(vec![MultiPolygon::new(vec![polygon(
        &[square(0, 0, 10)],
        1.0,
        0.0,
    )])]);
    let incidents = Incidents::builder(vec![4.9], vec![52.3], Crs::WGS84)
        .build()
        .unwrap();
    let error = count(&incidents, &hoods, None, &Workers::new(1).unwrap()).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch));
    assert!(error.to_string().contains("to_crs"), "{error}");
}

/// Four squares of a kilometre in two rows of two, in the Dutch grid.
fn block(x: f64, y: f64) -> MultiPolygon<f64> {
    let rect = geo_types::Rect::new(
        Coord { x, y },
        Coord {
            x: x + 1000.0,
            y: y + 1000.0,
        },
    );
    MultiPolygon::new(vec![rect.to_polygon()])
}

fn lists(weights: &Weights) -> Vec<Vec<u32>> {
    (0..weights.n())
        .map(|i| weights.neighbours(i).to_vec())
        .collect()
}

#[test]
fn queen_and_rook_on_four_squares() {
    let hoods = hoods(vec![
        block(120_000.0, 486_000.0),
        block(121_000.0, 486_000.0),
        block(120_000.0, 487_000.0),
        block(121_000.0, 487_000.0),
    ]);
    let queen = Weights::queen(&hoods).unwrap();
    assert_eq!(queen.cardinalities(), [3, 3, 3, 3]);
    let rook = Weights::rook(&hoods).unwrap();
    assert_eq!(
        lists(&rook),
        [vec![1, 2], vec![0, 3], vec![0, 3], vec![1, 2]]
    );
}

#[test]
fn a_sliver_of_a_millimetre_does_not_part_neighbours() {
    let hoods = hoods(vec![
        block(120_000.0, 486_000.0),
        block(121_000.001, 486_000.0),
    ]);
    for contiguity in [Contiguity::queen(), Contiguity::rook()] {
        assert_eq!(lists(&contiguity.build(&hoods).unwrap()), [[1], [0]]);
        assert_eq!(
            contiguity.snap(0.0).build(&hoods).unwrap().islands(),
            [0, 1]
        );
        assert_eq!(contiguity.snapped(&hoods).unwrap(), [(0, 1)]);
    }
    assert!(Contiguity::queen().snap(-1.0).build(&hoods).is_err());
    assert!(Contiguity::queen().snap(f64::NAN).build(&hoods).is_err());
}

#[test]
fn an_area_in_the_hole_of_another_is_its_neighbour() {
    let outer = vec![square(0, 0, 3), vec![(1, 1), (1, 2), (2, 2), (2, 1)]];
    let hoods = shapes(&vec![vec![outer], vec![vec![square(1, 1, 1)]]], 1000.0, 0.0);
    assert_eq!(lists(&Weights::rook(&hoods).unwrap()), [[1], [0]]);
    let index = NeighbourhoodIndex::build(&hoods).unwrap();
    assert_eq!(index.locate(1500.0, 1500.0), Some(1));
    assert_eq!(index.locate(500.0, 1500.0), Some(0));
}

#[test]
fn parts_far_apart_leave_islands() {
    let mut a = block(120_000.0, 486_000.0);
    a.0.extend(block(130_000.0, 496_000.0));
    let hoods = hoods(vec![a, block(150_000.0, 450_000.0)]);
    assert_eq!(Weights::queen(&hoods).unwrap().islands(), [0, 1]);
}

#[test]
fn vertices_need_not_coincide() {
    // A tall area beside two low ones: their corner lies on its straight side.
    let tall = vec![(0, 0), (1, 0), (1, 2), (0, 2)];
    let areas = vec![
        vec![vec![tall]],
        vec![vec![square(1, 0, 1)]],
        vec![vec![square(1, 1, 1)]],
        // Touches the side in one point only, with its tip.
        vec![vec![vec![(-1, 0), (-1, 2), (0, 1)]]],
    ];
    for scale in [1000.0, 1000.1] {
        let hoods = shapes(&areas, scale, 0.0);
        for snap in [0.0, Contiguity::SNAP] {
            let queen = Contiguity::queen().snap(snap).build(&hoods).unwrap();
            assert_eq!(
                lists(&queen),
                [vec![1, 2, 3], vec![0, 2], vec![0, 1], vec![0]]
            );
            let rook = Contiguity::rook().snap(snap).build(&hoods).unwrap();
            assert_eq!(lists(&rook), [vec![1, 2], vec![0, 2], vec![0, 1], vec![]]);
        }
    }
}

#[test]
fn areas_that_cross_are_neighbours() {
    let wide = vec![(0, 1), (3, 1), (3, 2), (0, 2)];
    let tall = vec![(1, 0), (2, 0), (2, 3), (1, 3)];
    let hoods = shapes(&vec![vec![vec![wide]], vec![vec![tall]]], 1000.0, 0.0);
    for snap in [0.0, Contiguity::SNAP] {
        assert_eq!(
            lists(&Contiguity::rook().snap(snap).build(&hoods).unwrap()),
            [[1], [0]]
        );
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_moved_lattice_keeps_its_neighbours(
        n in 2usize..9,
        moves in prop::collection::vec((-24i64..=24, -24i64..=24), 1..40),
    ) {
        let hoods = shapes(&jittered(n, &moves), 1.0, 0.0);
        let queen = Weights::lattice(n, n, 1, brandpunt::weights::Adjacency::Queen).unwrap();
        let rook = Weights::lattice(n, n, 1, brandpunt::weights::Adjacency::Rook).unwrap();
        for snap in [0.0, Contiguity::SNAP] {
            prop_assert_eq!(&Contiguity::queen().snap(snap).build(&hoods).unwrap(), &queen);
            prop_assert_eq!(&Contiguity::rook().snap(snap).build(&hoods).unwrap(), &rook);
        }
        prop_assert!(queen.symmetric());
    }
}

/// Questions of nearness against all pairs.
mod near {
    use brandpunt::index::IncidentIndex;

    use super::*;

    fn squared(a: (f64, f64), b: (f64, f64)) -> f64 {
        let (dx, dy) = (a.0 - b.0, a.1 - b.1);
        dx * dx + dy * dy
    }

    /// Points with many ties, some on one spot, with and without one far away.
    fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let cluster = prop::collection::vec((0i32..30, 0i32..30), 0..120);
        (
            cluster,
            prop::sample::select(vec![1.0, 0.1, 37.3]),
            any::<bool>(),
        )
            .prop_map(|(points, scale, far)| {
                let mut points: Vec<(f64, f64)> = points
                    .into_iter()
                    .map(|(x, y)| (f64::from(x) * scale, f64::from(y) * scale))
                    .collect();
                if far {
                    points.push((-1e9, 1e9));
                }
                points
            })
    }

    proptest! {
        #![proptest_config(cases(96))]

        #[test]
        fn nearness_is_that_of_all_pairs(
            points in points(),
            radius in prop::sample::select(vec![0.0, 0.5, 1.0, 5.0, 13.0, 1e3, 1e10]),
            k in 1usize..8,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
            let index = IncidentIndex::from_xy(&x, &y).unwrap();
            let near = |p| -> Vec<u32> {
                (0u32..)
                    .zip(&points)
                    .filter(|&(_, &q)| squared(p, q) <= radius * radius)
                    .map(|(i, _)| i)
                    .collect()
            };
            let workers = Workers::new(2).unwrap();
            let counts = index.count_within_all(&x, &y, radius, &workers).unwrap();
            for (&p, &count) in points.iter().zip(&counts) {
                let expected = near(p);
                prop_assert_eq!(index.count_within(p.0, p.1, radius), expected.len());
                prop_assert_eq!(count as usize, expected.len());
                prop_assert_eq!(index.within(p.0, p.1, radius), expected);
                let mut all: Vec<(f64, u32)> =
                    points.iter().zip(0u32..).map(|(&q, i)| (squared(p, q), i)).collect();
                all.sort_by(|a, b| a.partial_cmp(b).unwrap());
                let expected: Vec<(u32, f64)> =
                    all.into_iter().take(k).map(|(d, i)| (i, d.sqrt())).collect();
                prop_assert_eq!(index.nearest(p.0, p.1, k), expected);
            }
            let mut expected = Vec::new();
            for a in 0..index.locations() as u32 {
                for b in a + 1..index.locations() as u32 {
                    if squared(index.at(a), index.at(b)) <= radius * radius {
                        expected.push((a, b));
                    }
                }
            }
            for threads in [1, 3] {
                let pairs = index.close_pairs(radius, &Workers::new(threads).unwrap()).unwrap();
                prop_assert_eq!(pairs.iter().collect::<Vec<_>>(), expected.clone());
            }
            if !points.is_empty() {
                let band = Weights::distance_band(&x, &y, radius).unwrap();
                prop_assert!(band.symmetric());
                for (i, &p) in points.iter().enumerate() {
                    let mut expected = near(p);
                    expected.retain(|&j| j as usize != i);
                    prop_assert_eq!(band.neighbours(i), expected);
                }
            }
            if points.len() > k {
                let nearest = Weights::nearest(&x, &y, k).unwrap();
                for (i, &p) in points.iter().enumerate() {
                    let mut all: Vec<(f64, u32)> = points
                        .iter()
                        .zip(0u32..)
                        .filter(|&(_, j)| j as usize != i)
                        .map(|(&q, j)| (squared(p, q), j))
                        .collect();
                    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
                    let mut expected: Vec<u32> = all.into_iter().take(k).map(|(_, j)| j).collect();
                    expected.sort_unstable();
                    prop_assert_eq!(nearest.neighbours(i), expected);
                }
            }
        }
    }

    #[test]
    fn a_hundred_thousand_reports_of_one_address() {
        let n = 100_000;
        let mut x = vec![121_000.0; n];
        let mut y = vec![487_000.0; n];
        x.push(121_050.0);
        y.push(487_000.0);
        let index = IncidentIndex::from_xy(&x, &y).unwrap();
        assert_eq!((index.len(), index.locations()), (n + 1, 2));
        assert_eq!(index.count_within(121_000.0, 487_000.0, 50.0), n + 1);
        assert_eq!(index.nearest(121_000.0, 487_000.0, 2), [(0, 0.0), (1, 0.0)]);
        let workers = Workers::new(2).unwrap();
        assert_eq!(index.close_pairs(50.0, &workers).unwrap().len(), 1);
        let counts = index.count_within_all(&x, &y, 10.0, &workers).unwrap();
        assert_eq!((counts[0] as usize, counts[n]), (n, 1));
        assert!(matches!(
            Weights::distance_band(&x, &y, 10.0),
            Err(brandpunt::Error::TooLarge { .. })
        ));
    }

    #[test]
    fn the_index_counts_as_the_areas_do() {
        let areas = jittered(5, &[(3, -7), (11, 5), (-20, 4)]);
        let (x, y): (Vec<f64>, Vec<f64>) = probes(&areas, &[])
            .into_iter()
            .map(|(x, y)| (x as f64, y as f64))
            .unzip();
        let incidents = Incidents::builder(x, y, Crs::PLANAR).build().unwrap();
        let hoods = shapes(&areas, 1.0, 0.0);
        let index = IncidentIndex::build(&incidents);
        assert!(index.locations() < index.len(), "corners are shared");
        assert_eq!(
            index.count_in(&hoods).unwrap(),
            count(&incidents, &hoods, None, &Workers::new(1).unwrap()).unwrap()
        );
    }

    #[test]
    fn senseless_questions_are_refused_or_find_nothing() {
        assert!(IncidentIndex::from_xy(&[1.0], &[]).is_err());
        assert!(IncidentIndex::from_xy(&[f64::NAN], &[1.0]).is_err());
        let index = IncidentIndex::from_xy(&[0.0, 1.0], &[0.0, -0.0]).unwrap();
        assert!(index.within(f64::NAN, 0.0, 1.0).is_empty());
        assert!(index.within(0.0, 0.0, -1.0).is_empty());
        assert!(index.nearest(0.0, f64::INFINITY, 1).is_empty());
        assert!(index.nearest(0.0, 0.0, 0).is_empty());
        assert_eq!(index.nearest(0.0, 0.0, 9).len(), 2);
        let workers = Workers::new(1).unwrap();
        assert!(index.close_pairs(f64::INFINITY, &workers).is_err());
        assert!(index.close_pairs(-1.0, &workers).is_err());
        assert!(Weights::nearest(&[0.0, 1.0], &[0.0, 1.0], 2).is_err());
        let empty = IncidentIndex::from_xy(&[], &[]).unwrap();
        assert!(empty.is_empty() && empty.nearest(0.0, 0.0, 1).is_empty());
        assert!(empty.close_pairs(1.0, &workers).unwrap().is_empty());
    }
}

/// Rings that are none.
mod validity {
    use super::*;

    fn accepted(ring: &Ring) -> bool {
        let shape = MultiPolygon::new(vec![polygon(std::slice::from_ref(ring), 1.0, 0.0)]);
        let name = || vec!["a".to_owned()];
        match Neighbourhoods::new(name(), name(), vec![shape], Crs::PLANAR) {
            Ok(_) => true,
            Err(e) => {
                assert_eq!(e.fault(), Some(Fault::InvalidPolygon), "{e}");
                false
            }
        }
    }

    fn cross(o: (i64, i64), a: (i64, i64), b: (i64, i64)) -> i64 {
        (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
    }

    type Side = ((i64, i64), (i64, i64));

    fn sides(ring: &Ring) -> Vec<Side> {
        (0..ring.len())
            .map(|k| (ring[k], ring[(k + 1) % ring.len()]))
            .filter(|(a, b)| a != b)
            .collect()
    }

    /// Whether two sides have an inner point of both in common.
    fn cross_or_overlap((a, b): Side, (c, d): Side) -> bool {
        let signs = [
            cross(a, b, c),
            cross(a, b, d),
            cross(c, d, a),
            cross(c, d, b),
        ]
        .map(i64::signum);
        if signs == [0; 4] {
            let low = a.min(b).max(c.min(d));
            return low < a.max(b).min(c.max(d));
        }
        signs[0] * signs[1] < 0 && signs[2] * signs[3] < 0
    }

    /// How often the ring goes round a point that lies on none of its lines.
    fn winding(ring: &Ring, p: (i64, i64)) -> i64 {
        sides(ring)
            .into_iter()
            .map(|(a, b)| match (a.1 <= p.1, b.1 <= p.1) {
                (true, false) if cross(a, b, p) > 0 => 1,
                (false, true) if cross(a, b, p) < 0 => -1,
                _ => 0,
            })
            .sum()
    }

    proptest! {
        #![proptest_config(cases(2048))]

        #[test]
        fn rings_that_cross_are_refused_and_simple_ones_are_not(
            ring in prop::collection::vec((0i64..6, 0i64..6), 3..9),
        ) {
            let sides = sides(&ring);
            let pairs = || (0..sides.len()).flat_map(|i| (i + 1..sides.len()).map(move |j| (i, j)));
            let crosses = pairs().any(|(i, j)| cross_or_overlap(sides[i], sides[j]));
            let mut corners: Vec<_> = sides.iter().map(|s| s.0).collect();
            corners.sort_unstable();
            let corners_differ = corners.windows(2).all(|w| w[0] != w[1]);
            let on_side = |p: (i64, i64), (a, b): Side| {
                p != a && p != b && cross(a, b, p) == 0
                    && (a.0.min(b.0)..=a.0.max(b.0)).contains(&p.0)
                    && (a.1.min(b.1)..=a.1.max(b.1)).contains(&p.1)
            };
            let touches = corners.iter().any(|&p| sides.iter().any(|&s| on_side(p, s)));
            let accepted = accepted(&ring);
            if crosses || sides.len() < 3 {
                prop_assert!(!accepted);
            } else if corners_differ && !touches {
                prop_assert!(accepted);
            }
            if accepted {
                // Sixths of a unit, shifted off all lines through whole points.
                let fine: Ring = ring.iter().map(|&(x, y)| (x * 6_000, y * 6_000)).collect();
                let mut seen: Vec<i64> = (0..36)
                    .flat_map(|i| (0..36).map(move |j| (1_000 * i + 331, 1_000 * j + 87)))
                    .map(|p| winding(&fine, p))
                    .filter(|&w| w != 0)
                    .collect();
                seen.dedup();
                prop_assert!(seen.len() <= 1 && seen.iter().all(|w| w.abs() == 1), "{:?}", seen);
            }
        }
    }

    #[test]
    fn the_message_names_code_place_and_remedy() {
        let bowtie = vec![
            (120_000, 486_000),
            (121_000, 487_000),
            (121_000, 486_000),
            (120_000, 487_000),
        ];
        let shapes = vec![
            block(122_000.0, 486_000.0),
            MultiPolygon::new(vec![polygon(&[bowtie], 1.0, 0.0)]),
        ];
        let codes = || vec!["BU01".to_owned(), "BU02".to_owned()];
        let error = Neighbourhoods::new(codes(), codes(), shapes.clone(), Crs::RD_NEW).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::InvalidPolygon));
        let text = error.to_string();
        assert!(
            text.contains("`BU02`: self-intersection at 120500 486500"),
            "{text}"
        );
        assert!(text.contains("repair"), "{text}");
        let hoods = Neighbourhoods::repaired(codes(), codes(), shapes, Crs::RD_NEW).unwrap();
        assert_eq!(hoods.warnings().len(), 1);
        assert_eq!(hoods.warnings()[0].value, Some(500_000.0));
        assert_eq!(hoods.area_km2().unwrap(), [1.0, 0.5]);
    }
}

/// Real maps, beside the repository where they are present.
mod real_maps {
    use std::path::PathBuf;

    use brandpunt::io::NeighbourhoodReader;

    use super::*;

    fn shared(file: &str) -> Option<PathBuf> {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(file);
        if path.exists() {
            return Some(path);
        }
        println!("SKIPPED: {} is not there", path.display());
        None
    }

    fn multi(geometry: geo_types::Geometry<f64>) -> MultiPolygon<f64> {
        match geometry {
            geo_types::Geometry::Polygon(p) => MultiPolygon::new(vec![p]),
            geo_types::Geometry::MultiPolygon(m) => m,
            other => panic!("not a polygon: {other:?}"),
        }
    }

    fn read(file: &str, crs: Crs) -> Option<Neighbourhoods> {
        let hoods = NeighbourhoodReader::new().read(shared(file)?).unwrap();
        assert_eq!(hoods.crs(), crs);
        Some(hoods)
    }

    fn shapes_of(path: &std::path::Path) -> Vec<MultiPolygon<f64>> {
        let text = std::fs::read_to_string(path).unwrap();
        let collection: geojson::FeatureCollection = text.parse().unwrap();
        collection
            .features
            .into_iter()
            .map(|f| multi(f.geometry.unwrap().try_into().unwrap()))
            .collect()
    }

    #[test]
    fn a_broken_official_map_can_be_repaired() {
        let Some(path) = shared("points/memphis_precincts_wgs84.geojson") else {
            return;
        };
        let shapes = shapes_of(&path);
        let codes: Vec<String> = (0..shapes.len()).map(|i| i.to_string()).collect();
        let given = || (codes.clone(), codes.clone(), shapes.clone(), Crs::WGS84);
        let (code, name, shape, crs) = given();
        let error = Neighbourhoods::new(code, name, shape, crs).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::InvalidPolygon));
        assert!(
            error
                .to_string()
                .contains("area `1`: self-intersection at -89."),
            "{error}"
        );
        let (code, name, shape, crs) = given();
        let hoods = Neighbourhoods::repaired(code, name, shape, crs).unwrap();
        assert!(!hoods.warnings().is_empty());
        for warning in hoods.warnings() {
            // Two crossings of a few metres.
            assert!(
                warning.value.unwrap().abs() < 10_000.0,
                "{}",
                warning.message
            );
        }
        assert_eq!(
            hoods.shapes()[0],
            shapes[0],
            "valid shapes stay as they are"
        );
        Weights::queen(&hoods).unwrap();
    }

    fn all() -> Vec<(&'static str, Neighbourhoods)> {
        let mut maps = vec![
            (
                "Breda",
                read("nl/breda_buurten_nuisance_2022_wgs84.geojson", Crs::WGS84),
            ),
            (
                "Almere",
                read("nl/almere_wijken_2022_rd.geojson", Crs::RD_NEW),
            ),
            (
                "Almere, approximate",
                read("nl/almere_buurten_2024_approx_rd.geojson", Crs::RD_NEW),
            ),
        ];
        #[cfg(feature = "geopackage")]
        maps.extend([
            (
                "Dutch districts",
                read("nl/nl_wijken_2022.gpkg", Crs::RD_NEW),
            ),
            (
                "Lancashire",
                read("points/lancashire_wards_population.gpkg", Crs::BRITISH_GRID),
            ),
        ]);
        maps.into_iter()
            .filter_map(|(name, map)| Some((name, map?)))
            .collect()
    }

    #[test]
    fn official_maps_are_valid_and_connected() {
        for (name, hoods) in all() {
            let queen = Weights::queen(&hoods).unwrap();
            // Ameland and Schiermonnikoog, each one district.
            let islands: &[usize] = if name == "Dutch districts" {
                &[103, 164]
            } else {
                &[]
            };
            assert_eq!(queen.islands(), islands, "{name}");
            assert!(queen.symmetric());
            let rook = Weights::rook(&hoods).unwrap();
            for i in 0..hoods.len() {
                assert!(
                    rook.neighbours(i)
                        .iter()
                        .all(|j| queen.neighbours(i).contains(j))
                );
            }
        }
    }

    #[test]
    fn neighbours_are_those_of_all_pairs_of_edges() {
        let Some(hoods) = read("nl/almere_wijken_2022_rd.geojson", Crs::RD_NEW) else {
            return;
        };
        let edges: Vec<Vec<geo_types::Line<f64>>> = hoods
            .shapes()
            .iter()
            .map(|s| s.iter().flat_map(|p| p.exterior().lines()).collect())
            .collect();
        let to_edge = |p: geo_types::Point<f64>, e: &geo_types::Line<f64>| {
            use geo::{Distance, Euclidean};
            Euclidean.distance(&p, e)
        };
        let close = |a: &geo_types::Line<f64>, b: &geo_types::Line<f64>| {
            let (a_ends, b_ends) = (a.points(), b.points());
            to_edge(a_ends.0, b)
                .min(to_edge(a_ends.1, b))
                .min(to_edge(b_ends.0, a))
                .min(to_edge(b_ends.1, a))
                <= Contiguity::SNAP
        };
        let naive: Vec<Vec<u32>> = (0..hoods.len())
            .map(|i| {
                (0..hoods.len())
                    .filter(|&j| {
                        i != j
                            && edges[i]
                                .iter()
                                .any(|a| edges[j].iter().any(|b| close(a, b)))
                    })
                    .map(|j| j as u32)
                    .collect()
            })
            .collect();
        assert_eq!(lists(&Weights::queen(&hoods).unwrap()), naive);
    }

    #[test]
    fn warnings_tell_a_drawn_map_from_an_official_one() {
        use brandpunt::WarningCode::{GapsBetweenAreas, OverlappingAreas};
        let workers = Workers::new(2).unwrap();
        for (name, hoods) in all() {
            let codes: Vec<_> = brandpunt::index::topology_warnings(&hoods, &workers)
                .unwrap()
                .into_iter()
                .map(|w| w.code)
                .collect();
            let expected: &[_] = match name {
                "Almere, approximate" => &[OverlappingAreas, GapsBetweenAreas],
                // The IJsselmeer and other inland waters are no districts.
                "Dutch districts" => &[GapsBetweenAreas],
                _ => &[],
            };
            assert_eq!(codes, expected, "{name}");
        }
    }
}

/// Overlaps and gaps.
mod topology {
    use brandpunt::WarningCode;
    use brandpunt::index::{gaps, overlaps, topology_warnings};

    use super::*;

    #[test]
    fn overlaps_are_measured() {
        let mut far = block(150_000.0, 450_000.0);
        far.0.extend(block(120_900.0, 486_900.0));
        let hoods = hoods(vec![
            block(120_000.0, 486_000.0),
            block(120_500.0, 486_000.0),
            far,
        ]);
        let workers = Workers::new(2).unwrap();
        let found = overlaps(&hoods, &workers).unwrap();
        let expected = [(0, 1, 500_000.0), (0, 2, 10_000.0), (1, 2, 60_000.0)];
        assert_eq!(found.len(), expected.len());
        for (o, (a, b, m2)) in found.iter().zip(expected) {
            assert_eq!((o.a, o.b), (a, b));
            assert!((o.m2 - m2).abs() < 0.1, "{o:?}");
        }
        let warnings = topology_warnings(&hoods, &workers).unwrap();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].code, WarningCode::OverlappingAreas);
        assert!(
            warnings[0].message.contains("A0 and A1 by 500000.0 m2"),
            "{warnings:?}"
        );
        // A point in an overlap counts once, for the first.
        let index = NeighbourhoodIndex::build(&hoods).unwrap();
        assert_eq!(index.locate(120_750.0, 486_500.0), Some(0));
    }

    #[test]
    fn a_hair_of_overlap_is_noise() {
        let hoods = hoods(vec![
            block(120_000.0, 486_000.0),
            block(120_999.999_5, 486_000.0),
        ]);
        assert_eq!(overlaps(&hoods, &Workers::new(1).unwrap()).unwrap(), []);
    }

    #[test]
    fn gaps_are_measured() {
        // A ring of four areas around a courtyard of 100 by 200.
        let rect = |x, y, w, h| vec![vec![vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)]]];
        let areas = vec![
            rect(0, 0, 300, 100),
            rect(0, 300, 300, 100),
            rect(0, 100, 100, 200),
            rect(200, 100, 100, 200),
        ];
        let hoods = shapes(&areas, 1.0, 0.0);
        let found = gaps(&hoods);
        assert_eq!(found.len(), 1);
        assert!((found[0].m2 - 20_000.0).abs() < 0.1);
        assert!((found[0].centre.0 - 150.0).abs() < 0.01);
        let warnings = topology_warnings(&hoods, &Workers::new(1).unwrap()).unwrap();
        assert_eq!(warnings[0].code, WarningCode::GapsBetweenAreas);
    }

    proptest! {
        #![proptest_config(cases(24))]

        #[test]
        fn a_partition_has_neither(
            n in 1usize..7,
            moves in prop::collection::vec((-24i64..=24, -24i64..=24), 1..40),
        ) {
            let hoods = shapes(&jittered(n, &moves), 1.0, 0.0);
            let warnings = topology_warnings(&hoods, &Workers::new(1).unwrap()).unwrap();
            prop_assert!(warnings.is_empty(), "{:?}", warnings);
        }
    }
}
