//! Hotspots of urban nuisance: where reports concentrate, whether that is more than chance, and
//! how it compares with the people who live there.

mod error;
mod job;
mod model;
mod parallel;
mod random;

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod index;
pub mod io;
pub mod methods;
#[cfg(feature = "report")]
pub mod report;
pub mod stats;
pub mod synthetic;
pub mod weights;

pub use error::{Error, Fault, Result};
pub use job::{Job, Progress};
pub use model::{
    Bounds, Categories, Counts, Crs, Detected, Exposure, Grid, Incidents, IncidentsBuilder,
    Neighbourhoods, Period, Projection, RejectReason, Rejected, Rejections, Step, TextColumn,
    Theme, TimeFlag, Times, Warning, WarningCode, Zone,
};
pub use parallel::Workers;
