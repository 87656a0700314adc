//! Tables worked by hand, every order of a small map, and maps of chance.

use super::*;

fn workers() -> Workers {
    Workers::new(2).unwrap()
}

#[test]
fn the_table_and_kappa_are_those_worked_by_hand() {
    let first = [3, 2, 2, 0, 0, 0, 0, -2, -3, 1];
    let second = [3, 2, 0, 0, 0, 0, -2, -3, 0, 2];
    let found = HotspotComparison::new()
        .run_with(&first, &second, &workers())
        .unwrap();
    assert_eq!(found.transitions, [[2, 1, 0], [1, 3, 1], [0, 1, 1]]);
    assert!((found.similarity - 0.6).abs() < 1e-15);
    // Rows 3, 5, 2 and columns 3, 5, 2 of ten: 0.09 + 0.25 + 0.04.
    assert!((found.expected - 0.38).abs() < 1e-15);
    assert!((found.kappa - 0.22 / 0.62).abs() < 1e-12);
    let from_one = HotspotComparison::new()
        .least_class(1)
        .run_with(&first, &second, &workers())
        .unwrap();
    assert_eq!(from_one.transitions[0][0], 3);
}

#[test]
fn random_orders_approach_all_orders() {
    // Two hot of six on both maps, one of them shared: hypergeometric.
    let found = HotspotComparison::new()
        .seed(5)
        .run_with(&[3, 3, 0, 0, 0, 0], &[3, 0, 3, 0, 0, 0], &workers())
        .unwrap();
    assert_eq!(
        (found.null, found.compared),
        (ComparisonNull::Permutation, 10_000)
    );
    // P(one or two shared) = (2·4 + 1)/15, P(none or one) = (8 + 6)/15.
    assert!(
        (found.p_greater - 9.0 / 15.0).abs() < 0.02,
        "{}",
        found.p_greater
    );
    assert!(
        (found.p_less - 14.0 / 15.0).abs() < 0.02,
        "{}",
        found.p_less
    );
    assert_eq!(found.p, 1.0);
}

#[test]
fn a_small_lattice_is_shifted_in_every_way() {
    // A single hot cell on both maps, at the same place: one of twelve shifts agrees as well.
    let mut map = [0i8; 12];
    map[5] = 3;
    let found = HotspotComparison::new()
        .lattice(3, 4)
        .run_with(&map, &map, &workers())
        .unwrap();
    assert_eq!((found.null.name(), found.compared), ("all shifts", 12));
    assert!((found.p_greater - 1.0 / 12.0).abs() < 1e-15);
    assert!((found.kappa - 1.0).abs() < 1e-15);
    assert_eq!(found.p_less, 1.0);
    let all = HotspotComparison::new().lattice(3, 4).replicates(12);
    let all = all.run_with(&map, &map, &workers()).unwrap();
    assert_eq!(all.null, ComparisonNull::AllShifts);
    let drawn = HotspotComparison::new()
        .lattice(3, 4)
        .replicates(11)
        .run_with(&map, &map, &workers())
        .unwrap();
    assert_eq!(
        (drawn.null, drawn.compared),
        (ComparisonNull::RandomShifts, 12)
    );
}

#[test]
fn a_shift_wraps_rows_and_columns() {
    // The second map is the first moved down by one and right by two.
    let (rows, cols) = (5, 7);
    let mut first = vec![0i8; 35];
    for at in [0, 1, 8, 20, 34] {
        first[at] = 3;
    }
    let second: Vec<i8> = (0..35)
        .map(|i| first[(i / cols + rows - 1) % rows * cols + (i % cols + cols - 2) % cols])
        .collect();
    let method = HotspotComparison::new().lattice(rows, cols);
    let same = method.run_with(&first, &first, &workers()).unwrap();
    let moved = method.run_with(&first, &second, &workers()).unwrap();
    // The set of all shifts is the same, so its greatest agreement is: the whole map, once.
    assert!((same.p_greater - 1.0 / 35.0).abs() < 1e-15);
    assert!(moved.p_greater > same.p_greater);
    // Every shift by itself.
    let agreeing = |down: usize, right: usize| {
        let at = |i: usize| (i / cols + down) % rows * cols + (i % cols + right) % cols;
        (0..35).filter(|i| first[*i] == second[at(*i)]).count()
    };
    let all: Vec<usize> = (0..35).map(|k| agreeing(k / cols, k % cols)).collect();
    let share = |of: &dyn Fn(usize) -> bool| all.iter().filter(|a| of(**a)).count() as f64 / 35.0;
    assert_eq!(moved.p_greater, share(&|a| a >= all[0]));
    assert_eq!(moved.p_less, share(&|a| a <= all[0]));
}

