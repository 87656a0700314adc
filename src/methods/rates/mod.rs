//! How much for its people?
//!
//! | question | method |
//! |---|---|
//! | how many incidents per 1,000 people, and how sure is that? | [`Rates`] |
//! | which areas lie outside what chance makes of the city's rate? | [`Funnel`] |
//! | what would the rate be if every area had the same mix of people? | [`DirectStandardisation`] |
//! | how many more than such people have elsewhere? | [`IndirectStandardisation`] |
//! | is that rate higher than before? | [`Change`], for groups and the city [`Change::run_levels`] |
//! | is a target reached? | [`Target`] |
//! | does the rate rise or fall from year to year? | [`RateTrend`] |
//! | do counts vary more than chance alone would make them? | [`dispersion`], over time [`series_dispersion`] |

mod change;
mod change_table;
mod crude;
mod difference;
mod direct;
mod empirical_bayes;
mod funnel;
mod indirect;
mod levels;
mod overdispersion;
mod target;
mod trend;

pub use change::Change;
pub use change_table::{ChangeStatus, ChangeTable, QuasiChange};
pub use crude::{Interval, RateTable, Rates, dispersion};
pub use direct::{DirectStandardisation, StandardisedTable};
pub(crate) use empirical_bayes::standardised_as;
pub use empirical_bayes::{Centring, Smoothing, standardised};
pub use funnel::{Funnel, FunnelStatus, FunnelTable};
pub use indirect::{IndirectStandardisation, IndirectTable};
pub use levels::{ChangeGroups, ChangeLevels};
pub use overdispersion::series_dispersion;
pub use target::{Target, TargetStatus};
pub use trend::{RateTrend, TrendStatus, TrendTable};
