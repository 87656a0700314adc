//! Kernels along a line, such as time or a street.

use super::kernel::Kernel;
use crate::stats::normal_upper_tail;

/// The kernel of that name along a line, normalised there to one, at a distance in bandwidths.
///
/// Uniform ½, triangular 1 − |v|, Epanechnikov ¾ (1 − v²), quartic 15/16 (1 − v²)², triweight
/// 35/32 (1 − v²)³, all for |v| ≤ 1; Gaussian exp(−v²/2)/√2π.
pub(super) fn along(kernel: Kernel, v: f64) -> f64 {
    kernel.shape(v * v)
        * match kernel {
            Kernel::Uniform => 0.5,
            Kernel::Triangular => 1.0,
            Kernel::Epanechnikov => 0.75,
            Kernel::Quartic => 15.0 / 16.0,
            Kernel::Triweight => 35.0 / 32.0,
            Kernel::Gaussian => 1.0 / std::f64::consts::TAU.sqrt(),
        }
}

/// The mass of the same kernel at distances up to `v`.
pub(super) fn mass_upto(kernel: Kernel, v: f64) -> f64 {
    if kernel == Kernel::Gaussian {
        return normal_upper_tail(-v);
    }
    let v = v.clamp(-1.0, 1.0);
    let v2 = v * v;
    // The mass between the middle and v.
    let half = match kernel {
        Kernel::Uniform => 0.5 * v,
        Kernel::Triangular => v * (1.0 - 0.5 * v.abs()),
        Kernel::Epanechnikov => 0.25 * v * (3.0 - v2),
        Kernel::Quartic => v * (15.0 - v2 * (10.0 - 3.0 * v2)) / 16.0,
        _ => v * (35.0 - v2 * (35.0 - v2 * (21.0 - 5.0 * v2))) / 32.0,
    };
    0.5 + half
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The midpoint rule for the mass, and one in all.
    #[test]
    fn masses_are_integrals_of_values() {
        for kernel in Kernel::ALL {
            let reach = kernel.reach();
            for upto in [-0.7, 0.0, 0.3, 1.0] {
                let steps = 200_000;
                let width = (upto + reach) / f64::from(steps);
                let total: f64 = (0..steps)
                    .map(|i| along(kernel, -reach + (f64::from(i) + 0.5) * width) * width)
                    .sum();
                let mass = mass_upto(kernel, upto);
                assert!((mass - total).abs() < 1e-8, "{} {upto}", kernel.name());
            }
            assert!((mass_upto(kernel, reach) - 1.0).abs() < 1e-15);
            assert!(mass_upto(kernel, -reach) < 1e-15);
        }
    }
}
