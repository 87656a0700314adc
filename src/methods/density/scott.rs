//! A bandwidth from the spread of the incidents alone.

use crate::stats::Moments;

/// Scott's bandwidth for a Gaussian kernel, in the unit of the coordinates.
///
/// `σ n^(−1/6)` with σ² the mean of both axes' variances, each the lesser of the sample variance
/// and the square of the interquartile range over 1.349 (a range of zero says nothing and is not
/// used). It assumes one hill, so it smooths a city of many too much. 0 for fewer than two
/// incidents. Multiply by [`Kernel::deviation`](super::Kernel::deviation) of the Gaussian over that
/// of another kernel to smooth as much with the other.
///
/// Source: Scott 1992, Multivariate Density Estimation, doi:10.1002/9780470316849.
///
/// ```
/// use brandpunt::methods::density::scott_bandwidth;
///
/// let x: Vec<f64> = (0..64).map(f64::from).collect();
/// // Standard deviation 18.62, less than the range of 31.5 over 1.349; 64^(1/6) is 2.
/// assert!((scott_bandwidth(&x, &x) - 9.31).abs() < 0.01);
/// assert_eq!(scott_bandwidth(&[1.0], &[1.0]), 0.0);
/// ```
#[must_use]
pub fn scott_bandwidth(x: &[f64], y: &[f64]) -> f64 {
    if x.len() < 2 {
        return 0.0;
    }
    let spread = 0.5 * (variance(x) + variance(y));
    spread.sqrt() * (x.len() as f64).powf(-1.0 / 6.0)
}

fn variance(column: &[f64]) -> f64 {
    let mut values = column.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        let at = share * (values.len() - 1) as f64;
        let below = values[at as usize];
        let above = values[(at as usize + 1).min(values.len() - 1)];
        below + (at - at.floor()) * (above - below)
    };
    let range = (quantile(0.75) - quantile(0.25)) / 1.349;
    let variance = Moments::of(column).sample_variance();
    if range > 0.0 {
        variance.min(range * range)
    } else {
        variance
    }
}
