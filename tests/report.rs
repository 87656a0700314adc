//! From incidents to a folder of files, as a user calls it.
#![cfg(all(feature = "report", feature = "raster"))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and says when it skips"
)]

use std::path::{Path, PathBuf};

use brandpunt::analysis::{HotspotAnalysis, HotspotResult, Language, Published};
use brandpunt::publish::Disclosure;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Counts, Theme, Workers, io, report};

/// A folder below the build directory, where the files of this test stay to be looked at.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn both_themes() -> Vec<HotspotResult> {
    let city = SyntheticCity::new(8_000)
        .seed(5)
        .neighbourhoods(60)
        .build()
        .unwrap();
    [Theme::youth_nuisance(), Theme::housing_nuisance()]
        .into_iter()
        .map(|theme| {
            HotspotAnalysis::new(theme)
                .baseline(2017)
                .run(&city.incidents, &city.neighbourhoods)
                .unwrap()
        })
        .collect()
}

fn internal(results: &[HotspotResult]) -> Vec<Published> {
    let publish = |r: &HotspotResult| r.publish(&Disclosure::internal()).unwrap();
    results.iter().map(publish).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut out: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    out.sort();
    out
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const COLUMNS: &str = "code,name,count,population,rate,rate_low,rate_high,rate_smoothed,\
    baseline_rate,change,change_low,change_high,change_q,density_mean,density_peak,gi_z,gi_p,gi_q,\
    hotspot_class,emerging_category,rank,reason,rate_ratio,rate_p,rate_q";

#[test]
fn a_result_fills_a_folder() {
    let temporary = tempfile::tempdir().unwrap();
    let result = both_themes().remove(0);
    internal(std::slice::from_ref(&result))[0]
        .write(temporary.path(), Language::English)
        .unwrap();
    assert_eq!(
        names(temporary.path()),
        [
            "density.tif",
            "neighbourhoods.csv",
            "neighbourhoods.geojson",
            "report.html",
            "run.json"
        ]
    );
    let csv = std::fs::read_to_string(temporary.path().join("neighbourhoods.csv")).unwrap();
    assert_eq!(csv.lines().next().unwrap(), COLUMNS);
    assert_eq!(csv.lines().count(), 61);
    let features = json(&temporary.path().join("neighbourhoods.geojson"));
    let features = features["features"].as_array().unwrap();
    assert_eq!(features.len(), 60);
    let first = &features[0]["properties"];
    assert_eq!(first["count"], result.neighbourhoods.count[0]);
    assert_eq!(
        first["reason"].as_str().unwrap(),
        result.neighbourhoods.reasons_in(Language::English)[0]
    );
    let run = json(&temporary.path().join("run.json"));
    let number = |name: &str| run[name].as_u64().unwrap();
    assert_eq!(
        number("rows_in"),
        number("rows_used") + number("rows_rejected")
    );
    assert_eq!(run["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run["parameters"]["level"], "0.05");
    assert_eq!(run["themes"][0]["city"]["count"], result.city.count);
}

#[test]
fn several_results_share_one_folder() {
    let out = folder("report-themes");
    let results = both_themes();
    report::write_all(&out, &internal(&results), Language::Dutch).unwrap();
    assert_eq!(
        names(&out),
        [
            "density-housing_nuisance.tif",
            "density-youth_nuisance.tif",
            "neighbourhoods.csv",
            "neighbourhoods.geojson",
            "report.html",
            "run.json"
        ]
    );
    let csv = std::fs::read_to_string(out.join("neighbourhoods.csv")).unwrap();
    assert_eq!(csv.lines().next().unwrap(), format!("theme,{COLUMNS}"));
    assert_eq!(csv.lines().count(), 121);
    assert_eq!(csv.matches("\r\nhousing_nuisance,").count(), 60);
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Woonoverlast") && page.contains("Jeugdoverlast"));
    assert!(page.len() < 3_000_000, "{}", page.len());
}

#[test]
fn the_same_result_gives_the_same_page() {
    let (one, two) = (both_themes(), both_themes());
    assert_eq!(
        report::html(&internal(&one), Language::Dutch).unwrap(),
        report::html(&internal(&two), Language::Dutch).unwrap()
    );
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

#[test]
fn breda_has_high_rates_but_no_hotspot() {
    let Some(path) = shared("nl/breda_buurten_nuisance_2022_wgs84.geojson") else {
        return;
    };
    let areas = io::NeighbourhoodReader::new()
        .code("buurtcode_gemeente")
        .name("buurt")
        .population("inwoners")
        .read(path)
        .unwrap();
    let counts = areas.column("jeugd").unwrap();
    let counts = counts.iter().map(|n| n.unwrap_or(0.0) as i64).collect();
    let workers = Workers::new(2).unwrap();
    let result = HotspotAnalysis::new(Theme::youth_nuisance())
        .run_counts(&Counts::per_area(counts).unwrap(), &areas, &workers)
        .unwrap();
    let out = folder("report-breda");
    internal(std::slice::from_ref(&result))[0]
        .write(&out, Language::Dutch)
        .unwrap();
    assert!(!names(&out).contains(&"density.tif".to_owned()));
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("<p class=\"lead\">Geen hotspots van jeugdoverlast"));
    assert!(page.contains("duidelijk boven de rest van de stad ligt: "));
    let table = report::terminal_table(&result, 10, 100, Language::Dutch);
    assert!(table.contains("888 meldingen"), "{table}");
}

#[test]
fn lancashire_fits_in_a_page() {
    let (Some(incidents), Some(wards)) = (
        shared("points/lancashire_asb_2022.csv.gz"),
        shared("points/lancashire_wards_population.gpkg"),
    ) else {
        return;
    };
    let areas = io::NeighbourhoodReader::new()
        .code("ward_code")
        .name("ward_name")
        .population("population")
        .read(wards)
        .unwrap();
    let incidents = io::IncidentReader::new()
        .x("x")
        .y("y")
        .time("month")
        .crs(areas.crs())
        .read(incidents)
        .unwrap();
    let result = HotspotAnalysis::new(Theme::all())
        .cell_size(500.0)
        .run(&incidents, &areas)
        .unwrap();
    let out = folder("report-lancashire");
    internal(std::slice::from_ref(&result))[0]
        .write(&out, Language::English)
        .unwrap();
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.len() < 3_000_000, "{}", page.len());
    assert!(page.contains("of 271 neighbourhoods are hotspots of reports: "));
}

#[test]
fn a_page_says_how_far_the_target_is_and_of_what_nature_each_hotspot_is() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let incidents = io::read_incidents(data.join("sample_incidents.csv")).unwrap();
    let areas = io::read_neighbourhoods(data.join("sample_neighbourhoods.geojson")).unwrap();
    let analyse = |share, year: Option<i16>| {
        HotspotAnalysis::new(Theme::youth_nuisance())
            .baseline(2017)
            .target(share, year)
            .run(&incidents, &areas)
            .unwrap()
    };
    let result = analyse(0.9, Some(2026));
    let page = report::html(&internal(std::slice::from_ref(&result)), Language::Dutch).unwrap();
    let target = page.split("class=\"target\"").nth(1).unwrap();
    let target = target.split("</section>").next().unwrap();
    for said in [
        "Doel: in 2026 hooguit",
        "10% minder dan in 2017",
        "Nu (2024):",
        "per jaar",
    ] {
        assert!(target.contains(said), "{said}: {target}");
    }
    assert!(page.contains("class=\"goal\""));
    let nature = result.nature.as_ref().unwrap();
    let first = &nature.by_area[0];
    let standouts = &result.neighbourhoods.rank;
    let least = nature
        .standouts
        .iter()
        .map(|&i| standouts[i])
        .min()
        .unwrap();
    assert_eq!(standouts[first.area], least);
    assert_eq!(nature.by_area.len(), nature.standouts.len());
    assert_eq!(
        page.matches("class=\"hours\"").count(),
        nature.by_area.len().min(5)
    );
    for area in &nature.by_area {
        for table in &area.tables {
            let here: u64 = table.count.iter().sum();
            assert!(here <= area.reports);
            let all = here + table.rest_count.iter().sum::<u64>();
            assert!(all <= result.neighbourhoods.count.iter().sum::<i64>() as u64);
        }
    }
    // What is published tells the target, from published counts, and no area with so few reports by itself.
    let published = result.publish(&Disclosure::cbs5()).unwrap();
    let own = published.result();
    assert!(
        own.nature
            .as_ref()
            .is_none_or(|nature| nature.by_area.is_empty())
    );
    let goal = own.target.as_ref().unwrap();
    assert!((goal.rate - 0.9 * own.city.baseline_rate).abs() < 1e-12);
    let page = published.to_html(Language::Dutch).unwrap();
    assert!(
        page.contains("de aard van de meldingen van één buurt per uur van de week of per seizoen")
    );
    assert!(page.contains("Op weg naar het doel") && !page.contains("class=\"hours\""));
    // The time is over: nothing is needed any more, and it was reached or not.
    let past = analyse(1.0, None);
    let page = report::html(&internal(&[past]), Language::English).unwrap();
    let target = page.split("class=\"target\"").nth(1).unwrap();
    let target = target.split("</section>").next().unwrap();
    assert!(
        target.contains("the rate of 2017") && !target.contains("Needed"),
        "{target}"
    );
}
