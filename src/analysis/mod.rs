//! The main job: everything for one theme in one call.

mod language;
mod provenance;
mod reason;
mod result;

pub use language::Language;
pub use provenance::{InputFile, Provenance};
pub use reason::Reason;
pub use result::{CellTable, City, HotspotResult, NeighbourhoodTable};
