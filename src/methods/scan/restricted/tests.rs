use proptest::prelude::*;
use rand::RngExt;

use super::{Extent, Flexible, Groups, Places, Restricted};
use crate::Workers;
use crate::error::{Error, Result};
use crate::methods::scan::{ScanFor, ScanModel, ScanResult, ScanShape, SpaceTimeScan, SpatialScan};
use crate::random::stream;
use crate::weights::Weights;

/// A map of few units, with any borders.
#[derive(Debug, Clone)]
struct Small {
    x: Vec<f64>,
    y: Vec<f64>,
    people: Vec<f64>,
    cases: Vec<f64>,
    /// Who borders on whom, from either side.
    borders: Vec<Vec<u32>>,
}

impl Small {
    fn drawn(units: usize, share_of_borders: f64, seed: u64) -> Self {
        let mut random = stream(seed, 0);
        let mut out = Self {
            x: Vec::new(),
            y: Vec::new(),
            people: Vec::new(),
            cases: Vec::new(),
            borders: vec![Vec::new(); units],
        };
        for unit in 0..units {
            out.x.push(random.random_range(0.0..100.0));
            out.y.push(random.random_range(0.0..100.0));
            let people = random.random_range(4..30);
            out.people.push(f64::from(people));
            let rate = if random.random::<f64>() < 0.4 {
                0.5
            } else {
                0.15
            };
            let cases = (0..people).filter(|_| random.random::<f64>() < rate);
            out.cases.push(cases.count() as f64);
            for other in 0..unit {
                if random.random::<f64>() < share_of_borders {
                    out.borders[unit].push(other as u32);
                    out.borders[other].push(unit as u32);
                }
            }
        }
        out
    }

    fn scan(&self, scan: &SpatialScan) -> Result<ScanResult> {
        let weights = Weights::from_neighbours(self.borders.clone())?;
        let scan = scan.clone().weights(&weights);
        let workers = Workers::new(1)?;
        scan.run_with(&self.cases, &self.people, (&self.x, &self.y), &workers)
    }

    /// All sets of units that hang together, as bits.
    fn connected(&self) -> Vec<u32> {
        let hangs_together = |set: u32| {
            let mut reached = set & set.wrapping_neg();
            loop {
                let before = reached;
                for (unit, list) in self.borders.iter().enumerate() {
                    if reached >> unit & 1 == 1 {
                        for other in list {
                            reached |= set & 1 << other;
                        }
                    }
                }
                if reached == before {
                    return reached == set;
                }
            }
        };
        (1..1u32 << self.x.len())
            .filter(|set| hangs_together(*set))
            .collect()
    }

    /// The greatest ratio by the definition, over all sets of units.
    fn plain(&self, bernoulli: bool, sides: ScanFor, below: f64, share: f64) -> f64 {
        let (all, total): (f64, f64) = (self.people.iter().sum(), self.cases.iter().sum());
        let term = |x: f64, y: f64| if x == 0.0 { 0.0 } else { x * (x / y).ln() };
        // One after another, without anything of the library.
        let mass = |people: f64, k: u32| {
            if bernoulli {
                let rate: f64 = total / all;
                let ways: f64 = (0..k)
                    .map(|i| (people - f64::from(i)) / f64::from(i + 1))
                    .product();
                let others = people - f64::from(k);
                ways * rate.powi(k as i32) * (1.0 - rate).powf(others)
            } else {
                let mean = total * people / all;
                (1..=k).fold((-mean).exp(), |term, i| term * mean / f64::from(i))
            }
        };
        let fewer: Vec<f64> = self
            .people
            .iter()
            .zip(&self.cases)
            .map(|(people, cases)| {
                let below: f64 = (0..*cases as u32).map(|k| mass(*people, k)).sum();
                below + 0.5 * mass(*people, *cases as u32)
            })
            .collect();
        let mut most = 0.0f64;
        for set in self.connected() {
            let inside = || (0..self.x.len()).filter(|unit| set >> unit & 1 == 1);
            let n: f64 = inside().map(|unit| self.people[unit]).sum();
            let c: f64 = inside().map(|unit| self.cases[unit]).sum();
            let high = sides != ScanFor::Low
                && inside().all(|unit| 1.0 - fewer[unit] < below)
                && c * all > n * total
                && c >= 2.0;
            let low = sides != ScanFor::High
                && inside().all(|unit| fewer[unit] < below)
                && c * all < n * total;
            if n > share * all || !(high || low) {
                continue;
            }
            let e = total * n / all;
            let mut ratio = term(c, e) + term(total - c, total - e);
            if bernoulli {
                let others = all - total;
                ratio += term(n - c, n * others / all)
                    + term(all - n - total + c, (all - n) * others / all);
            }
            most = most.max(ratio);
        }
        most
    }
}

