//! Poisson scan of 1,000 areas beside the plain way: a logarithm for every window of every map.

use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::methods::scan::{ScanModel, ScanTail, SpatialScan};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const AREAS: usize = 1_000;
const REPLICATES: usize = 999;
/// The plain way takes too long for more.
const PLAIN_REPLICATES: usize = 9;

struct Map {
    x: Vec<f64>,
    y: Vec<f64>,
    people: Vec<f64>,
    cases: Vec<f64>,
}

/// Areas with uneven people and about ten cases each, a few more in one part.
fn map() -> Map {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut out = Map {
        x: Vec::new(),
        y: Vec::new(),
        people: Vec::new(),
        cases: Vec::new(),
    };
    for _ in 0..AREAS {
        let (x, y) = (
            10_000.0 * random.random::<f64>(),
            10_000.0 * random.random::<f64>(),
        );
        let people = (500.0 + 2_000.0 * random.random::<f64>()).floor();
        let near = (x - 3_000.0).powi(2) + (y - 3_000.0).powi(2) < 1e6;
        let rate = if near { 0.009 } else { 0.006 };
        let cases = (0..people as u32)
            .filter(|_| random.random::<f64>() < rate)
            .count();
        out.x.push(x);
        out.y.push(y);
        out.people.push(people);
        out.cases.push(cases as f64);
    }
    out
}

/// The nearest areas of each, up to half of the people.
fn windows(map: &Map) -> Vec<Vec<usize>> {
    let all: f64 = map.people.iter().sum();
    (0..AREAS)
        .map(|i| {
            let far = |j: &usize| (map.x[*j] - map.x[i]).powi(2) + (map.y[*j] - map.y[i]).powi(2);
            let mut order: Vec<usize> = (0..AREAS).collect();
            order.sort_by(|a, b| far(a).total_cmp(&far(b)));
            let mut people = 0.0;
            order.retain(|j| {
                people += map.people[*j];
                people <= 0.5 * all
            });
            order
        })
        .collect()
}

/// The greatest log likelihood ratio by its formula.
fn greatest(windows: &[Vec<usize>], cases: &[f64], expected: &[f64]) -> f64 {
    let total: f64 = cases.iter().sum();
    let mut most = 0.0f64;
    for order in windows {
        let (mut c, mut e) = (0.0, 0.0);
        for &j in order {
            c += cases[j];
            e += expected[j];
            if c > e && c >= 2.0 {
                let rest = if c < total {
                    (total - c) * ((total - c) / (total - e)).ln()
                } else {
                    0.0
                };
                most = most.max(c * (c / e).ln() + rest);
            }
        }
    }
    most
}

/// The rank of the map among simulated ones.
fn plain(map: &Map, replicates: usize) -> f64 {
    let windows = windows(map);
    let total: f64 = map.cases.iter().sum();
    let all: f64 = map.people.iter().sum();
    let expected: Vec<f64> = map.people.iter().map(|p| p * total / all).collect();
    let seen = greatest(&windows, &map.cases, &expected);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut upto = 0.0;
    let upto: Vec<f64> = map
        .people
        .iter()
        .map(|p| {
            upto += p;
            upto
        })
        .collect();
    let mut reached = 0;
    for _ in 0..replicates {
        let mut cases = vec![0.0; AREAS];
        for _ in 0..total as u64 {
            let at = random.random::<f64>() * all;
            cases[upto.partition_point(|u| *u <= at).min(AREAS - 1)] += 1.0;
        }
        reached += usize::from(greatest(&windows, &cases, &expected) >= seen);
    }
    (reached as f64 + 1.0) / (replicates as f64 + 1.0)
}

/// The fast scan finds what the plain one does, on the map and on others.
fn check(map: &Map, scan: &SpatialScan) {
    let windows = windows(map);
    let all: f64 = map.people.iter().sum();
    let scan = scan.clone().replicates(0).most_clusters(1);
    for turn in [0, 1, 17, 500] {
        let mut cases = map.cases.clone();
        cases.rotate_right(turn);
        let total: f64 = cases.iter().sum();
        let expected: Vec<f64> = map.people.iter().map(|p| p * total / all).collect();
        let want = greatest(&windows, &cases, &expected);
        let found = scan
            .run(&cases, &map.people, &map.x, &map.y)
            .expect("a scan");
        let got = found.clusters[0].log_likelihood_ratio;
        assert!((got - want).abs() < 1e-8 * want, "{got} {want}");
    }
}

fn scan(c: &mut Criterion) {
    let map = map();
    let poisson = SpatialScan::new()
        .model(ScanModel::Poisson)
        .replicates(REPLICATES);
    check(&map, &poisson);
    let mut group = c.benchmark_group("Poisson scan of 1,000 areas, 999 replicates");
    group.sample_size(10);
    let serial = Workers::new(1).expect("a thread");
    let two = Workers::new(2).expect("two threads");
    let places = (&*map.x, &*map.y);
    let run = |scan: &SpatialScan, workers: &Workers| {
        scan.run_with(black_box(&map.cases), &map.people, places, workers)
    };
    group.bench_function("1 thread", |b| b.iter(|| run(&poisson, &serial)));
    group.bench_function("2 threads", |b| b.iter(|| run(&poisson, &two)));
    let series = poisson.clone().model(ScanModel::NegativeBinomial);
    group.bench_function("cases in series, 2 threads", |b| {
        b.iter(|| run(&series, &two));
    });
    let early = poisson.clone().tail(ScanTail::Sequential { reached: 10 });
    group.bench_function("ended early, 2 threads", |b| b.iter(|| run(&early, &two)));
    group.bench_function("baseline: a logarithm per window, 9 replicates only", |b| {
        b.iter(|| plain(black_box(&map), PLAIN_REPLICATES));
    });
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
