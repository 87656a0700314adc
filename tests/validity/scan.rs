//! How often does a scan find a cluster where none is, and what does it find of one that is?

use brandpunt::methods::scan::{ScanModel, ScanResult, ScanShape, SpaceTimeScan, SpatialScan};
use brandpunt::weights::{Adjacency, Weights};
use brandpunt::{WarningCode, Workers};
use ndarray::Array2;
use rand::RngExt;

use crate::maps::{overdispersed, poisson, source};
use crate::table::{Row, band, share_of};

const LEVEL: f64 = 0.05;
/// With 39 maps of chance, 0.05 and 0.25 are ranks.
const REPLICATES: usize = 39;
const UNITS: usize = 150;

/// Places at random with very uneven people.
struct Town {
    x: Vec<f64>,
    y: Vec<f64>,
    people: Vec<f64>,
}

impl Town {
    fn new() -> Self {
        let mut random = source(80, 0);
        let mut along = || {
            (0..UNITS)
                .map(|_| 5_000.0 * random.random::<f64>())
                .collect()
        };
        let (x, y) = (along(), along());
        let mut random = source(80, 1);
        let people = (0..UNITS).map(|_| (100.0 + 3_000.0 * random.random::<f64>().powi(2)).round());
        Self {
            x,
            y,
            people: people.collect(),
        }
    }

    /// Means in proportion to people that add up to a total.
    fn means(&self, total: f64) -> Vec<f64> {
        let all: f64 = self.people.iter().sum();
        self.people.iter().map(|p| total * p / all).collect()
    }

    fn scan(&self, scan: &SpatialScan, counts: &[f64]) -> ScanResult {
        let serial = Workers::new(1).unwrap();
        let places = (&*self.x, &*self.y);
        scan.run_with(counts, &self.people, places, &serial)
            .unwrap()
    }
}

/// A quick scan; only its strongest cluster matters.
fn quick(model: ScanModel, number: usize) -> SpatialScan {
    SpatialScan::new()
        .model(model)
        .max_population_share(0.25)
        .replicates(REPLICATES)
        .most_clusters(1)
        .seed(number as u64)
}

fn p(found: &ScanResult) -> f64 {
    found.clusters.first().map_or(1.0, |c| c.p)
}

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let town = Town::new();
    let mut rows = Vec::new();
    nulls(&town, maps, &mut rows);
    series(&town, maps, &mut rows);
    planted(maps, &mut rows);
    restricted(maps, &mut rows);
    rows
}

/// Ranks are uniform, so p is at most a rank as often as it says; both ways.
fn uniform(name: &str, maps: usize, rows: &mut Vec<Row>, p: impl Fn(usize) -> f64 + Sync + Send) {
    let workers = Workers::new(0).unwrap();
    let found = workers.map(maps, p).unwrap();
    for at in [LEVEL, 0.25, 0.5] {
        let share = found.iter().filter(|p| **p <= at).count() as f64 / maps as f64;
        let what = format!("{name}: p at most {at}");
        rows.push(Row::at_most(&*what, share, at + band(at, maps)));
        let least = at - band(at, maps);
        if least > 0.0 {
            rows.push(Row::at_least(what, share, least));
        }
    }
}

fn nulls(town: &Town, maps: usize, rows: &mut Vec<Row>) {
    let means = town.means(400.0);
    uniform("Poisson cases, poisson", maps, rows, |number| {
        let counts = poisson(&means, &mut source(81, number));
        p(&town.scan(&quick(ScanModel::Poisson, number), &counts))
    });
    uniform(
        "some of the people, bernoulli and ellipses",
        maps / 4,
        rows,
        |number| {
            let mut random = source(82, number);
            let cases = |people: &f64| {
                (0..*people as u32)
                    .filter(|_| random.random::<f64>() < 0.003)
                    .count() as f64
            };
            let counts: Vec<f64> = town.people.iter().map(cases).collect();
            let ellipses = ScanShape::Ellipse { penalty: 0.5 };
            let scan = quick(ScanModel::Bernoulli, number).shape(ellipses);
            p(&town.scan(&scan, &counts))
        },
    );
    // Places and weeks that differ, but not together.
    let (units, steps) = (60, 12);
    uniform("busy places and weeks, permutation", maps, rows, |number| {
        let mut random = source(83, number);
        let busy: Vec<f64> = (0..steps)
            .map(|step| 1.0 + f64::from(step % 4 == 3))
            .collect();
        let means: Vec<f64> = (town.people[..units].iter())
            .flat_map(|people| busy.iter().map(move |busy| people * busy / 3_000.0))
            .collect();
        let counts = poisson(&means, &mut random);
        let counts = Array2::from_shape_vec((units, steps as usize), counts).unwrap();
        let scan = SpaceTimeScan::new()
            .prospective(true)
            .replicates(REPLICATES)
            .most_clusters(1)
            .seed(number as u64);
        let places = (&town.x[..units], &town.y[..units]);
        let found = scan.run_with(&counts, None, places, &Workers::new(1).unwrap());
        p(&found.unwrap())
    });
}

/// Reports in series, without a cluster.
fn series(town: &Town, maps: usize, rows: &mut Vec<Row>) {
    let limit = LEVEL + band(LEVEL, maps);
    let means = town.means(400.0);
    for (number_of, ratio) in [(84, 1.0), (85, 2.0), (86, 3.0)] {
        let map = |number: usize| {
            let mut random = source(number_of, number);
            if ratio == 1.0 {
                poisson(&means, &mut random)
            } else {
                overdispersed(&means, ratio, &mut random)
            }
        };
        let alarms = share_of(maps, |number| {
            let found = town.scan(&quick(ScanModel::Auto, number), &map(number));
            p(&found) <= LEVEL
        });
        let what = format!("variance {ratio} x mean, auto: a cluster");
        rows.push(Row::at_most(what, alarms, limit));
        if ratio > 1.0 {
            let silent = share_of(maps, |number| {
                let found = town.scan(&quick(ScanModel::Poisson, number), &map(number));
                let warned = found.warnings.iter();
                let warned = warned
                    .map(|w| w.code)
                    .any(|c| c == WarningCode::Overdispersion);
                p(&found) <= LEVEL && !warned
            });
            let what = format!("variance {ratio} x mean, poisson: a cluster without a warning");
            rows.push(Row::at_most(what, silent, limit));
        }
    }
}

