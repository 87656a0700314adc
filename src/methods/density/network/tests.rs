use proptest::prelude::*;
use rand::RngExt;

use super::super::along::mass_upto;
use super::super::kernel::Kernel;
use super::*;
use crate::error::{Error, Fault};
use crate::model::{Crs, Incidents, WarningCode};
use crate::parallel::Workers;

type Lines = Vec<Vec<(f64, f64)>>;

const COMPACT: [Kernel; 5] = [
    Kernel::Uniform,
    Kernel::Triangular,
    Kernel::Epanechnikov,
    Kernel::Quartic,
    Kernel::Triweight,
];
const SPLITS: [Split; 2] = [Split::Discontinuous, Split::Continuous];

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn network(lines: &[Vec<(f64, f64)>]) -> StreetNetwork {
    StreetNetwork::from_lines(lines, Crs::PLANAR, 0.0).unwrap()
}

/// `arms` streets of a kilometre from the origin.
fn star(arms: usize) -> Lines {
    (0..arms)
        .map(|i| {
            let angle = std::f64::consts::TAU * i as f64 / arms as f64;
            vec![(0.0, 0.0), (1000.0 * angle.cos(), 1000.0 * angle.sin())]
        })
        .collect()
}

/// Blocks of 100 m, as many as the side squared.
fn blocks(side: usize) -> Lines {
    let line = |at: usize, down: bool| {
        (0..=side)
            .map(|k| {
                let (a, b) = (100.0 * at as f64, 100.0 * k as f64);
                if down { (a, b) } else { (b, a) }
            })
            .collect()
    };
    let all = 0..=side;
    all.flat_map(|at| [line(at, true), line(at, false)])
        .collect()
}

fn total(found: &NetworkSurface) -> f64 {
    let each = found.values.iter().zip(&found.length);
    each.map(|(v, l)| v * l / 1e3).sum()
}

/// The mean of a kernel around `at` along a line over a piece, per kilometre, times a share.
fn mean(kernel: Kernel, h: f64, (from, to): (f64, f64), share: f64) -> f64 {
    1e3 * share * (mass_upto(kernel, to / h) - mass_upto(kernel, from / h)) / (to - from)
}

#[track_caller]
fn close(got: f64, want: f64) {
    assert!(
        (got - want).abs() < 1e-9 * want.abs().max(1.0),
        "{got} {want}"
    );
}

#[test]
fn on_a_straight_line_it_is_the_kernel_of_the_line() {
    // Corners, and places where two lines meet end to end, change nothing.
    let bent = vec![(0.0, 0.0), (130.0, 0.0), (400.0, 0.0)];
    let straight = network(&[bent, vec![(1000.0, 0.0), (400.0, 0.0)]]);
    let at = [123.0, 610.0, 950.0];
    let some = incidents(&at.map(|x| (x, 3.0)));
    for kernel in COMPACT {
        for split in SPLITS {
            let found = NetworkDensity::new(300.0)
                .lixel(20.0)
                .kernel(kernel)
                .split(split);
            let found = found.run(&some, &straight).unwrap();
            assert_eq!(found.values.len(), 50);
            for (value, corners) in found.values.iter().zip(&found.geometry) {
                let (a, b) = (corners[0][0], corners[corners.len() - 1][0]);
                let piece = (a.min(b), a.max(b));
                let around = |x: f64| mean(kernel, 300.0, (piece.0 - x, piece.1 - x), 1.0);
                let mut want: f64 = at.iter().map(|x| around(*x)).sum();
                if split == Split::Continuous {
                    // Both ends are mirrors.
                    want += at
                        .iter()
                        .map(|x| around(-*x) + around(2000.0 - x))
                        .sum::<f64>();
                }
                close(*value, want);
            }
            let lost: f64 = at
                .iter()
                .map(|x| mass_upto(kernel, -x / 300.0) + mass_upto(kernel, (x - 1000.0) / 300.0))
                .sum();
            close(
                found.beyond,
                if split == Split::Continuous {
                    0.0
                } else {
                    lost
                },
            );
            close(total(&found), 3.0 - found.beyond);
        }
    }
}

