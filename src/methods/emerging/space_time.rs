//! Gi* in space and time.

use ndarray::{Array2, Axis};

use crate::error::{Error, Fault, Result};
use crate::methods::local::{GiStar, Inference, LocalStatistics};
use crate::model::Warning;
use crate::parallel::Workers;
use crate::stats::Correction;
use crate::weights::Weights;

/// Gi* in space and time: do high (or low) values gather around each unit at each step?
///
/// The neighbours of unit c at step t are all units c' around c, c itself included, at the steps
/// t' with t − k ≤ t' ≤ t for a look-back of k. The statistic is that of [`GiStar`] over these,
/// compared with the values that [`Pool`] names. p-values of all units and steps together are
/// corrected for their number.
///
/// A value of NaN is missing: the unit at that step leaves the null and the number of tests.
/// Looking back makes windows of consecutive steps overlap, so statistics that follow each other
/// depend on each other.
///
/// # Complexity
/// As [`GiStar`], for units times steps.
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::emerging::SpaceTimeGiStar;
/// use brandpunt::weights::{Adjacency, Weights};
/// use ndarray::Array2;
///
/// # fn main() -> brandpunt::Result<()> {
/// let mut counts = Array2::zeros((36, 5));
/// for unit in [14, 15, 20, 21] {
///     counts[[unit, 3]] = 6.0;
///     counts[[unit, 4]] = 6.0;
/// }
/// let weights = Weights::lattice(6, 6, 1, Adjacency::Queen)?;
/// let found = SpaceTimeGiStar::new().run_with(&counts, &weights, &Workers::new(0)?)?;
/// assert!(found.q[[14, 4]] < 0.001 && found.q[[14, 0]] > 0.05);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTimeGiStar {
    look_back: usize,
    pool: Pool,
    inference: Inference,
    correction: Correction,
    exposure: Option<Array2<f64>>,
    level: f64,
    seed: u64,
}

/// The values with which a window is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Pool {
    /// All units at all steps.
    #[default]
    Cube,
    /// All units at the steps of the window. With a look-back of 0 each step stands by itself.
    Window,
}

impl Pool {
    /// The pool of that name: `cube` or `window`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "cube" => Ok(Self::Cube),
            "window" => Ok(Self::Window),
            other => Err(Error::parameter("pool", other, "cube or window")),
        }
    }
}

/// Gi* per unit (rows) and step (columns); NaN where it is not defined.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpaceTimeStatistics {
    /// Standardised statistic.
    pub z: Array2<f64>,
    /// Two-sided p-value.
    pub p: Array2<f64>,
    /// p-value after correction for the number of tests.
    pub q: Array2<f64>,
    /// Number of tests corrected for.
    pub tests: usize,
    /// The inference that was used in the end.
    pub inference: Inference,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Default for SpaceTimeGiStar {
    fn default() -> Self {
        Self {
            look_back: 1,
            pool: Pool::Cube,
            inference: Inference::Exact,
            correction: Correction::Fdr,
            exposure: None,
            level: 0.05,
            seed: 0,
        }
    }
}

impl SpaceTimeGiStar {
    /// One step of look-back, compared with the whole cube, exact, corrected by
    /// Benjamini-Hochberg.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many earlier steps are neighbours.
    #[must_use]
    pub fn look_back(mut self, steps: usize) -> Self {
        self.look_back = steps;
        self
    }

