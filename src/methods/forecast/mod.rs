//! Will it stay there?
//!
//! [`Forecast`] says how many reports to expect in each place over the coming days, by methods from
//! a plain count to a [`SelfExciting`] process; [`Accuracy`] says how much of what came later lay
//! where a map pointed; [`RollingTest`] asks both of a whole history, always from past to future
//! and always beside the plain count.
//!
//! It forecasts *reports by place*. There are no persons in it, and what the police found because
//! they looked there is left out: fed back, such a map confirms itself (Lum & Isaac 2016,
//! doi:10.1111/j.1740-9713.2016.00960.x; Ensign et al. 2018, arXiv:1706.09847).

mod accuracy;
mod blocks;
mod compared;
#[expect(
    clippy::module_inception,
    reason = "the room and what it makes share the field's name"
)]
mod forecast;
mod hit_curve;
mod method;
mod past;
mod proper_scores;
mod recency;
mod rolling;
mod self_exciting;
mod spread;
mod units;

pub use accuracy::{Accuracy, AccuracyResult};
pub use compared::Compared;
pub use forecast::{Forecast, ForecastMap};
pub use method::ForecastMethod;
pub use rolling::{RollingResult, RollingTest};
pub use self_exciting::{SelfExciting, SelfExcitingFit};
pub use units::ForecastUnits;
