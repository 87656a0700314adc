//! Which incidents belong together?
//!
//! [`Dbscan`] finds clusters of any shape where incidents lie densely, in space or in space and time;
//! [`NearestNeighbourHierarchy`] links incidents that are nearer to each other than chance would
//! put them, and then the clusters. [`cluster_shapes`] gives the outline and the ellipse of each.

mod cells;
mod connected;
mod dbscan;
mod nnh;
mod shapes;

pub use dbscan::{Dbscan, DbscanResult};
pub use nnh::{ClusterOrder, HierarchyResult, NearestNeighbourHierarchy};
pub use shapes::{ClusterShape, cluster_shapes};
