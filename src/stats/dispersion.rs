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
/// With total N and shares s of the exposure, `e = N s` and Pearson's
/// `X² = Σ (count − e)²/e`; the ratio is `X²/(units − 1)`. For p, X² is compared with a gamma
/// distribution that has its exact mean and variance for rare incidents too (Haldane 1937):
/// `units − 1` and `2 (units − 1) + (Σ 1/s − units² − 2 units + 2)/N`.
///
/// Units without exposure, or whose count or exposure is NaN, are left out; with fewer than two
/// units or without incidents both are NaN.
///
/// Source: Haldane 1937, Biometrika 29:133, doi:10.1093/biomet/29.1-2.133.
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
    let units = known().count() as f64;
    if units < 2.0 || total.is_nan() || total <= 0.0 {
        return Dispersion {
            ratio: f64::NAN,
            p: f64::NAN,
        };
    }
    let squares = sum(known().map(|(count, e)| {
        let expected = total * e / people;
        (count - expected).powi(2) / expected
    }));
    let mean = units - 1.0;
    let rarity = sum(known().map(|(_, e)| people / e)) - units * units - 2.0 * units + 2.0;
    let variance = 2.0 * mean + rarity / total;
    // A single incident can only fall in one unit: X² has then next to no spread left.
    let p = if variance > 0.0 {
        // A gamma distribution is a scaled chi-square.
        chi_square_tails(
            2.0 * squares * mean / variance,
            2.0 * mean * mean / variance,
        )
        .1
    } else {
        1.0
    };
    Dispersion {
        ratio: squares / mean,
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
        let (mut mean, mut square) = (0.0, 0.0);
        for way in 0..27usize {
            let places = [way % 3, way / 3 % 3, way / 9];
            let mut counts = [0.0; 3];
            let mut chance = 1.0;
            for place in places {
                counts[place] += 1.0;
                chance *= exposure[place] / 4.0;
            }
            let x = 2.0 * dispersion_test(&counts, &exposure).ratio;
            mean += chance * x;
            square += chance * x * x;
        }
        let variance = 2.0 * 2.0 + (2.0 + 4.0 + 4.0 - 9.0 - 6.0 + 2.0) / 3.0;
        assert!((mean - 2.0).abs() < 1e-12, "{mean}");
        assert!((square - mean * mean - variance).abs() < 1e-12);
    }

    #[test]
    fn the_test_keeps_its_level_for_rare_incidents() {
        for total in [40, 400] {
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
            // 0.05 ± 4 standard errors of 1,000 maps.
            assert!((22..=78).contains(&rejected), "{rejected} of {maps}");
        }
    }
}
