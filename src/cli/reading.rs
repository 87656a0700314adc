//! Reading the files of the commands.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::arguments::{AreaReading, ReportReading};
use super::stop::Stop;
use crate::analysis::InputFile;
use crate::error::{Error, Result};
use crate::io::{self, IncidentReader, NeighbourhoodReader, PopulationReader};
use crate::model::{Crs, Incidents, Neighbourhoods};
use crate::parallel::Workers;

/// Reads reports.
pub(super) fn incidents(
    path: &Path,
    reading: &ReportReading,
    workers: &Workers,
) -> std::result::Result<Incidents, Stop> {
    incident_reader(reading)
        .and_then(|reader| reader.read_with(path, workers))
        .map_err(Stop::bad)
}

pub(super) fn incident_reader(reading: &ReportReading) -> Result<IncidentReader> {
    let mut reader = IncidentReader::new().max_rejected_share(reading.max_rejected_share);
    for column in &reading.allow_columns {
        reader = reader.allow_column(column);
    }
    if let Some(column) = &reading.x {
        reader = reader.x(column);
    }
    if let Some(column) = &reading.y {
        reader = reader.y(column);
    }
    if let Some(column) = &reading.time {
        reader = reader.time(column);
    }
    if let Some(column) = &reading.category_column {
        reader = reader.category(column);
    }
    if let Some(column) = &reading.source_column {
        reader = reader.source(column);
    }
    if let Some(crs) = &reading.crs {
        reader = reader.crs(crs.parse()?);
    }
    if let Some(label) = &reading.encoding {
        reader = reader.encoding(label);
    }
    if let Some(mark) = reading.decimal {
        reader = reader.decimal(mark);
    }
    if let Some(mark) = reading.delimiter {
        reader = reader.delimiter(mark);
    }
    Ok(reader)
}

/// Reads areas, with the inhabitants of another file where one is given.
pub(super) fn areas(
    path: &Path,
    reading: &AreaReading,
) -> std::result::Result<Neighbourhoods, Stop> {
    let read = || -> Result<Neighbourhoods> {
        let areas = area_reader(reading)?.read(path)?;
        match &reading.population_csv {
            Some(file) => population_reader(reading)?.read(file)?.join(areas),
            None => Ok(areas),
        }
    };
    read().map_err(Stop::bad)
}

fn area_reader(reading: &AreaReading) -> Result<NeighbourhoodReader> {
    let mut reader = NeighbourhoodReader::new().repair(reading.repair);
    if let Some(column) = &reading.code {
        reader = reader.code(column);
    }
    if let Some(column) = &reading.name {
        reader = reader.name(column);
    }
    if let Some(layer) = &reading.layer {
        reader = reader.layer(layer);
    }
    if let Some(year) = reading.vintage {
        reader = reader.vintage(year);
    }
    if let Some(crs) = &reading.area_crs {
        reader = reader.crs(crs.parse()?);
    }
    if reading.population_csv.is_none() {
        for (year, column) in populations(reading)? {
            reader = match year {
                Some(year) => reader.population_of(year, column),
                None => reader.population(column),
            };
        }
    }
    Ok(reader)
}

fn population_reader(reading: &AreaReading) -> Result<PopulationReader> {
    let mut reader = PopulationReader::new();
    if let Some(year) = reading.vintage {
        reader = reader.vintage(year);
    }
    for (year, column) in populations(reading)? {
        reader = match year {
            Some(year) => reader.population_of(year, column),
            None => reader.population(column),
        };
    }
    Ok(reader)
}

/// The columns of inhabitants, each with its year where one is given.
fn populations(reading: &AreaReading) -> Result<Vec<(Option<i16>, &str)>> {
    reading
        .populations
        .iter()
        .map(|text| match text.split_once('=') {
            None => Ok((None, text.as_str())),
            Some((year, column)) => match year.trim().parse() {
                Ok(year) => Ok((Some(year), column)),
                Err(_) => Err(Error::parameter(
                    "population",
                    text,
                    "COLUMN or YEAR=COLUMN",
                )),
            },
        })
        .collect()
}

/// Brings both to one system in metres: that of the areas, else that of the reports, else RD New
/// in the Netherlands and the UTM zone of the areas elsewhere.
pub(super) fn in_metres(
    incidents: Incidents,
    areas: Neighbourhoods,
) -> Result<(Incidents, Neighbourhoods)> {
    let target = target(Some(incidents.crs()), &areas);
    let incidents = if incidents.crs() == target {
        incidents
    } else {
        incidents.to_crs(target)?
    };
    Ok((incidents, areas_in(areas, target)?))
}

/// As [`in_metres`], for areas alone.
pub(super) fn areas_in_metres(areas: Neighbourhoods) -> Result<Neighbourhoods> {
    let target = target(None, &areas);
    areas_in(areas, target)
}

fn areas_in(areas: Neighbourhoods, target: Crs) -> Result<Neighbourhoods> {
    if areas.crs() == target {
        Ok(areas)
    } else {
        areas.to_crs(target)
    }
}

fn target(incidents: Option<Crs>, areas: &Neighbourhoods) -> Crs {
    if !areas.crs().is_geographic() {
        return areas.crs();
    }
    if let Some(crs) = incidents.filter(|crs| !crs.is_geographic()) {
        return crs;
    }
    let bounds = areas.bounds();
    let (lon, lat) = (
        f64::midpoint(bounds.min_x, bounds.max_x),
        f64::midpoint(bounds.min_y, bounds.max_y),
    );
    if (3.2..7.3).contains(&lon) && (50.7..53.6).contains(&lat) {
        return Crs::RD_NEW;
    }
    let zone = ((lon + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u32 + 1;
    Crs::from_epsg(if lat < 0.0 { 32_700 } else { 32_600 } + zone)
}

/// The account of one input file.
pub(super) fn account(path: &Path, rows_in: u64, rejected: u64) -> Result<InputFile> {
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(InputFile::new(name, io::sha256(path)?, rows_in, rejected))
}

/// As [`account`], for a file that is part of the program.
pub(super) fn account_of(name: &str, bytes: &[u8], rows_in: u64, rejected: u64) -> InputFile {
    let sha256 = Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
    InputFile::new(name.to_owned(), sha256, rows_in, rejected)
}
