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

/// A triangle with a sharp corner in the west.
pub(super) fn wedge() -> StudyArea {
    let corners = [(0.0, 0.0), (200.0, 0.0), (200.0, 2.0)];
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

/// K, g, F, G and J as spatstat gives them for a shape with a bay and a hole. K without a correction,
/// with that of Ripley and with exact overlaps is the same; its border correction divides by n. It
/// bins distances for g and G and counts pixels for F. No place is watched up to 30, as those so far
/// from the border have an incident nearer. Beyond, Kaplan and Meier's estimate depends on the last
/// place alone; spatstat carries it on, here it is one or unknown.
#[test]
fn curves_are_those_of_spatstat() {
    use super::{EdgeCorrection, PairCorrelation, Ripley, Spacing, SpacingCorrection};

    let file = include_str!("../../../data/golden/spatstat.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let numbers = |of: &serde_json::Value| -> Vec<f64> {
        let each = of.as_array().unwrap().iter();
        each.map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
    };
    let of = |name: &str| numbers(&golden["values"][name]);
    let (x, y) = (numbers(&golden["x"]), numbers(&golden["y"]));
    let points: Vec<[f64; 2]> = x.into_iter().zip(y).map(|(x, y)| [x, y]).collect();
    let (all, area, n) = (incidents(&points), lake(), points.len() as f64);
    let radii = numbers(&golden["radii"]);
    let check = |what: &str, got: &[f64], want: &[f64], within: f64| {
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(want).filter(|(_, want)| want.is_finite()) {
            assert!(
                (got - want).abs() <= within * want.abs().max(1.0),
                "{what}: {got} {want}"
            );
        }
    };
    for (correction, name, times, within) in [
        (EdgeCorrection::None, "Kest none", 1.0, 1e-12),
        (EdgeCorrection::Border, "Kest border", n / (n - 1.0), 1e-12),
        (EdgeCorrection::Isotropic, "Kest isotropic", 1.0, 1e-12),
        (EdgeCorrection::Translation, "edge.Trans exact", 1.0, 3e-4),
    ] {
        let k = Ripley::new(&radii)
            .correction(correction)
            .run(&all, &area)
            .unwrap()
            .k;
        let want: Vec<f64> = of(name).iter().map(|k| k * times).collect();
        check(name, &k, &want, within);
        assert!(k[0].is_finite());
    }
    let pairs = PairCorrelation::new(&radii);
    let found = pairs.run(&all, &area).unwrap();
    let half_width = golden["stoyan_half_width"].as_f64().unwrap();
    assert!((found.bandwidth - half_width).abs() < 1e-12);
    check("pcf", &found.g, &of("pcf isotropic"), 2e-4);
    let far = pairs.clone().over_distance().run(&all, &area).unwrap();
    check("divisor d", &far.g, &of("pcf isotropic, divisor d"), 2e-4);
    let shifted = pairs.correction(EdgeCorrection::Translation);
    let shifted = shifted.run(&all, &area).unwrap();
    check("shifted", &shifted.g, &of("pcf translation"), 4e-3);
    for (correction, name, empty) in [
        (SpacingCorrection::None, "raw", 2e-3),
        (SpacingCorrection::Border, "rs", 8e-3),
        (SpacingCorrection::KaplanMeier, "km", 4e-3),
    ] {
        let spacing = Spacing::new(&radii).correction(correction).lattice(200_000);
        let found = spacing.run(&all, &area).unwrap();
        // Radii that were watched.
        let watched = |curve: &[f64], want: Vec<f64>| -> Vec<f64> {
            let both = curve.iter().zip(want);
            both.map(|(c, w)| if c.is_nan() { f64::NAN } else { w })
                .collect()
        };
        let g = watched(&found.g, of(&format!("Gest {name}")));
        assert!(g[2].is_finite());
        check("G", &found.g, &g, 1e-12);
        let f = watched(&found.f, of(&format!("Fest {name}")));
        assert!(f[3].is_finite());
        let sure = match correction {
            SpacingCorrection::KaplanMeier => 4,
            _ => f.len(),
        };
        check("F", &found.f[..sure], &f[..sure], empty);
        if correction != SpacingCorrection::None {
            let j = watched(&found.j, of(&format!("Jest {name}")));
            check("J", &found.j[..3], &j[..3], 1e-2);
        }
    }
    let third = |kind: bool| -> Incidents {
        let chosen = (1..).zip(&points).filter(|(k, _)| (k % 3 == 0) == kind);
        incidents(&chosen.map(|(_, p)| *p).collect::<Vec<_>>())
    };
    let between = Ripley::new(&radii).run_between(&third(true), &third(false), &area);
    let ways = of("Kcross isotropic, every third the other kind").into_iter();
    let both = ways.zip(of("Kcross isotropic, the other way"));
    let mean: Vec<f64> = both.map(|(a, b)| 0.5 * (a + b)).collect();
    check("between", &between.unwrap().k, &mean, 1e-12);
}
