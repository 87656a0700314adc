//! The command as a user meets it: exit status, output, files.

#![cfg(feature = "cli")]

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in a folder.
fn brandpunt(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_brandpunt"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_sample_is_what_its_command_makes() {
    let folder = tempfile::tempdir().unwrap();
    let made = brandpunt(
        folder.path(),
        &[
            "synthesise",
            "20000",
            "--seed",
            "34",
            "--out",
            "made",
            "--threads",
            "3",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut bytes = 0;
    for name in [
        "sample_incidents.csv",
        "sample_neighbourhoods.geojson",
        "sample_truth.json",
    ] {
        let kept = std::fs::read(data.join(name)).unwrap();
        let new = std::fs::read(folder.path().join("made").join(name)).unwrap();
        assert!(kept == new, "{name} differs from what the command makes");
        assert!(text(&made.stdout).contains(name));
        bytes += kept.len();
    }
    assert!(bytes <= 2_000_000, "{bytes}");
}

#[test]
fn bad_arguments_end_with_2_and_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [&[&str]; 6] = [
        &[],
        &["no-such-command"],
        &["synthesise"],
        &["synthesise", "many", "--out", "x"],
        &["synthesise", "0", "--out", "x"],
        &["synthesise", "10", "--out", "x", "--neighbourhoods", "0"],
    ];
    for arguments in cases {
        let output = brandpunt(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let version = brandpunt(folder.path(), &["--version"]);
    assert_eq!(version.status.code(), Some(0));
    let expected = format!("brandpunt {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&version.stdout), expected);
    let help = brandpunt(folder.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in ["demo", "hotspots", "check", "synthesise"] {
        assert!(text(&help.stdout).contains(command));
    }
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "a file, not a folder").unwrap();
    let output = brandpunt(folder.path(), &["synthesise", "10", "--out", "taken"]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.starts_with("error: taken: "), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
}

/// The sample, as arguments.
fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name);
    path.to_string_lossy().into_owned()
}

/// Runs `hotspots` on the sample with more arguments, writing to `out`.
fn on_the_sample(folder: &Path, more: &[&str]) -> Output {
    let (incidents, areas) = (
        sample("sample_incidents.csv"),
        sample("sample_neighbourhoods.geojson"),
    );
    let mut arguments = vec!["hotspots", &incidents, &areas, "--out", "out"];
    arguments.extend(more);
    brandpunt(folder, &arguments)
}

#[test]
fn hotspots_writes_all_files_and_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let more = [
        "--theme",
        "housing_nuisance",
        "--baseline",
        "2017",
        "--language",
        "en",
    ];
    let output = on_the_sample(folder.path(), &more);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let out = folder.path().join("out");
    assert_eq!(
        files(&out),
        [
            "density.tif",
            "neighbourhoods.csv",
            "neighbourhoods.geojson",
            "report.html",
            "run.json"
        ]
    );
    let table = text(&output.stdout);
    let last = table.lines().last().unwrap_or_default();
    assert!(last.starts_with("Report: ") && last.ends_with("report.html"));
    // The strongest planted hotspot of the theme is where the table begins.
    let truth: serde_json::Value =
        serde_json::from_slice(&std::fs::read(sample("sample_truth.json")).unwrap()).unwrap();
    let planted = truth["hotspots"]
        .as_array()
        .unwrap()
        .iter()
        .find(|h| h["category"] == "woonoverlast")
        .unwrap();
    let mut rows = csv::Reader::from_path(out.join("neighbourhoods.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let first = rows
        .records()
        .map(|row| row.unwrap())
        .find(|row| &row[column("rank")] == "1")
        .unwrap();
    let codes = planted["neighbourhoods"].as_array().unwrap();
    assert!(
        codes.iter().any(|c| *c == first[column("code")]),
        "{first:?}"
    );
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap();
    assert!(run.to_string().contains("sample_incidents.csv"));
}

#[test]
fn files_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    for threads in ["1", "2", "3", "7"] {
        let out = folder.path().join(threads);
        let arguments = ["--threads", threads, "--out", out.to_str().unwrap()];
        let (incidents, areas) = (
            sample("sample_incidents.csv"),
            sample("sample_neighbourhoods.geojson"),
        );
        let mut all = vec!["hotspots", &incidents, &areas, "--baseline", "2017"];
        all.extend(arguments);
        let output = brandpunt(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let first = folder.path().join("1");
    let names = files(&first);
    assert!(names.len() >= 5, "{names:?}");
    for threads in ["2", "3", "7"] {
        let other = folder.path().join(threads);
        assert_eq!(files(&other), names);
        for name in &names {
            let same = std::fs::read(first.join(name)).unwrap()
                == std::fs::read(other.join(name)).unwrap();
            assert!(same, "{name} with {threads} threads");
        }
    }
}

#[test]
fn without_a_theme_it_says_which_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let output = on_the_sample(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stderr);
    assert_eq!(
        told,
        "themes: youth_nuisance, housing_nuisance, youth_crime, because their categories occur\n"
    );
    let own = on_the_sample(
        folder.path(),
        &[
            "--category",
            "vernieling",
            "--theme-name",
            "damage",
            "--period",
            "2020..2023",
        ],
    );
    assert_eq!(own.status.code(), Some(0), "{}", text(&own.stderr));
}

#[test]
fn bad_input_ends_with_2_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [&[&str]; 8] = [
        &["--theme", "fireworks"],
        &["--theme", "all", "--category", "vernieling"],
        &["--category", "no such category"],
        &["--period", "yesterday"],
        &["--exposure", "horses"],
        &["--cell-size", "-5"],
        &["--x", "no_such_column"],
        &["--crs", "EPSG:4326"],
    ];
    for more in cases {
        let output = on_the_sample(folder.path(), more);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{more:?}: {}",
            text(&output.stderr)
        );
        let message = text(&output.stderr);
        let errors = message.lines().filter(|l| l.starts_with("error: "));
        assert_eq!(errors.count(), 1, "{more:?}: {message}");
    }
    let missing = brandpunt(
        folder.path(),
        &["hotspots", "nothing.csv", "nothing.geojson", "--out", "out"],
    );
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).starts_with("error: nothing.csv: "));
    let one_file = brandpunt(
        folder.path(),
        &["hotspots", &sample("sample_incidents.csv"), "--out", "out"],
    );
    assert_eq!(one_file.status.code(), Some(2));
    assert!(
        files(folder.path()).is_empty(),
        "{:?}",
        files(folder.path())
    );
}

