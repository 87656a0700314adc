//! Forecasts: incidents laid over the cells in reach beside every incident for every cell, and a
//! self-exciting process fitted over a list of close pairs beside all pairs at every step.
//!
//! Before anything is timed, both ways must give the same numbers, to 1e-9 of the largest.

use std::f64::consts::PI;
use std::hint::black_box;

use brandpunt::methods::forecast::{Forecast, ForecastMethod, ForecastUnits, SelfExciting};
use brandpunt::{Crs, Incidents, Neighbourhoods, Times, Workers, Zone};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geo_types::{MultiPolygon, Rect, coord};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use simulated::Town;

#[path = "../src/methods/forecast/self_exciting/simulated.rs"]
mod simulated;

const DAY: f64 = 86_400.0;
const DAYS: f64 = 730.0;
const CELL: f64 = 100.0;
const SIDE: f64 = 4_000.0;
const METRES: f64 = 200.0;
const REACH_DAYS: f64 = 30.0;
const STEPS: usize = 10;
/// Four kernels for each of five kinds of places, and one part everywhere.
const PARTS: usize = 21;
/// Moments at which the kinds of places are counted.
const MOMENTS: usize = 16;

fn town(background: f64) -> (Incidents, ForecastUnits) {
    let town = Town {
        side: SIDE,
        days: DAYS,
        background,
        at_addresses: 0.2,
        at_squares: 0.4,
        season: 0.3,
        branching: 0.3,
        delay: 4.0,
        sigma: 40.0,
    };
    let source = Xoshiro256PlusPlus::seed_from_u64;
    let (mut days, x, y) = town.draw(&mut source(7), &mut source(8));
    // One at the beginning and one at the end, so that the record has a round length.
    days[0] = 0.0;
    days[1] = DAYS - 1.0 / DAY;
    let seconds = days.iter().map(|d| (d * DAY).round() as i64).collect();
    let incidents = Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .expect("incidents");
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: SIDE, y: SIDE });
    let names = || vec!["town".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
    let area = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).expect("an area");
    (incidents, ForecastUnits::cells(&area, CELL).expect("cells"))
}

/// Middles of the cells, from north-west to south-east.
fn middles() -> impl Iterator<Item = (f64, f64)> {
    let cells = (SIDE / CELL) as usize;
    let at = |k: usize| (k as f64 + 0.5) * CELL;
    (0..cells * cells).map(move |cell| (at(cell % cells), SIDE - at(cell / cells)))
}

fn quartic(squared: f64, radius: f64) -> f64 {
    (1.0 - squared / (radius * radius)).max(0.0).powi(2)
}

/// Every incident for every cell.
fn cell_by_cell(incidents: &Incidents, metres: f64, memory: f64, days: f64) -> Vec<f64> {
    let seconds = incidents.times().expect("times").seconds();
    let mut out = vec![0.0; middles().count()];
    for (i, second) in seconds.iter().enumerate() {
        let v = (DAYS - *second as f64 / DAY) / memory;
        if v >= 1.0 {
            continue;
        }
        let weight = days * (1.0 - v * v).powi(2) / (memory * 8.0 / 15.0);
        let (x, y) = (incidents.x()[i], incidents.y()[i]);
        let kernel: Vec<f64> = middles()
            .map(|(cx, cy)| quartic((cx - x).powi(2) + (cy - y).powi(2), metres))
            .collect();
        let total: f64 = kernel.iter().sum();
        for (sum, part) in out.iter_mut().zip(kernel) {
            *sum += weight * part / total;
        }
    }
    out
}

/// The same steps with all pairs of incidents at each; gives θ, and the means of ωτ and vd².
struct AllPairs {
    day: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    base: Vec<[f64; PARTS]>,
    piece: Vec<usize>,
}

