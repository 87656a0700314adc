use proptest::prelude::*;

use super::*;
use crate::methods::near_repeat::Metric;
use crate::model::{Clock, Crs, Times, Zone};

pub(in crate::methods::near_repeat) fn incidents(points: &[(f64, f64, i64)]) -> Incidents {
    let seconds = points.iter().map(|p| p.2).collect();
    let (x, y) = points.iter().map(|p| (p.0, p.1)).unzip();
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap()
}

/// Every pair by itself, from the definition.
fn plain(points: &[(f64, f64, i64)], distances: &Bands, days: &Bands, metric: Metric) -> Vec<f64> {
    let mut table = vec![0.0; distances.len() * days.len()];
    for (i, a) in points.iter().enumerate() {
        for b in &points[..i] {
            let apart = match metric {
                Metric::Euclidean => (a.0 - b.0).hypot(a.1 - b.1),
                Metric::Manhattan => (a.0 - b.0).abs() + (a.1 - b.1).abs(),
            };
            let day = |p: &(f64, f64, i64)| p.2.div_euclid(86_400);
            let (s, t) = (
                distances.slot(apart),
                days.slot(day(a).abs_diff(day(b)) as f64),
            );
            if (1..=distances.len()).contains(&s) && (1..=days.len()).contains(&t) {
                table[(s - 1) * days.len() + t - 1] += 1.0;
            }
        }
    }
    table
}

fn points(most: usize) -> impl Strategy<Value = Vec<(f64, f64, i64)>> {
    // Few places and days, so that many pairs lie on edges and on one spot.
    let point = (0i32..8, 0i32..8, 0i64..20)
        .prop_map(|(x, y, t)| (f64::from(3 * x), f64::from(4 * y), t * 43_200));
    prop::collection::vec(point, 2..most)
}

pub(in crate::methods::near_repeat) fn edges() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let inf = f64::INFINITY;
    (
        prop::sample::select(vec![
            vec![0.0, 5.0],
            vec![0.0, 1.0, 5.0, 10.0],
            vec![3.0, 5.0, 12.0, inf],
            vec![0.0, inf],
        ]),
        prop::sample::select(vec![
            vec![0.0, 2.0],
            vec![0.0, 1.0, 3.5, 7.0],
            vec![1.0, 2.0, inf],
            vec![0.5, 4.0],
            vec![0.0, inf],
        ]),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn observed_pairs_equal_the_definition(
        points in points(60),
        (distances, days) in edges(),
        right in any::<bool>(),
        along_streets in any::<bool>(),
    ) {
        let closed = if right { Closed::Right } else { Closed::Left };
        let metric = if along_streets { Metric::Manhattan } else { Metric::Euclidean };
        let bands = |name, edges| Bands::new(name, edges, closed).unwrap();
        let expected = plain(&points, &bands("d", &distances), &bands("t", &days), metric);
        let near = NearRepeat::new(&distances, &days).closed(closed).metric(metric).permutations(20);
        let found = near.run(&incidents(&points)).unwrap();
        prop_assert_eq!(&found.observed, &expected);
        let mut turned = points.clone();
        turned.reverse();
        let again = near.run(&incidents(&turned)).unwrap();
        prop_assert_eq!(found.observed, again.observed);
        prop_assert_eq!(found.expected, again.expected);
    }

    /// The mean over many orders comes to the exact expectation, and no order has pairs that the
    /// bands do not add up to.
    #[test]
    fn the_expectation_is_that_of_the_orders(points in points(12), (distances, days) in edges()) {
        let near = NearRepeat::new(&distances, &days).permutations(4_000);
        let all = incidents(&points);
        let exact = near.run(&all).unwrap();
        let one_stratum = near.strata(vec![7; points.len()]).run(&all).unwrap();
        prop_assert_eq!(one_stratum.expected.len(), exact.expected.len());
        for (cell, (exact, drawn)) in exact.expected.iter().zip(&one_stratum.expected).enumerate() {
            // A count of at most 66 pairs has a standard deviation of at most 33.
            prop_assert!((exact - drawn).abs() < 5.0 * 33.0 / 4_000f64.sqrt(), "{} {} {}", cell, exact, drawn);
        }
        prop_assert_eq!(exact.p, one_stratum.p, "the same orders");
    }
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let points: Vec<_> = (0..400i64)
        .map(|i| {
            (
                (i * 37 % 101) as f64,
                (i * 53 % 97) as f64,
                i * 7_919_003 % 31_000_000,
            )
        })
        .collect();
    let all = incidents(&points);
    let run = |threads| {
        let near = NearRepeat::new(&[0.0, 1.0, 5.0, 20.0], &[0.0, 7.0, 30.0]).permutations(100);
        let found = near
            .run_with(&all, &Workers::new(threads).unwrap())
            .unwrap();
        // Written out, as a ratio that is not a number equals nothing.
        format!("{found:?}")
    };
    let one = run(1);
    assert!([2, 3, 7].into_iter().all(|t| run(t) == one));
}

