//! The binomial distribution and intervals for its probability.

use super::outward::outward;
use super::root::increasing_root;
use super::saddle::binomial_mass;

/// P(X ≤ k) and P(X ≥ k) for X binomial, each to full relative precision; NaN for what is no
/// probability.
///
/// ```
/// use brandpunt::stats::binomial_tails;
///
/// let (less, greater) = binomial_tails(2, 3, 0.5);
/// assert!((less - 0.875).abs() < 1e-15 && (greater - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn binomial_tails(k: u64, n: u64, p: f64) -> (f64, f64) {
    if !(0.0..=1.0).contains(&p) {
        return (f64::NAN, f64::NAN);
    }
    if k > n {
        return (1.0, 0.0);
    }
    let (at, q) = (binomial_mass(k, n, p), 1.0 - p);
    let (nf, kf) = (n as f64, k as f64);
    // The mass at j + 1 is (n − j) p / ((j + 1) q) times that at j.
    if kf >= nf * p {
        let ratio = |j: f64| ((nf + 1.0) * p - (j + 1.0)) / ((j + 1.0) * q);
        let above = at * outward(|step| (kf + step < nf).then(|| ratio(kf + step)));
        (1.0 - above, (at + above).min(1.0))
    } else {
        let ratio = |j: f64| (j - (nf + 1.0) * p) / ((nf - j + 1.0) * p);
        let below = at * outward(|step| (step < kf).then(|| ratio(kf - step)));
        ((at + below).min(1.0), 1.0 - below)
    }
}

/// Exact two-sided interval for the probability behind `k` successes of `n` (Clopper & Pearson
/// 1934, Biometrika 26:404, doi:10.1093/biomet/26.4.404).
///
/// Without a trial nothing is known: (0, 1). NaN unless the level lies between 0 and 1.
#[must_use]
pub fn binomial_interval(k: u64, n: u64, level: f64) -> (f64, f64) {
    if !(level > 0.0 && level < 1.0) {
        return (f64::NAN, f64::NAN);
    }
    let tail = 0.5 * (1.0 - level);
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

/// The probability with these log odds: a scale on which both ends of (0, 1) have room for roots.
pub(super) fn probability(log_odds: f64) -> f64 {
    let e = (-log_odds.abs()).exp();
    if log_odds < 0.0 {
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_beyond_any_city_are_answered_too() {
        // SciPy 1.17.1, stats.binom.cdf(k, n, p) and sf(k - 1, n, p).
        for (k, n, p, less, greater) in [
            (
                300_000_000_000,
                1_000_000_000_000,
                0.3,
                0.500_000_493_303_346_3,
                0.500_000_377_233_520_5,
            ),
            (
                299_998_000_000,
                1_000_000_000_000,
                0.3,
                6.374_792_715_671_906e-6,
                0.999_993_625_270_909_4,
            ),
            (
                2_000_100_000,
                10_000_000_000,
                0.2,
                0.993_790_323_722_241_7,
                0.006_210_114_494_254_257,
            ),
        ] {
            let got = binomial_tails(k, n, p);
            assert!((got.0 / less - 1.0).abs() < 1e-9, "{k} {n} {p}: {got:?}");
            assert!((got.1 / greater - 1.0).abs() < 1e-9, "{k} {n} {p}: {got:?}");
        }
        let (low, high) = binomial_interval(u64::MAX / 2, u64::MAX, 0.95);
        assert!(low < 0.5 && 0.5 < high && high - low < 1e-8, "{low} {high}");
        for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
            let (low, high) = binomial_interval(3, 9, level);
            assert!(low.is_nan() && high.is_nan(), "{level}");
        }
    }

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
    fn log_odds_lead_to_their_probabilities() {
        for (odds, p) in [(3.0f64, 0.75), (1.0, 0.5), (0.25, 0.2), (1e-300, 1e-300)] {
            assert!((probability(odds.ln()) / p - 1.0).abs() < 1e-12, "{odds}");
            assert!((probability(-odds.ln()) + p - 1.0).abs() < 1e-15, "{odds}");
        }
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Sums of masses with 60 digits (mpmath 1.4.1).
        for (k, n, p, less, greater) in [
            (90, 100, 0.3, 1.0, 4.477_482_114_901_704e-36),
            (2, 100, 0.5, 3.984_536_432_271_33e-27, 1.0),
            (
                700,
                1_000,
                0.75,
                1.935_903_219_490_79e-4,
                0.999_852_070_825_456_6,
            ),
            (
                60,
                1_000,
                0.031_25,
                0.999_998_983_926_487_2,
                2.076_355_785_015_247e-6,
            ),
        ] {
            let got = binomial_tails(k, n, p);
            assert!((got.0 / less - 1.0).abs() < 1e-12, "{k} {n} {p}: {got:?}");
            assert!(
                (got.1 / greater - 1.0).abs() < 1e-12,
                "{k} {n} {p}: {got:?}"
            );
        }
        assert_eq!(binomial_tails(8, 7, 0.5), (1.0, 0.0));
        for (k, p, want) in [
            (0, 0.0, (1.0, 1.0)),
            (7, 1.0, (1.0, 1.0)),
            (3, 1.0, (0.0, 1.0)),
        ] {
            assert_eq!(binomial_tails(k, 7, p), want, "{k} {p}");
        }
        for p in [-0.1, 1.1, f64::NAN] {
            let (less, greater) = binomial_tails(3, 7, p);
            assert!(less.is_nan() && greater.is_nan(), "{p}");
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
