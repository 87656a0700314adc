//! Does one incident follow another?
//!
//! [`Knox`] asks whether incidents close in space are close in time, for the whole and around each;
//! [`NearRepeat`] asks it for bands of distance and time, which tell how far and for how long a
//! report announces the next. Both label every incident as originator, repeat or near repeat and
//! join them to chains. [`PairCounts`] are the table of incidents that are never in one place.

mod banded;
mod bands;
mod chains;
mod close_incidents;
mod knox;
mod matched;
mod metric;
#[expect(
    clippy::module_inception,
    reason = "the room and its table share the field's name"
)]
mod near_repeat;
mod options;
mod own_pairs;
mod pair_counts;
mod pair_table;
mod permuted;
mod spans;
mod studied;

pub use bands::Closed;
pub use chains::RepeatLabel;
pub use knox::{Knox, KnoxResult};
pub use metric::Metric;
pub use near_repeat::{NearRepeat, NearRepeatResult};
pub use pair_counts::PairCounts;
pub use pair_table::PairTable;
