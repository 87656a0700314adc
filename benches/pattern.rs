//! Ripley's K of points thrown at random on a square, twenty radii up to a tenth of its side:
//! cells and vector instructions beside all pairs, with the isotropic weights of a rectangle.
//!
//! Before anything is timed, both must agree to 1e-9.

use std::f64::consts::PI;
use std::hint::black_box;

use brandpunt::index::StudyArea;
use brandpunt::methods::pattern::{EdgeCorrection, PairCorrelation, Ripley, Spacing};
use brandpunt::{Crs, Incidents, Neighbourhoods, Workers};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geo_types::{MultiPolygon, Rect, coord};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const SIDE: f64 = 1000.0;

fn square() -> StudyArea {
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: SIDE, y: SIDE });
    let names = vec!["a".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![rect.to_polygon()])];
    let hoods = Neighbourhoods::new(names.clone(), names, shapes, Crs::PLANAR).expect("a square");
    StudyArea::new(&hoods, &Workers::new(1).expect("a thread")).expect("an area")
}

fn thrown(n: usize) -> Incidents {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut column = || (0..n).map(|_| SIDE * random.random::<f64>()).collect();
    let (x, y) = (column(), column());
    Incidents::builder(x, y, Crs::PLANAR)
        .build()
        .expect("points")
}

fn radii() -> Vec<f64> {
    (1..=20).map(|k| f64::from(k) * 0.005 * SIDE).collect()
}

/// All pairs, each circle by its angles beyond the sides.
fn all_pairs(points: &Incidents, radii: &[f64]) -> Vec<f64> {
    let (x, y, n) = (points.x(), points.y(), points.len());
    let mut out = vec![0.0; radii.len()];
    for i in 0..n {
        let sides = [x[i], y[i], SIDE - x[i], SIDE - y[i]];
        for j in 0..n {
            let d = (x[i] - x[j]).hypot(y[i] - y[j]);
            if i == j || d > radii[radii.len() - 1] {
                continue;
            }
            let half = sides.map(|s| if s < d { (s / d).acos() } else { 0.0 });
            let corners: f64 = (0..4)
                .map(|k| (half[k] + half[(k + 1) % 4] - PI / 2.0).max(0.0))
                .sum();
            let outside = 2.0 * half.iter().sum::<f64>() - corners;
            let weight = 1.0 / (1.0 - outside / (2.0 * PI));
            let first = radii.partition_point(|r| *r < d);
            out[first..].iter_mut().for_each(|k| *k += weight);
        }
    }
    let scale = SIDE * SIDE / (n as f64 * (n as f64 - 1.0));
    out.iter().map(|k| k * scale).collect()
}

fn pattern(c: &mut Criterion) {
    let (area, radii) = (square(), radii());
    let one = Workers::new(1).expect("a thread");
    let all = Workers::new(0).expect("threads");
    let points = thrown(10_000);
    let ripley = Ripley::new(&radii);
    let found = ripley.run_with(&points, &area, &one).expect("K").k;
    for (fast, plain) in found.iter().zip(all_pairs(&points, &radii)) {
        assert!((fast / plain - 1.0).abs() < 1e-9, "{fast} {plain}");
    }
    let mut group = c.benchmark_group("K of 10,000 points, 20 radii, isotropic, one thread");
    group.sample_size(10);
    group.bench_function("cells", |b| {
        b.iter(|| ripley.run_with(black_box(&points), &area, &one));
    });
    group.bench_function("baseline: all pairs", |b| {
        b.iter(|| all_pairs(black_box(&points), &radii));
    });
    group.finish();
    let mut group = c.benchmark_group("10,000 points, 20 radii, 99 simulations, all threads");
    group.sample_size(10);
    for correction in EdgeCorrection::ALL {
        let ripley = ripley.clone().correction(correction).simulations(99);
        let name = format!("K, {}", correction.name());
        group.bench_function(name, |b| {
            b.iter(|| ripley.run_with(black_box(&points), &area, &all));
        });
    }
    let g = PairCorrelation::new(&radii).simulations(99);
    group.bench_function("g, isotropic", |b| {
        b.iter(|| g.run_with(black_box(&points), &area, &all));
    });
    let spacing = Spacing::new(&radii[..8]).simulations(99);
    group.bench_function("F, G and J", |b| {
        b.iter(|| spacing.run_with(black_box(&points), &area, &all));
    });
    group.finish();
    let mut group = c.benchmark_group("K, 20 radii, isotropic, all threads");
    group.sample_size(10);
    let many = thrown(100_000);
    group.bench_with_input(
        BenchmarkId::new("one pattern", 100_000),
        &many,
        |b, many| {
            b.iter(|| ripley.run_with(black_box(many), &area, &all));
        },
    );
    group.finish();
}

criterion_group!(benches, pattern);
criterion_main!(benches);
