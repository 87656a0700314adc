//! Is that more than chance?
//!
//! | question | method |
//! |---|---|
//! | do high values gather around a unit, itself included? | [`GiStar`] |
//! | do high values gather around a unit, itself left out? | [`Gi`] |
//! | do like values lie together on the whole map? | [`Moran`] |

mod classes;
mod defined;
mod getis_ord;
mod inference;
mod moran;

pub use classes::hotspot_class;
pub use getis_ord::{Gi, GiStar, LocalStatistics};
pub use inference::{Alternative, Inference};
pub use moran::{Moran, MoranResult};
