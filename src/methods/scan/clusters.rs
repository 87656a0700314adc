//! The clusters of a map and what is known about them.

use super::model::{ScanModel, ScanTail};
use crate::model::Warning;

/// Units that together have more cases than elsewhere, or fewer.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ScanCluster {
    /// Positions of its units in the input, those nearest to the middle first.
    pub members: Vec<usize>,
    /// Its middle, in plane coordinates.
    pub center: [f64; 2],
    /// Position of the unit in its middle.
    pub center_unit: usize,
    /// Distance from the middle to the farthest member, in the unit of the coordinates; of an
    /// ellipse, half its length.
    pub radius: f64,
    /// Length by width; 1 for a disc.
    pub axis_ratio: f64,
    /// Direction of the long axis in degrees, from east to north; NaN for a disc.
    pub axis_angle: f64,
    /// First step, from 0; the only one where there is no time.
    pub first_step: usize,
    /// Last step, included.
    pub last_step: usize,
    /// Its cases.
    pub observed: u64,
    /// Cases it would have at the rate of everything.
    pub expected: f64,
    /// Its people; where no population is needed, all cases of its units.
    pub population: f64,
    /// Rate inside by rate outside; infinite where no case is outside.
    pub relative_risk: f64,
    /// Logarithm of the likelihood ratio; of an ellipse, after its penalty.
    pub log_likelihood_ratio: f64,
    /// Chance that a map without clusters has one that stands out as much; NaN without simulation.
    pub p: f64,
    /// The same by a Gumbel distribution, whatever [`ScanResult::tail`] is; NaN without simulation.
    pub p_gumbel: f64,
    /// For prospective scans, one cluster as strong by chance in so many days, on average; else
    /// NaN.
    pub recurrence_interval: f64,
}

/// The clusters of a map, strongest first; no two share a unit.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ScanResult {
    /// The clusters. Those whose p is one are left out.
    pub clusters: Vec<ScanCluster>,
    /// The model that was used in the end.
    pub model: ScanModel,
    /// Where the p of clusters comes from.
    pub tail: ScanTail,
    /// The greatest log likelihood ratio of each simulated map, in the order of simulation. Where
    /// counts come in series, as large as they would be if the map varied as much as the one seen.
    pub simulated: Vec<f64>,
    /// Variance of the counts by their mean, given the population; NaN where that says nothing.
    pub dispersion: f64,
    /// Chance of a dispersion as large if cases were independent.
    pub dispersion_p: f64,
    /// All cases.
    pub cases: u64,
    /// Units that were scanned.
    pub units: usize,
    /// Units that were left out.
    pub missing: usize,
    /// Windows that were looked at.
    pub windows: u64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl ScanResult {
    /// Number of each unit's cluster in `clusters`, for so many units of input; `None` outside.
    #[must_use]
    pub fn cluster_of(&self, units: usize) -> Vec<Option<usize>> {
        let mut out = vec![None; units];
        for (number, cluster) in self.clusters.iter().enumerate() {
            for &member in &cluster.members {
                if let Some(of) = out.get_mut(member) {
                    *of = Some(number);
                }
            }
        }
        out
    }
}
