//! The page, the table and the summary of a made-up city.

use std::sync::Arc;

use geo_types::{LineString, MultiPolygon, Polygon};
use ndarray::Array2;

use super::{html, summary, terminal_table, write_html};
use crate::analysis::{
    CellTable, City, HotspotResult, InputFile, Language, NeighbourhoodTable, Provenance, Reason,
};
use crate::methods::density::{Kernel, Surface};
use crate::model::{Crs, Grid, Neighbourhoods, Period, Theme, Warning, WarningCode, Zone};

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
    let n = names.len();
    let salt = theme.name().len() as u64;
    let mut table = NeighbourhoodTable {
        code: areas.codes().to_vec(),
        name: names.to_vec(),
        ..NeighbourhoodTable::default()
    };
    for i in 0..n {
        let (x, y) = (
            WEST + ((i % COLS) as f64 + 0.5) * SIDE,
            SOUTH + ((i / COLS) as f64 + 0.5) * SIDE,
        );
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
        table.rate_q.push((p * 3.0).min(1.0));
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
        table
            .change_q
            .push(change.mul_add(0.0, chance(i as u64 + 1_000)));
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
        let size = if q <= 0.01 {
            3
        } else if q <= 0.05 {
            2
        } else {
            i8::from(q <= 0.1)
        };
        table.hotspot_class.push(if z < 0.0 { -size } else { size });
        table.emerging_category.push(None);
        table.reason.push(Reason::default());
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        table.hotspot_class[b].cmp(&table.hotspot_class[a]).then(
            table.rate_smoothed[b]
                .max(0.0)
                .total_cmp(&table.rate_smoothed[a].max(0.0)),
        )
    });
    table.rank = vec![0; n];
    for (place, &i) in order.iter().enumerate() {
        table.rank[i] = place as u32 + 1;
    }
    let (surface, cells) = raster(&areas, salt);
    let count = table.count.iter().sum();
    let zone = Zone::amsterdam();
    HotspotResult {
        theme,
        period: Some(Period::year(2022, &zone).unwrap()),
        baseline: Some(Period::year(2017, &zone).unwrap()),
        areas,
        neighbourhoods: table,
        cells: Some(cells),
        surface: Some(surface),
        city: City {
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
        },
        warnings: vec![
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
        ],
        provenance: Provenance {
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
        },
    }
}

fn raster(areas: &Neighbourhoods, salt: u64) -> (Surface, CellTable) {
    let grid = Grid::covering(areas.bounds(), 100.0, Crs::RD_NEW).unwrap();
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
            let size = if q <= 0.01 {
                3
            } else if q <= 0.05 {
                2
            } else {
                i8::from(q <= 0.1)
            };
            cells.hotspot_class.push(if z < 0.0 { -size } else { size });
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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/report-sample");
    std::fs::create_dir_all(folder).unwrap();
    for language in [Language::Dutch, Language::English] {
        let path = format!("{folder}/{}.html", language.code());
        write_html(&path, &both(), language).unwrap();
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

#[test]
fn print_it() {
    let r = sample(Theme::youth_nuisance());
    println!("{}", terminal_table(&r, 8, 140, Language::English));
    println!("{}", terminal_table(&r, 8, 80, Language::Dutch));
    println!("{}", summary(&r, Language::English));
}
