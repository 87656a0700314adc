//! What the commands about one question share: files in, reports chosen, a table and a file out.

use std::path::Path;

use super::arguments::{AreaReading, Kind, ReportReading, Shown, Which};
use super::hotspots::period;
use super::rates_table::Words;
use super::reading;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{Language, covered};
use crate::error::{Error, Fault, Result, quoted};
use crate::io::{self, CsvFlavour, Table};
use crate::model::{Incidents, Neighbourhoods, Period, Theme, Zone};
use crate::parallel::Workers;
use crate::publish::Disclosure;

/// The rules for what is written; `None` where nothing leaves the desk.
pub(super) fn rules(shown: &Shown) -> std::result::Result<Option<Disclosure>, Stop> {
    let rules = shown.publishing.rules(shown.out.is_some(), shown.internal);
    rules.map_err(Stop::bad)
}

/// Refuses to write figures as they are, unless it was said that they stay on the desk.
pub(super) fn internal_only(shown: &Shown, what: &str) -> std::result::Result<(), Stop> {
    match rules(shown)? {
        None => Ok(()),
        Some(_) => Err(Stop::bad(Error::disclosure(format!(
            "this command does not protect {what}; add `--internal` when the file stays on the desk"
        )))),
    }
}

/// The reports of a question.
pub(super) struct Chosen {
    pub(super) theme: Theme,
    /// From when to when they are; `None` where times are not known.
    pub(super) period: Option<Period>,
    pub(super) incidents: Incidents,
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
    let period = which.period.as_deref();
    let period = period.map(|text| of_years(incidents, text)).transpose()?;
    let all = Theme::named("all")?;
    of_period(&incidents.take(&positions), all, period).map(|chosen| chosen.incidents)
}

/// The reports of a kind and, where one is given, of a period.
pub(super) fn chosen(incidents: &Incidents, which: &Which) -> Result<Chosen> {
    let period = match &which.period {
        Some(text) => Some(of_years(incidents, text)?),
        None => None,
    };
    of_period(incidents, theme(&which.kind)?, period)
}

/// The reports of a theme in a period; without one, all.
pub(super) fn of_period(
    incidents: &Incidents,
    theme: Theme,
    period: Option<Period>,
) -> Result<Chosen> {
    let of_theme = incidents.take(&theme.positions(incidents)?);
    let Some(period) = period else {
        return Ok(Chosen {
            theme,
            period: covered(incidents),
            incidents: of_theme,
        });
    };
    let inside = of_theme.positions_in(&period)?;
    if inside.is_empty() {
        return Err(Error::input(
            Fault::NoRows,
            format!(
                "no report lies in {}; choose another period",
                quoted(&period.label)
            ),
        ));
    }
    Ok(Chosen {
        theme,
        period: Some(period),
        incidents: of_theme.take(&inside),
    })
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
