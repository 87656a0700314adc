//! Neighbours on a grid, by row and column.

use std::collections::BTreeMap;

use super::contiguity::Adjacency;
use super::matrix::Weights;
use crate::error::{Error, Result};
use crate::memory::{MOST_BYTES, afford};

/// Bytes of a pair: the neighbour, and its weight where they differ.
const PAIR: u128 = 12;

/// Bytes of a unit: where its neighbours begin.
const UNIT: u128 = 8;

impl Weights {
    /// Cells of a lattice, row by row, as neighbours of all cells at most `order` steps away.
    ///
    /// A step of the queen goes to any of the eight cells around, one of the rook to one of four:
    /// with order 1 a cell in the middle has 8 or 4 neighbours, with order 2 it has 24 or 12.
    ///
    /// ```
    /// use brandpunt::weights::{Adjacency, Weights};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let w = Weights::lattice(3, 4, 1, Adjacency::Rook)?;
    /// assert_eq!(w.neighbours(5), [1, 4, 6, 9]);
    /// assert_eq!(Weights::lattice(3, 4, 1, Adjacency::Queen)?.cardinalities()[5], 8);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for an empty lattice or order 0, [`Error::TooLarge`].
    pub fn lattice(rows: usize, cols: usize, order: usize, adjacency: Adjacency) -> Result<Self> {
        if rows == 0 || cols == 0 {
            return Err(Error::parameter(
                "shape",
                format!("{rows} x {cols}"),
                "at least one row and column",
            ));
        }
        check_order(order)?;
        let reach = |extent: usize| 2 * order.min(extent - 1) as u128 + 1;
        check_size(
            rows as u128 * cols as u128,
            reach(rows).saturating_mul(reach(cols)),
        )?;
        let mut start = Vec::with_capacity(rows * cols + 1);
        let mut neighbour = Vec::new();
        start.push(0);
        for row in 0..rows {
            for col in 0..cols {
                for r in row.saturating_sub(order)..=row.saturating_add(order).min(rows - 1) {
                    let width = adjacency.reach(order, r.abs_diff(row));
                    let ends = col.saturating_sub(width)..=col.saturating_add(width).min(cols - 1);
                    neighbour.extend(
                        ends.filter(|&c| (r, c) != (row, col))
                            .map(|c| (r * cols + c) as u32),
                    );
                }
                start.push(neighbour.len());
            }
        }
        Ok(Self::from_rows(start, neighbour))
    }

    /// Any set of grid cells, given by row and column, as neighbours of the cells of the set at
    /// most `order` steps of the queen away.
    ///
    /// ```
    /// use brandpunt::weights::Weights;
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let w = Weights::cells(&[(0, 0), (1, 1), (5, 5)], 1)?;
    /// assert_eq!(w.neighbours(0), [1]);
    /// assert_eq!(w.islands(), [2]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for a cell given twice or order 0, [`Error::TooLarge`].
    pub fn cells(cells: &[(usize, usize)], order: usize) -> Result<Self> {
        check_order(order)?;
        let side = 2 * order as u128 + 1;
        check_size(
            cells.len() as u128,
            side.saturating_mul(side).min(cells.len() as u128),
        )?;
        let mut rows: BTreeMap<usize, Vec<(usize, u32)>> = BTreeMap::new();
        for (i, &(row, col)) in (0u32..).zip(cells) {
            rows.entry(row).or_default().push((col, i));
        }
        for (row, members) in &mut rows {
            members.sort_unstable();
            if let Some(pair) = members.windows(2).find(|p| p[0].0 == p[1].0) {
                return Err(Error::parameter(
                    "cells",
                    format!("({row}, {}) twice", pair[0].0),
                    "each cell once",
                ));
            }
        }
        let mut start = Vec::with_capacity(cells.len() + 1);
        let mut neighbour = Vec::new();
        start.push(0);
        for (i, &(row, col)) in (0u32..).zip(cells) {
            let from = neighbour.len();
            let near = row.saturating_sub(order)..=row.saturating_add(order);
            for (_, members) in rows.range(near) {
                let first = members.partition_point(|&(c, _)| c < col.saturating_sub(order));
                neighbour.extend(
                    members[first..]
                        .iter()
                        .take_while(|&&(c, _)| c <= col.saturating_add(order))
                        .map(|&(_, j)| j)
                        .filter(|&j| j != i),
                );
            }
            neighbour[from..].sort_unstable();
            start.push(neighbour.len());
        }
        Ok(Self::from_rows(start, neighbour))
    }
}

fn check_order(order: usize) -> Result<()> {
    if order == 0 {
        return Err(Error::parameter("order", order, "1 or more"));
    }
    Ok(())
}

/// Refuses more units or pairs than the numbers of units and the memory allow.
pub(super) fn check_size(units: u128, most_neighbours: u128) -> Result<()> {
    let pairs = units.saturating_mul(most_neighbours);
    let bytes = pairs
        .saturating_mul(PAIR)
        .saturating_add(units.saturating_mul(UNIT));
    afford("a matrix of weights", bytes, MOST_BYTES, || {
        "use fewer units or a smaller neighbourhood".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lattice_is_its_cells() {
        for (rows, cols, order) in [(1, 1, 1), (1, 5, 2), (4, 3, 1), (6, 7, 3)] {
            let cells: Vec<_> = (0..rows)
                .flat_map(|r| (0..cols).map(move |c| (r, c)))
                .collect();
            let lattice = Weights::lattice(rows, cols, order, Adjacency::Queen).unwrap();
            assert_eq!(lattice, Weights::cells(&cells, order).unwrap());
            let rook = Weights::lattice(rows, cols, order, Adjacency::Rook).unwrap();
            for (i, &(r, c)) in cells.iter().enumerate() {
                let expected: Vec<u32> = (0u32..)
                    .zip(&cells)
                    .filter(|&(j, &(s, d))| {
                        j as usize != i && r.abs_diff(s) + c.abs_diff(d) <= order
                    })
                    .map(|(j, _)| j)
                    .collect();
                assert_eq!(rook.neighbours(i), expected);
            }
        }
    }

    #[test]
    fn the_order_of_cells_does_not_matter() {
        let w = Weights::cells(&[(2, 2), (0, 0), (1, 1), (2, 1)], 1).unwrap();
        assert_eq!(w.neighbours(2), [0, 1, 3]);
        assert_eq!(w.neighbours(0), [2, 3]);
        assert!(Weights::cells(&[(2, 2), (2, 2)], 1).is_err());
        assert_eq!(Weights::cells(&[], 1).unwrap().n(), 0);
    }

    #[test]
    fn absurd_lattices_are_refused_before_allocation() {
        for (rows, cols, order) in [(1 << 20, 1 << 20, 1), (1 << 15, 1 << 15, 1 << 15)] {
            assert!(matches!(
                Weights::lattice(rows, cols, order, Adjacency::Queen),
                Err(Error::TooLarge { .. })
            ));
        }
        assert!(Weights::lattice(3, 3, 0, Adjacency::Queen).is_err());
        assert!(Weights::lattice(0, 3, 1, Adjacency::Queen).is_err());
        let w = Weights::lattice(2, 2, usize::MAX / 4, Adjacency::Rook).unwrap();
        assert_eq!(w.pairs(), 12);
    }
}
