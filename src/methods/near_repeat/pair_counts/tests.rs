use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::index::Tiles;
use crate::methods::near_repeat::matched::{Closeness, matches};
use crate::methods::near_repeat::near_repeat::tests::{edges, incidents};
use crate::model::{Crs, Times};
use crate::synthetic::SyntheticCity;

/// The squares of some incidents, counted one by one.
fn by_square(test: &NearRepeat, incidents: &Incidents, side: f64, reach: f64) -> Vec<PairCounts> {
    let tiles = Tiles::new(side, reach).unwrap();
    let dealt = tiles.deal(incidents.x(), incidents.y()).unwrap();
    let mut squares = BTreeMap::<_, (Vec<u32>, Vec<bool>)>::new();
    for row in 0..dealt.own.len() {
        let square = squares
            .entry((dealt.column[row], dealt.row[row]))
            .or_default();
        square.0.push(dealt.incident[row]);
        square.1.push(dealt.own[row]);
    }
    let workers = Workers::new(1).unwrap();
    squares
        .values()
        .map(|(at, own)| test.count_own(&incidents.take(at), Some(own), &workers))
        .collect::<Result<_>>()
        .unwrap()
}

fn sum(parts: impl IntoIterator<Item = PairCounts>) -> PairCounts {
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap();
    parts.try_fold(first, |sum, part| sum + part).unwrap()
}

fn points(most: usize) -> impl Strategy<Value = Vec<(f64, f64, i64)>> {
    // Few places and days, so that many pairs lie on edges and on one spot; some have no time.
    let point = (0i32..8, 0i32..8, prop::option::weighted(0.9, 0i64..20)).prop_map(|(x, y, t)| {
        let time = t.map_or(Times::UNKNOWN, |t| t * 43_200);
        (f64::from(3 * x), f64::from(4 * y), time)
    });
    prop::collection::vec(point, 2..most)
}

/// Standard deviations by the partners of each incident, counted pair by pair.
fn deviations(points: &[(f64, f64, i64)], test: &NearRepeat) -> Vec<f64> {
    let dated: Vec<_> = points.iter().filter(|p| p.2 != Times::UNKNOWN).collect();
    let n = dated.len();
    let closeness = |name, edges: &[f64], apart: &dyn Fn(usize, usize) -> f64| {
        let bands = Bands::new(name, edges, test.closed).unwrap();
        let of_band = |band: usize| {
            let of = |i: usize| {
                let others = (0..n).filter(|j| *j != i && bands.slot(apart(i, *j)) == band);
                others.count() as u128
            };
            let squares = (0..n).map(|i| of(i).pow(2)).sum();
            Closeness::of((0..n).map(of).sum(), squares)
        };
        (1..=bands.len()).map(of_band).collect::<Vec<_>>()
    };
    let space = closeness("distances", &test.distances, &|i, j| {
        let (dx, dy) = (dated[i].0 - dated[j].0, dated[i].1 - dated[j].1);
        match test.options.metric {
            Metric::Euclidean => dx.hypot(dy),
            Metric::Manhattan => dx.abs() + dy.abs(),
        }
    });
    let time = closeness("days", &test.days, &|i, j| match test.options.clock {
        Clock::Elapsed => dated[i].2.abs_diff(dated[j].2) as f64 / 86_400.0,
        Clock::CalendarDays => {
            let day = |i: usize| dated[i].2.div_euclid(86_400);
            day(i).abs_diff(day(j)) as f64
        }
    });
    let each = space.iter().flat_map(|s| time.iter().map(|t| (*s, *t)));
    each.map(|(s, t)| matches(n as u64, s, t).1.sqrt())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// However the incidents are dealt out and in whatever order the parts come.
    #[test]
    fn squares_add_up_to_the_table_of_all(
        points in points(60),
        (distances, days) in edges(),
        right in any::<bool>(),
        along_streets in any::<bool>(),
        elapsed in any::<bool>(),
        side in 12.0..30.0f64,
    ) {
        let dated = points.iter().filter(|p| p.2 != Times::UNKNOWN).count();
        prop_assume!(dated >= 2);
        let test = NearRepeat::new(&distances, &days)
            .closed(if right { Closed::Right } else { Closed::Left })
            .metric(if along_streets { Metric::Manhattan } else { Metric::Euclidean })
            .clock(if elapsed { Clock::Elapsed } else { Clock::CalendarDays })
            .permutations(1);
        let incidents = incidents(&points);
        let reach = distances.iter().copied().filter(|d| d.is_finite()).fold(0.0, f64::max);
        let mut parts = by_square(&test, &incidents, side, reach);
        let whole = test.count_own(&incidents, None, &Workers::new(2).unwrap()).unwrap();
        prop_assert_eq!(&sum(parts.clone()), &whole);
        parts.reverse();
        prop_assert_eq!(&sum(parts), &whole);

        let (table, direct) = (whole.table().unwrap(), test.run(&incidents).unwrap());
        let observed: Vec<f64> = table.observed.iter().map(|o| *o as f64).collect();
        prop_assert_eq!(&observed, &direct.observed);
        prop_assert_eq!(table.used, direct.used as u64);
        prop_assert_eq!(table.undated, direct.undated as u64);
        for ((a, b), p) in table.expected.iter().zip(&direct.expected).zip(&table.p) {
            prop_assert!((a - b).abs() <= 1e-12 * (1.0 + b), "{} {}", a, b);
            prop_assert_eq!(p.is_nan(), *a == 0.0);
        }
        prop_assert_eq!(table.deviation, deviations(&points, &test));
    }
}

