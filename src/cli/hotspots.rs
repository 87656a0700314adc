//! `brandpunt hotspots`: from files to a report.

use std::path::Path;

use jiff::civil::Date;

use super::arguments::{Hotspots, Question};
use super::baseline;
use super::outcome;
use super::reading;
use super::stop::Stop;
use super::targets;
use super::terminal::Terminal;
use super::themes;
use crate::analysis::{HotspotAnalysis, HotspotResult, InputFile, Located, StabilityAnalysis};
use crate::error::{Error, Fault, Result};
use crate::model::{Counts, Incidents, Neighbourhoods, Period, Theme, Zone};
use crate::parallel::Workers;

pub(super) fn run(options: &Hotspots, terminal: &mut Terminal) -> std::result::Result<(), Stop> {
    let workers = terminal.workers(options.threads)?;
    workers.job().report("reading", 0.0);
    let results = match (&options.reading.counts, &options.second) {
        (None, Some(areas)) => from_reports(options, &options.first, areas, &workers, terminal)?,
        (None, None) => {
            return Err(Stop::bad(Error::parameter(
                "NEIGHBOURHOODS",
                "missing",
                "two files: INCIDENTS and NEIGHBOURHOODS; with --counts COLUMN one",
            )));
        }
        (Some(column), None) => from_counts(options, column, &workers)?,
        (Some(_), Some(second)) => {
            return Err(Stop::bad(Error::parameter(
                "NEIGHBOURHOODS",
                second.display(),
                "no second file, because --counts takes the counts from the first",
            )));
        }
    };
    outcome::present(
        &results,
        &options.publishing,
        &options.out,
        options.language.into(),
        &workers,
        terminal,
    )
}

fn from_reports(
    options: &Hotspots,
    incidents_path: &Path,
    areas_path: &Path,
    workers: &Workers,
    terminal: &mut Terminal,
) -> std::result::Result<Vec<HotspotResult>, Stop> {
    let incidents = reading::incidents(incidents_path, &options.reading.reports, workers)?;
    workers.job().check()?;
    let areas = reading::areas(areas_path, &options.reading.areas)?;
    let inputs = vec![
        reading::account(
            incidents_path,
            incidents.rows_in(),
            incidents.rejected().len(),
        )?,
        reading::account(areas_path, areas.len() as u64, 0)?,
    ];
    let (incidents, areas) = reading::in_metres(incidents, areas)?;
    let (themes, told) = themes::choose(&options.question, &incidents, &areas)?;
    if let Some(told) = told {
        terminal.remark(&told);
    }
    analyse(
        &themes,
        &options.question,
        options.seed,
        &incidents,
        &areas,
        &inputs,
        workers,
    )
    .map_err(Stop::from)
}

/// Analyses reports for every theme.
pub(super) fn analyse(
    themes: &[Theme],
    question: &Question,
    seed: u64,
    incidents: &Incidents,
    areas: &Neighbourhoods,
    inputs: &[InputFile],
    workers: &Workers,
) -> Result<Vec<HotspotResult>> {
    let zone = incidents
        .times()
        .map_or_else(Zone::amsterdam, |t| t.zone().clone());
    targets::check(themes, question)?;
    let located = Located::new(incidents, areas, workers)?;
    let register = baseline::read(question, areas)?;
    themes
        .iter()
        .map(|theme| {
            let analysis = register.of(analysis(theme, question, seed, &zone)?);
            let mut result = analysis.run_located(&located, workers)?;
            result.provenance.inputs = inputs.to_vec();
            result.provenance.inputs.extend_from_slice(&register.inputs);
            Ok(result)
        })
        .collect()
}

fn from_counts(
    options: &Hotspots,
    column: &str,
    workers: &Workers,
) -> std::result::Result<Vec<HotspotResult>, Stop> {
    let path = &options.first;
    let areas = reading::areas(path, &options.reading.areas)?;
    let theme = themes::of_counts(&options.question, column)?;
    targets::check(std::slice::from_ref(&theme), &options.question)?;
    let counts = counts_of(&areas, column)?;
    let input = reading::account(path, areas.len() as u64, 0)?;
    let areas = reading::areas_in_metres(areas)?;
    let register = baseline::read(&options.question, &areas).map_err(Stop::bad)?;
    let analysis = analysis(&theme, &options.question, options.seed, &Zone::amsterdam())?;
    let mut result = register.of(analysis).run_counts(&counts, &areas, workers)?;
    result.provenance.inputs = vec![input];
    result.provenance.inputs.extend_from_slice(&register.inputs);
    Ok(vec![result])
}