impl AllPairs {
    fn new(incidents: &Incidents) -> Self {
        let seconds = incidents.times().expect("times").seconds();
        let mut order: Vec<usize> = (0..incidents.len()).collect();
        order.sort_by_key(|i| seconds[*i]);
        let column = |values: &[f64]| order.iter().map(|i| values[*i]).collect::<Vec<f64>>();
        let mut out = Self {
            day: order.iter().map(|i| seconds[*i] as f64 / DAY).collect(),
            x: column(incidents.x()),
            y: column(incidents.y()),
            base: Vec::new(),
            piece: Vec::new(),
        };
        let radii = [1.0, 3.0, 9.0, 27.0].map(|f| f * 10.0 * 8.0f64.sqrt());
        let n = out.day.len();
        let edge: Vec<[f64; 4]> = (0..n).map(|i| radii.map(|r| out.edge(i, r))).collect();
        let kind = |i: usize, moment: f64| -> usize {
            let there = |o: &usize| out.squared(i, *o) <= radii[0] * radii[0];
            let others = (0..n).filter(|o| out.other(*o, moment));
            match others.filter(there).count() {
                0..=1 => 0,
                2..=3 => 1,
                4..=7 => 2,
                8..=15 => 3,
                _ => 4,
            }
        };
        let sizes: Vec<[f64; 5]> = (0..MOMENTS)
            .map(|moment| {
                let seconds = (DAYS * DAY) as i64 * (2 * moment as i64 + 1) / (2 * MOMENTS as i64);
                let middle = seconds as f64 / DAY;
                let mut sizes = [0.0; 5];
                for i in (0..n).filter(|i| out.other(*i, middle)) {
                    sizes[kind(i, middle)] += 1.0;
                }
                sizes
            })
            .collect();
        let mut bases = Vec::new();
        for j in 0..n {
            let now = out.day[j];
            let mut base = [0.0; PARTS];
            base[PARTS - 1] = 1.0 / (SIDE * SIDE);
            let sizes = &sizes[((now / DAYS * MOMENTS as f64) as usize).min(MOMENTS - 1)];
            for i in (0..n).filter(|i| out.other(*i, now)) {
                let squared = out.squared(i, j);
                if squared >= radii[3] * radii[3] {
                    continue;
                }
                let kind = kind(i, now);
                for (k, radius) in radii.iter().enumerate() {
                    let density = 3.0 / (PI * radius * radius) * quartic(squared, *radius);
                    base[4 * kind + k] += density / edge[i][k] / sizes[kind].max(1.0);
                }
            }
            bases.push(base);
        }
        out.base = bases;
        for j in 0..n {
            out.piece
                .push(((out.day[j] / (DAYS / 8.0)) as usize).min(7));
        }
        out
    }

    /// Whether an incident is of another time.
    fn other(&self, i: usize, moment: f64) -> bool {
        (self.day[i] - moment).abs() > REACH_DAYS
    }

    fn squared(&self, i: usize, j: usize) -> f64 {
        (self.x[i] - self.x[j]).powi(2) + (self.y[i] - self.y[j]).powi(2)
    }

    /// Part of a kernel inside the town, by the middles of the cells.
    fn edge(&self, i: usize, radius: f64) -> f64 {
        if radius < 3.0 * CELL {
            return 1.0;
        }
        let sum: f64 = middles()
            .map(|(x, y)| quartic((x - self.x[i]).powi(2) + (y - self.y[i]).powi(2), radius))
            .sum();
        (sum * CELL * CELL * 3.0 / (PI * radius * radius)).clamp(0.05, 1.0)
    }

    /// θ and the log-likelihood after the steps.
    fn climb(&self) -> (f64, f64) {
        let n = self.day.len();
        let (piece_days, area) = (DAYS / 8.0, METRES * METRES);
        let mut level = [0.0; 8];
        for piece in &self.piece {
            level[*piece] += 0.7;
        }
        let mut share = [1.0 / PARTS as f64; PARTS];
        let (mut theta, mut rate, mut close) = (0.3, 3.0 / REACH_DAYS, 4.5 / area);
        let ends: Vec<f64> = self
            .day
            .iter()
            .map(|d| (DAYS - d).min(REACH_DAYS))
            .collect();
        let mut step = 0;
        loop {
            let peak = theta * rate / (1.0 - (-rate * REACH_DAYS).exp()) * (close / PI)
                / (1.0 - (-close * area).exp());
            let (mut log, mut all, mut days, mut squares) = (0.0, 0.0, 0.0, 0.0);
            let (mut levels, mut shares) = ([0.0; 8], [0.0; PARTS]);
            for j in 0..n {
                let mut parts = [0.0; PARTS];
                for (k, part) in parts.iter_mut().enumerate() {
                    *part = level[self.piece[j]] / piece_days * self.base[j][k] * share[k];
                }
                let mut follows = [0.0; 3];
                for i in 0..n {
                    let (delay, squared) = (self.day[j] - self.day[i], self.squared(i, j));
                    if delay > 0.0 && delay <= REACH_DAYS && squared <= area {
                        let density = peak * (-rate * delay - close * squared).exp();
                        follows[0] += density;
                        follows[1] += density * delay;
                        follows[2] += density * squared;
                    }
                }
                let density = parts.iter().sum::<f64>() + follows[0];
                log += density.ln();
                all += follows[0] / density;
                days += follows[1] / density;
                squares += follows[2] / density;
                for (k, part) in parts.iter().enumerate() {
                    levels[self.piece[j]] += part / density;
                    shares[k] += part / density;
                }
            }
            let seen = |rate: f64| -> f64 {
                let mass = |x: &f64| (1.0 - (-rate * x).exp()) / (1.0 - (-rate * REACH_DAYS).exp());
                ends.iter().map(mass).sum()
            };
            if step == STEPS {
                return (theta, log - level.iter().sum::<f64>() - theta * seen(rate));
            }
            level = levels;
            let total: f64 = shares.iter().sum();
            share = shares.map(|s| s / total);
            rate = rate_of(days / all, &ends);
            close = rate_of(squares / all, &[area]);
            theta = all / seen(rate);
            step += 1;
        }
    }
}

