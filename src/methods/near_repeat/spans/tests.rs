use proptest::prelude::*;

use super::*;
use crate::methods::near_repeat::{Knox, NearRepeat, RepeatLabel};
use crate::model::{Crs, TimeFlag, Zone};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

fn times(seconds: &[i64]) -> Times {
    Times::from_utc_seconds(seconds.to_vec(), Zone::utc())
}

/// Incidents along a line, with the first moments of their spans.
fn incidents(x: &[f64], seconds: &[i64]) -> Incidents {
    Incidents::builder(x.to_vec(), vec![0.0; x.len()], Crs::PLANAR)
        .time(times(seconds))
        .build()
        .unwrap()
}

fn span() -> impl Strategy<Value = Span> {
    let length = prop_oneof![Just(0.0), 0.5..3.0f64, 10.0..200.0f64];
    (0.0..300.0f64, length).prop_map(|(from, length)| Span {
        from,
        to: from + length,
    })
}

proptest! {
    /// Over the moments of the one, the share of the other that is near enough.
    #[test]
    fn the_closed_form_is_the_integral(a in span(), b in span(), most in 0u32..200) {
        const STEPS: u32 = 20_000;
        let most_f = f64::from(most);
        let near = |at: f64| {
            if b.from == b.to {
                return f64::from(u8::from((at - b.from).abs() <= most_f));
            }
            let inside = b.to.min(at + most_f) - b.from.max(at - most_f);
            inside.max(0.0) / (b.to - b.from)
        };
        let step = (a.to - a.from) / f64::from(STEPS);
        let sum: f64 = (0..STEPS).map(|k| near(a.from + (f64::from(k) + 0.5) * step)).sum();
        let want = sum / f64::from(STEPS);
        // One known moment may lie just inside or outside at either end of the range.
        let off = if b.from == b.to { 2.0 / f64::from(STEPS) } else { 1e-6 };
        let got = apart(Clock::Elapsed, a, b, most);
        prop_assert!((got - want).abs() <= off, "{got} {want}");
        prop_assert!((0.0..=1.0).contains(&got));
        prop_assert!((got - apart(Clock::Elapsed, b, a, most)).abs() < 1e-12);
    }

    /// However spans lie, a chance is one; at no distance at all roundings alone are left.
    #[test]
    fn a_chance_is_never_below_nothing(a in span(), b in span(), most in 0u32..2) {
        let got = apart(Clock::Elapsed, a, b, most);
        prop_assert!((0.0..=1.0).contains(&got), "{got}");
    }

    /// With ends on whole hours, an hour lies on one day: all pairs of hours by themselves.
    #[test]
    fn days_of_the_calendar_are_those_of_the_hours(
        (a, a_length) in (-200i64..200, 0i64..120),
        (b, b_length) in (-200i64..200, 0i64..120),
        most in 0u32..9,
    ) {
        let hours = |from: i64, length: i64| -> Vec<i64> {
            (from..from + length.max(1)).map(|hour| hour.div_euclid(24)).collect()
        };
        let (ours, theirs) = (hours(a, a_length), hours(b, b_length));
        let met = ours.iter().flat_map(|i| theirs.iter().map(move |j| i.abs_diff(*j)));
        let met = met.filter(|apart| *apart <= u64::from(most)).count();
        let want = met as f64 / (ours.len() * theirs.len()) as f64;
        let span = |from: i64, length: i64| Span {
            from: from as f64 / 24.0,
            to: (from + length) as f64 / 24.0,
        };
        let got = apart(Clock::CalendarDays, span(a, a_length), span(b, b_length), most);
        prop_assert!((got - want).abs() < 1e-9, "{got} {want}");
    }

    /// What is passed over has no part in the sum over all others.
    #[test]
    fn around_each_are_all_others(
        spans in prop::collection::vec(span(), 2..30),
        most in 0u32..60,
        elapsed in any::<bool>(),
    ) {
        let clock = if elapsed { Clock::Elapsed } else { Clock::CalendarDays };
        let all = Spans::new(clock, spans.clone());
        let found = all.near_in_time(most, &Workers::new(1).unwrap()).unwrap();
        for (i, found) in found.into_iter().enumerate() {
            let others = (0..spans.len()).filter(|j| *j != i);
            let want: f64 = others.map(|j| all.within(i, j, most)).sum();
            prop_assert!((found - want).abs() < 1e-9, "{found} {want}");
        }
    }

    /// Spans of no length count as whole pairs, and everything else is as without them.
    #[test]
    fn known_moments_give_the_counts_of_old(
        points in prop::collection::vec((0i32..8, 0i64..40), 2..40),
        elapsed in any::<bool>(),
        open in any::<bool>(),
    ) {
        let x: Vec<f64> = points.iter().map(|p| f64::from(p.0)).collect();
        let seconds: Vec<i64> = points.iter().map(|p| p.1 * DAY / 2).collect();
        let all = incidents(&x, &seconds);
        let clock = if elapsed { Clock::Elapsed } else { Clock::CalendarDays };
        // The same moment, an earlier one and none.
        let ends: Vec<i64> = (0..).zip(&seconds).map(|(i, s)| match i % 3 {
            0 => *s,
            1 => s - HOUR,
            _ => Times::UNKNOWN,
        }).collect();
        let distances: &[f64] = if open { &[0.0, 2.0, f64::INFINITY] } else { &[0.0, 1.0, 3.0] };
        let near = NearRepeat::new(distances, &[0.0, 2.0, 5.0]).clock(clock).permutations(29);
        let plain = near.run(&all).unwrap();
        let spanned = near.ends(times(&ends)).run(&all).unwrap();
        prop_assert_eq!(format!("{plain:?}"), format!("{spanned:?}"));
        let knox = Knox::new(2.0, 3.0).clock(clock).permutations(29);
        let plain = knox.run(&all).unwrap();
        let spanned = knox.ends(times(&ends)).run(&all).unwrap();
        prop_assert_eq!(plain.observed, spanned.observed);
        prop_assert_eq!(plain.close_in_time, spanned.close_in_time);
        prop_assert_eq!((plain.expected, plain.p), (spanned.expected, spanned.p));
        prop_assert_eq!(plain.local_observed, spanned.local_observed);
        prop_assert_eq!(plain.local_expected, spanned.local_expected);
        prop_assert_eq!((plain.label, plain.chain), (spanned.label, spanned.chain));
        prop_assert!(spanned.p_poisson.is_nan() && spanned.local_p.iter().all(|p| p.is_nan()));
    }

    /// The exact expectation is the mean over many orders, and the bands add up to all pairs.
    #[test]
    fn the_expectation_is_that_of_the_orders(
        points in prop::collection::vec((0i32..4, 0i64..240, 0i64..100), 4..12),
    ) {
        let x: Vec<f64> = points.iter().map(|p| f64::from(p.0)).collect();
        let seconds: Vec<i64> = points.iter().map(|p| p.1 * HOUR).collect();
        let ends: Vec<i64> = points.iter().map(|p| (p.1 + p.2) * HOUR).collect();
        let (all, inf) = (incidents(&x, &seconds), f64::INFINITY);
        let near = NearRepeat::new(&[0.0, 2.0, inf], &[0.0, 1.0, 3.0, inf])
            .clock(Clock::Elapsed)
            .ends(times(&ends))
            .permutations(2_000);
        let exact = near.run(&all).unwrap();
        let pairs = (points.len() * (points.len() - 1) / 2) as f64;
        prop_assert!((exact.observed.iter().sum::<f64>() - pairs).abs() < 1e-9);
        prop_assert!((exact.expected.iter().sum::<f64>() - pairs).abs() < 1e-9);
        let drawn = near.strata(vec![1; points.len()]).run(&all).unwrap();
        prop_assert_eq!(drawn.expected.len(), exact.expected.len());
        for (exact, drawn) in exact.expected.iter().zip(&drawn.expected) {
            // A sum of at most 55 chances has a standard deviation of at most 27.5.
            prop_assert!((exact - drawn).abs() < 5.0 * 27.5 / 2_000f64.sqrt());
        }
    }
}

