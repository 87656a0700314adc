//! Kernel density of a million incidents beside the published state of the art.
//!
//! The baselines are written for this benchmark and compiled as the crate is: a direct scatter, and
//! SLAM in its bucket form (Chan et al. 2022, SIGMOD, doi:10.1145/3514221.3517823), the algorithm
//! of LIBKDV: for each raster row it looks for the incidents in reach among all of them, puts the
//! ends of their intervals into a bucket per cell and sweeps over the cells with aggregates of the
//! kernel's moments. Both run on one thread, as their originals do. All surfaces are compared before
//! a ratio is printed.
//!
//! The city: 20.48 by 15.36 km in 1280 by 960 cells, 200 clusters of 50 to 400 m standard deviation
//! with 70 % of the incidents, the rest anywhere.

#![expect(clippy::print_stdout, reason = "the ratios are what it is run for")]

use std::hint::black_box;
use std::time::Instant;

use brandpunt::methods::density::{Kernel, KernelDensity, Surface};
use brandpunt::{Bounds, Crs, Grid, Incidents, Workers};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const CELL: f64 = 16.0;
const COLS: usize = 1280;
const ROWS: usize = 960;
const CLUSTERS: usize = 200;

fn main() {
    // `cargo test --benches` checks the algorithms on few incidents.
    let check = std::env::args().any(|a| a == "--test");
    let n = if check { 3_000 } else { 1_000_000 };
    let bandwidths: &[f64] = if check {
        &[100.0]
    } else {
        &[100.0, 300.0, 1000.0]
    };
    let spread = city(n);
    println!("{n} incidents, {COLS} x {ROWS} cells");
    for &bandwidth in bandwidths {
        for kernel in [Kernel::Quartic, Kernel::Epanechnikov] {
            beside(&spread, kernel, bandwidth, true);
        }
    }
    let snapped = snapped(&spread, n.min(17_848));
    println!("{n} incidents snapped to {} addresses", n.min(17_848));
    for &bandwidth in bandwidths {
        beside(&snapped, Kernel::Quartic, bandwidth, false);
    }
    if !check {
        growth(&spread);
    }
}

/// Prints the time of each way and the ratios.
fn beside(incidents: &Incidents, kernel: Kernel, bandwidth: f64, slam_too: bool) {
    let run = |threads| {
        let workers = Workers::new(threads).expect("threads");
        best_of(5, || {
            let surface = density(kernel, bandwidth).run_with(incidents, &workers);
            surface.expect("a surface")
        })
    };
    let (one, surface) = run(1);
    let (two, _) = run(2);
    print!(
        "  {:<12} {bandwidth:>5} m   one thread {one:.3} s   two {two:.3} s",
        kernel.name()
    );
    let (direct, values) = best_of(1, || scatter(incidents, surface.grid(), kernel, bandwidth));
    assert!(apart(&surface, &values) <= 1e-9);
    print!(
        "   scatter {direct:.2} s = {:.1} x and {:.1} x",
        direct / one,
        direct / two
    );
    if slam_too {
        let (swept, values) = best_of(1, || slam(incidents, surface.grid(), kernel, bandwidth));
        let apart = apart(&surface, &values);
        // Moments about one origin lose digits far from it.
        assert!(apart <= 1e-3);
        print!(
            "   SLAM {swept:.2} s = {:.0} x and {:.0} x, within {apart:.0e}",
            swept / one,
            swept / two
        );
    }
    println!();
}