/// The rate at which delays seen up to these ends have a mean, by bisection.
fn rate_of(mean: f64, ends: &[f64]) -> f64 {
    let longest = ends.iter().copied().fold(0.0, f64::max);
    let (mut low, mut high) = (0.05 / longest, 1e4 / longest);
    for _ in 0..200 {
        let rate = f64::midpoint(low, high);
        let (top, bottom) = ends.iter().fold((0.0, 0.0), |(top, bottom), x| {
            let left = (-rate * x).exp();
            (top + x * left, bottom + 1.0 - left)
        });
        if 1.0 / rate - top / bottom > mean {
            low = rate;
        } else {
            high = rate;
        }
    }
    f64::midpoint(low, high)
}

fn alike(one: f64, other: f64) {
    assert!((one / other - 1.0).abs() < 1e-9, "{one} {other}");
}

fn forecasts(c: &mut Criterion) {
    let workers = Workers::new(1).expect("a thread");
    let now = (DAYS * DAY) as i64;
    let mut group = c.benchmark_group("forecast by kernels of 400 m, 1,600 cells, one thread");
    group.sample_size(10);
    for n in [2_000.0, 20_000.0] {
        let (incidents, units) = town(n);
        let method = ForecastMethod::Kernel {
            bandwidth: 400.0,
            days: 365.0,
        };
        let forecast = Forecast::new(method, 28.0);
        let run = || forecast.run_with(&incidents, &units, now, &workers);
        let found = run().expect("a forecast").expected;
        let naive = cell_by_cell(&incidents, 400.0, 365.0, 28.0);
        let most = naive.iter().copied().fold(0.0, f64::max);
        for (a, b) in found.iter().zip(&naive) {
            assert!((a - b).abs() < 1e-9 * most, "{a} {b}");
        }
        group.bench_with_input(BenchmarkId::new("cells in reach", n), &n, |b, _| {
            b.iter(|| black_box(run()));
        });
        group.bench_with_input(BenchmarkId::new("baseline: all cells", n), &n, |b, _| {
            b.iter(|| cell_by_cell(black_box(&incidents), 400.0, 365.0, 28.0));
        });
    }
    group.finish();
}

fn self_exciting(c: &mut Criterion) {
    let workers = Workers::new(1).expect("a thread");
    let mut group = c.benchmark_group("self-exciting process, 10 steps, one thread");
    group.sample_size(10);
    for n in [500.0, 2_000.0] {
        let (incidents, units) = town(n);
        let process = SelfExciting::new(METRES, REACH_DAYS).most_steps(STEPS);
        let run = || process.run_with(&incidents, &units, &workers);
        let fit = run().expect("a fit");
        let (theta, log_likelihood) = AllPairs::new(&incidents).climb();
        alike(fit.branching, theta);
        alike(fit.log_likelihood, log_likelihood);
        group.bench_with_input(BenchmarkId::new("list of close pairs", n), &n, |b, _| {
            b.iter(|| black_box(run()));
        });
        group.bench_with_input(BenchmarkId::new("baseline: all pairs", n), &n, |b, _| {
            b.iter(|| AllPairs::new(black_box(&incidents)).climb());
        });
    }
    group.finish();
}

criterion_group!(benches, forecasts, self_exciting);
criterion_main!(benches);
