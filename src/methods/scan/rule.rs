//! Which windows count as clusters, and how much a count must be to reach a level.

use super::likelihood::Likelihood;
use super::model::ScanFor;
use crate::error::Result;
use crate::parallel::Workers;

/// Bins of the square root of the measure, in which counts spread evenly.
const BINS_PER_ROOT: f64 = 8.0;
const MOST_BINS: f64 = 2_048.0;
/// The levels: zero, and from the lowest on each so many times the one before.
const RUNGS: i32 = 33;
const LOWEST: f64 = 0.5;
const STEP: f64 = 1.2;
/// Rounding of a likelihood ratio may not put a count below its threshold.
const SLACK: f64 = 1e-9;

/// How a window is judged by its count and measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) likelihood: Likelihood,
    pub(super) sides: ScanFor,
    /// The least count of a window with a higher rate.
    pub(super) least: f64,
}

impl Rule {
    /// The log likelihood ratio; zero where the deviation is not one that is looked for.
    pub(super) fn log_ratio(&self, count: f64, measure: f64) -> f64 {
        let expected = self.likelihood.expected(measure);
        let wanted = if count > expected {
            self.sides.high() && count >= self.least
        } else {
            self.sides.low() && count < expected
        };
        if wanted {
            self.likelihood.log_ratio(count, measure)
        } else {
            0.0
        }
    }
}

/// For every measure and a ladder of levels, the counts that can reach the level.
///
/// The ratio grows as the count moves away from what is expected, so a level is reached from a
/// count on. Comparing with that count takes the place of logarithms for all but the few windows
/// that stand out. Within a bin of measures the threshold is that of the measure where least is
/// needed, so no window is missed; those let through are judged by their ratio.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ladder {
    levels: Vec<f64>,
    /// Bins per root of the measure.
    scale: f64,
    /// Penalties that differ.
    penalties: Vec<f64>,
    /// Per penalty and level: for every bin, reached from this count on, and up to this one.
    tables: Vec<Vec<(i32, i32)>>,
}

impl Ladder {
    /// The ladder for windows whose ratios are multiplied by one of these penalties.
    pub(super) fn new(rule: &Rule, penalties: &[f64], workers: &Workers) -> Result<Self> {
        let mut penalties = penalties.to_vec();
        penalties.dedup();
        let levels: Vec<f64> = (0..RUNGS)
            .map(|rung| match rung {
                0 => 0.0,
                _ => LOWEST * STEP.powi(rung - 1),
            })
            .collect();
        let root = rule.likelihood.whole().sqrt();
        let bins = BINS_PER_ROOT * rule.likelihood.cases().sqrt();
        let bins = bins.clamp(64.0, MOST_BINS).ceil();
        let scale = bins / root;
        let tables = workers.map(penalties.len() * levels.len(), |k| {
            let (penalty, level) = (penalties[k / levels.len()], levels[k % levels.len()]);
            let needed = level / penalty * (1.0 - SLACK);
            let edge = |at: usize| (at as f64 / scale).powi(2);
            let bin = |at: usize| {
                let low = edge(at) * (1.0 - SLACK);
                let high = (edge(at + 1) * (1.0 + SLACK)).min(rule.likelihood.whole());
                (from(rule, needed, low), upto(rule, needed, high))
            };
            (0..=bins as usize).map(bin).collect()
        })?;
        Ok(Self {
            levels,
            scale,
            penalties,
            tables,
        })
    }

    /// How many bins there are.
    pub(super) fn bins(&self) -> usize {
        self.tables[0].len()
    }

    /// The bin of a measure.
    #[inline]
    pub(super) fn bin(&self, measure: f64) -> usize {
        let bin = (measure.max(0.0).sqrt() * self.scale) as usize;
        bin.min(self.bins() - 1)
    }

    /// The highest rung that a ratio reaches.
    pub(super) fn rung(&self, ratio: f64) -> usize {
        self.levels.partition_point(|level| *level <= ratio) - 1
    }

