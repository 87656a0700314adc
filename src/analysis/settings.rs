//! Would the hotspots be the same with other settings?

use std::sync::Arc;

use geo::Translate;
use ndarray::Array2;
use rand::RngExt;

use super::cells::{affordable_grid, automatic_bandwidth, density_cell};
use super::configuration::HotspotAnalysis;
use super::located::Located;
use super::selection::Selection;
use super::surroundings::Surroundings;
use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, covered_cells};
use crate::memory::afford_replicates;
use crate::methods::density::{Kernel, KernelDensity};
use crate::methods::local::GiStar;
use crate::methods::stability::{Stability, StabilityResult};
use crate::model::{Bounds, Incidents, Neighbourhoods, Period, Zone};
use crate::parallel::Workers;
use crate::random::stream;
use crate::weights::Weights;

#[cfg(test)]
mod tests;

/// Cell sizes beside the one asked for, which comes first.
const SIZES: [f64; 3] = [1.0, 0.5, 2.0];
/// Shifts of the grid in cells.
const SHIFTS: [(f64, f64); 4] = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)];
/// Bandwidths beside the one asked for, which comes first.
const BANDWIDTHS: [f64; 5] = [
    1.0,
    0.5,
    std::f64::consts::FRAC_1_SQRT_2,
    std::f64::consts::SQRT_2,
    2.0,
];
/// How dense a neighbourhood is when it is hot, beside all neighbourhoods together.
const DENSE: f64 = 2.0;

/// Does a hotspot survive another grid, another bandwidth, other reports?
///
/// The main job is run again in three ways, and each neighbourhood gets the share of the runs in
/// which it is hot ([`Stability`]):
///
/// - *grid*: cells of the size asked for, half and twice it, each with four origins half a cell
///   apart. A neighbourhood is hot when cells with a high Gi\* (q at most the level) cover at least
///   [`hot_share`](Self::hot_share) of its area; it is ranked by its mean z.
/// - *bandwidth*: the density with the bandwidth asked for, half, 0.71, 1.41 and twice it. A
///   neighbourhood is hot when its mean density is at least twice that of all of them together.
/// - *resampled*: as many reports drawn from the reports with replacement. A neighbourhood is hot
///   when its Gi\* of people-standardised rates is high (q at most the level), as in the main job.
///   Reports come in series, so real figures vary more than this.
///
/// The three ask different questions and are not added up. The first run of each is that with the
/// settings asked for; baseline and history play no part.
///
/// # Complexity
/// Twelve times the cells of the main job, five times its density, and its Gi\* of neighbourhoods
/// `resamples + 1` times.
///
/// Source: Openshaw 1984, The Modifiable Areal Unit Problem, CATMOG 38; Efron 1979, Annals of
/// Statistics 7:1, doi:10.1214/aos/1176344552.
///
/// ```
/// use brandpunt::Theme;
/// use brandpunt::analysis::{HotspotAnalysis, StabilityAnalysis};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(4_000).seed(1).neighbourhoods(40).build()?;
/// let analysis = HotspotAnalysis::new(Theme::youth_nuisance()).cell_size(200.0);
/// let found = StabilityAnalysis::new(analysis)
///     .resamples(9)
///     .run(&city.incidents, &city.neighbourhoods)?;
/// assert_eq!(found.grid.share.len(), 40);
/// assert_eq!(found.grids.len(), 12);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StabilityAnalysis {
    analysis: HotspotAnalysis,
    hot_share: f64,
    resamples: usize,
}

/// One grid of the comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GridSetting {
    /// Side of the cells in metres.
    pub cell_size: f64,
    /// How far the edges of the cells lie east of multiples of the size, in metres.
    pub shift_x: f64,
    /// How far they lie north of them.
    pub shift_y: f64,
}

/// How much the hotspots of one theme depend on the settings; columns in the order of the areas.
///
/// In a published result reports are resampled as they are published, and the questions about grids
/// and bandwidths have no verdict and no setting.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HotspotStability {
    /// The areas.
    pub areas: Arc<Neighbourhoods>,
    /// Over grids.
    pub grid: StabilityResult,
    /// Over bandwidths.
    pub bandwidth: StabilityResult,
    /// Over resampled reports.
    pub resampled: StabilityResult,
    /// The grids, in the order of the settings.
    pub grids: Vec<GridSetting>,
    /// The bandwidths in metres, in the order of the settings.
    pub bandwidths: Vec<f64>,
}

