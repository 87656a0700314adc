//! Which incidents are nearer to each other than chance would put them, and which clusters?

use crate::error::{Error, Fault, Result};
use crate::index::{IncidentIndex, StudyArea, require_same_crs};
use crate::memory::afford_replicates;
use crate::model::Incidents;
use crate::parallel::Workers;
use crate::random::stream;
use crate::stats::{Connected, normal_quantile};
use crate::weights::mean_nearest_distance;

#[cfg(test)]
mod tests;

/// Nearest-neighbour hierarchical clusters, as in `CrimeStat`.
///
/// Of n points thrown at random on A square metres, the nearest is on average
///
/// ```text
/// ½ √(A/n)    away, with a standard error of    0.26136 / √(n²/A)
/// threshold = ½ √(A/n) − z · 0.26136 / √(n²/A)
/// ```
///
/// with z the upper normal quantile of the level. Incidents at most that far apart are linked; what is
/// linked, directly or through others, and holds at least [`min_points`](Self::min_points) incidents is a
/// cluster of the first order. Its centre (the mean of its incidents) is a point of the next order,
/// until no cluster is left. The smaller the level, the smaller the threshold.
///
/// Links chain: a long street of incidents is one cluster. Simulation tells how many clusters
/// chance makes of as many points in the study area; the people who live unevenly in it are not
/// part of that null, so few clusters by chance is no more than a first look.
///
/// # Cost
/// O(n log n) and the linked pairs, the same for each simulated map.
///
/// Source: Levine 2015, `CrimeStat` IV, chapter 7; Clark & Evans 1954, Ecology 35:445,
/// doi:10.2307/1931034.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestNeighbourHierarchy {
    min_points: usize,
    min_clusters: usize,
    level: f64,
    replicates: usize,
    seed: u64,
}

/// Clusters of one order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClusterOrder {
    /// Up to how many metres two points are linked.
    pub threshold: f64,
    /// The cluster of each point: of each incident in the first order, of each cluster of the
    /// order before in the others. Clusters are numbered by their first point.
    pub cluster: Vec<Option<u32>>,
    /// Points in each cluster.
    pub size: Vec<u32>,
    /// Mean of the points of each cluster.
    pub x: Vec<f64>,
    /// Mean of the points of each cluster.
    pub y: Vec<f64>,
}

/// Clusters, clusters of clusters, and what chance makes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HierarchyResult {
    /// The orders that have a cluster; the first holds the incidents even without one.
    pub orders: Vec<ClusterOrder>,
    /// Mean distance to the nearest other incident.
    pub mean_nearest: f64,
    /// The same expected of points thrown at random.
    pub expected_nearest: f64,
    /// Its standard error.
    pub nearest_se: f64,
    /// Index of Clark and Evans: observed over expected, below 1 when incidents gather.
    pub clark_evans: f64,
    /// Share of the simulated maps with at least as many clusters of the first order; NaN without
    /// simulation.
    pub p: f64,
    /// Clusters of the first order in each simulated map.
    pub simulated: Vec<u32>,
}

impl Default for NearestNeighbourHierarchy {
    fn default() -> Self {
        Self {
            min_points: 10,
            min_clusters: 4,
            level: 0.05,
            replicates: 0,
            seed: 0,
        }
    }
}

impl NearestNeighbourHierarchy {
    /// At level 5 %, with clusters of at least 10 incidents or 4 clusters, without simulation.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many incidents a cluster has at least.
    #[must_use]
    pub fn min_points(mut self, incidents: usize) -> Self {
        self.min_points = incidents;
        self
    }

    /// Sets how many clusters a cluster of a higher order has at least.
    #[must_use]
    pub fn min_clusters(mut self, clusters: usize) -> Self {
        self.min_clusters = clusters;
        self
    }

    /// Sets the chance that a pair thrown at random is linked, which sets the threshold.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how many maps are simulated.
    #[must_use]
    pub fn replicates(mut self, replicates: usize) -> Self {
        self.replicates = replicates;
        self
    }

