//! How few places hold how much?
//!
//! [`Concentration`] measures how unevenly counts are spread over units (neighbourhoods, cells,
//! addresses), each measure beside what chance alone makes of so many incidents on so many units.
//! [`RepeatAddresses`] looks at the addresses themselves: how many have more than one report, how
//! soon the next comes, and where it comes ever sooner.

mod chance;
mod concentrated;
mod measures;
mod ranked;
mod repeat_addresses;
mod repeats;
mod shortening;
mod theil;
mod visits;

pub use concentrated::Concentration;
pub use measures::{BesideChance, ConcentrationMeasures, LorenzBand, TheilParts};
pub use repeat_addresses::RepeatAddresses;
pub use repeats::{AddressTable, GapTrend, RepeatWithin, Repeats};
