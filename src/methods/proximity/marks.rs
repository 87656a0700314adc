//! The distances at which everything is measured.

use super::decay::Smoothing;

/// Edges of bands and of the bins of the curve, as one ascending list.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    /// All distances, ascending.
    pub(super) all: Vec<f64>,
    /// Where the edges of the bands stand among them.
    bands: Vec<usize>,
    /// Where the edges of the bins stand among them.
    bins: Vec<usize>,
}

impl Marks {
    pub(super) fn new(edges: &[f64], smoothing: &Smoothing) -> Self {
        let bins = smoothing.bin_edges();
        let mut all: Vec<f64> = edges.iter().chain(&bins).copied().collect();
        all.sort_unstable_by(f64::total_cmp);
        all.dedup();
        let place = |values: &[f64]| {
            values
                .iter()
                .map(|v| all.partition_point(|mark| mark < v))
                .collect()
        };
        Self {
            bands: place(edges),
            bins: place(&bins),
            all,
        }
    }

    /// What lies in each band, from what lies within each mark.
    pub(super) fn in_bands(&self, within: &[f64]) -> Vec<f64> {
        between(&self.bands, within)
    }

    /// What lies in each bin, from what lies within each mark.
    pub(super) fn in_bins(&self, within: &[f64]) -> Vec<f64> {
        between(&self.bins, within)
    }
}

fn between(places: &[usize], within: &[f64]) -> Vec<f64> {
    places
        .windows(2)
        .map(|ends| (within[ends[1]] - within[ends[0]]).max(0.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bins of one metre, and bands whose edges lie on and between theirs.
    #[test]
    fn bands_and_bins_share_one_list() {
        let marks = Marks::new(&[0.0, 2.5, 4.0], &Smoothing::new(8.0, 16.0));
        // Up to five bandwidths beyond the reach: 56 bins, and one mark between two of theirs.
        assert_eq!(marks.all.len(), 57 + 1);
        assert_eq!(marks.all[..5], [0.0, 1.0, 2.0, 2.5, 3.0]);
        let within: Vec<f64> = marks.all.iter().map(|d| 10.0 * d).collect();
        assert_eq!(marks.in_bands(&within), [25.0, 15.0]);
        assert_eq!(marks.in_bins(&within), [10.0; 56]);
    }
}
