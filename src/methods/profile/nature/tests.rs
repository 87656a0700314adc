use proptest::prelude::*;

use super::*;
use crate::model::{Crs, Zone};
use crate::random::stream;
use crate::stats::chi_square_tails;
use rand::RngExt;
use rand::seq::SliceRandom;

const REST: u32 = NeighbourhoodIndex::NONE;

fn workers() -> Workers {
    Workers::new(1).unwrap()
}

/// Incidents of these categories on places of a line, at these local times.
fn reports(categories: &[&str], times: Option<Times>) -> Incidents {
    let x = (0..categories.len()).map(|i| (i % 5) as f64).collect();
    let builder = Incidents::builder(x, vec![0.0; categories.len()], Crs::PLANAR);
    let builder = builder.category(categories.iter().copied().collect());
    match times {
        Some(times) => builder.time(times),
        None => builder,
    }
    .build()
    .unwrap()
}

fn by(facet: Facet) -> Profile {
    Profile::new().by(vec![Breakdown::of(facet)])
}

#[test]
fn a_small_profile_worked_by_hand() {
    // Noise 3 of 4 here and 1 of 6 elsewhere.
    let kinds = ["a", "a", "a", "b", "a", "b", "b", "b", "b", "b"];
    let labels = [0, 0, 0, 0, REST, REST, REST, REST, REST, REST];
    let found = by(Facet::Category)
        .run_labels(&reports(&kinds, None), &labels, 1, &workers())
        .unwrap();
    let table = &found.tables[0];
    assert_eq!((found.size[0], found.rest[0], found.outside), (4, 6, 0));
    assert_eq!(table.cell, ["a", "b"]);
    assert!((table.quotient[[0, 0]] - 4.5).abs() < 1e-12);
    assert!((table.quotient[[0, 1]] - 0.3).abs() < 1e-12);
    assert!((table.expected[[0, 0]] - 4.0 / 6.0).abs() < 1e-12);
    // P(3 or 4 of the four a among four drawn from ten) = (24 + 1)/210, both ways of X².
    assert!((table.p[[0, 0]] - 50.0 / 210.0).abs() < 1e-12);
    assert!((table.statistic[0] - 3.402_777_777_777_778).abs() < 1e-12);
    // 0 a of 4 is (6 choose 4)/210; its X² is 4.44, more than that seen.
    assert!((table.profile_p[0] - (25.0 + 15.0) / 210.0).abs() < 1e-12);
    assert!(table.exact[0]);
    assert!((table.distance[0] - 7.0 / 12.0).abs() < 1e-12);
    assert!(table.distance_expected[0] > 0.0);
}

#[test]
fn two_subsets_beside_each_other() {
    let kinds = ["a", "a", "b", "a", "b", "b", "b", "c"];
    let incidents = reports(&kinds, None);
    let found = by(Facet::Category)
        .run_between(&incidents, &[0, 1, 2], &[3, 4, 5, 6], &workers())
        .unwrap();
    let table = &found.tables[0];
    assert_eq!((found.size[0], found.rest[0], found.outside), (3, 4, 1));
    assert!((table.quotient[[0, 0]] - (2.0 / 3.0) / 0.25).abs() < 1e-12);
    assert!(table.quotient[[0, 2]].is_nan() && table.p[[0, 2]].is_nan());
    let back = by(Facet::Category)
        .run_between(&incidents, &[3, 4, 5, 6], &[0, 1, 2], &workers())
        .unwrap();
    assert!((back.tables[0].quotient[[0, 0]] * table.quotient[[0, 0]] - 1.0).abs() < 1e-12);
    assert!((back.tables[0].profile_p[0] - table.profile_p[0]).abs() < 1e-12);
    assert_eq!(back.tables[0].distance, table.distance);
    let shared = by(Facet::Category).run_between(&incidents, &[0, 1], &[1, 2], &workers());
    assert!(shared.is_err());
}