#[test]
fn a_star_splits_by_its_arms() {
    let (h, a) = (400.0, 150.0);
    for arms in [3, 4, 5] {
        let net = network(&star(arms));
        for kernel in COMPACT {
            for split in SPLITS {
                let method = NetworkDensity::new(h)
                    .lixel(50.0)
                    .kernel(kernel)
                    .split(split);
                let found = method.run(&incidents(&[(a, 0.0)]), &net).unwrap();
                let d = arms as f64;
                let (onward, back) = match split {
                    Split::Discontinuous => (1.0 / (d - 1.0), 0.0),
                    Split::Continuous => (2.0 / d, 2.0 / d - 1.0),
                };
                for (i, value) in found.values.iter().enumerate() {
                    let piece = (50.0 * (i % 20) as f64, 50.0 * (i % 20 + 1) as f64);
                    let through = (piece.0 + a, piece.1 + a);
                    let want = if i < 20 {
                        mean(kernel, h, (piece.0 - a, piece.1 - a), 1.0)
                            + mean(kernel, h, through, back)
                    } else {
                        mean(kernel, h, through, onward)
                    };
                    close(*value, want);
                }
                // In the middle it is the same on each arm.
                let middle = method.run(&incidents(&[(0.0, 0.0)]), &net).unwrap();
                for (i, value) in middle.values.iter().enumerate() {
                    let piece = (50.0 * (i % 20) as f64, 50.0 * (i % 20 + 1) as f64);
                    close(*value, mean(kernel, h, piece, 2.0 / d));
                }
            }
        }
    }
}

/// A ring of 400 m, shorter than the kernel: it goes round.
#[test]
fn a_ring_keeps_everything() {
    let ring = vec![
        (0.0, 0.0),
        (100.0, 0.0),
        (100.0, 100.0),
        (0.0, 100.0),
        (0.0, 0.0),
    ];
    let net = network(&[ring]);
    assert_eq!((net.streets(), net.nodes(), net.km()), (1, 1, 0.4));
    for split in SPLITS {
        let method = NetworkDensity::new(500.0).lixel(10.0).split(split);
        let found = method.run(&incidents(&[(100.0, 40.0)]), &net).unwrap();
        close(total(&found), 1.0);
        for (i, value) in found.values.iter().enumerate() {
            let piece = (10.0 * i as f64 - 140.0, 10.0 * i as f64 - 130.0);
            let round = [-800.0, -400.0, 0.0, 400.0, 800.0];
            let around = |turn: f64| {
                mean(
                    Kernel::Quartic,
                    500.0,
                    (piece.0 + turn, piece.1 + turn),
                    1.0,
                )
            };
            close(*value, round.into_iter().map(around).sum());
        }
    }
}

#[test]
fn a_kernel_that_would_go_round_for_ever_ends_and_is_told() {
    let ring = vec![
        (0.0, 0.0),
        (100.0, 0.0),
        (100.0, 100.0),
        (0.0, 100.0),
        (0.0, 0.0),
    ];
    let net = network(&[ring]);
    let found = NetworkDensity::new(1e12)
        .run(&incidents(&[(50.0, 0.0)]), &net)
        .unwrap();
    assert!(found.unfollowed > 0.9, "{}", found.unfollowed);
    assert!((total(&found) + found.unfollowed - 1.0).abs() < 1e-6);
    assert!(
        found
            .warnings
            .iter()
            .any(|w| w.message.contains("not followed") || w.message.contains("too faint"))
    );
}

