use super::*;
use crate::methods::near_repeat::RepeatLabel as Label;
use crate::methods::near_repeat::RepeatLabel::{Isolated, NearRepeat, Originator};
use crate::model::{Clock, Crs, Times, Zone};

const X: [f64; 6] = [0.0, 30.0, 0.0, 500.0, 520.0, 900.0];
const Y: [f64; 6] = [0.0, 0.0, 40.0, 500.0, 500.0, 100.0];
const DAYS: [i64; 6] = [0, 1, 3, 10, 11, 30];

fn incidents(days: &[i64]) -> Incidents {
    let seconds = days.iter().map(|d| d * 86_400).collect();
    Incidents::builder(X.to_vec(), Y.to_vec(), Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap()
}

/// Calls `see` with every order of the values.
fn orders(values: &mut Vec<i64>, from: usize, see: &mut impl FnMut(&[i64])) {
    if from == values.len() {
        see(values);
        return;
    }
    for i in from..values.len() {
        values.swap(from, i);
        orders(values, from + 1, see);
        values.swap(from, i);
    }
}

/// Worked by hand: of the six points and times, 4 pairs are close in space, 4 in time, 4 in both;
/// 12 of the 720 orders of the times have as many.
#[test]
fn six_incidents_by_hand_and_by_all_orders() {
    let knox = Knox::new(60.0, 4.0).permutations(1);
    let found = knox.run(&incidents(&DAYS)).unwrap();
    assert_eq!(
        (found.observed, found.close_in_space, found.close_in_time),
        (4.0, 4, 4.0)
    );
    assert!((found.expected - 16.0 / 15.0).abs() < 1e-15);
    assert!((found.ratio - 3.75).abs() < 1e-14);
    let (mut reached, mut sum, mut all) = (0, 0.0, 0);
    orders(&mut DAYS.to_vec(), 0, &mut |days| {
        let observed = knox.run(&incidents(days)).unwrap().observed;
        reached += u32::from(observed >= 4.0);
        sum += observed;
        all += 1;
    });
    assert_eq!((all, reached), (720, 12));
    assert!(
        (sum / 720.0 - found.expected).abs() < 1e-12,
        "the exact expectation"
    );
    let long = Knox::new(60.0, 4.0)
        .permutations(19_999)
        .run(&incidents(&DAYS))
        .unwrap();
    // Four standard deviations of a share of 1/60 in 20,000 draws.
    assert!((long.p - 1.0 / 60.0).abs() < 4.0 * (59.0f64 / 3600.0 / 20_000.0).sqrt());
}

#[test]
fn labels_and_chains_follow_the_order_of_time() {
    let found = Knox::new(60.0, 4.0).run(&incidents(&DAYS)).unwrap();
    assert_eq!(
        found.label,
        [
            Originator, NearRepeat, NearRepeat, Originator, NearRepeat, Isolated
        ]
    );
    assert_eq!(
        found.chain,
        [Some(0), Some(0), Some(0), Some(1), Some(1), None]
    );
    assert_eq!(found.chain_size, [3, 2]);
    let at_once = Knox::new(60.0, 4.0)
        .same_place(35.0)
        .run(&incidents(&[0, 1, 1, 5, 5, 9]));
    assert_eq!(
        at_once.unwrap().label,
        [
            Originator,
            Label::Repeat,
            NearRepeat,
            Label::Simultaneous,
            Label::Simultaneous,
            Isolated
        ]
    );
}

/// Three and four metres apart each way: five as the crow flies and seven along the streets.
#[test]
fn one_place_is_measured_as_distances_are() {
    use crate::methods::near_repeat::Metric::{Euclidean, Manhattan};
    let at = [(700.0, 300.0, 0), (703.0, 304.0, 86_400)];
    let all = crate::methods::near_repeat::near_repeat::tests::incidents(&at);
    for (metric, metres, label) in [
        (Euclidean, 5.0, Label::Repeat),
        (Euclidean, 4.9, NearRepeat),
        (Manhattan, 7.0, Label::Repeat),
        (Manhattan, 6.9, NearRepeat),
    ] {
        let knox = Knox::new(60.0, 4.0).metric(metric).same_place(metres);
        let found = knox.permutations(1).run(&all).unwrap();
        assert_eq!(found.label, [Originator, label], "{metric:?} {metres}");
    }
}

/// Incident 0 has two close in space and two in time of five others; both are both: of the ways to
/// mark two of five, one of ten hits both.
#[test]
fn around_an_incident_the_tail_is_hypergeometric() {
    let found = Knox::new(60.0, 4.0).run(&incidents(&DAYS)).unwrap();
    assert_eq!(found.local_observed, [2.0, 2.0, 2.0, 1.0, 1.0, 0.0]);
    for (i, p) in [0.1, 0.1, 0.1, 0.2, 0.2].into_iter().enumerate() {
        assert!(
            (found.local_p[i] - p).abs() < 1e-14,
            "{i}: {}",
            found.local_p[i]
        );
    }
    assert!(found.local_p[5].is_nan() && found.local_q[5].is_nan());
    assert!((found.local_expected[0] - 0.8).abs() < 1e-15);
}

/// Of six incidents three have two others close in time, two have one and one has none. Two of two
/// are met with a chance of 1/10, 0 and 0; one of one with 2/5, 1/5 and 0; nothing always.
#[test]
fn the_tail_over_all_times_is_their_mean() {
    let found = Knox::new(60.0, 4.0).run(&incidents(&DAYS)).unwrap();
    let [two, one] = [3.0 * 0.1 / 6.0, (3.0 * 0.4 + 2.0 * 0.2) / 6.0];
    for (got, want) in (found.local_p_unconditional.iter()).zip([two, two, two, one, one, 1.0]) {
        assert!((got - want).abs() < 1e-14, "{got} {want}");
    }
}

/// Three on one place, two of them at once; two others at once far from each other.
#[test]
fn what_is_close_in_one_alone_has_no_tail_and_what_no_order_has_no_ratio() {
    let day = 86_400;
    let far = (5..40i64).map(|i| (1_000.0 * i as f64, 0.0, 100 * i * day));
    let near = [
        (0.0, 0.0, 0),
        (0.0, 0.0, 0),
        (0.0, 0.0, 50 * day),
        (1_000.0, 0.0, 60 * day),
        (2_000.0, 0.0, 60 * day),
    ];
    let points: Vec<_> = near.into_iter().chain(far).collect();
    let all = crate::methods::near_repeat::near_repeat::tests::incidents(&points);
    let knox = Knox::new(60.0, 4.0).permutations(1);
    let found = knox.clone().run(&all).unwrap();
    assert_eq!(
        (found.observed, found.close_in_space, found.close_in_time),
        (1.0, 3, 2.0)
    );
    assert!((found.local_p[0] - 2.0 / 39.0).abs() < 1e-14);
    assert!(found.local_p[2..].iter().all(|p| p.is_nan()));
    // The only order drawn has no close pair, so that nothing is expected.
    let found = knox.strata(vec![0; 40]).run(&all).unwrap();
    assert_eq!((found.expected, found.p), (0.0, 0.5));
    assert!(found.ratio.is_nan());
}

#[test]
fn undated_incidents_are_left_out_and_told() {
    let mut seconds: Vec<i64> = DAYS.iter().map(|d| d * 86_400).collect();
    seconds[1] = Times::UNKNOWN;
    let some = Incidents::builder(X.to_vec(), Y.to_vec(), Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap();
    let found = Knox::new(60.0, 4.0).run(&some).unwrap();
    assert_eq!((found.observed, found.used, found.undated), (2.0, 5, 1));
    assert_eq!((found.label[1], found.chain[1]), (Label::Undated, None));
    assert!(found.local_observed[1].is_nan());
    assert!(found.warnings[0].message.contains("1 of 6"));
    assert_eq!(found.warnings[0].value, Some(1.0 / 6.0));
}

/// 23:00 and 01:00 the next day: a day of the calendar apart, two hours on the clock.
#[test]
fn days_of_the_calendar_or_time_that_went_by() {
    let times = Times::from_utc_seconds(vec![82_800, 90_000], Zone::utc());
    let two = Incidents::builder(vec![0.0, 1.0], vec![0.0, 0.0], Crs::PLANAR)
        .time(times)
        .build()
        .unwrap();
    let observed = |clock, days| {
        let knox = Knox::new(5.0, days).permutations(1).clock(clock);
        knox.run(&two).unwrap().observed
    };
    assert_eq!(observed(Clock::CalendarDays, 0.5), 0.0);
    assert_eq!(observed(Clock::CalendarDays, 1.0), 1.0);
    assert_eq!(observed(Clock::Elapsed, 2.0 / 24.0), 1.0);
    assert_eq!(observed(Clock::Elapsed, 1.9 / 24.0), 0.0);
}

/// Times exchanged within strata of one incident stay where they are.
#[test]
fn strata_of_one_leave_no_other_order() {
    let found = Knox::new(60.0, 4.0)
        .strata((0..6).collect())
        .run(&incidents(&DAYS))
        .unwrap();
    assert_eq!((found.p, found.expected, found.ratio), (1.0, 4.0, 1.0));
}

#[test]
fn what_has_no_meaning_is_refused() {
    let all = incidents(&DAYS);
    for knox in [
        Knox::new(-1.0, 4.0),
        Knox::new(60.0, f64::NAN),
        Knox::new(f64::INFINITY, 4.0),
        Knox::new(60.0, 4.0).permutations(0),
        Knox::new(60.0, 4.0).strata(vec![0]),
        Knox::new(60.0, 4.0).same_place(-1.0),
    ] {
        assert!(knox.run(&all).is_err(), "{knox:?}");
    }
    let undated = Incidents::builder(X.to_vec(), Y.to_vec(), Crs::PLANAR)
        .build()
        .unwrap();
    assert!(Knox::new(60.0, 4.0).run(&undated).is_err());
}
