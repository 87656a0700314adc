//! New, lasting or fading?
//!
//! | question | method |
//! |---|---|
//! | how many at each place and step? | [`SpaceTimeBins`], [`SpaceTimeCube`] |
//! | which part of an incident of uncertain time falls in which period? | [`aoristic_shares`] |
//! | do high values gather around a place and step? | [`SpaceTimeGiStar`] |
//! | does a series rise or fall? | [`MannKendall`] |
//! | is a hotspot new, lasting or fading? | [`EmergingHotspots`], [`classify`] |
//! | do two hotspot maps agree? | [`HotspotComparison`] |

mod bins;
mod category;
mod comparison;
mod concordance;
mod cube;
mod hotspots;
mod mann_kendall;
mod reason;
mod sen;
mod serial;
mod space_time;

pub use crate::model::aoristic_shares;
pub use bins::{SpaceTimeBins, SpaceUnits};
pub use category::{Category, Classified, Sign, Trend, Version, classify};
pub use comparison::{ComparisonNull, ComparisonResult, HotspotComparison};
pub use cube::SpaceTimeCube;
pub use hotspots::{EmergingHotspots, EmergingTable};
pub use mann_kendall::{MannKendall, TrendNull, TrendTest};
pub use space_time::{Pool, SpaceTimeGiStar, SpaceTimeStatistics};
