//! How a p-value comes about.

use crate::error::{Error, Result};

/// The null hypothesis of a local statistic and how its distribution is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Inference {
    /// Conditional permutation, exactly: the unit keeps its value, its neighbours' values are
    /// drawn without replacement from all other units. For whole-number values and equal weights
    /// within a row. Where that does not hold, or the table would be too large, it falls back to
    /// `Sequential` with 99,999 draws and says so in a warning.
    #[default]
    Exact,
    /// Conditional permutation by simulation: p = (M + 1)/(R + 1).
    Permutation {
        /// Number of replicates R.
        replicates: usize,
    },
    /// Conditional permutation by simulation that ends for a unit once both tails were reached
    /// ten times (Besag & Clifford 1991).
    Sequential {
        /// Most replicates for one unit.
        replicates: usize,
    },
    /// Normal approximation. Fails for rare incidents and warns then.
    Analytic,
    /// Incidents fall at random in proportion to exposure: the window's count is binomial with
    /// the total and the window's share of the exposure. Exact, and the right null for counts
    /// with populations.
    Exposure,
    /// As `Exposure`, unless [`dispersion_test`](crate::stats::dispersion_test) says at 5 % that
    /// counts vary more than independent incidents would: then the units' counts are taken as negative-binomial with one
    /// variance-to-mean ratio, and the window's count, given the total, is beta-binomial. The
    /// result says which of the two was used.
    ExposureOverdispersed,
}

impl Inference {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Permutation { .. } => "permutation",
            Self::Sequential { .. } => "sequential",
            Self::Analytic => "analytic",
            Self::Exposure => "exposure",
            Self::ExposureOverdispersed => "exposure_overdispersed",
        }
    }

    /// The inference of that name; `replicates` serves the two that simulate.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str, replicates: usize) -> Result<Self> {
        match name {
            "exact" => Ok(Self::Exact),
            "permutation" => Ok(Self::Permutation { replicates }),
            "sequential" => Ok(Self::Sequential { replicates }),
            "analytic" => Ok(Self::Analytic),
            "exposure" => Ok(Self::Exposure),
            "exposure_overdispersed" => Ok(Self::ExposureOverdispersed),
            other => Err(Error::parameter(
                "inference",
                other,
                "exact, permutation, sequential, analytic, exposure or exposure_overdispersed",
            )),
        }
    }
}

/// Which deviation counts as extreme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Alternative {
    /// Either direction: twice the smaller tail, at most one.
    #[default]
    TwoSided,
    /// Larger than expected.
    Greater,
    /// Smaller than expected.
    Less,
}

impl Alternative {
    /// The alternative of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "two-sided" => Ok(Self::TwoSided),
            "greater" => Ok(Self::Greater),
            "less" => Ok(Self::Less),
            other => Err(Error::parameter(
                "alternative",
                other,
                "two-sided, greater or less",
            )),
        }
    }

    /// The p-value from both tails.
    #[must_use]
    pub fn p(self, less: f64, greater: f64) -> f64 {
        match self {
            Self::TwoSided => (2.0 * less.min(greater)).min(1.0),
            Self::Greater => greater,
            Self::Less => less,
        }
    }
}
