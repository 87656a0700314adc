use super::*;
use crate::model::{Times, Zone};
use crate::synthetic::{City, SyntheticCity};

const SECONDS: i64 = 86_400;

fn city(n: usize) -> City {
    SyntheticCity::new(n).seed(5).build().unwrap()
}

fn kernel() -> ForecastMethod {
    ForecastMethod::Kernel {
        bandwidth: 400.0,
        days: 180.0,
    }
}

#[test]
fn figures_are_those_of_the_maps_added_up() {
    let city = city(3_000);
    let units = ForecastUnits::cells(&city.neighbourhoods, 250.0).unwrap();
    let test = RollingTest::new(kernel(), 90.0).draws(199);
    let found = test.run(&city.incidents, &units).unwrap();
    let (mut hits, mut came, mut information) = (0.0, 0, 0.0);
    // Best hits, hits below the curve, what was expected, and the scores of all places.
    let (mut best, mut under, mut expected, mut scores) = (0.0, 0.0, 0.0, [0.0; 3]);
    let times = city.incidents.times().unwrap();
    for (k, start) in found.start.iter().enumerate() {
        let map = Forecast::new(kernel(), 90.0)
            .run(&city.incidents, &units, *start)
            .unwrap();
        let mut counts = vec![0; units.len()];
        for (i, second) in times.seconds().iter().enumerate() {
            let (x, y) = (city.incidents.x()[i], city.incidents.y()[i]);
            if (*start..found.end[k]).contains(second)
                && let Some(unit) = units.locate(x, y)
            {
                counts[unit as usize] += 1;
            }
        }
        let judged = Accuracy::new()
            .run(&map.expected, units.km2(), &counts)
            .unwrap();
        assert_eq!(found.incidents[k], judged.incidents);
        assert!((found.hits[[k, 3]] - judged.hits[3]).abs() < 1e-9);
        hits += judged.hits[3];
        came += judged.incidents;
        information += judged.information * judged.incidents as f64;
        best += judged.hits[3] / judged.pei[3];
        under += judged.area_under_curve * judged.incidents as f64;
        expected += map.expected.iter().sum::<f64>();
        let mean = [judged.log_score, judged.brier, judged.ranked_score];
        for (sum, mean) in scores.iter_mut().zip(mean) {
            *sum += mean;
        }
    }
    let (came_f, maps) = (came as f64, found.start.len() as f64);
    for (figure, want) in [
        (&found.pei[3], hits / best),
        (&found.area_under_curve, under / came_f),
        (&found.expected_by_observed, expected / came_f),
        (&found.log_score, scores[0] / maps),
        (&found.brier, scores[1] / maps),
        (&found.ranked_score, scores[2] / maps),
    ] {
        assert!((figure.value - want).abs() < 1e-9, "{figure:?} {want}");
    }
    assert!((found.hit_rate[3].value - hits / came as f64).abs() < 1e-12);
    assert!((found.information.value - information / came as f64).abs() < 1e-9);
    assert!((found.pai[3].value - 20.0 * found.hit_rate[3].value).abs() < 1e-9);
    assert!(found.pei[3].value >= found.hit_rate[3].value && found.pei[3].value <= 1.0);
    let rate = &found.hit_rate[3];
    assert!(rate.low <= rate.value && rate.value <= rate.high);
    assert!((rate.difference - rate.value + rate.baseline).abs() < 1e-15);
    // Eight years less one, in quarters; the last is whole.
    assert!(
        (27..=29).contains(&found.start.len()),
        "{}",
        found.start.len()
    );
    assert!(*found.end.last().unwrap() <= times.range().unwrap().1 + 1);
    assert!((found.run - (found.start.len() as f64).cbrt()).abs() < 1e-12);
}

#[test]
fn a_method_against_itself_differs_by_nothing() {
    let city = city(1_000);
    let units = ForecastUnits::cells(&city.neighbourhoods, 2_000.0).unwrap();
    let counts = ForecastMethod::Counts { days: 365.0 };
    let found = RollingTest::new(counts, 90.0)
        .draws(199)
        .run(&city.incidents, &units)
        .unwrap();
    let pairs = found
        .hit_rate
        .iter()
        .chain([&found.information, &found.log_score]);
    for figure in pairs.chain([&found.brier, &found.ranked_score]) {
        assert_eq!(
            (
                figure.difference,
                figure.difference_low,
                figure.difference_high
            ),
            (0.0, 0.0, 0.0)
        );
        assert_eq!(
            (figure.value, figure.low, figure.high),
            (figure.baseline, figure.baseline_low, figure.baseline_high)
        );
    }
    assert!(found.hit_rate[4].value > 0.1 && found.hit_rate[4].value < 1.0);
}

