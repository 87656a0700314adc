use geo_types::{MultiPolygon, Rect, coord};
use proptest::prelude::*;
use rand::RngExt;

use super::super::edge::Edge;
use super::super::estimate::KernelDensity;
use super::super::kernel::Kernel;
use super::super::mass::mass_inside;
use super::*;
use crate::error::{Error, Fault};
use crate::index::StudyArea;
use crate::model::{Bounds, Crs, Incidents, Neighbourhoods, Times, WarningCode, Zone};
use crate::parallel::Workers;

const DAY: i64 = 86_400;

/// Where and when: x and y in metres, seconds.
type Events = Vec<(f64, f64, i64)>;

fn incidents(events: &[(f64, f64, i64)]) -> Incidents {
    let of = |f: fn(&(f64, f64, i64)) -> f64| events.iter().map(f).collect();
    let times = events.iter().map(|e| e.2).collect();
    Incidents::builder(of(|e| e.0), of(|e| e.1), Crs::PLANAR)
        .time(Times::from_utc_seconds(times, Zone::utc()))
        .build()
        .unwrap()
}

/// Events in a square kilometre and a hundred days.
fn events(n: usize, seed: u64) -> Events {
    let mut random = crate::random::stream(seed, 4);
    let mut place = || (998.0 * random.random::<f64>()).round() + 1.0;
    let places: Vec<(f64, f64)> = (0..n).map(|_| (place(), place())).collect();
    let mut random = crate::random::stream(seed, 5);
    let each = places.into_iter();
    each.map(|(x, y)| (x, y, random.random_range(0..100 * DAY)))
        .collect()
}

fn method(bandwidth: f64, days: f64) -> SpaceTimeDensity {
    let extent = Bounds::new(0.0, 0.0, 999.0, 999.0);
    SpaceTimeDensity::new(bandwidth, days)
        .cell_size(100.0)
        .extent(extent)
}

fn square() -> StudyArea {
    let corner = coord! { x: 1000.0, y: 1000.0 };
    let shape = Rect::new(coord! { x: 0.0, y: 0.0 }, corner).to_polygon();
    let codes = vec!["square".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![shape])];
    let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

/// The kernel of time, written out.
fn along(kernel: Kernel, v: f64) -> f64 {
    let u = 1.0 - v * v;
    match kernel {
        Kernel::Gaussian => (-0.5 * v * v).exp() / (2.0 * std::f64::consts::PI).sqrt(),
        _ if u < 0.0 => 0.0,
        Kernel::Uniform => 0.5,
        Kernel::Triangular => 1.0 - v.abs(),
        Kernel::Epanechnikov => 0.75 * u,
        Kernel::Quartic => 0.9375 * u * u,
        Kernel::Triweight => 1.09375 * u * u * u,
    }
}

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    let same = (got - want).abs() <= bound;
    assert!(same || (got.is_nan() && want.is_nan()), "{got} {want}");
}

#[test]
fn slices_are_plain_sums() {
    let all = events(80, 1);
    let weights: Vec<f64> = (0..80).map(|i| 0.5 + f64::from(i % 3)).collect();
    let (x, y): (Vec<f64>, Vec<f64>) = all.iter().map(|e| (e.0, e.1)).unzip();
    let times = Times::from_utc_seconds(all.iter().map(|e| e.2).collect(), Zone::utc());
    let builder = Incidents::builder(x, y, Crs::PLANAR)
        .time(times)
        .weight(weights.clone());
    let weighted = builder.build().unwrap();
    for (which, time_kernel) in Kernel::ALL.into_iter().enumerate() {
        let kernel = Kernel::ALL[(which + 2) % 6];
        let h = if kernel == Kernel::Gaussian {
            90.0
        } else {
            260.0
        };
        for prospective in [false, true] {
            let found = method(h, 20.0)
                .kernel(kernel)
                .time_kernel(time_kernel)
                .prospective(prospective)
                .times(vec![-30 * DAY, 33 * DAY, 70 * DAY + 17])
                .run(&weighted)
                .unwrap();
            let peak = found.values.iter().copied().fold(0.0, f64::max);
            for ((step, row, col), got) in found.values.indexed_iter() {
                let (u, v) = found.grid.centre(row, col);
                let want: f64 = all
                    .iter()
                    .zip(&weights)
                    .map(|(&(x, y, t), m)| {
                        let v2 = ((x - u).powi(2) + (y - v).powi(2)) / (h * h);
                        let late = (found.times[step] - t) as f64 / (DAY as f64 * 20.0);
                        let half = match prospective {
                            false => 1.0,
                            true if late < 0.0 => 0.0,
                            true => 2.0,
                        };
                        let time = half * along(time_kernel, late) / 20.0;
                        1e6 * m * kernel.value(v2) / (h * h) * time
                    })
                    .sum();
                close(*got, want, 1e-12 * peak);
            }
        }
    }
}

