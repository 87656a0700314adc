//! Incidents by their addresses.

use crate::error::{Error, Fault, Result};
use crate::index::{IncidentIndex, StudyArea};

/// Different places with the number of incidents on each, by x and then y, about a near origin.
pub(super) struct Places {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) mass: Vec<f64>,
    /// All incidents.
    pub(super) total: f64,
    /// Where the origin lies.
    origin: (f64, f64),
}

impl Places {
    /// The places of the incidents inside a study area, or of all.
    pub(super) fn new(x: &[f64], y: &[f64], within: Option<&StudyArea>) -> Result<Self> {
        let seen = |x: f64, y: f64| within.is_none_or(|area| area.contains(x, y));
        let (x, y): (Vec<f64>, Vec<f64>) = x
            .iter()
            .zip(y)
            .filter(|&(&x, &y)| seen(x, y))
            .map(|(&x, &y)| (x, y))
            .unzip();
        let index = IncidentIndex::from_xy(&x, &y)?;
        if index.locations() < 2 {
            return Err(Error::input(
                Fault::NoRows,
                format!(
                    "{} incidents on {} place; a bandwidth needs incidents on two places at least",
                    index.len(),
                    index.locations()
                ),
            ));
        }
        let origin = index.at(0);
        let mut out = Self {
            x: Vec::with_capacity(index.locations()),
            y: Vec::with_capacity(index.locations()),
            mass: Vec::with_capacity(index.locations()),
            total: index.len() as f64,
            origin,
        };
        for location in 0..index.locations() as u32 {
            let (x, y) = index.at(location);
            out.x.push(x - origin.0);
            out.y.push(y - origin.1);
            out.mass.push(index.members(location).len() as f64);
        }
        Ok(out)
    }

    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    /// A place in the coordinates of the input.
    pub(super) fn at(&self, place: usize) -> (f64, f64) {
        (self.x[place] + self.origin.0, self.y[place] + self.origin.1)
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
