//! The Poisson distribution and intervals for its mean.

use super::normal::normal_quantile;
use super::outward::outward;
use super::root::increasing_root;
use super::saddle::poisson_mass;

/// P(X ≤ k) and P(X ≥ k) for X Poisson, each to full relative precision; NaN for what is no mean.
///
/// Time: some 10 √mean terms, and beyond 50,000 terms some hundreds of evaluations.
///
/// ```
/// use brandpunt::stats::poisson_tails;
///
/// let (less, greater) = poisson_tails(0, 2.0);
/// assert!((less - (-2.0f64).exp()).abs() < 1e-16 && greater == 1.0);
/// ```
#[must_use]
pub fn poisson_tails(k: u64, mean: f64) -> (f64, f64) {
    if mean.is_nan() || mean < 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if mean == f64::INFINITY {
        return (0.0, 1.0);
    }
    let (at, x) = (poisson_mass(k, mean), k as f64);
    // The shorter tail is summed, the other is what is left of one.
    if x >= mean {
        let above = at * outward(|step| Some((mean - (x + step + 1.0)) / (x + step + 1.0)));
        (1.0 - above, (at + above).min(1.0))
    } else {
        let below = at * outward(|step| (step < x).then(|| (x - step - mean) / mean));
        (at + below, 1.0 - below)
    }
}

/// Exact two-sided interval for the mean of a Poisson count (Garwood 1936).
///
/// `L = ½ χ²(α/2; 2k)` (0 for k = 0), `U = ½ χ²(1 − α/2; 2k + 2)` with `α = 1 − level`; it covers
/// the mean with at least the stated level, whatever the mean. NaN unless the level lies between
/// 0 and 1.
///
/// Source: Garwood 1936, Biometrika 28:437, doi:10.1093/biomet/28.3-4.437.
///
/// ```
/// use brandpunt::stats::garwood_interval;
///
/// let (low, high) = garwood_interval(3, 0.95);
/// assert!((low - 0.618_672_123).abs() < 1e-9 && (high - 8.767_273_070).abs() < 1e-9);
/// ```
#[must_use]
pub fn garwood_interval(k: u64, level: f64) -> (f64, f64) {
    if !(level > 0.0 && level < 1.0) {
        return (f64::NAN, f64::NAN);
    }
    let tail = 0.5 * (1.0 - level);
    let x = k as f64;
    let (near_low, near_high) = byar_interval(k, level);
    let low = if k == 0 {
        0.0
    } else {
        let least = (0.5 * near_low).min(1e-3 * x).max(1e-12);
        increasing_root(
            |mean| (poisson_tails(k, mean).1 / tail).ln(),
            tiny(least, k, tail),
            x,
        )
    };
    let high = increasing_root(
        |mean| -(poisson_tails(k, mean).0 / tail).ln(),
        x.max(1e-12),
        2.0 * near_high + 10.0 - 2.0 * tail.ln(),
    );
    (low, high)
}

/// A mean so small that P(X ≥ k) lies below the tail.
fn tiny(mut mean: f64, k: u64, tail: f64) -> f64 {
    while mean > f64::MIN_POSITIVE && poisson_tails(k, mean).1 > tail {
        mean *= 1e-3;
    }
    mean
}

