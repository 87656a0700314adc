//! Rules by which a bandwidth can be chosen.

use super::kernel::Kernel;
use crate::error::{Error, Result};

/// A rule for choosing a bandwidth.
///
/// | rule | score | best | kernel | source |
/// |---|---|---|---|---|
/// | Scott | none | | Gaussian | Scott 1992, *Multivariate Density Estimation*, doi:10.1002/9780470316849 |
/// | Diggle | mean squared error in a Cox process | least | uniform | Berman and Diggle 1989, JRSS B 51:81, doi:10.1111/j.2517-6161.1989.tb01750.x |
/// | LSCV | `∫ f̂² − (2/n) Σ f̂₋ᵢ(xᵢ)` | least | Gaussian | Bowman 1984, Biometrika 71:353, doi:10.1093/biomet/71.2.353 |
/// | likelihood | `Σ log λ̂₋ᵢ(xᵢ) − ∫ λ̂` | greatest | Gaussian | Loader 1999, *Local Regression and Likelihood*, doi:10.1007/b98858 |
/// | Cronie and van Lieshout | `(|W| − Σ 1/λ̂(xᵢ))²` | least | Gaussian | Cronie and van Lieshout 2018, Biometrika 105:455, doi:10.1093/biomet/asy001 |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Selector {
    /// `σ n^(−1/6)` with σ² the mean over both axes of the squared lesser of the standard
    /// deviation and the interquartile range over 1.349. Too wide for clustered incidents.
    Scott,
    /// For a stationary Cox process; tends to be small.
    Diggle,
    /// Least-squares cross-validation.
    Lscv,
    /// Likelihood cross-validation.
    Likelihood,
    /// The inverse density at the incidents should add up to the surface of the study area.
    CronieVanLieshout,
}

impl Selector {
    /// All rules.
    pub const ALL: [Self; 5] = [
        Self::Scott,
        Self::Diggle,
        Self::Lscv,
        Self::Likelihood,
        Self::CronieVanLieshout,
    ];

    /// The rule of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Error::choice("method", name, &Self::ALL, Self::name)
    }

    /// Its short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scott => "scott",
            Self::Diggle => "diggle",
            Self::Lscv => "lscv",
            Self::Likelihood => "likelihood",
            Self::CronieVanLieshout => "cvl",
        }
    }

    /// The kernel whose bandwidth it chooses.
    #[must_use]
    pub const fn kernel(self) -> Kernel {
        match self {
            Self::Diggle => Kernel::Uniform,
            _ => Kernel::Gaussian,
        }
    }
}
