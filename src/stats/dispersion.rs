//! Do counts vary more than chance alone would make them?

use super::chi_square::chi_square_tails;
use super::summation::sum;

/// How much counts vary around their expectations.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Dispersion {
    /// Variance divided by mean, given the exposures; one by chance alone.
    pub ratio: f64,
    /// P(a ratio at least as large) if incidents fell independently in proportion to exposure.
    pub p: f64,
}

/// Whether counts vary more around their expectations than independent incidents would.
///
/// With total N and shares s of the exposure, `e = N s`; the ratio is
/// `Σ (count − e)² / Σ e (1 − s)`, so units of little exposure do not rule it. For p, half of
/// `D = Σ (count − e)² − count` is compared, as a number of pairs of incidents in one unit, with a
/// gamma distribution of the mean `N (N − 1)/2 Σ s²` that such pairs have and the exact variance
/// of `D/2`, which serves few incidents and many:
///
/// ```text
/// E(D)   = −N Σ s²
/// Var(D) = 2 N (N − 1) (Σ s² − 2 Σ s³ + (Σ s²)²) + 4 N (Σ s³ − (Σ s²)²)
/// ```
///
/// D is the score statistic for Poisson means that vary (Dean 1992), given the total.
///
/// Units without exposure, or whose count or exposure is NaN, are left out; with fewer than two
/// units or without incidents both are NaN.
///
/// Source: Dean 1992, Journal of the American Statistical Association 87:451,
/// doi:10.1080/01621459.1992.10475225.
///
/// ```
/// use brandpunt::stats::dispersion_test;
///
/// let found = dispersion_test(&[0.0, 40.0, 1.0, 39.0], &[1.0; 4]);
/// assert!(found.ratio > 20.0 && found.p < 1e-10);
/// ```
#[must_use]
pub fn dispersion_test(counts: &[f64], exposure: &[f64]) -> Dispersion {
    let known = || {
        let all = counts.iter().zip(exposure);
        all.filter(|(c, e)| !c.is_nan() && **e > 0.0)
    };
    let total = sum(known().map(|(c, _)| *c));
    let people = sum(known().map(|(_, e)| *e));
    if known().count() < 2 || total.is_nan() || total <= 0.0 {
        return Dispersion {
            ratio: f64::NAN,
            p: f64::NAN,
        };
    }
    let squares = sum(known().map(|(count, e)| (count - total * e / people).powi(2)));
    let power = |k: i32| sum(known().map(|(_, e)| (e / people).powi(k)));
    let (second, third) = (power(2), power(3));
    let pairs = 0.5 * total * (total - 1.0) * second;
    let variance = 2.0 * total * (total - 1.0) * (second - 2.0 * third + second * second)
        + 4.0 * total * (third - second * second);
    let excess = 0.5 * (squares - total + total * second);
    let variance = 0.25 * variance;
    // A single incident makes no pair. Pairs are whole: half of one is the correction for that.
    let p = if pairs > 0.0 && variance > 0.0 {
        let seen = (pairs + excess - 0.5).max(0.0);
        // A gamma distribution is a scaled chi-square.
        chi_square_tails(
            2.0 * seen * pairs / variance,
            2.0 * pairs * pairs / variance,
        )
        .1
    } else {
        1.0
    };
    Dispersion {
        ratio: squares / (total * (1.0 - second)),
        p,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;
    use rand::RngExt;

    #[test]
    fn the_moments_are_those_of_multinomial_counts() {
        // All ways to throw three incidents into three units with shares 1/2, 1/4, 1/4.
        let exposure = [2.0, 1.0, 1.0];
        let (mut ratio, mut mean, mut square) = (0.0, 0.0, 0.0);
        for way in 0..27usize {
            let places = [way % 3, way / 3 % 3, way / 9];
            let mut counts = [0.0; 3];
            let mut chance = 1.0;
            for place in places {
                counts[place] += 1.0;
                chance *= exposure[place] / 4.0;
            }
            let found = dispersion_test(&counts, &exposure).ratio;
            ratio += chance * found;
            let d = found * 3.0 * (1.0 - 0.375) - 3.0;
            mean += chance * d;
            square += chance * d * d;
        }
        let (second, third): (f64, f64) = (0.375, 0.15625);
        assert!((ratio - 1.0).abs() < 1e-12);
        assert!((mean + 3.0 * second).abs() < 1e-12);
        let variance =
            12.0 * (second - 2.0 * third + second * second) + 12.0 * (third - second * second);
        assert!((square - mean * mean - variance).abs() < 1e-12);
    }

    #[test]
    fn a_worked_example() {
        // 5 and 11 in two units alike: X² = 18/8 on one degree of freedom. Pairs in one unit are
        // 10 + 55 = 65, expected 60 with a variance of 120/4 = 30; the gamma distribution of that
        // mean and variance beyond 64.5 is chi2.sf(258, 240) of SciPy 1.17.1.
        let found = dispersion_test(&[5.0, 11.0], &[3.0, 3.0]);
        assert!((found.ratio - 2.25).abs() < 1e-14);
        assert!(
            (found.p - 0.202_662_734_206_083_47).abs() < 1e-9,
            "{}",
            found.p
        );
        // Uneven exposures: by the formulas with 60 digits (mpmath 1.4.1).
        for (counts, exposure, ratio, p) in [
            (
                [9.0, 2.0, 1.0, 0.0],
                [2.0, 1.0, 1.0, 0.0],
                28.0 / 15.0,
                0.220_903_093_910_953_08,
            ),
            (
                [3.0, 5.0, 2.0, 10.0],
                [4.0, 3.0, 2.0, 1.0],
                47.0 / 7.0,
                1.978_282_988_576_216e-8,
            ),
        ] {
            let found = dispersion_test(&counts, &exposure);
            assert!((found.ratio - ratio).abs() < 1e-13, "{}", found.ratio);
            assert!((found.p / p - 1.0).abs() < 1e-9, "{}", found.p);
        }
        let single = dispersion_test(&[5.0], &[3.0]);
        assert!(single.ratio.is_nan() && single.p.is_nan());
        // Units that are not known or without people are not there.
        let more = dispersion_test(&[5.0, 3.0, f64::NAN, 11.0], &[3.0, 0.0, 4.0, 3.0]);
        assert!(more.ratio == found.ratio && more.p == found.p);
        for counts in [[0.0, 0.0], [f64::NAN, 2.0]] {
            let none = dispersion_test(&counts, &[3.0, 3.0]);
            assert!(none.ratio.is_nan() && none.p.is_nan());
        }
        // One incident, and shares of it, make no pair however uneven the exposure is.
        for counts in [[1.0, 0.0], [0.0, 1.0], [0.2, 0.5]] {
            for exposure in [[1.0, 1.0], [3.0, 1.0]] {
                assert_eq!(dispersion_test(&counts, &exposure).p, 1.0, "{counts:?}");
            }
        }
    }

    #[test]
    fn the_test_keeps_its_level_for_rare_incidents() {
        for total in [20, 40, 400, 4_000] {
            let mut random = stream(5, total);
            let exposure: Vec<f64> = (0..100).map(|i| 1.0 + f64::from(i % 7)).collect();
            let people: f64 = exposure.iter().sum();
            let maps = 1_000;
            let mut rejected = 0;
            for _ in 0..maps {
                let mut counts = vec![0.0; 100];
                for _ in 0..total {
                    let mut at = random.random::<f64>() * people;
                    let place = exposure.iter().position(|e| {
                        at -= e;
                        at < 0.0
                    });
                    counts[place.unwrap_or(99)] += 1.0;
                }
                rejected += u32::from(dispersion_test(&counts, &exposure).p <= 0.05);
            }
            // Four standard errors of 1,000 maps above 0.05; few incidents leave a cautious test.
            assert!(
                (8..=78).contains(&rejected),
                "{rejected} of {maps} at {total}"
            );
        }
    }
}
