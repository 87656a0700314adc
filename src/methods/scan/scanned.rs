//! From checked counts to clusters.

use super::affordable::afford;
use super::cells::{Cells, running};
use super::clusters::{ScanCluster, ScanResult};
use super::flexible::Flexible;
use super::likelihood::Likelihood;
use super::model::{ScanModel, ScanTail};
use super::nature::Nature;
use super::options::Options;
use super::rule::{Ladder, Rule};
use super::shape::ScanShape;
use super::significance::{gumbel, p};
use super::simulation::{Simulation, bytes};
use super::sweep::{Best, Field, Span};
use super::zones::{Extent, Places, Zones};
use crate::error::{Error, Fault, Result};
use crate::memory;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;

/// Where in the whole of the work the windows are there.
const GROWN: f64 = 0.1;

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
    let field = field(options, cells, &nature, &workers)?;
    let chance = nature.chance(cells);
    let simulation = Simulation {
        field: &field,
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

/// All windows and how they are judged.
fn field(options: &Options, cells: &Cells, nature: &Nature, workers: &Workers) -> Result<Field> {
    let people: Vec<f64> = match nature.model {
        // The share of a window is that of its cases.
        ScanModel::SpaceTimePermutation => cells.people.clone(),
        _ => cells
            .shares
            .chunks(cells.steps)
            .map(|unit| unit.iter().sum())
            .collect(),
    };
    let places = Places {
        x: &cells.x,
        y: &cells.y,
        people: &people,
    };
    let extent = Extent {
        share: options.share,
        radius: options.radius,
    };
    let outlines = options.shape.outlines()?;
    let simulated = bytes(cells.counts.len());
    let limit = options.most_bytes;
    memory::afford("the simulated maps", simulated, limit, || {
        "take longer steps or fewer units".to_owned()
    })?;
    let flexible = flexible(options, cells)?;
    let flexible = flexible.as_ref();
    let left = limit - simulated;
    afford(places, outlines.len(), flexible, extent, left, workers)?;
    let grown = workers.telling("windows", 0.0..GROWN);
    let rule = Rule {
        likelihood: nature.likelihood,
        sides: options.sides,
        least: f64::from(options.least_cases),
    };
    let zones = Zones::grow(places, outlines, flexible, extent, &grown)?;
    Ok(Field {
        ladder: Ladder::new(&rule, &zones.penalties(), &workers.unheard())?,
        zones,
        rule,
        steps: cells.steps,
        measures: running(&nature.measures, cells.steps),
    })
}

/// Neighbours among the units that are scanned, where windows are flexible.
fn flexible(options: &Options, cells: &Cells) -> Result<Option<Flexible>> {
    let ScanShape::Flexible { most } = options.shape else {
        return Ok(None);
    };
    let Some(given) = &options.neighbours else {
        let expected = "who borders on whom, for the shape flexible";
        return Err(Error::parameter("weights", "missing", expected));
    };
    let units = cells.units() + cells.missing;
    if given.len() != units {
        let detail = format!("weights of {} units for {units} counts", given.len());
        return Err(Error::input(Fault::LengthMismatch, detail));
    }
    let mut number = vec![None; units];
    for (unit, &position) in (0u32..).zip(&cells.position) {
        number[position] = Some(unit);
    }
    let kept = |list: &Vec<u32>| list.iter().filter_map(|at| number[*at as usize]).collect();
    let neighbours = cells.position.iter().map(|at| kept(&given[*at])).collect();
    Ok(Some(Flexible { most, neighbours }))
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
