use geo_types::{MultiPolygon, Rect, coord};

use super::super::self_exciting::SelfExciting;
use super::*;
use crate::error::Fault;
use crate::model::{Categories, Crs, Neighbourhoods, Zone};
use crate::synthetic::SyntheticCity;

const SECONDS: i64 = 86_400;

fn areas() -> Neighbourhoods {
    let rect = |x: f64, w: f64| {
        let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + w, y: 1_000.0 });
        MultiPolygon::new(vec![rect.to_polygon()])
    };
    let names = || vec!["west".to_owned(), "east".to_owned()];
    let shapes = vec![rect(0.0, 1_000.0), rect(1_000.0, 3_000.0)];
    Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap()
}

/// Three reports in the west on days 2, 60 and 95, one in the east on day 99, one outside.
fn reports() -> Incidents {
    let days = [2, 60, 95, 99, 50];
    let times = Times::from_utc_seconds(days.map(|d| d * SECONDS + 1).to_vec(), Zone::utc());
    let x = vec![500.0, 510.0, 490.0, 2_500.0, 9_000.0];
    Incidents::builder(x, vec![500.0; 5], Crs::PLANAR)
        .time(times)
        .build()
        .unwrap()
}

fn expected(method: ForecastMethod, days: f64) -> Vec<f64> {
    let units = ForecastUnits::areas(&areas()).unwrap();
    let found = Forecast::new(method, days)
        .since(0)
        .run(&reports(), &units, 100 * SECONDS)
        .unwrap();
    assert_eq!((found.outside, found.used), (1, 4));
    assert_eq!(found.rank, [1, 2]);
    found.expected
}

fn close(found: &[f64], want: &[f64]) {
    assert_eq!(found.len(), want.len());
    for (a, b) in found.iter().zip(want) {
        assert!((a - b).abs() < 1e-9, "{found:?} {want:?}");
    }
}

#[test]
fn counts_and_weights_by_hand() {
    // Ten days of a hundred with three and one; of the last fifty with two and one.
    close(
        &expected(ForecastMethod::Counts { days: 365.0 }, 10.0),
        &[0.3, 0.1],
    );
    close(
        &expected(ForecastMethod::Counts { days: 50.0 }, 10.0),
        &[0.4, 0.2],
    );
    let half = ForecastMethod::Recent { half_life: 10.0 };
    let age = |day: f64| 100.0 - day - 1.0 / 86_400.0;
    let weight = |day: f64| (-age(day) / 10.0).exp2();
    let watched = 10.0 / std::f64::consts::LN_2 * (1.0 - (-10.0f64).exp2());
    close(
        &expected(half, 10.0),
        &[
            10.0 * (weight(2.0) + weight(60.0) + weight(95.0)) / watched,
            10.0 * weight(99.0) / watched,
        ],
    );
    // 5 days is within the first week; 40 in the sixth.
    let weeks: f64 = (1..=8).map(|w| 7.0 / f64::from(w)).sum();
    close(
        &expected(ForecastMethod::ProspectiveMap, 7.0),
        &[7.0 * (1.0 + 1.0 / 6.0) / weeks, 7.0 / weeks],
    );
    // The kernel of 200 m stays inside its area.
    let quartic = |age: f64| (1.0 - (age / 50.0).powi(2)).powi(2);
    let mass = 50.0 * 8.0 / 15.0;
    let kernel = ForecastMethod::Kernel {
        bandwidth: 200.0,
        days: 50.0,
    };
    close(
        &expected(kernel, 7.0),
        &[
            7.0 * (quartic(age(60.0)) + quartic(age(95.0))) / mass,
            7.0 * quartic(age(99.0)) / mass,
        ],
    );
}

