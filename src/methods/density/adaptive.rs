//! Kernels that are narrow where incidents are many and wide where they are few.

use ndarray::Array2;

use super::edge::{self, Counted, Edge};
use super::estimate::KernelDensity;
use super::mass::mass_inside;
use super::places::Places;
use super::spread::Spread;
use super::surface::Surface;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::sum;

/// Places that one unit of work looks around from.
const PIECE: usize = 64;

/// How the bandwidth differs from incident to incident.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Adaptive {
    /// By the density itself: `h_i = h · min(b_i / γ, trim)`, where `b_i = f̃(x_i)^(−1/2)`, f̃ is a
    /// density with the fixed bandwidth `pilot` and γ the geometric mean of the b. Bandwidths are
    /// thus around h. Near the edge of a corrected study area, f̃ is corrected at the incident.
    ///
    /// Source: Abramson 1982, Annals of Statistics 10:1217, doi:10.1214/aos/1176345986; Davies,
    /// Marshall and Hazelton 2018, Statistics in Medicine 37:1191, doi:10.1002/sim.7577.
    Abramson {
        /// Bandwidth of the pilot in metres.
        pilot: f64,
        /// Greatest bandwidth, in units of h; 5 is usual.
        trim: f64,
    },
    /// By the distance to the k-th nearest other incident, but at least h. Incidents on one
    /// address are each other's nearest; weights do not count.
    ///
    /// Source: Loftsgaarden and Quesenberry 1965, Annals of Mathematical Statistics 36:1049,
    /// doi:10.1214/aoms/1177700079; Breiman, Meisel and Purcell 1977, Technometrics 19:135,
    /// doi:10.1080/00401706.1977.10489521.
    Nearest {
        /// Which neighbour, from 1.
        k: usize,
    },
}

/// Where is it dense, with a bandwidth for each incident?
///
/// `λ(u) = Σ_i m_i k_{h_i}(u − x_i) / q_i`, where q is the mass of the incident's own kernel inside
/// the study area with [`Edge::Diggle`] and one without a correction; [`Edge::Uniform`] is not
/// defined here. Exact: cells hold direct sums, whatever the number of threads.
///
/// # Complexity
/// Places times the cells in reach of each, and, for the bandwidths, the places in reach of each
/// pilot, or k log n.
///
/// ```
/// use brandpunt::methods::density::{Adaptive, KernelDensity};
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let x = vec![143_010.0, 143_060.0, 143_080.0, 145_000.0];
/// let incidents = Incidents::builder(x, vec![486_990.0; 4], Crs::RD_NEW).build()?;
/// let rule = Adaptive::Abramson { pilot: 300.0, trim: 5.0 };
/// let density = KernelDensity::new(300.0).adaptive(rule);
/// let h = density.bandwidths(&incidents)?;
/// assert!(h[3] > h[0], "the lonely incident spreads wider");
/// let surface = density.run(&incidents)?;
/// assert_eq!(surface.adaptive(), Some(rule));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AdaptiveDensity {
    base: KernelDensity,
    rule: Adaptive,
}

impl AdaptiveDensity {
    pub(super) fn new(base: KernelDensity, rule: Adaptive) -> Self {
        Self { base, rule }
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
    /// As [`KernelDensity::run_with`]; [`Error::Parameter`] for a pilot, trim or k that makes no
    /// sense, for fewer incidents than neighbours and for [`Edge::Uniform`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<Surface> {
        self.check(incidents)?;
        let counted = self.counted(incidents);
        let places = workers.telling("bandwidths", 0.0..0.6);
        let (spread, left_out) = self.spread(&counted, &places)?;
        let widest = spread.widest().max(self.base.bandwidth);
        let extent = self.base.covered(&counted.x, &counted.y, widest)?;
        let grid = self.base.grid(extent, 1, incidents.crs())?;
        let mut values = vec![0.0; grid.len()];
        let last = if self.base.within.is_some() { 0.9 } else { 1.0 };
        spread.fill(&grid, &mut values, &workers.telling("density", 0.6..last))?;
        let (kernel, bandwidth, edge) = (self.base.kernel, self.base.bandwidth, self.base.edge);
        if let Some(area) = &self.base.within {
            let workers = workers.telling("edge", last..1.0);
            edge::divide(edge, kernel, bandwidth, area, &grid, &mut values, &workers)?;
        }
        let values = Array2::from_shape_vec((grid.rows(), grid.cols()), values)
            .map_err(|e| Error::internal(e.to_string()))?;
        let surface = Surface::new(grid, values, kernel, bandwidth)?
            .with_edge(edge)
            .with_adaptive(Some(self.rule));
        let warnings = counted.warnings.into_iter().chain(left_out);
        Ok(warnings
            .chain(self.base.warning(&extent))
            .fold(surface, Surface::with_warning))
    }

