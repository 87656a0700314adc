//! What if only some sources of reports counted?

use super::top::top;
use crate::error::{Error, Fault, Result};
use crate::stats::{average_ranks, spearman};

/// Which areas stand out only because of one source of reports, such as patrols?
///
/// What the police find depends on where they look, and they look where they found something
/// before. So figures of all incidents (counts, rates, or a statistic) are set beside the same
/// figures of the incidents that are left without that source. An area stands out when it is among
/// the `top` largest figures, ties at the last place included, or when a given map of classes says
/// so. With A and B the sets that stand out with all incidents and without the source:
///
/// ```text
/// Jaccard = |A ∩ B| / |A ∪ B|        rank shift = rank without − rank with all
/// ```
///
/// Ranks are 1 for the largest figure, means for ties; an area that drops has a positive shift. The
/// rank correlation is Spearman's. Jaccard is NaN where nothing stands out; areas without one
/// of the two figures (NaN) have no shift.
///
/// Source: Lum & Isaac 2016, Significance 13(5):14, doi:10.1111/j.1740-9713.2016.00960.x.
///
/// ```
/// use brandpunt::methods::profile::WithoutSource;
///
/// # fn main() -> brandpunt::Result<()> {
/// let all = [90.0, 60.0, 50.0, 10.0];
/// let reported = [30.0, 55.0, 50.0, 10.0];
/// let found = WithoutSource::new().top(2).run(&all, &reported)?;
/// assert_eq!(found.only_with, [true, false, false, false]);
/// assert_eq!(found.rank_shift, [2.0, -1.0, -1.0, 0.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutSource {
    top: usize,
}

/// Areas with all incidents and without a source, in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceComparison {
    /// Whether an area stands out with all incidents.
    pub stands_out: Vec<bool>,
    /// Whether it stands out without the source.
    pub stands_out_without: Vec<bool>,
    /// Whether it stands out only with the source.
    pub only_with: Vec<bool>,
    /// Whether it stands out only without it.
    pub only_without: Vec<bool>,
    /// Rank with all incidents, 1 for the largest figure.
    pub rank: Vec<f64>,
    /// Rank without the source.
    pub rank_without: Vec<f64>,
    /// How many places an area drops without the source; negative where it rises.
    pub rank_shift: Vec<f64>,
    /// Areas that stand out both ways, as a share of those that do either way.
    pub jaccard: f64,
    /// Spearman's rank correlation of the figures.
    pub spearman: f64,
}

impl Default for WithoutSource {
    fn default() -> Self {
        Self { top: 10 }
    }
}

impl WithoutSource {
    /// The ten largest figures stand out.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many areas stand out.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Compares figures; the largest stand out.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], and [`Error::Parameter`] for a top of 0.
    pub fn run(&self, all: &[f64], without: &[f64]) -> Result<SourceComparison> {
        if self.top == 0 {
            return Err(Error::parameter("top", self.top, "at least 1"));
        }
        self.run_marked(all, without, &top(all, self.top), &top(without, self.top))
    }

    /// Compares figures where others have said what stands out, such as a map of hotspot classes.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`].
    pub fn run_marked(
        &self,
        all: &[f64],
        without: &[f64],
        hot: &[bool],
        hot_without: &[bool],
    ) -> Result<SourceComparison> {
        let lengths = [all.len(), without.len(), hot.len(), hot_without.len()];
        if lengths.iter().any(|l| *l != lengths[0]) {
            let [a, b, c, d] = lengths;
            let detail = format!(
                "`all` is of {a} areas, `without` of {b}, and what stands out of {c} and {d}; give \
                 one value per area in each"
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let descending = |values: &[f64]| -> Vec<f64> {
            average_ranks(&values.iter().map(|v| -v).collect::<Vec<_>>())
        };
        let (rank, rank_without) = (descending(all), descending(without));
        let pairs = || hot.iter().zip(hot_without);
        let both = pairs().filter(|(a, b)| **a && **b).count();
        let either = pairs().filter(|(a, b)| **a || **b).count();
        Ok(SourceComparison {
            only_with: pairs().map(|(a, b)| *a && !b).collect(),
            only_without: pairs().map(|(a, b)| *b && !a).collect(),
            stands_out: hot.to_vec(),
            stands_out_without: hot_without.to_vec(),
            rank_shift: rank.iter().zip(&rank_without).map(|(a, b)| b - a).collect(),
            jaccard: both as f64 / either as f64,
            spearman: spearman(all, without),
            rank,
            rank_without,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_ranks_are_compared() {
        let got = WithoutSource::new()
            .top(3)
            .run(
                &[90.0, 60.0, 50.0, 10.0, 0.0],
                &[0.0, 55.0, 50.0, 10.0, 0.0],
            )
            .unwrap();
        assert_eq!(got.stands_out_without, [false, true, true, true, false]);
        assert_eq!(got.only_without, [false, false, false, true, false]);
        assert_eq!(got.jaccard, 0.5);
        assert_eq!(got.rank_without, [4.5, 1.0, 2.0, 3.0, 4.5]);
        assert_eq!(got.rank_shift[0], 3.5);
        let same = WithoutSource::new().run(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!((same.jaccard, same.spearman), (1.0, 1.0));
        let none = WithoutSource::new().run(&[0.0; 3], &[0.0; 3]).unwrap();
        assert!(none.jaccard.is_nan() && none.spearman.is_nan());
    }

    #[test]
    fn given_classes_decide_and_lengths_must_fit() {
        let values = [5.0, 4.0];
        let got = WithoutSource::new()
            .run_marked(&values, &values, &[true, true], &[false, true])
            .unwrap();
        assert_eq!((got.jaccard, got.only_with[0]), (0.5, true));
        let error = WithoutSource::new().run(&values, &[1.0]).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::LengthMismatch));
        assert!(WithoutSource::new().top(0).run(&values, &values).is_err());
    }
}
