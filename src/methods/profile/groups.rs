//! Which incidents are looked at, and which are what they are compared with.

use crate::error::{Error, Fault, Result};
use crate::index::NeighbourhoodIndex;

/// In no subset, but among those that the subsets are compared with.
pub(super) const REST: u32 = NeighbourhoodIndex::NONE;
/// Not compared at all.
pub(super) const OUT: u32 = REST - 1;

/// The subset of each incident, or [`REST`], or [`OUT`].
#[derive(Debug, Clone)]
pub(super) struct Groups {
    pub(super) label: Vec<u32>,
    pub(super) subsets: usize,
}

impl Groups {
    /// Subsets by number, everything else the rest.
    pub(super) fn labelled(label: &[u32], subsets: usize, incidents: usize) -> Result<Self> {
        if label.len() != incidents {
            let detail = format!("{} labels and {incidents} incidents", label.len());
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        if let Some(odd) = label
            .iter()
            .find(|l| **l != REST && **l as usize >= subsets)
        {
            let expected = format!("numbers of subsets, below {subsets}");
            return Err(Error::parameter("labels", odd, expected));
        }
        Ok(Self {
            label: label.to_vec(),
            subsets,
        })
    }

    /// Areas, where an incident in none of them is not of the city.
    pub(super) fn areas(mut label: Vec<u32>, areas: usize) -> Self {
        for label in &mut label {
            *label = if *label == REST { OUT } else { *label };
        }
        Self {
            label,
            subsets: areas,
        }
    }

    /// One subset against another.
    pub(super) fn between(first: &[u32], second: &[u32], incidents: usize) -> Result<Self> {
        let mut label = vec![OUT; incidents];
        for (positions, side) in [(first, 0), (second, REST)] {
            for &position in positions {
                let at = label.get_mut(position as usize).ok_or_else(|| {
                    let expected = format!("positions of incidents, below {incidents}");
                    Error::parameter("positions", position, expected)
                })?;
                if *at != OUT && *at != side {
                    let expected = "in one of the two sets only; leave out what they share";
                    return Err(Error::parameter("positions", position, expected));
                }
                *at = side;
            }
        }
        Ok(Self { label, subsets: 1 })
    }

    /// How many incidents each subset has, and how many there are to compare in all.
    pub(super) fn sizes(&self) -> (Vec<u64>, u64) {
        let mut sizes = vec![0; self.subsets];
        let mut all = 0;
        for &label in &self.label {
            all += u64::from(label != OUT);
            if let Some(size) = sizes.get_mut(label as usize) {
                *size += 1;
            }
        }
        (sizes, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_no_area_is_not_of_the_city() {
        let found = Groups::areas(vec![1, REST, 0], 2);
        assert_eq!(
            (found.label.as_slice(), found.subsets),
            (&[1, OUT, 0][..], 2)
        );
    }
}
