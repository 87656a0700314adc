//! Real files, other people's malformed files, and files that chance made.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops at the first surprise and says when it cannot run"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use brandpunt::io::{self, FileKind, IncidentReader, NeighbourhoodReader, PopulationReader};
use brandpunt::{Crs, Fault, Incidents, Workers};
use proptest::prelude::*;

/// A folder beside the repository, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

fn account(incidents: &Incidents) {
    let listed = incidents.len() as u64 + incidents.rejected().len();
    assert_eq!(listed, incidents.rows_in());
}

#[test]
fn lancashire_is_read_in_the_british_grid() {
    let Some(data) = shared("data/points") else {
        return;
    };
    let incidents = io::read_incidents(data.join("lancashire_asb_2022.csv.gz")).unwrap();
    account(&incidents);
    assert_eq!(incidents.rows_in(), 56_434);
    assert_eq!(
        incidents.crs(),
        Crs::BRITISH_GRID,
        "{:?}",
        incidents.detected()
    );
    assert_eq!(
        incidents.categories().unwrap().labels(),
        ["Anti-social behaviour"]
    );
    let wards = io::read_neighbourhoods(data.join("lancashire_wards_population.gpkg")).unwrap();
    assert_eq!((wards.len(), wards.crs()), (271, Crs::BRITISH_GRID));
    let population = &wards.exposure("inhabitants", None).unwrap().values;
    assert_eq!(population.iter().flatten().count(), 245);
    assert_eq!(wards.names()[0], "Anchorsholme");
}

#[test]
fn memphis_keeps_degrees_since_its_metres_are_of_an_unknown_system() {
    let Some(data) = shared("data/points") else {
        return;
    };
    let incidents = io::read_incidents(data.join("memphis_robberies_2019.csv.gz")).unwrap();
    account(&incidents);
    assert_eq!((incidents.rows_in(), incidents.crs()), (2_245, Crs::WGS84));
    assert!(incidents.times().is_some());
    let metres = IncidentReader::new()
        .crs(Crs::from_epsg(2843))
        .read(data.join("memphis_robberies_2019.csv.gz"))
        .unwrap();
    assert_eq!(metres.x()[0], 240_886.24);
    let error = io::read_neighbourhoods(data.join("memphis_precincts_wgs84.geojson")).unwrap_err();
    // The precincts have a name only.
    assert_eq!(error.fault(), Some(Fault::MissingColumn));
    let by_name = NeighbourhoodReader::new().code("precinct");
    let error = by_name
        .read(data.join("memphis_precincts_wgs84.geojson"))
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::InvalidPolygon));
    let repaired = by_name
        .repair(true)
        .read(data.join("memphis_precincts_wgs84.geojson"))
        .unwrap();
    assert_eq!(repaired.len(), 9);
    assert!(!repaired.warnings().is_empty());
}

#[test]
fn dutch_areas_and_populations() {
    let Some(data) = shared("data/nl") else {
        return;
    };
    let breda =
        io::read_neighbourhoods(data.join("breda_buurten_nuisance_2022_wgs84.geojson")).unwrap();
    assert_eq!((breda.len(), breda.crs()), (56, Crs::WGS84));
    assert_eq!(
        (breda.codes()[0].as_str(), breda.names()[0].as_str()),
        ("0601", "Kievitsloop")
    );
    let youth: f64 = breda.column("jeugd").unwrap().iter().flatten().sum();
    assert_eq!(youth, 888.0);
    assert!(breda.exposure("inhabitants", None).is_some());
    assert_eq!(breda.to_crs(Crs::RD_NEW).unwrap().len(), 56);

    let wijken = io::read_neighbourhoods(data.join("nl_wijken_2022.gpkg")).unwrap();
    assert_eq!((wijken.len(), wijken.crs()), (3_340, Crs::RD_NEW));

    let almere = io::read_neighbourhoods(data.join("almere_wijken_2022_rd.geojson")).unwrap();
    assert_eq!((almere.len(), almere.crs()), (71, Crs::RD_NEW));
    let people = io::read_population(data.join("almere_wijken_2024_inwoners.csv")).unwrap();
    let joined = people.join(almere.clone()).unwrap();
    let values = &joined.exposure("inhabitants", None).unwrap().values;
    assert_eq!(values.len(), 71);
    let buurten = PopulationReader::new()
        .population_of(2024, "inwoners")
        .read(data.join("nl_buurten_2024_inwoners_misdrijven.csv.gz"))
        .unwrap();
    assert_eq!(buurten.codes().len(), 14_574);
    let error = buurten.join(almere).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::AreaMismatch));
    assert!(error.to_string().contains("WK0034"), "{error}");

    for file in std::fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        let report = io::check(&path);
        assert!(report.sha256.is_some());
        assert!(report.to_string().lines().count() > 1, "{report}");
        let areas = path
            .extension()
            .is_some_and(|e| e == "geojson" || e == "gpkg");
        if areas && !path.ends_with("almere_buurten_2024_approx_rd.geojson") {
            assert_eq!(report.kind, FileKind::Neighbourhoods, "{report}");
            assert_eq!(report.error, None, "{report}");
        }
    }
}