#[test]
fn a_map_tells_its_time_its_densities_and_what_it_rests_on() {
    let units = ForecastUnits::areas(&areas()).unwrap();
    let counts = ForecastMethod::Counts { days: 365.0 };
    let forecast = Forecast::new(counts.clone(), 10.5);
    let run = |forecast: &Forecast, now| forecast.run(&reports(), &units, now).unwrap();
    let found = run(&forecast.clone().since(0), 100 * SECONDS);
    assert_eq!((found.start, found.since), (100 * SECONDS, 0));
    assert_eq!(found.end, 110 * SECONDS + SECONDS / 2);
    close(&found.expected, &[0.315, 0.105]);
    close(&found.per_km2, &[0.315, 0.035]);
    assert_eq!(found.method, "counts");
    let warning = |code| {
        let found = found.warnings.iter().find(|w| w.code == code);
        found.unwrap().value
    };
    assert_eq!(warning(WarningCode::TooFewIncidents), Some(4.0));
    assert_eq!(warning(WarningCode::OutsideAllAreas), Some(0.2));
    // The record begins on day 60, or with the first incident within the areas.
    let later = run(&forecast.clone().since(60 * SECONDS + 1), 100 * SECONDS);
    assert_eq!(later.used, 3);
    assert_eq!(run(&forecast, 2 * SECONDS + 2).used, 1);
    assert!(forecast.run(&reports(), &units, 2 * SECONDS + 1).is_err());
    assert!(forecast.run(&reports(), &units, Times::UNKNOWN).is_err());
    for (n, few) in [(49, true), (50, false)] {
        let times = Times::from_utc_seconds((0..n).collect(), Zone::utc());
        let at = vec![500.0; n as usize];
        let incidents = Incidents::builder(at.clone(), at, Crs::PLANAR);
        let incidents = incidents.time(times).build().unwrap();
        let found = forecast.run(&incidents, &units, SECONDS).unwrap();
        let mut codes = found.warnings.iter().map(|w| w.code);
        assert_eq!(codes.any(|c| c == WarningCode::TooFewIncidents), few);
    }
    let nan = f64::NAN;
    assert_eq!(best_ranks(&[2.0, nan, 3.0, 2.0, nan]), [2, 4, 1, 2, 4]);
}

#[test]
fn methods_have_names_and_settings_of_their_own() {
    let exciting = |metres, days| ForecastMethod::SelfExciting(SelfExciting::new(metres, days));
    let counts = |days| Some(ForecastMethod::Counts { days });
    let recent = |half_life| Some(ForecastMethod::Recent { half_life });
    let kernel = |bandwidth, days| Some(ForecastMethod::Kernel { bandwidth, days });
    for (name, metres, days, want) in [
        ("counts", None, None, counts(365.0)),
        ("counts", None, Some(9.0), counts(9.0)),
        ("counts", Some(9.0), None, None),
        ("recent", None, None, recent(30.0)),
        ("recent", None, Some(9.0), recent(9.0)),
        ("recent", Some(9.0), None, None),
        ("kernel", None, None, kernel(400.0, 365.0)),
        ("kernel", Some(7.0), Some(9.0), kernel(7.0, 9.0)),
        (
            "prospective_map",
            None,
            None,
            Some(ForecastMethod::ProspectiveMap),
        ),
        ("prospective_map", Some(9.0), None, None),
        ("prospective_map", None, Some(9.0), None),
        ("self_exciting", None, None, Some(exciting(300.0, 60.0))),
        (
            "self_exciting",
            Some(70.0),
            Some(9.0),
            Some(exciting(70.0, 9.0)),
        ),
        ("oracle", None, None, None),
    ] {
        let found = ForecastMethod::named(name, metres, days).ok();
        assert_eq!(found, want, "{name}");
        assert!(found.is_none_or(|method| method.name() == name));
    }
}

fn methods() -> Vec<ForecastMethod> {
    vec![
        ForecastMethod::Counts { days: 90.0 },
        ForecastMethod::Recent { half_life: 20.0 },
        ForecastMethod::Kernel {
            bandwidth: 400.0,
            days: 60.0,
        },
        ForecastMethod::ProspectiveMap,
        ForecastMethod::SelfExciting(SelfExciting::new(200.0, 30.0).most_steps(20)),
    ]
}

/// Whatever comes after the moment of a forecast, the forecast is the same, byte for byte.
#[test]
fn the_future_does_not_reach_the_past() {
    let city = SyntheticCity::new(2_000).seed(3).build().unwrap();
    let times = city.incidents.times().unwrap();
    let (first, last) = times.range().unwrap();
    let now = first + (last - first) / 2;
    let known: Vec<u32> = (0..city.incidents.len() as u32)
        .filter(|i| times.seconds()[*i as usize] < now)
        .collect();
    let only_past = city.incidents.take(&known);
    // The same past with another future: all of it at one spot, a second after now.
    let (mut x, mut y) = (only_past.x().to_vec(), only_past.y().to_vec());
    let mut seconds = only_past.times().unwrap().seconds().to_vec();
    for _ in 0..500 {
        x.push(x[0]);
        y.push(y[0]);
        seconds.push(now);
    }
    let other = Incidents::builder(x, y, city.incidents.crs())
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap();
    for units in [
        ForecastUnits::areas(&city.neighbourhoods).unwrap(),
        ForecastUnits::cells(&city.neighbourhoods, 250.0).unwrap(),
    ] {
        for method in methods() {
            let forecast = Forecast::new(method, 28.0);
            let bytes = |incidents: &Incidents| -> (Vec<u64>, _) {
                let found = forecast.run(incidents, &units, now).unwrap();
                let bits = found.expected.iter().chain(&found.per_km2);
                (
                    bits.map(|v| v.to_bits()).collect(),
                    (found.rank, found.fit, found.used),
                )
            };
            let want = bytes(&city.incidents);
            assert_eq!(bytes(&only_past), want, "{forecast:?}");
            assert_eq!(bytes(&other), want, "{forecast:?}");
        }
    }
}

