//! The conditional null: a unit keeps its value, its neighbours draw theirs from all others.

use super::around::{Around, each};
use super::inference::Inference;
use crate::error::{Error, Result};
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{
    ExactSums, Permutations, Seen, conditional_sums, conditional_terms, scale_of, sequential_terms,
};
use crate::weights::Weights;

/// Steps and bytes an exact table may take before the fallback is used.
const MOST_STEPS: f64 = 2e10;
const MOST_BYTES: f64 = 512.0 * 1024.0 * 1024.0;
/// Draws per unit when exact inference falls back, and the exceedances at which they may end.
const FALLBACK_DRAWS: usize = 99_999;
const ENOUGH: u64 = 10;

/// P(a sum at most as large) and P(a sum at least as large).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails {
    pub(super) less: f64,
    pub(super) greater: f64,
}

impl Default for Tails {
    fn default() -> Self {
        Self {
            less: f64::NAN,
            greater: f64::NAN,
        }
    }
}

impl Tails {
    /// Those of the same sum with its sign turned.
    pub(super) fn turned(self) -> Self {
        Self {
            less: self.greater,
            greater: self.less,
        }
    }
}

impl From<Permutations> for Tails {
    fn from(Permutations { less, greater }: Permutations) -> Self {
        Self { less, greater }
    }
}

/// The tails of all units and how they came about in the end.
pub(super) struct Found {
    pub(super) tails: Vec<Tails>,
    pub(super) inference: Inference,
    pub(super) warning: Option<Warning>,
}

/// The weighted sum of what each unit's neighbours hold.
pub(super) struct NeighbourSums<'a> {
    /// Values as they are; whole numbers can be judged exactly.
    pub(super) values: &'a [f64],
    /// The same, less their mean.
    pub(super) deviations: &'a [f64],
    pub(super) weights: &'a Weights,
    /// Sums of the deviations.
    pub(super) around: &'a [Around],
}

impl NeighbourSums<'_> {
    /// Tails by exact inference, permutation or sequential permutation.
    pub(super) fn tails(
        &self,
        inference: Inference,
        seed: u64,
        workers: &Workers,
    ) -> Result<Found> {
        if inference != Inference::Exact {
            return Ok(Found {
                tails: self.simulated(inference, seed, workers)?,
                inference,
                warning: None,
            });
        }
        let obstacle = match self.exact(workers)? {
            Ok(tails) => {
                return Ok(Found {
                    tails,
                    inference,
                    warning: None,
                });
            }
            Err(obstacle) => obstacle,
        };
        let inference = Inference::Sequential {
            replicates: FALLBACK_DRAWS,
        };
        Ok(Found {
            tails: self.simulated(inference, seed, workers)?,
            inference,
            warning: Some(Warning::new(
                WarningCode::ExactFellBack,
                format!(
                    "Exact inference was not possible because {obstacle}; sequential permutation \
                     with up to {FALLBACK_DRAWS} draws per unit was used instead."
                ),
            )),
        })
    }

    /// Exact tails, or why there are none.
    fn exact(&self, workers: &Workers) -> Result<std::result::Result<Vec<Tails>, String>> {
        let whole = |v: &f64| v.fract() == 0.0 && v.abs() < 9e15;
        if !self.values.iter().all(whole) {
            return Ok(Err("the values are not whole numbers".to_owned()));
        }
        if !self.equal_weights() {
            return Ok(Err("the weights within a row differ".to_owned()));
        }
        let whole: Vec<i64> = self.values.iter().map(|&v| v as i64).collect();
        let sums = ExactSums::new(&whole);
        let most = self.around.iter().map(|a| a.neighbours).max().unwrap_or(0);
        let (steps, bytes) = (sums.cost(most), sums.bytes(most));
        if steps > MOST_STEPS || bytes > MOST_BYTES {
            return Ok(Err(format!(
                "the exact table would take {steps:.1e} steps and {:.0} MB (at most \
                 {MOST_STEPS:.0e} and {:.0})",
                bytes / 1_048_576.0,
                MOST_BYTES / 1_048_576.0
            )));
        }
        let queries = each(self.around.len(), workers, |i| {
            let neighbours = self.weights.neighbours(i).iter().map(|&j| j as usize);
            let sum: i64 = neighbours.filter(|&j| j != i).map(|j| whole[j]).sum();
            (whole[i], self.around[i].neighbours, sum)
        })?;
        let tails = sums.tails(&queries, workers)?;
        Ok(Ok(tails
            .into_iter()
            .map(|t| Tails {
                less: t.less,
                greater: t.greater,
            })
            .collect()))
    }

    fn equal_weights(&self) -> bool {
        self.around.iter().all(|a| !a.weight.is_nan())
    }

    fn simulated(&self, inference: Inference, seed: u64, workers: &Workers) -> Result<Vec<Tails>> {
        if let Inference::Permutation { replicates } = inference
            && self.equal_weights()
        {
            // Whatever the common weight, the plain sum has the same order.
            let seen: Vec<Seen> = self.around.iter().map(Around::seen_plain).collect();
            let found = conditional_sums(self.deviations, &seen, replicates, seed, workers)?;
            return Ok(found.into_iter().map(Tails::from).collect());
        }
        let rows = Others::of(self.weights);
        let weight = self.around.iter().map(|a| a.total).fold(0.0, f64::max);
        let drawn = Terms {
            seen: self.around.iter().map(Around::seen).collect(),
            scale: scale_of(self.deviations, weight),
        };
        let term = |i: usize, at: usize, j: usize| rows.row(i)[at] * self.deviations[j];
        drawn.simulated(term, inference, seed, workers)
    }
}

