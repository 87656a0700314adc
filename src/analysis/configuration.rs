//! What to analyse and how.

use std::sync::Arc;

use super::cells::{automatic_bandwidth, cells, density_cell};
use super::districts::Districts;
use super::history::Series;
use super::located::Located;
use super::made::{Division, Made, Reported};
use super::nature::Nature;
use super::one_location::Pile;
use super::people::PeopleFrom;
use super::progress::{TargetProgress, Wanted};
use super::provenance::Provenance;
use super::register::{Register, unequal};
use super::result::{CellTable, HotspotResult};
use super::selection::{Selection, per_area};
use super::settings::{HotspotStability, StabilityAnalysis};
use super::surroundings::Surroundings;
use super::table::{Inputs, Totals, table};
use super::warnings::{Seen, warnings};
use super::years::{Years, by_year};
use crate::error::{Error, Fault, Result};
use crate::index::topology_warnings;
use crate::methods::density::{Kernel, KernelDensity, Surface};
use crate::model::{Counts, Incidents, Neighbourhoods, Period, Theme, Warning, Zone};
use crate::parallel::Workers;
use crate::weights::Weights;

/// Where does a theme concentrate, is that more than chance, and is it more than before?
///
/// ```
/// use brandpunt::Theme;
/// use brandpunt::analysis::HotspotAnalysis;
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(5_000).seed(1).neighbourhoods(60).build()?;
/// let result = HotspotAnalysis::new(Theme::youth_nuisance())
///     .baseline(2017)
///     .run(&city.incidents, &city.neighbourhoods)?;
/// let first = result.neighbourhoods.by_rank()[0];
/// assert_eq!(result.neighbourhoods.rank[first], 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HotspotAnalysis {
    pub(super) theme: Theme,
    pub(super) period: Option<Period>,
    pub(super) baseline: Option<i16>,
    target: Option<Wanted>,
    pub(super) register: Register,
    pub(super) exposure: Option<String>,
    pub(super) bandwidth: Option<f64>,
    pub(super) cell_size: f64,
    pub(super) level: f64,
    pub(super) seed: u64,
    resamples: usize,
    pub(super) replicates: usize,
    pub(super) permutations: usize,
}

impl HotspotAnalysis {
    /// As many maps of chance, or exchanges of times, as give p-values in thousandths.
    pub const SIMULATIONS: usize = 999;

    /// For a theme, over all time, with 100 m cells at a level of 5 %.
    #[must_use]
    pub fn new(theme: Theme) -> Self {
        Self {
            theme,
            period: None,
            baseline: None,
            target: None,
            register: Register::default(),
            exposure: None,
            bandwidth: None,
            cell_size: 100.0,
            level: 0.05,
            seed: 0,
            resamples: 0,
            replicates: 0,
            permutations: 0,
        }
    }

    /// Counts only incidents in this period. Without it, all; with a baseline, the latest
    /// calendar year that the data cover.
    #[must_use]
    pub fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Compares with this calendar year, by the reports, or by the counts of a register
    /// ([`baseline_counts`](Self::baseline_counts)). A year in which the file has no reports at all,
    /// because it begins later or ends before, is refused.
    #[must_use]
    pub fn baseline(mut self, year: i16) -> Self {
        self.baseline = Some(year);
        self
    }

    /// Also tells how far the city is on the way to a target: at most `share` times the rate of the
    /// baseline, in a year ([`TargetProgress`]); without one, in the year of the period.
    ///
    /// ```
    /// use brandpunt::Theme;
    /// use brandpunt::analysis::HotspotAnalysis;
    ///
    /// // A fifth less than in 2017, by 2026.
    /// let analysis = HotspotAnalysis::new(Theme::youth_nuisance()).baseline(2017).target(0.8, 2026);
    /// ```
    #[must_use]
    pub fn target(mut self, share: f64, year: impl Into<Option<i16>>) -> Self {
        self.target = Some(Wanted {
            share,
            year: year.into(),
        });
        self
    }

