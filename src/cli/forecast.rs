//! `brandpunt forecast`: will it stay there?

use std::fmt::Write as _;

use super::aligned;
use super::arguments::Forecast as Options;
use super::asked;
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::Result;
use crate::io::Table;
use crate::methods::forecast::{
    Forecast, ForecastMap, ForecastMethod, ForecastUnits, RollingResult, RollingTest,
};
use crate::model::Neighbourhoods;

/// Areas that are shown.
const SHOWN: usize = 10;
/// The flagged share of the surface that is told of, among those that are asked first.
const TOLD: usize = 4;
/// Days that the first past forecast learns from.
const TRAINING: f64 = 365.0;

pub(super) fn run(options: &Options, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    asked::internal_only(&options.shown, "the numbers to be expected of areas")?;
    let workers = terminal.workers(options.shown.threads)?;
    let (incidents, areas) = asked::read(
        (&options.incidents, &options.reading),
        (&options.neighbourhoods, &options.area_reading),
        &workers,
    )?;
    let theme = asked::theme(&options.kind)?;
    let incidents = incidents.take(&theme.positions(&incidents)?);
    let method = ForecastMethod::named(&options.method, options.bandwidth, options.memory)?;
    let units = ForecastUnits::areas(&areas)?;
    let last = incidents.require_times()?.range();
    let now = last.map_or(0, |(_, last)| last.saturating_add(1));
    let found = Forecast::new(method.clone(), options.horizon)
        .discovered(options.discovered)
        .run_with(&incidents, &units, now, &workers)?;
    let watched = (now - found.since) as f64 / 86_400.0;
    let past = (watched >= TRAINING + options.horizon)
        .then(|| {
            RollingTest::new(method, options.horizon)
                .training(TRAINING)
                .discovered(options.discovered)
                .seed(options.seed)
                .run_with(&incidents, &units, &workers)
        })
        .transpose()?;
    asked::remark(&found.warnings, terminal);
    let words = asked::words(&options.shown);
    let mut text = table(&words, &areas, &found);
    add_sentences(&words, &found, past.as_ref(), options.horizon, &mut text);
    let columns = columns(&areas, &units, &found)?;
    asked::present(&text, &options.shown, &columns, terminal)
}

fn table(words: &Words, areas: &Neighbourhoods, found: &ForecastMap) -> String {
    let mut order: Vec<usize> = (0..found.rank.len()).collect();
    order.sort_by_key(|i| found.rank[*i]);
    let heads = [
        words.of("Buurt", "Neighbourhood"),
        words.of("verwacht", "expected"),
        words.of("per km²", "per km²"),
        words.of("rang", "rank"),
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for i in order.into_iter().take(SHOWN) {
        rows.push(vec![
            areas.names()[i].clone(),
            words.number(found.expected[i], 1),
            words.number(found.per_km2[i], 1),
            found.rank[i].to_string(),
        ]);
    }
    let mut out = String::new();
    aligned::write(&rows, &[0], &mut out);
    out
}

fn add_sentences(
    words: &Words,
    found: &ForecastMap,
    past: Option<&RollingResult>,
    days: f64,
    out: &mut String,
) {
    let total = words.number(found.expected.iter().sum(), 1);
    let days = words.number(days, 0);
    // Writing to a string cannot fail.
    let _ = if words.dutch {
        writeln!(out, "{total} meldingen verwacht in {days} dagen.")
    } else {
        writeln!(out, "{total} reports expected in {days} days.")
    };
    let _ = writeln!(
        out,
        "{}",
        past.map_or_else(|| untested(words), |p| tested(words, p))
    );
    let limits = words.of(
        "Dit zijn verwachte meldingen per plaats. Het zegt niets over personen; wat door deze lijst \
         wordt gevonden, mag in de volgende niet meetellen.",
        "These are expected reports by place. They say nothing about persons; what is found because of \
         this list must not be counted in the next.",
    );
    let _ = writeln!(out, "{limits}");
}

fn untested(words: &Words) -> String {
    let text = words.of(
        "De meldingen beslaan te weinig tijd om te toetsen of dit eerder zou hebben gewerkt.",
        "The reports cover too little time to test whether this would have worked before.",
    );
    text.to_owned()
}

fn tested(words: &Words, past: &RollingResult) -> String {
    let percent = |share: f64| words.number(100.0 * share, 1);
    let rate = &past.hit_rate[TOLD];
    let difference = words.interval(
        100.0 * rate.difference,
        100.0 * rate.difference_low,
        100.0 * rate.difference_high,
        1,
    );
    let (n, share) = (past.start.len(), percent(past.shares[TOLD]));
    let (hits, plain) = (percent(rate.value), percent(rate.baseline));
    if words.dutch {
        format!(
            "Bij {n} eerdere verwachtingen lag in de {share} % van het gebied die de methode aanwees \
             {hits} % van de meldingen die toen kwamen; bij gewoon tellen {plain} %, een verschil in \
             procentpunten van {difference}."
        )
    } else {
        format!(
            "At {n} past forecasts, the {share} % of the area that the method pointed at held {hits} % of \
             the reports that came; plain counting {plain} %, a difference in percentage points of \
             {difference}."
        )
    }
}

fn columns(areas: &Neighbourhoods, units: &ForecastUnits, found: &ForecastMap) -> Result<Table> {
    Table::new()
        .with_text("code", areas.codes().to_vec())?
        .with_text("name", areas.names().to_vec())?
        .with_float("km2", units.km2().to_vec())?
        .with_float("expected", found.expected.clone())?
        .with_float("per_km2", found.per_km2.clone())?
        .with_integer("rank", found.rank.iter().map(|r| *r as i64).collect())
}
