//! The arguments of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::analysis::Language;

/// Hotspots of urban nuisance: where reports concentrate, whether that is more than chance, and
/// how it compares with the people who live there.
#[derive(Debug, Parser)]
#[command(name = "brandpunt", version, about, long_about = None)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find the hotspots of a synthetic city, without any data of your own.
    Demo(Demo),
    /// Find hotspots in reports, per neighbourhood, and write a report.
    Hotspots(Box<Hotspots>),
    /// Count reports per neighbourhood and period, from files of any size in little memory.
    Count(Box<Count>),
    /// Tell how much there is for the people who live there, and whether it changed, from a table
    /// with a row per area.
    Rates(Box<Rates>),
    /// Tell of what nature the reports of some areas are, beside those of all others.
    Profile(Box<Profile>),
    /// Tell how few addresses and areas hold how much, and where reports return.
    Concentration(Box<Concentration>),
    /// Tell whether there is more near schools or other facilities.
    Proximity(Box<Proximity>),
    /// Tell at what distances reports gather, beside chance.
    Pattern(Box<Pattern>),
    /// Tell whether a measure worked, against areas like the treated ones.
    Effect(Box<Effect>),
    /// Tell how many reports are to be expected where, and whether that beats counting.
    Forecast(Box<Forecast>),
    /// Tell what would be read from files, what would be rejected, and why.
    Check(Check),
    /// Make a synthetic city with planted hotspots.
    Synthesise(Synthesise),
}

/// The language of the report and of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Spoken {
    /// Dutch.
    Nl,
    /// English.
    En,
}

impl From<Spoken> for Language {
    fn from(spoken: Spoken) -> Self {
        match spoken {
            Spoken::Nl => Self::Dutch,
            Spoken::En => Self::English,
        }
    }
}

/// What `demo` takes.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The folder to write to; it is made when it does not exist.
    #[arg(long, value_name = "DIR", default_value = "brandpunt-demo")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) publishing: Publishing,
    /// The language of the report and of the table.
    #[arg(long, value_enum, default_value_t = Spoken::Nl)]
    pub(super) language: Spoken,
    /// How many threads; 0 means one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}

/// What `hotspots` takes.
#[derive(Debug, Args)]
pub(super) struct Hotspots {
    /// Reports: CSV, GeoJSON or GeoPackage. Left out with --counts.
    #[arg(value_name = "INCIDENTS")]
    pub(super) first: PathBuf,
    /// Areas: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) second: Option<PathBuf>,
    /// The folder to write to; it is made when it does not exist.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,

    #[command(flatten)]
    pub(super) question: Question,
    #[command(flatten)]
    pub(super) reading: Reading,
    #[command(flatten)]
    pub(super) publishing: Publishing,

    /// The language of the report and of the table.
    #[arg(long, value_enum, default_value_t = Spoken::Nl)]
    pub(super) language: Spoken,
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// How many threads; 0 means one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}

/// How what is written is protected.
#[derive(Debug, Args)]
#[command(next_help_heading = "Publishing")]
pub(super) struct Publishing {
    /// Rules of disclosure control: small counts are withheld and the others rounded. With internal
    /// nothing is protected, and the report is marked as not for publishing.
    #[arg(
        long,
        value_name = "RULES",
        default_value = "cbs5",
        value_parser = crate::publish::Disclosure::PRESETS
    )]
    pub(super) disclosure: String,
    /// File of earlier releases, so that their differences expose nobody either; made when it does
    /// not exist. It holds the secret of the rounding.
    #[arg(long, value_name = "FILE")]
    pub(super) ledger: Option<PathBuf>,
}

