//! Ranks, and how far two columns rank alike.

use super::summation::sum;

/// Ranks from 1 for the smallest; equal values share the mean of their ranks, NaN has none.
///
/// ```
/// use brandpunt::stats::average_ranks;
///
/// assert_eq!(average_ranks(&[5.0, 2.0, 5.0]), [2.5, 1.0, 2.5]);
/// ```
#[must_use]
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| !values[i].is_nan()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![f64::NAN; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + 0.5 * (equal.len() as f64 + 1.0);
        for &i in equal {
            ranks[i] = rank;
        }
        before += equal.len();
    }
    ranks
}

/// Spearman's rank correlation: Pearson's of the [`average_ranks`].
///
/// Pairs with a NaN are left out before ranking. NaN where one of the columns does not vary.
///
/// Source: Spearman 1904, American Journal of Psychology 15:72, doi:10.2307/1412159.
///
/// ```
/// use brandpunt::stats::spearman;
///
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[1.0, 8.0, 27.0]), 1.0);
/// ```
#[must_use]
pub fn spearman(first: &[f64], second: &[f64]) -> f64 {
    let pairs = first.iter().zip(second);
    let (first, second): (Vec<f64>, Vec<f64>) =
        pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan()).unzip();
    let middle = 0.5 * (first.len() as f64 + 1.0);
    let centred =
        |values: &[f64]| -> Vec<f64> { average_ranks(values).iter().map(|r| r - middle).collect() };
    let (a, b) = (centred(&first), centred(&second));
    let product = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| a * b));
    let scale = product(&a, &a) * product(&b, &b);
    if scale > 0.0 {
        (product(&a, &b) / scale.sqrt()).clamp(-1.0, 1.0)
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_and_gaps_are_left_out() {
        let ranks = average_ranks(&[3.0, f64::NAN, 1.0, 3.0, 3.0]);
        assert!(ranks[1].is_nan());
        assert_eq!(
            [ranks[0], ranks[2], ranks[3], ranks[4]],
            [3.0, 1.0, 3.0, 3.0]
        );
        // Ranks 1, 2.5, 2.5, 4 against 2, 1, 3, 4: 3 / √(4.5 · 5).
        let rho = spearman(&[1.0, 5.0, 5.0, 9.0, f64::NAN], &[4.0, 2.0, 6.0, 8.0, 0.0]);
        assert!((rho - 3.0 / (4.5f64 * 5.0).sqrt()).abs() < 1e-15, "{rho}");
        assert!(spearman(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
        assert!(spearman(&[1.0, 2.0], &[1.0, 1.0]).is_nan());
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[9.0, 8.0, -7.0]), -1.0);
        assert_eq!(average_ranks(&[0.0, -0.0, -1.0]), [2.5, 2.5, 1.0]);
    }
}
