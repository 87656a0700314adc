//! A table worked by hand, clocks, missing times, and properties.

use proptest::prelude::*;

use super::*;
use crate::model::{Crs, Zone};

const DAYS: i64 = 86_400;

/// Address 0 on days 0, 10 and 30, address 1 on day 5, address 2 on days 0 and 3, out of order.
const LABELS: [u32; 6] = [2, 0, 1, 0, 2, 0];
const ON: [i64; 6] = [3, 30, 5, 0, 0, 10];

fn times(days: &[i64]) -> Times {
    Times::from_utc_seconds(days.iter().map(|d| d * DAYS).collect(), Zone::utc())
}

fn run(method: &RepeatAddresses, labels: &[u32], times: Option<&Times>) -> Repeats {
    method
        .run_labelled(labels, times, &Workers::new(1).unwrap())
        .unwrap()
}

#[test]
fn the_table_by_hand_holds() {
    let method = RepeatAddresses::new().end(40 * DAYS);
    let found = run(&method, &LABELS, Some(&times(&ON)));
    assert_eq!(found.address, [1, 0, 2, 0, 1, 0]);
    assert_eq!(found.days_to_next, [37.0, 10.0, 35.0, 10.0, 3.0, 20.0]);
    assert_eq!(found.repeated, [false, false, false, true, true, true]);
    assert_eq!(found.repeat_share, 0.5);
    assert_eq!(found.busiest_share, 0.5);
    assert_eq!(found.with_count, [(1, 1), (2, 1), (3, 1)]);
    assert_eq!(found.addresses.count, [3, 2, 1]);
    assert_eq!(found.addresses.first, [1, 0, 2]);
    assert_eq!(found.addresses.last_gap[..2], [20.0, 3.0]);
    assert!(found.addresses.last_gap[2].is_nan());
    assert_eq!(found.addresses.since_last, [10.0, 37.0, 35.0]);
    // At risk 6, 5 and 3 when a next one came after 3, 10 and 20 days: 5/6, 2/3, 4/9 are left.
    let curve = &found.time_to_next;
    assert_eq!(
        (&curve.time[..], &curve.at_risk[..]),
        (&[3.0, 10.0, 20.0][..], &[6, 5, 3][..])
    );
    let [week, fortnight, month, quarter] = found.within[..] else {
        panic!("{:?}", found.within);
    };
    assert!((week.share - 1.0 / 6.0).abs() < 1e-15 && (week.at_risk, week.repeats) == (5, 1));
    assert!((month.share - 5.0 / 9.0).abs() < 1e-15 && (month.at_risk, month.repeats) == (2, 3));
    assert!(quarter.share.is_nan() && quarter.low.is_nan());
    // V = 1/30 + 1/20, width 1.959964 · 0.288675 / 0.405465 = 1.395417.
    assert!((fortnight.share - 1.0 / 3.0).abs() < 1e-15);
    assert!(
        (fortnight.low - 0.095_566).abs() < 1e-5,
        "{}",
        fortnight.low
    );
    assert!(
        (fortnight.high - 0.805_384).abs() < 1e-5,
        "{}",
        fortnight.high
    );
}

#[test]
fn by_coordinates_as_by_label() {
    let x = LABELS.map(|l| 143_000.0 + f64::from(l)).to_vec();
    let incidents = Incidents::builder(x, vec![487_000.0; 6], Crs::RD_NEW)
        .time(times(&ON))
        .build()
        .unwrap();
    let found = RepeatAddresses::new().run(&incidents).unwrap();
    let labelled = run(&RepeatAddresses::new(), &LABELS, Some(&times(&ON)));
    // In words, because NaN differs from itself.
    assert_eq!(format!("{found:?}"), format!("{labelled:?}"));
    assert_eq!(found.end, Some(30 * DAYS));
}

