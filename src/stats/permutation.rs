//! Conditional permutation: a unit keeps its value, its neighbours draw theirs anew.

use rand::RngExt;

use crate::error::Result;
use crate::parallel::Workers;
use crate::random::{Stream, stream};

/// Simulated values count as equal to the observed one within this share of the scale, so that
/// ties of counts stay ties whatever the order of summation.
const TIE: f64 = 1e-12;

/// What is needed to judge one unit: the weights of its neighbours (itself left out) and the
/// weighted sum they hold.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    /// The unit.
    pub(crate) unit: usize,
    /// Weights of its neighbours, itself left out.
    pub(crate) weights: Vec<f64>,
    /// Observed weighted sum over these neighbours.
    pub(crate) observed: f64,
}

impl Task {
    /// The weighted sum that the neighbours hold when they draw these units, in turn; the unit
    /// itself is skipped.
    fn weighted(&self, drawn: &[u32], values: &[f64]) -> f64 {
        let own = self.unit as u32;
        let others = drawn.iter().filter(|&&j| j != own);
        others
            .zip(&self.weights)
            .map(|(&j, w)| w * values[j as usize])
            .sum()
    }
}

/// How often the simulated sum reached the observed one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Permutations {
    /// Share of draws at most as large, by the (M + 1)/(R + 1) rule or its sequential form.
    pub(crate) less: f64,
    /// Share of draws at least as large.
    pub(crate) greater: f64,
}

