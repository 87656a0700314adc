//! Who is a neighbour of whom, and how heavily.
//!
//! | question | answer |
//! |---|---|
//! | which areas touch? | [`Contiguity`], [`Weights::queen`], [`Weights::rook`] |
//! | which are so many steps away? | [`Weights::order`] |
//! | which points are within a distance? | [`Weights::distance_band`], [`connecting_radius`] |
//! | which are nearest? | [`Nearest`], [`Weights::nearest`] |
//! | how heavily, by distance? | [`KernelWeights`], [`Weights::inverse_distance`] |
//! | which cells of a grid? | [`Weights::lattice`], [`Weights::cells`] |
//! | which by two rules at once? | [`Weights::union`], [`Weights::intersection`], [`Weights::difference`] |

mod combined;
mod contiguity;
mod distance;
mod kernel;
mod lattice;
mod matrix;
mod nearest;
mod order;
mod over_time;
mod rows;

pub use contiguity::{Adjacency, Contiguity};
pub(crate) use distance::mean_nearest_distance;
pub use distance::{connecting_radius, connecting_radius_with};
pub use kernel::{Diagonal, Falloff, KernelWeights, Reach};
pub use matrix::Weights;
pub use nearest::{Nearest, NearestWeights, Ties};
