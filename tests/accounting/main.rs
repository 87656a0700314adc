//! Rows in are rows used plus rows kept out, whichever way they come in and whatever counts them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod batches;
mod tables;

use std::fmt::Write as _;
use std::io::Write as _;

use brandpunt::analysis::HotspotAnalysis;
use brandpunt::index::{NeighbourhoodIndex, count};
use brandpunt::io::{IncidentReader, NeighbourhoodReader, PopulationReader};
use brandpunt::methods::emerging::SpaceTimeBins;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{
    Crs, Error, Fault, Incidents, Period, RejectReason, Rejections, Step, Theme, Times,
    WarningCode, Workers, Zone,
};
use proptest::prelude::*;

/// 2026-01-01: what is read does not depend on the clock.
const NOW: i64 = 1_767_225_600;

/// A row of a file: what is wrong with it, if anything.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Row {
    Good,
    NoPlace,
    NullIsland,
    FarAway,
    Future,
}

const ROWS: [Row; 5] = [
    Row::Good,
    Row::NoPlace,
    Row::NullIsland,
    Row::FarAway,
    Row::Future,
];

impl Row {
    fn place(self, i: usize) -> Option<(f64, f64)> {
        match self {
            Self::NoPlace => None,
            Self::NullIsland => Some((0.0, 0.0)),
            Self::FarAway => Some((143_000.0, 90_000_000.0)),
            Self::Good | Self::Future => Some((143_000.0 + i as f64, 486_000.0)),
        }
    }

    fn time(self) -> &'static str {
        if self == Self::Future {
            "2031-05-01 14:00"
        } else {
            "2023-05-01 14:00"
        }
    }
}

/// The rows as text with a delimiter, here and there with one field too few.
fn csv(rows: &[Row], ragged: usize) -> String {
    let mut out = "id;soort;datum;x;y\n".to_owned();
    for (i, row) in rows.iter().enumerate() {
        if i % ragged == ragged - 1 {
            writeln!(out, "{i};E35;{}", row.time()).unwrap();
        } else if let Some((x, y)) = row.place(i) {
            writeln!(out, "{i};E35;{};{x};{y}", row.time()).unwrap();
        } else {
            writeln!(out, "{i};E35;{};;", row.time()).unwrap();
        }
    }
    out
}

fn features(rows: &[Row]) -> Vec<String> {
    rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let shape = row.place(i).map_or("null".to_owned(), |(x, y)| {
                format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#)
            });
            format!(
                r#"{{"type":"Feature","properties":{{"id":{i},"soort":"E35","datum":"{}"}},"geometry":{shape}}}"#,
                row.time()
            )
        })
        .collect()
}

fn geojson(rows: &[Row]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:28992"}}}},"features":[{}]}}"#,
        features(rows).join(",")
    )
}

#[cfg(feature = "geopackage")]
fn geopackage(rows: &[Row]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("reports.gpkg");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "PRAGMA synchronous = OFF;
         CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
             organization_coordsys_id INTEGER, definition TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992, 'x');
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('reports', 'geom', 28992);
         CREATE TABLE reports (fid INTEGER, geom BLOB, soort TEXT, datum TEXT);",
    )
    .unwrap();
    for (i, row) in rows.iter().enumerate() {
        let blob = row.place(i).map(|(x, y)| {
            let mut point = b"GP\0\x01\0\0\0\0\x01\x01\0\0\0".to_vec();
            point.extend(x.to_le_bytes());
            point.extend(y.to_le_bytes());
            point
        });
        file.execute(
            "INSERT INTO reports VALUES (?1, ?2, 'E35', ?3)",
            (i as i64, blob, row.time()),
        )
        .unwrap();
    }
    drop(file);
    std::fs::read(path).unwrap()
}

