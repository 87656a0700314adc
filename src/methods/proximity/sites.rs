//! Places where a facility is, or could be.

use crate::error::{Error, Fault, Result};

/// Places where facilities are or could be, with a label each where only like may take the place
/// of like.
///
/// ```
/// use brandpunt::methods::proximity::Sites;
///
/// # fn main() -> brandpunt::Result<()> {
/// let schools = Sites::new(&[0.0, 0.0, 900.0], &[0.0, 0.0, 0.0])?.labelled(&[1, 1, 2])?;
/// assert_eq!(schools.len(), 2, "two schools at one address are one place");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    given: Vec<[f64; 2]>,
    label: Vec<u32>,
    /// Whether labels were given.
    labelled: bool,
}

impl Sites {
    /// Places at these coordinates, all with one label.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::NonFinite`], [`Fault::NoRows`] without a place.
    pub fn new(x: &[f64], y: &[f64]) -> Result<Self> {
        if x.len() != y.len() {
            let detail = format!(
                "{} x and {} y; give one of each per place",
                x.len(),
                y.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let given: Vec<[f64; 2]> = x.iter().zip(y).map(|(x, y)| [*x, *y]).collect();
        if let Some(i) = given.iter().position(|p| !p.iter().all(|c| c.is_finite())) {
            let detail = format!("place {i} (from 0) is ({}, {}); leave it out", x[i], y[i]);
            return Err(Error::input(Fault::NonFinite, detail));
        }
        if given.is_empty() {
            let detail = "there is no place; give at least one";
            return Err(Error::input(Fault::NoRows, detail));
        }
        Ok(Self {
            label: vec![0; given.len()],
            given,
            labelled: false,
        })
    }

    /// Gives each place a label, such as the kind of its neighbourhood.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one per place.
    pub fn labelled(mut self, labels: &[u32]) -> Result<Self> {
        if labels.len() != self.given.len() {
            let detail = format!(
                "{} labels for {} places; give one per place",
                labels.len(),
                self.given.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        self.label = labels.to_vec();
        self.labelled = true;
        Ok(self)
    }

    /// How many different places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places().len()
    }

    /// Whether there is none; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    pub(super) fn has_labels(&self) -> bool {
        self.labelled
    }

    /// Different places with their label, by x, then y; of several labels at one place the least.
    pub(crate) fn places(&self) -> Vec<([f64; 2], u32)> {
        let mut out: Vec<([f64; 2], u32)> = self
            .given
            .iter()
            .copied()
            .zip(self.label.iter().copied())
            .collect();
        out.sort_by(|(a, l), (b, m)| {
            a[0].total_cmp(&b[0])
                .then(a[1].total_cmp(&b[1]))
                .then(l.cmp(m))
        });
        out.dedup_by(|a, b| a.0 == b.0);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart_and_in_order() {
        let sites = Sites::new(&[5.0, 1.0, 1.0, 5.0, 1.0], &[2.0, 4.0, 3.0, 2.0, 3.0]).unwrap();
        assert!(!sites.has_labels() && !sites.is_empty());
        let plain = [([1.0, 3.0], 0), ([1.0, 4.0], 0), ([5.0, 2.0], 0)];
        assert_eq!(sites.places(), plain);
        let labelled = sites.clone().labelled(&[9, 8, 7, 6, 5]).unwrap();
        assert!(labelled.has_labels());
        let least = [([1.0, 3.0], 5), ([1.0, 4.0], 8), ([5.0, 2.0], 6)];
        assert_eq!((labelled.places(), labelled.len()), (least.to_vec(), 3));
        let fault = |found: Result<Sites>| found.unwrap_err().fault();
        assert_eq!(fault(sites.labelled(&[1])), Some(Fault::LengthMismatch));
        assert_eq!(fault(Sites::new(&[1.0], &[])), Some(Fault::LengthMismatch));
        assert_eq!(fault(Sites::new(&[], &[])), Some(Fault::NoRows));
        for (x, y) in [(f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            let error = Sites::new(&[0.0, x], &[0.0, y]).unwrap_err();
            assert_eq!(error.fault(), Some(Fault::NonFinite));
            assert!(error.to_string().contains("place 1"), "{error}");
        }
    }
}
