use geo_types::{MultiPolygon, Rect, coord};

use super::simulated::Town;
use super::*;
use crate::error::Error;
use crate::methods::forecast::{Forecast, ForecastMethod, ForecastUnits};
use crate::model::{Crs, Incidents, Neighbourhoods, Times, WarningCode, Zone};
use crate::parallel::Workers;
use crate::random::stream;

const DAY: f64 = 86_400.0;

fn units(side: f64) -> ForecastUnits {
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: side, y: side });
    let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
    let names = || vec!["town".to_owned()];
    let town = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap();
    ForecastUnits::cells(&town, 100.0).unwrap()
}

fn incidents(town: &Town, seed: u64) -> Incidents {
    let (days, x, y) = town.draw(&mut stream(seed, 0), &mut stream(seed, 1));
    let seconds = days.iter().map(|d| (d * DAY) as i64).collect();
    let times = Times::from_utc_seconds(seconds, Zone::utc());
    let builder = Incidents::builder(x, y, Crs::PLANAR).time(times);
    builder.build().unwrap()
}

fn planted() -> Town {
    Town {
        side: 4_000.0,
        days: 730.0,
        background: 1_500.0,
        at_addresses: 0.2,
        at_squares: 0.4,
        season: 0.3,
        branching: 0.35,
        delay: 4.0,
        sigma: 40.0,
    }
}

#[test]
fn planted_parameters_are_found() {
    let units = units(4_000.0);
    let mut found = Vec::new();
    for seed in 0..8 {
        let fit = SelfExciting::new(200.0, 30.0)
            .run(&incidents(&planted(), seed), &units)
            .unwrap();
        assert!(fit.converged && fit.gain > 50.0, "{}", fit.gain);
        found.push([fit.branching, fit.delay, fit.distance]);
    }
    let mean = |k: usize| found.iter().map(|f| f[k]).sum::<f64>() / found.len() as f64;
    assert!((mean(0) / 0.35 - 1.0).abs() < 0.1, "{}", mean(0));
    assert!((mean(1) / 4.0 - 1.0).abs() < 0.1, "{}", mean(1));
    assert!((mean(2) / 40.0 - 1.0).abs() < 0.1, "{}", mean(2));
}

#[test]
fn the_likelihood_never_falls() {
    let units = units(4_000.0);
    for (seed, branching) in [(20, 0.0), (21, 0.2), (22, 0.7)] {
        let town = Town {
            branching,
            background: 500.0,
            ..planted()
        };
        let fit = SelfExciting::new(300.0, 20.0)
            .run(&incidents(&town, seed), &units)
            .unwrap();
        let size = fit.log_likelihood.abs();
        let fallen = fit.trace.windows(2).map(|w| w[0] - w[1]);
        let most = fallen.fold(f64::NEG_INFINITY, f64::max);
        assert!(most < 1e-12 * size, "{branching}: {most}");
        assert!(fit.trace.len() > 5);
    }
}

#[test]
fn without_followers_none_are_claimed() {
    let units = units(4_000.0);
    for seed in 30..36 {
        let town = Town {
            branching: 0.0,
            ..planted()
        };
        let fit = SelfExciting::new(200.0, 30.0)
            .run(&incidents(&town, seed), &units)
            .unwrap();
        assert!(fit.branching < 0.06, "{}", fit.branching);
        assert!(fit.gain < SelfExciting::EVIDENCE, "{}", fit.gain);
        assert!(fit.warnings.iter().any(|w| w.code == WarningCode::Input));
    }
}

#[test]
fn threads_and_the_order_of_rows_do_not_matter() {
    let units = units(4_000.0);
    let all = incidents(&planted(), 40);
    let back: Vec<u32> = (0..all.len() as u32).rev().collect();
    let process = SelfExciting::new(200.0, 30.0).most_steps(30);
    let one = process.run_with(&all, &units, &Workers::new(1).unwrap());
    let one = one.unwrap();
    assert!(!one.converged && !one.warnings.is_empty());
    for threads in [2, 3, 7] {
        let other = process.run_with(&all.take(&back), &units, &Workers::new(threads).unwrap());
        assert_eq!(one, other.unwrap());
    }
}

/// The number of incidents that come, on average over many futures of one past, is the one expected.
#[test]
fn later_followers_are_expected_in_full() {
    let units = units(4_000.0);
    let town = Town {
        branching: 0.6,
        delay: 5.0,
        sigma: 30.0,
        season: 0.0,
        ..planted()
    };
    let (mut expected, mut came) = (0.0, 0.0);
    for seed in 50..58 {
        let all = incidents(&town, seed);
        let now = (600.0 * DAY) as i64;
        let method = ForecastMethod::SelfExciting(SelfExciting::new(200.0, 40.0));
        let found = Forecast::new(method, 60.0).run(&all, &units, now).unwrap();
        assert!(found.fit.unwrap().branching > 0.3);
        expected += found.expected.iter().sum::<f64>();
        let until = now + (60.0 * DAY) as i64;
        let seconds = all.times().unwrap().seconds().iter();
        came += seconds.filter(|s| **s >= now && **s < until).count() as f64;
    }
    // Some 2,300 incidents in families of 2.5: a standard deviation of 5 %.
    assert!((expected / came - 1.0).abs() < 0.12, "{expected} {came}");
}

#[test]
fn what_has_no_meaning_is_refused() {
    let units = units(4_000.0);
    let all = incidents(&planted(), 60);
    let name = |process: SelfExciting| match process.run(&all, &units) {
        Err(Error::Parameter { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(name(SelfExciting::new(0.0, 30.0)), "reach");
    assert_eq!(name(SelfExciting::new(200.0, f64::NAN)), "reach_days");
    assert_eq!(name(SelfExciting::new(200.0, 400.0)), "reach_days");
    assert_eq!(
        name(SelfExciting::new(200.0, 30.0).precision(100.0)),
        "precision"
    );
    assert_eq!(
        name(SelfExciting::new(200.0, 30.0).most_steps(0)),
        "most_steps"
    );
    let few = all.take(&[0, 500, 1000]);
    assert!(SelfExciting::new(200.0, 30.0).run(&few, &units).is_err());
}
