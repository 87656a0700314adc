use proptest::prelude::*;

use super::super::spanning::Edge;
use super::*;
use crate::model::Crs;

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// Squared mutual reachability from the definition.
fn reachability(points: &[[f64; 2]], min_samples: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let squared = |p: &[f64; 2], q: &[f64; 2]| {
        let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
        dx * dx + dy * dy
    };
    let core: Vec<f64> = points
        .iter()
        .map(|p| {
            let mut all: Vec<f64> = points.iter().map(|q| squared(p, q)).collect();
            all.sort_unstable_by(f64::total_cmp);
            all.get(min_samples - 1).copied().unwrap_or(f64::INFINITY)
        })
        .collect();
    let rows = points.iter().enumerate().map(|(i, p)| {
        let to = points
            .iter()
            .enumerate()
            .map(|(j, q)| squared(p, q).max(core[i]).max(core[j]));
        to.collect()
    });
    let table = rows.collect();
    (core, table)
}

/// Prim's algorithm on the whole table: the sum and the sorted lengths of the shortest tree.
fn prim(table: &[Vec<f64>]) -> Vec<f64> {
    let n = table.len();
    let mut inside = vec![false; n];
    let mut near = vec![f64::INFINITY; n];
    near[0] = 0.0;
    let mut lengths = Vec::new();
    for step in 0..n {
        let next = (0..n)
            .filter(|i| !inside[*i])
            .min_by(|a, b| near[*a].total_cmp(&near[*b]));
        let next = next.unwrap();
        inside[next] = true;
        if step > 0 {
            lengths.push(near[next]);
        }
        for i in 0..n {
            near[i] = near[i].min(table[next][i]);
        }
    }
    lengths.sort_unstable_by(f64::total_cmp);
    lengths
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Different places on a coarse grid, so that many lengths tie.
    #[test]
    fn the_tree_is_a_shortest_one(
        points in prop::collection::btree_set((0i32..30, 0i32..30), 2..80),
        min_samples in 1usize..7,
    ) {
        let points: Vec<[f64; 2]> =
            points.iter().map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect();
        let tree = Tree::new(&points);
        let weight = vec![1; points.len()];
        let core: Vec<f64> = tree
            .at
            .iter()
            .map(|p| tree.squared_reach(*p, &weight, min_samples as u64))
            .collect();
        let (expected, table) = reachability(&tree.at, min_samples);
        prop_assert_eq!(&core, &expected);
        let run = |threads| spanning_tree(&tree, &core, &Workers::new(threads).unwrap()).unwrap();
        let edges: Vec<Edge> = run(1);
        prop_assert_eq!(edges.len(), points.len() - 1);
        for (length, a, b) in &edges {
            prop_assert_eq!(*length, table[*a as usize][*b as usize]);
        }
        let lengths: Vec<f64> = edges.iter().map(|e| e.0).collect();
        prop_assert_eq!(lengths, prim(&table));
        prop_assert_eq!(run(3), edges);
    }

    /// Rows on one spot count as so many.
    #[test]
    fn core_distances_count_every_row(
        rows in prop::collection::vec((0i32..6, 0i32..6), 1..50),
        min_samples in 1usize..9,
    ) {
        let points: Vec<(f64, f64)> =
            rows.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
        let found = Hdbscan::new(2).min_samples(min_samples).run(&incidents(&points)).unwrap();
        let places: Vec<[f64; 2]> = points.iter().map(|(x, y)| [*x, *y]).collect();
        let (core, _) = reachability(&places, min_samples);
        let expected: Vec<f64> = core.iter().map(|c| c.sqrt()).collect();
        prop_assert_eq!(found.core_distance, expected);
        let held = found.cluster.iter().flatten().count() as u32;
        prop_assert_eq!(found.size.iter().sum::<u32>(), held);
        prop_assert!(found.size.iter().all(|s| *s >= 2));
        prop_assert!(found.probability.iter().all(|p| (0.0..=1.0).contains(p)));
    }
}