#[test]
fn what_nothing_is_expected_of_has_no_ratio() {
    let found = ratio(&[3.0, 1.0, 0.0], &[2.0, 0.0, 0.0]);
    assert_eq!(found[0], 1.5);
    assert!(found[1..].iter().all(|r| r.is_nan()));
}

/// Of three orders with at least two of four; the median of four lies between the middle two.
#[test]
fn tails_and_medians_are_counted_by_hand() {
    let drawn = [9.0, 1.0, 4.0, 2.0].map(|pairs| vec![pairs]);
    assert_eq!(tails(&[2.0], &drawn), (vec![0.8], vec![3.0]));
    assert_eq!(tails(&[9.5], &drawn[..3]), (vec![0.25], vec![4.0]));
}

/// Two, three and five hours apart: with a band up to 2.4 hours, and one up to a day.
#[test]
fn bands_of_hours_hold_hours() {
    let all = incidents(&[(0.0, 0.0, 0), (0.0, 0.0, 7_200), (0.0, 0.0, 18_000)]);
    let near = NearRepeat::new(&[0.0, 1.0], &[0.0, 0.1, 1.0]).permutations(1);
    let observed = |clock| near.clone().clock(clock).run(&all).unwrap().observed;
    assert_eq!(observed(Clock::Elapsed), [1.0, 2.0]);
    assert_eq!(observed(Clock::CalendarDays), [3.0, 0.0]);
}

/// Pairs of incidents planted a day and ten metres apart stand out in that band, and only there.
#[test]
fn planted_repeats_stand_out_in_their_band() {
    let mut points = Vec::new();
    for i in 0..150i64 {
        let (x, y) = ((i * 7_919 % 10_007) as f64, (i * 6_311 % 9_973) as f64);
        let day = i * 104_729 % 365;
        points.push((x, y, day * 86_400));
        if i % 3 == 0 {
            points.push((x + 10.0, y, (day + 1) * 86_400));
        }
    }
    let found = NearRepeat::new(
        &[0.0, 5.0, 50.0, f64::INFINITY],
        &[0.0, 3.0, 30.0, f64::INFINITY],
    )
    .run(&incidents(&points))
    .unwrap();
    assert!(found.stands_out[3] && found.ratio[3] > 10.0, "{found:?}");
    assert!((found.p[3] - 0.001).abs() < 1e-12);
    assert!(!found.stands_out[6] && !found.stands_out[7]);
    assert_eq!(
        found.observed.iter().sum::<f64>(),
        200.0 * 199.0 / 2.0,
        "every pair is in a band"
    );
    assert!(found.ratio[0].is_nan(), "no pair is expected at one place");
}

/// All pairs of thirty thousand on one place, or of as many on two that are close, take 16 bytes
/// each.
#[test]
fn pairs_that_do_not_fit_are_refused_before_they_are_listed() {
    let near = NearRepeat::new(&[0.0, 20.0], &[0.0, 3.0]);
    for (apart, busiest) in [(0.0, "30000"), (10.0, "15000")] {
        let points: Vec<_> = (0..30_000)
            .map(|i| (f64::from(i % 2) * apart, 0.0, 0))
            .collect();
        let error = near.run(&incidents(&points)).unwrap_err();
        assert!(error.to_string().contains(busiest), "{error}");
        let bytes = 16 * 15_000 * 29_999;
        assert!(
            matches!(error, crate::Error::TooLarge { needed, .. } if needed == bytes),
            "{error}"
        );
    }
}

/// Days 0, 1 and 5 on one place: one apart, four and five.
#[test]
fn labels_are_of_pairs_in_a_band_of_time() {
    use RepeatLabel::{Isolated, Originator, Repeat};
    let all = incidents(&[0, 1, 5].map(|day| (0.0, 0.0, day * 86_400)));
    for (days, label, size) in [
        ([2.0, 10.0], [Originator, Originator, Repeat], vec![3]),
        ([0.0, 2.0], [Originator, Repeat, Isolated], vec![2]),
        ([0.0, 1.0], [Isolated; 3], vec![]),
    ] {
        let near = NearRepeat::new(&[0.0, 20.0], &days).permutations(1);
        let found = near.run(&all).unwrap();
        assert_eq!(
            (found.label.as_slice(), found.chain_size),
            (&label[..], size)
        );
    }
}

#[test]
fn a_stopped_job_ends() {
    let job = crate::Job::new();
    job.stop();
    let near = NearRepeat::new(&[0.0, 5.0], &[0.0, 3.0]);
    let workers = Workers::for_job(1, job).unwrap();
    let all = incidents(&[(0.0, 0.0, 0), (1.0, 0.0, 0)]);
    assert!(matches!(
        near.run_with(&all, &workers),
        Err(crate::Error::Cancelled)
    ));
}
