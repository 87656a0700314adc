//! A window that slides along: one incident more, beside making everything anew.
//!
//! Before anything is timed, the window is compared with the batch.

use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::index::{AreaCounter, NeighbourhoodIndex};
use brandpunt::live::{LiveSettings, LiveWindow};
use brandpunt::methods::density::KernelDensity;
use brandpunt::synthetic::SyntheticCity;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};

const NOW: i64 = 1_700_000_000;
const WEEK: i64 = 7 * 86_400;

fn live(c: &mut Criterion) {
    let workers = Workers::new(1).expect("a thread");
    let mut group = c.benchmark_group("live window, 300 m on cells of 100 m, one thread");
    group.sample_size(20);
    for n in [1_000, 100_000, 1_000_000] {
        let city = SyntheticCity::new(n).seed(3).build().expect("a city");
        let (x, y) = (city.incidents.x(), city.incidents.y());
        let mut window: LiveWindow = LiveSettings::new(WEEK)
            .open(&city.neighbourhoods, NOW, &workers)
            .expect("a window");
        for (k, (x, y)) in x.iter().zip(y).enumerate() {
            let second = NOW - (k as i64 * 7_919) % WEEK;
            window.insert(*x, *y, second).expect("a place in the city");
        }
        let method = KernelDensity::new(300.0)
            .cell_size(100.0)
            .extent(city.neighbourhoods.bounds());
        let anew = || {
            let index = NeighbourhoodIndex::build(&city.neighbourhoods).expect("an index");
            let labels = index.locate_all(x, y, &workers).expect("labels");
            let surface = method.run_with(&city.incidents, &workers);
            (labels, surface.expect("a surface"))
        };
        let view = window.publish(&workers).expect("a picture");
        let batch = anew().1;
        let bound = 1e-9 * batch.peak();
        let mut both = view.surface.values().iter().zip(batch.values());
        assert!(both.all(|(a, b)| (a - b).abs() <= bound));

        let mut k = 0;
        group.bench_function(BenchmarkId::new("insert and remove", n), |b| {
            b.iter(|| {
                k = (k + 104_729) % n;
                let ticket = window.insert(black_box(x[k]), y[k], NOW - 5);
                ticket.is_ok_and(|ticket| window.remove(ticket))
            });
        });
        group.bench_function(BenchmarkId::new("copy the numbers", n), |b| {
            b.iter(|| black_box(&window).moment());
        });
        group.bench_function(BenchmarkId::new("picture with exact Gi*", n), |b| {
            b.iter_batched(
                || window.moment(),
                |moment| moment.publish(&workers),
                BatchSize::LargeInput,
            );
        });
        group.bench_function(
            BenchmarkId::new("baseline: counts and density anew", n),
            |b| {
                b.iter(anew);
            },
        );
    }
    group.finish();
}

/// What a row costs that is counted in a part.
fn parts(c: &mut Criterion) {
    let workers = Workers::new(1).expect("a thread");
    let city = SyntheticCity::new(500_000).seed(3).build().expect("a city");
    let mut counter = AreaCounter::new(&city.neighbourhoods)
        .expect("an index")
        .step(brandpunt::Step::Month)
        .by_category();
    let mut group = c.benchmark_group("counting a part of 500,000 incidents, one thread");
    group.sample_size(10);
    group.bench_function("per month and category", |b| {
        b.iter(|| counter.add(black_box(&city.incidents), &workers));
    });
    let (one, other) = (counter.tally().clone(), counter.tally().clone());
    group.bench_function("adding two tallies", |b| {
        b.iter_batched(
            || one.clone(),
            |mut sum| sum.merge(&other),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, live, parts);
criterion_main!(benches);
