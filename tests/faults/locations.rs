//! Reports that pile up, come twice, lie on a border or lie nowhere.

use std::fmt::Write as _;

use brandpunt::analysis::HotspotAnalysis;
use brandpunt::index::{IncidentIndex, NeighbourhoodIndex, count};
use brandpunt::methods::density::KernelDensity;
use brandpunt::weights::Weights;
use brandpunt::{Crs, Error, Incidents, Theme, Warning, WarningCode, Workers};

use super::{areas, block, read, rejected, scattered, tiles};

pub(super) fn warned(warnings: &[Warning], code: WarningCode) -> &Warning {
    let found = warnings.iter().find(|w| w.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {warnings:?}"))
}

#[test]
fn fault_10_a_hundred_thousand_reports_on_one_location() {
    const PILE: usize = 100_000;
    let elsewhere = scattered(10_000, 4, 3);
    let x = [vec![141_234.5; PILE], elsewhere.x().to_vec()].concat();
    let y = [vec![481_234.5; PILE], elsewhere.y().to_vec()].concat();
    let incidents = Incidents::builder(x, y, Crs::RD_NEW).build().unwrap();
    let warning = warned(incidents.warnings(), WarningCode::SingleLocationShare);
    assert_eq!(warning.value, Some(100_000.0 / 110_000.0));
    let workers = Workers::new(2).unwrap();
    let hoods = tiles(4, 3);
    let alone = count(&elsewhere, &hoods, None, &workers).unwrap();
    let counts = count(&incidents, &hoods, None, &workers).unwrap();
    let more: Vec<i64> = counts
        .values()
        .iter()
        .zip(alone.values())
        .map(|(a, b)| a - b)
        .collect();
    assert_eq!(more.iter().filter(|d| **d != 0).count(), 1);
    assert_eq!(more.iter().sum::<i64>(), PILE as i64);
    let index = IncidentIndex::build(&incidents);
    assert_eq!(index.count_within(141_234.5, 481_234.5, 0.0), PILE);
    // Its ten milliard pairs are refused before they are listed; the density needs none of them.
    let band = Weights::distance_band(incidents.x(), incidents.y(), 1.0);
    assert!(matches!(band, Err(Error::TooLarge { .. })));
    let surface = KernelDensity::new(500.0)
        .cell_size(50.0)
        .run(&incidents)
        .unwrap();
    let mass = surface.values().sum() * 0.0025;
    assert!((mass - 110_000.0).abs() < 11.0, "{mass}");
    // With and without: the pile is told apart in the main result.
    let result = HotspotAnalysis::new(Theme::all())
        .run(&incidents, &hoods)
        .unwrap();
    let said = &warned(&result.warnings, WarningCode::SingleLocationShare).message;
    let without = HotspotAnalysis::new(Theme::all())
        .run(&elsewhere, &hoods)
        .unwrap();
    let (with, without) = (&result.neighbourhoods, &without.neighbourhoods);
    let at = more.iter().position(|d| *d != 0).unwrap();
    let beside = format!(
        "has {} incidents instead of {} and rank {} instead of {}",
        without.count[at], with.count[at], without.rank[at], with.rank[at]
    );
    assert!(said.contains(&beside), "{said}");
    assert!(
        said.contains(&format!("Without that location {}", with.name[at])),
        "{said}"
    );
    let verdict = match (with.hotspot_class[at] > 0, without.hotspot_class[at] > 0) {
        (true, true) => "a hotspot either way",
        (true, false) => "a hotspot with it only",
        (false, true) => "a hotspot without it only",
        (false, false) => "no hotspot either way",
    };
    assert!(said.contains(verdict), "{said}");
}

#[test]
fn fault_11_duplicate_ids() {
    let text = "id;soort;x;y\n1;a;143701;486937\n2;a;143702;486938\n2;a;143702;486938\n\
                2;b;143900;486900\n3;a;143703;486939\n3;a;143703;486939\n";
    let incidents = read(text).unwrap();
    assert_eq!(incidents.len(), 6, "nothing is left out unasked");
    let warning = warned(incidents.warnings(), WarningCode::DuplicateId);
    assert!(
        warning.message.contains("2 exact_duplicate_rows"),
        "{warning:?}"
    );
    assert!(warning.message.contains("1 conflicting_ids"), "{warning:?}");
}

#[test]
fn fault_12_a_point_on_a_shared_border() {
    let hoods = tiles(3, 3);
    let index = NeighbourhoodIndex::build(&hoods).unwrap();
    let mut found = Vec::new();
    for row in 0..=6 {
        for column in 0..=6 {
            let (x, y) = (
                140_000.0 + 500.0 * f64::from(column),
                480_000.0 + 500.0 * f64::from(row),
            );
            found.push(index.locate(x, y));
        }
    }
    // West and south borders belong to a tile, east and north ones to the next.
    for (k, area) in found.into_iter().enumerate() {
        let (row, column) = (k / 7, k % 7);
        let wanted = (row < 6 && column < 6).then_some((row / 2 * 3 + column / 2) as u32);
        assert_eq!(area, wanted, "row {row}, column {column}");
    }
    // Where areas overlap, the first holds it.
    let over = areas(vec![
        block(0.0, 3e5, 10.0, 300_010.0),
        block(5.0, 3e5, 15.0, 300_010.0),
    ])
    .unwrap();
    let index = NeighbourhoodIndex::build(&over).unwrap();
    assert_eq!(index.locate(7.0, 300_005.0), Some(0));
    assert_eq!(index.locate(10.0, 300_005.0), Some(1));
}

#[test]
fn fault_13_a_point_in_no_area() {
    let mut text = String::from("id;x;y\n");
    for i in 0..60 {
        writeln!(text, "{i};{};481500", 140_050 + 100 * i).unwrap();
    }
    let incidents = read(text).unwrap();
    assert!(rejected(&incidents).is_empty());
    let hoods = tiles(4, 3);
    let counts = count(&incidents, &hoods, None, &Workers::new(1).unwrap()).unwrap();
    assert_eq!(counts.values().sum(), 40);
    assert_eq!(counts.outside().sum(), 20);
    let result = HotspotAnalysis::new(Theme::all())
        .run(&incidents, &hoods)
        .unwrap();
    let warning = warned(&result.warnings, WarningCode::OutsideAllAreas);
    assert_eq!(warning.value, Some(20.0));
    assert!(warning.message.contains("20 of 60"), "{warning:?}");
}