/// Time against the bandwidth and against the number of incidents, and against copying memory.
fn growth(all: &Incidents) {
    let workers = Workers::new(2).expect("threads");
    let time = |incidents: &Incidents, bandwidth: f64| {
        let run = || density(Kernel::Quartic, bandwidth).run_with(incidents, &workers);
        best_of(5, run).0
    };
    println!("quartic, two threads, by bandwidth");
    for bandwidth in [50.0, 100.0, 200.0, 400.0, 800.0, 1600.0] {
        println!("  {bandwidth:>5} m   {:.3} s", time(all, bandwidth));
    }
    println!("quartic, 300 m, two threads, by number");
    for n in [10_000, 30_000, 100_000, 300_000, 1_000_000] {
        let (x, y) = (all.x()[..n].to_vec(), all.y()[..n].to_vec());
        let some = Incidents::builder(x, y, all.crs()).build().expect("points");
        println!("  {n:>9}   {:.3} s", time(&some, 300.0));
    }
    let from = vec![1.0f64; 1 << 25];
    let mut to = vec![0.0f64; 1 << 25];
    let (copy, ()) = best_of(5, || black_box(&mut to).copy_from_slice(black_box(&from)));
    let moved = 2.0 * from.len() as f64 * 8.0;
    // Coordinates in, sorted by row and again within rows, and the surface out.
    let needed = (all.len() * (16 + 32 + 32 + 24) + ROWS * COLS * 16) as f64;
    println!(
        "copying memory moves {:.0} GB/s, which would take {:.1} ms for what a surface reads and \
         writes; at 300 m it takes {:.0} times as long",
        moved / copy / 1e9,
        1e3 * copy * needed / moved,
        time(all, 300.0) / (copy * needed / moved)
    );
}

fn density(kernel: Kernel, bandwidth: f64) -> KernelDensity {
    let (width, height) = (COLS as f64 * CELL, ROWS as f64 * CELL);
    KernelDensity::new(bandwidth)
        .kernel(kernel)
        .cell_size(CELL)
        .extent(Bounds::new(0.0, 0.0, width - 1.0, height - 1.0))
}

fn best_of<T>(runs: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut once = || {
        let start = Instant::now();
        let answer = black_box(work());
        (start.elapsed().as_secs_f64(), answer)
    };
    let (mut best, mut answer) = once();
    for _ in 1..runs {
        let (took, next) = once();
        best = best.min(took);
        answer = next;
    }
    (best, answer)
}

/// Greatest difference as a share of the peak.
fn apart(surface: &Surface, values: &[f64]) -> f64 {
    let pairs = surface.values().iter().zip(values);
    pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs())) / surface.peak()
}

