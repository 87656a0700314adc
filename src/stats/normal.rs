//! The normal distribution.

use libm::erfc;
use statrs::function::erf::erfc_inv;

/// P(Z > z) for a standard normal Z, to full relative precision down to 1e-300.
///
/// ```
/// use brandpunt::stats::normal_upper_tail;
///
/// let p = normal_upper_tail(6.0);
/// assert!((p / 9.865_876_450_376_98e-10 - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_upper_tail(z: f64) -> f64 {
    0.5 * erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// P(Z ≤ z) and P(Z ≥ z), each to full relative precision: the larger is what the smaller leaves.
#[must_use]
pub fn normal_tails(z: f64) -> (f64, f64) {
    let small = normal_upper_tail(z.abs());
    if z < 0.0 {
        (small, 1.0 - small)
    } else {
        (1.0 - small, small)
    }
}

/// The z with P(Z > z) equal to `upper`, for a probability strictly between 0 and 1.
#[must_use]
pub fn normal_quantile(upper: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(2.0 * upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with 40 digits of arithmetic.
    const TAILS: [(f64, f64); 6] = [
        (0.0, 0.5),
        (1.0, 0.158_655_253_931_457_051_4),
        (1.959_963_984_540_054, 0.025),
        (6.0, 9.865_876_450_376_981_407e-10),
        (20.0, 2.753_624_118_606_233_695e-89),
        (37.0, 5.725_571_222_524_576_813e-300),
    ];

    #[test]
    fn tails_keep_their_relative_precision() {
        for (z, p) in TAILS {
            assert!((normal_upper_tail(z) / p - 1.0).abs() < 1e-12, "{z}");
        }
        assert_eq!(
            normal_tails(-6.0),
            (normal_upper_tail(6.0), normal_upper_tail(-6.0))
        );
        assert_eq!(
            normal_tails(6.0),
            (normal_upper_tail(-6.0), normal_upper_tail(6.0))
        );
        assert!(normal_tails(f64::NAN).0.is_nan());
        assert!((normal_upper_tail(-1.0) - 0.841_344_746_068_542_9).abs() < 1e-15);
        assert!((normal_quantile(0.025) - 1.959_963_984_540_054).abs() < 1e-12);
    }
}
