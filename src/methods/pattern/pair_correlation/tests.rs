use ndarray::Array2;

use super::super::tests::{incidents, lake, thrown};
use super::super::window::Window;
use super::*;
use crate::model::{Bounds, Crs, Grid};

const RADII: [f64; 4] = [0.0, 3.0, 12.0, 30.0];
const H: f64 = 5.0;

/// g by its definition, with isotropic weights.
fn plain(points: &[[f64; 2]], area: &StudyArea, over_distance: bool) -> Vec<f64> {
    let (n, m2) = (points.len() as f64, area.km2() * 1e6);
    let window = Window::new(area, 200.0);
    let mut seen = Vec::new();
    RADII
        .iter()
        .map(|&r| {
            let mut sum = 0.0;
            for (i, a) in points.iter().enumerate() {
                let inside = window.look(*a, &mut seen);
                for (j, b) in points.iter().enumerate() {
                    let d = f64::hypot(b[0] - a[0], b[1] - a[1]);
                    if i == j || (r - d).abs() >= H || over_distance && d == 0.0 {
                        continue;
                    }
                    let share = if d > 0.0 {
                        Window::share(inside, &seen, d)
                    } else {
                        1.0
                    };
                    let kernel = 0.75 / H * (1.0 - ((r - d) / H).powi(2));
                    sum += kernel / share / TAU / if over_distance { d } else { r };
                }
            }
            m2 * sum / (n * (n - 1.0))
        })
        .collect()
}

#[test]
fn it_is_the_definition() {
    let area = lake();
    let mut points = thrown(120, &area, 7);
    points.push(points[3]);
    let g = PairCorrelation::new(&RADII).bandwidth(H);
    for (g, over_distance) in [(g.clone(), false), (g.over_distance(), true)] {
        let found = g.run(&incidents(&points), &area).unwrap();
        assert!(found.g[0].is_nan());
        for (f, e) in found.g[1..]
            .iter()
            .zip(&plain(&points, &area, over_distance)[1..])
        {
            assert!((f / e - 1.0).abs() < 1e-10, "{over_distance} {f} {e}");
        }
        let said = found
            .warnings
            .iter()
            .any(|w| w.message.contains("left out"));
        assert_eq!(said, over_distance);
    }
}

#[test]
fn chance_has_one() {
    let area = lake();
    let g = PairCorrelation::new(&[15.0, 25.0]).simulations(199).seed(2);
    let found = g.run(&incidents(&thrown(200, &area, 2)), &area).unwrap();
    let envelope = found.envelope.unwrap();
    assert!(
        envelope.mean.iter().all(|m| (m - 1.0).abs() < 0.02),
        "{:?}",
        envelope.mean
    );
    assert!(envelope.p_dclf > 0.05 && envelope.p_dclf <= 1.0);
    // Stoyan: 0.15 over the root of the density.
    let density = 200.0 / (area.km2() * 1e6);
    assert!((found.bandwidth - 0.15 / density.sqrt()).abs() < 1e-12);
}

/// A constant intensity is that of complete randomness but for n in the place of n − 1.
#[test]
fn a_constant_intensity_is_no_other_question() {
    let area = lake();
    let points = thrown(90, &area, 6);
    let (n, outside) = (90.0, [-50.0, -50.0]);
    let seen = incidents(&[&points[..], &[outside]].concat());
    let grid = Grid::covering(Bounds::new(0.0, 0.0, 159.0, 149.0), 80.0, Crs::PLANAR).unwrap();
    let values = Array2::from_elem((grid.rows(), grid.cols()), n / area.km2());
    let plain = PairCorrelation::new(&RADII).bandwidth(H);
    let even = plain.clone().intensity(Intensity::Cells { grid, values });
    let (plain, even) = (
        plain.run(&seen, &area).unwrap(),
        even.run(&seen, &area).unwrap(),
    );
    for (one, other) in plain.g[1..].iter().zip(&even.g[1..]) {
        assert!(
            (one * (n - 1.0) / n / other - 1.0).abs() < 1e-10,
            "{one} {other}"
        );
    }
    assert_eq!(
        (even.incidents, even.outside, even.without_intensity),
        (90, 1, 0)
    );
    let repeats = PairCorrelation::new(&RADII)
        .bandwidth(H)
        .simulations(39)
        .run_among(&seen, &seen, &area);
    // Others at the same places: half of the pool is drawn, with pairs on one place.
    assert!(repeats.unwrap().envelope.unwrap().mean[1] > plain.g[1]);
}

#[test]
fn the_border_correction_is_refused() {
    let area = lake();
    let seen = incidents(&thrown(30, &area, 2));
    let border = PairCorrelation::new(&RADII).correction(EdgeCorrection::Border);
    assert!(border.run(&seen, &area).is_err());
    for metres in [-1.0, 0.0, f64::INFINITY, f64::NAN] {
        let g = PairCorrelation::new(&RADII).bandwidth(metres);
        assert!(g.run(&seen, &area).is_err(), "{metres}");
    }
    let g = PairCorrelation::new(&RADII).intensity(Intensity::Kernel { bandwidth: 30.0 });
    assert!(g.run_among(&seen, &seen, &area).is_err());
    let nothing = Intensity::Kernel { bandwidth: 0.0 };
    assert!(
        PairCorrelation::new(&RADII)
            .intensity(nothing)
            .run(&seen, &area)
            .is_err()
    );
    assert!(PairCorrelation::new(&[2.0, 1.0]).run(&seen, &area).is_err());
}
