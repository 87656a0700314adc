//! Is there more of it near schools?
//!
//! [`Proximity`] counts incidents by their distance to the nearest of some facilities, compares
//! rings around them with the ground or the people that lie in the same rings, follows the density
//! as a smooth function of distance, and asks whether other places for the same facilities would
//! have done as well. [`SchoolHours`] keeps the incidents of school hours.

mod chance;
mod decay;
mod figures;
mod ground;
mod marks;
mod moved;
mod nearest_along;
mod result;
mod rings;
mod school_hours;
mod sites;

pub use result::{DecayCurve, ProximityBands, ProximityResult};
pub use rings::Proximity;
pub use school_hours::SchoolHours;
pub use sites::Sites;
