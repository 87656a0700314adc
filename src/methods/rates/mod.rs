//! How much for its people?
//!
//! | question | method |
//! |---|---|
//! | how many incidents per 1,000 people, and how sure is that? | [`Rates`] |
//! | is that rate higher than before? | [`Change`] |
//! | do counts vary more than chance alone would make them? | [`dispersion`] |

mod change;
mod crude;
mod empirical_bayes;

pub use change::{Change, ChangeStatus, ChangeTable};
pub use crude::{Interval, RateTable, Rates, dispersion};
pub use empirical_bayes::{Centring, Smoothing, standardised};
