//! Kernel density of incidents.

use std::sync::Arc;

use ndarray::Array2;

use super::adaptive::{Adaptive, AdaptiveDensity};
use super::affordable::afford;
use super::by_row::ByRow;
use super::coarse::Coarse;
use super::edge::{self, Counted, Edge};
use super::fill::Fill;
use super::kernel::Kernel;
use super::surface::Surface;
use crate::error::{Error, Fault, Result};
use crate::index::{StudyArea, require_same_crs};
use crate::model::{Bounds, Crs, Grid, Incidents, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::sum;

/// Where is it dense? Incidents per square kilometre by an exact kernel estimate.
///
/// `λ(u) = Σ_i m_i k_h(u − x_i)` with a [`Kernel`] that integrates to one and weights m (one
/// each without a weight column), so the integral of the surface over the plane is the number of
/// incidents. [`within`](Self::within) a study area, cells with their centre outside it are NaN, and
/// an [`Edge`] correction makes up for what could not be seen beyond it; without a correction,
/// incidents outside the study area count as well.
///
/// Values equal direct summation to 1e-12 of the surface's maximum, are never negative, and are
/// exactly zero where no incident reaches (a Gaussian: where they are below what one incident gives
/// at 8.5 standard deviations). They do not depend on the number of threads. The sum
/// over cells of value times surface differs from the integral by what a sum over cell centres
/// does: with quartic kernels and cells of a twelfth of the bandwidth by less than 1e-4 where no
/// border cuts the kernels, else by up to half a cell along the border.
///
/// # Complexity
/// Epanechnikov, quartic, triweight and uniform: n times the raster rows in reach, plus the
/// cells. Triangular: n times the cells in reach. Gaussian: n times some 900 plus the cells times
/// some 60, or n times the cells in reach where that is less. Incidents on the same coordinates
/// are merged first. A correction adds the edges of the border in reach of each cell (uniform) or
/// incident (Diggle). Memory: 8 bytes per cell and some 90 per incident.
///
/// ```
/// use brandpunt::methods::density::{Kernel, KernelDensity};
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let incidents =
///     Incidents::builder(vec![143_010.0, 143_060.0], vec![486_990.0; 2], Crs::RD_NEW).build()?;
/// let surface =
///     KernelDensity::new(300.0).cell_size(25.0).kernel(Kernel::Quartic).run(&incidents)?;
/// let per_cell = 25.0 * 25.0 / 1e6;
/// assert!((surface.values().sum() * per_cell - 2.0).abs() < 0.01);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct KernelDensity {
    pub(super) bandwidth: f64,
    cell_size: f64,
    pub(super) kernel: Kernel,
    extent: Option<Bounds>,
    pub(super) within: Option<Arc<StudyArea>>,
    pub(super) edge: Edge,
    most_bytes: u128,
}

impl KernelDensity {
    /// A quartic kernel of this bandwidth in metres, on cells of a twelfth of it.
    #[must_use]
    pub fn new(bandwidth: f64) -> Self {
        Self {
            bandwidth,
            cell_size: bandwidth / 12.0,
            kernel: Kernel::Quartic,
            extent: None,
            within: None,
            edge: Edge::None,
            most_bytes: 4 << 30,
        }
    }

    /// Sets the side of a cell in metres.
    #[must_use]
    pub fn cell_size(mut self, cell_size: f64) -> Self {
        self.cell_size = cell_size;
        self
    }

    /// Sets the kernel.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the rectangle to cover; at first the study area, and without one all incidents and as
    /// far as they reach (for the Gaussian, four bandwidths).
    #[must_use]
    pub fn extent(mut self, extent: Bounds) -> Self {
        self.extent = Some(extent);
        self
    }

    /// Sets the study area; outside it the density is NaN.
    #[must_use]
    pub fn within(mut self, area: impl Into<Arc<StudyArea>>) -> Self {
        self.within = Some(area.into());
        self
    }