/// The forecasts of the first years do not change with what the last years bring.
#[test]
fn later_years_do_not_change_earlier_forecasts() {
    let city = city(2_000);
    let units = ForecastUnits::cells(&city.neighbourhoods, 400.0).unwrap();
    let times = city.incidents.times().unwrap();
    let middle = times.range().unwrap().0 + 4 * 365 * SECONDS;
    // From the middle on, everything happens at one spot.
    let late = |i: usize| times.seconds()[i] >= middle;
    let moved = |column: &[f64]| -> Vec<f64> {
        let place = |(i, v): (usize, &f64)| if late(i) { column[0] } else { *v };
        column.iter().enumerate().map(place).collect()
    };
    let other = Incidents::builder(
        moved(city.incidents.x()),
        moved(city.incidents.y()),
        units.crs(),
    )
    .time(Times::from_utc_seconds(
        times.seconds().to_vec(),
        Zone::utc(),
    ))
    .build()
    .unwrap();
    let exciting =
        ForecastMethod::SelfExciting(super::super::SelfExciting::new(300.0, 30.0).most_steps(10));
    for method in [kernel(), exciting] {
        let test = RollingTest::new(method, 90.0).draws(39);
        let one = test.run(&city.incidents, &units).unwrap();
        let two = test.run(&other, &units).unwrap();
        let known = one.end.iter().filter(|end| **end <= middle).count();
        assert!(known > 5 && known < one.start.len());
        for k in 0..known {
            assert_eq!(one.hits.row(k), two.hits.row(k));
            assert_eq!(one.expected[k].to_bits(), two.expected[k].to_bits());
        }
        assert_ne!(one.hits.row(known + 4), two.hits.row(known + 4));
    }
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let city = city(1_000);
    let units = ForecastUnits::areas(&city.neighbourhoods).unwrap();
    let test = RollingTest::new(kernel(), 60.0)
        .step(30.0)
        .draws(199)
        .seed(1);
    let run = |threads: usize, test: &RollingTest| {
        let workers = Workers::new(threads).unwrap();
        test.run_with(&city.incidents, &units, &workers).unwrap()
    };
    let one = run(1, &test);
    assert!(one.run >= 2.0, "forecasts overlap");
    for threads in [2, 3, 7] {
        assert_eq!(run(threads, &test), one);
    }
    let other = run(2, &test.clone().seed(2));
    assert_eq!(other.hit_rate[4].value, one.hit_rate[4].value);
    assert_ne!(other.hit_rate[4].low, one.hit_rate[4].low);
}

/// What is drawn twice counts twice; sums are divided at the end.
#[test]
fn figures_are_quotients_of_sums() {
    let judged = |hits: [f64; 2], best: [f64; 2], under_curve, scores: [f64; 4], rest: [f64; 3]| {
        let [information, log, brier, ranked] = scores;
        let [expected, incidents, places] = rest;
        Judged {
            hits: hits.to_vec(),
            best: best.to_vec(),
            under_curve,
            scores: super::super::proper_scores::Scores {
                information,
                log,
                brier,
                ranked,
            },
            expected,
            incidents,
            places,
        }
    };
    let one = judged(
        [1.0, 2.0],
        [2.0, 4.0],
        3.0,
        [5.0, 7.0, 11.0, 13.0],
        [17.0, 10.0, 20.0],
    );
    let two = judged(
        [3.0, 4.0],
        [5.0, 8.0],
        6.0,
        [1.0, 2.0, 4.0, 8.0],
        [16.0, 30.0, 20.0],
    );
    let pairs = [(one.clone(), two.clone()), (two, one)];
    let found = figures(&pairs, &[0, 1, 1]);
    let want = [
        (7.0 / 70.0, 5.0 / 50.0),
        (10.0 / 70.0, 8.0 / 50.0),
        (7.0 / 12.0, 5.0 / 9.0),
        (10.0 / 20.0, 8.0 / 16.0),
        (15.0 / 70.0, 12.0 / 50.0),
        (7.0 / 70.0, 11.0 / 50.0),
        (11.0 / 60.0, 16.0 / 60.0),
        (19.0 / 60.0, 26.0 / 60.0),
        (29.0 / 60.0, 34.0 / 60.0),
        (49.0 / 70.0, 50.0 / 50.0),
    ];
    assert_eq!(found, want);
}

