//! Kernel density: the sweep beside adding kernels cell by cell.
//!
//! The baseline is a compiled direct scatter written the obvious way, on one thread. Before
//! anything is timed, both surfaces are compared.

use std::hint::black_box;
use std::sync::Arc;

use brandpunt::index::StudyArea;
use brandpunt::methods::density::{
    Adaptive, BandwidthSelection, Edge, Kernel, KernelDensity, Selector, Surface,
};
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

/// What costs more than the sweep alone.
fn around_it(c: &mut Criterion) {
    let city = SyntheticCity::new(100_000).seed(1).build().expect("a city");
    let workers = Workers::new(2).expect("threads");
    let area = StudyArea::new(&city.neighbourhoods, &workers).expect("an area");
    let area = Arc::new(area);
    let plain = KernelDensity::new(300.0)
        .cell_size(20.0)
        .within(area.clone());
    let narrow = KernelDensity::new(107.0).cell_size(20.0).within(area);
    let mut group = c.benchmark_group("density of 100,000 incidents in a city, 2 threads");
    group.sample_size(10);
    let mut bench = |name: &str, run: &dyn Fn() -> Surface| {
        group.bench_function(name, |b| b.iter(run));
    };
    let incidents = black_box(&city.incidents);
    let run = |method: &KernelDensity| method.run_with(incidents, &workers).expect("a surface");
    bench("quartic, 300 m", &|| run(&plain));
    bench("quartic, 300 m, uniform correction", &|| {
        run(&plain.clone().edge(Edge::Uniform))
    });
    bench("quartic, 300 m, Diggle's correction", &|| {
        run(&plain.clone().edge(Edge::Diggle))
    });
    bench("quartic, 300 m, Abramson's bandwidths", &|| {
        let rule = Adaptive::Abramson {
            pilot: 300.0,
            trim: 5.0,
        };
        let adaptive = plain.clone().adaptive(rule);
        adaptive.run_with(incidents, &workers).expect("a surface")
    });
    bench("Gaussian of as much variance", &|| {
        run(&narrow.clone().kernel(Kernel::Gaussian))
    });
    group.finish();

    let few = SyntheticCity::new(10_000).seed(1).build().expect("a city");
    let mut group = c.benchmark_group("bandwidth for 10,000 incidents, 2 threads");
    group.sample_size(10);
    for selector in Selector::ALL {
        let selection = BandwidthSelection::new(selector);
        group.bench_function(selector.name(), |b| {
            b.iter(|| selection.run_with(black_box(&few.incidents), &workers));
        });
    }
    group.finish();
}

criterion_group!(benches, density, around_it);
criterion_main!(benches);