/// Byar's approximate interval for the mean of a Poisson count.
///
/// `L = k (1 − 1/(9k) − z/(3√k))³`, `U = (k+1) (1 − 1/(9(k+1)) + z/(3√(k+1)))³`; within 0.4 % of
/// the exact one from k = 5 on, and cheap. NaN unless the level lies between 0 and 1.
///
/// Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, p. 69.
#[must_use]
pub fn byar_interval(k: u64, level: f64) -> (f64, f64) {
    if !(level > 0.0 && level < 1.0) {
        return (f64::NAN, f64::NAN);
    }
    let z = normal_quantile(0.5 * (1.0 - level));
    let x = k as f64;
    let low = if k == 0 {
        0.0
    } else {
        x * (1.0 - 1.0 / (9.0 * x) - z / (3.0 * x.sqrt())).powi(3)
    };
    let up = x + 1.0;
    (
        low.max(0.0),
        up * (1.0 - 1.0 / (9.0 * up) + z / (3.0 * up.sqrt())).powi(3),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_equal_the_golden_ones() {
        let file = include_str!("../../data/golden/poisson_ci.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let rows = golden["rows"].as_array().unwrap();
        assert!(rows.len() > 10);
        for row in rows {
            let k = row["k"].as_u64().unwrap();
            let number = |name: &str| row[name].as_str().unwrap().parse::<f64>().unwrap();
            let (low, high) = garwood_interval(k, 0.95);
            let (byar_low, byar_high) = byar_interval(k, 0.95);
            for (got, name) in [
                (low, "garwood_lo"),
                (high, "garwood_hi"),
                (byar_low, "byar_lo"),
                (byar_high, "byar_hi"),
            ] {
                let want = number(name);
                assert!(
                    (got - want).abs() <= 1e-10 * want,
                    "{k} {name}: {got} {want}"
                );
            }
        }
    }

    #[test]
    fn counts_beyond_any_city_are_answered_too() {
        // The mass at k by mpmath 1.4.1 and the terms beyond it one by one; the last by SciPy 1.17.1,
        // special.gammaincc(k + 1, mean) and gammainc(k, mean). At the third SciPy is wrong (1.2e-11).
        for (k, mean, less, greater) in [
            (
                1_000_000_000_000,
                1e12,
                0.500_000_265_961_520_3,
                0.500_000_132_980_760_7,
            ),
            (
                999_996_000_000,
                1e12,
                3.167_097_417_324_844_4e-5,
                0.999_968_329_159_655_8,
            ),
            (
                1_000_006_000_000,
                1e12,
                0.999_999_999_013_379_95,
                9.866_261_262_639_03e-10,
            ),
            (
                1_000_000_000_000_000,
                1_000_000_100_000_000.0,
                0.000_782_701_469_015_989_9,
                0.999_217_298_615_987_7,
            ),
        ] {
            let got = poisson_tails(k, mean);
            assert!((got.0 / less - 1.0).abs() < 1e-9, "{k} {mean}: {got:?}");
            assert!((got.1 / greater - 1.0).abs() < 1e-9, "{k} {mean}: {got:?}");
        }
        // SciPy's gammaincinv(k, 0.025) and gammainccinv(k + 1, 0.025).
        let (low, high) = garwood_interval(1_000_000_000_000, 0.95);
        assert!((low - 999_998_040_036.962_6).abs() < 0.01, "{low}");
        assert!((high - 1_000_001_959_965.931_6).abs() < 0.01, "{high}");
        assert!(garwood_interval(u64::MAX, 0.95).1 > 1e19);
        for level in [0.0, 1.0, -3.0, 119.3, f64::NAN] {
            assert!(garwood_interval(7, level).0.is_nan(), "{level}");
            assert!(byar_interval(7, level).1.is_nan(), "{level}");
        }
    }

    #[test]
    fn the_ends_of_the_means() {
        assert_eq!(poisson_tails(0, 0.0), (1.0, 1.0));
        assert_eq!(poisson_tails(3, 0.0), (1.0, 0.0));
        assert_eq!(poisson_tails(3, f64::INFINITY), (0.0, 1.0));
        assert!(poisson_tails(0, -1.0).0.is_nan() && poisson_tails(3, -1.0).0.is_nan());
        assert!(
            poisson_tails(3, f64::NEG_INFINITY).0.is_nan() && poisson_tails(3, f64::NAN).1.is_nan()
        );
        for (k, mean) in [(0, 0.7), (2, 1.5), (1, 1.5), (9, 4.0), (30, 41.5)] {
            let (less, greater) = poisson_tails(k, mean);
            let below: f64 = (0..=k).map(|j| poisson_mass(j, mean)).sum();
            let above: f64 = (k..200).map(|j| poisson_mass(j, mean)).sum();
            assert!((less - below).abs() < 1e-13 && (greater - above).abs() < 1e-13);
        }
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Sums of masses with 60 digits (mpmath 1.4.1).
        for (k, mean, less, greater) in [
            (90, 30.0, 1.0, 8.179_798_597_262_495e-19),
            (3, 40.0, 4.888_864_465_181_051e-14, 1.0),
            (200, 100.5, 1.0, 1.544_093_151_206_007e-18),
            (60, 100.5, 8.786_690_502_504_516e-6, 0.999_994_870_886_051),
            (1, 1e-9, 1.0, 9.999_999_995e-10),
        ] {
            let got = poisson_tails(k, mean);
            assert!((got.0 / less - 1.0).abs() < 1e-13, "{k} {mean}: {got:?}");
            assert!((got.1 / greater - 1.0).abs() < 1e-13, "{k} {mean}: {got:?}");
        }
    }

    #[test]
    fn extreme_levels_and_counts_stay_in_order() {
        for level in [0.5, 0.9, 0.999, 0.999_999, 1.0 - 1e-14] {
            for k in [0, 1, 2, 50, 5_000, 1_000_000] {
                let (low, high) = garwood_interval(k, level);
                assert!(
                    low <= k as f64 && k as f64 <= high && high.is_finite(),
                    "{k} {level}"
                );
                let tail = 0.5 * (1.0 - level);
                assert!(
                    (poisson_tails(k, high).0 / tail - 1.0).abs() < 1e-8,
                    "{k} {level}"
                );
                if k > 0 {
                    assert!(
                        (poisson_tails(k, low).1 / tail - 1.0).abs() < 1e-8,
                        "{k} {level}"
                    );
                }
            }
        }
    }
}