/// As the register of several municipalities gives its reports: longitude and latitude.
fn signalen(rows: &[Row]) -> String {
    let reports: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let place = match row {
                Row::NoPlace => "null".to_owned(),
                Row::NullIsland => r#"{"coordinates":[0,0]}"#.to_owned(),
                Row::FarAway => r#"{"coordinates":[5.2,97.5]}"#.to_owned(),
                Row::Good | Row::Future => format!(r#"{{"coordinates":[5.2{i:03},52.37]}}"#),
            };
            format!(
                r#"{{"id_display":"SIG-{i}","created_at":"{}","category":{{"sub_slug":"x"}},"location":{{"geometrie":{place}}}}}"#,
                row.time()
            )
        })
        .collect();
    format!(r#"{{"results":[{}]}}"#, reports.join(","))
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// Each row is used or kept out, once, under its number.
fn balanced(found: brandpunt::Result<Incidents>, rows: usize, bad: usize) {
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.rows_in(), rows as u64);
    assert_eq!(found.rejected().len(), bad as u64);
    assert_eq!(found.len(), rows - bad);
    let mut numbers: Vec<u64> = found.rows().iter().map(|r| u64::from(*r)).collect();
    numbers.extend(found.rejected().listed().iter().map(|r| r.row));
    numbers.sort_unstable();
    assert!((1..=rows as u64).eq(numbers), "every row is told of once");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_reader_of_incidents_accounts_for_every_row(
        rows in prop::collection::vec(prop::sample::select(&ROWS[..]), 1..60),
        ragged in 2usize..40,
    ) {
        // Enough good rows to tell the system of coordinates by.
        let rows = [vec![Row::Good; 2 * rows.len()], rows].concat();
        let reader = || IncidentReader::new().now(NOW).max_rejected_share(1.0);
        let bad = rows.iter().filter(|r| **r != Row::Good).count();
        let cut = |i: usize| i % ragged == ragged - 1;
        let bad_or_cut = rows.iter().enumerate().filter(|(i, r)| cut(*i) || **r != Row::Good).count();
        let text = csv(&rows, ragged);
        balanced(reader().read_bytes(text.as_bytes()), rows.len(), bad_or_cut);
        balanced(reader().read_bytes(&gzip(&text)), rows.len(), bad_or_cut);
        balanced(reader().read_bytes(geojson(&rows).as_bytes()), rows.len(), bad);
        balanced(reader().read_bytes(signalen(&rows).as_bytes()), rows.len(), bad);
        #[cfg(feature = "geopackage")]
        balanced(reader().read_bytes(&geopackage(&rows)), rows.len(), bad);
        let (x, y): (Vec<f64>, Vec<f64>) = rows
            .iter()
            .enumerate()
            .map(|(i, r)| r.place(i).unwrap_or((f64::NAN, f64::NAN)))
            .unzip();
        let missing = rows.iter().filter(|r| !matches!(r, Row::Good | Row::Future)).count();
        let found = Incidents::builder(x, y, Crs::RD_NEW).max_rejected_share(1.0).build().unwrap();
        prop_assert_eq!(found.rows_in(), rows.len() as u64);
        prop_assert_eq!(found.rejected().len(), missing as u64);
        prop_assert_eq!(found.len() + missing, rows.len());
    }

    #[test]
    fn every_row_of_people_is_used_or_told(good in 20usize..60, ragged in 0usize..3) {
        let mut text = "code;inwoners\n".to_owned();
        for i in 0..good {
            writeln!(text, "BU{i:08};{}", 100 + i).unwrap();
        }
        for _ in 0..ragged {
            text.push_str("BU99;1;2;3\n");
        }
        match PopulationReader::new().read_bytes(text.as_bytes()) {
            Ok(people) => {
                prop_assert_eq!(people.codes().len(), good);
                let told = people.warnings().iter().find(|w| w.code == WarningCode::RejectedRows);
                let share = told.and_then(|w| w.value).unwrap_or(0.0);
                prop_assert!((share * (good + ragged) as f64 - ragged as f64).abs() < 1e-9);
            }
            Err(error) => {
                prop_assert_eq!(error.fault(), Some(Fault::TooManyRejected));
                prop_assert!(ragged > 1);
            }
        }
    }

    /// Every incident is in an area, outside all of them, or in no period.
    #[test]
    fn every_count_accounts_for_every_incident(
        seconds in prop::collection::vec(prop_oneof![8 => 1_600_000_000i64..1_700_000_000, 1 => Just(Times::UNKNOWN)], 2..80),
        far in 1usize..9,
    ) {
        let city = SyntheticCity::new(seconds.len()).seed(5).neighbourhoods(12).build().unwrap();
        let places = city.incidents.x().iter().zip(city.incidents.y()).enumerate();
        let (x, y): (Vec<f64>, Vec<f64>) = places
            .map(|(i, (x, y))| (x + if i % far == 0 { 40_000.0 } else { 0.0 }, *y))
            .unzip();
        prop_assume!(seconds.iter().any(|s| *s != Times::UNKNOWN));
        let zone = Zone::utc();
        let incidents = Incidents::builder(x, y, city.incidents.crs())
            .time(Times::from_utc_seconds(seconds.clone(), zone.clone()))
            .build()
            .unwrap();
        let workers = Workers::new(2).unwrap();
        let n = seconds.len();
        for step in [None, Some(Step::Month), Some(Step::Year)] {
            let counts = count(&incidents, &city.neighbourhoods, step, &workers).unwrap();
            let counted = counts.values().sum() + counts.outside().sum();
            prop_assert_eq!(counted as u64 + counts.in_no_period(), n as u64);
            let twice = (counts.clone() + counts.clone()).unwrap();
            prop_assert_eq!(twice.in_no_period(), 2 * counts.in_no_period());
        }
        let index = NeighbourhoodIndex::build(&city.neighbourhoods).unwrap();
        let labels = index.locate_all(incidents.x(), incidents.y(), &workers).unwrap();
        let times = incidents.times().unwrap();
        let cube = SpaceTimeBins::new(Step::Month)
            .run_labels(&labels, times, city.neighbourhoods.len())
            .unwrap();
        let outside: f64 = cube.outside().iter().sum();
        let all = cube.values().sum() + outside + cube.untimed();
        prop_assert!((all - n as f64).abs() < 1e-9, "{} of {}", all, n);
        let year = Period::year(2021, &zone).unwrap();
        let found = HotspotAnalysis::new(Theme::all()).period(year).run_with(&incidents, &city.neighbourhoods, &workers);
        if let Ok(result) = found {
            let counted: i64 = result.neighbourhoods.count.iter().sum();
            let account = &result.provenance;
            prop_assert_eq!(counted as u64 + account.rows_outside, account.rows_selected);
            prop_assert_eq!(account.rows_in, account.rows_rejected + n as u64);
        }
    }
}

