//! Values per unit and step.

use ndarray::{Array1, Array2, Axis};

use crate::error::{Error, Fault, Result};
use crate::model::{Counts, Grid, Period};

/// A space-time cube: a value per unit (rows) and step (columns), the last step last.
///
/// Steps are consecutive calendar periods. A step that the data do not cover whole is marked as
/// partial; its count is too low to be compared with the others, see [`whole`](Self::whole).
///
/// ```
/// use brandpunt::methods::emerging::SpaceTimeCube;
/// use ndarray::array;
///
/// # fn main() -> brandpunt::Result<()> {
/// let cube = SpaceTimeCube::from_values(array![[1.0, 2.0, 4.0], [0.0, f64::NAN, 1.0]])?;
/// assert_eq!((cube.units(), cube.steps()), (2, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTimeCube {
    values: Array2<f64>,
    periods: Vec<Period>,
    partial: Vec<bool>,
    /// Per step, what lay in no unit.
    outside: Array1<f64>,
    /// Incidents in no step.
    untimed: f64,
    grid: Option<Grid>,
}

impl SpaceTimeCube {
    /// Values per unit and step without dates; NaN where missing.
    ///
    /// # Errors
    /// [`Fault::NonFinite`] for an infinite value, [`Fault::NoRows`] without a unit or step.
    pub fn from_values(values: Array2<f64>) -> Result<Self> {
        if values.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                format!(
                    "the cube has {} units and {} steps; it needs one of each at least",
                    values.nrows(),
                    values.ncols()
                ),
            ));
        }
        if let Some(((unit, step), value)) = values.indexed_iter().find(|(_, v)| v.is_infinite()) {
            return Err(Error::input(
                Fault::NonFinite,
                format!(
                    "unit {unit} at step {step} (from 0) is {value}; NaN marks a missing value"
                ),
            ));
        }
        let steps = values.ncols();
        let values = if values.is_standard_layout() {
            values
        } else {
            values.as_standard_layout().into_owned()
        };
        Ok(Self {
            values,
            periods: Vec::new(),
            partial: vec![false; steps],
            outside: Array1::zeros(steps),
            untimed: 0.0,
            grid: None,
        })
    }

    /// The same values with the steps marked that the data do not cover whole.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one mark per step.
    pub fn with_partial(mut self, partial: Vec<bool>) -> Result<Self> {
        if partial.len() != self.steps() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} marks for {} steps", partial.len(), self.steps()),
            ));
        }
        self.partial = partial;
        Ok(self)
    }

    /// Counts that were made with a step; `since` and `until` (seconds since 1970, UTC) are the
    /// moments between which the data are known to be complete, and mark the steps they cut as
    /// partial.
    ///
    /// # Errors
    /// [`Fault::MissingTime`] for counts without periods.
    pub fn from_counts(counts: &Counts, since: Option<i64>, until: Option<i64>) -> Result<Self> {
        if counts.periods().is_empty() {
            return Err(Error::input(
                Fault::MissingTime,
                "the counts cover all time in one column; count with a step",
            ));
        }
        let cube = Self::from_values(counts.values().mapv(|c| c as f64))?;
        let outside = counts.outside().mapv(|c| c as f64);
        let untimed = counts.in_no_period() as f64;
        let cube = cube.dated(counts.periods().to_vec(), outside, since, until);
        Ok(cube.with_untimed(untimed))
    }

    /// The same values with their periods, of which those that `since` or `until` cut are partial.
    pub(super) fn dated(
        mut self,
        periods: Vec<Period>,
        outside: Array1<f64>,
        since: Option<i64>,
        until: Option<i64>,
    ) -> Self {
        let cut = |p: &Period| {
            since.is_some_and(|since| since > p.start) || until.is_some_and(|until| until < p.end)
        };
        self.partial = periods.iter().map(cut).collect();
        self.periods = periods;
        self.outside = outside;
        self
    }

    /// The same cube without the units that hold nothing and are left out by `outside`.
    pub(super) fn without_empty(mut self, outside: impl Fn(usize) -> bool) -> Self {
        for (unit, mut row) in self.values.axis_iter_mut(Axis(0)).enumerate() {
            if row.sum() == 0.0 && outside(unit) {
                row.fill(f64::NAN);
            }
        }
        self
    }

    pub(super) fn on_grid(mut self, grid: Grid) -> Self {
        self.grid = Some(grid);
        self
    }

    pub(super) fn with_untimed(mut self, untimed: f64) -> Self {
        self.untimed = untimed;
        self
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.values.nrows()
    }

    /// Number of steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.values.ncols()
    }

    /// Units by steps; NaN where missing.
    #[must_use]
    pub fn values(&self) -> &Array2<f64> {
        &self.values
    }

    /// The steps; empty for a cube from plain values.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Per step, whether the data do not cover it whole.
    #[must_use]
    pub fn partial(&self) -> &[bool] {
        &self.partial
    }

    /// Per step, how many incidents lay in no unit.
    #[must_use]
    pub fn outside(&self) -> &Array1<f64> {
        &self.outside
    }

    /// How many incidents, or parts of them, lay in no step or have no known time.
    #[must_use]
    pub fn untimed(&self) -> f64 {
        self.untimed
    }

    /// The cells that are the units, row by row from the north; `None` for areas.
    #[must_use]
    pub fn grid(&self) -> Option<&Grid> {
        self.grid.as_ref()
    }

    /// The cube without the partial steps at its beginning and end.
    ///
    /// # Errors
    /// [`Fault::NoRows`] when no whole step is left.
    pub fn whole(&self) -> Result<Self> {
        let first = self.partial.iter().position(|p| !p);
        let last = self.partial.iter().rposition(|p| !p);
        let (Some(first), Some(last)) = (first, last) else {
            return Err(Error::input(
                Fault::NoRows,
                format!(
                    "all {} steps are partial; choose a shorter step",
                    self.steps()
                ),
            ));
        };
        let left_out: f64 = (0..self.steps())
            .filter(|step| !(first..=last).contains(step))
            .map(|step| {
                let known = self.values.column(step).into_iter().filter(|v| !v.is_nan());
                known.sum::<f64>() + self.outside[step]
            })
            .sum();
        Ok(Self {
            values: self
                .values
                .slice_axis(Axis(1), (first..=last).into())
                .to_owned(),
            periods: self
                .periods
                .get(first..=last)
                .map_or_else(Vec::new, <[Period]>::to_vec),
            partial: self.partial[first..=last].to_vec(),
            outside: self
                .outside
                .slice_axis(Axis(0), (first..=last).into())
                .to_owned(),
            untimed: self.untimed + left_out,
            grid: self.grid.clone(),
        })
    }
}
