use std::sync::Arc;

use geo_types::{MultiPolygon, Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::index::StudyArea;
use crate::methods::density::{Edge, KernelDensity};
use crate::model::{Bounds, Crs, Incidents, Neighbourhoods, WarningCode};
use crate::parallel::Workers;

fn incidents(n: usize, seed: u64) -> Incidents {
    use rand::RngExt;
    let mut random = crate::random::stream(seed, 0);
    let mut column = || {
        (0..n)
            .map(|_| random.random_range(0.0..1000.0))
            .collect::<Vec<f64>>()
    };
    Incidents::builder(column(), column(), Crs::PLANAR)
        .build()
        .unwrap()
}

fn part(of: &Incidents, keep: impl Fn(usize) -> bool) -> Incidents {
    let pick = |column: &[f64]| {
        (0..column.len())
            .filter(|&i| keep(i))
            .map(|i| column[i])
            .collect()
    };
    Incidents::builder(pick(of.x()), pick(of.y()), Crs::PLANAR)
        .build()
        .unwrap()
}

fn square(side: f64) -> Arc<StudyArea> {
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: side, y: side }).to_polygon();
    let name = vec!["square".to_owned()];
    let shapes = vec![MultiPolygon(vec![square])];
    let hoods = Neighbourhoods::new(name.clone(), name, shapes, Crs::PLANAR).unwrap();
    Arc::new(StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap())
}

fn method(bandwidth: f64) -> KernelDensity {
    KernelDensity::new(bandwidth)
        .cell_size(40.0)
        .extent(Bounds::new(0.0, 0.0, 999.0, 999.0))
}

fn bits(surface: &Surface) -> Vec<u64> {
    let planes = std::iter::once(surface.values()).chain(surface.remainder());
    planes.flatten().map(|v| v.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Partial surfaces add up to the same bytes in any order and grouping.
    #[test]
    fn any_order_gives_the_same_bytes(
        seed in 0u64..1000,
        bandwidth in 45.0f64..700.0,
        parts in 3usize..9,
        order in Just((0..9usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let all = incidents(120, seed);
        let method = method(bandwidth);
        let surfaces: Vec<Surface> =
            (0..parts).map(|k| method.run(&part(&all, |i| i % parts == k)).unwrap()).collect();
        let plus = |a: Surface, b: &Surface| (a + b.clone()).unwrap();
        let forth = surfaces[1..].iter().fold(surfaces[0].clone(), plus);
        let mixed: Vec<&Surface> = order.iter().filter_map(|&k| surfaces.get(k)).collect();
        let (left, right) = mixed.split_at(parts / 2);
        let one_side = |side: &[&Surface]| {
            side[1..].iter().fold(side[0].clone(), |a, b| plus(a, b))
        };
        let tree = plus(one_side(right), &one_side(left));
        prop_assert_eq!(bits(&forth), bits(&tree));
        // Rounded once: at most half a unit in the last place from the sum with digits to spare.
        let whole = method.run(&all).unwrap();
        let bound = 1e-12 * whole.peak();
        prop_assert!(forth.values().iter().zip(whole.values()).all(|(a, b)| (a - b).abs() <= bound));
    }
}

#[test]
fn the_values_are_the_sum_rounded_once() {
    let all = incidents(60, 3);
    let surfaces: Vec<Surface> = (0..20)
        .map(|k| method(250.0).run(&part(&all, |i| i % 20 == k)).unwrap())
        .collect();
    let mut total = surfaces[0].clone();
    for surface in &surfaces[1..] {
        total = (total + surface.clone()).unwrap();
    }
    for (at, value) in total.values().indexed_iter() {
        let exact = expansion(surfaces.iter().map(|s| s.values()[at]));
        assert_eq!(*value, exact.first().copied().unwrap_or(0.0));
        let kept: Vec<f64> = total
            .remainder()
            .iter()
            .map(|r| r[at])
            .filter(|r| *r != 0.0)
            .collect();
        assert_eq!(kept, exact.get(1..).unwrap_or_default());
    }
}

#[test]
fn warnings_of_both_are_kept_and_counts_add_up() {
    let masked = method(250.0).within(square(800.0)).edge(Edge::Diggle);
    let all = incidents(200, 4);
    let outside = |surface: &Surface| {
        let found = surface
            .warnings()
            .iter()
            .find(|w| w.code == WarningCode::OutsideAllAreas);
        found.and_then(|w| w.value).unwrap()
    };
    let halves = [0, 1].map(|k| masked.run(&part(&all, |i| i % 2 == k)).unwrap());
    let whole = masked.run(&all).unwrap();
    let [a, b] = halves;
    assert!(outside(&a) > 0.0 && outside(&b) > 0.0);
    let sum = (a.clone() + b.clone()).unwrap();
    assert_eq!(sum.warnings(), whole.warnings());
    assert_eq!((b + a).unwrap().warnings(), whole.warnings());

    let narrow = method(10.0);
    let halves = [0, 1].map(|k| narrow.run(&part(&all, |i| i % 2 == k)).unwrap());
    let [a, b] = halves;
    let other = b.with_warning(Warning::new(WarningCode::Input, "something else"));
    let sum = (a.clone() + other).unwrap();
    assert_eq!(sum.warnings().len(), 2, "{:?}", sum.warnings());
    assert!(sum.warnings().contains(&a.warnings()[0]));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let all = incidents(50, 5);
    let plain = method(250.0).run(&all).unwrap();
    let within = |side| method(250.0).within(square(side)).run(&all).unwrap();
    let odd = [
        method(251.0).run(&all).unwrap(),
        method(250.0).cell_size(20.0).run(&all).unwrap(),
        within(500.0),
    ];
    for other in odd {
        let error = (plain.clone() + other).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::AreaMismatch));
    }
    let error = (within(500.0) + within(800.0)).unwrap_err();
    assert!(error.to_string().contains("within"), "{error}");
    assert!((within(500.0) + within(500.0)).is_ok());
}
