use proptest::prelude::*;

use super::*;

/// The example of R `ptools` (its indices of accuracy), of six places of one surface.
const COUNTS: [i64; 6] = [6, 7, 3, 2, 1, 0];
const PREDICTED: [f64; 6] = [8.0, 4.0, 4.0, 2.0, 1.0, 0.0];

fn close(found: &[f64], want: &[f64]) {
    assert_eq!(found.len(), want.len());
    for (a, b) in found.iter().zip(want) {
        assert!((a - b).abs() < 1e-8, "{found:?} {want:?}");
    }
}

#[test]
fn published_indices_hold_and_ties_are_said() {
    let shares: Vec<f64> = (1..=6).map(|k| f64::from(k) / 6.0).collect();
    let found = Accuracy::new()
        .shares(&shares)
        .run(&PREDICTED, &[0.25; 6], &COUNTS)
        .unwrap();
    // The published order puts the busier of the two tied places first.
    let rate: Vec<f64> = found.hits_high.iter().map(|h| h / 19.0).collect();
    let pai: Vec<f64> = rate.iter().zip(&shares).map(|(r, s)| r / s).collect();
    close(
        &pai,
        &[1.894736842, 2.052631579, 1.684210526, 1.421052632, 1.2, 1.0],
    );
    let pei: Vec<f64> = found
        .hits_high
        .iter()
        .zip([7.0, 13.0, 16.0, 18.0, 19.0, 19.0])
        .map(|(h, b)| h / b)
        .collect();
    close(&pei, &[0.857142857, 1.0, 1.0, 1.0, 1.0, 1.0]);
    close(&found.hits, &[6.0, 11.0, 16.0, 18.0, 19.0, 19.0]);
    close(&found.hits_low, &[6.0, 9.0, 16.0, 18.0, 19.0, 19.0]);
    close(&found.hits_high, &[6.0, 13.0, 16.0, 18.0, 19.0, 19.0]);
    close(&found.pei, &[6.0 / 7.0, 11.0 / 13.0, 1.0, 1.0, 1.0, 1.0]);
    let rri = [8.0 / 6.0, 12.0 / 11.0, 1.0, 1.0, 1.0, 1.0];
    close(&found.rri, &rri);
    // Without the tie all published numbers hold as they are.
    let untied = [8.0, 4.0, 3.999_999_999_9, 2.0, 1.0, 0.0];
    let found = Accuracy::new()
        .shares(&shares)
        .run(&untied, &[0.25; 6], &COUNTS)
        .unwrap();
    close(
        &found.pai,
        &[1.894736842, 2.052631579, 1.684210526, 1.421052632, 1.2, 1.0],
    );
    close(&found.rri, &[1.333333333, 0.923076923, 1.0, 1.0, 1.0, 1.0]);
    close(&found.hits_low, &found.hits_high);
}

#[test]
fn the_curve_and_the_tenths_by_hand() {
    // Half of 1 km² with 3 of 4 incidents, then a quarter each with one and none.
    let found = Accuracy::new()
        .shares(&[0.25, 0.5])
        .curve_to(0.75)
        .run(&[6.0, 1.0, 0.0], &[0.5, 0.25, 0.25], &[3, 1, 0])
        .unwrap();
    close(&found.curve_share, &[0.0, 0.5, 0.75, 1.0]);
    close(&found.curve_hit_rate, &[0.0, 0.75, 1.0, 1.0]);
    let area = (0.5 * 0.375 + 0.25 * 0.875) / 0.75;
    close(&[found.area_under_curve], &[area]);
    close(&found.hits, &[1.5, 3.0]);
    close(&found.km2, &[0.25, 0.5]);
    assert_eq!(found.tenth_observed.iter().sum::<u64>(), 4);
    close(&[found.tenth_expected.iter().sum()], &[7.0]);
    let one = garwood_interval(1, 0.95);
    let at = found.tenth_observed.iter().position(|n| *n == 1).unwrap();
    assert_eq!((found.tenth_low[at], found.tenth_high[at]), one);
}

/// One place is expected to have ln 2, so that any comes with a chance of a half, and one nothing.
#[test]
fn scores_are_means_over_places_and_incidents() {
    let two = std::f64::consts::LN_2;
    let found = Accuracy::new()
        .shares(&[0.5])
        .even_part(0.0)
        .run(&[two, 0.0], &[1.0, 1.0], &[2, 0])
        .unwrap();
    close(&[found.brier], &[0.25 / 2.0]);
    close(&[found.log_score], &[two - two.ln()]);
    close(&[found.information], &[two]);
    // At most none has a chance of 1/2, at most one of (1 + ln 2)/2; from two on all are right but
    // for the tail.
    let upto = |k: i32| {
        let terms = (0..=k).map(|j| two.powi(j) / (1..=j).map(f64::from).product::<f64>());
        0.5 * terms.sum::<f64>()
    };
    let ranked = |k: i32| (upto(k) - f64::from(u8::from(k >= 2))).powi(2);
    close(
        &[found.ranked_score],
        &[(0..40).map(ranked).sum::<f64>() / 2.0],
    );
}

/// Laid half over the surface, three quarters of what is expected are where all came.
#[test]
fn an_even_part_softens_the_forecast() {
    let even = Accuracy::new().even_part(0.5).shares(&[0.5]);
    let found = even.run(&[0.7, 0.0], &[1.0, 1.0], &[2, 0]).unwrap();
    close(&[found.information], &[1.5f64.ln()]);
}