#[test]
fn counts_per_neighbourhood_need_no_reports() {
    let folder = tempfile::tempdir().unwrap();
    let square = |i: u32| {
        let (x, y) = (140_000 + 500 * (i % 5), 480_000 + 500 * (i / 5));
        let ring = [
            [x, y],
            [x + 500, y],
            [x + 500, y + 500],
            [x, y + 500],
            [x, y],
        ];
        serde_json::json!({
            "type": "Feature",
            "properties": {
                "code": format!("A{i:02}"),
                "inwoners": 1000,
                "meldingen": if i == 12 { 60 } else { 4 + i % 3 },
                "half": 0.5,
            },
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })
    };
    let areas = serde_json::json!({
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": (0..25).map(square).collect::<Vec<_>>(),
    });
    std::fs::write(folder.path().join("areas.geojson"), areas.to_string()).unwrap();
    let run = |column| {
        let arguments = [
            "hotspots",
            "areas.geojson",
            "--counts",
            column,
            "--out",
            "out",
            "--language",
            "en",
        ];
        brandpunt(folder.path(), &arguments)
    };
    let output = run("meldingen");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let first = table.lines().nth(2).unwrap_or_default();
    assert!(first.contains("A12") && first.contains("60"), "{table}");
    assert!(!folder.path().join("out/density.tif").exists());
    for bad in ["half", "no_such_column"] {
        let output = run(bad);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(text(&output.stderr).contains(bad));
    }
}

