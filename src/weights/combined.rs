//! Neighbours by two rules at once.

use super::lattice::check_size;
use super::matrix::Weights;
use crate::error::{Error, Fault, Result};

impl Weights {
    /// Binary weights of the pairs that either has, whatever their weight was.
    ///
    /// ```
    /// use brandpunt::weights::{Adjacency, Weights};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let rook = Weights::lattice(2, 2, 1, Adjacency::Rook)?;
    /// let queen = Weights::lattice(2, 2, 1, Adjacency::Queen)?;
    /// assert_eq!(rook.union(&queen)?, queen);
    /// assert_eq!(rook.intersection(&queen)?, rook);
    /// assert_eq!(queen.difference(&rook)?.neighbours(0), [3]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless both are of the same units, [`Error::TooLarge`].
    pub fn union(&self, other: &Self) -> Result<Self> {
        self.combined(other, |_, _| true)
    }

    /// Binary weights of the pairs that both have, whatever their weight was.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless both are of the same units.
    pub fn intersection(&self, other: &Self) -> Result<Self> {
        self.combined(other, |here, there| here && there)
    }

    /// Binary weights of the pairs that these have and the others have not.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless both are of the same units.
    pub fn difference(&self, other: &Self) -> Result<Self> {
        self.combined(other, |here, there| here && !there)
    }

    fn combined(&self, other: &Self, keep: impl Fn(bool, bool) -> bool) -> Result<Self> {
        if self.n() != other.n() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "weights of {} and of {} units; both must be of the same units",
                    self.n(),
                    other.n()
                ),
            ));
        }
        let mut start = Vec::with_capacity(self.n() + 1);
        let mut neighbour = Vec::new();
        start.push(0);
        for i in 0..self.n() {
            let merged = merge(self.neighbours(i), other.neighbours(i));
            let kept = merged.filter(|(_, at)| keep(at[0].is_some(), at[1].is_some()));
            neighbour.extend(kept.map(|(j, _)| j));
            check_size(neighbour.len() as u128, 1)?;
            start.push(neighbour.len());
        }
        Ok(Self::from_rows(start, neighbour))
    }

    /// The weights in both directions: each pair gets the greater of its two weights, so that
    /// binary weights stay binary and nobody loses a neighbour.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let nearest = Weights::nearest(&[0.0, 1.0, 3.0], &[0.0; 3], 1)?;
    /// assert!(!nearest.symmetric());
    /// let both = nearest.symmetrise()?;
    /// assert!(both.symmetric());
    /// assert_eq!(both.neighbours(1), [0, 2]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::TooLarge`] for weights beyond 4 GiB.
    pub fn symmetrise(&self) -> Result<Self> {
        let back = self.transpose();
        let (mut start, mut neighbour, mut weight) = (vec![0], Vec::new(), Vec::new());
        for i in 0..self.n() {
            let (here, there): (Vec<f64>, Vec<f64>) =
                (self.weights(i).collect(), back.weights(i).collect());
            for (j, at) in merge(self.neighbours(i), back.neighbours(i)) {
                neighbour.push(j);
                let of = |k: Option<usize>, w: &[f64]| k.map_or(0.0, |k| w[k]);
                weight.push(of(at[0], &here).max(of(at[1], &there)));
            }
            check_size(neighbour.len() as u128, 1)?;
            start.push(neighbour.len());
        }
        Self::from_csr(&start, &neighbour, &weight)
    }
}

/// The numbers in either of two ascending lists, with their place in each.
fn merge<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = (u32, [Option<usize>; 2])> + 'a {
    let (mut k, mut l) = (0, 0);
    std::iter::from_fn(move || {
        let next = match (a.get(k), b.get(l)) {
            (Some(&x), Some(&y)) => x.min(y),
            (Some(&x), None) | (None, Some(&x)) => x,
            (None, None) => return None,
        };
        let take = |list: &[u32], at: &mut usize| {
            (list.get(*at) == Some(&next)).then(|| {
                *at += 1;
                *at - 1
            })
        };
        let places = [take(a, &mut k), take(b, &mut l)];
        Some((next, places))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lists() -> impl Strategy<Value = Weights> {
        proptest::collection::vec(proptest::collection::vec(0..8u32, 0..5), 8)
            .prop_map(|lists| Weights::from_neighbours(lists).unwrap())
    }

    proptest! {
        #[test]
        fn sets_are_sets(a in lists(), b in lists()) {
            let holds = |w: &Weights, i: usize, j: u32| w.neighbours(i).contains(&j);
            let (union, both) = (a.union(&b).unwrap(), a.intersection(&b).unwrap());
            let (only, turned) = (a.difference(&b).unwrap(), a.symmetrise().unwrap());
            prop_assert!(turned.symmetric() && turned.is_binary());
            for (i, own) in (0..8).zip(0u32..) {
                for j in 0..8u32 {
                    let (x, y) = (holds(&a, i, j), holds(&b, i, j));
                    prop_assert_eq!(holds(&union, i, j), x || y);
                    prop_assert_eq!(holds(&both, i, j), x && y);
                    prop_assert_eq!(holds(&only, i, j), x && !y);
                    let back = holds(&a, j as usize, own);
                    prop_assert_eq!(holds(&turned, i, j), x || back);
                }
            }
        }
    }

    #[test]
    fn the_greater_weight_stays() {
        let w = Weights::from_csr(&[0, 1, 3, 3], &[1, 0, 2], &[2.0, 5.0, 0.5]).unwrap();
        let both = w.symmetrise().unwrap();
        assert_eq!(both.to_csr().2, [5.0, 5.0, 0.5, 0.5]);
        let other = Weights::from_neighbours(vec![vec![]]).unwrap();
        let error = w.union(&other).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::LengthMismatch));
    }
}
