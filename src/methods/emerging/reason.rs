//! Why a history is called what it is.

use super::category::{Category, Classified};

impl Classified {
    /// The condition that decided, as one English sentence with its numbers.
    #[must_use]
    pub fn reason(&self) -> String {
        use Category as C;
        let (steps, run) = (self.steps, self.run);
        let (side, own, other_side, other) = if self.category.number() < 0 {
            ("Cold", self.cold, "hot", self.hot)
        } else {
            ("Hot", self.hot, "cold", self.cold)
        };
        let nearly_always =
            |how: &str| format!("{side} in {own} of {steps} steps, the last included, {how}.");
        match self.category {
            C::NoPattern if own + other == 0 => {
                format!("Neither hot nor cold in any of {steps} steps.")
            }
            C::NoPattern => format!(
                "Neither hot nor cold in the last of {steps} steps; hot in {own} and cold in \
                 {other} before."
            ),
            C::NewHot | C::NewCold => {
                format!("{side} in the last of {steps} steps and never before.")
            }
            C::ConsecutiveHot | C::ConsecutiveCold => {
                format!("{side} in the last {run} of {steps} steps and in none before.")
            }
            C::IntensifyingHot | C::IntensifyingCold => nearly_always("and more and more so"),
            C::PersistentHot | C::PersistentCold => nearly_always("without a clear trend"),
            C::DiminishingHot | C::DiminishingCold => nearly_always("and less and less so"),
            C::SporadicHot | C::SporadicCold => {
                format!("{side} in {own} of {steps} steps, on and off, and never {other_side}.")
            }
            C::OscillatingHot | C::OscillatingCold => format!(
                "{side} in {own} of {steps} steps, the last included, and {other_side} in {other} \
                 before."
            ),
            C::HistoricalHot | C::HistoricalCold => {
                format!("{side} in {own} of {steps} steps, but not in the last.")
            }
        }
    }
}
