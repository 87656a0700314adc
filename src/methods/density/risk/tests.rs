use geo_types::{MultiPolygon, Rect, coord};
use ndarray::Array2;
use proptest::prelude::*;
use rand::RngExt;

use super::super::adaptive::{Adaptive, AdaptiveDensity};
use super::super::edge::Edge;
use super::super::estimate::KernelDensity;
use super::super::kernel::Kernel;
use super::*;
use crate::error::{Error, Fault};
use crate::index::StudyArea;
use crate::model::{Bounds, Crs, Incidents, Neighbourhoods, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Correction, normal_upper_tail};

type Points = Vec<(f64, f64)>;

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn weighted(points: &[(f64, f64)], weights: &[f64]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    let builder = Incidents::builder(x, y, Crs::PLANAR).weight(weights.to_vec());
    builder.build().unwrap()
}

fn cloud(n: usize, seed: u64) -> Points {
    let mut random = crate::random::stream(seed, 9);
    let mut one = || (998.0 * random.random::<f64>()).round() + 1.0;
    (0..n).map(|_| (one(), one())).collect()
}

fn square() -> StudyArea {
    let corners = (coord! { x: 0.0, y: 0.0 }, coord! { x: 1000.0, y: 1000.0 });
    let shapes = vec![MultiPolygon::new(vec![
        Rect::new(corners.0, corners.1).to_polygon(),
    ])];
    let codes = vec!["square".to_owned()];
    let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

/// Ten by ten cells of the square.
fn coarse(bandwidth: f64) -> RelativeRisk {
    let extent = Bounds::new(0.0, 0.0, 999.0, 999.0);
    RelativeRisk::new(bandwidth)
        .cell_size(100.0)
        .extent(extent)
        .floor(1e-9)
}

/// Kernels of the points at u, per square kilometre.
fn kernels(kernel: Kernel, h: &[f64], points: &[(f64, f64)], u: (f64, f64)) -> Vec<f64> {
    let each = points.iter().zip(h.iter().cycle());
    each.map(|((x, y), h)| {
        let v2 = ((x - u.0).powi(2) + (y - u.1).powi(2)) / (h * h);
        1e6 * kernel.value(v2) / (h * h)
    })
    .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn every_cell(surface: &RiskSurface) -> impl Iterator<Item = ((usize, usize), (f64, f64))> + '_ {
    let all = surface.log_ratio.indexed_iter();
    all.map(|(at, _)| (at, surface.grid.centre(at.0, at.1)))
}

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    let same = (got - want).abs() <= bound * want.abs().max(1.0);
    assert!(same || (got.is_nan() && want.is_nan()), "{got} {want}");
}

#[test]
fn columns_are_those_of_plain_sums() {
    let (cases, controls) = (cloud(30, 1), cloud(50, 2));
    for kernel in Kernel::ALL {
        let h = if kernel == Kernel::Gaussian {
            130.0
        } else {
            310.0
        };
        let risk = coarse(h)
            .kernel(kernel)
            .run(&incidents(&cases), &incidents(&controls));
        let risk = risk.unwrap();
        for (at, u) in every_cell(&risk) {
            let f = mean(&kernels(kernel, &[h], &cases, u));
            let g = mean(&kernels(kernel, &[h], &controls, u));
            if risk.reason[at].is_some() {
                assert!(g < 1e-9 && risk.log_ratio[at].is_nan() && risk.q[at].is_nan());
                continue;
            }
            close(risk.ratio[at], f / g, 1e-9);
            let log = f.max(1e-9).ln() - g.ln();
            close(risk.log_ratio[at], log, 1e-9);
            let pooled = (30.0 * f + 50.0 * g) / 80.0 / 1e6;
            let variance = kernel.roughness() * (1.0 / 30.0 + 1.0 / 50.0) / (h * h * pooled);
            let z = log / variance.sqrt();
            close(risk.z[at], z, 1e-9);
            close(risk.p_greater[at], normal_upper_tail(z), 1e-9);
            close(risk.p_less[at], normal_upper_tail(-z), 1e-9);
            close(risk.p[at], 2.0 * normal_upper_tail(z.abs()), 1e-9);
        }
    }
}

