//! Who is a neighbour of whom, and how heavily.

mod matrix;

pub use matrix::Weights;
