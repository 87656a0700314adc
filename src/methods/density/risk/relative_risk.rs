//! The ratio of two densities.

use std::sync::Arc;

use super::super::adaptive::{Adaptive, AdaptiveDensity};
use super::super::affordable::afford;
use super::super::edge::{self, Edge};
use super::super::estimate::KernelDensity;
use super::super::kernel::Kernel;
use super::map::Map;
use super::pool::Pool;
use super::relabelled::{DENSITIES, Drawn, TOGETHER, Yardstick, simulate};
use super::risk_surface::{RiskSurface, table};
use super::smoother::Smoother;
use super::tolerance::Tolerance;
use crate::error::{Error, Fault, Result};
use crate::index::StudyArea;
use crate::memory::afford_replicates;
use crate::model::{Bounds, Incidents};
use crate::parallel::Workers;
use crate::stats::{Correction, normal_tails};

/// Columns of a map that exist at the same time.
const COLUMNS: u128 = 20;

/// Where is one kind of incident (cases) more frequent among another (controls) than elsewhere?
///
/// `ρ(u) = log f(u) − log g(u)`, with f and g the kernel densities of cases and controls, each
/// divided by its own number, so that ρ is 0 everywhere if both spread alike, however many there
/// are. Both use the same bandwidth, kernel and edge correction; with
/// [`adaptive`](Self::adaptive) bandwidths each place has one bandwidth, found from both sets
/// together (the symmetric choice).
///
/// # What chance means
/// Without weights, controls are a sample like the cases, and chance deals anew which of all
/// incidents are the cases. Controls with weights are people: the weight says how many live there,
/// they are all there are, and chance lets every case happen to one of them, each as likely as
/// another. Weights of cases are kept by the cases.
///
/// [`Tolerance::Asymptotic`] compares `z = ρ / s` with a normal distribution. With one bandwidth
/// h, without a correction or with [`Edge::Uniform`],
/// `s² = c R(u) / (h² p(u))`, `R(u) = ∫k² · q₂(u) / q(u)²`: p is the density of all, q the mass
/// inside the study area of the kernel at u and q₂ that of its square, scaled to one. For a
/// Gaussian, q₂ is q with h/√2 and `∫k² = 1/4π`; for the other kernels see
/// [`Kernel::roughness`]. c is `1/n₁ + 1/n₂`, with people `1/n₁`; for weights, n is
/// `(Σ w)² / Σ w²`. With adaptive bandwidths, or [`Edge::Diggle`], where this does not hold, s² is
/// the variance over all ways to deal the labels, `c N/(N − 1) (Σ k_i² / (N p²) − 1)`, with `k_i` the
/// kernel of incident i at u and N the number of both.
///
/// [`Tolerance::MonteCarlo`] simulates chance and counts, for each cell, the maps with at least as
/// much, and at most as much, of the cases; that order is the order of ρ. It also gives the chance
/// that the whole map holds anything as unusual (`p_max`), by the greatest `|f − g| / (p s)`.
///
/// # Where nothing can be said
/// Cells outside the study area, cells with less than a twentieth of their kernel inside, and
/// cells where g is below the [`floor`](Self::floor) have no value but a reason. Where f is below
/// the floor, ρ is that of the floor, so no logarithm of zero is taken; the ratio f/g stays as it
/// is.
///
/// # Complexity
/// Three times that of [`KernelDensity`]; a simulated map costs one density of the smaller set.
/// Adaptive bandwidths and [`Edge::Diggle`] add places times cells in reach.
///
/// Source: Kelsall and Diggle 1995, Statistics in Medicine 14:2335, doi:10.1002/sim.4780142106;
/// Hazelton and Davies 2009, Biometrical Journal 51:98, doi:10.1002/bimj.200810495; Davies,
/// Marshall and Hazelton 2018, Statistics in Medicine 37:1191, doi:10.1002/sim.7577.
///
/// ```
/// use brandpunt::methods::density::RelativeRisk;
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let set = |x: Vec<f64>| {
///     let y = vec![487_000.0; x.len()];
///     Incidents::builder(x, y, Crs::RD_NEW).build()
/// };
/// // Both kinds in the west, one kind alone in the east.
/// let cases = set(vec![143_000.0, 143_100.0, 143_200.0])?;
/// let controls = set(vec![143_000.0, 143_100.0, 143_200.0, 145_000.0, 145_100.0, 145_200.0])?;
/// let risk = RelativeRisk::new(500.0).cell_size(50.0).run(&cases, &controls)?;
/// assert!((risk.at(143_100.0, 487_000.0) - 2.0f64.ln()).abs() < 1e-12);
/// assert!(risk.at(145_100.0, 487_000.0) < 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RelativeRisk {
    density: KernelDensity,
    edge: Option<Edge>,
    adaptive: Option<Adaptive>,
    floor: Option<f64>,
    tolerance: Tolerance,
    correction: Correction,
    seed: u64,
    most_bytes: u128,
}

