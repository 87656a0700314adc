use std::f64::consts::PI;

use ndarray::Array2;
use rand::RngExt;

use super::super::overlap::Overlap;
use super::super::tests::{disc, incidents, l_shape, lake, rectangle, thrown, wedge};
use super::super::window::Window;
use super::*;
use crate::error::Error;
use crate::model::{Bounds, Crs, Grid, WarningCode};
use crate::random::stream;

const RADII: [f64; 6] = [0.0, 5.0, 10.0, 17.0, 30.0, 41.0];

/// K by its definition: all pairs, one weight after the other.
fn plain(points: &[[f64; 2]], area: &StudyArea, correction: EdgeCorrection) -> Vec<f64> {
    let (n, m2) = (points.len() as f64, area.km2() * 1e6);
    let window = Window::new(area, 200.0);
    let overlap = Overlap::of(&window, 41.0, &Workers::new(1).unwrap()).unwrap();
    let border = |p: [f64; 2]| window.border_distance(p);
    let mut seen = Vec::new();
    RADII
        .iter()
        .map(|&r| {
            let mut sum = 0.0;
            for (i, a) in points.iter().enumerate() {
                let inside = window.look(*a, &mut seen);
                for (j, b) in points.iter().enumerate() {
                    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                    if i == j || dx * dx + dy * dy > r * r {
                        continue;
                    }
                    let d = (dx * dx + dy * dy).sqrt();
                    sum += match correction {
                        EdgeCorrection::None => 1.0,
                        EdgeCorrection::Border => f64::from(u8::from(border(*a) >= r)),
                        EdgeCorrection::Translation => overlap.weight(dx, dy),
                        EdgeCorrection::Isotropic if d == 0.0 => 1.0,
                        EdgeCorrection::Isotropic => {
                            1.0 / Window::share(inside, &seen, d).max(0.01)
                        }
                    };
                }
            }
            let kept = points.iter().filter(|p| border(**p) >= r).count() as f64;
            let far = if correction == EdgeCorrection::Border {
                kept
            } else {
                n
            };
            m2 * sum / (far * (n - 1.0))
        })
        .collect()
}

fn same(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        let alike = (f - e).abs() <= tolerance * e.abs() || f.is_nan() && e.is_nan();
        assert!(alike, "{found:?} {expected:?}");
    }
}

/// A raster of incidents per square kilometre over the lake with two cells that have none.
fn raster() -> Intensity {
    let bounds = Bounds::new(0.0, 0.0, 159.0, 149.0);
    let grid = Grid::covering(bounds, 40.0, Crs::PLANAR).unwrap();
    let (rows, cols) = (grid.rows(), grid.cols());
    let value = |(row, col): (usize, usize)| match (row, col) {
        (1, 3) => 0.0,
        (2, 2) => f64::NAN,
        (3, 2) => f64::INFINITY,
        _ => 1e3 * (1.0 + row as f64 + 0.3 * (col * col) as f64),
    };
    let values = Array2::from_shape_fn((rows, cols), value);
    Intensity::Cells { grid, values }
}

