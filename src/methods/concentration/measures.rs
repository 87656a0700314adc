//! What a concentration came to.

use crate::model::Warning;

/// How counts are spread over units, beside what chance alone would make of it.
///
/// All measures are NaN without incidents.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConcentrationMeasures {
    /// Units with a count.
    pub units: usize,
    /// Units left out because their count is NaN.
    pub missing: usize,
    /// Incidents on all units.
    pub total: u64,
    /// Lorenz curve: the share of the units with the lowest counts and the share of the incidents
    /// they hold, from (0, 0) to (1, 1), one point per unit more. Empty without incidents.
    pub lorenz: Vec<(f64, f64)>,
    /// What chance makes of the curve; empty without simulations.
    pub band: LorenzBand,
    /// Gini coefficient: 0 when all units hold the same, `1 − 1/n` when one holds everything.
    pub gini: BesideChance,
    /// Generalised Gini coefficient: 0 when incidents are spread as evenly as their number allows.
    pub generalised_gini: BesideChance,
    /// Theil's T, from 0 to ln n.
    pub theil: BesideChance,
    /// Share of the incidents on the top units.
    pub top_share: BesideChance,
    /// Smallest share of the units that holds the asked share of the incidents.
    pub units_share: BesideChance,
    /// Theil's T between groups and within them, where groups were given.
    pub theil_parts: Option<TheilParts>,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
}

/// A measure and what chance alone gives; NaN without simulations.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BesideChance {
    /// The measure.
    pub value: f64,
    /// Its mean when every incident falls on any unit alike.
    pub expected: f64,
    /// Lower end of the interval that holds the measure by chance.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
    /// Chance of a concentration at least as strong.
    pub p: f64,
}

/// Points of the Lorenz curve under chance alone, at up to 101 shares of the units.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct LorenzBand {
    /// Share of the units with the lowest counts.
    pub units: Vec<f64>,
    /// Mean share of the incidents they hold.
    pub expected: Vec<f64>,
    /// Lower end of the interval at each point by itself.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
}

/// Theil's T in two parts that add up to it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TheilParts {
    /// How unevenly incidents are spread over groups, for their numbers of units.
    pub between: f64,
    /// How unevenly within groups, by the groups' shares of the incidents.
    pub within: f64,
}

impl BesideChance {
    pub(super) fn alone(value: f64) -> Self {
        Self {
            value,
            expected: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
            p: f64::NAN,
        }
    }
}
