//! Every file of `nl_torture` must behave as its manifest says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::path::PathBuf;

use brandpunt::io::{
    CsvFlavour, IncidentReader, NeighbourhoodReader, PopulationReader, Table, write_csv,
};
use brandpunt::weights::{Contiguity, Weights};
use brandpunt::{Crs, Error, Incidents, Neighbourhoods, TimeFlag, WarningCode};
use serde_json::Value;

/// 2026-01-01, so that dates in the future stay in the future.
const NOW: i64 = 1_767_225_600;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nl_torture"))
}

fn bytes(file: &str) -> Vec<u8> {
    if file.starts_with("33_") {
        let long = "A".repeat(200_000);
        return format!(
            "id;categorie;datum_tijd;x;y\n1;{long};2023-05-01T14:00:00;121700;487500\n"
        )
        .into_bytes();
    }
    std::fs::read(folder().join(file)).unwrap()
}

fn manifest(kind: &str) -> Vec<(String, Value)> {
    let text = std::fs::read(folder().join("MANIFEST.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let found: Vec<_> = rows
        .into_iter()
        .filter(|row| row["kind"] == kind)
        .map(|row| {
            (
                row["file"].as_str().unwrap().to_owned(),
                row["expect"].clone(),
            )
        })
        .collect();
    assert!(!found.is_empty(), "no file of kind {kind}");
    found
}

/// Many of the files hold more bad rows than good ones on purpose.
fn reader() -> IncidentReader {
    IncidentReader::new().now(NOW).max_rejected_share(1.0)
}

fn check_error(file: &str, expect: &Value, error: &Error) {
    let text = error.to_string();
    assert_eq!(
        error.fault().map(brandpunt::Fault::code),
        expect["error"].as_str(),
        "{file}: {text}"
    );
    assert!(text.chars().count() <= 300, "{file}: {text}");
    assert!(!text.chars().any(char::is_control), "{file}: {text:?}");
    if let Some(hint) = expect["hint"].as_str() {
        assert!(text.contains(hint), "{file}: no {hint} in {text}");
    }
    if expect["lists_available"] == true {
        assert!(text.contains("`a`, `b`, `c`"), "{file}: {text}");
    }
    if expect["byte_offset"] == true {
        let size = bytes(file).len();
        assert!(
            text.contains(&format!("byte {size}")),
            "{file}: no byte {size} in {text}"
        );
    }
    for code in expect["codes"].as_array().into_iter().flatten() {
        assert!(text.contains(code.as_str().unwrap()), "{file}: {text}");
    }
}

fn count_flags(incidents: &Incidents, flag: TimeFlag) -> u64 {
    let times = incidents.times().unwrap();
    times.flags().iter().filter(|f| **f == flag).count() as u64
}

fn flag_named(code: &str) -> TimeFlag {
    [
        TimeFlag::Exact,
        TimeFlag::DateOnly,
        TimeFlag::MidnightSuspect,
        TimeFlag::NonexistentLocal,
        TimeFlag::AmbiguousLocal,
        TimeFlag::Unknown,
    ]
    .into_iter()
    .find(|f| f.code() == code)
    .unwrap_or_else(|| panic!("no flag {code}"))
}

#[expect(clippy::too_many_lines, reason = "one arm per kind of expectation")]
fn check_incidents(file: &str, expect: &Value, incidents: &Incidents) {
    let rejected = incidents.rejected();
    assert_eq!(
        incidents.len() as u64 + rejected.len(),
        incidents.rows_in(),
        "{file}"
    );
    let mut checked = 0;
    for (key, value) in expect.as_object().unwrap() {
        checked += 1;
        match key.as_str() {
            "accepted" | "accepted_for_space" => {
                assert_eq!(incidents.len() as u64, value.as_u64().unwrap(), "{file}");
            }
            "rejected" => assert_eq!(rejected.len(), value.as_u64().unwrap(), "{file}"),
            "reason" => {
                let allowed: &[&str] = match value.as_str().unwrap() {
                    "truncated_last_row_or_out_of_bounds" => {
                        &["truncated_row", "outside_crs_bounds"]
                    }
                    other => &[other],
                };
                for row in rejected.listed() {
                    assert!(allowed.contains(&row.reason.code()), "{file}: {row:?}");
                }
            }
            "reasons" => {
                let found: serde_json::Map<String, Value> = rejected
                    .counts()
                    .iter()
                    .map(|(reason, count)| (reason.code().to_owned(), (*count).into()))
                    .collect();
                assert_eq!(Value::Object(found), *value, "{file}");
            }
            "row" => assert_eq!(rejected.listed()[0].row, value.as_u64().unwrap(), "{file}"),
            "crs" => assert_eq!(
                incidents.crs().to_string(),
                value.as_str().unwrap(),
                "{file}"
            ),
            "first_x" => assert_eq!(incidents.x()[0], value.as_f64().unwrap(), "{file}"),
            "columns_first" => {
                let id = incidents.detected().iter().find(|d| d.what == "column id");
                assert_eq!(id.unwrap().value, value.as_str().unwrap(), "{file}");
            }
            "warning" => assert!(
                incidents
                    .warnings()
                    .iter()
                    .any(|w| w.code.code() == value.as_str().unwrap()),
                "{file}: {:?}",
                incidents.warnings()
            ),
            "exact_duplicate_rows" | "conflicting_ids" => {
                let warning = incidents
                    .warnings()
                    .iter()
                    .find(|w| w.code == WarningCode::DuplicateId)
                    .unwrap();
                let wanted = format!("{value} {key}");
                assert!(warning.message.contains(&wanted), "{file}: {warning:?}");
            }
            "share" => {
                let warning = incidents
                    .warnings()
                    .iter()
                    .find(|w| w.code == WarningCode::SingleLocationShare)
                    .unwrap();
                let difference = warning.value.unwrap() - value.as_f64().unwrap();
                assert!(difference.abs() < 0.01, "{file}: {warning:?}");
            }
            "tz" => assert_eq!(
                incidents.times().unwrap().zone().to_string(),
                value.as_str().unwrap(),
                "{file}"
            ),
            "flags" => {
                for (code, count) in value.as_object().unwrap() {
                    let found = count_flags(incidents, flag_named(code));
                    assert_eq!(found, count.as_u64().unwrap(), "{file}: {code}");
                }
                let seconds = incidents.times().unwrap().seconds();
                assert_eq!(seconds[2], seconds[4], "{file}: one instant");
                assert_eq!(seconds[3] - seconds[2], 3600, "{file}: an hour later");
            }
            "accepted_for_time_of_day" => {
                let found = count_flags(incidents, TimeFlag::Exact);
                assert_eq!(found, value.as_u64().unwrap(), "{file}");
            }
            "date_only" | "midnight_suspect" | "unparseable_time" => {
                let found = count_flags(incidents, flag_named(key));
                assert_eq!(found, value.as_u64().unwrap(), "{file}: {key}");
            }
            "first_date" => {
                let times = incidents.times().unwrap();
                let date = times.zone().local(times.seconds()[0]).date();
                assert_eq!(date.to_string(), value.as_str().unwrap(), "{file}");
            }
            "log_escapes_controls" => {
                let details: Vec<_> = rejected.listed().iter().map(|r| &r.detail).collect();
                assert!(
                    details.iter().all(|d| !d.chars().any(char::is_control)),
                    "{details:?}"
                );
            }
            "error_message_max_len" => {
                // A wrong column name makes the reader quote what it found.
                let error = reader().x("nowhere").read_bytes(&bytes(file)).unwrap_err();
                let length = error.to_string().chars().count() as u64;
                assert!(length <= value.as_u64().unwrap(), "{file}: {error}");
            }
            // What the report and the writers do with the labels is their tests' business; here
            // they must arrive byte for byte.
            "html_inert" => {
                let categories = incidents.categories().unwrap();
                assert_eq!(categories.get(0), "=cmd|' /C calc'!A0");
                assert_eq!(categories.get(2), "</script><img src=x onerror=alert(1)>");
                assert_eq!(categories.get(7), "../../etc/passwd");
            }
            "csv_cells_quoted_prefix" | "note" => checked -= 1,
            other => panic!("{file}: nothing checks `{other}`"),
        }
    }
    assert!(checked > 0, "{file}: nothing was checked");
}

#[test]
fn incidents_behave_as_the_manifest_says() {
    for (file, expect) in manifest("incidents") {
        match reader().read_bytes(&bytes(&file)) {
            Ok(incidents) => {
                assert!(expect["error"].is_null(), "{file}: accepted");
                check_incidents(&file, &expect, &incidents);
            }
            Err(error) => check_error(&file, &expect, &error),
        }
    }
}

#[test]
fn files_of_one_row_in_five_bad_are_refused_by_default() {
    let error = IncidentReader::new()
        .now(NOW)
        .read_bytes(&bytes("12_ragged_rows.csv"))
        .unwrap_err();
    assert_eq!(error.fault().unwrap().code(), "too_many_rejected");
}

#[test]
fn an_encoding_opens_the_file() {
    let text = bytes("07_cp1252.csv");
    let error = reader().read_bytes(&text).unwrap_err().to_string();
    assert!(
        error.contains("byte 47") && error.contains("row 1"),
        "{error}"
    );
    let incidents = reader().encoding("cp1252").read_bytes(&text).unwrap();
    assert_eq!(incidents.len(), 2);
    assert_eq!(
        incidents.categories().unwrap().get(0),
        "jeugdoverlast café ’s-Hertogenbosch"
    );
    let text = bytes("08_utf16le_bom.csv");
    let incidents = reader().encoding("utf-16le").read_bytes(&text).unwrap();
    assert_eq!(incidents.len(), 2);
}

#[test]
fn a_given_decimal_mark_settles_thousands() {
    let text = bytes("04_thousands_ambiguous.csv");
    let incidents = reader().decimal(',').read_bytes(&text).unwrap();
    assert_eq!(incidents.x(), [121_687.0]);
    let incidents = reader()
        .decimal('.')
        .crs(Crs::PLANAR)
        .read_bytes(&text)
        .unwrap();
    assert_eq!(incidents.x(), [121.687]);
}

#[test]
fn ids_above_two_to_the_53_keep_every_digit() {
    let text = String::from_utf8(bytes("66_big_ids_and_floats.geojson")).unwrap();
    let incidents = reader()
        .read_bytes(text.replace("1e400", "1").as_bytes())
        .unwrap();
    assert_eq!(incidents.ids().unwrap().get(0), "9007199254740993");
}

fn areas(file: &str) -> Result<Neighbourhoods, Error> {
    NeighbourhoodReader::new().read_bytes(&bytes(file))
}

#[test]
fn areas_behave_as_the_manifest_says() {
    for (file, expect) in manifest("areas") {
        let result = areas(&file);
        if !expect["error"].is_null() {
            match result {
                Ok(_) => panic!("{file}: accepted"),
                Err(error) => check_error(&file, &expect, &error),
            }
            continue;
        }
        if !expect["error_or_fix"].is_null() {
            let fault = result.unwrap_err().fault().unwrap().code();
            assert_eq!(fault, expect["error_or_fix"].as_str().unwrap(), "{file}");
            let fixed = NeighbourhoodReader::new()
                .repair(true)
                .read_bytes(&bytes(&file))
                .unwrap();
            assert_eq!(fixed.len(), 2, "{file}: closed, and the reversed one kept");
            let code = fixed.warnings()[0].code;
            assert_eq!(code, WarningCode::RepairedGeometry, "{file}");
            continue;
        }
        let hoods = result.unwrap_or_else(|e| panic!("{file}: {e}"));
        if let Some(n) = expect["areas"].as_u64() {
            assert_eq!(hoods.len() as u64, n, "{file}");
        }
        let crs = expect["crs"].as_str().unwrap_or("EPSG:28992");
        assert_eq!(hoods.crs().to_string(), crs, "{file}");
        if expect["reasons"].is_object() {
            let population = &hoods.exposure("inhabitants", None).unwrap().values;
            assert_eq!(*population, [Some(0.0), None, None, Some(1000.0)], "{file}");
        }
    }
}

#[test]
fn gaps_holes_and_islands_have_the_neighbours_of_the_manifest() {
    for (file, expect) in manifest("areas") {
        if let Some(n) = expect["neighbours_with_snap_0"].as_u64() {
            let hoods = areas(&file).unwrap();
            let exact = Contiguity::queen().snap(0.0).build(&hoods).unwrap();
            assert_eq!(exact.pairs() as u64, 2 * n, "{file}");
            let snapped = Contiguity::queen().snap(0.01).build(&hoods).unwrap();
            let wanted = 2 * expect["neighbours_with_snap_0_01"].as_u64().unwrap();
            assert_eq!(snapped.pairs() as u64, wanted, "{file}");
        }
        if let Some(pairs) = expect["neighbours"].as_array() {
            let hoods = areas(&file).unwrap();
            let weights = Weights::queen(&hoods).unwrap();
            assert_eq!(weights.pairs(), 2 * pairs.len(), "{file}");
            let index = brandpunt::index::NeighbourhoodIndex::build(&hoods).unwrap();
            let found = index.locate(121_500.0, 487_500.0).unwrap();
            assert_eq!(
                hoods.codes()[found as usize],
                expect["point_in_hole"].as_str().unwrap(),
                "{file}"
            );
        }
        if let Some(islands) = expect["islands"].as_array() {
            let hoods = areas(&file).unwrap();
            let found: Vec<Value> = Weights::queen(&hoods)
                .unwrap()
                .islands()
                .into_iter()
                .map(|i| hoods.codes()[i].as_str().into())
                .collect();
            assert_eq!(found, *islands, "{file}");
        } else if expect["islands"] == 0 {
            let weights = Weights::queen(&areas(&file).unwrap()).unwrap();
            assert!(weights.islands().is_empty(), "{file}");
        }
    }
}

#[test]
fn codes_of_populations_are_text() {
    for (file, expect) in manifest("population") {
        let population = PopulationReader::new().read_bytes(&bytes(&file)).unwrap();
        assert_eq!(expect["code_type"], "string");
        assert_eq!(population.codes(), ["BU03630000", "03630001", "363"]);
        let values = &population.exposures()[0].values;
        let missing = values.iter().filter(|v| v.is_none()).count() as u64;
        assert_eq!(
            missing,
            expect["missing_population"].as_u64().unwrap(),
            "{file}"
        );
    }
}

#[test]
fn a_spreadsheet_gets_no_formula() {
    let file = "31_formula_and_html_names.csv";
    let (_, expect) = manifest("incidents")
        .into_iter()
        .find(|(name, _)| name == file)
        .unwrap();
    let incidents = reader().read_bytes(&bytes(file)).unwrap();
    let categories = incidents.categories().unwrap();
    let labels: Vec<String> = (0..categories.len())
        .map(|i| categories.get(i).to_owned())
        .collect();
    let table = Table::new().with_text("label", labels.clone()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("labels.csv");
    write_csv(&path, &table, CsvFlavour::Spreadsheet).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let prefixed: Vec<Value> = text
        .lines()
        .skip(1)
        .zip(1..)
        .filter(|(line, _)| line.trim_start_matches('"').starts_with('\''))
        .map(|(_, row)| row.into())
        .collect();
    assert_eq!(
        prefixed,
        *expect["csv_cells_quoted_prefix"].as_array().unwrap()
    );
    write_csv(&path, &table, CsvFlavour::Exact).unwrap();
    let exact = std::fs::read_to_string(&path).unwrap();
    for label in &labels {
        assert!(exact.contains(&label.replace('"', "\"\"")), "{label}");
    }
}
