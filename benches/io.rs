//! Reading a million reports, beside the obvious way to do it.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::fmt::Write as _;
use std::hint::black_box;

use brandpunt::Workers;
use brandpunt::io::IncidentReader;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const ROWS: u32 = 1_000_000;

fn register() -> String {
    let mut text = String::from("id,category,time,x,y\n");
    for i in 0..ROWS {
        let step = i.wrapping_mul(2_654_435_761);
        writeln!(
            text,
            "{i},{},2023-{:02}-{:02}T{:02}:{:02}:00,{}.{:02},{}.{:02}",
            ["E35", "M22", "E33", "E38"][(step >> 7) as usize % 4],
            step % 12 + 1,
            step % 28 + 1,
            step % 24,
            step % 60,
            140_000 + step % 9_973,
            step % 100,
            480_000 + step % 9_967,
            i % 100,
        )
        .unwrap();
    }
    text
}

/// x, y, time, category and id.
type Columns = (Vec<f64>, Vec<f64>, Vec<i64>, Vec<String>, Vec<String>);

/// Records of strings, one at a time, as a first script would read them.
fn naive(path: &std::path::Path) -> Columns {
    let zone = jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap();
    let mut out = (vec![], vec![], vec![], vec![], vec![]);
    for record in csv::Reader::from_path(path).unwrap().into_records() {
        let record = record.unwrap();
        let time: jiff::civil::DateTime = record[2].parse().unwrap();
        out.0.push(record[3].parse().unwrap());
        out.1.push(record[4].parse().unwrap());
        out.2.push(zone.to_timestamp(time).unwrap().as_second());
        out.3.push(record[1].to_owned());
        out.4.push(record[0].to_owned());
    }
    out
}

fn read_incidents(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("register.csv");
    let text = register();
    std::fs::write(&path, &text).unwrap();

    let plain = naive(&path);
    let ours = IncidentReader::new().read(&path).unwrap();
    assert_eq!(ours.x(), plain.0);
    assert_eq!(ours.y(), plain.1);
    assert_eq!(ours.times().unwrap().seconds(), plain.2);
    let categories = ours.categories().unwrap();
    assert!((0..categories.len()).all(|i| categories.get(i) == plain.3[i]));
    assert!(ours.ids().unwrap().iter().eq(plain.4.iter()));

    let mut group = c.benchmark_group("read a million reports");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(10);
    for threads in [1, 2] {
        let workers = Workers::new(threads).unwrap();
        group.bench_function(format!("brandpunt, {threads} threads"), |b| {
            b.iter(|| IncidentReader::new().read_with(black_box(&path), &workers));
        });
    }
    group.bench_function("csv crate, row by row", |b| {
        b.iter(|| naive(black_box(&path)));
    });
    group.finish();
}

criterion_group!(benches, read_incidents);
criterion_main!(benches);