fn ratio(found: &ScanResult) -> f64 {
    let first = found.clusters.first();
    first.map_or(0.0, |cluster| cluster.log_likelihood_ratio)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    /// Of all sets that hang together and whose units stand out, the best one is found.
    #[test]
    fn the_greatest_ratio_is_that_of_all_sets(
        units in 2usize..11,
        borders in 0.1f64..0.6,
        seed in 0u64..1 << 32,
        below in prop::sample::select(vec![0.05, 0.2, 0.5]),
        share in prop::sample::select(vec![0.3, 0.5, 1.0]),
        sides in prop::sample::select(vec![ScanFor::High, ScanFor::Low, ScanFor::Both]),
        model in prop::sample::select(vec![ScanModel::Poisson, ScanModel::Bernoulli]),
    ) {
        let map = Small::drawn(units, borders, seed);
        // Fewer than two cases are not scanned.
        prop_assume!(map.cases.iter().sum::<f64>() >= 2.0);
        let scan = SpatialScan::new()
            .model(model)
            .shape(ScanShape::Restricted { most: 10, below })
            .scan_for(sides)
            .max_population_share(share)
            .replicates(0);
        let got = ratio(&map.scan(&scan).unwrap());
        let want = map.plain(model == ScanModel::Bernoulli, sides, below, share);
        prop_assert!((got - want).abs() < 1e-9, "{got} {want}");
    }
}

/// Maps of chance have windows of their own: each by itself gives the same, with and without a
/// reach, and where groups are larger than windows.
#[test]
fn simulated_maps_have_their_greatest_ratio() {
    use crate::methods::scan::cells::{Cells, Given};
    use crate::methods::scan::chance::Chance;
    use crate::stats::GuideTable;

    let mut map = Small::drawn(40, 0.12, 3);
    map.cases[7] += 20.0;
    let given = Given::PerUnit(&map.people);
    let cells = Cells::of(&map.cases, 1, given, (&map.x, &map.y), ScanModel::Poisson).unwrap();
    let chance = Chance::Multinomial {
        cells: GuideTable::new(&cells.shares),
        cases: cells.cases,
    };
    for (sides, radius, most) in [
        (ScanFor::High, f64::INFINITY, 12),
        (ScanFor::Both, f64::INFINITY, 4),
        (ScanFor::High, 40.0, 12),
    ] {
        let scan = SpatialScan::new()
            .model(ScanModel::Poisson)
            .shape(ScanShape::Restricted { most, below: 0.3 })
            .scan_for(sides)
            .max_radius(radius)
            .replicates(60)
            .seed(4);
        let found = map.scan(&scan).unwrap();
        let mut drawn = vec![0; 40];
        for (replicate, &simulated) in (0..).zip(&found.simulated) {
            chance.draw(&mut stream(4, replicate), &mut drawn);
            let mut alone = map.clone();
            alone.cases = drawn.iter().map(|c| f64::from(*c)).collect();
            let want = ratio(&alone.scan(&scan.clone().replicates(0)).unwrap());
            assert!((simulated - want).abs() < 1e-9, "{simulated} {want}");
        }
        assert_eq!(found.simulated.len(), 60);
    }
}

/// Ten by ten cells that share a side, along some of which cases are many.
fn city(street: &[usize]) -> Small {
    let side = |i: usize| (100.0 * (i % 10) as f64, 100.0 * (i / 10) as f64);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..100).map(side).unzip();
    let beside = |i: usize, j: &u32| {
        let j = *j as usize;
        (i / 10).abs_diff(j / 10) + (i % 10).abs_diff(j % 10) == 1
    };
    let cases = |i: usize| {
        if street.contains(&i) {
            9.0
        } else {
            f64::from(i as u32 % 4) + 1.0
        }
    };
    Small {
        x,
        y,
        people: vec![50.0; 100],
        cases: (0..100).map(cases).collect(),
        borders: (0..100)
            .map(|i| (0..100).filter(|j| beside(i, j)).collect())
            .collect(),
    }
}