fn city(n: usize) -> Incidents {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(20_240_607);
    let (width, height) = (COLS as f64 * CELL, ROWS as f64 * CELL);
    let clusters: Vec<[f64; 4]> = (0..CLUSTERS)
        .map(|_| {
            let weight = (1.0 - random.random::<f64>()).powf(-1.0 / 1.5) - 0.8;
            let x = 500.0 + random.random::<f64>() * (width - 1000.0);
            let y = 500.0 + random.random::<f64>() * (height - 1000.0);
            [x, y, 50.0 + 350.0 * random.random::<f64>(), weight]
        })
        .collect();
    let total: f64 = clusters.iter().map(|c| c[3]).sum();
    let mut points = || {
        if random.random::<f64>() < 0.3 {
            return [
                random.random::<f64>() * width,
                random.random::<f64>() * height,
            ];
        }
        let mut at = random.random::<f64>() * total;
        let chosen = clusters.iter().find(|c| {
            at -= c[3];
            at <= 0.0
        });
        let [x, y, deviation, _] = *chosen.unwrap_or(&clusters[0]);
        let far = deviation * (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        let angle = std::f64::consts::TAU * random.random::<f64>();
        let (x, y) = (x + far * angle.cos(), y + far * angle.sin());
        [x.clamp(0.0, width - 1.0), y.clamp(0.0, height - 1.0)]
    };
    let (x, y) = (0..n).map(|_| points().into()).unzip();
    Incidents::builder(x, y, Crs::PLANAR)
        .build()
        .expect("points")
}

/// As many incidents on the places of the first few.
fn snapped(incidents: &Incidents, places: usize) -> Incidents {
    let column = |of: &[f64]| (0..of.len()).map(|i| of[i % places]).collect();
    let (x, y) = (column(incidents.x()), column(incidents.y()));
    Incidents::builder(x, y, Crs::PLANAR)
        .build()
        .expect("points")
}

/// Each incident adds its kernel to every cell in its square of reach.
fn scatter(incidents: &Incidents, grid: &Grid, kernel: Kernel, bandwidth: f64) -> Vec<f64> {
    match kernel {
        Kernel::Quartic => scatter_with(incidents, grid, kernel, bandwidth, |u| u * u),
        _ => scatter_with(incidents, grid, kernel, bandwidth, |u| u),
    }
}

fn scatter_with(
    incidents: &Incidents,
    grid: &Grid,
    kernel: Kernel,
    bandwidth: f64,
    shape: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let mut out = vec![0.0; grid.len()];
    let reach = (bandwidth / CELL).ceil() as usize + 1;
    let scale = 1e6 * kernel.peak() / (bandwidth * bandwidth);
    for (x, y) in incidents.x().iter().zip(incidents.y()) {
        let Some((row, col)) = grid.cell_of(*x, *y) else {
            continue;
        };
        for r in row.saturating_sub(reach)..(row + reach + 1).min(ROWS) {
            let dy = grid.y(r) - y;
            for c in col.saturating_sub(reach)..(col + reach + 1).min(COLS) {
                let dx = grid.x(c) - x;
                let u = 1.0 - (dx * dx + dy * dy) / (bandwidth * bandwidth);
                if u > 0.0 {
                    out[r * COLS + c] += scale * shape(u);
                }
            }
        }
    }
    out
}

fn slam(incidents: &Incidents, grid: &Grid, kernel: Kernel, bandwidth: f64) -> Vec<f64> {
    match kernel {
        Kernel::Quartic => slam_with(incidents, grid, kernel, bandwidth, |e, x| {
            [e * e, 4.0 * x * e, 4.0 * x * x - 2.0 * e, -4.0 * x, 1.0]
        }),
        _ => slam_with(incidents, grid, kernel, bandwidth, |e, x| {
            [e, 2.0 * x, -1.0]
        }),
    }
}

/// `moments(e, x)` are the coefficients of the kernel of an incident at x along a row, where e is
/// what the row leaves of the squared bandwidth of one, less x².
fn slam_with<const N: usize>(
    incidents: &Incidents,
    grid: &Grid,
    kernel: Kernel,
    bandwidth: f64,
    moments: impl Fn(f64, f64) -> [f64; N],
) -> Vec<f64> {
    let scale = 1e6 * kernel.peak() / (bandwidth * bandwidth);
    // From the middle of the map, so that powers of coordinates stay small.
    let middle = grid.x(COLS / 2);
    let mut out = vec![0.0; grid.len()];
    let (mut enters, mut leaves) = (vec![Vec::new(); COLS + 1], vec![Vec::new(); COLS + 1]);
    for (row, out) in out.chunks_mut(COLS).enumerate() {
        for (x, y) in incidents.x().iter().zip(incidents.y()) {
            let dy = (grid.y(row) - y) / bandwidth;
            let left = 1.0 - dy * dy;
            if left <= 0.0 {
                continue;
            }
            let half = bandwidth * left.sqrt();
            let cell = |x: f64| ((x - grid.x(0)) / CELL).ceil().clamp(0.0, COLS as f64) as usize;
            let x_here = (x - middle) / bandwidth;
            let sums = moments(left - x_here * x_here, x_here);
            enters[cell(x - half)].push(sums);
            leaves[((x + half - grid.x(0)) / CELL + 1.0).clamp(0.0, COLS as f64) as usize]
                .push(sums);
        }
        let mut sums = [0.0; N];
        for (col, cell) in out.iter_mut().enumerate() {
            for entered in enters[col].drain(..) {
                sums.iter_mut().zip(entered).for_each(|(s, m)| *s += m);
            }
            for left in leaves[col].drain(..) {
                sums.iter_mut().zip(left).for_each(|(s, m)| *s -= m);
            }
            let x = (grid.x(col) - middle) / bandwidth;
            *cell = scale * sums.iter().rev().fold(0.0, |value, s| value * x + s);
        }
        enters[COLS].clear();
        leaves[COLS].clear();
    }
    out
}
