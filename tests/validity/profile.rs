//! How often is a subset that is like the rest said to have another profile?

use brandpunt::index::NeighbourhoodIndex;
use brandpunt::methods::profile::{Breakdown, Facet, Profile, Profiles};
use brandpunt::{Crs, Incidents, Times, Workers, Zone};
use rand::RngExt;

use crate::maps::source;
use crate::table::{Row, band, share_of};

const LEVEL: f64 = 0.05;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let most = LEVEL + band(LEVEL, maps);
    let mut rows = Vec::new();
    for (what, inside, facet) in [
        ("8 of 400 incidents by category", 8, Facet::Category),
        ("120 of 400 incidents by category", 120, Facet::Category),
        (
            "120 of 400 incidents by hour, between two times",
            120,
            Facet::Hour,
        ),
    ] {
        rows.push(Row::at_most(
            format!("{what}: whole profile"),
            share_of(maps, |map| {
                profile(inside, facet, 0.0, map).tables[0].profile_p[0] <= LEVEL
            }),
            most,
        ));
        rows.push(Row::at_most(
            format!("{what}: any cell after correction"),
            share_of(maps, |map| {
                let found = profile(inside, facet, 0.0, map);
                found.tables[0].q.iter().any(|q| *q <= LEVEL)
            }),
            most,
        ));
    }
    for more in [0.0, 0.3] {
        rows.push(Row::at_most(
            format!("largest category, {more} of the subset moved to it: quotient outside"),
            share_of(maps, |map| {
                let found = profile(120, Facet::Category, more, map);
                let table = &found.tables[0];
                let cell = table.cell.iter().position(|c| c == "k0").unwrap();
                let truth = (LARGEST + more * (1.0 - LARGEST)) / LARGEST;
                truth < table.low[[0, cell]] || truth > table.high[[0, cell]]
            }),
            most,
        ));
    }
    rows.push(Row::at_least(
        "0.5 of 120 incidents moved to the largest category: whole profile",
        share_of(maps, |map| {
            profile(120, Facet::Category, 0.5, map).tables[0].profile_p[0] <= LEVEL
        }),
        0.9,
    ));
    rows
}

/// Share of the largest of five categories.
const LARGEST: f64 = 0.4;

/// The first of 400 incidents beside the others; a share of the former is moved to the largest
/// category. Hours are late, and known between two times only for half of them.
fn profile(inside: usize, facet: Facet, moved: f64, map: usize) -> Profiles {
    let mut random = source(74, map);
    let (mut kinds, mut from, mut to) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..400 {
        let largest = random.random::<f64>() < LARGEST;
        let moves = i < inside && random.random::<f64>() < moved;
        kinds.push(if largest || moves {
            "k0".to_owned()
        } else {
            format!("k{}", random.random_range(1..5))
        });
        let hour = random.random_range(0..24).max(random.random_range(0..24));
        let start = 86_400 * random.random_range(19_000..19_300) + 3_600 * hour + 60;
        from.push(start);
        to.push(start + 3_600 * random.random_range(0i64..12) * i64::from(i % 2 == 0));
    }
    let times = |seconds| Times::from_utc_seconds(seconds, Zone::utc());
    let incidents = Incidents::builder(vec![0.0; 400], vec![0.0; 400], Crs::PLANAR)
        .category(kinds.iter().map(String::as_str).collect())
        .time(times(from))
        .build()
        .unwrap();
    let label = |i| {
        if i < inside {
            0
        } else {
            NeighbourhoodIndex::NONE
        }
    };
    let labels: Vec<u32> = (0..400).map(label).collect();
    let method = Profile::new()
        .by(vec![Breakdown::of(facet)])
        .ends(times(to))
        .permutations(199)
        .seed(map as u64);
    let workers = Workers::new(1).unwrap();
    method.run_labels(&incidents, &labels, 1, &workers).unwrap()
}