#[test]
fn without_times_only_shares_are_known() {
    let found = run(&RepeatAddresses::new(), &LABELS, None);
    assert_eq!(
        (found.repeat_share, found.without_time, found.end),
        (0.5, 6, None)
    );
    assert!(found.within.iter().all(|w| w.share.is_nan()));
    assert!(found.trend.p_shorter.is_nan() && found.worsening.is_empty());
    assert_eq!(found.warnings[0].code, WarningCode::Times);
}

#[test]
fn missing_and_equal_times_are_counted() {
    let seconds = vec![0, Times::UNKNOWN, 0, 10 * DAYS];
    let times = Times::from_utc_seconds(seconds, Zone::utc());
    let found = run(&RepeatAddresses::new(), &[0; 4], Some(&times));
    assert_eq!((found.without_time, found.same_time), (1, 1));
    assert_eq!((found.addresses.count[0], found.addresses.timed[0]), (4, 3));
    assert_eq!(found.days_to_next[0], 0.0);
    assert!(found.days_to_next[1].is_nan() && !found.repeated[1]);
    assert_eq!(found.days_to_next[2..], [10.0, 0.0]);
    assert!((found.within[0].share - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!(found.warnings[0].value, Some(1.0));
}

#[test]
fn a_week_is_seven_days_also_when_the_clocks_change() {
    // Noon on 24 and on 31 March 2024, in summer time.
    let noon = [1_711_278_000, 1_711_879_200];
    let times = Times::from_utc_seconds(noon.to_vec(), Zone::amsterdam());
    assert_eq!(noon[1] - noon[0], 7 * DAYS - 3_600);
    let found = run(&RepeatAddresses::new(), &[0, 0], Some(&times));
    assert_eq!(found.days_to_next, [7.0, 0.0]);
    // 02:30 comes twice on 27 October 2024; 40 minutes after the first it is 02:10.
    let twice = [1_729_989_000, 1_729_991_400];
    let times = Times::from_utc_seconds(twice.to_vec(), Zone::amsterdam());
    let found = run(&RepeatAddresses::new(), &[0, 0], Some(&times));
    assert!(found.days_to_next.iter().all(|d| *d >= 0.0));
}

#[test]
fn addresses_that_worsen_are_ranked() {
    // Address 0 halves its gaps, 1 doubles them, 2 goes down with two exceptions, 3 is too short.
    let series: [&[i64]; 4] = [
        &[0, 80, 120, 140, 150],
        &[0, 10, 30, 70, 150],
        &[0, 60, 90, 130, 140, 155],
        &[0, 20, 30, 35],
    ];
    let labels: Vec<u32> = (0u32..)
        .zip(series)
        .flat_map(|(i, s)| vec![i; s.len()])
        .collect();
    let found = run(
        &RepeatAddresses::new(),
        &labels,
        Some(&times(&series.concat())),
    );
    // Numbers go by count: 2 comes first.
    assert_eq!(found.addresses.count, [6, 5, 5, 4]);
    assert_eq!(found.addresses.score, [-6, -6, 6, -3]);
    assert_eq!(found.worsening, [1, 0]);
    assert!((found.addresses.p[1] - 1.0 / 24.0).abs() < 1e-15);
    // Five gaps: one order with no pair out of order, four with one, nine with two.
    assert!((found.addresses.p[0] - 14.0 / 120.0).abs() < 1e-15);
    assert!((found.addresses.p[2] - 1.0).abs() < 1e-15);
    assert!(found.addresses.p[3].is_nan() && found.addresses.q[3].is_nan());
    assert_eq!(
        (found.trend.addresses, found.trend.score, found.trend.exact),
        (4, -9, true)
    );
    let least = run(
        &RepeatAddresses::new().least_reports(4),
        &labels,
        Some(&times(&series.concat())),
    );
    assert!((least.addresses.p[3] - 1.0 / 6.0).abs() < 1e-15);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let workers = Workers::new(1).unwrap();
    let error = |method: RepeatAddresses| {
        let found = method.run_labelled(&LABELS, Some(&times(&ON)), &workers);
        found.unwrap_err().to_string()
    };
    assert!(error(RepeatAddresses::new().end(29 * DAYS)).contains("1970-01-31"));
    for days in [-1.0, f64::INFINITY, f64::NAN] {
        assert!(error(RepeatAddresses::new().within(vec![7.0, days])).contains("`within`"));
    }
    for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
        assert!(error(RepeatAddresses::new().level(level)).contains("`level`"));
    }
    assert!(error(RepeatAddresses::new().least_reports(2)).contains("`least_reports`"));
    // The ends of what makes sense.
    let least = RepeatAddresses::new()
        .end(30 * DAYS)
        .within(vec![0.0])
        .least_reports(3);
    let found = run(&least, &LABELS, Some(&times(&ON)));
    assert_eq!((found.end, found.within[0].share), (Some(30 * DAYS), 0.0));
    assert!(found.addresses.p[1].is_nan() && (found.addresses.p[0] - 1.0).abs() < 1e-15);
    let fault = |labels: &[u32]| {
        let found = RepeatAddresses::new().run_labelled(labels, Some(&times(&ON)), &workers);
        found.unwrap_err().fault()
    };
    assert_eq!(fault(&[]), Some(Fault::NoRows));
    assert_eq!(fault(&[0]), Some(Fault::LengthMismatch));
    workers.job().stop();
    let stopped = RepeatAddresses::new().run_labelled(&LABELS, None, &workers);
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

fn reports() -> impl Strategy<Value = Vec<(u32, i64)>> {
    prop::collection::vec((0u32..12, 0i64..200), 1..80)
}

proptest! {
    #[test]
    fn nothing_is_lost(reports in reports()) {
        let (labels, days): (Vec<u32>, Vec<i64>) = reports.into_iter().unzip();
        let found = run(&RepeatAddresses::new(), &labels, Some(&times(&days)));
        let all: u64 = found.addresses.count.iter().sum();
        prop_assert_eq!(all as usize, labels.len());
        let places: u64 = found.with_count.iter().map(|(_, places)| places).sum();
        prop_assert_eq!(places as usize, found.addresses.count.len());
        let repeats = found.repeated.iter().filter(|r| **r).count();
        prop_assert_eq!(repeats, labels.len() - found.addresses.count.len());
        prop_assert_eq!(found.time_to_next.events.iter().sum::<u64>() as usize, repeats);
        // All gaps of an address and the open one make up its time under watch.
        let watched: f64 = found.days_to_next.iter().sum();
        let last = days.iter().max().copied().unwrap_or(0);
        let expected: i64 = found.addresses.first.iter().map(|first| {
            let own = labels.iter().zip(&days).filter(|(l, _)| **l == labels[*first as usize]);
            last - own.map(|(_, day)| *day).min().unwrap_or(0)
        }).sum();
        prop_assert!((watched - expected as f64).abs() < 1e-9);
    }

    #[test]
    fn order_of_rows_and_threads_do_not_matter(reports in reports()) {
        let (labels, days): (Vec<u32>, Vec<i64>) = reports.iter().copied().unzip();
        let one = run(&RepeatAddresses::new(), &labels, Some(&times(&days)));
        for threads in [2, 3, 7] {
            let workers = Workers::new(threads).unwrap();
            let method = RepeatAddresses::new();
            let again = method.run_labelled(&labels, Some(&times(&days)), &workers).unwrap();
            prop_assert_eq!(format!("{again:?}"), format!("{one:?}"));
        }
        let (labels, days): (Vec<u32>, Vec<i64>) = reports.iter().rev().copied().unzip();
        let turned = run(&RepeatAddresses::new(), &labels, Some(&times(&days)));
        let curves = [&turned.time_to_next, &one.time_to_next].map(|c| format!("{c:?}"));
        prop_assert_eq!(&curves[0], &curves[1]);
        prop_assert_eq!(turned.trend.score, one.trend.score);
        prop_assert_eq!(turned.with_count, one.with_count);
    }
}
