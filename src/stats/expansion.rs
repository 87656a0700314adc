//! Sums without rounding.

/// The exact sum of numbers as numbers that do not overlap, greatest first: each is the sum of
/// itself and all that follow, rounded to the nearest double. The same sum gives the same numbers,
/// in whatever order it was made; zero gives none.
///
/// A sum that is not finite comes back as one number.
///
/// Source: Shewchuk 1997, Discrete and Computational Geometry 18:305, doi:10.1007/PL00009321.
pub(crate) fn expansion(numbers: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut parts = Vec::new();
    for number in numbers {
        grow(&mut parts, number);
    }
    if let Some(odd) = parts.iter().find(|p| !p.is_finite()) {
        return vec![*odd];
    }
    let mut out = Vec::new();
    while !parts.is_empty() {
        let next = nearest(&parts);
        out.push(next);
        grow(&mut parts, -next);
    }
    out
}

/// The sum of two numbers, rounded, and what rounding left out.
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    (sum, (a - of_a) + (b - of_b))
}

/// Adds a number to parts that do not overlap and grow in size.
fn grow(parts: &mut Vec<f64>, number: f64) {
    let mut sum = number;
    let mut kept = 0;
    for i in 0..parts.len() {
        let (next, rest) = two_sum(sum, parts[i]);
        if !next.is_finite() {
            // What is not finite takes in all that is added.
            *parts = vec![next];
            return;
        }
        if rest != 0.0 {
            parts[kept] = rest;
            kept += 1;
        }
        sum = next;
    }
    parts.truncate(kept);
    if sum != 0.0 {
        parts.push(sum);
    }
}

/// The double nearest to the sum of parts that do not overlap and grow in size, ties to even.
fn nearest(parts: &[f64]) -> f64 {
    let mut smaller = parts.iter().rev().copied();
    let Some(mut sum) = smaller.next() else {
        return 0.0;
    };
    while let Some(part) = smaller.next() {
        let (next, rest) = two_sum(sum, part);
        sum = next;
        if rest != 0.0 {
            // Half a unit may have been rounded to even though more of the same sign follows.
            if smaller.next().is_some_and(|p| (p < 0.0) == (rest < 0.0)) {
                let further = sum + 2.0 * rest;
                if further - sum == 2.0 * rest {
                    sum = further;
                }
            }
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_rounding_would_lose_is_kept() {
        assert_eq!(expansion([1.0, 1e-20, 1e20, -1e20]), [1.0, 1e-20]);
        assert_eq!(expansion([1e16, 1.0, -1e16]), [1.0]);
        assert_eq!(expansion([0.1, -0.1]), [0.0; 0]);
        assert_eq!(expansion([0.5, 0.0]), [0.5]);
        // Half a unit in the last place of one, and a little more: up, not to even.
        let half = f64::EPSILON / 2.0;
        assert_eq!(expansion([1.0, half])[0], 1.0);
        assert_eq!(expansion([1.0, half, 1e-40])[0], 1.0 + f64::EPSILON);
        for odd in [
            [f64::NAN, 1.0],
            [1.0, f64::NAN],
            [f64::INFINITY, f64::NEG_INFINITY],
        ] {
            let sum = expansion(odd);
            assert!(sum.len() == 1 && sum[0].is_nan(), "{odd:?}");
        }
        for odd in [[1.0, f64::INFINITY, 2.0], [f64::INFINITY, -1e300, 2.0]] {
            assert_eq!(expansion(odd), [f64::INFINITY]);
        }
        assert_eq!(expansion([f64::MAX, f64::MAX]), [f64::INFINITY]);
    }

    proptest! {
        /// Whole numbers up to 2^120 in units of 2^-60 have a sum that integers know.
        #[test]
        fn sums_are_exact_in_any_order(
            numbers in prop::collection::vec((-(1i64 << 52)..(1i64 << 52), 0u32..60), 1..30),
        ) {
            let doubles: Vec<f64> = numbers.iter().map(|&(n, s)| n as f64 * f64::from(s).exp2()).collect();
            let whole: i128 = numbers.iter().map(|&(n, s)| i128::from(n) << s).sum();
            let parts = expansion(doubles.iter().copied());
            prop_assert_eq!(parts.iter().map(|p| *p as i128).sum::<i128>(), whole);
            prop_assert_eq!(parts.first().copied().unwrap_or(0.0), whole as f64);
            let back = expansion(doubles.iter().rev().copied());
            prop_assert_eq!(&parts, &back);
            let (left, right) = doubles.split_at(doubles.len() / 2);
            let halves = expansion(left.iter().copied()).into_iter().chain(expansion(right.iter().copied()));
            prop_assert_eq!(expansion(halves), parts);
        }
    }
}
