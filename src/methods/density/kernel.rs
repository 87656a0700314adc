//! How one incident spreads over the plane.

use crate::error::{Error, Result};

/// A radially symmetric kernel that integrates to one over the plane.
///
/// With `r` the distance, `h` the bandwidth and `v = r/h`:
///
/// | kernel | value | support | variance per axis |
/// |---|---|---|---|
/// | uniform | 1/(πh²) | v ≤ 1 | h²/4 |
/// | triangular | 3/(πh²) (1 − v) | v ≤ 1 | 3h²/20 |
/// | Epanechnikov | 2/(πh²) (1 − v²) | v ≤ 1 | h²/6 |
/// | quartic | 3/(πh²) (1 − v²)² | v ≤ 1 | h²/8 |
/// | triweight | 4/(πh²) (1 − v²)³ | v ≤ 1 | h²/10 |
/// | Gaussian | exp(−v²/2)/(2πh²) | everywhere | h² |
///
/// For all but the Gaussian the bandwidth is the radius of support, as in ArcGIS, CrimeStat and
/// QGIS; for the Gaussian it is the standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Kernel {
    /// Constant.
    Uniform,
    /// Linear.
    Triangular,
    /// Quadratic.
    Epanechnikov,
    /// Biweight, the usual choice on crime maps.
    #[default]
    Quartic,
    /// Cubic in 1 − v².
    Triweight,
    /// Normal.
    Gaussian,
}

impl Kernel {
    /// All kernels.
    pub const ALL: [Self; 6] = [
        Self::Uniform,
        Self::Triangular,
        Self::Epanechnikov,
        Self::Quartic,
        Self::Triweight,
        Self::Gaussian,
    ];

    /// The kernel of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|k| k.name() == name)
            .ok_or_else(|| {
                let names: Vec<_> = Self::ALL.iter().map(|k| k.name()).collect();
                Error::parameter("kernel", name, names.join(", "))
            })
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Triweight => "triweight",
            Self::Gaussian => "gaussian",
        }
    }
}
