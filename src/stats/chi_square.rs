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
