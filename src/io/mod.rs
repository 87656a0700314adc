//! Files to model and back.

mod atomically;
mod check;
mod columns;
mod csv;
mod dates;
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
mod neighbourhoods;
mod numbers;
mod place;
mod population;
mod records;
mod source;
mod table;
#[cfg(feature = "geopackage")]
mod wkb;

pub use atomically::atomically;
pub use check::{FileKind, FileReport, FirstValues, Notice, ReasonCount, RejectedRow, check};
pub use csv::{CsvFlavour, write_csv};
pub use geojson_out::write_geojson;
#[cfg(feature = "raster")]
pub use geotiff::write_geotiff;
pub use incidents::{BadRows, IncidentReader, read_incidents};
pub use json::{write_json, write_text};
pub use neighbourhoods::{NeighbourhoodReader, read_neighbourhoods};
pub use population::{Population, PopulationReader, read_population};
pub use source::sha256;
pub use table::{Column, Table};
