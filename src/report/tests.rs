//! The page, the table and the summary of a made-up city.

use std::sync::Arc;

use geo_types::{LineString, MultiPolygon, Polygon};
use ndarray::Array2;

use super::{html, summary, terminal_table, write_html};
use crate::analysis::{
    CellTable, City, History, HotspotResult, InputFile, Language, NeighbourhoodTable, PeopleFrom,
    Provenance, Published, Reason,
};
use crate::methods::density::{Kernel, Surface};
use crate::methods::emerging::{Category, MannKendall};
use crate::methods::local::Inference;
use crate::model::{
    Bounds, Crs, Grid, Neighbourhoods, Period, Step, Theme, Times, Warning, WarningCode, Zone,
};
use crate::publish::Disclosure;

const COLS: usize = 9;
const ROWS: usize = 7;
const SIDE: f64 = 900.0;
const WEST: f64 = 140_000.0;
const SOUTH: f64 = 482_000.0;

const NAMES: [&str; 21] = [
    "Centrum",
    "Waterwijk",
    "Kruidenwijk",
    "Staatsliedenwijk",
    "Stedenwijk",
    "Filmwijk",
    "Muziekwijk",
    "Tussen de Vaarten",
    "Verzetswijk",
    "Literatuurwijk",
    "De Wierden",
    "De Werven",
    "De Hoven",
    "De Marken",
    "De Grienden",
    "Bloemenbuurt",
    "Regenboogbuurt",
    "Eilandenbuurt",
    "Seizoenenbuurt",
    "Stripheldenbuurt",
    "Faunabuurt",
];

/// A result as the analyst sees it.
fn desk(result: &HotspotResult) -> Published {
    result.publish(&Disclosure::internal()).unwrap()
}

/// A number from 0 to 1 that depends on nothing but `n`.
fn chance(n: u64) -> f64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) as f64 / u64::MAX as f64
}

fn corner(row: usize, col: usize) -> (f64, f64) {
    let n = (row * 100 + col) as u64;
    let shift = |k: u64| (chance(n * 7 + k) - 0.5) * 0.55 * SIDE;
    (
        WEST + col as f64 * SIDE + shift(1),
        SOUTH + row as f64 * SIDE + shift(2),
    )
}

/// A border between two corners, bent the same way from both sides.
fn border(from: (usize, usize), to: (usize, usize)) -> Vec<(f64, f64)> {
    let (first, last, turned) = if from <= to {
        (from, to, false)
    } else {
        (to, from, true)
    };
    let (a, b) = (corner(first.0, first.1), corner(last.0, last.1));
    let seed = (first.0 * 1_000 + first.1 * 31 + last.0 * 7 + last.1) as u64;
    let mut line: Vec<(f64, f64)> = (0..12)
        .map(|i| {
            let t = f64::from(i) / 12.0;
            let bend = if i == 0 {
                0.0
            } else {
                (chance(seed * 97 + i as u64) - 0.5) * 60.0
            };
            (a.0 + (b.0 - a.0) * t + bend, a.1 + (b.1 - a.1) * t - bend)
        })
        .collect();
    line.push(b);
    if turned {
        line.reverse();
    }
    line.pop();
    line
}

fn areas(names: &[String]) -> Neighbourhoods {
    let shapes = (0..ROWS * COLS)
        .map(|i| {
            let (r, c) = (i / COLS, i % COLS);
            let ring: Vec<(f64, f64)> = [
                ((r, c), (r, c + 1)),
                ((r, c + 1), (r + 1, c + 1)),
                ((r + 1, c + 1), (r + 1, c)),
                ((r + 1, c), (r, c)),
            ]
            .into_iter()
            .flat_map(|(from, to)| border(from, to))
            .collect();
            let mut ring = LineString::from(ring);
            ring.close();
            MultiPolygon::new(vec![Polygon::new(ring, vec![])])
        })
        .collect();
    let codes = (0..names.len()).map(|i| format!("BU0034{i:04}")).collect();
    Neighbourhoods::new(codes, names.to_vec(), shapes, Crs::RD_NEW).unwrap()
}