/// The first at noon on day 0, the second at some moment of days 1 to 3, the third far away.
#[test]
fn a_weekend_away_by_hand() {
    let all = incidents(&[0.0, 10.0, 5_000.0], &[DAY / 2, DAY, 9 * DAY]);
    let ends = times(&[DAY / 2, 4 * DAY, 9 * DAY]);
    let run = |clock, days| {
        let knox = Knox::new(50.0, days).clock(clock).ends(ends.clone());
        knox.permutations(99).run(&all).unwrap()
    };
    // Of three days one is at most one day away, and two are at most two.
    let found = run(Clock::CalendarDays, 1.0);
    assert!((found.observed - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(found.close_in_space, 1);
    // Of the pairs in time this is the only one, so a third of a third is to be expected.
    assert!((found.expected - 1.0 / 9.0).abs() < 1e-12);
    assert!((found.ratio - 3.0).abs() < 1e-9);
    assert_eq!(
        found.label[1],
        RepeatLabel::Isolated,
        "less likely than not"
    );
    let found = run(Clock::CalendarDays, 2.0);
    assert!((found.observed - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(found.label[0], RepeatLabel::Originator);
    assert_eq!(found.label[1], RepeatLabel::NearRepeat);
    // By the clock, two days end at noon of day 2: 36 of 72 hours.
    let found = run(Clock::Elapsed, 2.0);
    assert!((found.observed - 0.5).abs() < 1e-12);
}

#[test]
fn what_spans_do_not_say_is_left_out_and_told() {
    let all = incidents(&[0.0, 1.0, 2.0], &[0, DAY, 2 * DAY]);
    let knox = Knox::new(50.0, 4.0).permutations(19);
    let long = knox.clone().ends(times(&[0, DAY, 400 * DAY]));
    let found = long.run(&all).unwrap();
    assert_eq!((found.used, found.undated), (2, 1));
    assert_eq!(found.label[2], RepeatLabel::Undated);
    assert!(found.warnings[0].message.contains("1 of 3"));
    let short = knox.ends(times(&[0])).run(&all).unwrap_err();
    assert_eq!(short.fault(), Some(Fault::LengthMismatch));
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let x: Vec<f64> = (0..300).map(|i| f64::from(i * 37 % 101)).collect();
    let seconds: Vec<i64> = (0..300).map(|i| i * 53 % 97 * 9 * HOUR).collect();
    let ends: Vec<i64> = (0..)
        .zip(&seconds)
        .map(|(i, s)| s + i % 50 * HOUR)
        .collect();
    let all = incidents(&x, &seconds);
    let near = NearRepeat::new(&[0.0, 3.0, 9.0], &[0.0, 2.0, 4.0]).ends(times(&ends));
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        format!("{:?}", near.run_with(&all, &workers).unwrap())
    };
    let one = run(1);
    for threads in [2, 3, 5] {
        assert_eq!(run(threads), one);
    }
}

/// The middle of days 0 to 10 is day 5: after days 3 and 4, and before day 6.
#[test]
fn spans_come_in_the_order_of_their_middles() {
    let spans = [(0.0, 11.0), (3.0, 5.0), (6.25, 6.5), (5.1, 5.9)];
    let spans = spans.map(|(from, to)| Span { from, to }).to_vec();
    for clock in [Clock::CalendarDays, Clock::Elapsed] {
        assert_eq!(Spans::new(clock, spans.clone()).ranks(), [1, 0, 2, 1]);
    }
}

/// Days and hours after 1 July 2024 began in Amsterdam, two hours before it did in Greenwich.
#[test]
fn ends_are_read_by_the_clock_on_the_wall() {
    use TimeFlag::{DateOnly, Exact, Unknown};
    const JULY: i64 = 19_905;
    let second = |(day, hour): (i64, i64)| (JULY + day) * DAY + (hour - 2) * HOUR;
    let cases = [
        ((0, 18), (1, 6), Exact, Some((0.75, 1.25))),
        ((0, 18), (1, 0), DateOnly, Some((0.75, 2.0))),
        ((0, 18), (0, 0), DateOnly, Some((0.75, 1.0))),
        ((0, 0), (0, 0), DateOnly, Some((0.0, 1.0))),
        ((0, 18), (-1, 0), DateOnly, Some((0.75, 0.75))),
        ((0, 18), (0, 6), Exact, Some((0.75, 0.75))),
        ((0, 18), (1, 6), Unknown, Some((0.75, 0.75))),
        ((0, 18), (366, 18), Exact, Some((0.75, 366.75))),
        ((0, 18), (366, 19), Exact, None),
    ];
    let (zone, none) = (Zone::amsterdam(), vec![0.0; cases.len()]);
    let mut ends = Times::new(zone.clone());
    for (_, end, flag, _) in cases {
        ends.push(second(end), flag);
    }
    let from = cases.map(|(from, ..)| second(from)).to_vec();
    let all = Incidents::builder(none.clone(), none, Crs::PLANAR)
        .time(Times::from_utc_seconds(from, zone))
        .build()
        .unwrap();
    for (clock, start, day) in [
        (Clock::CalendarDays, JULY as f64, 1.0),
        (Clock::Elapsed, second((0, 0)) as f64, 86_400.0),
    ] {
        let read = Spans::read(&all, &ends, clock).unwrap();
        for (found, (.., want)) in read.into_iter().zip(cases) {
            let found = found.map(|s| ((s.from - start) / day, (s.to - start) / day));
            let close =
                |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() + (b - d).abs() < 1e-9;
            let same = found.zip(want).map_or(found == want, |(a, b)| close(a, b));
            assert!(same, "{clock:?} {found:?} {want:?}");
        }
    }
}
