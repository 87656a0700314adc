//! What the commands of single questions write may be published, and what may not is refused.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The words of a command after the files, its name first.
fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let incidents = data.join("sample_incidents.csv");
    let areas = data.join("sample_neighbourhoods.geojson");
    let mut command = Command::new(env!("CARGO_BIN_EXE_brandpunt"));
    command.arg(words[0]).arg(incidents);
    if words[0] == "proximity" {
        std::fs::write(
            folder.join("schools.csv"),
            "naam;x;y\nNoord;147000;487000\nZuid;146000;486000\n",
        )
        .unwrap();
        command.arg("schools.csv");
    }
    let output = command
        .arg(areas)
        .args(&words[1..])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The rows of a file by the name of each column.
fn rows(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

const YOUTH: [&str; 4] = ["--theme", "youth_nuisance", "--period", "2024"];
const PUBLIC: [(&str, f64); 3] = [("cbs5", 5.0), ("ons10_5", 10.0), ("police8", 5.0)];

/// A published count is a multiple of five of at least the minimum; a withheld one has an interval of at
/// least that width, and nothing follows from it.
fn is_protected(row: &BTreeMap<String, String>, minimum: f64, derived: &[&str]) {
    let (low, high) = (number(row, "count_low"), number(row, "count_high"));
    if row["count_state"] == "withheld" {
        assert!(row["count"].is_empty(), "{row:?}");
        assert!(high.is_nan() || high - low >= minimum, "{row:?}");
        for column in derived {
            assert!(row[*column].is_empty(), "{column} {row:?}");
        }
    } else {
        let count = number(row, "count");
        assert_eq!(count % 5.0, 0.0, "{row:?}");
        assert!(
            count == 0.0 || (low >= minimum || high >= minimum),
            "{row:?}"
        );
    }
}

#[test]
fn the_nature_of_an_area_is_written_as_it_may_be_published() {
    let folder = tempfile::tempdir().unwrap();
    let (_, whole, _) = run(folder.path(), &[&["profile"], &YOUTH[..]].concat());
    assert!(whole.contains("adressen"));
    for (preset, minimum) in PUBLIC {
        let words = [
            &["profile"],
            &YOUTH[..],
            &[
                "--area",
                "BU00340101",
                "--area",
                "BU00340102",
                "--area",
                "BU00340103",
            ],
            &["--out", "profile.csv", "--disclosure", preset],
        ]
        .concat();
        let (status, shown, told) = run(folder.path(), &words);
        assert_eq!(status, Some(0), "{preset}: {told}");
        assert!(
            told.contains(&format!("Beschermd volgens {preset}")),
            "{told}"
        );
        // The share of the busiest address is its count.
        assert!(!shown.contains("adres"), "{shown}");
        let rows = rows(folder.path(), "profile.csv");
        assert!(rows.len() > 20, "{preset}: {}", rows.len());
        for row in &rows {
            is_protected(row, minimum, &["share", "quotient", "low", "high", "q"]);
        }
        let published = rows.iter().filter(|row| row["count_state"] == "published");
        let with_quotient = published.filter(|row| !row["quotient"].is_empty());
        // Below ten nothing is left of three areas.
        assert!(with_quotient.count() > 3 || preset == "ons10_5", "{preset}");
    }
}

#[test]
fn rings_around_schools_are_written_without_what_places_tell() {
    let folder = tempfile::tempdir().unwrap();
    for (preset, minimum) in PUBLIC {
        let words = [
            &["proximity"],
            &YOUTH[..],
            &["--out", "rings.csv", "--disclosure", preset],
        ]
        .concat();
        let (status, _, told) = run(folder.path(), &words);
        assert_eq!(status, Some(0), "{preset}: {told}");
        for row in rows(folder.path(), "rings.csv") {
            is_protected(&row, minimum, &["lq", "low", "high"]);
            for column in ["lq_moved", "p", "p_max"] {
                assert!(row[column].is_empty(), "{preset} {row:?}");
            }
            let lq = number(&row, "lq");
            let back = number(&row, "count") / number(&row, "expected");
            assert!(lq.is_nan() || (lq - back).abs() < 1e-9, "{row:?}");
        }
    }
}

#[test]
fn rings_that_cut_earlier_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |more: &[&str]| {
        let words = [
            &["proximity"],
            &YOUTH[..],
            &["--out", "rings.csv", "--ledger", "ledger.json"],
            more,
        ]
        .concat();
        run(folder.path(), &words)
    };
    let (status, _, told) = ask(&[]);
    assert_eq!(status, Some(0), "{told}");
    let first = std::fs::read(folder.path().join("rings.csv")).unwrap();
    // 800 to 810 m would follow from both.
    for other in [&["--distances", "100,200,400,810"][..], &["--school-hours"]] {
        let (status, _, told) = ask(other);
        assert_eq!(status, Some(2), "{told}");
        assert!(
            told.contains("other distances") && told.contains("--internal"),
            "{told}"
        );
    }
    assert_eq!(ask(&[]).0, Some(0));
    assert_eq!(
        std::fs::read(folder.path().join("rings.csv")).unwrap(),
        first
    );
}

