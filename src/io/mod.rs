//! Files to model and back.
//!
//! Readers tell the format by content and conclude what they are not told (delimiter, decimal
//! mark, columns, coordinate reference system, order of day and month) from whole columns. Every
//! conclusion is in `detected()`, every row that was kept out in `rejected()`, and what can be
//! read in two ways is an error that names the option.
//!
//! | question | answer |
//! |---|---|
//! | where and when was something reported? | [`read_incidents`], [`IncidentReader`]: CSV (plain or gzip), GeoJSON, GeoPackage |
//! | and when the file does not fit in memory? | [`IncidentReader::batches`]: CSV (plain or gzip), GeoJSON lines |
//! | which areas are there? | [`read_neighbourhoods`], [`NeighbourhoodReader`]: GeoJSON, GeoPackage |
//! | how many people live there? | the same file, or [`read_population`], [`PopulationReader`]: CSV |
//! | how many did the police count per area? | [`read_police_table`], [`PoliceTableReader`]: CSV or `OData` JSON |
//! | which people, households and dwellings are there? | [`read_key_figures`], [`KeyFiguresReader`]: CSV or `OData` JSON |
//! | how do areas of one year become those of another? | [`read_crosswalk`]: CSV |
//! | what belongs to which theme? | [`read_themes`], [`write_themes`]: CSV |
//! | what would be read from this file? | [`check`] |
//! | how do results get out? | [`Table`] with [`write_csv`], [`write_geojson`], `write_geotiff`, [`write_json`], [`write_text`] |
//!
//! Writers replace a file as a whole or not at all ([`atomically`]).

mod account;
mod area_levels;
mod atomically;
mod batches;
mod beside;
mod cbs_period;
mod cells;
mod check;
mod columns;
mod crosswalk;
mod csv;
mod dates;
mod day_offsets;
mod encoding;
mod feature;
mod geojson;
mod geojson_out;
#[cfg(feature = "geopackage")]
mod geopackage;
#[cfg(feature = "raster")]
mod geotiff;
mod incident_rows;
mod incidents;
mod incidents_csv;
mod incidents_features;
mod json;
mod key_figures;
mod neighbourhoods;
mod nested_rows;
mod numbers;
mod person_data;
mod place;
mod police_columns;
mod police_table;
mod population;
mod records;
mod shape;
mod signalen;
mod source;
mod table;
mod theme_table;
#[cfg(feature = "geopackage")]
mod wkb;
mod wkt;

pub use atomically::atomically;
pub use batches::IncidentBatches;
pub use check::{
    FileKind, FileReport, FirstValues, Notice, ReasonCount, RejectedRow, check, check_allowing,
};
pub use columns::Role;
pub use crosswalk::read_crosswalk;
pub use csv::{CsvFlavour, write_csv};
pub use geojson_out::{geojson_text, write_geojson};
#[cfg(feature = "raster")]
pub use geotiff::{Band, write_geotiff};
pub use incidents::{BadRows, IncidentReader, read_incidents};
pub use json::{write_json, write_text};
pub use key_figures::{KeyFiguresReader, read_key_figures};
pub use neighbourhoods::{NeighbourhoodReader, read_neighbourhoods};
pub use person_data::check_person_data;
pub use police_table::{NullPolicy, PoliceTable, PoliceTableReader, read_police_table};
pub use population::{Population, PopulationReader, read_population};
pub use source::sha256;
pub use table::{Column, Table};
pub use theme_table::{read_themes, write_themes};
