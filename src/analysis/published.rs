//! A result that may leave the desk.

use std::collections::BTreeSet;
use std::sync::Arc;

use ndarray::Array2;

use super::asked::{Asked, Round, Shown};
use super::configuration::Figures;
use super::left_out::{blank, coarser, hot_cells, rate_ends, without_numbers};
use super::made::Made;
use super::nature_shown::NatureAsked;
use super::protection::{AuditRow, Protection};
use super::result::HotspotResult;
use super::table::Totals;
use super::years::{YearCounts, Years};
use crate::error::{Error, Result};
use crate::index::topology_warnings;
use crate::parallel::Workers;
use crate::publish::{CellKey, Disclosure, Ledger, Protected, State};
use crate::weights::Weights;

/// Classes of a published density, the empty one apart.
const CLASSES: usize = 6;

/// A result that passed disclosure control, which is what every writer asks for.
///
/// Counts of neighbourhoods, of the city, of both periods and of every year are protected by
/// [`Disclosure`], and the whole analysis is done again from what is published of them, so that rates,
/// intervals, changes, Gi*, classes, ranks and sentences say nothing that the counts do not say. Where
/// a count is withheld, a stand-in that depends on the rules alone takes its place in the figures of
/// others, and its own figures are left out; [`Protection`] tells which hotspots do not depend on it.
/// The density is shown in classes; cells are shown where they are hot.
///
/// The nature of the reports is published for the neighbourhoods that stand out on the published map,
/// together, beside the others: each count by kind, part of the day and of the week, weekday and season is
/// a cell of the same audit, and shares and quotients come from what is published of it. So it is for the
/// first five of them by themselves, where they have at least thirty reports, by kind and by part of the
/// week. Reports are resampled
/// as they are published. Left out are:
///
/// - counts by quarter or month, and with them what is new or lasting: few are large enough;
/// - the nature of a neighbourhood by hour or season, and by kinds and times crossed: with a few reports in
///   each cell nearly all would be withheld, and the others to hide them;
/// - repeats: the share of the busiest address is its count;
/// - whether one report is followed by another: that counts pairs, and ten reports of one address are
///   45 of them, so that no minimum count protects who lives there;
/// - other grids and bandwidths: they would need smaller cells and bandwidths than may be shown;
/// - kinds, where all categories are counted or another theme counts some of them only, and the whole
///   nature where an earlier release tells the same reports apart another way: what two such tables
///   say together is not audited;
/// - the years between, where something else counts the same reports;
/// - the density per neighbourhood and the numbers of rows.
///
/// Under [`Disclosure::internal`] nothing is changed, and pages carry a mark that says so.
///
/// ```
/// use brandpunt::Theme;
/// use brandpunt::analysis::HotspotAnalysis;
/// use brandpunt::publish::Disclosure;
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(5_000).seed(1).neighbourhoods(60).build()?;
/// let result = HotspotAnalysis::new(Theme::youth_nuisance())
///     .run(&city.incidents, &city.neighbourhoods)?;
/// let published = result.publish(&Disclosure::cbs5())?;
/// let counts = &published.result().neighbourhoods.count;
/// assert!((0..60).all(|i| published.result().is_withheld(i) || counts[i] % 5 == 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Published {
    result: HotspotResult,
    audit: Vec<AuditRow>,
}

impl HotspotResult {
    /// Protects this result as the only one that is ever published.
    ///
    /// # Errors
    /// As [`Published::all`].
    pub fn publish(&self, rules: &Disclosure) -> Result<Published> {
        let workers = Workers::new(0)?;
        let mut all = Published::all(
            std::slice::from_ref(self),
            rules,
            &mut Ledger::new(),
            &workers,
        )?;
        all.pop()
            .ok_or_else(|| Error::internal("a result was lost on publishing"))
    }
}

impl Published {
    /// Protects results that go out together, given everything in the ledger, and adds them to it.
    ///
    /// # Errors
    /// [`Error::Disclosure`] for a bandwidth or cells too narrow to publish, for rules that need
    /// addresses where only counts were given, and where earlier releases leave nothing to hide;
    /// [`Error::File`] when the ledger cannot be written; [`Error::Cancelled`].
    pub fn all(
        results: &[HotspotResult],
        rules: &Disclosure,
        ledger: &mut Ledger,
        workers: &Workers,
    ) -> Result<Vec<Self>> {
        if rules.is_internal() {
            let whole = |result: &HotspotResult| Self {
                result: result.clone(),
                audit: Vec::new(),
            };
            return Ok(results.iter().map(whole).collect());
        }
        let mut staged = ledger.staged();
        // What is counted of each, whenever: kinds are not told apart that another theme adds up.
        let themes: Vec<CellKey> = results
            .iter()
            .map(|result| match result.theme.categories() {
                Some(names) => CellKey::area("").categories(names),
                None => CellKey::area(""),
            })
            .collect();
        let out = results
            .iter()
            .map(|result| protected(result, rules, (&mut staged, &themes), workers))
            .collect::<Result<_>>()?;
        ledger.adopt(staged)?;
        Ok(out)
    }

