//! Which windows count as clusters, and how much a count must be to reach a level.

use super::likelihood::Likelihood;
use super::model::ScanFor;

/// Bins of the square root of the measure, in which counts spread evenly.
const BINS_PER_ROOT: f64 = 8.0;
const MOST_BINS: f64 = 2_048.0;
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

/// For every measure, the counts that can reach a level.
///
/// The ratio grows as the count moves away from what is expected, so a level is reached from a
/// count on. Comparing with that count takes the place of logarithms for all but the few windows
/// that stand out. Within a bin of measures the threshold is that of the measure where least is
/// needed, so no window is missed; those let through are judged by their ratio.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thresholds {
    pub(super) level: f64,
    /// Bins per root of the measure.
    scale: f64,
    /// Per shape of window and bin: reached from this count on, and up to this one.
    bins: Vec<(i32, i32)>,
    each: usize,
}

impl Thresholds {
    /// Those for a level, where the ratio of a shape is multiplied by its penalty.
    pub(super) fn new(rule: &Rule, level: f64, penalties: &[f64]) -> Self {
        let root = rule.likelihood.whole().sqrt();
        let cases = rule.likelihood.cases().sqrt();
        let each = (BINS_PER_ROOT * cases).clamp(64.0, MOST_BINS).ceil();
        let scale = each / root;
        let each = each as usize + 1;
        let mut bins = Vec::with_capacity(each * penalties.len());
        for penalty in penalties {
            let needed = level / penalty * (1.0 - SLACK);
            for bin in 0..each {
                let edge = |at: usize| (at as f64 / scale).powi(2);
                let low = edge(bin) * (1.0 - SLACK);
                let high = (edge(bin + 1) * (1.0 + SLACK)).min(rule.likelihood.whole());
                bins.push((from(rule, needed, low), upto(rule, needed, high)));
            }
        }
        Self {
            level,
            scale,
            bins,
            each,
        }
    }

    /// The counts of a window of a shape that need a closer look: from the first on, and up to the
    /// second.
    #[inline]
    pub(super) fn at(&self, shape: usize, measure: f64) -> (i32, i32) {
        let bin = (measure.max(0.0).sqrt() * self.scale) as usize;
        self.bins[shape * self.each + bin.min(self.each - 1)]
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
            let thresholds = Thresholds::new(&rule, level, &[1.0, penalty]);
            let most = if people.is_some() { measure.min(cases) } else { cases };
            let least = if people.is_some() { (measure - likelihood.whole() + cases).max(0.0) } else { 0.0 };
            // Near what is expected, and anywhere.
            let expected = likelihood.expected(measure);
            for count in [least + at * (most - least), expected + (at - 0.5) * 8.0 * expected.sqrt()] {
                let count = count.round().clamp(least, most);
                let ratio = rule.log_ratio(count, measure) * penalty;
                if ratio > 0.0 && ratio >= level {
                    let (from, upto) = thresholds.at(1, measure);
                    prop_assert!(
                        count as i32 >= from || count as i32 <= upto,
                        "{count} {measure} {ratio} {from} {upto}"
                    );
                }
            }
        }
    }

    #[test]
    fn thresholds_keep_out_most_of_the_rest() {
        let rule = Rule {
            likelihood: Likelihood::Poisson { cases: 1_000.0 },
            sides: ScanFor::High,
            least: 2.0,
        };
        let thresholds = Thresholds::new(&rule, 5.0, &[1.0]);
        for measure in [1.0, 20.0, 150.0, 400.0] {
            let least = (0..1_000)
                .find(|c| rule.log_ratio(f64::from(*c), measure) >= 5.0)
                .unwrap();
            let (from, _) = thresholds.at(0, measure);
            // An eighth of a root is a quarter of a standard deviation.
            let close = 1.0 + 0.3 * measure.sqrt();
            assert!(
                (0.0..=close).contains(&f64::from(least - from)),
                "{least} {from}"
            );
        }
    }
}
