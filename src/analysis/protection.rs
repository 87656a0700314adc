//! What was done to a result before it may be published.

use crate::methods::density::DensityClasses;
use crate::publish::{Disclosure, State, Why, published_bounds};

/// What was withheld from a published result. Nothing in it is more than its readers may know.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Protection {
    /// The name of the rules.
    pub preset: String,
    /// Counts below this are withheld.
    pub minimum_count: i64,
    /// Counts are rounded to multiples of this.
    pub rounding: i64,
    /// Fewest addresses in a published count; 0 for no such rule.
    pub minimum_addresses: usize,
    /// What is published of the count of each neighbourhood.
    pub states: Vec<State>,
    /// The same for the baseline.
    pub baseline_states: Option<Vec<State>>,
    /// What the density is shown in.
    pub classes: Option<DensityClasses>,
}

impl Protection {
    /// How many neighbourhoods have no published count.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.states.iter().filter(|s| s.is_withheld()).count()
    }

    /// What anyone knows of a count: `published` or `withheld`, and between what it lies; NaN for no
    /// upper end.
    #[must_use]
    pub fn known(&self, state: State) -> (&'static str, (f64, f64)) {
        match state {
            State::Published(value) => {
                let (low, high) = published_bounds(value, self.rounding, self.minimum_count);
                ("published", (low as f64, high as f64))
            }
            State::Withheld { low, high } => (
                "withheld",
                (low as f64, high.map_or(f64::NAN, |h| h as f64)),
            ),
        }
    }

    pub(super) fn new(rules: &Disclosure, states: Vec<State>) -> Self {
        let (minimum_count, rounding) = rules.figures();
        Self {
            preset: rules.name().to_owned(),
            minimum_count,
            rounding,
            minimum_addresses: rules.fewest_addresses(),
            states,
            baseline_states: None,
            classes: None,
        }
    }
}

/// One line of the account of what was withheld. For the analyst only: the true count is in it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AuditRow {
    /// Code of the area; `None` for a total of the city.
    pub code: Option<String>,
    /// The period's name.
    pub period: String,
    /// The true count.
    pub count: i64,
    /// What is published of it.
    pub state: State,
    /// Why it is withheld.
    pub why: Option<Why>,
    /// Whether it is all of the city's count.
    pub group: bool,
}