fn heat(x: f64, y: f64) -> f64 {
    let bump = |cx: f64, cy: f64, size: f64| {
        let (dx, dy) = ((x - WEST) / SIDE - cx, (y - SOUTH) / SIDE - cy);
        (-(dx * dx + dy * dy) / size).exp()
    };
    3.0 * bump(2.4, 4.6, 1.4) + 1.2 * bump(7.1, 1.6, 0.5) - 0.6 * bump(6.5, 5.5, 2.0)
}

/// A city of 63 neighbourhoods with two clusters, one of them small, and a quiet corner.
fn sample(theme: Theme) -> HotspotResult {
    let names: Vec<String> = (0..ROWS * COLS)
        .map(|i| {
            let name = NAMES[i % NAMES.len()];
            match i / NAMES.len() {
                0 => name.to_owned(),
                1 => format!("{name} Oost"),
                _ => format!("{name} Buiten"),
            }
        })
        .collect();
    sample_named(theme, &names)
}

fn sample_named(theme: Theme, names: &[String]) -> HotspotResult {
    let areas = Arc::new(areas(names));
    let salt = theme.name().len() as u64;
    let table = sample_table(&areas, names, salt);
    let (surface, cells) = raster_over(areas.bounds(), 100.0, salt);
    let count = table.count.iter().sum();
    HotspotResult {
        theme,
        people: people(),
        period: Some(year(2022)),
        baseline: Some(year(2017)),
        areas,
        neighbourhoods: table,
        cells: Some(cells),
        surface: Some(surface),
        history: None,
        nature: None,
        target: None,
        districts: None,
        years: None,
        stability: None,
        clusters: None,
        near_repeat: None,
        city: city(count),
        warnings: warnings(),
        provenance: provenance(count),
        protection: None,
        made: None,
    }
}

fn sample_table(areas: &Neighbourhoods, names: &[String], salt: u64) -> NeighbourhoodTable {
    let mut table = NeighbourhoodTable {
        code: areas.codes().to_vec(),
        name: names.to_vec(),
        ..NeighbourhoodTable::default()
    };
    for i in 0..names.len() {
        let x = WEST + ((i % COLS) as f64 + 0.5) * SIDE;
        let y = SOUTH + ((i / COLS) as f64 + 0.5) * SIDE;
        let unpublished = i % 17 == 16;
        let people = if unpublished {
            f64::NAN
        } else {
            (chance(i as u64 + 5) * 7_000.0).round() + 80.0
        };
        let heat = heat(x, y);
        let count = ((people.max(400.0) / 1000.0)
            * (4.0 + 3.5 * heat)
            * (0.7 + 0.6 * chance(i as u64 * 3 + salt)))
        .round();
        let rate = count / people * 1000.0;
        let spread = 1.96 * count.sqrt() / people * 1000.0;
        table.count.push(count as i64);
        table.population.push(people);
        table.rate.push(rate);
        table.rate_low.push((rate - spread).max(0.0));
        table.rate_high.push(rate + spread);
        table.rate_smoothed.push(rate * 0.9 + 0.5);
        let ratio = rate / 5.6;
        table.rate_ratio.push(ratio);
        let p = if unpublished {
            f64::NAN
        } else {
            (-(ratio.ln() * count.sqrt()).powi(2) / 2.0).exp()
        };
        table.rate_p.push(p);
        table.rate_q.push((p * 3.0).clamp(0.0, 1.0));
        let before = (count * (0.8 + 0.5 * chance(i as u64 + 99))).round();
        table.baseline_rate.push(before / people * 1000.0);
        let change = if before > 0.0 && !unpublished {
            count / before
        } else {
            f64::NAN
        };
        table.change.push(change);
        table.change_low.push(change * 0.7);
        table.change_high.push(change * 1.4);
        let q = change.mul_add(0.0, chance(i as u64 + 1_000));
        table.change_q.push(q);
        table.density_mean.push(count / 0.8);
        table.density_peak.push(count / 0.3);
        let z = if unpublished {
            f64::NAN
        } else {
            heat * 1.9 + chance(i as u64) - 0.5
        };
        let q = (-z * z / 2.0).exp();
        table.gi_z.push(z);
        table.gi_p.push(q / 3.0);
        table.gi_q.push(q);
        table.hotspot_class.push(class(z, q));
        table.emerging_category.push(None);
        table.reason.push(Reason {
            class: table.hotspot_class[i],
            gi_q: q,
            count: table.count[i],
            rate: (rate, (rate - spread).max(0.0), rate + spread),
            ratio,
            ratio_q: table.rate_q[i],
            per: 1_000.0,
            withheld: false,
        });
    }
    table.rank = ranks(&table);
    table
}

