//! Tails as multiples of a mass: sums of products of ratios of neighbouring masses.

/// Terms that are added one by one; what is left of longer sums is integrated.
const TERMS: usize = 50_000;

/// Nodes and weights of Gauss and Legendre on [0, 1].
const NODES: [(f64, f64); 8] = [
    (0.019_855_071_751_231_912, 0.050_614_268_145_188_53),
    (0.101_666_761_293_186_64, 0.111_190_517_226_687_21),
    (0.237_233_795_041_835_5, 0.156_853_322_938_943_44),
    (0.408_282_678_752_175_1, 0.181_341_891_689_180_83),
    (0.591_717_321_247_824_8, 0.181_341_891_689_180_83),
    (0.762_766_204_958_164_5, 0.156_853_322_938_943_44),
    (0.898_333_238_706_813_4, 0.111_190_517_226_687_21),
    (0.980_144_928_248_768_1, 0.050_614_268_145_188_53),
];

/// `r₀ + r₀ r₁ + r₀ r₁ r₂ + …`, where `excess` tells `r − 1` of a step, until there is none or no
/// more to add.
///
/// With the ratios of neighbouring masses it is how many times the mass at the start the masses
/// beyond it come to. A distribution as wide as millions of steps would take as many terms, so
/// after the first ones the rest is `∫ f dt + f/2 − f′/12` (Euler and Maclaurin), with the
/// logarithm of f from the integral of ln r: its ratios change so slowly that what is left out is
/// beyond the last digit.
///
/// Infinite where the masses beyond are too large for a double.
pub(super) fn outward(excess: impl Fn(f64) -> Option<f64>) -> f64 {
    let (mut sum, mut term, mut step) = (0.0, 1.0, 0.0);
    for _ in 0..TERMS {
        let Some(e) = excess(step) else { return sum };
        term *= 1.0 + e;
        step += 1.0;
        let next = sum + term;
        let goes_on = next > sum && next.is_finite();
        if !goes_on {
            // A ratio next to nothing may be rounded to less; no mass is.
            return if next < sum { sum } else { next };
        }
        sum = next;
    }
    // The term at `step` is in the sum already; the integral begins there.
    let slope = |at: f64| excess(at - 0.5).map_or(f64::NEG_INFINITY, f64::ln_1p);
    sum += term * (-0.5 - slope(step) / 12.0);
    while let (Some(e), Some(later)) = (excess(step), excess(step + TERMS as f64 / 50.0)) {
        let bend = (later - e).abs() * 50.0 / TERMS as f64;
        let width = 1.0 / (e.abs() + bend.sqrt());
        let grown = |to: f64| -> f64 {
            let ends = NODES.map(|(node, weight)| weight * slope(step + to * node));
            to * ends.iter().sum::<f64>()
        };
        let parts = NODES.map(|(node, weight)| weight * grown(width * node).exp());
        let next = sum + term * width * parts.iter().sum::<f64>();
        let goes_on = next > sum && next.is_finite();
        if !goes_on {
            return next;
        }
        sum = next;
        term *= grown(width).exp();
        step += width;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All terms one by one.
    fn plain(ratio: impl Fn(f64) -> f64) -> f64 {
        let (mut sum, mut term, mut step) = (0.0, 1.0, 0.0);
        loop {
            term *= ratio(step);
            step += 1.0;
            let next = sum + term;
            if next == sum {
                return sum;
            }
            sum = next;
        }
    }

    #[test]
    fn long_sums_equal_all_their_terms() {
        for (mean, from) in [
            (1e8, 1e8),
            (3e9, 3e9 + 40_000.0),
            (3e9, 3e9 - 60_000.0),
            (1e11, 1e11),
        ] {
            let got = outward(|step| Some((mean - (from + step + 1.0)) / (from + step + 1.0)));
            let want = plain(|step| mean / (from + step + 1.0));
            assert!(
                (got / want - 1.0).abs() < 1e-11,
                "{mean} {from}: {got} {want}"
            );
        }
    }

    /// Those that fall by the same share each step have a sum that is known.
    #[test]
    fn geometric_sums_keep_their_digits() {
        // One plus a power of two is not rounded.
        for power in [2, 10, 14, 16, 17, 20, 30] {
            let e = -0.5f64.powi(power);
            let got = outward(|_| Some(e));
            let want = (1.0 + e) / -e;
            assert!((got / want - 1.0).abs() < 1e-12, "{e}: {got} {want}");
        }
    }

    #[test]
    fn short_and_endless_ones_end() {
        assert_eq!(outward(|step| (step < 3.0).then_some(1.0)), 14.0);
        assert_eq!(outward(|_| Some(-1.0)), 0.0);
        assert_eq!(outward(|_| Some(-1.0 - 1e-15)), 0.0);
        assert!(outward(|_| Some(f64::NAN)).is_nan());
        assert_eq!(outward(|_| Some(1.0)), f64::INFINITY);
        assert_eq!(outward(|_| Some(1e-9)), f64::INFINITY);
        assert!((outward(|_| Some(-1e-7)) - (1e7 - 1.0)).abs() < 1e-2);
    }
}