/// The inhomogeneous K by its definition.
#[test]
fn weights_and_intensities_go_together() {
    let area = lake();
    let points = with_shared_places(&area);
    let seen = incidents(&points);
    let window = Window::new(&area, 200.0);
    let Intensity::Cells { grid, values } = raster() else {
        unreachable!();
    };
    let inverse = |p: &[f64; 2]| {
        let v = values[grid.cell_of(p[0], p[1]).unwrap()] * 1e-6;
        if v > 0.0 && v.is_finite() {
            1.0 / v
        } else {
            0.0
        }
    };
    let without = points.iter().filter(|p| inverse(p) == 0.0).count() as u64;
    assert!(without > 5);
    for correction in EdgeCorrection::ALL {
        let overlap = Overlap::of(&window, 41.0, &Workers::new(1).unwrap()).unwrap();
        let want = RADII.map(|r| {
            let (mut sum, mut all) = (0.0, 0.0);
            let mut edges = Vec::new();
            for (i, a) in points.iter().enumerate() {
                let far = window.border_distance(*a) >= r;
                if correction != EdgeCorrection::Border || far {
                    all += inverse(a);
                }
                let inside = window.look(*a, &mut edges);
                for (j, b) in points.iter().enumerate() {
                    let d = f64::hypot(a[0] - b[0], a[1] - b[1]);
                    if i == j || d > r {
                        continue;
                    }
                    let weight = match correction {
                        EdgeCorrection::None => 1.0,
                        EdgeCorrection::Border => f64::from(u8::from(far)),
                        EdgeCorrection::Translation => overlap.weight(b[0] - a[0], b[1] - a[1]),
                        EdgeCorrection::Isotropic if d == 0.0 => 1.0,
                        EdgeCorrection::Isotropic => {
                            1.0 / Window::share(inside, &edges, d).max(0.01)
                        }
                    };
                    sum += weight * inverse(a) * inverse(b);
                }
            }
            sum / all
        });
        let ripley = Ripley::new(&RADII).correction(correction);
        let found = ripley.intensity(raster()).run(&seen, &area).unwrap();
        same(&found.k, &want, 1e-11);
        assert_eq!(found.without_intensity, without);
    }
}

/// Some on one spot, some on the border.
fn with_shared_places(area: &StudyArea) -> Vec<[f64; 2]> {
    let mut points = thrown(90, area, 3);
    let again = [points[4], points[4], points[9], points[20]];
    points.extend(again);
    points
}

#[test]
fn all_corrections_are_those_of_the_definition() {
    // Few edges in reach, many, and a spike of which a circle leaves next to nothing.
    let spike = [[3.0, 0.02], [4.0, 0.03], [24.0, 0.2], [34.0, 0.3]];
    for (area, more) in [
        (rectangle(170.0, 120.0), &[][..]),
        (l_shape(), &[]),
        (lake(), &[]),
        (disc(80.0, 60), &[]),
        (wedge(), &spike),
    ] {
        let mut points = with_shared_places(&area);
        points.extend(more);
        let seen = incidents(&points);
        for correction in EdgeCorrection::ALL {
            let found = Ripley::new(&RADII)
                .correction(correction)
                .run(&seen, &area)
                .unwrap();
            same(&found.k, &plain(&points, &area, correction), 1e-11);
            same(
                &found.l,
                &found.k.iter().map(|k| (k / PI).sqrt()).collect::<Vec<_>>(),
                1e-14,
            );
        }
    }
}

#[test]
fn nothing_but_the_seed_matters() {
    let area = lake();
    let points = with_shared_places(&area);
    let mut back = points.clone();
    back.reverse();
    for correction in EdgeCorrection::ALL {
        let ripley = Ripley::new(&RADII)
            .correction(correction)
            .simulations(39)
            .seed(4);
        let run = |points: &[[f64; 2]], threads| {
            let workers = Workers::new(threads).unwrap();
            ripley
                .run_with(&incidents(points), &area, &workers)
                .unwrap()
        };
        let found = run(&points, 1);
        assert_eq!(format!("{found:?}"), format!("{:?}", run(&points, 3)));
        assert_eq!(format!("{found:?}"), format!("{:?}", run(&back, 2)));
    }
}

