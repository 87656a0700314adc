//! The catalogue of faults: what goes wrong with data, settings, machines and users, and what
//! must then happen. One test per fault, numbered; those of the interpreter are in
//! `python/tests/test_faults.py`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops at the first surprise and says when it cannot run"
)]

mod areas;
mod coordinates;
mod figures;
mod files;
mod locations;
mod outputs;
mod settings;
mod times;

use std::path::{Path, PathBuf};

use brandpunt::io::IncidentReader;
use brandpunt::{Crs, Incidents, Neighbourhoods, Result};
use geo_types::{Coord, MultiPolygon, Rect};

/// 2026-01-01, so that dates in the future stay in the future.
const NOW: i64 = 1_767_225_600;

/// A reader for files that hold more bad rows than good ones on purpose.
fn reader() -> IncidentReader {
    IncidentReader::new().now(NOW).max_rejected_share(1.0)
}

fn read(text: impl AsRef<[u8]>) -> Result<Incidents> {
    reader().read_bytes(text.as_ref())
}

/// Rows and reasons of what was kept out; nothing is lost on the way.
fn rejected(incidents: &Incidents) -> Vec<(u64, &'static str)> {
    let kept_out = incidents.rejected();
    assert_eq!(
        incidents.rows_in(),
        incidents.len() as u64 + kept_out.len(),
        "rows in are rows used plus rows rejected"
    );
    let listed = kept_out.listed().iter();
    listed.map(|r| (r.row, r.reason.code())).collect()
}

/// The stable code and the text of a refusal.
#[track_caller]
fn refusal<T>(result: Result<T>) -> (&'static str, String) {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => (
            error.fault().map_or("", brandpunt::Fault::code),
            error.to_string(),
        ),
    }
}

fn codes(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("A{i:02}")).collect()
}

fn block(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let rect = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    MultiPolygon::new(vec![rect.to_polygon()])
}

fn areas(shapes: Vec<MultiPolygon<f64>>) -> Result<Neighbourhoods> {
    Neighbourhoods::new(
        codes(shapes.len()),
        codes(shapes.len()),
        shapes,
        Crs::RD_NEW,
    )
}

/// Tiles of a square kilometre in RD New, row by row from the south-west.
fn tiles(columns: usize, rows: usize) -> Neighbourhoods {
    let shapes = (0..columns * rows).map(|i| {
        let west = 140_000.0 + 1_000.0 * (i % columns) as f64;
        let south = 480_000.0 + 1_000.0 * (i / columns) as f64;
        block(west, south, west + 1_000.0, south + 1_000.0)
    });
    areas(shapes.collect()).unwrap()
}

/// Incidents over those tiles, none on a border.
fn scattered(n: usize, columns: usize, rows: usize) -> Incidents {
    let along = |i: usize, step: f64, length: usize| {
        (0.137 + i as f64 * step).fract() * 1_000.0 * length as f64
    };
    let x = (0..n).map(|i| 140_000.0 + along(i, 0.618_033_988_75, columns));
    let y = (0..n).map(|i| 480_000.0 + along(i, 0.754_877_666_25, rows));
    Incidents::builder(x.collect(), y.collect(), Crs::RD_NEW)
        .build()
        .unwrap()
}

/// The numbers of the tests named after a fault in a source file.
fn named_in(path: &Path, before: &str) -> Vec<u32> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| {
        let name = line.trim_start().strip_prefix(before)?;
        let digits = name.split('_').next()?;
        Some(digits.parse().unwrap_or_else(|_| panic!("{line}")))
    });
    lines.collect()
}

#[test]
fn every_fault_of_the_catalogue_has_one_test_that_names_it() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = named_in(&root.join("python/tests/test_faults.py"), "def test_fault_");
    for entry in std::fs::read_dir(root.join("tests/faults")).unwrap() {
        found.extend(named_in(&entry.unwrap().path(), "fn fault_"));
    }
    found.sort_unstable();
    assert_eq!(found, (1..=50).collect::<Vec<u32>>());
}
