//! Neighbours in space and time.

use super::lattice::check_size;
use super::matrix::Weights;
use crate::error::{Error, Result};

impl Weights {
    /// Neighbours in space and time: unit c at step t has every neighbour of c, and c itself, at
    /// the steps from t − `look_back` to t, with the weight it has in space.
    ///
    /// Unit c at step t is number `c · steps + t`, as in a table of one row per unit and one column
    /// per step. A unit that is not its own neighbour in space becomes one
    /// ([`include_self`](Self::include_self)). The first steps have fewer steps to look back on.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let space = Weights::from_neighbours(vec![vec![1], vec![0]])?;
    /// let both = space.over_time(3, 1)?;
    /// assert_eq!(both.neighbours(0), [0, 3], "unit 0, step 0");
    /// assert_eq!(both.neighbours(5), [1, 2, 4, 5], "unit 1, step 2");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for no step, [`Error::TooLarge`].
    pub fn over_time(&self, steps: usize, look_back: usize) -> Result<Self> {
        if steps == 0 {
            return Err(Error::parameter("steps", 0, "at least 1"));
        }
        let space = self.include_self();
        let reach = look_back.min(steps - 1) + 1;
        let units = space.n() as u128 * steps as u128;
        let around = (space.pairs() as u128 * reach as u128).div_ceil(space.n().max(1) as u128);
        check_size(units, around)?;
        let mut start = Vec::with_capacity(units as usize + 1);
        let mut neighbour = Vec::with_capacity(space.pairs() * steps * reach);
        let mut value = Vec::new();
        start.push(0);
        for unit in 0..space.n() {
            for step in 0..steps {
                for (&j, w) in space.neighbours(unit).iter().zip(space.weights(unit)) {
                    for earlier in step.saturating_sub(look_back)..=step {
                        neighbour.push((j as usize * steps + earlier) as u32);
                        if !space.is_binary() {
                            value.push(w);
                        }
                    }
                }
                start.push(neighbour.len());
            }
        }
        if space.is_binary() {
            Ok(Self::from_rows(start, neighbour))
        } else {
            Self::from_csr(&start, &neighbour, &value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_of_the_definition() {
        let space =
            Weights::from_csr(&[0, 2, 3, 4], &[1, 2, 0, 2], &[0.5, 0.25, 1.0, 2.0]).unwrap();
        let (steps, look_back) = (4, 2);
        let both = space.over_time(steps, look_back).unwrap();
        let own = space.include_self();
        for c in 0..3 {
            for t in 0..steps {
                let mut expected = Vec::new();
                for (&d, w) in own.neighbours(c).iter().zip(own.weights(c)) {
                    for s in 0..steps {
                        if s <= t && t - s <= look_back {
                            expected.push((d * steps as u32 + s as u32, w));
                        }
                    }
                }
                let unit = c * steps + t;
                let got: Vec<(u32, f64)> = both
                    .neighbours(unit)
                    .iter()
                    .copied()
                    .zip(both.weights(unit))
                    .collect();
                assert_eq!(got, expected, "unit {c} step {t}");
            }
        }
    }

    #[test]
    fn no_step_is_refused_and_one_step_is_space() {
        let space = Weights::from_neighbours(vec![vec![1], vec![0], vec![]]).unwrap();
        assert!(space.over_time(0, 1).is_err());
        assert_eq!(space.over_time(1, 5).unwrap(), space.include_self());
    }
}
