//! A sparse matrix of weights.

use crate::error::{Error, Fault, Result};

/// Neighbours of each unit, in compressed rows: within a row by ascending unit, no unit twice.
///
/// Binary weights store no numbers. Nothing here changes its receiver: `include_self` and
/// `row_standardise` make new weights.
///
/// ```
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let w = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1], vec![]])?;
/// assert_eq!(w.cardinalities(), [1, 2, 1, 0]);
/// assert_eq!(w.islands(), [3]);
/// assert_eq!(w.include_self().neighbours(3), [3]);
/// assert_eq!(w.row_standardise().weights(1).collect::<Vec<_>>(), [0.5, 0.5]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Weights {
    start: Vec<usize>,
    neighbour: Vec<u32>,
    value: Option<Vec<f64>>,
}

impl Weights {
    /// Binary weights from lists of neighbours; order and repetition do not matter.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a neighbour that is no unit.
    pub fn from_neighbours(lists: Vec<Vec<u32>>) -> Result<Self> {
        let n = lists.len();
        let mut start = Vec::with_capacity(n + 1);
        let mut neighbour = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        start.push(0);
        for mut list in lists {
            list.sort_unstable();
            list.dedup();
            if let Some(&last) = list.last().filter(|&&j| j as usize >= n) {
                return Err(Error::parameter(
                    "neighbours",
                    last,
                    format!("numbers of units, 0 to {}", n.saturating_sub(1)),
                ));
            }
            neighbour.extend(list);
            start.push(neighbour.len());
        }
        Ok(Self {
            start,
            neighbour,
            value: None,
        })
    }

    /// Binary weights from rows that ascend and name units only.
    pub(super) fn from_rows(start: Vec<usize>, neighbour: Vec<u32>) -> Self {
        Self {
            start,
            neighbour,
            value: None,
        }
    }

    /// Weights from the three arrays of a compressed sparse row matrix.
    ///
    /// Stored zeros are dropped; when all other weights are one, the weights are binary.
    ///
    /// # Errors
    /// [`Error::Parameter`] for arrays that are no such matrix or repeat an entry,
    /// [`Fault::NonFinite`] and [`Fault::Negative`] for such weights.
    pub fn from_csr(start: &[usize], neighbour: &[u32], value: &[f64]) -> Result<Self> {
        let well_formed = start.first() == Some(&0)
            && start.windows(2).all(|w| w[0] <= w[1])
            && start.last() == Some(&neighbour.len())
            && neighbour.len() == value.len()
            && neighbour.iter().all(|&j| (j as usize) < start.len() - 1);
        if !well_formed {
            return Err(Error::parameter(
                "weights",
                format!("{} row starts, {} entries", start.len(), neighbour.len()),
                "a square compressed sparse row matrix",
            ));
        }
        let mut out = Self {
            start: vec![0],
            neighbour: Vec::new(),
            value: None,
        };
        let mut values = Vec::with_capacity(value.len());
        let mut row = Vec::new();
        for (i, ends) in start.windows(2).enumerate() {
            row.clear();
            for k in ends[0]..ends[1] {
                if !value[k].is_finite() {
                    return Err(Error::input(
                        Fault::NonFinite,
                        format!(
                            "the weight of units {i} and {} is {}",
                            neighbour[k], value[k]
                        ),
                    ));
                }
                if value[k] < 0.0 {
                    return Err(Error::input(
                        Fault::Negative,
                        format!(
                            "the weight of units {i} and {} is {}",
                            neighbour[k], value[k]
                        ),
                    ));
                }
                if value[k] > 0.0 {
                    row.push((neighbour[k], value[k]));
                }
            }
            row.sort_unstable_by_key(|&(j, _)| j);
            if row.windows(2).any(|w| w[0].0 == w[1].0) {
                return Err(Error::parameter(
                    "weights",
                    format!("row {i} with a repeated entry"),
                    "each pair of units once",
                ));
            }
            out.neighbour.extend(row.iter().map(|&(j, _)| j));
            values.extend(row.iter().map(|&(_, w)| w));
            out.start.push(out.neighbour.len());
        }
        out.value = values.iter().any(|&w| w != 1.0).then_some(values);
        Ok(out)
    }