/// The form of sparr's `tol.asy.fix`, with the masses of normal kernels in a square.
#[test]
fn the_edge_enters_the_variance_as_published() {
    let (cases, controls) = (cloud(40, 3), cloud(60, 4));
    let h = 120.0;
    let risk = coarse(h)
        .kernel(Kernel::Gaussian)
        .within(square())
        .run(&incidents(&cases), &incidents(&controls))
        .unwrap();
    assert_eq!((risk.edge, risk.tests), (Edge::Uniform, 100));
    let along = |v: f64, h: f64| normal_upper_tail(-v / h) - normal_upper_tail((1000.0 - v) / h);
    for (at, u) in every_cell(&risk) {
        let inside = |h: f64| along(u.0, h) * along(u.1, h);
        let density =
            |points: &Points| mean(&kernels(Kernel::Gaussian, &[h], points, u)) / inside(h) / 1e6;
        let (f, g) = (density(&cases), density(&controls));
        let pooled = 0.4 * f + 0.6 * g;
        let r =
            inside(h / std::f64::consts::SQRT_2) / (4.0 * std::f64::consts::PI * inside(h).powi(2));
        let z = (f / g).ln() / (r * (1.0 / 40.0 + 1.0 / 60.0) / (h * h * pooled)).sqrt();
        close(risk.z[at], z, 1e-9);
    }
}

/// All ways to choose `k` of `n`.
fn subsets(n: usize, k: usize) -> Vec<Vec<usize>> {
    let all = (0u32..1 << n).filter(|bits| bits.count_ones() as usize == k);
    all.map(|bits| (0..n).filter(|i| bits >> i & 1 == 1).collect())
        .collect()
}

/// With few enough incidents, every way to deal the labels can be looked at.
#[test]
fn variance_and_chance_are_those_of_all_ways_to_deal_labels() {
    let all = cloud(9, 5);
    for (n1, edge, adaptive) in [
        (3, Edge::None, false),
        (6, Edge::None, true),
        (4, Edge::Diggle, false),
        (5, Edge::Diggle, true),
    ] {
        let h0 = 400.0;
        let pooled = incidents(&all);
        let rule = Adaptive::Abramson {
            pilot: h0,
            trim: 5.0,
        };
        let area = std::sync::Arc::new(square());
        let density = KernelDensity::new(h0)
            .within(std::sync::Arc::clone(&area))
            .edge(edge);
        let bandwidths = if adaptive {
            AdaptiveDensity::new(density, rule)
                .bandwidths(&pooled)
                .unwrap()
        } else {
            vec![h0]
        };
        let mass = |i: usize| {
            let (h, (x, y)) = (bandwidths[i % bandwidths.len()], all[i]);
            let inside = super::super::mass::mass_inside(Kernel::Quartic, h, &area, x, y);
            if edge == Edge::Diggle { inside } else { 1.0 }
        };
        let replicates = 9_999;
        let method = coarse(h0)
            .within(std::sync::Arc::clone(&area))
            .edge(edge)
            .tolerance(Tolerance::MonteCarlo { replicates });
        let method = if adaptive {
            method.adaptive(rule)
        } else {
            method
        };
        let risk = method
            .run(&incidents(&all[..n1]), &incidents(&all[n1..]))
            .unwrap();
        let ways = subsets(9, n1);
        let mut most = vec![0.0f64; ways.len()];
        let mut own = Array2::from_elem(risk.p.dim(), f64::NAN);
        for (at, u) in every_cell(&risk) {
            if risk.reason[at].is_some() {
                continue;
            }
            let k: Vec<f64> = kernels(Kernel::Quartic, &bandwidths, &all, u)
                .iter()
                .enumerate()
                .map(|(i, k)| k / mass(i))
                .collect();
            let difference = |way: &Vec<usize>| {
                let f: f64 = way.iter().map(|&i| k[i]).sum();
                let g = k.iter().sum::<f64>() - f;
                (f / n1 as f64 - g / (9 - n1) as f64) / mean(&k)
            };
            let differences: Vec<f64> = ways.iter().map(difference).collect();
            let variance = mean(&differences.iter().map(|d| d * d).collect::<Vec<_>>());
            if edge == Edge::Diggle || adaptive {
                close(risk.log_ratio[at] / risk.z[at], variance.sqrt(), 1e-9);
            }
            let sd = risk.log_ratio[at] / risk.z[at];
            let observed = differences[0];
            let share = |reached: &dyn Fn(f64) -> bool| {
                differences.iter().filter(|d| reached(**d)).count() as f64 / ways.len() as f64
            };
            let greater = share(&|d| d >= observed - 1e-9);
            close(risk.p_greater[at], greater, 0.02);
            close(risk.p_less[at], share(&|d| d <= observed + 1e-9), 0.02);
            own[at] = (observed / sd).abs();
            for (most, d) in most.iter_mut().zip(&differences) {
                *most = most.max((d / sd).abs());
            }
        }
        let p_max = risk.p_max.as_ref().unwrap();
        for (at, own) in own.indexed_iter().filter(|(_, own)| !own.is_nan()) {
            let reached = most.iter().filter(|m| **m >= own - 1e-9).count();
            close(p_max[at], reached as f64 / ways.len() as f64, 0.02);
        }
    }
}

