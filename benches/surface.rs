//! From a surface to neighbourhoods, and sums of surfaces, each beside the plain way.
//!
//! The baseline for neighbourhoods cuts every area with the square of every cell near it, as an
//! overlay in a GIS does; the one for sums adds values and forgets the rounding.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use brandpunt::index::NeighbourhoodIndex;
use brandpunt::methods::density::{KernelDensity, Surface};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Neighbourhoods, Workers};
use criterion::{Criterion, criterion_group, criterion_main};
use geo::{Area, BooleanOps, BoundingRect};
use geo_types::{Rect, coord};

/// The mean density of each area, cell by cell.
fn overlay(surface: &Surface, areas: &Neighbourhoods) -> Vec<f64> {
    let (grid, half) = (surface.grid(), surface.grid().cell_size() / 2.0);
    let mean = |shape: &geo_types::MultiPolygon<f64>| {
        let around = shape.bounding_rect().unwrap();
        let (mut mass, mut covered) = (0.0, 0.0);
        for ((row, col), value) in surface.values().indexed_iter() {
            let (x, y) = grid.centre(row, col);
            let apart = x + half < around.min().x
                || x - half > around.max().x
                || y + half < around.min().y
                || y - half > around.max().y;
            if !apart {
                let corner = coord! { x: x - half, y: y - half };
                let square = Rect::new(corner, coord! { x: x + half, y: y + half }).to_polygon();
                let area = shape.intersection(&square).unsigned_area();
                mass += area * value;
                covered += area;
            }
        }
        mass / covered
    };
    areas.shapes().iter().map(mean).collect()
}

fn neighbourhoods(c: &mut Criterion) {
    let city = SyntheticCity::new(20_000).seed(1).build().unwrap();
    let areas = &city.neighbourhoods;
    let method = KernelDensity::new(400.0)
        .cell_size(100.0)
        .extent(areas.bounds());
    let surface = method.run(&city.incidents).unwrap();
    let naive = overlay(&surface, areas);
    let ours = surface.by_neighbourhood(areas).unwrap();
    let bound = 1e-6 * surface.peak();
    assert!(
        ours.mean
            .iter()
            .zip(&naive)
            .all(|(a, b)| (a - b).abs() <= bound)
    );

    let cells = surface.grid().len();
    let mut group = c.benchmark_group(format!("means of 240 areas, {cells} cells"));
    group.sample_size(10);
    let index = NeighbourhoodIndex::build(areas).unwrap();
    for threads in [1, 2] {
        let workers = Workers::new(threads).unwrap();
        group.bench_function(format!("exact shares of cells, {threads} threads"), |b| {
            b.iter(|| surface.by_neighbourhood_with(black_box(areas), &index, &workers));
        });
    }
    group.bench_function("baseline: overlay with squares", |b| {
        b.iter(|| overlay(black_box(&surface), areas));
    });
    group.finish();
}

fn sums(c: &mut Criterion) {
    let city = SyntheticCity::new(20_000).seed(1).build().unwrap();
    let extent = city.neighbourhoods.bounds();
    let method = KernelDensity::new(300.0).cell_size(20.0).extent(extent);
    let workers = Workers::new(2).unwrap();
    let (x, y) = (city.incidents.x(), city.incidents.y());
    let part = |k: usize| {
        let pick = |column: &[f64]| {
            column
                .iter()
                .skip(k)
                .step_by(3)
                .copied()
                .collect::<Vec<_>>()
        };
        let crs = city.incidents.crs();
        method
            .run_columns(&pick(x), &pick(y), None, crs, &workers)
            .unwrap()
    };
    let parts = [part(0), part(1), part(2)];
    let exact = |[a, b, c]: [Surface; 3]| ((a + b).unwrap() + c).unwrap();
    let plain = |[a, b, c]: &[Surface; 3]| a.values() + b.values() + c.values();
    let [a, b, c_] = parts.clone();
    let sum = exact(parts.clone());
    assert_eq!(sum.values(), exact([c_, a, b]).values());
    let bound = 1e-15 * sum.peak();
    let near = sum
        .values()
        .iter()
        .zip(&plain(&parts))
        .all(|(a, b)| (a - b).abs() <= bound);
    assert!(near);

    let cells = sum.grid().len();
    let mut group = c.benchmark_group(format!("sum of three surfaces of {cells} cells"));
    group.sample_size(10);
    group.bench_function("without rounding", |b| {
        b.iter(|| exact(black_box(parts.clone())));
    });
    group.bench_function("baseline: values only", |b| {
        b.iter(|| plain(black_box(&parts)));
    });
    group.finish();
}

criterion_group!(benches, neighbourhoods, sums);
criterion_main!(benches);