fn year(year: i16) -> Period {
    Period::year(year, &Zone::amsterdam()).unwrap()
}

fn people() -> Vec<(i16, PeopleFrom)> {
    vec![
        (2017, PeopleFrom::Year(2018)),
        (2022, PeopleFrom::Year(2022)),
    ]
}

fn class(z: f64, q: f64) -> i8 {
    let size = match q {
        ..=0.01 => 3,
        ..=0.05 => 2,
        ..=0.1 => 1,
        _ => 0,
    };
    if z < 0.0 { -size } else { size }
}

fn ranks(table: &NeighbourhoodTable) -> Vec<u32> {
    let mut order: Vec<usize> = (0..table.len()).collect();
    order.sort_by(|&a, &b| {
        table.hotspot_class[b].cmp(&table.hotspot_class[a]).then(
            table.rate_smoothed[b]
                .max(0.0)
                .total_cmp(&table.rate_smoothed[a].max(0.0)),
        )
    });
    let mut rank = vec![0; order.len()];
    for (place, &i) in order.iter().enumerate() {
        rank[i] = place as u32 + 1;
    }
    rank
}

fn city(count: i64) -> City {
    City {
        count,
        population: 214_000.0,
        rate: 6.03,
        rate_low: 5.71,
        rate_high: 6.37,
        baseline_rate: 6.7,
        change: 0.9,
        change_low: 0.84,
        change_high: 0.97,
        change_p: 0.004,
        moran: 0.41,
        moran_p: 0.0002,
        dispersion: 7.31,
    }
}

fn warnings() -> Vec<Warning> {
    vec![
        Warning::with_value(
            WarningCode::Overdispersion,
            7.31,
            "The counts vary 7.3 times as much as chance alone would make them.",
        ),
        Warning::with_value(
            WarningCode::MissingPopulation,
            3.0,
            "3 of 63 areas have no published population and so no rate.",
        ),
        Warning::new(
            WarningCode::AreaVintage,
            "It is not known which year's area division this is.",
        ),
    ]
}

fn provenance(count: i64) -> Provenance {
    Provenance {
        version: "0.1.0".into(),
        parameters: [
            ("theme", "youth_nuisance"),
            ("level", "0.05"),
            ("bandwidth", "300"),
            ("cell_size", "100"),
        ]
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .to_vec(),
        seed: 0,
        rows_in: 12_345,
        rows_rejected: 12,
        rows_selected: count as u64 + 9,
        rows_outside: 9,
        inputs: vec![InputFile::new(
            "meldingen.csv".into(),
            "ab".repeat(32),
            12_345,
            12,
        )],
    }
}

fn raster_over(bounds: Bounds, size: f64, salt: u64) -> (Surface, CellTable) {
    let grid = Grid::covering(bounds, size, Crs::RD_NEW).unwrap();
    let at = |r: usize, c: usize| {
        let (x, y) = grid.centre(r, c);
        (heat(x, y) - 0.1).max(0.0) * 30.0 + 4.0 * chance((r * 1_000 + c) as u64 + salt)
    };
    let values = Array2::from_shape_fn((grid.rows(), grid.cols()), |(r, c)| at(r, c));
    let mut cells = CellTable {
        grid: grid.clone(),
        row: vec![],
        col: vec![],
        count: vec![],
        density: vec![],
        gi_z: vec![],
        gi_p: vec![],
        gi_q: vec![],
        hotspot_class: vec![],
    };
    for row in 0..grid.rows() {
        for col in 0..grid.cols() {
            let (x, y) = grid.centre(row, col);
            let z = heat(x, y) * 2.4 - 0.4;
            cells.row.push(row as u32);
            cells.col.push(col as u32);
            cells.count.push((at(row, col) / 30.0) as i64);
            cells.density.push(at(row, col));
            cells.gi_z.push(z);
            let q = (-z * z / 2.0).exp();
            cells.gi_p.push(q / 4.0);
            cells.gi_q.push(q);
            cells.hotspot_class.push(class(z, q));
        }
    }
    (
        Surface::new(grid, values, Kernel::Quartic, 300.0).unwrap(),
        cells,
    )
}

