//! The options that both tests share.

use super::metric::Metric;
use crate::error::{Error, Fault, Result};
use crate::memory::afford_replicates;
use crate::model::{Clock, Times};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) metric: Metric,
    pub(super) clock: Clock,
    pub(super) strata: Option<Vec<u32>>,
    pub(super) ends: Option<Times>,
    pub(super) same_place: f64,
    pub(super) permutations: usize,
    pub(super) seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            metric: Metric::Euclidean,
            clock: Clock::CalendarDays,
            strata: None,
            ends: None,
            same_place: 0.0,
            permutations: 999,
            seed: 0,
        }
    }
}

impl Options {
    /// Refuses what has no meaning for `n` incidents.
    pub(super) fn check(&self, n: usize) -> Result<()> {
        afford_replicates("permutations", self.permutations, 1)?;
        if !(self.same_place >= 0.0 && self.same_place.is_finite()) {
            let expected = "metres from 0 on";
            return Err(Error::parameter("same_place", self.same_place, expected));
        }
        match &self.strata {
            Some(strata) if strata.len() != n => Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} strata for {n} incidents; give one for each",
                    strata.len()
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// The setters of a test with a field `options`.
macro_rules! setters {
    ($test:ident) => {
        impl $test {
            /// Sets how distance is measured.
            #[must_use]
            pub fn metric(mut self, metric: $crate::methods::near_repeat::Metric) -> Self {
                self.options.metric = metric;
                self
            }

            /// Sets how time is counted.
            #[must_use]
            pub fn clock(mut self, clock: $crate::Clock) -> Self {
                self.options.clock = clock;
                self
            }

            /// Times are exchanged only among incidents of one stratum, such as a weekday or a
            /// district in a year: interaction that the strata explain is no longer found. One
            /// number per incident.
            #[must_use]
            pub fn strata(mut self, strata: Vec<u32>) -> Self {
                self.options.strata = Some(strata);
                self
            }

            /// Sets the last moment at which each incident may have happened, one per incident; its
            /// time is then the first. Each moment between is as likely, and pairs are counted with
            /// the chance that they are close: `P(|t_i − t_j| ≤ τ)`.
            #[must_use]
            pub fn ends(mut self, ends: $crate::Times) -> Self {
                self.options.ends = Some(ends);
                self
            }

            /// Sets up to what distance an incident is a repeat at one place and not a near
            /// repeat, 0 m at first. Only labels depend on it.
            #[must_use]
            pub fn same_place(mut self, metres: f64) -> Self {
                self.options.same_place = metres;
                self
            }

            /// Sets how often the times are exchanged, 999 times at first.
            #[must_use]
            pub fn permutations(mut self, permutations: usize) -> Self {
                self.options.permutations = permutations;
                self
            }

            /// Sets the seed of the permutations.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = seed;
                self
            }
        }
    };
}
pub(super) use setters;
