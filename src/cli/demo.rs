//! `brandpunt demo`: the whole road on a synthetic city that is part of the program.

use super::arguments::{Demo, Question};
use super::city_files::CityFiles;
use super::stop::Stop;
use super::terminal::Terminal;
use super::{hotspots, outcome, reading};
use crate::io::{IncidentReader, NeighbourhoodReader};
use crate::model::Theme;

/// The year the demo compares with.
const BASELINE: i16 = 2017;

const INCIDENTS: &[u8] = include_bytes!("../../data/sample_incidents.csv");
const NEIGHBOURHOODS: &[u8] = include_bytes!("../../data/sample_neighbourhoods.geojson");

pub(super) fn run(options: &Demo, terminal: &mut Terminal) -> Result<(), Stop> {
    let workers = terminal.workers(options.threads)?;
    let incidents = IncidentReader::new().read_bytes(INCIDENTS)?;
    let areas = NeighbourhoodReader::new()
        .vintage(2024)
        .read_bytes(NEIGHBOURHOODS)?;
    let inputs = [
        reading::account_of(CityFiles::INCIDENTS, INCIDENTS, incidents.rows_in(), 0),
        reading::account_of(
            CityFiles::NEIGHBOURHOODS,
            NEIGHBOURHOODS,
            areas.len() as u64,
            0,
        ),
    ];
    let question = Question {
        baseline: Some(BASELINE),
        scan: true,
        near_repeat: true,
        targets: vec!["0.9".to_owned()],
        target_year: Some(2026),
        ..Question::default()
    };
    let themes = [
        Theme::youth_nuisance(),
        Theme::housing_nuisance(),
        Theme::youth_crime(),
    ];
    let results = hotspots::analyse(&themes, &question, 0, &incidents, &areas, &inputs, &workers)?;
    terminal.say(
        "A synthetic city of 240 neighbourhoods with 20,000 reports; nothing in it is real.\n\n",
    )?;
    outcome::present(
        &results,
        &options.publishing,
        &options.out,
        options.language.into(),
        &workers,
        terminal,
    )
}
