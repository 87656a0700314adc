//! Of what nature are the reports?
//!
//! | question | method |
//! |---|---|
//! | what kind, at which hour, weekday, season, more than in the rest of the city? | [`Profile`] |
//! | in what do two hotspots differ? | [`Profile::run_between`] |
//! | what stands out most here? | [`Profiles::traits`] |
//! | many addresses, or the same again and again? by many people, or by a few? | [`Places`] |
//! | which areas stand out only because of one source of reports? | [`WithoutSource`] |
//! | which areas stand out whatever share of the nuisance is reported? | [`ReportingRate`] |

mod breakdown;
mod calendar;
mod cells;
mod facet;
mod groups;
mod nature;
mod places;
mod profiles;
mod reporting_rate;
mod spread;
mod top;
mod whole;
mod without_source;

pub use breakdown::Breakdown;
pub(crate) use cells::Beside;
pub use facet::Facet;
pub use nature::Profile;
pub use places::Places;
pub use profiles::{ProfileTable, Profiles, Trait};
pub use reporting_rate::{ReportingRate, ReportingRates};
pub use without_source::{SourceComparison, WithoutSource};
