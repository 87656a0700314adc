//! Knox's test with 999 orders of the times: sixteen orders per pass beside one.
//!
//! Before anything is timed, the observed pairs are compared exactly and the p-values within what
//! two simulations differ by.

use std::hint::black_box;

use brandpunt::index::IncidentIndex;
use brandpunt::methods::near_repeat::Knox;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Incidents, Workers};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

const METRES: f64 = 200.0;
const DAYS: i64 = 7;
const ORDERS: usize = 999;

/// A list of pairs, and one order of the times after the other.
fn one_by_one(incidents: &Incidents, workers: &Workers) -> (u64, f64) {
    let index = IncidentIndex::build(incidents);
    let near = index.close_pairs(METRES, workers).expect("close pairs");
    let mut pairs = Vec::new();
    for location in 0..index.locations() as u32 {
        let here = index.members(location);
        for (k, &i) in here.iter().enumerate() {
            pairs.extend(here[k + 1..].iter().map(|&j| (i, j)));
        }
    }
    for (a, b) in near.iter() {
        for &i in index.members(a) {
            pairs.extend(index.members(b).iter().map(|&j| (i, j)));
        }
    }
    let times = incidents.times().expect("times");
    let mut day: Vec<i32> = times
        .seconds()
        .iter()
        .map(|s| {
            let local = times.zone().local(*s);
            (s + i64::from(local.offset().seconds())).div_euclid(86_400) as i32
        })
        .collect();
    let close = |day: &[i32]| {
        let apart =
            |&&(i, j): &&(u32, u32)| (day[i as usize] - day[j as usize]).abs() <= DAYS as i32;
        pairs.iter().filter(apart).count() as u64
    };
    let observed = close(&day);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut reached = 1;
    for _ in 0..ORDERS {
        day.shuffle(&mut random);
        reached += usize::from(close(&day) >= observed);
    }
    (observed, reached as f64 / (ORDERS + 1) as f64)
}

fn near_repeat(c: &mut Criterion) {
    let workers = Workers::new(1).expect("a thread");
    let mut group = c.benchmark_group("Knox, 200 m and 7 days, 999 orders, one thread");
    group.sample_size(10);
    for n in [10_000, 50_000] {
        let city = SyntheticCity::new(n).seed(1).build().expect("a city");
        let knox = Knox::new(METRES, DAYS as f64).permutations(ORDERS);
        let found = knox.run_with(&city.incidents, &workers).expect("a test");
        let (observed, p) = one_by_one(&city.incidents, &workers);
        assert_eq!(found.observed, observed as f64);
        // Two simulations of a share differ by at most five standard deviations.
        assert!(
            (found.p - p).abs() < 5.0 * (0.5 / ORDERS as f64).sqrt(),
            "{} {p}",
            found.p
        );
        group.bench_with_input(
            BenchmarkId::new("sixteen orders per pass", n),
            &n,
            |b, _| {
                b.iter(|| knox.run_with(black_box(&city.incidents), &workers));
            },
        );
        group.bench_with_input(
            BenchmarkId::new("baseline: one order per pass", n),
            &n,
            |b, _| {
                b.iter(|| one_by_one(black_box(&city.incidents), &workers));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, near_repeat);
criterion_main!(benches);
