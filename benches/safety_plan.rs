//! The questions of a city's safety plan, each beside the definition written out.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use brandpunt::methods::concentration::Concentration;
use brandpunt::methods::profile::{Breakdown, Facet, Profile};
use brandpunt::methods::proximity::{Proximity, Sites};
use brandpunt::methods::rates::Change;
use brandpunt::publish::{CellKey, CountTable, Disclosure, Ledger, State};
use brandpunt::{Crs, Incidents, Neighbourhoods, Period, Times, Workers, Zone};
use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{MultiPolygon, Rect, coord};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

fn random(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// P(X ≤ k) of a binomial, term by term.
fn at_most(k: i64, n: i64, p: f64) -> f64 {
    let mut mass = (1.0 - p).powi(n as i32);
    let mut sum = 0.0;
    for j in 0..=k {
        sum += mass;
        mass *= (n - j) as f64 / (j + 1) as f64 * p / (1.0 - p);
    }
    sum
}

/// Limits of the ratio of two counts with equal exposures, by halving.
fn naive_change(now: i64, then: i64) -> (f64, f64) {
    let n = now + then;
    let root = |above: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (1e-12, 1.0 - 1e-12);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if above(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        low / (1.0 - low)
    };
    (
        root(&|p| 1.0 - at_most(now - 1, n, p) > 0.025),
        root(&|p| at_most(now, n, p) < 0.025),
    )
}

fn change(c: &mut Criterion) {
    let mut random = random(1);
    let mut counts = |n: usize| {
        (0..n)
            .map(|_| random.random_range(1..80))
            .collect::<Vec<i64>>()
    };
    let (now, then) = (counts(14_574), counts(14_574));
    let people = vec![1.0; now.len()];
    let method = Change::new().per(1.0);
    let found = method.run(&now, &people, &then, &people).unwrap();
    for i in 0..200 {
        let (low, high) = naive_change(now[i], then[i]);
        assert!((found.low[i] / low - 1.0).abs() < 1e-8, "{i}");
        assert!((found.high[i] / high - 1.0).abs() < 1e-8, "{i}");
    }
    let mut group = c.benchmark_group("change against a baseline");
    group.sample_size(10);
    group.bench_function("all of it, 14,574 areas", |b| {
        b.iter(|| method.run(black_box(&now), &people, &then, &people));
    });
    group.bench_function("naive: intervals by halving, 200 areas", |b| {
        b.iter(|| {
            (0..200)
                .map(|i| naive_change(now[i], then[i]).0)
                .sum::<f64>()
        });
    });
    group.finish();
}

const SIDE: f64 = 10_000.0;

/// Reports spread over a square and two years.
fn reports(n: usize, seed: u64) -> Incidents {
    let mut random = random(seed);
    let mut place = || random.random_range(0.0..SIDE);
    let (x, y) = (0..n).map(|_| (place(), place())).unzip();
    let seconds = (0..n)
        .map(|_| random.random_range(1_640_991_600..1_704_063_600))
        .collect();
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
        .build()
        .unwrap()
}

/// Fisher's exact p, twice the smaller tail, by all terms: `a` of `size`, `marked` of `all`.
fn naive_fisher(a: u64, size: u64, marked: u64, all: u64, log: &[f64]) -> f64 {
    let choose = |n: u64, k: u64| log[n as usize] - log[k as usize] - log[(n - k) as usize];
    let mass =
        |k: u64| (choose(marked, k) + choose(all - marked, size - k) - choose(all, size)).exp();
    let from = (size + marked).saturating_sub(all);
    let less: f64 = (from..=a).map(mass).sum();
    let greater: f64 = (a..=size.min(marked)).map(mass).sum();
    (2.0 * less.min(greater)).min(1.0)
}

fn profile(c: &mut Criterion) {
    const AREAS: usize = 100;
    let incidents = reports(100_000, 2);
    let label: Vec<u32> = (0..incidents.len())
        .map(|i| {
            let line = |v: f64| (v / SIDE * 10.0) as u32;
            10 * line(incidents.y()[i]) + line(incidents.x()[i])
        })
        .collect();
    let workers = Workers::new(1).unwrap();
    let method = Profile::new()
        .by(vec![Breakdown::of(Facet::HourOfWeek)])
        .permutations(0);
    let found = method
        .run_labels(&incidents, &label, AREAS, &workers)
        .unwrap();
    let table = &found.tables[0];
    let log: Vec<f64> = std::iter::once(0.0)
        .chain((1..=incidents.len()).scan(0.0, |sum, k| {
            *sum += (k as f64).ln();
            Some(*sum)
        }))
        .collect();
    let all: u64 = table.used.iter().sum();
    let of_cell = |cell: usize| table.count.column(cell).sum().round() as u64;
    let naive = |area: usize| -> Vec<f64> {
        let one = |cell: usize| {
            let a = table.count[[area, cell]].round() as u64;
            naive_fisher(a, table.used[area], of_cell(cell), all, &log)
        };
        (0..table.cell.len()).map(one).collect()
    };
    for area in [0, 50, 99] {
        for (cell, p) in naive(area).iter().enumerate() {
            assert!(
                (table.p[[area, cell]] / p - 1.0).abs() < 1e-6,
                "{area} {cell}"
            );
        }
    }
    let mut group = c.benchmark_group("profiles by hour of the week, one thread");
    group.sample_size(10);
    group.bench_function("100,000 reports, 100 areas", |b| {
        b.iter(|| method.run_labels(black_box(&incidents), &label, AREAS, &workers));
    });
    group.bench_function("naive: Fisher's p by all terms, 1 area", |b| {
        b.iter(|| naive(black_box(50)));
    });
    group.finish();
}

fn proximity(c: &mut Criterion) {
    let incidents = reports(100_000, 3);
    let schools = reports(80, 4);
    let sites = Sites::new(schools.x(), schools.y()).unwrap();
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: SIDE, y: SIDE });
    let shape = MultiPolygon::new(vec![square.to_polygon()]);
    let town = Neighbourhoods::new(vec!["a".into()], vec!["a".into()], vec![shape], Crs::PLANAR);
    let town = town.unwrap();
    let edges = [0.0, 100.0, 200.0, 400.0, 800.0];
    let workers = Workers::new(1).unwrap();
    let naive = || {
        let mut count = [0_u64; 4];
        for (x, y) in incidents.x().iter().zip(incidents.y()) {
            let far = |(sx, sy): (&f64, &f64)| (x - sx).hypot(y - sy);
            let nearest = schools
                .x()
                .iter()
                .zip(schools.y())
                .map(far)
                .fold(f64::MAX, f64::min);
            if let Some(band) = (0..4).find(|&k| edges[k] <= nearest && nearest < edges[k + 1]) {
                count[band] += 1;
            }
        }
        count
    };
    let run = |replicates| {
        let method = Proximity::new(edges).replicates(replicates);
        method
            .run_with(&incidents, &sites, &town, &workers)
            .unwrap()
    };
    assert_eq!(run(0).bands.count, naive());
    let mut group = c.benchmark_group("100,000 reports around 80 schools, one thread");
    group.sample_size(10);
    group.bench_function("rings and the curve", |b| b.iter(|| run(black_box(0))));
    group.bench_function("with 99 sets of moved schools", |b| {
        b.iter(|| run(black_box(99)));
    });
    group.bench_function("naive: all distances, counts alone", |b| b.iter(naive));
    group.finish();
}

