//! From what a result can be made again from protected counts.

use super::configuration::HotspotAnalysis;
use super::located::Located;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::{Breakdown, Facet};
use crate::model::{Incidents, Period, Theme, Zone};
use crate::parallel::Workers;

/// What a result keeps of its making, so that all that is published can come from published counts
/// by the same code.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Made {
    pub(super) analysis: HotspotAnalysis,
    pub(super) zone: Zone,
    /// Counts of the baseline.
    pub(super) then: Option<Vec<i64>>,
    /// Where the incidents of period and baseline lie; `None` when counts were given.
    pub(super) reported: Option<[Reported; 2]>,
    /// The other whole years of the data, where the period is one.
    pub(super) years: Vec<(Period, Reported)>,
    /// By what the incidents of the period can be told apart.
    pub(super) divisions: Vec<Division>,
}

/// Places of incidents with the area each lies in.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Reported {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) area: Vec<u32>,
}

/// By what incidents are told apart, and in which cell each is.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Division {
    pub(super) breakdown: Breakdown,
    /// Names of the cells.
    pub(super) cell: Vec<String>,
    /// The cell of each incident, `u32::MAX` where it is not known.
    pub(super) of: Vec<u32>,
}

impl Division {
    /// Of the incidents of a theme at these positions; what has one cell only tells nothing.
    pub(crate) fn all(
        by: &[Breakdown],
        incidents: &Incidents,
        theme: &Theme,
        positions: &[u32],
        workers: &Workers,
    ) -> Result<Vec<Self>> {
        let incidents = incidents.take(positions);
        let mut out = Vec::with_capacity(by.len());
        for &breakdown in by {
            let (cell, of) = breakdown.places(&incidents, workers)?;
            let mut division = Self {
                breakdown,
                cell,
                of,
            };
            if division.is_by_category() {
                division.keep(|label| theme.matches(label) && !label.trim().is_empty());
            }
            if division.cell.len() > 1 {
                out.push(division);
            }
        }
        Ok(out)
    }

    pub(super) fn is_by_category(&self) -> bool {
        self.breakdown.facets().any(|f| f == Facet::Category)
    }

    /// Leaves out the cells that nothing can be in.
    fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        let mut place = vec![u32::MAX; self.cell.len()];
        let kept = (0..self.cell.len()).filter(|&c| wanted(&self.cell[c]));
        for (new, old) in (0..).zip(kept) {
            place[old] = new;
        }
        for cell in &mut self.of {
            *cell = place.get(*cell as usize).copied().unwrap_or(u32::MAX);
        }
        self.cell.retain(|label| wanted(label));
    }
}

impl Reported {
    /// Of incidents whose areas are known.
    #[cfg(feature = "cli")]
    pub(crate) fn new(incidents: &Incidents, area: &[u32]) -> Self {
        Self {
            x: incidents.x().to_vec(),
            y: incidents.y().to_vec(),
            area: area.to_vec(),
        }
    }

    pub(super) fn of(located: &Located<'_>, positions: &[u32]) -> Self {
        let pick = |column: &[f64]| positions.iter().map(|&i| column[i as usize]).collect();
        Self {
            x: pick(located.incidents.x()),
            y: pick(located.incidents.y()),
            area: positions
                .iter()
                .map(|&i| located.label[i as usize])
                .collect(),
        }
    }

    /// How many incidents come from each place in each area. An address is taken to be a place.
    pub(crate) fn by_address(&self, areas: usize) -> Vec<Vec<i64>> {
        let mut out = vec![Vec::new(); areas];
        for (place, count) in self.merged() {
            if self.area[place] != NeighbourhoodIndex::NONE {
                out[self.area[place] as usize].push(count);
            }
        }
        out
    }

    /// How many incidents lie in each area.
    pub(crate) fn per_area(&self, areas: usize) -> Vec<i64> {
        let mut out = vec![0; areas];
        for &area in self.area.iter().filter(|a| **a != NeighbourhoodIndex::NONE) {
            out[area as usize] += 1;
        }
        out
    }

    /// Each place once, as the position of one incident on it, with how many lie on it.
    pub(super) fn merged(&self) -> Vec<(usize, i64)> {
        let order = self.by_place();
        order
            .chunk_by(|&a, &b| self.place(a) == self.place(b))
            .map(|same| (same[0], same.len() as i64))
            .collect()
    }

    /// A number for the place of each incident; the same for those on one place.
    pub(crate) fn places(&self) -> Vec<u32> {
        let order = self.by_place();
        let mut out = vec![0; order.len()];
        let places = order.chunk_by(|&a, &b| self.place(a) == self.place(b));
        for (number, same) in (0..).zip(places) {
            for &incident in same {
                out[incident] = number;
            }
        }
        out
    }

    fn place(&self, incident: usize) -> (f64, f64) {
        (self.x[incident], self.y[incident])
    }

    fn by_place(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.x.len()).collect();
        order.sort_unstable_by(|&a, &b| {
            let (a, b) = (self.place(a), self.place(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        order
    }
}
