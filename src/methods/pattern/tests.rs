//! Study areas of the tests, and weights against plain definitions.

use std::f64::consts::{PI, TAU};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rand::RngExt;

use super::window::Window;
use crate::index::StudyArea;
use crate::model::{Crs, Incidents, Neighbourhoods};
use crate::parallel::Workers;
use crate::random::stream;

pub(super) fn area(polygon: Polygon<f64>) -> StudyArea {
    let names = vec!["a".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![polygon])];
    let hoods = Neighbourhoods::new(names.clone(), names, shapes, Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

fn ring(corners: &[(f64, f64)]) -> LineString<f64> {
    let mut corners: Vec<Coord<f64>> = corners.iter().map(|&(x, y)| Coord { x, y }).collect();
    corners.push(corners[0]);
    LineString::new(corners)
}

pub(super) fn rectangle(width: f64, height: f64) -> StudyArea {
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    area(Polygon::new(ring(&corners), Vec::new()))
}

/// A square of 200 without its upper right quarter.
pub(super) fn l_shape() -> StudyArea {
    let corners = [
        (0.0, 0.0),
        (200.0, 0.0),
        (200.0, 100.0),
        (100.0, 100.0),
        (100.0, 200.0),
        (0.0, 200.0),
    ];
    area(Polygon::new(ring(&corners), Vec::new()))
}

/// A slanted shape of 160 by 150 with a bay and a hole.
pub(super) fn lake() -> StudyArea {
    let shell = [
        (0.0, 10.0),
        (150.0, 0.0),
        (160.0, 90.0),
        (110.0, 70.0),
        (140.0, 150.0),
        (20.0, 140.0),
    ];
    let hole = [(50.0, 50.0), (80.0, 60.0), (75.0, 95.0), (45.0, 80.0)];
    area(Polygon::new(ring(&shell), vec![ring(&hole)]))
}

pub(super) fn disc(radius: f64, corners: usize) -> StudyArea {
    let corner = |k: usize| {
        let angle = TAU * k as f64 / corners as f64;
        (radius * angle.cos(), radius * angle.sin())
    };
    let corners: Vec<_> = (0..corners).map(corner).collect();
    area(Polygon::new(ring(&corners), Vec::new()))
}

/// Places thrown at random.
pub(super) fn thrown(n: usize, area: &StudyArea, seed: u64) -> Vec<[f64; 2]> {
    let mut random = stream(seed, 0);
    (0..n).map(|_| area.random_point(&mut random)).collect()
}

pub(super) fn incidents(points: &[[f64; 2]]) -> Incidents {
    let (x, y) = points.iter().map(|p| (p[0], p[1])).unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// The share of a circle that lies inside, from ten thousand places on it.
fn sampled_share(area: &StudyArea, [x, y]: [f64; 2], radius: f64) -> f64 {
    let on = |k: &i32| {
        let angle = TAU * (f64::from(*k) + 0.5) / 10_000.0;
        area.contains(x + radius * angle.cos(), y + radius * angle.sin())
    };
    (0..10_000).filter(on).count() as f64 / 10_000.0
}

#[test]
fn shares_of_circles_are_those_of_their_places() {
    for (area, most) in [
        (lake(), 90.0),
        (l_shape(), 150.0),
        (rectangle(150.0, 60.0), 120.0),
    ] {
        let window = Window::new(&area, most);
        let mut random = stream(5, 0);
        let mut seen = Vec::new();
        for _ in 0..200 {
            let at = area.random_point(&mut random);
            let radius = most * random.random::<f64>();
            let inside = window.look(at, &mut seen);
            let share = Window::share(inside, &seen, radius);
            let sampled = sampled_share(&area, at, radius);
            // Each crossing of the border puts the count out by one place at most.
            assert!(
                (share - sampled).abs() < 1e-3,
                "{at:?} {radius}: {share} {sampled}"
            );
        }
    }
}

#[test]
fn shares_of_circles_near_a_side_and_a_corner_are_those_of_the_books() {
    let area = rectangle(400.0, 300.0);
    let window = Window::new(&area, 100.0);
    let share = |at: [f64; 2], radius: f64| {
        let mut seen = Vec::new();
        let inside = window.look(at, &mut seen);
        Window::share(inside, &seen, radius)
    };
    // Ripley: 1 − acos(e/d)/π by one side; by a corner, 1 − (acos e1 + acos e2 + π/2) / 2π when
    // the corner lies within the circle.
    let near = |e: f64, d: f64| (e / d).acos();
    assert!((share([200.0, 30.0], 60.0) - (1.0 - near(30.0, 60.0) / PI)).abs() < 1e-14);
    let both = near(30.0, 60.0) + near(20.0, 60.0) + PI / 2.0;
    assert!((share([30.0, 20.0], 60.0) - (1.0 - both / TAU)).abs() < 1e-14);
    let apart = 2.0 * near(40.0, 50.0) + 2.0 * near(40.0, 50.0);
    assert!((share([40.0, 40.0], 50.0) - (1.0 - apart / TAU)).abs() < 1e-14);
    assert_eq!(share([200.0, 150.0], 99.0), 1.0);
    // On a side, and in a corner.
    assert!((share([200.0, 0.0], 50.0) - 0.5).abs() < 1e-7);
    assert!((share([0.0, 0.0], 50.0) - 0.25).abs() < 1e-7);
}

#[test]
fn the_border_is_as_far_as_its_nearest_edge() {
    let area = lake();
    let window = Window::new(&area, 25.0);
    for at in thrown(300, &area, 8) {
        let plain = area
            .border_near(at[0], at[1], 1e3)
            .map(|(a, b)| {
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let t = ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy);
                let t = t.clamp(0.0, 1.0);
                f64::hypot(at[0] - a[0] - t * dx, at[1] - a[1] - t * dy)
            })
            .fold(f64::INFINITY, f64::min);
        let found = window.border_distance(at);
        assert!(if plain < 25.0 {
            (found - plain).abs() < 1e-12
        } else {
            found.is_infinite()
        });
    }
}
