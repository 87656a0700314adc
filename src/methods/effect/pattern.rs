//! In which areas is the share of the incidents another than before?

use super::resampled::intervals;
use crate::error::{Error, Fault, Result};
use crate::parallel::Workers;
use crate::stats::{Correction, hypergeometric_tails};

#[cfg(test)]
mod tests;

/// How areas are tested.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum PatternMethod {
    /// Two shares against each other, exactly (Fisher's test of the area against the rest), with a
    /// correction for the number of areas.
    Proportions(Correction),
    /// As published in 2009: an area is alike when its share of the base lies in the interval of
    /// its shares in so many parts of the test data, each a share of the points without
    /// replacement.
    Resampled {
        /// Share of the points in each part; 0.85 as published.
        part: f64,
        /// How many parts are drawn; 200 as published.
        draws: usize,
    },
}

/// Are two maps of incidents alike, and where not? The spatial point pattern test.
///
/// With counts `b_i` of B (base, before) and `t_i` of T (test, after) the shares `b_i/B` and
/// `t_i/T` are compared area by area, so a rise or fall of all areas alike is no difference.
///
/// ```text
/// S          = areas that are alike / all areas
/// robust S   = areas that are alike and have an incident / areas that have an incident
/// ```
///
/// At first shares are tested by Fisher's exact test, twice the smaller tail, corrected by
/// Benjamini-Hochberg. The published rule is offered too
/// ([`Resampled`](PatternMethod::Resampled)), but finds differences where there are none: it takes
/// the base as free of chance, its parts of 85 % without replacement spread less than half as much
/// as chance does, and it does not correct for the number of areas. A high S of few incidents says
/// little: nothing can be told apart then.
///
/// # Missing and odd values
/// Areas without an incident in either data set are alike, and p is NaN: there is nothing to test.
///
/// Source: Andresen 2009, Applied Geography 29:333, doi:10.1016/j.apgeog.2008.12.004; Wheeler,
/// Steenbeek & Andresen 2018, Transactions in GIS 22:760, doi:10.1111/tgis.12341.
///
/// ```
/// use brandpunt::methods::effect::PatternTest;
///
/// # fn main() -> brandpunt::Result<()> {
/// let found = PatternTest::new().run(&[40, 20, 20, 20, 0], &[10, 30, 32, 28, 0])?;
/// assert_eq!(found.direction, [-1, 0, 0, 0, 0]);
/// assert_eq!((found.s, found.robust_s), (0.8, 0.75));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PatternTest {
    method: PatternMethod,
    level: f64,
    seed: u64,
}

/// Shares per area, in input order, and how alike they are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PatternResult {
    /// Share of the base in each area.
    pub base_share: Vec<f64>,
    /// Share of the test data in each area.
    pub test_share: Vec<f64>,
    /// Lower end of the share in parts of the test data; NaN for the test of proportions.
    pub low: Vec<f64>,
    /// Upper end of the share in parts of the test data; NaN for the test of proportions.
    pub high: Vec<f64>,
    /// Two-sided p-value; NaN for an area without incidents and for resampled parts.
    pub p: Vec<f64>,
    /// The same after correction for the number of areas.
    pub q: Vec<f64>,
    /// 1 where the test data have a larger share, −1 where a smaller one, 0 where they are alike.
    pub direction: Vec<i8>,
    /// Share of all areas that are alike.
    pub s: f64,
    /// Share of the areas with an incident that are alike.
    pub robust_s: f64,
    /// Areas with an incident in either data set.
    pub areas_with_incidents: usize,
}

impl Default for PatternTest {
    fn default() -> Self {
        Self {
            method: PatternMethod::Proportions(Correction::Fdr),
            level: 0.05,
            seed: 0,
        }
    }
}

impl PatternTest {
    /// The test of proportions with false-discovery control at 5 %.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how areas are tested.
    #[must_use]
    pub fn method(mut self, method: PatternMethod) -> Self {
        self.method = method;
        self
    }