    /// Incidents per square kilometre at given points, by direct summation; NaN outside the study
    /// area.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn at(&self, incidents: &Incidents, points: &[(f64, f64)]) -> Result<Vec<f64>> {
        self.check(incidents)?;
        let (spread, _) = self.spread(&self.counted(incidents), &Workers::new(1)?)?;
        let inside = |u, v| {
            self.base
                .within
                .as_ref()
                .is_none_or(|area| area.contains(u, v))
        };
        let density = |&(u, v): &(f64, f64)| {
            if inside(u, v) {
                spread.at(u, v)
            } else {
                f64::NAN
            }
        };
        Ok(points.iter().map(density).collect())
    }

    /// The bandwidth of each incident in metres; NaN for one that is left out.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn bandwidths(&self, incidents: &Incidents) -> Result<Vec<f64>> {
        self.check(incidents)?;
        let counted = self.counted(incidents);
        let index = IncidentIndex::from_xy(&counted.x, &counted.y)?;
        let places = Places::of(&index, counted.weights.as_deref());
        let of_places = self.of_places(&places, &index, &Workers::new(1)?)?;
        let mut of_counted = vec![f64::NAN; counted.x.len()];
        for (place, h) in (0u32..).zip(of_places) {
            for &i in index.members(place) {
                of_counted[i as usize] = h;
            }
        }
        let mut next = of_counted.into_iter();
        let corrected = self.corrected();
        let each = incidents.x().iter().zip(incidents.y());
        Ok(each
            .map(|(&x, &y)| {
                let counts = corrected.is_none_or(|area| area.contains(x, y));
                counts.then(|| next.next()).flatten().unwrap_or(f64::NAN)
            })
            .collect())
    }

    /// The study area, when there is a correction at its edge.
    fn corrected(&self) -> Option<&crate::index::StudyArea> {
        let area = self.base.within.as_deref();
        area.filter(|_| self.base.edge == Edge::Diggle)
    }

    fn counted<'a>(&self, incidents: &'a Incidents) -> Counted<'a> {
        let all = Counted::all(incidents.x(), incidents.y(), incidents.weights());
        match self.corrected() {
            Some(area) => all.inside(area),
            None => all,
        }
    }

    /// The places with their masses and bandwidths, and a warning about those left out.
    fn spread(
        &self,
        counted: &Counted<'_>,
        workers: &Workers,
    ) -> Result<(Spread, Option<Warning>)> {
        let index = IncidentIndex::from_xy(&counted.x, &counted.y)?;
        let places = Places::of(&index, counted.weights.as_deref());
        let bandwidths = self.of_places(&places, &index, workers)?;
        let kernel = self.base.kernel;
        let inside = match self.corrected() {
            None => vec![1.0; places.len()],
            Some(area) => workers
                .map_ranges(places.len(), PIECE, |range| {
                    let mass = |i: usize| {
                        let (x, y) = places.at(i);
                        mass_inside(kernel, bandwidths[i], area, x, y)
                    };
                    range.map(mass).collect::<Vec<f64>>()
                })?
                .concat(),
        };
        let counts = |i: &usize| inside[*i] >= Edge::LEAST_MASS && places.mass[*i] > 0.0;
        let kept: Vec<usize> = (0..places.len()).filter(counts).collect();
        let few = (0..places.len())
            .filter(|i| inside[*i] < Edge::LEAST_MASS)
            .count();
        let warning = (few > 0).then(|| {
            Warning::with_value(
                WarningCode::Bandwidth,
                few as f64,
                format!(
                    "{few} places have less than a twentieth of their kernel inside the study \
                     area; their incidents are left out. Use a smaller bandwidth."
                ),
            )
        });
        let spread = Spread {
            kernel,
            x: kept.iter().map(|&i| places.at(i).0).collect(),
            y: kept.iter().map(|&i| places.at(i).1).collect(),
            mass: kept.iter().map(|&i| places.mass[i] / inside[i]).collect(),
            bandwidth: kept.iter().map(|&i| bandwidths[i]).collect(),
        };
        Ok((spread, warning))
    }

    /// The bandwidth of each place.
    pub(super) fn of_places(
        &self,
        places: &Places,
        index: &IncidentIndex,
        workers: &Workers,
    ) -> Result<Vec<f64>> {
        match self.rule {
            Adaptive::Abramson { pilot, trim } => self.abramson(places, pilot, trim, workers),
            Adaptive::Nearest { k } => {
                if k >= index.len() && !index.is_empty() {
                    return Err(Error::parameter(
                        "k",
                        k,
                        format!(
                            "at most {}, one less than there are incidents",
                            index.len() - 1
                        ),
                    ));
                }
                let least = self.base.bandwidth;
                let far = |place: usize| {
                    let (x, y) = index.at(place as u32);
                    // The first of them, at no distance, is the incident itself.
                    let near = index.nearest(x, y, k + 1);
                    near.last()
                        .map_or(least, |(_, distance)| distance.max(least))
                };
                workers.map(places.len(), far)
            }
        }
    }

    fn abramson(
        &self,
        places: &Places,
        pilot: f64,
        trim: f64,
        workers: &Workers,
    ) -> Result<Vec<f64>> {
        let kernel = self.base.kernel;
        let logarithms = workers
            .map_ranges(places.len(), PIECE, |range| {
                let half_log = |i: usize| {
                    let mut around = places.mass[i];
                    places.others(i, kernel.reach() * pilot, |j, squared| {
                        around += places.mass[j] * kernel.shape(squared / (pilot * pilot));
                    });
                    let (x, y) = places.at(i);
                    let inside = self
                        .corrected()
                        .map_or(1.0, |area| mass_inside(kernel, pilot, area, x, y));
                    -0.5 * (around / inside.max(Edge::LEAST_MASS)).ln()
                };
                range.map(half_log).collect::<Vec<f64>>()
            })?
            .concat();
        let weighed = logarithms
            .iter()
            .zip(&places.mass)
            .filter(|(_, m)| **m > 0.0);
        let mean = sum(weighed.map(|(l, m)| l * m)) / places.total;
        Ok(logarithms
            .iter()
            .map(|l| self.base.bandwidth * (l - mean).exp().min(trim))
            .collect())
    }

    pub(super) fn check(&self, incidents: &Incidents) -> Result<()> {
        self.base.check(incidents.crs())?;
        let positive = |name, value: f64, expected: &str| {
            if value.is_finite() && value > 0.0 {
                return Ok(());
            }
            Err(Error::parameter(name, value, expected))
        };
        if self.base.edge == Edge::Uniform {
            return Err(Error::parameter(
                "edge",
                "uniform",
                "diggle or none with adaptive bandwidths",
            ));
        }
        match self.rule {
            Adaptive::Abramson { pilot, trim } => {
                positive("pilot", pilot, "a positive number of metres")?;
                positive("trim", trim, "a positive number of bandwidths")
            }
            Adaptive::Nearest { k: 0 } => Err(Error::parameter("k", 0, "1 or more")),
            Adaptive::Nearest { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