#[test]
fn lines_become_streets_at_their_nodes() {
    // A crossing with a common corner, one without (a bridge), a loop, and a repeated piece.
    let main = vec![(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0)];
    let side = vec![(100.3, 50.0), (100.3, 0.1), (100.0, -50.0)];
    let bridge = vec![(250.0, -50.0), (250.0, 50.0)];
    let again = vec![(200.0, 0.0), (300.0, 0.0), (300.0, 60.0)];
    let lines = [main, side, bridge, again];
    let net = StreetNetwork::from_lines(&lines, Crs::PLANAR, 0.5).unwrap();
    assert_eq!(net.repeated(), 1);
    assert_eq!((net.streets(), net.nodes()), (6, 8));
    let loose = StreetNetwork::from_lines(&lines, Crs::PLANAR, 0.0).unwrap();
    assert_eq!((loose.streets(), loose.nodes()), (4, 7));
    let found = NetworkDensity::new(200.0)
        .lixel(30.0)
        .run(&incidents(&[(20.0, 1.0)]), &net);
    let found = found.unwrap();
    assert_eq!(found.warnings[0].code, WarningCode::Input);
    for (corners, length) in found.geometry.iter().zip(&found.length) {
        let along = corners
            .windows(2)
            .map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1]));
        close(along.sum(), *length);
        assert!(*length <= 30.0 + 1e-9);
    }
    // The pieces of a line follow each other along it.
    let mut of_main: Vec<(f64, f64)> = (0..found.line.len())
        .filter(|&i| found.line[i] == 0)
        .map(|i| (found.from[i], found.length[i]))
        .collect();
    of_main.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(of_main[0].0, 0.0);
    for pair in of_main.windows(2) {
        close(pair[0].0 + pair[0].1, pair[1].0);
    }
}

#[test]
fn incidents_lie_on_the_nearest_street_or_are_told() {
    let net = network(&star(4));
    let points = [
        (300.0, 40.0),
        (-10.0, 700.0),
        (600.0, 650.0),
        (0.0, -1050.0),
        (300.0, 300.0),
    ];
    let found = NetworkDensity::new(100.0)
        .farthest(60.0)
        .run(&incidents(&points), &net)
        .unwrap();
    for (got, want) in found.distance.iter().zip([40.0, 10.0, 600.0, 50.0, 300.0]) {
        close(*got, want);
    }
    assert_eq!(found.piece, [Some(6), Some(34), None, Some(79), None]);
    assert_eq!(found.warnings.len(), 1);
    assert_eq!(found.warnings[0].value, Some(2.0));
    // The last one lies on a dead end: half of it is beyond.
    close(found.beyond, 0.5);
    close(total(&found), 2.5);
    assert_eq!(net.nearest(f64::NAN, 0.0), None);
    // Of two equally near, the first.
    assert_eq!(net.nearest(300.0, 300.0).map(|place| place.street), Some(0));
}

