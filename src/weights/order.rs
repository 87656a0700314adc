//! Neighbours of neighbours.

use super::lattice::check_size;
use super::matrix::Weights;
use crate::error::{Error, Result};

impl Weights {
    /// Units that are `order` steps away, and no fewer: with 2, the neighbours of neighbours.
    /// With `cumulative`, all units that are 1 to `order` steps away.
    ///
    /// Steps go from a unit to its neighbours, along weights of any size; the result is binary
    /// and nobody is in it their own neighbour. A unit without neighbours stays an island, and
    /// one whose reach ends before `order` becomes one. The time taken is that of looking at
    /// the neighbours of everybody within `order − 1` steps.
    ///
    /// ```
    /// use brandpunt::weights::{Adjacency, Weights};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let street = Weights::lattice(1, 5, 1, Adjacency::Rook)?;
    /// assert_eq!(street.order(2, false)?.neighbours(0), [2]);
    /// assert_eq!(street.order(2, true)?.neighbours(0), [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for order 0, [`Error::TooLarge`] for weights beyond 4 GiB.
    pub fn order(&self, order: usize, cumulative: bool) -> Result<Self> {
        if order == 0 {
            return Err(Error::parameter("order", order, "1 or more"));
        }
        let n = self.n();
        let mut start = Vec::with_capacity(n + 1);
        let mut neighbour: Vec<u32> = Vec::new();
        start.push(0);
        // In whose search each unit was seen last, counted from 1.
        let mut seen = vec![0u32; n];
        let mut reached: Vec<u32> = Vec::new();
        for (i, search) in (0u32..).zip(1u32..).take(n) {
            reached.clear();
            seen[i as usize] = search;
            reached.push(i);
            let mut ring = 0..1;
            for _ in 0..order {
                let before = reached.len();
                for at in ring.clone() {
                    for &j in self.neighbours(reached[at] as usize) {
                        if seen[j as usize] != search {
                            seen[j as usize] = search;
                            reached.push(j);
                        }
                    }
                }
                ring = before..reached.len();
                if ring.is_empty() {
                    break;
                }
            }
            let kept = if cumulative { 1..reached.len() } else { ring };
            check_size((neighbour.len() + kept.len()) as u128, 1)?;
            let from = neighbour.len();
            neighbour.extend_from_slice(&reached[kept]);
            neighbour[from..].sort_unstable();
            start.push(neighbour.len());
        }
        Ok(Self::from_rows(start, neighbour))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::weights::Adjacency;

    #[test]
    fn rings_of_a_lattice_are_those_of_the_larger_lattice() {
        for adjacency in [Adjacency::Queen, Adjacency::Rook] {
            let lattice = |order| Weights::lattice(6, 7, order, adjacency).unwrap();
            let first = lattice(1);
            assert_eq!(first.order(1, false).unwrap(), first);
            for order in 2..5 {
                assert_eq!(first.order(order, true).unwrap(), lattice(order));
                let ring = first.order(order, false).unwrap();
                assert_eq!(
                    ring,
                    lattice(order).difference(&lattice(order - 1)).unwrap()
                );
            }
        }
    }

    #[test]
    fn islands_stay_and_reach_ends() {
        let w = Weights::from_neighbours(vec![vec![1], vec![0], vec![], vec![3]]).unwrap();
        assert_eq!(w.order(1, false).unwrap().islands(), [2, 3]);
        assert_eq!(w.order(2, false).unwrap().islands(), [0, 1, 2, 3]);
        assert_eq!(w.order(9, true).unwrap().neighbours(0), [1]);
        assert!(w.order(0, false).is_err());
    }

    proptest! {
        /// Steps counted by relaxing all of them, on weights in one direction.
        #[test]
        fn a_ring_is_a_number_of_steps(
            lists in proptest::collection::vec(proptest::collection::vec(0..9u32, 0..4), 9),
            order in 1..5usize,
        ) {
            let w = Weights::from_neighbours(lists).unwrap();
            let mut steps = vec![vec![usize::MAX; 9]; 9];
            for (i, from) in steps.iter_mut().enumerate() {
                from[i] = 0;
                for _ in 0..9 {
                    for j in 0..9 {
                        for &to in w.neighbours(j) {
                            let next = from[j].saturating_add(1);
                            from[to as usize] = from[to as usize].min(next);
                        }
                    }
                }
            }
            let (ring, all) = (w.order(order, false).unwrap(), w.order(order, true).unwrap());
            for (i, from) in steps.iter().enumerate() {
                let at = |wanted: &dyn Fn(usize) -> bool| -> Vec<u32> {
                    (0..9u32).filter(|&j| wanted(from[j as usize])).collect()
                };
                prop_assert_eq!(ring.neighbours(i), &at(&|s| s == order)[..]);
                prop_assert_eq!(all.neighbours(i), &at(&|s| s > 0 && s <= order)[..]);
            }
        }
    }
}
