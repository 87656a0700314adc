//! Which incidents belong together?
//!
//! [`Dbscan`] finds clusters of any shape where incidents lie densely, in space or in space and time;
//! [`Hdbscan`] finds them without a radius, some denser than others; [`Optics`] puts incidents in an
//! order in which they are valleys;
//! [`NearestNeighbourHierarchy`] links incidents that are nearer to each other than chance would
//! put them, and then the clusters. [`cluster_shapes`] gives the outline and the ellipse of each.

mod cells;
mod condensed;
mod dbscan;
mod dealt;
mod hdbscan;
mod nnh;
mod optics;
mod points;
mod shapes;
mod spanning;
mod tree;

pub use dbscan::{Dbscan, DbscanResult};
pub use hdbscan::{Hdbscan, HdbscanResult, Selection};
pub use nnh::{ClusterOrder, HierarchyResult, NearestNeighbourHierarchy};
pub use optics::{Optics, OpticsResult};
pub use shapes::{ClusterShape, cluster_shapes};
