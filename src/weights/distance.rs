//! Neighbours within a distance.

use super::lattice::check_size;
use super::matrix::Weights;
use super::rows::rows;
use crate::error::{Error, Fault, Result};
use crate::index::IncidentIndex;
use crate::parallel::Workers;

impl Weights {
    /// Points as neighbours of all other points at most `radius` away, found on all cores.
    ///
    /// A pair is near when dx² + dy² ≤ radius², so the weights are symmetric and points on one
    /// spot are neighbours. Use metres, not degrees. [`connecting_radius`] gives the least radius
    /// that leaves nobody alone.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let w = Weights::distance_band(&[0.0, 3.0, 9.0], &[0.0, 4.0, 4.0], 5.0)?;
    /// assert_eq!(w.neighbours(0), [1]);
    /// assert_eq!(w.islands(), [2]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for a radius that is negative or not finite,
    /// [`Fault::LengthMismatch`], [`Fault::NonFinite`], [`Error::TooLarge`] for weights
    /// beyond 4 GiB.
    pub fn distance_band(x: &[f64], y: &[f64], radius: f64) -> Result<Self> {
        Self::distance_band_with(x, y, radius, &Workers::new(0)?)
    }

    /// As [`distance_band`](Self::distance_band), on the given threads.
    ///
    /// # Errors
    /// As [`distance_band`](Self::distance_band), and [`Error::Cancelled`].
    pub fn distance_band_with(
        x: &[f64],
        y: &[f64],
        radius: f64,
        workers: &Workers,
    ) -> Result<Self> {
        if !(radius.is_finite() && radius >= 0.0) {
            return Err(Error::parameter(
                "radius",
                radius,
                "a finite distance in metres, 0 or more",
            ));
        }
        let index = IncidentIndex::from_xy(x, y)?;
        let mut near: Vec<Vec<u32>> = (0u32..).take(index.locations()).map(|a| vec![a]).collect();
        for (a, b) in index.close_pairs(radius, workers)?.iter() {
            near[a as usize].push(b);
            near[b as usize].push(a);
        }
        let mut location = vec![0u32; x.len()];
        let mut pairs = 0u128;
        for (a, list) in (0u32..).zip(&near) {
            let here = index.members(a);
            for &i in here {
                location[i as usize] = a;
            }
            let around: usize = list.iter().map(|&b| index.members(b).len()).sum();
            pairs += here.len() as u128 * (around as u128 - 1);
        }
        check_size(pairs, 1)?;
        let (start, neighbour, _) = rows(x.len(), workers, |i, row| {
            let from = row.len();
            let around = near[location[i] as usize].iter();
            let all = around.flat_map(|&b| index.members(b)).copied();
            row.extend(all.filter(|&j| j as usize != i));
            row[from..].sort_unstable();
        })?;
        Ok(Self::from_rows(start, neighbour))
    }

    /// Points as neighbours of all other points at most `radius` away, with weight
    /// `1/d^power`: 1 falls off as distance does, 2 as its square.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let w = Weights::inverse_distance(&[0.0, 2.0, 6.0], &[0.0; 3], 4.0, 1.0)?;
    /// assert_eq!(w.weights(1).collect::<Vec<_>>(), [0.5, 0.25]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`distance_band`](Self::distance_band); [`Error::Parameter`] for a power that is not
    /// positive; [`Fault::NonFinite`] for points on one spot, or so close that their weight
    /// would be infinite.
    pub fn inverse_distance(x: &[f64], y: &[f64], radius: f64, power: f64) -> Result<Self> {
        Self::inverse_distance_with(x, y, radius, power, &Workers::new(0)?)
    }

    /// As [`inverse_distance`](Self::inverse_distance), on the given threads.
    ///
    /// # Errors
    /// As [`inverse_distance`](Self::inverse_distance), and [`Error::Cancelled`].
    pub fn inverse_distance_with(
        x: &[f64],
        y: &[f64],
        radius: f64,
        power: f64,
        workers: &Workers,
    ) -> Result<Self> {
        if !(power.is_finite() && power > 0.0) {
            return Err(Error::parameter("power", power, "a number above 0"));
        }
        let (start, neighbour, mut weight) =
            Self::distance_band_with(x, y, radius, workers)?.to_csr();
        for (i, ends) in start.windows(2).enumerate() {
            for k in ends[0]..ends[1] {
                let j = neighbour[k] as usize;
                weight[k] = (x[i] - x[j]).hypot(y[i] - y[j]).powf(-power);
                if !weight[k].is_finite() {
                    return Err(Error::input(
                        Fault::NonFinite,
                        format!(
                            "points {i} and {j} (from 0) lie on one spot, so their weight would \
                             be infinite; merge them, or use kernel weights"
                        ),
                    ));
                }
            }
        }
        Self::from_csr(&start, &neighbour, &weight)
    }
}