/// Verdicts and rank values of one setting.
struct Verdicts {
    hot: Vec<bool>,
    ranked_by: Vec<f64>,
}

impl StabilityAnalysis {
    /// How often reports are resampled unless told otherwise.
    pub const RESAMPLES: usize = 49;

    /// Of a main job, with a tenth of the area for a hot neighbourhood and 49 resamples.
    #[must_use]
    pub fn new(analysis: HotspotAnalysis) -> Self {
        Self {
            analysis,
            hot_share: 0.1,
            resamples: Self::RESAMPLES,
        }
    }

    /// Sets what share of a neighbourhood must lie in hot cells: 0.5 for most of it, 0 for any.
    #[must_use]
    pub fn hot_share(mut self, share: f64) -> Self {
        self.hot_share = share;
        self
    }

    /// Sets how often reports are resampled.
    #[must_use]
    pub fn resamples(mut self, resamples: usize) -> Self {
        self.resamples = resamples;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, areas: &Neighbourhoods) -> Result<HotspotStability> {
        self.run_with(incidents, areas, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`HotspotAnalysis::run_located`] and [`Located::new`]; [`Error::Parameter`] for a share
    /// that is not between 0 and 1.
    pub fn run_with(
        &self,
        incidents: &Incidents,
        areas: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<HotspotStability> {
        self.check()?;
        self.run_located(&Located::new(incidents, areas, workers)?, workers)
    }

    /// Runs on incidents that are already located.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run_located(
        &self,
        located: &Located<'_>,
        workers: &Workers,
    ) -> Result<HotspotStability> {
        self.check()?;
        let (theme, period) = (&self.analysis.theme, self.analysis.period.as_ref());
        let selection = Selection::of(located.incidents, theme, period, None)?;
        let inside: Vec<u32> = selection
            .now
            .iter()
            .copied()
            .filter(|&i| located.label[i as usize] != NeighbourhoodIndex::NONE)
            .collect();
        if inside.is_empty() {
            let detail = "no incident of the theme and period lies in a neighbourhood";
            return Err(Error::input(Fault::NoRows, detail));
        }
        let job = workers.job();
        let (mut grids, mut by_grid) = (Vec::new(), Vec::new());
        for size in SIZES.map(|s| s * self.analysis.cell_size) {
            for shift in SHIFTS {
                job.report("grids", 0.5 * grids.len() as f64 / 12.0);
                let setting = GridSetting {
                    cell_size: size,
                    shift_x: shift.0 * size,
                    shift_y: shift.1 * size,
                };
                by_grid.push(self.by_grid(located, &inside, setting, workers)?);
                grids.push(setting);
            }
        }
        job.report("bandwidths", 0.5);
        let (bandwidths, by_bandwidth) = self.by_bandwidth(located, &selection.now, workers)?;
        let by_resample = self.by_resample(located, &inside, &selection, workers)?;
        job.report("done", 1.0);
        Ok(HotspotStability {
            areas: Arc::clone(&located.areas),
            grid: compared(&by_grid)?,
            bandwidth: compared(&by_bandwidth)?,
            resampled: compared(&by_resample)?,
            grids,
            bandwidths,
        })
    }

    fn check(&self) -> Result<()> {
        if !(self.hot_share >= 0.0 && self.hot_share <= 1.0) {
            let expected = "a share of the area from 0 (any) to 1 (all)";
            return Err(Error::parameter("hot_share", self.hot_share, expected));
        }
        afford_replicates("resamples", self.resamples, 0)?;
        self.analysis.check()
    }

    /// Hot cells of one grid, carried over to neighbourhoods by the area they cover.
    fn by_grid(
        &self,
        located: &Located<'_>,
        inside: &[u32],
        setting: GridSetting,
        workers: &Workers,
    ) -> Result<Verdicts> {
        let (incidents, areas) = (located.incidents, &located.areas);
        let (dx, dy) = (setting.shift_x, setting.shift_y);
        // Grids lie on multiples of their size, so the map is shifted under the grid.
        let bounds = areas.bounds();
        let bounds = Bounds::new(
            bounds.min_x - dx,
            bounds.min_y - dy,
            bounds.max_x - dx,
            bounds.max_y - dy,
        );
        let grid = affordable_grid(bounds, setting.cell_size, incidents.crs())?;
        let mut count = vec![0.0; grid.len()];
        for &i in inside {
            let (x, y) = (incidents.x()[i as usize], incidents.y()[i as usize]);
            if let Some((row, col)) = grid.cell_of(x - dx, y - dy) {
                count[row * grid.cols() + col] += 1.0;
            }
        }
        let within = workers.map(grid.rows(), |row| {
            let y = grid.y(row) + dy;
            let of_row = 0..grid.cols();
            of_row
                .map(|col| located.index.locate(grid.x(col) + dx, y).is_some())
                .collect::<Vec<bool>>()
        })?;
        let within = within.concat();
        let kept: Vec<usize> = (0..grid.len())
            .filter(|&c| within[c] || count[c] > 0.0)
            .collect();
        let place: Vec<(usize, usize)> = kept
            .iter()
            .map(|&c| (c / grid.cols(), c % grid.cols()))
            .collect();
        let values: Vec<f64> = kept.iter().map(|&c| count[c]).collect();
        let weights = Weights::cells(&place, 1)?.include_self();
        let gi = GiStar::new().run_with(&values, &weights, workers)?;
        let mut z = vec![f64::NAN; grid.len()];
        let mut hot = vec![false; grid.len()];
        for (k, &cell) in kept.iter().enumerate() {
            z[cell] = gi.z[k];
            hot[cell] = gi.z[k] > 0.0 && gi.q[k] <= self.analysis.level;
        }
        let of_areas = workers.map(areas.len(), |area| {
            let shape = areas.shapes()[area].translate(-dx, -dy);
            let (mut all, mut covered, mut known, mut sum) = (0.0, 0.0, 0.0, 0.0);
            covered_cells(&shape, &grid, |row, col, share| {
                let cell = row * grid.cols() + col;
                all += share;
                if hot[cell] {
                    covered += share;
                }
                if !z[cell].is_nan() {
                    known += share;
                    sum += share * z[cell];
                }
            });
            let enough = covered > 0.0 && covered >= (self.hot_share - 1e-9) * all;
            (enough, if known > 0.0 { sum / known } else { f64::NAN })
        })?;
        let (hot, ranked_by) = of_areas.into_iter().unzip();
        Ok(Verdicts { hot, ranked_by })
    }

    /// The mean density of neighbourhoods with several bandwidths.
    fn by_bandwidth(
        &self,
        located: &Located<'_>,
        now: &[u32],
        workers: &Workers,
    ) -> Result<(Vec<f64>, Vec<Verdicts>)> {
        let (incidents, areas) = (located.incidents, &located.areas);
        let pick =
            |column: &[f64]| -> Vec<f64> { now.iter().map(|&i| column[i as usize]).collect() };
        let (x, y) = (pick(incidents.x()), pick(incidents.y()));
        let wanted = self.analysis.bandwidth;
        let first = wanted.unwrap_or_else(|| automatic_bandwidth(&x, &y));
        let bandwidths = BANDWIDTHS.map(|b| b * first).to_vec();
        let km2 = areas.area_km2()?;
        let extent = areas.bounds();
        let mut out = Vec::with_capacity(bandwidths.len());
        for (done, &bandwidth) in bandwidths.iter().enumerate() {
            workers.job().report("bandwidths", 0.5 + 0.04 * done as f64);
            let density = KernelDensity::new(bandwidth)
                .cell_size(density_cell(extent, bandwidth, self.analysis.cell_size))
                .kernel(Kernel::Quartic)
                .extent(extent)
                .run_columns(&x, &y, None, incidents.crs(), workers)?
                .by_neighbourhood_with(areas, &located.index, workers)?;
            let known = || density.mean.iter().zip(&km2).filter(|(d, _)| !d.is_nan());
            let together =
                known().map(|(d, a)| d * a).sum::<f64>() / known().map(|(_, a)| a).sum::<f64>();
            out.push(Verdicts {
                hot: density
                    .mean
                    .iter()
                    .map(|d| *d >= DENSE * together && *d > 0.0)
                    .collect(),
                ranked_by: density.mean,
            });
        }
        Ok((bandwidths, out))
    }

    /// Gi* of neighbourhoods for resampled reports.
    fn by_resample(
        &self,
        located: &Located<'_>,
        inside: &[u32],
        selection: &Selection,
        workers: &Workers,
    ) -> Result<Vec<Verdicts>> {
        let areas = &located.areas;
        let zone = located
            .incidents
            .times()
            .map_or_else(Zone::amsterdam, |t| t.zone().clone());
        let year = selection
            .period
            .as_ref()
            .map(|p: &Period| p.last_year(&zone));
        let population = self.analysis.people(areas, year)?.values;
        let labels: Vec<u32> = inside.iter().map(|&i| located.label[i as usize]).collect();
        let drawn = Resampled {
            neighbours: &located.neighbours,
            population: &population,
            labels: &labels,
            resamples: self.resamples,
        };
        drawn.verdicts(&self.analysis, workers)
    }
}

impl HotspotStability {
    /// What of it can be published: resampling, done again with as many reports as are published in
    /// each area; no verdict where the count is withheld. Grids and bandwidths need the places of
    /// reports, in cells and with bandwidths narrower than may be shown.
    pub(super) fn published(
        &self,
        analysis: &HotspotAnalysis,
        (neighbours, counts, population): (&Weights, &[i64], &[f64]),
        withheld: &[bool],
        workers: &Workers,
    ) -> Result<Self> {
        let n = withheld.len();
        let none = Verdicts {
            hot: vec![false; n],
            ranked_by: vec![f64::NAN; n],
        };
        let labels: Vec<u32> = (0..)
            .zip(counts)
            .flat_map(|(area, &count)| std::iter::repeat_n(area, count.unsigned_abs() as usize))
            .collect();
        let drawn = Resampled {
            neighbours,
            population,
            labels: &labels,
            resamples: self.resampled.hot.len().saturating_sub(1),
        };
        let mut verdicts = drawn.verdicts(analysis, workers)?;
        for verdict in &mut verdicts {
            for (value, withheld) in verdict.ranked_by.iter_mut().zip(withheld) {
                if *withheld {
                    *value = f64::NAN;
                }
            }
        }
        let none = std::slice::from_ref(&none);
        Ok(Self {
            areas: Arc::clone(&self.areas),
            grid: compared(none)?,
            bandwidth: compared(none)?,
            resampled: compared(&verdicts)?,
            grids: Vec::new(),
            bandwidths: Vec::new(),
        })
    }
}

/// Reports by area, to be drawn again.
struct Resampled<'a> {
    neighbours: &'a Weights,
    population: &'a [f64],
    /// The area of each report.
    labels: &'a [u32],
    resamples: usize,
}

