//! Many addresses, or the same again and again?

use super::groups::{Groups, OUT};
use crate::error::{Error, Fault, Result};
use crate::index::IncidentIndex;
use crate::model::Incidents;

/// From how many different addresses, or reporters, the reports of each subset come.
///
/// With `c_a` reports of address a and `n` reports in all:
///
/// ```text
/// repeat_share  = Σ (c_a − 1) / n          reports that are not the first of their address
/// busiest_share = max c_a / n
/// ```
///
/// Both grow with the number of reports on the same addresses, so compare subsets of like size. All
/// columns are in the order of the subsets; shares are NaN without a report.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Places {
    /// Different addresses.
    pub places: Vec<u64>,
    /// Addresses with two reports or more.
    pub repeated: Vec<u64>,
    /// Share of the reports that are not the first of their address.
    pub repeat_share: Vec<f64>,
    /// Share of the reports that the address with most of them has.
    pub busiest_share: Vec<f64>,
    /// Reports whose address is not known; they are in no share.
    pub unknown: Vec<u64>,
}

impl Places {
    /// Counts labels per subset; [`u32::MAX`] is an unknown one.
    pub(super) fn of(labels: &[u32], groups: &Groups) -> Self {
        let mut out = Self {
            unknown: vec![0; groups.subsets],
            ..Self::default()
        };
        let mut pairs = Vec::new();
        for (&subset, &label) in groups.label.iter().zip(labels) {
            if (subset as usize) >= groups.subsets || subset == OUT {
                continue;
            }
            if label == u32::MAX {
                out.unknown[subset as usize] += 1;
            } else {
                pairs.push((subset, label));
            }
        }
        pairs.sort_unstable();
        let mut runs = pairs.chunk_by(|a, b| a == b).peekable();
        for subset in (0u32..).take(groups.subsets) {
            let (mut places, mut repeated, mut most, mut total) = (0u64, 0, 0, 0);
            while let Some(run) = runs.next_if(|run| run[0].0 == subset) {
                let reports = run.len() as u64;
                places += 1;
                repeated += u64::from(reports > 1);
                most = reports.max(most);
                total += reports;
            }
            out.places.push(places);
            out.repeated.push(repeated);
            out.repeat_share
                .push((total - places) as f64 / total as f64);
            out.busiest_share.push(most as f64 / total as f64);
        }
        out
    }
}

/// The number of each incident's location.
pub(super) fn locations(incidents: &Incidents) -> Vec<u32> {
    let index = IncidentIndex::build(incidents);
    let mut labels = vec![0; incidents.len()];
    for location in (0u32..).take(index.locations()) {
        for &i in index.members(location) {
            labels[i as usize] = location;
        }
    }
    labels
}

/// Refuses a column that does not have one label per incident.
pub(super) fn check(labels: Option<&[u32]>, what: &str, incidents: usize) -> Result<()> {
    match labels.filter(|l| l.len() != incidents) {
        None => Ok(()),
        Some(labels) => Err(Error::input(
            Fault::LengthMismatch,
            format!(
                "{} {what} and {incidents} incidents; give one each",
                labels.len()
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_repeats_are_counted_per_subset() {
        let groups = Groups::labelled(&[0, 0, 0, 2, u32::MAX, 2, 0], 3, 7).unwrap();
        let got = Places::of(&[7, 7, 8, 7, 7, u32::MAX, 7], &groups);
        assert_eq!(got.places, [2, 0, 1]);
        assert_eq!(got.repeated, [1, 0, 0]);
        assert_eq!(got.unknown, [0, 0, 1]);
        assert_eq!(got.repeat_share[0], 0.5);
        assert_eq!(got.busiest_share[0], 0.75);
        assert!(got.repeat_share[1].is_nan() && got.busiest_share[1].is_nan());
        assert_eq!(got.repeat_share[2], 0.0);
    }
}
