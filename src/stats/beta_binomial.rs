//! The beta-binomial distribution: a binomial whose probability varies.

/// Terms start here instead of at one, so that tails of 1e-300 keep their digits.
const UNIT: f64 = f64::from_bits((1023 + 900) << 52);

/// P(X ≤ k) and P(X ≥ k) for X beta-binomial with `n` trials, each to relative precision of about
/// 1e-12.
///
/// Given the total n, it is the count of a group among units with negative-binomial counts of one
/// variance-to-mean ratio. The masses follow from each other by
/// `p(j + 1)/p(j) = (n − j)(j + α) / ((j + 1)(n − j − 1 + β))`, from the mode outward, so nothing
/// is subtracted. Steps: about the distance from the mode to k plus the spread.
///
/// NaN unless `alpha` and `beta` are positive and `k ≤ n`.
///
/// ```
/// use brandpunt::stats::beta_binomial_tails;
///
/// // With both parameters one, all counts are equally likely.
/// let (less, greater) = beta_binomial_tails(3, 9, 1.0, 1.0);
/// assert!((less - 0.4).abs() < 1e-15 && (greater - 0.7).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_binomial_tails(k: u64, n: u64, alpha: f64, beta: f64) -> (f64, f64) {
    if k > n || !(alpha > 0.0 && beta > 0.0 && alpha.is_finite() && beta.is_finite()) {
        return (f64::NAN, f64::NAN);
    }
    if alpha > beta {
        let (less, greater) = beta_binomial_tails(n - k, n, beta, alpha);
        return (greater, less);
    }
    let (nf, at) = (n as f64, k as f64);
    let up = |j: f64| (nf - j) * (j + alpha) / ((j + 1.0) * (nf - j - 1.0 + beta));
    let mode = if alpha < 1.0 {
        0.0
    } else if alpha + beta > 2.0 {
        ((nf + 1.0) * (alpha - 1.0) / (alpha + beta - 2.0))
            .floor()
            .min(nf)
    } else {
        (0.5 * nf).floor()
    };
    // Sums of the terms below k, at k and above k.
    let mut sums = [0.0f64; 3];
    let place = |j: f64| match j.total_cmp(&at) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => 1,
        std::cmp::Ordering::Greater => 2,
    };
    let (mut j, mut term) = (mode, UNIT);
    sums[place(j)] += term;
    while j < nf {
        term *= up(j);
        j += 1.0;
        let sum = &mut sums[place(j)];
        let next = *sum + term;
        // With both parameters below one there is a peak at either end, but the valley between is
        // never so deep that this ends there.
        if next == *sum && j > at {
            break;
        }
        *sum = next;
    }
    (j, term) = (mode, UNIT);
    while j > 0.0 {
        j -= 1.0;
        term /= up(j);
        let sum = &mut sums[place(j)];
        let next = *sum + term;
        if next == *sum && j < at {
            break;
        }
        *sum = next;
    }
    let [below, here, above] = sums;
    let total = below + here + above;
    ((below + here) / total, (here + above) / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::binomial_tails;

    /// The mass by its definition, with gamma functions.
    fn mass(k: u64, n: u64, alpha: f64, beta: f64) -> f64 {
        let (k, n) = (k as f64, n as f64);
        let ln_beta = |a: f64, b: f64| libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
        let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        (choose + ln_beta(k + alpha, n - k + beta) - ln_beta(alpha, beta)).exp()
    }

    #[test]
    fn tails_sum_the_masses_of_the_definition() {
        for (alpha, beta) in [(0.2, 0.3), (0.4, 7.0), (3.0, 3.0), (1.0, 0.5), (12.5, 2.5)] {
            for n in [0, 1, 5, 60] {
                for k in 0..=n {
                    let less: f64 = (0..=k).map(|j| mass(j, n, alpha, beta)).sum();
                    let greater: f64 = (k..=n).map(|j| mass(j, n, alpha, beta)).sum();
                    let got = beta_binomial_tails(k, n, alpha, beta);
                    assert!((got.0 / less - 1.0).abs() < 1e-11, "{k} {n} {alpha} {beta}");
                    assert!(
                        (got.1 / greater - 1.0).abs() < 1e-11,
                        "{k} {n} {alpha} {beta}"
                    );
                }
            }
        }
    }

    #[test]
    fn far_tails_keep_their_digits() {
        let (alpha, beta) = (50.0, 5e4);
        let (_, greater) = beta_binomial_tails(110, 1_000, alpha, beta);
        let first = mass(110, 1_000, alpha, beta);
        assert!(
            greater < 1e-90 && greater > first && greater < 1.2 * first,
            "{greater}"
        );
    }

    /// Sums of masses with 60 digits (mpmath 1.4.1): peaks at both ends and nothing between, and
    /// modes hundreds of terms away.
    #[test]
    fn both_tails_keep_their_digits_wherever_the_mode_is() {
        for (k, n, alpha, beta, less, greater) in [
            (0, 10, 1e-18, 1e-18, 0.5, 1.0),
            (5, 10, 1e-18, 1e-18, 0.5, 0.5),
            (10, 10, 1e-18, 1e-18, 1.0, 0.5),
            (3, 9, 1.0, 1.0, 0.4, 0.7),
            (150, 1_000, 500.0, 1_000.0, 6.492_114_410_336_431e-26, 1.0),
            (600, 1_000, 500.0, 1_000.0, 1.0, 6.252_816_255_076_214e-40),
            (
                2_300,
                10_000,
                5e3,
                15e3,
                7.086_827_655_026_026e-5,
                0.999_934_468_488_023_6,
            ),
            (
                2_800,
                10_000,
                5e3,
                15e3,
                0.999_999_987_607_637_7,
                1.375_957_491_002e-8,
            ),
            (
                5,
                400,
                30.0,
                900.5,
                0.024_787_871_248_404_425,
                0.989_431_164_752_950_9,
            ),
            (
                390,
                400,
                900.5,
                30.0,
                0.783_046_021_171_602_6,
                0.301_385_783_686_706_7,
            ),
        ] {
            let got = beta_binomial_tails(k, n, alpha, beta);
            assert!(
                (got.0 / less - 1.0).abs() < 1e-11,
                "{k} {n} {alpha} {beta}: {got:?}"
            );
            assert!(
                (got.1 / greater - 1.0).abs() < 1e-11,
                "{k} {n} {alpha} {beta}: {got:?}"
            );
        }
    }

    #[test]
    fn what_is_no_distribution_has_no_tails() {
        for (k, alpha, beta) in [
            (6, 1.0, 1.0),
            (2, 0.0, 1.0),
            (2, 1.0, 0.0),
            (2, f64::INFINITY, 1.0),
            (2, 1.0, f64::INFINITY),
            (2, f64::NAN, 1.0),
        ] {
            let (less, greater) = beta_binomial_tails(k, 5, alpha, beta);
            assert!(less.is_nan() && greater.is_nan(), "{k} {alpha} {beta}");
        }
    }

    #[test]
    fn a_fixed_probability_is_binomial() {
        let (less, greater) = beta_binomial_tails(12, 100, 0.1e13, 0.9e13);
        let (want_less, want_greater) = binomial_tails(12, 100, 0.1);
        assert!((less - want_less).abs() < 1e-9 && (greater - want_greater).abs() < 1e-9);
    }
}
