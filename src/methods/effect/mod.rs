//! Did the measure work?
//!
//! [`WeightedDisplacement`] compares the change where something was done with that in a place like
//! it, displacement to the surroundings included. [`PatternTest`] asks in which areas the share of
//! the incidents is another than before, and how alike the two maps are.

mod before_after;
mod displacement;
mod pattern;
mod resampled;

pub use before_after::{BeforeAfter, Groups};
pub use displacement::{EffectEstimate, EffectResult, WeightedDisplacement};
pub use pattern::{PatternMethod, PatternResult, PatternTest};