/// A place belongs to the tenth in which its middle lies: of ten, three for one with six.
#[test]
fn a_place_is_in_the_tenth_of_its_middle() {
    let found = Accuracy::new()
        .shares(&[0.5])
        .run(&[1.0, 6.0, 1.0, 1.0, 1.0], &[1.0; 5], &[4, 5, 3, 2, 1])
        .unwrap();
    let expected = [0.0, 0.0, 0.0, 6.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    close(&found.tenth_expected, &expected);
    assert_eq!(found.tenth_observed, [0, 0, 0, 5, 0, 0, 4, 3, 2, 1]);
}

#[test]
fn densities_rank_as_they_are_and_what_is_not_known_is_left_out() {
    let map = Accuracy::new().shares(&[0.5]);
    let km2 = [2.0, 1.0, 1.0];
    let by_number = map.run(&[3.0, 2.0, 0.0], &km2, &[1, 4, 0]).unwrap();
    let by_density = map
        .clone()
        .densities(true)
        .run(&[1.5, 2.0, 0.0], &km2, &[1, 4, 0]);
    assert_eq!(by_number, by_density.unwrap());
    close(&by_number.hits, &[4.5]);
    let missing = map.run(&[3.0, f64::NAN, 0.0], &km2, &[1, 4, 0]).unwrap();
    assert_eq!(
        (missing.missing, missing.places, missing.incidents),
        (1, 2, 1)
    );
    let none = map.run(&[3.0, 2.0, 0.0], &km2, &[0, 0, 0]).unwrap();
    assert!(none.hit_rate[0].is_nan() && none.pei[0].is_nan() && none.information.is_nan());
    assert!(none.brier.is_finite());
}

#[test]
fn what_has_no_meaning_is_refused() {
    let map = Accuracy::new();
    let fault = |scores: &[f64], km2: &[f64], counts: &[i64]| {
        map.run(scores, km2, counts).unwrap_err().fault()
    };
    assert_eq!(
        fault(&[1.0], &[1.0, 1.0], &[1]),
        Some(Fault::LengthMismatch)
    );
    assert_eq!(fault(&[-1.0], &[1.0], &[1]), Some(Fault::Negative));
    assert_eq!(fault(&[1.0], &[1.0], &[-1]), Some(Fault::Negative));
    assert_eq!(
        fault(&[f64::INFINITY], &[1.0], &[1]),
        Some(Fault::NonFinite)
    );
    assert_eq!(fault(&[1.0], &[1.0], &[1, 1]), Some(Fault::LengthMismatch));
    assert_eq!(fault(&[1.0], &[-1.0], &[1]), Some(Fault::Negative));
    assert_eq!(
        fault(&[1.0], &[f64::INFINITY], &[1]),
        Some(Fault::NonFinite)
    );
    for (score, km2) in [(f64::NAN, 1.0), (1.0, 0.0), (1.0, f64::NAN)] {
        assert_eq!(fault(&[score], &[km2], &[1]), Some(Fault::NoRows));
    }
    for (map, name) in [
        (map.clone().shares(&[1.0]), None),
        (map.clone().shares(&[0.0]), Some("shares")),
        (map.clone().shares(&[]), Some("shares")),
        (map.clone().shares(&[1.5]), Some("shares")),
        (map.clone().shares(&[f64::NAN]), Some("shares")),
        (map.clone().curve_to(1.0), None),
        (map.clone().curve_to(0.0), Some("curve_to")),
        (map.clone().curve_to(1.1), Some("curve_to")),
        (map.clone().even_part(0.0), None),
        (map.clone().even_part(1.0), None),
        (map.clone().even_part(-0.1), Some("even_part")),
        (map.clone().even_part(1.1), Some("even_part")),
        (map.clone().even_part(f64::NAN), Some("even_part")),
    ] {
        let found = match map.run(&[1.0], &[1.0], &[1]) {
            Ok(_) => None,
            Err(Error::Parameter { name, .. }) => Some(name),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(found, name, "{map:?}");
    }
}

proptest! {
    #[test]
    fn hits_lie_between_the_orders_and_grow_with_the_surface(
        places in prop::collection::vec((0u8..5, 1u8..9, 0i64..6), 1..40),
    ) {
        let scores: Vec<f64> = places.iter().map(|p| f64::from(p.0)).collect();
        let km2: Vec<f64> = places.iter().map(|p| f64::from(p.1) / 4.0).collect();
        let counts: Vec<i64> = places.iter().map(|p| p.2).collect();
        let shares: Vec<f64> = (1..=20).map(|k| f64::from(k) / 20.0).collect();
        let map = Accuracy::new().shares(&shares).curve_to(1.0);
        let found = map.run(&scores, &km2, &counts).unwrap();
        let total: i64 = counts.iter().sum();
        for k in 0..20 {
            prop_assert!(found.hits_low[k] <= found.hits[k] + 1e-9);
            prop_assert!(found.hits[k] <= found.hits_high[k] + 1e-9);
            prop_assert!(found.pei[k].is_nan() || found.pei[k] <= 1.0 + 1e-12);
            prop_assert!(k == 0 || found.hits[k] >= found.hits[k - 1] - 1e-9);
        }
        prop_assert!((found.hits[19] - total as f64).abs() < 1e-9);
        // Order of the places and a common factor of the surfaces do not matter.
        let back = |v: &[f64]| v.iter().rev().map(|v| v * 2.0).collect::<Vec<f64>>();
        let counts_back: Vec<i64> = counts.iter().rev().copied().collect();
        let other = map.densities(true);
        let score: Vec<f64> = scores.iter().zip(&km2).map(|(s, k)| s / k).collect();
        let same = other.run(&back(&score), &back(&km2), &counts_back).unwrap();
        for (a, b) in found.hits.iter().zip(&same.hits) {
            prop_assert!((a - b).abs() < 1e-9);
        }
        prop_assert!(found.area_under_curve.is_nan()
            || (found.area_under_curve - same.area_under_curve).abs() < 1e-9);
    }
}
