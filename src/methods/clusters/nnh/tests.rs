use geo_types::{MultiPolygon, Rect, coord};

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
    for method in [
        NearestNeighbourHierarchy::new().level(0.0),
        NearestNeighbourHierarchy::new().min_points(1),
        NearestNeighbourHierarchy::new().min_clusters(0),
    ] {
        assert!(method.run(&two, &area).is_err(), "{method:?}");
    }
    let method = NearestNeighbourHierarchy::new();
    assert!(method.run(&incidents(&[(1.0, 1.0)]), &area).is_err());
    let rd = Incidents::builder(vec![121_000.0; 2], vec![487_000.0; 2], Crs::RD_NEW).build();
    assert!(method.run(&rd.unwrap(), &area).is_err());
    // A level this small puts the threshold below zero: nothing is linked.
    let strict = method.level(1e-12).run(&two, &area).unwrap();
    assert!(strict.orders[0].size.is_empty() && strict.orders[0].threshold < 0.0);
}
