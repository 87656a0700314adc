//! The chi-square distribution.

use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur};

/// P(X ≤ x) and P(X ≥ x) for X chi-square with any positive degrees of freedom, whole or not.
///
/// NaN where the degrees of freedom are not positive or either is NaN.
///
/// ```
/// use brandpunt::stats::chi_square_tails;
///
/// let (less, greater) = chi_square_tails(2.0, 2.0);
/// assert!((greater - (-1.0f64).exp()).abs() < 1e-14 && (less + greater - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn chi_square_tails(x: f64, freedom: f64) -> (f64, f64) {
    if x == 0.0 && freedom > 0.0 {
        return (0.0, 1.0);
    }
    (
        checked_gamma_lr(0.5 * freedom, 0.5 * x).unwrap_or(f64::NAN),
        checked_gamma_ur(0.5 * freedom, 0.5 * x).unwrap_or(f64::NAN),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_exponential_and_of_scipy() {
        // With two degrees of freedom it is exponential; the other is chi2.sf of SciPy 1.17.1.
        for x in [0.0, 0.3, 2.0, 40.0f64] {
            let (less, greater) = chi_square_tails(x, 2.0);
            assert!((greater / (-0.5 * x).exp() - 1.0).abs() < 1e-12, "{x}");
            assert!((less + (-0.5 * x).exp_m1()).abs() < 1e-14, "{x}");
        }
        let (less, greater) = chi_square_tails(258.0, 240.0);
        assert!((greater - 0.202_662_734_206_083_47).abs() < 1e-9);
        assert!((less + greater - 1.0).abs() < 1e-12);
        assert!(chi_square_tails(1.0, 0.0).0.is_nan() && chi_square_tails(0.0, 0.0).1.is_nan());
    }
}
