//! Is a rate higher or lower than before?

use super::crude::{check, check_level};
use crate::error::Result;
use crate::stats::{Correction, binomial_interval, binomial_tails};

/// A rate compared with a baseline, area by area.
///
/// With O₁ incidents among N₁ people now and O₀ among N₀ then, `ratio = (O₁/N₁)/(O₀/N₀)`. Given
/// the total `O₁ + O₀`, O₁ is binomial with probability `N₁/(N₀ + N₁)` if nothing changed; the
/// interval is Clopper-Pearson's carried over to the ratio and p is twice the smaller tail.
/// The interval covers with at least the stated level.
///
/// Where nothing happened then (O₀ = 0) the ratio is NaN, but the difference and p are given.
///
/// Source: Przyborowski & Wilenski 1940, Biometrika 31:313, doi:10.1093/biomet/31.3-4.313.
///
/// ```
/// use brandpunt::methods::rates::Change;
///
/// # fn main() -> brandpunt::Result<()> {
/// let change = Change::new().run(&[61], &[42_000.0], &[84], &[40_000.0])?;
/// assert!((change.ratio[0] - 0.691_609_977).abs() < 1e-9);
/// assert!((change.low[0] - 0.489_023_713).abs() < 1e-9);
/// assert_eq!(change.status[0].name(), "lower");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    per: f64,
    level: f64,
    correction: Correction,
}

/// What can be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeStatus {
    /// The rate is lower, after correction for the number of areas.
    Lower,
    /// The rate is higher, after correction for the number of areas.
    Higher,
    /// Too little difference to tell from chance.
    NoClearChange,
    /// No incidents at all, or people not known in one of the periods.
    CannotTell,
}

impl ChangeStatus {
    /// The status in words: `lower`, `higher`, `no clear change`, `cannot tell`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::NoClearChange => "no clear change",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Changes in input order; NaN where one is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ChangeTable {
    /// Rate now divided by rate then.
    pub ratio: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end of its interval; infinite when nothing happened then.
    pub high: Vec<f64>,
    /// Two-sided p-value of no change.
    pub p: Vec<f64>,
    /// The same after correction for the number of areas.
    pub q: Vec<f64>,
    /// Rate now minus rate then, per so many people.
    pub difference: Vec<f64>,
    /// What can be said.
    pub status: Vec<ChangeStatus>,
}

impl Default for Change {
    fn default() -> Self {
        Self {
            per: 1000.0,
            level: 0.95,
            correction: Correction::Fdr,
        }
    }
}

impl Change {
    /// Per 1,000, at 95 %, corrected by Benjamini-Hochberg.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the size of the group the difference is given for.
    #[must_use]
    pub fn per(mut self, per: f64) -> Self {
        self.per = per;
        self
    }

    /// Sets the level of the intervals; a change is clear when its q-value is at most one minus it.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how p-values are corrected for the number of areas.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.correction = correction;
        self
    }

    /// Compares counts and exposures now with those then, of the same areas.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::Negative`](crate::Fault::Negative),
    /// [`Error::Parameter`](crate::Error::Parameter) for a level outside (0, 1).
    pub fn run(
        &self,
        counts: &[i64],
        exposure: &[f64],
        baseline_counts: &[i64],
        baseline_exposure: &[f64],
    ) -> Result<ChangeTable> {
        check(counts, exposure)?;
        check(baseline_counts, baseline_exposure)?;
        check(counts, baseline_exposure)?;
        check_level(self.level)?;
        let mut out = ChangeTable::default();
        for i in 0..counts.len() {
            self.one(
                (counts[i] as u64, exposure[i]),
                (baseline_counts[i] as u64, baseline_exposure[i]),
                &mut out,
            );
        }
        out.q = self.correction.apply(&out.p);
        out.status = (0..counts.len())
            .map(|i| {
                let rose = out.difference[i] > 0.0;
                if out.q[i].is_nan() {
                    ChangeStatus::CannotTell
                } else if out.q[i] > 1.0 - self.level {
                    ChangeStatus::NoClearChange
                } else if rose {
                    ChangeStatus::Higher
                } else {
                    ChangeStatus::Lower
                }
            })
            .collect();
        Ok(out)
    }

    fn one(&self, now: (u64, f64), then: (u64, f64), out: &mut ChangeTable) {
        let known = now.1 > 0.0 && then.1 > 0.0;
        let (rate, before) = (now.0 as f64 / now.1, then.0 as f64 / then.1);
        out.difference.push(if known {
            self.per * (rate - before)
        } else {
            f64::NAN
        });
        let total = now.0 + then.0;
        if !known || total == 0 {
            for column in [&mut out.ratio, &mut out.low, &mut out.high, &mut out.p] {
                column.push(f64::NAN);
            }
            return;
        }
        let odds = |p: f64| p / (1.0 - p) * then.1 / now.1;
        let (low, high) = binomial_interval(now.0, total, self.level);
        let (less, greater) = binomial_tails(now.0, total, now.1 / (now.1 + then.1));
        out.ratio
            .push(if then.0 == 0 { f64::NAN } else { rate / before });
        out.low.push(odds(low));
        out.high.push(odds(high));
        out.p.push((2.0 * less.min(greater)).min(1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golden_example_holds() {
        let file = include_str!("../../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let golden = &golden["irr_61_of_42000_vs_84_of_40000"];
        let got = Change::new()
            .run(&[61], &[42_000.0], &[84], &[40_000.0])
            .unwrap();
        for (got, want) in [
            (got.ratio[0], &golden["irr"]),
            (got.low[0], &golden["ci"][0]),
            (got.high[0], &golden["ci"][1]),
            (got.p[0], &golden["p_two"]),
        ] {
            let want = want.as_f64().unwrap();
            assert!((got / want - 1.0).abs() < 1e-10, "{got} {want}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        let got = Change::new()
            .run(
                &[5, 0, 3, 4],
                &[9e3, 9e3, f64::NAN, 9e3],
                &[0, 0, 2, 4],
                &[9e3; 4],
            )
            .unwrap();
        assert!(got.ratio[0].is_nan() && got.low[0] > 0.0 && got.high[0].is_infinite());
        assert!((got.p[0] - 0.0625).abs() < 1e-15, "{}", got.p[0]);
        assert_eq!(got.status[1], ChangeStatus::CannotTell);
        assert_eq!(got.status[2], ChangeStatus::CannotTell);
        assert_eq!(got.status[3], ChangeStatus::NoClearChange);
    }

    #[test]
    fn exchanging_the_periods_inverts_the_ratio() {
        let a = Change::new().run(&[12], &[700.0], &[30], &[900.0]).unwrap();
        let b = Change::new().run(&[30], &[900.0], &[12], &[700.0]).unwrap();
        assert!((a.ratio[0] * b.ratio[0] - 1.0).abs() < 1e-14);
        assert!((a.low[0] * b.high[0] - 1.0).abs() < 1e-9);
        assert!((a.p[0] - b.p[0]).abs() < 1e-12);
    }
}
