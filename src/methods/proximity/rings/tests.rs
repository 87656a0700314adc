use geo_types::{MultiPolygon, Rect, coord};
use rand::RngExt;
use rand::seq::SliceRandom;

use super::*;
use crate::model::Crs;
use crate::stats::normal_quantile;

/// Four squares of one kilometre, their corner at (x, x).
fn town(x: f64) -> Neighbourhoods {
    let tile = |i: u32| {
        let corner = coord! { x: x + 1000.0 * f64::from(i % 2), y: x + 1000.0 * f64::from(i / 2) };
        let far = coord! { x: corner.x + 1000.0, y: corner.y + 1000.0 };
        MultiPolygon(vec![Rect::new(corner, far).to_polygon()])
    };
    let codes: Vec<String> = (0..4).map(|i| i.to_string()).collect();
    Neighbourhoods::new(
        codes.clone(),
        codes,
        (0..4).map(tile).collect(),
        Crs::PLANAR,
    )
    .unwrap()
}

fn incidents(points: &[[f64; 2]]) -> Incidents {
    let (x, y) = points.iter().map(|p| (p[0], p[1])).unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn sites(points: &[[f64; 2]]) -> Sites {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p[0], p[1])).unzip();
    Sites::new(&x, &y).unwrap()
}

fn scattered(n: usize, seed: u64) -> Vec<[f64; 2]> {
    let mut random = stream(seed, 0);
    let mut coordinate = || 2000.0 * random.random::<f64>();
    (0..n).map(|_| [coordinate(), coordinate()]).collect()
}

/// Points about some centres, with a standard deviation of some 60 m.
fn clustered(centres: &[[f64; 2]], each: usize, seed: u64) -> Vec<[f64; 2]> {
    let mut random = stream(seed, 1);
    let mut out = Vec::new();
    for centre in centres {
        for _ in 0..each {
            let mut near = |c: f64| {
                let z = normal_quantile(random.random::<f64>().clamp(1e-9, 1.0 - 1e-9));
                (c + 60.0 * z).clamp(1.0, 1999.0)
            };
            out.push([near(centre[0]), near(centre[1])]);
        }
    }
    out
}

#[test]
fn incidents_anywhere_have_a_quotient_of_one_in_the_mean() {
    let schools = sites(&scattered(6, 3));
    let method = Proximity::new([0.0, 100.0, 250.0, 500.0]).replicates(0);
    let maps = 60;
    let mut sums = [[0.0f64; 2]; 3];
    let mut covered = 0;
    for map in 0..maps {
        let reports = incidents(&scattered(400, 100 + map));
        let found = method.run(&reports, &schools, &town(0.0)).unwrap();
        for (sum, lq) in sums.iter_mut().zip(&found.bands.lq) {
            sum[0] += lq;
            sum[1] += lq * lq;
        }
        let ends = found.bands.low.iter().zip(&found.bands.high);
        covered += ends
            .filter(|(low, high)| **low <= 1.0 && 1.0 <= **high)
            .count();
    }
    let m = maps as f64;
    for [sum, squares] in sums {
        let (mean, variance) = (sum / m, squares / m - (sum / m).powi(2));
        assert!(
            (mean - 1.0).abs() < 4.0 * (variance / m).sqrt() + 0.002,
            "{mean}"
        );
    }
    // Exact intervals of 95 %: of 180 at least 171 in the mean, less four standard deviations.
    assert!(covered >= 159, "{covered}");
}