/// Worked by hand on a line: knots of three at 0, 1, 2 and 10, 11, 12, and one at 100. With single
/// incidents as cores, the knots part at distance 8, born at λ = 1/8, and fall apart at λ = 1.
#[test]
fn two_knots_by_hand() {
    let line: Vec<(f64, f64)> = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 100.0]
        .iter()
        .map(|x| (*x, 0.0))
        .collect();
    let found = Hdbscan::new(3)
        .min_samples(1)
        .run(&incidents(&line))
        .unwrap();
    let (a, b) = (Some(0), Some(1));
    assert_eq!(found.cluster, [a, a, a, b, b, b, None]);
    assert_eq!(found.stability, [3.0 * (1.0 - 0.125); 2]);
    assert_eq!(found.probability, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
    // Two incidents on every place count twice.
    let twice: Vec<(f64, f64)> = line.iter().chain(&line).copied().collect();
    let found = Hdbscan::new(3)
        .min_samples(1)
        .run(&incidents(&twice))
        .unwrap();
    assert_eq!(found.size, [6, 6]);
    assert_eq!(found.stability, [6.0 * (1.0 - 0.125); 2]);
}

/// Those 2 and 2.5 away from their knots leave at λ = 1/2 and 0.4, the knots fall apart at 1; all
/// were born at 1/16.
#[test]
fn stragglers_belong_less() {
    let line = [0.0, 1.0, 2.0, 4.0, 20.0, 21.0, 22.0, 24.5].map(|x| (x, 0.0));
    let found = Hdbscan::new(3)
        .min_samples(1)
        .run(&incidents(&line))
        .unwrap();
    assert_eq!(found.size, [4, 4]);
    assert_eq!(found.probability, [1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 0.4]);
    let stability = [3.0 * 0.9375 + 0.4375, 3.0 * 0.9375 + 0.3375];
    for (got, want) in found.stability.iter().zip(stability) {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }
}

/// Two knots of three part at 1.5, long after both together parted from a third at 94.5: together
/// they last 6 (2/3 − 1/94.5), more than 2 · 3 (1 − 2/3).
#[test]
fn what_lasts_longer_is_chosen() {
    let line = [0.0, 1.0, 2.0, 3.5, 4.5, 5.5, 100.0, 101.0, 102.0].map(|x| (x, 0.0));
    let method = Hdbscan::new(3).min_samples(1);
    let mass = method.clone().run(&incidents(&line)).unwrap();
    assert_eq!(mass.size, [6, 3]);
    assert!((mass.stability[0] - 6.0 * (2.0 / 3.0 - 1.0 / 94.5)).abs() < 1e-12);
    assert_eq!(mass.probability, [1.0; 9]);
    let leaf = method
        .selection(Selection::Leaf)
        .run(&incidents(&line))
        .unwrap();
    assert_eq!(leaf.size, [3, 3, 3]);
    for own in &leaf.stability[..2] {
        assert!((own - 1.0).abs() < 1e-12, "{own}");
    }
}

#[test]
fn one_address_with_many_reports_is_a_cluster() {
    let mut points: Vec<(f64, f64)> = vec![(5.0, 5.0); 50_000];
    points.extend((0..40).map(|i| (1_000.0 + f64::from(i % 7), f64::from(i))));
    let found = Hdbscan::new(20).run(&incidents(&points)).unwrap();
    assert_eq!(found.size, [50_000, 40]);
    assert!(found.stability[0].is_infinite() && found.stability[1].is_finite());
    assert_eq!(found.probability[0], 1.0);
}

#[test]
fn few_incidents_and_bad_options() {
    for n in 1..3 {
        let found = Hdbscan::new(5)
            .run(&incidents(&vec![(0.0, 0.0); n]))
            .unwrap();
        assert_eq!(found.cluster, vec![None; n]);
    }
    let one = incidents(&[(0.0, 0.0)]);
    assert!(Hdbscan::new(1).run(&one).is_err() && Hdbscan::new(2).run(&one).is_ok());
    assert!(Hdbscan::new(2).min_samples(1).run(&one).is_ok());
    assert!(Hdbscan::new(5).min_samples(0).run(&one).is_err());
}

#[test]
fn leaves_are_at_least_as_many() {
    let mut random = crate::random::stream(5, 0);
    let points: Vec<(f64, f64)> = (0..600)
        .map(|i| {
            use rand::RngExt;
            let knot = f64::from(i % 6) * 300.0;
            (
                knot + 60.0 * random.random::<f64>().powi(2),
                60.0 * random.random::<f64>(),
            )
        })
        .collect();
    let all = incidents(&points);
    let mass = Hdbscan::new(15).run(&all).unwrap();
    let leaf = Hdbscan::new(15)
        .selection(Selection::Leaf)
        .run(&all)
        .unwrap();
    assert_eq!(mass.size.len(), 6);
    assert!(leaf.size.len() >= mass.size.len());
}