#[test]
fn shifts_keep_clusters_where_permutation_does_not() {
    // Two bands of hot rows: how much they agree depends on one offset of twenty only, however
    // many cells there are.
    let band = |from: usize| -> Vec<i8> {
        (0..400)
            .map(|i| {
                if (from..from + 10).contains(&(i / 20)) {
                    3
                } else {
                    0
                }
            })
            .collect()
    };
    let (first, second) = (band(0), band(3));
    let shifted = HotspotComparison::new()
        .lattice(20, 20)
        .run_with(&first, &second, &workers())
        .unwrap();
    let permuted = HotspotComparison::new()
        .run_with(&first, &second, &workers())
        .unwrap();
    // Offsets −3 to 3 of twenty agree at least as well.
    assert!(
        (shifted.p_greater - 7.0 / 20.0).abs() < 1e-12,
        "{}",
        shifted.p_greater
    );
    assert!(permuted.p_greater < 0.001);
}

#[test]
fn maps_of_one_class_tell_nothing() {
    let found = HotspotComparison::new()
        .run_with(&[0; 9], &[0; 9], &workers())
        .unwrap();
    assert!(found.kappa.is_nan());
    assert_eq!((found.p, found.similarity), (1.0, 1.0));
}

#[test]
fn threads_change_nothing_and_misfits_are_refused() {
    let first: Vec<i8> = (0..64).map(|i| (i * 7 % 5 - 2) as i8).collect();
    let second: Vec<i8> = (0..64).map(|i| (i * 11 % 7 - 3) as i8).collect();
    let run = |threads| {
        HotspotComparison::new()
            .replicates(500)
            .run_with(&first, &second, &Workers::new(threads).unwrap())
            .unwrap()
    };
    assert_eq!(run(1), run(3));
    let method = HotspotComparison::new();
    assert!(method.run_with(&[1], &[1, 2], &workers()).is_err());
    assert!(method.run_with(&[], &[], &workers()).is_err());
    assert!(method.run_with(&[4], &[0], &workers()).is_err());
    let new = || HotspotComparison::new().replicates(9);
    for (method, classes, fine) in [
        (new().least_class(0), [1, 1], false),
        (new().least_class(1), [1, 1], true),
        (new().least_class(3), [1, 1], true),
        (new().least_class(4), [1, 1], false),
        (new().replicates(0), [1, 1], false),
        (new().replicates(1), [1, 1], true),
        (new(), [3, -3], true),
        (new(), [4, 0], false),
        (new(), [0, -4], false),
        (new().lattice(1, 2), [1, 1], true),
        (new().lattice(2, 2), [1, 1], false),
        (new().lattice(usize::MAX, 2), [1, 1], false),
    ] {
        for (first, second) in [(classes, [0, 0]), ([0, 0], classes)] {
            let found = method.run_with(&first, &second, &workers());
            assert_eq!(found.is_ok(), fine, "{method:?} {classes:?}");
        }
    }
    let names = [
        (ComparisonNull::AllShifts, "all shifts"),
        (ComparisonNull::RandomShifts, "random shifts"),
        (ComparisonNull::Permutation, "permutation"),
    ];
    assert!(names.iter().all(|(null, name)| null.name() == *name));
}
