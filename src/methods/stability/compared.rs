//! How often is an area hot, over several settings?

use ndarray::Array2;

use super::ranks::rank_biased_overlap;
use crate::error::{Error, Fault, Result, coded};
use crate::stats::spearman;

coded! {
    /// How much a hotspot depends on the settings.
    StabilityLabel {
        /// Hot in at least 80 % of the settings.
        Stable = "stable",
        /// Hot in at least half of them.
        Moderate = "moderate",
        /// Hot in some, but less than half of them.
        Unstable = "unstable",
        /// Hot in none.
        Never = "never",
        /// No setting has a verdict.
        Unknown = "unknown",
    }
}

impl StabilityLabel {
    /// The label of a share of settings.
    #[must_use]
    pub fn of(share: f64) -> Self {
        // Shares are quotients of small whole numbers; 4 of 5 must be 80 %.
        let at_least = |line: f64| share >= line - 1e-12;
        if share.is_nan() {
            Self::Unknown
        } else if at_least(0.8) {
            Self::Stable
        } else if at_least(0.5) {
            Self::Moderate
        } else if share > 0.0 {
            Self::Unstable
        } else {
            Self::Never
        }
    }
}

/// In how many settings is each area hot, and how alike are the maps?
///
/// ```text
/// share    = settings in which the area is hot / settings in which it has a verdict
/// Jaccard  = areas hot in both settings / areas hot in either
/// ```
///
/// The first setting is the one that the others are compared with: by Jaccard's index of the hot
/// areas, and by Spearman's ρ and rank-biased overlap of what the areas are ranked by. An area
/// whose rank value is NaN in a setting has no verdict there.
///
/// A stable hotspot is one that the settings agree on, not one that must be real: all settings
/// share the reports, with all that is wrong with them.
///
/// # Complexity
/// Settings squared times areas, and a sort per setting.
///
/// Source: Openshaw 1984, The Modifiable Areal Unit Problem; Jaccard 1901, Bulletin de la Société
/// Vaudoise des Sciences Naturelles 37:547; for the others see [`spearman`] and
/// [`rank_biased_overlap`].
///
/// ```
/// use brandpunt::methods::stability::{Stability, StabilityLabel};
/// use ndarray::array;
///
/// # fn main() -> brandpunt::Result<()> {
/// let hot = array![[true, true, false], [true, false, false], [true, false, false]];
/// let z = array![[4.0, 3.0, 0.1], [4.1, 1.2, 0.3], [3.0, 0.2, 0.5]];
/// let found = Stability::new().run(&hot, &z)?;
/// assert_eq!(found.share, [1.0, 1.0 / 3.0, 0.0]);
/// assert_eq!(found.label[1], StabilityLabel::Unstable);
/// assert_eq!(found.jaccard, [1.0, 0.5, 0.5]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    persistence: f64,
}

/// How stable hotspots are.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StabilityResult {
    /// Per area, in input order: share of the settings in which it is hot; NaN without a verdict.
    pub share: Vec<f64>,
    /// Per area: what that share is called.
    pub label: Vec<StabilityLabel>,
    /// Per setting: areas that are hot.
    pub hot: Vec<usize>,
    /// Per setting: Jaccard's index with the first; NaN when neither has a hot area.
    pub jaccard: Vec<f64>,
    /// Per setting: Spearman's ρ with the first.
    pub spearman: Vec<f64>,
    /// Per setting: rank-biased overlap with the first.
    pub overlap: Vec<f64>,
    /// Jaccard's index of each setting (rows) with each (columns).
    pub jaccard_between: Array2<f64>,
}

impl Default for Stability {
    fn default() -> Self {
        Self { persistence: 0.9 }
    }
}

impl Stability {
    /// With a persistence of 0.9, so that the first ten ranks have most of the weight.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the persistence of rank-biased overlap.
    #[must_use]
    pub fn persistence(mut self, persistence: f64) -> Self {
        self.persistence = persistence;
        self
    }