    /// Sets the kind of exposure, instead of the theme's.
    ///
    /// Of every year, be it that of the period, of the baseline or one between, it is that year's own, else
    /// on the line between the known years around it, else of no stated year, else the nearest; the
    /// provenance says which, as `people_of_2017`.
    #[must_use]
    pub fn exposure(mut self, kind: impl Into<String>) -> Self {
        self.exposure = Some(kind.into());
        self
    }

    /// Sets the bandwidth of the density in metres. Without it, Scott's rule with a robust
    /// spread, carried over to the quartic kernel and held between 200 and 600 m.
    #[must_use]
    pub fn bandwidth(mut self, metres: f64) -> Self {
        self.bandwidth = Some(metres);
        self
    }

    /// Sets the side of the cells for Gi* in metres.
    #[must_use]
    pub fn cell_size(mut self, metres: f64) -> Self {
        self.cell_size = metres;
        self
    }

    /// Sets the level at which a single area must be able to stand out after correction.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets the seed of all simulations.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Also asks whether the hotspots survive other grids and bandwidths and so many sets of
    /// resampled reports ([`StabilityAnalysis`]); 0, as at first, for not. It takes some twelve
    /// times as long as the rest.
    #[must_use]
    pub fn stability(mut self, resamples: usize) -> Self {
        self.resamples = resamples;
        self
    }

    /// Also looks for clusters of neighbourhoods with more reports than their people explain
    /// ([`SpatialScan`](crate::methods::scan::SpatialScan)), with windows of up to a quarter of the
    /// people and so many maps of chance; 0, as at first, for not.
    #[must_use]
    pub fn scan(mut self, replicates: usize) -> Self {
        self.replicates = replicates;
        self
    }

