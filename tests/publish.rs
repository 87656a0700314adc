//! Attacks on what is written: nothing that is withheld may be found in it.
#![cfg(all(feature = "report", feature = "raster"))]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use brandpunt::analysis::{HotspotAnalysis, HotspotResult, Language, Published};
use brandpunt::methods::rates::Rates;
use brandpunt::publish::{Disclosure, Ledger, State};
use brandpunt::{Counts, Error, Incidents, Neighbourhoods, Theme, Workers, io, report};

const PUBLIC: [&str; 3] = ["cbs5", "ons10_5", "police8"];

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

fn city() -> (Incidents, Neighbourhoods) {
    (
        io::read_incidents(data("sample_incidents.csv")).unwrap(),
        io::read_neighbourhoods(data("sample_neighbourhoods.geojson")).unwrap(),
    )
}

fn analysed() -> HotspotResult {
    let (incidents, areas) = city();
    HotspotAnalysis::new(Theme::youth_nuisance())
        .baseline(2017)
        .run(&incidents, &areas)
        .unwrap()
}

fn rules(preset: &str) -> Disclosure {
    Disclosure::named(preset).unwrap().secret("of the test")
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The bytes of every file.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    out.sort();
    out
}

/// Whatever the withheld counts are, as long as what is published is the same, every byte is.
#[test]
fn what_is_withheld_leaves_no_trace_in_any_byte() {
    let (_, areas) = city();
    let counts = analysed().neighbourhoods.count;
    let workers = Workers::new(2).unwrap();
    for preset in ["cbs5", "ons10_5"] {
        let write = |counts: Vec<i64>| {
            let folder = tempfile::tempdir().unwrap();
            let published = HotspotAnalysis::new(Theme::youth_nuisance())
                .run_counts(&Counts::per_area(counts).unwrap(), &areas, &workers)
                .unwrap()
                .publish(&rules(preset))
                .unwrap();
            published.write(folder.path(), Language::Dutch).unwrap();
            (files(folder.path()), published)
        };
        let (first, published) = write(counts.clone());
        let small: Vec<usize> = published
            .audit()
            .iter()
            .enumerate()
            .filter(|(i, row)| *i < counts.len() && row.why.is_some_and(|w| w.name() == "few"))
            // The total over areas with people is published too and must stay the same.
            .filter(|(i, _)| published.result().neighbourhoods.population[*i] > 0.0)
            .map(|(i, _)| i)
            .collect();
        // The totals of districts are published too, so counts move within a district.
        let mut moved = counts.clone();
        for district in small.chunk_by(|a, b| areas.codes()[*a][..8] == areas.codes()[*b][..8]) {
            let mut others: Vec<i64> = district.iter().map(|&i| counts[i]).collect();
            others.sort_unstable();
            let half = others.len() / 2;
            others.rotate_right(half);
            for (&i, &count) in district.iter().zip(&others) {
                moved[i] = count;
            }
        }
        let changed = counts.iter().zip(&moved).filter(|(a, b)| a != b).count();
        assert!(
            small.len() > 40 && changed > 10,
            "{preset}: {} {changed}",
            small.len()
        );
        let (second, _) = write(moved);
        for ((name, one), (_, two)) in first.iter().zip(&second) {
            assert!(one == two, "{preset}: {name} tells withheld counts apart");
        }
    }
}

