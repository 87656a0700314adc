//! Kernel density: the sweep beside adding kernels cell by cell.
//!
//! The baseline is a compiled direct scatter written the obvious way, on one thread. Before
//! anything is timed, both surfaces are compared.

use std::hint::black_box;

use brandpunt::methods::density::{Kernel, KernelDensity};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Grid, Workers};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// Each incident adds its quartic kernel to every cell in its square of reach.
fn scatter(x: &[f64], y: &[f64], grid: &Grid, bandwidth: f64) -> Vec<f64> {
    let mut out = vec![0.0; grid.len()];
    let reach = (bandwidth / grid.cell_size()).ceil() as usize + 1;
    let scale = 1e6 * Kernel::Quartic.peak() / (bandwidth * bandwidth);
    for (x, y) in x.iter().zip(y) {
        let Some((row, col)) = grid.cell_of(*x, *y) else {
            continue;
        };
        for r in row.saturating_sub(reach)..(row + reach + 1).min(grid.rows()) {
            let dy = grid.y(r) - y;
            for c in col.saturating_sub(reach)..(col + reach + 1).min(grid.cols()) {
                let dx = grid.x(c) - x;
                let u = 1.0 - (dx * dx + dy * dy) / (bandwidth * bandwidth);
                if u > 0.0 {
                    out[r * grid.cols() + c] += scale * u * u;
                }
            }
        }
    }
    out
}

fn density(c: &mut Criterion) {
    let city = SyntheticCity::new(100_000).seed(1).build().expect("a city");
    let (x, y) = (city.incidents.x(), city.incidents.y());
    let extent = city.neighbourhoods.bounds();
    for bandwidth in [100.0, 300.0, 1000.0] {
        let method = KernelDensity::new(bandwidth).cell_size(20.0).extent(extent);
        let surface = method.run(&city.incidents).expect("a surface");
        let naive = scatter(x, y, surface.grid(), bandwidth);
        let bound = 1e-9 * surface.peak();
        assert!(
            surface
                .values()
                .iter()
                .zip(&naive)
                .all(|(a, b)| (a - b).abs() <= bound)
        );

        let mut group = c.benchmark_group(format!("density of 100,000 incidents, {bandwidth} m"));
        group.sample_size(10);
        for threads in [1, 2] {
            let workers = Workers::new(threads).expect("threads");
            group.bench_with_input(
                BenchmarkId::new("sweep", threads),
                &workers,
                |b, workers| {
                    b.iter(|| method.run_with(black_box(&city.incidents), workers));
                },
            );
        }
        group.bench_function("baseline: scatter", |b| {
            b.iter(|| scatter(black_box(x), y, surface.grid(), bandwidth));
        });
        group.finish();
    }
}

criterion_group!(benches, density);
criterion_main!(benches);
