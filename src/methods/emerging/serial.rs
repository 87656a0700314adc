//! How much a series that depends on itself widens the spread of a trend.

use crate::stats::average_ranks;

/// An autocorrelation beyond so many standard errors counts: 5 %, two-sided.
const SIGNIFICANT: f64 = 1.959_963_984_540_054;

/// The factor of Hamed & Rao on the variance of S, for values given with their steps; NaN for
/// fewer than three.
pub(super) fn variance_factor(known: &[(usize, f64)], slope: f64) -> f64 {
    let n = known.len();
    if n < 3 {
        return f64::NAN;
    }
    let left: Vec<f64> = known
        .iter()
        .map(|&(step, value)| value - slope * step as f64)
        .collect();
    let rank = average_ranks(&left);
    let mean = (n + 1) as f64 / 2.0;
    let squares: f64 = rank.iter().map(|r| (r - mean) * (r - mean)).sum();
    if squares == 0.0 {
        // A straight line leaves nothing that could depend on itself.
        return 1.0;
    }
    let mut at = vec![f64::NAN; known[n - 1].0 + 1];
    for (&(step, _), r) in known.iter().zip(&rank) {
        at[step] = r - mean;
    }
    let size = n as f64;
    let bound = SIGNIFICANT / size.sqrt();
    let weighted: f64 = (1..n - 2)
        .map(|lag| {
            let products = at.iter().zip(&at[lag.min(at.len())..]).map(|(a, b)| a * b);
            let correlation = products.filter(|v| !v.is_nan()).sum::<f64>() / squares;
            let left = size - lag as f64;
            if correlation.abs() > bound {
                left * (left - 1.0) * (left - 2.0) * correlation
            } else {
                0.0
            }
        })
        .sum();
    1.0 + 2.0 / (size * (size - 1.0) * (size - 2.0)) * weighted
}
