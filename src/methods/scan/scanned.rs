//! From checked counts to clusters.

use super::cells::Cells;
use super::clusters::{ScanCluster, ScanResult};
use super::likelihood::Likelihood;
use super::model::ScanTail;
use super::nature::Nature;
use super::options::Options;
use super::significance::{gumbel, p};
use super::simulation::Simulation;
use super::sweep::{Best, Field, Span};
use super::windows::{GROWN, Windows, flexible, restricted};
use super::zones::Places;
use crate::error::Result;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;

/// The steps at which windows may begin and end.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    /// Of the map that was seen.
    pub(super) seen: Vec<Span>,
    /// Of simulated maps; more where earlier looks count.
    pub(super) simulated: Vec<Span>,
    /// Days between two looks, for prospective scans.
    pub(super) days: Option<f64>,
}

/// Finds the clusters.
pub(super) fn scan(
    options: &Options,
    cells: &Cells,
    spans: &Spans,
    workers: &Workers,
) -> Result<ScanResult> {
    let nothing = ScanResult {
        clusters: Vec::new(),
        model: options.model,
        tail: options.tail,
        simulated: Vec::new(),
        dispersion: f64::NAN,
        dispersion_p: f64::NAN,
        cases: u64::from(cells.cases),
        units: cells.units(),
        missing: cells.missing,
        windows: 0,
        warnings: cells.left_out().into_iter().collect(),
    };
    if cells.cases < 2 || cells.units() < 2 {
        return Ok(without_clusters(nothing, cells));
    }
    let nature = Nature::of(options.model, cells);
    let workers = workers.telling("scan", 0.0..1.0);
    let people = nature.people(cells);
    let places = Places {
        x: &cells.x,
        y: &cells.y,
        people: &people,
    };
    let flexible = flexible(options, cells)?;
    let restricted = restricted(options, cells, places, flexible.as_ref(), &nature, &workers)?;
    let windows = Windows {
        places,
        flexible: flexible.as_ref(),
        restricted: restricted.as_ref(),
    };
    let field = windows.field(options, cells, &nature, &workers)?;
    let chance = nature.chance(cells);
    let simulation = Simulation {
        field: &field,
        restricted: restricted.as_ref(),
        chance: &chance,
        spread: nature.spread(),
        spans: &spans.simulated,
        seed: options.seed,
    };
    let counts = cells.running();
    let divisor = nature.divisor();
    let [first] = field.best(&counts, &spans.seen, &workers.unheard())?;
    let until = match options.tail {
        ScanTail::Sequential { reached } => Some((reached, first.ratio / divisor)),
        ScanTail::Rank | ScanTail::Gumbel => None,
    };
    let told = workers.telling("replicates", GROWN..1.0);
    let greatest = if first.ratio > 0.0 {
        simulation.greatest(options.replicates, until, &told)?
    } else {
        Vec::new()
    };
    let simulated: Vec<f64> = greatest.iter().map(|ratio| ratio * divisor).collect();
    let windows = (field.zones.windows() * spans.seen.len()) as u64;
    let found = Found {
        options,
        cells,
        spans,
        simulated: &simulated,
        likelihood: field.rule.likelihood,
    };
    let clusters = found.clusters(field, &counts, first, &workers.unheard())?;
    let mut warnings = nothing.warnings.clone();
    warnings.extend(nature.warning());
    Ok(ScanResult {
        clusters,
        model: nature.model,
        simulated,
        dispersion: nature.dispersion,
        dispersion_p: nature.dispersion_p,
        windows,
        warnings,
        ..nothing
    })
}

fn without_clusters(mut result: ScanResult, cells: &Cells) -> ScanResult {
    result.warnings.push(Warning::with_value(
        WarningCode::TooFewIncidents,
        f64::from(cells.cases),
        format!(
            "{} cases in {} units: a cluster takes two cases and a unit outside.",
            cells.cases,
            cells.units()
        ),
    ));
    result
}

/// What is needed to describe the clusters.
struct Found<'a> {
    options: &'a Options,
    cells: &'a Cells,
    spans: &'a Spans,
    simulated: &'a [f64],
    likelihood: Likelihood,
}

impl Found<'_> {
    /// The strongest window, then the strongest that shares no unit with it, and so on.
    fn clusters(
        &self,
        mut field: Field,
        counts: &[[i32; 1]],
        first: Best,
        workers: &Workers,
    ) -> Result<Vec<ScanCluster>> {
        let mut out = Vec::new();
        let mut taken = vec![false; self.cells.units()];
        let mut best = first;
        while best.ratio > 0.0 && out.len() < self.options.most_clusters {
            let cluster = self.described(&field, counts, best);
            if cluster.p >= 1.0 {
                break;
            }
            out.push(cluster);
            for unit in field.zones.members(best.walk, best.length) {
                taken[unit] = true;
            }
            field.zones.leave_out(&taken);
            [best] = field.best(counts, &self.spans.seen, workers)?;
        }
        Ok(out)
    }

    fn described(&self, field: &Field, counts: &[[i32; 1]], best: Best) -> ScanCluster {
        let members = field.zones.members(best.walk, best.length);
        let center = field.zones.middle(best.walk);
        let outline = field.zones.outline_of(best.walk);
        let (first_step, last_step) = (best.span.0 as usize, best.span.1 as usize);
        let steps = field.steps;
        let (mut observed, mut measure, mut population, mut reach) = (0i64, 0.0, 0.0, 0.0f64);
        for &unit in &members {
            let upto = unit * steps + last_step;
            let before = (first_step > 0).then(|| unit * steps + first_step - 1);
            observed += i64::from(counts[upto][0] - before.map_or(0, |at| counts[at][0]));
            measure += field.measures[upto] - before.map_or(0.0, |at| field.measures[at]);
            population += self.cells.people[unit];
            let (x, y) = (self.cells.x[unit], self.cells.y[unit]);
            let (x, y) = (x - self.cells.x[center], y - self.cells.y[center]);
            reach = reach.max(outline.reach(x, y));
        }
        let count = observed as f64;
        let expected = self.likelihood.expected(measure);
        let cases = f64::from(self.cells.cases);
        let p = p(best.ratio, self.simulated, self.options.tail);
        let disc = outline.ratio == 1.0;
        ScanCluster {
            members: members.iter().map(|m| self.cells.position[*m]).collect(),
            center: [self.cells.x[center], self.cells.y[center]],
            center_unit: self.cells.position[center],
            radius: reach.sqrt() * outline.ratio,
            axis_ratio: outline.ratio,
            axis_angle: if disc {
                f64::NAN
            } else {
                outline.angle.to_degrees()
            },
            first_step,
            last_step,
            observed: observed as u64,
            expected,
            population,
            relative_risk: (count / expected) / ((cases - count) / (cases - expected)),
            log_likelihood_ratio: best.ratio,
            p,
            p_gumbel: gumbel(best.ratio, self.simulated),
            recurrence_interval: self.spans.days.map_or(f64::NAN, |days| days / p),
        }
    }
}
