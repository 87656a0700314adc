//! In what order do incidents follow each other, and where does the density fall?

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::error::{Error, Result};
use crate::index::IncidentIndex;
use crate::model::Incidents;
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// OPTICS: incidents in an order in which clusters are valleys of the reachability, for every
/// radius up to `max_eps` at once.
///
/// The core distance of an incident is that to the `min_samples`-th incident, itself included, if
/// that is at most `max_eps`. From the first incident on, the next is always that which is
/// nearest to reach from those before,
///
/// ```text
/// reachability of b = least over the core incidents a before b of max(core distance of a, distance of a and b)
/// ```
///
/// infinite where a new start was needed. Equal ones are taken in input order.
///
/// # Cost
/// One question per incident, and the pairs within `max_eps`: choose that as small as the question
/// allows. One after the other, as the order asks; only core distances are found by all threads.
///
/// Source: Ankerst, Breunig, Kriegel & Sander 1999, SIGMOD Record 28:49, doi:10.1145/304181.304187.
///
/// ```
/// use brandpunt::methods::clusters::Optics;
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let x = vec![0.0, 50.0, 1.0, 3.0, 52.0, 500.0];
/// let incidents = Incidents::builder(x, vec![0.0; 6], Crs::PLANAR).build()?;
/// let found = Optics::new(2, 100.0).run(&incidents)?;
/// assert_eq!(found.order, [0, 2, 3, 1, 4, 5]);
/// assert_eq!(found.reachability[1], 47.0, "from 3 to 50");
/// assert_eq!(found.clusters_at(5.0), [Some(0), Some(1), Some(0), Some(0), Some(1), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Optics {
    min_samples: usize,
    max_eps: f64,
}

/// The order of incidents; the other columns are in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OpticsResult {
    /// Positions of the incidents in the order in which they are reached.
    pub order: Vec<u32>,
    /// Metres from which each is reached; infinite at a new start.
    pub reachability: Vec<f64>,
    /// Metres within which each has enough incidents; infinite beyond `max_eps`.
    pub core_distance: Vec<f64>,
}

impl OpticsResult {
    /// The clusters of [`Dbscan`](super::Dbscan) with radius `eps`, at most `max_eps`; incidents at
    /// the border of a cluster may be left out or be in another one.
    #[must_use]
    pub fn clusters_at(&self, eps: f64) -> Vec<Option<u32>> {
        let mut cluster = vec![None; self.order.len()];
        let (mut current, mut next) = (None, 0);
        for at in self.order.iter().map(|at| *at as usize) {
            if self.reachability[at] > eps {
                current = (self.core_distance[at] <= eps).then_some(next);
                next += u32::from(current.is_some());
            }
            cluster[at] = current;
        }
        cluster
    }
}

/// A squared reachability and an incident; squares are not negative, so their bits are in their
/// order.
type Open = Reverse<(u64, u32)>;

impl Optics {
    /// Cores of so many incidents, and up to how many metres incidents are looked for.
    #[must_use]
    pub fn new(min_samples: usize, max_eps: f64) -> Self {
        Self {
            min_samples,
            max_eps,
        }
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<OpticsResult> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for cores of no incident or a radius that is not a finite number above
    /// 0, [`Error::Crs`] for degrees, [`Error::Cancelled`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<OpticsResult> {
        incidents.crs().require_metres()?;
        if self.min_samples == 0 {
            return Err(Error::parameter(
                "min_samples",
                self.min_samples,
                "at least 1",
            ));
        }
        if !(self.max_eps > 0.0 && self.max_eps.is_finite()) {
            let expected = "a finite number of metres above 0";
            return Err(Error::parameter("max_eps", self.max_eps, expected));
        }
        let index = IncidentIndex::build(incidents);
        let core = self.cores(incidents, &index, &workers.telling("clusters", 0.0..0.5))?;
        let mut walk = Walk {
            max_eps: self.max_eps,
            incidents,
            index: &index,
            core: &core,
            reached: vec![f64::INFINITY; incidents.len()],
            done: vec![false; incidents.len()],
            open: BinaryHeap::new(),
        };
        let mut order = Vec::with_capacity(incidents.len());
        for start in 0..incidents.len() as u32 {
            let mut next = (!walk.done[start as usize]).then_some(start);
            while let Some(at) = next {
                workers.job().check()?;
                order.push(at);
                walk.leave(at);
                next = walk.nearest();
            }
        }
        let root = |squared: Vec<f64>| squared.into_iter().map(f64::sqrt).collect();
        Ok(OpticsResult {
            order,
            reachability: root(walk.reached),
            core_distance: root(core),
        })
    }

    /// Squared core distances.
    fn cores(
        &self,
        incidents: &Incidents,
        index: &IncidentIndex,
        workers: &Workers,
    ) -> Result<Vec<f64>> {
        let (x, y) = (incidents.x(), incidents.y());
        let core = |i: usize| {
            let found = index.nearest(x[i], y[i], self.min_samples);
            let last = found.get(self.min_samples - 1).map(|(j, _)| *j as usize);
            last.map(|j| squared(x, y, i, j))
                .filter(|s| *s <= self.max_eps * self.max_eps)
                .unwrap_or(f64::INFINITY)
        };
        let pieces = workers.map_ranges(incidents.len(), 1 << 8, |range| {
            range.map(core).collect::<Vec<_>>()
        })?;
        Ok(pieces.concat())
    }
}

/// Where the order has come to.
struct Walk<'a> {
    max_eps: f64,
    incidents: &'a Incidents,
    index: &'a IncidentIndex,
    core: &'a [f64],
    /// Squared reachability.
    reached: Vec<f64>,
    done: Vec<bool>,
    open: BinaryHeap<Open>,
}

impl Walk<'_> {
    /// Takes an incident and reaches from it to those around.
    fn leave(&mut self, at: u32) {
        let i = at as usize;
        self.done[i] = true;
        if self.core[i].is_infinite() {
            return;
        }
        let (x, y) = (self.incidents.x(), self.incidents.y());
        for other in self.index.within(x[i], y[i], self.max_eps) {
            let j = other as usize;
            let reach = squared(x, y, i, j).max(self.core[i]);
            if !self.done[j] && reach < self.reached[j] {
                self.reached[j] = reach;
                self.open.push(Reverse((reach.to_bits(), other)));
            }
        }
    }

    /// The incident that is nearest to reach.
    fn nearest(&mut self) -> Option<u32> {
        // An incident that was reached anew waits more than once; it is taken once.
        while let Some(Reverse((_, at))) = self.open.pop() {
            if !self.done[at as usize] {
                return Some(at);
            }
        }
        None
    }
}

fn squared(x: &[f64], y: &[f64], i: usize, j: usize) -> f64 {
    let (dx, dy) = (x[i] - x[j], y[i] - y[j]);
    dx * dx + dy * dy
}
