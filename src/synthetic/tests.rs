//! Properties of whole cities.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Contains, Validation};
use geo_types::{Coord, Point};
use proptest::prelude::*;

use super::{City, SyntheticCity};
use crate::model::{Neighbourhoods, Period, Zone};
use crate::parallel::Workers;

fn build(incidents: usize, seed: u64, neighbourhoods: usize) -> City {
    SyntheticCity::new(incidents)
        .seed(seed)
        .neighbourhoods(neighbourhoods)
        .build_with(&Workers::new(1).unwrap())
        .unwrap()
}

/// Twice the signed area in square decimetres, exactly.
fn turning(ring: &[(i64, i64)]) -> i64 {
    ring.windows(2)
        .map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1)
        .sum()
}

fn exact_rings(areas: &Neighbourhoods) -> Vec<Vec<(i64, i64)>> {
    let exact = |c: &Coord<f64>| ((c.x * 10.0).round() as i64, (c.y * 10.0).round() as i64);
    areas
        .shapes()
        .iter()
        .flat_map(|s| &s.0)
        .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
        .map(|ring| ring.0.iter().map(exact).collect())
        .collect()
}

/// Every side between two neighbourhoods is walked once by each, in opposite directions; the
/// sides walked once are one closed outline; the areas add up to that of the outline.
fn assert_tiles(areas: &Neighbourhoods) {
    let rings = exact_rings(areas);
    let mut sides = BTreeSet::new();
    for ring in &rings {
        for side in ring.windows(2) {
            assert!(sides.insert((side[0], side[1])), "a side walked twice");
        }
    }
    let outline: BTreeMap<_, _> = sides
        .iter()
        .filter(|(a, b)| !sides.contains(&(*b, *a)))
        .copied()
        .collect();
    let first = *outline.keys().next().unwrap();
    let mut walk = vec![first];
    loop {
        let next = outline[walk.last().unwrap()];
        walk.push(next);
        if next == first {
            break;
        }
    }
    assert_eq!(walk.len(), outline.len() + 1, "one outline without holes");
    let total: i64 = rings.iter().map(|r| turning(r)).sum();
    assert_eq!(total, turning(&walk));
    for (code, shape) in areas.codes().iter().zip(areas.shapes()) {
        assert!(shape.is_valid(), "{code}");
        assert_eq!(shape.0.len(), 1);
    }
}

fn homes(city: &City, x: f64, y: f64) -> usize {
    let point = Point::new(x, y);
    city.neighbourhoods
        .shapes()
        .iter()
        .filter(|s| s.contains(&point))
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn neighbourhoods_tile_the_city_and_hold_every_incident(
        seed in any::<u64>(),
        neighbourhoods in 1usize..80,
        incidents in 1usize..300,
    ) {
        let city = build(incidents, seed, neighbourhoods);
        prop_assert_eq!(city.incidents.len(), incidents);
        prop_assert_eq!(city.neighbourhoods.len(), neighbourhoods);
        assert_tiles(&city.neighbourhoods);
        for (&x, &y) in city.incidents.x().iter().zip(city.incidents.y()) {
            prop_assert_eq!(homes(&city, x, y), 1, "({}, {})", x, y);
        }
    }
}

