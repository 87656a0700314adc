//! Golden numbers, chance by full enumeration, and properties.

use proptest::prelude::*;

use super::*;

fn alone() -> Concentration {
    Concentration::new().simulations(0)
}

/// Forty addresses without a report, six with one, two with two, one with five.
fn golden_counts() -> Vec<f64> {
    let mut counts = vec![0.0; 40];
    counts.extend([1.0; 6]);
    counts.extend([2.0, 2.0, 5.0]);
    counts
}

#[test]
fn the_golden_counts_hold() {
    let file = include_str!("../../../../data/golden/definitions_golden.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let found = alone().run(&golden_counts(), None).unwrap();
    assert_eq!((found.units, found.total), (49, 15));
    for (got, want) in [
        (found.gini.value, &golden["gini"]["standard"]),
        (found.generalised_gini.value, &golden["gini"]["generalised"]),
        (found.theil.value, &golden["theil_T"]),
    ] {
        assert!((got - want.as_f64().unwrap()).abs() < 1e-12, "{got} {want}");
    }
    // Twelve of fifteen: 5, 2, 2 and three of the ones.
    assert_eq!(found.units_share.value, 6.0 / 49.0);
    // The top 2.45 units: 5, 2 and 0.45 of the other 2.
    assert!((found.top_share.value - 7.9 / 15.0).abs() < 1e-12);
    assert!(found.gini.p.is_nan() && found.band.units.is_empty());
}

#[test]
fn one_report_at_most_per_address_is_no_concentration() {
    let mut counts = vec![0.0; 20];
    counts[3..8].fill(1.0);
    let found = alone().run(&counts, None).unwrap();
    assert_eq!(
        (found.gini.value, found.generalised_gini.value),
        (0.75, 0.0)
    );
    assert_eq!(found.units_share.value, 0.2);
    assert_eq!(found.warnings[0].code, WarningCode::TooFewIncidents);
}

#[test]
fn extremes_have_the_values_they_must_have() {
    let one = alone().run(&[0.0, 30.0, 0.0, 0.0], None).unwrap();
    assert_eq!((one.gini.value, one.generalised_gini.value), (0.75, 0.75));
    assert!((one.theil.value - 4.0f64.ln()).abs() < 1e-15);
    assert_eq!(one.units_share.value, 0.25);
    assert!((one.top_share.value - 0.2).abs() < 1e-15);
    let even = alone().run(&[7.0; 10], None).unwrap();
    assert_eq!((even.gini.value, even.theil.value), (0.0, 0.0));
    assert_eq!(even.units_share.value, 0.8);
    assert!((even.top_share.value - 0.05).abs() < 1e-15);
    let single = Concentration::new().run(&[7.0], None).unwrap();
    assert_eq!((single.gini.value, single.gini.p), (0.0, 1.0));
    assert_eq!(single.lorenz, [(0.0, 0.0), (1.0, 1.0)]);
}

#[test]
fn missing_units_are_left_out_and_counted() {
    let counts = [3.0, f64::NAN, 0.0, 5.0, f64::NAN];
    let found = Concentration::new()
        .run(&counts, Some(&[1, 1, 1, 2, 3]))
        .unwrap();
    assert_eq!((found.units, found.missing), (3, 2));
    let without = Concentration::new()
        .run(&[3.0, 0.0, 5.0], Some(&[1, 1, 2]))
        .unwrap();
    assert_eq!(
        found,
        ConcentrationMeasures {
            missing: 2,
            ..without
        }
    );
}

#[test]
fn without_incidents_nothing_is_defined() {
    let found = Concentration::new().run(&[0.0; 5], Some(&[0; 5])).unwrap();
    let measures = [
        found.gini,
        found.generalised_gini,
        found.theil,
        found.top_share,
    ];
    assert!(measures.iter().all(|m| m.value.is_nan() && m.p.is_nan()));
    assert!(found.units_share.value.is_nan());
    assert_eq!((found.theil_parts, found.lorenz.len()), (None, 0));
    assert_eq!(found.warnings[0].code, WarningCode::TooFewIncidents);
}

#[test]
fn what_is_no_count_is_refused_with_its_place() {
    for (count, fault) in [
        (-1.0, Fault::Negative),
        (0.5, Fault::NotAnInteger),
        (f64::INFINITY, Fault::NonFinite),
        (1e16, Fault::NumberOutOfRange),
    ] {
        let error = Concentration::new().run(&[1.0, count], None).unwrap_err();
        assert_eq!(error.fault(), Some(fault));
        assert!(error.to_string().contains("unit 1"), "{error}");
    }
    let fault = |counts: &[f64], groups: Option<&[u32]>| {
        Concentration::new()
            .run(counts, groups)
            .unwrap_err()
            .fault()
    };
    assert_eq!(fault(&[], None), Some(Fault::NoRows));
    assert_eq!(fault(&[f64::NAN], None), Some(Fault::NoRows));
    assert_eq!(fault(&[1.0], Some(&[])), Some(Fault::LengthMismatch));
    assert_eq!(fault(&[5e9, 1.0], None), Some(Fault::NumberOutOfRange));
    assert_eq!(fault(&[9e15; 2_000], None), Some(Fault::NumberOutOfRange));
    assert!(alone().run(&[5e9, 1.0], None).is_ok());
    let most = 9_007_199_254_740_992.0;
    assert_eq!(alone().run(&[most], None).unwrap().total, 1 << 53);
    // 1,023 of them fit below 2^63, 1,024 do not.
    assert!(alone().run(&[most; 1_023], None).is_ok());
    assert_eq!(fault(&[most; 1_024], None), Some(Fault::NumberOutOfRange));
    // As many incidents as units are not too few.
    let warnings = |counts: &[f64]| alone().run(counts, None).unwrap().warnings.len();
    assert_eq!((warnings(&[2.0, 0.0]), warnings(&[1.0, 0.0])), (0, 1));
}

#[test]
fn options_that_make_no_sense_are_refused_by_name() {
    let named = |method: Concentration, name: &str| {
        let error = method.run(&[1.0, 2.0], None).unwrap_err();
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    };
    for odd in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
        named(Concentration::new().share(odd), "share");
        named(Concentration::new().top(odd), "top");
        named(Concentration::new().level(odd), "level");
    }
    named(Concentration::new().simulations(38), "simulations");
    let few = Concentration::new().level(0.9).simulations(18);
    let few = few.run(&[1.0], None).unwrap_err().to_string();
    assert!(few.contains("at least 19"), "{few}");
    assert!(
        Concentration::new()
            .simulations(39)
            .run(&[1.0, 2.0], None)
            .is_ok()
    );
}