    /// What is published.
    #[must_use]
    pub fn result(&self) -> &HotspotResult {
        &self.result
    }

    /// What was withheld and why, with the true counts: for the analyst, not for publishing.
    #[must_use]
    pub fn audit(&self) -> &[AuditRow] {
        &self.audit
    }

    /// Whether nothing was protected.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.result.protection.is_none()
    }
}

fn protected(
    result: &HotspotResult,
    rules: &Disclosure,
    (ledger, together): (&mut Ledger, &[CellKey]),
    workers: &Workers,
) -> Result<Published> {
    let (Some(made), None) = (&result.made, &result.protection) else {
        return Err(Error::disclosure(
            "this result was protected already; protect the one that the analysis gave",
        ));
    };
    if let (Some(surface), Some(cells)) = (&result.surface, &result.cells) {
        rules.widths(surface.bandwidth(), cells.grid.cell_size())?;
    }
    let mut asked = Asked::of(result, made, (&*ledger, together))?;
    // Which neighbourhoods stand out follows from what is published of them, and the nature of the
    // reports there from that; so counts come first and the rest is judged with them.
    let mut staged = ledger.staged();
    let first = rules.run_against(&asked.counted.table, &mut staged, &asked.label)?;
    let neighbours = Weights::queen(&result.areas)?;
    let mut out = again(result, made, &asked, &Shown::of(rules, &first), workers)?;
    let states = Shown::of(rules, &first).states(&asked.rounds[0]).to_vec();
    let counts_only = asked.counted.table.len();
    let mut told = None;
    // Beside what went out before, parts may leave nothing to hide behind: then those of single
    // neighbourhoods stay in, else all of them.
    for of_areas in [Some(&states[..]), None] {
        let releases = (&*ledger, together);
        let nature = NatureAsked::of(&mut asked, result, &out, made, of_areas, releases)?;
        if asked.counted.table.len() == counts_only {
            break;
        }
        let mut with_parts = ledger.staged();
        let (table, label) = (&asked.counted.table, &asked.label);
        match rules.run_after(Some(&first), table, &mut with_parts, label) {
            Ok(protected) => {
                told = Some((protected, nature, with_parts));
                break;
            }
            Err(Error::Disclosure { .. }) => {
                asked = Asked::of(result, made, (&*ledger, together))?;
            }
            Err(other) => return Err(other),
        }
    }
    let (protected, nature, released) = told.unwrap_or((first, None, staged));
    *ledger = released;
    let shown = Shown::of(rules, &protected);
    let mut protection = Protection::new(rules, shown.states(&asked.rounds[0]).to_vec());
    protection.baseline_states = asked.baseline().map(|round| shown.states(round).to_vec());
    rate_ends(&mut out, &protection.states, result.theme.per_people())?;
    protection.bound(&out, made, &neighbours)?;
    out.nature = nature.map(|nature| nature.nature(&shown, &protected.states, made));
    if let Some(districts) = &mut out.districts {
        let rounds = asked.compared();
        districts.protect(rounds.map(|round| shown.district_states(round)).collect());
    }
    out.years = years(result, made, &asked, &shown)?;
    protection.years_withheld = result.years.is_some() && out.years.is_none();
    if let Some(stability) = &result.stability {
        let withheld: Vec<bool> = protection.states.iter().map(State::is_withheld).collect();
        let table = &out.neighbourhoods;
        let counts = (&neighbours, &table.count[..], &table.population[..]);
        let stability = stability.published(&made.analysis, counts, &withheld, workers)?;
        out.stability = Some(stability);
    }
    account(&mut out, result, &protection);
    if let (Some(surface), Some([now, _])) = (&result.surface, &made.reported) {
        let coarse = coarser(surface, rules.smallest_cell())?;
        let size = format!("{} m", coarse.grid().cell_size());
        out.provenance.push("density_cell", size);
        let shown = rules.surface(&coarse, &now.x, &now.y, CLASSES, workers)?;
        out.surface = Some(shown.surface);
        protection.classes = Some(shown.classes);
        out.cells = result
            .cells
            .as_ref()
            .map(|cells| hot_cells(cells, now, rules));
    }
    out.protection = Some(Arc::new(protection));
    let audit = audit(result, &asked, &protected);
    Ok(Published { result: out, audit })
}