#[test]
fn a_reader_that_loses_a_row_is_found_out() {
    let places = || (vec![143_000.0, 143_001.0], vec![486_000.0, 486_001.0]);
    let (x, y) = places();
    let lost = Incidents::builder(x, y, Crs::RD_NEW).rows(vec![1, 3], 3, Rejections::default());
    let error = lost.build().unwrap_err();
    assert_eq!(error.fault(), Some(Fault::LengthMismatch), "{error}");
    assert!(matches!(error, Error::Input { .. }));
    let mut told = Rejections::default();
    told.push(2, RejectReason::MissingCoordinate, "");
    let (x, y) = places();
    let kept = Incidents::builder(x, y, Crs::RD_NEW)
        .rows(vec![1, 3], 3, told)
        .max_rejected_share(0.5);
    assert_eq!(kept.build().unwrap().rows_in(), 3);
}

/// Areas are all used, or the file is refused with the area that cannot be.
#[test]
fn no_area_is_lost() {
    let area = |code: &str, shape: &str| {
        format!(r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{shape}}}"#)
    };
    let square = |x: i32| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{x},0],[{},0],[{},1],[{x},1],[{x},0]]]}}"#,
            x + 1,
            x + 1
        )
    };
    let file = |areas: &[String]| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            areas.join(",")
        )
    };
    let good: Vec<String> = (0..9)
        .map(|i| area(&format!("A{i}"), &square(2 * i)))
        .collect();
    let read = |text: &str| NeighbourhoodReader::new().read_bytes(text.as_bytes());
    assert_eq!(read(&file(&good)).unwrap().len(), 9);
    for (bad, fault) in [
        (area("B", "null"), Fault::MissingGeometry),
        (area("A3", &square(40)), Fault::DuplicateAreaCode),
        (
            area("B", r#"{"type":"Point","coordinates":[1,2]}"#),
            Fault::WrongGeometryType,
        ),
        (
            area(
                "B",
                r#"{"type":"Polygon","coordinates":[[[0,9],[2,9],[0,8],[2,8],[0,9]]]}"#,
            ),
            Fault::InvalidPolygon,
        ),
    ] {
        let error = read(&file(&[&good[..], &[bad]].concat())).unwrap_err();
        assert_eq!(error.fault(), Some(fault), "{error}");
    }
}