/// Where flexible windows pick up what happens to lie along, restricted ones keep to the street.
#[test]
fn a_street_around_a_corner_is_found_as_it_is() {
    let street = [22, 23, 24, 25, 26, 27, 37, 47, 57];
    let map = city(&street);
    let scan = SpatialScan::new()
        .model(ScanModel::Poisson)
        .shape(ScanShape::Restricted {
            most: 14,
            below: 0.2,
        })
        .replicates(99);
    let found = map.scan(&scan).unwrap();
    let mut members = found.clusters[0].members.clone();
    members.sort_unstable();
    assert_eq!(members, street);
    assert_eq!(found.clusters[0].p, 0.01);
    // In series, a count has to be larger to stand out, and a cluster to be one.
    let series = scan.clone().model(ScanModel::NegativeBinomial);
    let series = map.scan(&series).unwrap();
    assert!(
        series.clusters[0]
            .members
            .iter()
            .all(|m| street.contains(m))
    );
    assert!(series.clusters[0].p >= found.clusters[0].p);
    let flexible = scan.shape(ScanShape::Flexible { most: 14 });
    let flexible = map.scan(&flexible.replicates(0)).unwrap();
    assert!(found.windows < flexible.windows / 100);
}

/// The least counts that let a unit join, worked by hand: with mean 2, P(X > 3) + ½ P(X = 3) is
/// 0.233 and P(X > 4) + ½ P(X = 4) is 0.098.
#[test]
fn a_unit_joins_from_four_where_two_are_expected() {
    // Ten units of two cases on average; the first two border on each other.
    let mut map = Small::drawn(10, 0.0, 1);
    map.people = vec![10.0; 10];
    map.borders[0] = vec![1];
    map.borders[1] = vec![0];
    let scan = SpatialScan::new()
        .model(ScanModel::Poisson)
        .shape(ScanShape::Restricted {
            most: 5,
            below: 0.2,
        })
        .replicates(0);
    map.cases = vec![4.0, 4.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0];
    let both = map.scan(&scan).unwrap();
    assert_eq!(both.clusters[0].members.len(), 2);
    map.cases = vec![4.0, 3.0, 3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0];
    let one = map.scan(&scan).unwrap();
    assert_eq!(one.clusters[0].members, [0]);
    assert_eq!(one.windows, 1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let map = city(&[22]);
    let refused = |shape: ScanShape| map.scan(&SpatialScan::new().shape(shape)).unwrap_err();
    for (most, below) in [(1, 0.2), (12, 0.0), (12, 0.51)] {
        let error = refused(ScanShape::Restricted { most, below });
        assert!(matches!(error, Error::Parameter { .. }), "{error}");
    }
    let weights = Weights::from_neighbours(map.borders.clone()).unwrap();
    let counts = ndarray::Array2::from_elem((100, 4), 1.0);
    let error = SpaceTimeScan::new()
        .shape(ScanShape::Restricted {
            most: 9,
            below: 0.2,
        })
        .weights(&weights)
        .run(&counts, None, &map.x, &map.y)
        .unwrap_err();
    assert!(error.to_string().contains("restricted"), "{error}");
}

/// Six, five, four and two from the first: the nearest come first, the rim is within reach.
#[test]
fn near_are_those_of_a_group_within_reach() {
    let places = Places {
        x: &[10.0, 13.0, 10.0, 6.0, 10.0],
        y: &[-5.0, -1.0, -7.0, -5.0, -11.0],
        people: &[1.0; 5],
    };
    for (most, near, entries) in [(9, vec![0, 2, 3, 1], 4 << 4), (3, vec![0, 2, 3], 4 << 3)] {
        let flexible = Flexible {
            most,
            neighbours: vec![Vec::new(); 5],
        };
        let restricted = Restricted {
            flexible: &flexible,
            places,
            extent: Extent {
                share: 0.5,
                radius: 5.0,
            },
            people: 2.5,
            limits: Vec::new(),
        };
        assert_eq!(restricted.near(0, &[0, 1, 2, 3, 4]), near);
        let groups = Groups {
            of: vec![0, 0, 0, 0, 1],
            units: vec![vec![0, 1, 2, 3], vec![4]],
        };
        assert_eq!(restricted.entries(&groups), entries + (1 << 1));
    }
}
