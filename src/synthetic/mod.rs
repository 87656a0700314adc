//! A seeded city of any size, with planted hotspots whose truth is known.
//!
//! Real registers of nuisance are personal data and their truth is unknown. A synthetic city can
//! be shared, can be as large as a benchmark needs, and says which concentrations are real: it is
//! what the examples, the benchmarks and the tests of validity run on.
//!
//! The same options and seed give the same city for any number of threads.

mod addresses;
mod calendar;
mod city;
mod growth;
mod incidents;
mod lattice;
mod names;
mod people;
mod plan;
#[cfg(test)]
mod tests;
mod truth;

pub use city::{City, SyntheticCity};
pub use truth::{PlantedHotspot, Truth};