fn both() -> [HotspotResult; 2] {
    let mut results = [
        sample(Theme::youth_nuisance()),
        sample(Theme::housing_nuisance()),
    ];
    results[1].areas = results[0].areas.clone();
    results
}

#[test]
fn a_page_is_whole_and_small() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::Dutch, Language::English] {
        let path = folder.path().join("report.html");
        write_html(
            &path,
            &both().iter().map(desk).collect::<Vec<_>>(),
            language,
        )
        .unwrap();
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(page.ends_with("</html>\n"));
        assert!(page.len() < 3_000_000, "{}", page.len());
        let shown = page.split("<script>").next().unwrap();
        assert!(
            !shown.contains("{{") && !shown.contains("NaN"),
            "{language:?}"
        );
        assert_eq!(page.matches("<path id=\"m0a").count(), ROWS * COLS);
        assert!(!page.contains("id=\"m1\""), "one map for both themes");
    }
    assert!(html(&[], Language::Dutch).is_err());
}

/// Every text of the Big List of Naughty Strings, when it is there, and some of our own.
fn hostile() -> Vec<String> {
    let mut out: Vec<String> = [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)",
        "{{script}} ${alert(1)} `x`",
        "]]> --> <!-- <![CDATA[",
        "\u{1b}[31mred\u{1b}[0m\u{7}",
        "\u{202e}gnp.exe\u{2066}",
        "a\u{0}b\u{2028}c\u{2029}d\re\nf\tg",
        "=HYPERLINK(\"http://example.com\")",
        "| a | b |",
        "",
        "   ",
    ]
    .map(str::to_owned)
    .to_vec();
    out.push("A".repeat(200_000));
    let list = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpora/strings/blns/blns.json"
    );
    match std::fs::read_to_string(list) {
        Ok(text) => out.extend(serde_json::from_str::<Vec<String>>(&text).unwrap()),
        Err(_) => println!("skipped: {list} is not there; own strings only"),
    }
    out
}