/// Mean and spread beside those of orders that were drawn, and the tail beside their share.
#[test]
fn moments_and_tails_are_those_of_the_orders() {
    let city = SyntheticCity::new(3_000).seed(5).build().unwrap();
    let test = NearRepeat::new(
        &[0.0, 50.0, 150.0, f64::INFINITY],
        &[0.0, 8.0, 29.0, f64::INFINITY],
    );
    let incidents = &city.incidents;
    let counts = test
        .count_own(incidents, None, &Workers::new(0).unwrap())
        .unwrap();
    let table = counts.table().unwrap();
    let drawn = test.permutations(1_999).seed(3).run(incidents).unwrap();
    for cell in 0..table.observed.len() {
        // The share of 1,999 orders wavers by some 0.011 at a half.
        assert!(
            (table.p[cell] - drawn.p[cell]).abs() < 0.04,
            "{cell}: {} and {}",
            table.p[cell],
            drawn.p[cell]
        );
        let off = (drawn.median[cell] - table.expected[cell]) / table.deviation[cell];
        assert!(
            off.abs() < 0.2,
            "{cell}: the median is off by {off} deviations"
        );
    }
    assert!(table.deviation.iter().all(|d| *d > 0.0));
}

/// Six incidents of whose 15 pairs 4 are close in space and 4 in time, the same four.
#[test]
fn six_incidents() {
    let day = 86_400;
    let points = [
        (0.0, 0.0, 0),
        (30.0, 0.0, day),
        (0.0, 40.0, 3 * day),
        (500.0, 500.0, 10 * day),
        (520.0, 500.0, 11 * day),
        (900.0, 100.0, 30 * day),
    ];
    let test = NearRepeat::new(&[0.0, 60.0], &[0.0, 4.0]).closed(Closed::Right);
    let counts = test
        .count_own(&incidents(&points), None, &Workers::new(1).unwrap())
        .unwrap();
    let table = counts.table().unwrap();
    assert_eq!(table.observed, [4]);
    assert!((table.expected[0] - 16.0 / 15.0).abs() < 1e-15);
    assert!((table.ratio[0] - 3.75).abs() < 1e-14);
}

/// With two bands each way, the pairs of one cell settle those of the others: all vary alike.
#[test]
fn four_cells_of_fixed_margins_vary_alike() {
    let city = SyntheticCity::new(300).seed(2).build().unwrap();
    let test = NearRepeat::new(&[0.0, 300.0, f64::INFINITY], &[0.0, 8.0, f64::INFINITY]);
    let counts = test.count_own(&city.incidents, None, &Workers::new(1).unwrap());
    let table = counts.unwrap().table().unwrap();
    let deviation = &table.deviation;
    assert!(deviation.len() == 4 && deviation[0] > 0.0);
    let alike = |d: &f64| (d / deviation[0] - 1.0).abs() < 1e-6;
    assert!(deviation.iter().all(alike), "{deviation:?}");
    let pairs = table.used * (table.used - 1) / 2;
    assert_eq!(table.observed.iter().sum::<u64>(), pairs);
    assert!((table.expected.iter().sum::<f64>() / pairs as f64 - 1.0).abs() < 1e-12);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let points = [(0.0, 0.0, 0), (1.0, 0.0, 0), (2.0, 0.0, 0)];
    let (here, workers) = (incidents(&points), Workers::new(1).unwrap());
    let test = NearRepeat::new(&[0.0, 5.0], &[0.0, 2.0]);
    let spans = test.clone().ends(here.times().unwrap().clone());
    let error = spans.count_own(&here, None, &workers).unwrap_err();
    assert!(error.to_string().contains("ends"), "{error}");
    let count = |test: &NearRepeat| test.count_own(&here, None, &workers).unwrap();
    let whole = count(&test);
    for other in [
        count(&NearRepeat::new(&[0.0, 6.0], &[0.0, 2.0])),
        count(&NearRepeat::new(&[0.0, 5.0], &[0.0, 3.0])),
        count(&test.clone().closed(Closed::Right)),
        count(&test.clone().metric(Metric::Manhattan)),
        count(&test.clone().clock(Clock::Elapsed)),
        PairCounts {
            zone: Zone::amsterdam(),
            ..whole.clone()
        },
        PairCounts {
            layout: 0,
            ..whole.clone()
        },
    ] {
        let mut sum = whole.clone();
        let error = sum.merge(&other).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::PartMismatch), "{error}");
        assert_eq!(sum, whole);
    }
    let moved = PairCounts {
        crs: Crs::RD_NEW,
        ..whole.clone()
    };
    let error = (whole + moved).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch), "{error}");
}

