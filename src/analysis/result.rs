//! What the main job finds.

use std::sync::Arc;

use ndarray::Array2;

use super::districts::Districts;
use super::language::Language;
use super::made::Made;
use super::nature::Nature;
use super::people::PeopleFrom;
use super::progress::TargetProgress;
use super::protection::Protection;
use super::provenance::Provenance;
use super::reason::Reason;
use super::settings::HotspotStability;
use super::years::Years;
use crate::methods::density::Surface;
use crate::methods::emerging::{Category, TrendTest};
use crate::methods::local::Inference;
use crate::methods::near_repeat::NearRepeatResult;
use crate::methods::scan::ScanResult;
use crate::model::{Grid, Neighbourhoods, Period, Step, Theme, Warning};
use crate::publish::State;

/// The hotspots of one theme.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HotspotResult {
    /// The theme.
    pub theme: Theme,
    /// The period counted, `None` when the incidents carry no time.
    pub period: Option<Period>,
    /// The period compared with.
    pub baseline: Option<Period>,
    /// From which years the people of the baseline and of the period were taken.
    pub(crate) people: Vec<(i16, PeopleFrom)>,
    /// The areas, in the order of [`neighbourhoods`](Self::neighbourhoods).
    pub areas: Arc<Neighbourhoods>,
    /// One row per neighbourhood.
    pub neighbourhoods: NeighbourhoodTable,
    /// One row per cell; `None` when counts were given per neighbourhood.
    pub cells: Option<CellTable>,
    /// The density of the incidents; `None` when counts were given per neighbourhood.
    pub surface: Option<Surface>,
    /// What happened step by step up to the end of the period; `None` when there are fewer than
    /// ten steps.
    pub history: Option<History>,
    /// How far the city is on the way to a target; `None` unless
    /// [asked for](super::HotspotAnalysis::target) and the period comes after the baseline.
    pub target: Option<TargetProgress>,
    /// The districts; `None` unless the codes of the areas say in which district each lies.
    pub districts: Option<Districts>,
    /// How it went from year to year; `None` unless the period is a calendar year after two others.
    pub years: Option<Years>,
    /// Of what nature the reports are; `None` when counts were given per neighbourhood, or
    /// neither kinds nor times are known.
    pub nature: Option<Nature>,
    /// Whether the hotspots survive other settings; `None` unless
    /// [asked for](super::HotspotAnalysis::stability).
    pub stability: Option<HotspotStability>,
    /// Neighbourhoods that together have more reports than their people explain, strongest first;
    /// `None` unless [asked for](super::HotspotAnalysis::scan), and where there are no people. In a
    /// published result they come from what is published of the counts.
    pub clusters: Option<ScanResult>,
    /// Whether one report is followed by another; `None` unless
    /// [asked for](super::HotspotAnalysis::near_repeat), and in a published result: pairs grow with
    /// the square of the reports of one address, so no minimum count protects who lives there.
    pub near_repeat: Option<NearRepeatResult>,
    /// The city as a whole.
    pub city: City,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
    /// From what this was made.
    pub provenance: Provenance,
    /// What was done before it may be published; `None` in a result that may not leave the desk.
    pub protection: Option<Arc<Protection>>,
    /// What is needed to protect it.
    pub(crate) made: Option<Arc<Made>>,
}

impl HotspotResult {
    /// Whether the count of a neighbourhood may not be shown.
    #[must_use]
    pub fn is_withheld(&self, i: usize) -> bool {
        let state = self.protection.as_ref().and_then(|p| p.states.get(i));
        state.is_some_and(State::is_withheld)
    }
}

