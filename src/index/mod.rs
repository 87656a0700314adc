//! What is near, what is inside.

mod area_counter;
mod count;
mod covered_cells;
mod crosswalk;
mod incident_index;
mod neighbourhood_index;
mod raster;
mod strips;
mod study_area;
mod tiles;
mod topology;

pub use area_counter::AreaCounter;
pub(crate) use count::require_same_crs;
pub use count::{count, count_labels};
pub(crate) use covered_cells::covered_cells;
pub use crosswalk::{crosswalk_by_area, crosswalk_by_points};
pub use incident_index::{ClosePairs, IncidentIndex};
pub use neighbourhood_index::NeighbourhoodIndex;
pub use study_area::StudyArea;
pub use tiles::{Dealt, Tiles};
pub use topology::{Gap, Overlap, gaps, overlaps, require_apart, topology_warnings};
