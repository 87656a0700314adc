//! Of what nature are the reports where they stand out?

use super::located::Located;
use super::result::NeighbourhoodTable;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::{Breakdown, Facet, Places, Profile};
use crate::parallel::Workers;

/// What the reports of the neighbourhoods that stand out are like, beside those of all others.
///
/// A neighbourhood stands out when high values cluster around it (Gi*) or when its own rate is
/// above that of the rest of the city, at the level of the analysis. Where none does, the columns
/// about the others describe the whole city.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Nature {
    /// Positions of the neighbourhoods that stand out, ascending.
    pub standouts: Vec<usize>,
    /// Their reports.
    pub reports: u64,
    /// By kind and time; only what the data know.
    pub tables: Vec<NatureTable>,
    /// From how many addresses the reports come: those that stand out first, then the others.
    pub places: Option<Places>,
}

/// Shares by one breakdown, a row per cell; NaN where there are no reports.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NatureTable {
    /// By what.
    pub breakdown: Breakdown,
    /// Names of the cells.
    pub cell: Vec<String>,
    /// Reports in the neighbourhoods that stand out.
    pub count: Vec<u64>,
    /// Their share.
    pub share: Vec<f64>,
    /// Reports in the other neighbourhoods.
    pub rest_count: Vec<u64>,
    /// Their share.
    pub rest_share: Vec<f64>,
    /// 1 for a larger share where reports stand out, −1 for a smaller one, 0 when chance explains
    /// the difference after correction for the number of cells.
    pub mark: Vec<i8>,
}

impl Nature {
    /// The nature of the incidents at these positions.
    pub(super) fn of(
        located: &Located<'_>,
        positions: &[u32],
        table: &NeighbourhoodTable,
        (level, seed): (f64, u64),
        workers: &Workers,
    ) -> Result<Option<Self>> {
        let stands_out = |i: usize| table.is_hot(i, level) || table.is_high(i, level);
        let standouts: Vec<usize> = (0..table.len()).filter(|&i| stands_out(i)).collect();
        let inside: Vec<u32> = positions
            .iter()
            .copied()
            .filter(|&i| located.label[i as usize] != NeighbourhoodIndex::NONE)
            .collect();
        let mut is_standout = vec![false; table.len()];
        for &i in &standouts {
            is_standout[i] = true;
        }
        let labels: Vec<u32> = inside
            .iter()
            .map(|&i| u32::from(!is_standout[located.label[i as usize] as usize]))
            .collect();
        let incidents = located.incidents.take(&inside);
        let mut by = Vec::new();
        if incidents.categories().is_some() {
            by.push(Breakdown::of(Facet::Category));
        }
        if incidents.times().is_some() {
            let facets = [Facet::PartOfDay, Facet::Weekday, Facet::Season];
            by.extend(facets.map(Breakdown::of));
        }
        if by.is_empty() || incidents.is_empty() {
            return Ok(None);
        }
        let found = Profile::new()
            .by(by)
            .level(1.0 - level)
            .permutations(0)
            .seed(seed)
            .run_labels(&incidents, &labels, 2, &workers.unheard())?;
        let tables = found.tables.iter().map(|table| {
            let reports = |subset: usize, cell: usize| table.count[[subset, cell]].round() as u64;
            let cells = (0..table.cell.len()).filter(|&c| reports(0, c) + reports(1, c) > 0);
            let cells: Vec<usize> = cells.collect();
            let mark = |&c: &usize| {
                let (q, quotient) = (table.q[[0, c]], table.quotient[[0, c]]);
                match q <= level {
                    true if quotient > 1.0 => 1,
                    true if quotient < 1.0 => -1,
                    _ => 0,
                }
            };
            NatureTable {
                breakdown: table.breakdown,
                cell: cells.iter().map(|&c| table.cell[c].clone()).collect(),
                count: cells.iter().map(|&c| reports(0, c)).collect(),
                share: cells.iter().map(|&c| table.share[[0, c]]).collect(),
                rest_count: cells.iter().map(|&c| reports(1, c)).collect(),
                rest_share: cells.iter().map(|&c| table.share[[1, c]]).collect(),
                mark: cells.iter().map(mark).collect(),
            }
        });
        Ok(Some(Self {
            standouts,
            reports: found.size[0],
            // A single cell, such as one category, tells nothing.
            tables: tables.filter(|table| table.cell.len() > 1).collect(),
            places: Some(found.places),
        }))
    }
}
