//! Which incidents lie together, where some clusters are denser than others?

use super::condensed::chosen;
use super::spanning::spanning_tree;
use super::tree::Tree;
use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::model::Incidents;
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// Which clusters of the hierarchy are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Selection {
    /// Those that last longest while the distance shrinks.
    #[default]
    ExcessOfMass,
    /// Those that fall apart no further, which are more and smaller.
    Leaf,
}

/// Clusters of any shape and density without a radius to choose: HDBSCAN\*.
///
/// The core distance of an incident is that to the `min_samples`-th incident, itself included. Two
/// incidents are as far apart as the largest of their distance and their core distances. When the
/// distance shrinks from everything to nothing, clusters split; a part of fewer than
/// `min_cluster_size` incidents is no cluster but leaves one. With λ = 1 / distance
///
/// ```text
/// stability of a cluster = Σ over its incidents of (λ where it leaves − λ where the cluster began)
/// ```
///
/// and a cluster is taken when it is at least as stable as all that it splits into. Everything together is
/// never a cluster. Distances that tie are taken in the order of the coordinates.
///
/// # Cost
/// Borůvka's algorithm on a tree of boxes, by all threads: about n log n. Incidents on one spot
/// cost no more than one. The result does not depend on the number of threads.
///
/// Source: Campello, Moulavi, Zimek & Sander 2015, ACM Transactions on Knowledge Discovery from Data
/// 10:5, doi:10.1145/2733381; `McInnes` & Healy 2017, doi:10.1109/ICDMW.2017.12.
///
/// ```
/// use brandpunt::methods::clusters::Hdbscan;
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// // A dense knot, a loose one, and one far from both.
/// let x = vec![0.0, 1.0, 2.0, 3.0, 100.0, 120.0, 140.0, 160.0, 900.0];
/// let incidents = Incidents::builder(x, vec![0.0; 9], Crs::PLANAR).build()?;
/// let found = Hdbscan::new(3).min_samples(2).run(&incidents)?;
/// assert_eq!(found.size, [4, 4]);
/// assert_eq!(found.cluster[8], None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Hdbscan {
    min_cluster_size: usize,
    min_samples: Option<usize>,
    selection: Selection,
}

/// The cluster of each incident, in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HdbscanResult {
    /// Number of the cluster, by its first incident; none for noise.
    pub cluster: Vec<Option<u32>>,
    /// How well an incident belongs: its λ over the largest at which one leaves the cluster; 0 for
    /// noise.
    pub probability: Vec<f64>,
    /// Distance to the `min_samples`-th incident in metres, itself included; infinite when there
    /// are fewer.
    pub core_distance: Vec<f64>,
    /// How many incidents each cluster has.
    pub size: Vec<u32>,
    /// Stability of each cluster, in incidents per metre; infinite when as many incidents as a
    /// core needs are on one spot.
    pub stability: Vec<f64>,
}

impl Hdbscan {
    /// Clusters of at least so many incidents, with core distances to as many.
    #[must_use]
    pub fn new(min_cluster_size: usize) -> Self {
        Self {
            min_cluster_size,
            min_samples: None,
            selection: Selection::ExcessOfMass,
        }
    }

    /// Sets how many incidents lie within the core distance; more make clusters smoother and leave
    /// more out.
    #[must_use]
    pub fn min_samples(mut self, incidents: usize) -> Self {
        self.min_samples = Some(incidents);
        self
    }

    /// Sets which clusters are taken.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<HdbscanResult> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for clusters of fewer than two incidents or cores of none,
    /// [`Error::Crs`] for degrees, [`Error::Cancelled`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<HdbscanResult> {
        incidents.crs().require_metres()?;
        if self.min_cluster_size < 2 {
            let expected = "at least 2 incidents";
            return Err(Error::parameter(
                "min_cluster_size",
                self.min_cluster_size,
                expected,
            ));
        }
        let min_samples = self.min_samples.unwrap_or(self.min_cluster_size);
        if min_samples == 0 {
            return Err(Error::parameter("min_samples", min_samples, "at least 1"));
        }
        let spots = Spots::of(incidents);
        let tree = Tree::new(&spots.at);
        let of_tree = |i: &u32| *i as usize;
        let weight: Vec<u32> = tree
            .order
            .iter()
            .map(of_tree)
            .map(|i| spots.weight[i])
            .collect();
        let reaching = workers.telling("clusters", 0.0..0.3);
        let core: Vec<f64> = reaching
            .map_ranges(tree.at.len(), 1 << 10, |range| {
                let reach = |i: usize| tree.squared_reach(tree.at[i], &weight, min_samples as u64);
                range.map(reach).collect::<Vec<_>>()
            })?
            .concat();
        let edges = spanning_tree(&tree, &core, &workers.telling("clusters", 0.3..1.0))?;
        let least = self.min_cluster_size as u64;
        let found = chosen(&edges, &core, &weight, least, self.selection);
        Ok(spots.by_incident(&tree, &core, &found))
    }
}

/// Different places, and how many incidents each has.
struct Spots {
    at: Vec<[f64; 2]>,
    weight: Vec<u32>,
    /// The place of each incident.
    of: Vec<u32>,
}

impl Spots {
    fn of(incidents: &Incidents) -> Self {
        let index = IncidentIndex::build(incidents);
        let mut out = Self {
            at: Vec::with_capacity(index.locations()),
            weight: Vec::with_capacity(index.locations()),
            of: vec![0; incidents.len()],
        };
        for location in 0..index.locations() as u32 {
            let (x, y) = index.at(location);
            let members = index.members(location);
            out.at.push([x, y]);
            out.weight.push(members.len() as u32);
            for member in members {
                out.of[*member as usize] = location;
            }
        }
        out
    }

    fn by_incident(
        &self,
        tree: &Tree,
        core: &[f64],
        found: &super::condensed::Chosen,
    ) -> HdbscanResult {
        let mut place = vec![0; self.at.len()];
        for (at, location) in tree.order.iter().enumerate() {
            place[*location as usize] = at;
        }
        let mut number = vec![None; found.stability.len()];
        let n = self.of.len();
        let mut out = HdbscanResult {
            cluster: Vec::with_capacity(n),
            probability: Vec::with_capacity(n),
            core_distance: Vec::with_capacity(n),
            size: Vec::new(),
            stability: Vec::new(),
        };
        for location in &self.of {
            let at = place[*location as usize];
            let cluster = found.cluster[at].map(|cluster| {
                *number[cluster].get_or_insert_with(|| {
                    out.size.push(0);
                    out.stability.push(found.stability[cluster]);
                    out.size.len() as u32 - 1
                })
            });
            if let Some(cluster) = cluster {
                out.size[cluster as usize] += 1;
            }
            out.cluster.push(cluster);
            out.probability.push(found.probability[at]);
            out.core_distance.push(core[at].sqrt());
        }
        out
    }
}