impl Resampled<'_> {
    /// Gi* of neighbourhoods for the reports and for resampled ones.
    fn verdicts(&self, analysis: &HotspotAnalysis, workers: &Workers) -> Result<Vec<Verdicts>> {
        let mut out = Vec::with_capacity(self.resamples + 1);
        for resample in 0..=self.resamples {
            let done = resample as f64 / (self.resamples + 1) as f64;
            workers.job().report("resamples", 0.7 + 0.3 * done);
            let mut counts = vec![0; self.population.len()];
            let mut random = stream(analysis.seed, resample as u64);
            for (i, _) in self.labels.iter().enumerate() {
                let drawn = match resample {
                    0 => i,
                    _ => random.random_range(0..self.labels.len()),
                };
                counts[self.labels[drawn] as usize] += 1;
            }
            let gi = Surroundings::of(
                self.neighbours,
                &counts,
                self.population,
                analysis.level,
                analysis.seed,
                workers,
            )?
            .gi;
            let hot = gi.z.iter().zip(&gi.q);
            out.push(Verdicts {
                hot: hot.map(|(z, q)| *z > 0.0 && *q <= analysis.level).collect(),
                ranked_by: gi.z,
            });
        }
        Ok(out)
    }
}

fn compared(settings: &[Verdicts]) -> Result<StabilityResult> {
    let areas = settings.first().map_or(0, |s| s.hot.len());
    let shape = (settings.len(), areas);
    let hot = Array2::from_shape_fn(shape, |(s, area)| settings[s].hot[area]);
    let ranked_by = Array2::from_shape_fn(shape, |(s, area)| settings[s].ranked_by[area]);
    Stability::new().run(&hot, &ranked_by)
}
