//! Weights that fall off with distance.

use super::distance::squared_distance;
use super::lattice::check_size;
use super::matrix::Weights;
use super::nearest::{Around, check_k};
use super::rows::rows;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::parallel::Workers;

/// How a weight falls off with the share z of the bandwidth that a neighbour is away; 0 beyond
/// it, for z > 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Falloff {
    /// 1/2.
    Uniform,
    /// 1 − z.
    #[default]
    Triangular,
    /// 3/4 (1 − z²), by some called quadratic.
    Epanechnikov,
    /// 15/16 (1 − z²)².
    Quartic,
    /// exp(−z²/2)/√(2π); the bandwidth is its standard deviation, and it too ends there.
    Gaussian,
}

impl Falloff {
    /// The falloff of that name: `uniform`, `triangular`, `epanechnikov`, `quartic` or `gaussian`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "uniform" => Ok(Self::Uniform),
            "triangular" => Ok(Self::Triangular),
            "epanechnikov" | "quadratic" => Ok(Self::Epanechnikov),
            "quartic" => Ok(Self::Quartic),
            "gaussian" => Ok(Self::Gaussian),
            other => Err(Error::parameter(
                "kernel",
                other,
                "uniform, triangular, epanechnikov, quartic or gaussian",
            )),
        }
    }

    /// The weight at a share z of the bandwidth.
    fn at(self, z: f64) -> f64 {
        let left = 1.0 - z * z;
        match self {
            _ if z > 1.0 => 0.0,
            Self::Uniform => 0.5,
            Self::Triangular => 1.0 - z,
            Self::Epanechnikov => 0.75 * left,
            Self::Quartic => 15.0 / 16.0 * left * left,
            Self::Gaussian => (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt(),
        }
    }
}

/// How far kernel weights reach.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reach {
    /// This far from every point, in the unit of the coordinates.
    Fixed(f64),
    /// From each point to its k-th nearest neighbour, and a ten-millionth further, so that that
    /// neighbour still has a weight (libpysal does the same). Not symmetric.
    Nearest(usize),
}

/// What weight a unit has on itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Diagonal {
    /// None, as all weights here have it unless told otherwise.
    #[default]
    Without,
    /// That of the kernel at distance 0, as Gi* with these weights wants it.
    Kernel,
    /// One.
    One,
}

impl Diagonal {
    /// The weight of that name: `none`, `kernel` or `one`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "none" => Ok(Self::Without),
            "kernel" => Ok(Self::Kernel),
            "one" => Ok(Self::One),
            other => Err(Error::parameter("diagonal", other, "none, kernel or one")),
        }
    }
}

/// Points as neighbours of the points within a bandwidth, the nearer the heavier:
/// `w_ij = K(d_ij / h_i)`.
///
/// The kernels and their constants are those of libpysal's `weights.Kernel` (Anselin & Rey 2014,
/// Modern Spatial Econometrics in Practice, p. 78). A constant does nothing to statistics that
/// are unchanged when weights are multiplied. Neighbours of weight 0, at z = 1 exactly, are no
/// neighbours. Points on one spot have the weight of distance 0, also where so many of them lie
/// there that the bandwidth itself is 0.
///
/// ```
/// use brandpunt::weights::{Diagonal, Falloff, KernelWeights, Reach};
///
/// # fn main() -> brandpunt::Result<()> {
/// let (x, y) = ([0.0, 2.0, 8.0], [0.0; 3]);
/// let kernel = KernelWeights::new(Falloff::Triangular, Reach::Fixed(8.0));
/// assert_eq!(kernel.build(&x, &y)?.weights(1).collect::<Vec<_>>(), [0.75, 0.25]);
/// let own = kernel.diagonal(Diagonal::Kernel).build(&x, &y)?;
/// assert_eq!(own.weights(1).collect::<Vec<_>>(), [0.75, 1.0, 0.25]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KernelWeights {
    falloff: Falloff,
    reach: Reach,
    diagonal: Diagonal,
}

impl KernelWeights {
    /// Kernel weights without weight of a point on itself.
    #[must_use]
    pub fn new(falloff: Falloff, reach: Reach) -> Self {
        Self {
            falloff,
            reach,
            diagonal: Diagonal::Without,
        }
    }

    /// Sets the weight of a point on itself.
    #[must_use]
    pub fn diagonal(mut self, diagonal: Diagonal) -> Self {
        self.diagonal = diagonal;
        self
    }

    /// Finds neighbours and weights, on all cores.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a bandwidth that is not positive and finite, or unless
    /// 1 ≤ k < number of points; [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite), [`Error::TooLarge`].
    pub fn build(&self, x: &[f64], y: &[f64]) -> Result<Weights> {
        self.build_with(x, y, &Workers::new(0)?)
    }

