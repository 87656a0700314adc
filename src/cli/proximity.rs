//! `brandpunt proximity`: is there more near schools?

use std::fmt::Write as _;

use jiff::civil::Date;

use super::aligned;
use super::arguments::Proximity as Options;
use super::asked;
use super::proximity_published::published;
use super::publishing;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::io::Table;
use crate::methods::proximity::{Proximity, ProximityResult, SchoolHours, Sites};
use crate::publish::{Disclosure, State};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let rules = asked::rules(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let chosen = asked::chosen(&incidents, &options.which)?;
    let mut facilities = crate::io::IncidentReader::new()
        .read_with(&options.facilities, &workers)
        .map_err(Stop::bad)?;
    if facilities.crs() != areas.crs() {
        facilities = facilities.to_crs(areas.crs())?;
    }
    let mut edges = vec![0.0];
    edges.extend_from_slice(&options.distances);
    // What is published has no test: where facilities could be as well is told by the places of reports.
    let replicates = if rules.is_some() {
        0
    } else {
        options.replicates
    };
    let mut method = Proximity::new(edges)
        .replicates(replicates)
        .seed(options.seed);
    if options.school_hours {
        method = method.hours(hours(&options.holidays)?);
    }
    let sites = Sites::new(facilities.x(), facilities.y())?;
    let mut found = method.run_with(&chosen.incidents, &sites, &areas, &workers)?;
    let words = asked::words(&options.shown);
    let mut states = None;
    if let Some(rules) = &rules {
        let releases = &mut options.shown.publishing.releases().map_err(Stop::bad)?;
        let asked = (&chosen, &sites, &areas, &method);
        let publishing = (options, rules, releases);
        let own = published(&words, asked, &found, publishing, &workers, terminal)?;
        found.bands = own.bands;
        found.incidents = own.incidents;
        states = Some((own.states, rules));
    } else {
        asked::remark(&found.warnings, terminal);
    }
    let text = text(
        &words,
        &found,
        states.as_ref().map(|(states, _)| &states[..]),
    );
    let table = columns(&found, states.as_ref())?;
    asked::present(&text, &options.shown, &table, terminal)
}

/// School hours, but for the holidays `FIRST..LAST`.
fn hours(holidays: &[String]) -> Result<SchoolHours> {
    let mut out = SchoolHours::new();
    for text in holidays {
        let days = text.split_once("..").and_then(|(first, last)| {
            let day = |text: &str| text.trim().parse::<Date>().ok();
            Some((day(first)?, day(last)?))
        });
        let Some((first, last)) = days else {
            return Err(Error::parameter(
                "holiday",
                text,
                "the first and the last day, such as 2024-07-13..2024-08-25",
            ));
        };
        out = out.holiday(first, last);
    }
    Ok(out)
}

fn text(words: &Words, found: &ProximityResult, states: Option<&[State]>) -> String {
    let heads = [
        words.of("Afstand in m", "Distance in m"),
        words.of("aantal", "count"),
        words.of("verwacht", "expected"),
        words.of("quotiënt (95 %)", "quotient (95 %)"),
        words.of("verplaatst", "moved"),
        "p",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let bands = &found.bands;
    for k in 0..bands.count.len() {
        rows.push(vec![
            format!("{}–{}", bands.from[k], bands.to[k]),
            match states.map(|states| states[k].value()) {
                Some(None) => words.of("niet getoond", "not shown").to_owned(),
                _ => bands.count[k].to_string(),
            },
            words.number(bands.expected[k], 1),
            words.interval(bands.lq[k], bands.low[k], bands.high[k], 2),
            words.number(bands.lq_moved[k], 2),
            asked::p_value(words, bands.p_max[k]),
        ]);
    }
    let mut out = String::new();
    aligned::write(&rows, &[0], &mut out);
    let (n, sites) = (found.incidents, found.facilities);
    // How many are elsewhere follows from protected counts only as a total of them.
    let elsewhere = match (states.is_some(), words.dutch) {
        (true, _) => String::new(),
        (false, true) => format!(
            ", {} buiten de gebieden en {} zonder uur. p: zou het rond andere plaatsen net zo zijn, \
             voor alle afstanden samen gecorrigeerd",
            found.outside, found.without_hour
        ),
        (false, false) => format!(
            ", {} outside the areas and {} without an hour. p: would it be so around other places \
             too, corrected for all distances",
            found.outside, found.without_hour
        ),
    };
    // Writing to a string cannot fail.
    let _ = if words.dutch {
        writeln!(out, "{n} incidenten rond {sites} plaatsen{elsewhere}.")
    } else {
        writeln!(out, "{n} incidents around {sites} places{elsewhere}.")
    };
    out
}

fn columns(found: &ProximityResult, states: Option<&(Vec<State>, &Disclosure)>) -> Result<Table> {
    let bands = &found.bands;
    let table = Table::new()
        .with_float("from", bands.from.clone())?
        .with_float("to", bands.to.clone())?;
    let table = match states {
        None => {
            let counts = bands.count.iter().map(|c| *c as i64);
            table.with_integer("count", counts.collect())?
        }
        Some((states, rules)) => {
            publishing::counts(table, "", states, publishing::known(states, rules))?
        }
    };
    table
        .with_float("exposure", bands.exposure.clone())?
        .with_float("expected", bands.expected.clone())?
        .with_float("lq", bands.lq.clone())?
        .with_float("low", bands.low.clone())?
        .with_float("high", bands.high.clone())?
        .with_float("lq_moved", bands.lq_moved.clone())?
        .with_float("p", bands.p.clone())?
        .with_float("p_max", bands.p_max.clone())
}
