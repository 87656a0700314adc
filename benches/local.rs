//! Gi* and local Moran with exact p-values beside the plain way to get one: 999 conditional
//! permutations.

use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::methods::local::{GiStar, Inference, LocalGeary, LocalMoran};
use brandpunt::weights::{Adjacency, Weights};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const SIDE: usize = 100;
const REPLICATES: usize = 999;

/// Counts with a long tail, as nuisance reports per cell have.
fn counts() -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    (0..SIDE * SIDE)
        .map(|_| (-2.0 * random.random::<f64>().max(1e-9).ln()).floor())
        .collect()
}

/// For every unit, its neighbours are drawn anew from all others, one unit after the other.
fn simulated(values: &[f64], weights: &Weights) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut drawn: Vec<usize> = Vec::new();
    (0..weights.n())
        .map(|i| {
            let others = weights.neighbours(i).iter().filter(|&&j| j as usize != i);
            let k = others.clone().count();
            let observed: f64 = others.map(|&j| values[j as usize]).sum();
            let mut reached = 0;
            for _ in 0..REPLICATES {
                drawn.clear();
                while drawn.len() < k {
                    let j = random.random_range(0..values.len());
                    if j != i && !drawn.contains(&j) {
                        drawn.push(j);
                    }
                }
                let sum: f64 = drawn.iter().map(|&j| values[j]).sum();
                reached += usize::from(sum >= observed);
            }
            (reached as f64 + 1.0) / (REPLICATES as f64 + 1.0)
        })
        .collect()
}

fn local(c: &mut Criterion) {
    let values = counts();
    let lattice = Weights::lattice(SIDE, SIDE, 1, Adjacency::Queen).expect("a lattice");
    let weights = lattice.include_self();
    let workers = Workers::new(1).expect("a thread");
    let exact = GiStar::new();
    let permuted = GiStar::new().inference(Inference::Permutation {
        replicates: REPLICATES,
    });
    let analytic = GiStar::new().inference(Inference::Analytic);

    let found = exact
        .run_with(&values, &weights, &workers)
        .expect("a result");
    assert_eq!(found.inference, Inference::Exact);
    let again = permuted
        .run_with(&values, &weights, &workers)
        .expect("a result");
    for naive in [simulated(&values, &weights), again.p_greater] {
        for (p, simulated) in found.p_greater.iter().zip(&naive) {
            let band = 6.0 * (p * (1.0 - p) / REPLICATES as f64).sqrt() + 0.003;
            assert!((p - simulated).abs() < band, "{p} {simulated}");
        }
    }

    let mut group = c.benchmark_group("Gi* of 100 x 100 cells, one thread");
    group.sample_size(10);
    group.bench_function("exact", |b| {
        b.iter(|| exact.run_with(black_box(&values), &weights, &workers));
    });
    group.bench_function("analytic", |b| {
        b.iter(|| analytic.run_with(black_box(&values), &weights, &workers));
    });
    group.bench_function("999 permutations, shared draws", |b| {
        b.iter(|| permuted.run_with(black_box(&values), &weights, &workers));
    });
    let permutation = Inference::Permutation {
        replicates: REPLICATES,
    };
    let moran = LocalMoran::new();
    group.bench_function("local Moran, exact", |b| {
        b.iter(|| moran.run_with(black_box(&values), &lattice, &workers));
    });
    let moran = moran.inference(permutation);
    group.bench_function("local Moran, 999 permutations", |b| {
        b.iter(|| moran.run_with(black_box(&values), &lattice, &workers));
    });
    let geary = LocalGeary::new().inference(permutation);
    group.bench_function("local Geary, 999 permutations", |b| {
        b.iter(|| geary.run_with(black_box(&[&values]), &lattice, &workers));
    });
    group.bench_function("baseline: 999 permutations, unit by unit", |b| {
        b.iter(|| simulated(black_box(&values), &weights));
    });
    group.finish();
}

criterion_group!(benches, local);
criterion_main!(benches);
