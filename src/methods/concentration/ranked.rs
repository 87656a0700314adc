//! Counts in ascending order, equal ones together.

use crate::stats::sum;

/// Units by count: all measures of concentration follow from how many units have which count.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ranked {
    /// Counts with the number of units that have them, ascending by count.
    runs: Vec<(u64, u64)>,
    units: u64,
    total: u64,
}

/// The measures of one set of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub(super) gini: f64,
    pub(super) generalised_gini: f64,
    pub(super) theil: f64,
    pub(super) top_share: f64,
    pub(super) units_share: f64,
}

impl Ranked {
    pub(super) fn of(mut counts: Vec<u64>) -> Self {
        counts.sort_unstable();
        Self::from_runs(
            counts
                .chunk_by(|a, b| a == b)
                .map(|run| (run[0], run.len() as u64)),
        )
    }

    /// From the number of units with count 0, 1, 2 and so on.
    pub(super) fn of_histogram(units_with: &[u32]) -> Self {
        let runs = (0..).zip(units_with).filter(|(_, units)| **units > 0);
        Self::from_runs(runs.map(|(count, units)| (count, u64::from(*units))))
    }

    fn from_runs(runs: impl Iterator<Item = (u64, u64)>) -> Self {
        let runs: Vec<(u64, u64)> = runs.collect();
        Self {
            units: runs.iter().map(|(_, units)| units).sum(),
            total: runs.iter().map(|(count, units)| count * units).sum(),
            runs,
        }
    }

    /// All measures; there must be an incident.
    pub(super) fn figures(&self, top: f64, share: f64) -> Figures {
        let (gini, generalised_gini) = self.gini();
        Figures {
            gini,
            generalised_gini,
            theil: self.theil(),
            top_share: 1.0
                - self.held_by_lowest((1.0 - top) * self.units as f64) / self.total as f64,
            units_share: self.fewest(share) as f64 / self.units as f64,
        }
    }

    /// Gini and generalised Gini, from whole numbers up to the last division, so that simulated
    /// ties with the observed value are ties.
    fn gini(&self) -> (f64, f64) {
        let (n, c) = (i128::from(self.units), i128::from(self.total));
        let mut before = 0;
        let mut ranks = 0;
        for &(count, units) in &self.runs {
            let (count, units) = (i128::from(count), i128::from(units));
            // Twice the sum of the ranks before + 1, …, before + units.
            ranks += count * units * (2 * before + units + 1);
            before += units;
        }
        let excess = ranks - (n + 1) * c;
        let gini = excess as f64 / (n as f64 * c as f64);
        let generalised = if c >= n {
            gini
        } else {
            (excess - n * c + c * c) as f64 / (c as f64 * c as f64)
        };
        (gini, generalised)
    }

    fn theil(&self) -> f64 {
        let mean = self.total as f64 / self.units as f64;
        let terms = self.runs.iter().filter(|(count, _)| *count > 0);
        let all = sum(terms.map(|&(count, units)| {
            let ratio = count as f64 / mean;
            units as f64 * ratio * ratio.ln()
        }));
        // Rounding may leave a trace below what equal counts have.
        (all / self.units as f64).max(0.0)
    }

    /// What the lowest so many units hold, with a part of the last one.
    fn held_by_lowest(&self, units: f64) -> f64 {
        let mut left = units;
        let mut held = 0.0;
        for &(count, run) in &self.runs {
            let taken = left.min(run as f64);
            held += taken * count as f64;
            left -= taken;
            if left <= 0.0 {
                break;
            }
        }
        held
    }

    /// The least number of units that together hold a share of the incidents.
    fn fewest(&self, share: f64) -> u64 {
        // 0.07 · 100 is a little above 7 in floating point.
        let mut needed = (share * self.total as f64 * (1.0 - 1e-12)).ceil() as u64;
        let mut taken = 0;
        for &(count, units) in self.runs.iter().rev() {
            let run = needed.div_ceil(count.max(1)).min(units);
            taken += run;
            needed = needed.saturating_sub(run * count);
            if needed == 0 {
                break;
            }
        }
        taken
    }

    /// The Lorenz curve at `steps + 1` equally spaced shares of the units.
    pub(super) fn curve(&self, steps: usize) -> Vec<f64> {
        let mut out = Vec::with_capacity(steps + 1);
        let mut runs = self.runs.iter().copied();
        let (mut count, mut end) = (0, 0);
        let mut held = 0u64;
        for step in 0..=steps {
            let rank = self.units as f64 * step as f64 / steps as f64;
            while (end as f64) < rank
                && let Some((next, units)) = runs.next()
            {
                count = next;
                end += units;
                held += next * units;
            }
            let beyond = (end as f64 - rank).max(0.0);
            out.push((held as f64 - beyond * count as f64) / self.total as f64);
        }
        out
    }

    /// The Lorenz curve at every unit.
    pub(super) fn lorenz(&self) -> Vec<(f64, f64)> {
        let mut out = vec![(0.0, 0.0)];
        let (mut unit, mut held) = (0u64, 0u64);
        for &(count, units) in &self.runs {
            for _ in 0..units {
                unit += 1;
                held += count;
                let share = held as f64 / self.total as f64;
                out.push((unit as f64 / self.units as f64, share));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(0u64..12, 1..50)
            .prop_filter("an incident", |counts| counts.iter().any(|c| *c > 0))
    }

    proptest! {
        /// One unit after the other, the most burdened first.
        #[test]
        fn shares_are_those_of_units_in_a_row(
            counts in counts(), top in 1u32..100, share in 1u32..100,
        ) {
            let (top, share) = (f64::from(top) / 100.0, f64::from(share) / 100.0);
            let total: u64 = counts.iter().sum();
            let figures = Ranked::of(counts.clone()).figures(top, share);
            let mut falling = counts.clone();
            falling.sort_unstable_by(|a, b| b.cmp(a));
            let mut held = 0;
            let fewest = falling.iter().position(|count| {
                held += count;
                held as f64 >= share * total as f64 * (1.0 - 1e-12)
            });
            let want = (fewest.unwrap() + 1) as f64 / counts.len() as f64;
            prop_assert!((figures.units_share - want).abs() < 1e-12);
            let mut left = top * counts.len() as f64;
            let mut held = 0.0;
            for count in falling {
                let taken = left.clamp(0.0, 1.0);
                held += taken * count as f64;
                left -= taken;
            }
            prop_assert!((figures.top_share - held / total as f64).abs() < 1e-12);
        }

        /// The curve at steps is the broken line through its corners.
        #[test]
        fn the_curve_runs_through_its_corners(counts in counts(), steps in 1usize..120) {
            let ranked = Ranked::of(counts.clone());
            let most = counts.iter().max().map_or(0, |m| *m as usize);
            let mut units_with = vec![0; most + 1];
            for count in &counts {
                units_with[*count as usize] += 1;
            }
            prop_assert_eq!(&Ranked::of_histogram(&units_with), &ranked);
            let corners = ranked.lorenz();
            prop_assert_eq!(corners.len(), counts.len() + 1);
            let curve = ranked.curve(steps);
            prop_assert_eq!(curve.len(), steps + 1);
            for (step, share) in curve.iter().enumerate() {
                let x = step as f64 / steps as f64 * counts.len() as f64;
                let below = (x.floor() as usize).min(counts.len() - 1);
                let part = x - below as f64;
                let want = corners[below].1 * (1.0 - part) + corners[below + 1].1 * part;
                prop_assert!((share - want).abs() < 1e-12, "{share} {want}");
            }
        }
    }
}
