//! Incidents by their addresses.

use crate::index::IncidentIndex;
use crate::stats::sum;

/// Different places with the weight of the incidents on each, by x and then y, about a near origin.
pub(super) struct Places {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) mass: Vec<f64>,
    /// Weight of all incidents.
    pub(super) total: f64,
    /// Where the origin lies.
    origin: (f64, f64),
}

impl Places {
    /// The places of indexed incidents, which weigh one each without weights.
    pub(super) fn of(index: &IncidentIndex, weights: Option<&[f64]>) -> Self {
        let places = 0..index.locations() as u32;
        let origin = places.clone().next().map_or((0.0, 0.0), |p| index.at(p));
        let weigh = |members: &[u32]| match weights {
            None => members.len() as f64,
            Some(weights) => sum(members.iter().map(|&i| weights[i as usize])),
        };
        let mass: Vec<f64> = places.clone().map(|p| weigh(index.members(p))).collect();
        Self {
            x: places.clone().map(|p| index.at(p).0 - origin.0).collect(),
            y: places.map(|p| index.at(p).1 - origin.1).collect(),
            total: sum(mass.iter().copied()),
            mass,
            origin,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    /// A place in the coordinates of the input.
    pub(super) fn at(&self, place: usize) -> (f64, f64) {
        (self.x[place] + self.origin.0, self.y[place] + self.origin.1)
    }

    /// Coordinates of all incidents, those on one place repeated.
    pub(super) fn columns(&self) -> (Vec<f64>, Vec<f64>) {
        let all = |column: &[f64]| {
            let places = column.iter().zip(&self.mass);
            places
                .flat_map(|(&v, &mass)| std::iter::repeat_n(v, mass as usize))
                .collect()
        };
        (all(&self.x), all(&self.y))
    }

    /// Share of the incidents that have another one on their place.
    pub(super) fn tied_share(&self) -> f64 {
        self.mass.iter().filter(|m| **m > 1.0).sum::<f64>() / self.total
    }

    /// Calls `found` with every other place at most `reach` away and its squared distance.
    pub(super) fn others(&self, place: usize, reach: f64, mut found: impl FnMut(usize, f64)) {
        let (x, y) = (self.x[place], self.y[place]);
        let first = self.x.partition_point(|v| *v < x - reach);
        for j in first..self.len() {
            let (dx, dy) = (self.x[j] - x, self.y[j] - y);
            if dx > reach {
                break;
            }
            let squared = dx * dx + dy * dy;
            if squared <= reach * reach && j != place {
                found(j, squared);
            }
        }
    }

    /// As [`others`](Self::others), only those that come later in the order of places.
    pub(super) fn later(&self, place: usize, reach: f64, mut found: impl FnMut(usize, f64)) {
        let (x, y, limit) = (self.x[place], self.y[place], reach * reach);
        let rest = self.x[place + 1..].iter().zip(&self.y[place + 1..]);
        for (j, (u, v)) in rest.enumerate() {
            let (dx, dy) = (u - x, v - y);
            if dx > reach {
                break;
            }
            let squared = dx * dx + dy * dy;
            if squared <= limit {
                found(place + 1 + j, squared);
            }
        }
    }

    /// The least squared distance between two places.
    pub(super) fn least_gap(&self) -> f64 {
        let mut least = f64::INFINITY;
        for i in 0..self.len() {
            for j in i + 1..self.len() {
                let (dx, dy) = (self.x[j] - self.x[i], self.y[j] - self.y[i]);
                if dx * dx >= least {
                    break;
                }
                least = least.min(dx * dx + dy * dy);
            }
        }
        least
    }

    /// The squared distance to the nearest other place.
    pub(super) fn nearest(&self, place: usize) -> f64 {
        let mut least = f64::INFINITY;
        let mut look = |j: usize| {
            let (dx, dy) = (self.x[j] - self.x[place], self.y[j] - self.y[place]);
            let further = dx * dx < least;
            least = least.min(dx * dx + dy * dy);
            further
        };
        let _east = (place + 1..self.len()).all(&mut look);
        let _west = (0..place).rev().all(&mut look);
        least
    }
}
