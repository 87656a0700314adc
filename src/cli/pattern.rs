//! `brandpunt pattern`: at what distances do reports gather?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Pattern as Options;
use super::asked;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::Result;
use crate::index::StudyArea;
use crate::io::Table;
use crate::methods::pattern::{
    EdgeCorrection, PairCorrelation, PairCorrelationResult, Ripley, RipleyResult,
};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::internal_only(
        &options.shown,
        "numbers of pairs of reports by their distance",
    )?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let chosen = asked::chosen(&incidents, &options.which)?.incidents;
    let area = StudyArea::new(&areas, &workers)?;
    let correction = EdgeCorrection::named(&options.correction)?;
    let ripley = Ripley::new(&options.radii)
        .correction(correction)
        .simulations(options.simulations)
        .seed(options.seed);
    let found = if options.among_others {
        let others = asked::others(&incidents, &options.which)?;
        ripley.run_among_with(&chosen, &others, &area, &workers)?
    } else {
        ripley.run_with(&chosen, &area, &workers)?
    };
    // Pairs at a distance have no border correction.
    let at = match correction {
        EdgeCorrection::Border => EdgeCorrection::Translation,
        other => other,
    };
    let g = PairCorrelation::new(&options.radii)
        .correction(at)
        .run_with(&chosen, &area, &workers)?;
    asked::remark(&found.warnings, terminal);
    let text = text(&asked::words(&options.shown), &found, &g);
    asked::present(&text, &options.shown, &columns(&found, &g)?, terminal)
}

fn text(words: &Words, found: &RipleyResult, g: &PairCorrelationResult) -> String {
    let heads = [
        words.of("Straal in m", "Radius in m"),
        "K / πr²",
        "L − r",
        words.of("toeval", "chance"),
        "g",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for (i, radius) in found.radii.iter().enumerate() {
        let disc = std::f64::consts::PI * radius * radius;
        let ends = found.envelope.as_ref().map_or_else(String::new, |e| {
            let end = |value: f64| words.number(value - radius, 1);
            format!("{} … {}", end(e.global_low[i]), end(e.global_high[i]))
        });
        rows.push(vec![
            format!("{radius}"),
            words.number(found.k[i] / disc, 2),
            words.number(found.l[i] - radius, 1),
            ends,
            words.number(g.g[i], 2),
        ]);
    }
    let mut out = String::new();
    aligned::write(&rows, &[0], &mut out);
    let (n, outside) = (found.incidents, found.outside);
    // Writing to a string cannot fail.
    let _ = if words.dutch {
        writeln!(out, "{n} incidenten, {outside} buiten de gebieden.")
    } else {
        writeln!(out, "{n} incidents, {outside} outside the areas.")
    };
    if let Some(envelope) = &found.envelope {
        let p = asked::p_value(words, envelope.p_mad);
        let _ = if words.dutch {
            writeln!(
                out,
                "p {p}: zou toeval ergens zo ver van zijn midden komen? Het toeval is dat van de hele \
                 lijn L, uit {} nagebootste patronen.",
                envelope.simulations
            )
        } else {
            writeln!(
                out,
                "p {p}: would chance come so far from its middle anywhere? Chance is that of the \
                 whole curve L, from {} simulated patterns.",
                envelope.simulations
            )
        };
    }
    out
}

fn columns(found: &RipleyResult, g: &PairCorrelationResult) -> Result<Table> {
    let table = Table::new()
        .with_float("radius", found.radii.clone())?
        .with_float("k", found.k.clone())?
        .with_float("l", found.l.clone())?
        .with_float("g", g.g.clone())?;
    let Some(envelope) = &found.envelope else {
        return Ok(table);
    };
    table
        .with_float("mean", envelope.mean.clone())?
        .with_float("low", envelope.low.clone())?
        .with_float("high", envelope.high.clone())?
        .with_float("global_low", envelope.global_low.clone())?
        .with_float("global_high", envelope.global_high.clone())
}
