use std::path::Path;

use rand::RngExt;

use super::*;
use crate::error::Fault;
use crate::methods::scan::{ScanFor, ScanShape, ScanTail};
use crate::model::WarningCode;
use crate::random::stream;

/// The 281 tracts of upstate New York: longitude, latitude, people and whole cases.
fn new_york() -> Option<[Vec<f64>; 4]> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/reference/satscan_ny_leukemia"
    );
    let Ok(text) = std::fs::read_to_string(Path::new(folder).join("nydf.csv")) else {
        println!("SKIPPED: leukaemia in New York, no {folder}");
        return None;
    };
    let mut out: [Vec<f64>; 4] = Default::default();
    for line in text.lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|v| v.parse().unwrap()).collect();
        for (column, value) in out.iter_mut().zip(row) {
            column.push(value);
        }
    }
    for cases in &mut out[3] {
        *cases = cases.floor();
    }
    Some(out)
}

fn serial() -> Workers {
    Workers::new(1).unwrap()
}

/// Places and people at random, with some cases.
fn random_map(units: usize, seed: u64) -> [Vec<f64>; 4] {
    let mut random = stream(seed, 0);
    let mut out: [Vec<f64>; 4] = Default::default();
    for _ in 0..units {
        out[0].push(random.random_range(0.0..1000.0));
        out[1].push(random.random_range(0.0..1000.0));
        let people = f64::from(random.random_range(20..400));
        out[2].push(people);
        let near = (out[0][out[0].len() - 1] - 400.0).abs() < 150.0;
        let rate = if near { 0.06 } else { 0.04 };
        out[3].push(
            (0..people as u32)
                .filter(|_| random.random::<f64>() < rate)
                .count() as f64,
        );
    }
    out
}

/// SaTScan 9.6 with windows of at most a tenth of the people, as printed.
#[test]
fn clusters_are_those_of_satscan() {
    let Some([x, y, people, cases]) = new_york() else {
        return;
    };
    let found = SpatialScan::new()
        .model(ScanModel::Poisson)
        .max_population_share(0.1)
        .run(&cases, &people, &x, &y)
        .unwrap();
    let printed = [
        (11.577255, 85, 49.71, 1.84, 0.0010, 95249.0),
        (9.019716, 38, 17.79, 2.22, 0.013, 34083.0),
        (6.114140, 64, 40.85, 1.64, 0.216, 78280.0),
        (4.651839, 25, 12.82, 1.99, 0.609, 24571.0),
        (4.169203, 28, 15.54, 1.84, 0.755, 29782.0),
        (3.363518, 12, 5.14, 2.37, 0.961, 9840.0),
        (3.209485, 11, 4.61, 2.41, 0.976, 8839.0),
    ];
    assert!(found.clusters.len() >= printed.len());
    for (cluster, (ratio, observed, expected, risk, p, people)) in
        found.clusters.iter().zip(printed)
    {
        assert!(
            (cluster.log_likelihood_ratio - ratio).abs() <= 5e-7,
            "{cluster:?}"
        );
        assert_eq!(cluster.observed, observed);
        assert!((cluster.expected - expected).abs() <= 0.005 + 1e-9);
        assert!((cluster.relative_risk - risk).abs() <= 0.005 + 1e-9);
        assert_eq!(cluster.population, people);
        // Both are simulated: the difference of two shares of 999.
        let p: f64 = p;
        let band = 4.0 * (2.0 * p * (1.0 - p) / 1_000.0).sqrt() + 0.001;
        assert!((cluster.p - p).abs() <= band, "{} {p}", cluster.p);
    }
    // Its tracts, nearest to the middle first; they are numbered from 1 there.
    let numbered = |cluster: usize| -> Vec<usize> {
        found.clusters[cluster]
            .members
            .iter()
            .map(|m| m + 1)
            .collect()
    };
    let first = [
        49, 48, 50, 47, 1, 15, 51, 2, 13, 14, 3, 35, 16, 52, 36, 37, 12, 11, 5, 17, 10, 4, 6, 38,
        18, 9,
    ];
    assert_eq!(numbered(0), first);
    assert_eq!(numbered(1), [89, 88, 87, 84, 90, 86, 92, 85]);
    assert_eq!(numbered(3), [62, 64, 67, 65]);
    assert_eq!(numbered(4), [46, 45, 41, 54, 44, 43, 53]);
    assert_eq!(numbered(5), [266, 281, 267, 265]);
    assert_eq!(numbered(6), [166, 159, 167]);
    assert!((found.clusters[0].radius - 0.070).abs() <= 0.0005);
    // These cases vary more than independent ones, which SaTScan does not look at.
    assert!(
        found
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Overdispersion)
    );
    let guarded = SpatialScan::new().max_population_share(0.1);
    let guarded = guarded.run(&cases, &people, &x, &y).unwrap();
    assert_eq!(guarded.model, ScanModel::NegativeBinomial);
    assert_eq!(guarded.clusters[0].members, found.clusters[0].members);
    assert!(guarded.clusters[0].p > 5.0 * found.clusters[0].p);
}

