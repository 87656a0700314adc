//! Who is a neighbour of whom, and how heavily.

mod contiguity;
mod distance;
mod lattice;
mod matrix;
mod over_time;

pub use contiguity::{Adjacency, Contiguity};
pub use matrix::Weights;
