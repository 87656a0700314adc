//! Golden numbers, full enumeration, and properties.

use proptest::prelude::*;

use super::*;

fn golden() -> serde_json::Value {
    serde_json::from_str(include_str!(
        "../../../../data/golden/definitions_golden.json"
    ))
    .unwrap()
}

#[test]
fn the_golden_series_holds() {
    let golden = &golden()["mk"];
    let got = MannKendall::new()
        .run(&[1.0, 2.0, 2.0, 3.0, 1.0, 4.0, 4.0, 5.0, 5.0, 6.0])
        .unwrap();
    for (got, name) in [
        (got.s, "S"),
        (got.variance, "var"),
        (got.z, "z"),
        (got.p, "p"),
        (got.tau_b, "tau_b"),
        (got.slope, "sen"),
    ] {
        let want = golden[name].as_f64().unwrap();
        assert!((got / want - 1.0).abs() < 1e-12, "{name} {got} {want}");
    }
    assert!(!got.exact, "ties");
}

#[test]
fn the_golden_short_series_holds() {
    let golden = &golden()["mk_n5_monotone"];
    let series = [1.0, 2.0, 3.0, 4.0, 5.0];
    let exact = MannKendall::new().run(&series).unwrap();
    let normal = MannKendall::new()
        .null(TrendNull::Normal)
        .run(&series)
        .unwrap();
    for (got, name) in [
        (exact.s, "S"),
        (exact.variance, "var"),
        (exact.z, "z"),
        (exact.p, "p_exact"),
        (normal.p, "p_normal"),
    ] {
        let want = golden[name].as_f64().unwrap();
        assert!((got / want - 1.0).abs() < 1e-12, "{name} {got} {want}");
    }
    assert!(exact.exact && !normal.exact);
}

/// Calls `f` with every order of the values, equal ones told apart.
fn every_order(values: &mut Vec<f64>, fixed: usize, f: &mut impl FnMut(&[f64])) {
    if fixed == values.len() {
        f(values);
        return;
    }
    for next in fixed..values.len() {
        values.swap(fixed, next);
        every_order(values, fixed + 1, f);
        values.swap(fixed, next);
    }
}

fn s_of(series: &[f64]) -> f64 {
    MannKendall::new()
        .null(TrendNull::Normal)
        .run(series)
        .unwrap()
        .s
}

#[test]
fn exact_tails_count_every_order() {
    for series in [
        vec![3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0],
        vec![2.0, 2.0, 1.0, 3.0, 3.0, 3.0, 0.0],
        vec![1.0, 1.0, 1.0, 2.0],
        vec![1.0, 2.0, 0.0],
    ] {
        let got = MannKendall::new()
            .null(TrendNull::Exact)
            .run(&series)
            .unwrap();
        let (mut all, mut less, mut greater, mut squares) = (0.0, 0.0, 0.0, 0.0);
        every_order(&mut series.clone(), 0, &mut |order| {
            let s = s_of(order);
            all += 1.0;
            less += f64::from(s <= got.s);
            greater += f64::from(s >= got.s);
            squares += s * s;
        });
        assert!((got.p_less - less / all).abs() < 1e-14, "{series:?}");
        assert!((got.p_greater - greater / all).abs() < 1e-14, "{series:?}");
        assert!((got.variance - squares / all).abs() < 1e-10, "{series:?}");
    }
}

#[test]
fn the_longest_exact_series_agrees_with_the_normal_one() {
    let series: Vec<f64> = (0..34)
        .map(|i| f64::from(i * 7 % 34) + f64::from(i))
        .collect();
    let exact = MannKendall::new()
        .null(TrendNull::Exact)
        .run(&series)
        .unwrap();
    let normal = MannKendall::new().run(&series).unwrap();
    assert!(exact.exact && !normal.exact);
    assert!(
        (exact.p - normal.p).abs() < 5e-3,
        "{} {}",
        exact.p,
        normal.p
    );
    let longer: Vec<f64> = (0..35).map(f64::from).collect();
    let error = MannKendall::new()
        .null(TrendNull::Exact)
        .run(&longer)
        .unwrap_err();
    assert!(error.to_string().contains("34"), "{error}");
}

#[test]
fn what_cannot_be_told_is_said() {
    let run = |series: &[f64]| MannKendall::new().run(series).unwrap();
    let constant = run(&[2.0; 6]);
    assert_eq!(
        (constant.s, constant.z, constant.p, constant.slope),
        (0.0, 0.0, 1.0, 0.0)
    );
    assert!(constant.tau_b.is_nan());
    let short = run(&[1.0, f64::NAN, 2.0]);
    assert!(short.p.is_nan() && short.z.is_nan() && short.p_less.is_nan());
    assert_eq!((short.n, short.s, short.slope), (2, 1.0, 0.5));
    let none = run(&[]);
    assert!(none.slope.is_nan() && none.p.is_nan() && none.tau_b.is_nan());
    assert!(MannKendall::new().run(&[1.0, f64::INFINITY]).is_err());
}