/// All windows by the definition: for every place and every other, what is as near.
fn plain(map: &[Vec<f64>; 4], scan: &SpatialScan, bernoulli: bool) -> f64 {
    let [x, y, people, cases] = map;
    let (all, total): (f64, f64) = (people.iter().sum(), cases.iter().sum());
    let term = |x: f64, y: f64| if x == 0.0 { 0.0 } else { x * (x / y).ln() };
    let outlines = scan.options.shape.outlines().unwrap();
    let mut most = 0.0f64;
    for outline in &outlines {
        for i in 0..x.len() {
            let reach = |j: usize| outline.reach(x[j] - x[i], y[j] - y[i]);
            for k in 0..x.len() {
                let within = (0..x.len()).filter(|j| reach(*j) <= reach(k));
                let (mut n, mut c) = (0.0, 0.0);
                for j in within {
                    n += people[j];
                    c += cases[j];
                }
                let length = reach(k).sqrt() * outline.ratio;
                if n > scan.options.share * all || length > scan.options.radius {
                    continue;
                }
                let ratio = if bernoulli {
                    term(c, n)
                        + term(n - c, n)
                        + term(total - c, all - n)
                        + term(all - n - total + c, all - n)
                        - term(total, all)
                        - term(all - total, all)
                } else {
                    let e = total * n / all;
                    term(c, e) + term(total - c, total - e)
                };
                let wanted = match scan.options.sides {
                    ScanFor::High => c * all > n * total && c >= 2.0,
                    ScanFor::Low => c * all < n * total,
                    ScanFor::Both => c * all < n * total || c >= 2.0,
                };
                if wanted {
                    most = most.max(ratio * outline.penalty);
                }
            }
        }
    }
    most
}

#[test]
fn the_greatest_ratio_is_that_of_all_windows() {
    for seed in 0..4 {
        let map = random_map(40, seed);
        let [x, y, people, cases] = &map;
        for sides in [ScanFor::High, ScanFor::Low, ScanFor::Both] {
            for model in [ScanModel::Poisson, ScanModel::Bernoulli] {
                for shape in [ScanShape::Circle, ScanShape::Ellipse { penalty: 0.5 }] {
                    let scan = SpatialScan::new()
                        .model(model)
                        .scan_for(sides)
                        .shape(shape)
                        .max_population_share(0.4)
                        .max_radius(600.0)
                        .replicates(0);
                    let found = scan.run_with(cases, people, (x, y), &serial()).unwrap();
                    let want = plain(&map, &scan, model == ScanModel::Bernoulli);
                    let got = found.clusters[0].log_likelihood_ratio;
                    assert!((got - want).abs() < 1e-9, "{got} {want} {scan:?}");
                    assert!(found.clusters[0].p.is_nan());
                }
            }
        }
    }
}

