//! Files to model and back.

mod columns;
mod dates;
mod encoding;
mod feature;
mod geojson;
#[cfg(feature = "geopackage")]
mod geopackage;
mod incident_rows;
mod incidents;
mod incidents_csv;
mod incidents_features;
mod neighbourhoods;
mod numbers;
mod place;
mod records;
mod source;
#[cfg(feature = "geopackage")]
mod wkb;

pub use incidents::{BadRows, IncidentReader, read_incidents};
pub use neighbourhoods::{NeighbourhoodReader, read_neighbourhoods};
pub use source::sha256;
