//! What there is to say about a whole map in one number.

use crate::error::{Error, Result};
use crate::methods::local::Alternative;
use crate::model::Warning;

/// What is taken as given when a variance is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Assumption {
    /// The values themselves: they are dealt out at random over the units.
    #[default]
    Randomisation,
    /// Only that values are independent draws from one normal distribution.
    Normality,
}

impl Assumption {
    /// The assumption of that name: `randomisation` or `normality`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "randomisation" => Ok(Self::Randomisation),
            "normality" => Ok(Self::Normality),
            other => Err(Error::parameter(
                "assumption",
                other,
                "randomisation or normality",
            )),
        }
    }
}

/// Whether units without any neighbour belong to the map.
///
/// An island has a value, so it is part of the mean, of the spread and of n, though nothing is
/// ever compared with it. spdep's `globalG.test` leaves islands out by default; its `moran.test`
/// (`adjust.n = TRUE`) leaves them out of n but not out of mean and spread, which is the I of
/// `Counted` times (n − islands)/n. PySAL counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Islands {
    /// They do.
    #[default]
    Counted,
    /// They leave it, as units without a value do.
    LeftOut,
}

impl Islands {
    /// The rule of that name: `counted` or `left_out`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "counted" => Ok(Self::Counted),
            "left_out" => Ok(Self::LeftOut),
            other => Err(Error::parameter("islands", other, "counted or left_out")),
        }
    }
}

/// A statistic of a whole map with its inference; NaN where it is not defined, and a warning
/// says why.
///
/// `p_greater` and `p_less` are about the statistic itself. Like values together make Moran's I
/// greater and Geary's C less.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GlobalStatistic {
    /// The statistic.
    pub statistic: f64,
    /// Its expectation when place does not matter.
    pub expected: f64,
    /// Its variance then, under the assumption asked for.
    pub variance: f64,
    /// (statistic − expected) / √variance.
    pub z: f64,
    /// Normal p-value of z, for the alternative asked for.
    pub p_normal: f64,
    /// z with the variance under randomisation.
    pub z_randomisation: f64,
    /// z with the variance under normality, where there is one.
    pub z_normality: f64,
    /// p-value by permutation, for the alternative asked for.
    pub p: f64,
    /// Share of permutations with a statistic at least as large, (M + 1)/(R + 1).
    pub p_greater: f64,
    /// Share of permutations with a statistic at most as large.
    pub p_less: f64,
    /// How many permutations there were.
    pub replicates: usize,
    /// How many units the statistic is of.
    pub n: usize,
    /// How many units with a value have no neighbour with one; they are part of n unless left
    /// out.
    pub islands: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// The options that all statistics of a map have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    pub(super) replicates: usize,
    pub(super) seed: u64,
    pub(super) alternative: Alternative,
    pub(super) islands: Islands,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            replicates: 9_999,
            seed: 0,
            alternative: Alternative::TwoSided,
            islands: Islands::Counted,
        }
    }
}

/// The setters of the options that all statistics of a map have, and `run`.
macro_rules! settings {
    ($statistic:ident) => {
        impl $statistic {
            /// 9,999 permutations, two-sided, islands counted.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets the number of permutations; without any, p-values by permutation are NaN.
            #[must_use]
            pub fn replicates(mut self, replicates: usize) -> Self {
                self.settings.replicates = replicates;
                self
            }

            /// Sets the seed of the permutations.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.settings.seed = seed;
                self
            }

            /// Sets which deviation of the statistic counts as extreme.
            #[must_use]
            pub fn alternative(mut self, alternative: Alternative) -> Self {
                self.settings.alternative = alternative;
                self
            }

            /// Sets whether units without neighbours belong to the map.
            #[must_use]
            pub fn islands(mut self, islands: Islands) -> Self {
                self.settings.islands = islands;
                self
            }

            /// Runs on all cores.
            ///
            /// # Errors
            /// As [`run_with`](Self::run_with).
            pub fn run(&self, values: &[f64], weights: &Weights) -> Result<GlobalStatistic> {
                self.run_with(values, weights, &Workers::new(0)?)
            }
        }
    };
}
pub(super) use settings;

#[cfg(test)]
mod tests;