fn concentration(c: &mut Criterion) {
    let mut random = random(5);
    let counts: Vec<f64> = (0..14_574)
        .map(|_| (8.0 * random.random::<f64>().powi(4)).floor())
        .collect();
    let workers = Workers::new(1).unwrap();
    let measured = |counts: &[f64], simulations| {
        let method = Concentration::new().simulations(simulations);
        method.run_with(counts, None, &workers).unwrap()
    };
    // Gini's mean difference over all pairs.
    let naive = |counts: &[f64]| {
        let apart = |a: &f64| counts.iter().map(|b| (a - b).abs()).sum::<f64>();
        let total: f64 = counts.iter().sum();
        counts.iter().map(apart).sum::<f64>() / (2.0 * counts.len() as f64 * total)
    };
    let few = &counts[..2_000];
    assert!((measured(few, 0).gini.value - naive(few)).abs() < 1e-12);
    let mut group = c.benchmark_group("concentration, one thread");
    group.sample_size(10);
    group.bench_function("all measures, 14,574 areas", |b| {
        b.iter(|| measured(black_box(&counts), 0));
    });
    group.bench_function("with 999 maps of chance", |b| {
        b.iter(|| measured(black_box(&counts), 999));
    });
    group.bench_function("naive: Gini over all pairs, 2,000 areas", |b| {
        b.iter(|| naive(black_box(few)));
    });
    group.finish();
}