#[test]
fn unknown_hours_and_kinds_are_counted_and_kept_out() {
    let mut times = Times::new(Zone::amsterdam());
    for (text, date_only) in [
        ("2024-05-17T22:30", false),
        ("2024-05-17T00:00", false),
        ("2024-05-18", true),
        ("2024-05-18T23:10", false),
    ] {
        times.push_local(text.parse().unwrap(), date_only);
    }
    let incidents = reports(&["a", "", "a", "b"], Some(times));
    let found = Profile::new()
        .by(vec![
            Breakdown::of(Facet::Hour),
            Breakdown::of(Facet::Weekday),
            Breakdown::of(Facet::Category),
            Breakdown::crossed(Facet::Category, Facet::PartOfDay),
        ])
        .run_labels(&incidents, &[0, 0, REST, REST], 1, &workers())
        .unwrap();
    let left_out: Vec<_> = found.tables.iter().map(|t| t.left_out[0]).collect();
    let rest_used: Vec<_> = found.tables.iter().map(|t| t.rest_used[0]).collect();
    assert_eq!((left_out, rest_used), (vec![1, 0, 1, 1], vec![1, 2, 2, 1]));
    let codes: Vec<_> = found.warnings.iter().map(|w| w.code.code()).collect();
    assert_eq!(codes, ["times", "input", "times"]);
    assert_eq!(found.tables[0].count[[0, 22]], 1.0);
    assert_eq!(found.tables[1].count[[0, 4]], 2.0);
    let crossed = &found.tables[3];
    let cell = crossed.cell.iter().position(|c| c == "a, evening").unwrap();
    assert_eq!(crossed.count[[0, cell]], 1.0);
    assert_eq!(crossed.count.sum(), 1.0);
}

#[test]
fn uncertain_times_count_in_parts() {
    let local = |texts: [&str; 6]| {
        let mut times = Times::new(Zone::amsterdam());
        for text in texts {
            times.push_local(text.parse().unwrap(), false);
        }
        times
    };
    let from = local([
        "2024-05-17T22:30",
        "2024-05-17T10:10",
        "2024-05-17T11:20",
        "2024-05-18T22:10",
        "2024-05-18T09:10",
        "2024-05-18T13:10",
    ]);
    let to = local([
        "2024-05-18T00:30",
        "2024-05-17T10:20",
        "2024-05-17T11:20",
        "2024-05-18T23:10",
        "2024-05-18T12:10",
        "2024-05-18T13:40",
    ]);
    let incidents = reports(&["a"; 6], Some(from));
    let labels = [0, 0, 0, REST, REST, REST];
    let found = by(Facet::Hour)
        .ends(to.clone())
        .permutations(4_999)
        .run_labels(&incidents, &labels, 1, &workers())
        .unwrap();
    let table = &found.tables[0];
    for (hour, want) in [
        (22, 0.25),
        (23, 0.5),
        (0, 0.25),
        (10, 1.0),
        (11, 1.0),
        (13, 0.0),
    ] {
        assert!((table.count[[0, hour]] - want).abs() < 1e-12, "{hour}");
    }
    // 22: a quarter here, five sixths there.
    assert!((table.quotient[[0, 22]] - 0.25 / (5.0 / 6.0)).abs() < 1e-12);
    assert!(table.quotient[[0, 0]].is_nan() && table.high[[0, 0]].is_infinite());
    assert!(
        table
            .p
            .iter()
            .all(|p| p.is_nan() || (0.0..=1.0).contains(p))
    );
    // All (6 choose 3) subsets, by hand: those with an X² as large as seen.
    let shares = [
        vec![(22, 0.25), (23, 0.5), (0, 0.25)],
        vec![(10, 1.0)],
        vec![(11, 1.0)],
        vec![(22, 5.0 / 6.0), (23, 1.0 / 6.0)],
        vec![
            (9, 5.0 / 18.0),
            (10, 1.0 / 3.0),
            (11, 1.0 / 3.0),
            (12, 1.0 / 18.0),
        ],
        vec![(13, 1.0)],
    ];
    let statistic = |subset: u32| {
        let (mut here, mut all) = ([0.0f64; 24], [0.0f64; 24]);
        for (i, shares) in shares.iter().enumerate() {
            for &(hour, share) in shares {
                all[hour] += share;
                here[hour] += if subset >> i & 1 == 1 { share } else { 0.0 };
            }
        }
        let off = |h: usize| (here[h] - 0.5 * all[h]).powi(2) / all[h];
        4.0 * (0..24).filter(|h| all[*h] > 0.0).map(off).sum::<f64>()
    };
    assert!((table.statistic[0] - statistic(0b111)).abs() < 1e-9);
    let all: Vec<f64> = (0..64u32)
        .filter(|s| s.count_ones() == 3)
        .map(statistic)
        .collect();
    let p = all
        .iter()
        .filter(|s| **s >= table.statistic[0] - 1e-9)
        .count() as f64
        / 20.0;
    assert!((table.profile_p[0] - p).abs() < 4.0 * (p * (1.0 - p) / 5_000.0).sqrt() + 1e-3);
    assert!(!table.exact[0]);
    // Of a part that is more than half, those left behind are drawn.
    let p_of = |labels: [u32; 6]| {
        let method = by(Facet::Hour).ends(to.clone()).permutations(4_999);
        let found = method
            .run_labels(&incidents, &labels, 1, &workers())
            .unwrap();
        (found.tables[0].statistic[0], found.tables[0].profile_p[0])
    };
    let (few, p_few) = p_of([0, 0, REST, REST, REST, REST]);
    let (many, p_many) = p_of([REST, REST, 0, 0, 0, 0]);
    assert!((few - many).abs() < 1e-9);
    assert!((p_few - p_many).abs() < 4.0 * (0.5f64 / 5_000.0).sqrt());
}

