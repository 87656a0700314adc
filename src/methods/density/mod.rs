//! Where is it dense?
//!
//! [`KernelDensity`] spreads every incident over its surroundings and adds up, exactly, on a
//! raster or at given points. Polynomial kernels are summed by a sweep along each raster row
//! whose cost does not depend on the bandwidth; small bandwidths and the triangular kernel are
//! summed cell by cell, Gaussians by way of a coarse grid. Inside a study area, an [`Edge`] correction makes up for
//! what could not be seen beyond it. [`BandwidthSelection`] chooses how far to spread, and
//! [`AdaptiveDensity`] lets that differ from incident to incident. [`RelativeRisk`] compares two
//! sets, [`SpaceTimeDensity`] spreads in time as well, and [`NetworkDensity`] along streets.
//!
//! A [`Surface`] becomes a map by its [classes](Surface::classes) and contours, and a figure per
//! neighbourhood by [`Surface::by_neighbourhood`]; surfaces of parts of the incidents add up.

mod adaptive;
mod affordable;
mod along;
mod by_neighbourhood;
mod by_row;
mod classes;
mod coarse;
#[cfg(feature = "raster")]
mod contours;
mod distances;
mod edge;
mod estimate;
mod fill;
mod footprint;
mod gaussian;
mod interval;
mod kernel;
mod mass;
mod merged;
mod network;
mod places;
mod plain;
mod risk;
mod scatter;
mod score;
mod scott;
mod selection;
mod selector;
mod several;
mod space_time;
mod spread;
mod surface;
mod sweep;

pub use adaptive::{Adaptive, AdaptiveDensity};
pub use by_neighbourhood::NeighbourhoodDensity;
pub use classes::{Classification, DensityClasses};
#[cfg(feature = "raster")]
pub use contours::Contours;
pub use edge::Edge;
pub use estimate::KernelDensity;
pub use footprint::Footprint;
pub use kernel::Kernel;
pub use network::{NetworkDensity, NetworkSurface, OnStreet, Split, StreetNetwork};
pub use risk::{RelativeRisk, RiskSurface, Tolerance, Unmapped};
pub use scott::scott_bandwidth;
pub use selection::{BandwidthSelection, SelectedBandwidth};
pub use selector::Selector;
pub use space_time::{SpaceTimeDensity, SpaceTimeSurface};
pub use surface::Surface;