#[test]
fn neither_order_nor_place_nor_threads_change_the_result() {
    let (reports, schools) = (scattered(300, 1), scattered(7, 2));
    let method = Proximity::new([0.0, 100.0, 300.0]).replicates(39).seed(4);
    let run = |reports: &[[f64; 2]], schools: &[[f64; 2]], corner, threads| {
        let workers = Workers::new(threads).unwrap();
        let (reports, schools) = (incidents(reports), sites(schools));
        method
            .run_with(&reports, &schools, &town(corner), &workers)
            .unwrap()
    };
    let one = run(&reports, &schools, 0.0, 1);
    assert_eq!(run(&reports, &schools, 0.0, 3), one);
    let (mut mixed, mut others) = (reports.clone(), schools.clone());
    mixed.shuffle(&mut stream(5, 0));
    others.shuffle(&mut stream(6, 0));
    assert_eq!(run(&mixed, &others, 0.0, 2), one);
    let far = |points: &[[f64; 2]]| -> Vec<[f64; 2]> {
        points.iter().map(|p| p.map(|c| c + 1e6)).collect()
    };
    let moved = run(&far(&reports), &far(&schools), 1e6, 2);
    assert_eq!(moved.bands.count, one.bands.count);
    assert_eq!(moved.bands.p, one.bands.p);
    for (a, b) in moved.bands.lq.iter().zip(&one.bands.lq) {
        assert!((a - b).abs() < 1e-6);
    }
    for (a, b) in moved.decay.moved_high.iter().zip(&one.decay.moved_high) {
        assert!((a - b).abs() < 1e-6 * b);
    }
}

#[test]
fn schools_dealt_among_candidates_are_found_as_often_as_stated() {
    let pool = scattered(40, 11);
    // Reports gather about places that have nothing to do with schools.
    let reports = incidents(&clustered(&scattered(5, 12), 40, 13));
    let town = town(0.0);
    let method = Proximity::new([0.0, 150.0, 300.0])
        .replicates(39)
        .spacing(10.0);
    let (maps, workers) = (200, Workers::new(1).unwrap());
    let mut found = [0; 3];
    for map in 0..maps {
        let mut places = pool.clone();
        places.shuffle(&mut stream(21, map));
        let (schools, others) = (sites(&places[..8]), sites(&places[8..]));
        let result = method
            .clone()
            .candidates(others)
            .seed(1000 + map)
            .run_with(&reports, &schools, &town, &workers)
            .unwrap();
        found[0] += i32::from(result.p <= 0.1);
        found[1] += i32::from(result.bands.p[0] <= 0.1);
        found[2] += i32::from(result.bands.p_greater[1] <= 0.1);
    }
    // 20 of 200 in the mean; four standard deviations are 17.
    for (kind, n) in found.into_iter().enumerate() {
        assert!((3..=37).contains(&n), "{kind}: {n}");
    }
}

#[test]
fn schools_that_draw_reports_are_found() {
    let schools = scattered(6, 31);
    let mut points = clustered(&schools, 15, 32);
    points.extend(scattered(120, 33));
    let method = Proximity::new([0.0, 100.0, 200.0, 400.0]).replicates(199);
    let with = |method: Proximity| {
        let found = method
            .run(&incidents(&points), &sites(&schools), &town(0.0))
            .unwrap();
        assert!(found.bands.lq[0] > 3.0 && found.bands.low[0] > 1.5);
        assert!(
            found.bands.p_greater[0] <= 0.01 && found.p <= 0.02,
            "{found:?}"
        );
        assert!(found.decay.density[0] > found.decay.moved_high[0]);
        assert!(found.bands.lq_moved[0] < 0.5 * found.bands.lq[0]);
    };
    with(method.clone().candidates(sites(&scattered(60, 34))));
    with(method.clone().strata(vec![7; 4]));
    with(method);
}

