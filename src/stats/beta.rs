//! The incomplete beta function, and what follows from it: Student's t, and binomial tails of
//! counts that are not whole.

use libm::lgamma;

use super::binomial::{binomial_interval, probability};
use super::root::increasing_root;

/// Terms of the continued fraction; it needs some √(a + b) of them.
const MOST_TERMS: usize = 200_000;

/// `I_x(a, b)` and `1 − I_x(a, b)`, the smaller of them to full relative precision.
///
/// The continued fraction is evaluated by the method of Lentz on the side where it converges.
/// NaN unless `a` and `b` are positive and `x` lies in [0, 1].
pub(super) fn beta_shares(x: f64, a: f64, b: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x == 1.0 {
        return (1.0, 0.0);
    }
    let front = (lgamma(a + b) - lgamma(a) - lgamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        let below = (front * fraction(x, a, b) / a).min(1.0);
        (below, 1.0 - below)
    } else {
        let above = (front * fraction(1.0 - x, b, a) / b).min(1.0);
        (1.0 - above, above)
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for term in 1..MOST_TERMS {
        let m = term as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// P(T ≤ t) and P(T ≥ t) for Student's t with any positive degrees of freedom.
///
/// ```
/// use brandpunt::stats::student_tails;
///
/// // With one degree of freedom it is the Cauchy distribution.
/// assert!((student_tails(1.0, 1.0).1 - 0.25).abs() < 1e-14);
/// ```
#[must_use]
pub fn student_tails(t: f64, freedom: f64) -> (f64, f64) {
    let outside = beta_shares(freedom / (freedom + t * t), 0.5 * freedom, 0.5).0;
    if t < 0.0 {
        (0.5 * outside, 1.0 - 0.5 * outside)
    } else {
        (1.0 - 0.5 * outside, 0.5 * outside)
    }
}

/// The t with P(T > t) equal to `upper`, for a probability strictly between 0 and 0.5.
#[must_use]
pub fn student_quantile(upper: f64, freedom: f64) -> f64 {
    let gap = |log_t: f64| -(student_tails(log_t.exp(), freedom).1 / upper).ln();
    increasing_root(gap, -40.0, 40.0).exp()
}

/// P(X ≤ k) and P(X ≥ k) of a binomial distribution carried on to counts that are not whole: the
/// incomplete beta functions that equal its tails at whole ones.
///
/// ```
/// use brandpunt::stats::{binomial_tails, fractional_binomial_tails};
///
/// let (less, greater) = fractional_binomial_tails(2.0, 3.0, 0.4);
/// let (whole_less, whole_greater) = binomial_tails(2, 3, 0.4);
/// assert!((less - whole_less).abs() < 1e-14 && (greater - whole_greater).abs() < 1e-14);
/// ```
#[must_use]
pub fn fractional_binomial_tails(k: f64, n: f64, p: f64) -> (f64, f64) {
    let less = if k >= n {
        1.0
    } else {
        beta_shares(p, k + 1.0, n - k).1
    };
    let greater = if k <= 0.0 {
        1.0
    } else {
        beta_shares(p, k, n - k + 1.0).0
    };
    (less, greater)
}

/// The interval of Clopper & Pearson carried on to counts that are not whole, such as sums of shares
/// of incidents, by the tails of [`fractional_binomial_tails`]; that of [`binomial_interval`] where
/// both are whole, and (0, 1) without a trial.
///
/// NaN unless `n` is finite and the level lies between 0 and 1.
///
/// ```
/// use brandpunt::stats::{binomial_interval, fractional_binomial_interval};
///
/// let (low, high) = fractional_binomial_interval(2.5, 10.0, 0.95);
/// assert!(low > binomial_interval(2, 10, 0.95).0 && high < binomial_interval(3, 10, 0.95).1);
/// ```
#[must_use]
pub fn fractional_binomial_interval(k: f64, n: f64, level: f64) -> (f64, f64) {
    if k.is_nan() || !n.is_finite() || !(level > 0.0 && level < 1.0) {
        return (f64::NAN, f64::NAN);
    }
    if k.fract() == 0.0 && n.fract() == 0.0 && 0.0 <= k && k <= n {
        return binomial_interval(k as u64, n as u64, level);
    }
    let tail = 0.5 * (1.0 - level);
    let log = |share: f64| (share / tail).max(1e-300).ln();
    let low = if k <= 0.0 {
        0.0
    } else {
        let gap = |t: f64| log(fractional_binomial_tails(k, n, probability(t)).1);
        probability(increasing_root(gap, -700.0, 36.0))
    };
    let high = if k >= n {
        1.0
    } else {
        let gap = |t: f64| -log(fractional_binomial_tails(k, n, probability(t)).0);
        probability(increasing_root(gap, -700.0, 36.0))
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{binomial_interval, binomial_tails};

    #[test]
    fn whole_counts_have_the_tails_of_the_binomial() {
        for (k, n, p) in [
            (0, 7, 0.2),
            (7, 7, 0.2),
            (61, 145, 0.5),
            (3, 100_000, 1e-4),
            (500_400, 1_000_000, 0.5),
        ] {
            let (less, greater) = binomial_tails(k, n, p);
            let got = fractional_binomial_tails(k as f64, n as f64, p);
            // The logarithm of gamma has absolute errors of some 1e-16 times its size.
            assert!((got.0 / less - 1.0).abs() < 1e-8, "{k} {n}");
            assert!((got.1 / greater - 1.0).abs() < 1e-8, "{k} {n}");
        }
    }

    #[test]
    fn intervals_lead_from_one_whole_count_to_the_next() {
        for (k, n) in [(0, 5), (1, 5), (4, 5), (61, 145), (3, 100_000)] {
            let whole = binomial_interval(k, n, 0.95);
            let (k, n) = (k as f64, n as f64);
            assert_eq!(fractional_binomial_interval(k, n, 0.95), whole);
            for (k, n) in [(k + 1e-8, n + 1e-8), (k, n + 1e-8), (k + 1e-8, n)] {
                let near = fractional_binomial_interval(k, n, 0.95);
                assert!((near.0 - whole.0).abs() < 1e-6, "{k} {n} {near:?}");
                assert!((near.1 - whole.1).abs() < 1e-6, "{k} {n} {near:?}");
            }
        }
        assert_eq!(fractional_binomial_interval(0.0, 0.0, 0.95), (0.0, 1.0));
        assert_eq!(fractional_binomial_interval(2.5, 2.5, 0.95).1, 1.0);
        assert_eq!(fractional_binomial_interval(0.0, 2.5, 0.95).0, 0.0);
        for (k, n, level) in [
            (f64::NAN, 2.5, 0.95),
            (0.5, f64::NAN, 0.95),
            (0.5, f64::INFINITY, 0.95),
            (0.5, 2.5, 0.0),
            (0.5, 2.5, 1.0),
            (0.5, 2.5, f64::NAN),
        ] {
            let (low, high) = fractional_binomial_interval(k, n, level);
            assert!(low.is_nan() && high.is_nan(), "{k} {n} {level}");
        }
    }

    #[test]
    fn counts_between_whole_numbers_have_the_tails_of_the_beta() {
        // SciPy 1.17.1: beta.sf(0.3, 3.5, 7.5), beta.cdf(0.3, 2.5, 8.5), beta.ppf(0.025, 2.5, 8.5)
        // and beta.ppf(0.975, 3.5, 7.5).
        let (less, greater) = fractional_binomial_tails(2.5, 10.0, 0.3);
        assert!((less - 0.519_251_402_167_187_3).abs() < 1e-12, "{less}");
        assert!((greater - 0.745_008_448_543_971).abs() < 1e-12, "{greater}");
        let (low, high) = fractional_binomial_interval(2.5, 10.0, 0.95);
        assert!((low - 0.044_059_413_552_630_794).abs() < 1e-9, "{low}");
        assert!((high - 0.605_818_318_148_671_3).abs() < 1e-9, "{high}");
    }

    /// Computed with 60 digits of arithmetic (mpmath 1.4.1).
    #[test]
    fn shares_keep_their_digits() {
        for (x, a, b, below, above) in [
            (
                0.3,
                2.5,
                8.5,
                0.745_008_448_543_971_3,
                0.254_991_551_456_028_7,
            ),
            (
                0.9,
                2.5,
                8.5,
                0.999_999_937_126_134_6,
                6.287_386_538_540_809e-8,
            ),
            (
                0.01,
                0.5,
                0.5,
                0.063_768_560_858_519_85,
                0.936_231_439_141_480_2,
            ),
            (
                0.75,
                30.25,
                0.5,
                0.000_032_512_610_489_545_95,
                0.999_967_487_389_510_5,
            ),
            (0.5, 1_000.5, 1_000.5, 0.5, 0.5),
            (
                1e-5,
                0.75,
                3.0,
                0.000_427_894_815_351_002_6,
                0.999_572_105_184_649,
            ),
            (
                0.25,
                3.5,
                7.25,
                0.320_693_040_548_967_66,
                0.679_306_959_451_032_3,
            ),
            (
                0.125,
                1.5,
                1.5,
                0.072_146_806_407_193_74,
                0.927_853_193_592_806_3,
            ),
        ] {
            let got = beta_shares(x, a, b);
            // The logarithm of gamma has absolute errors of some 1e-16 times its size.
            let near = 1e-15 * (10.0 + a * b);
            assert!((got.0 / below - 1.0).abs() < near, "{x} {a} {b}: {got:?}");
            assert!((got.1 / above - 1.0).abs() < near, "{x} {a} {b}: {got:?}");
        }
        assert_eq!(beta_shares(0.0, 2.0, 3.0), (0.0, 1.0));
        assert_eq!(beta_shares(1.0, 2.0, 3.0), (1.0, 0.0));
        for (x, a, b) in [
            (-0.1, 1.0, 1.0),
            (1.1, 1.0, 1.0),
            (0.5, 0.0, 1.0),
            (0.5, 1.0, 0.0),
        ] {
            let got = beta_shares(x, a, b);
            assert!(got.0.is_nan() && got.1.is_nan(), "{x} {a} {b}");
        }
        for (t, freedom, above) in [
            (0.5, 3.5, 0.323_425_219_661_275_5),
            (2.0, 5.0, 0.050_969_739_414_929_18),
            (40.0, 2.5, 0.000_070_978_171_452_466_91),
            (1e-3, 7.0, 0.499_615_008_622_499_4),
            (6.0, 1_000.0, 1.377_684_586_688_734_6e-9),
            (1.0, 0.5, 0.301_121_610_841_322_1),
        ] {
            let got = student_tails(t, freedom);
            assert!(
                (got.1 / above - 1.0).abs() < 1e-12,
                "{t} {freedom}: {got:?}"
            );
            assert_eq!((got.1, got.0), student_tails(-t, freedom));
            let back = student_quantile(above, freedom);
            assert!((back / t - 1.0).abs() < 1e-9, "{t} {freedom}: {back}");
        }
    }

    #[test]
    fn quantiles_of_student_are_those_of_the_tables() {
        // Fisher & Yates' table of t, two-sided 5 %: 12.706, 2.571, 2.228, 1.980 (120 degrees).
        for (freedom, t) in [(1.0, 12.706), (5.0, 2.571), (10.0, 2.228), (120.0, 1.980)] {
            assert!(
                (student_quantile(0.025, freedom) - t).abs() < 5e-4,
                "{freedom}"
            );
        }
        assert!((student_tails(-2.0, 5.0).0 - student_tails(2.0, 5.0).1).abs() < 1e-16);
        let (less, greater) = student_tails(-2.0, 5.0);
        assert!((less + greater - 1.0).abs() < 1e-15 && less < 0.1);
        assert!(student_tails(1.0, 0.0).0.is_nan());
    }
}
