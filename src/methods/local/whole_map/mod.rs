//! Do like values lie together on the map as a whole?

mod geary;
mod general_g;
mod global_statistic;
mod incremental;
mod links;
mod moran;
mod shuffled;
mod whole;

pub use geary::Geary;
pub use general_g::GeneralG;
pub use global_statistic::{Assumption, GlobalStatistic, Islands};
pub use incremental::{IncrementalMoran, IncrementalTable};
pub use moran::Moran;