/// Every reader over one text; a panic is the failure.
fn through_every_reader(bytes: &[u8]) {
    if let Ok(incidents) = IncidentReader::new()
        .max_rejected_share(1.0)
        .read_bytes(bytes)
    {
        account(&incidents);
    }
    for result in [
        NeighbourhoodReader::new().read_bytes(bytes),
        NeighbourhoodReader::new().repair(true).read_bytes(bytes),
    ] {
        if let Err(error) = result {
            let text = error.to_string();
            assert!(text.chars().count() < 700, "{text}");
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }
    let _ = PopulationReader::new().read_bytes(bytes);
}

#[test]
fn columns_named_after_a_kind_and_a_year_are_exposures() {
    let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
        "properties": {"code": "A", "inwoners_2017": 700, "youths_2017": 90,
            "inwoners_2024": 800, "inwoners_later": 9, "woningen_2024": "many"},
        "geometry": {"type": "Polygon", "coordinates":
            [[[5.2, 52.3], [5.3, 52.3], [5.3, 52.4], [5.2, 52.3]]]}}]}"#;
    let hoods = NeighbourhoodReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    let value = |kind, year| hoods.exposure(kind, Some(year)).map(|e| e.values[0]);
    assert_eq!(value("inhabitants", 2017), Some(Some(700.0)));
    assert_eq!(value("inhabitants", 2024), Some(Some(800.0)));
    assert_eq!(value("youths", 2017), Some(Some(90.0)));
    assert_eq!(value("dwellings", 2024), None);
}

#[test]
fn other_peoples_files_never_panic() {
    let mut seen = 0;
    for name in [
        "corpora/csv/csv-spectrum/csvs",
        "corpora/csv/arrow-testing/data/csv/fuzzing",
        "corpora/geojson/geojson-invalid-geometry/examples/invalid_geometries",
        "corpora/geojson/geojson-invalid-geometry/examples/invalid_structure",
        "corpora/geojson/geojson-invalid-geometry/examples/problematic_geometries",
        "corpora/geojson/geojson-invalid-geometry/examples/problematic_structure",
        "corpora/geojson/geojson-invalid-geometry/examples/valid",
        "corpora/geojson/geojsonhint/test/data/bad",
        "corpora/geojson/georust-geojson/tests/fixtures",
        "corpora/strings/blns",
    ] {
        let Some(folder) = shared(name) else { continue };
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                through_every_reader(&std::fs::read(&path).unwrap());
                seen += 1;
            }
        }
    }
    eprintln!("{seen} files of others were read");
}

#[test]
fn json_is_accepted_and_refused_as_the_standard_says() {
    let Some(folder) = shared("corpora/json/JSONTestSuite/test_parsing") else {
        return;
    };
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Wherever a value may stand, any JSON text may stand.
        let mut text =
            br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"v":"#
                .to_vec();
        text.extend(std::fs::read(&path).unwrap());
        text.extend(br#"},"geometry":{"type":"Point","coordinates":[5.2,52.4]}}]}"#);
        let result = IncidentReader::new().read_bytes(&text);
        match name.as_bytes()[0] {
            b'y' => assert!(result.is_ok(), "{name}: {:?}", result.err()),
            b'n' => assert!(result.is_err(), "{name} was accepted"),
            _ => {}
        }
        seen += 1;
    }
    assert!(seen > 300, "{seen} files");
}