#[test]
fn tables_and_totals_give_no_withheld_count() {
    let result = analysed();
    let true_counts = &result.neighbourhoods.count;
    for preset in PUBLIC {
        let rules = rules(preset);
        let (minimum, base) = rules.figures();
        let published = result.publish(&rules).unwrap();
        let folder = tempfile::tempdir().unwrap();
        published.write(folder.path(), Language::English).unwrap();
        let features = json(&folder.path().join("neighbourhoods.geojson"));
        let run = json(&folder.path().join("run.json"));
        let features = features["features"].as_array().unwrap();
        let of = |i: usize, name: &str| features[i]["properties"][name].clone();
        let number = |i: usize, name: &str| of(i, name).as_f64();
        let n = features.len();
        let mut withheld = Vec::new();
        let (mut least, mut most) = (0.0, 0.0);
        for (i, &counted) in true_counts.iter().enumerate() {
            let (low, high) = (number(i, "count_low").unwrap(), number(i, "count_high"));
            let count = counted as f64;
            assert!(
                low <= count && high.is_none_or(|h| count <= h),
                "{preset} {i}"
            );
            if of(i, "count_state") == "withheld" {
                withheld.push(i);
                least += low;
                for name in [
                    "count",
                    "rate",
                    "rate_smoothed",
                    "rate_ratio",
                    "rate_p",
                    "change",
                    "gi_z",
                    "density_mean",
                    "density_peak",
                    "emerging_category",
                ] {
                    assert!(of(i, name).is_null(), "{preset} {i} {name}");
                }
                assert!(of(i, "reason").as_str().unwrap().starts_with("Not shown"));
                assert!(
                    high.is_none_or(|h| h - low >= minimum as f64),
                    "{preset} {i}"
                );
            } else {
                let value = number(i, "count").unwrap();
                assert_eq!(value % base as f64, 0.0);
                assert!(counted >= minimum || value == 0.0, "{preset} {i}");
                least += low;
                most += high.unwrap();
                // The rate times the people is the published count, not the true one.
                if let Some(rate) = number(i, "rate") {
                    let back = rate * number(i, "population").unwrap() / 1000.0;
                    assert!((back - value).abs() < 1e-6, "{preset} {i} {back}");
                }
            }
        }
        assert!(withheld.len() > 50, "{preset}: {}", withheld.len());
        // The total less everything published leaves each withheld count wide open.
        let total = run["themes"][0]["city"]["count"].as_f64().unwrap();
        assert_eq!(total % base as f64, 0.0);
        for &i in &withheld {
            let low = number(i, "count_low").unwrap();
            let room = total + (base - 1) as f64 - (least - low);
            assert!(room - low >= minimum as f64, "{preset} {i}");
            // Its interval of the rate is that of the ends anyone can work out.
            if let (Some(rate), Some(people)) = (number(i, "rate_low"), number(i, "population")) {
                let plain = Rates::new().run(&[low as i64], &[people]).unwrap();
                assert!((rate - plain.low[0]).abs() < 1e-9);
            }
        }
        assert!(most > 0.0);
        for name in ["rows_in", "rows_used", "rows_rejected"] {
            assert!(run[name].is_null());
        }
        for name in ["rows_selected", "rows_counted", "rows_outside"] {
            assert!(run["themes"][0][name].is_null());
        }
        assert!(
            run["inputs"]
                .as_array()
                .unwrap()
                .iter()
                .all(|f| f.get("rows_in").is_none())
        );
        assert_eq!(run["themes"][0]["disclosure"]["withheld"], withheld.len());
        csv_and_geojson_agree(folder.path(), n);
    }
}

fn csv_and_geojson_agree(folder: &Path, n: usize) {
    let mut rows = csv::Reader::from_path(folder.join("neighbourhoods.csv")).unwrap();
    let head = rows.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|h| h == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), n);
    for row in rows {
        let withheld = &row[place("count_state")] == "withheld";
        assert_eq!(row[place("count")].is_empty(), withheld);
        assert_eq!(
            row[place("rate")].is_empty(),
            withheld || row[place("population")].is_empty()
        );
    }
}

#[test]
fn the_page_shows_withheld_as_a_state_of_its_own() {
    let result = analysed();
    for preset in PUBLIC {
        let published = result.publish(&rules(preset)).unwrap();
        let page = published.to_html(Language::Dutch).unwrap();
        let n = published.result().protection.as_ref().unwrap().withheld();
        assert!(page.contains(&format!(
            "Van {n} van de 240 buurten is het aantal niet getoond."
        )));
        assert!(page.contains(&format!("Regel {preset}")));
        assert!(!page.contains("niet publiceren"));
        let protection = published.result().protection.as_ref().unwrap();
        let before = protection.baseline_states.as_ref().unwrap();
        for (i, before) in before.iter().enumerate() {
            let area = page
                .split(&format!("<use href=\"#m0a{i}\" class=\""))
                .nth(1)
                .unwrap();
            let area = area.split("</use>").next().unwrap();
            let hidden = published.result().is_withheld(i);
            assert!(!hidden || area.starts_with("kx rx"), "{preset} {i} {area}");
            assert_eq!(area.contains("niet getoond"), hidden, "{preset} {i} {area}");
            let row = page.split(&format!("<tr data-i=\"{i}\"")).nth(1).unwrap();
            let row = row.split("</tr>").next().unwrap();
            let either = hidden || before.is_withheld();
            assert_eq!(row.contains("niet getoond"), either, "{preset} {i}");
        }
        // No figures of cells.
        let data = page
            .split("id=\"data\">")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert!(data["themes"][0]["cells"].is_null());
    }
    let internal = result.publish(&Disclosure::internal()).unwrap();
    let page = internal.to_html(Language::Dutch).unwrap();
    assert!(internal.is_internal() && page.contains("Intern – niet publiceren"));
    assert!(!page.contains("Wat niet is getoond"));
}

