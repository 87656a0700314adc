//! Every order written out.

use super::*;

fn orders_of(gaps: &[i64]) -> Vec<Vec<i64>> {
    if gaps.is_empty() {
        return vec![Vec::new()];
    }
    (0..gaps.len())
        .flat_map(|first| {
            let mut rest = gaps.to_vec();
            let head = rest.remove(first);
            orders_of(&rest)
                .into_iter()
                .map(move |tail| [vec![head], tail].concat())
        })
        .collect()
}

fn plain_score(gaps: &[i64]) -> i64 {
    let mut score = 0;
    for (i, a) in gaps.iter().enumerate() {
        for b in &gaps[i + 1..] {
            score += (b - a).signum();
        }
    }
    score
}

#[test]
fn tails_are_those_of_all_orders() {
    for gaps in [
        vec![40, 20, 10, 5],
        vec![3, 1, 2, 2, 1],
        vec![1, 5, 4, 4, 4, 2],
        vec![7, 7, 7],
        vec![9, 2],
    ] {
        let found = Shortening::of(&gaps);
        let all = orders_of(&gaps);
        let seen = plain_score(&gaps);
        assert_eq!(found.score, seen);
        let share = |hit: &dyn Fn(i64) -> bool| {
            all.iter().filter(|o| hit(plain_score(o))).count() as f64 / all.len() as f64
        };
        let (low, high) = found.tails();
        assert!(
            (low - share(&|s| s <= seen)).abs() < 1e-14,
            "{gaps:?} {low}"
        );
        assert!(
            (high - share(&|s| s >= seen)).abs() < 1e-14,
            "{gaps:?} {high}"
        );
        let variance = all
            .iter()
            .map(|o| plain_score(o).pow(2) as f64)
            .sum::<f64>()
            / all.len() as f64;
        assert!((found.variance - variance).abs() < 1e-12);
    }
}

#[test]
fn four_gaps_that_halve_have_one_chance_in_24() {
    let (low, high) = Shortening::of(&[40, 20, 10, 5]).tails();
    assert!((low - 1.0 / 24.0).abs() < 1e-15);
    assert!((high - 1.0).abs() < 1e-15);
}

#[test]
fn addresses_add_up_as_independent_ones() {
    let (a, b) = ([5, 3, 1], [4, 6, 2]);
    let mut both = Shortening::none();
    both += &Shortening::of(&a);
    both += &Shortening::of(&b);
    let seen = plain_score(&a) + plain_score(&b);
    let mut hits = 0;
    for x in orders_of(&a) {
        for y in orders_of(&b) {
            hits += i32::from(plain_score(&x) + plain_score(&y) <= seen);
        }
    }
    assert!(both.exact());
    assert!((both.tails().0 - f64::from(hits) / 36.0).abs() < 1e-14);
}

#[test]
fn a_normal_distribution_takes_over_where_it_is_close() {
    let gaps: Vec<i64> = (0..30).map(|i| i * 17 % 31).collect();
    let exact = Shortening::of(&gaps);
    let normal = Shortening {
        shorter: None,
        ..exact.clone()
    };
    assert!(exact.exact() && !normal.exact());
    assert!((exact.tails().0 - normal.tails().0).abs() < 2e-3);
    let long: Vec<i64> = (0..100).rev().collect();
    let found = Shortening::of(&long);
    assert_eq!((found.score, found.exact()), (-4950, false));
    assert!(found.tails().0 < 1e-20);
}

/// Exact as long as its table is short, then normal with the variance of all.
#[test]
fn many_addresses_are_normal_together() {
    let gaps: Vec<i64> = (0..30).map(|i| i * 17 % 31).collect();
    let one = Shortening::of(&gaps);
    let mut all = Shortening::none();
    for parts in 1..=12i32 {
        all += &one;
        assert_eq!(
            (all.score, all.gaps),
            (i64::from(parts) * one.score, 30 * parts as usize)
        );
        // Thirty gaps have 436 scores; a table of 3,916 for nine parts leaves no room for a tenth.
        assert_eq!(all.exact(), parts <= 9, "{parts}");
        let sd = (f64::from(parts) * one.variance).sqrt();
        let score = all.score as f64;
        let normal = (
            normal_tails((score + 1.0) / sd).0,
            normal_tails((score - 1.0) / sd).1,
        );
        let found = all.tails();
        assert!((found.0 - normal.0).abs() < 2e-3 && (found.1 - normal.1).abs() < 2e-3);
        if parts > 9 {
            assert!(
                (found.0 / normal.0 - 1.0).abs() < 1e-12,
                "{found:?} {normal:?}"
            );
            assert!(
                (found.1 / normal.1 - 1.0).abs() < 1e-12,
                "{found:?} {normal:?}"
            );
        }
    }
    let longer: Vec<i64> = (0..31).collect();
    assert!(!Shortening::of(&longer).exact());
}

#[test]
fn nothing_to_order_is_no_sign() {
    assert_eq!(Shortening::of(&[]).tails(), (1.0, 1.0));
    assert_eq!(Shortening::of(&[3]).tails(), (1.0, 1.0));
    assert_eq!(Shortening::of(&[2, 2, 2, 2]).tails(), (1.0, 1.0));
}

/// Two and three tosses of a coin are five.
#[test]
fn chances_of_two_parts_make_those_of_the_sum() {
    let found = convolved(&[0.25, 0.5, 0.25], &[0.125, 0.375, 0.375, 0.125]);
    assert_eq!(
        found,
        [1.0, 5.0, 10.0, 10.0, 5.0, 1.0].map(|ways| ways / 32.0)
    );
}
