//! What the commands about one question share: files in, reports chosen, a table and a file out.

use std::path::Path;

use super::arguments::{AreaReading, Kind, ReportReading, Shown, Which};
use super::hotspots::period;
use super::rates_table::Words;
use super::reading;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::Language;
use crate::error::{Error, Fault, Result, quoted};
use crate::io::{self, CsvFlavour, Table};
use crate::model::{Incidents, Neighbourhoods, Period, Theme, Zone};
use crate::parallel::Workers;

/// Refuses a file of unprotected figures that was not said to stay on the desk.
pub(super) fn check(shown: &Shown) -> std::result::Result<(), Stop> {
    if shown.out.is_none() || shown.internal {
        return Ok(());
    }
    Err(Stop::bad(Error::disclosure(
        "`--out` would write figures as they are; add `--internal` when the file stays on the desk",
    )))
}

/// Reads reports and areas, in one system of metres.
pub(super) fn read(
    incidents: (&Path, &ReportReading),
    areas: (&Path, &AreaReading),
    workers: &Workers,
) -> std::result::Result<(Incidents, Neighbourhoods), Stop> {
    let incidents = reading::incidents(incidents.0, incidents.1, workers)?;
    workers.job().check()?;
    let areas = reading::areas(areas.0, areas.1)?;
    Ok(reading::in_metres(incidents, areas)?)
}

/// The theme of a kind of reports.
pub(super) fn theme(kind: &Kind) -> Result<Theme> {
    if kind.categories.is_empty() {
        Theme::named(&kind.theme)
    } else {
        Ok(Theme::new("own", &kind.categories))
    }
}

/// The reports of a kind and, where one is given, of a period.
pub(super) fn chosen(incidents: &Incidents, which: &Which) -> Result<Incidents> {
    let of_theme = incidents.take(&theme(&which.kind)?.positions(incidents)?);
    of_period(of_theme, which.period.as_deref())
}

/// The reports of any other kind and, where one is given, of the same period.
pub(super) fn others(incidents: &Incidents, which: &Which) -> Result<Incidents> {
    let mut other = vec![true; incidents.len()];
    for position in theme(&which.kind)?.positions(incidents)? {
        other[position as usize] = false;
    }
    let positions: Vec<u32> = (0u32..)
        .zip(&other)
        .filter_map(|(i, other)| other.then_some(i))
        .collect();
    if positions.is_empty() {
        let detail = "all reports are of the kind looked at; there are no others to compare with";
        return Err(Error::input(Fault::NoRows, detail));
    }
    of_period(incidents.take(&positions), which.period.as_deref())
}

fn of_period(incidents: Incidents, years: Option<&str>) -> Result<Incidents> {
    let Some(text) = years else {
        return Ok(incidents);
    };
    let inside = incidents.positions_in(&of_years(&incidents, text)?)?;
    if inside.is_empty() {
        return Err(Error::input(
            Fault::NoRows,
            format!("no report lies in {}; choose another period", quoted(text)),
        ));
    }
    Ok(incidents.take(&inside))
}

/// Some years, where the reports were made.
pub(super) fn of_years(incidents: &Incidents, years: &str) -> Result<Period> {
    let zone = incidents
        .times()
        .map_or_else(Zone::amsterdam, |t| t.zone().clone());
    period(years, &zone)
}

/// The positions of areas by their codes.
pub(super) fn positions(
    areas: &Neighbourhoods,
    codes: &[String],
    option: &'static str,
) -> Result<Vec<usize>> {
    let each = codes.iter().map(|code| {
        let at = areas.codes().iter().position(|known| known == code);
        at.ok_or_else(|| {
            let example = areas.codes().first().map_or("", String::as_str);
            Error::parameter(
                option,
                code,
                format!("the code of an area, such as {example}"),
            )
        })
    });
    each.collect()
}

/// Words and numbers in the language that was asked for.
pub(super) fn words(shown: &Shown) -> Words {
    Words {
        dutch: matches!(Language::from(shown.language), Language::Dutch),
    }
}

/// A p-value, with its bound where it is smaller than can be shown.
pub(super) fn p_value(words: &Words, p: f64) -> String {
    if p.is_nan() {
        return words.of("onbekend", "unknown").to_owned();
    }
    if p < 1e-4 {
        return format!("< {}", words.number(1e-4, 4));
    }
    words.number(p, 4)
}

/// Shows a text, and writes the figures where a file was asked for.
pub(super) fn present(
    text: &str,
    shown: &Shown,
    table: &Table,
    terminal: &mut Terminal,
) -> std::result::Result<(), Stop> {
    terminal.say(text)?;
    if let Some(path) = &shown.out {
        io::write_csv(path, table, CsvFlavour::Exact)?;
        terminal.remark(&format!("{}", path.display()));
    }
    Ok(())
}

/// Tells what a reader must know.
pub(super) fn remark(warnings: &[crate::model::Warning], terminal: &mut Terminal) {
    for warning in warnings {
        terminal.remark(&format!("warning {}: {}", warning.code, warning.message));
    }
}
