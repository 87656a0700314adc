//! Who is a neighbour of whom, beside the plain way.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use brandpunt::weights::{Adjacency, Falloff, KernelWeights, Reach, Weights};
use brandpunt::{Crs, Neighbourhoods};
use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{Coord, Line, LineString, MultiPolygon, Polygon};

const PIECES: usize = 12;

/// A lattice of areas of 48 vertices whose sides are arcs of sines.
fn areas(rows: usize, cols: usize) -> Neighbourhoods {
    let side = |a: (f64, f64), b: (f64, f64)| {
        (0..PIECES).map(move |k| {
            let t = k as f64 / PIECES as f64;
            let off = 40.0 * (t * std::f64::consts::PI).sin();
            let (x, y) = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
            if a.1 == b.1 {
                (x, y + off)
            } else {
                (x + off, y)
            }
        })
    };
    let shapes: Vec<MultiPolygon<f64>> = (0..rows * cols)
        .map(|k| {
            let at = |i, j| ((k % cols + i) as f64 * 512.0, (k / cols + j) as f64 * 512.0);
            let back = |a, b| {
                let mut points: Vec<_> = side(b, a).collect();
                points.push(a);
                points.reverse();
                points.into_iter().take(PIECES)
            };
            let ring: Vec<(f64, f64)> = side(at(0, 0), at(1, 0))
                .chain(side(at(1, 0), at(1, 1)))
                .chain(back(at(1, 1), at(0, 1)))
                .chain(back(at(0, 1), at(0, 0)))
                .collect();
            MultiPolygon::new(vec![Polygon::new(LineString::from(ring), Vec::new())])
        })
        .collect();
    let codes: Vec<String> = (0..shapes.len()).map(|i| i.to_string()).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

/// Every vertex of every area against every edge of every other.
fn naive_queen(hoods: &Neighbourhoods) -> Weights {
    use geo::{Distance, Euclidean};
    let edges: Vec<Vec<Line<f64>>> = hoods
        .shapes()
        .iter()
        .map(|s| s.iter().flat_map(|p| p.exterior().lines()).collect())
        .collect();
    let touch = |a: &[Line<f64>], b: &[Line<f64>]| {
        a.iter().any(|e| {
            let start: Coord<f64> = e.start;
            b.iter()
                .any(|f| Euclidean.distance(&geo_types::Point::from(start), f) <= 0.01)
        })
    };
    let lists = (0..edges.len())
        .map(|i| {
            (0..edges.len())
                .filter(|&j| j != i)
                .filter(|&j| touch(&edges[i], &edges[j]) || touch(&edges[j], &edges[i]))
                .map(|j| j as u32)
                .collect()
        })
        .collect();
    Weights::from_neighbours(lists).unwrap()
}

fn contiguity(c: &mut Criterion) {
    let small = areas(8, 8);
    let large = areas(25, 40);
    // As many as there are wijken in the Netherlands.
    let nation = areas(60, 56);
    assert_eq!(Weights::queen(&small).unwrap(), naive_queen(&small));
    assert_eq!(
        Weights::queen(&small).unwrap(),
        Weights::lattice(8, 8, 1, Adjacency::Queen).unwrap()
    );
    assert_eq!(
        Weights::rook(&large).unwrap(),
        Weights::lattice(25, 40, 1, Adjacency::Rook).unwrap()
    );
    let mut group = c.benchmark_group("contiguity, areas of 48 vertices");
    group.sample_size(10);
    group.bench_function("queen, 1,000 areas", |b| {
        b.iter(|| Weights::queen(&large).unwrap());
    });
    group.bench_function("rook, 1,000 areas", |b| {
        b.iter(|| Weights::rook(&large).unwrap());
    });
    group.bench_function("queen, 3,360 areas", |b| {
        b.iter(|| Weights::queen(&nation).unwrap());
    });
    group.bench_function("queen, 64 areas", |b| {
        b.iter(|| Weights::queen(&small).unwrap());
    });
    group.bench_function("naive: all pairs of edges, 64 areas", |b| {
        b.iter(|| naive_queen(&small));
    });
    group.finish();
}

/// Every point against every other.
fn naive_band(x: &[f64], y: &[f64], radius: f64) -> Weights {
    let near = |i: usize, j: usize| {
        let (dx, dy) = (x[i] - x[j], y[i] - y[j]);
        i != j && dx * dx + dy * dy <= radius * radius
    };
    let lists = (0..x.len())
        .map(|i| {
            (0..x.len())
                .filter(|&j| near(i, j))
                .map(|j| j as u32)
                .collect()
        })
        .collect();
    Weights::from_neighbours(lists).unwrap()
}

fn lattice(c: &mut Criterion) {
    const SIDE: usize = 300;
    let cells: Vec<(usize, usize)> = (0..SIDE * SIDE).map(|k| (k / SIDE, k % SIDE)).collect();
    let (x, y): (Vec<f64>, Vec<f64>) = cells.iter().map(|&(r, c)| (c as f64, r as f64)).unzip();
    let queen = Weights::lattice(SIDE, SIDE, 1, Adjacency::Queen).unwrap();
    assert_eq!(queen, Weights::cells(&cells, 1).unwrap());
    assert_eq!(queen, Weights::distance_band(&x, &y, 1.5).unwrap());
    assert_eq!(
        naive_band(&x[..2000], &y[..2000], 1.5),
        Weights::distance_band(&x[..2000], &y[..2000], 1.5).unwrap()
    );
    assert_eq!(
        queen.order(3, true).unwrap(),
        Weights::lattice(SIDE, SIDE, 3, Adjacency::Queen).unwrap()
    );
    let mut group = c.benchmark_group("90,000 cells");
    group.sample_size(10);
    group.bench_function("lattice", |b| {
        b.iter(|| Weights::lattice(SIDE, SIDE, 1, Adjacency::Queen).unwrap());
    });
    group.bench_function("cells", |b| b.iter(|| Weights::cells(&cells, 1).unwrap()));
    group.bench_function("distance band", |b| {
        b.iter(|| Weights::distance_band(&x, &y, 1.5).unwrap());
    });
    group.bench_function("8 nearest", |b| {
        b.iter(|| Weights::nearest(&x, &y, 8).unwrap());
    });
    group.bench_function("gaussian kernel", |b| {
        let kernel = KernelWeights::new(Falloff::Gaussian, Reach::Fixed(1.5));
        b.iter(|| kernel.build(&x, &y).unwrap());
    });
    group.bench_function("third order of the queen", |b| {
        b.iter(|| queen.order(3, true).unwrap());
    });
    group.bench_function("naive: distances of all pairs, first 2,000 cells", |b| {
        b.iter(|| naive_band(&x[..2000], &y[..2000], 1.5));
    });
    group.finish();
}

criterion_group!(benches, contiguity, lattice);
criterion_main!(benches);
