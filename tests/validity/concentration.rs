//! How often is chance read as concentration, and how often does time to the next report hold?

use brandpunt::methods::concentration::{Concentration, RepeatAddresses};
use brandpunt::{Times, Workers, Zone};
use rand::{Rng, RngExt};

use crate::maps::source;
use crate::table::{Row, band, share_of};

const LEVEL: f64 = 0.05;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let most = LEVEL + band(LEVEL, maps);
    let mut rows = Vec::new();
    for (units, incidents) in [(400, 60), (400, 1_200), (30, 600)] {
        let what = format!("{incidents} incidents on {units} units");
        rows.push(Row::at_most(
            format!("{what}: Gini p below 5 %"),
            share_of(maps, |map| measured(units, incidents, map).1 <= LEVEL),
            most,
        ));
        rows.push(Row::at_most(
            format!("{what}: Gini outside its interval"),
            share_of(maps, |map| !measured(units, incidents, map).0),
            most,
        ));
    }
    rows.push(Row::at_most(
        "time to the next report: share within 30 days outside its limits",
        share_of(maps, |map| !holds_the_share(map)),
        most,
    ));
    rows.push(Row::at_most(
        "addresses at a steady pace, each its own: said to get worse",
        share_of(maps, |map| worsens(map, |_| 1.0) <= LEVEL),
        most,
    ));
    rows.push(Row::at_least(
        "addresses whose gaps shrink by a tenth each time: said to get worse",
        share_of(maps, |map| worsens(map, |k| 0.9f64.powi(k)) <= LEVEL),
        0.9,
    ));
    rows
}

/// Whether the Gini coefficient of a map of chance is inside its interval, and its p.
fn measured(units: usize, incidents: usize, map: usize) -> (bool, f64) {
    let mut random = source(71, map);
    let mut counts = vec![0.0; units];
    for _ in 0..incidents {
        counts[random.random_range(0..units)] += 1.0;
    }
    let method = Concentration::new().simulations(199).seed(map as u64);
    let found = method.run_with(&counts, None, &Workers::new(1).unwrap());
    let gini = found.unwrap().gini;
    (gini.low <= gini.value && gini.value <= gini.high, gini.p)
}

fn exponential(mean: f64, random: &mut impl Rng) -> f64 {
    -mean * (1.0 - random.random::<f64>()).ln()
}

/// Two years of 60 alike addresses with a report every 40 days, each watched from its first.
fn holds_the_share(map: usize) -> bool {
    let mut random = source(72, map);
    let (mut labels, mut days) = (Vec::new(), Vec::new());
    for address in 0..60 {
        let mut day = 600.0 + 130.0 * random.random::<f64>();
        while day < 730.0 {
            labels.push(address);
            days.push(day);
            day += exponential(40.0, &mut random);
        }
    }
    let method = RepeatAddresses::new().within(vec![30.0]).end(730 * 86_400);
    let times = seconds(&days);
    let found = method.run_labelled(&labels, Some(&times), &Workers::new(1).unwrap());
    let within = found.unwrap().within[0];
    let truth = 1.0 - (-30.0f64 / 40.0).exp();
    within.low <= truth && truth <= within.high
}

/// p of reports coming ever sooner at 30 addresses, for gaps that change by a factor of their
/// number.
fn worsens(map: usize, factor: impl Fn(i32) -> f64) -> f64 {
    let mut random = source(73, map);
    let (mut labels, mut days) = (Vec::new(), Vec::new());
    for address in 0..30 {
        let pace = 20.0 + 100.0 * random.random::<f64>();
        let mut day = exponential(pace, &mut random);
        let mut number = 0;
        while day < 500.0 && number < 40 {
            labels.push(address);
            days.push(day);
            day += exponential(pace * factor(number), &mut random);
            number += 1;
        }
    }
    let method = RepeatAddresses::new();
    let times = seconds(&days);
    let found = method.run_labelled(&labels, Some(&times), &Workers::new(1).unwrap());
    found.unwrap().trend.p_shorter
}

fn seconds(days: &[f64]) -> Times {
    let seconds = days.iter().map(|day| (day * 86_400.0) as i64);
    Times::from_utc_seconds(seconds.collect(), Zone::utc())
}
