//! Points in a tree of boxes, for searches that leave whole boxes out.

use std::ops::Range;

/// Points in a leaf at most.
const LEAF: usize = 12;

/// A box of the tree.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its points, in the order of the tree.
    pub(super) points: Range<usize>,
    /// Its two halves, the second of which follows all of the first.
    pub(super) halves: Option<(usize, usize)>,
    low: [f64; 2],
    high: [f64; 2],
}

/// A k-d tree in two dimensions.
pub(super) struct Tree {
    /// The root is first.
    pub(super) nodes: Vec<Node>,
    /// Points in the order of the tree.
    pub(super) at: Vec<[f64; 2]>,
    /// Position of each among the points given.
    pub(super) order: Vec<u32>,
}

impl Node {
    /// Squared distance of a point to the nearest place of the box.
    pub(super) fn squared_distance(&self, p: [f64; 2]) -> f64 {
        let out = |k: usize| (self.low[k] - p[k]).max(p[k] - self.high[k]).max(0.0);
        let (dx, dy) = (out(0), out(1));
        dx * dx + dy * dy
    }
}

impl Tree {
    pub(super) fn new(points: &[[f64; 2]]) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(points.len() / (LEAF / 4) + 1),
            at: Vec::new(),
            order: (0..points.len() as u32).collect(),
        };
        // Boxes that wait to be cut: the points, and whose second half they are.
        let mut waiting = vec![(0..points.len(), None)];
        while let Some((range, second_of)) = waiting.pop() {
            let node = tree.nodes.len();
            if let Some(parent) = second_of {
                let parent: &mut Node = &mut tree.nodes[parent];
                parent.halves = parent.halves.map(|(first, _)| (first, node));
            }
            let here = &mut tree.order[range.clone()];
            let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
            for i in here.iter() {
                for k in 0..2 {
                    low[k] = low[k].min(points[*i as usize][k]);
                    high[k] = high[k].max(points[*i as usize][k]);
                }
            }
            let cut = range.len() > LEAF;
            tree.nodes.push(Node {
                points: range.clone(),
                halves: cut.then_some((node + 1, node + 1)),
                low,
                high,
            });
            if cut {
                let k = usize::from(high[1] - low[1] > high[0] - low[0]);
                let middle = range.len() / 2;
                here.select_nth_unstable_by(middle, |a, b| {
                    let value = |i: &u32| points[*i as usize][k];
                    value(a).total_cmp(&value(b)).then(a.cmp(b))
                });
                let middle = range.start + middle;
                // The first half is taken next, so that it follows its parent.
                waiting.push((middle..range.end, Some(node)));
                waiting.push((range.start..middle, None));
            }
        }
        tree.at = tree.order.iter().map(|i| points[*i as usize]).collect();
        tree
    }

    /// The squared distance within which points of so much weight in all lie, a point's own
    /// included; infinite when all together weigh less.
    pub(super) fn squared_reach(&self, p: [f64; 2], weight: &[u32], enough: u64) -> f64 {
        let mut found = Nearest::new(enough);
        let mut waiting = vec![(0.0, 0)];
        while let Some((squared, node)) = waiting.pop() {
            if squared > found.bound() {
                continue;
            }
            let node = &self.nodes[node];
            match node.halves {
                None => {
                    for i in node.points.clone() {
                        let (dx, dy) = (self.at[i][0] - p[0], self.at[i][1] - p[1]);
                        found.add(dx * dx + dy * dy, weight[i]);
                    }
                }
                Some((a, b)) => {
                    let distance = |n: usize| (self.nodes[n].squared_distance(p), n);
                    let (a, b) = (distance(a), distance(b));
                    // The nearer one is taken first.
                    waiting.extend(if a.0 < b.0 { [b, a] } else { [a, b] });
                }
            }
        }
        found.bound()
    }
}

/// The nearest points that together weigh enough.
struct Nearest {
    /// Squared distance and weight, the nearest first.
    held: Vec<(f64, u32)>,
    weight: u64,
    enough: u64,
}

impl Nearest {
    fn new(enough: u64) -> Self {
        Self {
            held: Vec::new(),
            weight: 0,
            enough,
        }
    }

    /// Farther points are not needed.
    fn bound(&self) -> f64 {
        match self.held.last() {
            Some((squared, _)) if self.weight >= self.enough => *squared,
            _ => f64::INFINITY,
        }
    }

    fn add(&mut self, squared: f64, weight: u32) {
        if squared >= self.bound() {
            return;
        }
        let place = self.held.partition_point(|(held, _)| *held <= squared);
        self.held.insert(place, (squared, weight));
        self.weight += u64::from(weight);
        while let Some((_, last)) = self.held.last() {
            if self.weight - u64::from(*last) < self.enough {
                break;
            }
            self.weight -= u64::from(*last);
            self.held.pop();
        }
    }
}