#[test]
fn the_integral_over_space_and_time_is_the_number() {
    let all = events(40, 2);
    for prospective in [false, true] {
        for kernel in [Kernel::Quartic, Kernel::Triweight, Kernel::Epanechnikov] {
            let found = SpaceTimeDensity::new(240.0, 10.0)
                .cell_size(20.0)
                .time_kernel(kernel)
                .prospective(prospective)
                .times((-10 * 8..110 * 8).map(|k| k * DAY / 8).collect())
                .run(&incidents(&all))
                .unwrap();
            let total = found.values.sum() * 0.02 * 0.02 / 8.0;
            // A one-sided kernel begins with a jump, which the sum over times sees coarsely.
            let bound = if prospective { 0.04 } else { 1e-3 };
            assert!((total / 40.0 - 1.0).abs() < bound, "{total}");
        }
    }
}

/// Of incidents as even as can be in space and time, the corrected density is even.
#[test]
fn uniform_corrections_keep_a_constant_and_diggle_the_number() {
    let even: Events = (0..20 * 20 * 100)
        .map(|k| {
            let at = |i: i64| 50.0 * i as f64 + 25.0;
            (at(k % 20), at(k / 20 % 20), k / 400 * DAY + DAY / 2)
        })
        .collect();
    for prospective in [false, true] {
        let method = method(300.0, 15.0)
            .prospective(prospective)
            .within(square())
            .watched(0, 100 * DAY)
            .every(5.0);
        let found = method
            .clone()
            .edge(Edge::Uniform)
            .run(&incidents(&even))
            .unwrap();
        assert_eq!((found.times[0], found.times.len()), (0, 21));
        for ((step, ..), value) in found.values.indexed_iter() {
            if prospective && step == 0 {
                assert!(value.is_nan(), "nothing was seen before the first second");
            } else {
                // 400 a day on one square kilometre.
                assert!((value / 400.0 - 1.0).abs() < 0.04, "{step} {value}");
            }
        }
        let blind = found
            .warnings
            .iter()
            .filter(|w| w.code == WarningCode::Times);
        assert_eq!(blind.count(), usize::from(prospective));
        let some = events(60, 3);
        let found = method.edge(Edge::Diggle).cell_size(25.0).every(0.25);
        let found = found.run(&incidents(&some)).unwrap();
        let seen = found.values.iter().filter(|v| !v.is_nan());
        let total = seen.sum::<f64>() * 0.025 * 0.025 * 0.25;
        let lost = found
            .warnings
            .iter()
            .filter(|w| w.code == WarningCode::Bandwidth);
        let lost: f64 = lost.filter_map(|w| w.value).sum();
        assert!((total / (60.0 - lost) - 1.0).abs() < 0.03, "{total} {lost}");
    }
}

/// Both factors by themselves, at one place and time.
#[test]
fn the_factors_of_space_and_time_multiply() {
    let one = incidents(&[(150.0, 250.0, 2 * DAY)]);
    let (h, days, time) = (400.0, 8.0, DAY);
    let area = std::sync::Arc::new(square());
    let method = method(h, days)
        .within(std::sync::Arc::clone(&area))
        .watched(0, 50 * DAY)
        .times(vec![time]);
    let plain = KernelDensity::new(h).at(&one, &[(50.0, 150.0)]).unwrap()[0];
    let in_time = along(Kernel::Quartic, 1.0 / 8.0) / days;
    // Of the quartic kernel, 1/2 + 15/16 (v − 2v³/3 + v⁵/5) lies below v.
    let upto = |v: f64| 0.5 + 0.9375 * (v - 2.0 * v.powi(3) / 3.0 + v.powi(5) / 5.0);
    let around = mass_inside(Kernel::Quartic, h, &area, 50.0, 150.0) * upto(1.0 / 8.0);
    let own = mass_inside(Kernel::Quartic, h, &area, 150.0, 250.0) * upto(2.0 / 8.0);
    let value = |edge| {
        let found = method.clone().edge(edge).run(&one).unwrap();
        found.slice(0).unwrap().at(50.0, 150.0)
    };
    close(value(Edge::Uniform), plain * in_time / around, 1e-9);
    close(value(Edge::Diggle), plain * in_time / own, 1e-9);
    close(value(Edge::None), plain * in_time / upto(1.0 / 8.0), 1e-9);
}