/// A part that was forgotten, or that lacks its halo, is noticed where it leaves half a pair.
#[test]
fn half_a_pair_is_an_error() {
    let points = [(0.0, 0.0, 0), (1.0, 0.0, 0), (900.0, 0.0, 0)];
    let (here, workers) = (incidents(&points), Workers::new(1).unwrap());
    let test = NearRepeat::new(&[0.0, 5.0], &[0.0, 2.0]);
    let part = test
        .count_own(&here, Some(&[true, false, true]), &workers)
        .unwrap();
    let error = part.table().unwrap_err();
    assert_eq!(error.fault(), Some(Fault::PartMismatch), "{error}");
    let none = test.count_own(&here, Some(&[false; 3]), &workers).unwrap();
    assert_eq!(none.table().unwrap_err().fault(), Some(Fault::NoRows));
    assert!(test.count_own(&here, Some(&[true]), &workers).is_err());
}

/// The account of the rows comes from the parts of the input, not from the squares.
#[test]
fn rows_are_accounted_once() {
    let x = vec![0.0, 1.0, 3.0, f64::NAN, f64::NAN];
    let seconds = vec![0, Times::UNKNOWN, 86_400, 0, 0];
    let here = Incidents::builder(x, vec![0.0; 5], Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .max_rejected_share(1.0)
        .build()
        .unwrap();
    let test = NearRepeat::new(&[0.0, 5.0], &[0.0, 2.0]);
    let count = |own| test.count_own(&here, own, &Workers::new(1).unwrap());
    let counts = count(None).unwrap();
    assert_eq!(
        (counts.used(), counts.undated(), counts.rows_in()),
        (2, 1, 0)
    );
    assert!(counts.rejected().is_empty());
    let warnings = counts.table().unwrap().warnings;
    assert!(warnings[0].message.contains("1 of 3"), "{warnings:?}");
    let told = counts.accounting(&here);
    assert_eq!(
        (told.rows_in(), told.rejected()),
        (5, here.rejected().counts())
    );
    // A second part of the input with as many rows; of its own incidents one is of a new day.
    let part = count(Some(&[true, true, false])).unwrap().accounting(&here);
    assert_eq!((told.bytes_with(&part), part.bytes_with(&told)), (48, 48));
    let both = (told + part).unwrap();
    assert_eq!((both.rows_in(), both.undated()), (10, 2));
    let twice: Vec<u64> = both.rejected().values().copied().collect();
    assert_eq!(twice, [4]);
}

/// Each of 2³² incidents is in a pair with every other: 2⁶⁴ − 2³² partners, the most that are counted.
#[test]
fn more_incidents_than_pairs_can_be_counted_of_are_refused() {
    let points = [(0.0, 0.0, 0), (900.0, 0.0, 0)];
    let test = NearRepeat::new(&[0.0, 5.0], &[0.0, 2.0]);
    let counts = test.count_own(&incidents(&points), None, &Workers::new(1).unwrap());
    let counts = counts.unwrap();
    let of = |incidents: u64| {
        let moments = BTreeMap::from([(0, incidents)]);
        let counts = PairCounts {
            moments,
            ..counts.clone()
        };
        counts.table()
    };
    assert_eq!(of(1 << 32).unwrap().used, 1 << 32);
    let error = of((1 << 32) + 1).unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { needed, limit, .. }
            if needed == limit + 8 && limit == 8 << 32),
        "{error}"
    );
}
