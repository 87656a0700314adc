//! What scans in space and in space and time have in common.

use super::model::{ScanFor, ScanModel, ScanTail};
use super::shape::ScanShape;
use crate::error::{Error, Result};
use crate::memory::afford_replicates;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) model: ScanModel,
    pub(super) sides: ScanFor,
    pub(super) shape: ScanShape,
    pub(super) share: f64,
    pub(super) radius: f64,
    pub(super) replicates: usize,
    pub(super) tail: ScanTail,
    pub(super) least_cases: u32,
    pub(super) most_clusters: usize,
    pub(super) seed: u64,
    pub(super) most_bytes: u128,
    /// Neighbours of every unit of the input, for flexible windows.
    pub(super) neighbours: Option<Vec<Vec<u32>>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            model: ScanModel::Auto,
            sides: ScanFor::High,
            shape: ScanShape::Circle,
            share: 0.5,
            radius: f64::INFINITY,
            replicates: 999,
            tail: ScanTail::Rank,
            least_cases: 2,
            most_clusters: 20,
            seed: 0,
            most_bytes: 2 << 30,
            neighbours: None,
        }
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        if !(self.share > 0.0 && self.share <= 1.0) {
            let expected = "a share above 0, at most 1; 0.5 is the most that makes sense";
            return Err(Error::parameter(
                "max_population_share",
                self.share,
                expected,
            ));
        }
        if self.radius.is_nan() || self.radius < 0.0 {
            let expected = "a distance of 0 or more";
            return Err(Error::parameter("max_radius", self.radius, expected));
        }
        if self.tail == (ScanTail::Sequential { reached: 0 }) {
            return Err(Error::parameter("reached", 0, "at least 1"));
        }
        if self.tail == ScanTail::Gumbel && (1..99).contains(&self.replicates) {
            let expected = "at least 99 for the tail of a Gumbel distribution";
            return Err(Error::parameter("replicates", self.replicates, expected));
        }
        afford_replicates("replicates", self.replicates, 0)
    }
}

/// The setters of a scan with a field `options`.
macro_rules! setters {
    ($scan:ident) => {
        impl $scan {
            /// Sets what chance is taken to be.
            #[must_use]
            pub fn model(mut self, model: $crate::methods::scan::ScanModel) -> Self {
                self.options.model = model;
                self
            }

            /// Sets which windows are looked for; at first those with more cases than expected.
            #[must_use]
            pub fn scan_for(mut self, sides: $crate::methods::scan::ScanFor) -> Self {
                self.options.sides = sides;
                self
            }

            /// Sets the shape of windows on the map; at first discs.
            #[must_use]
            pub fn shape(mut self, shape: $crate::methods::scan::ScanShape) -> Self {
                self.options.shape = shape;
                self
            }

            /// Sets who borders on whom, for windows of a flexible shape.
            #[must_use]
            pub fn weights(mut self, weights: &$crate::weights::Weights) -> Self {
                let of = |unit| weights.neighbours(unit).to_vec();
                self.options.neighbours = Some((0..weights.n()).map(of).collect());
                self
            }

            /// Sets which share of the people a window may hold; half at first. A tenth to a
            /// quarter gives the detail of neighbourhoods.
            #[must_use]
            pub fn max_population_share(mut self, share: f64) -> Self {
                self.options.share = share;
                self
            }

            /// Sets how far a window may reach from its middle, in the unit of the coordinates.
            #[must_use]
            pub fn max_radius(mut self, radius: f64) -> Self {
                self.options.radius = radius;
                self
            }

            /// Sets how many maps of chance are simulated; 999 at first, 0 gives no p-values.
            #[must_use]
            pub fn replicates(mut self, replicates: usize) -> Self {
                self.options.replicates = replicates;
                self
            }

            /// Sets where p-values come from.
            #[must_use]
            pub fn tail(mut self, tail: $crate::methods::scan::ScanTail) -> Self {
                self.options.tail = tail;
                self
            }

            /// Sets how many cases a window with more than expected has at least; 2 at first.
            #[must_use]
            pub fn least_cases(mut self, least: u32) -> Self {
                self.options.least_cases = least;
                self
            }

            /// Sets how many clusters are given at most; 20 at first.
            #[must_use]
            pub fn most_clusters(mut self, most: usize) -> Self {
                self.options.most_clusters = most;
                self
            }

            /// Sets the seed of the simulation.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = seed;
                self
            }

            /// Sets the memory that windows and simulated maps may take (2 GiB at first).
            #[must_use]
            pub fn most_bytes(mut self, most_bytes: u128) -> Self {
                self.options.most_bytes = most_bytes;
                self
            }
        }
    };
}

pub(super) use setters;

#[cfg(test)]
mod tests {
    use super::*;

    /// What just makes sense, and what just does not.
    #[test]
    fn options_are_checked_at_their_ends() {
        use ScanTail::{Gumbel, Rank, Sequential};
        for (share, radius, tail, replicates, fine) in [
            (1.0, 0.0, Rank, 0, true),
            (1.1, 1.0, Rank, 9, false),
            (0.0, 1.0, Rank, 9, false),
            (f64::NAN, 1.0, Rank, 9, false),
            (0.5, -1.0, Rank, 9, false),
            (0.5, f64::NAN, Rank, 9, false),
            (0.5, 1.0, Sequential { reached: 1 }, 9, true),
            (0.5, 1.0, Sequential { reached: 0 }, 9, false),
            (0.5, 1.0, Gumbel, 0, true),
            (0.5, 1.0, Gumbel, 1, false),
            (0.5, 1.0, Gumbel, 98, false),
            (0.5, 1.0, Gumbel, 99, true),
            (0.5, 1.0, Rank, 10_000_001, false),
        ] {
            let options = Options {
                share,
                radius,
                replicates,
                tail,
                ..Options::default()
            };
            assert_eq!(options.check().is_ok(), fine, "{options:?}");
        }
    }
}
