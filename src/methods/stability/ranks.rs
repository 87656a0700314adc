//! How alike are two rankings?

/// Rank-biased overlap of two rankings of the same things, the greatest first: how alike are their
/// tops?
///
/// ```text
/// RBO = A_n pⁿ + (1 − p)/p Σ_d A_d p^d,   A_d = 2 |X_d ∩ Y_d| / (|X_d| + |Y_d|)
/// ```
///
/// with the things ranked d or better in each, ties all at their best rank. 1 for the same ranking;
/// the first 1/(1 − p) ranks have most of the weight. NaN without a pair of numbers, or for a
/// persistence p that is not between 0 and 1.
///
/// Source: Webber, Moffat & Zobel 2010, ACM Transactions on Information Systems 28:20,
/// doi:10.1145/1852102.1852106.
///
/// ```
/// use brandpunt::methods::stability::rank_biased_overlap;
///
/// assert!((rank_biased_overlap(&[2.0, 1.0], &[1.0, 2.0], 0.9) - 0.9).abs() < 1e-15);
/// ```
#[must_use]
pub fn rank_biased_overlap(a: &[f64], b: &[f64], persistence: f64) -> f64 {
    let (a, b) = known(a, b);
    let n = a.len();
    if n == 0 || !(persistence > 0.0 && persistence < 1.0) {
        return f64::NAN;
    }
    let (of_a, of_b) = (best_ranks(&a), best_ranks(&b));
    // How many join each set, and both of them, at each depth.
    let mut joined = vec![[0usize; 3]; n + 1];
    for (a, b) in of_a.iter().zip(&of_b) {
        joined[*a][0] += 1;
        joined[*b][1] += 1;
        joined[*a.max(b)][2] += 1;
    }
    let (mut sets, mut weight, mut total, mut agreement) = ([0usize; 3], 1.0, 0.0, 0.0);
    for at_depth in &joined[1..] {
        for (set, joining) in sets.iter_mut().zip(at_depth) {
            *set += joining;
        }
        weight *= persistence;
        agreement = 2.0 * sets[2] as f64 / (sets[0] + sets[1]) as f64;
        total += agreement * weight;
    }
    agreement * weight + (1.0 - persistence) / persistence * total
}

/// The pairs in which both are numbers.
fn known(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let pairs = a.iter().zip(b).map(|(a, b)| (*a, *b));
    pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan()).unzip()
}

/// 1 for the greatest.
fn best_ranks(values: &[f64]) -> Vec<usize> {
    let mut out = vec![0; values.len()];
    let mut before = 0;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    for tied in order.chunk_by(|&i, &j| values[i] == values[j]) {
        for &i in tied {
            out[i] = before + 1;
        }
        before += tied.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::spearman;

    #[test]
    fn rankings_by_hand() {
        // a > b > c beside b > a > c: agreements 0, 1, 1 at p = 0.5:
        // 0.125 + (0.25 + 0.125) = 0.5.
        let rbo = rank_biased_overlap(&[3.0, 2.0, 1.0], &[2.0, 3.0, 1.0], 0.5);
        assert!((rbo - 0.5).abs() < 1e-15, "{rbo}");
        // All tied beside a > b: agreement 2/3 and 1 at p = 0.5: 0.25 + (1/3 + 0.25).
        let rbo = rank_biased_overlap(&[1.0, 1.0], &[2.0, 1.0], 0.5);
        assert!((rbo - (0.5 + 1.0 / 3.0)).abs() < 1e-15, "{rbo}");
        assert!(rank_biased_overlap(&[], &[], 0.9).is_nan());
        for persistence in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
            assert!(
                rank_biased_overlap(&[1.0], &[1.0], persistence).is_nan(),
                "{persistence}"
            );
        }
        // What one of them does not know is not ranked.
        let (a, b) = (
            [3.0, f64::NAN, 2.0, 9.0, 1.0],
            [2.0, 7.0, 3.0, f64::NAN, 1.0],
        );
        assert_eq!(
            rank_biased_overlap(&a, &b, 0.5),
            rank_biased_overlap(&[3.0, 2.0, 1.0], &[2.0, 3.0, 1.0], 0.5)
        );
    }

    proptest! {
        #[test]
        fn rankings_do_not_depend_on_scale_or_order(
            pairs in prop::collection::vec((0u8..9, 0u8..9), 2..30),
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) =
                pairs.iter().map(|p| (f64::from(p.0), f64::from(p.1))).unzip();
            let scaled: Vec<f64> = a.iter().map(|v| v.powi(3) + 7.0).collect();
            let back = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
            for f in [spearman, |a: &[f64], b: &[f64]| rank_biased_overlap(a, b, 0.9)] {
                let one = f(&a, &b);
                for other in [f(&scaled, &b), f(&back(&a), &back(&b)), f(&b, &a)] {
                    prop_assert!((one - other).abs() < 1e-12 || one.is_nan() && other.is_nan());
                }
                prop_assert!(one.is_nan() || one.abs() <= 1.0 + 1e-12);
                prop_assert!(f(&a, &a).is_nan() || (f(&a, &a) - 1.0).abs() < 1e-12);
            }
        }
    }
}
