//! The options that all local statistics share.

use super::inference::{Alternative, Inference};
use crate::stats::Correction;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) inference: Inference,
    pub(super) alternative: Alternative,
    pub(super) correction: Correction,
    pub(super) level: f64,
    pub(super) seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            inference: Inference::Exact,
            alternative: Alternative::TwoSided,
            correction: Correction::Fdr,
            level: 0.05,
            seed: 0,
        }
    }
}

/// The setters of a statistic with a field `options`.
macro_rules! setters {
    ($statistic:ident) => {
        impl $statistic {
            /// With the options that are the default: corrected by Benjamini-Hochberg, level 5 %.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets how p-values come about.
            #[must_use]
            pub fn inference(mut self, inference: $crate::methods::local::Inference) -> Self {
                self.options.inference = inference;
                self
            }

            /// Sets which deviation counts as extreme.
            #[must_use]
            pub fn alternative(mut self, alternative: $crate::methods::local::Alternative) -> Self {
                self.options.alternative = alternative;
                self
            }

            /// Sets how p-values are corrected for the number of tests.
            #[must_use]
            pub fn correction(mut self, correction: $crate::stats::Correction) -> Self {
                self.options.correction = correction;
                self
            }

            /// Sets the level at which a unit is called significant, and at which the resolution
            /// of simulated p-values is judged.
            #[must_use]
            pub fn level(mut self, level: f64) -> Self {
                self.options.level = level;
                self
            }

            /// Sets the seed of simulations.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = seed;
                self
            }
        }
    };
}

pub(super) use setters;