#[test]
fn a_city_of_thousands_of_neighbourhoods_tiles_too() {
    let city = build(2_000, 5, 3_000);
    assert_tiles(&city.neighbourhoods);
    let points = city.incidents.x().iter().zip(city.incidents.y());
    for (&x, &y) in points.take(300) {
        assert_eq!(homes(&city, x, y), 1, "({x}, {y})");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let city = |threads, seed| {
        SyntheticCity::new(30_000)
            .seed(seed)
            .neighbourhoods(50)
            .build_with(&Workers::new(threads).unwrap())
            .unwrap()
    };
    let one = city(1, 4);
    for threads in [2, 3, 7] {
        assert_eq!(one, city(threads, 4));
    }
    assert_ne!(one.incidents, city(1, 5).incidents);
}

#[test]
fn populations_are_like_those_of_almere() {
    let areas = build(1, 0, 238).neighbourhoods;
    let latest = areas.exposure("inhabitants", Some(2024)).unwrap();
    assert_eq!(latest.values.iter().filter(|v| v.is_none()).count(), 45);
    let mut numbers: Vec<f64> = latest.values.iter().flatten().copied().collect();
    numbers.sort_by(f64::total_cmp);
    assert!(numbers.iter().all(|v| v % 5.0 == 0.0 && *v > 0.0));
    assert_eq!(numbers.iter().filter(|v| **v <= 50.0).count(), 21);
    let median = numbers[21 + 172 / 2];
    assert!((1_100.0..1_330.0).contains(&median), "{median}");
    for kind in ["inhabitants", "youths", "dwellings"] {
        for year in [2017, 2024] {
            assert_eq!(areas.exposure(kind, Some(year)).unwrap().year, Some(year));
        }
    }
}

#[test]
fn codes_are_nested_and_in_order() {
    let areas = build(1, 2, 240).neighbourhoods;
    assert!(areas.codes().is_sorted());
    let districts: BTreeSet<&str> = areas.codes().iter().map(|c| &c[6..8]).collect();
    assert!((60..=80).contains(&districts.len()), "{}", districts.len());
    assert!(
        areas
            .codes()
            .iter()
            .all(|c| c.len() == 10 && c.starts_with("BU0034"))
    );
    let names: BTreeSet<&String> = areas.names().iter().collect();
    assert_eq!(names.len(), 240);
}

/// How many times more often incidents of a hotspot's category happen inside it, against the
/// same city without hotspots.
#[test]
fn hotspots_are_as_strong_as_the_truth_says() {
    let options = SyntheticCity::new(400_000)
        .seed(11)
        .repeats(0.0)
        .misplaced(0.0);
    let workers = Workers::new(2).unwrap();
    let with = options.clone().hotspots(6).build_with(&workers).unwrap();
    let without = options.hotspots(0).build_with(&workers).unwrap();
    assert!(without.truth.hotspots.is_empty());
    assert_eq!(with.truth.hotspots.len(), 6);
    assert_eq!(with.neighbourhoods, without.neighbourhoods);
    for hotspot in &with.truth.hotspots {
        assert!(!hotspot.neighbourhoods.is_empty());
        for code in &hotspot.neighbourhoods {
            assert!(with.neighbourhoods.codes().contains(code));
        }
        let count = |city: &City, inside: bool| {
            let rows = &city.incidents;
            let times = rows.times().unwrap().seconds();
            (0..rows.len())
                .filter(|&i| {
                    let near =
                        |x: f64, y: f64, r: f64| (rows.x()[i] - x).hypot(rows.y()[i] - y) <= r;
                    let here = near(hotspot.x, hotspot.y, hotspot.radius);
                    let anywhere = with.truth.hotspots.iter().any(|h| near(h.x, h.y, h.radius));
                    times[i] >= hotspot.from
                        && rows.categories().unwrap().get(i) == hotspot.category
                        && if inside { here } else { !anywhere }
                })
                .count() as f64
        };
        let expected = count(&without, true) * count(&with, false) / count(&without, false);
        let ratio = count(&with, true) / expected;
        let error = 4.0 * (1.0 / count(&without, true) + 1.0 / count(&with, true)).sqrt();
        assert!(
            (ratio / hotspot.relative_risk).ln().abs() < error,
            "{hotspot:?}: {ratio} within {error}"
        );
    }
}

#[test]
fn pure_chance_follows_the_people() {
    let city = SyntheticCity::new(200_000)
        .seed(3)
        .neighbourhoods(40)
        .pure_chance()
        .build()
        .unwrap();
    assert_eq!(city.truth.misplaced + city.truth.follow_ups, 0);
    assert!(city.truth.neighbourhood_risk.iter().all(|r| *r == 1.0));
    let people = city
        .neighbourhoods
        .exposure("inhabitants", Some(2024))
        .unwrap();
    let total: f64 = people.values.iter().flatten().sum();
    let categories = city.incidents.categories().unwrap();
    let mut counts = vec![0.0; 40];
    for i in 0..city.incidents.len() {
        if categories.get(i) == "jeugdoverlast" {
            let point = Point::new(city.incidents.x()[i], city.incidents.y()[i]);
            let home = city
                .neighbourhoods
                .shapes()
                .iter()
                .position(|s| s.contains(&point));
            counts[home.unwrap()] += 1.0;
        }
    }
    let all: f64 = counts.iter().sum();
    let chi_square: f64 = people
        .values
        .iter()
        .zip(&counts)
        .filter_map(|(p, c)| p.map(|p| (all * p / total, c)))
        .map(|(expected, count)| (count - expected).powi(2) / expected)
        .sum();
    // 32 published neighbourhoods: mean 31, standard deviation 8.
    assert!(chi_square < 70.0, "{chi_square}");
}

/// Incidents at each location.
fn per_location(city: &City) -> BTreeMap<(u64, u64), u32> {
    let mut at = BTreeMap::new();
    for (x, y) in city.incidents.x().iter().zip(city.incidents.y()) {
        *at.entry((x.to_bits(), y.to_bits())).or_default() += 1;
    }
    at
}

#[test]
fn repeats_and_default_locations_are_there() {
    let city = build(20_000, 1, 120);
    let at = per_location(&city);
    let [station, hall] = city.truth.geocoding_defaults[..] else {
        panic!("two defaults")
    };
    let there = at[&(station.0.to_bits(), station.1.to_bits())];
    assert!(there > at[&(hall.0.to_bits(), hall.1.to_bits())]);
    assert!(city.truth.misplaced > 200 && city.truth.follow_ups > 1_000);
    assert_eq!(homes(&city, station.0, station.1), 1);
    let often = |at: &BTreeMap<(u64, u64), u32>| at.values().filter(|c| **c >= 5).sum::<u32>();
    let chance = SyntheticCity::new(20_000)
        .seed(1)
        .neighbourhoods(120)
        .pure_chance();
    let by_chance = often(&per_location(&chance.build().unwrap()));
    assert!(often(&at) > 10 * by_chance, "{} {by_chance}", often(&at));
}

#[test]
fn incidents_are_in_order_of_time_from_2017_to_2024() {
    let city = build(5_000, 9, 30);
    let seconds = city.incidents.times().unwrap().seconds();
    assert!(seconds.is_sorted());
    let zone = Zone::amsterdam();
    let first = Period::year(2017, &zone).unwrap();
    let last = Period::year(2024, &zone).unwrap();
    assert!(first.contains(seconds[0]) && last.contains(*seconds.last().unwrap()));
}

#[test]
fn absurd_cities_are_refused() {
    let city = SyntheticCity::new(10);
    for bad in [
        SyntheticCity::new(0),
        city.clone().neighbourhoods(0),
        city.clone().neighbourhoods(1_000_000),
        city.clone().repeats(f64::NAN),
        city.clone().misplaced(1.0),
        city.clone().unevenness(-1.0),
    ] {
        assert!(bad.build().is_err(), "{bad:?}");
    }
}
