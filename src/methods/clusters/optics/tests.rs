use proptest::prelude::*;

use super::*;
use crate::methods::clusters::Dbscan;
use crate::model::Crs;

fn incidents(points: &[(i32, i32)]) -> Incidents {
    let (x, y) = points
        .iter()
        .map(|p| (f64::from(p.0), f64::from(p.1)))
        .unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// From the definition: the least reachability among all that are left, then the lowest position.
fn plain(points: &[(i32, i32)], min_samples: usize, max_eps: f64) -> (Vec<u32>, Vec<f64>) {
    let n = points.len();
    let apart = |i: usize, j: usize| {
        f64::from(points[i].0 - points[j].0).hypot(f64::from(points[i].1 - points[j].1))
    };
    let core = |i: usize| {
        let mut all: Vec<f64> = (0..n).map(|j| apart(i, j)).collect();
        all.sort_unstable_by(f64::total_cmp);
        all.get(min_samples - 1).copied().filter(|d| *d <= max_eps)
    };
    let mut reached = vec![f64::INFINITY; n];
    let mut order: Vec<u32> = Vec::new();
    while order.len() < n {
        let left = (0..n).filter(|i| !order.contains(&(*i as u32)));
        let next = left
            .min_by(|a, b| reached[*a].total_cmp(&reached[*b]))
            .unwrap();
        order.push(next as u32);
        if let Some(core) = core(next) {
            for j in (0..n).filter(|j| !order.contains(&(*j as u32))) {
                if apart(next, j) <= max_eps {
                    reached[j] = reached[j].min(core.max(apart(next, j)));
                }
            }
        }
    }
    (order, reached)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Places on a line of squares, whose distances are whole: equal ones are equal.
    #[test]
    fn the_order_equals_the_definition(
        xs in prop::collection::vec(0i32..60, 1..50),
        min_samples in 1usize..6,
        max_eps in prop::sample::select(vec![1.0, 4.0, 20.0, 100.0]),
    ) {
        let points: Vec<(i32, i32)> = xs.into_iter().map(|x| (x, 0)).collect();
        let found = Optics::new(min_samples, max_eps).run(&incidents(&points)).unwrap();
        let (order, reached) = plain(&points, min_samples, max_eps);
        prop_assert_eq!(&found.order, &order);
        prop_assert_eq!(&found.reachability, &reached);
    }

    /// Core incidents at a radius are in the clusters that DBSCAN finds with it.
    #[test]
    fn a_cut_gives_the_cores_of_dbscan(
        points in prop::collection::vec((0i32..40, 0i32..40), 1..80),
        min_samples in 1usize..6,
        eps in prop::sample::select(vec![2.0, 4.0, 7.0]),
    ) {
        let all = incidents(&points);
        let cut = Optics::new(min_samples, 10.0).run(&all).unwrap().clusters_at(eps);
        let found = Dbscan::new(eps, min_samples as f64).run(&all).unwrap();
        for i in 0..points.len() {
            for j in 0..i {
                if found.core[i] && found.core[j] {
                    prop_assert!(cut[i].is_some());
                    prop_assert_eq!(cut[i] == cut[j], found.cluster[i] == found.cluster[j]);
                }
            }
        }
    }
}

#[test]
fn what_has_no_meaning_is_refused() {
    let two = incidents(&[(0, 0), (1, 1)]);
    assert!(Optics::new(0, 5.0).run(&two).is_err() && Optics::new(1, 5.0).run(&two).is_ok());
    for odd in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        assert!(Optics::new(2, odd).run(&two).is_err(), "{odd}");
    }
    // The second is as far as the reach goes.
    let found = Optics::new(2, 2.0f64.sqrt()).run(&two).unwrap();
    assert_eq!(found.core_distance, [2.0f64.sqrt(); 2]);
    assert!(Optics::new(2, 1.4).run(&two).unwrap().core_distance[0].is_infinite());
}
