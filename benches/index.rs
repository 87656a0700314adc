//! Points in areas, and points near points, at the size of a city, each beside the plain way.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a benchmark fails by panicking, and lists what it compares"
)]

use std::hint::black_box;

use brandpunt::index::{IncidentIndex, NeighbourhoodIndex, count_labels};
use brandpunt::{Crs, Neighbourhoods, Workers};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Contains;
use geo_index::kdtree::{KDTree, KDTreeBuilder, KDTreeIndex};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const WIDTH: f64 = 20_000.0;
const HEIGHT: f64 = 17_000.0;
const POINTS: usize = 1_000_000;

/// Two in five points anywhere, the others around 200 centres.
fn city() -> (Vec<f64>, Vec<f64>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let centres: Vec<(f64, f64)> = (0..200)
        .map(|_| {
            (
                WIDTH * random.random::<f64>(),
                HEIGHT * random.random::<f64>(),
            )
        })
        .collect();
    (0..POINTS)
        .map(|i| {
            if i % 5 < 2 {
                return (
                    WIDTH * random.random::<f64>(),
                    HEIGHT * random.random::<f64>(),
                );
            }
            let (x, y) = centres[i % centres.len()];
            let mut spread = || 300.0 * (0..6).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
            (
                (x + spread()).clamp(1.0, WIDTH - 1.0),
                (y + spread()).clamp(1.0, HEIGHT - 1.0),
            )
        })
        .unzip()
}

