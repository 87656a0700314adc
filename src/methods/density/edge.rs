//! What to do about incidents that nobody could see beyond the study area.

use std::borrow::Cow;

use super::by_row::Columns;
use super::estimate::KernelDensity;
use super::kernel::Kernel;
use super::mass::mass_inside;
use crate::error::{Error, Result};
use crate::index::StudyArea;
use crate::model::{Grid, Warning, WarningCode};
use crate::parallel::Workers;

/// How the density near the edge of a study area makes up for what lies beyond and was not seen.
///
/// With `e(u) = ∫_W k_h(u − v) dv` the mass of a kernel at u inside the study area W, found from
/// the polygons themselves and not from cells, to 1e-12:
///
/// | correction | density | what it keeps |
/// |---|---|---|
/// | none | `Σ m_i k_h(u − x_i)` | nothing: too low near the edge |
/// | uniform | `Σ m_i k_h(u − x_i) / e(u)` | a constant density comes out constant |
/// | Diggle | `Σ m_i k_h(u − x_i) / e(x_i)` | the integral over W is the number of incidents |
///
/// A place where e is below 0.05 has too little of the study area around it: its density is NaN
/// (uniform), or its incidents are left out with a warning (Diggle).
///
/// Source: Diggle 1985, Journal of the Royal Statistical Society C 34:138, doi:10.2307/2347366;
/// Jones 1993, Statistics and Computing 3:135, doi:10.1007/BF00147776.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Edge {
    /// Nothing.
    #[default]
    None,
    /// Divide by the mass at the place.
    Uniform,
    /// Divide each incident by its own mass.
    Diggle,
}

impl Edge {
    /// All corrections.
    pub const ALL: [Self; 3] = [Self::None, Self::Uniform, Self::Diggle];

    /// Mass inside the study area below which nothing is corrected.
    pub(super) const LEAST_MASS: f64 = 0.05;

    /// The correction of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Error::choice("edge", name, &Self::ALL, Self::name)
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Uniform => "uniform",
            Self::Diggle => "diggle",
        }
    }
}

/// Why incidents were left out.
#[derive(Debug, Clone, Copy)]
pub(super) enum LeftOut {
    /// They lie outside.
    OutsideStudyArea,
    /// They lie so near the edge that too little of their kernel is inside.
    TooLittleMass,
}

impl LeftOut {
    /// All reasons.
    pub(super) const ALL: [Self; 2] = [Self::OutsideStudyArea, Self::TooLittleMass];

    /// Says how many.
    pub(super) fn warning(self, n: f64) -> Warning {
        match self {
            Self::OutsideStudyArea => Warning::with_value(
                WarningCode::OutsideAllAreas,
                n,
                format!(
                    "{n} incidents lie outside the study area and are left out: a correction at \
                     its edge stands for them."
                ),
            ),
            Self::TooLittleMass => Warning::with_value(
                WarningCode::Bandwidth,
                n,
                format!(
                    "{n} incidents have less than a twentieth of their kernel inside the study \
                     area and are left out. Use a smaller bandwidth."
                ),
            ),
        }
    }
}

