//! `brandpunt count`: how many, where and when, from files of any size?

use std::time::Instant;

use super::aligned;
use super::arguments::Count as Options;
use super::asked;
use super::rates_table::Words;
use super::reading;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::Result;
use crate::index::AreaCounter;
use crate::io::Table;
use crate::model::{Counts, Neighbourhoods, Step, Tally};

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::internal_only(&options.shown, "counts of areas and periods")?;
    let workers = terminal.workers(options.shown.threads)?;
    let step = options.step.as_deref().map(Step::named).transpose();
    let step = step.map_err(Stop::bad)?;
    let theme = asked::theme(&options.kind).map_err(Stop::bad)?;
    let areas = reading::areas(&options.neighbourhoods, &options.area_reading)?;
    let mut counter = AreaCounter::new(&areas)?;
    if let Some(step) = step {
        counter = counter.step(step);
    }
    if theme.categories().is_some() {
        counter = counter.by_category();
    }
    let begun = Instant::now();
    let mut batches = reading::incident_reader(&options.reading)
        .and_then(|reader| reader.batches(&options.incidents))
        .map_err(Stop::bad)?;
    while let Some(batch) = batches.next_batch(&workers).map_err(Stop::bad)? {
        counter.add(&batch.to_crs(areas.crs())?, &workers)?;
    }
    let tally = counter.into_tally();
    let seconds = begun.elapsed().as_secs_f64();
    terminal.remark(&format!(
        "{} rows in {seconds:.1} s, {:.1} million per second",
        tally.rows_in(),
        1e-6 * tally.rows_in() as f64 / seconds.max(1e-9)
    ));
    let counts = tally.counts(&theme)?;
    let mut text = String::new();
    tell(&asked::words(&options.shown), &tally, &counts, &mut text);
    let table = columns(&areas, &counts)?;
    asked::present(&text, &options.shown, &table, terminal)
}

/// The account of the rows, then each period with its total.
fn tell(words: &Words, tally: &Tally, counts: &Counts, text: &mut String) {
    let row = |name: &str, n: u64| vec![name.to_owned(), n.to_string()];
    let mut rows = vec![row(words.of("Rijen", "Rows"), tally.rows_in())];
    for (reason, count) in tally.rejected() {
        let name = format!("{}: {reason}", words.of("afgewezen", "rejected"));
        rows.push(row(&name, *count));
    }
    if tally.step().is_some() {
        let name = words.of("zonder bekende tijd", "of unknown time");
        rows.push(row(name, tally.undated()));
    }
    let outside = counts.outside().sum() as u64;
    let inside = counts.values().sum() as u64;
    rows.push(row(words.of("in een gebied", "in an area"), inside));
    rows.push(row(words.of("in geen gebied", "in no area"), outside));
    aligned::write(&rows, &[0], text);
    if counts.periods().is_empty() {
        return;
    }
    text.push('\n');
    let heads = [
        words.of("Periode", "Period"),
        words.of("in een gebied", "in an area"),
        words.of("in geen gebied", "in no area"),
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for (k, period) in counts.periods().iter().enumerate() {
        rows.push(vec![
            period.label.clone(),
            counts.values().column(k).sum().to_string(),
            counts.outside()[k].to_string(),
        ]);
    }
    aligned::write(&rows, &[0], text);
}

/// An area per row, a period per column.
fn columns(areas: &Neighbourhoods, counts: &Counts) -> Result<Table> {
    let mut table = Table::new()
        .with_text("code", areas.codes().to_vec())?
        .with_text("name", areas.names().to_vec())?;
    if counts.periods().is_empty() {
        return table.with_integer("count", counts.totals());
    }
    for (k, period) in counts.periods().iter().enumerate() {
        table = table.with_integer(&period.label, counts.values().column(k).to_vec())?;
    }
    Ok(table)
}
