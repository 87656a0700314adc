//! Why a neighbourhood is or is not a hotspot, in one sentence.

use super::language::Language;

/// What the sentence about one neighbourhood says.
///
/// It answers two questions that are kept apart: is the area's own rate high for its people, and
/// do high values cluster around it?
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Reason {
    /// Hotspot class, from −3 to 3.
    pub class: i8,
    /// q-value of Gi*; NaN when it is not defined.
    pub gi_q: f64,
    /// Incidents.
    pub count: i64,
    /// Rate and its interval; NaN without population.
    pub rate: (f64, f64, f64),
    /// Rate divided by that of the rest of the city; NaN without population.
    pub ratio: f64,
    /// q-value of that ratio; NaN without population.
    pub ratio_q: f64,
    /// People the rate is given for.
    pub per: f64,
}

impl Reason {
    /// The sentence in one language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Dutch => String::new(),
            Language::English => String::new(),
        }
    }
}