    /// Also asks whether one report is followed by another at the same address, in the same street
    /// or nearby ([`NearRepeat`](crate::methods::near_repeat::NearRepeat)), up to 400 m and eight
    /// weeks, with the times exchanged so often; 0, as at first, for not. Reports without a time
    /// are left out.
    #[must_use]
    pub fn near_repeat(mut self, permutations: usize) -> Self {
        self.permutations = permutations;
        self
    }

    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_located`](Self::run_located) and [`Located::new`].
    pub fn run(&self, incidents: &Incidents, areas: &Neighbourhoods) -> Result<HotspotResult> {
        self.run_with(incidents, areas, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`run_located`](Self::run_located) and [`Located::new`].
    pub fn run_with(
        &self,
        incidents: &Incidents,
        areas: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<HotspotResult> {
        self.run_located(&Located::new(incidents, areas, workers)?, workers)
    }

    /// Runs on incidents that are already located, as for several themes.
    ///
    /// # Errors
    /// [`Fault::NoMatchingCategory`]; [`Fault::MissingTime`] for a period or baseline without
    /// times; [`Fault::NoRows`] for a baseline outside the time of the reports;
    /// [`Fault::MissingExposure`] for an exposure other than inhabitants that the areas do not have;
    /// [`Fault::NoRows`] when the period holds no incident of the theme;
    /// [`Fault::VintageMismatch`] and [`Fault::AreaMismatch`] for counts of a register that are not
    /// of these areas; [`Error::Parameter`]; [`Error::Cancelled`].
    pub fn run_located(&self, located: &Located<'_>, workers: &Workers) -> Result<HotspotResult> {
        self.check()?;
        let job = workers.job();
        let incidents = located.incidents;
        job.report("counts", 0.05);
        let zone = incidents
            .times()
            .map_or_else(Zone::amsterdam, |t| t.zone().clone());
        let baseline = self
            .baseline
            .map(|year| Period::year(year, &zone))
            .transpose()?;
        let selection = Selection::of(
            incidents,
            &self.theme,
            self.period.as_ref(),
            baseline.as_ref(),
        )?;
        if selection.now.is_empty() {
            return Err(self.nothing(&selection));
        }
        let (counts, outside) = per_area(located, &selection.now);
        let (then, about_then) = self.counted_then(located, &selection, baseline.is_some())?;

        job.report("density", 0.15);
        let pick = |column: &[f64]| selection.now.iter().map(|&i| column[i as usize]).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = (pick(incidents.x()), pick(incidents.y()));
        let surface = self.density(located, (&x, &y), workers)?;

        job.report("cells", 0.45);
        let cells = cells(located, &selection.now, &surface, self.cell_size, workers)?;

        job.report("neighbourhoods", 0.7);
        let period = selection.period.as_ref();
        let (series, short) = Series::of(located, &selection.members, period)?;
        let mut result = self.areas_only(
            &located.areas,
            Figures {
                counts: &counts,
                then: then.as_deref(),
                period: selection.period.clone(),
                baseline: baseline.clone(),
                zone: zone.clone(),
                surface: Some((&surface, located)),
                series,
                topology: &located.topology,
                neighbours: &located.neighbours,
                totals: None,
                districts: None,
            },
            &workers.unheard(),
        )?;
        self.look_for_clusters(&mut result, &counts, workers)?;
        let pile = self.pile(located, &selection, &counts, baseline, &result, workers)?;
        job.report("nature", 0.95);
        let table = &result.neighbourhoods;
        let options = (self.level, self.seed);
        result.nature = Nature::of(located, &selection.now, table, options, workers)?;
        result.stability = self.other_settings(located, &selection, workers)?;
        result.near_repeat = self.near_repeats(located, &selection.now, workers)?;
        let mut years = by_year(located, &selection.members, period, &zone)?;
        // What a register counts is not of one line with what is reported.
        let is_registered =
            |year: &Period| self.has_register() && Some(year.last_year(&zone)) == self.baseline;
        years.retain(|(year, _)| !is_registered(year));
        let per = self.theme.per_people();
        result.years = Years::counted(&years, &located.areas, self.exposure_kind(), per, &zone)?;
        result.warnings.splice(
            0..0,
            warnings(&Seen {
                incidents,
                selection: &selection,
                outside,
                pile,
                cells: &cells,
                surface: &surface,
            }),
        );
        result.warnings.extend(about_then);
        result.warnings.extend(short);
        let provenance = &mut result.provenance;
        account_rows(incidents, &selection, (&counts, outside), provenance);
        self.account(&surface, cells.inference, provenance);
        result.cells = Some(cells.table);
        result.surface = Some(surface);
        result.made = Some(Arc::new(
            self.made(located, &selection, then, years, workers)?,
        ));
        job.report("done", 1.0);
        Ok(result)
    }

    /// Runs on counts that a register gives per neighbourhood: no cells, no density, and a baseline
    /// only from a register ([`baseline_counts`](Self::baseline_counts)).
    ///
    /// # Errors
    /// [`Fault::AreaMismatch`] unless there is one count per area; [`Fault::MissingExposure`];
    /// [`Fault::VintageMismatch`]; [`Error::Parameter`]; [`Error::Cancelled`].
    pub fn run_counts(
        &self,
        counts: &Counts,
        areas: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<HotspotResult> {
        self.check()?;
        if counts.areas() != areas.len() {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!("{} counts for {} areas", counts.areas(), areas.len()),
            ));
        }
        let registered = self.registered(areas)?;
        if let (Some(year), None) = (self.baseline, &registered) {
            return Err(Error::parameter(
                "baseline",
                year,
                "none, because counts per neighbourhood carry no time; give the counts of that year \
                 as those of a register, or compare with `change`",
            ));
        }
        let zone = Zone::amsterdam();
        let baseline = self
            .baseline
            .map(|year| Period::year(year, &zone))
            .transpose()?;
        let (then, about_then) =
            registered.map_or((None, Vec::new()), |r| (Some(r.counts), r.warnings));
        let totals = counts.totals();
        let topology = topology_warnings(areas, workers)?;
        let figures = Figures {
            counts: &totals,
            then: then.as_deref(),
            period: self.period.clone(),
            baseline,
            zone: zone.clone(),
            surface: None,
            series: None,
            topology: &topology,
            neighbours: &Weights::queen(areas)?,
            totals: None,
            districts: None,
        };
        let mut result = self.areas_only(&Arc::new(areas.clone()), figures, workers)?;
        self.look_for_clusters(&mut result, &totals, workers)?;
        result.warnings.extend(about_then);
        let total = totals.iter().sum::<i64>() as u64;
        let outside = counts.outside().sum() as u64;
        result.provenance.rows_in = total + outside;
        result.provenance.rows_selected = total + outside;
        result.provenance.rows_outside = outside;
        result.made = Some(Arc::new(Made {
            analysis: self.clone(),
            zone,
            then,
            reported: None,
            years: Vec::new(),
            divisions: Vec::new(),
        }));
        Ok(result)
    }

    /// How many incidents lie on one location, where they are more than one in a hundred (and at
    /// least ten), and what its neighbourhood is with and without them.
    fn pile(
        &self,
        located: &Located<'_>,
        selection: &Selection,
        counts: &[i64],
        baseline: Option<Period>,
        result: &HotspotResult,
        workers: &Workers,
    ) -> Result<Option<(usize, String)>> {
        const SHARE: f64 = 0.01;
        let many = |pile: &Pile| {
            pile.incidents >= 10 && pile.incidents as f64 > SHARE * selection.now.len() as f64
        };
        let Some(pile) = Pile::of(located, &selection.now).filter(many) else {
            return Ok(None);
        };
        let Some(left) = pile.left_out_of(counts) else {
            let nowhere = "It lies in no neighbourhood and is in no count.";
            return Ok(Some((pile.incidents, nowhere.to_owned())));
        };
        let figures = Figures {
            counts: &left,
            then: None,
            period: selection.period.clone(),
            baseline,
            zone: Zone::amsterdam(),
            surface: None,
            series: None,
            topology: &[],
            neighbours: &located.neighbours,
            totals: None,
            districts: None,
        };
        let without = self.areas_only(&located.areas, figures, &workers.unheard())?;
        let beside = pile.beside(
            located.areas.names(),
            &result.neighbourhoods,
            &without.neighbourhoods,
        );
        Ok(Some((pile.incidents, beside.unwrap_or_default())))
    }

    /// The density of the incidents at these places.
    fn density(
        &self,
        located: &Located<'_>,
        (x, y): (&[f64], &[f64]),
        workers: &Workers,
    ) -> Result<Surface> {
        let bandwidth = self.bandwidth;
        let bandwidth = bandwidth.unwrap_or_else(|| automatic_bandwidth(x, y));
        let extent = located.areas.bounds();
        let workers = workers.telling("density", 0.15..0.45);
        KernelDensity::new(bandwidth)
            .cell_size(density_cell(extent, bandwidth, self.cell_size))
            .kernel(Kernel::Quartic)
            .extent(extent)
            .run_columns(x, y, None, located.incidents.crs(), &workers)
    }

    fn nothing(&self, selection: &Selection) -> Error {
        Error::input(
            Fault::NoRows,
            format!(
                "no incident of theme `{}` lies in {}; choose another period",
                crate::error::quoted(self.theme.name()),
                selection.period.as_ref().map_or("the data", |p| &p.label)
            ),
        )
    }

    /// Whether the hotspots survive other settings, if that is asked.
    fn other_settings(
        &self,
        located: &Located<'_>,
        selection: &Selection,
        workers: &Workers,
    ) -> Result<Option<HotspotStability>> {
        if self.resamples == 0 {
            return Ok(None);
        }
        let mut same = self.clone();
        same.period.clone_from(&selection.period);
        StabilityAnalysis::new(same)
            .resamples(self.resamples)
            .run_located(located, &workers.unheard())
            .map(Some)
    }

    /// What is kept to protect the result.
    fn made(
        &self,
        located: &Located<'_>,
        selection: &Selection,
        then: Option<Vec<i64>>,
        mut years: Vec<(Period, Reported)>,
        workers: &Workers,
    ) -> Result<Made> {
        let incidents = located.incidents;
        let baseline = Reported::of(located, &selection.then);
        let zone = incidents
            .times()
            .map_or_else(Zone::amsterdam, |t| t.zone().clone());
        // Period and baseline are counted already.
        let then_is = match self.baseline {
            Some(year) => Some(Period::year(year, &zone)?),
            None => None,
        };
        let counted = [selection.period.as_ref(), then_is.as_ref()];
        let is_counted = |year: &Period| counted.iter().flatten().any(|p| p.start == year.start);
        years.retain(|(year, _)| !is_counted(year));
        let by = Nature::breakdowns(incidents);
        Ok(Made {
            analysis: self.clone(),
            zone,
            then,
            reported: Some([Reported::of(located, &selection.now), baseline]),
            years,
            divisions: Division::all(&by, incidents, &self.theme, &selection.now, workers)?,
        })
    }

    /// Tells how the density and the cells were made.
    fn account(&self, surface: &Surface, inference: &str, provenance: &mut Provenance) {
        let metres = |length: f64| format!("{length} m");
        provenance.push("bandwidth", metres(surface.bandwidth()));
        provenance.push("kernel", surface.kernel().name());
        provenance.push("density_cell", metres(surface.grid().cell_size()));
        provenance.push("cell_size", metres(self.cell_size));
        provenance.push("cells_inference", inference);
    }

    /// The kind of people the rate is about.
    pub(super) fn exposure_kind(&self) -> &str {
        let own = self.exposure.as_deref();
        own.unwrap_or(self.theme.exposure_kind())
    }

    /// What the figures of the neighbourhoods come from.
    fn provenance(
        &self,
        figures: &Figures<'_>,
        target: Option<&TargetProgress>,
        surroundings: &Surroundings,
    ) -> Provenance {
        let mut provenance = Provenance::new(self.seed);
        provenance.push("theme", self.theme.name());
        if let Some(categories) = self.theme.categories() {
            provenance.push("categories", categories.collect::<Vec<_>>().join(", "));
        }
        provenance.push(
            "period",
            figures.period.as_ref().map_or("all", |p| &p.label),
        );
        if let Some(baseline) = &figures.baseline {
            provenance.push("baseline", &baseline.label);
            self.account_register(&mut provenance);
        }
        if let Some(TargetProgress { share, year, .. }) = target {
            provenance.push("target", format!("{share} of the baseline in {year}"));
        }
        provenance.push("exposure", self.exposure_kind());
        provenance.push("per", self.theme.per_people().to_string());
        provenance.push("level", self.level.to_string());
        provenance.push("neighbourhood_weights", "queen contiguity, self included");
        provenance.push("neighbourhood_values", surroundings.values);
        provenance.push("neighbourhood_inference", &surroundings.inference);
        provenance.push("neighbourhood_tests", surroundings.gi.tests.to_string());
        provenance
    }

    pub(super) fn check(&self) -> Result<()> {
        if !(self.level > 0.0 && self.level < 0.5) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a number between 0 and 0.5",
            ));
        }
        if let Some(target) = self.target {
            target.check(self.baseline)?;
        }
        if !(self.cell_size.is_finite() && self.cell_size > 0.0) {
            return Err(Error::parameter(
                "cell_size",
                self.cell_size,
                "a positive number of metres",
            ));
        }
        Ok(())
    }

    /// Everything that is known per neighbourhood.
    pub(super) fn areas_only(
        &self,
        areas: &Arc<Neighbourhoods>,
        figures: Figures<'_>,
        workers: &Workers,
    ) -> Result<HotspotResult> {
        let kind = self.exposure_kind();
        let year = |p: &Option<Period>| p.as_ref().map(|p| p.last_year(&figures.zone));
        let (now, then) = (year(&figures.period), year(&figures.baseline));
        let people = self.people(areas, now)?;
        let people_then = self.people_then(areas, then)?;
        let from: Vec<(i16, PeopleFrom)> = [(then, people_then.from), (now, people.from)]
            .into_iter()
            .filter_map(|(year, from)| Some((year?, from)))
            .collect();
        let (population, population_then) = (people.values, people_then.values);
        let surroundings = Surroundings::of(
            figures.neighbours,
            figures.counts,
            &population,
            self.level,
            self.seed,
            workers,
        )?;
        let density = match figures.surface {
            Some((surface, located)) => {
                let of = surface.by_neighbourhood_with(areas, &located.index, workers)?;
                Some((of.mean, of.peak))
            }
            None => None,
        };
        let (mut table, city, mut warnings) = table(&Inputs {
            areas,
            counts: figures.counts,
            then: figures.then,
            population: &population,
            population_then: &population_then,
            per: self.theme.per_people(),
            density,
            surroundings: &surroundings,
            totals: figures.totals,
        })?;
        let target = self.target.zip(then.zip(now));
        let target = target.and_then(|(wanted, years)| TargetProgress::of(wanted, &city, years));
        let people = (&population[..], &population_then[..]);
        let districts = Districts::of(areas, &figures, people, self.theme.per_people())?;
        warnings.extend(super::warnings::of_areas(areas, &from, kind));
        warnings.extend(figures.topology.iter().cloned());
        warnings.extend(figures.baseline.as_ref().and_then(super::warnings::unusual));
        warnings.extend(figures.period.as_ref().and_then(super::warnings::unusual));
        warnings.extend(unequal(figures.period.as_ref(), figures.baseline.as_ref()));
        warnings.extend(self.about_register());
        warnings.extend(surroundings.gi.warnings.iter().cloned());
        let mut provenance = self.provenance(&figures, target.as_ref(), &surroundings);
        for (year, from) in &from {
            provenance.push(&format!("people_of_{year}"), from.told());
        }
        let history = match figures.series {
            Some(series) => {
                let (history, own) =
                    series.named(figures.neighbours, areas, kind, self.level, workers)?;
                let said = |w: &Warning| warnings.iter().any(|other| other.code == w.code);
                let new: Vec<Warning> = own.into_iter().filter(|w| !said(w)).collect();
                warnings.extend(new);
                table.emerging_category = history.names();
                Some(history)
            }
            None => None,
        };
        if let Some(history) = &history {
            history.account(&mut provenance);
        }
        Ok(HotspotResult {
            theme: self.theme.clone().exposure(kind),
            people: from,
            period: figures.period,
            baseline: figures.baseline,
            history,
            target,
            districts,
            years: None,
            nature: None,
            stability: None,
            clusters: None,
            near_repeat: None,
            areas: Arc::clone(areas),
            neighbourhoods: table,
            cells: None,
            surface: None,
            city,
            warnings,
            provenance,
            protection: None,
            made: None,
        })
    }
}

/// Tells which incidents came in, and what became of them.
fn account_rows(
    incidents: &Incidents,
    selection: &Selection,
    (counts, outside): (&[i64], u64),
    provenance: &mut Provenance,
) {
    provenance.rows_in = incidents.rows_in();
    provenance.rows_rejected = incidents.rejected().len();
    provenance.rows_selected = selection.now.len() as u64;
    provenance.rows_outside = outside;
    debug_assert_eq!(
        provenance.rows_selected,
        outside + counts.iter().sum::<i64>() as u64,
        "every incident of the selection is in one neighbourhood or outside all"
    );
}

/// What is known per neighbourhood before any statistics.
pub(super) struct Figures<'a> {
    pub(super) counts: &'a [i64],
    pub(super) then: Option<&'a [i64]>,
    pub(super) period: Option<Period>,
    pub(super) baseline: Option<Period>,
    pub(super) zone: Zone,
    pub(super) surface: Option<(&'a Surface, &'a Located<'a>)>,
    pub(super) series: Option<Series>,
    pub(super) topology: &'a [Warning],
    pub(super) neighbours: &'a Weights,
    pub(super) totals: Option<Totals>,
    /// Counts of the districts in the period and the baseline, where they are not the sums.
    pub(super) districts: Option<Vec<Vec<i64>>>,
}

/// Cells with the inference that was used for them.
pub(crate) struct Cells {
    pub(crate) table: CellTable,
    pub(super) inference: &'static str,
    pub(crate) warnings: Vec<Warning>,
}

#[cfg(test)]
mod tests;
