//! DBSCAN of a million incidents beside the way of the textbook: a search in the R-tree for each.
//!
//! Before anything is timed, core incidents, noise and the number of clusters are compared exactly.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use brandpunt::index::IncidentIndex;
use brandpunt::methods::clusters::{Dbscan, Hdbscan};
use brandpunt::{Crs, Incidents, Workers};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const SIDE: f64 = 18_000.0;
const LEAST: usize = 20;

/// Seven in ten incidents around 200 centres of all sizes, the others anywhere.
fn city(n: usize) -> Incidents {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let centres: Vec<[f64; 3]> = (0..200)
        .map(|_| {
            let mut any = || random.random::<f64>();
            [SIDE * any(), SIDE * any(), 50.0 + 350.0 * any()]
        })
        .collect();
    let (x, y) = (0..n)
        .map(|i| {
            let mut any = || random.random::<f64>();
            if i % 10 < 3 {
                return (SIDE * any(), SIDE * any());
            }
            let [x, y, spread] = centres[i % centres.len()];
            let (radius, turn) = (spread * (-2.0 * (1.0 - any()).ln()).sqrt(), any());
            let (sin, cos) = (turn * std::f64::consts::TAU).sin_cos();
            (x + radius * cos, y + radius * sin)
        })
        .unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// Core incidents, and a cluster of each incident, grown from one seed after the other.
fn textbook(incidents: &Incidents, eps: f64) -> (Vec<bool>, Vec<Option<u32>>) {
    let index = IncidentIndex::build(incidents);
    let (x, y) = (incidents.x(), incidents.y());
    let near = |i: usize| index.within(x[i], y[i], eps);
    let core: Vec<bool> = (0..x.len()).map(|i| near(i).len() >= LEAST).collect();
    let mut cluster = vec![None; x.len()];
    let mut next = 0;
    for seed in 0..x.len() {
        if !core[seed] || cluster[seed].is_some() {
            continue;
        }
        let mut open = vec![seed];
        cluster[seed] = Some(next);
        while let Some(i) = open.pop() {
            for other in near(i) {
                let other = other as usize;
                if cluster[other].is_none() {
                    cluster[other] = Some(next);
                    if core[other] {
                        open.push(other);
                    }
                }
            }
        }
        next += 1;
    }
    (core, cluster)
}

fn dbscan(c: &mut Criterion) {
    const N: usize = 1_000_000;
    let incidents = city(N);
    for eps in [25.0, 100.0] {
        let mut group = c.benchmark_group(format!("DBSCAN of {N} incidents, {eps} m, {LEAST}"));
        group
            .sample_size(10)
            .throughput(Throughput::Elements(N as u64));
        let method = Dbscan::new(eps, LEAST as f64);
        // The baseline finds all incidents within 100 m of each: it is compared at 25 m.
        if eps < 50.0 {
            let found = method.run(&incidents).unwrap();
            let (core, cluster) = textbook(&incidents, eps);
            assert_eq!(found.core, core);
            for (ours, theirs) in found.cluster.iter().zip(&cluster) {
                assert_eq!(ours.is_some(), theirs.is_some());
            }
            let clusters = cluster.iter().flatten().max().map_or(0, |last| last + 1);
            assert_eq!(found.size.len(), clusters as usize);
            group.bench_function("baseline: R-tree, one thread", |b| {
                b.iter(|| textbook(black_box(&incidents), eps));
            });
        }
        for threads in [1, 2] {
            let workers = Workers::new(threads).unwrap();
            group.bench_function(format!("cells, {threads} threads"), |b| {
                b.iter(|| method.run_with(black_box(&incidents), &workers).unwrap());
            });
        }
        group.finish();
    }
}

fn hdbscan(c: &mut Criterion) {
    const N: usize = 100_000;
    let incidents = city(N);
    let mut group = c.benchmark_group(format!("HDBSCAN* of {N} incidents"));
    group
        .sample_size(10)
        .throughput(Throughput::Elements(N as u64));
    for threads in [1, 2] {
        let workers = Workers::new(threads).unwrap();
        let method = Hdbscan::new(50).min_samples(10);
        group.bench_function(format!("{threads} threads"), |b| {
            b.iter(|| method.run_with(black_box(&incidents), &workers).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, dbscan, hdbscan);
criterion_main!(benches);
