//! Both densities in every cell, and where they can be compared.

use super::null::{Candidates, Null};
use super::pool::Pool;
use super::risk_surface::Unmapped;
use super::smoother::Smoother;
use super::tolerance::Tolerance;
use crate::error::Result;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents within a bandwidth, counted by how much their density varies, below which a
/// logarithm of it is far from normal.
const FEWEST: f64 = 20.0;

/// Cells with what is compared in them.
pub(super) struct Map {
    /// Share of the cases per square kilometre.
    cases: Vec<f64>,
    /// Share of the controls per square kilometre.
    controls: Vec<f64>,
    null: Null,
    pub(super) floor: f64,
    pub(super) reason: Vec<Option<Unmapped>>,
}

impl Map {
    pub(super) fn new(
        pool: &Pool,
        smoother: &Smoother<'_>,
        floor: Option<f64>,
        divisors: &[f64],
        workers: &Workers,
    ) -> Result<Self> {
        let density = |side, share| -> Result<Vec<f64>> {
            let workers = workers.telling("densities", share);
            let mut out = smoother.surface(&pool.weights_of(side), &workers)?;
            for v in &mut out {
                *v /= side.total;
            }
            Ok(out)
        };
        let mut cases = density(&pool.cases, 0.0..0.35)?;
        let mut controls = density(&pool.controls, 0.35..0.7)?;
        let last = workers.telling("densities", 0.7..1.0);
        let null = Null::new(pool, smoother, (&cases, &controls), divisors, &last)?;
        for set in [&mut cases, &mut controls] {
            for (v, divisor) in set.iter_mut().zip(divisors) {
                *v /= divisor;
            }
        }
        let floor = floor.unwrap_or_else(|| {
            let fewer = pool.cases.effective.min(pool.controls.effective);
            smoother.peak() / fewer
        });
        let reason = controls.iter().enumerate().map(|(at, &g)| {
            if g.is_nan() {
                let beyond = smoother.is_outside(at);
                return Some(if beyond {
                    Unmapped::Outside
                } else {
                    Unmapped::Edge
                });
            }
            (g < floor).then_some(Unmapped::Floor)
        });
        Ok(Self {
            reason: reason.collect(),
            cases,
            controls,
            null,
            floor,
        })
    }

    /// A column with NaN where there is a reason.
    pub(super) fn masked(&self, mut column: Vec<f64>) -> Vec<f64> {
        for (v, reason) in column.iter_mut().zip(&self.reason) {
            if reason.is_some() {
                *v = f64::NAN;
            }
        }
        column
    }

    fn of_both(&self, compare: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let both = self.cases.iter().zip(&self.controls);
        self.masked(both.map(|(f, g)| compare(*f, *g)).collect())
    }

    pub(super) fn ratio(&self) -> Vec<f64> {
        self.of_both(|f, g| f / g)
    }

    pub(super) fn log_ratio(&self) -> Vec<f64> {
        self.of_both(|f, g| f.max(self.floor).ln() - g.ln())
    }

    pub(super) fn z(&self) -> Vec<f64> {
        let deviation = &self.null.deviation;
        let each = self.log_ratio().into_iter().zip(deviation);
        each.map(|(log, deviation)| log / deviation).collect()
    }

    /// What the set that is drawn has in each cell on average, and its standard deviation; NaN
    /// where nothing is compared.
    pub(super) fn of_drawn(&self, pool: &Pool, controls: bool) -> (Vec<f64>, Vec<f64>) {
        let (n1, n2) = (pool.cases.total, pool.controls.total);
        let (total, slope) = match Candidates::of(pool) {
            Candidates::People => (n1, 1.0 / n1),
            Candidates::Both => (if controls { n2 } else { n1 }, 1.0 / n1 + 1.0 / n2),
        };
        let expected = self.null.pooled.iter().map(|p| total * p).collect();
        let each = self.null.pooled.iter().zip(&self.null.deviation);
        let unit = each.map(|(p, deviation)| p * deviation / slope).collect();
        (expected, self.masked(unit))
    }

    pub(super) fn warnings(&self, pool: &Pool, tolerance: Tolerance) -> Vec<Warning> {
        let cells = self.reason.len();
        let below = |reason: Option<Unmapped>| self.reason.iter().filter(|r| **r == reason).count();
        let (mapped, floored) = (below(None), below(Some(Unmapped::Floor)));
        let inside = mapped + floored;
        let mut warnings = Vec::new();
        if floored > 0 {
            warnings.push(Warning::with_value(
                WarningCode::TooFewIncidents,
                floored as f64,
                format!(
                    "{floored} of {inside} cells have a density of controls below the floor of \
                     {:.3e} per km² and are left open. Use a larger bandwidth.",
                    self.floor
                ),
            ));
        }
        let raised = (0..cells).filter(|&i| self.reason[i].is_none() && self.cases[i] < self.floor);
        let raised = raised.count();
        if raised > 0 {
            warnings.push(Warning::with_value(
                WarningCode::TooFewIncidents,
                raised as f64,
                format!(
                    "{raised} of {mapped} cells have next to no cases near; their log ratio is no \
                     lower than the floor allows."
                ),
            ));
        }
        if tolerance == Tolerance::Asymptotic {
            warnings.extend(self.normal_warning(pool, mapped));
        }
        warnings
    }

    /// A warning where the logarithm of a density is far from normal.
    fn normal_warning(&self, pool: &Pool, mapped: usize) -> Option<Warning> {
        // The variance of the log ratio is c / m, with m = 1 for one incident alone.
        let (n1, n2) = (pool.cases.effective, pool.controls.effective);
        let (factor, fewer) = match Candidates::of(pool) {
            Candidates::Both => (1.0 / n1 + 1.0 / n2, n1.min(n2)),
            Candidates::People => (1.0 / n1, n1),
        };
        let near = |i: usize| fewer * factor / self.null.deviation[i].powi(2);
        let tested = (0..self.reason.len()).filter(|&i| self.reason[i].is_none());
        let (few, least) = tested
            .map(near)
            .fold((0, f64::INFINITY), |(few, least), near| {
                (few + usize::from(near < FEWEST), near.min(least))
            });
        (few > 0).then(|| {
            Warning::with_value(
                WarningCode::NormalApproximation,
                least,
                format!(
                    "The normal approximation does not hold in {few} of {mapped} cells: fewer than \
                     {FEWEST} incidents of the smaller set are expected near (least {least:.1}). \
                     Use tolerance monte_carlo, or a larger bandwidth."
                ),
            )
        })
    }
}
