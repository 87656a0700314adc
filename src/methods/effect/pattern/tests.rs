use proptest::prelude::*;
use rand::RngExt;

use super::*;
use crate::random::stream;

const PUBLISHED: PatternMethod = PatternMethod::Resampled {
    part: 0.85,
    draws: 200,
};

fn thrown(n: usize, areas: usize, seed: u64) -> Vec<i64> {
    let mut random = stream(seed, 0);
    let mut counts = vec![0; areas];
    for _ in 0..n {
        // The first areas have more than the last.
        let u: f64 = random.random();
        counts[(u * u * areas as f64) as usize] += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_map_is_like_itself(counts in prop::collection::vec(0i64..40, 1..30)) {
        prop_assume!(counts.iter().sum::<i64>() > 0);
        for method in [PatternMethod::Proportions(Correction::None), PUBLISHED] {
            let found = PatternTest::new().method(method).run(&counts, &counts).unwrap();
            prop_assert_eq!((found.s, found.robust_s), (1.0, 1.0));
        }
    }

    #[test]
    fn exchange_turns_directions_round_and_order_means_nothing(
        pairs in prop::collection::vec((0i64..40, 0i64..40), 2..20),
    ) {
        let (base, test): (Vec<i64>, Vec<i64>) = pairs.iter().copied().unzip();
        prop_assume!(base.iter().sum::<i64>() > 0 && test.iter().sum::<i64>() > 0);
        let there = PatternTest::new().run(&base, &test).unwrap();
        let back = PatternTest::new().run(&test, &base).unwrap();
        for i in 0..base.len() {
            prop_assert_eq!(there.direction[i], -back.direction[i]);
            prop_assert!(there.p[i].is_nan() || (there.p[i] - back.p[i]).abs() < 1e-12);
        }
        let backwards = |v: &[i64]| v.iter().rev().copied().collect::<Vec<_>>();
        let turned = PatternTest::new().run(&backwards(&base), &backwards(&test)).unwrap();
        prop_assert_eq!(turned.s, there.s);
    }
}

#[test]
fn without_a_change_few_areas_differ_and_the_published_rule_finds_many() {
    let maps = 60;
    let (mut any, mut uncorrected, mut published) = (0, 0, 0);
    for map in 0..maps {
        let (base, test) = (thrown(800, 40, map), thrown(600, 40, 1_000 + map));
        let run = |method| PatternTest::new().method(method).run(&base, &test).unwrap();
        let corrected = run(PatternMethod::Proportions(Correction::Fdr));
        any += i32::from(corrected.s < 1.0);
        let of = |r: PatternResult| r.direction.iter().filter(|d| **d != 0).count();
        uncorrected += of(run(PatternMethod::Proportions(Correction::None)));
        published += of(run(PUBLISHED));
    }
    // At most 5 % of 60 maps in the mean, and 5 % of 2,400 areas; four standard deviations more.
    assert!(any <= 3 + 7, "{any}");
    assert!(uncorrected <= 120 + 43, "{uncorrected}");
    // The rule of 2009 takes over a third of the areas for different where nothing changed.
    assert!(published > 800, "{published}");
}

#[test]
fn parts_are_those_of_the_definition() {
    let counts = vec![30i64, 50, 20];
    let found = PatternTest::new()
        .method(PUBLISHED)
        .run(&[31, 40, 29], &counts)
        .unwrap();
    // Of 85 of 100 points area 0 keeps 25.5 in the mean with a standard deviation of
    // √(85 · 0.3 · 0.7 · 15/99) = 1.64.
    assert!(
        (found.low[0] - 22.3 / 85.0).abs() < 1.5 / 85.0,
        "{}",
        found.low[0]
    );
    assert!(
        (found.high[0] - 28.7 / 85.0).abs() < 1.5 / 85.0,
        "{}",
        found.high[0]
    );
    assert_eq!(found.direction, [0, 1, -1]);
    let one = Workers::new(1).unwrap();
    let again = PatternTest::new()
        .method(PUBLISHED)
        .run_with(&[31, 40, 29], &counts, &one)
        .unwrap();
    assert_eq!((again.low, again.high), (found.low, found.high));
}

/// All of the points are no random part: the shares themselves.
#[test]
fn the_whole_is_as_it_is() {
    let run = |base: &[i64], part: f64, draws: usize, level: f64| {
        let method = PatternMethod::Resampled { part, draws };
        let test = PatternTest::new().method(method).level(level);
        test.run(base, &[3, 0, 5, 12])
    };
    let found = run(&[2, 2, 5, 11], 1.0, 40, 0.05).unwrap();
    assert_eq!(found.low, [0.15, 0.0, 0.25, 0.6]);
    assert_eq!((&found.high, &found.test_share), (&found.low, &found.low));
    assert_eq!((&found.direction[..], found.s), (&[1, -1, 0, 1][..], 0.25));
    assert_eq!((found.areas_with_incidents, found.robust_s), (4, 0.25));
    // One point at least.
    let one = run(&[2, 2, 5, 11], 1e-9, 400, 0.9).unwrap();
    assert!(
        one.low
            .iter()
            .chain(&one.high)
            .all(|v| *v == 0.0 || *v == 1.0)
    );
    let few = run(&[2, 2, 5, 11], 0.85, 39, 0.05).unwrap_err().to_string();
    assert!(few.contains("at least 40"), "{few}");
    // At a level next to one, both ends are in the middle.
    let middle = run(&[2, 2, 5, 11], 0.5, 4, 1.0 - 1e-12).unwrap();
    assert!(middle.low.iter().zip(&middle.high).all(|(l, h)| l <= h));
}

#[test]
fn proportions_by_hand() {
    let run = |base: &[i64], test: &[i64]| {
        let method = PatternMethod::Proportions(Correction::None);
        PatternTest::new().method(method).run(base, test).unwrap()
    };
    // Of eight reports four are of the base: one of four in the first area or none is 17 of 70 draws.
    let found = run(&[1, 3], &[3, 1]);
    assert!(found.p.iter().all(|p| (p - 34.0 / 70.0).abs() < 1e-12));
    assert_eq!((found.s, found.direction), (1.0, vec![0, 0]));
    // None of four is one; an area without any report is like itself but is not compared.
    let found = run(&[0, 4, 0], &[4, 0, 0]);
    assert!((found.p[0] - 2.0 / 70.0).abs() < 1e-12 && found.p[2].is_nan());
    assert_eq!(found.direction, [1, -1, 0]);
    assert_eq!((found.areas_with_incidents, found.robust_s), (2, 0.0));
    assert!((found.s - 1.0 / 3.0).abs() < 1e-15);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let test = PatternTest::new();
    assert!(test.run(&[1, 2], &[1]).is_err());
    assert!(test.run(&[1, -2], &[1, 1]).is_err());
    assert!(test.run(&[0, 0], &[1, 1]).is_err());
    assert!(test.run(&[1 << 33], &[1]).is_err());
    let most = i64::from(u32::MAX);
    assert!(test.run(&[most - 1, 1], &[1, 1]).is_ok() && test.run(&[most, 1], &[1, 1]).is_err());
    for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
        assert!(test.clone().level(level).run(&[1], &[1]).is_err());
    }
    for (part, draws) in [
        (0.0, 200),
        (1.5, 200),
        (-0.5, 200),
        (f64::NAN, 200),
        (0.85, 10),
    ] {
        let method = PatternMethod::Resampled { part, draws };
        assert!(test.clone().method(method).run(&[1], &[1]).is_err());
    }
}