/// The (M + 1)/(R + 1) p-values of `replicates` conditional permutations without replacement.
///
/// One table of drawn units serves all tasks in a replicate, as in GeoDa and PySAL: a unit that
/// meets itself skips on to the next. The tests of different units are therefore dependent, each
/// by itself is a correct conditional test.
pub(crate) fn conditional(
    values: &[f64],
    tasks: &[Task],
    replicates: usize,
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Permutations>> {
    const TOGETHER: usize = 64;
    let n = values.len();
    let most = tasks.iter().map(|t| t.weights.len()).max().unwrap_or(0);
    let scale = tie_scale(values, tasks);
    let counts = workers.map_ranges(replicates, TOGETHER, |range| {
        let mut counts = vec![(0u32, 0u32); tasks.len()];
        let mut draw = Draw::new(n);
        let mut chosen = Vec::with_capacity(most + 1);
        for replicate in range {
            let mut random = stream(seed, replicate as u64);
            draw.distinct((most + 1).min(n), &mut random, &mut chosen);
            for (task, (less, greater)) in tasks.iter().zip(&mut counts) {
                let simulated = task.weighted(&chosen, values);
                *less += u32::from(simulated <= task.observed + scale);
                *greater += u32::from(simulated >= task.observed - scale);
            }
        }
        counts
    })?;
    let mut total = vec![(0u64, 0u64); tasks.len()];
    for part in counts {
        for (sum, (less, greater)) in total.iter_mut().zip(part) {
            sum.0 += u64::from(less);
            sum.1 += u64::from(greater);
        }
    }
    let share = |count: u64| (count as f64 + 1.0) / (replicates as f64 + 1.0);
    Ok(total
        .into_iter()
        .map(|(l, g)| Permutations {
            less: share(l),
            greater: share(g),
        })
        .collect())
}

/// Sequential p-values (Besag & Clifford 1991, Biometrika 78:301): a unit's draws end as soon as
/// both tails have been reached `enough` times, else after `replicates`.
pub(crate) fn sequential(
    values: &[f64],
    tasks: &[Task],
    replicates: usize,
    enough: u64,
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Permutations>> {
    const TOGETHER: usize = 16;
    let scale = tie_scale(values, tasks);
    let pieces = workers.map_ranges(tasks.len(), TOGETHER, |range| {
        let mut draw = Draw::new(values.len());
        let mut chosen = Vec::new();
        tasks[range]
            .iter()
            .map(|task| {
                let mut random = stream(seed, task.unit as u64);
                let (mut less, mut greater) = (0u64, 0u64);
                for drawn in 1..=replicates as u64 {
                    draw.distinct(
                        (task.weights.len() + 1).min(values.len()),
                        &mut random,
                        &mut chosen,
                    );
                    let simulated = task.weighted(&chosen, values);
                    less += u64::from(simulated <= task.observed + scale);
                    greater += u64::from(simulated >= task.observed - scale);
                    if less.min(greater) >= enough {
                        let share = |count: u64| count as f64 / drawn as f64;
                        return Permutations {
                            less: share(less),
                            greater: share(greater),
                        };
                    }
                }
                let share = |count: u64| (count as f64 + 1.0) / (replicates as f64 + 1.0);
                Permutations {
                    less: share(less),
                    greater: share(greater),
                }
            })
            .collect::<Vec<_>>()
    })?;
    Ok(pieces.into_iter().flatten().collect())
}

fn tie_scale(values: &[f64], tasks: &[Task]) -> f64 {
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let weight = tasks
        .iter()
        .map(|t| t.weights.iter().sum::<f64>())
        .fold(0.0, f64::max);
    TIE * largest * weight
}

/// Draws distinct units, remembering in which draw each was last taken.
struct Draw {
    taken: Vec<u32>,
    round: u32,
}

impl Draw {
    fn new(n: usize) -> Self {
        Self {
            taken: vec![0; n],
            round: 0,
        }
    }

    /// `count` distinct units in random order.
    fn distinct(&mut self, count: usize, random: &mut Stream, chosen: &mut Vec<u32>) {
        if self.round == u32::MAX {
            self.taken.fill(0);
            self.round = 0;
        }
        self.round += 1;
        chosen.clear();
        let n = self.taken.len() as u32;
        if 2 * count > self.taken.len() {
            // Most units are taken: a shuffle of all wastes fewer draws than rejection.
            chosen.extend(0..n);
            for i in 0..count {
                let j = random.random_range(i..chosen.len());
                chosen.swap(i, j);
            }
            chosen.truncate(count);
            return;
        }
        while chosen.len() < count {
            let j = random.random_range(0..n);
            if self.taken[j as usize] != self.round {
                self.taken[j as usize] = self.round;
                chosen.push(j);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks() -> (Vec<f64>, Vec<Task>) {
        let values = vec![0.0, 1.0, 2.0, 3.0, 10.0, 0.0, 1.0, 4.0];
        let tasks = (0..values.len())
            .map(|unit| Task {
                unit,
                weights: vec![1.0; 3],
                observed: 6.0,
            })
            .collect();
        (values, tasks)
    }

    #[test]
    fn simulation_agrees_with_the_exact_distribution() {
        let (values, tasks) = tasks();
        let whole: Vec<i64> = values.iter().map(|&v| v as i64).collect();
        let workers = Workers::new(2).unwrap();
        let exact = crate::stats::ExactSums::new(&whole);
        let queries: Vec<_> = whole.iter().map(|&v| (v, 3, 6)).collect();
        let exact = exact.tails(&queries, &workers).unwrap();
        let replicates = 20_000;
        let simulated = conditional(&values, &tasks, replicates, 7, &workers).unwrap();
        let stopped = sequential(&values, &tasks, replicates, 2_000, 7, &workers).unwrap();
        for ((e, s), q) in exact.iter().zip(&simulated).zip(&stopped) {
            let band = 4.5 * (e.greater * (1.0 - e.greater) / replicates as f64).sqrt() + 1e-4;
            assert!((e.greater - s.greater).abs() < band, "{e:?} {s:?}");
            assert!((e.less - s.less).abs() < band, "{e:?} {s:?}");
            assert!((e.greater - q.greater).abs() < 0.05, "{e:?} {q:?}");
        }
    }

    #[test]
    fn same_bytes_for_any_number_of_threads() {
        let (values, tasks) = tasks();
        let run = |t| conditional(&values, &tasks, 999, 1, &Workers::new(t).unwrap()).unwrap();
        assert!([2, 3, 7].into_iter().all(|t| run(t) == run(1)));
    }

    #[test]
    fn drawing_everything_is_a_shuffle() {
        let mut draw = Draw::new(5);
        let mut chosen = Vec::new();
        draw.distinct(5, &mut stream(0, 0), &mut chosen);
        chosen.sort_unstable();
        assert_eq!(chosen, [0, 1, 2, 3, 4]);
    }
}
