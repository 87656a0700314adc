//! How far from equal risk may a place be by chance?

use crate::error::{Error, Result};
use crate::model::{Warning, WarningCode};
use crate::stats::Correction;

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

    /// A warning when the least possible p-value of a single cell survives no correction.
    pub(super) fn resolution_warning(
        self,
        correction: Correction,
        tests: usize,
    ) -> Option<Warning> {
        const LEVEL: f64 = 0.05;
        let Self::MonteCarlo { replicates } = self else {
            return None;
        };
        let least = 2.0 / (replicates as f64 + 1.0);
        let cells = (tests as f64 * least / LEVEL).ceil();
        (correction != Correction::None && cells > 1.0).then(|| {
            let remedy = if correction == Correction::Fdr {
                format!("only {cells} cells that stand out together can be found")
            } else {
                "a single one cannot be found".to_owned()
            };
            Warning::with_value(
                WarningCode::PResolutionInsufficient,
                least,
                format!(
                    "With {replicates} replicates no p-value is below {least:.2e}: among {tests} \
                     cells, {remedy}. Look at p_max, or use more replicates."
                ),
            )
        })
    }
}