/// Three cases among people on four places: 64 ways, each as likely as its people are many.
#[test]
fn cases_are_drawn_from_people() {
    let homes = [
        (250.0, 250.0),
        (450.0, 350.0),
        (650.0, 250.0),
        (450.0, 750.0),
    ];
    let people = [10.0, 40.0, 20.0, 30.0];
    let cases = [(250.0, 250.0), (250.0, 250.0), (440.0, 360.0)];
    let weights = [1.0, 1.0, 2.0];
    let risk = coarse(450.0)
        .tolerance(Tolerance::MonteCarlo { replicates: 19_999 })
        .run(&weighted(&cases, &weights), &weighted(&homes, &people))
        .unwrap();
    for (at, u) in every_cell(&risk) {
        if risk.reason[at].is_some() {
            continue;
        }
        let here = kernels(Kernel::Quartic, &[450.0], &homes, u);
        let seen = kernels(Kernel::Quartic, &[450.0], &cases, u);
        let observed = seen.iter().zip(weights).map(|(k, w)| k * w).sum::<f64>();
        let g: f64 = here.iter().zip(people).map(|(k, w)| k * w).sum::<f64>() / 100.0;
        close(risk.ratio[at], observed / 4.0 / g, 1e-9);
        let (mut less, mut greater) = (0.0, 0.0);
        for way in 0..64 {
            let home = [way % 4, way / 4 % 4, way / 16];
            let chance: f64 = home.iter().map(|&i| people[i] / 100.0).product();
            let sum: f64 = home.iter().zip(weights).map(|(&i, w)| here[i] * w).sum();
            less += if sum <= observed + 1e-9 { chance } else { 0.0 };
            greater += if sum >= observed - 1e-9 { chance } else { 0.0 };
        }
        close(risk.p_less[at], less, 0.015);
        close(risk.p_greater[at], greater, 0.015);
        // n is 16 / 6 for weights of 1, 1 and 2; the people are no sample.
        let variance = Kernel::Quartic.roughness() * 6.0 / 16.0 * 1e6 / (450.0f64.powi(2) * g);
        close(risk.z[at], risk.log_ratio[at] / variance.sqrt(), 1e-9);
    }
}

#[test]
fn same_bytes_for_any_number_of_threads_and_another_seed_differs() {
    let (cases, controls) = (incidents(&cloud(60, 6)), incidents(&cloud(90, 7)));
    let method = coarse(200.0)
        .cell_size(20.0)
        .within(square())
        .tolerance(Tolerance::MonteCarlo { replicates: 49 });
    let run = |method: &RelativeRisk, threads| {
        let workers = Workers::new(threads).unwrap();
        // Text, because a missing value is not equal to itself.
        format!(
            "{:?}",
            method.run_with(&cases, &controls, &workers).unwrap()
        )
    };
    let one = run(&method, 1);
    assert!(
        [2, 3, 7]
            .into_iter()
            .all(|threads| run(&method, threads) == one)
    );
    assert_ne!(run(&method.clone().seed(1), 1), one);
    let adaptive = method.adaptive(Adaptive::Nearest { k: 5 });
    assert_eq!(run(&adaptive, 1), run(&adaptive, 3));
}

