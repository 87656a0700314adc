use std::f64::consts::PI;

use rand::RngExt;

use super::*;
use crate::model::Crs;

/// Clustered incidents, some of them three to an address.
fn points() -> Vec<(f64, f64)> {
    let mut random = crate::random::stream(5, 0);
    let mut out: Vec<(f64, f64)> = (0..60)
        .map(|i| {
            let spread = if i % 3 == 0 { 2000.0 } else { 300.0 };
            let mut around = |middle: f64| middle + spread * (random.random::<f64>() - 0.5);
            (around(143_000.0), around(487_000.0))
        })
        .collect();
    for k in 0..5 {
        out.extend([out[7 * k]; 2]);
    }
    out
}

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::RD_NEW).build().unwrap()
}

fn gauss(a: (f64, f64), b: (f64, f64), h: f64) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (-(dx * dx + dy * dy) / (2.0 * h * h)).exp() / (2.0 * PI * h * h) * 1e6
}

/// Every score, incident by incident as it is defined.
fn plainly(selector: Selector, points: &[(f64, f64)], h: f64) -> f64 {
    let n = points.len() as f64;
    let all = || points.iter().copied();
    let elsewhere = |p: (f64, f64)| all().filter(move |q| *q != p);
    let bounds = Bounds::around(all()).unwrap();
    let (a, b) = (bounds.width(), bounds.height());
    match selector {
        Selector::Scott => f64::NAN,
        Selector::Lscv => {
            let squares: f64 = all()
                .flat_map(|p| all().map(move |q| gauss(p, q, h * 2f64.sqrt())))
                .sum();
            let left_out: f64 = all()
                .map(|p| {
                    let others = elsewhere(p).count() as f64;
                    elsewhere(p).map(|q| gauss(p, q, h)).sum::<f64>() / others
                })
                .sum();
            squares / (n * n) - 2.0 * left_out / n
        }
        Selector::Likelihood => {
            let log: f64 = all()
                .map(|p| elsewhere(p).map(|q| gauss(p, q, h)).sum::<f64>().ln())
                .sum();
            log - n
        }
        Selector::CronieVanLieshout => {
            let inverse: f64 = all()
                .map(|p| 1.0 / all().map(|q| gauss(p, q, h)).sum::<f64>())
                .sum();
            (a * b / 1e6 - inverse).powi(2)
        }
        Selector::Diggle => {
            let intensity = n / (a * b);
            let (mut k, mut integral) = (0.0, 0.0);
            for (p, q) in all().flat_map(|p| elsewhere(p).map(move |q| (p, q))) {
                let s = (p.0 - q.0).hypot(p.1 - q.1);
                let shared = a * b - 2.0 * s * (a + b) / PI + s * s / PI;
                let step = (a * b).powi(2) / (n * (n - 1.0) * shared);
                if s <= h {
                    k += step;
                }
                if s < 2.0 * h {
                    let common = 2.0 * h * h * (s / (2.0 * h)).acos()
                        - s / 2.0 * (4.0 * h * h - s * s).sqrt();
                    integral += common * step;
                }
            }
            (1.0 / intensity - 2.0 * k) / (PI * h * h) + integral / (PI * h * h).powi(2)
        }
    }
}

#[test]
fn scores_are_the_sums_they_are_defined_as() {
    let points = points();
    let candidates: Vec<f64> = vec![20.0, 45.0, 100.0, 220.0, 480.0];
    for selector in Selector::ALL {
        let found = BandwidthSelection::new(selector)
            .candidates(candidates.clone())
            .run(&incidents(&points))
            .unwrap();
        if selector == Selector::Scott {
            assert!(found.scores[0].is_nan() && !found.at_boundary);
            continue;
        }
        assert_eq!(found.candidates, candidates);
        for (h, got) in candidates.iter().zip(&found.scores) {
            let want = plainly(selector, &points, *h);
            let scale = want.abs().max(1e-6);
            assert!(
                (got - want).abs() < 1e-9 * scale,
                "{} {h} {got} {want}",
                selector.name()
            );
        }
        let sign = if selector == Selector::Likelihood {
            -1.0
        } else {
            1.0
        };
        let best =
            (0..5).min_by(|&i, &j| (sign * found.scores[i]).total_cmp(&(sign * found.scores[j])));
        assert_eq!(found.bandwidth, candidates[best.unwrap()]);
        assert!(
            found.warnings.iter().any(|w| w.value == Some(15.0 / 70.0)),
            "ties are told"
        );
    }
}

