//! `brandpunt rates`: how much for its people, from a table with a row per area.

use std::collections::BTreeMap;

use super::arguments::Rates as Options;
use super::asked;
use super::publishing;
use super::rate_tables;
use super::rates_published::protected;
use super::rates_table;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Error, Fault, Result, quoted};
use crate::io::{self, CsvFlavour, Population, Table};
use crate::methods::rates::{Change, ChangeTable, RateTable, Rates, Smoothing};
use crate::model::Exposure;
use crate::publish::State;

/// Rows of areas or of groups, with their rates and changes.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) code: Vec<String>,
    pub(super) name: Vec<String>,
    pub(super) group: Vec<String>,
    pub(super) count: Vec<i64>,
    pub(super) population: Vec<f64>,
    pub(super) baseline: Option<(Vec<i64>, Vec<f64>)>,
    /// Areas without known people in each row.
    pub(super) unknown: Vec<u64>,
    pub(super) rates: RateTable,
    pub(super) change: Option<ChangeTable>,
    /// What is published of the counts, and of those of the baseline; empty where nothing is
    /// protected.
    pub(super) states: Vec<Vec<State>>,
    /// Between what these counts are known to lie.
    pub(super) bounds: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Level {
    /// Whether a count may not be shown.
    pub(super) fn is_withheld(&self, i: usize) -> bool {
        self.states
            .first()
            .is_some_and(|states| states[i].is_withheld())
    }
}

/// The areas, their groups, and all of them together.
#[derive(Debug)]
pub(super) struct Levels {
    pub(super) areas: Level,
    pub(super) groups: Option<Level>,
    pub(super) city: Level,
}

/// Shows the city, the groups and the ranked areas, and writes the areas to a file.
pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let table = rate_tables::read(options).map_err(Stop::bad)?;
    asked::remark(table.warnings(), terminal);
    let (kept, without) = counted(&table);
    if !without.is_empty() {
        let shown: Vec<String> = without.iter().take(5).map(|code| quoted(code)).collect();
        let more = if without.len() > 5 { ", …" } else { "" };
        terminal.remark(&format!(
            "warning: {} of {} areas have no count, which is not zero, and are left out: {}{more}",
            without.len(),
            table.codes().len(),
            shown.join(", ")
        ));
    }
    let areas = areas(&table, &kept, options).map_err(Stop::bad)?;
    let groups = match options.group {
        Some(_) => Some(together(&areas, &areas.group, options).map_err(Stop::bad)?),
        None => None,
    };
    let all = vec![String::new(); areas.code.len()];
    let city = together(&areas, &all, options).map_err(Stop::bad)?;
    let mut levels = Levels {
        areas,
        groups,
        city,
    };
    // A table on the screen stays on the desk; what is shown beside a file is what is in it.
    let is_file = options.out.is_some();
    let rules = options.publishing.rules(is_file, options.internal);
    if let Some(rules) = rules.map_err(Stop::bad)? {
        let mut ledger = options.publishing.releases().map_err(Stop::bad)?;
        levels = protected(&levels, options, &rules, &mut ledger).map_err(Stop::bad)?;
        let all = levels.areas.code.len();
        let withheld = (0..all).filter(|&i| levels.areas.is_withheld(i)).count();
        let language = options.language.into();
        terminal.remark(&publishing::told((withheld, all), &rules, language));
    }
    let text = rates_table::text(&levels, options.rows, options.language.into());
    terminal.say(&text)?;
    if let Some(path) = &options.out {
        io::write_csv(path, &columns(&levels.areas)?, CsvFlavour::Exact)?;
        terminal.remark(&format!("{}", path.display()));
    }
    Ok(())
}

/// The rows whose counts are known, and the codes of the others.
fn counted(table: &Population) -> (Vec<usize>, Vec<&String>) {
    let columns = || table.exposures().iter().step_by(2);
    let known = |i: &usize| columns().all(|column| column.values[*i].is_some());
    let (kept, without): (Vec<usize>, Vec<usize>) = (0..table.codes().len()).partition(known);
    (kept, without.iter().map(|i| &table.codes()[*i]).collect())
}

fn areas(table: &Population, kept: &[usize], options: &Options) -> Result<Level> {
    let of = |at: usize| table.exposures().get(at);
    let texts = |all: &[String]| kept.iter().map(|i| all[*i].clone()).collect::<Vec<_>>();
    let codes = texts(table.codes());
    let counts = |at: usize| of(at).map_or(Ok(Vec::new()), |e| whole(e, kept, &codes));
    let people = |at: usize| -> Vec<f64> {
        let value = |i: &usize| of(at).and_then(|e| e.values[*i]).unwrap_or(f64::NAN);
        kept.iter().map(value).collect()
    };
    let baseline = match of(2) {
        Some(_) => Some((counts(2)?, people(3))),
        None => None,
    };
    let population = people(1);
    let known =
        |i: usize| population[i] > 0.0 && baseline.as_ref().is_none_or(|(_, then)| then[i] > 0.0);
    let unknown = (0..codes.len()).map(|i| u64::from(!known(i))).collect();
    level(
        Level {
            name: texts(table.names().unwrap_or(table.codes())),
            group: table.labels().first().map_or(Vec::new(), |all| texts(all)),
            count: counts(0)?,
            code: codes.clone(),
            population,
            baseline,
            unknown,
            rates: Rates::new().run(&[], &[])?,
            change: None,
            states: Vec::new(),
            bounds: Vec::new(),
        },
        options,
    )
}