    /// As [`build`](Self::build), on the given threads.
    ///
    /// # Errors
    /// As [`build`](Self::build), and [`Error::Cancelled`].
    pub fn build_with(&self, x: &[f64], y: &[f64], workers: &Workers) -> Result<Weights> {
        const TOGETHER: usize = 512;
        match self.reach {
            Reach::Fixed(h) if !(h.is_finite() && h > 0.0) => {
                let expected = "a finite distance in metres, more than 0";
                return Err(Error::parameter("bandwidth", h, expected));
            }
            Reach::Fixed(_) => {}
            Reach::Nearest(k) => check_k(k, x.len())?,
        }
        let index = IncidentIndex::from_xy(x, y)?;
        let found = workers.map_ranges(x.len(), TOGETHER, |units| {
            let each = units.map(|i| {
                let bandwidth = self.bandwidth(x, y, &index, i);
                (bandwidth, index.count_within(x[i], y[i], bandwidth))
            });
            each.collect::<Vec<_>>()
        })?;
        let found: Vec<(f64, usize)> = found.into_iter().flatten().collect();
        check_size(found.iter().map(|f| f.1 as u128).sum(), 1)?;
        let (start, entries, _) = rows(x.len(), workers, |i, row| {
            let bandwidth = found[i].0;
            for j in index.within(x[i], y[i], bandwidth) {
                let weight = if j as usize == i {
                    match self.diagonal {
                        Diagonal::Without => continue,
                        Diagonal::Kernel => self.falloff.at(0.0),
                        Diagonal::One => 1.0,
                    }
                } else {
                    let distance = squared_distance(x, y, i, j as usize).sqrt();
                    let share = if distance == 0.0 {
                        0.0
                    } else {
                        distance / bandwidth
                    };
                    // The square root may carry a point that is within reach a last digit over.
                    self.falloff.at(share.min(1.0))
                };
                row.push((j, weight));
            }
        })?;
        let (neighbour, weight): (Vec<u32>, Vec<f64>) = entries.into_iter().unzip();
        Weights::from_csr(&start, &neighbour, &weight)
    }

    fn bandwidth(&self, x: &[f64], y: &[f64], index: &IncidentIndex, i: usize) -> f64 {
        /// As in libpysal.
        const FURTHER: f64 = 1.0000001;
        match self.reach {
            Reach::Fixed(bandwidth) => bandwidth,
            Reach::Nearest(k) => Around { x, y, index, i }.kth_squared(k).sqrt() * FURTHER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 6] = [10.0, 20.0, 40.0, 15.0, 30.0, 30.0];
    const Y: [f64; 6] = [10.0, 10.0, 10.0, 20.0, 20.0, 30.0];

    /// The example in the documentation of libpysal 4.14.1's `Kernel`: its first two units.
    #[test]
    fn published_weights_of_libpysal_hold() {
        let close = |got: Vec<f64>, want: &[f64]| {
            assert_eq!(got.len(), want.len());
            for (g, w) in got.iter().zip(want) {
                assert!((g - w).abs() < 5e-8, "{got:?} {want:?}");
            }
        };
        let fixed = KernelWeights::new(Falloff::Triangular, Reach::Fixed(15.0))
            .diagonal(Diagonal::Kernel)
            .build(&X, &Y)
            .unwrap();
        assert_eq!(fixed.neighbours(0), [0, 1, 3]);
        close(fixed.weights(0).collect(), &[1.0, 0.33333333, 0.25464400]);
        let adaptive = KernelWeights::new(Falloff::Gaussian, Reach::Nearest(2))
            .diagonal(Diagonal::Kernel)
            .build(&X, &Y)
            .unwrap();
        assert_eq!(adaptive.neighbours(0), [0, 1, 3]);
        close(
            adaptive.weights(0).collect(),
            &[0.39894228, 0.26741902, 0.24197074],
        );
    }

    #[test]
    fn falloffs_have_their_values() {
        let at = |f: Falloff| [0.0, 0.5, 1.0, 1.5].map(|z| f.at(z));
        assert_eq!(at(Falloff::Uniform), [0.5, 0.5, 0.5, 0.0]);
        assert_eq!(at(Falloff::Triangular), [1.0, 0.5, 0.0, 0.0]);
        assert_eq!(at(Falloff::Epanechnikov), [0.75, 0.5625, 0.0, 0.0]);
        assert_eq!(at(Falloff::Quartic), [0.9375, 0.9375 * 0.5625, 0.0, 0.0]);
        assert!((Falloff::Gaussian.at(1.0) - 0.241970724519143).abs() < 1e-14);
        assert!(Falloff::named("cosine").is_err() && Diagonal::named("two").is_err());
    }

    #[test]
    fn many_points_on_one_spot_weigh_as_at_distance_zero() {
        let (x, y) = ([1.0, 1.0, 1.0, 4.0], [2.0; 4]);
        let w = KernelWeights::new(Falloff::Quartic, Reach::Nearest(2))
            .build(&x, &y)
            .unwrap();
        assert_eq!(w.neighbours(0), [1, 2]);
        assert_eq!(w.weights(0).collect::<Vec<_>>(), [0.9375, 0.9375]);
        assert_eq!(w.neighbours(3), [0, 1, 2]);
        assert!(w.weights(3).all(|w| w > 0.0));
        let one = KernelWeights::new(Falloff::Uniform, Reach::Fixed(1.0)).diagonal(Diagonal::One);
        assert_eq!(
            one.build(&x, &y).unwrap().weights(3).collect::<Vec<_>>(),
            [1.0]
        );
    }

    #[test]
    fn senseless_bandwidths_are_refused() {
        for reach in [
            Reach::Fixed(0.0),
            Reach::Fixed(f64::NAN),
            Reach::Nearest(0),
            Reach::Nearest(6),
        ] {
            let kernel = KernelWeights::new(Falloff::Uniform, reach);
            assert!(matches!(kernel.build(&X, &Y), Err(Error::Parameter { .. })));
        }
    }

    #[test]
    fn same_bytes_for_any_number_of_threads() {
        let (x, y): (Vec<f64>, Vec<f64>) = (0..1300)
            .map(|i| (f64::from(i * 37 % 101), f64::from(i * 11 % 83)))
            .unzip();
        for reach in [Reach::Fixed(5.0), Reach::Nearest(4)] {
            let kernel = KernelWeights::new(Falloff::Gaussian, reach);
            let run = |t| {
                kernel
                    .build_with(&x, &y, &Workers::new(t).unwrap())
                    .unwrap()
            };
            assert!([2, 3].into_iter().all(|t| run(t) == run(1)));
        }
    }
}