/// 40 by 25 areas of 48 vertices that tile the city; edges are broken lines shared by both sides.
fn areas() -> Neighbourhoods {
    const COLS: usize = 40;
    const ROWS: usize = 25;
    const PIECES: usize = 12;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    let (w, h) = (WIDTH / COLS as f64, HEIGHT / ROWS as f64);
    let corner = |i: usize, j: usize| (i as f64 * w, j as f64 * h);
    let mut broken = |(ax, ay): (f64, f64), (bx, by): (f64, f64), straight: bool| {
        (0..=PIECES)
            .map(|k| {
                let t = k as f64 / PIECES as f64;
                let inner = k != 0 && k != PIECES && !straight;
                let off = if inner {
                    40.0 * (random.random::<f64>() - 0.5)
                } else {
                    0.0
                };
                let along_x = ay == by;
                let (x, y) = (ax + t * (bx - ax), ay + t * (by - ay));
                if along_x { (x, y + off) } else { (x + off, y) }
            })
            .collect::<Vec<_>>()
    };
    let flat: Vec<Vec<Vec<(f64, f64)>>> = (0..=ROWS)
        .map(|j| {
            (0..COLS)
                .map(|i| broken(corner(i, j), corner(i + 1, j), j == 0 || j == ROWS))
                .collect()
        })
        .collect();
    let upright: Vec<Vec<Vec<(f64, f64)>>> = (0..=COLS)
        .map(|i| {
            (0..ROWS)
                .map(|j| broken(corner(i, j), corner(i, j + 1), i == 0 || i == COLS))
                .collect()
        })
        .collect();
    let shapes: Vec<MultiPolygon<f64>> = (0..COLS * ROWS)
        .map(|k| {
            let (i, j) = (k % COLS, k / COLS);
            let ring: Vec<(f64, f64)> = flat[j][i]
                .iter()
                .chain(&upright[i + 1][j])
                .chain(flat[j + 1][i].iter().rev())
                .chain(upright[i][j].iter().rev())
                .copied()
                .collect();
            MultiPolygon::new(vec![Polygon::new(LineString::from(ring), Vec::new())])
        })
        .collect();
    let codes: Vec<String> = (0..shapes.len()).map(|i| i.to_string()).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

/// The way without an index: every polygon in turn.
fn naive_locate(hoods: &Neighbourhoods, x: f64, y: f64) -> u32 {
    let point = Point::from(Coord { x, y });
    let found = hoods.shapes().iter().position(|s| s.contains(&point));
    found.map_or(NeighbourhoodIndex::NONE, |i| i as u32)
}

fn counting(c: &mut Criterion) {
    const NAIVE: usize = 500;
    let (x, y) = city();
    let hoods = areas();
    let workers = Workers::new(2).unwrap();
    let index = NeighbourhoodIndex::build(&hoods).unwrap();
    let labels = index
        .locate_all(&x[..NAIVE], &y[..NAIVE], &workers)
        .unwrap();
    for (i, &label) in labels.iter().enumerate() {
        assert_eq!(label, naive_locate(&hoods, x[i], y[i]));
    }

    let mut group = c.benchmark_group("counting, 1,000 areas of 48 vertices");
    group.sample_size(10);
    group.throughput(Throughput::Elements(POINTS as u64));
    group.bench_function(
        "index: build, locate and count 1,000,000 points, 2 threads",
        |b| {
            b.iter(|| {
                let index = NeighbourhoodIndex::build(&hoods).unwrap();
                let labels = index.locate_all(&x, &y, &workers).unwrap();
                count_labels(&labels, None, Vec::new(), hoods.len()).unwrap()
            });
        },
    );
    group.bench_function("index: build only", |b| {
        b.iter(|| NeighbourhoodIndex::build(&hoods).unwrap());
    });
    group.throughput(Throughput::Elements(NAIVE as u64));
    group.bench_function("naive: contains of every polygon, 500 points", |b| {
        b.iter(|| {
            (0..NAIVE)
                .map(|i| u64::from(naive_locate(&hoods, x[i], y[i])))
                .sum::<u64>()
        });
    });
    group.finish();
}

fn packed_rtree(x: &[f64], y: &[f64]) -> RTree<f64> {
    let mut builder = RTreeBuilder::new(x.len() as u32);
    for (&x, &y) in x.iter().zip(y) {
        builder.add(x, y, x, y);
    }
    builder.finish::<HilbertSort>()
}

fn packed_kdtree(x: &[f64], y: &[f64]) -> KDTree<f64> {
    let mut builder = KDTreeBuilder::new(x.len() as u32);
    for (&x, &y) in x.iter().zip(y) {
        builder.add(x, y);
    }
    builder.finish()
}

fn square(a: f64) -> f64 {
    a * a
}

fn nearness(c: &mut Criterion) {
    const QUERIES: usize = 10_000;
    const RADIUS: f64 = 100.0;
    const CLOSE: f64 = 10.0;
    const K: usize = 10;
    let (x, y) = city();
    let one = Workers::new(1).unwrap();
    let two = Workers::new(2).unwrap();
    let index = IncidentIndex::from_xy(&x, &y).unwrap();
    // The tree is built at the first question.
    assert_eq!(index.nearest(x[0], y[0], 1)[0].1, 0.0);
    let rtree = packed_rtree(&x, &y);
    let kdtree = packed_kdtree(&x, &y);
    let (qx, qy) = (&x[..QUERIES], &y[..QUERIES]);

    let by_tree = || -> usize {
        qx.iter()
            .zip(qy)
            .map(|(&x, &y)| index.count_within(x, y, RADIUS))
            .sum()
    };
    let by_strips = |workers: &Workers| -> usize {
        let counts = index.count_within_all(qx, qy, RADIUS, workers).unwrap();
        counts.into_iter().map(|c| c as usize).sum()
    };
    let by_rtree = || -> usize {
        qx.iter()
            .zip(qy)
            .map(|(&cx, &cy)| {
                rtree
                    .search(cx - RADIUS, cy - RADIUS, cx + RADIUS, cy + RADIUS)
                    .into_iter()
                    .filter(|&i| {
                        square(x[i as usize] - cx) + square(y[i as usize] - cy) <= RADIUS * RADIUS
                    })
                    .count()
            })
            .sum()
    };
    let by_kdtree = || -> usize {
        qx.iter()
            .zip(qy)
            .map(|(&x, &y)| kdtree.within(x, y, RADIUS).len())
            .sum()
    };
    let by_naive = |n: usize| -> usize {
        (0..n)
            .map(|q| {
                x.iter()
                    .zip(&y)
                    .filter(|&(&px, &py)| square(px - x[q]) + square(py - y[q]) <= RADIUS * RADIUS)
                    .count()
            })
            .sum()
    };
    let expected = by_tree();
    assert_eq!(expected, by_strips(&two));
    assert_eq!(expected, by_rtree());
    assert_eq!(expected, by_kdtree());
    let few: usize = (0..20)
        .map(|q| index.count_within(x[q], y[q], RADIUS))
        .sum();
    assert_eq!(few, by_naive(20));

    let mut group = c.benchmark_group("build, 1,000,000 points");
    group.sample_size(10);
    group.bench_function("merge coincident points", |b| {
        b.iter(|| IncidentIndex::from_xy(&x, &y).unwrap());
    });
    group.bench_function("merge, and rstar", |b| {
        b.iter(|| {
            let index = IncidentIndex::from_xy(&x, &y).unwrap();
            index.nearest(0.0, 0.0, 1).len()
        });
    });
    group.bench_function("packed Hilbert R-tree", |b| b.iter(|| packed_rtree(&x, &y)));
    group.bench_function("packed k-d tree", |b| b.iter(|| packed_kdtree(&x, &y)));
    group.finish();

    let mut group = c.benchmark_group("10,000 counts within 100 m of 1,000,000 points");
    group.sample_size(10);
    group.bench_function("rstar", |b| b.iter(by_tree));
    group.bench_function("strips, built for it, 1 thread", |b| {
        b.iter(|| by_strips(&one));
    });
    group.bench_function("strips, built for it, 2 threads", |b| {
        b.iter(|| by_strips(&two));
    });
    group.bench_function("packed Hilbert R-tree", |b| b.iter(by_rtree));
    group.bench_function("packed k-d tree", |b| b.iter(by_kdtree));
    group.bench_function("naive: all points, 20 counts only", |b| {
        b.iter(|| by_naive(black_box(20)));
    });
    group.finish();

    let nearest_tree = || -> f64 {
        qx.iter()
            .zip(qy)
            .flat_map(|(&x, &y)| index.nearest(x, y, K))
            .map(|(_, d)| d)
            .sum()
    };
    let nearest_rtree = || -> f64 {
        qx.iter()
            .zip(qy)
            .flat_map(|(&cx, &cy)| {
                rtree
                    .neighbors(cx, cy, Some(K), None)
                    .into_iter()
                    .map(|i| (square(x[i as usize] - cx) + square(y[i as usize] - cy)).sqrt())
                    .collect::<Vec<_>>()
            })
            .sum()
    };
    assert!((nearest_tree() / nearest_rtree() - 1.0).abs() < 1e-12);
    let mut group = c.benchmark_group("10 nearest of 1,000,000 points, 10,000 times");
    group.sample_size(10);
    group.bench_function("rstar", |b| b.iter(nearest_tree));
    group.bench_function("packed Hilbert R-tree", |b| b.iter(nearest_rtree));
    group.finish();

    let pairs_kdtree = || -> usize {
        let found: usize = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| kdtree.within(x, y, CLOSE).len())
            .sum();
        (found - POINTS) / 2
    };
    let pairs_tree = || -> usize {
        let found: usize = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| index.count_within(x, y, CLOSE))
            .sum();
        (found - POINTS) / 2
    };
    let pairs_strips = |workers: &Workers| index.close_pairs(CLOSE, workers).unwrap().len();
    if index.locations() == POINTS {
        assert_eq!(pairs_strips(&two), pairs_kdtree());
        assert_eq!(pairs_strips(&two), pairs_tree());
    }
    let mut group = c.benchmark_group("pairs within 10 m among 1,000,000 points");
    group.sample_size(10);
    group.bench_function("strips, 1 thread", |b| b.iter(|| pairs_strips(&one)));
    group.bench_function("strips, 2 threads", |b| b.iter(|| pairs_strips(&two)));
    group.bench_function("rstar, one question per point", |b| b.iter(pairs_tree));
    group.bench_function("packed k-d tree, one question per point", |b| {
        b.iter(pairs_kdtree);
    });
    group.finish();
}

criterion_group!(benches, counting, nearness);
criterion_main!(benches);