/// The counts in a column of the areas.
fn counts_of(areas: &Neighbourhoods, column: &str) -> Result<Counts> {
    let Some(values) = areas.column(column) else {
        let known: Vec<String> = areas.column_names().map(crate::error::quoted).collect();
        return Err(Error::input(
            Fault::MissingColumn,
            format!(
                "the areas have no column of numbers `{}` for --counts; known are: {}",
                crate::error::quoted(column),
                known.join(", ")
            ),
        ));
    };
    let whole = |(value, code): (&Option<f64>, &String)| match value {
        Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => Ok(*v as i64),
        Some(v) => Err(Error::input(
            Fault::NotAnInteger,
            format!("area `{code}` has {v} in `{column}`; counts are whole numbers"),
        )),
        None => Err(Error::input(
            Fault::MissingColumn,
            format!(
                "area `{code}` has no value in `{column}`; give every area its count, zero where \
                 nothing was reported"
            ),
        )),
    };
    Counts::per_area(
        values
            .iter()
            .zip(areas.codes())
            .map(whole)
            .collect::<Result<_>>()?,
    )
}

fn analysis(theme: &Theme, question: &Question, seed: u64, zone: &Zone) -> Result<HotspotAnalysis> {
    let mut analysis = HotspotAnalysis::new(theme.clone())
        .cell_size(question.cell_size)
        .level(question.level)
        .seed(seed);
    if let Some(text) = &question.period {
        analysis = analysis.period(period(text, zone)?);
    }
    if let Some(year) = question.baseline {
        analysis = analysis.baseline(year);
    }
    if let Some(share) = targets::of(theme, question)? {
        analysis = analysis.target(share, question.target_year);
    }
    if question.stability {
        analysis = analysis.stability(StabilityAnalysis::RESAMPLES);
    }
    if question.scan {
        analysis = analysis.scan(HotspotAnalysis::SIMULATIONS);
    }
    if question.near_repeat {
        analysis = analysis.near_repeat(HotspotAnalysis::SIMULATIONS);
    }
    if let Some(kind) = &question.exposure {
        analysis = analysis.exposure(kind);
    }
    if let Some(metres) = question.bandwidth {
        analysis = analysis.bandwidth(metres);
    }
    Ok(analysis)
}

/// A year, or the years from the first to the last of a range.
pub(super) fn period(text: &str, zone: &Zone) -> Result<Period> {
    let wrong = || {
        Error::parameter(
            "period",
            text,
            "a year such as 2023, or years such as 2020..2023",
        )
    };
    let year = |text: &str| text.trim().parse::<i16>().map_err(|_| wrong());
    let Some((first, last)) = text.split_once("..") else {
        return Period::year(year(text)?, zone);
    };
    let (first, last) = (year(first)?, year(last.trim_start_matches('='))?);
    let start = |year: i16| Date::new(year, 1, 1).map_err(|_| wrong());
    let after = last.checked_add(1).ok_or_else(wrong)?;
    let mut period = Period::days(start(first)?, start(after)?, zone)?;
    period.label = format!("{first}..{last}");
    Ok(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_ranges_of_years_are_periods() {
        let zone = Zone::amsterdam();
        assert_eq!(
            period("2023", &zone).unwrap(),
            Period::year(2023, &zone).unwrap()
        );
        let range = period("2020..2023", &zone).unwrap();
        assert_eq!(range.start, Period::year(2020, &zone).unwrap().start);
        assert_eq!(range.end, Period::year(2023, &zone).unwrap().end);
        for bad in ["", "last year", "2023..2020", "2020..", "32767..32767"] {
            assert!(period(bad, &zone).is_err(), "{bad}");
        }
    }
}