    /// Number of units.
    #[must_use]
    pub fn n(&self) -> usize {
        self.start.len() - 1
    }

    /// Number of stored pairs.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.neighbour.len()
    }

    /// Neighbours of a unit, ascending.
    ///
    /// # Panics
    /// When `unit >= n()`.
    #[must_use]
    pub fn neighbours(&self, unit: usize) -> &[u32] {
        &self.neighbour[self.start[unit]..self.start[unit + 1]]
    }

    /// Weights of a unit's neighbours, in the order of [`neighbours`](Self::neighbours).
    ///
    /// # Panics
    /// When `unit >= n()`.
    #[must_use]
    pub fn weights(&self, unit: usize) -> impl ExactSizeIterator<Item = f64> + Clone + '_ {
        let range = self.start[unit]..self.start[unit + 1];
        range.map(|k| self.value.as_ref().map_or(1.0, |v| v[k]))
    }

    /// Weights of a unit's neighbours as they are stored; `None` when all weights are one.
    ///
    /// # Panics
    /// When `unit >= n()`.
    #[must_use]
    pub fn stored(&self, unit: usize) -> Option<&[f64]> {
        let values = self.value.as_ref()?;
        Some(&values[self.start[unit]..self.start[unit + 1]])
    }

    /// The one weight that all neighbours of a unit have, `None` when they differ or there is no
    /// neighbour.
    ///
    /// # Panics
    /// When `unit >= n()`.
    #[must_use]
    pub fn common_weight(&self, unit: usize) -> Option<f64> {
        let mut weights = self.weights(unit);
        let first = weights.next()?;
        weights.all(|w| w == first).then_some(first)
    }

    /// Whether all weights are one.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.value.is_none()
    }

    /// Whether a unit is its own neighbour.
    ///
    /// # Panics
    /// When `unit >= n()`.
    #[must_use]
    pub fn has_self(&self, unit: usize) -> bool {
        u32::try_from(unit).is_ok_and(|u| self.neighbours(unit).binary_search(&u).is_ok())
    }

    /// Whether every weight equals the one in the other direction.
    #[must_use]
    pub fn symmetric(&self) -> bool {
        (0..self.n()).all(|i| {
            self.neighbours(i)
                .iter()
                .zip(self.weights(i))
                .all(|(&j, w)| {
                    let back = self.neighbours(j as usize).binary_search(&(i as u32));
                    back.is_ok_and(|k| self.weights(j as usize).nth(k) == Some(w))
                })
        })
    }

    /// Number of neighbours of each unit.
    #[must_use]
    pub fn cardinalities(&self) -> Vec<usize> {
        self.start.windows(2).map(|w| w[1] - w[0]).collect()
    }

    /// Units without any neighbour but themselves, ascending.
    #[must_use]
    pub fn islands(&self) -> Vec<usize> {
        (0..self.n())
            .filter(|&i| self.neighbours(i).iter().all(|&j| j as usize == i))
            .collect()
    }

    /// The same weights with each unit its own neighbour: with weight one if the weights are
    /// binary, else with the greatest weight of its row (one for an island).
    ///
    /// Units that already are keep their weight.
    #[must_use]
    pub fn include_self(&self) -> Self {
        let mut out = Self {
            start: vec![0],
            neighbour: Vec::with_capacity(self.pairs() + self.n()),
            value: self
                .value
                .as_ref()
                .map(|v| Vec::with_capacity(v.len() + self.n())),
        };
        for i in 0..self.n() {
            let own = i as u32;
            let greatest = self.weights(i).reduce(f64::max).unwrap_or(1.0);
            let at = match self.neighbours(i).binary_search(&own) {
                Ok(_) => usize::MAX,
                Err(at) => at,
            };
            for (k, (&j, w)) in self.neighbours(i).iter().zip(self.weights(i)).enumerate() {
                if k == at {
                    out.push(own, greatest);
                }
                out.push(j, w);
            }
            if at == self.neighbours(i).len() {
                out.push(own, greatest);
            }
            out.start.push(out.neighbour.len());
        }
        out
    }

    fn push(&mut self, neighbour: u32, weight: f64) {
        self.neighbour.push(neighbour);
        if let Some(values) = &mut self.value {
            values.push(weight);
        }
    }

    /// The same weights divided by the sum of their row; islands keep an empty row.
    #[must_use]
    pub fn row_standardise(&self) -> Self {
        let mut values = Vec::with_capacity(self.pairs());
        for i in 0..self.n() {
            let sum: f64 = self.weights(i).sum();
            values.extend(self.weights(i).map(|w| w / sum));
        }
        Self {
            value: Some(values),
            ..self.clone()
        }
    }

    /// The same weights in the other direction: those of i on j become those of j on i.
    #[must_use]
    pub fn transpose(&self) -> Self {
        let mut next = vec![0usize; self.n() + 1];
        for &j in &self.neighbour {
            next[j as usize + 1] += 1;
        }
        for i in 0..self.n() {
            next[i + 1] += next[i];
        }
        let start = next.clone();
        let mut neighbour = vec![0u32; self.pairs()];
        let mut value = self.value.as_ref().map(|v| vec![0.0; v.len()]);
        for i in 0..self.n() {
            for k in self.start[i]..self.start[i + 1] {
                let place = &mut next[self.neighbour[k] as usize];
                neighbour[*place] = i as u32;
                if let (Some(to), Some(from)) = (&mut value, &self.value) {
                    to[*place] = from[k];
                }
                *place += 1;
            }
        }
        Self {
            start,
            neighbour,
            value,
        }
    }

    /// The arrays of a compressed sparse row matrix: row starts, neighbours, weights.
    #[must_use]
    pub fn to_csr(&self) -> (Vec<usize>, Vec<u32>, Vec<f64>) {
        let values = self
            .value
            .clone()
            .unwrap_or_else(|| vec![1.0; self.pairs()]);
        (self.start.clone(), self.neighbour.clone(), values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_goes_to_its_place_in_the_row() {
        let w = Weights::from_neighbours(vec![vec![1, 2], vec![0, 2], vec![0, 1], vec![]])
            .unwrap()
            .include_self();
        for i in 0..4 {
            assert!(w.has_self(i));
            assert!(w.neighbours(i).is_sorted());
        }
        assert_eq!(w.include_self(), w);
        assert_eq!(w.islands(), [3]);
    }

    #[test]
    fn turned_twice_is_as_before() {
        let w = Weights::from_csr(&[0, 2, 2, 4], &[1, 2, 0, 2], &[0.5, 2.0, 3.0, 4.0]).unwrap();
        let turned = w.transpose();
        assert_eq!(turned.to_csr().1, [2, 0, 0, 2]);
        assert_eq!(turned.to_csr().2, [3.0, 0.5, 2.0, 4.0]);
        assert_eq!(turned.transpose(), w);
    }

    #[test]
    fn bad_matrices_are_refused() {
        assert!(Weights::from_neighbours(vec![vec![7]]).is_err());
        assert!(Weights::from_csr(&[0, 1], &[0], &[f64::NAN]).is_err());
        assert!(Weights::from_csr(&[0, 1], &[0], &[-1.0]).is_err());
        assert!(Weights::from_csr(&[0, 2], &[0, 0], &[1.0, 1.0]).is_err());
        assert!(Weights::from_csr(&[0, 2], &[0], &[1.0]).is_err());
        let w = Weights::from_csr(&[0, 1, 2], &[1, 0], &[1.0, 0.0]).unwrap();
        assert!(w.is_binary());
        assert_eq!(w.islands(), [1]);
    }
}