#[test]
fn check_tells_what_would_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (incidents, areas) = (
        sample("sample_incidents.csv"),
        sample("sample_neighbourhoods.geojson"),
    );
    let good = brandpunt(folder.path(), &["check", &incidents, &areas]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
    assert!(text(&good.stdout).contains("rows: 20000 in, 20000 used"));
    assert!(text(&good.stdout).contains("rows: 240 in, 240 used"));
    std::fs::write(folder.path().join("empty.csv"), "").unwrap();
    let bad = brandpunt(folder.path(), &["check", &incidents, "empty.csv"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stdout).contains("empty.csv"));
    assert!(text(&bad.stderr).starts_with("error: empty.csv: empty_file"));
}

#[test]
fn demo_needs_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for (language, word) in [("nl", "Rapport: "), ("en", "Report: ")] {
        let output = brandpunt(
            folder.path(),
            &["demo", "--out", language, "--language", language],
        );
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let table = text(&output.stdout);
        assert!(
            table.lines().last().unwrap_or_default().starts_with(word),
            "{table}"
        );
        assert!(folder.path().join(language).join("report.html").exists());
    }
}

/// Whether a process has taken over Ctrl-C.
#[cfg(target_os = "linux")]
fn handles_interrupts(process: u32) -> bool {
    const INTERRUPT: u64 = 1 << (2 - 1);
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|l| l.strip_prefix("SigCgt:"));
    caught
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & INTERRUPT != 0)
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_with_1_and_leaves_no_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_brandpunt"))
        .args(["synthesise", "6000000", "--out", "out"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !handles_interrupts(running.id()) {
        assert!(running.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let sent = Command::new("kill")
        .args(["-INT", &running.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "error: stopped before it was done\n");
    let out = folder.path().join("out");
    assert!(files(&out).is_empty(), "{:?}", files(&out));
}

const AREAS: &str = "bu_code;naam;wk_code;inwoners;misdrijven_2024;misdrijven_2021\n\
    BU01;Centrum;WK1;1000;80;160\n\
    BU02;Haven;WK1;500;3;2\n\
    BU03;Nieuw;WK2;.;4;1\n\
    BU04;Rand;WK2;2000;10;12\n";

#[test]
fn rates_of_a_table_say_what_changed_and_what_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("areas.csv"), AREAS).unwrap();
    let arguments = [
        "rates",
        "areas.csv",
        "--code",
        "bu_code",
        "--count",
        "misdrijven_2024",
        "--baseline-count",
        "misdrijven_2021",
        "--population",
        "inwoners",
        "--group",
        "wk_code",
        "--out",
        "rates.csv",
        "--internal",
    ];
    let found = brandpunt(folder.path(), &arguments);
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    let shown = text(&found.stdout);
    for said in [
        "Van 1 van de 4 gebieden is het aantal inwoners onbekend; hun 4",
        "onbekend",
        "0,50 (0,38–0,66)",
        "lager",
        "niet te zeggen",
    ] {
        assert!(shown.contains(said), "{said}:\n{shown}");
    }
    let written = std::fs::read_to_string(folder.path().join("rates.csv")).unwrap();
    assert!(written.starts_with("code,name,group,count,population,rate,rate_low"));
    assert!(
        written.contains("\r\nBU03,Nieuw,WK2,4,,,,,,1,,"),
        "{written}"
    );
    let english = brandpunt(
        folder.path(),
        &[&arguments[..], &["--language", "en"]].concat(),
    );
    assert!(text(&english.stdout).contains("population of 1 of 4 areas is unknown; their 4"));
}

#[test]
fn areas_with_few_people_are_marked_and_do_not_lead() {
    let folder = tempfile::tempdir().unwrap();
    let areas = AREAS.replace("BU02;Haven;WK1;500;3;2", "BU02;Haven;WK1;5;36;27");
    std::fs::write(folder.path().join("areas.csv"), areas).unwrap();
    let arguments = [
        "rates",
        "areas.csv",
        "--code",
        "bu_code",
        "--count",
        "misdrijven_2024",
        "--population",
        "inwoners",
    ];
    let found = brandpunt(folder.path(), &arguments);
    let shown = text(&found.stdout);
    let place = |name: &str| shown.find(name).unwrap();
    // 7,200 per 1,000 of five people comes after 5 per 1,000 of two thousand.
    assert!(
        place("Centrum") < place("Rand") && place("Rand") < place("Haven"),
        "{shown}"
    );
    assert!(shown.contains("5*") && !shown.contains("1000*"), "{shown}");
    assert!(
        shown.contains("* 1 gebieden hebben minder dan 100 inwoners"),
        "{shown}"
    );
}

#[test]
fn a_file_of_rates_is_protected_unless_it_stays_inside() {
    let folder = tempfile::tempdir().unwrap();
    let row = |i: i32| {
        format!(
            "BU{i:02};Buurt {i};WK{};{};{};{}\n",
            i % 3,
            900 + i,
            3 * i,
            4 * i
        )
    };
    let areas = AREAS.to_owned() + &(5..30).map(row).collect::<String>();
    std::fs::write(folder.path().join("areas.csv"), areas).unwrap();
    let run = |more: &[&str]| {
        let arguments = [
            "rates",
            "areas.csv",
            "--code",
            "bu_code",
            "--count",
            "misdrijven_2024",
            "--baseline-count",
            "misdrijven_2021",
            "--population",
            "inwoners",
            "--group",
            "wk_code",
            "--out",
            "rates.csv",
            "--rows",
            "40",
        ];
        brandpunt(folder.path(), &[&arguments[..], more].concat())
    };
    let found = run(&["--ledger", "ledger.json"]);
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    assert!(text(&found.stderr).contains("Beschermd volgens cbs5"));
    let shown = text(&found.stdout);
    assert!(shown.contains("niet getoond"), "{shown}");
    let mut rows = csv::Reader::from_path(folder.path().join("rates.csv")).unwrap();
    let head = rows.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|h| h == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 29);
    for row in &rows {
        for (prefix, rate) in [("", "rate"), ("baseline_", "baseline_rate")] {
            let at = |name: &str| &row[place(&format!("{prefix}{name}"))];
            let withheld = at("count_state") == "withheld";
            assert_eq!(at("count").is_empty(), withheld, "{row:?}");
            if withheld {
                assert!(row[place(rate)].is_empty() && row[place("change")].is_empty());
                assert_eq!(&row[place("status")], "cannot tell");
                let ends = (
                    at("count_low").parse::<f64>(),
                    at("count_high").parse::<f64>(),
                );
                if let (Ok(low), Ok(high)) = ends {
                    assert!(high - low >= 5.0, "{row:?}");
                }
            } else {
                assert_eq!(at("count").parse::<f64>().unwrap() % 5.0, 0.0);
            }
        }
    }
    let state = |code: &str, column: &str| {
        let row = rows.iter().find(|row| &row[0] == code).unwrap();
        row[place(column)].to_owned()
    };
    // 3 and 4 in the period, 2 and 1 in the baseline.
    for (code, column) in [
        ("BU02", "count_state"),
        ("BU03", "count_state"),
        ("BU02", "baseline_count_state"),
        ("BU03", "baseline_count_state"),
    ] {
        assert_eq!(state(code, column), "withheld");
    }
    // What is out stays as it is.
    let first = std::fs::read(folder.path().join("rates.csv")).unwrap();
    assert_eq!(run(&["--ledger", "ledger.json"]).status.code(), Some(0));
    assert_eq!(
        std::fs::read(folder.path().join("rates.csv")).unwrap(),
        first
    );
    // A table has no addresses.
    let refused = run(&["--disclosure", "police8"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("cbs5"));
    let inside = run(&["--disclosure", "internal"]);
    assert_eq!(inside.status.code(), Some(0));
    let written = std::fs::read_to_string(folder.path().join("rates.csv")).unwrap();
    assert!(written.contains("BU02,Haven,WK1,3,") && !written.contains("count_state"));
}

#[test]
fn a_count_that_is_missing_is_not_zero() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("areas.csv"), AREAS).unwrap();
    let run = |count: &str| {
        let found = brandpunt(
            folder.path(),
            &[
                "rates",
                "areas.csv",
                "--code",
                "bu_code",
                "--count",
                count,
                "--population",
                "misdrijven_2024",
            ],
        );
        (found.status.code(), text(&found.stderr))
    };
    let (status, said) = run("inwoners");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("1 of 4 areas have no count, which is not zero, and are left out: BU03"));
    let (status, said) = run("jeugd");
    assert_eq!(status, Some(2));
    assert!(said.contains("there is no column `jeugd`"), "{said}");
}

