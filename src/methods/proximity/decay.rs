//! The density as a smooth function of distance.

use crate::stats::{normal_quantile, sum};

/// Points of the curve less one.
const STEPS: usize = 64;
/// Bins per bandwidth.
const FINE: f64 = 8.0;
/// Bandwidths at which the Gaussian is cut off.
const TAIL: f64 = 5.0;

/// A Gaussian in distance, on bins.
#[derive(Debug, Clone)]
pub(super) struct Smoothing {
    pub(super) bandwidth: f64,
    pub(super) distance: Vec<f64>,
    bins: usize,
    /// Kernel values, one row per point of the curve.
    kernel: Vec<f64>,
}

impl Smoothing {
    /// The bandwidth of a Gaussian for the distances of some incidents up to a reach (Silverman
    /// 1986, eq. 3.31), and never less than a hundredth of the reach.
    pub(super) fn automatic(distances: &mut Vec<f64>, reach: f64) -> f64 {
        distances.retain(|d| *d <= reach);
        distances.sort_unstable_by(f64::total_cmp);
        let n = distances.len();
        if n < 2 {
            return reach / 10.0;
        }
        let mean = sum(distances.iter().copied()) / n as f64;
        let squares = sum(distances.iter().map(|d| (d - mean) * (d - mean)));
        let deviation = (squares / (n - 1) as f64).sqrt();
        let range = distances[3 * n / 4] - distances[n / 4];
        let spread = [deviation, range / 1.34]
            .into_iter()
            .filter(|s| *s > 0.0)
            .fold(f64::INFINITY, f64::min);
        let rule = 0.9 * spread * (n as f64).powf(-0.2);
        rule.clamp(reach / 100.0, reach / 4.0)
    }

    pub(super) fn new(bandwidth: f64, reach: f64) -> Self {
        let bins = ((reach / bandwidth + TAIL) * FINE).ceil() as usize;
        let distance: Vec<f64> = (0..=STEPS)
            .map(|i| reach * i as f64 / STEPS as f64)
            .collect();
        let kernel = distance
            .iter()
            .flat_map(|d| {
                (0..bins).map(move |bin| {
                    let t = d / bandwidth - (bin as f64 + 0.5) / FINE;
                    if t.abs() <= TAIL {
                        (-0.5 * t * t).exp()
                    } else {
                        0.0
                    }
                })
            })
            .collect();
        Self {
            bandwidth,
            distance,
            bins,
            kernel,
        }
    }

    pub(super) fn bin_edges(&self) -> Vec<f64> {
        let width = self.bandwidth / FINE;
        (0..=self.bins).map(|i| i as f64 * width).collect()
    }

    /// Smoothed incidents over smoothed exposure at each point of the curve.
    pub(super) fn ratio(&self, counts: &[f64], exposure: &[f64]) -> Vec<f64> {
        self.rows()
            .map(|row| dot(row, counts) / dot(row, exposure))
            .map(|r| if r.is_finite() { r } else { f64::NAN })
            .collect()
    }

