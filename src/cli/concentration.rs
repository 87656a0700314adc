//! `brandpunt concentration`: how few places hold how much, and where do reports return?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Concentration as Options;
use super::asked;
use super::concentration_published::published;
use super::rates_table::Words;
use super::reading;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::concentration::{
    BesideChance, Concentration, ConcentrationMeasures, RepeatAddresses, Repeats,
};
use crate::model::Incidents;
use crate::parallel::Workers;

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let rules = asked::rules(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let words = asked::words(&options.shown);
    if let Some(rules) = &rules {
        let releases = &mut options.shown.publishing.releases().map_err(Stop::bad)?;
        let rows = published(&words, options, (rules, releases), &workers, terminal)?;
        let (text, table) = (rows.text(&words), rows.columns()?);
        return asked::present(&text, &options.shown, &table, terminal);
    }
    let mut text = String::new();
    let incidents = match &options.neighbourhoods {
        None => {
            let all = reading::incidents(&options.incidents, &options.reading, &workers)?;
            asked::chosen(&all, &options.which)?.incidents
        }
        Some(path) => {
            let files = (path.as_path(), &options.area_reading);
            let reports = (options.incidents.as_path(), &options.reading);
            let (all, areas) = asked::read(reports, files, &workers)?;
            let incidents = asked::chosen(&all, &options.which)?.incidents;
            let index = NeighbourhoodIndex::build(&areas)?;
            let found = of_areas(&incidents, &index, areas.len(), &workers)?;
            asked::remark(&found.warnings, terminal);
            tell_areas(&words, &found, &mut text);
            incidents
        }
    };
    let repeats = RepeatAddresses::new()
        .within(options.days.clone())
        .run_with(&incidents, &workers)?;
    asked::remark(&repeats.warnings, terminal);
    tell_repeats(&words, &repeats, &mut text);
    let table = columns(&incidents, &repeats)?;
    asked::present(&text, &options.shown, &table, terminal)
}

fn of_areas(
    incidents: &Incidents,
    index: &NeighbourhoodIndex,
    areas: usize,
    workers: &Workers,
) -> Result<ConcentrationMeasures> {
    let mut counts = vec![0.0; areas];
    for area in index.locate_all(incidents.x(), incidents.y(), workers)? {
        if let Some(count) = counts.get_mut(area as usize) {
            *count += 1.0;
        }
    }
    Concentration::new().run_with(&counts, None, workers)
}

fn tell_areas(words: &Words, found: &ConcentrationMeasures, text: &mut String) {
    let heads = [
        words.of("Gebieden", "Areas"),
        words.of("waarde", "value"),
        words.of("door toeval (95 %)", "by chance (95 %)"),
        "p",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let mut add = |name: &str, found: &BesideChance| {
        rows.push(vec![
            name.to_owned(),
            words.number(found.value, 3),
            words.interval(found.expected, found.low, found.high, 3),
            asked::p_value(words, found.p),
        ]);
    };
    add("Gini", &found.gini);
    add(
        words.of("Gini, gegeneraliseerd", "Gini, generalised"),
        &found.generalised_gini,
    );
    add("Theil", &found.theil);
    add(
        words.of(
            "deel van de gebieden met 80 %",
            "share of the areas with 80 %",
        ),
        &found.units_share,
    );
    add(
        words.of("deel in de drukste 5 %", "share in the busiest 5 %"),
        &found.top_share,
    );
    aligned::write(&rows, &[0], text);
    text.push('\n');
}

fn tell_repeats(words: &Words, found: &Repeats, text: &mut String) {
    let percent = |share: f64| {
        if share.is_nan() {
            return words.of("onbekend", "unknown").to_owned();
        }
        format!("{} %", words.number(100.0 * share, 1))
    };
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let total: u64 = found.addresses.count.iter().sum();
    let again = found.addresses.count.iter().filter(|c| **c > 1).count();
    let mut rows = vec![
        row(
            words.of("Adressen", "Addresses"),
            found.addresses.count.len().to_string(),
        ),
        row(words.of("incidenten", "incidents"), total.to_string()),
        row(
            words.of("adressen met meer dan een", "addresses with more than one"),
            again.to_string(),
        ),
        row(
            words.of("deel dat een herhaling is", "share that is a repeat"),
            percent(found.repeat_share),
        ),
        row(
            words.of("deel op het drukste adres", "share at the busiest address"),
            percent(found.busiest_share),
        ),
    ];
    for within in &found.within {
        let name = words.of("opnieuw binnen", "again within");
        let days = words.of("dagen", "days");
        let (low, high) = (percent(within.low), percent(within.high));
        rows.push(row(
            &format!("{name} {} {days}", within.days),
            format!("{} ({low}–{high})", percent(within.share)),
        ));
    }
    rows.push(row(
        words.of(
            "adressen waar het steeds sneller gaat",
            "addresses where it comes ever sooner",
        ),
        found.worsening.len().to_string(),
    ));
    aligned::write(&rows, &[0], text);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{} {}",
        words.of(
            "Steeds sneller over alle adressen: p =",
            "Ever sooner over all addresses: p ="
        ),
        asked::p_value(words, found.trend.p_shorter)
    );
}

/// An address per row, the busiest first.
fn columns(incidents: &Incidents, found: &Repeats) -> Result<Table> {
    let of = &found.addresses;
    let mut order: Vec<usize> = (0..of.count.len()).collect();
    order.sort_by_key(|&a| (std::cmp::Reverse(of.count[a]), of.first[a]));
    let first = |a: usize| of.first[a] as usize;
    let float = |column: &[f64]| order.iter().map(|&a| column[a]).collect::<Vec<f64>>();
    let worsening = |a: usize| i64::from(found.worsening.contains(&(a as u32)));
    Table::new()
        .with_float(
            "x",
            order.iter().map(|&a| incidents.x()[first(a)]).collect(),
        )?
        .with_float(
            "y",
            order.iter().map(|&a| incidents.y()[first(a)]).collect(),
        )?
        .with_integer("count", order.iter().map(|&a| of.count[a] as i64).collect())?
        .with_float("last_gap", float(&of.last_gap))?
        .with_float("since_last", float(&of.since_last))?
        .with_float("p", float(&of.p))?
        .with_float("q", float(&of.q))?
        .with_integer("worsening", order.iter().map(|&a| worsening(a)).collect())
}
