//! What is near, what is inside.

mod count;
mod neighbourhood_index;
mod raster;

pub use count::{count, count_labels};
pub use neighbourhood_index::NeighbourhoodIndex;
