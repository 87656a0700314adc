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
mod getis_ord;
mod inference;
mod join_count;
mod judged;
mod local_geary;
mod local_moran;
mod losh;
mod options;
#[cfg(test)]
mod orders;
mod whole_map;

pub use association::{LocalAssociation, Quadrant};
pub use classes::hotspot_class;
pub use getis_ord::{Gi, GiStar, LocalStatistics};
pub use inference::{Alternative, Inference};
pub use join_count::JoinCount;
pub use local_geary::LocalGeary;
pub use local_moran::{LocalMoran, Randomisation, Scaling};
pub use losh::Losh;
pub use whole_map::{
    Assumption, Geary, GeneralG, GlobalStatistic, IncrementalMoran, IncrementalTable, Islands,
    Moran,
};