#[test]
fn nothing_is_dropped_in_silence_and_no_logarithm_is_of_zero() {
    let cases = incidents(&[(250.0, 250.0), (260.0, 240.0), (1500.0, 500.0)]);
    let controls = incidents(&[(250.0, 250.0), (750.0, 250.0), (740.0, 260.0), (-5.0, 3.0)]);
    let risk = RelativeRisk::new(150.0)
        .cell_size(50.0)
        .within(square())
        .extent(Bounds::new(-200.0, 0.0, 999.0, 999.0))
        .run(&cases, &controls)
        .unwrap();
    let told = |code| {
        let of_code = risk.warnings.iter().filter(move |w| w.code == code);
        of_code.map(|w| w.value.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(told(WarningCode::OutsideAllAreas), [1.0, 1.0]);
    let count = |reason| risk.reason.iter().filter(|r| **r == reason).count();
    assert_eq!(count(Some(Unmapped::Outside)), 80);
    let floored = count(Some(Unmapped::Floor));
    assert!(floored > 0 && told(WarningCode::TooFewIncidents)[0] == floored as f64);
    assert_eq!(told(WarningCode::NormalApproximation).len(), 1);
    assert_eq!(risk.tests, count(None));
    for ((log, reason), ratio) in risk.log_ratio.iter().zip(&risk.reason).zip(&risk.ratio) {
        assert_eq!(log.is_finite(), reason.is_none());
        assert_eq!(ratio.is_nan(), reason.is_some());
    }
    assert_eq!(risk.ratio[risk.grid.cell_of(745.0, 255.0).unwrap()], 0.0);
    assert!(risk.at(745.0, 255.0) < 0.0 && risk.at(-100.0, 300.0).is_nan());
    // Half of each: the greatest density of a single incident.
    let peak = 1e6 * Kernel::Quartic.peak() / (150.0 * 150.0);
    close(risk.floor, peak / 2.0, 1e-12);
}

#[test]
fn a_sliver_of_the_study_area_is_no_place_to_judge() {
    let shape = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 20.0, y: 1000.0 }).to_polygon();
    let codes = vec!["sliver".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![shape])];
    let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    let area = StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap();
    let some = incidents(&[(10.0, 300.0), (10.0, 500.0)]);
    let method = RelativeRisk::new(500.0).cell_size(10.0).within(area);
    let risk = method.clone().run(&some, &some).unwrap();
    assert!(risk.reason.iter().any(|r| *r == Some(Unmapped::Edge)));
    let error = method.edge(Edge::Diggle).run(&some, &some).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoRows), "{error}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let some = incidents(&cloud(10, 8));
    let method = coarse(300.0);
    let names = |method: &RelativeRisk, said: &str| {
        let error = method.run(&some, &some).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    };
    names(&method.clone().floor(0.0), "floor");
    names(&method.clone().floor(f64::NAN), "floor");
    names(&method.clone().edge(Edge::Uniform), "within");
    let none = Tolerance::MonteCarlo { replicates: 0 };
    names(&method.clone().tolerance(none), "permutations");
    names(&coarse(-1.0), "bandwidth");
    names(&method.clone().adaptive(Adaptive::Nearest { k: 0 }), "`k`");
    names(&method.clone().most_bytes(1000), "cell size");
    let both = method.clone().within(square()).edge(Edge::Uniform);
    names(&both.adaptive(Adaptive::Nearest { k: 3 }), "diggle");
    let heavy = weighted(&cloud(10, 8), &[2.0; 10]);
    let simulated = method
        .clone()
        .tolerance(Tolerance::MonteCarlo { replicates: 9 });
    let error = simulated.run(&heavy, &some).unwrap_err();
    assert!(error.to_string().contains("asymptotic"), "{error}");
    assert!(simulated.run(&some, &heavy).is_ok());
    let rd = Incidents::builder(vec![143_000.0], vec![486_000.0], Crs::RD_NEW)
        .build()
        .unwrap();
    let error = method.run(&some, &rd).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch));
    let nobody = weighted(&[(10.0, 10.0)], &[0.0]);
    let error = method.run(&some, &nobody).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoRows));
    let stopped = Workers::new(1).unwrap();
    stopped.job().stop();
    let error = simulated.run_with(&some, &some, &stopped).unwrap_err();
    assert!(matches!(error, Error::Cancelled));
    assert!(Tolerance::named("exact", 9).is_err());
    assert_eq!(
        Tolerance::named("monte_carlo", 9).unwrap().name(),
        "monte_carlo"
    );
}

