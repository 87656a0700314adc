//! Does one report draw others after it, beside what is always there?

mod close;
mod fitting;
mod parameters;
mod predicted;
mod process;
mod truncated;

pub use process::{SelfExciting, SelfExcitingFit};

#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;
