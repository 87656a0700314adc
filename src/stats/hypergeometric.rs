//! The hypergeometric distribution.

use super::saddle::binomial_mass;

/// P(X ≤ k) and P(X ≥ k) for X the number of first ones among `drawn` of `first + second`, each to
/// full relative precision: the tails of Fisher's exact test of a table with `k` and `first − k`,
/// `drawn − k` and the rest.
///
/// NaN when more are drawn than there are, or for a k that is out of reach.
///
/// ```
/// use brandpunt::stats::hypergeometric_tails;
///
/// // Fisher's tea: 3 of 4 cups right, P(X ≥ 3) = 17/70.
/// let (less, greater) = hypergeometric_tails(3, 4, 4, 4);
/// assert!((greater - 17.0 / 70.0).abs() < 1e-15 && (less - 69.0 / 70.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn hypergeometric_tails(k: u64, first: u64, second: u64, drawn: u64) -> (f64, f64) {
    let least = drawn.saturating_sub(second);
    let most = drawn.min(first);
    if k < least || k > most {
        return (f64::NAN, f64::NAN);
    }
    if least == most {
        return (1.0, 1.0);
    }
    let (f, s, n) = (first as f64, second as f64, drawn as f64);
    // Any probability will do; this one keeps all three masses near their modes.
    let p = n / (f + s);
    let at = binomial_mass(k, first, p) * binomial_mass(drawn - k, second, p)
        / binomial_mass(drawn, first + second, p);
    let sum = |down: bool| {
        let (mut sum, mut term, mut j) = (at, at, k);
        while if down { j > least } else { j < most } {
            let x = j as f64;
            if down {
                term *= x * (s - n + x) / ((f - x + 1.0) * (n - x + 1.0));
                j -= 1;
            } else {
                term *= (f - x) * (n - x) / ((x + 1.0) * (s - n + x + 1.0));
                j += 1;
            }
            let next = sum + term;
            if next == sum {
                break;
            }
            sum = next;
        }
        sum.min(1.0)
    };
    // The shorter tail is summed, the other is what is left of one.
    if k as f64 >= n * f / (f + s) {
        let greater = sum(false);
        let less = if k == most { 1.0 } else { 1.0 - (greater - at) };
        (less, greater)
    } else {
        let less = sum(true);
        let greater = if k == least { 1.0 } else { 1.0 - (less - at) };
        (less, greater)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers of ways, by Pascal's triangle.
    fn ways(n: u64, k: u64) -> f64 {
        (0..k).fold(1.0, |w, i| w * (n - i) as f64 / (i + 1) as f64)
    }

    #[test]
    fn tails_sum_their_masses() {
        for (first, second, drawn) in [(4, 4, 4), (10, 3, 7), (3, 10, 12), (25, 30, 20), (5, 40, 2)]
        {
            let (least, most) = (drawn.max(second) - second, drawn.min(first));
            let mass = |k| ways(first, k) * ways(second, drawn - k) / ways(first + second, drawn);
            for k in least..=most {
                let less: f64 = (least..=k).map(mass).sum();
                let greater: f64 = (k..=most).map(mass).sum();
                let got = hypergeometric_tails(k, first, second, drawn);
                assert!(
                    (got.0 / less - 1.0).abs() < 1e-12,
                    "{k} {first} {second} {drawn}"
                );
                assert!(
                    (got.1 / greater - 1.0).abs() < 1e-12,
                    "{k} {first} {second} {drawn}"
                );
            }
        }
        assert!(hypergeometric_tails(5, 4, 4, 5).0.is_nan());
        assert_eq!(hypergeometric_tails(0, 0, 9, 3), (1.0, 1.0));
        assert_eq!(hypergeometric_tails(4, 4, 9, 13), (1.0, 1.0));
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Against sums of logarithms of whole numbers.
        let greater = hypergeometric_tails(60, 1000, 1000, 80).1;
        let masses: f64 = (60..=80u64)
            .map(|k| {
                let ln = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
                let ln_ways = |n: u64, k: u64| ln(n) - ln(k) - ln(n - k);
                (ln_ways(1000, k) + ln_ways(1000, 80 - k) - ln_ways(2000, 80)).exp()
            })
            .sum();
        assert!((greater / masses - 1.0).abs() < 1e-10);
    }
}