/// The thresholds of the simulation pass nothing over: every map by itself gives the same.
#[test]
fn simulated_maps_have_their_greatest_ratio() {
    use crate::methods::scan::cells::Cells;
    use crate::methods::scan::chance::Chance;
    use crate::stats::GuideTable;

    let [x, y, people, cases] = random_map(60, 9);
    for sides in [ScanFor::High, ScanFor::Both] {
        let scan = SpatialScan::new()
            .model(ScanModel::Poisson)
            .scan_for(sides)
            .replicates(203)
            .seed(3);
        let found = scan.run(&cases, &people, &x, &y).unwrap();
        assert_eq!(found.simulated.len(), 203);
        let given = Given::PerUnit(&people);
        let cells = Cells::of(&cases, 1, given, (&x, &y), ScanModel::Poisson).unwrap();
        let chance = Chance::Multinomial {
            cells: GuideTable::new(&cells.shares),
            cases: cells.cases,
        };
        let mut drawn = vec![0; 60];
        for (replicate, &simulated) in (0..).zip(&found.simulated) {
            chance.draw(&mut stream(3, replicate), &mut drawn);
            let map: Vec<f64> = drawn.iter().map(|c| f64::from(*c)).collect();
            let alone = scan.clone().replicates(0);
            let alone = alone.run_with(&map, &people, (&x, &y), &serial()).unwrap();
            let want = alone
                .clusters
                .first()
                .map_or(0.0, |c| c.log_likelihood_ratio);
            assert!((simulated - want).abs() < 1e-9, "{simulated} {want}");
        }
    }
}

/// In series, ratios are divided by how much their own map varies, and told as if it varied as the
/// map that was seen.
#[test]
fn simulated_maps_in_series_are_measured_by_their_own_spread() {
    use crate::methods::scan::cells::Cells;
    use crate::methods::scan::nature::Nature;
    use crate::stats::dispersion_test;

    let [x, y, people, mut cases] = random_map(40, 15);
    for doubled in cases.iter_mut().step_by(3) {
        *doubled *= 2.0;
    }
    let scan = SpatialScan::new().model(ScanModel::NegativeBinomial);
    let scan = scan.replicates(150).seed(3);
    let found = scan.run(&cases, &people, &x, &y).unwrap();
    let spread = dispersion_test(&cases, &people);
    assert!(spread.ratio > 1.5 && (found.dispersion / spread.ratio - 1.0).abs() < 1e-9);
    assert!((found.dispersion_p - spread.p).abs() < 1e-9);
    let given = Given::PerUnit(&people);
    let model = ScanModel::NegativeBinomial;
    let cells = Cells::of(&cases, 1, given, (&x, &y), model).unwrap();
    let chance = Nature::of(model, &cells).chance(&cells);
    let alone = SpatialScan::new().model(ScanModel::Poisson).replicates(0);
    let mut drawn = vec![0; 40];
    for (replicate, simulated) in (0..60).zip(&found.simulated) {
        chance.draw(&mut stream(3, replicate), &mut drawn);
        let map: Vec<f64> = drawn.iter().map(|c| f64::from(*c)).collect();
        let own = dispersion_test(&map, &people).ratio.max(1.0);
        let most = alone.run_with(&map, &people, (&x, &y), &serial()).unwrap();
        let most = most
            .clusters
            .first()
            .map_or(0.0, |c| c.log_likelihood_ratio);
        let want = most / own * found.dispersion;
        assert!((simulated / want - 1.0).abs() < 1e-9, "{simulated} {want}");
    }
    // Ended by the fifth map that reaches the first cluster.
    let ratio = found.clusters[0].log_likelihood_ratio;
    let reached = |maps: &[f64]| maps.iter().filter(|r| **r >= ratio * (1.0 - 1e-9)).count();
    assert!(reached(&found.simulated) > 5, "{ratio}");
    let early = scan.tail(ScanTail::Sequential { reached: 5 });
    let early = early.run(&cases, &people, &x, &y).unwrap();
    let maps = early.simulated.len();
    assert_eq!(early.simulated[..], found.simulated[..maps]);
    assert_eq!(reached(&early.simulated), 5);
    assert_eq!(reached(&early.simulated[..maps - 1]), 4);
}

#[test]
fn same_bytes_for_any_number_of_threads_and_order_of_rows() {
    let [x, y, people, cases] = random_map(120, 2);
    let scan = SpatialScan::new()
        .model(ScanModel::NegativeBinomial)
        .seed(5);
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        scan.run_with(&cases, &people, (&x, &y), &workers).unwrap()
    };
    let found = run(1);
    for threads in [2, 3, 5] {
        assert_eq!(format!("{:?}", run(threads)), format!("{found:?}"));
    }
    let turned = |column: &[f64]| column.iter().rev().copied().collect::<Vec<_>>();
    let scan = scan.replicates(0);
    let back = scan
        .run(&turned(&cases), &turned(&people), &turned(&x), &turned(&y))
        .unwrap();
    for (a, b) in found.clusters.iter().zip(&back.clusters) {
        let (mut here, mut there) = (a.members.clone(), b.members.clone());
        for member in &mut there {
            *member = 119 - *member;
        }
        here.sort_unstable();
        there.sort_unstable();
        assert_eq!(here, there);
    }
}

