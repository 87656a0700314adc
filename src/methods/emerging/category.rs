//! What a history of hot and cold steps is called.

use crate::error::{Error, Result, coded};

coded! {
    /// The seventeen names of a history of hot and cold steps; see [`classify`] for their meaning.
    Category {
        /// None of the others.
        NoPattern = "no_pattern",
        /// Hot at the last step and never before.
        NewHot = "new_hot_spot",
        /// Hot in one run of steps up to the last.
        ConsecutiveHot = "consecutive_hot_spot",
        /// Hot nearly always and more and more so.
        IntensifyingHot = "intensifying_hot_spot",
        /// Hot nearly always.
        PersistentHot = "persistent_hot_spot",
        /// Hot nearly always and less and less so.
        DiminishingHot = "diminishing_hot_spot",
        /// Hot at the last step, on and off before.
        SporadicHot = "sporadic_hot_spot",
        /// Hot at the last step, cold at some step before.
        OscillatingHot = "oscillating_hot_spot",
        /// Hot nearly always, but not at the last step.
        HistoricalHot = "historical_hot_spot",
        /// Cold at the last step and never before.
        NewCold = "new_cold_spot",
        /// Cold in one run of steps up to the last.
        ConsecutiveCold = "consecutive_cold_spot",
        /// Cold nearly always and more and more so.
        IntensifyingCold = "intensifying_cold_spot",
        /// Cold nearly always.
        PersistentCold = "persistent_cold_spot",
        /// Cold nearly always and less and less so.
        DiminishingCold = "diminishing_cold_spot",
        /// Cold at the last step, on and off before.
        SporadicCold = "sporadic_cold_spot",
        /// Cold at the last step, hot at some step before.
        OscillatingCold = "oscillating_cold_spot",
        /// Cold nearly always, but not at the last step.
        HistoricalCold = "historical_cold_spot",
    }
}

impl Category {
    /// All seventeen: no pattern, the hot ones from new to historical, the cold ones likewise.
    pub const ALL: [Self; 17] = [
        Self::NoPattern,
        Self::NewHot,
        Self::ConsecutiveHot,
        Self::IntensifyingHot,
        Self::PersistentHot,
        Self::DiminishingHot,
        Self::SporadicHot,
        Self::OscillatingHot,
        Self::HistoricalHot,
        Self::NewCold,
        Self::ConsecutiveCold,
        Self::IntensifyingCold,
        Self::PersistentCold,
        Self::DiminishingCold,
        Self::SporadicCold,
        Self::OscillatingCold,
        Self::HistoricalCold,
    ];

    /// Its English name, such as `new hot spot`.
    #[must_use]
    pub fn name(self) -> String {
        self.code().replace('_', " ")
    }

    /// The number that ArcGIS gives it: 0 for no pattern, 1 (new) to 8 (historical) for hot, the
    /// same below zero for cold.
    #[must_use]
    pub const fn number(self) -> i8 {
        let place = self as i8;
        if place <= 8 { place } else { 8 - place }
    }

    /// The category on one side: `place` counts from new, 1, to historical, 8.
    const fn at(place: usize, side: Sign) -> Self {
        Self::ALL[match side {
            Sign::Cold => place + 8,
            Sign::None | Sign::Hot => place,
        }]
    }
}

/// What one step of a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sign {
    /// Significantly low.
    Cold,
    /// Neither.
    None,
    /// Significantly high.
    Hot,
}

/// Where the statistic of a unit goes over the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trend {
    /// Significantly down.
    Down,
    /// Neither.
    None,
    /// Significantly up.
    Up,
}

/// Which edition of the definitions is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Version {
    /// That of today's ArcGIS Pro: a sporadic spot must be one at the last step.
    #[default]
    Pro3,
    /// The older one: a sporadic spot need not be one at the last step.
    Legacy,
}

impl Version {
    /// The version of that name: `pro3` or `legacy`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "pro3" => Ok(Self::Pro3),
            "legacy" => Ok(Self::Legacy),
            other => Err(Error::parameter("version", other, "pro3 or legacy")),
        }
    }
}

/// A category with the numbers that decided on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Classified {
    /// What the history is called.
    pub category: Category,
    /// Number of steps.
    pub steps: usize,
    /// Steps that were hot.
    pub hot: usize,
    /// Steps that were cold.
    pub cold: usize,
    /// Length of the run of like steps that the last step ends.
    pub run: usize,
    /// Where the statistic went.
    pub trend: Trend,
}

/// Names a history, the last step last.
///
/// With T steps of which n are hot, "nearly always" is n/T ≥ 0.9. If the last step is hot:
///
/// | category | condition, the first that holds |
/// |---|---|
/// | intensifying, diminishing, persistent | n/T ≥ 0.9, and the statistic goes up, down, neither |
/// | oscillating | some earlier step is cold |
/// | new | n = 1 |
/// | consecutive | the hot steps are one run |
/// | sporadic | all else |
///
/// If it is cold, the same holds mirrored: cold for hot, and a statistic that goes down is
/// intensifying. If it is neither, the spot is historical where n/T ≥ 0.9; with
/// [`Version::Legacy`] what remains is sporadic where some step was hot and none was cold, or the
/// other way round. All else, and a history without steps, is no pattern. Cold steps never count
/// as hot.
///
/// The published definitions overlap; this order of conditions agrees with them wherever exactly
/// one of them holds. The hot side is asked before the cold one: nine hot steps of ten before a
/// cold last one are a historical hot spot.
///
/// Source: ArcGIS Pro, How Emerging Hot Spot Analysis works.
///
/// ```
/// use brandpunt::methods::emerging::{Category, Sign, Trend, Version, classify};
///
/// let mut steps = [Sign::None; 10];
/// (steps[8], steps[9]) = (Sign::Hot, Sign::Hot);
/// let found = classify(&steps, Trend::None, Version::Pro3);
/// assert_eq!(found.category, Category::ConsecutiveHot);
/// assert_eq!(found.reason(), "Hot in the last 2 of 10 steps and in none before.");
/// ```
#[must_use]
pub fn classify(steps: &[Sign], trend: Trend, version: Version) -> Classified {
    let count = |side: Sign| steps.iter().filter(|&&s| s == side).count();
    let last = steps.last().copied().unwrap_or(Sign::None);
    let run = steps.iter().rev().take_while(|&&s| s == last).count();
    let (hot, cold) = (count(Sign::Hot), count(Sign::Cold));
    let nearly_always = |n: usize| n > 0 && 10 * n >= 9 * steps.len();
    let category = match last {
        Sign::None | Sign::Cold if nearly_always(hot) => Category::HistoricalHot,
        Sign::None if nearly_always(cold) => Category::HistoricalCold,
        Sign::None => match version {
            Version::Legacy if hot > 0 && cold == 0 => Category::SporadicHot,
            Version::Legacy if cold > 0 && hot == 0 => Category::SporadicCold,
            Version::Legacy | Version::Pro3 => Category::NoPattern,
        },
        side => {
            let (own, other) = if side == Sign::Hot {
                (hot, cold)
            } else {
                (cold, hot)
            };
            let place = if nearly_always(own) {
                match (trend, side) {
                    (Trend::Up, Sign::Hot) | (Trend::Down, Sign::Cold) => 3,
                    (Trend::None, _) => 4,
                    _ => 5,
                }
            } else if other > 0 {
                7
            } else if own == 1 {
                1
            } else if own == run {
                2
            } else {
                6
            };
            Category::at(place, side)
        }
    };
    Classified {
        category,
        steps: steps.len(),
        hot,
        cold,
        run,
        trend,
    }
}

#[cfg(test)]
mod tests;
