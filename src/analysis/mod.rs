//! The main job: everything for one theme in one call.
//!
//! [`HotspotAnalysis`] keeps two questions apart and answers both for every neighbourhood: *is
//! this area's own rate high for its people* (rate, interval, comparison with the rest of the
//! city) and *do high values cluster around it* (Gi* of population-standardised rates).
//! Where the data go back far enough, it also says whether that is *new, lasting or fading*
//! ([`History`]). [`StabilityAnalysis`] asks the same of other grids, bandwidths and resampled reports.

mod areas_divided;
mod asked;
mod cells;
mod clusters;
mod configuration;
mod counted;
mod districts;
mod divided;
mod history;
mod language;
mod left_out;
mod located;
mod made;
mod nature;
mod nature_shown;
mod one_location;
mod people;
mod progress;
mod protection;
mod provenance;
mod published;
mod reason;
mod register;
mod result;
mod selection;
mod settings;
mod surroundings;
mod table;
mod warnings;
mod years;

pub(crate) use cells::judged_cells;
pub use configuration::HotspotAnalysis;
#[cfg(feature = "cli")]
pub(crate) use counted::Counted;
pub use districts::Districts;
#[cfg(feature = "cli")]
pub(crate) use divided::{Divided, Told, Whole};
pub use language::Language;
pub use located::Located;
#[cfg(feature = "cli")]
pub(crate) use made::{Division, Reported};
pub use nature::{AreaNature, Nature, NatureTable};
#[cfg(feature = "report")]
pub(crate) use people::PeopleFrom;
pub use progress::TargetProgress;
pub use protection::{AuditRow, Protection};
pub use provenance::{InputFile, Provenance};
pub use published::Published;
pub use reason::Reason;
pub use result::{CellTable, City, History, HotspotResult, NeighbourhoodTable};
#[cfg(feature = "cli")]
pub(crate) use selection::covered;
pub use settings::{GridSetting, HotspotStability, StabilityAnalysis};
pub use years::Years;
