use proptest::prelude::*;

use super::*;
use crate::model::{Crs, Times, Zone};

type Row = (f64, f64, i64, f64);

fn incidents(rows: &[Row]) -> Incidents {
    let (x, y) = rows.iter().map(|r| (r.0, r.1)).unzip();
    let days = rows.iter().map(|r| r.2 * 86_400).collect();
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(days, Zone::utc()))
        .weight(rows.iter().map(|r| r.3).collect())
        .build()
        .unwrap()
}

/// From the definition, pair by pair.
fn plain(
    rows: &[Row],
    radius: f64,
    least: f64,
    days: Option<f64>,
) -> (Vec<Option<u32>>, Vec<bool>) {
    let n = rows.len();
    let close = |a: usize, b: usize| {
        let (p, q) = (&rows[a], &rows[b]);
        let squared = (p.0 - q.0) * (p.0 - q.0) + (p.1 - q.1) * (p.1 - q.1);
        let soon = days.is_none_or(|d| (p.2 - q.2).abs() as f64 <= d);
        (squared <= radius * radius && soon).then_some(squared)
    };
    let weight = |a| -> f64 {
        let all = (0..n).filter(|b| close(a, *b).is_some());
        all.map(|b| rows[b].3).sum()
    };
    let core: Vec<bool> = (0..n).map(|a| weight(a) >= least).collect();
    let mut cluster = vec![None; n];
    let mut next = 0;
    for seed in 0..n {
        if !core[seed] || cluster[seed].is_some() {
            continue;
        }
        let mut open = vec![seed];
        while let Some(a) = open.pop() {
            if cluster[a].is_none() {
                cluster[a] = Some(next);
                open.extend((0..n).filter(|b| core[*b] && close(a, *b).is_some()));
            }
        }
        next += 1;
    }
    for a in (0..n).filter(|a| !core[*a]) {
        let cores = (0..n).filter(|b| core[*b]);
        let near = cores.filter_map(|b| Some((close(a, b)?, b)));
        let nearest = near.min_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
        cluster[a] = nearest.and_then(|(_, b)| cluster[b]);
    }
    (cluster, core)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Whole places, so that many pairs are exactly at the radius and many on one spot.
    #[test]
    fn clusters_equal_the_definition(
        rows in prop::collection::vec((0i32..25, 0i32..25, 0i64..12, 1u8..4), 1..90),
        radius in prop::sample::select(vec![1.0, 2.0, 2.9, 5.0, 40.0]),
        least in 1u8..9,
        days in prop::option::of(0u8..5),
    ) {
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|(x, y, t, w)| (f64::from(x), f64::from(y), t, f64::from(w)))
            .collect();
        let days = days.map(f64::from);
        let mut method = Dbscan::new(radius, f64::from(least));
        if let Some(days) = days {
            method = method.days(days);
        }
        let found = method.run_with(&incidents(&rows), &Workers::new(2).unwrap()).unwrap();
        let (cluster, core) = plain(&rows, radius, f64::from(least), days);
        prop_assert_eq!(&found.core, &core);
        prop_assert_eq!(&found.cluster, &cluster);
        let held = cluster.iter().flatten().count() as u32;
        prop_assert_eq!(found.size.iter().sum::<u32>(), held);
        let moved: Vec<Row> = rows.iter().map(|r| (r.0 + 1e6, r.1 - 1e6, r.2, r.3)).collect();
        prop_assert_eq!(method.run(&incidents(&moved)).unwrap(), found);
    }
}

#[test]
fn same_clusters_for_any_number_of_threads() {
    let rows: Vec<Row> = (0..5_000i64)
        .map(|i| {
            (
                (i * 7_919 % 3_001) as f64,
                (i * 104_729 % 2_003) as f64,
                i % 30,
                1.0,
            )
        })
        .collect();
    let all = incidents(&rows);
    let run = |threads| {
        Dbscan::new(45.0, 4.0)
            .run_with(&all, &Workers::new(threads).unwrap())
            .unwrap()
    };
    let one = run(1);
    assert!(one.size.len() > 5, "{}", one.size.len());
    assert!([2, 3, 7].into_iter().all(|t| run(t) == one));
}

/// A hundred thousand reports from one address are one point.
#[test]
fn a_stack_on_one_address_is_one_cluster() {
    let rows = vec![(3.0, 4.0, 0, 1.0); 100_000];
    let found = Dbscan::new(1.0, 50.0).run(&incidents(&rows)).unwrap();
    assert_eq!(found.size, [100_000]);
}

#[test]
fn incidents_without_a_time_are_in_no_cluster_of_time() {
    let times = Times::from_utc_seconds(vec![0, Times::UNKNOWN, 0], Zone::utc());
    let three = Incidents::builder(vec![0.0; 3], vec![0.0; 3], Crs::PLANAR)
        .time(times)
        .build()
        .unwrap();
    let found = Dbscan::new(1.0, 2.0).days(1.0).run(&three).unwrap();
    assert_eq!(found.cluster, [Some(0), None, Some(0)]);
    assert_eq!((found.undated, found.warnings.len()), (1, 1));
    let in_space = Dbscan::new(1.0, 2.0).run(&three).unwrap();
    assert_eq!((in_space.size.as_slice(), in_space.undated), (&[3][..], 0));
}

/// Two and three hours apart on one day: a tenth of a day is 2.4 hours.
#[test]
fn parts_of_a_day_are_hours_of_the_clock() {
    let times = Times::from_utc_seconds(vec![0, 7_200, 18_000], Zone::utc());
    let three = Incidents::builder(vec![0.0; 3], vec![0.0; 3], Crs::PLANAR)
        .time(times)
        .build()
        .unwrap();
    let size = |clock| {
        let method = Dbscan::new(1.0, 2.0).days(0.1).clock(clock);
        method.run(&three).unwrap().size
    };
    assert_eq!(size(Clock::Elapsed), [2]);
    assert_eq!(size(Clock::CalendarDays), [3]);
}

#[test]
fn what_has_no_meaning_is_refused() {
    let all = incidents(&[(0.0, 0.0, 0, 1.0), (1e9, 0.0, 0, 1.0)]);
    for odd in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        assert!(Dbscan::new(odd, 5.0).run(&all).is_err(), "{odd}");
        assert!(Dbscan::new(5.0, odd).run(&all).is_err(), "{odd}");
        let days = Dbscan::new(5.0, 5.0).days(odd).run(&all);
        assert_eq!(days.is_err(), odd != 0.0, "{odd}");
    }
    // A billion cells to either side at most, each a little less than 0.7 wide.
    assert!(Dbscan::new(1e-3, 5.0).run(&all).is_err());
    assert!(Dbscan::new(1.4, 5.0).run(&all).is_err());
    assert!(Dbscan::new(1.5, 5.0).run(&all).is_ok());
}
