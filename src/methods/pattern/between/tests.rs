use super::super::correction::EdgeCorrection;
use super::super::tests::{incidents, lake, rectangle, thrown};
use super::super::window::Window;
use super::*;
use crate::model::WarningCode;

const RADII: [f64; 3] = [5.0, 15.0, 30.0];

#[test]
fn it_is_the_mean_of_both_ways() {
    let area = lake();
    let (mut one, other) = (thrown(60, &area, 3), thrown(80, &area, 4));
    one.push(other[0]);
    let window = Window::new(&area, 200.0);
    let share = |at: [f64; 2], d: f64| {
        let mut seen = Vec::new();
        let inside = window.look(at, &mut seen);
        if d > 0.0 {
            Window::share(inside, &seen, d)
        } else {
            1.0
        }
    };
    let (m, n, m2) = (61.0, 80.0, area.km2() * 1e6);
    let found = Ripley::new(&RADII);
    let isotropic = found
        .run_between(&incidents(&one), &incidents(&other), &area)
        .unwrap();
    let border = found
        .clone()
        .correction(EdgeCorrection::Border)
        .run_between(&incidents(&one), &incidents(&other), &area)
        .unwrap();
    for (k, r) in RADII.iter().enumerate() {
        let (mut circles, mut kept) = (0.0, 0.0);
        let far = |p: [f64; 2]| f64::from(u8::from(window.border_distance(p) >= *r));
        for a in &one {
            for b in &other {
                let d = f64::hypot(a[0] - b[0], a[1] - b[1]);
                if d <= *r {
                    circles += 1.0 / share(*a, d) + 1.0 / share(*b, d);
                    kept += far(*a) + far(*b);
                }
            }
        }
        let count = |points: &[[f64; 2]]| points.iter().map(|p| far(*p)).sum::<f64>();
        let expected = m2 * circles / (2.0 * m * n);
        assert!((isotropic.k[k] / expected - 1.0).abs() < 1e-9);
        let expected = m2 * kept / (count(&one) * n + count(&other) * m);
        assert!((border.k[k] / expected - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_seeks_the_other_is_told_from_what_only_lies_there() {
    let area = rectangle(1000.0, 1000.0);
    let bars = thrown(60, &area, 1);
    let near: Vec<[f64; 2]> = bars
        .iter()
        .map(|p| [(p[0] + 6.0).min(999.0), (p[1] + 5.0).min(999.0)])
        .collect();
    let ripley = Ripley::new(&[10.0, 20.0]).simulations(99).seed(2);
    let run = |other: &[[f64; 2]]| {
        let workers = Workers::new(1).unwrap();
        let (one, other) = (incidents(&bars), incidents(other));
        ripley
            .run_between_with(&one, &other, &area, &workers)
            .unwrap()
            .envelope
            .unwrap()
    };
    assert_eq!(run(&near).p_mad, 0.01);
    // Both kinds in one corner, without regard to each other.
    let corner = thrown(200, &rectangle(200.0, 200.0), 5);
    let (one, other) = corner.split_at(80);
    let found = ripley
        .run_between(&incidents(one), &incidents(other), &area)
        .unwrap();
    assert!(found.k[0] > 5.0 * 314.0 && found.envelope.unwrap().p_mad > 0.05);
}

#[test]
fn both_kinds_are_needed() {
    let area = lake();
    let (one, nobody) = (incidents(&thrown(9, &area, 3)), incidents(&[[-5.0, -5.0]]));
    let refused = Ripley::new(&RADII).run_between(&one, &nobody, &area);
    assert!(refused.unwrap_err().to_string().contains("0 of 1"));
    let kernel = Intensity::Kernel { bandwidth: 30.0 };
    let refused = Ripley::new(&RADII)
        .intensity(kernel)
        .run_between(&one, &one, &area);
    assert!(refused.unwrap_err().to_string().contains("intensity"));
    assert!(
        Ripley::new(&[2.0, 1.0])
            .run_between(&one, &one, &area)
            .is_err()
    );
    let some = incidents(&[[30.0, 30.0], [-5.0, -5.0], [120.0, 40.0]]);
    let found = Ripley::new(&RADII).run_between(&one, &some, &area).unwrap();
    assert_eq!(
        (found.incidents, found.outside, found.envelope),
        (11, 1, None)
    );
    assert_eq!(
        found.l,
        found
            .k
            .iter()
            .map(|k| (k / std::f64::consts::PI).sqrt())
            .collect::<Vec<_>>()
    );
    let codes: Vec<_> = found.warnings.iter().map(|w| w.code).collect();
    assert_eq!(
        codes,
        [WarningCode::OutsideAllAreas, WarningCode::TooFewIncidents]
    );
}
