//! Does a hotspot survive another grid?
//!
//! A hotspot map depends on choices that nobody can justify: where the grid begins, how large its
//! cells are, how wide the kernel is, and which incidents happened to be reported. [`Stability`]
//! takes the verdicts of several settings and says how often each area is hot, and how alike the
//! maps and their rankings are.

mod compared;
mod ranks;

pub use compared::{Stability, StabilityLabel, StabilityResult};
pub use ranks::rank_biased_overlap;