/// The analysis done again from what is published of the counts.
fn again(
    result: &HotspotResult,
    made: &Made,
    asked: &Asked<'_>,
    shown: &Shown<'_>,
    workers: &Workers,
) -> Result<HotspotResult> {
    let now = &asked.rounds[0];
    let totals = Totals {
        all: shown.all(now),
        with_people: shown.with_people(now),
        with_people_then: asked.baseline().map_or(0, |then| shown.with_people(then)),
    };
    let topology = topology_warnings(&result.areas, workers)?;
    let figures = Figures {
        counts: shown.areas(now),
        then: asked.baseline().map(|then| shown.areas(then)),
        period: result.period.clone(),
        baseline: result.baseline.clone(),
        zone: made.zone.clone(),
        surface: None,
        series: None,
        topology: &topology,
        neighbours: &Weights::queen(&result.areas)?,
        totals: Some(totals),
        districts: Some(
            asked
                .compared()
                .map(|round| shown.districts(round))
                .collect(),
        ),
    };
    let mut out = made.analysis.areas_only(&result.areas, figures, workers)?;
    let counts = shown.areas(now);
    made.analysis.look_for_clusters(&mut out, counts, workers)?;
    let before = asked.baseline().map(|then| shown.states(then));
    blank(&mut out, shown.states(now), before);
    out.warnings
        .splice(0..0, without_numbers(&result.warnings, &out.warnings));
    Ok(out)
}

/// The years from what is published of them.
fn years(
    result: &HotspotResult,
    made: &Made,
    asked: &Asked<'_>,
    shown: &Shown<'_>,
) -> Result<Option<Years>> {
    let Some(whole) = &result.years else {
        return Ok(None);
    };
    let rounds: Option<Vec<&Round>> = whole.periods.iter().map(|p| asked.of_period(p)).collect();
    let Some(rounds) = rounds else {
        return Ok(None);
    };
    let shape = (result.areas.len(), rounds.len());
    let counts = YearCounts {
        periods: whole.periods.clone(),
        count: Array2::from_shape_fn(shape, |(area, year)| shown.areas(rounds[year])[area]),
        city: rounds
            .iter()
            .map(|round| shown.with_people(round))
            .collect(),
        states: Some(Array2::from_shape_fn(shape, |(area, year)| {
            shown.states(rounds[year])[area]
        })),
    };
    let (kind, per) = (made.analysis.exposure_kind(), result.theme.per_people());
    Years::of(counts, &result.areas, kind, per, &made.zone).map(Some)
}

/// What the figures come from, without numbers of rows.
fn account(out: &mut HotspotResult, result: &HotspotResult, protection: &Protection) {
    let from = &mut out.provenance;
    from.inputs.clone_from(&result.provenance.inputs);
    for input in &mut from.inputs {
        (input.rows_in, input.rows_used, input.rows_rejected) = (0, 0, 0);
    }
    for (name, value) in &result.provenance.parameters {
        if matches!(
            name.as_str(),
            "bandwidth" | "kernel" | "cell_size" | "cells_inference"
        ) {
            from.push(name, value.as_str());
        }
    }
    from.push("disclosure", protection.preset.as_str());
    from.push(
        "disclosure_minimum_count",
        protection.minimum_count.to_string(),
    );
    from.push("disclosure_rounding", protection.rounding.to_string());
}

fn audit(result: &HotspotResult, asked: &Asked<'_>, protected: &Protected) -> Vec<AuditRow> {
    let known = result.areas.codes().iter();
    let known: BTreeSet<&str> = known.map(String::as_str).collect();
    let period = |key: &CellKey| {
        let mut rounds = asked
            .rounds
            .iter()
            .filter_map(|round| round.period.as_ref());
        let same = rounds.find(|p| (p.start, p.end) == (key.start, key.end));
        same.map_or("all", |p| &p.label).to_owned()
    };
    let part = |(by, cell): &(String, String)| format!("{by}: {cell}");
    let table = &asked.counted.table;
    let keys = table.keys().iter().enumerate();
    let told = keys.filter(|(cell, _)| !table.is_kept_back(*cell));
    told.map(|(cell, key)| AuditRow {
        code: known.contains(key.area.as_str()).then(|| key.area.clone()),
        area: key.area.clone(),
        part: key.part.as_ref().map(part),
        period: period(key),
        count: asked.counted.table.counts()[cell],
        state: protected.states[cell],
        why: protected.why[cell],
        group: protected.groups.contains(&cell),
    })
    .collect()
}
