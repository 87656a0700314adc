//! What must not change a surface, and what must add up: for every kernel and correction.

use geo_types::{LineString, MultiPolygon, Polygon};

use super::*;
use crate::model::Neighbourhoods;

/// A way to move the plane.
type Move = fn((f64, f64)) -> (f64, f64);

/// Two kilometres with a bay and a lake; on quarters of metres, so that moves are exact.
fn study_area(way: Move) -> Arc<StudyArea> {
    let ring = |points: &[(f64, f64)]| -> LineString<f64> {
        points
            .iter()
            .map(|(x, y)| way((143_000.0 + x, 486_000.0 + y)))
            .collect()
    };
    let shell = ring(&[
        (3.25, 7.5),
        (1480.75, 60.25),
        (1395.5, 1502.25),
        (800.25, 700.75),
        (60.5, 1410.25),
        (3.25, 7.5),
    ]);
    let lake = ring(&[
        (420.25, 380.5),
        (700.75, 300.25),
        (610.5, 560.25),
        (420.25, 380.5),
    ]);
    let names = vec!["area".to_owned()];
    let shapes = vec![MultiPolygon(vec![Polygon::new(shell, vec![lake])])];
    let hoods = Neighbourhoods::new(names.clone(), names, shapes, Crs::PLANAR).unwrap();
    Arc::new(StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap())
}

/// Cells from well within one to well within another, so that their number survives a move.
fn extent(way: Move) -> Bounds {
    let corners = [(142_910.0, 485_910.0), (144_590.0, 487_590.0)];
    Bounds::around(corners.map(way)).unwrap()
}

fn weighted(points: &[((f64, f64), f64)]) -> Incidents {
    let (places, weight): (Vec<_>, Vec<_>) = points.iter().copied().unzip();
    let (x, y) = places.into_iter().unzip();
    Incidents::builder(x, y, Crs::PLANAR)
        .weight(weight)
        .build()
        .unwrap()
}

fn moved(points: &[((f64, f64), f64)], way: Move) -> Incidents {
    let there: Vec<_> = points.iter().map(|&(p, w)| (way(p), w)).collect();
    weighted(&there)
}

/// Whether b at the place a cell was moved to is a, to 1e-12 of the greatest value.
fn same(a: &Surface, b: &Surface, way: Move) -> bool {
    let bound = 1e-12 * a.peak();
    assert_eq!(a.grid().len(), b.grid().len());
    a.values().indexed_iter().all(|((row, col), &value)| {
        let (x, y) = way(a.grid().centre(row, col));
        let there = b.at(x, y);
        (there - value).abs() <= bound || (there.is_nan() && value.is_nan())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn laws_of_every_kernel_and_correction(
        seed in 0u64..1000,
        bandwidth in 60.0f64..900.0,
        order in Just((0..120usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 1usize..119,
    ) {
        use rand::RngExt;
        let here: Move = |p| p;
        let mut random = crate::random::stream(seed, 1);
        let points: Vec<_> = cloud(120, seed, 1500.0)
            .into_iter()
            .map(|p| (p, f64::from(random.random_range(1u8..5)) / 2.0))
            .collect();
        for kernel in Kernel::ALL {
            for edge in [None, Some(Edge::None), Some(Edge::Uniform), Some(Edge::Diggle)] {
                let method = |way: Move| {
                    let plain = KernelDensity::new(bandwidth).kernel(kernel).cell_size(40.0);
                    let plain = plain.extent(extent(way));
                    match edge {
                        None => plain,
                        Some(edge) => plain.within(study_area(way)).edge(edge),
                    }
                };
                let name = format!("{} {edge:?}", kernel.name());
                let whole = method(here).run(&weighted(&points)).unwrap();

                let far: Move = |(x, y)| (x + 1e6, y - 1e6);
                let there = method(far).run(&moved(&points, far)).unwrap();
                prop_assert!(same(&whole, &there, far), "{name}: a million metres away");

                let quarter: Move = |(x, y)| (-y, x);
                let turned = method(quarter).run(&moved(&points, quarter)).unwrap();
                prop_assert!(same(&whole, &turned, quarter), "{name}: a quarter turn");

                let shuffled: Vec<_> = order.iter().map(|&i| points[i]).collect();
                let again = method(here).run(&weighted(&shuffled)).unwrap();
                prop_assert!(same(&whole, &again, here), "{name}: rows in another order");

                let [left, right] = [&points[..cut], &points[cut..]]
                    .map(|part| method(here).run(&weighted(part)).unwrap());
                let sum = (left + right).unwrap();
                prop_assert!(same(&whole, &sum, here), "{name}: two parts");

                let twice: Vec<_> = points.iter().chain(&points[..cut]).copied().collect();
                let heavy: Vec<_> = (0..120)
                    .map(|i| (points[i].0, points[i].1 * if i < cut { 2.0 } else { 1.0 }))
                    .collect();
                let [twice, heavy] = [twice, heavy].map(|p| method(here).run(&weighted(&p)).unwrap());
                prop_assert!(same(&twice, &heavy, here), "{name}: rows given twice");
            }
        }
    }
}
