//! `brandpunt effect`: did a measure work?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Effect as Options;
use super::asked::{self, Chosen};
use super::counting::{Round, people, protected};
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{Counted, Reported};
use crate::error::{Error, Result};
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::effect::{
    BeforeAfter, EffectEstimate, EffectResult, Groups, WeightedDisplacement,
};
use crate::model::Neighbourhoods;
use crate::publish::{Disclosure, Ledger};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let rules = asked::rules(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let groups = groups(options, &areas)?;
    let theme = asked::theme(&options.kind)?;
    let index = NeighbourhoodIndex::build(&areas)?;
    let of_years = |years: &str| -> Result<(Chosen, Vec<u32>, f64)> {
        let period = asked::of_years(&incidents, years)?;
        let length = period.years();
        let chosen = asked::of_period(&incidents, theme.clone(), Some(period))?;
        let (x, y) = (chosen.incidents.x(), chosen.incidents.y());
        let label = index.locate_all(x, y, &workers)?;
        Ok((chosen, label, length))
    };
    let (before, after) = (of_years(&options.before)?, of_years(&options.after)?);
    let words = asked::words(&options.shown);
    let counts = |(chosen, label, _): &(Chosen, Vec<u32>, f64)| {
        Reported::new(&chosen.incidents, label).per_area(areas.len())
    };
    let mut sums = groups.sums(&counts(&before), &counts(&after))?;
    if let Some(rules) = &rules {
        let releases = &mut options.shown.publishing.releases().map_err(Stop::bad)?;
        let rounds = [(&before.0, &before.1[..]), (&after.0, &after.1[..])];
        sums = published(&words, &areas, &groups, rounds, (rules, releases), terminal)?;
    }
    let [treated, control, around, its_control] = sums;
    let moved = groups.has_displacement().then_some((around, its_control));
    let found = WeightedDisplacement::new()
        .lengths(before.2, after.2)
        .run(treated, control, moved)?;
    asked::remark(&found.warnings, terminal);
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

/// The sums of the groups before and after, as they are published. Of the areas nothing is told but what
/// follows from the sums, which are audited with all that is out already.
fn published(
    words: &Words,
    areas: &Neighbourhoods,
    groups: &Groups,
    rounds: [(&Chosen, &[u32]); 2],
    (rules, ledger): (&Disclosure, &mut Ledger),
    terminal: &mut Terminal,
) -> std::result::Result<[BeforeAfter; 4], Stop> {
    let theme = &rounds[0].0.theme;
    let people = people(theme, areas);
    let mut counted = Counted::new(theme, areas, &people);
    let members = groups.members();
    let is_alone = |area: usize| members.iter().any(|(_, group)| *group == [area]);
    let mut cells = Vec::new();
    for (chosen, label) in rounds {
        let round = Round::of(&mut counted, chosen, label, areas.len(), &is_alone)?;
        for (_, group) in &members {
            cells.push(round.total(&mut counted, group)?);
        }
    }
    let mut staged = ledger.staged();
    let label = format!("effect on {}", theme.name());
    let language = words.language();
    let found = protected(&counted, (rules, &mut staged), &label, language, terminal)?;
    let (then, now) = cells.split_at(members.len());
    let sum = |cell: usize, (name, _): &(&str, &[usize])| {
        found.states[cell].value().ok_or_else(|| {
            Error::disclosure(format!(
                "the reports of the {name} areas in {} cannot be published under {}: too few, or others \
                 could be worked out from them. An effect takes all its sums; take more areas or years, \
                 or write it with --internal",
                if then.contains(&cell) { "the period before" } else { "the period after" },
                rules.name()
            ))
        })
    };
    let mut out = [BeforeAfter::default(); 4];
    for (place, member) in members.iter().enumerate() {
        let (before, after) = (sum(then[place], member)?, sum(now[place], member)?);
        out[place] = BeforeAfter::new(before.unsigned_abs(), after.unsigned_abs());
    }
    ledger.adopt(staged)?;
    Ok(out)
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
