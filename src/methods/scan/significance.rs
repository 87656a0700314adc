//! How often chance makes as much.

use super::model::ScanTail;
use super::simulation::reaches;

/// The number of Euler and Mascheroni.
const EULER: f64 = 0.577_215_664_901_532_9;

/// p of a ratio beside the greatest ratios of simulated maps; NaN without any.
pub(super) fn p(ratio: f64, greatest: &[f64], tail: ScanTail) -> f64 {
    if greatest.is_empty() {
        return f64::NAN;
    }
    let reached = greatest.iter().filter(|r| reaches(**r, ratio)).count() as f64;
    let maps = greatest.len() as f64;
    match tail {
        ScanTail::Gumbel => gumbel(ratio, greatest),
        // Simulation that was ended by the last of so many.
        ScanTail::Sequential { reached: most } if reached >= most as f64 => reached / maps,
        ScanTail::Rank | ScanTail::Sequential { .. } => (reached + 1.0) / (maps + 1.0),
    }
}

/// P(a greatest ratio at least as large) for a Gumbel distribution with the mean and the standard
/// deviation of the simulated ones:
/// `1 − exp(−exp(−(x − μ)/σ))`, `σ = sd √6/π`, `μ = mean − 0.5772 σ`.
///
/// NaN for fewer than two maps and for maps that are all alike.
///
/// Source: Abrams, Kulldorff & Kleinman 2010, International Journal of Health Geographics 9:61,
/// doi:10.1186/1476-072X-9-61.
pub(super) fn gumbel(ratio: f64, greatest: &[f64]) -> f64 {
    let maps = greatest.len() as f64;
    let mean = greatest.iter().sum::<f64>() / maps;
    let squares: f64 = greatest.iter().map(|r| (r - mean).powi(2)).sum();
    let scale = (squares / (maps - 1.0)).sqrt() * 6f64.sqrt() / std::f64::consts::PI;
    if !(scale > 0.0 && scale.is_finite()) {
        return f64::NAN;
    }
    let middle = mean - EULER * scale;
    -(-(-(ratio - middle) / scale).exp()).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_the_map_itself() {
        let greatest: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(p(9.5, &greatest, ScanTail::Rank), 0.1);
        assert_eq!(p(8.0, &greatest, ScanTail::Rank), 0.3, "a tie is reached");
        assert_eq!(p(0.0, &greatest, ScanTail::Rank), 1.0);
        assert!(p(1.0, &[], ScanTail::Rank).is_nan());
        // The second that reached it was the last map.
        let tail = ScanTail::Sequential { reached: 2 };
        assert_eq!(p(2.0, &[1.0, 3.0, 1.0, 2.5], tail), 0.5);
        assert_eq!(p(2.0, &[1.0, 3.0, 1.0, 1.0], tail), 0.4);
    }

    #[test]
    fn the_tail_is_that_of_gumbel() {
        // Quantiles of the standard Gumbel distribution, and its tail 1 − exp(−exp(−5)).
        let maps = 100_000;
        let quantile = |k: i32| -(-((f64::from(k) + 0.5) / f64::from(maps)).ln()).ln();
        let greatest: Vec<f64> = (0..maps).map(quantile).collect();
        assert!((gumbel(5.0, &greatest) / 0.006_715_302 - 1.0).abs() < 2e-3);
        // Another place and scale.
        let elsewhere: Vec<f64> = greatest.iter().map(|g| 3.0 * g + 2.0).collect();
        let (here, there) = (gumbel(5.0, &greatest), gumbel(17.0, &elsewhere));
        assert!((there / here - 1.0).abs() < 1e-9);
        // Far out, where 1 − x is 1.
        assert!((gumbel(40.0, &greatest) / (-40f64).exp() - 1.0).abs() < 2e-2);
        // Of 1, 2 and 3 the standard deviation is 1; at the place of the distribution lie 1 − 1/e.
        let place = 2.0 - EULER * 6f64.sqrt() / std::f64::consts::PI;
        let want = 1.0 - (-1f64).exp();
        assert!((gumbel(place, &[1.0, 2.0, 3.0]) - want).abs() < 1e-14);
        assert!(gumbel(1.0, &[2.0, 2.0]).is_nan() && gumbel(1.0, &[2.0]).is_nan());
    }
}
