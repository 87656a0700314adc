//! The columns per neighbourhood and the figures of the city.

use super::reason::Reason;
use super::result::{City, NeighbourhoodTable};
use super::surroundings::Surroundings;
use crate::error::Result;
use crate::methods::rates::{Change, RateTable, Rates, Smoothing, dispersion};
use crate::model::{Neighbourhoods, Warning, WarningCode};
use crate::stats::sum;

/// Columns of the areas from which the table is made.
pub(super) struct Inputs<'a> {
    pub(super) areas: &'a Neighbourhoods,
    pub(super) counts: &'a [i64],
    pub(super) then: Option<&'a [i64]>,
    pub(super) population: &'a [f64],
    pub(super) population_then: &'a [f64],
    pub(super) per: f64,
    pub(super) density: Option<(Vec<f64>, Vec<f64>)>,
    pub(super) surroundings: &'a Surroundings,
    /// Totals over all areas and over those with people, where they are not the sums of the counts.
    pub(super) totals: Option<Totals>,
}

/// Totals that were published by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) all: i64,
    pub(super) with_people: i64,
    pub(super) with_people_then: i64,
}

/// Variance-to-mean ratio above which Poisson intervals are said to be too narrow.
const OVERDISPERSED: f64 = 1.5;
/// Fewer incidents than this say little about any single neighbourhood.
const FEW: i64 = 30;

pub(super) fn table(inputs: &Inputs<'_>) -> Result<(NeighbourhoodTable, City, Vec<Warning>)> {
    let n = inputs.areas.len();
    let rates = Rates::new().per(inputs.per).smoothing(Smoothing::Global);
    let rate = rates.run(inputs.counts, inputs.population)?;
    let (ratio, ratio_p, ratio_q) = against_the_rest(inputs)?;
    let change = match inputs.then {
        Some(then) => {
            let change = Change::new().per(inputs.per);
            Some((
                change.run(
                    inputs.counts,
                    inputs.population,
                    then,
                    inputs.population_then,
                )?,
                rates.run(then, inputs.population_then)?.rate,
            ))
        }
        None => None,
    };
    let nan = || vec![f64::NAN; n];
    let gi = &inputs.surroundings.gi;
    let smoothed = rate.smoothed.clone().unwrap_or_else(nan);
    let (density_mean, density_peak) = inputs.density.clone().unwrap_or_else(|| (nan(), nan()));
    let city = city(inputs, &rates)?;
    let mut table = NeighbourhoodTable {
        code: inputs.areas.codes().to_vec(),
        name: inputs.areas.names().to_vec(),
        count: inputs.counts.to_vec(),
        population: inputs.population.to_vec(),
        reason: (0..n)
            .map(|i| Reason {
                class: gi.hotspot_class[i],
                gi_q: gi.q[i],
                count: inputs.counts[i],
                rate: (rate.rate[i], rate.low[i], rate.high[i]),
                ratio: ratio[i],
                ratio_q: ratio_q[i],
                per: inputs.per,
                withheld: false,
            })
            .collect(),
        rank: ranks(inputs.areas, &gi.hotspot_class, &smoothed, inputs.counts),
        rate: rate.rate,
        rate_low: rate.low,
        rate_high: rate.high,
        rate_smoothed: smoothed,
        rate_ratio: ratio,
        rate_p: ratio_p,
        rate_q: ratio_q,
        baseline_rate: nan(),
        change: nan(),
        change_low: nan(),
        change_high: nan(),
        change_q: nan(),
        density_mean,
        density_peak,
        gi_z: gi.z.clone(),
        gi_p: gi.p.clone(),
        gi_q: gi.q.clone(),
        hotspot_class: gi.hotspot_class.clone(),
        emerging_category: vec![None; n],
    };
    if let Some((change, before)) = change {
        table.baseline_rate = before;
        table.change = change.ratio;
        table.change_low = change.low;
        table.change_high = change.high;
        table.change_q = change.q;
    }
    let warnings = warnings(inputs, &city);
    Ok((table, city, warnings))
}

/// The rate of each area divided by that of all others together, with exact p and q.
fn against_the_rest(inputs: &Inputs<'_>) -> Result<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let known = || (0..inputs.counts.len()).filter(|&i| inputs.population[i] > 0.0);
    let total: i64 = known().map(|i| inputs.counts[i]).sum();
    let people = sum(known().map(|i| inputs.population[i]));
    let rest: Vec<i64> = (0..inputs.counts.len())
        .map(|i| {
            if inputs.population[i] > 0.0 {
                total - inputs.counts[i]
            } else {
                0
            }
        })
        .collect();
    let others: Vec<f64> = inputs
        .population
        .iter()
        .map(|p| if *p > 0.0 { people - p } else { f64::NAN })
        .collect();
    let compared = Change::new().run(inputs.counts, inputs.population, &rest, &others)?;
    Ok((compared.ratio, compared.p, compared.q))
}