impl RelativeRisk {
    /// Quartic kernels of this bandwidth in metres on cells of a twelfth of it, asymptotic
    /// tolerance and false-discovery control.
    #[must_use]
    pub fn new(bandwidth: f64) -> Self {
        Self {
            density: KernelDensity::new(bandwidth),
            edge: None,
            adaptive: None,
            floor: None,
            tolerance: Tolerance::Asymptotic,
            correction: Correction::Fdr,
            seed: 0,
            most_bytes: 4 << 30,
        }
    }

    /// Sets the side of a cell in metres.
    #[must_use]
    pub fn cell_size(mut self, cell_size: f64) -> Self {
        self.density = self.density.cell_size(cell_size);
        self
    }

    /// Sets the kernel.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.density = self.density.kernel(kernel);
        self
    }

    /// Sets the rectangle to cover; at first the study area, and without one both sets and as far
    /// as they reach.
    #[must_use]
    pub fn extent(mut self, extent: Bounds) -> Self {
        self.density = self.density.extent(extent);
        self
    }

    /// Sets the study area.
    #[must_use]
    pub fn within(mut self, area: impl Into<Arc<StudyArea>>) -> Self {
        self.density = self.density.within(area);
        self
    }

    /// Sets the correction at the edge of the study area; at first [`Edge::Uniform`] where there
    /// is one, [`Edge::Diggle`] with adaptive bandwidths.
    #[must_use]
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edge = Some(edge);
        self
    }

    /// Sets a bandwidth for each place, by both sets together.
    #[must_use]
    pub fn adaptive(mut self, rule: Adaptive) -> Self {
        self.adaptive = Some(rule);
        self
    }

    /// Sets the least density of controls that is divided by, as a share of them per square
    /// kilometre; at first that of a single incident at its own place, were the smaller set all
    /// there is.
    #[must_use]
    pub fn floor(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self
    }

    /// Sets how p-values come about.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets the correction for many cells.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.correction = correction;
        self
    }

    /// Sets the seed of the simulation.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the memory that the map may take (4 GiB at first).
    #[must_use]
    pub fn most_bytes(mut self, most_bytes: u128) -> Self {
        self.most_bytes = most_bytes;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, cases: &Incidents, controls: &Incidents) -> Result<RiskSurface> {
        self.run_with(cases, controls, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`KernelDensity::run_with`] and [`AdaptiveDensity::run_with`];
    /// [`Fault::CrsMismatch`] for two sets in different systems, [`Fault::NoRows`] for no case or
    /// no control inside the study area, [`Error::Parameter`] for a floor that is not positive and
    /// finite, for no replicates, and for a simulation with weights of cases among controls
    /// without.
    pub fn run_with(
        &self,
        cases: &Incidents,
        controls: &Incidents,
        workers: &Workers,
    ) -> Result<RiskSurface> {
        let density = self.checked(cases, controls)?;
        let (maps, done) = match self.tolerance {
            Tolerance::Asymptotic => (0, 1.0),
            Tolerance::MonteCarlo { .. } => (TOGETHER as u128, DENSITIES),
        };
        let first = workers.telling("densities", 0.0..done);
        let bandwidths = first.telling("bandwidths", 0.0..0.2);
        let pool = Pool::new(&density, self.adaptive, cases, controls, &bandwidths)?;
        let extent = density.covered(&pool.x, &pool.y, pool.widest())?;
        let grid = density.grid(extent, 1, cases.crs())?;
        let bytes = 8 * (COLUMNS + maps);
        let instead = Some("allow more with `most_bytes`");
        afford(
            "a map of relative risk",
            &grid,
            bytes,
            self.most_bytes,
            instead,
        )?;
        let smoother = Smoother::new(&pool, &grid, &density, self.adaptive.is_some());
        let divisors = edge::divisors(&density, &grid, &first.telling("edge", 0.2..0.3))?;
        let both = first.telling("densities", 0.3..1.0);
        let map = Map::new(&pool, &smoother, self.floor, &divisors, &both)?;
        workers.job().report("densities", done);
        let z = map.z();
        let (less, greater, p_max) = match self.tolerance {
            Tolerance::Asymptotic => {
                let (less, greater) = z.iter().map(|z| normal_tails(*z)).unzip();
                (less, greater, None)
            }
            Tolerance::MonteCarlo { replicates } => {
                let drawn = Drawn::new(&pool)?;
                let observed = smoother.surface(&drawn.observed(), &workers.unheard())?;
                let (expected, unit) = map.of_drawn(&pool, drawn.controls);
                let yardstick = Yardstick {
                    observed: &observed,
                    expected: &expected,
                    unit: &unit,
                };
                let draws = (replicates, self.seed);
                let chance = simulate(&drawn, &smoother, &yardstick, draws, workers)?;
                // Many controls are few cases.
                let (less, greater) = if drawn.controls {
                    (chance.greater, chance.less)
                } else {
                    (chance.less, chance.greater)
                };
                (less, greater, Some(chance.most))
            }
        };
        let (less, greater) = (map.masked(less), map.masked(greater));
        let both = |(l, g): (&f64, &f64)| (2.0 * l.min(*g)).min(1.0);
        let p: Vec<f64> = map.masked(less.iter().zip(&greater).map(both).collect());
        let q = self.correction.apply(&p);
        let tests = p.iter().filter(|p| !p.is_nan()).count();
        let warnings = pool.warnings.iter().cloned();
        let warnings = warnings
            .chain(density.warning(&extent))
            .chain(map.warnings(&pool, self.tolerance))
            .chain(self.tolerance.resolution_warning(self.correction, tests));
        Ok(RiskSurface {
            warnings: warnings.collect(),
            log_ratio: table(&grid, map.log_ratio())?,
            ratio: table(&grid, map.ratio())?,
            z: table(&grid, z)?,
            p: table(&grid, p)?,
            p_greater: table(&grid, greater)?,
            p_less: table(&grid, less)?,
            q: table(&grid, q)?,
            p_max: p_max
                .map(|most| table(&grid, map.masked(most)))
                .transpose()?,
            floor: map.floor,
            reason: table(&grid, map.reason)?,
            kernel: density.kernel,
            bandwidth: density.bandwidth,
            edge: density.edge,
            adaptive: self.adaptive,
            tolerance: self.tolerance,
            tests,
            grid,
        })
    }

    /// The density of either set, after a look at everything that does not need the incidents.
    fn checked(&self, cases: &Incidents, controls: &Incidents) -> Result<KernelDensity> {
        let edge = self
            .edge
            .unwrap_or(match (&self.density.within, self.adaptive) {
                (None, _) => Edge::None,
                (Some(_), None) => Edge::Uniform,
                (Some(_), Some(_)) => Edge::Diggle,
            });
        let density = self.density.clone().edge(edge).most_bytes(self.most_bytes);
        match self.adaptive {
            None => density.check(cases.crs())?,
            Some(rule) => AdaptiveDensity::new(density.clone(), rule).check(cases)?,
        }
        if cases.crs() != controls.crs() {
            return Err(Error::input(
                Fault::CrsMismatch,
                format!(
                    "the cases are in {} and the controls in {}; convert one of them, for example \
                     with controls.to_crs(cases.crs)",
                    cases.crs(),
                    controls.crs()
                ),
            ));
        }
        if let Some(floor) = self.floor.filter(|f| !(f.is_finite() && *f > 0.0)) {
            return Err(Error::parameter(
                "floor",
                floor,
                "a positive share of the controls per square kilometre",
            ));
        }
        if let Tolerance::MonteCarlo { replicates } = self.tolerance {
            afford_replicates("permutations", replicates, 1)?;
        }
        Ok(density)
    }
}
