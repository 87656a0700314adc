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