#[test]
fn only_shares_of_the_population_matter_and_units_of_length_do_not() {
    let [x, y, people, cases] = random_map(80, 4);
    let scan = SpatialScan::new().model(ScanModel::Poisson).replicates(99);
    let found = scan.run(&cases, &people, &x, &y).unwrap();
    // Expected counts, and kilometres from another origin.
    let total: f64 = cases.iter().sum();
    let all: f64 = people.iter().sum();
    let expected: Vec<f64> = people.iter().map(|p| p * total / all).collect();
    let far = |v: &[f64]| v.iter().map(|v| v / 1_000.0 + 64.0).collect::<Vec<_>>();
    let other = scan.run(&cases, &expected, &far(&x), &far(&y)).unwrap();
    for (a, b) in found.clusters.iter().zip(&other.clusters) {
        assert_eq!(a.members, b.members);
        assert!((a.log_likelihood_ratio - b.log_likelihood_ratio).abs() < 1e-9);
        assert!((a.radius / 1_000.0 - b.radius).abs() < 1e-9);
        assert_eq!(a.p, b.p);
    }
}

#[test]
fn clusters_share_no_unit_and_grow_weaker() {
    let [x, y, people, cases] = random_map(150, 6);
    let scan = SpatialScan::new().scan_for(ScanFor::Both).replicates(99);
    let found = scan.run(&cases, &people, &x, &y).unwrap();
    let mut met = [false; 150];
    for pair in found.clusters.windows(2) {
        assert!(pair[0].log_likelihood_ratio >= pair[1].log_likelihood_ratio);
        assert!(pair[0].p <= pair[1].p);
    }
    for member in found.clusters.iter().flat_map(|c| &c.members) {
        assert!(!std::mem::replace(&mut met[*member], true));
    }
    let of = found.cluster_of(150);
    assert_eq!(
        of.iter().filter(|c| c.is_some()).count(),
        met.iter().filter(|m| **m).count()
    );
    for (number, cluster) in found.clusters.iter().enumerate() {
        let observed: f64 = cluster.members.iter().map(|m| cases[*m]).sum();
        assert_eq!(cluster.observed as f64, observed);
        assert!(cluster.members.iter().all(|m| of[*m] == Some(number)));
        assert_eq!(cluster.members[0], cluster.center_unit);
        assert_eq!(
            cluster.center,
            [x[cluster.members[0]], y[cluster.members[0]]]
        );
    }
}

#[test]
fn as_many_clusters_are_given_as_were_asked_for() {
    let [x, y, people, cases] = random_map(150, 6);
    let scan = SpatialScan::new().scan_for(ScanFor::Both).replicates(0);
    let run = |scan: &SpatialScan| scan.run(&cases, &people, &x, &y).unwrap().clusters;
    let all = run(&scan.clone().most_clusters(150));
    assert!(all.len() > 20);
    for most in [0, 1, 3] {
        let some = run(&scan.clone().most_clusters(most));
        assert_eq!(format!("{some:?}"), format!("{:?}", &all[..most]));
    }
    assert_eq!(run(&scan).len(), 20);
    let least = run(&scan.clone().least_cases(25));
    let high = |c: &&super::super::ScanCluster| c.observed as f64 > c.expected;
    let least = least.iter().filter(high).map(|c| c.observed).min();
    assert!(least.unwrap() >= 25 && all.iter().filter(high).any(|c| c.observed < 25));
}

