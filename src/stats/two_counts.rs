//! Whether two Poisson counts have one rate, without fixing their total.

use super::normal::normal_upper_tail;
use super::saddle::poisson_mass;

/// Sums run as long as both means are below this; they then have up to some 300,000 terms.
const MOST: f64 = 1e8;

/// Outcomes rarer than this are left out of the sums.
const NEGLIGIBLE: f64 = 1e-40;

/// Two-sided p-value of the E-test that two Poisson counts have one rate.
///
/// With `k₁` in exposure `n₁` and `k₂` in `n₂`, `T = (k₁/n₁ − k₂/n₂) / √(k₁/n₁² + k₂/n₂²)`; p is
/// the chance of a |T| at least as large when both counts are independent Poisson with the rate
/// `(k₁ + k₂)/(n₁ + n₂)`. It is more powerful than the conditional test, and its size may exceed
/// the level: up to 0.058 for 0.05, where few are expected and exposures differ fourfold. Ties with the outcome seen, itself included, count as
/// extreme whatever their rounding, so the unit of the exposures does not matter. It is 1 for equal rates and for no incidents, NaN unless
/// both exposures are positive.
///
/// Cost: one pass over the outcomes of both counts that have a chance of at least 1e-40, some
/// 27 √mean each; beyond means of 10⁸ the normal distribution of T takes the place of the sum.
///
/// Source: Krishnamoorthy & Thomson 2004, Journal of Statistical Planning and Inference 119:23,
/// doi:10.1016/S0378-3758(02)00408-1.
///
/// ```
/// use brandpunt::stats::e_test;
///
/// let p = e_test((61, 42.0), (84, 40.0));
/// assert!((p - 0.028_319_194).abs() < 1e-9);
/// ```
#[must_use]
pub fn e_test(one: (u64, f64), other: (u64, f64)) -> f64 {
    let ((k1, n1), (k2, n2)) = (one, other);
    if !(n1 > 0.0 && n2 > 0.0 && n1.is_finite() && n2.is_finite()) {
        return f64::NAN;
    }
    let squared = |x1: f64, x2: f64| {
        let (r1, r2) = (x1 / n1, x2 / n2);
        let variance = r1 / n1 + r2 / n2;
        if variance > 0.0 {
            (r1 - r2) * (r1 - r2) / variance
        } else {
            0.0
        }
    };
    let seen = squared(k1 as f64, k2 as f64);
    if seen == 0.0 {
        return 1.0;
    }
    let total = k1 as f64 + k2 as f64;
    // Shares of the exposure, so that huge exposures cannot overflow.
    let (mean1, mean2) = (total * (n1 / (n1 + n2)), total * (n2 / (n1 + n2)));
    if mean1 > MOST || mean2 > MOST {
        return (2.0 * normal_upper_tail(seen.sqrt())).min(1.0);
    }
    let (from1, mass1) = masses(mean1);
    let (from2, mass2) = masses(mean2);
    // Ties of the statistic with the one seen are as extreme, whatever their rounding.
    let extreme = |x1: u64, x2: u64| squared(x1 as f64, x2 as f64) >= seen * (1.0 - 1e-12);
    let (below, above) = (running(&mass2), running_back(&mass2));
    // For a fixed first count |T| falls, then rises in the second; both borders rise with the first.
    let (mut low, mut high) = (0, 0);
    let mut p = 0.0;
    for (x1, mass) in (from1..).zip(&mass1) {
        let under = |x2: u64| (x2 as f64) * n1 < (x1 as f64) * n2;
        while low < mass2.len() {
            let x2 = from2 + low as u64;
            if !(under(x2) && extreme(x1, x2)) {
                break;
            }
            low += 1;
        }
        while high < mass2.len() {
            let x2 = from2 + high as u64;
            if !under(x2) && extreme(x1, x2) {
                break;
            }
            high += 1;
        }
        p += mass * (below[low] + above[high]);
    }
    p.min(1.0)
}

/// The chances of the counts around the mean, and the first of these counts.
fn masses(mean: f64) -> (u64, Vec<f64>) {
    let mode = mean.floor() as u64;
    let mut from = mode;
    let mut down = Vec::new();
    while from > 0 {
        let mass = poisson_mass(from - 1, mean);
        if mass < NEGLIGIBLE {
            break;
        }
        from -= 1;
        down.push(mass);
    }
    down.reverse();
    let mut all = down;
    for k in mode.. {
        let mass = poisson_mass(k, mean);
        all.push(mass);
        if mass < NEGLIGIBLE {
            break;
        }
    }
    (from, all)
}

