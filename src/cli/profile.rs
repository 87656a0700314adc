//! `brandpunt profile`: of what nature are the reports, and who sent them?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Profile as Options;
use super::asked::{self, Chosen};
use super::profile_published::published;
use super::publishing;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Error, Result, quoted};
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::profile::{Breakdown, Facet, Profile, Profiles, WithoutSource};
use crate::model::{Incidents, Neighbourhoods};
use crate::parallel::Workers;
use crate::publish::{Disclosure, State};

/// Level of corrected p-values at which a cell is shown.
pub(super) const LEVEL: f64 = 0.05;

/// Cells that are shown.
const SHOWN: usize = 20;

/// A cell of a breakdown, of the areas asked for beside the others; NaN where nothing is told.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) by: Breakdown,
    pub(super) cell: String,
    pub(super) count: f64,
    /// What is published of the count; `None` where nothing is protected.
    pub(super) state: Option<State>,
    pub(super) expected: f64,
    pub(super) share: f64,
    pub(super) rest_share: f64,
    pub(super) quotient: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) q: f64,
}

/// The areas asked for, and in which area each report lies.
pub(super) struct Asked<'a> {
    pub(super) areas: &'a Neighbourhoods,
    pub(super) named: Vec<usize>,
    pub(super) label: Vec<u32>,
}

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let rules = asked::rules(&options.shown)?;
    if rules.is_some() && options.without_source.is_some() {
        return Err(Stop::bad(Error::disclosure(
            "the comparison without a source counts each area twice, and the difference is what one \
             source reported there; that is not protected. Ask for it without --out, or with --internal",
        )));
    }
    if rules.is_some() && options.areas.is_empty() {
        return Err(Stop::bad(Error::disclosure(
            "which area has most reports is a figure of its own; name the areas with --area, or write it \
             with --internal",
        )));
    }
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let chosen = asked::chosen(&incidents, &options.which)?;
    let incidents = &chosen.incidents;
    let index = NeighbourhoodIndex::build(&areas)?;
    let label = index.locate_all(incidents.x(), incidents.y(), &workers)?;
    let counts = counted(&label, areas.len(), |_| true);
    let asked = Asked {
        areas: &areas,
        named: match options.areas.as_slice() {
            [] => vec![busiest(&counts)?],
            codes => asked::positions(&areas, codes, "area")?,
        },
        label,
    };
    let by = breakdowns(incidents)?;
    let words = asked::words(&options.shown);
    let (mut text, rows) = match &rules {
        None => unprotected(&words, &chosen, &asked, by, &workers, terminal)?,
        Some(rules) => {
            let releases = &mut options.shown.publishing.releases().map_err(Stop::bad)?;
            let publishing = (rules, releases);
            published(&words, &chosen, &asked, &by, publishing, &workers, terminal)?
        }
    };
    tell(&words, &rows, &mut text);
    if let Some(source) = &options.without_source {
        let from = incidents.came_from(source).map_err(Stop::bad)?;
        let without = counted(&asked.label, areas.len(), |i| !from[i]);
        text.push('\n');
        compare(
            &words,
            source,
            &areas,
            [&counts, &without],
            options.top,
            &mut text,
        )?;
    }
    let table = columns(&rows, rules.as_ref())?;
    asked::present(&text, &options.shown, &table, terminal)
}

