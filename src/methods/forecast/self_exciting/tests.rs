use geo_types::{MultiPolygon, Rect, coord};

use super::close::{Near, Reach};
use super::predicted::growth;
use super::simulated::Town;
use super::truncated::share;
use super::*;
use crate::error::Error;
use crate::methods::forecast::past::{Events, Past};
use crate::methods::forecast::spread::{Spread, Spreading};
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

#[test]
fn settings_and_records_just_suffice() {
    let units = units(900.0);
    let day = |k: usize, last: i64| (k as i64).min(last) * 86_400;
    // So many reports, the last of them so many days after the first.
    let record = |n: usize, last: i64| {
        let seconds = (0..n).map(|k| day(k * 7, last)).collect();
        let x: Vec<f64> = (0..n).map(|k| 5.0 + (k * 37 % 800) as f64).collect();
        let times = Times::from_utc_seconds(seconds, Zone::utc());
        let builder = Incidents::builder(x.clone(), x, Crs::PLANAR).time(times);
        builder.build().unwrap()
    };
    // A second after the last report the record ends.
    let process = |days| SelfExciting::new(30.0, days).most_steps(1);
    for (process, n, last, fine) in [
        (process(30.0), 20, 90, true),
        (process(30.0), 19, 90, false),
        (process(30.0), 20, 89, false),
        (process(30.0).precision(10.0), 20, 90, true),
        (process(30.0).precision(10.1), 20, 90, false),
    ] {
        let found = process.run(&record(n, last), &units);
        assert_eq!(found.is_ok(), fine, "{process:?} {n} {last}");
    }
}

fn kind_of(right_there: usize) -> usize {
    [2, 4, 8, 16]
        .into_iter()
        .filter(|most| right_there >= *most)
        .count()
}

/// All pairs of incidents one by one, on few places and in a corner of the study area.
#[test]
fn what_is_near_is_what_the_definition_says() {
    let units = units(1_500.0);
    let n = 260usize;
    let at = |k: usize| {
        (
            8.0 * (k * k % 47 + k % 3) as f64,
            8.0 * (k * 29 % 11) as f64,
        )
    };
    let (x, y): (Vec<f64>, Vec<f64>) = (0..n).map(at).unzip();
    let seconds = (0..n)
        .map(|k| (k * 7_919 % 1_301) as i64 * 43_200)
        .collect();
    let incidents = Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap();
    let workers = Workers::new(2).unwrap();
    let events = Events::of(&incidents, &units, false, &workers).unwrap();
    let past = events.before(700 * 86_400);
    assert_eq!(past.len(), n);
    let reach = Reach {
        metres: 40.0,
        days: 60.0,
        radii: vec![16.0, 100.0, 350.0],
    };
    let near = Near::of(past, &reach, &units, &workers).unwrap();
    let squared =
        |i: usize, j: usize| (past.x[i] - past.x[j]).powi(2) + (past.y[i] - past.y[j]).powi(2);
    let elsewhen = |i: usize, moment: i64| (past.seconds[i] - moment).abs() > 60 * 86_400;
    let kind = |i: usize, moment: i64| {
        let there = |k: &usize| squared(i, *k) <= 256.0 && elsewhen(*k, moment);
        kind_of((0..n).filter(there).count())
    };
    let (first, span) = (past.seconds[0], past.now - past.seconds[0]);
    let sizes: Vec<[f64; 5]> = (0..16)
        .map(|k| {
            let middle = first + span * (2 * k + 1) / 32;
            let mut sizes = [0.0; 5];
            for i in (0..n).filter(|i| elsewhen(*i, middle)) {
                sizes[kind(i, middle)] += 1.0;
            }
            sizes
        })
        .collect();
    assert!(sizes[7].iter().filter(|size| **size > 0.0).count() >= 3);
    for j in 0..n {
        let now = past.seconds[j];
        let mut followed: Vec<(f64, f64)> = (0..n)
            .filter(|i| past.seconds[*i] < now && !elsewhen(*i, now) && squared(*i, j) <= 1_600.0)
            .map(|i| ((now - past.seconds[i]) as f64 / DAY, squared(i, j)))
            .collect();
        let mut found = near.followed(j).to_vec();
        for list in [&mut followed, &mut found] {
            list.sort_by(|a, b| a.partial_cmp(b).unwrap());
        }
        assert_eq!(found, followed);
        let moment = ((now - first) * 16 / span) as usize;
        let mut base = [0.0; 16];
        base[15] = 1.0 / 2.25e6;
        for i in (0..n).filter(|i| elsewhen(*i, now)) {
            let kind = kind(i, now);
            for (k, radius) in [16.0f64, 100.0, 350.0].into_iter().enumerate() {
                let left = (1.0 - squared(i, j) / (radius * radius)).max(0.0);
                let shape = 3.0 / (std::f64::consts::PI * radius * radius) * left * left;
                let mut kernel = Spreading::new(&units, Spread::Quartic { radius });
                let edge = kernel.inside(past.x[i], past.y[i]);
                base[3 * kind + k] += shape / edge / sizes[moment][kind].max(1.0);
            }
        }
        for (found, want) in near.base(j).iter().zip(base) {
            assert!((found - want).abs() <= 1e-12 * want, "{j}: {found} {want}");
        }
        let always = |k: &usize| squared(j, *k) <= 256.0;
        assert_eq!(
            usize::from(near.kind[j]),
            kind_of((0..n).filter(always).count())
        );
    }
}

