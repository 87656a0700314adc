//! Which hotspots are new, lasting or fading?

use ndarray::Array2;

use super::category::{Category, Classified, Sign, Trend, Version, classify};
use super::cube::SpaceTimeCube;
use super::mann_kendall::{MannKendall, TrendNull, TrendTest};
use super::space_time::{SpaceTimeGiStar, SpaceTimeStatistics};
use crate::error::{Error, Result};
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::weights::Weights;

/// Below so many steps, names say little.
const FEW_STEPS: usize = 10;

/// Emerging hot spots: is a place hot now, since when, and does it get hotter?
///
/// Three steps, each of which can be run by itself: Gi* in space and time
/// ([`SpaceTimeGiStar`]); the Mann-Kendall test on the z of each unit and on its values
/// ([`MannKendall`]); and a name for the history of each unit ([`classify`]). A unit is hot at a
/// step where z > 0 and q is at most the level, cold where z < 0; the trend that enters the name
/// is that of z, where its p is at most the same level.
///
/// Steps at which a unit is not tested are left out of its history. A unit that is not tested at
/// the last step has no category, because each speaks of that step.
///
/// The level is that of Gi* after correction over all units and steps together, so that with
/// [`Correction::Fdr`](crate::stats::Correction::Fdr) and [`Inference::Exact`] a cube of pure
/// chance has any category at all with at most that probability. The trend test is made for
/// each unit by itself, without correction, and the overlapping windows make it find a trend more
/// often than its level says; take [`TrendNull::HamedRao`] to account for that, as ArcGIS does not.
///
/// [`Inference::Exact`]: crate::methods::local::Inference::Exact
///
/// # Complexity
/// That of [`SpaceTimeGiStar`], plus units times the square of steps.
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::emerging::{Category, EmergingHotspots, SpaceTimeCube};
/// use brandpunt::weights::{Adjacency, Weights};
/// use ndarray::Array2;
///
/// # fn main() -> brandpunt::Result<()> {
/// let mut counts = Array2::zeros((64, 12));
/// for unit in [27, 28, 29, 35, 36, 37, 43, 44, 45] {
///     for step in 9..12 {
///         counts[[unit, step]] = 5.0;
///     }
/// }
/// let cube = SpaceTimeCube::from_values(counts)?;
/// let weights = Weights::lattice(8, 8, 1, Adjacency::Queen)?;
/// let found = EmergingHotspots::new().run_with(&cube, &weights, &Workers::new(0)?)?;
/// assert_eq!(found.category[36], Some(Category::ConsecutiveHot));
/// assert_eq!(found.reason[36], "Hot in the last 3 of 12 steps and in none before.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EmergingHotspots {
    statistic: SpaceTimeGiStar,
    trend: MannKendall,
    version: Version,
    level: f64,
}

/// The history of each unit, in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EmergingTable {
    /// What the history is called; `None` where the last step is not tested.
    pub category: Vec<Option<Category>>,
    /// Number of hot steps.
    pub hot_steps: Vec<usize>,
    /// Number of cold steps.
    pub cold_steps: Vec<usize>,
    /// z at the last step.
    pub last_z: Vec<f64>,
    /// Trend of z over the steps.
    pub trend: Vec<TrendTest>,
    /// Trend of the values over the steps.
    pub value_trend: Vec<TrendTest>,
    /// Why, as one English sentence.
    pub reason: Vec<String>,
    /// Per unit (rows) and step (columns): 1 hot, −1 cold, 0 neither or not tested.
    pub sign: Array2<i8>,
    /// Gi* in space and time.
    pub statistics: SpaceTimeStatistics,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Default for EmergingHotspots {
    fn default() -> Self {
        Self {
            statistic: SpaceTimeGiStar::new(),
            trend: MannKendall::new(),
            version: Version::Pro3,
            level: 0.05,
        }
    }
}

impl EmergingHotspots {
    /// Exact Gi* with one step of look-back over the whole cube, at 5 %.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the statistic in space and time.
    #[must_use]
    pub fn statistic(mut self, statistic: SpaceTimeGiStar) -> Self {
        self.statistic = statistic;
        self
    }

    /// Sets how p-values of trends come about.
    #[must_use]
    pub fn trend(mut self, null: TrendNull) -> Self {
        self.trend = MannKendall::new().null(null);
        self
    }

