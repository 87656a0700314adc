//! Emerging hotspots of a cube beside the plain way: every window added up by itself, analytic z.

use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::methods::emerging::{EmergingHotspots, MannKendall, SpaceTimeCube, SpaceTimeGiStar};
use brandpunt::methods::local::Inference;
use brandpunt::weights::{Adjacency, Weights};
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const SIDE: usize = 60;
const STEPS: usize = 36;

/// Counts with a long tail, as nuisance reports per cell and month have.
fn counts() -> Array2<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    Array2::from_shape_simple_fn((SIDE * SIDE, STEPS), || {
        (-1.2 * random.random::<f64>().max(1e-9).ln()).floor()
    })
}

/// z of Gi* with one step of look-back, by its formula.
fn plain(counts: &Array2<f64>) -> Array2<f64> {
    let n = counts.len() as f64;
    let mean = counts.sum() / n;
    let deviation = (counts.map(|v| v * v).sum() / n - mean * mean).sqrt();
    Array2::from_shape_fn(counts.dim(), |(cell, step)| {
        let (row, col) = (cell / SIDE, cell % SIDE);
        let (mut sum, mut units) = (0.0, 0.0);
        for r in row.saturating_sub(1)..(row + 2).min(SIDE) {
            for c in col.saturating_sub(1)..(col + 2).min(SIDE) {
                for t in step.saturating_sub(1)..=step {
                    sum += counts[[r * SIDE + c, t]];
                    units += 1.0;
                }
            }
        }
        let spread = (units * (n - units) / (n - 1.0)).sqrt();
        (sum - mean * units) / (deviation * spread)
    })
}

fn emerging(c: &mut Criterion) {
    let values = counts();
    let weights = Weights::lattice(SIDE, SIDE, 1, Adjacency::Queen).expect("a lattice");
    let workers = Workers::new(1).expect("a thread");
    let cube = SpaceTimeCube::from_values(values.clone()).expect("a cube");
    let analytic = SpaceTimeGiStar::new().inference(Inference::Analytic);

    let found = analytic
        .run_with(&values, &weights, &workers)
        .expect("a result");
    for (ours, naive) in found.z.iter().zip(&plain(&values)) {
        assert!((ours - naive).abs() < 1e-9, "{ours} {naive}");
    }

    let mut group = c.benchmark_group("space-time cube of 60 x 60 cells x 36 steps, one thread");
    group.sample_size(10);
    group.bench_function("Gi*, analytic", |b| {
        b.iter(|| analytic.run_with(black_box(&values), &weights, &workers));
    });
    group.bench_function("baseline: every window by itself, z alone", |b| {
        b.iter(|| plain(black_box(&values)));
    });
    let exact = SpaceTimeGiStar::new();
    group.bench_function("Gi*, exact", |b| {
        b.iter(|| exact.run_with(black_box(&values), &weights, &workers));
    });
    let whole = EmergingHotspots::new();
    group.bench_function("emerging hotspots, exact", |b| {
        b.iter(|| whole.run_with(black_box(&cube), &weights, &workers));
    });
    let trend = MannKendall::new();
    let series: Vec<Vec<f64>> = values.rows().into_iter().map(|r| r.to_vec()).collect();
    group.bench_function("Mann-Kendall and Sen's slope of all cells", |b| {
        b.iter(|| {
            let tests = series.iter().map(|s| trend.run(black_box(s)));
            tests.flatten().count()
        });
    });
    group.finish();
}

criterion_group!(benches, emerging);
criterion_main!(benches);
