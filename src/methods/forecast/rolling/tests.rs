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

#[test]
fn short_records_have_no_intervals_or_no_forecast() {
    let city = city(1_000);
    let units = ForecastUnits::areas(&city.neighbourhoods).unwrap();
    let first = city.incidents.times().unwrap().range().unwrap().0;
    let test = RollingTest::new(kernel(), 28.0);
    let few = test.clone().until(first + (365 + 5 * 28) * SECONDS);
    let few = few.run(&city.incidents, &units).unwrap();
    assert_eq!(few.start.len(), 5);
    assert!(few.hit_rate[0].low.is_nan() && few.hit_rate[0].difference_high.is_nan());
    assert!(few.warnings.iter().any(|w| w.code == WarningCode::FewSteps));
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