    /// Sets the edition of the definitions.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the level of both tests.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Runs on a cube whose units have these neighbours.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a level outside (0, 1), and as [`SpaceTimeGiStar::run_with`] and
    /// [`MannKendall::run`].
    pub fn run_with(
        &self,
        cube: &SpaceTimeCube,
        weights: &Weights,
        workers: &Workers,
    ) -> Result<EmergingTable> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter("level", self.level, "between 0 and 1"));
        }
        let statistic = self.statistic.clone().level(self.level);
        let statistics = statistic.run_with(cube.values(), weights, workers)?;
        let units = workers.try_map(cube.units(), |unit| {
            self.unit(
                &statistics.z.row(unit).to_vec(),
                &statistics.q.row(unit).to_vec(),
                &cube.values().row(unit).to_vec(),
            )
        })?;
        let mut warnings = statistics.warnings.clone();
        warnings.extend(cube_warnings(cube, self.statistic.looks_back()));
        let mut out = EmergingTable {
            category: Vec::new(),
            hot_steps: Vec::new(),
            cold_steps: Vec::new(),
            last_z: statistics
                .z
                .columns()
                .into_iter()
                .next_back()
                .map_or_else(Vec::new, |last| last.to_vec()),
            trend: Vec::new(),
            value_trend: Vec::new(),
            reason: Vec::new(),
            sign: Array2::zeros(statistics.z.dim()),
            statistics,
            warnings,
        };
        for (unit, history) in units.into_iter().enumerate() {
            out.category.push(history.named.map(|n| n.category));
            out.reason.push(history.named.map_or_else(
                || "The last step is not tested.".to_owned(),
                |named| named.reason(),
            ));
            out.hot_steps.push(history.count(Sign::Hot));
            out.cold_steps.push(history.count(Sign::Cold));
            out.trend.push(history.trend);
            out.value_trend.push(history.value_trend);
            for (step, sign) in history.signs.iter().enumerate() {
                out.sign[[unit, step]] = match sign {
                    Some(Sign::Hot) => 1,
                    Some(Sign::Cold) => -1,
                    Some(Sign::None) | None => 0,
                };
            }
        }
        Ok(out)
    }

    fn unit(&self, z: &[f64], q: &[f64], values: &[f64]) -> Result<History> {
        let signs: Vec<Option<Sign>> = z
            .iter()
            .zip(q)
            .map(|(&z, &q)| {
                (!q.is_nan()).then_some(if q > self.level {
                    Sign::None
                } else if z > 0.0 {
                    Sign::Hot
                } else {
                    Sign::Cold
                })
            })
            .collect();
        let trend = self.trend.run(z)?;
        let direction = if trend.p <= self.level && trend.s > 0.0 {
            Trend::Up
        } else if trend.p <= self.level && trend.s < 0.0 {
            Trend::Down
        } else {
            Trend::None
        };
        let tested: Vec<Sign> = signs.iter().copied().flatten().collect();
        let named = signs
            .last()
            .copied()
            .flatten()
            .map(|_| classify(&tested, direction, self.version));
        Ok(History {
            value_trend: self.trend.run(values)?,
            trend,
            signs,
            named,
        })
    }
}

/// What is found of one unit.
struct History {
    /// Per step; `None` where it is not tested.
    signs: Vec<Option<Sign>>,
    trend: TrendTest,
    value_trend: TrendTest,
    named: Option<Classified>,
}

impl History {
    fn count(&self, side: Sign) -> usize {
        self.signs.iter().filter(|s| **s == Some(side)).count()
    }
}

fn cube_warnings(cube: &SpaceTimeCube, look_back: usize) -> Vec<Warning> {
    let steps = cube.steps();
    let mut out = Vec::new();
    if steps < FEW_STEPS {
        out.push(Warning::with_value(
            WarningCode::FewSteps,
            steps as f64,
            format!(
                "There are {steps} steps; with fewer than {FEW_STEPS}, categories and trends say \
                 little. Choose a shorter step."
            ),
        ));
    }
    if look_back >= steps {
        out.push(Warning::with_value(
            WarningCode::FewSteps,
            look_back as f64,
            format!("A look-back of {look_back} steps is longer than the {steps} steps there are."),
        ));
    }
    let partial = cube.partial().iter().filter(|p| **p).count();
    if partial > 0 {
        out.push(Warning::with_value(
            WarningCode::PartialSteps,
            partial as f64,
            format!(
                "The data do not cover {partial} of {steps} steps whole; their counts are too low. \
                 Leave them out, or give the end of the data."
            ),
        ));
    }
    out
}

#[cfg(test)]
mod tests;