/// Sets of cells that each stand out: none where nothing is, and a street around a corner.
fn restricted(maps: usize, rows: &mut Vec<Row>) {
    let side = |i: usize| ((i % 20) as f64, (i / 20) as f64);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..400).map(side).unzip();
    let weights = Weights::lattice(20, 20, 1, Adjacency::Rook).unwrap();
    let street: Vec<usize> = (85..92).chain([111, 131, 151]).collect();
    let scan = |number: usize| {
        quick(ScanModel::Auto, number)
            .shape(ScanShape::Restricted {
                most: 12,
                below: 0.2,
            })
            .weights(&weights)
    };
    let limit = LEVEL + band(LEVEL, maps);
    for (number_of, ratio, power, overlap) in RESTRICTED {
        let run = |number: usize, means: &[f64], series: u64| {
            let mut random = source(series, number);
            let counts = if ratio == 1.0 {
                poisson(means, &mut random)
            } else {
                overdispersed(means, ratio, &mut random)
            };
            let serial = Workers::new(1).unwrap();
            scan(number)
                .run_with(&counts, &[1.0; 400], (&x, &y), &serial)
                .unwrap()
        };
        let alarms = share_of(maps, |number| {
            p(&run(number, &[4.0; 400], number_of)) <= LEVEL
        });
        let what = format!("variance {ratio} x mean, restricted: a cluster");
        rows.push(Row::at_most(what, alarms, limit));
        let mut means = vec![4.0; 400];
        for cell in &street {
            means[*cell] = 12.0;
        }
        let found = Workers::new(0)
            .unwrap()
            .map(maps, |number| {
                let found = run(number, &means, number_of + 1);
                let members = found.clusters.first().map_or(&[][..], |c| &*c.members);
                let both = members.iter().filter(|m| street.contains(m)).count();
                let either = street.len() + members.len() - both;
                (p(&found) <= LEVEL, both as f64 / either as f64)
            })
            .unwrap();
        let share = found.iter().filter(|f| f.0).count() as f64 / maps as f64;
        let jaccard = found.iter().map(|f| f.1).sum::<f64>() / maps as f64;
        let what = format!("ten cells of a street, thrice 4, variance {ratio} x mean");
        rows.push(Row::at_least(
            format!("{what}: found"),
            share,
            power - band(power, maps),
        ));
        rows.push(Row::at_least(
            format!("{what}: Jaccard overlap"),
            jaccard,
            overlap - 0.05,
        ));
    }
}

/// Discs of twice the rate on 20 by 20 cells.
fn planted(maps: usize, rows: &mut Vec<Row>) {
    let side = |i: usize| ((i % 20) as f64, (i / 20) as f64);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..400).map(side).unzip();
    let inside: Vec<bool> = (0..400)
        .map(|i| (x[i] - 6.0).powi(2) + (y[i] - 12.0).powi(2) <= 9.0)
        .collect();
    let workers = Workers::new(0).unwrap();
    for (number_of, mean, ratio, power, overlap) in FLOORS {
        let means: Vec<f64> = inside
            .iter()
            .map(|i| if *i { 2.0 * mean } else { mean })
            .collect();
        let found = workers
            .map(maps, |number| {
                let mut random = source(number_of, number);
                let counts = if ratio == 1.0 {
                    poisson(&means, &mut random)
                } else {
                    overdispersed(&means, ratio, &mut random)
                };
                let scan = quick(ScanModel::Auto, number);
                let serial = Workers::new(1).unwrap();
                let found = scan.run_with(&counts, &[1.0; 400], (&x, &y), &serial);
                let found = found.unwrap();
                let members = found.clusters.first().map_or(&[][..], |c| &*c.members);
                let both = members.iter().filter(|m| inside[**m]).count();
                let either = inside.iter().filter(|i| **i).count() + members.len() - both;
                (p(&found) <= LEVEL, both as f64 / either as f64)
            })
            .unwrap();
        let share = found.iter().filter(|f| f.0).count() as f64 / maps as f64;
        let jaccard = found.iter().map(|f| f.1).sum::<f64>() / maps as f64;
        let what = format!("29 cells of twice {mean}, variance {ratio} x mean");
        rows.push(Row::at_least(
            format!("{what}: found"),
            share,
            power - band(power, maps),
        ));
        rows.push(Row::at_least(
            format!("{what}: Jaccard overlap"),
            jaccard,
            overlap - 0.05,
        ));
    }
}

/// Series of maps, mean per cell, variance by mean, share found and mean Jaccard overlap, both
/// measured on 2,000 maps.
const FLOORS: [(u64, f64, f64, f64, f64); 3] = [
    (87, 2.0, 1.0, 0.99, 0.84),
    (88, 5.0, 1.0, 0.995, 0.97),
    (89, 5.0, 2.0, 0.985, 0.89),
];

/// Series of maps without a street (and the next with one), variance by mean, share found and mean
/// Jaccard overlap, both measured on 2,000 maps.
const RESTRICTED: [(u64, f64, f64, f64); 2] = [(132, 1.0, 0.995, 0.755), (134, 2.0, 0.89, 0.555)];
