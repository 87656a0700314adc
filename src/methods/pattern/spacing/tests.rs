use super::super::tests::{incidents, lake, rectangle, thrown};
use super::*;

const RADII: [f64; 4] = [0.0, 4.0, 9.0, 15.0];

#[test]
fn they_are_the_definition() {
    let area = lake();
    let mut points = thrown(80, &area, 5);
    points.push(points[3]);
    let window = Window::new(&area, 1e3);
    let nearest = |at: [f64; 2], but: Option<usize>| {
        let others = points.iter().enumerate().filter(|(i, _)| Some(*i) != but);
        others
            .map(|(_, p)| f64::hypot(p[0] - at[0], p[1] - at[1]))
            .fold(f64::INFINITY, f64::min)
    };
    let from = |at: &[[f64; 2]], own: bool| -> Vec<(f64, f64)> {
        let next = |(i, p): (usize, &[f64; 2])| {
            (nearest(*p, own.then_some(i)), window.border_distance(*p))
        };
        at.iter().enumerate().map(next).collect()
    };
    let (g, f) = (from(&points, true), from(&lattice(&area, 500), false));
    let share = |next: &[(f64, f64)], r: f64, correction| match correction {
        SpacingCorrection::None => {
            next.iter().filter(|(d, _)| *d <= r).count() as f64 / next.len() as f64
        }
        SpacingCorrection::Border => {
            let kept = next.iter().filter(|(_, b)| *b >= r);
            kept.clone().filter(|(d, _)| *d <= r).count() as f64 / kept.count() as f64
        }
        SpacingCorrection::KaplanMeier => {
            let mut times: Vec<f64> = next.iter().filter(|(d, b)| d <= b).map(|n| n.0).collect();
            times.retain(|t| *t <= r);
            times.sort_by(f64::total_cmp);
            times.dedup();
            let left = times.iter().map(|t| {
                let at_risk = next.iter().filter(|(d, b)| d.min(*b) >= *t).count() as f64;
                let met = next.iter().filter(|(d, b)| d <= b && d == t).count() as f64;
                1.0 - met / at_risk
            });
            1.0 - left.product::<f64>()
        }
    };
    for correction in SpacingCorrection::ALL {
        let spacing = Spacing::new(&RADII).correction(correction).lattice(500);
        let found = spacing.run(&incidents(&points), &area).unwrap();
        for (k, r) in RADII.iter().enumerate() {
            let (g, f) = (share(&g, *r, correction), share(&f, *r, correction));
            assert!((found.g[k] - g).abs() < 1e-12, "{correction:?} {r} {g}");
            assert!((found.f[k] - f).abs() < 1e-12, "{correction:?} {r} {f}");
            assert!((found.j[k] - (1.0 - g) / (1.0 - f)).abs() < 1e-9);
        }
    }
}

#[test]
fn chance_keeps_its_own_distance() {
    let area = rectangle(300.0, 200.0);
    let spacing = Spacing::new(&[3.0, 6.0, 9.0])
        .simulations(199)
        .lattice(2000)
        .seed(3);
    let found = spacing
        .run(&incidents(&thrown(250, &area, 4)), &area)
        .unwrap();
    let (g, f, j) = (
        found.g_envelope.unwrap(),
        found.f_envelope.unwrap(),
        found.j_envelope.unwrap(),
    );
    for (k, r) in [3.0, 6.0, 9.0].iter().enumerate() {
        let expected = 1.0 - (-250.0 / 60_000.0 * std::f64::consts::PI * r * r).exp();
        assert!(
            (g.mean[k] / expected - 1.0).abs() < 0.02,
            "{} {expected}",
            g.mean[k]
        );
        assert!(
            (f.mean[k] / expected - 1.0).abs() < 0.02,
            "{} {expected}",
            f.mean[k]
        );
        assert!((j.mean[k] - 1.0).abs() < 0.05);
    }
    assert!(g.p_mad > 0.05 && f.p_mad > 0.05);
}

#[test]
fn threads_do_not_matter() {
    let area = lake();
    let seen = incidents(&thrown(60, &area, 5));
    let spacing = Spacing::new(&RADII).simulations(39).lattice(300);
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        format!("{:?}", spacing.run_with(&seen, &area, &workers).unwrap())
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn a_lattice_of_nothing_is_refused() {
    let area = lake();
    let seen = incidents(&thrown(30, &area, 2));
    for points in [0, (1 << 24) + 1] {
        assert!(
            Spacing::new(&RADII)
                .lattice(points)
                .run(&seen, &area)
                .is_err(),
            "{points}"
        );
    }
    assert!(Spacing::new(&[2.0, 1.0]).run(&seen, &area).is_err());
    for correction in SpacingCorrection::ALL {
        assert_eq!(
            SpacingCorrection::named(correction.name()).unwrap(),
            correction
        );
    }
    assert!(SpacingCorrection::named("isotropic").is_err());
}

/// All of a town within reach of one; what is left over nothing is not known.
#[test]
fn where_nothing_is_left_j_is_not_known() {
    let area = rectangle(10.0, 10.0);
    let seen = incidents(&[[2.0, 2.0], [8.0, 8.0], [50.0, 2.0]]);
    let spacing = Spacing::new(&[1.0, 20.0]).correction(SpacingCorrection::None);
    let found = spacing.lattice(100).run(&seen, &area).unwrap();
    assert_eq!((found.lattice, found.incidents, found.outside), (100, 2, 1));
    assert_eq!((&found.g[..], found.f[1]), (&[0.0, 1.0][..], 1.0));
    // Lattice points at 1.5 and 2.5 to either side: four around each incident.
    assert_eq!(found.f[0], 0.08);
    assert!(found.j[1].is_nan() && (found.j[0] - 1.0 / 0.92).abs() < 1e-12);
    // Wider than high: as many to the kilometre either way.
    let points = lattice(&rectangle(80.0, 20.0), 400);
    assert_eq!(
        (points.len(), points[0], points[399]),
        (400, [1.0, 1.0], [79.0, 19.0])
    );
}
