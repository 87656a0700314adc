//! A raster of densities.

use ndarray::Array2;

use super::adaptive::Adaptive;
#[cfg(feature = "raster")]
use super::classes::DensityClasses;
use super::edge::Edge;
use super::kernel::Kernel;
use crate::error::{Error, Fault, Result};
#[cfg(feature = "raster")]
use crate::io::{Band, write_geotiff};
use crate::model::{Grid, Warning};

/// Incidents per square kilometre at the centres of square cells, row 0 in the north; NaN outside a
/// study area.
///
/// Surfaces of parts of the incidents on one grid add up with `+`, in whatever order to the same
/// bytes.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Surface {
    pub(super) grid: Grid,
    pub(super) values: Array2<f64>,
    pub(super) remainder: Vec<Array2<f64>>,
    pub(super) kernel: Kernel,
    pub(super) bandwidth: f64,
    pub(super) edge: Edge,
    pub(super) adaptive: Option<Adaptive>,
    pub(super) warnings: Vec<Warning>,
}

impl Surface {
    /// A surface from its values, rows by columns.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] when the values do not fit the grid.
    pub fn new(grid: Grid, values: Array2<f64>, kernel: Kernel, bandwidth: f64) -> Result<Self> {
        fits(&grid, &values)?;
        Ok(Self {
            grid,
            values,
            remainder: Vec::new(),
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

    /// What rounding left out of the values of a sum of surfaces, greatest first: values and
    /// remainders together are the sum without any rounding. Empty for a surface that is no sum.
    #[must_use]
    pub fn remainder(&self) -> &[Array2<f64>] {
        &self.remainder
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

    /// Writes the surface as a [GeoTIFF](crate::io::write_geotiff) with its unit; NaN stands for no
    /// density.
    ///
    /// # Errors
    /// As [`write_geotiff`](crate::io::write_geotiff).
    #[cfg(feature = "raster")]
    pub fn write_geotiff(&self, path: impl AsRef<std::path::Path>) -> Result<()> {
        let values: Vec<f64> = self.values.iter().copied().collect();
        let description = format!(
            "density, {} kernel, bandwidth {} m",
            self.kernel.name(),
            self.bandwidth
        );
        let band = Band::new(&description, DensityClasses::UNIT);
        write_geotiff(path, &self.grid, &values, &band)
    }

    /// The greatest value.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }
}

fn fits(grid: &Grid, values: &Array2<f64>) -> Result<()> {
    if values.dim() == (grid.rows(), grid.cols()) {
        return Ok(());
    }
    Err(Error::input(
        Fault::LengthMismatch,
        format!(
            "{} by {} values for a grid of {} by {}",
            values.nrows(),
            values.ncols(),
            grid.rows(),
            grid.cols()
        ),
    ))
}
