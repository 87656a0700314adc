//! A result that may leave the desk.

use std::sync::Arc;

use super::asked::Asked;
use super::configuration::Figures;
use super::left_out::{blank, coarser, hot_cells, without_numbers};
use super::protection::{AuditRow, Protection};
use super::result::HotspotResult;
use super::table::Totals;
use crate::error::{Error, Result};
use crate::index::topology_warnings;
use crate::model::Period;
use crate::parallel::Workers;
use crate::publish::{Disclosure, Ledger, Protected, State};
use crate::weights::Weights;

/// Classes of a published density, the empty one apart.
const CLASSES: usize = 6;

/// A result that passed disclosure control, which is what every writer asks for.
///
/// Counts of neighbourhoods, of the city and of both periods are protected by [`Disclosure`], and
/// the whole analysis is done again from what is published of them, so that rates, intervals,
/// changes, Gi*, classes, ranks and sentences say nothing that the counts do not say. Where a count
/// is withheld, a stand-in that depends on the rules alone takes its place in the figures of others,
/// and its own figures are left out. The density is shown in classes; cells are shown where they are
/// hot. The history, the nature of the reports, the trial with other settings and the density per
/// neighbourhood are left out, and so are the numbers of rows.
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
        let out = results
            .iter()
            .map(|result| protected(result, rules, &mut staged, workers))
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
    ledger: &mut Ledger,
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
    let asked = Asked::of(result, made)?;
    let protected = rules.run_against(&asked.table, ledger, &asked.label)?;
    let n = result.areas.len();
    let stand_in = |state: &State| match *state {
        State::Published(value) => value,
        State::Withheld { low, high } => rules.stand_in(low, high),
    };
    let fill: Vec<i64> = protected.states.iter().map(stand_in).collect();
    let counts = &fill[..n];
    let then = asked.baseline.map(|from| &fill[from..from + n]);
    let total = |place: Option<usize>, parts: &[i64]| match place {
        Some(cell) if !protected.states[cell].is_withheld() => fill[cell],
        _ => parts.iter().sum(),
    };
    let people = |counts: &[i64], known: &[bool]| -> Vec<i64> {
        let pairs = counts.iter().zip(known);
        pairs.filter(|(_, k)| **k).map(|(c, _)| *c).collect()
    };
    let totals = Totals {
        all: total(asked.totals[0], counts),
        with_people: total(asked.totals[1], &people(counts, &asked.known[0])),
        with_people_then: total(
            asked.totals[3],
            &people(then.unwrap_or(&[]), &asked.known[1]),
        ),
    };
    let topology = topology_warnings(&result.areas, workers)?;
    let figures = Figures {
        counts,
        then,
        period: result.period.clone(),
        baseline: result.baseline.clone(),
        zone: made.zone.clone(),
        surface: None,
        series: None,
        topology: &topology,
        neighbours: &Weights::queen(&result.areas)?,
        totals: Some(totals),
    };
    let mut out = made.analysis.areas_only(&result.areas, figures, workers)?;
    let mut protection = Protection::new(rules, protected.states[..n].to_vec());
    protection.baseline_states = asked
        .baseline
        .map(|from| protected.states[from..from + n].to_vec());
    blank(&mut out, &protection, result.theme.per_people())?;
    out.warnings
        .splice(0..0, without_numbers(&result.warnings, &out.warnings));
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

fn audit(result: &HotspotResult, asked: &Asked, protected: &Protected) -> Vec<AuditRow> {
    let n = result.areas.len();
    let named = |period: &Option<Period>| period.as_ref().map_or("all", |p| &p.label).to_owned();
    (0..asked.table.len())
        .map(|cell| {
            let then = asked.baseline.is_some_and(|from| cell >= from);
            let place = cell - asked.baseline.filter(|_| then).unwrap_or(0);
            AuditRow {
                code: result
                    .areas
                    .codes()
                    .get(place)
                    .filter(|_| place < n)
                    .cloned(),
                period: named(if then {
                    &result.baseline
                } else {
                    &result.period
                }),
                count: asked.table.counts()[cell],
                state: protected.states[cell],
                why: protected.why[cell],
                group: protected.groups.contains(&cell),
            }
        })
        .collect()
}