#[test]
fn a_pair_is_weighted_by_hand() {
    // 40 m apart along the middle of a square of 1 km², 10 m and 50 m from a side.
    let area = rectangle(1000.0, 1000.0);
    let seen = incidents(&[[10.0, 500.0], [50.0, 500.0]]);
    let k = |correction| {
        let ripley = Ripley::new(&[39.0, 40.0, 45.0]).correction(correction);
        ripley.run(&seen, &area).unwrap().k
    };
    assert_eq!(k(EdgeCorrection::None), [0.0, 1e6, 1e6]);
    let isotropic = 1e6 / 2.0 * (1.0 / (1.0 - f64::acos(0.25) / PI) + 1.0);
    same(
        &k(EdgeCorrection::Isotropic),
        &[0.0, isotropic, isotropic],
        1e-14,
    );
    same(
        &k(EdgeCorrection::Translation),
        &[0.0, 1e6 / 0.96, 1e6 / 0.96],
        1e-14,
    );
    // Only the one 50 m away from the border counts.
    assert_eq!(k(EdgeCorrection::Border), [0.0, 1e6, 1e6]);
    let far = Ripley::new(&[60.0])
        .correction(EdgeCorrection::Border)
        .run(&seen, &area)
        .unwrap();
    assert!(far.k[0].is_nan());
}

#[test]
fn corrections_are_without_bias() {
    // 400 patterns of 60: a mean within four standard errors, and without a correction below it.
    let area = lake();
    let workers = Workers::new(1).unwrap();
    let radii = [8.0, 16.0, 24.0];
    for correction in EdgeCorrection::ALL {
        // What is the same for all patterns is made once; the first is checked against a run.
        let counting = Counting::new(&area, &radii, correction, None, &workers).unwrap();
        let k = |points: &[[f64; 2]]| -> Vec<f64> {
            let counted = counting.of::<1>(Places::merged(points), &workers).unwrap();
            let mut sum = 0.0;
            let by_bin = counted.sums.iter().zip(&counted.scale);
            by_bin
                .map(|([pairs], scale)| {
                    sum += pairs;
                    sum * scale
                })
                .collect()
        };
        let curves: Vec<Vec<f64>> = (0..400).map(|seed| k(&thrown(60, &area, seed))).collect();
        let ripley = Ripley::new(&radii).correction(correction);
        let first = incidents(&thrown(60, &area, 0));
        same(
            &ripley.run_with(&first, &area, &workers).unwrap().k,
            &curves[0],
            1e-14,
        );
        for (k, r) in radii.iter().enumerate() {
            let defined = || curves.iter().map(|c| c[k]).filter(|v| v.is_finite());
            let n = defined().count() as f64;
            assert!(n > 390.0, "{correction:?} {r} {n}");
            let mean = defined().sum::<f64>() / n;
            let variance = defined().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
            let away = (mean - PI * r * r) / (variance / n).sqrt();
            if correction == EdgeCorrection::None {
                assert!(away < -4.0, "{r} {away}");
            } else {
                assert!(away.abs() < 4.0, "{correction:?} {r} {away}");
            }
        }
    }
}

#[test]
fn chance_is_found_out_as_often_as_said() {
    // p of 300 patterns thrown at random: 10 % are at most 0.1, within four standard errors.
    let area = l_shape();
    let workers = Workers::new(1).unwrap();
    let ripley = Ripley::new(&[5.0, 10.0, 20.0, 40.0]).simulations(39);
    let mut below = [0; 3];
    for seed in 0..300 {
        let seen = incidents(&thrown(40, &area, 1000 + seed));
        let found = ripley
            .clone()
            .seed(seed)
            .run_with(&seen, &area, &workers)
            .unwrap();
        let envelope = found.envelope.unwrap();
        let p = [envelope.p_mad, envelope.p_dclf, envelope.p_rank];
        for (below, p) in below.iter_mut().zip(p) {
            *below += u32::from(p <= 0.1);
        }
    }
    for below in below {
        assert!(
            (f64::from(below) - 30.0).abs() < 4.0 * 27f64.sqrt(),
            "{below}"
        );
    }
}