#[test]
fn chance_is_that_of_all_ways_to_throw() {
    // All 81 ways to throw four incidents on three units.
    let (mut expected, mut stronger) = (0.0, 0.0);
    let observed = alone().run(&[3.0, 1.0, 0.0], None).unwrap().gini.value;
    for way in 0..81usize {
        let mut counts = [0.0; 3];
        for place in [way % 3, way / 3 % 3, way / 9 % 3, way / 27] {
            counts[place] += 1.0;
        }
        let gini = alone().run(&counts, None).unwrap().gini.value;
        expected += gini / 81.0;
        stronger += f64::from(u8::from(gini >= observed)) / 81.0;
    }
    let found = Concentration::new()
        .simulations(9_999)
        .run(&[3.0, 1.0, 0.0], None)
        .unwrap();
    // Four standard errors; a Gini of three units is between 0 and 2/3.
    assert!((found.gini.expected - expected).abs() < 4.0 * 0.17 / 100.0);
    assert!(
        (found.gini.p - stronger).abs() < 4.0 * 0.5 / 100.0,
        "{stronger}"
    );
    assert_eq!(found.gini.p, found.generalised_gini.p);
}

#[test]
fn few_reports_are_not_read_as_concentration() {
    // One unit in ten is hit at least once, by chance: the plain Gini cries wolf.
    let mut counts = vec![0.0; 1_000];
    for i in 0..96 {
        counts[i * 10] = 1.0;
    }
    counts[0] = 3.0;
    counts[10] = 2.0;
    let found = Concentration::new().run(&counts, None).unwrap();
    assert!(found.gini.value > 0.9 && found.gini.p > 0.05);
    assert!(found.gini.low <= found.gini.value && found.gini.value <= found.gini.high);
    counts[0] = 40.0;
    assert!(Concentration::new().run(&counts, None).unwrap().gini.p <= 0.001);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let counts: Vec<f64> = (0..300).map(|i| f64::from(i % 7)).collect();
    let method = Concentration::new().simulations(99).seed(3);
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        method.run_with(&counts, None, &workers).unwrap()
    };
    let one = run(1);
    for threads in [2, 3, 7] {
        assert_eq!(run(threads), one);
    }
    assert_ne!(method.seed(4).run(&counts, None).unwrap(), one);
}