    /// The thresholds of all bins for a penalty and a rung.
    pub(super) fn table(&self, penalty: f64, rung: usize) -> &[(i32, i32)] {
        let class = self.penalties.iter().position(|p| *p == penalty);
        &self.tables[class.unwrap_or(0) * self.levels.len() + rung]
    }
}

/// The least count above expectation that reaches a level; `i32::MAX` if none does.
fn from(rule: &Rule, level: f64, measure: f64) -> i32 {
    if !rule.sides.high() {
        return i32::MAX;
    }
    let cases = rule.likelihood.cases();
    // A count cannot be above the people among whom it is.
    let people = |count: f64| match rule.likelihood {
        Likelihood::Poisson { .. } => measure,
        Likelihood::Bernoulli { .. } => measure.max(count),
    };
    let first = (rule.likelihood.expected(measure).floor() + 1.0).max(rule.least);
    let reaches =
        |count: f64| measure <= 0.0 || rule.likelihood.log_ratio(count, people(count)) >= level;
    if first > cases || !reaches(cases) {
        return i32::MAX;
    }
    let (mut low, mut high) = (first, cases);
    while low < high {
        let middle = (0.5 * (low + high)).floor();
        if reaches(middle) {
            high = middle;
        } else {
            low = middle + 1.0;
        }
    }
    low as i32
}

