use rand::RngExt;

use super::super::Groups;
use super::*;
use crate::random::stream;

fn pair(before: u64, after: u64) -> BeforeAfter {
    BeforeAfter::new(before, after)
}

#[test]
fn the_published_example_holds() {
    // Wheeler & Ratcliffe 2018: 100 to 80 beside 50 to 60.
    let found = WeightedDisplacement::new()
        .level(0.9)
        .run(pair(100, 80), pair(50, 60), None)
        .unwrap();
    let total = found.total;
    assert_eq!((total.value, found.displacement), (-30.0, None));
    assert!((total.se - 17.029386365926403).abs() < 1e-12);
    assert!((total.low + 58.0108).abs() < 5e-5 && (total.high + 1.9892).abs() < 5e-5);
    assert!((total.z + 30.0 / 290f64.sqrt()).abs() < 1e-12);
    assert!((total.p - 2.0 * total.p_less).abs() < 1e-15);
    assert!((found.ratio - 2.0 / 3.0).abs() < 1e-12);
    assert!((found.percent + 100.0 / 3.0).abs() < 1e-10);
    // The logarithm of the ratio has variance 1/100 + 1/80 + 1/50 + 1/60; z is 1.644854.
    let reach = (1.644_853_626_951_472_2 * (71.0f64 / 1_200.0).sqrt()).exp();
    assert!((found.ratio_low * reach - 2.0 / 3.0).abs() < 1e-12);
    assert!((found.ratio_high / reach - 2.0 / 3.0).abs() < 1e-12);
    // The other way round it is as much more.
    let back = WeightedDisplacement::new()
        .level(0.9)
        .run(pair(80, 100), pair(60, 50), None);
    let back = back.unwrap();
    assert_eq!((back.total.value, back.total.p), (30.0, total.p));
    assert_eq!(
        (back.total.p_greater, back.total.p_less),
        (total.p_less, total.p_greater)
    );
    assert!((back.ratio * found.ratio - 1.0).abs() < 1e-12);
    assert!(found.warnings.is_empty());
}

#[test]
fn displacement_adds_to_value_and_variance() {
    let around = Some((pair(30, 38), pair(20, 21)));
    let found = WeightedDisplacement::new()
        .run(pair(100, 80), pair(50, 60), around)
        .unwrap();
    let moved = found.displacement.unwrap();
    assert_eq!((moved.value, found.total.value), (7.0, -23.0));
    assert!((found.total.se - (290.0f64 + 109.0).sqrt()).abs() < 1e-12);
    assert_eq!(found.local.value, -30.0);
}

#[test]
fn lengths_weigh_the_counts_before() {
    let method = WeightedDisplacement::new().lengths(12.0, 6.0);
    let found = method.run(pair(100, 40), pair(50, 30), None).unwrap();
    // Half of 100 and 50 before: −10 less 5.
    assert_eq!(found.total.value, -15.0);
    assert!((found.total.se - (70.0 + 0.25 * 150.0f64).sqrt()).abs() < 1e-12);
    let series = method.clone().dispersion(4.0);
    let wide = series.run(pair(100, 40), pair(50, 30), None).unwrap();
    assert!((wide.total.se - 2.0 * found.total.se).abs() < 1e-12);
    let reach = |r: &EffectResult| (r.ratio_high / r.ratio).ln();
    assert!((reach(&wide) - 2.0 * reach(&found)).abs() < 1e-12);
}

#[test]
fn nothing_and_little_are_said() {
    let nothing = WeightedDisplacement::new()
        .run(pair(0, 0), pair(0, 0), None)
        .unwrap();
    assert!(nothing.total.z.is_nan() && nothing.total.p.is_nan() && nothing.ratio.is_nan());
    assert!(nothing.ratio_low.is_nan() && nothing.percent.is_nan());
    assert_eq!(nothing.warnings[0].value, Some(0.0));
    let warnings = |least: u64| {
        let found = WeightedDisplacement::new().run(pair(9, least), pair(9, 9), None);
        found.unwrap().warnings.len()
    };
    assert_eq!((warnings(4), warnings(5)), (1, 0));
    let around = Some((pair(9, 9), pair(9, 3)));
    let found = WeightedDisplacement::new().run(pair(9, 9), pair(9, 9), around);
    assert_eq!(found.unwrap().warnings[0].value, Some(3.0));
}

#[test]
fn what_has_no_meaning_is_refused() {
    let method = WeightedDisplacement::new;
    let run = |m: WeightedDisplacement| m.run(pair(1, 1), pair(1, 1), None);
    for odd in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        assert!(run(method().lengths(odd, 1.0)).is_err(), "{odd}");
        assert!(run(method().lengths(1.0, odd)).is_err(), "{odd}");
    }
    for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
        assert!(run(method().level(level)).is_err(), "{level}");
    }
    for dispersion in [0.0, 0.999, f64::INFINITY, f64::NAN] {
        assert!(
            run(method().dispersion(dispersion)).is_err(),
            "{dispersion}"
        );
    }
    assert!(run(method().dispersion(1.0)).is_ok());
}

#[test]
fn without_an_effect_intervals_hold_as_often_as_stated() {
    let mut random = stream(7, 0);
    let mut count = |mean: f64| {
        // Waiting times of a Poisson process.
        let (mut left, mut n) = (mean, 0);
        loop {
            left += (1.0 - random.random::<f64>()).ln();
            if left < 0.0 {
                return n;
            }
            n += 1;
        }
    };
    let method = WeightedDisplacement::new();
    let (maps, mut wrong, mut wrong_ratio) = (2_000, 0, 0);
    for _ in 0..maps {
        let found = method
            .run(
                pair(count(40.0), count(60.0)),
                pair(count(40.0), count(60.0)),
                None,
            )
            .unwrap();
        wrong += i32::from(found.total.p <= 0.05);
        wrong_ratio += i32::from(found.ratio_low > 1.0 || found.ratio_high < 1.0);
    }
    // 100 in the mean; four standard deviations are 39.
    assert!((61..=139).contains(&wrong), "{wrong}");
    assert!((61..=139).contains(&wrong_ratio), "{wrong_ratio}");
}

#[test]
fn groups_are_disjoint_and_known() {
    let (before, after) = ([1, 2, 3, 4], [5, 6, 7, 8]);
    let groups = Groups::new([0], [1]).displacement([2], [3]);
    let sums = groups.sums(&before, &after).unwrap();
    assert_eq!(sums, [pair(1, 5), pair(2, 6), pair(3, 7), pair(4, 8)]);
    assert!(groups.has_displacement() && !Groups::new([0], [1]).has_displacement());
    for wrong in [
        Groups::new([0], [0]),
        Groups::new([0, 0], [1]),
        Groups::new([], [1]),
        Groups::new([4], [1]),
        Groups::new([0], [1]).displacement([2], []),
    ] {
        assert!(wrong.sums(&before, &after).is_err(), "{wrong:?}");
    }
    assert!(groups.sums(&[-1, 2, 3, 4], &after).is_err());
    assert!(groups.sums(&before[..3], &after).is_err());
    let several = Groups::new([0, 3], [2, 1]).sums(&before, &after).unwrap();
    assert_eq!(several[..2], [pair(5, 13), pair(5, 13)]);
    // The greatest whole number that a double counts up to.
    let most = 1i64 << 53;
    let sums = |n: i64| Groups::new([0, 1], [2]).sums(&[n - 1, 1, 1], &[1, 1, 1]);
    assert_eq!(sums(most).unwrap()[0].before, 1 << 53);
    assert!(sums(most + 1).is_err() && sums(i64::MAX).is_err());
}