#[test]
fn corrections_that_cannot_find_a_cell_say_so() {
    let (cases, controls) = (incidents(&cloud(20, 10)), incidents(&cloud(20, 11)));
    let method = coarse(400.0).tolerance(Tolerance::MonteCarlo { replicates: 99 });
    let said = |method: &RelativeRisk| {
        let risk = method.run(&cases, &controls).unwrap();
        let mut codes = risk.warnings.iter().map(|w| w.code);
        codes.any(|code| code == WarningCode::PResolutionInsufficient)
    };
    assert!(said(&method));
    assert!(!said(&method.clone().correction(Correction::None)));
    assert!(!said(&method.tolerance(Tolerance::Asymptotic)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn roles_mirror_order_is_nothing_and_numbers_do_not_matter(
        seed in 0u64..1000,
        bandwidth in 150.0f64..600.0,
        which in 0usize..6,
    ) {
        let kernel = Kernel::ALL[which];
        let (cases, controls) = (cloud(25, seed), cloud(40, seed + 1000));
        let method = coarse(bandwidth).kernel(kernel).within(square()).floor(0.05);
        let there = method.run(&incidents(&cases), &incidents(&controls)).unwrap();
        let back = method.run(&incidents(&controls), &incidents(&cases)).unwrap();
        let both = there.reason.iter().zip(&back.reason).all(|(a, b)| a.is_none() && b.is_none());
        for (at, log) in there.log_ratio.indexed_iter() {
            // A value at the floor is none to mirror.
            if both || (there.reason[at].is_none() && back.reason[at].is_none()) {
                close(back.log_ratio[at], -log, 1e-8);
                close(back.z[at], -there.z[at], 1e-8);
                close(back.p_less[at], there.p_greater[at], 1e-8);
            }
        }
        let mut backwards = cases.clone();
        backwards.reverse();
        let again = method.run(&incidents(&backwards), &incidents(&controls)).unwrap();
        // Twice as many of one kind, spread alike, are no more frequent anywhere.
        let twice: Points = cases.iter().chain(&cases).copied().collect();
        let twice = method.run(&incidents(&twice), &incidents(&controls)).unwrap();
        for (at, log) in there.log_ratio.indexed_iter() {
            close(again.log_ratio[at], *log, 1e-8);
            close(twice.log_ratio[at], *log, 1e-8);
        }
    }

    #[test]
    fn alike_is_alike(seed in 0u64..1000) {
        let points = cloud(30, seed);
        let risk = coarse(300.0).run(&incidents(&points), &weighted(&points, &[3.0; 30])).unwrap();
        for (at, log) in risk.log_ratio.indexed_iter().filter(|(_, log)| !log.is_nan()) {
            close(*log, 0.0, 1e-9);
            close(risk.p[at], 1.0, 1e-6);
        }
    }
}

#[test]
fn a_small_map_is_heard_of_too() {
    use std::sync::{Arc, Mutex};

    let (cases, controls) = (incidents(&cloud(40, 1)), incidents(&cloud(60, 2)));
    let plain = coarse(300.0).cell_size(10.0);
    let inside = plain.clone().within(square()).edge(Edge::Uniform);
    for method in [
        plain.clone(),
        plain.clone().adaptive(Adaptive::Nearest { k: 5 }),
        plain.tolerance(Tolerance::MonteCarlo { replicates: 19 }),
        inside,
    ] {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let job = crate::Job::new().on_progress(move |p| ear.lock().unwrap().push(p.done));
        let workers = Workers::for_job(2, job).unwrap();
        method.run_with(&cases, &controls, &workers).unwrap();
        let heard = heard.lock().unwrap().clone();
        assert!(heard.len() >= 10 && heard.is_sorted(), "{heard:?}");
        assert_eq!(heard.last(), Some(&1.0));
    }
}
