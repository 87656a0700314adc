//! The nearest neighbours.

use super::distance::squared_distance;
use super::lattice::check_size;
use super::matrix::Weights;
use super::rows::rows;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::parallel::Workers;

/// Who is a neighbour when several points are equally far away at place k.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Ties {
    /// Those first in the input, so that everybody has exactly k neighbours.
    #[default]
    First,
    /// All of them, so that the order of the input does not matter; some have more than k.
    All,
}

impl Ties {
    /// The rule of that name: `first` or `all`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "first" => Ok(Self::First),
            "all" => Ok(Self::All),
            other => Err(Error::parameter("ties", other, "first or all")),
        }
    }
}

/// Points as neighbours of the `k` points nearest to them. Not symmetric in general.
///
/// Two points are equally far away when dx² + dy² is the same number. On a lattice, and with
/// coordinates that are rounded, such ties are common; [`Nearest::build`] tells who has one at
/// place k, and [`Ties`] says what becomes of it.
///
/// ```
/// use brandpunt::weights::{Nearest, Ties};
///
/// # fn main() -> brandpunt::Result<()> {
/// // The point in the middle has two neighbours at distance 1.
/// let (x, y) = ([0.0, 1.0, 2.0, 9.0], [0.0; 4]);
/// let first = Nearest::new(1).build(&x, &y)?;
/// assert_eq!(first.tied, [1]);
/// assert_eq!(first.weights.neighbours(1), [0]);
/// let all = Nearest::new(1).ties(Ties::All).build(&x, &y)?;
/// assert_eq!(all.weights.neighbours(1), [0, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    k: usize,
    ties: Ties,
}

/// The nearest neighbours, and whose choice was not free of chance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NearestWeights {
    /// The neighbours.
    pub weights: Weights,
    /// Points with a tie at place k, ascending: another point is exactly as far away as the k-th.
    pub tied: Vec<u32>,
}

impl Nearest {
    /// The `k` nearest, of equally near ones those first in the input.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self {
            k,
            ties: Ties::First,
        }
    }

    /// Sets what becomes of ties.
    #[must_use]
    pub fn ties(mut self, ties: Ties) -> Self {
        self.ties = ties;
        self
    }

    /// Finds the neighbours, on all cores.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless 1 ≤ k < number of points,
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite), [`Error::TooLarge`].
    pub fn build(&self, x: &[f64], y: &[f64]) -> Result<NearestWeights> {
        self.build_with(x, y, &Workers::new(0)?)
    }

    /// As [`build`](Self::build), on the given threads.
    ///
    /// # Errors
    /// As [`build`](Self::build), and [`Error::Cancelled`].
    pub fn build_with(&self, x: &[f64], y: &[f64], workers: &Workers) -> Result<NearestWeights> {
        let (k, n) = (self.k, x.len());
        check_k(k, n)?;
        check_size(n as u128, k as u128)?;
        let index = IncidentIndex::from_xy(x, y)?;
        let around = |i: usize| Around {
            x,
            y,
            index: &index,
            i,
        };
        let (start, neighbour, tied) = match self.ties {
            Ties::First => rows(n, workers, |i, row| around(i).first(k, row))?,
            Ties::All => {
                let (_, reach, _) = rows(n, workers, |i, row| row.push(around(i).reach(k)))?;
                check_size(reach.iter().map(|&r| r as u128).sum(), 1)?;
                rows(n, workers, |i, row| {
                    around(i).append(reach[i], row);
                    reach[i] > k
                })?
            }
        };
        let tied = (0u32..).zip(tied).filter(|(_, tied)| *tied);
        Ok(NearestWeights {
            weights: Weights::from_rows(start, neighbour),
            tied: tied.map(|(i, _)| i).collect(),
        })
    }
}

impl Weights {
    /// Points as neighbours of the `k` points nearest to them, of equally near ones those first
    /// in the input. Not symmetric in general; [`Nearest`] has the choices.
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
    /// As [`Nearest::build`].
    pub fn nearest(x: &[f64], y: &[f64], k: usize) -> Result<Self> {
        Ok(Nearest::new(k).build(x, y)?.weights)
    }
}

/// Refuses a number of neighbours that there are not.
pub(super) fn check_k(k: usize, points: usize) -> Result<()> {
    if k == 0 || k >= points {
        return Err(Error::parameter(
            "k",
            k,
            format!("1 or more, and less than the {points} points"),
        ));
    }
    Ok(())
}

/// What lies around one of the points.
pub(super) struct Around<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) index: &'a IncidentIndex,
    pub(super) i: usize,
}

