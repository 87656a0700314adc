//! The shortest tree that spans all points, by their mutual reachability.

use std::sync::atomic::{AtomicU64, Ordering};

use super::tree::Tree;
use crate::error::Result;
use crate::parallel::Workers;
use crate::stats::Connected;

/// An edge: its squared length and its two points, the lower first. Edges of one length are ordered
/// by their points, so the tree is the only one there is.
pub(super) type Edge = (f64, u32, u32);

/// Points in one unit of work.
const PIECE: usize = 1 << 10;

/// Marks a box with points of several components.
const SEVERAL: u32 = u32::MAX;

/// Borůvka's algorithm: each component takes its shortest edge to another, until one is left.
///
/// `core` holds the squared core distance of each point of the tree; an edge is as long as the
/// largest of both and the distance. Edges name points in the order of the tree.
pub(super) fn spanning_tree(tree: &Tree, core: &[f64], workers: &Workers) -> Result<Vec<Edge>> {
    let n = tree.at.len();
    // Each component is named by its first point.
    let connected = Connected::new(n);
    let mut component: Vec<u32> = (0..n as u32).collect();
    let mut edges: Vec<Edge> = Vec::with_capacity(n.saturating_sub(1));
    let least_core = least_core(tree, core);
    let mut left = n;
    while left > 1 {
        let round = Round {
            tree,
            core,
            least_core: &least_core,
            of_node: components(tree, &component),
            shortest: (0..n).map(|_| AtomicU64::new(u64::MAX)).collect(),
            component: &component,
        };
        let pieces = workers.map_ranges(n, PIECE, |points| {
            let mut found: Vec<(u32, Edge)> = Vec::new();
            for point in points {
                if let Some(edge) = round.shortest_from(point) {
                    found.push((component[point], edge));
                }
            }
            found
        })?;
        let mut best: Vec<Option<Edge>> = vec![None; n];
        for (component, edge) in pieces.into_iter().flatten() {
            let best = &mut best[component as usize];
            if best.is_none_or(|b| before(&edge, &b)) {
                *best = Some(edge);
            }
        }
        let mut taken: Vec<Edge> = best.into_iter().flatten().collect();
        taken.sort_unstable_by(order);
        taken.dedup();
        for (_, a, b) in &taken {
            connected.join(*a as usize, *b as usize);
        }
        component = (0..n).map(|point| connected.root(point) as u32).collect();
        edges.append(&mut taken);
        left = n - edges.len();
    }
    edges.sort_unstable_by(order);
    Ok(edges)
}

pub(super) fn order(a: &Edge, b: &Edge) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2)))
}

fn before(a: &Edge, b: &Edge) -> bool {
    order(a, b).is_lt()
}

/// The least core distance in each box.
fn least_core(tree: &Tree, core: &[f64]) -> Vec<f64> {
    let least =
        |points: std::ops::Range<usize>| core[points].iter().copied().fold(f64::INFINITY, f64::min);
    tree.nodes.iter().map(|n| least(n.points.clone())).collect()
}

/// The component that all points of each box are in, or [`SEVERAL`].
fn components(tree: &Tree, component: &[u32]) -> Vec<u32> {
    let mut of = vec![SEVERAL; tree.nodes.len()];
    // Halves follow their box.
    for (number, node) in tree.nodes.iter().enumerate().rev() {
        of[number] = match node.halves {
            Some((a, b)) if of[a] == of[b] => of[a],
            Some(_) => SEVERAL,
            None => {
                let mut here = component[node.points.clone()].iter();
                let first = here.next().copied().unwrap_or(SEVERAL);
                if here.all(|c| *c == first) {
                    first
                } else {
                    SEVERAL
                }
            }
        };
    }
    of
}

/// One round of the algorithm.
struct Round<'a> {
    tree: &'a Tree,
    core: &'a [f64],
    least_core: &'a [f64],
    of_node: Vec<u32>,
    /// The squared length that a component's shortest edge has at most, as far as is known. It
    /// only leaves out what is longer, so it does not matter who finds it first.
    shortest: Vec<AtomicU64>,
    component: &'a [u32],
}

impl Round<'_> {
    /// The shortest edge from a point to another component, unless its component has a shorter.
    fn shortest_from(&self, point: usize) -> Option<Edge> {
        let (p, own) = (self.tree.at[point], self.component[point]);
        let bound = &self.shortest[own as usize];
        let core = self.core[point];
        // Lengths are not negative, so their bits are in their order.
        let most = || f64::from_bits(bound.load(Ordering::Relaxed));
        let mut best: Option<Edge> = None;
        let mut waiting = vec![(core, 0)];
        while let Some((least, node)) = waiting.pop() {
            // The bits of no bound yet are not a number, which nothing exceeds.
            if self.of_node[node] == own || least > most() {
                continue;
            }
            let here = &self.tree.nodes[node];
            if let Some((a, b)) = here.halves {
                let least = |n: usize| {
                    let squared = self.tree.nodes[n].squared_distance(p);
                    (squared.max(core).max(self.least_core[n]), squared, n)
                };
                let (a, b) = (least(a), least(b));
                let order = if a.1 < b.1 { [b, a] } else { [a, b] };
                waiting.extend(order.map(|(least, _, node)| (least, node)));
                continue;
            }
            for other in here.points.clone().filter(|o| self.component[*o] != own) {
                let (dx, dy) = (self.tree.at[other][0] - p[0], self.tree.at[other][1] - p[1]);
                let length = (dx * dx + dy * dy).max(core).max(self.core[other]);
                let (low, high) = (point.min(other) as u32, point.max(other) as u32);
                let edge = (length, low, high);
                if best.is_none_or(|b| before(&edge, &b)) {
                    best = Some(edge);
                    bound.fetch_min(length.to_bits(), Ordering::Relaxed);
                }
            }
        }
        best
    }
}
