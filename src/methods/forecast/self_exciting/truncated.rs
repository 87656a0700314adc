//! Exponential delays that end at a reach, and of which the last ones are not seen to their end.

use crate::stats::increasing_root;

/// How far each of some delays could have been seen.
///
/// A delay t has the density ω e^(−ωt) / (1 − e^(−ωr)) on [0, r]. Squared distances of a Gaussian
/// that ends at a reach have the same form, so one file serves time and space.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    reach: f64,
    /// How many are seen up to the reach.
    whole: f64,
    /// How far the others are seen.
    part: Vec<f64>,
}

impl Seen {
    pub(super) fn new(reach: f64, ends: impl IntoIterator<Item = f64>) -> Self {
        let (mut whole, mut part) = (0.0, Vec::new());
        for end in ends {
            if end >= reach {
                whole += 1.0;
            } else {
                part.push(end);
            }
        }
        Self { reach, whole, part }
    }

    /// Sum over all of the share of the density that is seen.
    pub(super) fn mass(&self, rate: f64) -> f64 {
        let part: f64 = self.part.iter().map(|x| share(rate, *x, self.reach)).sum();
        self.whole + part
    }

    /// Mean of the delays that are seen; it falls as the rate grows.
    pub(super) fn mean(&self, rate: f64) -> f64 {
        let terms = |x: f64| {
            let left = (-rate * x).exp();
            (x * left, 1.0 - left)
        };
        let (top, bottom) = terms(self.reach);
        let start = (self.whole * top, self.whole * bottom);
        let (top, bottom) = self.part.iter().fold(start, |(top, bottom), x| {
            let (a, b) = terms(*x);
            (top + a, bottom + b)
        });
        1.0 / rate - top / bottom
    }

    /// The most likely rate for delays with a mean, between two limits.
    pub(super) fn rate(&self, mean: f64, limits: (f64, f64)) -> f64 {
        let (low, high) = limits;
        if self.mean(low) <= mean {
            low
        } else if self.mean(high) >= mean {
            high
        } else {
            increasing_root(|rate| mean - self.mean(rate), low, high)
        }
    }
}

/// Share of the density up to x.
pub(super) fn share(rate: f64, x: f64, reach: f64) -> f64 {
    (-rate * x.min(reach)).exp_m1() / (-rate * reach).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_a_mean_has_that_mean() {
        let seen = Seen::new(10.0, [10.0, 12.0, 3.0, 0.5]);
        for mean in [0.3, 1.0, 3.0] {
            let rate = seen.rate(mean, (1e-3, 1e3));
            assert!((seen.mean(rate) / mean - 1.0).abs() < 1e-9);
        }
        let part = share(0.7, 3.0, 10.0) + share(0.7, 0.5, 10.0);
        assert!((seen.mass(0.7) - 2.0 - part).abs() < 1e-12);
        assert_eq!(seen.rate(9.0, (1e-3, 1e3)), 1e-3);
        assert_eq!(seen.rate(1e-9, (1e-3, 1e3)), 1e3);
        // Integrated by the midpoint rule: 2 e^(−2t) on [0, 1], t on average.
        let steps = 100_000;
        let at = |k: i32| (f64::from(k) + 0.5) / f64::from(steps);
        let (top, bottom) = (0..steps).map(at).fold((0.0, 0.0), |(top, bottom), t| {
            let density = (-2.0 * t).exp();
            (top + t * density, bottom + density)
        });
        let one = Seen::new(1.0, [1.0]);
        assert!((one.mean(2.0) - top / bottom).abs() < 1e-9);
        assert!(
            (share(2.0, 0.5, 1.0) - (1.0 - 1.0f64.exp().recip()) / (1.0 - (-2.0f64).exp())).abs()
                < 1e-12
        );
    }
}