impl Around<'_> {
    /// The `count` nearest other points, nearest first, of equally near ones the first first.
    fn others(&self, count: usize) -> impl Iterator<Item = u32> + use<> {
        // One more than needed, because the point itself may be among them.
        let found = self
            .index
            .nearest(self.x[self.i], self.y[self.i], count + 1);
        let own = self.i;
        let numbers = found.into_iter().map(|(j, _)| j);
        numbers.filter(move |&j| j as usize != own).take(count)
    }

    fn squared(&self, j: u32) -> f64 {
        squared_distance(self.x, self.y, self.i, j as usize)
    }

    /// The squared distance of the k-th nearest other point; there are more than k points.
    pub(super) fn kth_squared(&self, k: usize) -> f64 {
        self.others(k).last().map_or(0.0, |j| self.squared(j))
    }

    /// Adds the `count` nearest other points to a row, ascending.
    fn append(&self, count: usize, row: &mut Vec<u32>) {
        let from = row.len();
        row.extend(self.others(count));
        row[from..].sort_unstable();
    }

    /// Adds the k nearest other points to a row, ascending, and tells whether the next is as near
    /// as the last of them.
    fn first(&self, k: usize, row: &mut Vec<u32>) -> bool {
        let from = row.len();
        row.extend(self.others(k + 1));
        let next = (row.len() > from + k).then(|| row.pop()).flatten();
        let last = self.squared(row[from + k - 1]);
        row[from..].sort_unstable();
        next.is_some_and(|j| self.squared(j) == last)
    }

    /// How many other points are as near as the k-th.
    fn reach(&self, k: usize) -> usize {
        let here = self.index.count_within(self.x[self.i], self.y[self.i], 0.0) - 1;
        // Many points on one spot must not each look through all the others.
        if here >= k {
            return here;
        }
        let mut asked = k + 1;
        loop {
            let found: Vec<u32> = self.others(asked).collect();
            let squared = self.squared(found[k - 1]);
            let farther = found[k..].iter().position(|&j| self.squared(j) > squared);
            match farther {
                Some(beyond) => return k + beyond,
                None if found.len() < asked => return found.len(),
                None => asked *= 2,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::weights::Adjacency;

    proptest! {
        #[test]
        fn the_nearest_are_their_definition(
            points in proptest::collection::vec((0..5i32, 0..5i32), 3..40),
            k in 1..6usize,
        ) {
            prop_assume!(k < points.len());
            let (x, y): (Vec<f64>, Vec<f64>) =
                points.iter().map(|p| (f64::from(p.0), f64::from(p.1))).unzip();
            let run = |ties, threads| {
                let workers = Workers::new(threads).unwrap();
                Nearest::new(k).ties(ties).build_with(&x, &y, &workers).unwrap()
            };
            let (first, all) = (run(Ties::First, 1), run(Ties::All, 1));
            prop_assert_eq!(&first, &run(Ties::First, 3));
            prop_assert_eq!(&all, &run(Ties::All, 3));
            prop_assert_eq!(&first.tied, &all.tied);
            for i in 0..x.len() {
                let mut others: Vec<(f64, u32)> = (0..x.len())
                    .filter(|&j| j != i)
                    .map(|j| (squared_distance(&x, &y, i, j), j as u32))
                    .collect();
                others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let reach = others[k - 1].0;
                let sorted = |mut v: Vec<u32>| { v.sort_unstable(); v };
                let nearest = sorted(others[..k].iter().map(|o| o.1).collect());
                let up_to = sorted(others.iter().filter(|o| o.0 <= reach).map(|o| o.1).collect());
                prop_assert_eq!(first.weights.neighbours(i), &nearest[..]);
                prop_assert_eq!(all.weights.neighbours(i), &up_to[..]);
                prop_assert_eq!(first.tied.contains(&(i as u32)), up_to.len() > k);
            }
        }
    }

    #[test]
    fn all_ties_of_a_lattice_make_it_the_rook() {
        let (x, y): (Vec<f64>, Vec<f64>) = (0..30)
            .map(|c| (f64::from(c % 6), f64::from(c / 6)))
            .unzip();
        let all = Nearest::new(1).ties(Ties::All).build(&x, &y).unwrap();
        assert_eq!(
            all.weights,
            Weights::lattice(5, 6, 1, Adjacency::Rook).unwrap()
        );
        assert_eq!(all.tied.len(), 30);
        // Nobody has a choice when all others are taken.
        assert!(Nearest::new(29).build(&x, &y).unwrap().tied.is_empty());
        assert!(Nearest::new(30).build(&x, &y).is_err());
        assert!(Ties::named("some").is_err());
    }
}