/// Sums of the first 0, 1, 2, … masses.
fn running(mass: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut out = vec![0.0];
    out.extend(mass.iter().map(|m| {
        sum += m;
        sum
    }));
    out
}

/// Sums of the masses from each on, and zero at the end.
fn running_back(mass: &[f64]) -> Vec<f64> {
    let mut back: Vec<f64> = mass.to_vec();
    back.reverse();
    let mut out = running(&back);
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All outcomes one by one, as the paper has it.
    fn plain(one: (u64, f64), other: (u64, f64)) -> f64 {
        let ((k1, n1), (k2, n2)) = (one, other);
        let t = |x1: f64, x2: f64| {
            let spread = (x1 / n1 / n1 + x2 / n2 / n2).sqrt();
            if spread == 0.0 {
                0.0
            } else {
                ((x1 / n1 - x2 / n2) / spread).abs()
            }
        };
        let rate = (k1 + k2) as f64 / (n1 + n2);
        let seen = t(k1 as f64, k2 as f64);
        let mut p = 0.0;
        for x1 in 0..200 {
            for x2 in 0..200 {
                if t(x1 as f64, x2 as f64) >= seen * (1.0 - 1e-12) {
                    p += poisson_mass(x1, n1 * rate) * poisson_mass(x2, n2 * rate);
                }
            }
        }
        p.min(1.0)
    }

    #[test]
    fn the_golden_example_holds_with_the_outcome_that_was_seen() {
        // SciPy 1.17.1, `poisson_means_test(61, 42_000, 84, 40_000)`, which leaves out 1e-10.
        let got = e_test((61, 42_000.0), (84, 40_000.0));
        assert!((got - 0.028_319_193_678_524).abs() < 1e-9, "{got}");
        // With exposures of 42 and 40 rounding takes the seen outcome, a tie with itself, from
        // SciPy's sum; the test cannot depend on the unit of the exposure.
        let file = include_str!("../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let short = golden["irr_61_of_42000_vs_84_of_40000"]["p_etest"]
            .as_f64()
            .unwrap();
        let rate = 145.0 / 82.0;
        let own = poisson_mass(61, 42.0 * rate) * poisson_mass(84, 40.0 * rate);
        assert!((got - own - short).abs() < 1e-9, "{got} {own} {short}");
        assert!((e_test((61, 42.0), (84, 40.0)) / got - 1.0).abs() < 1e-12);
    }

    #[test]
    fn huge_counts_meet_the_normal_limit() {
        let normal = |z: f64| 2.0 * normal_upper_tail(z);
        let close = e_test((1_000_000, 1.0), (1_002_000, 1.0));
        assert!((close / normal(2_000.0 / 2_002_000f64.sqrt()) - 1.0).abs() < 2e-3);
        let far = e_test((200_000_000, 1.0), (200_040_000, 1.0));
        assert!((far / normal(40_000.0 / 400_040_000f64.sqrt()) - 1.0).abs() < 1e-9);
        assert_eq!(e_test((0, 1.0), (1_000_000, 1.0)), 0.0);
        // One of the two beyond 10⁸ is enough: T² = (3·10⁸ − 4·10⁸)² / (3·10⁸ + 4·10¹⁵).
        let limit = normal(1e8 / (3e8 + 4e15f64).sqrt());
        for (one, other) in [
            ((300_000_000, 1.0), (40, 1e-7)),
            ((40, 1e-7), (300_000_000, 1.0)),
        ] {
            assert!((e_test(one, other) / limit - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_to_compare_is_no_surprise() {
        assert_eq!(e_test((0, 1.0), (0, 5.0)), 1.0);
        assert_eq!(e_test((2, 1.0), (4, 2.0)), 1.0);
        for odd in [0.0, -1.0, f64::INFINITY, f64::NAN] {
            assert!(e_test((2, odd), (4, 2.0)).is_nan(), "{odd}");
            assert!(e_test((2, 2.0), (4, odd)).is_nan(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn it_equals_the_plain_double_sum(
            k1 in 0u64..40, k2 in 0u64..40, n1 in 0.5..2.0f64, n2 in 0.5..2.0f64,
        ) {
            let (got, want) = (e_test((k1, n1), (k2, n2)), plain((k1, n1), (k2, n2)));
            prop_assert!((got - want).abs() < 1e-12, "{got} {want}");
        }

        #[test]
        fn the_order_of_the_two_does_not_matter(
            k1 in 0u64..400, k2 in 0u64..400, n1 in 0.1..10.0f64, n2 in 0.1..10.0f64,
        ) {
            let (a, b) = (e_test((k1, n1), (k2, n2)), e_test((k2, n2), (k1, n1)));
            prop_assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}