#[test]
fn moved_schools_stay_in_their_stratum_and_like_takes_the_place_of_like() {
    let town = town(0.0);
    let area = StudyArea::new(&town, &Workers::new(1).unwrap()).unwrap();
    let schools = sites(&[[500.0, 500.0], [1500.0, 500.0], [-50.0, 0.0]]);
    let mut random = stream(1, 1);
    let own = Moved::anywhere(&schools, &town, &area, None).unwrap();
    let strata = Moved::anywhere(&schools, &town, &area, Some(&[1, 2, 1, 2])).unwrap();
    let (mut north, mut mean) = (0, 0.0);
    for _ in 0..400 {
        let drawn = own.draw(&mut random);
        let at: Vec<Option<u32>> = drawn.iter().map(|p| area.locate(p[0], p[1])).collect();
        assert_eq!(at, [None, Some(0), Some(1)]);
        mean += drawn[1][0] / 400.0;
        let drawn = strata.draw(&mut random);
        north += drawn[1..].iter().filter(|p| p[1] > 1000.0).count();
        assert!(drawn[1][0] < 1000.0 && drawn[2][0] >= 1000.0);
    }
    // A uniform coordinate has a standard deviation of 289 m; half of 800 moves go north.
    assert!((mean - 500.0).abs() < 4.0 * 289.0 / 20.0);
    assert!((400 - 57..=400 + 57).contains(&north), "{north}");

    let labelled = schools.clone().labelled(&[1, 2, 2]).unwrap();
    let others = sites(&[[10.0, 10.0], [20.0, 20.0], [30.0, 30.0], [500.0, 500.0]]);
    let others = others.labelled(&[1, 2, 3, 1]).unwrap();
    let dealt = Moved::to_candidates(&labelled, &others).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..600 {
        let drawn = dealt.draw(&mut random);
        assert_eq!(drawn.len(), 3);
        for place in drawn {
            *seen.entry(place[0] as i64).or_insert(0) += 1;
        }
    }
    assert!(!seen.contains_key(&30), "no school has its label");
    assert_eq!(seen[&500] + seen[&10], 600);
    assert!((300 - 49..=300 + 49).contains(&seen[&500]), "{seen:?}");
    assert!((400 - 47..=400 + 47).contains(&seen[&20]), "{seen:?}");
    assert!(Moved::to_candidates(&schools, &others).is_err());
    let alone = sites(&[[10.0, 10.0]]).labelled(&[2]).unwrap();
    assert!(Moved::to_candidates(&labelled, &alone).is_err());
}

/// Of three parts of one stratum, one in two areas, each gets places by its size.
#[test]
fn larger_areas_get_more_places() {
    let rect = |x: f64, w: f64| {
        Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + w, y: 100.0 }).to_polygon()
    };
    let codes = vec!["a".to_owned(), "b".to_owned()];
    let shapes = vec![
        MultiPolygon(vec![rect(0.0, 100.0), rect(200.0, 200.0)]),
        MultiPolygon(vec![rect(500.0, 500.0)]),
    ];
    let areas = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    let area = StudyArea::new(&areas, &Workers::new(1).unwrap()).unwrap();
    let school = sites(&[[50.0, 50.0]]);
    let moved = Moved::anywhere(&school, &areas, &area, Some(&[3, 3])).unwrap();
    let (mut random, mut met) = (stream(8, 8), [0; 3]);
    let mut mean = [0.0; 2];
    for _ in 0..4_000 {
        let [x, y] = moved.draw(&mut random)[0];
        let part = usize::from(x >= 200.0) + usize::from(x >= 500.0);
        met[part] += 1;
        if part == 2 {
            mean = [mean[0] + x, mean[1] + y];
        }
    }
    // 500, 1,000 and 2,500 in the mean, each within four standard deviations.
    for (met, want) in met.into_iter().zip([500.0f64, 1_000.0, 2_500.0]) {
        let band = 4.0 * (want * (1.0 - want / 4_000.0)).sqrt();
        assert!((f64::from(met) - want).abs() < band, "{met} {want}");
    }
    let n = f64::from(met[2]);
    assert!((mean[0] / n - 750.0).abs() < 4.0 * 144.4 / n.sqrt());
    assert!((mean[1] / n - 50.0).abs() < 4.0 * 28.9 / n.sqrt());
}

