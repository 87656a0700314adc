//! A map of relative risk.

use ndarray::Array2;

use super::super::adaptive::Adaptive;
use super::super::edge::Edge;
use super::super::kernel::Kernel;
use super::tolerance::Tolerance;
use crate::error::{Error, Result};
use crate::model::{Grid, Warning};

/// Why a cell of a map of relative risk has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unmapped {
    /// Its centre lies outside the study area.
    Outside,
    /// Less than a twentieth of its kernel lies inside the study area.
    Edge,
    /// The density of controls is below the floor.
    Floor,
}

impl Unmapped {
    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Edge => "edge",
            Self::Floor => "floor",
        }
    }
}

/// How much more frequent cases are among controls here than they are on the whole, at the centres
/// of square cells, row 0 in the north.
///
/// All columns are rows by columns of the grid, and NaN where there is a [`reason`](Self::reason).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RiskSurface {
    /// The cells.
    pub grid: Grid,
    /// Natural logarithm of the ratio of the two densities; cases below the floor count as at it.
    pub log_ratio: Array2<f64>,
    /// The ratio of the two densities: 1 where cases are as frequent as on the whole.
    pub ratio: Array2<f64>,
    /// The log ratio over its standard deviation where risk is equal.
    pub z: Array2<f64>,
    /// Two-sided p-value: twice the lesser of the two below, at most 1.
    pub p: Array2<f64>,
    /// Chance of a ratio at least as large.
    pub p_greater: Array2<f64>,
    /// Chance of a ratio at most as large.
    pub p_less: Array2<f64>,
    /// `p` corrected for the number of cells.
    pub q: Array2<f64>,
    /// Chance that some cell of the map stands out, up or down, as far as this one; only from
    /// [`Tolerance::MonteCarlo`].
    pub p_max: Option<Array2<f64>>,
    /// Why a cell has no value.
    pub reason: Array2<Option<Unmapped>>,
    /// The kernel.
    pub kernel: Kernel,
    /// The bandwidth in metres.
    pub bandwidth: f64,
    /// The correction at the edge of the study area.
    pub edge: Edge,
    /// The rule by which the bandwidth differs from place to place, `None` when it does not.
    pub adaptive: Option<Adaptive>,
    /// Least density of controls, and least of cases that a logarithm is taken of, as a share of
    /// each set per square kilometre.
    pub floor: f64,
    /// How the p-values came about.
    pub tolerance: Tolerance,
    /// Number of cells that have a p-value.
    pub tests: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl RiskSurface {
    /// The log ratio in the cell that holds a point, NaN outside.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let cell = self.grid.cell_of(x, y);
        cell.map_or(f64::NAN, |cell| self.log_ratio[cell])
    }
}

/// A column as a table of rows and columns.
pub(super) fn table<T>(grid: &Grid, column: Vec<T>) -> Result<Array2<T>> {
    Array2::from_shape_vec((grid.rows(), grid.cols()), column)
        .map_err(|e| Error::internal(e.to_string()))
}