#[test]
fn clusters_and_what_keeps_apart_are_told_apart() {
    let area = rectangle(1000.0, 1000.0);
    let parents = thrown(20, &rectangle(900.0, 900.0), 2);
    let mut random = stream(6, 0);
    let mut clustered = Vec::new();
    for parent in &parents {
        for _ in 0..5 {
            let mut off = || 50.0 + 20.0 * (random.random::<f64>() - 0.5);
            clustered.push([parent[0] + off(), parent[1] + off()]);
        }
    }
    let lattice: Vec<[f64; 2]> = (0..100)
        .map(|k| {
            [
                50.0 + 100.0 * f64::from(k % 10),
                50.0 + 100.0 * f64::from(k / 10),
            ]
        })
        .collect();
    let ripley = Ripley::new(&[10.0, 25.0, 50.0, 90.0])
        .simulations(199)
        .seed(1);
    for (points, above) in [(clustered, true), (lattice, false)] {
        let found = ripley.run(&incidents(&points), &area).unwrap();
        let envelope = found.envelope.unwrap();
        assert_eq!((envelope.p_mad, envelope.p_rank), (0.005, 0.005));
        assert_eq!(found.l[1] > envelope.global_high[1], above);
        assert_eq!(found.l[1] < envelope.global_low[1], !above);
    }
}

#[test]
fn an_uneven_intensity_is_no_clustering() {
    // Four of five on the western half.
    let area = rectangle(200.0, 100.0);
    let mut random = stream(1, 9);
    let points: Vec<[f64; 2]> = (0..200)
        .map(|k| {
            let x = 100.0 * random.random::<f64>() + if k % 5 == 0 { 100.0 } else { 0.0 };
            [x, 100.0 * random.random::<f64>()]
        })
        .collect();
    let seen = incidents(&points);
    let radii = [5.0, 10.0, 20.0];
    let plain = Ripley::new(&radii).run(&seen, &area).unwrap();
    assert!(plain.k[2] > 1.2 * PI * 400.0);
    let bounds = Bounds::new(0.0, 0.0, 199.0, 99.0);
    let grid = Grid::covering(bounds, 100.0, Crs::PLANAR).unwrap();
    let values = Array2::from_shape_vec((1, 2), vec![16_000.0, 4_000.0]).unwrap();
    let cells = Intensity::Cells { grid, values };
    for intensity in [cells, Intensity::Kernel { bandwidth: 60.0 }] {
        let ripley = Ripley::new(&radii).intensity(intensity).simulations(99);
        let found = ripley.run(&seen, &area).unwrap();
        assert!(
            (found.k[2] / (PI * 400.0) - 1.0).abs() < 0.12,
            "{:?}",
            found.k
        );
        assert!(found.envelope.unwrap().p_mad > 0.05);
    }
}

#[test]
fn kernels_of_the_others_are_added_by_hand() {
    // Far from the border: one other at 30 m, one incident alone.
    let area = rectangle(2000.0, 2000.0);
    let seen = incidents(&[[900.0, 1000.0], [930.0, 1000.0], [1500.0, 300.0]]);
    let ripley = Ripley::new(&[40.0]).intensity(Intensity::Kernel { bandwidth: 100.0 });
    let found = ripley.run(&seen, &area).unwrap();
    assert_eq!(found.without_intensity, 1);
    assert!(found.warnings.iter().any(|w| w.message.contains("1 of 3")));
    // λ is 3/(π 100²) (1 − 0.3²)² at both: K = 2/λ² over 2/λ.
    let intensity = 3.0 / (PI * 1e4) * (1.0f64 - 0.09).powi(2);
    same(&found.k, &[1.0 / intensity], 1e-12);
    // Two that have an intensity are enough, however many have none.
    let more = [
        [900.0, 1000.0],
        [930.0, 1000.0],
        [1500.0, 300.0],
        [300.0, 300.0],
    ];
    let more = [&more[..], &[[300.0, 1500.0], [1500.0, 1500.0]]].concat();
    let lonely = ripley.run(&incidents(&more), &area).unwrap();
    assert_eq!(lonely.without_intensity, 4);
    same(&lonely.k, &found.k, 1e-12);
}