/// What is asked of the data.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct Question {
    /// A built-in theme, or all; may be repeated. Without it, each of these that the reports
    /// contain, else all reports.
    #[arg(
        long = "theme",
        value_name = "THEME",
        conflicts_with = "categories",
        value_parser = ["youth_nuisance", "housing_nuisance", "youth_crime", "all"]
    )]
    pub(super) themes: Vec<String>,
    /// A category of a theme of your own; may be repeated.
    #[arg(long = "category", value_name = "CATEGORY")]
    pub(super) categories: Vec<String>,
    /// The name of the theme of your own.
    #[arg(long, value_name = "NAME", default_value = "own")]
    pub(super) theme_name: String,
    /// The year or years to count, such as 2023 or 2020..2023. Without it, all of them; with
    /// --baseline, the latest whole year.
    #[arg(long, value_name = "YEARS")]
    pub(super) period: Option<String>,
    /// The year to compare with.
    #[arg(long, value_name = "YEAR")]
    pub(super) baseline: Option<i16>,
    /// A police table with the counts of that year, instead of reports of it.
    #[arg(long, value_name = "FILE", requires = "baseline")]
    pub(super) baseline_table: Option<PathBuf>,
    /// The year of the area division of that table.
    #[arg(long, value_name = "YEAR", requires = "baseline_table")]
    pub(super) baseline_vintage: Option<i16>,
    /// CSV (from, to, share) that carries that table over to the division of the areas, whose year
    /// --vintage gives.
    #[arg(long, value_name = "FILE.csv", requires = "baseline_vintage")]
    pub(super) crosswalk: Option<PathBuf>,
    /// A target: at most this share of the rate of the baseline, such as 0.8 for a fifth less, or
    /// 1 for no more than then. May be repeated as THEME=SHARE for a theme each.
    #[arg(long = "target", value_name = "[THEME=]SHARE", requires = "baseline")]
    pub(super) targets: Vec<String>,
    /// The year in which the target is to be reached. Without it, the year of the period.
    #[arg(long, value_name = "YEAR", requires = "targets")]
    pub(super) target_year: Option<i16>,
    /// Also ask whether the hotspots survive other grids, bandwidths and resampled reports. Takes
    /// several times as long.
    #[arg(long, conflicts_with = "counts")]
    pub(super) stability: bool,
    /// Also look for groups of neighbourhoods that together have more reports than their people
    /// explain, and draw them on the map.
    #[arg(long)]
    pub(super) scan: bool,
    /// Also ask whether one report is followed by another at the same address or nearby. Only in an
    /// internal report.
    #[arg(long, conflicts_with = "counts")]
    pub(super) near_repeat: bool,
    /// The kind of people or things the rate is about, instead of the theme's: inhabitants,
    /// youths, dwellings, or another that the areas have.
    #[arg(long, value_name = "KIND")]
    pub(super) exposure: Option<String>,
    /// Give rates per this many people.
    #[arg(long, value_name = "NUMBER")]
    pub(super) per: Option<f64>,
    /// Bandwidth of the density in metres. Without it, chosen from the data.
    #[arg(long, value_name = "METRES")]
    pub(super) bandwidth: Option<f64>,
    /// Side of the cells in metres.
    #[arg(long, value_name = "METRES", default_value_t = 100.0)]
    pub(super) cell_size: f64,
    /// The false discovery rate at which a single area must be able to stand out.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(super) level: f64,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            themes: Vec::new(),
            categories: Vec::new(),
            theme_name: String::new(),
            period: None,
            baseline: None,
            baseline_table: None,
            baseline_vintage: None,
            crosswalk: None,
            targets: Vec::new(),
            target_year: None,
            stability: false,
            scan: false,
            near_repeat: false,
            exposure: None,
            per: None,
            bandwidth: None,
            cell_size: 100.0,
            level: 0.05,
        }
    }
}

/// How files are read. Everything that is not given is found out and reported.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Reading {
    /// The areas hold the counts in this column; there are no reports.
    #[arg(long, value_name = "COLUMN", conflicts_with = "period")]
    pub(super) counts: Option<String>,
    #[command(flatten)]
    pub(super) areas: AreaReading,
    #[command(flatten)]
    pub(super) reports: ReportReading,
}

/// How a file of areas is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct AreaReading {
    /// Column of inhabitants; may be repeated as YEAR=COLUMN.
    #[arg(long = "population", value_name = "[YEAR=]COLUMN")]
    pub(super) populations: Vec<String>,
    /// CSV with inhabitants per area code; --population then names its columns.
    #[arg(long, value_name = "FILE")]
    pub(super) population_csv: Option<PathBuf>,
    /// Column of area codes.
    #[arg(long, value_name = "COLUMN")]
    pub(super) code: Option<String>,
    /// Column of area names.
    #[arg(long, value_name = "COLUMN")]
    pub(super) name: Option<String>,
    /// Layer of a GeoPackage of areas.
    #[arg(long, value_name = "LAYER")]
    pub(super) layer: Option<String>,
    /// Year of the division of the areas, and of the CSV with inhabitants.
    #[arg(long, value_name = "YEAR")]
    pub(super) vintage: Option<i16>,
    /// Close rings and repair polygons.
    #[arg(long)]
    pub(super) repair: bool,
    /// Coordinates of the areas, over what their file says.
    #[arg(long, value_name = "EPSG")]
    pub(super) area_crs: Option<String>,
}

