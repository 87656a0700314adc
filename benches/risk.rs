//! Relative risk by simulation: one surface per simulated map beside two surfaces and a logarithm.
//!
//! Before anything is timed, the log ratio and the simulated tails of both are compared.

use std::hint::black_box;

use brandpunt::methods::density::{KernelDensity, RelativeRisk, Tolerance};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Bounds, Crs, Incidents, Workers};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const CASES: usize = 2_000;
const CONTROLS: usize = 8_000;
const MAPS: usize = 99;

/// The logarithm of the ratio of the two densities, the first so many being the cases.
fn log_ratio(x: &[f64], y: &[f64], extent: Bounds, workers: &Workers) -> Vec<f64> {
    let density = |from: usize, to: usize| {
        KernelDensity::new(400.0)
            .cell_size(50.0)
            .extent(extent)
            .run_columns(&x[from..to], &y[from..to], None, Crs::RD_NEW, workers)
            .expect("a surface")
    };
    let (cases, controls) = (density(0, CASES), density(CASES, CASES + CONTROLS));
    let both = cases.values().iter().zip(controls.values());
    both.map(|(f, g)| (f / CASES as f64).ln() - (g / CONTROLS as f64).ln())
        .collect()
}

/// Share of shuffled maps with at least as great a log ratio, by two surfaces per map.
fn greater(incidents: &Incidents, extent: Bounds, workers: &Workers) -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut y) = (incidents.x().to_vec(), incidents.y().to_vec());
    let observed = log_ratio(&x, &y, extent, workers);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let mut reached = vec![1.0; observed.len()];
    for _ in 0..MAPS {
        for i in 0..CASES {
            let j = random.random_range(i..x.len());
            x.swap(i, j);
            y.swap(i, j);
        }
        let simulated = log_ratio(&x, &y, extent, workers);
        for (reached, (s, o)) in reached.iter_mut().zip(simulated.iter().zip(&observed)) {
            *reached += f64::from(u8::from(*s >= *o - 1e-9));
        }
    }
    let share = reached.iter().map(|r| r / (MAPS as f64 + 1.0)).collect();
    (observed, share)
}

fn risk(c: &mut Criterion) {
    let city = SyntheticCity::new(CASES + CONTROLS)
        .seed(1)
        .build()
        .expect("a city");
    let extent = city.neighbourhoods.bounds();
    let of = |from: usize, to: usize| {
        let positions: Vec<u32> = (from as u32..to as u32).collect();
        city.incidents.take(&positions)
    };
    let (cases, controls) = (of(0, CASES), of(CASES, CASES + CONTROLS));
    let method = RelativeRisk::new(400.0)
        .cell_size(50.0)
        .extent(extent)
        .tolerance(Tolerance::MonteCarlo { replicates: MAPS });
    let workers = Workers::new(1).expect("a thread");
    let found = method
        .run_with(&cases, &controls, &workers)
        .expect("a map of risk");
    let (observed, share) = greater(&city.incidents, extent, &workers);
    // Cells without a reason and with cases enough that no floor shows.
    let cells = found
        .log_ratio
        .iter()
        .zip(&found.p_greater)
        .zip(&found.ratio);
    let mut worst = 0.0f64;
    for (((log, p), ratio), (want, share)) in cells.zip(observed.iter().zip(&share)) {
        if !log.is_nan() && (ratio.ln() - log).abs() < 1e-12 {
            assert!((log - want).abs() < 1e-9, "{log} {want}");
            worst = worst.max((p - share).abs());
        }
    }
    // Two simulations of 99 maps differ by chance: five standard deviations.
    assert!(worst < 0.36, "{worst}");

    let mut group = c.benchmark_group("relative risk, 2,000 among 8,000, 99 maps, one thread");
    group.sample_size(10);
    group.bench_function("one surface of the smaller set", |b| {
        b.iter(|| method.run_with(black_box(&cases), &controls, &workers));
    });
    group.bench_function("baseline: two surfaces and a logarithm", |b| {
        b.iter(|| greater(black_box(&city.incidents), extent, &workers));
    });
    group.finish();
}

criterion_group!(benches, risk);
criterion_main!(benches);