#[test]
fn labels_dealt_anew_know_where_reports_are() {
    // Reports gather in one corner whatever their kind.
    let area = rectangle(1000.0, 1000.0);
    let corner = thrown(300, &rectangle(250.0, 250.0), 3);
    let (cases, others) = (incidents(&corner[..100]), incidents(&corner[100..]));
    let ripley = Ripley::new(&[10.0, 20.0, 40.0]).simulations(99);
    let anywhere = ripley.run(&cases, &area).unwrap();
    assert_eq!(anywhere.envelope.unwrap().p_mad, 0.01);
    let among = ripley.run_among(&cases, &others, &area).unwrap();
    assert!(among.envelope.unwrap().p_mad > 0.05);
    let cells = Intensity::Kernel { bandwidth: 9.0 };
    assert!(
        ripley
            .intensity(cells)
            .run_among(&cases, &others, &area)
            .is_err()
    );
}

#[test]
fn what_a_reader_must_know_is_said() {
    let area = rectangle(100.0, 100.0);
    let mut points = thrown(10, &area, 1);
    points.extend([[50.0, 50.0], [50.0, 50.0], [500.0, 50.0]]);
    let found = Ripley::new(&[10.0, 30.0])
        .run(&incidents(&points), &area)
        .unwrap();
    let codes: Vec<_> = found.warnings.iter().map(|w| w.code).collect();
    assert_eq!(
        codes,
        [
            WarningCode::OutsideAllAreas,
            WarningCode::TooFewIncidents,
            WarningCode::SharedPlaces,
            WarningCode::Radii
        ]
    );
    assert_eq!((found.incidents, found.outside), (12, 1));
}

/// From where on something is said: one fewer, one nearer, one more.
#[test]
fn warnings_begin_where_they_are_meant_to() {
    let area = rectangle(400.0, 200.0);
    let said = |n: usize, shared: usize, reach: f64, code: WarningCode| {
        let mut points = thrown(n - shared, &area, 4);
        for k in 0..shared {
            points.push(points[k]);
        }
        let seen = incidents(&points);
        let found = Ripley::new(&[reach])
            .correction(EdgeCorrection::None)
            .run(&seen, &area)
            .unwrap();
        let of_code = found.warnings.into_iter().find(|w| w.code == code);
        of_code.map(|w| w.value)
    };
    let few = WarningCode::TooFewIncidents;
    assert_eq!(said(19, 0, 9.0, few), Some(Some(19.0)));
    assert_eq!(said(20, 0, 9.0, few), None);
    // Two of 199 are more than one in a hundred, two of 200 are not.
    assert_eq!(
        said(199, 1, 9.0, WarningCode::SharedPlaces),
        Some(Some(2.0))
    );
    assert_eq!(said(200, 1, 9.0, WarningCode::SharedPlaces), None);
    assert_eq!(said(30, 0, 50.0, WarningCode::Radii), None);
    assert_eq!(said(30, 0, 50.5, WarningCode::Radii), Some(Some(50.5)));
}

#[test]
fn what_has_no_meaning_is_refused() {
    let area = rectangle(100.0, 100.0);
    let seen = incidents(&thrown(10, &area, 1));
    for radii in [
        &[][..],
        &[0.0],
        &[-1.0, 2.0],
        &[2.0, 1.0],
        &[1.0, 1.0],
        &[1.0, f64::NAN],
    ] {
        let refused = Ripley::new(radii).run(&seen, &area);
        assert!(
            matches!(refused, Err(Error::Parameter { name: "radii", .. })),
            "{radii:?}"
        );
    }
    let few = Ripley::new(&[1.0]).simulations(10).run(&seen, &area);
    assert!(matches!(
        few,
        Err(Error::Parameter {
            name: "simulations",
            ..
        })
    ));
    let one = Ripley::new(&[1.0]).run(&incidents(&[[1.0, 1.0], [-9.0, 0.0]]), &area);
    assert!(one.unwrap_err().to_string().contains("1 of 2"));
    let nothing = Intensity::Kernel { bandwidth: 0.01 };
    let none = Ripley::new(&[1.0]).intensity(nothing).run(&seen, &area);
    assert!(none.unwrap_err().to_string().contains("10 of 10"));
}