#[test]
fn a_steady_stream_is_forecast_at_its_rate() {
    // One report an hour for 400 days, over a square within the areas.
    let n = 400 * 24;
    let seconds: Vec<i64> = (0..n).map(|k| k * 3_600).collect();
    let at = |k: i64, step: i64| 100.0 + (k * step % 797) as f64;
    let x: Vec<f64> = (0..n).map(|k| at(k, 31)).collect();
    let y: Vec<f64> = (0..n).map(|k| at(k, 57)).collect();
    let incidents = Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap();
    let units = ForecastUnits::cells(&areas(), 100.0).unwrap();
    for method in methods() {
        let found = Forecast::new(method, 7.0)
            .run(&incidents, &units, 400 * SECONDS)
            .unwrap();
        let total: f64 = found.expected.iter().sum();
        assert!(
            (total / 168.0 - 1.0).abs() < 0.02,
            "{}: {total}",
            found.method
        );
    }
}

#[test]
fn what_the_police_found_is_left_out_and_said() {
    let mut sources = Categories::default();
    for label in ["online", "surveillance", "online", "online", "online"] {
        sources.push(label);
    }
    let incidents = Incidents::builder(reports().x().to_vec(), vec![500.0; 5], Crs::PLANAR)
        .time(reports().times().unwrap().clone())
        .source(sources)
        .build()
        .unwrap();
    let units = ForecastUnits::areas(&areas()).unwrap();
    let run = |discovered: bool| {
        Forecast::new(ForecastMethod::Counts { days: 365.0 }, 10.0)
            .since(0)
            .discovered(discovered)
            .run(&incidents, &units, 100 * SECONDS)
            .unwrap()
    };
    let (without, with) = (run(false), run(true));
    assert_eq!((without.discovered, with.discovered), (1, 0));
    close(&without.expected, &[0.2, 0.1]);
    close(&with.expected, &[0.3, 0.1]);
    for found in [without, with] {
        let codes = found.warnings.iter().map(|w| w.code);
        assert!(codes.clone().any(|c| c == WarningCode::Feedback));
        assert!(codes.clone().any(|c| c == WarningCode::TooFewIncidents));
        assert!(codes.clone().any(|c| c == WarningCode::OutsideAllAreas));
    }
}

#[test]
fn what_has_no_meaning_is_refused() {
    let units = ForecastUnits::areas(&areas()).unwrap();
    let name = |method: ForecastMethod, days: f64, now: i64| match Forecast::new(method, days).run(
        &reports(),
        &units,
        now,
    ) {
        Err(Error::Parameter { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    let counts = ForecastMethod::Counts { days: 30.0 };
    let now = 100 * SECONDS;
    assert_eq!(name(counts.clone(), 0.0, now), "horizon");
    assert_eq!(name(counts.clone(), f64::NAN, now), "horizon");
    assert_eq!(name(counts.clone(), 7.0, SECONDS), "at");
    assert_eq!(
        name(ForecastMethod::Counts { days: -1.0 }, 7.0, now),
        "days"
    );
    assert_eq!(
        name(ForecastMethod::Recent { half_life: 0.0 }, 7.0, now),
        "half_life"
    );
    let kernel = ForecastMethod::Kernel {
        bandwidth: f64::INFINITY,
        days: 3.0,
    };
    assert_eq!(name(kernel, 7.0, now), "bandwidth");
    let forecast = Forecast::new(counts, 7.0);
    let outside = reports().take(&[4]);
    let fault = |incidents: &Incidents| forecast.run(incidents, &units, now).unwrap_err().fault();
    assert_eq!(fault(&outside), Some(Fault::NoRows));
    let untimed = Incidents::builder(vec![1.0], vec![1.0], Crs::PLANAR);
    assert_eq!(fault(&untimed.build().unwrap()), Some(Fault::MissingTime));
    let elsewhere = Incidents::builder(vec![143_000.0], vec![487_000.0], Crs::RD_NEW);
    assert_eq!(fault(&elsewhere.build().unwrap()), Some(Fault::CrsMismatch));
}