#[test]
fn a_forecast_stands_beside_what_it_would_have_hit() {
    let folder = tempfile::tempdir().unwrap();
    let (incidents, areas) = (
        sample("sample_incidents.csv"),
        sample("sample_neighbourhoods.geojson"),
    );
    let ask = |more: &[&str]| {
        let mut arguments = vec!["forecast", &incidents, &areas, "--language", "en"];
        arguments.extend(more);
        brandpunt(folder.path(), &arguments)
    };
    let theme = ["--theme", "youth_nuisance", "--horizon", "56"];
    let out = ["--out", "forecast.csv", "--internal"];
    let output = ask(&[&theme[..], &out[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("past forecasts"), "{shown}");
    assert!(shown.contains("nothing about persons"), "{shown}");
    let written = std::fs::read_to_string(folder.path().join("forecast.csv")).unwrap();
    assert!(
        written.starts_with("code,name,km2,expected,per_km2,rank"),
        "{written}"
    );
    std::fs::remove_file(folder.path().join("forecast.csv")).unwrap();
    let cases: [&[&str]; 4] = [
        &["--out", "forecast.csv"],
        &["--method", "magic"],
        &["--horizon", "0"],
        &["--method", "counts", "--bandwidth", "100"],
    ];
    for more in cases {
        let output = ask(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
    assert!(files(folder.path()).is_empty());
}

/// A file that is read in parts counts like the file as a whole.
#[test]
fn reports_are_counted_per_neighbourhood_and_period() {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let reports = data.join("sample_incidents.csv");
    let areas = data.join("sample_neighbourhoods.geojson");
    let (reports, areas) = (reports.to_str().unwrap(), areas.to_str().unwrap());
    let counted = |more: &[&str]| {
        let out = ["--out", "counts.csv", "--internal", "--language", "en"];
        let all = [&["count", reports, areas], more, &out].concat();
        let made = brandpunt(folder.path(), &all);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        let table = std::fs::read_to_string(folder.path().join("counts.csv")).unwrap();
        let rows: Vec<Vec<String>> = table
            .lines()
            .map(|line| line.split(',').map(ToOwned::to_owned).collect())
            .collect();
        (text(&made.stdout), rows)
    };
    let sum = |rows: &[Vec<String>], column: usize| -> u64 {
        rows[1..]
            .iter()
            .map(|row| row[column].parse::<u64>().unwrap())
            .sum()
    };
    let (told, all) = counted(&[]);
    assert_eq!(all[0], ["code", "name", "count"]);
    let inside = sum(&all, 2);
    assert!(
        told.contains("Rows") && told.contains(&inside.to_string()),
        "{told}"
    );
    let (told, years) = counted(&["--step", "year"]);
    assert!(
        told.contains("Period") && years[0].contains(&"2017".to_owned()),
        "{told}"
    );
    let total: u64 = (2..years[0].len()).map(|column| sum(&years, column)).sum();
    assert_eq!(total, inside);
    let (_, theme) = counted(&["--theme", "youth_nuisance"]);
    assert!(sum(&theme, 2) < inside && sum(&theme, 2) > 0);

    let refused = brandpunt(
        folder.path(),
        &["count", reports, areas, "--out", "open.csv"],
    );
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(!folder.path().join("open.csv").exists());
    let odd = brandpunt(
        folder.path(),
        &["count", reports, areas, "--step", "fortnight"],
    );
    assert_eq!(odd.status.code(), Some(2), "{}", text(&odd.stderr));
}