#[test]
fn a_stopped_job_ends() {
    let workers = Workers::new(2).unwrap();
    workers.job().stop();
    let error = Concentration::new().run_with(&[1.0, 2.0], None, &workers);
    assert!(matches!(error, Err(Error::Cancelled)));
}

fn counts() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0u32..40).prop_map(f64::from), 2..60)
        .prop_filter("an incident", |counts| counts.iter().any(|c| *c > 0.0))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

proptest! {
    #[test]
    fn order_does_not_matter(counts in counts()) {
        let method = Concentration::new().simulations(39);
        let mut turned = counts.clone();
        turned.reverse();
        prop_assert_eq!(method.run(&counts, None).unwrap(), method.run(&turned, None).unwrap());
    }

    #[test]
    fn scale_does_not_matter(counts in counts(), factor in 2u32..9) {
        let more: Vec<f64> = counts.iter().map(|c| c * f64::from(factor)).collect();
        let (a, b) = (alone().run(&counts, None).unwrap(), alone().run(&more, None).unwrap());
        prop_assert!(close(a.gini.value, b.gini.value));
        prop_assert!(close(a.theil.value, b.theil.value));
        prop_assert!(close(a.top_share.value, b.top_share.value));
        prop_assert_eq!(a.units_share.value, b.units_share.value);
    }

    #[test]
    fn a_second_city_like_the_first_changes_nothing(counts in counts()) {
        let twice = [counts.clone(), counts.clone()].concat();
        let groups: Vec<u32> = (0..twice.len()).map(|i| u32::from(i >= counts.len())).collect();
        let a = alone().run(&counts, None).unwrap();
        let b = alone().run(&twice, Some(&groups)).unwrap();
        prop_assert!(close(a.gini.value, b.gini.value));
        prop_assert!(close(a.generalised_gini.value, b.generalised_gini.value));
        prop_assert!(close(a.theil.value, b.theil.value));
        prop_assert!(close(a.top_share.value, b.top_share.value));
        prop_assert!(close(b.theil_parts.unwrap().between, 0.0));
    }

    #[test]
    fn the_parts_add_up(counts in counts(), groups in prop::collection::vec(0u32..5, 60)) {
        let found = alone().run(&counts, Some(&groups[..counts.len()])).unwrap();
        let parts = found.theil_parts.unwrap();
        prop_assert!(close(parts.between + parts.within, found.theil.value));
        prop_assert!(parts.between >= 0.0 && parts.within >= 0.0);
    }

    #[test]
    fn gini_is_twice_the_area_between_curve_and_diagonal(counts in counts()) {
        let found = alone().run(&counts, None).unwrap();
        let under: f64 = found
            .lorenz
            .windows(2)
            .map(|w| (w[1].0 - w[0].0) * (w[1].1 + w[0].1) / 2.0)
            .sum();
        prop_assert!(close(found.gini.value, 1.0 - 2.0 * under));
        prop_assert!(found.generalised_gini.value <= found.gini.value + 1e-12);
        prop_assert!(found.generalised_gini.value >= -1e-12);
    }

    #[test]
    fn the_band_holds_the_curve_of_chance(counts in counts()) {
        let found = Concentration::new().simulations(39).run(&counts, None).unwrap();
        let band = found.band;
        prop_assert_eq!(band.units.len(), counts.len().min(100) + 1);
        for i in 0..band.units.len() {
            prop_assert!(band.low[i] <= band.expected[i] + 1e-12);
            prop_assert!(band.expected[i] <= band.high[i] + 1e-12);
            prop_assert!(band.high[i] <= band.units[i] + 1e-12);
        }
        prop_assert_eq!((band.low[0], *band.low.last().unwrap()), (0.0, 1.0));
    }
}