/// Columns per neighbourhood, in input order; NaN stands for a number that is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NeighbourhoodTable {
    /// Unique code.
    pub code: Vec<String>,
    /// Name for people.
    pub name: Vec<String>,
    /// Incidents in the period; where [`Protection`] withholds it, what stands in for it.
    pub count: Vec<i64>,
    /// People, of the theme's kind of exposure.
    pub population: Vec<f64>,
    /// Incidents per `Theme::per_people` people over the period.
    pub rate: Vec<f64>,
    /// Lower end of the exact 95 % interval of the rate.
    pub rate_low: Vec<f64>,
    /// Upper end of the exact 95 % interval of the rate.
    pub rate_high: Vec<f64>,
    /// Rate drawn towards the city's where there are few people (empirical Bayes, Marshall 1991).
    pub rate_smoothed: Vec<f64>,
    /// Rate divided by the rate of the rest of the city.
    pub rate_ratio: Vec<f64>,
    /// Two-sided exact p-value of that ratio being one.
    pub rate_p: Vec<f64>,
    /// The same after correction for the number of neighbourhoods (Benjamini-Hochberg).
    pub rate_q: Vec<f64>,
    /// Rate in the baseline period.
    pub baseline_rate: Vec<f64>,
    /// Rate divided by the rate in the baseline period.
    pub change: Vec<f64>,
    /// Lower end of the exact 95 % interval of the change.
    pub change_low: Vec<f64>,
    /// Upper end of the exact 95 % interval of the change.
    pub change_high: Vec<f64>,
    /// p-value of no change after correction for the number of neighbourhoods.
    pub change_q: Vec<f64>,
    /// Mean density over the neighbourhood, incidents per square kilometre.
    pub density_mean: Vec<f64>,
    /// Greatest density in the neighbourhood, incidents per square kilometre.
    pub density_peak: Vec<f64>,
    /// Getis-Ord Gi* of the population-standardised rate (of the count without populations).
    pub gi_z: Vec<f64>,
    /// Its two-sided p-value.
    pub gi_p: Vec<f64>,
    /// The same after correction for the number of neighbourhoods (Benjamini-Hochberg).
    pub gi_q: Vec<f64>,
    /// Sign of `gi_z` times 3, 2, 1 for `gi_q` at most 0.01, 0.05, 0.10; else 0.
    pub hotspot_class: Vec<i8>,
    /// New, lasting or fading: the name of a
    /// [`Category`](crate::methods::emerging::Category); `None` without people, where others have
    /// them, or without a history.
    pub emerging_category: Vec<Option<String>>,
    /// 1 for the neighbourhood to look at first: by class, then smoothed rate, then count.
    pub rank: Vec<u32>,
    /// Why the neighbourhood is or is not a hotspot.
    pub reason: Vec<Reason>,
}

/// A number of a column, NaN where there is none.
fn at(column: &[f64], i: usize) -> f64 {
    column.get(i).copied().unwrap_or(f64::NAN)
}

impl NeighbourhoodTable {
    /// Number of neighbourhoods.
    #[must_use]
    pub fn len(&self) -> usize {
        self.code.len()
    }

    /// Whether there is none; never so in a result.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    /// The columns of numbers by name, in the order in which they are written.
    #[must_use]
    pub fn float_columns(&self) -> [(&'static str, &[f64]); 18] {
        [
            ("population", &self.population),
            ("rate", &self.rate),
            ("rate_low", &self.rate_low),
            ("rate_high", &self.rate_high),
            ("rate_smoothed", &self.rate_smoothed),
            ("rate_ratio", &self.rate_ratio),
            ("rate_p", &self.rate_p),
            ("rate_q", &self.rate_q),
            ("baseline_rate", &self.baseline_rate),
            ("change", &self.change),
            ("change_low", &self.change_low),
            ("change_high", &self.change_high),
            ("change_q", &self.change_q),
            ("density_mean", &self.density_mean),
            ("density_peak", &self.density_peak),
            ("gi_z", &self.gi_z),
            ("gi_p", &self.gi_p),
            ("gi_q", &self.gi_q),
        ]
    }

    /// Whether high values cluster around a neighbourhood at this level.
    #[must_use]
    pub fn is_hot(&self, i: usize, level: f64) -> bool {
        at(&self.gi_q, i) <= level && at(&self.gi_z, i) > 0.0
    }

    /// Whether the rate of a neighbourhood is above that of the rest of the city at this level.
    #[must_use]
    pub fn is_high(&self, i: usize, level: f64) -> bool {
        at(&self.rate_q, i) <= level && at(&self.rate_ratio, i) > 1.0
    }

    /// The sentences that say why, in one language.
    #[must_use]
    pub fn reasons_in(&self, language: Language) -> Vec<String> {
        self.reason.iter().map(|r| r.sentence(language)).collect()
    }

    /// Positions of the neighbourhoods, the one to look at first in front.
    #[must_use]
    pub fn by_rank(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|&i| self.rank[i]);
        order
    }
}

