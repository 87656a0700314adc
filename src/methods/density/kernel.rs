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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
        Error::choice("kernel", name, &Self::ALL, Self::name)
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

    /// Distance beyond which the kernel is zero, in bandwidths.
    ///
    /// The Gaussian is cut at 8.5, where it has fallen to 2e-16 of its peak.
    #[must_use]
    pub const fn reach(self) -> f64 {
        match self {
            Self::Gaussian => 8.5,
            _ => 1.0,
        }
    }

    /// The value at the centre for a bandwidth of one.
    #[must_use]
    pub const fn peak(self) -> f64 {
        use std::f64::consts::PI;
        match self {
            Self::Uniform => 1.0 / PI,
            Self::Triangular | Self::Quartic => 3.0 / PI,
            Self::Epanechnikov => 2.0 / PI,
            Self::Triweight => 4.0 / PI,
            Self::Gaussian => 0.5 / PI,
        }
    }

    /// The integral of its square over the plane for a bandwidth of one.
    #[must_use]
    pub const fn roughness(self) -> f64 {
        use std::f64::consts::PI;
        match self {
            Self::Uniform => 1.0 / PI,
            Self::Triangular => 1.5 / PI,
            Self::Epanechnikov => 4.0 / (3.0 * PI),
            Self::Quartic => 9.0 / (5.0 * PI),
            Self::Triweight => 16.0 / (7.0 * PI),
            Self::Gaussian => 0.25 / PI,
        }
    }

    /// Standard deviation along an axis for a bandwidth of one: two kernels smooth equally when it
    /// is the same for both.
    #[must_use]
    pub fn deviation(self) -> f64 {
        let variance: f64 = match self {
            Self::Uniform => 1.0 / 4.0,
            Self::Triangular => 3.0 / 20.0,
            Self::Epanechnikov => 1.0 / 6.0,
            Self::Quartic => 1.0 / 8.0,
            Self::Triweight => 1.0 / 10.0,
            Self::Gaussian => 1.0,
        };
        variance.sqrt()
    }

    /// The value at squared distance `v2` for a bandwidth of one.
    #[must_use]
    pub fn value(self, v2: f64) -> f64 {
        self.peak() * self.shape(v2)
    }

    /// The value at squared distance `v2` as a share of the value at the centre.
    pub(super) fn shape(self, v2: f64) -> f64 {
        if v2 > self.reach() * self.reach() {
            return 0.0;
        }
        let u = 1.0 - v2;
        match self {
            Self::Uniform => 1.0,
            Self::Triangular => 1.0 - v2.sqrt(),
            Self::Epanechnikov => u,
            Self::Quartic => u * u,
            Self::Triweight => u * u * u,
            Self::Gaussian => (-0.5 * v2).exp(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_equal_the_golden_ones() {
        let file = include_str!("../../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        for (kernel, name) in [
            (Kernel::Gaussian, "gauss"),
            (Kernel::Quartic, "quartic"),
            (Kernel::Epanechnikov, "epan"),
            (Kernel::Triangular, "triangular"),
            (Kernel::Uniform, "uniform"),
        ] {
            let want = golden["kernels_at_u=.5_h=1"][name].as_f64().unwrap();
            assert!((kernel.value(0.25) - want).abs() < 1e-15, "{name}");
        }
    }

    #[test]
    fn every_kernel_integrates_to_one_and_has_its_variance() {
        for kernel in Kernel::ALL {
            // The integral over the plane is that of 2πr k(r), by the midpoint rule.
            let steps = 200_000;
            let step = kernel.reach() / f64::from(steps);
            let radii = || (0..steps).map(|i| (f64::from(i) + 0.5) * step);
            // Half of the mean squared distance is the variance along an axis.
            let variance: f64 = radii()
                .map(|r| std::f64::consts::PI * r * r * r * kernel.value(r * r) * step)
                .sum();
            assert!((variance.sqrt() - kernel.deviation()).abs() < 1e-8);
            let total: f64 = radii()
                .map(|r| 2.0 * std::f64::consts::PI * r * kernel.value(r * r) * step)
                .sum();
            assert!((total - 1.0).abs() < 1e-9, "{}: {total}", kernel.name());
            let squares: f64 = radii()
                .map(|r| 2.0 * std::f64::consts::PI * r * kernel.value(r * r).powi(2) * step)
                .sum();
            assert!((squares / kernel.roughness() - 1.0).abs() < 1e-8);
        }
    }
}