/// A register of reports with quotes, line ends inside fields and bad rows, some megabytes long.
fn register(rows: usize) -> String {
    let mut text = String::from("id;soort;datum;x;y\r\n");
    for i in 0..rows {
        let (x, y) = (143_000 + i % 977, 486_000 + i % 1009);
        let soort = match i % 7 {
            0 => "\"jeugd;\noverlast\"",
            1 => "woon",
            2 => "5\" pijp",
            _ => "E35",
        };
        let x = if i % 31 == 0 {
            String::new()
        } else {
            format!("{x},25")
        };
        writeln!(
            text,
            "{i};{soort};{}-{}-2023 {}:15;{x};{y}\r",
            i % 28 + 1,
            i % 12 + 1,
            i % 24
        )
        .unwrap();
    }
    text
}

#[test]
fn threads_do_not_change_what_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("register.csv");
    std::fs::write(&path, register(90_000)).unwrap();
    let read = |threads| {
        IncidentReader::new()
            .read_with(&path, &Workers::new(threads).unwrap())
            .unwrap()
    };
    let one = read(1);
    account(&one);
    assert_eq!(one.rows_in(), 90_000);
    assert_eq!(one.rejected().listed()[1].row, 32);
    assert_eq!(one.categories().unwrap().labels().len(), 4);
    for threads in [2, 3, 7] {
        assert_eq!(read(threads), one, "{threads} threads");
    }
}

#[cfg(feature = "geopackage")]
#[test]
fn a_geopackage_of_points_is_read_like_its_csv() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("reports.gpkg");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
             organization_coordsys_id INTEGER, definition TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992, 'x');
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('re\"ports', 'geom', 28992);
         CREATE TABLE \"re\"\"ports\" (fid INTEGER, geom BLOB, soort TEXT, datum TEXT);",
    )
    .unwrap();
    let mut point = b"GP\0\x01\0\0\0\0\x01\x01\0\0\0".to_vec();
    point.extend(143_701.0_f64.to_le_bytes());
    point.extend(486_937.0_f64.to_le_bytes());
    for (geom, soort) in [(Some(point), "E35"), (None, "E33")] {
        file.execute(
            "INSERT INTO \"re\"\"ports\" VALUES (9007199254740993, ?1, ?2, '2023-05-01 14:00')",
            (geom, soort),
        )
        .unwrap();
    }
    drop(file);
    let reader = IncidentReader::new().max_rejected_share(0.5);
    let incidents = reader.read(&path).unwrap();
    account(&incidents);
    assert_eq!(incidents.crs(), Crs::RD_NEW);
    assert_eq!(
        (incidents.x(), incidents.y()),
        (&[143_701.0][..], &[486_937.0][..])
    );
    assert_eq!(incidents.ids().unwrap().get(0), "9007199254740993");
    assert_eq!(
        incidents.rejected().listed()[0].reason.code(),
        "missing_coordinate"
    );
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(reader.read_bytes(&whole).unwrap(), incidents);
    for cut in [17, 100, 500, whole.len() / 2, whole.len() - 1] {
        through_every_reader(&whole[..cut]);
    }
}

fn torture_files() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nl_torture");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "csv" || e == "geojson"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|p| std::fs::read(p).unwrap())
        .filter(|bytes| bytes.len() < 2_000)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn bytes_of_chance_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        through_every_reader(&bytes);
    }

    #[test]
    fn words_of_chance_never_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "id", "x", "y", "lon", "lat", "code", "inwoners", "datum", "soort", ";", ",", "\t",
                "\n", "\r\n", "\"", "\"\"", "1", "121.687", "4,9", "1e999", "NaN", "-", ".",
                "31-01-2023", "01-31-2023 10:00", "2023-05-01T14:00:00+99:99", "\u{0}", "é",
                "143701", "486937", "{\"type\":\"Feature\",", "\"geometry\":", "[[", "]]", "{", "}",
                "null", "\"crs\":null", "sep=;",
            ]),
            0..60,
        )
    ) {
        through_every_reader(words.concat().as_bytes());
    }

    #[test]
    fn damaged_files_never_panic(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        let files = torture_files();
        let mut bytes = which.get(&files).clone();
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => bytes.truncate(at),
            }
        }
        through_every_reader(&bytes);
    }
}
