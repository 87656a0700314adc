//! The binomial distribution and intervals for its probability.

use super::root::increasing_root;
use super::saddle::binomial_mass;

/// P(X ≤ k) and P(X ≥ k) for X binomial, each to full relative precision.
///
/// ```
/// use brandpunt::stats::binomial_tails;
///
/// let (less, greater) = binomial_tails(2, 3, 0.5);
/// assert!((less - 0.875).abs() < 1e-15 && (greater - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn binomial_tails(k: u64, n: u64, p: f64) -> (f64, f64) {
    let at = binomial_mass(k, n, p);
    let odds = p / (1.0 - p);
    let (nf, kf) = (n as f64, k as f64);
    if kf >= nf * p {
        let (mut sum, mut term, mut j) = (at, at, kf);
        while j < nf {
            term *= (nf - j) / (j + 1.0) * odds;
            j += 1.0;
            let next = sum + term;
            if next == sum {
                break;
            }
            sum = next;
        }
        (1.0 - (sum - at), sum.min(1.0))
    } else {
        let (mut sum, mut term, mut j) = (at, at, kf);
        while j > 0.0 {
            term *= j / ((nf - j + 1.0) * odds);
            j -= 1.0;
            let next = sum + term;
            if next == sum {
                break;
            }
            sum = next;
        }
        (sum.min(1.0), if k == 0 { 1.0 } else { 1.0 - (sum - at) })
    }
}

/// Exact two-sided interval for the probability behind `k` successes of `n` (Clopper & Pearson
/// 1934, Biometrika 26:404, doi:10.1093/biomet/26.4.404).
///
/// Without a trial nothing is known: (0, 1).
#[must_use]
pub fn binomial_interval(k: u64, n: u64, level: f64) -> (f64, f64) {
    let tail = 0.5 * (1.0 - level);
    // Roots are sought on the scale of log odds, where both ends of (0, 1) have room.
    let probability = |log_odds: f64| {
        let e = (-log_odds.abs()).exp();
        if log_odds < 0.0 {
            e / (1.0 + e)
        } else {
            1.0 / (1.0 + e)
        }
    };
    let low = if k == 0 {
        0.0
    } else {
        let gap = |t: f64| {
            (binomial_tails(k, n, probability(t)).1 / tail)
                .max(1e-300)
                .ln()
        };
        probability(increasing_root(gap, -60.0, 60.0))
    };
    let high = if k == n {
        1.0
    } else {
        let gap = |t: f64| {
            -(binomial_tails(k, n, probability(t)).0 / tail)
                .max(1e-300)
                .ln()
        };
        probability(increasing_root(gap, -60.0, 60.0))
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_sum_their_masses() {
        for (n, p) in [(1, 0.5), (7, 0.01), (40, 0.3), (200, 0.97)] {
            for k in 0..=n {
                let less: f64 = (0..=k).map(|j| binomial_mass(j, n, p)).sum();
                let greater: f64 = (k..=n).map(|j| binomial_mass(j, n, p)).sum();
                let (got_less, got_greater) = binomial_tails(k, n, p);
                assert!((got_less - less).abs() < 1e-13, "{k} {n} {p}");
                assert!((got_greater - greater).abs() < 1e-13, "{k} {n} {p}");
            }
        }
    }

    #[test]
    fn the_interval_has_the_stated_tails() {
        for (k, n) in [(0, 5), (1, 5), (5, 5), (61, 145), (3, 100_000)] {
            let (low, high) = binomial_interval(k, n, 0.95);
            if k > 0 {
                assert!(
                    (binomial_tails(k, n, low).1 / 0.025 - 1.0).abs() < 1e-10,
                    "{k} {n}"
                );
            }
            if k < n {
                assert!(
                    (binomial_tails(k, n, high).0 / 0.025 - 1.0).abs() < 1e-10,
                    "{k} {n}"
                );
            }
        }
    }
}