#[test]
fn traits_are_the_largest_excesses() {
    let mut kinds = Vec::new();
    let mut labels = Vec::new();
    for (kind, here, there) in [
        ("few", 2, 80),
        ("more", 40, 100),
        ("most", 60, 100),
        ("much", 9, 2),
    ] {
        kinds.extend(std::iter::repeat_n(kind, here + there));
        labels.extend(std::iter::repeat_n(0, here));
        labels.extend(std::iter::repeat_n(REST, there));
    }
    let found = by(Facet::Category)
        .run_labels(&reports(&kinds, None), &labels, 1, &workers())
        .unwrap();
    let traits = found.traits(0, 3, 0.05);
    let names: Vec<_> = traits.iter().map(|t| t.label.as_str()).collect();
    assert_eq!(names, ["most", "much"]);
    assert!(traits[0].excess > traits[1].excess && traits[1].quotient > traits[0].quotient);
    assert!(traits.iter().all(|t| t.q <= 0.05 && t.low > 0.9));
    assert!(found.traits(7, 3, 0.05).is_empty());
}

/// Of many incidents whole tables are drawn; χ² then has its distribution.
#[test]
fn drawn_tables_have_the_tail_of_chi_square() {
    let kinds = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let categories: Vec<&str> = (0..1_200).map(|i| kinds[i * i / 7 % 10]).collect();
    let labels: Vec<u32> = (0..1_200)
        .map(|i| [0, 1, 2, REST][i * 13 / 5 % 4])
        .collect();
    let found = by(Facet::Category)
        .permutations(1_999)
        .run_labels(&reports(&categories, None), &labels, 3, &workers())
        .unwrap();
    let table = &found.tables[0];
    for subset in 0..3 {
        let (_, tail) = chi_square_tails(table.statistic[subset], 9.0);
        // Four standard deviations of a share of two thousand, and what χ² is off.
        let off = 4.0 * (tail * (1.0 - tail) / 2_000.0).sqrt() + 0.01;
        let p = table.profile_p[subset];
        assert!(!table.exact[subset] && (p - tail).abs() < off, "{p} {tail}");
    }
}

/// Three tests corrected for each other can come below 0.05 with 59 permutations, not with 58.
#[test]
fn too_few_permutations_are_told_where_they_are_used() {
    let kinds = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let run = |n: usize, permutations| {
        let categories: Vec<&str> = (0..n).map(|i| kinds[i * 7 % 10]).collect();
        let labels: Vec<u32> = (0..n).map(|i| [0, 1, 2, REST][i / 2 % 4]).collect();
        let method = by(Facet::Category).permutations(permutations);
        let found = method.run_labels(&reports(&categories, None), &labels, 3, &workers());
        let found = found.unwrap();
        let exact = found.tables[0].exact.clone();
        let codes = found.warnings.iter().map(|w| w.code);
        (
            exact,
            codes
                .filter(|c| *c == WarningCode::PResolutionInsufficient)
                .count(),
        )
    };
    assert_eq!(run(400, 58), (vec![false; 3], 1));
    assert_eq!(run(400, 59), (vec![false; 3], 0));
    assert_eq!(run(8, 9), (vec![true; 3], 0));
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let incidents = reports(&["a", "b"], None);
    let run = |method: Profile| method.run_labels(&incidents, &[0, REST], 1, &workers());
    let fault = |method| run(method).unwrap_err().fault();
    assert_eq!(fault(by(Facet::Hour)), Some(Fault::MissingTime));
    assert_eq!(
        fault(by(Facet::Category).reporters(vec![1])),
        Some(Fault::LengthMismatch)
    );
    assert!(run(by(Facet::Category).level(1.0)).is_err());
    assert!(run(by(Facet::Category).level(0.0)).is_err());
    assert!(run(Profile::new().by(Vec::new())).is_err());
    let twice = Breakdown::crossed(Facet::Category, Facet::Category);
    assert!(run(Profile::new().by(vec![twice])).is_err());
    assert!(
        by(Facet::Category)
            .run_labels(&incidents, &[0, 1], 1, &workers())
            .is_err()
    );
    let plain = Incidents::builder(vec![0.0], vec![0.0], Crs::PLANAR)
        .build()
        .unwrap();
    let error = by(Facet::Category)
        .run_labels(&plain, &[0], 1, &workers())
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingColumn));
    let alone = by(Facet::Category)
        .run_labels(&incidents, &[0, 0], 1, &workers())
        .unwrap();
    assert!(alone.tables[0].p.iter().all(|p| p.is_nan()));
    assert!(alone.tables[0].profile_p[0].is_nan());
}

