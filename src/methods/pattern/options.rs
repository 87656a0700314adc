//! The options that all questions of this room share.

use super::envelope;
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) radii: Vec<f64>,
    pub(super) simulations: usize,
    pub(super) level: f64,
    pub(super) seed: u64,
}

impl Options {
    pub(super) fn new(radii: &[f64]) -> Self {
        Self {
            radii: radii.to_vec(),
            simulations: 0,
            level: 0.95,
            seed: 0,
        }
    }

    /// The greatest radius.
    pub(super) fn reach(&self) -> f64 {
        self.radii.last().copied().unwrap_or(0.0)
    }

    pub(super) fn check(&self, most: usize) -> Result<()> {
        envelope::check(self.simulations, self.level)?;
        let ascending = self.radii.windows(2).all(|r| r[0] < r[1]);
        let finite = self.radii.iter().all(|r| r.is_finite() && *r >= 0.0);
        if ascending && finite && self.reach() > 0.0 && self.radii.len() <= most {
            return Ok(());
        }
        let shown: Vec<String> = self.radii.iter().take(8).map(f64::to_string).collect();
        let expected = format!("1 to {most} ascending distances in metres, from 0 up");
        Err(Error::parameter("radii", shown.join(", "), expected))
    }
}

/// The setters of a question with a field `options`.
macro_rules! setters {
    ($question:ident) => {
        impl $question {
            /// Sets how many patterns are simulated, none at first.
            #[must_use]
            pub fn simulations(mut self, simulations: usize) -> Self {
                self.options.simulations = simulations;
                self
            }

            /// Sets the level of the envelopes, 0.95 at first.
            #[must_use]
            pub fn level(mut self, level: f64) -> Self {
                self.options.level = level;
                self
            }

            /// Sets the seed of the simulated patterns.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = seed;
                self
            }
        }
    };
}
pub(super) use setters;
