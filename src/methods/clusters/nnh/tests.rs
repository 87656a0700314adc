use geo_types::{MultiPolygon, Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::model::{Crs, Neighbourhoods};

fn square(side: f64) -> StudyArea {
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: side, y: side });
    let shape = vec![MultiPolygon::new(vec![rect.to_polygon()])];
    let name = || vec!["all".to_owned()];
    let hoods = Neighbourhoods::new(name(), name(), shape, Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// Worked by hand: 600 square metres, 6 points: ½ √100 and 0.26136 / √0.06.
#[test]
fn the_distance_that_chance_makes() {
    let (mean, se) = by_chance(6, 600.0);
    assert_eq!(mean, 5.0);
    assert!((se - 1.066_997_732).abs() < 1e-9, "{se}");
}

/// Five knots of twelve, four of them near each other.
fn knots() -> Vec<(f64, f64)> {
    let knots = [
        (100.0, 100.0),
        (170.0, 100.0),
        (100.0, 170.0),
        (170.0, 170.0),
        (900.0, 900.0),
    ];
    let spread = (0..12).map(|i| (f64::from(i % 4), f64::from(i / 4)));
    knots
        .iter()
        .flat_map(|(x, y)| spread.clone().map(move |(dx, dy)| (x + dx, y + dy)))
        .collect()
}

#[test]
fn clusters_and_clusters_of_clusters() {
    let method = NearestNeighbourHierarchy::new().replicates(99).seed(1);
    let found = method.run(&incidents(&knots()), &square(1000.0)).unwrap();
    assert_eq!(found.orders.len(), 2);
    let [first, second] = [&found.orders[0], &found.orders[1]];
    assert_eq!(first.size, [12; 5]);
    assert!((first.x[0] - 101.5).abs() < 1e-12 && (first.y[4] - 901.0).abs() < 1e-12);
    assert_eq!(second.cluster, [Some(0), Some(0), Some(0), Some(0), None]);
    assert!((second.x[0] - 136.5).abs() < 1e-12);
    assert_eq!(found.p, 0.01, "99 maps of chance never make five clusters");
    assert_eq!(found.simulated.len(), 99);
    assert!((found.mean_nearest - 1.0).abs() < 1e-12);
    assert!((found.clark_evans - 1.0 / found.expected_nearest).abs() < 1e-12);
    let alone = method.run_with(
        &incidents(&knots()),
        &square(1000.0),
        &Workers::new(1).unwrap(),
    );
    assert_eq!(alone.unwrap(), found, "whatever the threads");
}

#[test]
fn chance_alone_is_seldom_called_clustered() {
    let area = square(1000.0);
    let method = NearestNeighbourHierarchy::new()
        .min_points(5)
        .replicates(39);
    let alarms = (0..60)
        .filter(|map| {
            let mut random = stream(11, *map);
            let points = std::iter::repeat_with(|| area.random_point(&mut random));
            let points: Vec<_> = points.take(80).map(|[x, y]| (x, y)).collect();
            method
                .clone()
                .seed(*map)
                .run(&incidents(&points), &area)
                .unwrap()
                .p
                <= 0.05
        })
        .count();
    // At most 5 % of 60, and three standard deviations.
    assert!(alarms <= 8, "{alarms}");
}

#[test]
fn what_has_no_meaning_is_refused() {
    let (area, two) = (square(10.0), incidents(&[(1.0, 1.0), (2.0, 2.0)]));
    let method = NearestNeighbourHierarchy::new();
    for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
        assert!(
            method.clone().level(level).run(&two, &area).is_err(),
            "{level}"
        );
    }
    for least in [0, 1, 2] {
        let points = method.clone().min_points(least).run(&two, &area);
        let clusters = method.clone().min_clusters(least).run(&two, &area);
        assert_eq!(
            (points.is_ok(), clusters.is_ok()),
            (least == 2, least == 2),
            "{least}"
        );
    }
    assert!(method.run(&incidents(&[(1.0, 1.0)]), &area).is_err());
    let rd = Incidents::builder(vec![121_000.0; 2], vec![487_000.0; 2], Crs::RD_NEW).build();
    assert!(method.run(&rd.unwrap(), &area).is_err());
    // A level this small puts the threshold below zero: nothing is linked.
    let strict = method.level(1e-12).run(&two, &area).unwrap();
    assert!(strict.orders[0].size.is_empty() && strict.orders[0].threshold < 0.0);
}

/// Two incidents 5 m apart on 100 square metres: ½ √50 and 0.26136 / √0.04.
#[test]
fn two_by_hand() {
    let method = NearestNeighbourHierarchy::new().min_points(2).level(0.5);
    let two = incidents(&[(1.0, 1.0), (4.0, 5.0)]);
    let found = method.run(&two, &square(10.0)).unwrap();
    assert_eq!(found.mean_nearest, 5.0);
    assert!((found.expected_nearest - 12.5f64.sqrt()).abs() < 1e-12);
    assert!((found.nearest_se - 1.306_8).abs() < 1e-12);
    assert!((found.clark_evans - 2.0f64.sqrt()).abs() < 1e-12);
    assert!(found.p.is_nan() && found.simulated.is_empty());
    // At a level of one half the threshold is the mean itself, below it less.
    let threshold = |level| {
        let found = method
            .clone()
            .level(level)
            .run(&two, &square(10.0))
            .unwrap();
        (found.orders[0].threshold - found.expected_nearest) / found.nearest_se
    };
    assert!(threshold(0.5).abs() < 1e-12);
    assert!((threshold(0.05) + 1.644_853_626_951_472).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Sets that grow while any two of different ones are no farther apart than the threshold, in
    /// the order of their first members; whole places, so that many lie exactly there.
    #[test]
    fn links_make_the_sets_of_the_definition(
        points in prop::collection::vec((0i32..15, 0i32..15), 1..50),
        threshold in prop::sample::select(vec![0.0, 1.0, 2.0, 5.0]),
        least in 1usize..6,
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) =
            points.iter().map(|p| (f64::from(p.0), f64::from(p.1))).unzip();
        let n = points.len();
        let mut set: Vec<usize> = (0..n).collect();
        for i in 0..n {
            for j in 0..i {
                if (x[i] - x[j]).hypot(y[i] - y[j]) <= threshold {
                    let (from, to) = (set[i].max(set[j]), set[i].min(set[j]));
                    for s in set.iter_mut().filter(|s| **s == from) {
                        *s = to;
                    }
                }
            }
        }
        let (mut sizes, mut numbers) = (Vec::new(), vec![None; n]);
        let want: Vec<Option<u32>> = (0..n).map(|i| {
            let held = set.iter().filter(|s| **s == set[i]).count();
            (held >= least).then(|| *numbers[set[i]].get_or_insert_with(|| {
                sizes.push(held as u32);
                sizes.len() as u32 - 1
            }))
        }).collect();
        let found = linked(&x, &y, threshold, least, &Workers::new(1).unwrap()).unwrap();
        prop_assert_eq!(found, (want, sizes));
    }
}