/// The reports as they are.
fn unprotected(
    words: &Words,
    chosen: &Chosen,
    asked: &Asked<'_>,
    by: Vec<Breakdown>,
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<(String, Vec<Row>)> {
    let named = |area: &u32| asked.named.contains(&(*area as usize));
    let subset = |area: &u32| {
        if named(area) {
            0
        } else {
            NeighbourhoodIndex::NONE
        }
    };
    let subset: Vec<u32> = asked.label.iter().map(subset).collect();
    let found = Profile::new()
        .by(by)
        .run_labels(&chosen.incidents, &subset, 1, workers)?;
    asked::remark(&found.warnings, terminal);
    let mut rows = Vec::new();
    for table in &found.tables {
        for (c, name) in table.cell.iter().enumerate() {
            let at = [0, c];
            rows.push(Row {
                by: table.breakdown,
                cell: name.clone(),
                count: table.count[at],
                state: None,
                expected: table.expected[at],
                share: table.share[at],
                rest_share: table.rest_share[at],
                quotient: table.quotient[at],
                low: table.low[at],
                high: table.high[at],
                q: table.q[at],
            });
        }
    }
    Ok((title(words, asked, &found), rows))
}

/// Reports per area, of those that count.
fn counted(label: &[u32], areas: usize, counts: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut out = vec![0.0; areas];
    for (i, &area) in label.iter().enumerate() {
        if let Some(count) = out.get_mut(area as usize).filter(|_| counts(i)) {
            *count += 1.0;
        }
    }
    out
}

/// The area with most reports, the first of equal ones.
fn busiest(counts: &[f64]) -> Result<usize> {
    let most = counts.iter().copied().fold(0.0, f64::max);
    counts
        .iter()
        .position(|c| *c == most && most > 0.0)
        .ok_or_else(|| {
            Error::input(
                crate::error::Fault::NoRows,
                "no report lies in an area; check that both files are of one place",
            )
        })
}

/// By what the reports can be told apart.
fn breakdowns(incidents: &Incidents) -> Result<Vec<Breakdown>> {
    let mut facets = Vec::new();
    if incidents.categories().is_some() {
        facets.push(Facet::Category);
    }
    if incidents.times().is_some() {
        facets.extend([Facet::Hour, Facet::Weekday, Facet::Season]);
    }
    if facets.is_empty() {
        return Err(Error::input(
            crate::error::Fault::MissingColumn,
            "the reports have neither a category nor a time; name a column with --category-column \
             or --time",
        ));
    }
    Ok(facets.into_iter().map(Breakdown::of).collect())
}

/// The names of the areas asked for.
pub(super) fn names(asked: &Asked<'_>) -> String {
    let name = |&i: &usize| quoted(&asked.areas.names()[i]);
    let names: Vec<String> = asked.named.iter().map(name).collect();
    names.join(", ")
}

fn title(words: &Words, asked: &Asked<'_>, found: &Profiles) -> String {
    let percent = |share: f64| words.number(100.0 * share, 1);
    let places = &found.places;
    let (n, rest) = (found.size[0], found.rest[0]);
    let (names, addresses) = (names(asked), places.places[0]);
    let (again, busiest) = (
        percent(places.repeat_share[0]),
        percent(places.busiest_share[0]),
    );
    if words.dutch {
        format!(
            "{names}: {n} incidenten naast {rest} elders, op {addresses} adressen; {again} % is een \
             herhaling, {busiest} % komt van het drukste adres.\n\n"
        )
    } else {
        format!(
            "{names}: {n} incidents beside {rest} elsewhere, at {addresses} addresses; {again} % are \
             repeats, {busiest} % come from the busiest address.\n\n"
        )
    }
}

fn tell(words: &Words, all: &[Row], text: &mut String) {
    let heads = [
        words.of("Vaker dan elders", "More than elsewhere"),
        words.of("aantal", "count"),
        words.of("verwacht", "expected"),
        words.of("quotiënt (95 %)", "quotient (95 %)"),
        "q",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let excess = |row: &Row| row.count - row.expected;
    let mut more: Vec<&Row> = all
        .iter()
        .filter(|row| row.q <= LEVEL && excess(row) > 0.0)
        .collect();
    // Stable, so that equal ones keep the order of tables and cells.
    more.sort_by(|a, b| excess(b).total_cmp(&excess(a)));
    for one in more.into_iter().take(SHOWN) {
        let label: String = quoted(&one.cell).chars().take(40).collect();
        rows.push(vec![
            format!("{}: {label}", by(words, one.by)),
            words.number(one.count, 0),
            words.number(one.expected, 1),
            words.interval(one.quotient, one.low, one.high, 2),
            asked::p_value(words, one.q),
        ]);
    }
    if rows.len() > 1 {
        aligned::write(&rows, &[0], text);
    } else {
        text.push_str(words.of(
            "Niets komt duidelijk vaker voor dan elders.\n",
            "Nothing is clearly more frequent than elsewhere.\n",
        ));
    }
}

/// By what the reports are told apart, in the language of the table.
fn by(words: &Words, breakdown: Breakdown) -> String {
    let name = breakdown.name();
    let dutch = match name.as_str() {
        "category" => "soort",
        "hour" => "uur",
        "weekday" => "dag",
        "season" => "seizoen",
        _ => return name,
    };
    if words.dutch { dutch.to_owned() } else { name }
}

/// The areas that stand out with all reports or without those of a source.
fn compare(
    words: &Words,
    source: &str,
    areas: &Neighbourhoods,
    [all, without]: [&[f64]; 2],
    top: usize,
    text: &mut String,
) -> Result<()> {
    let found = WithoutSource::new().top(top).run(all, without)?;
    let heads = [
        words.of("Gebied", "Area"),
        words.of("aantal", "count"),
        words.of("zonder", "without"),
        words.of("plaats", "rank"),
        words.of("zonder", "without"),
        words.of("valt op", "stands out"),
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let shown = |i: &usize| found.stands_out[*i] || found.stands_out_without[*i];
    let mut order: Vec<usize> = (0..areas.len()).filter(shown).collect();
    order.sort_by(|&a, &b| found.rank[a].total_cmp(&found.rank[b]).then(a.cmp(&b)));
    for i in order {
        let name: String = quoted(&areas.names()[i]).chars().take(32).collect();
        let verdict = if found.only_with[i] {
            words.of("alleen met", "only with")
        } else if found.only_without[i] {
            words.of("alleen zonder", "only without")
        } else {
            words.of("met en zonder", "with and without")
        };
        rows.push(vec![
            name,
            words.number(all[i], 0),
            words.number(without[i], 0),
            words.number(found.rank[i], 1),
            words.number(found.rank_without[i], 1),
            verdict.to_owned(),
        ]);
    }
    aligned::write(&rows, &[0, 5], text);
    let (jaccard, rho) = (
        words.number(found.jaccard, 2),
        words.number(found.spearman, 2),
    );
    let source = quoted(source);
    // Writing to a string cannot fail.
    let _ = if words.dutch {
        writeln!(
            text,
            "Zonder bron {source}: overlap (Jaccard) {jaccard}, rangcorrelatie {rho}."
        )
    } else {
        writeln!(
            text,
            "Without source {source}: overlap (Jaccard) {jaccard}, rank correlation {rho}."
        )
    };
    Ok(())
}

/// A cell of a breakdown per row.
fn columns(rows: &[Row], rules: Option<&Disclosure>) -> Result<Table> {
    let texts = |of: &dyn Fn(&Row) -> String| rows.iter().map(of).collect::<Vec<_>>();
    let floats = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<_>>();
    let table = Table::new()
        .with_text("by", texts(&|row| row.by.name()))?
        .with_text("cell", texts(&|row| row.cell.clone()))?;
    let states: Vec<State> = rows.iter().filter_map(|row| row.state).collect();
    let table = match rules {
        None => table.with_float("count", floats(&|row| row.count))?,
        Some(rules) => publishing::counts(table, "", &states, publishing::known(&states, rules))?,
    };
    table
        .with_float("expected", floats(&|row| row.expected))?
        .with_float("share", floats(&|row| row.share))?
        .with_float("rest_share", floats(&|row| row.rest_share))?
        .with_float("quotient", floats(&|row| row.quotient))?
        .with_float("low", floats(&|row| row.low))?
        .with_float("high", floats(&|row| row.high))?
        .with_float("q", floats(&|row| row.q))
}
