//! What of the nature of the reports of some areas may be published.

use super::asked::Chosen;
use super::counting::{Round, people, protected};
use super::profile::{Asked, LEVEL, Row, names};
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{Counted, Divided, Division, Told, Whole};
use crate::error::Error;
use crate::methods::profile::Breakdown;
use crate::parallel::Workers;
use crate::publish::{Disclosure, Ledger, State};

/// The reports of the areas asked for and of the others, in all and per cell, audited together with what
/// is out already, and all figures from what is published of them. How many addresses they come from is
/// left out: the share of the busiest is its count.
pub(super) fn published(
    words: &Words,
    chosen: &Chosen,
    asked: &Asked<'_>,
    by: &[Breakdown],
    (rules, ledger): (&Disclosure, &mut Ledger),
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<(String, Vec<Row>), Stop> {
    let (theme, areas) = (&chosen.theme, asked.areas);
    let positions: Vec<u32> = (0..chosen.incidents.len() as u32).collect();
    let divisions = Division::all(by, &chosen.incidents, theme, &positions, workers)?;
    let people = people(theme, areas);
    let mut counted = Counted::new(theme, areas, &people);
    let mut apart = vec![false; areas.len()];
    for &area in &asked.named {
        apart[area] = true;
    }
    let others = apart.iter().filter(|apart| !**apart).count();
    if others == 0 {
        return Err(Stop::bad(Error::parameter(
            "area",
            "all of them",
            "some of the areas, to be set beside the others",
        )));
    }
    // A group of one area is that area.
    let alone = [others == 1, areas.len() - others == 1];
    let shown = |area: usize| alone[usize::from(apart[area])];
    let round = Round::of(&mut counted, chosen, &asked.label, areas.len(), &shown)?;
    let everything: Vec<usize> = (0..areas.len()).collect();
    let whole = Whole {
        period: round.period.as_ref(),
        first: round.first,
        all: round.total(&mut counted, &everything)?,
        reported: &round.reported,
        divisions: &divisions,
        beside: &[],
    };
    let Some(divided) = Divided::of(&mut counted, &whole, &apart, (ledger, &[]))? else {
        return Err(Stop::bad(Error::disclosure(
            "the nature of these reports cannot be published: they went out before, divided another \
             way, or only their categories are known and all of them are counted. Name a theme or \
             categories, or publish what went out before and this with one ledger of its own",
        )));
    };
    if divided.keeps_kinds(&divisions) {
        terminal.remark(words.of(
            "De soorten meldingen blijven weg: alle soorten zijn samen geteld, of een ander cijfer telt \
             er een deel van.",
            "Kinds of reports are left out: all kinds are counted together, or another figure counts \
             some of them.",
        ));
    }
    let mut staged = ledger.staged();
    let label = format!("profile of {}", theme.name());
    let language = words.language();
    let found = protected(&counted, (rules, &mut staged), &label, language, terminal)?;
    ledger.adopt(staged)?;
    let fill: Vec<i64> = found.states.iter().map(|s| s.filled(rules)).collect();
    let told = divided.told(&divisions, (&fill, &found.states), LEVEL);
    let rows = told.iter().flat_map(rows).collect();
    let sums = [divided.rows[0], divided.rows[1]].map(|row| number(words, &found.states[row]));
    let (names, [n, rest]) = (names(asked), sums);
    let title = if words.dutch {
        format!("{names}: {n} incidenten naast {rest} elders.\n\n")
    } else {
        format!("{names}: {n} incidents beside {rest} elsewhere.\n\n")
    };
    Ok((title, rows))
}

fn number(words: &Words, state: &State) -> String {
    match state.value() {
        Some(value) => value.to_string(),
        None => words.of("niet getoonde", "a withheld number of").to_owned(),
    }
}

fn rows(told: &Told) -> Vec<Row> {
    let table = &told.table;
    let states = table.states.as_ref().map(|[here, _]| here);
    let row = |c: usize| Row {
        by: table.breakdown,
        cell: table.cell[c].clone(),
        count: table.count[c] as f64,
        state: states.and_then(|states| states.get(c)).copied(),
        expected: told.expected[c],
        share: table.share[c],
        rest_share: table.rest_share[c],
        quotient: table.quotient[c],
        low: table.quotient_low[c],
        high: table.quotient_high[c],
        q: told.q[c],
    };
    (0..table.cell.len()).map(row).collect()
}