impl Around {
    /// The weighted sum.
    pub(super) fn seen(&self) -> Seen {
        Seen {
            draws: self.neighbours,
            observed: self.sum,
        }
    }

    /// The sum without the weight that all neighbours share.
    fn seen_plain(&self) -> Seen {
        Seen {
            draws: self.neighbours,
            observed: if self.neighbours == 0 {
                0.0
            } else {
                self.sum / self.weight
            },
        }
    }
}

/// Observed sums of any terms.
pub(super) struct Terms {
    pub(super) seen: Vec<Seen>,
    /// The size that such sums can have.
    pub(super) scale: f64,
}

impl Terms {
    /// Tails by permutation or sequential permutation; `term(unit, position, j)` is what unit j
    /// adds as the unit's neighbour of that number.
    pub(super) fn simulated(
        &self,
        term: impl Fn(usize, usize, usize) -> f64 + Sync,
        inference: Inference,
        seed: u64,
        workers: &Workers,
    ) -> Result<Vec<Tails>> {
        let found = match inference {
            Inference::Sequential { replicates } => {
                let ends = (replicates, ENOUGH);
                sequential_terms(term, &self.seen, self.scale, ends, seed, workers)?
            }
            Inference::Permutation { replicates } => {
                conditional_terms(term, &self.seen, self.scale, replicates, seed, workers)?
            }
            other => {
                return Err(Error::internal(format!(
                    "{} does not simulate",
                    other.name()
                )));
            }
        };
        Ok(found.into_iter().map(Tails::from).collect())
    }
}

/// The weights of each unit's neighbours, itself left out.
pub(super) struct Others {
    start: Vec<usize>,
    weight: Vec<f64>,
}

impl Others {
    pub(super) fn of(weights: &Weights) -> Self {
        let (mut start, mut weight) = (vec![0], Vec::with_capacity(weights.pairs()));
        for i in 0..weights.n() {
            let row = weights.neighbours(i).iter().zip(weights.weights(i));
            weight.extend(row.filter(|(j, _)| **j as usize != i).map(|(_, w)| w));
            start.push(weight.len());
        }
        Self { start, weight }
    }

    pub(super) fn row(&self, unit: usize) -> &[f64] {
        &self.weight[self.start[unit]..self.start[unit + 1]]
    }
}
