//! `brandpunt profile`: of what nature are the reports, and who sent them?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Profile as Options;
use super::asked;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Error, Result, quoted};
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::profile::{Breakdown, Facet, Profile, Profiles, WithoutSource};
use crate::model::{Incidents, Neighbourhoods};

/// Level of corrected p-values at which a cell is shown.
const LEVEL: f64 = 0.05;

/// Cells that are shown.
const SHOWN: usize = 20;

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::check(&options.shown)?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let incidents = asked::chosen(&incidents, &options.which)?;
    let index = NeighbourhoodIndex::build(&areas)?;
    let label = index.locate_all(incidents.x(), incidents.y(), &workers)?;
    let counts = counted(&label, areas.len(), |_| true);
    let named = match options.areas.as_slice() {
        [] => vec![busiest(&counts)?],
        codes => asked::positions(&areas, codes, "area")?,
    };
    let subset: Vec<u32> = label
        .iter()
        .map(|area| {
            if named.contains(&(*area as usize)) {
                0
            } else {
                NeighbourhoodIndex::NONE
            }
        })
        .collect();
    let found = Profile::new()
        .by(breakdowns(&incidents)?)
        .run_labels(&incidents, &subset, 1, &workers)?;
    asked::remark(&found.warnings, terminal);
    let words = asked::words(&options.shown);
    let mut text = title(&words, &areas, &named, &found);
    tell(&words, &found, &mut text);
    if let Some(source) = &options.without_source {
        let from = incidents.came_from(source).map_err(Stop::bad)?;
        let without = counted(&label, areas.len(), |i| !from[i]);
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
    asked::present(&text, &options.shown, &columns(&found)?, terminal)
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

fn title(words: &Words, areas: &Neighbourhoods, named: &[usize], found: &Profiles) -> String {
    let names: Vec<String> = named.iter().map(|&i| quoted(&areas.names()[i])).collect();
    let percent = |share: f64| words.number(100.0 * share, 1);
    let places = &found.places;
    let (n, rest) = (found.size[0], found.rest[0]);
    let (names, addresses) = (names.join(", "), places.places[0]);
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

fn tell(words: &Words, found: &Profiles, text: &mut String) {
    let heads = [
        words.of("Vaker dan elders", "More than elsewhere"),
        words.of("aantal", "count"),
        words.of("verwacht", "expected"),
        words.of("quotiënt (95 %)", "quotient (95 %)"),
        "q",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for one in found.traits(0, SHOWN, LEVEL) {
        let label: String = quoted(&one.label).chars().take(40).collect();
        rows.push(vec![
            format!("{}: {label}", by(words, one.breakdown)),
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
fn columns(found: &Profiles) -> Result<Table> {
    let (mut by, mut cell) = (Vec::new(), Vec::new());
    let mut figures: [Vec<f64>; 8] = Default::default();
    for table in &found.tables {
        for (c, name) in table.cell.iter().enumerate() {
            by.push(table.breakdown.name());
            cell.push(name.clone());
            let at = [0, c];
            let row = [
                table.count[at],
                table.expected[at],
                table.share[at],
                table.rest_share[at],
                table.quotient[at],
                table.low[at],
                table.high[at],
                table.q[at],
            ];
            for (column, value) in figures.iter_mut().zip(row) {
                column.push(value);
            }
        }
    }
    let names = [
        "count",
        "expected",
        "share",
        "rest_share",
        "quotient",
        "low",
        "high",
        "q",
    ];
    let mut out = Table::new().with_text("by", by)?.with_text("cell", cell)?;
    for (name, column) in names.into_iter().zip(figures) {
        out = out.with_float(name, column)?;
    }
    Ok(out)
}