#[test]
fn scott_equals_the_formula_and_the_golden_factor() {
    let golden: serde_json::Value = serde_json::from_str(include_str!(
        "../../../../data/golden/definitions_golden.json"
    ))
    .unwrap();
    let factor = golden["scott2d_factor_n1000"].as_f64().unwrap();
    // 0, 1, …, 999 along x and three times as far along y: the quartiles are 499.5 apart and the
    // standard deviation is the square root of 1000·1001/12.
    let points: Vec<_> = (0..1000)
        .map(|i| (f64::from(i), 3.0 * f64::from(i * 377 % 1000)))
        .collect();
    let found = BandwidthSelection::new(Selector::Scott)
        .run(&incidents_planar(&points))
        .unwrap();
    let sd = (1000.0f64 * 1001.0 / 12.0).sqrt().min(499.5 / 1.349);
    let want = factor * (sd * sd * (1.0 + 9.0) / 2.0).sqrt();
    assert!(
        (found.bandwidth / want - 1.0).abs() < 1e-12,
        "{} {want}",
        found.bandwidth
    );
    assert_eq!(found.equivalent(Kernel::Gaussian), found.bandwidth);
    let quartic = found.equivalent(Kernel::Quartic);
    assert!((quartic / found.bandwidth - 8f64.sqrt()).abs() < 1e-12);
}