/// Neighbourhoods in districts in a city, over some months from a month on.
fn release(districts: usize, each: usize, months: (usize, usize)) -> CountTable {
    let zone = Zone::amsterdam();
    let start = |month: usize| {
        let year = 2022 + (month / 12) as i16;
        jiff::civil::date(year, (month % 12 + 1) as i8, 1)
    };
    let period = Period::days(start(months.0), start(months.0 + months.1), &zone).unwrap();
    let mut table = CountTable::new();
    let key = |area: String| CellKey::area(area).vintage(2024).period(&period);
    let mut totals = Vec::new();
    for district in 0..districts {
        let mut parts = Vec::new();
        for area in 0..each {
            // The same months always have the same counts, so that releases fit each other.
            let count = (months.0..months.0 + months.1)
                .map(|m| random((1000 * m + 20 * district + area) as u64).random_range(0..4_i64))
                .sum();
            parts.push(
                table
                    .push(key(format!("BU{district:02}{area:02}")), count)
                    .unwrap(),
            );
        }
        let sum = parts.iter().map(|&p| table.counts()[p]).sum();
        let total = table.push(key(format!("WK{district:02}")), sum).unwrap();
        table.relation(total, &parts).unwrap();
        totals.push(total);
    }
    let sum = totals.iter().map(|&t| table.counts()[t]).sum();
    let city = table.push(key("GM".to_owned()), sum).unwrap();
    table.relation(city, &totals).unwrap();
    table
}

/// Least and greatest count of each withheld part of a sum, by trying all fillings.
fn naive_intervals(withheld: usize, sum: i64) -> (i64, i64) {
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    let mut fill = vec![0_i64; withheld];
    loop {
        if fill.iter().sum::<i64>() == sum {
            low = low.min(fill[0]);
            high = high.max(fill[0]);
        }
        let Some(at) = fill.iter().position(|v| *v < sum) else {
            return (low, high);
        };
        fill[at] += 1;
        fill[..at].fill(0);
    }
}

fn audit(c: &mut Criterion) {
    let rules = Disclosure::cbs5().rounding(1).secret("of the benchmark");
    // One district of which three parts are withheld.
    let mut small = CountTable::new();
    let counts = [2, 3, 4, 40, 60];
    let parts: Vec<usize> = (0..counts.len())
        .map(|i| {
            small
                .push(CellKey::area(format!("BU{i}")), counts[i])
                .unwrap()
        })
        .collect();
    let total = small
        .push(CellKey::area("WK"), counts.iter().sum())
        .unwrap();
    small.relation(total, &parts).unwrap();
    let found = rules.run(&small).unwrap();
    let withheld: Vec<usize> = parts
        .iter()
        .copied()
        .filter(|&p| found.states[p].is_withheld())
        .collect();
    let left = withheld.iter().map(|&p| small.counts()[p]).sum();
    let (least, most) = naive_intervals(withheld.len(), left);
    for &p in &withheld {
        let State::Withheld { low, high, .. } = found.states[p] else {
            unreachable!("only withheld parts were kept");
        };
        assert!(
            least <= low && high.is_some_and(|h| h <= most),
            "{low} {high:?}"
        );
        let width = high.unwrap() - low;
        assert!((low..=high.unwrap()).contains(&small.counts()[p]) && width >= 5);
    }

    let city = release(20, 12, (0, 12));
    let rules = Disclosure::cbs5().secret("of the benchmark");
    let mut group = c.benchmark_group("audit of what is published");
    group.sample_size(10);
    group.bench_function("240 areas in 20 districts, one release", |b| {
        b.iter(|| rules.run(black_box(&city)));
    });
    group.bench_function("naive: all fillings of one district", |b| {
        b.iter(|| naive_intervals(black_box(withheld.len()), left));
    });
    // Years that begin a month later each: every two overlap, and sums go through their atoms.
    for (districts, each, earlier) in [(4, 5, 1), (4, 5, 4), (20, 12, 1), (20, 12, 3), (20, 12, 5)]
    {
        let mut ledger = Ledger::new();
        for month in 0..earlier {
            let table = release(districts, each, (month, 12));
            rules.run_against(&table, &mut ledger, "year").unwrap();
        }
        let last = release(districts, each, (earlier, 12));
        group.bench_function(
            format!(
                "{} areas, after {earlier} overlapping years",
                districts * each
            ),
            |b| {
                b.iter(|| rules.run_against(&last, &mut ledger.staged(), "year"));
            },
        );
    }
    // Twelve years that follow each other, as reports of a year do.
    let mut ledger = Ledger::new();
    for year in 0..12 {
        let table = release(20, 12, (12 * year, 12));
        rules.run_against(&table, &mut ledger, "year").unwrap();
    }
    let last = release(20, 12, (144, 12));
    group.bench_function("240 areas, after 12 years that follow each other", |b| {
        b.iter(|| rules.run_against(&last, &mut ledger.staged(), "year"));
    });
    group.finish();
}

criterion_group!(benches, change, profile, proximity, concentration, audit);
criterion_main!(benches);
