//! From what a result can be made again from protected counts.

use super::configuration::HotspotAnalysis;
use super::located::Located;
use crate::index::NeighbourhoodIndex;
use crate::model::Zone;

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
}

/// Places of incidents with the area each lies in.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Reported {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    area: Vec<u32>,
}

impl Reported {
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
    pub(super) fn by_address(&self, areas: usize) -> Vec<Vec<i64>> {
        let mut out = vec![Vec::new(); areas];
        for (place, count) in self.merged() {
            if self.area[place] != NeighbourhoodIndex::NONE {
                out[self.area[place] as usize].push(count);
            }
        }
        out
    }

    /// Each place once, as the position of one incident on it, with how many lie on it.
    pub(super) fn merged(&self) -> Vec<(usize, i64)> {
        let mut order: Vec<usize> = (0..self.x.len()).collect();
        let place = |&i: &usize| (self.x[i], self.y[i]);
        order.sort_unstable_by(|a, b| {
            let (a, b) = (place(a), place(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        order
            .chunk_by(|a, b| place(a) == place(b))
            .map(|same| (same[0], same.len() as i64))
            .collect()
    }
}