#[test]
fn the_curve_is_that_of_the_definition() {
    // One school in the middle: the ground at distance s is 2πs up to the border.
    let reports = clustered(&[[1000.0, 1000.0]], 250, 41);
    let found = Proximity::new([0.0, 400.0])
        .bandwidth(40.0)
        .spacing(2.0)
        .replicates(0)
        .run(
            &incidents(&reports),
            &sites(&[[1000.0, 1000.0]]),
            &town(0.0),
        )
        .unwrap();
    let kernel = |t: f64| (-0.5 * (t / 40.0) * (t / 40.0)).exp();
    for (k, (d, density)) in found
        .decay
        .distance
        .iter()
        .zip(&found.decay.density)
        .enumerate()
    {
        let above: f64 = reports
            .iter()
            .map(|p| kernel(d - (p[0] - 1000.0).hypot(p[1] - 1000.0)))
            .sum();
        let ring = |s: f64| 2.0 * std::f64::consts::PI * s * kernel(d - s);
        let below: f64 = (0..8000)
            .map(|i| 0.1 * ring(0.1 * (f64::from(i) + 0.5)))
            .sum();
        let want = above / (below / 1e6);
        // The bins are seen most where incidents are rare; the peak is some 11,000.
        assert!(
            (density - want).abs() < 0.02 * want + 10.0,
            "{d}: {density} {want}"
        );
        let squares = |p: &[f64; 2]| kernel(d - (p[0] - 1000.0).hypot(p[1] - 1000.0)).powi(2);
        let deviation = reports.iter().map(squares).sum::<f64>().sqrt() / (below / 1e6);
        let (low, high) = (found.decay.low[k], found.decay.high[k]);
        for (got, want) in [
            (low, want - 1.96 * deviation),
            (high, want + 1.96 * deviation),
        ] {
            let want = want.max(0.0);
            assert!((got - want).abs() < 0.02 * high + 15.0, "{d}: {got} {want}");
        }
    }
}

#[test]
fn people_can_take_the_place_of_ground() {
    let reports = incidents(&[
        [1000.0, 1000.0],
        [1010.0, 1000.0],
        [1500.0, 1000.0],
        [-1.0, 0.0],
    ]);
    let school = sites(&[[1000.0, 1000.0]]);
    let found = Proximity::new([0.0, 100.0, 200.0, 600.0])
        .exposed(
            vec![1050.0, 1300.0, 1900.0, 9000.0],
            vec![1000.0; 4],
            vec![10.0, 30.0, 60.0, 1000.0],
        )
        .replicates(0)
        .run(&reports, &school, &town(0.0))
        .unwrap();
    assert_eq!(
        (found.incidents, found.outside, found.exposure),
        (3, 1, 100.0)
    );
    assert_eq!(found.bands.exposure, [10.0, 0.0, 30.0]);
    assert!((found.bands.lq[0] - 20.0 / 3.0).abs() < 1e-12);
    assert!(found.bands.lq[1].is_nan() && found.bands.high[1].is_nan());
    assert!((found.bands.lq[2] - 10.0 / 9.0).abs() < 1e-12);
    // Clopper & Pearson for 2 of 3: 0.0943 to 0.9916.
    assert!(
        (found.bands.low[0] - 0.943).abs() < 1e-3 && (found.bands.high[0] - 9.916).abs() < 1e-3
    );
    assert!(found.bands.p[0].is_nan() && found.p.is_nan() && found.decay.moved.is_empty());
    assert!(found.bands.lq_moved.iter().all(|lq| lq.is_nan()));
    for (got, want) in found.bands.expected.iter().zip([0.3, 0.0, 0.9]) {
        assert!((got - want).abs() < 1e-12);
    }
    assert_eq!(found.warnings.len(), 2);
    assert!(found.warnings[0].message.starts_with("Only 3 incidents"));
    assert!(
        found.warnings[1]
            .message
            .starts_with("1 bands hold nothing")
    );
}

