//! From the shortest tree to the clusters that last.

use super::hdbscan::Selection;
use super::spanning::Edge;
use crate::stats::Connected;

/// What is joined at some distance: two nodes of the hierarchy, the points first.
struct Join {
    halves: [usize; 2],
    distance: f64,
}

/// A cluster while the distance shrinks, from the one of its birth on. λ is 1 / distance.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    parent: Option<usize>,
    birth: f64,
    /// Sum over its points of λ where they leave it, less the birth.
    stability: f64,
    /// The largest λ at which something leaves it.
    death: f64,
}

/// What becomes of each point when the distance shrinks.
struct Condensed {
    /// The first is everything; parents come before their children.
    clusters: Vec<Cluster>,
    /// The cluster a point was in last, and the λ at which it left.
    left: Vec<(usize, f64)>,
}

/// The cluster of each point, how well it belongs, and how stable each cluster is.
pub(super) struct Chosen {
    pub(super) cluster: Vec<Option<usize>>,
    pub(super) probability: Vec<f64>,
    pub(super) stability: Vec<f64>,
}

/// Chooses clusters of at least `least` incidents, `weight` on each point; `edges` are in order and
/// `core` are squared core distances.
pub(super) fn chosen(
    edges: &[Edge],
    core: &[f64],
    weight: &[u32],
    least: u64,
    selection: Selection,
) -> Chosen {
    let condensed = condensed(edges, core, weight, least);
    let selected = condensed.selected(selection);
    let clusters = &condensed.clusters;
    let cluster: Vec<Option<usize>> = condensed.left.iter().map(|(c, _)| selected[*c]).collect();
    let probability = cluster
        .iter()
        .zip(&condensed.left)
        .map(|(cluster, (_, lambda))| match cluster {
            None => 0.0,
            Some(_) if lambda.is_infinite() => 1.0,
            Some(cluster) => (lambda / clusters[*cluster].death).min(1.0),
        })
        .collect();
    Chosen {
        cluster,
        probability,
        stability: clusters.iter().map(|c| c.stability).collect(),
    }
}

/// Joins points by edge, the shortest first.
fn hierarchy(edges: &[Edge], weight: &[u32]) -> (Vec<Join>, Vec<u64>) {
    let n = weight.len();
    let connected = Connected::new(n);
    // The node of the hierarchy that a tree of points has become.
    let mut node_of: Vec<usize> = (0..n).collect();
    let mut size: Vec<u64> = weight.iter().map(|w| u64::from(*w)).collect();
    let mut joins = Vec::with_capacity(edges.len());
    for (squared, a, b) in edges {
        let (a, b) = (*a as usize, *b as usize);
        let halves = [a, b].map(|point| node_of[connected.root(point)]);
        connected.join(a, b);
        node_of[connected.root(a)] = n + joins.len();
        size.push(size[halves[0]] + size[halves[1]]);
        joins.push(Join {
            halves,
            distance: squared.sqrt(),
        });
    }
    (joins, size)
}

fn condensed(edges: &[Edge], core: &[f64], weight: &[u32], least: u64) -> Condensed {
    let n = weight.len();
    let (joins, size) = hierarchy(edges, weight);
    let mut out = Condensed {
        clusters: vec![Cluster {
            parent: None,
            birth: 0.0,
            stability: 0.0,
            death: 0.0,
        }],
        left: vec![(0, 0.0); n],
    };
    let mut waiting = vec![(size.len().saturating_sub(1), 0)];
    if n == 0 {
        waiting.clear();
    }
    while let Some((node, cluster)) = waiting.pop() {
        let Some(join) = node.checked_sub(n).map(|join| &joins[join]) else {
            // Incidents on one spot are apart only below its core distance.
            out.leave(node, cluster, 1.0 / core[node].sqrt(), weight[node]);
            continue;
        };
        let lambda = 1.0 / join.distance;
        // With too few incidents for a core all are infinitely far apart: there is nothing to split.
        let large = join.halves.map(|half| size[half] >= least && lambda > 0.0);
        for (half, large) in join.halves.iter().zip(large) {
            if !large {
                out.leave_all(*half, n, &joins, cluster, lambda, weight);
            }
        }
        match large {
            [true, true] => {
                for half in join.halves {
                    out.depart(cluster, lambda, size[half]);
                    out.clusters.push(Cluster {
                        parent: Some(cluster),
                        birth: lambda,
                        stability: 0.0,
                        death: lambda,
                    });
                    waiting.push((half, out.clusters.len() - 1));
                }
            }
            [true, false] => waiting.push((join.halves[0], cluster)),
            [false, true] => waiting.push((join.halves[1], cluster)),
            [false, false] => {}
        }
    }
    out
}

impl Condensed {
    fn depart(&mut self, cluster: usize, lambda: f64, incidents: u64) {
        let cluster = &mut self.clusters[cluster];
        cluster.stability += (lambda - cluster.birth) * incidents as f64;
        cluster.death = cluster.death.max(lambda);
    }

    fn leave(&mut self, point: usize, cluster: usize, lambda: f64, weight: u32) {
        self.left[point] = (cluster, lambda);
        self.depart(cluster, lambda, u64::from(weight));
    }

    /// All points below a node leave.
    fn leave_all(
        &mut self,
        node: usize,
        n: usize,
        joins: &[Join],
        cluster: usize,
        lambda: f64,
        weight: &[u32],
    ) {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match node.checked_sub(n) {
                Some(join) => waiting.extend(joins[join].halves),
                None => self.leave(node, cluster, lambda, weight[node]),
            }
        }
    }

    /// For each cluster, the chosen one that it is part of. Everything together is none.
    fn selected(&self, selection: Selection) -> Vec<Option<usize>> {
        let clusters = &self.clusters;
        let mut below = vec![0.0; clusters.len()];
        let mut has_children = vec![false; clusters.len()];
        let mut chosen = vec![false; clusters.len()];
        for (number, cluster) in clusters.iter().enumerate().skip(1).rev() {
            chosen[number] = match selection {
                Selection::ExcessOfMass => below[number] <= cluster.stability,
                Selection::Leaf => !has_children[number],
            };
            if let Some(parent) = cluster.parent {
                below[parent] += below[number].max(cluster.stability);
                has_children[parent] = true;
            }
        }
        let mut selected = vec![None; clusters.len()];
        for (number, cluster) in clusters.iter().enumerate() {
            let above = cluster.parent.and_then(|parent| selected[parent]);
            selected[number] = above.or(chosen[number].then_some(number));
        }
        selected
    }
}
