//! What a self-exciting process is made of.

use std::f64::consts::PI;

/// Parameters of the process.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameters {
    /// Background incidents in each piece of time.
    pub(super) background: Vec<f64>,
    /// Share of each part of the background.
    pub(super) parts: Vec<f64>,
    /// Incidents that one draws after it.
    pub(super) branching: f64,
    /// Rate of the delay, per day.
    pub(super) rate: f64,
    /// Rate of the squared distance, 1/2σ² per m².
    pub(super) closeness: f64,
}

impl Parameters {
    /// Standard deviation of the distance along each axis, were it not for the reach.
    pub(super) fn sigma(&self) -> f64 {
        (0.5 / self.closeness).sqrt()
    }

    /// What the density of a follower is made of, up to the exponentials: per day and m².
    pub(super) fn peak(&self, reach_days: f64, reach_metres: f64) -> f64 {
        let in_time = self.rate / -(-self.rate * reach_days).exp_m1();
        let within = -(-self.closeness * reach_metres * reach_metres).exp_m1();
        self.branching * in_time * (self.closeness / PI) / within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over all delays and distances in reach the density adds up to the branching ratio.
    #[test]
    fn a_report_draws_as_many_as_its_branching_ratio() {
        let parameters = Parameters {
            background: Vec::new(),
            parts: Vec::new(),
            branching: 0.35,
            rate: 0.4,
            closeness: 2e-4,
        };
        assert!((parameters.sigma() - 50.0).abs() < 1e-12);
        let (days, metres, steps) = (6.0, 80.0, 100_000);
        // By the midpoint rule; rings of one surface have squared distances evenly.
        let mean = |rate: f64, most: f64| {
            let at = |k: i32| (f64::from(k) + 0.5) / f64::from(steps) * most;
            (0..steps).map(|k| (-rate * at(k)).exp()).sum::<f64>() / f64::from(steps)
        };
        let in_time = days * mean(0.4, days);
        let in_space = PI * metres * metres * mean(2e-4, metres * metres);
        let all = parameters.peak(days, metres) * in_time * in_space;
        assert!((all - 0.35).abs() < 1e-9, "{all}");
    }
}