fn incidents_planar(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// Every incident twice over: a rule that left out one of the two alone would choose the least
/// bandwidth there is.
#[test]
fn tied_incidents_do_not_collapse_the_bandwidth() {
    let once = points();
    let twice: Vec<_> = once.iter().chain(&once).copied().collect();
    for selector in Selector::ALL {
        let run = |p: &[(f64, f64)]| {
            BandwidthSelection::new(selector)
                .run(&incidents(p))
                .unwrap()
        };
        let found = run(&twice);
        assert!(
            found.bandwidth > 1.9 * found.candidates[0] || selector == Selector::Scott,
            "{}",
            selector.name()
        );
        if selector == Selector::Likelihood {
            // n^(-1/6) alone moves the candidates.
            let ratio = found.bandwidth / run(&once).bandwidth;
            assert!((0.7..1.3).contains(&ratio), "{ratio}");
        }
    }
}

#[test]
fn a_study_area_corrects_the_likelihood_and_leaves_out_what_lies_beyond() {
    use geo_types::{MultiPolygon, Rect, coord};
    let points = points();
    let box_of = |a: f64, b: f64, c: f64, d: f64| {
        let shape = Rect::new(coord! { x: a, y: b }, coord! { x: c, y: d }).to_polygon();
        let codes = vec!["a".to_owned()];
        let shapes = vec![MultiPolygon::new(vec![shape])];
        let hoods =
            crate::model::Neighbourhoods::new(codes.clone(), codes, shapes, Crs::RD_NEW).unwrap();
        StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
    };
    let (west, south, east, north) = (142_900.0, 486_700.0, 143_400.0, 487_200.0);
    let inside: Vec<_> = points
        .iter()
        .copied()
        .filter(|p| p.0 > west && p.0 < east && p.1 > south && p.1 < north)
        .collect();
    let h = 90.0;
    let select = |s| {
        BandwidthSelection::new(s)
            .candidates(vec![h, 2.0 * h])
            .within(box_of(west, south, east, north))
    };
    let found = select(Selector::Likelihood)
        .run(&incidents(&points))
        .unwrap();
    assert!(
        found
            .warnings
            .iter()
            .any(|w| w.value == Some((points.len() - inside.len()) as f64))
    );
    let tail = crate::stats::normal_upper_tail;
    let mass = |p: (f64, f64)| {
        (tail((west - p.0) / h) - tail((east - p.0) / h))
            * (tail((south - p.1) / h) - tail((north - p.1) / h))
    };
    let want: f64 = inside
        .iter()
        .map(|p| {
            let others = inside.iter().filter(|q| *q != p);
            others
                .map(|q| gauss(*p, *q, h) / mass(*q))
                .sum::<f64>()
                .ln()
        })
        .sum::<f64>()
        - inside.len() as f64;
    assert!(
        (found.scores[0] / want - 1.0).abs() < 1e-10,
        "{} {want}",
        found.scores[0]
    );
    let cvl = select(Selector::CronieVanLieshout)
        .run(&incidents(&points))
        .unwrap();
    let inverse: f64 = inside
        .iter()
        .map(|p| 1.0 / inside.iter().map(|q| gauss(*p, *q, h)).sum::<f64>())
        .sum();
    assert!((cvl.scores[0] / (0.25 - inverse).powi(2) - 1.0).abs() < 1e-10);
    assert!(select(Selector::Diggle).run(&incidents(&points)).is_err());
}

#[test]
fn what_makes_no_sense_is_refused_and_floors_hold() {
    let some = incidents(&points());
    let lscv = BandwidthSelection::new(Selector::Lscv);
    for wrong in [
        vec![],
        vec![100.0, 50.0],
        vec![-1.0],
        vec![f64::NAN],
        vec![50.0, 50.0],
    ] {
        assert!(lscv.clone().candidates(wrong).run(&some).is_err());
    }
    assert!(lscv.clone().least(f64::NAN).run(&some).is_err());
    let floored = lscv.clone().least(100.0).run(&some).unwrap();
    assert!(floored.candidates[0] >= 100.0 && floored.candidates.len() > 1);
    assert_eq!(
        lscv.clone().least(1e6).run(&some).unwrap().candidates,
        [1e6]
    );
    let one_place = incidents(&[(143_000.0, 487_000.0); 9]);
    assert!(
        lscv.run(&one_place)
            .unwrap_err()
            .to_string()
            .contains("9 incidents on 1 place")
    );
    let apart = incidents(&[(143_000.0, 487_000.0), (144_000.0, 487_500.0)]);
    let likelihood = BandwidthSelection::new(Selector::Likelihood).candidates(vec![1.0, 2.0]);
    assert!(
        likelihood
            .run(&apart)
            .unwrap_err()
            .to_string()
            .contains("greater")
    );
    let wide = BandwidthSelection::new(Selector::Diggle).candidates(vec![1e5]);
    assert!(wide.run(&some).is_err());
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let some = incidents(&points());
    for selector in Selector::ALL {
        let run = |t| {
            let found =
                BandwidthSelection::new(selector).run_with(&some, &Workers::new(t).unwrap());
            format!("{:?}", found.unwrap())
        };
        assert!([2, 3, 7].into_iter().all(|t| run(t) == run(1)));
    }
}

/// What is done for many places is what is done for few.
#[test]
fn scores_of_many_places_are_the_same_sums() {
    let mut random = crate::random::stream(11, 0);
    let points: Vec<(f64, f64)> = (0..1_400)
        .map(|i| {
            use rand::RngExt;
            let side = if i % 3 == 0 { 4_000.0 } else { 600.0 };
            let mut corner = || (side * random.random::<f64>()).round();
            (143_000.0 + corner(), 486_000.0 + corner())
        })
        .collect();
    let candidates = vec![15.0, 60.0, 200.0, 700.0];
    for selector in Selector::ALL {
        let selection = BandwidthSelection::new(selector).candidates(candidates.clone());
        let found = selection.run(&incidents(&points)).unwrap();
        for (h, got) in found.candidates.iter().zip(&found.scores) {
            let want = if selector == Selector::Scott {
                continue;
            } else {
                plainly(selector, &points, *h)
            };
            assert!(
                (got - want).abs() < 1e-8 * want.abs().max(1e-6),
                "{} {h} {got} {want}",
                selector.name()
            );
        }
        let run = |threads| {
            let workers = Workers::new(threads).unwrap();
            selection.run_with(&incidents(&points), &workers).unwrap()
        };
        let bytes =
            |s: &SelectedBandwidth| s.scores.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert!(
            [1, 2, 3, 7]
                .into_iter()
                .all(|t| bytes(&run(t)) == bytes(&found))
        );
    }
}