#[test]
fn short_series_without_ties_are_exact() {
    use TrendNull::{Automatic, Exact, HamedRao, Normal};
    let series = |n: i32| (0..n).map(|i| f64::from(i * 7 % 11)).collect::<Vec<f64>>();
    let mut tied = series(10);
    tied[9] = tied[0];
    for (null, series, exact) in [
        (Automatic, series(2), false),
        (Automatic, series(3), true),
        (Automatic, series(10), true),
        (Automatic, series(11), false),
        (Automatic, tied.clone(), false),
        (Exact, tied, true),
        (Exact, series(11), true),
        (Normal, series(10), false),
        (HamedRao, series(10), false),
    ] {
        let found = MannKendall::new().null(null).run(&series).unwrap();
        assert_eq!(found.exact, exact, "{null:?} {series:?}");
        assert_eq!(found.p.is_nan(), series.len() < 3);
    }
    for (name, null) in [
        ("automatic", Automatic),
        ("exact", Exact),
        ("normal", Normal),
        ("hamed-rao", HamedRao),
    ] {
        assert_eq!(TrendNull::named(name).unwrap(), null);
    }
    assert!(TrendNull::named("hamed_rao").is_err());
}

/// The factor of the definition, over the pairs that are known.
#[test]
fn the_factor_takes_known_pairs_at_their_lag() {
    let mut series: Vec<f64> = (0..24).map(|i| (f64::from(i) / 3.0).sin()).collect();
    for step in [5, 12, 13] {
        series[step] = f64::NAN;
    }
    let known: Vec<(usize, f64)> = series.iter().copied().enumerate().collect();
    let known: Vec<_> = known.into_iter().filter(|k| !k.1.is_nan()).collect();
    let slope = sen_slope(&known);
    let n = known.len() as f64;
    let left = |k: &(usize, f64)| k.1 - slope * k.0 as f64;
    let rank = |of: &(usize, f64)| {
        let below = known.iter().filter(|k| left(k) < left(of)).count() as f64;
        let same = known.iter().filter(|k| left(k) == left(of)).count() as f64;
        below + 0.5 * (same + 1.0) - 0.5 * (n + 1.0)
    };
    let squares: f64 = known.iter().map(|k| rank(k).powi(2)).sum();
    let (mut sum, mut counted) = (0.0, 0);
    for lag in 1..known.len() {
        let mut products = 0.0;
        for a in &known {
            let later = known.iter().filter(|b| b.0 == a.0 + lag);
            products += later.map(|b| rank(a) * rank(b)).sum::<f64>();
        }
        let i = lag as f64;
        if (products / squares).abs() > 1.959_963_984_540_054 / n.sqrt() {
            sum += (n - i) * (n - i - 1.0) * (n - i - 2.0) * products / squares;
            counted += 1;
        }
    }
    assert!(counted > 0);
    let want = 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * sum;
    assert!((variance_factor(&known, slope) - want).abs() < 1e-12);
    assert!(variance_factor(&known[..2], slope).is_nan());
    assert_eq!(variance_factor(&[(0, 1.0), (1, 3.0), (2, 2.0)], 0.5), 1.0);
}

#[test]
fn missing_steps_keep_their_distance() {
    let got = MannKendall::new()
        .run(&[0.0, f64::NAN, 4.0, 6.0, f64::NAN, f64::NAN, 12.0])
        .unwrap();
    assert_eq!((got.n, got.s, got.slope), (4, 6.0, 2.0));
}

/// Variance, z and p of pymannkendall 1.4.3, `hamed_rao_modification_test`.
const HAMED_RAO: (f64, f64, f64) = (1054.5626566416038, 3.171765205226004, 0.001515154531212426);

#[test]
fn dependent_values_widen_the_variance() {
    let series = [
        2.0, 3.0, 5.0, 4.0, 6.0, 8.0, 9.0, 7.0, 6.5, 5.5, 4.5, 3.5, 5.2, 6.2, 7.2, 9.2, 10.1, 11.3,
        10.7, 9.9,
    ];
    let got = MannKendall::new()
        .null(TrendNull::HamedRao)
        .run(&series)
        .unwrap();
    let plain = MannKendall::new()
        .null(TrendNull::Normal)
        .run(&series)
        .unwrap();
    assert_eq!(got.s, plain.s);
    for (got, want) in [
        (got.variance, HAMED_RAO.0),
        (got.z, HAMED_RAO.1),
        (got.p, HAMED_RAO.2),
    ] {
        assert!((got / want - 1.0).abs() < 1e-10, "{got} {want}");
    }
    let line: Vec<f64> = (0..12).map(f64::from).collect();
    let straight = MannKendall::new()
        .null(TrendNull::HamedRao)
        .run(&line)
        .unwrap();
    let without = MannKendall::new()
        .null(TrendNull::Normal)
        .run(&line)
        .unwrap();
    assert_eq!(straight.variance, without.variance);
}

proptest! {
    #[test]
    fn order_and_scale_do_what_they_must(
        series in prop::collection::vec(-5i32..6, 3..14),
        scale in 1u32..9,
    ) {
        let series: Vec<f64> = series.into_iter().map(f64::from).collect();
        let backwards: Vec<f64> = series.iter().rev().copied().collect();
        let scaled: Vec<f64> = series.iter().map(|v| v * f64::from(scale) + 3.0).collect();
        for null in [TrendNull::Automatic, TrendNull::Exact, TrendNull::Normal] {
            let run = |s: &[f64]| MannKendall::new().null(null).run(s).unwrap();
            let (one, back, wide) = (run(&series), run(&backwards), run(&scaled));
            prop_assert_eq!(one.s, -back.s);
            prop_assert_eq!(one.p_less, back.p_greater);
            prop_assert_eq!(one.slope, -back.slope);
            prop_assert_eq!((one.s, one.p), (wide.s, wide.p));
            prop_assert!((one.slope * f64::from(scale) - wide.slope).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&one.p));
            prop_assert!(one.p_less + one.p_greater >= 1.0 - 1e-12);
        }
    }
}