    /// Sets the level: areas differ for q at most this, or outside the interval of what it leaves
    /// of one.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets the seed of the parts.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, base: &[i64], test: &[i64]) -> Result<PatternResult> {
        self.run_with(base, test, &Workers::new(0)?)
    }

    /// Runs on the given threads, with counts of the same areas.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::Negative`], [`Fault::NoRows`] when a data set has no
    /// incident, [`Fault::NumberOutOfRange`] for totals from 2³² on, [`Error::Parameter`],
    /// [`Error::Cancelled`].
    pub fn run_with(&self, base: &[i64], test: &[i64], workers: &Workers) -> Result<PatternResult> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a share between 0 and 1",
            ));
        }
        if base.len() != test.len() {
            let detail = format!(
                "{} counts of the base and {} to test",
                base.len(),
                test.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let (base, of_base) = whole(base, "base")?;
        let (test, of_test) = whole(test, "test")?;
        let n = base.len();
        let base_share: Vec<f64> = base.iter().map(|b| *b as f64 / of_base as f64).collect();
        let test_share: Vec<f64> = test.iter().map(|t| *t as f64 / of_test as f64).collect();
        let none = || vec![f64::NAN; n];
        let (mut p, mut q, mut low, mut high) = (none(), none(), none(), none());
        let differs: Vec<bool> = match self.method {
            PatternMethod::Proportions(correction) => {
                p = workers.map(n, |i| two_sided(base[i], of_base, test[i], of_test))?;
                q = correction.apply(&p);
                q.iter().map(|q| *q <= self.level).collect()
            }
            PatternMethod::Resampled { part, draws } => {
                let (points, outside) = self.parts(part, draws, of_test)?;
                (low, high) = intervals(&test, points, draws, outside, self.seed, workers)?;
                let tie = 1e-12;
                (0..n)
                    .map(|i| base_share[i] < low[i] - tie || base_share[i] > high[i] + tie)
                    .collect()
            }
        };
        let direction: Vec<i8> = (0..n)
            .map(|i| match (differs[i], test_share[i] > base_share[i]) {
                (false, _) => 0,
                (true, true) => 1,
                (true, false) => -1,
            })
            .collect();
        let alike = direction.iter().filter(|d| **d == 0).count();
        let with = (0..n).filter(|&i| base[i] + test[i] > 0).count();
        let different = n - alike;
        Ok(PatternResult {
            base_share,
            test_share,
            low,
            high,
            p,
            q,
            direction,
            s: alike as f64 / n as f64,
            robust_s: (with - different) as f64 / with as f64,
            areas_with_incidents: with,
        })
    }

    /// Points in a part, and values left out on either side of the interval.
    fn parts(&self, part: f64, draws: usize, total: u64) -> Result<(u64, usize)> {
        if !(part > 0.0 && part <= 1.0) {
            return Err(Error::parameter("part", part, "a share above 0, at most 1"));
        }
        let outside = (draws as f64 * 0.5 * self.level + 1e-9).floor() as usize;
        if outside == 0 {
            let least = (2.0 / self.level - 1e-9).ceil();
            let expected = format!("at least {least} for this level");
            return Err(Error::parameter("draws", draws, expected));
        }
        let points = (part * total as f64).round().max(1.0) as u64;
        Ok((points, outside.min((draws - 1) / 2)))
    }
}

/// Whole counts and their sum.
fn whole(counts: &[i64], what: &str) -> Result<(Vec<u64>, u64)> {
    let mut out = Vec::with_capacity(counts.len());
    let mut total = 0u64;
    for (i, &count) in counts.iter().enumerate() {
        let count = u64::try_from(count).map_err(|_| {
            let detail = format!("the {what} count of area {i} (from 0) is {count}");
            Error::input(Fault::Negative, detail)
        })?;
        total = total
            .checked_add(count)
            .filter(|t| u32::try_from(*t).is_ok())
            .ok_or_else(|| {
                let detail = format!("the {what} counts add up to more than 2^32");
                Error::input(Fault::NumberOutOfRange, detail)
            })?;
        out.push(count);
    }
    if total == 0 {
        let detail = format!("the {what} data have no incident; there are no shares to compare");
        return Err(Error::input(Fault::NoRows, detail));
    }
    Ok((out, total))
}

fn two_sided(b: u64, of_base: u64, t: u64, of_test: u64) -> f64 {
    if b + t == 0 {
        return f64::NAN;
    }
    let [hits, draws, marked, total] = [b, b + t, of_base, of_base + of_test].map(|n| n as f64);
    let (less, greater) = hypergeometric_tails(hits, draws, marked, total);
    (2.0 * less.min(greater)).min(1.0)
}