/// How a file of reports is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReportReading {
    /// Coordinates of the reports, such as EPSG:28992 or EPSG:4326.
    #[arg(long, value_name = "EPSG")]
    pub(super) crs: Option<String>,
    /// Column of eastings or longitudes.
    #[arg(long, value_name = "COLUMN")]
    pub(super) x: Option<String>,
    /// Column of northings or latitudes.
    #[arg(long, value_name = "COLUMN")]
    pub(super) y: Option<String>,
    /// Column of dates or times.
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: Option<String>,
    /// Column of categories.
    #[arg(long, value_name = "COLUMN")]
    pub(super) category_column: Option<String>,
    /// Column of sources: by which way each was reported.
    #[arg(long, value_name = "COLUMN")]
    pub(super) source_column: Option<String>,
    /// Encoding of a CSV, such as cp1252.
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
    /// Decimal mark of a CSV.
    #[arg(long, value_name = "MARK")]
    pub(super) decimal: Option<char>,
    /// Delimiter of a CSV.
    #[arg(long, value_name = "MARK")]
    pub(super) delimiter: Option<char>,
    /// A column of the reports that seems to hold data about persons and may stay; may be
    /// repeated.
    #[arg(long = "allow-column", value_name = "COLUMN")]
    pub(super) allow_columns: Vec<String>,
    /// Share of reports that may be rejected.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(super) max_rejected_share: f64,
}

/// Which kind of reports is looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct Kind {
    /// A built-in theme, or all.
    #[arg(
        long,
        value_name = "THEME",
        default_value = "all",
        conflicts_with = "categories",
        value_parser = ["youth_nuisance", "housing_nuisance", "youth_crime", "all"]
    )]
    pub(super) theme: String,
    /// A category of a theme of your own; may be repeated.
    #[arg(long = "category", value_name = "CATEGORY")]
    pub(super) categories: Vec<String>,
}

/// Which reports are looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Question")]
pub(super) struct Which {
    #[command(flatten)]
    pub(super) kind: Kind,
    /// The year or years to look at, such as 2023 or 2020..2023. Without it, all of them.
    #[arg(long, value_name = "YEARS")]
    pub(super) period: Option<String>,
}

