//! `brandpunt effect`: did a measure work?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Effect as Options;
use super::asked;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::effect::{EffectEstimate, EffectResult, Groups, WeightedDisplacement};
use crate::model::{Incidents, Neighbourhoods};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::check(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let groups = groups(options, &areas)?;
    let incidents = incidents.take(&asked::theme(&options.kind)?.positions(&incidents)?);
    let index = NeighbourhoodIndex::build(&areas)?;
    let label = index.locate_all(incidents.x(), incidents.y(), &workers)?;
    let before = per_area(&incidents, &label, &areas, &options.before)?;
    let after = per_area(&incidents, &label, &areas, &options.after)?;
    let [treated, control, around, its_control] = groups.sums(&before.0, &after.0)?;
    let moved = groups.has_displacement().then_some((around, its_control));
    let found = WeightedDisplacement::new()
        .lengths(before.1, after.1)
        .run(treated, control, moved)?;
    asked::remark(&found.warnings, terminal);
    let words = asked::words(&options.shown);
    let mut counts = vec![(words.of("behandeld", "treated"), treated)];
    counts.push((words.of("vergelijking", "control"), control));
    if let Some((around, its_control)) = moved {
        counts.push((words.of("verplaatsing", "displacement"), around));
        counts.push((words.of("vergelijking daarvan", "its control"), its_control));
    }
    let mut rows = vec![vec![
        words.of("Gebieden", "Areas").to_owned(),
        options.before.clone(),
        options.after.clone(),
    ]];
    for (name, sum) in counts {
        let figures = [sum.before, sum.after].map(|n| n.to_string());
        rows.push([vec![name.to_owned()], figures.to_vec()].concat());
    }
    let mut text = String::new();
    aligned::write(&rows, &[0], &mut text);
    text.push('\n');
    tell(&words, &found, &mut text);
    asked::present(&text, &options.shown, &columns(&found)?, terminal)
}

fn groups(options: &Options, areas: &Neighbourhoods) -> Result<Groups> {
    let of = |codes: &[String], option| asked::positions(areas, codes, option);
    let groups = Groups::new(
        of(&options.treated, "treated")?,
        of(&options.control, "control")?,
    );
    if options.displacement.is_empty() {
        return Ok(groups);
    }
    Ok(groups.displacement(
        of(&options.displacement, "displacement")?,
        of(&options.displacement_control, "displacement_control")?,
    ))
}

/// Reports per area in some years, and how many years that are.
fn per_area(
    incidents: &Incidents,
    label: &[u32],
    areas: &Neighbourhoods,
    years: &str,
) -> Result<(Vec<i64>, f64)> {
    let mut counts = vec![0; areas.len()];
    let period = asked::of_years(incidents, years)?;
    for i in incidents.positions_in(&period)? {
        if let Some(count) = counts.get_mut(label[i as usize] as usize) {
            *count += 1;
        }
    }
    Ok((counts, period.years()))
}

fn estimates(found: &EffectResult) -> Vec<(&'static str, &'static str, EffectEstimate)> {
    let mut out = vec![("in het gebied", "local", found.local)];
    out.extend(
        found
            .displacement
            .map(|moved| ("verplaatst", "displacement", moved)),
    );
    out.push(("samen", "total", found.total));
    out
}

fn tell(words: &Words, found: &EffectResult, text: &mut String) {
    let mut rows = vec![vec![
        words
            .of("Verschil in incidenten", "Difference in incidents")
            .to_owned(),
        words.of("schatting (95 %)", "estimate (95 %)").to_owned(),
        "p".to_owned(),
    ]];
    for (dutch, english, estimate) in estimates(found) {
        rows.push(vec![
            words.of(dutch, english).to_owned(),
            words.interval(estimate.value, estimate.low, estimate.high, 1),
            asked::p_value(words, estimate.p),
        ]);
    }
    aligned::write(&rows, &[0], text);
    let ratio = words.interval(found.ratio, found.ratio_low, found.ratio_high, 2);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{}: {ratio}",
        words.of(
            "Verandering gedeeld door die van de vergelijking",
            "Change divided by that of the control"
        )
    );
}

fn columns(found: &EffectResult) -> Result<Table> {
    let all = estimates(found);
    let column = |of: fn(&EffectEstimate) -> f64| all.iter().map(|e| of(&e.2)).collect();
    Table::new()
        .with_text("part", all.iter().map(|e| e.1.to_owned()).collect())?
        .with_float("value", column(|e| e.value))?
        .with_float("se", column(|e| e.se))?
        .with_float("low", column(|e| e.low))?
        .with_float("high", column(|e| e.high))?
        .with_float("p", column(|e| e.p))
}
