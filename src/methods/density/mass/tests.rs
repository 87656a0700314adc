use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::*;
use crate::model::{Crs, Neighbourhoods};
use crate::parallel::Workers;
use crate::stats::normal_upper_tail;

fn study_area(polygons: Vec<Polygon<f64>>) -> StudyArea {
    let codes: Vec<String> = (0..polygons.len()).map(|i| i.to_string()).collect();
    let shapes = polygons.into_iter().map(|p| MultiPolygon(vec![p]));
    let hoods = Neighbourhoods::new(codes.clone(), codes, shapes.collect(), Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    points.iter().copied().collect()
}

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Polygon<f64> {
    let ring = ring(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]);
    Polygon::new(ring, Vec::new())
}

/// A star of twenty corners with a square hole.
fn star() -> StudyArea {
    let mut shell: Vec<Coord<f64>> = (0..20)
        .map(|i| {
            let (angle, r) = (
                PI * f64::from(i) / 10.0,
                if i % 2 == 0 { 500.0 } else { 230.0 },
            );
            Coord {
                x: r * angle.cos(),
                y: r * angle.sin(),
            }
        })
        .collect();
    shell.push(shell[0]);
    let hole = rect(-60.0, -30.0, 90.0, 110.0).exterior().clone();
    study_area(vec![Polygon::new(LineString(shell), vec![hole])])
}

#[test]
fn the_golden_mass_and_products_of_normal_tails() {
    let golden: serde_json::Value = serde_json::from_str(include_str!(
        "../../../../data/golden/definitions_golden.json"
    ))
    .unwrap();
    let want = golden["kde_edge"]["e_q"].as_f64().unwrap();
    let area = study_area(vec![rect(0.0, 0.0, 1.0, 1.0)]);
    let got = mass_inside(Kernel::Gaussian, 0.1, &area, 0.1, 0.1);
    assert!((got - want).abs() < 1e-12, "{got}");
    for (x, y, h) in [
        (0.3, 0.8, 0.02),
        (0.95, 0.01, 0.4),
        (1.2, -0.3, 0.7),
        (0.5, 0.5, 3.0),
    ] {
        let along = |v: f64| normal_upper_tail(-v / h) - normal_upper_tail((1.0 - v) / h);
        let got = mass_inside(Kernel::Gaussian, h, &area, x, y);
        assert!(
            (got - along(x) * along(y)).abs() < 1e-13,
            "{x} {y} {h} {got}"
        );
    }
}

/// The mass beyond a straight border at distance p is ∫ 2 r k(r) acos(p/r) dr from p to 1.
#[test]
fn a_straight_border_leaves_the_integral_of_the_arcs() {
    let area = study_area(vec![rect(-1e4, -1e4, 0.0, 1e4)]);
    for kernel in Kernel::ALL {
        for p in [0.0, 0.1, 0.5, 0.93] {
            let steps = 400_000;
            let width = (kernel.reach() - p) / f64::from(steps);
            let beyond: f64 = (0..steps)
                .map(|i| p + (f64::from(i) + 0.5) * width)
                .map(|r| 2.0 * r * kernel.value(r * r) * (p / r).acos() * width)
                .sum();
            let got = mass_inside(kernel, 100.0, &area, -100.0 * p, 50.0);
            assert!(
                (got - (1.0 - beyond)).abs() < 3e-8,
                "{} {p} {got}",
                kernel.name()
            );
            let outside = mass_inside(kernel, 100.0, &area, 100.0 * p, 50.0);
            assert!(
                (outside - beyond).abs() < 3e-8,
                "{} {p} {outside}",
                kernel.name()
            );
            let squares: f64 = (0..steps)
                .map(|i| p + (f64::from(i) + 0.5) * width)
                .map(|r| 2.0 * r * kernel.value(r * r).powi(2) * (p / r).acos() * width)
                .sum();
            let got = squares_inside(kernel, 100.0, &area, -100.0 * p, 50.0);
            let want = 1.0 - squares / kernel.roughness();
            assert!((got - want).abs() < 3e-8, "{} {p} {got}", kernel.name());
        }
    }
}

#[test]
fn a_star_with_a_hole_holds_the_sum_over_fine_cells() {
    let area = star();
    let cell = 1.0;
    for kernel in Kernel::ALL {
        for (x, y) in [(0.0, 0.0), (10.0, 40.0), (230.0, 10.0), (320.0, 180.0)] {
            let h = if kernel == Kernel::Gaussian {
                60.0
            } else {
                150.0
            };
            let mut sum = 0.0;
            for i in -500..500 {
                for j in -500..500 {
                    let (u, v) = (f64::from(i) + 0.5, f64::from(j) + 0.5);
                    if area.contains(u, v) {
                        let (dx, dy) = ((u - x) / h, (v - y) / h);
                        sum += kernel.value(dx * dx + dy * dy) * cell * cell / (h * h);
                    }
                }
            }
            let got = mass_inside(kernel, h, &area, x, y);
            assert!(
                (got - sum).abs() < 1e-3,
                "{} {x} {y} {got} {sum}",
                kernel.name()
            );
        }
    }
}

#[test]
fn parts_of_the_plane_share_the_mass_and_borders_halve_it() {
    let (x, y) = (143_017.0, 486_988.0);
    let tile = |a: f64, b: f64| study_area(vec![rect(x + a, y - 900.0, x + b, y + 900.0)]);
    for kernel in Kernel::ALL {
        let h = if kernel == Kernel::Gaussian {
            60.0
        } else {
            300.0
        };
        let mass = |area: &StudyArea, x, y| mass_inside(kernel, h, area, x, y);
        let parts = mass(&tile(-900.0, 37.0), x, y) + mass(&tile(37.0, 900.0), x, y);
        assert!((parts - 1.0).abs() < 1e-12, "{} {parts}", kernel.name());
        let quarter = study_area(vec![rect(x, y, x + 900.0, y + 900.0)]);
        assert!(
            (mass(&quarter, x, y) - 0.25).abs() < 1e-7,
            "{}",
            kernel.name()
        );
        assert!(
            (mass(&quarter, x + 450.0, y) - 0.5).abs() < 1e-7,
            "{}",
            kernel.name()
        );
        assert!(
            (mass(&quarter, x, y + 450.0) - 0.5).abs() < 1e-7,
            "{}",
            kernel.name()
        );
        assert_eq!(mass(&quarter, x - 600.0, y), 0.0);
        assert!(
            mass(&quarter, x + 450.0, y + 450.0) > 1.0 - 1e-12,
            "{}",
            kernel.name()
        );
    }
}
