use super::*;
use proptest::prelude::*;

#[test]
fn the_golden_example_holds() {
    let file = include_str!("../../../../data/golden/definitions_golden.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let golden = &golden["irr_61_of_42000_vs_84_of_40000"];
    let got = Change::new()
        .run(&[61], &[42_000.0], &[84], &[40_000.0])
        .unwrap();
    for (got, want) in [
        (got.ratio[0], &golden["irr"]),
        (got.low[0], &golden["ci"][0]),
        (got.high[0], &golden["ci"][1]),
        (got.p[0], &golden["p_two"]),
    ] {
        let want = want.as_f64().unwrap();
        assert!((got / want - 1.0).abs() < 1e-10, "{got} {want}");
    }
}

#[test]
fn what_cannot_be_told_is_said() {
    let got = Change::new()
        .run(
            &[5, 0, 3, 4],
            &[9e3, 9e3, f64::NAN, 9e3],
            &[0, 0, 2, 4],
            &[9e3; 4],
        )
        .unwrap();
    assert!(got.ratio[0].is_nan() && got.low[0] > 0.0 && got.high[0].is_infinite());
    assert!((got.p[0] - 0.0625).abs() < 1e-15, "{}", got.p[0]);
    assert_eq!(got.status[1], ChangeStatus::CannotTell);
    assert_eq!(got.status[2], ChangeStatus::CannotTell);
    assert_eq!(got.status[3], ChangeStatus::NoClearChange);
}

#[test]
fn rates_and_differences_are_per_so_many_people() {
    // 30 of 1,000 after 20 of 500, as in the worked example of the difference.
    let (now, then) = ((30, 1_000.0), (20, 500.0));
    let found = Change::new().run(&[30], &[1_000.0], &[20], &[500.0]);
    let found = found.unwrap();
    assert!((found.rate[0] - 30.0).abs() < 1e-12 && (found.baseline_rate[0] - 40.0).abs() < 1e-12);
    assert!((found.difference[0] + 10.0).abs() < 1e-12 && (found.ratio[0] - 0.75).abs() < 1e-14);
    let (low, high) = difference_interval(now, then, 0.95);
    assert_eq!(found.difference_low[0], 1_000.0 * low);
    assert_eq!(found.difference_high[0], 1_000.0 * high);
    assert_eq!(
        (found.from_rate[0], found.from_population[0]),
        split(now, then)
    );
    assert_eq!(found.p_e_test[0], e_test(now, then));
}

#[test]
fn people_who_are_none_or_unknown_leave_nothing() {
    let known = 9e3;
    for unknown in [0.0, f64::NAN] {
        let change = Change::new().overdispersion(vec![2.0; 3]);
        let found = change
            .run(
                &[5; 3],
                &[unknown, known, unknown],
                &[7; 3],
                &[known, unknown, unknown],
            )
            .unwrap();
        let quasi = found.quasi.unwrap();
        for column in [
            &found.rate,
            &found.baseline_rate,
            &found.ratio,
            &found.low,
            &found.high,
            &found.p,
            &found.q,
            &found.p_e_test,
            &found.difference,
            &found.difference_low,
            &found.difference_high,
            &found.from_rate,
            &found.from_population,
            &quasi.low,
            &quasi.high,
            &quasi.p,
        ] {
            assert!(column.iter().all(|v| v.is_nan()), "{unknown} {column:?}");
        }
    }
}

#[test]
fn series_need_an_incident_in_one_period() {
    let change = Change::new().overdispersion(vec![2.0, 2.0, 2.0, 0.0]);
    let found = change
        .run(&[5, 0, 0, 5], &[9e3; 4], &[0, 5, 0, 5], &[9e3; 4])
        .unwrap();
    let quasi = found.quasi.unwrap();
    assert!(quasi.p[0] > 0.0 && quasi.p[0] == quasi.p[1] && quasi.p[2].is_nan());
    assert!(quasi.low[0] > 0.0 && quasi.high[0].is_infinite());
    assert_eq!(quasi.low[1], 0.0);
    assert!(quasi.low[2].is_nan() && quasi.high[2].is_nan());
    // A variance below the mean counts as the mean, none at all too.
    assert_eq!(quasi.overdispersion[3], 1.0);
}

#[test]
fn a_q_value_at_the_limit_is_clear() {
    // Five incidents in one of two equal periods: p is 2/2⁵ = 1 − 0.9375, to the last bit.
    let run = |level: f64, now: i64| {
        let change = Change::new().level(level);
        let found = change.run(&[now], &[9e3], &[5 - now], &[9e3]).unwrap();
        (found.p[0], found.status[0])
    };
    assert_eq!(run(0.9375, 5), (0.0625, ChangeStatus::Higher));
    assert_eq!(run(0.9375, 0), (0.0625, ChangeStatus::Lower));
    assert_eq!(run(0.95, 5).1, ChangeStatus::NoClearChange);
}

#[test]
fn exchanging_the_periods_inverts_the_ratio() {
    let a = Change::new().run(&[12], &[700.0], &[30], &[900.0]).unwrap();
    let b = Change::new().run(&[30], &[900.0], &[12], &[700.0]).unwrap();
    assert!((a.ratio[0] * b.ratio[0] - 1.0).abs() < 1e-14);
    assert!((a.low[0] * b.high[0] - 1.0).abs() < 1e-9);
    assert!((a.p[0] - b.p[0]).abs() < 1e-12);
}

#[test]
fn no_overdispersion_is_the_exact_comparison() {
    let run = |ratio: f64| {
        let change = Change::new().overdispersion(vec![ratio]);
        let found = change.run(&[61], &[42_000.0], &[84], &[40_000.0]);
        found.unwrap()
    };
    let (plain, wide) = (run(0.3), run(2.5));
    let quasi = plain.quasi.as_ref().unwrap();
    assert_eq!(quasi.overdispersion[0], 1.0);
    assert!((quasi.low[0] / plain.low[0] - 1.0).abs() < 1e-9);
    assert!((quasi.high[0] / plain.high[0] - 1.0).abs() < 1e-9);
    assert!((quasi.p[0] / plain.p[0] - 1.0).abs() < 1e-9);
    assert_eq!(quasi.status, plain.status);
    let wide = wide.quasi.unwrap();
    assert!(wide.low[0] < quasi.low[0] && wide.high[0] > quasi.high[0]);
    assert_eq!(wide.status[0], ChangeStatus::NoClearChange);
}

#[test]
fn many_incidents_have_the_quasi_poisson_interval() {
    let change = Change::new().overdispersion(vec![3.0]);
    let found = change.run(&[40_000], &[1.0], &[50_000], &[1.0]).unwrap();
    let quasi = found.quasi.unwrap();
    let error = (3.0f64 * (1.0 / 4e4 + 1.0 / 5e4)).sqrt() * 1.959_963_984_540_054;
    assert!((quasi.low[0] / (0.8 * (-error).exp()) - 1.0).abs() < 2e-4);
    assert!((quasi.high[0] / (0.8 * error.exp()) - 1.0).abs() < 2e-4);
}

#[test]
fn overdispersion_needs_one_number_per_area() {
    let run = |ratio: Vec<f64>| {
        Change::new()
            .overdispersion(ratio)
            .run(&[1, 2], &[9.0; 2], &[2, 2], &[9.0; 2])
    };
    assert!(run(vec![1.0]).is_err());
    assert!(run(vec![1.0, -1.0]).is_err());
    assert!(run(vec![1.0, f64::INFINITY]).is_err());
    let found = run(vec![1.0, f64::NAN]).unwrap().quasi.unwrap();
    assert!(found.low[1].is_nan());
    assert_eq!(found.status[1], ChangeStatus::CannotTell);
    assert!(
        Change::new()
            .per(0.0)
            .run(&[1], &[1.0], &[1], &[1.0])
            .is_err()
    );
}

#[test]
fn an_estimated_overdispersion_widens_by_its_freedom() {
    let run = |freedom: Vec<f64>| {
        Change::new()
            .overdispersion(vec![2.0; 2])
            .overdispersion_freedom(freedom)
            .run(&[61, 61], &[4e4; 2], &[84, 84], &[4e4; 2])
    };
    let found = run(vec![11.0, f64::INFINITY]).unwrap().quasi.unwrap();
    assert!(
        found.low[0] < found.low[1] && found.high[0] > found.high[1] && found.p[0] > found.p[1]
    );
    let known = Change::new().overdispersion(vec![2.0; 2]);
    let known = known.run(&[61, 61], &[4e4; 2], &[84, 84], &[4e4; 2]);
    assert_eq!(found.low[1], known.unwrap().quasi.unwrap().low[1]);
    assert!(run(vec![f64::NAN, 3.0]).unwrap().quasi.unwrap().p[0].is_nan());
    assert_eq!(
        run(vec![3.0]).unwrap_err().fault(),
        Some(Fault::LengthMismatch)
    );
    assert_eq!(
        run(vec![3.0, 0.0]).unwrap_err().fault(),
        Some(Fault::Negative)
    );
}

#[test]
fn a_target_is_judged_by_the_wider_interval() {
    let run = |change: Change| {
        let found = change
            .target(Target::at_most(0.9))
            .run(&[700], &[1e5], &[1_000], &[1e5]);
        found.unwrap().target.unwrap()[0].name()
    };
    assert_eq!(run(Change::new()), "reached");
    assert_eq!(run(Change::new().overdispersion(vec![20.0])), "cannot tell");
}

proptest! {
    #[test]
    fn an_interval_and_its_status_agree(
        now in 0i64..300, then in 0i64..300, n in 100.0..1e5f64, m in 100.0..1e5f64,
    ) {
        let found = Change::new().correction(Correction::None).run(&[now], &[n], &[then], &[m]);
        let found = found.unwrap();
        match found.status[0] {
            ChangeStatus::Lower => prop_assert!(found.high[0] < 1.0 + 1e-9),
            ChangeStatus::Higher => prop_assert!(found.low[0] > 1.0 - 1e-9),
            ChangeStatus::NoClearChange => {
                prop_assert!(found.low[0] <= 1.0 + 1e-9 && found.high[0] >= 1.0 - 1e-9);
            }
            ChangeStatus::CannotTell => prop_assert!(now + then == 0),
        }
    }
}