    /// Half the width of the interval at each point, for incidents that fall independently.
    pub(super) fn margin(&self, counts: &[f64], exposure: &[f64], level: f64) -> Vec<f64> {
        let z = normal_quantile(0.5 * (1.0 - level));
        self.rows()
            .map(|row| {
                let squares = row.iter().zip(counts).map(|(k, n)| k * k * n);
                z * squares.sum::<f64>().sqrt() / dot(row, exposure)
            })
            .collect()
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.kernel.chunks_exact(self.bins)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_everywhere_alike_gives_a_level_curve() {
        let smoothing = Smoothing::new(40.0, 500.0);
        let ring = |i: usize| (2 * i + 1) as f64;
        let bins = smoothing.bin_edges().len() - 1;
        let exposure: Vec<f64> = (0..bins).map(ring).collect();
        let counts: Vec<f64> = exposure.iter().map(|e| 3.0 * e).collect();
        for r in smoothing.ratio(&counts, &exposure) {
            assert!((r - 3.0).abs() < 1e-12);
        }
        let none = vec![0.0; bins];
        assert!(smoothing.ratio(&counts, &none).iter().all(|r| r.is_nan()));
    }

    #[test]
    fn silvermans_rule_is_that_of_r() {
        // R 4.3: bw.nrd0(c(10, 20, 40, 80, 160)) with type-7 quartiles 20 and 80: 29.29.
        let mut d = vec![160.0, 10.0, 80.0, 900.0, 20.0, 40.0];
        let got = Smoothing::automatic(&mut d, 200.0);
        let spread: f64 = 60.0 / 1.34;
        assert!((got - 0.9 * spread * 5f64.powf(-0.2)).abs() < 1e-12);
        // Here the standard deviation is the smaller one: √(5/3), below 2/1.34.
        let got = Smoothing::automatic(&mut vec![1.0, 2.0, 3.0, 4.0], 10.0);
        let spread = (5.0f64 / 3.0).sqrt();
        assert!((got - 0.9 * spread * 4f64.powf(-0.2)).abs() < 1e-12);
    }

    /// Sixteen incidents in one ring: wherever it is felt, four standard errors make the ratio.
    #[test]
    fn the_interval_is_that_of_a_count() {
        let smoothing = Smoothing::new(40.0, 500.0);
        let bins = smoothing.bin_edges().len() - 1;
        let mut counts = vec![0.0; bins];
        counts[bins / 3] = 16.0;
        let exposure: Vec<f64> = (0..bins).map(|i| 1.0 + i as f64).collect();
        let ratio = smoothing.ratio(&counts, &exposure);
        assert!(ratio.iter().any(|r| *r > 0.0));
        let margin = smoothing.margin(&counts, &exposure, 0.95);
        for (margin, ratio) in margin.iter().zip(ratio) {
            assert!((margin - 1.959_963_984_540_054 / 4.0 * ratio).abs() < 1e-12);
        }
    }

    /// Every bin counts by the distance of its middle, up to five bandwidths.
    #[test]
    fn the_curve_is_smoothed_by_a_gaussian() {
        let smoothing = Smoothing::new(40.0, 500.0);
        assert_eq!(smoothing.distance.len(), 65);
        assert_eq!(
            (smoothing.distance[32], smoothing.distance[64]),
            (250.0, 500.0)
        );
        let edges = smoothing.bin_edges();
        assert_eq!((edges.len(), edges[1], edges[140]), (141, 5.0, 700.0));
        let counts: Vec<f64> = (0..140).map(|bin| f64::from(bin * 37 % 11)).collect();
        let exposure: Vec<f64> = (0..140).map(|bin| 1.0 + f64::from(bin * 53 % 7)).collect();
        let ratio = smoothing.ratio(&counts, &exposure);
        for (d, found) in smoothing.distance.iter().zip(ratio) {
            let (mut above, mut below) = (0.0, 0.0);
            for (bin, (count, exposed)) in counts.iter().zip(&exposure).enumerate() {
                let off = d - (edges[bin] + 2.5);
                if off.abs() <= 200.0 {
                    let weight = (-0.5 * (off / 40.0).powi(2)).exp();
                    above += weight * count;
                    below += weight * exposed;
                }
            }
            assert!((found - above / below).abs() < 1e-12);
        }
    }

    #[test]
    fn a_bandwidth_is_no_less_than_a_hundredth_and_no_more_than_a_quarter_of_the_reach() {
        let of = |distances: &[f64]| Smoothing::automatic(&mut distances.to_vec(), 100.0);
        assert_eq!(of(&[]), 10.0);
        assert_eq!(of(&[50.0, 100.1]), 10.0);
        assert_eq!(of(&[50.0; 9]), 25.0);
        assert_eq!(of(&[50.0, 50.1, 50.2, 50.3]), 1.0);
        assert_eq!(of(&[0.0, 0.0, 100.0, 100.0]), 25.0);
        // The middle ones are equal, so that only the standard deviation tells: √50.
        let want = 0.9 * 50f64.sqrt() * 5f64.powf(-0.2);
        assert!((of(&[40.0, 50.0, 50.0, 50.0, 60.0]) - want).abs() < 1e-12);
    }
}