#[test]
fn concentration_is_written_for_areas_and_never_by_address() {
    let folder = tempfile::tempdir().unwrap();
    for (preset, minimum) in PUBLIC {
        let words = [
            &["concentration"],
            &YOUTH[..],
            &["--out", "measures.csv", "--disclosure", preset],
        ]
        .concat();
        let (status, shown, told) = run(folder.path(), &words);
        assert_eq!(status, Some(0), "{preset}: {told}");
        assert!(shown.contains("Gini"), "{shown}");
        let rows = rows(folder.path(), "measures.csv");
        assert!(rows.iter().all(|row| !row.contains_key("x")));
        let of = |name: &str| rows.iter().find(|row| row["measure"] == name).cloned();
        let gini = number(&of("gini").unwrap(), "value");
        // Where most areas are withheld, no measure over areas says anything.
        if gini.is_nan() {
            assert_ne!(preset, "cbs5");
            assert!(told.contains("meer dan de helft"), "{told}");
        } else {
            assert!(gini > 0.2 && gini < 1.0, "{preset} {gini}");
        }
        for name in ["reports", "reports_at_repeated_addresses"] {
            let row = of(name).unwrap();
            let width = number(&row, "high") - number(&row, "low");
            assert!(
                width.is_nan() || width >= minimum.min(8.0),
                "{preset} {row:?}"
            );
        }
    }
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let alone = Command::new(env!("CARGO_BIN_EXE_brandpunt"))
        .args(["concentration", "--out", "addresses.csv"])
        .arg(data.join("sample_incidents.csv"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(alone.status.code(), Some(2));
    assert!(
        String::from_utf8(alone.stderr)
            .unwrap()
            .contains("never published")
    );
    assert!(!folder.path().join("addresses.csv").exists());
}

#[test]
fn an_effect_comes_from_published_sums_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let large = [
        "--treated",
        "BU00340101",
        "--treated",
        "BU00340102",
        "--treated",
        "BU00340103",
        "--control",
        "BU00340201",
        "--control",
        "BU00340202",
        "--control",
        "BU00340203",
    ];
    let years = ["--before", "2018..2020", "--after", "2022..2024"];
    let words = [&["effect"], &large[..], &years, &["--out", "effect.csv"]].concat();
    let (status, shown, told) = run(folder.path(), &words);
    assert_eq!(status, Some(0), "{told}");
    let figures: Vec<f64> = shown
        .lines()
        .filter(|line| line.starts_with("behandeld") || line.starts_with("vergelijking"))
        .flat_map(|line| {
            line.split_whitespace()
                .skip(1)
                .map(|n| n.parse::<f64>().unwrap())
        })
        .collect();
    assert_eq!(figures.len(), 4, "{shown}");
    assert!(
        figures.iter().all(|n| n % 5.0 == 0.0 && *n >= 5.0),
        "{shown}"
    );
    let local = &rows(folder.path(), "effect.csv")[0];
    let [t0, t1, c0, c1] = figures[..] else {
        panic!("{figures:?}")
    };
    // Both periods are of three years, of 1,096 days each.
    let by_hand = (t1 - t0) - (c1 - c0);
    assert!((number(local, "value") - by_hand).abs() < 1e-9, "{local:?}");
    // Too few reports of a single area and month of the year.
    let small = [
        "effect",
        "--theme",
        "youth_crime",
        "--treated",
        "BU00340101",
        "--control",
        "BU00340102",
    ];
    let words = [
        &small[..],
        &["--before", "2017", "--after", "2018", "--out", "small.csv"],
    ]
    .concat();
    let (status, _, told) = run(folder.path(), &words);
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("cannot be published under cbs5"), "{told}");
    assert!(!folder.path().join("small.csv").exists());
}

/// Reports of two areas, then of these and a third: the third is the difference.
#[test]
fn the_difference_of_two_groups_gives_no_small_area() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |codes: &[&str]| {
        let mut words = vec!["profile"];
        words.extend(YOUTH);
        for code in codes {
            words.extend(["--area", code]);
        }
        words.extend([
            "--out",
            "profile.csv",
            "--ledger",
            "ledger.json",
            "--language",
            "en",
        ]);
        run(folder.path(), &words)
    };
    let (status, _, told) = ask(&["BU00340101", "BU00340102"]);
    assert_eq!(status, Some(0), "{told}");
    // The same reports are not divided twice, so nothing can be subtracted.
    let (status, _, told) = ask(&["BU00340101", "BU00340102", "BU00340103"]);
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("divided another way"), "{told}");
    let (status, _, _) = ask(&["BU00340101", "BU00340102"]);
    assert_eq!(status, Some(0));
    let source = [
        "profile",
        "--without-source",
        "police",
        "--out",
        "source.csv",
    ];
    let (status, _, told) = run(folder.path(), &source);
    assert_eq!(status, Some(2));
    assert!(told.contains("what one source reported"), "{told}");
}
