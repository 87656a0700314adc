//! How many incidents are too many?

use crate::error::{Error, Fault, Result};
use crate::stats::{binomial_tails, poisson_tails};

/// What an area has when nothing is going on.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) enum Usual {
    /// So many per window, known.
    Expected(Vec<f64>),
    /// So many were counted in a reference period of so many windows.
    Counted { counts: Vec<i64>, windows: f64 },
}

impl Usual {
    /// More to expect in one area and window than this is refused: exact tails would take seconds.
    const MOST: f64 = 1e7;

    /// Refuses what does not fit so many areas.
    pub(super) fn check(&self, areas: usize) -> Result<()> {
        let given = match self {
            Self::Expected(values) => values.len(),
            Self::Counted { counts, .. } => counts.len(),
        };
        if given != areas {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{given} usual counts for {areas} areas; give one per area"),
            ));
        }
        let odd = |&area: &usize| {
            let expected = self.expected(area);
            !expected.is_nan() && !(0.0..=Self::MOST).contains(&expected)
        };
        (0..areas).find(odd).map_or(Ok(()), |area| {
            Err(Error::input(
                Fault::NumberOutOfRange,
                format!(
                    "the usual count of area {area} (from 0) is {} per window; give a number from 0 \
                     to {}, or NaN where it is not known",
                    self.expected(area),
                    Self::MOST
                ),
            ))
        })
    }

    /// Incidents to expect in the window, NaN where it is not known.
    pub(super) fn expected(&self, area: usize) -> f64 {
        match self {
            Self::Expected(values) => values[area],
            Self::Counted { counts, windows } => counts[area] as f64 / windows,
        }
    }

    /// The chance of at least `count` incidents when nothing is going on.
    ///
    /// Where the usual count was itself counted, its own chance is taken into account: given the
    /// incidents of both, each lies in the window with probability 1 / (1 + windows).
    pub(super) fn p(&self, area: usize, count: i64) -> f64 {
        let count = count as u64;
        match self {
            Self::Expected(values) => poisson_tails(count, values[area]).1,
            Self::Counted { counts, windows } => {
                binomial_tails(count, count + counts[area] as u64, 1.0 / (1.0 + windows)).1
            }
        }
    }

    /// The least count with at most this chance; `None` where nothing is known.
    pub(super) fn threshold(&self, area: usize, level: f64) -> Option<i64> {
        if self.expected(area).is_nan() {
            return None;
        }
        let passes = |count: i64| self.p(area, count) <= level;
        let mut high = 1i64;
        while !passes(high) {
            high = high.checked_mul(2)?;
        }
        let mut low = high / 2;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if passes(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }
}

/// Thresholds of all areas that together raise a false alarm at most so often.
#[derive(Debug, Clone)]
pub(super) struct Alarm {
    pub(super) usual: Usual,
    pub(super) threshold: Vec<Option<i64>>,
}

impl Alarm {
    /// The rate is shared out over the areas of which something is known.
    pub(super) fn new(usual: Usual, areas: usize, rate: f64) -> Result<Self> {
        usual.check(areas)?;
        let known = (0..areas).filter(|&a| !usual.expected(a).is_nan()).count();
        let level = rate / known.max(1) as f64;
        let threshold = (0..areas).map(|a| usual.threshold(a, level)).collect();
        Ok(Self { usual, threshold })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(X ≥ 6) = 0.0166 and P(X ≥ 7) = 0.0045 for a mean of 2 (tables of the Poisson
    /// distribution).
    #[test]
    fn thresholds_are_the_least_counts_with_at_most_the_level() {
        let usual = Usual::Expected(vec![2.0, 0.0, f64::NAN]);
        assert_eq!(usual.threshold(0, 0.0166), Some(6));
        assert_eq!(usual.threshold(0, 0.0165), Some(7));
        assert_eq!(
            usual.threshold(1, 0.01),
            Some(1),
            "nothing is ever expected"
        );
        assert_eq!(usual.threshold(2, 0.01), None);
        for mean in [0.3, 4.0, 75.0, 12_345.0] {
            let usual = Usual::Expected(vec![mean]);
            let found = usual.threshold(0, 1e-4).unwrap();
            assert!(
                usual.p(0, found) <= 1e-4 && usual.p(0, found - 1) > 1e-4,
                "{mean}"
            );
        }
    }

    /// Given 1 + 0 incidents, the one lies in the window with chance 1/53; given 2 + 0, both do
    /// with its square.
    #[test]
    fn what_was_never_seen_in_a_year_may_happen_once() {
        let usual = Usual::Counted {
            counts: vec![0],
            windows: 52.0,
        };
        assert!((usual.p(0, 1) - 1.0 / 53.0).abs() < 1e-15);
        assert!((usual.p(0, 2) - 1.0 / 2809.0).abs() < 1e-15);
        assert_eq!(usual.threshold(0, 0.01), Some(2));
    }

    #[test]
    fn a_long_reference_is_as_good_as_knowing() {
        let windows = 1e6;
        let counted = Usual::Counted {
            counts: vec![3_000_000],
            windows,
        };
        let known = Usual::Expected(vec![3.0]);
        for count in 1..15 {
            let (a, b) = (counted.p(0, count), known.p(0, count));
            assert!((a / b - 1.0).abs() < 1e-4, "{count}: {a} {b}");
        }
    }

    #[test]
    fn all_areas_together_keep_the_rate() {
        let means: Vec<f64> = (0..200).map(|i| 0.05 * f64::from(i)).collect();
        let alarm = Alarm::new(Usual::Expected(means.clone()), 200, 0.05).unwrap();
        let total: f64 = (0..200)
            .map(|a| alarm.usual.p(a, alarm.threshold[a].unwrap()))
            .sum();
        assert!(total <= 0.05 && total > 0.005, "{total}");
        assert!(Alarm::new(Usual::Expected(means), 199, 0.05).is_err());
        for odd in [-1.0, f64::INFINITY, 1e15] {
            assert!(Alarm::new(Usual::Expected(vec![odd]), 1, 0.05).is_err());
        }
    }
}