/// Five units on a slope of one, and two and two beside it: the first ellipse that holds those on
/// the slope alone is three times as long as wide and lies at 40 degrees.
#[test]
fn a_cluster_along_a_slope_has_its_ellipse() {
    let x = [20.0, 0.0, 10.0, 30.0, 40.0, 10.0, 30.0, 0.0, 40.0];
    let y = [20.0, 0.0, 10.0, 30.0, 40.0, 30.0, 10.0, 40.0, 0.0];
    let cases = [10.0, 10.0, 10.0, 10.0, 10.0, 1.0, 1.0, 1.0, 1.0];
    let found = SpatialScan::new()
        .model(ScanModel::Poisson)
        .shape(ScanShape::Ellipse { penalty: 0.5 })
        .max_population_share(0.6)
        .replicates(0)
        .run(&cases, &[20.0; 9], &x, &y)
        .unwrap();
    let first = &found.clusters[0];
    let mut members = first.members.clone();
    members.sort_unstable();
    assert_eq!(members, [0, 1, 2, 3, 4]);
    assert_eq!((first.center_unit, first.center), (0, [20.0, 20.0]));
    assert_eq!(first.axis_ratio, 3.0);
    assert!((first.axis_angle - 40.0).abs() < 1e-12);
    // The ends of the slope lie five degrees off the axis.
    let (sine, cosine) = 5f64.to_radians().sin_cos();
    let length = 800f64.sqrt() * cosine.hypot(3.0 * sine);
    assert!((first.radius - length).abs() < 1e-9, "{}", first.radius);
    let ratio = 50.0 * (50.0f64 / 30.0).ln() + 4.0 * (4.0f64 / 24.0).ln();
    let ratio = 0.75f64.sqrt() * ratio;
    assert!((first.log_likelihood_ratio - ratio).abs() < 1e-9);
}

/// A row of six, of which the second is not known: the first borders on nobody.
#[test]
fn units_that_are_left_out_link_nobody() {
    use crate::weights::Weights;

    let x: Vec<f64> = (0..6).map(f64::from).collect();
    let row = (0..6u32).map(|i| (0..6).filter(|j| i.abs_diff(*j) == 1).collect());
    let weights = Weights::from_neighbours(row.collect()).unwrap();
    let cases = [20.0, f64::NAN, 18.0, 17.0, 1.0, 1.0];
    for shape in [
        ScanShape::Flexible { most: 5 },
        ScanShape::Restricted {
            most: 5,
            below: 0.5,
        },
    ] {
        let scan = SpatialScan::new().model(ScanModel::Poisson).shape(shape);
        let scan = scan.weights(&weights).max_population_share(1.0);
        let found = scan.replicates(0).run(&cases, &[30.0; 6], &x, &[0.0; 6]);
        let members = |at: usize| found.as_ref().unwrap().clusters[at].members.clone();
        assert_eq!((members(0), members(1)), (vec![2, 3], vec![0]));
    }
}

#[test]
fn simulation_ends_early_for_what_is_ordinary() {
    let [x, y, people, cases] = random_map(50, 12);
    let shuffled: Vec<f64> = (0..50).map(|i| cases[i * 7 % 50].min(people[i])).collect();
    let scan = SpatialScan::new()
        .model(ScanModel::Poisson)
        .replicates(1_999)
        .tail(ScanTail::Sequential { reached: 20 });
    let found = scan.run(&shuffled, &[1.0; 50], &x, &y).unwrap();
    let first = &found.clusters[0];
    let maps = found.simulated.len();
    if maps < 1_999 {
        assert_eq!(first.p, 20.0 / maps as f64);
    } else {
        assert!(first.p <= 20.0 / 1_999.0);
    }
    let full = scan
        .tail(ScanTail::Rank)
        .run(&shuffled, &[1.0; 50], &x, &y)
        .unwrap();
    assert_eq!(full.simulated[..maps], found.simulated);
    // 20 of them: a relative standard error of about 0.22.
    assert!((first.p - full.clusters[0].p).abs() < 4.0 * 0.23 * first.p.max(0.01));
}

#[test]
fn what_is_missing_is_left_out_and_said() {
    let x: Vec<f64> = (0..8).map(f64::from).collect();
    let mut cases = [3.0, 3.0, 14.0, 15.0, 3.0, 2.0, 3.0, 40.0];
    let mut people = [100.0; 8];
    people[7] = f64::NAN;
    cases[0] = f64::NAN;
    let scan = SpatialScan::new().model(ScanModel::Poisson);
    let found = scan.run(&cases, &people, &x, &[0.0; 8]).unwrap();
    assert_eq!((found.units, found.missing, found.cases), (6, 2, 40));
    assert_eq!(found.clusters[0].members, [3, 2]);
    assert_eq!(found.warnings[0].code, WarningCode::MissingPopulation);
    assert_eq!(found.warnings[0].value, Some(2.0));
}