#[test]
fn hostile_names_stay_text() {
    let clean = sample(Theme::all());
    let tags = |page: &str| {
        [
            "<script", "</script", "<img", "<iframe", "<svg", "<a ", "<style", "<input", "<!--",
        ]
        .map(|tag| page.to_lowercase().matches(tag).count())
    };
    let wanted = tags(&desk(&clean).to_html(Language::Dutch).unwrap());
    let names = hostile();
    for chunk in names.chunks(ROWS * COLS) {
        let mut names = chunk.to_vec();
        names.resize(ROWS * COLS, "Centrum".to_owned());
        let mut result = sample_named(Theme::all(), &names);
        // Codes are hostile too, and the table's, not the areas', are shown.
        result.neighbourhoods.code.clone_from(&names);
        let page = desk(&result).to_html(Language::Dutch).unwrap();
        assert_eq!(tags(&page), wanted, "{chunk:?}");
        let rows = page
            .split("<tbody>")
            .nth(1)
            .unwrap()
            .split("</tbody>")
            .next()
            .unwrap();
        assert!(!rows.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{2028}', '\u{7}']));
        assert!(page.len() < 3_000_000);

        for (width, language) in [(80, Language::Dutch), (200, Language::English)] {
            let table = terminal_table(&result, names.len(), width, language);
            assert!(!table.chars().any(|c| c.is_control() && c != '\n'));
            assert!(!table.contains(['\u{202e}', '\u{2066}', '\u{2028}', '\u{200f}']));
        }
        let text = summary(&result, Language::English);
        assert!(!text.contains("<script") && !text.contains("<img"));
    }
}

#[test]
fn a_hostile_theme_period_warning_or_file_name_stays_text() {
    let evil = "</title><script>alert('x')</script>\u{202e}";
    let mut result = sample(Theme::new(evil, ["E35"]).exposure(evil));
    result.warnings.push(Warning::new(WarningCode::Input, evil));
    result
        .provenance
        .parameters
        .push((evil.into(), evil.into()));
    result.provenance.inputs[0].name = evil.into();
    result.provenance.version = evil.into();
    for period in [&mut result.period, &mut result.baseline] {
        period.as_mut().unwrap().label = evil.into();
    }
    for language in [Language::Dutch, Language::English] {
        let page = desk(&result).to_html(language).unwrap();
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</title><script").count(), 0);
        assert!(!page.contains('\u{202e}'));
        assert!(!terminal_table(&result, 5, 100, language).contains('\u{202e}'));
        assert!(!summary(&result, language).contains("<script"));
    }
}

/// The bytes of the page between a tag and its end.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

#[test]
fn the_policy_allows_just_this_script_and_style() {
    use sha2::Digest;
    let page = desk(&sample(Theme::all()))
        .to_html(Language::English)
        .unwrap();
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\">");
    assert!(policy.starts_with("default-src 'none';"));
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    for (kind, text) in [
        ("script-src", between(&page, "<script>", "</script>")),
        ("style-src", between(&page, "<style>", "</style>")),
    ] {
        let hash = super::base64::base64(&sha2::Sha256::digest(text.as_bytes()));
        assert!(
            policy.contains(&format!("{kind} 'sha256-{hash}'")),
            "{kind}"
        );
    }
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
    for link in page.split("href=\"").skip(1) {
        assert!(
            link.starts_with('#') || link.starts_with("data:image/png;base64,"),
            "{}",
            &link[..30]
        );
    }
}

#[test]
fn the_data_of_the_page_are_json_and_fit_the_cells() {
    let result = sample(Theme::all());
    let page = desk(&result).to_html(Language::English).unwrap();
    let text = between(&page, "type=\"application/json\" id=\"data\">", "</script>");
    let data: serde_json::Value = serde_json::from_str(text).unwrap();
    let packed = &data["themes"][0]["cells"];
    let cells = result.cells.as_ref().unwrap();
    assert_eq!(packed["step"].as_array().unwrap().len(), cells.len());
    assert_eq!(packed["kind"].as_str().unwrap().len(), cells.len());
    let last: i64 = packed["step"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_i64().unwrap())
        .sum();
    assert_eq!(last as usize, cells.grid.len() - 1);
}

#[test]
fn counts_by_area_without_populations_still_make_a_report() {
    let mut result = sample(Theme::housing_nuisance());
    result.cells = None;
    result.surface = None;
    result.baseline = None;
    result.period = None;
    let n = result.neighbourhoods.len();
    let table = &mut result.neighbourhoods;
    for column in [
        &mut table.population,
        &mut table.rate,
        &mut table.rate_low,
        &mut table.rate_high,
        &mut table.rate_smoothed,
        &mut table.rate_ratio,
        &mut table.rate_p,
        &mut table.rate_q,
        &mut table.change,
        &mut table.gi_z,
        &mut table.gi_p,
        &mut table.gi_q,
        &mut table.density_mean,
        &mut table.density_peak,
    ] {
        *column = vec![f64::NAN; n];
    }
    result.city = City {
        count: 1_218,
        population: f64::NAN,
        rate: f64::NAN,
        moran: f64::NAN,
        dispersion: f64::NAN,
        ..City::default()
    };
    let page = desk(&result).to_html(Language::English).unwrap();
    assert!(page.contains("cannot be told from these data"));
    assert!(page.contains("no population published"));
    assert!(!page.contains("<image"));
    let shown = page.split("<script>").next().unwrap();
    assert!(!shown.contains("NaN") && !shown.contains("inf<"));
    let table = terminal_table(&result, 3, 100, Language::English);
    assert!(
        table.contains("1,218 reports") && !table.contains("NaN"),
        "{table}"
    );
    assert!(!summary(&result, Language::Dutch).contains("NaN"));
}