    /// Compares verdicts, and the values by which areas are ranked; settings in rows, areas in
    /// columns.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless both have one shape, [`Fault::NoRows`] without a setting,
    /// [`Error::Parameter`] for a persistence that is not between 0 and 1.
    pub fn run(&self, hot: &Array2<bool>, ranked_by: &Array2<f64>) -> Result<StabilityResult> {
        if !(self.persistence > 0.0 && self.persistence < 1.0) {
            let expected = "a number between 0 and 1";
            return Err(Error::parameter("persistence", self.persistence, expected));
        }
        if hot.dim() != ranked_by.dim() {
            let detail = format!("{:?} verdicts and {:?} values", hot.dim(), ranked_by.dim());
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let (settings, areas) = hot.dim();
        if settings == 0 {
            return Err(Error::input(
                Fault::NoRows,
                "there is no setting; give one or more",
            ));
        }
        let rows: Vec<Vec<f64>> = ranked_by.rows().into_iter().map(|r| r.to_vec()).collect();
        let verdict = |setting: usize, area: usize| -> Option<bool> {
            (!rows[setting][area].is_nan()).then_some(hot[[setting, area]])
        };
        let share: Vec<f64> = (0..areas)
            .map(|area| {
                let verdicts = || (0..settings).filter_map(|s| verdict(s, area));
                verdicts().filter(|hot| *hot).count() as f64 / verdicts().count() as f64
            })
            .collect();
        let between = Array2::from_shape_fn((settings, settings), |(a, b)| {
            let pairs = (0..areas).filter_map(|i| Some((verdict(a, i)?, verdict(b, i)?)));
            let (both, either) = pairs.fold((0, 0), |(both, either), (a, b)| {
                (both + usize::from(a && b), either + usize::from(a || b))
            });
            f64::from(both as u32) / f64::from(either as u32)
        });
        let first = &rows[0];
        Ok(StabilityResult {
            label: share.iter().map(|s| StabilityLabel::of(*s)).collect(),
            share,
            hot: (0..settings)
                .map(|s| (0..areas).filter(|&i| verdict(s, i) == Some(true)).count())
                .collect(),
            jaccard: between.row(0).to_vec(),
            spearman: rows.iter().map(|r| spearman(first, r)).collect(),
            overlap: rows
                .iter()
                .map(|r| rank_biased_overlap(first, r, self.persistence))
                .collect(),
            jaccard_between: between,
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn labels_begin_at_their_lines() {
        use StabilityLabel::{Moderate, Never, Stable, Unknown, Unstable};
        let shares = [1.0, 0.8, 4.0 / 5.0, 0.79, 0.5, 0.49, 1e-6, 0.0, f64::NAN];
        let want = [
            Stable, Stable, Stable, Moderate, Moderate, Unstable, Unstable, Never, Unknown,
        ];
        assert_eq!(shares.map(StabilityLabel::of), want);
    }

    #[test]
    fn areas_without_a_verdict_do_not_count() {
        let none = f64::NAN;
        let hot = array![[true, true, false], [false, true, true]];
        let by = array![[2.0, none, 0.0], [1.0, none, none]];
        let found = Stability::new().run(&hot, &by).unwrap();
        assert_eq!((found.share[0], found.share[2]), (0.5, 0.0));
        assert!(found.share[1].is_nan());
        assert_eq!(found.label[1], StabilityLabel::Unknown);
        assert_eq!(found.hot, [1, 0]);
        assert_eq!(found.jaccard, [1.0, 0.0]);
        assert!(found.jaccard_between[[1, 1]].is_nan());
        assert!(found.spearman[0] == 1.0 && found.spearman[1].is_nan());
        assert_eq!(found.overlap, [1.0, 1.0]);
    }

    #[test]
    fn three_settings_by_hand() {
        let hot = array![
            [true, true, false, false],
            [true, false, true, false],
            [false, true, true, true],
        ];
        let by = array![
            [4.0, 3.0, 2.0, 1.0],
            [4.0, 1.0, 3.0, 2.0],
            [1.0, 4.0, 3.0, 2.0]
        ];
        let found = Stability::new().persistence(0.5).run(&hot, &by).unwrap();
        assert_eq!(found.share, [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0]);
        assert_eq!(found.label[0], StabilityLabel::Moderate);
        assert_eq!(found.label[3], StabilityLabel::Unstable);
        assert_eq!(found.hot, [2, 2, 3]);
        assert_eq!(found.jaccard, [1.0, 1.0 / 3.0, 0.25]);
        let third = 1.0 / 3.0;
        let between = array![[1.0, third, 0.25], [third, 1.0, 0.25], [0.25, 0.25, 1.0]];
        assert_eq!(found.jaccard_between, between);
        // 1 − 6 Σ d² / (4 · 15): squared differences 0 + 4 + 1 + 1 and 9 + 1 + 1 + 1.
        assert!((found.spearman[1] - 0.4).abs() < 1e-15);
        assert!((found.spearman[2] + 0.2).abs() < 1e-15);
        // Agreements 1, 1/2, 2/3, 1 and 0, 1/2, 2/3, 1 at p = 1/2: 1/16 + Σ A / 2ᵈ.
        let want = 0.0625 + 0.5 + 0.125 + 1.0 / 12.0 + 0.0625;
        assert!((found.overlap[1] - want).abs() < 1e-15);
        assert!((found.overlap[2] - (want - 0.5)).abs() < 1e-15);
        // Nine tenths unless it is said otherwise.
        let default = Stability::new().run(&hot, &by).unwrap();
        let said = Stability::new().persistence(0.9).run(&hot, &by).unwrap();
        assert_eq!(default, said);
        assert!(default.overlap[1] > found.overlap[2] && default.overlap[1] != found.overlap[1]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let hot = array![[true], [false]];
        let test = Stability::new();
        assert!(test.run(&hot, &array![[1.0, 2.0]]).is_err());
        let none = Array2::from_shape_vec((0, 2), Vec::new()).unwrap();
        let values = Array2::from_shape_vec((0, 2), Vec::new()).unwrap();
        assert!(test.run(&none, &values).is_err());
        let by = array![[1.0], [2.0]];
        for persistence in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
            assert!(
                test.clone()
                    .persistence(persistence)
                    .run(&hot, &by)
                    .is_err(),
                "{persistence}"
            );
        }
    }
}