#[test]
fn next_to_nothing_gives_no_cluster_and_says_so() {
    let scan = SpatialScan::new();
    for (cases, x) in [
        (vec![0.0, 0.0, 1.0], vec![0.0, 1.0, 2.0]),
        (vec![9.0], vec![1.0]),
    ] {
        let n = x.len();
        let found = scan.run(&cases, &vec![5.0; n], &x, &vec![0.0; n]).unwrap();
        assert!(found.clusters.is_empty());
        assert_eq!(found.warnings[0].code, WarningCode::TooFewIncidents);
    }
    // Two cases in two units are just enough.
    let two = SpatialScan::new().model(ScanModel::Poisson).replicates(0);
    let two = two
        .run(&[2.0, 0.0], &[5.0; 2], &[0.0, 1.0], &[0.0; 2])
        .unwrap();
    assert_eq!((two.clusters.len(), two.warnings.len()), (1, 0));
    // As many everywhere: nothing stands out.
    let even = scan
        .run(&[5.0; 4], &[10.0; 4], &[0.0, 1.0, 2.0, 3.0], &[0.0; 4])
        .unwrap();
    assert!(even.clusters.is_empty() && even.simulated.is_empty());
    // All on one place: no case is outside.
    let x = [0.0, 1.0, 2.0];
    let on_one = |model| {
        let scan = SpatialScan::new().model(model);
        scan.run(&[0.0, 9.0, 0.0], &[1.0; 3], &x, &[0.0; 3])
            .unwrap()
    };
    let one = on_one(ScanModel::Poisson);
    assert!(one.clusters[0].relative_risk.is_infinite());
    // Taken as one series, chance would make no less of it.
    let series = on_one(ScanModel::Auto);
    assert_eq!(series.model, ScanModel::NegativeBinomial);
    assert!(series.clusters.is_empty());
}

#[test]
fn what_cannot_be_scanned_is_refused_by_name() {
    let x = [0.0, 1.0, 2.0];
    let run = |cases: &[f64], people: &[f64], x: &[f64]| {
        SpatialScan::new().run(cases, people, x, &[0.0; 3])
    };
    let fault = |cases: &[f64], people: &[f64], x: &[f64]| {
        run(cases, people, x).unwrap_err().fault().unwrap()
    };
    let fine = [1.0, 2.0, 3.0];
    assert_eq!(fault(&[1.0, 2.0], &fine, &x), Fault::LengthMismatch);
    assert_eq!(fault(&[1.0, 0.5, 2.0], &fine, &x), Fault::NotAnInteger);
    assert_eq!(fault(&[1.0, -1.0, 2.0], &fine, &x), Fault::Negative);
    assert_eq!(fault(&[1.0, 4e9, 2.0], &fine, &x), Fault::NumberOutOfRange);
    assert_eq!(
        fault(&fine, &[1.0, f64::INFINITY, 1.0], &x),
        Fault::NonFinite
    );
    assert_eq!(fault(&fine, &fine, &[0.0, f64::NAN, 1.0]), Fault::NonFinite);
    assert_eq!(fault(&fine, &[f64::NAN; 3], &x), Fault::NoRows);
    let error = run(&fine, &[1.0, 0.0, 4.0], &x).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingExposure));
    assert!(error.to_string().contains("unit 1"), "{error}");
    let bernoulli = SpatialScan::new().model(ScanModel::Bernoulli);
    let more = bernoulli.run(&[3.0, 1.0, 1.0], &[2.0; 3], &x, &[0.0; 3]);
    assert_eq!(more.unwrap_err().fault(), Some(Fault::NumberOutOfRange));
    let parts = bernoulli.run(&[1.0, 1.0, 1.0], &[2.0, 2.5, 2.0], &x, &[0.0; 3]);
    assert_eq!(parts.unwrap_err().fault(), Some(Fault::NotAnInteger));
    for wrong in [
        SpatialScan::new().max_population_share(0.0),
        SpatialScan::new().max_radius(-1.0),
        SpatialScan::new().model(ScanModel::SpaceTimePermutation),
        SpatialScan::new().tail(ScanTail::Gumbel).replicates(9),
    ] {
        let error = wrong.run(&fine, &fine, &x, &[0.0; 3]).unwrap_err();
        assert!(matches!(error, Error::Parameter { .. }));
    }
    let tight = SpatialScan::new().most_bytes(4);
    let error = tight.run(&fine, &fine, &x, &[0.0; 3]).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }));
}

