//! `brandpunt proximity`: is there more near schools?

use std::fmt::Write as _;

use jiff::civil::Date;

use super::aligned;
use super::arguments::Proximity as Options;
use super::asked;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::io::Table;
use crate::methods::proximity::{Proximity, ProximityResult, SchoolHours, Sites};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::check(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let incidents = asked::chosen(&incidents, &options.which)?;
    let mut facilities = crate::io::IncidentReader::new()
        .read_with(&options.facilities, &workers)
        .map_err(Stop::bad)?;
    if facilities.crs() != areas.crs() {
        facilities = facilities.to_crs(areas.crs())?;
    }
    let mut edges = vec![0.0];
    edges.extend_from_slice(&options.distances);
    let mut method = Proximity::new(edges)
        .replicates(options.replicates)
        .seed(options.seed);
    if options.school_hours {
        method = method.hours(hours(&options.holidays)?);
    }
    let sites = Sites::new(facilities.x(), facilities.y())?;
    let found = method.run_with(&incidents, &sites, &areas, &workers)?;
    asked::remark(&found.warnings, terminal);
    let text = text(&asked::words(&options.shown), &found);
    asked::present(&text, &options.shown, &columns(&found)?, terminal)
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

fn text(words: &Words, found: &ProximityResult) -> String {
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
            bands.count[k].to_string(),
            words.number(bands.expected[k], 1),
            words.interval(bands.lq[k], bands.low[k], bands.high[k], 2),
            words.number(bands.lq_moved[k], 2),
            asked::p_value(words, bands.p_max[k]),
        ]);
    }
    let mut out = String::new();
    aligned::write(&rows, &[0], &mut out);
    let (n, sites) = (found.incidents, found.facilities);
    // Writing to a string cannot fail.
    let _ = if words.dutch {
        writeln!(
            out,
            "{n} incidenten rond {sites} plaatsen, {} buiten de gebieden en {} zonder uur. p: zou het \
             rond andere plaatsen net zo zijn, voor alle afstanden samen gecorrigeerd.",
            found.outside, found.without_hour
        )
    } else {
        writeln!(
            out,
            "{n} incidents around {sites} places, {} outside the areas and {} without an hour. p: would \
             it be so around other places too, corrected for all distances.",
            found.outside, found.without_hour
        )
    };
    out
}

fn columns(found: &ProximityResult) -> Result<Table> {
    let bands = &found.bands;
    Table::new()
        .with_float("from", bands.from.clone())?
        .with_float("to", bands.to.clone())?
        .with_integer("count", bands.count.iter().map(|c| *c as i64).collect())?
        .with_float("exposure", bands.exposure.clone())?
        .with_float("expected", bands.expected.clone())?
        .with_float("lq", bands.lq.clone())?
        .with_float("low", bands.low.clone())?
        .with_float("high", bands.high.clone())?
        .with_float("lq_moved", bands.lq_moved.clone())?
        .with_float("p", bands.p.clone())?
        .with_float("p_max", bands.p_max.clone())
}
