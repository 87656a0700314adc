//! What of the concentration of reports may be published.

use super::aligned;
use super::arguments::Concentration as Options;
use super::asked::{self, Chosen};
use super::counting::{Round, people, protected};
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::Counted;
use crate::error::{Error, Result};
use crate::index::NeighbourhoodIndex;
use crate::io::Table;
use crate::methods::concentration::{Concentration, ConcentrationMeasures};
use crate::parallel::Workers;
use crate::publish::{CellKey, Disclosure, Ledger, State};

/// Measures of the concentration, a row each.
pub(super) struct Measures {
    rows: Vec<Measure>,
}

struct Measure {
    name: &'static str,
    dutch: &'static str,
    english: &'static str,
    /// NaN where it is not told.
    value: f64,
    /// Between what anyone knows it to lie; NaN where that says nothing.
    low: f64,
    high: f64,
}

impl Measure {
    fn of(name: &'static str, dutch: &'static str, english: &'static str, value: f64) -> Self {
        Self {
            name,
            dutch,
            english,
            value,
            low: f64::NAN,
            high: f64::NAN,
        }
    }
}

/// Reports at addresses with a single one, and with more.
const BY: &str = "reports of one address";

/// Measures over areas from what is published of their counts, and how many reports come from addresses
/// with more than one. A row per address is never published, and neither is the share of the busiest,
/// which is its count. What chance gives is left out: rounded counts do not vary as chance does.
pub(super) fn published(
    words: &Words,
    options: &Options,
    (rules, ledger): (&Disclosure, &mut Ledger),
    workers: &Workers,
    terminal: &mut Terminal,
) -> std::result::Result<Measures, Stop> {
    let Some(path) = &options.neighbourhoods else {
        return Err(Stop::bad(Error::disclosure(
            "without NEIGHBOURHOODS there is only a row per address to write, and the reports of an \
             address are never published; give areas, or write it with --internal",
        )));
    };
    let files = (path.as_path(), &options.area_reading);
    let reports = (options.incidents.as_path(), &options.reading);
    let (incidents, areas) = asked::read(reports, files, workers)?;
    let chosen = asked::chosen(&incidents, &options.which)?;
    let (theme, incidents) = (&chosen.theme, &chosen.incidents);
    let index = NeighbourhoodIndex::build(&areas)?;
    let label = index.locate_all(incidents.x(), incidents.y(), workers)?;
    let people = people(theme, &areas);
    let mut counted = Counted::new(theme, &areas, &people);
    let round = Round::of(&mut counted, &chosen, &label, areas.len(), &|_| true)?;
    let everything: Vec<usize> = (0..areas.len()).collect();
    let all = round.total(&mut counted, &everything)?;
    let addresses = repeated(&mut counted, &chosen, &round, &label, all, ledger)?;
    let mut staged = ledger.staged();
    let release = format!("concentration of {}", theme.name());
    let language = words.language();
    let told = protected(&counted, (rules, &mut staged), &release, language, terminal)?;
    ledger.adopt(staged)?;
    terminal.remark(words.of(
        "Cijfers per adres, herhaling binnen een aantal dagen en wat toeval zou geven staan alleen in een \
         intern bestand.",
        "Figures by address, repeats within days and what chance would give are in an internal file only.",
    ));
    let states = &told.states[round.first..round.first + areas.len()];
    let mut rows = over_areas(words, states, rules, workers, terminal)?;
    let count = |name, dutch, english, state: &State| {
        let (minimum, base) = rules.figures();
        let (low, high) = state.known(base, minimum);
        let value = state.value().map_or(f64::NAN, |v| v as f64);
        Measure {
            low,
            high,
            ..Measure::of(name, dutch, english, value)
        }
    };
    rows.push(count("reports", "meldingen", "reports", &told.states[all]));
    if let Some([at_repeated, repeated]) = addresses {
        let [reports, places] = [at_repeated, repeated].map(|cell| told.states[cell]);
        rows.push(count(
            "reports_at_repeated_addresses",
            "meldingen op adressen met meer dan een",
            "reports at addresses with more than one",
            &reports,
        ));
        // Every such address has at least two reports, so its number says something of a count that is
        // withheld.
        if !reports.is_withheld() {
            rows.push(count(
                "repeated_addresses",
                "adressen met meer dan een",
                "addresses with more than one",
                &places,
            ));
        }
    }
    Ok(Measures { rows })
}