/// Incidents and people of the areas with people.
fn with_people(counts: &[i64], population: &[f64]) -> (i64, f64) {
    let known = || counts.iter().zip(population).filter(|(_, p)| **p > 0.0);
    let count = known().map(|(c, _)| *c).sum();
    (count, sum(known().map(|(_, p)| *p)))
}

/// Incidents and people of the period and of the baseline, over the areas that have people in both.
fn both_periods(inputs: &Inputs<'_>, then: &[i64]) -> [(i64, f64); 2] {
    let (mut people, mut people_then) =
        (inputs.population.to_vec(), inputs.population_then.to_vec());
    let mut alike = true;
    for (now, then) in people.iter_mut().zip(&mut people_then) {
        if (*now > 0.0) != (*then > 0.0) {
            alike = false;
            (*now, *then) = (f64::NAN, f64::NAN);
        }
    }
    let mut now = with_people(inputs.counts, &people);
    let mut before = with_people(then, &people_then);
    // Totals that were published by themselves are those of all areas with people.
    if let Some(totals) = inputs.totals.filter(|_| alike) {
        (now.0, before.0) = (totals.with_people, totals.with_people_then);
    }
    [now, before]
}

fn city(inputs: &Inputs<'_>, rates: &Rates) -> Result<City> {
    let (mut count, population) = with_people(inputs.counts, inputs.population);
    if let Some(totals) = inputs.totals {
        count = totals.with_people;
    }
    let RateTable {
        rate, low, high, ..
    } = rates.run(&[count], &[population])?;
    let mut city = City {
        count: inputs
            .totals
            .map_or_else(|| inputs.counts.iter().sum(), |totals| totals.all),
        population,
        rate: rate[0],
        rate_low: low[0],
        rate_high: high[0],
        baseline_rate: f64::NAN,
        change: f64::NAN,
        change_low: f64::NAN,
        change_high: f64::NAN,
        change_p: f64::NAN,
        moran: inputs.surroundings.moran.statistic,
        moran_p: inputs.surroundings.moran.p,
        dispersion: dispersion(inputs.counts, inputs.population)?,
    };
    if let Some(then) = inputs.then {
        let [now, before] = both_periods(inputs, then);
        let change = Change::new().run(&[now.0], &[now.1], &[before.0], &[before.1])?;
        city.baseline_rate = rates.run(&[before.0], &[before.1])?.rate[0];
        city.change = change.ratio[0];
        city.change_low = change.low[0];
        city.change_high = change.high[0];
        city.change_p = change.p[0];
    }
    Ok(city)
}

/// 1 for the area to look at first: by class, then smoothed rate, then count, then code.
pub(super) fn ranks(
    areas: &Neighbourhoods,
    class: &[i8],
    smoothed: &[f64],
    counts: &[i64],
) -> Vec<u32> {
    let mut order: Vec<usize> = (0..areas.len()).collect();
    let rate = |i: usize| {
        if smoothed[i].is_nan() {
            f64::NEG_INFINITY
        } else {
            smoothed[i]
        }
    };
    order.sort_by(|&a, &b| {
        class[b]
            .cmp(&class[a])
            .then(rate(b).total_cmp(&rate(a)))
            .then(counts[b].cmp(&counts[a]))
            .then(areas.codes()[a].cmp(&areas.codes()[b]))
    });
    let mut rank = vec![0; order.len()];
    for (place, &i) in (1..).zip(&order) {
        rank[i] = place;
    }
    rank
}

fn warnings(inputs: &Inputs<'_>, city: &City) -> Vec<Warning> {
    let mut out = Vec::new();
    if city.count < FEW {
        out.push(Warning::with_value(
            WarningCode::TooFewIncidents,
            city.count as f64,
            format!(
                "Only {} incidents in all neighbourhoods: too few to tell them apart.",
                city.count
            ),
        ));
    }
    if city.dispersion > OVERDISPERSED {
        out.push(Warning::with_value(
            WarningCode::Overdispersion,
            city.dispersion,
            format!(
                "Counts vary {:.1} times as much between neighbourhoods as chance alone would \
                 make them (variance-to-mean ratio, given the populations). Rates truly differ, or \
                 reports come in series; intervals and comparisons of single rates, which assume \
                 independent reports, may then be too narrow. Gi* by permutation does not assume \
                 it.",
                city.dispersion
            ),
        ));
    }
    let unknown = inputs
        .population
        .iter()
        .filter(|p| p.is_nan() || **p <= 0.0)
        .count();
    if unknown > 0 {
        let held: i64 = (0..inputs.counts.len())
            .filter(|&i| inputs.population[i].is_nan() || inputs.population[i] <= 0.0)
            .map(|i| inputs.counts[i])
            .sum();
        out.push(Warning::with_value(
            WarningCode::MissingPopulation,
            unknown as f64,
            format!(
                "{unknown} of {} neighbourhoods have no population; they have a count but no rate \
                 and are left out of the city's rate ({held} incidents).",
                inputs.population.len()
            ),
        ));
    }
    out
}