    /// Sets the correction at the edge of the study area (none at first).
    #[must_use]
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edge = edge;
        self
    }

    /// The same with a bandwidth for each incident.
    #[must_use]
    pub fn adaptive(self, rule: Adaptive) -> AdaptiveDensity {
        AdaptiveDensity::new(self, rule)
    }

    /// Sets the memory that the surface may take (4 GiB at first).
    #[must_use]
    pub fn most_bytes(mut self, most_bytes: u128) -> Self {
        self.most_bytes = most_bytes;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<Surface> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Error::Parameter`] for a bandwidth or cell size that is not
    /// positive and finite and for a correction without a study area, [`Fault::CrsMismatch`] for a
    /// study area in another system, [`Error::TooLarge`] for a surface above the memory limit,
    /// [`Fault::NoRows`] for no incident, study area or extent, [`Error::Cancelled`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<Surface> {
        let weights = incidents.weights();
        self.run_columns(
            incidents.x(),
            incidents.y(),
            weights,
            incidents.crs(),
            workers,
        )
    }

    /// Runs on plain columns of finite coordinates, such as those of a subset of incidents.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run_columns(
        &self,
        x: &[f64],
        y: &[f64],
        weights: Option<&[f64]>,
        crs: Crs,
        workers: &Workers,
    ) -> Result<Surface> {
        self.check(crs)?;
        let extent = self.covered(x, y, self.bandwidth)?;
        let grid = self.grid(extent, 1, crs)?;
        let counted = self.counted(x, y, weights, workers)?;
        self.surface(&counted, None, &grid, workers)
    }

    /// The surface of incidents on a raster; `sorted` are the same, if they are sorted already.
    pub(super) fn surface(
        &self,
        counted: &Counted<'_>,
        sorted: Option<&ByRow>,
        grid: &Grid,
        workers: &Workers,
    ) -> Result<Surface> {
        let mut values = vec![0.0; grid.len()];
        let (from, to) = self.share();
        let kernels = workers.telling("density", from..to);
        self.fill(counted, sorted, grid, &mut values, &kernels)?;
        if let Some(area) = &self.within {
            edge::divide(
                self.edge,
                self.kernel,
                self.bandwidth,
                area,
                grid,
                &mut values,
                &workers.telling("edge", to..1.0),
            )?;
        }
        let values = Array2::from_shape_vec((grid.rows(), grid.cols()), values)
            .map_err(|e| Error::internal(e.to_string()))?;
        let warnings = counted.warnings.iter().cloned();
        let warnings = warnings.chain(self.warning(&grid.bounds()));
        let surface = Surface::new(grid.clone(), values, self.kernel, self.bandwidth)?;
        Ok(warnings.fold(surface.with_edge(self.edge), Surface::with_warning))
    }

    /// Incidents per square kilometre at given points, by direct summation; NaN outside the study
    /// area.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn at(&self, incidents: &Incidents, points: &[(f64, f64)]) -> Result<Vec<f64>> {
        self.check(incidents.crs())?;
        let workers = Workers::new(1)?;
        let counted = self.counted(incidents.x(), incidents.y(), incidents.weights(), &workers)?;
        let per_km2 = 1e6 * self.kernel.peak() / (self.bandwidth * self.bandwidth);
        let density = |&(u, v): &(f64, f64)| {
            let all = counted.x.iter().zip(&*counted.y).enumerate();
            let sum = sum(all.map(|(i, (x, y))| {
                let (dx, dy) = ((u - x) / self.bandwidth, (v - y) / self.bandwidth);
                counted.weights.as_ref().map_or(1.0, |w| w[i])
                    * self.kernel.shape(dx * dx + dy * dy)
            }));
            let divisor = self.within.as_ref().map_or(1.0, |area| {
                edge::divisor(self.edge, self.kernel, self.bandwidth, area, u, v)
            });
            per_km2 * sum / divisor
        };
        Ok(points.iter().map(density).collect())
    }

    /// The incidents that count, each with the weight it counts by.
    pub(super) fn counted<'a>(
        &self,
        x: &'a [f64],
        y: &'a [f64],
        weights: Option<&'a [f64]>,
        workers: &Workers,
    ) -> Result<Counted<'a>> {
        let all = Counted::all(x, y, weights);
        match (&self.within, self.edge) {
            (Some(area), Edge::Uniform) => Ok(all.inside(area)),
            (Some(area), Edge::Diggle) => {
                let workers = workers.telling("edge", 0.0..self.share().0);
                all.inside(area)
                    .over_own_mass(self.kernel, self.bandwidth, area, &workers)
            }
            _ => Ok(all),
        }
    }

    /// Where adding up the kernels begins and ends in the whole of the work; measured roughly.
    pub(super) fn share(&self) -> (f64, f64) {
        match (&self.within, self.edge) {
            (Some(_), Edge::Diggle) => (0.7, 0.9),
            (Some(_), Edge::Uniform) => (0.0, 0.2),
            (Some(_), Edge::None) => (0.0, 0.9),
            (None, _) => (0.0, 1.0),
        }
    }

    /// Fills the raster with incidents per square kilometre.
    fn fill(
        &self,
        counted: &Counted<'_>,
        sorted: Option<&ByRow>,
        grid: &Grid,
        values: &mut [f64],
        workers: &Workers,
    ) -> Result<()> {
        let radius = self.radius(grid);
        let peak = 1e6 * self.kernel.peak() / (self.bandwidth * self.bandwidth);
        if self.kernel == Kernel::Gaussian && Coarse::is_cheaper(counted.x.len(), radius, grid) {
            let first = workers.telling("density", 0.0..0.5);
            let coarse = Coarse::spread(counted.columns(), self.bandwidth, Some(grid), &first)?;
            if let Some(coarse) = coarse {
                return coarse.fill(grid, peak, values, &workers.telling("density", 0.5..1.0));
            }
        }
        let own;
        let incidents = if let Some(sorted) = sorted {
            sorted
        } else {
            let first = workers.telling("density", 0.0..0.2);
            own = ByRow::new(counted.columns(), grid, radius, &first)?;
            &own
        };
        let last = workers.telling("density", 0.2..1.0);
        Fill::same(incidents, self.kernel, radius, peak, grid.cols()).add_to(values, &last)
    }

    /// How far a kernel reaches, in cells.
    pub(super) fn radius(&self, grid: &Grid) -> f64 {
        self.kernel.reach() * self.bandwidth / grid.cell_size()
    }

    /// The rectangle to cover when the widest kernel has this bandwidth.
    pub(super) fn covered(&self, x: &[f64], y: &[f64], bandwidth: f64) -> Result<Bounds> {
        if let Some(extent) = self.extent {
            return Ok(extent);
        }
        if let Some(area) = &self.within {
            return Ok(area.bounds());
        }
        Bounds::around(x.iter().copied().zip(y.iter().copied()))
            .map(|b| b.grown(self.margin(bandwidth)))
            .ok_or_else(|| {
                Error::input(
                    Fault::NoRows,
                    "no incident to take a density of; give an extent",
                )
            })
    }

    /// How far around all incidents the rectangle reaches that is covered when none is given.
    fn margin(&self, bandwidth: f64) -> f64 {
        bandwidth * self.kernel.reach().min(4.0)
    }

    /// The raster of so many surfaces, refused when they would take too much memory.
    pub(super) fn grid(&self, extent: Bounds, surfaces: usize, crs: Crs) -> Result<Grid> {
        let grid = Grid::covering(extent, self.cell_size, crs)?;
        let bytes = 8 * surfaces as u128;
        afford("a density surface", &grid, bytes, self.most_bytes, None)?;
        Ok(grid)
    }

    pub(super) fn check(&self, crs: Crs) -> Result<()> {
        crs.require_metres()?;
        match &self.within {
            Some(area) => require_same_crs(crs, area.crs())?,
            None if self.edge != Edge::None => {
                return Err(Error::parameter(
                    "edge",
                    self.edge.name(),
                    "none, or a study area to correct at the edge of; give `within`",
                ));
            }
            None => {}
        }
        if self.bandwidth.is_finite() && self.bandwidth > 0.0 {
            return Ok(());
        }
        Err(Error::parameter(
            "bandwidth",
            self.bandwidth,
            "a positive number of metres",
        ))
    }

    pub(super) fn warning(&self, extent: &Bounds) -> Option<Warning> {
        let size = extent.width().max(extent.height());
        // Where nothing says how far the map goes, it goes as far as the incidents do.
        let size = if self.extent.is_none() && self.within.is_none() {
            size - 2.0 * self.margin(self.bandwidth)
        } else {
            size
        };
        let message = if self.bandwidth < self.cell_size {
            format!(
                "The bandwidth ({} m) is smaller than a cell ({} m): incidents between cell \
                 centres are lost from sight. Use smaller cells.",
                self.bandwidth, self.cell_size
            )
        } else if self.bandwidth > size && size > 2.0 * self.cell_size {
            format!(
                "The bandwidth ({} m) is larger than the map ({size:.0} m).",
                self.bandwidth
            )
        } else {
            return None;
        };
        Some(Warning::with_value(
            WarningCode::Bandwidth,
            self.bandwidth,
            message,
        ))
    }
}

#[cfg(test)]
mod tests;