/// The theme's incidents per neighbourhood and step, in input order, the last step last.
///
/// Steps are quarters where at least ten whole ones lie between the first time of the data and the
/// end of the period, else months, else weeks; at most 40. The last one ends with the period, or
/// with the data where these end more than two days before.
///
/// A neighbourhood is hot at a step where Gi* in space and time is high: its people of that year
/// (on the line between known years) times the city's rate of that step are compared with its
/// incidents, those of its neighbours and those of the step before, corrected over all
/// neighbourhoods and steps together. Without any people, counts are compared with those of the
/// same and the previous step.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct History {
    /// The length of a step.
    pub step: Step,
    /// Earlier steps that count as neighbours of a step.
    pub look_back: usize,
    /// The steps.
    pub periods: Vec<Period>,
    /// Incidents per neighbourhood (rows) and step (columns).
    pub count: Array2<i64>,
    /// 1 where a neighbourhood and its surroundings are hot at a step, −1 where cold, else 0.
    pub sign: Array2<i8>,
    /// What the history is called; `None` without people, where others have them.
    pub category: Vec<Option<Category>>,
    /// Number of hot steps.
    pub hot_steps: Vec<usize>,
    /// Number of cold steps.
    pub cold_steps: Vec<usize>,
    /// Trend of the counts over the steps.
    pub trend: Vec<TrendTest>,
    /// How hot and cold were tested.
    pub inference: Inference,
}

/// Columns per grid cell: the cells whose centre lies in a neighbourhood or that hold an incident.
///
/// In a published result only the cells that are hot and may be shown, with their place and class:
/// the columns of numbers are empty.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CellTable {
    /// The grid the cells are of.
    pub grid: Grid,
    /// Row in the grid, 0 in the north.
    pub row: Vec<u32>,
    /// Column in the grid, 0 in the west.
    pub col: Vec<u32>,
    /// Incidents in the cell.
    pub count: Vec<i64>,
    /// Density at the centre, incidents per square kilometre.
    pub density: Vec<f64>,
    /// Getis-Ord Gi* of the count (queen neighbours and the cell itself).
    pub gi_z: Vec<f64>,
    /// Its exact two-sided p-value.
    pub gi_p: Vec<f64>,
    /// The same after correction for the number of cells (Benjamini-Hochberg).
    pub gi_q: Vec<f64>,
    /// Sign of `gi_z` times 3, 2, 1 for `gi_q` at most 0.01, 0.05, 0.10; else 0.
    pub hotspot_class: Vec<i8>,
}

impl CellTable {
    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }
}

/// Figures of all neighbourhoods together.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct City {
    /// Incidents in all neighbourhoods.
    pub count: i64,
    /// People in the neighbourhoods whose population is published.
    pub population: f64,
    /// Incidents per `Theme::per_people` people, over those neighbourhoods.
    pub rate: f64,
    /// Lower end of its exact 95 % interval.
    pub rate_low: f64,
    /// Upper end of its exact 95 % interval.
    pub rate_high: f64,
    /// Rate in the baseline period.
    pub baseline_rate: f64,
    /// Rate divided by the rate in the baseline period.
    pub change: f64,
    /// Lower end of the exact 95 % interval of the change.
    pub change_low: f64,
    /// Upper end of the exact 95 % interval of the change.
    pub change_high: f64,
    /// Two-sided p-value of no change.
    pub change_p: f64,
    /// Moran's I of the population-standardised rates: do like neighbourhoods lie together?
    pub moran: f64,
    /// Its two-sided p-value by permutation.
    pub moran_p: f64,
    /// Variance divided by mean of the counts, given the populations; one by chance alone.
    pub dispersion: f64,
}
