//! Do high values cluster around a neighbourhood?

use crate::error::Result;
use crate::methods::local::{GiStar, GlobalStatistic, Inference, LocalStatistics, Moran};
use crate::methods::rates::standardised;
use crate::parallel::Workers;
use crate::weights::Weights;

/// Fewest replicates of a permutation test.
const FEWEST: usize = 9_999;

/// Gi* and Moran's I of the neighbourhoods.
pub(super) struct Surroundings {
    pub(super) gi: LocalStatistics,
    pub(super) moran: GlobalStatistic,
    /// What the statistics are of.
    pub(super) values: &'static str,
    /// How p-values came about.
    pub(super) inference: String,
}

impl Surroundings {
    /// With populations: of population-standardised rates, by conditional permutation with enough
    /// replicates that correction can leave a single area standing. Without any: of counts,
    /// exactly.
    pub(super) fn of(
        weights: &Weights,
        counts: &[i64],
        population: &[f64],
        level: f64,
        seed: u64,
        workers: &Workers,
    ) -> Result<Self> {
        let star = weights.include_self();
        let (values, name, inference) = if population.iter().any(|p| *p > 0.0) {
            let values = standardised(counts, population);
            let tests = values.iter().filter(|v| !v.is_nan()).count();
            // Two-sided, the least p-value is 2/(R + 1), and a single area among m needs level/m.
            let needed = (2.0 * tests as f64 / level).ceil() as usize;
            let replicates = needed.max(FEWEST);
            (
                values,
                "population-standardised rates",
                Inference::Permutation { replicates },
            )
        } else {
            (
                counts.iter().map(|&c| c as f64).collect(),
                "counts",
                Inference::Exact,
            )
        };
        let gi = GiStar::new()
            .inference(inference)
            .level(level)
            .seed(seed)
            .run_with(&values, &star, workers)?;
        let moran = Moran::new()
            .seed(seed)
            .run_with(&values, weights, workers)?;
        let inference = match gi.inference {
            Inference::Permutation { replicates } => {
                format!("conditional permutation, {replicates} replicates")
            }
            other => other.name().to_owned(),
        };
        Ok(Self {
            gi,
            moran,
            values: name,
            inference,
        })
    }
}