/// The last edge and how many simulated values lie outside an envelope, where all makes sense.
#[test]
fn settings_are_checked_at_their_ends() {
    let ok = || Proximity::new([0.0, 100.0]);
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (method, found) in [
        (ok(), Some((100.0, 25))),
        (ok().replicates(0), Some((100.0, 0))),
        (ok().replicates(38), None),
        (ok().replicates(39), Some((100.0, 1))),
        (ok().replicates(78), Some((100.0, 1))),
        (ok().replicates(79), Some((100.0, 2))),
        (ok().replicates(10_000_001), None),
        (ok().level(0.9).replicates(18), None),
        (ok().level(0.9).replicates(19), Some((100.0, 1))),
        (ok().level(nan), None),
        (Proximity::new([5.0, 7.0, 9.0]), Some((9.0, 25))),
        (Proximity::new(Vec::new()), None),
        (Proximity::new([5.0]), None),
        (Proximity::new([-1.0, 5.0]), None),
        (Proximity::new([5.0, 5.0]), None),
        (Proximity::new([5.0, inf]), None),
        (Proximity::new([5.0, nan]), None),
        (ok().bandwidth(1.0).spacing(1.0), Some((100.0, 25))),
        (ok().bandwidth(0.0), None),
        (ok().bandwidth(inf), None),
        (ok().spacing(0.0), None),
        (ok().spacing(nan), None),
    ] {
        assert_eq!(method.check().ok(), found, "{method:?}");
    }
    let refused = ok().level(0.9).replicates(3).check().unwrap_err();
    assert!(refused.to_string().contains("at least 19"), "{refused}");
    // A thousandth of the reach is the least bandwidth; without one, it is Silverman's.
    let at = |method: Proximity| {
        method.bandwidth_for(&[[0.0, 0.0]], &[3.0, 30.0, 300.0], &[4.0, 40.0, 0.0], 100.0)
    };
    assert_eq!(at(ok().bandwidth(0.1)).unwrap(), 0.1);
    assert!(at(ok().bandwidth(0.099)).is_err());
    let both = Smoothing::automatic(&mut vec![5.0, 50.0], 100.0);
    assert_eq!(at(ok()).unwrap(), both);
}

#[test]
fn lines_are_a_32nd_of_the_narrowest_band_apart() {
    let area = StudyArea::new(&town(0.0), &Workers::new(1).unwrap()).unwrap();
    let spacing = |method: Proximity| match method.ground(&area).unwrap() {
        Ground::Lines(lines) => lines.spacing(),
        Ground::Points { .. } => f64::NAN,
    };
    let bands = || Proximity::new([0.0, 100.0, 164.0, 300.0]);
    assert_eq!(spacing(bands()), 2.0);
    assert_eq!(spacing(bands().spacing(10.0)), 10.0);
    let (one, two) = (|| vec![1.0], || vec![1.0, 2.0]);
    let (inf, nan) = (vec![f64::INFINITY], vec![f64::NAN]);
    for (x, y, weight, fault) in [
        (one(), one(), one(), None),
        (two(), one(), one(), Some(Fault::LengthMismatch)),
        (one(), two(), one(), Some(Fault::LengthMismatch)),
        (one(), one(), two(), Some(Fault::LengthMismatch)),
        (inf.clone(), one(), one(), Some(Fault::NonFinite)),
        (one(), nan.clone(), one(), Some(Fault::NonFinite)),
        (one(), one(), inf, Some(Fault::NonFinite)),
        (one(), one(), vec![-1.0], Some(Fault::Negative)),
        (one(), one(), vec![0.0], None),
    ] {
        let found = bands().exposed(x, y, weight).ground(&area);
        assert_eq!(found.err().and_then(|error| error.fault()), fault);
    }
    let nobody = bands().exposed(one(), one(), vec![0.0]).replicates(0);
    let error = nobody.run(&incidents(&[[1.0, 1.0]]), &sites(&[[1.0, 1.0]]), &town(0.0));
    assert_eq!(error.unwrap_err().fault(), Some(Fault::NoRows));
}

#[test]
fn warnings_are_given_where_they_are_due() {
    let seen = |exposure: Vec<f64>| Figures {
        count: Vec::new(),
        exposure,
        lq: Vec::new(),
        density: Vec::new(),
        counts_in_bins: Vec::new(),
        exposure_in_bins: Vec::new(),
    };
    let all = || Proximity::new([0.0, 100.0]);
    let among = all().candidates(sites(&[[1.0, 1.0]]));
    for (method, incidents, homeless, exposure, values) in [
        (all(), 20, 0, vec![1.0, 2.0], vec![]),
        (all(), 19, 0, vec![1.0, 2.0], vec![19.0]),
        (all(), 20, 2, vec![1.0, 2.0], vec![2.0]),
        (among, 20, 2, vec![1.0, 2.0], vec![]),
        (all().replicates(0), 20, 2, vec![1.0, 2.0], vec![]),
        (all(), 20, 0, vec![0.0, 2.0, 0.0], vec![2.0]),
        (all(), 3, 1, vec![0.0], vec![3.0, 1.0, 1.0]),
    ] {
        let warnings = method.warnings(incidents, homeless, &seen(exposure));
        let found: Vec<f64> = warnings.iter().filter_map(|w| w.value).collect();
        assert_eq!(found, values);
    }
}

