use super::*;
use proptest::prelude::*;

const YEARS: [i16; 7] = [2013, 2014, 2015, 2016, 2017, 2018, 2019];

#[test]
fn it_is_the_quasi_poisson_model_with_an_offset() {
    // Iteratively reweighted least squares in NumPy 2, Student's t of SciPy 1.17.1.
    let counts = [120, 98, 131, 88, 70, 92, 61];
    let people = [
        10_000.0, 10_100.0, 10_250.0, 10_400.0, 10_380.0, 10_500.0, 10_700.0,
    ];
    let found = RateTrend::new().run(&YEARS, &counts, &people).unwrap();
    for (got, want) in [
        (found.ratio[0], 0.899_497_054_028_124_2),
        (found.overdispersion[0], 3.380_369_953_803_575),
        (found.low[0], 0.819_573_275_720_575),
        (found.high[0], 0.987_214_900_942_093_1),
        (found.p[0], 0.032_782_642_412_901_17),
        (found.fitted[0], 12.315_186_64),
        (found.fitted[6], 6.522_881_21),
    ] {
        assert!((got / want - 1.0).abs() < 1e-8, "{got} {want}");
    }
    assert_eq!(found.status[0], TrendStatus::Falling);
    assert_eq!(found.years_used, [7]);
}

#[test]
fn what_cannot_be_told_is_said() {
    let few = RateTrend::new()
        .run(&[2017, 2018], &[3, 5], &[9.0; 2])
        .unwrap();
    assert_eq!(few.status[0], TrendStatus::CannotTell);
    let three = RateTrend::new().run(&[2017, 2018, 2019], &[160, 80, 40], &[9.0; 3]);
    assert!((three.unwrap().ratio[0] - 0.5).abs() < 1e-12);
    let years = [2017, 2018, 2019, 2020];
    let unknown = f64::NAN;
    let found = RateTrend::new()
        .run(
            &years,
            &[0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4],
            &[
                9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, unknown, unknown, 9.0,
                9.0,
            ],
        )
        .unwrap();
    assert!(found.status.iter().all(|s| *s == TrendStatus::CannotTell));
    assert!(found.fitted.iter().chain(&found.low).all(|v| v.is_nan()));
    assert_eq!(found.years_used, [4, 4, 4, 2]);
    assert!(
        RateTrend::new()
            .run(&[2018, 2017], &[1, 1], &[1.0; 2])
            .is_err()
    );
    assert!(RateTrend::new().run(&[], &[], &[]).is_err());
    assert!(
        RateTrend::new()
            .run(&[2017, 2018], &[1; 3], &[1.0; 3])
            .is_err()
    );
}

#[test]
fn years_left_out_do_not_move_the_trend() {
    let years = [2017, 2018, 2019, 2020, 2021, 2022, 2023];
    let trend = RateTrend::new().exclude_unusual(true);
    let run = |peak: i64| {
        let counts = [50, 40, 45, peak, peak, peak, 30];
        trend.run(&years, &counts, &[1e4; 7]).unwrap()
    };
    assert_eq!(run(0), run(9_000));
    assert!(run(0).fitted[4] > 0.0);
}

#[test]
fn a_status_has_its_words() {
    let words = [
        (TrendStatus::Falling, "falling"),
        (TrendStatus::Rising, "rising"),
        (TrendStatus::NoClearTrend, "no clear trend"),
        (TrendStatus::CannotTell, "cannot tell"),
    ];
    assert!(words.iter().all(|(status, name)| status.name() == *name));
}

#[test]
fn a_trend_that_chance_makes_is_not_clear() {
    let run = |counts: &[i64], people: &[f64]| {
        let found = RateTrend::new().run(&YEARS, counts, people);
        found.unwrap()
    };
    let flat = run(&[30, 41, 35, 28, 39, 33, 37], &[1e3; 7]);
    assert_eq!(flat.status[0], TrendStatus::NoClearTrend);
    assert!(flat.p[0] > 0.05 && flat.low[0] < 1.0 && flat.high[0] > 1.0);
    // A year of nobody is no year.
    let mut people = [1e3; 7];
    people[3] = 0.0;
    let without = run(&[30, 41, 35, 28, 39, 33, 37], &people);
    assert_eq!(
        (without.years_used[0], without.status[0].name()),
        (6, "no clear trend")
    );
    assert!(without.fitted.iter().all(|rate| rate.is_finite()));
}

#[test]
fn turned_round_in_time_a_trend_is_its_inverse() {
    let counts = [12, 20, 17, 31, 28, 40, 52];
    let people = [900.0, 950.0, 1_000.0, 980.0, 1_010.0, 1_100.0, 1_050.0];
    let run = |counts: &[i64], people: &[f64]| {
        let found = RateTrend::new().run(&YEARS, counts, people);
        found.unwrap()
    };
    let forth = run(&counts, &people);
    let turned = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
    let back: Vec<i64> = counts.iter().rev().copied().collect();
    let back = run(&back, &turned(&people));
    assert_eq!(forth.status[0], TrendStatus::Rising);
    assert_eq!(back.status[0], TrendStatus::Falling);
    assert!((forth.ratio[0] * back.ratio[0] - 1.0).abs() < 1e-12);
    assert!((forth.low[0] * back.high[0] - 1.0).abs() < 1e-10);
    assert!((forth.p[0] / back.p[0] - 1.0).abs() < 1e-9);
    for (a, b) in forth.fitted.iter().zip(turned(&back.fitted)) {
        assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
    }
}

proptest! {
    #[test]
    fn fitted_counts_have_the_sum_and_the_mean_year_of_the_counts(
        counts in prop::collection::vec(0i64..500, 7),
        people in prop::collection::vec(10.0..1e5f64, 7),
    ) {
        let found = RateTrend::new().per(1.0).run(&YEARS, &counts, &people).unwrap();
        prop_assume!(found.status[0] != TrendStatus::CannotTell);
        let total: i64 = counts.iter().sum();
        let fitted: Vec<f64> = found.fitted.iter().zip(&people).map(|(r, n)| r * n).collect();
        prop_assert!((fitted.iter().sum::<f64>() / total as f64 - 1.0).abs() < 1e-9);
        let mean = |of: &dyn Fn(usize) -> f64| {
            (0..7).map(|j| of(j) * f64::from(YEARS[j] - 2013)).sum::<f64>() / total as f64
        };
        let (got, want) = (mean(&|j| fitted[j]), mean(&|j| counts[j] as f64));
        prop_assert!((got - want).abs() < 1e-8, "{} {}", got, want);
        prop_assert!(found.low[0] <= found.ratio[0] && found.ratio[0] <= found.high[0]);
    }
}
