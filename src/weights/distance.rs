//! Neighbours by distance.

use super::lattice::check_size;
use super::matrix::Weights;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;

impl Weights {
    /// Points as neighbours of all other points at most `radius` away.
    ///
    /// A pair is near when dx² + dy² ≤ radius², so the weights are symmetric and points on one
    /// spot are neighbours. Use metres, not degrees.
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
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite), [`Error::TooLarge`] for more than 2³² pairs.
    pub fn distance_band(x: &[f64], y: &[f64], radius: f64) -> Result<Self> {
        if !(radius.is_finite() && radius >= 0.0) {
            return Err(Error::parameter(
                "radius",
                radius,
                "a finite distance in metres, 0 or more",
            ));
        }
        let index = IncidentIndex::from_xy(x, y)?;
        let pairs: u128 = (0u32..)
            .take(index.locations())
            .map(|location| {
                let (x, y) = index.at(location);
                let here = index.members(location).len() as u128;
                here * (index.count_within(x, y, radius) as u128 - 1)
            })
            .sum();
        check_size(pairs, 1)?;
        let mut start = Vec::with_capacity(x.len() + 1);
        let mut neighbour = Vec::with_capacity(pairs as usize);
        start.push(0);
        for (i, (&x, &y)) in (0u32..).zip(x.iter().zip(y)) {
            neighbour.extend(index.within(x, y, radius).into_iter().filter(|&j| j != i));
            start.push(neighbour.len());
        }
        Ok(Self::from_rows(start, neighbour))
    }

    /// Points as neighbours of the `k` points nearest to them, of equally near ones those first
    /// in the input. Not symmetric in general.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let w = Weights::nearest(&[0.0, 1.0, 3.0, 3.0], &[0.0; 4], 1)?;
    /// assert_eq!([w.neighbours(1), w.neighbours(2), w.neighbours(3)], [[0], [3], [2]]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] unless 1 ≤ k < number of points,
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite), [`Error::TooLarge`].
    pub fn nearest(x: &[f64], y: &[f64], k: usize) -> Result<Self> {
        if k == 0 || k >= x.len() {
            return Err(Error::parameter(
                "k",
                k,
                format!("1 or more, and less than the {} points", x.len()),
            ));
        }
        check_size(x.len() as u128, k as u128)?;
        let index = IncidentIndex::from_xy(x, y)?;
        let mut start = Vec::with_capacity(x.len() + 1);
        let mut neighbour = Vec::with_capacity(x.len() * k);
        start.push(0);
        for (i, (&x, &y)) in (0u32..).zip(x.iter().zip(y)) {
            let from = neighbour.len();
            // One more than needed, because the point itself may be among them.
            let found = index.nearest(x, y, k + 1).into_iter().map(|(j, _)| j);
            neighbour.extend(found.filter(|&j| j != i).take(k));
            neighbour[from..].sort_unstable();
            start.push(neighbour.len());
        }
        Ok(Self::from_rows(start, neighbour))
    }
}
