//! Conditional permutation: a unit keeps its value, its neighbours draw theirs anew.

use rand::RngExt;

use super::ordered_sums::OrderedSums;
use crate::error::Result;
use crate::memory::afford_replicates;
use crate::parallel::Workers;
use crate::random::{Stream, stream};

/// Simulated values count as equal to the observed one within this share of the scale, so that
/// ties of counts stay ties whatever the order of summation.
const TIE: f64 = 1e-12;
/// Replicates that are simulated together.
const TOGETHER: usize = 1_024;
/// Most units that share one set-up of a block of replicates.
const UNITS: usize = 32_768;

/// How often the simulated value reached the observed one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Permutations {
    /// Share of draws at most as large, by the (M + 1)/(R + 1) rule or its sequential form.
    pub(crate) less: f64,
    /// Share of draws at least as large.
    pub(crate) greater: f64,
}

/// How many units a unit draws from the others, and the value it shows itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    pub(crate) draws: usize,
    pub(crate) observed: f64,
}

/// Draws that reached the observed value from below and from above.
type Reached = (u32, u32);

/// The (M + 1)/(R + 1) p-values of plain sums: unit i draws `draws` units without replacement from
/// all others and adds up their values.
///
/// One table of draws from n − 1 numbers serves all units in a replicate, as in GeoDa and PySAL:
/// number j stands for unit j below the unit's own number and for j + 1 from there on. The tests
/// of different units are therefore dependent, each by itself is a correct conditional test.
///
/// From a unit to the next, only draws of that very number change their meaning, so the sums of a
/// block of replicates are kept in order and a unit costs two binary searches.
pub(crate) fn conditional_sums(
    values: &[f64],
    seen: &[Seen],
    replicates: usize,
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Permutations>> {
    let most = most(seen);
    let tie = tie(values, most as f64);
    shared(seen, replicates, workers, |block, units, reached| {
        let drawn = drawn(seen.len() - 1, most, block, seed);
        let mut sums = OrderedSums::new(values, &drawn, most, units.start);
        for (unit, reached) in units.zip(reached) {
            sums.move_to(unit);
            let Seen { draws, observed } = seen[unit];
            *reached = sums.reached(draws, observed - tie, observed + tie);
        }
    })
}

/// As [`conditional_sums`] for any statistic that is a sum of terms: `term(unit, position, j)` is
/// what unit j adds when `unit` draws it for its neighbour number `position`. `scale` is the
/// size that such sums can have.
pub(crate) fn conditional_terms(
    term: impl Fn(usize, usize, usize) -> f64 + Sync,
    seen: &[Seen],
    scale: f64,
    replicates: usize,
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Permutations>> {
    let most = most(seen);
    let tie = TIE * scale;
    shared(seen, replicates, workers, |block, units, reached| {
        let drawn = drawn(seen.len() - 1, most, block, seed);
        for (unit, reached) in units.zip(reached) {
            let Seen { draws, observed } = seen[unit];
            for numbers in drawn.chunks(most.max(1)) {
                let simulated = sum_of(&numbers[..draws], unit, &term);
                reached.0 += u32::from(simulated <= observed + tie);
                reached.1 += u32::from(simulated >= observed - tie);
            }
        }
    })
}

/// Sequential p-values (Besag & Clifford 1991, Biometrika 78:301): a unit's draws end as soon as
/// both tails have been reached `enough` times, else after `replicates`. Each unit draws from a
/// stream of its own.
pub(crate) fn sequential_terms(
    term: impl Fn(usize, usize, usize) -> f64 + Sync,
    seen: &[Seen],
    scale: f64,
    (replicates, enough): (usize, u64),
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Permutations>> {
    afford_replicates("permutations", replicates, 1)?;
    let tie = TIE * scale;
    let pieces = workers.map_ranges(seen.len(), 16, |units| {
        let mut draw = Draw::new(seen.len() - 1);
        let mut numbers = Vec::new();
        units
            .map(|unit| {
                let Seen { draws, observed } = seen[unit];
                let mut random = stream(seed, unit as u64);
                let (mut less, mut greater) = (0u64, 0u64);
                for drawn in 1..=replicates as u64 {
                    numbers.clear();
                    draw.distinct(draws, &mut random, &mut numbers);
                    let simulated = sum_of(&numbers, unit, &term);
                    less += u64::from(simulated <= observed + tie);
                    greater += u64::from(simulated >= observed - tie);
                    if less.min(greater) >= enough {
                        return Permutations {
                            less: less as f64 / drawn as f64,
                            greater: greater as f64 / drawn as f64,
                        };
                    }
                }
                shares(less, greater, replicates)
            })
            .collect::<Vec<_>>()
    })?;
    Ok(pieces.into_iter().flatten().collect())
}

/// The size that weighted sums of the values can have.
pub(crate) fn scale_of(values: &[f64], weight: f64) -> f64 {
    values.iter().fold(0.0f64, |m, v| m.max(v.abs())) * weight
}

fn tie(values: &[f64], weight: f64) -> f64 {
    TIE * scale_of(values, weight)
}

fn most(seen: &[Seen]) -> usize {
    seen.iter().map(|s| s.draws).max().unwrap_or(0)
}

/// The (M + 1)/(R + 1) rule.
pub(crate) fn shares(less: u64, greater: u64, replicates: usize) -> Permutations {
    let share = |count: u64| (count as f64 + 1.0) / (replicates as f64 + 1.0);
    Permutations {
        less: share(less),
        greater: share(greater),
    }
}

fn sum_of(numbers: &[u32], unit: usize, term: impl Fn(usize, usize, usize) -> f64) -> f64 {
    let drawn = numbers.iter().map(|&j| other(j as usize, unit));
    drawn.enumerate().map(|(at, j)| term(unit, at, j)).sum()
}

/// The unit that a number from 0 to n − 2 stands for when `unit` leaves itself out.
fn other(number: usize, unit: usize) -> usize {
    number + usize::from(number >= unit)
}

/// Runs `simulate(block of replicates, range of units, reached of these units)` over all blocks and
/// ranges and adds up.
fn shared(
    seen: &[Seen],
    replicates: usize,
    workers: &Workers,
    simulate: impl Fn(std::ops::Range<usize>, std::ops::Range<usize>, &mut [Reached]) + Sync,
) -> Result<Vec<Permutations>> {
    /// Blocks whose counts are held at once.
    const BLOCKS: usize = 64;
    afford_replicates("permutations", replicates, 1)?;
    let n = seen.len();
    if n < 2 {
        return Ok(vec![shares(0, 0, replicates); n]);
    }
    let pieces = n.div_ceil(UNITS).next_power_of_two();
    let size = n.div_ceil(pieces);
    let blocks = replicates.div_ceil(TOGETHER);
    let mut total = vec![(0u64, 0u64); n];
    for first in (0..blocks).step_by(BLOCKS) {
        let here = BLOCKS.min(blocks - first);
        let parts = workers.map(here * pieces, |task| {
            let (block, piece) = (first + task / pieces, task % pieces);
            let units = (piece * size).min(n)..((piece + 1) * size).min(n);
            let block = block * TOGETHER..((block + 1) * TOGETHER).min(replicates);
            let mut reached = vec![(0, 0); units.len()];
            simulate(block, units, &mut reached);
            reached
        })?;
        for (task, part) in parts.iter().enumerate() {
            let start = (task % pieces * size).min(n);
            for (sum, (less, greater)) in total[start..].iter_mut().zip(part) {
                sum.0 += u64::from(*less);
                sum.1 += u64::from(*greater);
            }
        }
        let done = (first + here) as f64 / blocks as f64;
        workers.job().report("permutations", done);
    }
    Ok(total
        .into_iter()
        .map(|(less, greater)| shares(less, greater, replicates))
        .collect())
}

/// The distinct numbers below n of a block of replicates, `draws` for each in turn.
fn drawn(n: usize, draws: usize, block: std::ops::Range<usize>, seed: u64) -> Vec<u32> {
    let mut draw = Draw::new(n);
    let mut numbers = Vec::with_capacity(block.len() * draws);
    for replicate in block {
        draw.distinct(draws, &mut stream(seed, replicate as u64), &mut numbers);
    }
    numbers
}

/// Draws distinct numbers below n, remembering in which draw each was last taken.
struct Draw {
    n: u32,
    taken: Vec<u32>,
    round: u32,
}

impl Draw {
    fn new(n: usize) -> Self {
        Self {
            n: n as u32,
            taken: Vec::new(),
            round: 0,
        }
    }

    /// Appends `count` distinct numbers in random order.
    fn distinct(&mut self, count: usize, random: &mut Stream, out: &mut Vec<u32>) {
        /// Up to here, looking through the few taken is faster than a mark per number.
        const FEW: usize = 24;
        let (n, from) = (self.n, out.len());
        if 2 * count > n as usize {
            // Most are taken: a shuffle of all wastes fewer draws than rejection.
            out.extend(0..n);
            for i in from..from + count {
                let j = random.random_range(i..out.len());
                out.swap(i, j);
            }
            out.truncate(from + count);
            return;
        }
        if count <= FEW {
            while out.len() < from + count {
                let j = random.random_range(0..n);
                if !out[from..].contains(&j) {
                    out.push(j);
                }
            }
            return;
        }
        if self.taken.is_empty() || self.round == u32::MAX {
            self.taken.clear();
            self.taken.resize(n as usize, 0);
            self.round = 0;
        }
        self.round += 1;
        while out.len() < from + count {
            let j = random.random_range(0..n);
            if self.taken[j as usize] != self.round {
                self.taken[j as usize] = self.round;
                out.push(j);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 10.0, 0.0, 1.0, 4.0];

    fn seen(draws: usize) -> Vec<Seen> {
        let observed = 6.0;
        vec![Seen { draws, observed }; 8]
    }

    #[test]
    fn simulation_agrees_with_the_exact_distribution() {
        let whole: Vec<i64> = VALUES.iter().map(|&v| v as i64).collect();
        let workers = Workers::new(2).unwrap();
        let exact = crate::stats::ExactSums::new(&whole);
        let queries: Vec<_> = whole.iter().map(|&v| (v, 3, 6)).collect();
        let exact = exact.tails(&queries, &workers).unwrap();
        let replicates = 20_000;
        let term = |_: usize, _: usize, j: usize| VALUES[j];
        let simulated = conditional_sums(&VALUES, &seen(3), replicates, 7, &workers).unwrap();
        let terms = conditional_terms(term, &seen(3), 30.0, replicates, 7, &workers).unwrap();
        assert_eq!(simulated, terms, "the same draws, the same answer");
        let stopped =
            sequential_terms(term, &seen(3), 30.0, (replicates, 2_000), 7, &workers).unwrap();
        assert_eq!((exact.len(), simulated.len(), stopped.len()), (8, 8, 8));
        for ((e, s), q) in exact.iter().zip(&simulated).zip(&stopped) {
            let band = 4.5 * (e.greater * (1.0 - e.greater) / replicates as f64).sqrt() + 1e-4;
            assert!((e.greater - s.greater).abs() < band, "{e:?} {s:?}");
            assert!((e.less - s.less).abs() < band, "{e:?} {s:?}");
            assert!((e.greater - q.greater).abs() < 0.05, "{e:?} {q:?}");
            assert!((e.less - q.less).abs() < 0.05, "{e:?} {q:?}");
        }
    }

    /// Many units against few, few draws against many: the sums kept in order equal plain ones.
    #[test]
    fn ordered_sums_equal_plain_terms() {
        for (n, draws) in [(5, 4), (60, 7), (60, 40), (3_000, 5)] {
            let values: Vec<f64> = (0..n).map(|i| (i as f64 * 0.77).sin()).collect();
            let seen: Vec<Seen> = (0..n)
                .map(|i| Seen {
                    draws: draws - i % 3 % draws,
                    observed: (i as f64).cos(),
                })
                .collect();
            let workers = Workers::new(2).unwrap();
            let term = |_: usize, _: usize, j: usize| values[j];
            let plain = conditional_terms(term, &seen, draws as f64, 1_500, 3, &workers).unwrap();
            let ordered = conditional_sums(&values, &seen, 1_500, 3, &workers).unwrap();
            assert_eq!(plain, ordered, "{n} {draws}");
        }
    }

    /// Several blocks of replicates and several stretches of units, counted unit by unit.
    #[test]
    fn all_blocks_and_all_units_are_counted() {
        for (n, draws, replicates) in [(70_001, 2, 1_100), (3, 2, 70_000)] {
            let values: Vec<f64> = (0..n).map(|i| f64::from(i as u32 % 5)).collect();
            let observed = 5.0;
            let seen = vec![Seen { draws, observed }; n];
            let workers = Workers::new(2).unwrap();
            let found = conditional_sums(&values, &seen, replicates, 11, &workers).unwrap();
            let drawn = drawn(n - 1, draws, 0..replicates, 11);
            for unit in (0..n).step_by(1 + n / 10).chain([n / 2 - 1, n / 2, n - 1]) {
                let sums = drawn.chunks(draws).map(|numbers| -> f64 {
                    numbers
                        .iter()
                        .map(|j| values[other(*j as usize, unit)])
                        .sum()
                });
                let less = sums.clone().filter(|s| *s <= observed).count() as u64;
                let greater = sums.filter(|s| *s >= observed).count() as u64;
                assert_eq!(
                    found[unit],
                    shares(less, greater, replicates),
                    "{unit} of {n}"
                );
            }
        }
        let workers = Workers::new(1).unwrap();
        let alone = conditional_sums(&[4.0], &[Seen::default()], 9, 1, &workers).unwrap();
        assert_eq!(alone, [shares(0, 0, 9)]);
    }

    #[test]
    fn same_bytes_for_any_number_of_threads() {
        let run = |t| {
            let workers = Workers::new(t).unwrap();
            conditional_sums(&VALUES, &seen(3), 2_999, 1, &workers).unwrap()
        };
        assert!([2, 3, 7].into_iter().all(|t| run(t) == run(1)));
    }

    #[test]
    fn no_replicates_are_refused_before_anything_is_drawn() {
        let workers = Workers::new(1).unwrap();
        assert!(conditional_sums(&VALUES, &seen(3), 0, 1, &workers).is_err());
    }

    #[test]
    fn a_share_counts_the_observed_with_the_simulated() {
        let Permutations { less, greater } = shares(0, 9, 9);
        assert_eq!((less, greater), (0.1, 1.0));
        assert_eq!(scale_of(&[1.0, -5.0, 2.0], 3.0), 15.0);
    }

    #[test]
    fn what_is_drawn_is_distinct_however_many() {
        // Few, many and most of 200, twice from the same source, behind what is there.
        let (mut draw, mut random) = (Draw::new(200), stream(4, 0));
        for count in [1, 24, 25, 60, 60, 100, 101, 200] {
            let mut numbers = vec![777];
            draw.distinct(count, &mut random, &mut numbers);
            assert_eq!((numbers[0], numbers.len()), (777, count + 1));
            numbers.remove(0);
            numbers.sort_unstable();
            numbers.dedup();
            assert!(numbers.len() == count && numbers.iter().all(|j| *j < 200));
        }
    }

    #[test]
    fn drawing_everything_is_a_shuffle() {
        let mut numbers = vec![9];
        Draw::new(5).distinct(5, &mut stream(0, 0), &mut numbers);
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 9]);
    }

    #[test]
    fn draws_are_uniform_over_pairs() {
        let (mut draw, mut random) = (Draw::new(6), stream(3, 0));
        let mut met = [[0u32; 6]; 6];
        for _ in 0..30_000 {
            let mut pair = Vec::new();
            draw.distinct(2, &mut random, &mut pair);
            met[pair[0] as usize][pair[1] as usize] += 1;
        }
        // 30 ordered pairs, 1,000 each; 5 standard deviations are 156.
        for (i, row) in met.iter().enumerate() {
            for (j, &times) in row.iter().enumerate() {
                assert!(if i == j {
                    times == 0
                } else {
                    (844..1156).contains(&times)
                });
            }
        }
    }
}