    /// Sets what windows are compared with.
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }

    /// Sets how p-values come about. [`Inference::Exact`] needs whole numbers; ArcGIS uses
    /// [`Inference::Analytic`].
    #[must_use]
    pub fn inference(mut self, inference: Inference) -> Self {
        self.inference = inference;
        self
    }

    /// Sets how p-values are corrected for the number of tests.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.correction = correction;
        self
    }

    /// Sets the exposure per unit and step, such as people times days, for
    /// [`Inference::Exposure`].
    #[must_use]
    pub fn exposure(mut self, exposure: Array2<f64>) -> Self {
        self.exposure = Some(exposure);
        self
    }

    /// Sets the level at which the resolution of simulated p-values is judged.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets the seed of simulations.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many earlier steps are neighbours.
    #[must_use]
    pub(super) fn looks_back(&self) -> usize {
        self.look_back
    }

    /// Runs on values per unit and step.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless weights and exposures fit the values, [`Fault::NoRows`]
    /// for a cube without steps, [`Error::TooLarge`], and as [`GiStar::run_with`].
    pub fn run_with(
        &self,
        values: &Array2<f64>,
        weights: &Weights,
        workers: &Workers,
    ) -> Result<SpaceTimeStatistics> {
        self.check(values, weights)?;
        match self.pool {
            Pool::Cube => self.over(0, values.ncols(), values, weights, workers),
            Pool::Window => self.step_by_step(values, weights, workers),
        }
    }

    fn check(&self, values: &Array2<f64>, weights: &Weights) -> Result<()> {
        if values.ncols() == 0 {
            return Err(Error::input(Fault::NoRows, "the cube has no step"));
        }
        if values.nrows() != weights.n() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "a cube of {} units and weights of {}",
                    values.nrows(),
                    weights.n()
                ),
            ));
        }
        match &self.exposure {
            Some(exposure) if exposure.dim() != values.dim() => Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "exposures of {} units at {} steps for values of {} at {}",
                    exposure.nrows(),
                    exposure.ncols(),
                    values.nrows(),
                    values.ncols()
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The statistics of the steps from `from` until before `to`, compared with each other.
    fn over(
        &self,
        from: usize,
        to: usize,
        values: &Array2<f64>,
        weights: &Weights,
        workers: &Workers,
    ) -> Result<SpaceTimeStatistics> {
        let rows = |table: &Array2<f64>| -> Vec<f64> {
            table
                .slice_axis(Axis(1), (from..to).into())
                .iter()
                .copied()
                .collect()
        };
        let gi = GiStar::new()
            .inference(self.inference)
            .correction(self.correction)
            .level(self.level)
            .seed(self.seed);
        let gi = match &self.exposure {
            Some(exposure) => gi.exposure(rows(exposure)),
            None => gi,
        };
        let both = weights.over_time(to - from, self.look_back)?;
        let found: LocalStatistics = gi.run_with(&rows(values), &both, workers)?;
        let shape = (values.nrows(), to - from);
        let table = |column: Vec<f64>| {
            Array2::from_shape_vec(shape, column).map_err(|e| Error::internal(e.to_string()))
        };
        Ok(SpaceTimeStatistics {
            z: table(found.z)?,
            p: table(found.p)?,
            q: table(found.q)?,
            tests: found.tests,
            inference: found.inference,
            warnings: found.warnings,
        })
    }

    /// Each step compared with the steps of its window, and corrected together.
    fn step_by_step(
        &self,
        values: &Array2<f64>,
        weights: &Weights,
        workers: &Workers,
    ) -> Result<SpaceTimeStatistics> {
        let nowhere = || Array2::from_elem(values.dim(), f64::NAN);
        let mut out = SpaceTimeStatistics {
            z: nowhere(),
            p: nowhere(),
            q: nowhere(),
            tests: 0,
            inference: self.inference,
            warnings: Vec::new(),
        };
        for step in 0..values.ncols() {
            let from = step.saturating_sub(self.look_back);
            let found = self.over(from, step + 1, values, weights, workers)?;
            let last = found.z.ncols() - 1;
            out.z.column_mut(step).assign(&found.z.column(last));
            out.p.column_mut(step).assign(&found.p.column(last));
            if found.inference != self.inference {
                out.inference = found.inference;
            }
            for warning in found.warnings {
                if out.warnings.iter().all(|w| w.code != warning.code) {
                    out.warnings.push(warning);
                }
            }
        }
        let p: Vec<f64> = out.p.iter().copied().collect();
        out.tests = p.iter().filter(|v| !v.is_nan()).count();
        out.q = Array2::from_shape_vec(values.dim(), self.correction.apply(&p))
            .map_err(|e| Error::internal(e.to_string()))?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
