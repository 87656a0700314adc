//! Counts of which only the mean and the variance are known.

use super::outward::outward;

/// P(X ≥ k) for a count of this mean and variance, by the family of Katz: negative binomial where
/// the variance is larger than the mean, Poisson where they are equal, binomial where it is
/// smaller. NaN for what is no mean or variance.
///
/// Neighbouring masses of all three have the ratio `(λ + c j) / (j + 1)` with `c = 1 − mean /
/// variance` and `λ = mean² / variance`, so that the tail is a sum upward from k over that sum and
/// the one downward.
///
/// Source: Katz 1965, in Patil (ed.), Classical and Contagious Discrete Distributions, 175.
pub(crate) fn katz_upper_tail(k: u64, mean: f64, variance: f64) -> f64 {
    if mean.is_nan() || mean < 0.0 || variance.is_nan() || variance < 0.0 {
        return f64::NAN;
    }
    if k == 0 {
        return 1.0;
    }
    let from = k as f64;
    // What varies by less than rounding does is one and the same whole number.
    if variance <= 1e-9 * mean.max(1e-9) {
        return if from <= mean + 0.5 { 1.0 } else { 0.0 };
    }
    let c = 1.0 - mean / variance;
    let rate = mean * mean / variance;
    let weight = |j: f64| rate + c * j;
    if weight(from - 1.0) <= 0.0 {
        return 0.0;
    }
    let above = 1.0
        + outward(|step| {
            let j = from + step;
            (weight(j) > 0.0).then(|| (weight(j) - j - 1.0) / (j + 1.0))
        });
    let below = outward(|step| {
        let j = from - step;
        (j > 0.5).then(|| (j - weight(j - 1.0)) / weight(j - 1.0))
    });
    if above.is_infinite() {
        1.0
    } else {
        above / (above + below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{binomial_tails, poisson_tails};

    /// Against the sum of the masses one by one.
    #[test]
    fn wide_counts_are_negative_binomial() {
        for (mean, variance) in [(0.4_f64, 0.9), (3.0, 3.5), (3.0, 30.0), (120.0, 150.0)] {
            let (size, step) = (mean * mean / (variance - mean), 1.0 - mean / variance);
            let mut mass = (mean / variance).powf(size);
            let mut above = 1.0;
            for k in 0..200u64 {
                let tail = katz_upper_tail(k, mean, variance);
                assert!(
                    (tail - above).abs() < 1e-12,
                    "{k} {mean} {variance}: {tail} {above}"
                );
                above -= mass;
                mass *= (k as f64 + size) / (k as f64 + 1.0) * step;
            }
        }
    }

    #[test]
    fn others_are_poisson_or_binomial() {
        for k in 0..40 {
            let tail = katz_upper_tail(k, 9.0, 9.0);
            assert!((tail - poisson_tails(k, 9.0).1).abs() < 1e-14, "{k} {tail}");
            let tail = katz_upper_tail(k, 9.0, 6.3);
            assert!(
                (tail - binomial_tails(k, 30, 0.3).1).abs() < 1e-13,
                "{k} {tail}"
            );
        }
        let tail = katz_upper_tail(3_000_040_000, 3e9, 3e9 * (1.0 + 1e-9));
        let poisson = poisson_tails(3_000_040_000, 3e9).1;
        assert!((tail / poisson - 1.0).abs() < 1e-6, "{tail} {poisson}");
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Sums of masses with 60 digits (mpmath 1.4.1).
        for (k, mean, variance, want) in [
            (60, 3.0, 4.0, 5.820_251_558_490_527e-28),
            (200, 120.0, 150.0, 2.832_053_786_505_306e-9),
            (300, 120.0, 150.0, 1.166_215_503_357_06e-32),
            (25, 9.0, 6.25, 1.561_483_370_378_402e-9),
            (40, 9.0, 9.0, 2.859_202_014_881_225e-14),
            (14, 9.0, 6.3, 0.040_052_547_682_131_33),
            (28, 9.0, 6.3, 5.022_371_015_562_126e-13),
            // All of 30 with probability 0.3.
            (30, 9.0, 6.3, 2.058_911_320_946_49e-16),
        ] {
            let got = katz_upper_tail(k, mean, variance);
            assert!(
                (got / want - 1.0).abs() < 1e-12,
                "{k} {mean} {variance}: {got}"
            );
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        assert_eq!(katz_upper_tail(4, 4.0, 0.0), 1.0);
        assert_eq!(katz_upper_tail(5, 4.0, 0.0), 0.0);
        assert_eq!(
            (katz_upper_tail(0, 0.0, 0.0), katz_upper_tail(1, 0.0, 0.0)),
            (1.0, 0.0)
        );
        // Beside a mean of 10⁹ a variance of one half is rounding.
        for (k, want) in [(1_000_000_000, 1.0), (1_000_000_001, 0.0)] {
            assert_eq!(katz_upper_tail(k, 1e9, 0.5), want, "{k}");
        }
        // At most 30 of 30.
        assert_eq!(katz_upper_tail(31, 9.0, 6.3), 0.0);
        assert_eq!(katz_upper_tail(1_000_000, 3.0, 4.0), 0.0);
        assert_eq!(katz_upper_tail(1, 1e9, 1e9), 1.0);
        assert!(katz_upper_tail(1, f64::NAN, 1.0).is_nan());
        assert!(katz_upper_tail(1, 1.0, f64::NAN).is_nan());
        assert!(katz_upper_tail(1, -1.0, 1.0).is_nan());
        assert!(katz_upper_tail(1, 1.0, -1.0).is_nan());
    }
}