/// The counts of some rows, which must be whole.
fn whole(column: &Exposure, rows: &[usize], codes: &[String]) -> Result<Vec<i64>> {
    let each = rows.iter().zip(codes);
    each.map(|(i, code)| match column.values[*i] {
        Some(v) if v >= 0.0 && v.fract() == 0.0 && v < 1e12 => Ok(v as i64),
        other => Err(Error::input(
            Fault::NotAnInteger,
            format!(
                "the {} of area `{}` is {}; whole numbers of zero or more are needed",
                column.kind,
                quoted(code),
                other.unwrap_or(f64::NAN)
            ),
        )),
    })
    .collect()
}

/// Adds rates, and changes where there is a baseline.
pub(super) fn level(mut rows: Level, options: &Options) -> Result<Level> {
    rows.rates = Rates::new()
        .per(options.per)
        .smoothing(Smoothing::Global)
        .run(&rows.count, &rows.population)?;
    if let Some((before, then)) = &rows.baseline {
        let change = Change::new().per(options.per);
        rows.change = Some(change.run(&rows.count, &rows.population, before, then)?);
    }
    Ok(rows)
}

/// Areas with one label added up, in order of the labels; only those whose people are known.
fn together(areas: &Level, labels: &[String], options: &Options) -> Result<Level> {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, label) in labels.iter().enumerate() {
        rows.entry(label).or_default().push(i);
    }
    let of = |values: &[i64]| -> Vec<i64> {
        let known = |row: &Vec<usize>| {
            let each = row.iter().filter(|i| areas.unknown[**i] == 0);
            each.map(|i| values[*i]).sum()
        };
        rows.values().map(known).collect()
    };
    let people = |values: &[f64]| -> Vec<f64> {
        let known = |row: &Vec<usize>| {
            let each = row.iter().filter(|i| areas.unknown[**i] == 0);
            crate::stats::sum(each.map(|i| values[*i]))
        };
        rows.values().map(known).collect()
    };
    let code: Vec<String> = rows.keys().map(|label| (*label).to_owned()).collect();
    level(
        Level {
            name: code.clone(),
            group: Vec::new(),
            count: of(&areas.count),
            population: people(&areas.population),
            baseline: areas
                .baseline
                .as_ref()
                .map(|(before, then)| (of(before), people(then))),
            unknown: rows
                .values()
                .map(|row| row.iter().map(|i| areas.unknown[*i]).sum())
                .collect(),
            rates: Rates::new().run(&[], &[])?,
            change: None,
            states: Vec::new(),
            bounds: Vec::new(),
            code,
        },
        options,
    )
}

/// The columns of the file.
fn columns(areas: &Level) -> Result<Table> {
    let mut table = Table::new()
        .with_text("code", areas.code.clone())?
        .with_text("name", areas.name.clone())?;
    if !areas.group.is_empty() {
        table = table.with_text("group", areas.group.clone())?;
    }
    table = counts(table, areas, 0)?
        .with_float("population", areas.population.clone())?
        .with_float("rate", areas.rates.rate.clone())?
        .with_float("rate_low", areas.rates.low.clone())?
        .with_float("rate_high", areas.rates.high.clone())?
        .with_float(
            "rate_smoothed",
            areas.rates.smoothed.clone().unwrap_or_default(),
        )?;
    let (Some(change), Some((_, then))) = (&areas.change, &areas.baseline) else {
        return Ok(table);
    };
    let status = change.status.iter().map(|s| s.name().to_owned()).collect();
    counts(table, areas, 1)?
        .with_float("baseline_population", then.clone())?
        .with_float("baseline_rate", change.baseline_rate.clone())?
        .with_float("change", change.ratio.clone())?
        .with_float("change_low", change.low.clone())?
        .with_float("change_high", change.high.clone())?
        .with_float("change_p", change.p.clone())?
        .with_float("change_q", change.q.clone())?
        .with_float("difference", change.difference.clone())?
        .with_float("difference_low", change.difference_low.clone())?
        .with_float("difference_high", change.difference_high.clone())?
        .with_float("from_rate", change.from_rate.clone())?
        .with_float("from_population", change.from_population.clone())?
        .with_text("status", status)
}

/// The counts or those of the baseline; where they are protected, empty where they are withheld, with
/// what is known of each.
fn counts(table: Table, areas: &Level, which: usize) -> Result<Table> {
    let (prefix, counts) = match (&areas.baseline, which) {
        (Some((before, _)), 1) => ("baseline_", before),
        _ => ("", &areas.count),
    };
    let (Some(states), Some(bounds)) = (areas.states.get(which), areas.bounds.get(which)) else {
        return table.with_integer(format!("{prefix}count"), counts.clone());
    };
    publishing::counts(table, prefix, states, bounds.clone())
}