/// Incidents that count, as columns.
pub(super) struct Counted<'a> {
    pub(super) x: Cow<'a, [f64]>,
    pub(super) y: Cow<'a, [f64]>,
    pub(super) weights: Option<Cow<'a, [f64]>>,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Counted<'a> {
    /// All incidents as they are.
    pub(super) fn all(x: &'a [f64], y: &'a [f64], weights: Option<&'a [f64]>) -> Self {
        Self {
            x: x.into(),
            y: y.into(),
            weights: weights.map(Into::into),
            warnings: Vec::new(),
        }
    }

    /// Them as columns to sort.
    pub(super) fn columns(&self) -> Columns<'_> {
        Columns {
            x: &self.x,
            y: &self.y,
            weights: self.weights.as_deref(),
            radii: None,
        }
    }

    /// Those inside the study area.
    pub(super) fn inside(self, area: &StudyArea) -> Self {
        let seen: Vec<bool> = self
            .x
            .iter()
            .zip(&*self.y)
            .map(|(&x, &y)| area.contains(x, y))
            .collect();
        self.keep(&seen, LeftOut::OutsideStudyArea)
    }

    /// With each weight divided by the kernel's mass inside the study area around the incident.
    pub(super) fn over_own_mass(
        self,
        kernel: Kernel,
        bandwidth: f64,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<Self> {
        const PIECE: usize = 256;
        let masses = workers
            .map_ranges(self.x.len(), PIECE, |range| {
                range
                    .map(|i| mass_inside(kernel, bandwidth, area, self.x[i], self.y[i]))
                    .collect::<Vec<f64>>()
            })?
            .concat();
        let enough: Vec<bool> = masses.iter().map(|m| *m >= Edge::LEAST_MASS).collect();
        let weights = masses
            .iter()
            .enumerate()
            .map(|(i, mass)| self.weights.as_deref().map_or(1.0, |w| w[i]) / mass);
        let weights = Some(weights.collect());
        Ok(Self { weights, ..self }.keep(&enough, LeftOut::TooLittleMass))
    }

    fn keep(self, wanted: &[bool], why: LeftOut) -> Self {
        let left_out = wanted.iter().filter(|w| !**w).count();
        if left_out == 0 {
            return self;
        }
        let kept = |column: &[f64]| -> Vec<f64> {
            column
                .iter()
                .zip(wanted)
                .filter(|(_, w)| **w)
                .map(|(v, _)| *v)
                .collect()
        };
        let mut warnings = self.warnings;
        warnings.push(why.warning(left_out as f64));
        Self {
            x: kept(&self.x).into(),
            y: kept(&self.y).into(),
            weights: self.weights.map(|w| kept(&w).into()),
            warnings,
        }
    }
}

/// What a sum of kernels at a place is divided by: NaN outside the study area and where too
/// little of it is near, one without a correction at the place.
pub(super) fn divisor(
    edge: Edge,
    kernel: Kernel,
    bandwidth: f64,
    area: &StudyArea,
    x: f64,
    y: f64,
) -> f64 {
    if !area.contains(x, y) {
        return f64::NAN;
    }
    if edge != Edge::Uniform {
        return 1.0;
    }
    let mass = mass_inside(kernel, bandwidth, area, x, y);
    if mass < Edge::LEAST_MASS {
        f64::NAN
    } else {
        mass
    }
}

/// Divides the sums of kernels in all cells.
pub(super) fn divide(
    edge: Edge,
    kernel: Kernel,
    bandwidth: f64,
    area: &StudyArea,
    grid: &Grid,
    values: &mut [f64],
    workers: &Workers,
) -> Result<()> {
    workers.fill(
        values,
        grid.cols(),
        || (),
        |(), row, cells| {
            for (col, value) in cells.iter_mut().enumerate() {
                let (x, y) = grid.centre(row, col);
                *value /= divisor(edge, kernel, bandwidth, area, x, y);
            }
        },
    )
}

/// What the sum of kernels in every cell is divided by; one where there is no study area.
pub(super) fn divisors(
    density: &KernelDensity,
    grid: &Grid,
    workers: &Workers,
) -> Result<Vec<f64>> {
    let mut out = vec![1.0; grid.len()];
    let Some(area) = &density.within else {
        return Ok(out);
    };
    let KernelDensity {
        edge,
        kernel,
        bandwidth,
        ..
    } = *density;
    workers.fill(
        &mut out,
        grid.cols(),
        || (),
        |(), row, cells| {
            for (col, cell) in cells.iter_mut().enumerate() {
                let (x, y) = grid.centre(row, col);
                *cell = divisor(edge, kernel, bandwidth, area, x, y);
            }
        },
    )?;
    Ok(out)
}