/// The least radius at which every point has a neighbour: the greatest of all distances to the
/// nearest other point, in the unit of the coordinates.
///
/// Points on one spot are neighbours of each other at distance 0, so they ask for no radius. The
/// distance is rounded up by a last digit where needed, so that a band of that radius holds it.
///
/// ```
/// use brandpunt::weights::{Weights, connecting_radius};
///
/// # fn main() -> brandpunt::Result<()> {
/// let (x, y) = ([0.0, 3.0, 9.0], [0.0, 4.0, 4.0]);
/// let radius = connecting_radius(&x, &y)?;
/// assert_eq!(radius, 6.0);
/// assert!(Weights::distance_band(&x, &y, radius)?.islands().is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Parameter`] for fewer than two points, [`Fault::LengthMismatch`],
/// [`Fault::NonFinite`], [`Error::Cancelled`].
pub fn connecting_radius(x: &[f64], y: &[f64]) -> Result<f64> {
    connecting_radius_with(x, y, &Workers::new(0)?)
}

/// As [`connecting_radius`], on the given threads.
///
/// # Errors
/// As [`connecting_radius`].
pub fn connecting_radius_with(x: &[f64], y: &[f64], workers: &Workers) -> Result<f64> {
    let squared = nearest_squared(x, y, workers)?;
    let greatest = squared.into_iter().fold(0.0, f64::max);
    let mut radius = greatest.sqrt();
    while radius * radius < greatest {
        radius = radius.next_up();
    }
    Ok(radius)
}

/// The mean distance of a point to the nearest other one, points on one spot included.
///
/// # Errors
/// As [`connecting_radius`].
pub(crate) fn mean_nearest_distance(x: &[f64], y: &[f64], workers: &Workers) -> Result<f64> {
    let squared = nearest_squared(x, y, workers)?;
    Ok(squared.iter().map(|d| d.sqrt()).sum::<f64>() / x.len() as f64)
}

/// The squared distance of each point to the nearest other one.
fn nearest_squared(x: &[f64], y: &[f64], workers: &Workers) -> Result<Vec<f64>> {
    const TOGETHER: usize = 1 << 10;
    let index = IncidentIndex::from_xy(x, y)?;
    if x.len() < 2 {
        return Err(Error::parameter("points", x.len(), "at least 2 points"));
    }
    let pieces = workers.map_ranges(x.len(), TOGETHER, |units| {
        units
            .map(|i| {
                let mut found = index.nearest(x[i], y[i], 2).into_iter();
                let other = found.find(|&(j, _)| j as usize != i);
                other.map_or(0.0, |(j, _)| squared_distance(x, y, i, j as usize))
            })
            .collect::<Vec<f64>>()
    })?;
    Ok(pieces.into_iter().flatten().collect())
}

/// The square of the distance of two points, as the index of points computes it.
pub(super) fn squared_distance(x: &[f64], y: &[f64], i: usize, j: usize) -> f64 {
    let (dx, dy) = (x[i] - x[j], y[i] - y[j]);
    dx * dx + dy * dy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_band_is_its_definition(
            points in proptest::collection::vec((-9..9i32, -9..9i32), 2..60),
            radius in 0.0..8.0f64,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.iter()
                .map(|p| (f64::from(p.0) * 0.7, f64::from(p.1) * 0.7)).unzip();
            let lists = (0..x.len())
                .map(|i| {
                    let near = |&j: &usize| {
                        j != i && squared_distance(&x, &y, i, j) <= radius * radius
                    };
                    (0..x.len()).filter(near).map(|j| j as u32).collect()
                })
                .collect();
            let expected = Weights::from_neighbours(lists).unwrap();
            for threads in [1, 3] {
                let workers = Workers::new(threads).unwrap();
                let got = Weights::distance_band_with(&x, &y, radius, &workers).unwrap();
                prop_assert!(got.symmetric());
                prop_assert_eq!(&got, &expected);
            }
        }

        #[test]
        fn the_connecting_radius_is_the_least_without_islands(
            points in proptest::collection::vec((0.0..1e6f64, 0.0..1e6f64), 2..40),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let radius = connecting_radius(&x, &y).unwrap();
            prop_assert!(Weights::distance_band(&x, &y, radius).unwrap().islands().is_empty());
            let less = radius * (1.0 - 1e-12);
            prop_assert!(!Weights::distance_band(&x, &y, less).unwrap().islands().is_empty());
        }
    }

    #[test]
    fn points_on_one_spot_need_no_radius() {
        let (x, y) = ([5.0, 5.0, 7.0, 7.0], [1.0; 4]);
        assert_eq!(connecting_radius(&x, &y).unwrap(), 0.0);
        let w = Weights::distance_band(&x, &y, 0.0).unwrap();
        assert_eq!(w.cardinalities(), [1, 1, 1, 1]);
        assert!(connecting_radius(&x[..1], &y[..1]).is_err());
        let error = Weights::inverse_distance(&x, &y, 3.0, 1.0).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::NonFinite));
        assert!(Weights::inverse_distance(&x, &y, 3.0, 0.0).is_err());
    }

    #[test]
    fn the_mean_distance_counts_every_point() {
        let workers = Workers::new(1).unwrap();
        let mean = mean_nearest_distance(&[0.0, 0.0, 3.0, 7.0], &[0.0; 4], &workers).unwrap();
        assert_eq!(mean, (0.0 + 0.0 + 3.0 + 4.0) / 4.0);
    }
}