/// The mean rate of a process by small steps: r' = θω(μ + r) − ωr.
#[test]
fn later_followers_come_as_the_rate_grows() {
    let (theta, rate, days, steps) = (0.4, 0.5, 12.0, 200_000);
    let step = days / f64::from(steps);
    let (mut coming, mut past) = ([0.0; 2], [1.0, 0.0]);
    for _ in 0..steps {
        // By the midpoint of each step.
        let slope = |background: f64, r: f64| theta * rate * (background + r) - rate * r;
        for (background, [r, total]) in [(1.0, &mut coming), (0.0, &mut past)] {
            let middle = *r + 0.5 * step * slope(background, *r);
            *total += step * (background + middle);
            *r += step * slope(background, middle);
        }
    }
    let (of_background, of_followers) = growth(theta, rate, days);
    let first = (1.0 - (-rate * days).exp()) / rate;
    assert!((of_background - coming[1] / days).abs() < 1e-6);
    assert!((of_followers - past[1] / first).abs() < 1e-6);
    for theta in [1.0, 1.4] {
        assert_eq!(growth(theta, rate, days), (1.0, 1.0));
    }
}

/// What is laid over the cells is what is expected in all, wherever the parts put it.
#[test]
fn the_parts_of_a_forecast_lie_where_they_belong() {
    let units = units(4_000.0);
    let workers = Workers::new(1).unwrap();
    let events = Events::of(&incidents(&planted(), 70), &units, false, &workers).unwrap();
    let past: Past<'_> = events.before((700.0 * DAY) as i64);
    let process = SelfExciting::new(200.0, 30.0).most_steps(5);
    let mut fitted = process.fitted(past, 0, &units, &workers).unwrap();
    let (days, per_day) = (14.0, fitted.fit.background_per_day);
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    // Background and followers, those of followers included.
    let parameters = &fitted.parameters;
    let (theta, rate) = (parameters.branching, parameters.rate);
    assert!(theta > 0.05 && theta < 1.0);
    let (of_background, of_followers) = growth(theta, rate, days);
    let ages = (0..past.len()).map(|i| past.age(i));
    let recent = ages.filter(|age| *age < 30.0);
    let coming = recent.map(|age| share(rate, age + days, 30.0) - share(rate, age, 30.0));
    let followers = theta * coming.sum::<f64>() * of_followers;
    let expected = fitted.expected(days, &units);
    close(
        expected.iter().sum(),
        per_day * days * of_background + followers,
    );
    // Without followers, everywhere alike.
    fitted.parameters.branching = 0.0;
    let parts = fitted.parameters.parts.len();
    let only = |part: usize| {
        let mut parts = vec![0.0; parts];
        parts[part] = 0.3;
        parts
    };
    fitted.parameters.parts = only(parts - 1);
    let even = fitted.expected(days, &units);
    for e in even {
        close(e, per_day * days / 1_600.0);
    }
    // At the lonely places by the narrowest kernel, and at those where two or three are.
    for kind in [0, 1] {
        fitted.parameters.parts = only(4 * kind);
        let mut want = vec![0.0; units.len()];
        let of_kind = (0..past.len()).filter(|i| usize::from(fitted.kind[*i]) == kind);
        let each = per_day * days / of_kind.clone().count() as f64;
        of_kind.for_each(|i| want[past.unit[i] as usize] += each);
        for (found, want) in fitted.expected(days, &units).iter().zip(want) {
            assert!((found - want).abs() < 1e-9, "{found} {want}");
        }
    }
}