    /// Sets the seed of the simulation.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, within: &StudyArea) -> Result<HierarchyResult> {
        self.run_with(incidents, within, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a level outside 0 to 1 or fewer than two points in a cluster,
    /// [`Fault::NoRows`] for fewer than two incidents, [`Fault::CrsMismatch`], [`Error::Crs`] for
    /// degrees, [`Error::TooLarge`] for too many linked pairs, [`Error::Cancelled`].
    pub fn run_with(
        &self,
        incidents: &Incidents,
        within: &StudyArea,
        workers: &Workers,
    ) -> Result<HierarchyResult> {
        incidents.crs().require_metres()?;
        self.check(incidents, within)?;
        afford_replicates("replicates", self.replicates, 0)?;
        let (x, y) = (incidents.x(), incidents.y());
        let square_metres = within.km2() * 1e6;
        let mut orders = vec![self.order(x, y, square_metres, self.min_points, workers)?];
        loop {
            let below = &orders[orders.len() - 1];
            if below.size.len() < self.min_clusters.max(2) {
                break;
            }
            let least = self.min_clusters;
            let next = self.order(&below.x, &below.y, square_metres, least, workers)?;
            if next.size.is_empty() {
                break;
            }
            orders.push(next);
        }
        let found = orders[0].size.len() as u32;
        let simulating = workers.telling("clusters", 0.1..1.0);
        let simulated = simulating.try_map(self.replicates, |replicate| {
            let mut random = stream(self.seed, replicate as u64);
            let thrown = std::iter::repeat_with(|| within.random_point(&mut random));
            let (x, y): (Vec<f64>, Vec<f64>) = thrown.take(x.len()).map(|[x, y]| (x, y)).unzip();
            let order = self.order(&x, &y, square_metres, self.min_points, &workers.alone())?;
            Ok(order.size.len() as u32)
        })?;
        let reached = simulated.iter().filter(|s| **s >= found).count();
        let (expected_nearest, nearest_se) = by_chance(x.len(), square_metres);
        let mean_nearest = mean_nearest_distance(x, y, workers)?;
        Ok(HierarchyResult {
            orders,
            mean_nearest,
            expected_nearest,
            nearest_se,
            clark_evans: mean_nearest / expected_nearest,
            p: if simulated.is_empty() {
                f64::NAN
            } else {
                (1 + reached) as f64 / (1 + simulated.len()) as f64
            },
            simulated,
        })
    }

    fn check(&self, incidents: &Incidents, within: &StudyArea) -> Result<()> {
        require_same_crs(incidents.crs(), within.crs())?;
        if !(self.level > 0.0 && self.level < 1.0) {
            let expected = "a share between 0 and 1";
            return Err(Error::parameter("level", self.level, expected));
        }
        for (name, least) in [
            ("min_points", self.min_points),
            ("min_clusters", self.min_clusters),
        ] {
            if least < 2 {
                return Err(Error::parameter(name, least, "at least 2"));
            }
        }
        if incidents.len() < 2 {
            let detail = format!("{} incidents; links need two", incidents.len());
            return Err(Error::input(Fault::NoRows, detail));
        }
        Ok(())
    }

    /// Links points and keeps what holds enough of them.
    fn order(
        &self,
        x: &[f64],
        y: &[f64],
        square_metres: f64,
        least: usize,
        workers: &Workers,
    ) -> Result<ClusterOrder> {
        let (mean, se) = by_chance(x.len(), square_metres);
        let threshold = mean - normal_quantile(self.level) * se;
        let (cluster, size) = linked(x, y, threshold, least, workers)?;
        let mut order = ClusterOrder {
            threshold,
            x: vec![0.0; size.len()],
            y: vec![0.0; size.len()],
            cluster,
            size,
        };
        for (point, cluster) in order.cluster.iter().enumerate() {
            if let Some(cluster) = cluster {
                let cluster = *cluster as usize;
                let share = 1.0 / f64::from(order.size[cluster]);
                order.x[cluster] += share * x[point];
                order.y[cluster] += share * y[point];
            }
        }
        Ok(order)
    }
}

/// Mean distance to the nearest of n points thrown at random, and its standard error.
fn by_chance(n: usize, square_metres: f64) -> (f64, f64) {
    let n = n as f64;
    (
        0.5 * (square_metres / n).sqrt(),
        0.261_36 / (n * n / square_metres).sqrt(),
    )
}

/// The cluster of each point and the size of each cluster, numbered by their first point.
fn linked(
    x: &[f64],
    y: &[f64],
    threshold: f64,
    least: usize,
    workers: &Workers,
) -> Result<(Vec<Option<u32>>, Vec<u32>)> {
    if threshold < 0.0 {
        return Ok((vec![None; x.len()], Vec::new()));
    }
    let index = IncidentIndex::from_xy(x, y)?;
    let pairs = index.close_pairs(threshold, workers)?;
    let connected = Connected::new(index.locations());
    for (a, b) in pairs.iter() {
        connected.join(a as usize, b as usize);
    }
    let mut root = vec![0; x.len()];
    let mut held = vec![0usize; index.locations()];
    for location in 0..index.locations() {
        let set = connected.root(location);
        for member in index.members(location as u32) {
            root[*member as usize] = set;
            held[set] += 1;
        }
    }
    let mut number = vec![None; index.locations()];
    let mut size = Vec::new();
    let cluster = root
        .into_iter()
        .map(|root| {
            (held[root] >= least).then(|| {
                *number[root].get_or_insert_with(|| {
                    size.push(held[root] as u32);
                    size.len() as u32 - 1
                })
            })
        })
        .collect();
    Ok((cluster, size))
}