#[test]
fn areas_in_degrees_are_drawn_in_the_metres_of_the_surface() {
    let mut result = sample(Theme::all());
    let metres = desk(&result).to_html(Language::Dutch).unwrap();
    result.areas = Arc::new(result.areas.to_crs(Crs::WGS84).unwrap());
    let degrees = desk(&result).to_html(Language::Dutch).unwrap();
    assert!(degrees.contains("<image class=\"raster density\""));
    let path = |page: &str| between(page, "id=\"m0a0\"", "\"/>").len();
    let (a, b) = (path(&metres), path(&degrees));
    assert!(a.abs_diff(b) < 20, "{a} {b}");
    result.surface = None;
    result.cells = None;
    assert!(
        desk(&result)
            .to_html(Language::Dutch)
            .unwrap()
            .contains("id=\"m0a62\"")
    );
}

#[test]
fn a_large_city_stays_under_three_megabytes() {
    let names: Vec<String> = (0..ROWS * COLS).map(|i| format!("Buurt {i}")).collect();
    let mut result = sample_named(Theme::all(), &names);
    // 300 neighbourhoods of 700 corners, 40,000 cells.
    let ring = |i: usize| {
        let (x, y) = (
            140_000.0 + (i % 20) as f64 * 800.0,
            480_000.0 + (i / 20) as f64 * 800.0,
        );
        let corners: Vec<(f64, f64)> = (0..700)
            .map(|k| {
                let t = k as f64 / 700.0 * std::f64::consts::TAU;
                let r = 380.0 + 20.0 * chance((i * 700 + k) as u64);
                (x + r * t.cos(), y + r * t.sin())
            })
            .collect();
        MultiPolygon::new(vec![Polygon::new(corners.into(), vec![])])
    };
    let codes: Vec<String> = (0..300).map(|i| format!("BU{i:08}")).collect();
    result.areas = Arc::new(
        Neighbourhoods::new(
            codes.clone(),
            codes.clone(),
            (0..300).map(ring).collect(),
            Crs::RD_NEW,
        )
        .unwrap(),
    );
    let table = &mut result.neighbourhoods;
    let long = |column: &mut Vec<f64>| {
        *column = column.iter().copied().cycle().take(300).collect();
    };
    for column in [
        &mut table.population,
        &mut table.rate,
        &mut table.rate_low,
        &mut table.rate_high,
        &mut table.rate_smoothed,
        &mut table.rate_ratio,
        &mut table.rate_p,
        &mut table.rate_q,
        &mut table.baseline_rate,
        &mut table.change,
        &mut table.change_low,
        &mut table.change_high,
        &mut table.change_q,
        &mut table.density_mean,
        &mut table.density_peak,
        &mut table.gi_z,
        &mut table.gi_p,
        &mut table.gi_q,
    ] {
        long(column);
    }
    table.count = table.count.iter().copied().cycle().take(300).collect();
    table.hotspot_class = table
        .hotspot_class
        .iter()
        .copied()
        .cycle()
        .take(300)
        .collect();
    table.code.clone_from(&codes);
    table.name = codes;
    table.rank = (1..=300).collect();
    table.reason = vec![Reason::default(); 300];
    let (surface, cells) = raster_over(result.areas.bounds(), 65.0, 1);
    assert!(cells.len() > 40_000, "{}", cells.len());
    result.surface = Some(surface);
    result.cells = Some(cells);
    let size = desk(&result).to_html(Language::Dutch).unwrap().len();
    assert!((1_000_000..3_000_000).contains(&size), "{size}");
}