/// Kinds and subsets of a few hundred incidents.
fn city(seed: u64, n: usize) -> (Vec<String>, Vec<u32>) {
    let mut random = stream(seed, 0);
    let kinds = (0..n)
        .map(|_| format!("k{}", random.random_range(0..6)))
        .collect();
    let labels = (0..n)
        .map(|_| random.random_range(0..4))
        .map(|l| if l == 3 { REST } else { l });
    (kinds, labels.collect())
}

fn run(kinds: &[String], labels: &[u32], threads: usize) -> Profiles {
    let names: Vec<&str> = kinds.iter().map(String::as_str).collect();
    by(Facet::Category)
        .run_labels(
            &reports(&names, None),
            labels,
            3,
            &Workers::new(threads).unwrap(),
        )
        .unwrap()
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let (kinds, labels) = city(4, 300);
    let one = run(&kinds, &labels, 1);
    assert!(
        [2, 3, 7]
            .into_iter()
            .all(|t| run(&kinds, &labels, t).tables[0].profile_p == one.tables[0].profile_p)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0u64..1_000) {
        let (kinds, labels) = city(seed, 120);
        let mut order: Vec<usize> = (0..120).collect();
        order.shuffle(&mut stream(seed, 1));
        let one = run(&kinds, &labels, 1);
        let kinds: Vec<_> = order.iter().map(|&i| kinds[i].clone()).collect();
        let labels: Vec<_> = order.iter().map(|&i| labels[i]).collect();
        let other = run(&kinds, &labels, 1);
        for (cell, name) in one.tables[0].cell.iter().enumerate() {
            let there = other.tables[0].cell.iter().position(|c| c == name).unwrap();
            for subset in 0..3 {
                let (a, b) = (one.tables[0].p[[subset, cell]], other.tables[0].p[[subset, there]]);
                prop_assert!(a.to_bits() == b.to_bits(), "{a} {b}");
            }
        }
    }

    #[test]
    fn doubling_all_incidents_leaves_the_quotient(seed in 0u64..1_000) {
        let (kinds, labels) = city(seed, 90);
        let one = run(&kinds, &labels, 1);
        let twice = run(&[kinds.clone(), kinds].concat(), &[labels.clone(), labels].concat(), 1);
        let (a, b) = (&one.tables[0], &twice.tables[0]);
        for (a, b) in a.quotient.iter().zip(&b.quotient) {
            prop_assert!(a.is_nan() == b.is_nan() && (a.is_nan() || (a - b).abs() < 1e-12));
        }
        prop_assert!(a.low.iter().zip(&b.low).all(|(a, b)| a <= b || (a - b).abs() < 1e-9));
        prop_assert_eq!(a.distance.len(), b.distance.len());
    }

    #[test]
    fn merged_kinds_add_up(seed in 0u64..1_000) {
        let (kinds, labels) = city(seed, 200);
        let merged: Vec<_> = kinds.iter().map(|k| k.replace("k5", "k0")).collect();
        let (one, other) = (run(&kinds, &labels, 1), run(&merged, &labels, 1));
        let cell = |found: &Profiles, name: &str| {
            found.tables[0].cell.iter().position(|c| c == name)
        };
        let (a, b) = (cell(&one, "k0"), cell(&one, "k5"));
        let m = cell(&other, "k0").unwrap();
        for subset in 0..3 {
            let of = |c: Option<usize>| c.map_or((0.0, 0.0), |c| {
                let t = &one.tables[0];
                (t.count[[subset, c]], t.expected[[subset, c]])
            });
            let t = &other.tables[0];
            prop_assert_eq!(t.count[[subset, m]], of(a).0 + of(b).0);
            prop_assert!((t.expected[[subset, m]] - of(a).1 - of(b).1).abs() < 1e-9);
        }
    }
}