/// Measures over areas, from what is published of their counts; NaN where that is too little.
fn over_areas(
    words: &Words,
    states: &[State],
    rules: &Disclosure,
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<Vec<Measure>> {
    let withheld = states.iter().filter(|s| s.is_withheld()).count();
    let found = if 2 * withheld > states.len() {
        terminal.remark(words.of(
            "Van meer dan de helft van de gebieden is het aantal niet getoond; maten over gebieden zeggen \
             dan niets en blijven weg.",
            "The counts of more than half of the areas are not shown; measures over areas then say nothing \
             and are left out.",
        ));
        None
    } else {
        let filled: Vec<f64> = states.iter().map(|s| s.filled(rules) as f64).collect();
        let method = Concentration::new().simulations(0);
        Some(method.run_with(&filled, None, workers)?)
    };
    let of = |value: fn(&ConcentrationMeasures) -> f64| found.as_ref().map_or(f64::NAN, value);
    Ok(vec![
        Measure::of("gini", "Gini", "Gini", of(|f| f.gini.value)),
        Measure::of(
            "generalised_gini",
            "Gini, gegeneraliseerd",
            "Gini, generalised",
            of(|f| f.generalised_gini.value),
        ),
        Measure::of("theil", "Theil", "Theil", of(|f| f.theil.value)),
        Measure::of(
            "areas_with_80_percent",
            "deel van de gebieden met 80 %",
            "share of the areas with 80 %",
            of(|f| f.units_share.value),
        ),
        Measure::of(
            "busiest_5_percent",
            "deel in de drukste 5 %",
            "share in the busiest 5 %",
            of(|f| f.top_share.value),
        ),
    ])
}

/// The cells of the reports at addresses with more than one, and of these addresses; `None` where the
/// reports went out before, divided another way.
fn repeated(
    counted: &mut Counted<'_>,
    chosen: &Chosen,
    round: &Round,
    label: &[u32],
    all: usize,
    ledger: &Ledger,
) -> Result<Option<[usize; 2]>> {
    let key = counted.table.keys()[all].clone();
    if ledger.divides(&key, std::slice::from_ref(&key)) {
        return Ok(None);
    }
    let places = round.reported.places();
    let inside = |i: usize| label[i] != NeighbourhoodIndex::NONE;
    let mut at_place = vec![0_i64; chosen.incidents.len()];
    for i in (0..places.len()).filter(|&i| inside(i)) {
        at_place[places[i] as usize] += 1;
    }
    let of: Vec<u32> = places
        .iter()
        .map(|&place| u32::from(at_place[place as usize] > 1))
        .collect();
    let names = ["a single one".to_owned(), "more than one".to_owned()];
    let first = counted.divide(all, (BY, &names), (&of, &places), &inside)?;
    let repeated = at_place.iter().filter(|n| **n > 1).count() as i64;
    let name = format!("addresses with more than one report in {}", key.area);
    let cell = counted
        .table
        .push(CellKey { area: name, ..key }, repeated)?;
    counted
        .table
        .contributions(cell, vec![1; repeated as usize])?;
    Ok(Some([first + 1, cell]))
}

impl Measures {
    pub(super) fn text(&self, words: &Words) -> String {
        let mut rows = vec![vec![
            words.of("Concentratie", "Concentration").to_owned(),
            words.of("waarde", "value").to_owned(),
        ]];
        for row in &self.rows {
            let is_count = !row.low.is_nan();
            let digits = if is_count { 0 } else { 3 };
            let value = match row.value {
                value if value.is_nan() => words.of("niet getoond", "not shown").to_owned(),
                value => words.number(value, digits),
            };
            rows.push(vec![words.of(row.dutch, row.english).to_owned(), value]);
        }
        let mut out = String::new();
        aligned::write(&rows, &[0], &mut out);
        out
    }

    pub(super) fn columns(&self) -> Result<Table> {
        let column = |of: fn(&Measure) -> f64| self.rows.iter().map(of).collect();
        Table::new()
            .with_text(
                "measure",
                self.rows.iter().map(|m| m.name.to_owned()).collect(),
            )?
            .with_float("value", column(|m| m.value))?
            .with_float("low", column(|m| m.low))?
            .with_float("high", column(|m| m.high))
    }
}
