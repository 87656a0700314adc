//! How far from equal risk may a place be by chance?

use crate::error::{Error, Result};

/// How p-values of a map of relative risk come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Tolerance {
    /// From z, which is nearly normal where both sets are many within a bandwidth; where they are
    /// not, there is a warning.
    #[default]
    Asymptotic,
    /// By simulation of equal risk: p = (M + 1)/(R + 1).
    MonteCarlo {
        /// Number of simulated maps R.
        replicates: usize,
    },
}

impl Tolerance {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asymptotic => "asymptotic",
            Self::MonteCarlo { .. } => "monte_carlo",
        }
    }

    /// The tolerance of that name; `replicates` serves the one that simulates.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str, replicates: usize) -> Result<Self> {
        match name {
            "asymptotic" => Ok(Self::Asymptotic),
            "monte_carlo" => Ok(Self::MonteCarlo { replicates }),
            other => Err(Error::parameter(
                "tolerance",
                other,
                "asymptotic or monte_carlo",
            )),
        }
    }
}