#[test]
fn what_is_left_out_is_told() {
    let mut all = events(20, 6);
    all.extend([
        (500.0, 500.0, Times::UNKNOWN),
        (510.0, 500.0, Times::UNKNOWN),
    ]);
    all.extend([(500.0, 500.0, 200 * DAY), (1500.0, 500.0, 50 * DAY)]);
    let found = method(300.0, 10.0)
        .within(square())
        .edge(Edge::Uniform)
        .watched(0, 100 * DAY)
        .run(&incidents(&all))
        .unwrap();
    assert_eq!(found.untimed, 2);
    let told = |code| {
        let of_code = found.warnings.iter().filter(move |w| w.code == code);
        of_code.map(|w| w.value.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(told(WarningCode::Times), [2.0, 1.0]);
    assert_eq!(told(WarningCode::OutsideAllAreas), [1.0]);
    assert!(found.values.iter().all(|v| v.is_finite()));
    let error = found.slice(11).unwrap_err();
    assert!(error.to_string().contains("0 to 10"), "{error}");
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let some = incidents(&events(500, 7));
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        method(200.0, 9.0)
            .every(4.0)
            .run_with(&some, &workers)
            .unwrap()
    };
    assert!([2, 3, 7].into_iter().all(|threads| run(threads) == run(1)));
}

#[test]
fn few_slices_are_heard_of_too() {
    use std::sync::{Arc, Mutex};

    let some = incidents(&events(50, 9));
    for times in [
        vec![20 * DAY],
        vec![20 * DAY, 60 * DAY],
        (0..40).map(|k| k * DAY).collect(),
    ] {
        for within in [false, true] {
            let mut method = method(200.0, 9.0).cell_size(10.0).times(times.clone());
            if within {
                method = method.within(square()).edge(Edge::Uniform);
            }
            let heard = Arc::new(Mutex::new(Vec::new()));
            let ear = Arc::clone(&heard);
            let job = crate::Job::new().on_progress(move |p| ear.lock().unwrap().push(p.done));
            method
                .run_with(&some, &Workers::for_job(2, job).unwrap())
                .unwrap();
            let heard = heard.lock().unwrap().clone();
            assert!(heard.len() >= 10 && heard.is_sorted(), "{heard:?}");
            assert_eq!(heard.last(), Some(&1.0));
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let some = incidents(&events(10, 8));
    let refused = |method: SpaceTimeDensity, said: &str| {
        let error = method.run(&some).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    };
    refused(method(300.0, 0.0), "days");
    refused(method(300.0, f64::NAN), "days");
    refused(method(0.0, 10.0), "bandwidth");
    refused(method(300.0, 10.0).every(-1.0), "step");
    refused(method(300.0, 10.0).times(Vec::new()), "times");
    refused(method(300.0, 10.0).times(vec![Times::UNKNOWN]), "times");
    refused(method(300.0, 10.0).watched(DAY, DAY), "until");
    refused(method(300.0, 10.0).edge(Edge::Uniform), "within");
    // Ten million slices of a hundred cells.
    let error = method(300.0, 10.0).every(1e-5).run(&some).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    assert!(error.to_string().contains("fewer than"), "{error}");
    let timeless = Incidents::builder(vec![1.0], vec![1.0], Crs::PLANAR)
        .build()
        .unwrap();
    let error = method(300.0, 10.0).run(&timeless).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingTime));
    let unknown = incidents(&[(1.0, 1.0, Times::UNKNOWN)]);
    let error = method(300.0, 10.0).run(&unknown).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoRows));
    let stopped = Workers::new(1).unwrap();
    stopped.job().stop();
    let error = method(300.0, 10.0).run_with(&some, &stopped).unwrap_err();
    assert!(matches!(error, Error::Cancelled));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_prospective_slice_knows_nothing_of_later(
        seed in 0u64..1000,
        time in 0i64..100 * DAY,
        later in 1i64..40 * DAY,
    ) {
        let before: Events = events(60, seed).into_iter().filter(|e| e.2 <= time).collect();
        prop_assume!(!before.is_empty());
        let mut all = before.clone();
        all.extend([(500.0, 500.0, time + later), (200.0, 300.0, time + 1)]);
        let method = method(250.0, 15.0).prospective(true).times(vec![time]);
        let known = method.run(&incidents(&before)).unwrap();
        let hindsight = method.run(&incidents(&all)).unwrap();
        prop_assert_eq!(&known.values, &hindsight.values);
        let at_once = [before, vec![(500.0, 500.0, time)]].concat();
        let at_once = method.run(&incidents(&at_once)).unwrap();
        let here = |found: &SpaceTimeSurface| found.slice(0).unwrap().at(500.0, 500.0);
        prop_assert!(here(&at_once) > here(&hindsight));
    }
}