#[test]
fn terminal_table_for_people() {
    let result = sample(Theme::youth_nuisance());
    insta::assert_snapshot!(
        "terminal_wide",
        terminal_table(&result, 8, 160, Language::English)
    );
    insta::assert_snapshot!(
        "terminal_narrow",
        terminal_table(&result, 8, 80, Language::Dutch)
    );
    for width in [60, 80, 100, 120] {
        for line in terminal_table(&result, 63, width, Language::Dutch).lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn summary_for_notebooks() {
    let result = sample(Theme::youth_nuisance());
    insta::assert_snapshot!("summary_dutch", summary(&result, Language::Dutch));
    insta::assert_snapshot!("summary_english", summary(&result, Language::English));
}

/// The sample with twelve quarters of history, in which the first neighbourhood gets hot.
fn with_history() -> HotspotResult {
    let mut result = sample(Theme::youth_nuisance());
    let n = result.neighbourhoods.len();
    let zone = Zone::amsterdam();
    let span = Times::from_utc_seconds(vec![1_546_400_000, 1_640_900_000], zone);
    let periods = Period::steps(&span, Step::Quarter);
    let steps = periods.len();
    let mut category = vec![Some(Category::NoPattern); n];
    (category[0], category[1]) = (Some(Category::ConsecutiveHot), None);
    let sign = Array2::from_shape_fn((n, steps), |(i, t)| i8::from(i == 0 && t + 3 > steps));
    let trend = MannKendall::new().run(&[1.0, 3.0, 2.0]).unwrap();
    result.neighbourhoods.emerging_category =
        category.iter().map(|c| c.map(Category::name)).collect();
    result.history = Some(History {
        step: Step::Quarter,
        look_back: 1,
        periods,
        count: Array2::from_shape_fn((n, steps), |(i, t)| ((i + t) % 7) as i64),
        hot_steps: sign.rows().into_iter().map(|r| r.sum() as usize).collect(),
        cold_steps: vec![0; n],
        sign,
        category,
        trend: vec![trend; n],
        inference: Inference::Exposure,
    });
    result
}

#[test]
fn a_history_is_in_the_page_the_terminal_and_the_columns() {
    let result = with_history();
    let page = desk(&result).to_html(Language::Dutch).unwrap();
    assert_eq!(
        page.matches("<svg class=\"spark\"").count(),
        result.neighbourhoods.len()
    );
    assert_eq!(page.matches("<path class=\"h\"").count(), 1);
    assert!(page.contains("Over 12 kwartalen: doorlopende hotspot (1)."));
    assert!(page.contains("geen bevolkingscijfer, of niet getoetst in de laatste stap"));
    let english = desk(&result).to_html(Language::English).unwrap();
    assert!(english.contains("Over 12 quarters: consecutive hot spot (1)."));

    let wide = terminal_table(&result, 63, 190, Language::English);
    assert!(wide.contains("Pattern") && wide.contains("consecutive hot spot"));
    let narrow = terminal_table(&result, 63, 80, Language::English);
    assert!(!narrow.contains("Pattern"));
    assert!(narrow.lines().all(|l| l.chars().count() <= 80));

    let without = desk(&sample(Theme::youth_nuisance()))
        .to_html(Language::Dutch)
        .unwrap();
    assert!(!without.contains("<svg class=\"spark\"") && !without.contains("Patroon"));
}

#[test]
fn the_page_says_what_became_of_the_neighbourhoods() {
    let mut result = sample(Theme::youth_nuisance());
    let n = result.neighbourhoods.len();
    let table = &mut result.neighbourhoods;
    table.change = vec![1.0; n];
    table.change_q = vec![0.9; n];
    (table.change[0], table.change_q[0]) = (0.5, 0.01);
    (table.change[1], table.change_q[1]) = (1.25, 0.04);
    // Nothing in 2017: there is no ratio, but there is more.
    (table.change[2], table.change_q[2]) = (f64::NAN, 0.001);
    (table.change[3], table.change_q[3]) = (f64::NAN, f64::NAN);
    (result.city.change, result.city.change_p) = (0.8, 0.001);
    let page = desk(&result).to_html(Language::Dutch).unwrap();
    for said in [
        "<p class=\"lead\">Minder meldingen per 1.000 inwoners dan in 2017 (−20%). ",
        "<b>1</b> duidelijk lager",
        "<b>2</b> duidelijk hoger",
        "<b>1</b> niet te zeggen",
        "Lager: Centrum (−50%).",
        "Waterwijk (+25%)",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains(&format!("<b>{}</b> geen duidelijke verandering", n - 4)));
    result.baseline = None;
    assert!(
        !desk(&result)
            .to_html(Language::Dutch)
            .unwrap()
            .contains("class=\"since\"")
    );
}
