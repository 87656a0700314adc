//! What of the counts of a table may be published.

use std::collections::BTreeMap;

use super::arguments::Rates as Options;
use super::publishing::known;
use super::rates::{Level, Levels, level};
use crate::error::Result;
use crate::methods::rates::Rates;
use crate::publish::{CellKey, CountTable, Disclosure, Ledger, State, rate_bounds};

/// One measure of the table: where its areas, its groups and its total are.
struct Measure {
    areas: usize,
    groups: Vec<usize>,
    city: usize,
}

/// Protects the counts of areas, groups and city, audited as sums of each other, and gives all three
/// with figures from what is published.
pub(super) fn protected(
    whole: &Levels,
    options: &Options,
    rules: &Disclosure,
    ledger: &mut Ledger,
) -> Result<Levels> {
    let mut table = CountTable::new();
    let mut measures = vec![measure(whole, &options.count, false, &mut table)?];
    if let Some(column) = &options.baseline_count {
        measures.push(measure(whole, column, true, &mut table)?);
    }
    let label = format!("{} of {}", options.count, options.table.display());
    let protected = rules.run_against(&table, ledger, &label)?;
    let of = |level: &Level, cells: &dyn Fn(&Measure, usize) -> usize| {
        let rows = level.code.len();
        let states = |m: &Measure| (0..rows).map(|i| protected.states[cells(m, i)]).collect();
        let states: Vec<Vec<State>> = measures.iter().map(states).collect();
        shown(level, &states, options, rules)
    };
    Ok(Levels {
        areas: of(&whole.areas, &|m, i| m.areas + i)?,
        groups: match &whole.groups {
            Some(groups) => Some(of(groups, &|m, i| m.groups[i])?),
            None => None,
        },
        city: of(&whole.city, &|m, _| m.city)?,
    })
}

/// Adds the counts of one column. Groups and city are of the areas with known people.
fn measure(whole: &Levels, column: &str, before: bool, table: &mut CountTable) -> Result<Measure> {
    let count = |level: &Level, i: usize| match &level.baseline {
        Some((then, _)) if before => then[i],
        _ => level.count[i],
    };
    // Columns count different things, as far as anyone knows.
    let key = |kind: &str, code: &str| CellKey::area(format!("{kind}{code}")).categories([column]);
    let areas = &whole.areas;
    let first = table.len();
    for (i, code) in areas.code.iter().enumerate() {
        let cell = table.push(key("", code), count(areas, i))?;
        table.population(cell, areas.population[i])?;
    }
    let known = |i: &usize| areas.unknown[*i] == 0;
    let mut groups = Vec::new();
    if let Some(all) = &whole.groups {
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for i in (0..areas.code.len()).filter(known) {
            members.entry(&areas.group[i]).or_default().push(first + i);
        }
        for (i, code) in all.code.iter().enumerate() {
            let cell = table.push(key("group ", code), count(all, i))?;
            table.population(cell, all.population[i])?;
            let parts = members.remove(code.as_str()).unwrap_or_default();
            table.relation(cell, &parts)?;
            groups.push(cell);
        }
    }
    let city = table.push(key("all", ""), count(&whole.city, 0))?;
    if whole.groups.is_some() {
        table.relation(city, &groups)?;
    } else {
        let parts: Vec<usize> = (0..areas.code.len())
            .filter(known)
            .map(|i| first + i)
            .collect();
        table.relation(city, &parts)?;
    }
    Ok(Measure {
        areas: first,
        groups,
        city,
    })
}

/// A level with its figures computed again from what is published.
fn shown(
    whole: &Level,
    states: &[Vec<State>],
    options: &Options,
    rules: &Disclosure,
) -> Result<Level> {
    let fill = |states: &[State]| states.iter().map(|s| s.filled(rules)).collect();
    let mut rows = whole.clone();
    rows.count = fill(&states[0]);
    if let (Some((then, _)), Some(before)) = (&mut rows.baseline, states.get(1)) {
        *then = fill(before);
    }
    let mut rows = level(rows, options)?;
    let per = Rates::new().per(options.per);
    let (low, high) = rate_bounds(&states[0], &rows.population, &per)?;
    for i in 0..rows.code.len() {
        let hidden = |states: &Vec<State>| states[i].is_withheld();
        if hidden(&states[0]) {
            rows.rates.rate[i] = f64::NAN;
            (rows.rates.low[i], rows.rates.high[i]) = (low[i], high[i]);
            if let Some(smoothed) = &mut rows.rates.smoothed {
                smoothed[i] = f64::NAN;
            }
        }
        if let Some(change) = rows.change.as_mut().filter(|_| states.iter().any(hidden)) {
            change.leave_out(i);
        }
    }
    rows.states = states.to_vec();
    rows.bounds = states.iter().map(|s| known(s, rules)).collect();
    Ok(rows)
}
