//! A raster of densities.

use std::ops::Add;

use ndarray::Array2;

use super::adaptive::Adaptive;
use super::edge::Edge;
use super::kernel::Kernel;
use crate::error::{Error, Fault, Result};
use crate::model::{Grid, Warning};

/// Incidents per square kilometre at the centres of square cells, row 0 in the north; NaN outside a
/// study area.
///
/// Surfaces of parts of the incidents on one grid add up with `+`.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    grid: Grid,
    values: Array2<f64>,
    kernel: Kernel,
    bandwidth: f64,
    edge: Edge,
    adaptive: Option<Adaptive>,
    warnings: Vec<Warning>,
}

impl Surface {
    /// A surface from its values, rows by columns.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] when the values do not fit the grid.
    pub fn new(grid: Grid, values: Array2<f64>, kernel: Kernel, bandwidth: f64) -> Result<Self> {
        if values.dim() != (grid.rows(), grid.cols()) {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} by {} values for a grid of {} by {}",
                    values.nrows(),
                    values.ncols(),
                    grid.rows(),
                    grid.cols()
                ),
            ));
        }
        Ok(Self {
            grid,
            values,
            kernel,
            bandwidth,
            edge: Edge::None,
            adaptive: None,
            warnings: Vec::new(),
        })
    }

    /// The cells.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Incidents per square kilometre, rows by columns.
    #[must_use]
    pub fn values(&self) -> &Array2<f64> {
        &self.values
    }

    /// The kernel.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// The bandwidth in metres.
    #[must_use]
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// Sets the correction that was made at the edge of a study area.
    #[must_use]
    pub fn with_edge(mut self, edge: Edge) -> Self {
        self.edge = edge;
        self
    }

    /// The correction made at the edge of a study area.
    #[must_use]
    pub fn edge(&self) -> Edge {
        self.edge
    }

    /// Sets the rule by which the bandwidth differs from incident to incident.
    #[must_use]
    pub fn with_adaptive(mut self, rule: Option<Adaptive>) -> Self {
        self.adaptive = rule;
        self
    }

    /// The rule by which the bandwidth differs from incident to incident, `None` when it does not.
    #[must_use]
    pub fn adaptive(&self) -> Option<Adaptive> {
        self.adaptive
    }

    /// Adds a warning about the surface.
    #[must_use]
    pub fn with_warning(mut self, warning: Warning) -> Self {
        self.warnings.push(warning);
        self
    }

    /// What a reader must know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The value of the cell that holds a point, NaN outside.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        self.grid
            .cell_of(x, y)
            .map_or(f64::NAN, |cell| self.values[cell])
    }

    /// The greatest value.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }
}

impl Add for Surface {
    type Output = Result<Self>;

    /// Adds two surfaces on the same grid, kernel, bandwidth and edge correction. With adaptive
    /// bandwidths, which come from all incidents together, there is no sum.
    fn add(self, other: Self) -> Result<Self> {
        if self.adaptive.is_some() || other.adaptive.is_some() {
            return Err(Error::input(
                Fault::AreaMismatch,
                "surfaces with adaptive bandwidths cannot be added; take all incidents at once",
            ));
        }
        let made = |s: &Self| (s.kernel, s.bandwidth, s.edge);
        if self.grid != other.grid || made(&self) != made(&other) {
            return Err(Error::input(
                Fault::AreaMismatch,
                "surfaces of different grid, kernel, bandwidth or edge correction cannot be added",
            ));
        }
        Ok(Self {
            values: self.values + other.values,
            ..self
        })
    }
}