#[test]
fn the_raster_holds_ends_of_classes_and_no_peak() {
    let result = analysed();
    for preset in PUBLIC {
        let published = result.publish(&rules(preset)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        published.write(folder.path(), Language::Dutch).unwrap();
        let file = std::fs::File::open(folder.path().join("density.tif")).unwrap();
        let mut tiff = tiff::decoder::Decoder::new(std::io::BufReader::new(file)).unwrap();
        let values: Vec<f64> = match tiff.read_image().unwrap() {
            tiff::decoder::DecodingResult::F32(v) => v.into_iter().map(f64::from).collect(),
            tiff::decoder::DecodingResult::F64(v) => v,
            other => panic!("{other:?}"),
        };
        let mut levels: Vec<f64> = values
            .into_iter()
            .filter(|v| v.is_finite() && *v > 0.0)
            .collect();
        levels.sort_unstable_by(f64::total_cmp);
        let shown = levels.len();
        levels.dedup();
        assert!(
            shown > 100 && levels.len() <= 6,
            "{preset}: {shown} {levels:?}"
        );
        let surface = published.result().surface.as_ref().unwrap();
        assert!(surface.grid().cell_size() >= 100.0 && surface.bandwidth() >= 200.0);
        let cells = published.result().cells.as_ref().unwrap();
        assert!(cells.count.is_empty() && cells.hotspot_class.iter().all(|c| *c == 2));
    }
}

#[test]
fn crossing_releases_are_audited_together() {
    let (incidents, areas) = city();
    let workers = Workers::new(2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.json");
    let zone = brandpunt::Zone::amsterdam();
    let mut seen = Vec::new();
    for (from, to) in [("2023-01-01", "2024-01-01"), ("2023-07-01", "2024-07-01")] {
        let period =
            brandpunt::Period::days(from.parse().unwrap(), to.parse().unwrap(), &zone).unwrap();
        let result = HotspotAnalysis::new(Theme::youth_nuisance())
            .period(period)
            .run_with(&incidents, &areas, &workers)
            .unwrap();
        let mut ledger = Ledger::open(&path).unwrap();
        let rules = Disclosure::cbs5();
        let published = Published::all(&[result], &rules, &mut ledger, &workers).unwrap();
        seen.push(
            published[0]
                .result()
                .protection
                .as_ref()
                .unwrap()
                .states
                .clone(),
        );
    }
    assert_eq!(Ledger::open(&path).unwrap().releases().len(), 2);
    for state in seen.concat() {
        if let State::Withheld {
            low,
            high: Some(high),
            ..
        } = state
        {
            assert!(high - low >= 5);
        }
    }
}

#[test]
fn what_may_not_be_published_is_refused_with_the_remedy() {
    let (incidents, areas) = city();
    let workers = Workers::new(2).unwrap();
    let analysis = || HotspotAnalysis::new(Theme::youth_nuisance());
    let refused = |result: &HotspotResult, preset: &str| {
        let error = result.publish(&rules(preset)).unwrap_err();
        assert!(matches!(error, Error::Disclosure { .. }), "{error}");
        error.to_string()
    };
    let narrow = analysis()
        .bandwidth(150.0)
        .run_with(&incidents, &areas, &workers)
        .unwrap();
    assert!(refused(&narrow, "cbs5").contains("200 m"));
    let small = analysis()
        .cell_size(50.0)
        .run_with(&incidents, &areas, &workers)
        .unwrap();
    assert!(refused(&small, "cbs5").contains("100 m"));
    let counts = Counts::per_area(vec![20; areas.len()]).unwrap();
    let counted = analysis().run_counts(&counts, &areas, &workers).unwrap();
    assert!(refused(&counted, "police8").contains("cbs5"));
    let once = counted.publish(&rules("cbs5")).unwrap();
    assert!(refused(once.result(), "cbs5").contains("already"));
    let table = report::columns(&once, Language::English).unwrap();
    assert!(
        table
            .columns()
            .iter()
            .any(|(name, _)| name == "count_state")
    );
}
