//! Is that more than chance?
//!
//! | question | method |
//! |---|---|
//! | do high values gather around a unit, itself included? | [`GiStar`] |
//! | do high values gather around a unit, itself left out? | [`Gi`] |
//! | is a unit like its neighbours, or unlike them? | [`LocalMoran`], [`LocalGeary`] |
//! | do marked units lie beside marked ones? | [`JoinCount`] |
//! | do values vary more here than elsewhere? | [`Losh`] |
//! | do like values lie together on the whole map? | [`Moran`] |
//! | do high values of one column lie beside high ones of another? | [`Moran::run_between`] |
//! | are neighbours more alike than others? | [`Geary`] |
//! | do high values lie together, or low ones? | [`GeneralG`] |
//! | at what distance do like values lie together most clearly? | [`IncrementalMoran`] |

mod around;
mod association;
mod classes;
mod defined;
mod drawn;
mod exposed;
mod geary;
mod general_g;
mod getis_ord;
mod global_statistic;
mod incremental;
mod inference;
mod join_count;
mod judged;
mod links;
mod local_geary;
mod local_moran;
mod losh;
mod moran;
mod options;
mod shuffled;
mod whole;

pub use association::{LocalAssociation, Quadrant};
pub use classes::hotspot_class;
pub use geary::Geary;
pub use general_g::GeneralG;
pub use getis_ord::{Gi, GiStar, LocalStatistics};
pub use global_statistic::{Assumption, GlobalStatistic, Islands};
pub use incremental::{IncrementalMoran, IncrementalTable};
pub use inference::{Alternative, Inference};
pub use join_count::JoinCount;
pub use local_geary::LocalGeary;
pub use local_moran::{LocalMoran, Randomisation, Scaling};
pub use losh::Losh;
pub use moran::Moran;