/// An incident is in the band of its distance, from the edge of the one up to that of the next.
#[cfg(feature = "cli")]
#[test]
fn incidents_have_bands_and_bands_other_counts() {
    use crate::model::{Times, Zone};

    let method = Proximity::new([10.0, 20.0, 30.0]).replicates(0);
    let school = sites(&[[0.0, 0.0]]);
    let at = [5.0, 10.0, 19.9, 20.0, 30.0].map(|x| [x, 0.0]);
    let bands = method.bands_of(&incidents(&at), &school).unwrap();
    assert_eq!(bands, [2, 0, 0, 1, 2]);
    // Two on Thursday the first of January 1970, one at night and one on the Saturday.
    let seconds = vec![36_000, 36_000, 3_600, 208_800];
    let some = Incidents::builder(vec![12.0, 25.0, 12.0, 12.0], vec![0.0; 4], Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap();
    let hours = method.clone().hours(SchoolHours::new());
    let bands = hours.bands_of(&some, &school).unwrap();
    assert_eq!(bands, [0, 1, u32::MAX, u32::MAX]);

    let method = Proximity::new([0.0, 100.0, 200.0, 600.0]).replicates(39);
    let method = method.exposed(
        vec![1050.0, 1300.0, 1900.0],
        vec![1000.0; 3],
        vec![10.0, 30.0, 60.0],
    );
    let school = sites(&[[1000.0, 1000.0]]);
    let found = method.run(&incidents(&[[1000.0, 1000.0]]), &school, &town(0.0));
    let found = found.unwrap();
    let counted = method.counted_as(&found, &[Some(4), Some(0), None], 20);
    assert_eq!(counted.count, [4, 0, 0]);
    for (got, want) in counted.expected.iter().zip([2.0, 0.0, 6.0]) {
        assert!((got - want).abs() < 1e-12);
    }
    assert!((counted.lq[0] - 2.0).abs() < 1e-12);
    let (low, high) = binomial_interval(4, 20, 0.95);
    assert!((counted.low[0] - 10.0 * low).abs() < 1e-12);
    assert!((counted.high[0] - 10.0 * high).abs() < 1e-12);
    for column in [&counted.lq, &counted.low, &counted.high] {
        assert!(column[1].is_nan() && column[2].is_nan());
    }
    let chance = [&counted.lq_moved, &counted.p_greater, &counted.p_less];
    for column in chance.into_iter().chain([&counted.p, &counted.p_max]) {
        assert!(column.iter().all(|p| p.is_nan()));
    }
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let (reports, school, town) = (incidents(&[[1.0, 1.0]]), sites(&[[1.0, 1.0]]), town(0.0));
    let refused = |method: Proximity| {
        method
            .run(&reports, &school, &town)
            .unwrap_err()
            .to_string()
    };
    let ok = || Proximity::new([0.0, 100.0]);
    assert!(refused(Proximity::new([0.0])).contains("distances"));
    assert!(refused(Proximity::new([0.0, 100.0, 100.0])).contains("distances"));
    assert!(refused(ok().level(1.0)).contains("level"));
    assert!(refused(ok().level(0.0)).contains("level"));
    assert!(refused(ok().replicates(10)).contains("at least 39"));
    assert!(refused(ok().bandwidth(0.01)).contains("bandwidth"));
    assert!(refused(ok().spacing(-1.0)).contains("spacing"));
    assert!(refused(ok().hours(SchoolHours::new())).contains("time"));
    assert!(refused(ok().strata(vec![1])).contains("strata"));
    assert!(refused(ok().exposed(vec![1.0], vec![1.0], vec![-1.0])).contains("negative"));
    let away = incidents(&[[-1.0, -1.0]]);
    assert!(ok().run(&away, &school, &town).is_err());
}