#[test]
fn faint_paths_are_told_and_the_sum_holds() {
    let net = network(&blocks(14));
    let some = incidents(&[(730.0, 700.0), (655.0, 600.0)]);
    let found = NetworkDensity::new(1300.0)
        .kernel(Kernel::Uniform)
        .run(&some, &net)
        .unwrap();
    assert!(found.unfollowed > 2e-3, "{}", found.unfollowed);
    assert_eq!(found.warnings[0].code, WarningCode::Bandwidth);
    close(total(&found) + found.beyond + found.unfollowed, 2.0);
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let mut random = crate::random::stream(3, 3);
    let mut one = || 600.0 * random.random::<f64>();
    let points: Vec<(f64, f64)> = (0..300).map(|_| (one(), one())).collect();
    let (net, some) = (network(&blocks(6)), incidents(&points));
    for split in SPLITS {
        let run = |threads| {
            let workers = Workers::new(threads).unwrap();
            let method = NetworkDensity::new(250.0).split(split);
            method.run_with(&some, &net, &workers).unwrap()
        };
        assert!([2, 3, 7].into_iter().all(|threads| run(threads) == run(1)));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (net, some) = (network(&star(3)), incidents(&[(10.0, 0.0)]));
    let refused = |method: NetworkDensity, said: &str| {
        let error = method.run(&some, &net).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    };
    refused(NetworkDensity::new(0.0), "bandwidth");
    refused(NetworkDensity::new(100.0).lixel(f64::NAN), "lixel");
    refused(NetworkDensity::new(100.0).farthest(-1.0), "farthest");
    refused(
        NetworkDensity::new(100.0).kernel(Kernel::Gaussian),
        "quartic",
    );
    refused(NetworkDensity::new(100.0).lixel(1e-9), "at least 1 m");
    let rd = Incidents::builder(vec![143_000.0], vec![486_000.0], Crs::RD_NEW)
        .build()
        .unwrap();
    let error = NetworkDensity::new(100.0).run(&rd, &net).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch));
    let stopped = Workers::new(1).unwrap();
    stopped.job().stop();
    let error = NetworkDensity::new(100.0)
        .run_with(&some, &net, &stopped)
        .unwrap_err();
    assert!(matches!(error, Error::Cancelled));
    let made = |lines: Lines, tolerance| StreetNetwork::from_lines(&lines, Crs::PLANAR, tolerance);
    let dot = vec![vec![(1.0, 1.0), (1.2, 1.0)], vec![(5.0, 5.0)]];
    let error = made(dot, 0.5).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoRows));
    let error = made(vec![vec![(1.0, 1.0), (f64::NAN, 1.0)]], 0.0).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NonFinite));
    assert!(matches!(
        made(star(3), -1.0),
        Err(Error::Parameter {
            name: "tolerance",
            ..
        })
    ));
    let degrees = StreetNetwork::from_lines(&star(3), Crs::WGS84, 0.0).unwrap_err();
    assert!(matches!(degrees, Error::Crs { .. }));
    assert!(Split::named("plain").is_err());
    assert_eq!(Split::named("continuous").unwrap(), Split::Continuous);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Random trees and blocks: nothing is made and nothing is lost but what is told.
    #[test]
    fn mass_is_accounted_for(seed in 0u64..1000, bandwidth in 30.0f64..260.0, which in 0usize..5) {
        let mut random = crate::random::stream(seed, 1);
        let mut tree: Lines = Vec::new();
        let mut tips = vec![(0.0, 0.0)];
        for _ in 0..20 {
            let from = tips[random.random_range(0..tips.len())];
            let mut step = || 200.0 * random.random::<f64>() - 100.0;
            let to = (from.0 + step(), from.1 + step());
            tree.push(vec![from, to]);
            tips.push(to);
        }
        let points: Vec<(f64, f64)> = (0..30)
            .map(|_| {
                let mut one = || 500.0 * random.random::<f64>() - 50.0;
                (one(), one())
            })
            .collect();
        let weights: Vec<f64> = (0..30).map(|i| f64::from(i % 4)).collect();
        let (x, y) = points.into_iter().unzip();
        let some = Incidents::builder(x, y, Crs::PLANAR).weight(weights).build().unwrap();
        for lines in [tree, blocks(4)] {
            let net = network(&lines);
            for split in SPLITS {
                let method = NetworkDensity::new(bandwidth)
                    .lixel(17.0)
                    .kernel(COMPACT[which])
                    .split(split)
                    .farthest(1e4);
                let found = method.run(&some, &net).unwrap();
                let seen = total(&found) + found.beyond;
                // What is not followed has a sign where part of it turns back.
                let bound = 1e-9 + found.unfollowed * if split == Split::Continuous { 2.0 } else { 1.0 };
                prop_assert!((seen - 43.0).abs() <= bound, "{} {}", seen, found.unfollowed);
                if split == Split::Continuous {
                    prop_assert_eq!(found.beyond, 0.0);
                } else {
                    prop_assert!((seen + found.unfollowed - 43.0).abs() < 1e-9);
                    prop_assert!(found.values.iter().all(|v| *v >= 0.0));
                }
            }
        }
    }
}