/// The greatest count below expectation that reaches a level; −1 if none does.
fn upto(rule: &Rule, level: f64, measure: f64) -> i32 {
    if !rule.sides.low() {
        return -1;
    }
    let last = rule.likelihood.expected(measure).ceil() - 1.0;
    let reaches = |count: f64| {
        measure >= rule.likelihood.whole() || rule.likelihood.log_ratio(count, measure) >= level
    };
    if last < 0.0 || !reaches(0.0) {
        return -1;
    }
    let (mut low, mut high) = (0.0, last);
    while low < high {
        let middle = (0.5 * (low + high)).ceil();
        if reaches(middle) {
            low = middle;
        } else {
            high = middle - 1.0;
        }
    }
    low as i32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A window that reaches the level is never passed over.
        #[test]
        fn thresholds_let_through_all_that_reach(
            cases in 2u32..3_000,
            share in 0.0f64..1.0,
            at in 0.0f64..1.0,
            level in 0.0f64..12.0,
            penalty in 0.3f64..1.0,
            people in prop::option::of(1.0f64..40.0),
            sides in prop::sample::select(vec![ScanFor::High, ScanFor::Low, ScanFor::Both]),
        ) {
            let cases = f64::from(cases);
            let likelihood = match people {
                None => Likelihood::Poisson { cases },
                Some(times) => Likelihood::Bernoulli { cases, people: (cases * times).ceil() },
            };
            let measure = match people {
                None => share * cases,
                Some(_) => (share * likelihood.whole()).floor(),
            };
            let rule = Rule { likelihood, sides, least: 2.0 };
            let workers = Workers::new(1).unwrap();
            let ladder = Ladder::new(&rule, &[1.0, penalty], &workers).unwrap();
            let rung = ladder.rung(level);
            prop_assert!(ladder.levels[rung] <= level);
            let most = if people.is_some() { measure.min(cases) } else { cases };
            let rest = likelihood.whole() - measure;
            let least = if people.is_some() { (cases - rest).max(0.0) } else { 0.0 };
            // Near what is expected, and anywhere.
            let expected = likelihood.expected(measure);
            let near = expected + (at - 0.5) * 8.0 * expected.sqrt();
            for count in [least + at * (most - least), near] {
                let count = count.round().clamp(least, most);
                let ratio = rule.log_ratio(count, measure) * penalty;
                if ratio > 0.0 && ratio >= level {
                    let (from, upto) = ladder.table(penalty, rung)[ladder.bin(measure)];
                    prop_assert!(
                        count as i32 >= from || count as i32 <= upto,
                        "{count} {measure} {ratio} {from} {upto}"
                    );
                }
            }
        }
    }

    /// Every count one by one: none is let through that does not reach, and none that does is kept
    /// out.
    #[test]
    fn thresholds_are_the_first_counts_that_reach() {
        let models = [
            Likelihood::Poisson { cases: 9.0 },
            Likelihood::Bernoulli {
                cases: 9.0,
                people: 30.0,
            },
        ];
        let sides = [ScanFor::High, ScanFor::Low, ScanFor::Both];
        for (likelihood, sides) in models.into_iter().flat_map(|m| sides.map(|s| (m, s))) {
            for (step, least) in (0..=60).flat_map(|step| [(step, 1.0), (step, 3.0)]) {
                let rule = Rule {
                    likelihood,
                    sides,
                    least,
                };
                let measure = likelihood.whole() * f64::from(step) / 60.0;
                let expected = likelihood.expected(measure);
                for level in [0.0, 0.4, 1.5, 4.0, 9.0, 40.0] {
                    let bernoulli = matches!(likelihood, Likelihood::Bernoulli { .. });
                    let reaches = |count: f64| {
                        let measure = if bernoulli {
                            measure.max(count)
                        } else {
                            measure
                        };
                        likelihood.log_ratio(count, measure) >= level
                    };
                    let above = |c: &i32| {
                        let c = f64::from(*c);
                        c > expected && c >= least && (step == 0 || reaches(c))
                    };
                    let high = (0..=9).find(above).filter(|_| sides.high());
                    assert_eq!(
                        from(&rule, level, measure),
                        high.unwrap_or(i32::MAX),
                        "{rule:?} {measure} {level}"
                    );
                    // Those who are not inside must be able to hold the other cases.
                    if bernoulli && measure > 21.0 && step < 60 {
                        continue;
                    }
                    let below = |c: &i32| {
                        let c = f64::from(*c);
                        c < expected && (step == 60 || reaches(c))
                    };
                    let low = (0..=9).rev().find(below).filter(|_| sides.low());
                    assert_eq!(
                        upto(&rule, level, measure),
                        low.unwrap_or(-1),
                        "{rule:?} {measure} {level}"
                    );
                }
            }
        }
    }

    /// A smaller penalty asks for more, and rounding above the whole stays in the last bin.
    #[test]
    fn each_penalty_has_its_thresholds() {
        let rule = Rule {
            likelihood: Likelihood::Poisson { cases: 1_000.0 },
            sides: ScanFor::High,
            least: 2.0,
        };
        let ladder = Ladder::new(&rule, &[1.0, 1.0, 0.5], &Workers::new(1).unwrap()).unwrap();
        let rung = ladder.rung(5.0);
        let bin = ladder.bin(20.0);
        let low = (bin as f64 / ladder.scale).powi(2) * (1.0 - SLACK);
        for penalty in [1.0, 0.5] {
            let needed = ladder.levels[rung] / penalty * (1.0 - SLACK);
            let expected = (from(&rule, needed, low), -1);
            assert_eq!(ladder.table(penalty, rung)[bin], expected);
        }
        assert!(ladder.table(0.5, rung)[bin].0 > ladder.table(1.0, rung)[bin].0);
        assert_eq!(ladder.bin(1_100.0), ladder.bins() - 1);
    }

    #[test]
    fn thresholds_keep_out_most_of_the_rest() {
        let rule = Rule {
            likelihood: Likelihood::Poisson { cases: 1_000.0 },
            sides: ScanFor::High,
            least: 2.0,
        };
        let ladder = Ladder::new(&rule, &[1.0], &Workers::new(1).unwrap()).unwrap();
        let rung = ladder.rung(5.0);
        let level = ladder.levels[rung];
        assert!(level > 4.0);
        for measure in [1.0, 20.0, 150.0, 400.0] {
            let least = (0..1_000)
                .find(|c| rule.log_ratio(f64::from(*c), measure) >= level)
                .unwrap();
            let (from, _) = ladder.table(1.0, rung)[ladder.bin(measure)];
            // An eighth of a root is a quarter of a standard deviation.
            let close = 1.0 + 0.3 * measure.sqrt();
            assert!(
                (0.0..=close).contains(&f64::from(least - from)),
                "{least} {from}"
            );
        }
    }
}
