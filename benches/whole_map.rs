//! Statistics of a whole map with 999 permutations, beside the definition over all pairs of units.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::methods::local::{Geary, GeneralG, Moran};
use brandpunt::weights::{Adjacency, Weights};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const REPLICATES: usize = 999;

/// Rates with a long tail.
fn values(n: usize) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    (0..n)
        .map(|_| -2.0 * random.random::<f64>().max(1e-9).ln())
        .collect()
}

/// I of a dense matrix, and how often a shuffle reached it.
fn naive(x: &[f64], matrix: &[Vec<f64>]) -> (f64, f64) {
    let n = x.len();
    let mean = x.iter().sum::<f64>() / n as f64;
    let mut z: Vec<f64> = x.iter().map(|v| v - mean).collect();
    let total: f64 = matrix.iter().flatten().sum();
    let squares: f64 = z.iter().map(|v| v * v).sum();
    let of = |z: &[f64]| -> f64 {
        let rows = matrix.iter().zip(z);
        let products = rows.map(|(row, a)| a * row.iter().zip(z).map(|(w, b)| w * b).sum::<f64>());
        n as f64 / total * products.sum::<f64>() / squares
    };
    let observed = of(&z);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut reached = 0;
    for _ in 0..REPLICATES {
        for i in (1..n).rev() {
            z.swap(i, random.random_range(0..=i));
        }
        reached += usize::from(of(&z) >= observed);
    }
    (observed, (reached as f64 + 1.0) / (REPLICATES as f64 + 1.0))
}

fn whole_map(c: &mut Criterion) {
    let small = Weights::lattice(20, 20, 1, Adjacency::Queen).unwrap();
    let matrix: Vec<Vec<f64>> = (0..small.n())
        .map(|i| {
            let mut row = vec![0.0; small.n()];
            for &j in small.neighbours(i) {
                row[j as usize] = 1.0;
            }
            row
        })
        .collect();
    let few = values(small.n());
    let workers = Workers::new(1).unwrap();
    let moran = Moran::new().replicates(REPLICATES);
    let found = moran.run_with(&few, &small, &workers).unwrap();
    let (statistic, p) = naive(&few, &matrix);
    assert!((found.statistic - statistic).abs() < 1e-12);
    // Six standard errors of the difference of two simulated shares.
    assert!((found.p_greater - p).abs() < 6.0 * (0.5 / REPLICATES as f64).sqrt());

    // As many units as there are wijken in the Netherlands.
    let nation = Weights::lattice(60, 56, 1, Adjacency::Queen).unwrap();
    let many = values(nation.n());
    let geary = Geary::new().replicates(REPLICATES);
    let general = GeneralG::new().replicates(REPLICATES);
    let mut group = c.benchmark_group("a whole map, 999 permutations, one thread");
    group.sample_size(10);
    group.bench_function("Moran's I, 400 units", |b| {
        b.iter(|| moran.run_with(black_box(&few), &small, &workers));
    });
    group.bench_function("naive: Moran's I over all pairs, 400 units", |b| {
        b.iter(|| naive(black_box(&few), &matrix));
    });
    group.bench_function("Moran's I, 3,360 units", |b| {
        b.iter(|| moran.run_with(black_box(&many), &nation, &workers));
    });
    group.bench_function("Geary's C, 3,360 units", |b| {
        b.iter(|| geary.run_with(black_box(&many), &nation, &workers));
    });
    group.bench_function("general G, 3,360 units", |b| {
        b.iter(|| general.run_with(black_box(&many), &nation, &workers));
    });
    group.finish();
}

criterion_group!(benches, whole_map);
criterion_main!(benches);
