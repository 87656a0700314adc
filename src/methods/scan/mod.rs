//! Which cluster, how big?
//!
//! Scan statistics: windows of every size around every place, and one p-value for all of them.
//! [`SpatialScan`] looks at a map, [`SpaceTimeScan`] at a map over time, for what was or for what
//! is going on now.

mod affordable;
mod cells;
mod chance;
mod clusters;
mod flexible;
mod likelihood;
mod model;
mod nature;
mod options;
mod restricted;
mod rule;
mod scanned;
mod shape;
mod significance;
mod simulation;
mod space_time_scan;
mod spatial_scan;
mod sweep;
mod windows;
mod zones;

pub use clusters::{ScanCluster, ScanResult};
pub use model::{ScanFor, ScanModel, ScanTail};
pub use shape::ScanShape;
pub use space_time_scan::SpaceTimeScan;
pub use spatial_scan::SpatialScan;