#[test]
fn a_stopped_scan_ends_and_a_running_one_is_heard() {
    use std::sync::{Arc, Mutex};

    let [x, y, people, cases] = random_map(100, 1);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let job = crate::Job::new().on_progress(move |p| ear.lock().unwrap().push(p.done));
    let workers = Workers::for_job(2, job).unwrap();
    SpatialScan::new()
        .run_with(&cases, &people, (&x, &y), &workers)
        .unwrap();
    let heard = heard.lock().unwrap().clone();
    assert!(heard.len() > 5 && heard.is_sorted());
    assert_eq!(heard.last(), Some(&1.0));
    workers.job().stop();
    let stopped = SpatialScan::new().run_with(&cases, &people, (&x, &y), &workers);
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

/// On a street of cells, along which cases are many.
#[test]
fn flexible_windows_follow_what_hangs_together() {
    use crate::weights::Weights;

    let side = |i: usize| (100.0 * (i % 10) as f64, 100.0 * (i / 10) as f64);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..100).map(side).unzip();
    // Around a corner: six cells to the east, then five to the north.
    let street = [22, 23, 24, 25, 26, 27, 37, 47, 57];
    let cases: Vec<f64> = (0..100)
        .map(|i| {
            if street.contains(&i) {
                9.0
            } else {
                f64::from(i as u32 % 3) + 1.0
            }
        })
        .collect();
    let beside = |i: usize, j: &usize| (i / 10).abs_diff(j / 10) + (i % 10).abs_diff(j % 10) == 1;
    let lists = (0..100)
        .map(|i| {
            (0..100)
                .filter(|j| beside(i, j))
                .map(|j| j as u32)
                .collect()
        })
        .collect();
    let weights = Weights::from_neighbours(lists).unwrap();
    let scan = SpatialScan::new()
        .model(ScanModel::Poisson)
        .shape(ScanShape::Flexible { most: 14 })
        .weights(&weights)
        .replicates(19);
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        scan.run_with(&cases, &[50.0; 100], (&x, &y), &workers)
            .unwrap()
    };
    let found = run(1);
    assert_eq!(format!("{found:?}"), format!("{:?}", run(2)));
    let discs = scan.clone().shape(ScanShape::Circle);
    let discs = discs.run(&cases, &[50.0; 100], &x, &y).unwrap();
    let (first, disc) = (&found.clusters[0], &discs.clusters[0]);
    let inside = |members: &[usize]| members.iter().filter(|m| street.contains(m)).count();
    assert!(first.log_likelihood_ratio > disc.log_likelihood_ratio);
    assert!(
        inside(&first.members) as f64 >= 0.9 * first.members.len() as f64,
        "{first:?}"
    );
    assert!(first.members.len() >= 5);
    // What is taken is taken: no two clusters share a unit.
    let members: Vec<usize> = found
        .clusters
        .iter()
        .flat_map(|c| c.members.clone())
        .collect();
    assert_eq!(
        members.len(),
        found.cluster_of(100).iter().flatten().count()
    );
    let error = scan.clone().shape(ScanShape::Flexible { most: 21 });
    assert!(matches!(
        error.run(&cases, &[50.0; 100], &x, &y),
        Err(Error::Parameter { .. })
    ));
    let error = SpatialScan::new().shape(ScanShape::Flexible { most: 5 });
    let error = error.run(&cases, &[50.0; 100], &x, &y).unwrap_err();
    assert!(matches!(
        error,
        Error::Parameter {
            name: "weights",
            ..
        }
    ));
    let error = scan
        .run(&cases[1..], &[50.0; 99], &x[1..], &y[1..])
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::LengthMismatch));
}
