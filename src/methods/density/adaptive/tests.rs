use std::sync::Arc;

use geo_types::{MultiPolygon, Rect, coord};
use rand::RngExt;

use super::*;
use crate::index::StudyArea;
use crate::methods::density::Kernel;
use crate::model::{Crs, Neighbourhoods};

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn unit_square() -> Arc<StudyArea> {
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 1.0, y: 1.0 }).to_polygon();
    let codes = vec!["square".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![square])];
    let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    Arc::new(StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap())
}

fn cloud(n: usize) -> Vec<(f64, f64)> {
    let mut random = crate::random::stream(11, 0);
    (0..n)
        .map(|_| (random.random::<f64>().powi(2), random.random()))
        .collect()
}

const ABRAMSON: Adaptive = Adaptive::Abramson {
    pilot: 0.1,
    trim: 5.0,
};

#[test]
fn abramson_equals_the_golden_numbers() {
    let file = include_str!("../../../../data/golden/definitions_golden.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let golden = &golden["abramson"];
    let four = incidents(&[(0.05, 0.05), (0.5, 0.5), (0.52, 0.47), (0.95, 0.3)]);
    let density = KernelDensity::new(0.1)
        .kernel(Kernel::Gaussian)
        .cell_size(0.04)
        .adaptive(ABRAMSON);
    let got = density.bandwidths(&four).unwrap();
    for (h, want) in got.iter().zip(golden["h"].as_array().unwrap()) {
        assert!((h - want.as_f64().unwrap()).abs() < 1e-10, "{h} {want}");
    }
    // The golden density is per incident and unit of surface.
    let want = 4e6 * golden["density_at_q"].as_f64().unwrap();
    let at = density.at(&four, &[(0.1, 0.1)]).unwrap()[0];
    assert!((at / want - 1.0).abs() < 1e-12, "{at} {want}");
    let surface = density.run(&four).unwrap();
    assert!((surface.at(0.1, 0.1) / want - 1.0).abs() < 1e-12);
}

#[test]
fn rasters_equal_direct_sums_whatever_the_threads() {
    let mut points = cloud(300);
    points.extend([points[5]; 3]);
    let some = incidents(&points);
    for rule in [ABRAMSON, Adaptive::Nearest { k: 6 }] {
        for kernel in Kernel::ALL {
            let h = if kernel == Kernel::Gaussian {
                0.03
            } else {
                0.1
            };
            let density = KernelDensity::new(h)
                .kernel(kernel)
                .cell_size(0.03)
                .adaptive(rule);
            let surface = density.run(&some).unwrap();
            let grid = surface.grid();
            let centres: Vec<_> = (0..grid.len())
                .map(|i| grid.centre(i / grid.cols(), i % grid.cols()))
                .collect();
            let want = density.at(&some, &centres).unwrap();
            let bound = 1e-12 * surface.peak();
            // A centre may lie on the very rim of a uniform kernel.
            let off = surface
                .values()
                .iter()
                .zip(&want)
                .filter(|(g, w)| (*g - *w).abs() > bound);
            assert!(
                off.count() <= usize::from(kernel == Kernel::Uniform) * 2,
                "{}",
                kernel.name()
            );
            let run = |t| density.run_with(&some, &Workers::new(t).unwrap()).unwrap();
            assert!([2, 3, 7].into_iter().all(|t| run(t) == surface));
        }
    }
}

#[test]
fn mass_is_kept_in_the_plane_and_in_a_study_area() {
    let points = cloud(200);
    for rule in [ABRAMSON, Adaptive::Nearest { k: 4 }] {
        for edge in [Edge::None, Edge::Diggle] {
            let base = KernelDensity::new(0.15).cell_size(1.0 / 512.0).edge(edge);
            let base = if edge == Edge::Diggle {
                base.within(unit_square())
            } else {
                base
            };
            let surface = base.adaptive(rule).run(&incidents(&points)).unwrap();
            let seen = surface.values().iter().copied().filter(|v| !v.is_nan());
            let total = sum(seen) / (512.0 * 512.0) / 1e6;
            assert!(
                (total / 200.0 - 1.0).abs() < 3e-5,
                "{rule:?} {edge:?} {total}"
            );
        }
    }
}

#[test]
fn bandwidths_are_those_of_their_rule() {
    let points = [(0.0, 0.0), (3.0, 4.0), (0.0, 0.0), (30.0, 40.0)];
    let nearest = |k| KernelDensity::new(2.0).adaptive(Adaptive::Nearest { k });
    let of = |k| nearest(k).bandwidths(&incidents(&points)).unwrap();
    assert_eq!(of(1), [2.0, 5.0, 2.0, 45.0]);
    assert_eq!(of(2), [5.0, 5.0, 5.0, 50.0]);
    let error = nearest(4).run(&incidents(&points)).unwrap_err();
    assert!(error.to_string().contains("at most 3"), "{error}");

    // A row twice is a row of weight two, and a bandwidth is never above the trim.
    let rule = Adaptive::Abramson {
        pilot: 5.0,
        trim: 1.1,
    };
    let density = KernelDensity::new(2.0).adaptive(rule);
    let twice = density.bandwidths(&incidents(&points)).unwrap();
    let (x, y) = points[1..].iter().copied().unzip();
    let weighted = Incidents::builder(x, y, Crs::PLANAR)
        .weight(vec![1.0, 2.0, 1.0])
        .build()
        .unwrap();
    assert_eq!(density.bandwidths(&weighted).unwrap(), twice[1..]);
    assert_eq!(twice[3], 2.0 * 1.1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let some = incidents(&cloud(20));
    let base = KernelDensity::new(0.1).cell_size(0.1);
    for rule in [
        Adaptive::Abramson {
            pilot: 0.0,
            trim: 5.0,
        },
        Adaptive::Abramson {
            pilot: 1.0,
            trim: f64::NAN,
        },
        Adaptive::Nearest { k: 0 },
    ] {
        assert!(base.clone().adaptive(rule).run(&some).is_err(), "{rule:?}");
    }
    let uniform = base
        .clone()
        .within(unit_square())
        .edge(Edge::Uniform)
        .adaptive(ABRAMSON);
    assert!(
        uniform
            .run(&some)
            .unwrap_err()
            .to_string()
            .contains("diggle")
    );
    let surface = base.clone().adaptive(ABRAMSON).run(&some).unwrap();
    assert!((surface.clone() + surface).is_err());
    let beyond = incidents(&[(0.5, 0.5), (2.0, 0.5), (0.6, 0.4)]);
    let inside = base
        .within(unit_square())
        .edge(Edge::Diggle)
        .adaptive(ABRAMSON);
    let h = inside.bandwidths(&beyond).unwrap();
    assert!(h[0].is_finite() && h[1].is_nan() && h[2].is_finite());
}