/// What is shown and written of the answer to a question.
#[derive(Debug, Args)]
pub(super) struct Shown {
    /// The file to write the figures to, as CSV, protected by the rules of --disclosure. What is shown
    /// is then what is in it.
    #[arg(long, value_name = "FILE.csv")]
    pub(super) out: Option<PathBuf>,
    /// Write all figures as they are: the file stays on the desk. The same as --disclosure internal.
    #[arg(long, requires = "out")]
    pub(super) internal: bool,
    #[command(flatten)]
    pub(super) publishing: Publishing,
    /// The language of the table.
    #[arg(long, value_enum, default_value_t = Spoken::Nl)]
    pub(super) language: Spoken,
    /// How many threads; 0 means one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}

/// What `profile` takes.
#[derive(Debug, Args)]
pub(super) struct Profile {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Areas: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    #[command(flatten)]
    pub(super) which: Which,
    /// The code of an area that is set beside all others; may be repeated, and all of them are taken
    /// together. Without it, the area with most reports, unless what is written is protected.
    #[arg(long = "area", value_name = "CODE")]
    pub(super) areas: Vec<String>,
    /// Also compare the areas with and without one source of reports: a label, or citizen, police or
    /// other.
    #[arg(long, value_name = "SOURCE")]
    pub(super) without_source: Option<String>,
    /// How many areas stand out for that comparison.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) top: usize,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `count` takes.
#[derive(Debug, Args)]
pub(super) struct Count {
    /// Reports: CSV (plain or gzip), or GeoJSON with a feature per line.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Areas: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    /// Count per calendar period of this length. Without it, all time is one.
    #[arg(long, value_name = "week|month|quarter|year")]
    pub(super) step: Option<String>,
    #[command(flatten)]
    pub(super) kind: Kind,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `concentration` takes.
#[derive(Debug, Args)]
pub(super) struct Concentration {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Areas, for how few of them hold how much: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: Option<PathBuf>,
    #[command(flatten)]
    pub(super) which: Which,
    /// Days within which a next report counts as a repeat; may be repeated.
    #[arg(long = "within", value_name = "DAYS", default_values_t = [30.0, 90.0, 365.0])]
    pub(super) days: Vec<f64>,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `proximity` takes.
#[derive(Debug, Args)]
pub(super) struct Proximity {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Schools or other facilities, as points: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "FACILITIES")]
    pub(super) facilities: PathBuf,
    /// The areas that are looked at: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    #[command(flatten)]
    pub(super) which: Which,
    /// Outer edges of the rings in metres, ascending.
    #[arg(
        long,
        value_name = "METRES",
        value_delimiter = ',',
        default_values_t = [100.0, 200.0, 400.0, 800.0]
    )]
    pub(super) distances: Vec<f64>,
    /// Only reports in school hours: Monday to Friday, 8:00 to 17:00.
    #[arg(long)]
    pub(super) school_hours: bool,
    /// Days without school, as FIRST..LAST such as 2024-07-13..2024-08-25; may be repeated.
    #[arg(long = "holiday", value_name = "DATES", requires = "school_hours")]
    pub(super) holidays: Vec<String>,
    /// How many times the facilities are moved to tell chance.
    #[arg(long, value_name = "N", default_value_t = 999)]
    pub(super) replicates: usize,
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `pattern` takes.
#[derive(Debug, Args)]
pub(super) struct Pattern {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// The areas that together are the study area: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    #[command(flatten)]
    pub(super) which: Which,
    /// Radii in metres, ascending.
    #[arg(
        long,
        value_name = "METRES",
        value_delimiter = ',',
        default_values_t = [50.0, 100.0, 200.0, 400.0, 800.0]
    )]
    pub(super) radii: Vec<f64>,
    /// What is done about pairs beyond the border: isotropic, translation, border or none.
    #[arg(long, value_name = "NAME", default_value = "isotropic")]
    pub(super) correction: String,
    /// Compare with all other reports of the period, by dealing anew which is which, instead of
    /// with places anywhere.
    #[arg(long)]
    pub(super) among_others: bool,
    /// How many patterns are simulated to tell chance; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 199)]
    pub(super) simulations: usize,
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `forecast` takes.
#[derive(Debug, Args)]
pub(super) struct Forecast {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Areas: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    #[command(flatten)]
    pub(super) kind: Kind,
    /// How many days ahead.
    #[arg(long, value_name = "DAYS", default_value_t = 28.0)]
    pub(super) horizon: f64,
    /// How: counts, recent, kernel, `prospective_map` or `self_exciting`.
    #[arg(long, value_name = "METHOD", default_value = "kernel")]
    pub(super) method: String,
    /// How far a report reaches; without it 400 for kernels, 300 for a self-exciting process.
    #[arg(long, value_name = "METRES")]
    pub(super) bandwidth: Option<f64>,
    /// How long a report counts; without it 365 for counts and kernels, a half-life of 30, and 60 for
    /// a self-exciting process.
    #[arg(long, value_name = "DAYS")]
    pub(super) memory: Option<f64>,
    /// Use what the police found themselves, too. They find where they look, and a forecast that
    /// learns from it confirms itself.
    #[arg(long)]
    pub(super) discovered: bool,
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `effect` takes.
#[derive(Debug, Args)]
pub(super) struct Effect {
    /// Reports: CSV, GeoJSON or GeoPackage.
    #[arg(value_name = "INCIDENTS")]
    pub(super) incidents: PathBuf,
    /// Areas: GeoJSON or GeoPackage.
    #[arg(value_name = "NEIGHBOURHOODS")]
    pub(super) neighbourhoods: PathBuf,
    #[command(flatten)]
    pub(super) kind: Kind,
    /// The code of a treated area; may be repeated.
    #[arg(long, value_name = "CODE", required = true)]
    pub(super) treated: Vec<String>,
    /// The code of an area like the treated ones; may be repeated.
    #[arg(long, value_name = "CODE", required = true)]
    pub(super) control: Vec<String>,
    /// The code of an area to which it may have moved; may be repeated.
    #[arg(long, value_name = "CODE", requires = "displacement_control")]
    pub(super) displacement: Vec<String>,
    /// The code of an area like those; may be repeated.
    #[arg(long, value_name = "CODE", requires = "displacement")]
    pub(super) displacement_control: Vec<String>,
    /// The year or years before, such as 2022 or 2020..2022.
    #[arg(long, value_name = "YEARS")]
    pub(super) before: String,
    /// The year or years after.
    #[arg(long, value_name = "YEARS")]
    pub(super) after: String,
    #[command(flatten)]
    pub(super) area_reading: AreaReading,
    #[command(flatten)]
    pub(super) reading: ReportReading,
    #[command(flatten)]
    pub(super) shown: Shown,
}

/// What `rates` takes.
#[derive(Debug, Args)]
pub(super) struct Rates {
    /// A CSV with one row per area, plain or gzip.
    #[arg(value_name = "TABLE")]
    pub(super) table: PathBuf,
    /// Column of area codes.
    #[arg(long, value_name = "COLUMN")]
    pub(super) code: Option<String>,
    /// Column of area names.
    #[arg(long, value_name = "COLUMN")]
    pub(super) name: Option<String>,
    /// Column of incidents.
    #[arg(long, value_name = "COLUMN")]
    pub(super) count: String,
    /// Leave out rows that sum up the rows below them, in a table without codes.
    #[arg(long)]
    pub(super) parts_only: bool,
    /// Column of people.
    #[arg(long, value_name = "COLUMN")]
    pub(super) population: String,
    /// Another CSV with one row per area, that holds the columns of people.
    #[arg(long, value_name = "FILE")]
    pub(super) population_table: Option<PathBuf>,
    /// Column of that file with the codes of the first.
    #[arg(long, value_name = "COLUMN", requires = "population_table")]
    pub(super) population_code: Option<String>,
    /// Column of the incidents to compare with.
    #[arg(long, value_name = "COLUMN")]
    pub(super) baseline_count: Option<String>,
    /// Column of the people at the time to compare with. Without it, those of today.
    #[arg(long, value_name = "COLUMN", requires = "baseline_count")]
    pub(super) baseline_population: Option<String>,
    /// Column of the group of each area, such as the code of its district.
    #[arg(long, value_name = "COLUMN")]
    pub(super) group: Option<String>,
    /// Give rates per this many people.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000.0)]
    pub(super) per: f64,
    /// The file to write all areas to, as CSV, protected by the rules of --disclosure.
    #[arg(long, value_name = "FILE.csv")]
    pub(super) out: Option<PathBuf>,
    /// Write the file with its counts as they are: it stays on the desk, or they are public already.
    /// The same as --disclosure internal.
    #[arg(long, requires = "out")]
    pub(super) internal: bool,
    #[command(flatten)]
    pub(super) publishing: Publishing,
    /// How many areas and groups to show.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) rows: usize,
    /// The language of the table.
    #[arg(long, value_enum, default_value_t = Spoken::Nl)]
    pub(super) language: Spoken,
}

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files of reports, areas, populations, key figures or police tables.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// A column of reports that seems to hold data about persons and may stay; may be repeated.
    #[arg(long = "allow-column", value_name = "COLUMN")]
    pub(super) allow_columns: Vec<String>,
}

/// What `synthesise` takes.
#[derive(Debug, Args)]
pub(super) struct Synthesise {
    /// How many incidents.
    pub(super) incidents: usize,
    /// The folder to write to; it is made when it does not exist.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The seed: the same seed gives the same city.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// How many neighbourhoods.
    #[arg(long, value_name = "N", default_value_t = 240)]
    pub(super) neighbourhoods: usize,
    /// No hotspots, no repeats: the same risk for everyone.
    #[arg(long)]
    pub(super) pure_chance: bool,
    /// How many threads; 0 means one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}