/// Forecasts of five days from the tenth day on, every three days, as long as the record lasts.
#[test]
fn forecasts_begin_where_they_end_within_the_record() {
    let test = RollingTest::new(kernel(), 5.0).training(10.0).step(3.0);
    let starts = |test: &RollingTest, seconds: i64| test.starts(100, 100 + seconds);
    assert!(starts(&test, 15 * SECONDS - 1).is_err());
    let first = 100 + 10 * SECONDS;
    assert_eq!(starts(&test, 15 * SECONDS).unwrap(), [first]);
    assert_eq!(starts(&test, 18 * SECONDS - 1).unwrap(), [first]);
    let two = [first, first + 3 * SECONDS];
    assert_eq!(starts(&test, 18 * SECONDS).unwrap(), two);
    let second = 1.0 / 86_400.0;
    let often = RollingTest::new(kernel(), second).training(second);
    assert_eq!(starts(&often, 100_001).unwrap().len(), 100_000);
    assert!(starts(&often, 100_002).is_err());
    // A step of less than half a second is one of a second.
    let least = often.step(1e-9);
    assert_eq!(starts(&least, 4).unwrap(), [101, 102, 103]);
}

#[test]
fn settings_are_checked_at_their_ends() {
    let test = || RollingTest::new(kernel(), 60.0);
    for (test, fine) in [
        (test().draws(39), true),
        (test().draws(38), false),
        (test().draws(1_000_000), true),
        (test().draws(1_000_001), false),
        (test().level(0.5).draws(3), true),
        (test().level(0.5).draws(2), false),
        (test().level(0.0), false),
        (test().level(f64::NAN), false),
        (test().run_length(1.0), true),
        (test().run_length(f64::INFINITY), false),
        (test().run_length(f64::NAN), false),
    ] {
        assert_eq!(test.check().is_ok(), fine, "{test:?}");
    }
    for (step, run, forecasts, want) in [
        (30.0, None, 1, 2.0),
        (25.0, None, 1, 3.0),
        (30.0, None, 27, 3.0),
        (30.0, Some(1.5), 27, 1.5),
    ] {
        let test = RollingTest {
            run,
            ..test().step(step)
        };
        assert!((test.run_of(forecasts) - want).abs() < 1e-12);
    }
}

#[test]
fn short_records_have_no_intervals_or_no_forecast() {
    let city = city(1_000);
    let units = ForecastUnits::areas(&city.neighbourhoods).unwrap();
    let first = city.incidents.times().unwrap().range().unwrap().0;
    let test = RollingTest::new(kernel(), 28.0);
    for (forecasts, told) in [(7, true), (8, false)] {
        let few = test.clone().until(first + (365 + forecasts * 28) * SECONDS);
        let few = few.run(&city.incidents, &units).unwrap();
        assert_eq!(few.start.len() as i64, forecasts);
        assert_eq!(few.hit_rate[4].low.is_nan(), told);
        assert_eq!(few.hit_rate[4].difference_high.is_nan(), told);
        let warning = few
            .warnings
            .iter()
            .find(|w| w.code == WarningCode::FewSteps);
        assert_eq!(warning.map(|w| w.value), told.then_some(Some(7.0)));
    }
    let name = |test: RollingTest| match test.run(&city.incidents, &units) {
        Err(Error::Parameter { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(name(test.clone().until(first + 380 * SECONDS)), "training");
    assert_eq!(name(test.clone().training(0.0)), "training");
    assert_eq!(name(test.clone().step(0.0)), "step");
    assert_eq!(name(test.clone().step(1e-9)), "step");
    assert_eq!(name(test.clone().level(1.0)), "level");
    assert_eq!(name(test.clone().draws(10)), "draws");
    assert_eq!(name(test.clone().run_length(0.5)), "run_length");
    assert_eq!(name(RollingTest::new(kernel(), -1.0)), "horizon");
    assert_eq!(
        name(test.accuracy(Accuracy::new().shares(&[2.0]))),
        "shares"
    );
}
