//! Of what nature are the reports where they stand out?

use super::located::Located;
use super::result::NeighbourhoodTable;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::{Breakdown, Facet, Places, Profile};
use crate::model::Incidents;
use crate::parallel::Workers;
use crate::publish::State;

/// What the reports of the neighbourhoods that stand out are like, beside those of all others.
///
/// A neighbourhood stands out when high values cluster around it (Gi*) or when its own rate is
/// above that of the rest of the city, at the level of the analysis. Where none does, the columns
/// about the others describe the whole city.
///
/// In a published result it is the neighbourhoods that stand out on the published map, and every
/// number comes from protected counts: of those neighbourhoods together, of the others and of the
/// city, per cell of each breakdown, audited with the counts of the areas as sums of each other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Nature {
    /// Positions of the neighbourhoods that stand out, ascending.
    pub standouts: Vec<usize>,
    /// Their reports.
    pub reports: u64,
    /// By kind and time; only what the data know.
    pub tables: Vec<NatureTable>,
    /// From how many addresses the reports come: those that stand out first, then the others. `None`
    /// in a published result: the share of the busiest address is its count.
    pub places: Option<Places>,
    /// Whether the kinds of the reports are known but may not be published.
    pub kinds_withheld: bool,
}

/// Shares by one breakdown, a row per cell; NaN where there are no reports, or where the count is
/// withheld, and then what stands in for it is the count.
#[derive(Debug, Clone, PartialEq)]
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
    /// Location quotient, share over `rest_share`.
    pub quotient: Vec<f64>,
    /// Lower end of its interval, at one minus the level of the analysis.
    pub quotient_low: Vec<f64>,
    /// Upper end of its interval.
    pub quotient_high: Vec<f64>,
    /// 1 for a larger share where reports stand out, −1 for a smaller one, 0 when chance explains
    /// the difference after correction for the number of cells.
    pub mark: Vec<i8>,
    /// What is published of the counts where reports stand out (empty where none do) and of the
    /// others; `None` in a result that is not protected.
    pub states: Option<[Vec<State>; 2]>,
}

impl NatureTable {
    /// What is known of a count of those that stand out (`there` is false) or of the others.
    #[must_use]
    pub fn is_withheld(&self, cell: usize, there: bool) -> bool {
        let states = self.states.as_ref().map(|both| &both[usize::from(there)]);
        states
            .and_then(|states| states.get(cell))
            .is_some_and(State::is_withheld)
    }

    pub(super) fn marked(q: f64, quotient: f64, level: f64) -> i8 {
        match q <= level {
            true if quotient > 1.0 => 1,
            true if quotient < 1.0 => -1,
            _ => 0,
        }
    }
}

impl Nature {
    /// By what the reports can be told apart.
    pub(super) fn breakdowns(incidents: &Incidents) -> Vec<Breakdown> {
        let mut by = Vec::new();
        if incidents.categories().is_some() {
            by.push(Breakdown::of(Facet::Category));
        }
        if incidents.times().is_some() {
            let facets = [Facet::PartOfDay, Facet::Weekday, Facet::Season];
            by.extend(facets.map(Breakdown::of));
        }
        by
    }

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
        let by = Self::breakdowns(&incidents);
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
            let mark =
                |&c: &usize| NatureTable::marked(table.q[[0, c]], table.quotient[[0, c]], level);
            NatureTable {
                breakdown: table.breakdown,
                cell: cells.iter().map(|&c| table.cell[c].clone()).collect(),
                count: cells.iter().map(|&c| reports(0, c)).collect(),
                share: cells.iter().map(|&c| table.share[[0, c]]).collect(),
                rest_count: cells.iter().map(|&c| reports(1, c)).collect(),
                rest_share: cells.iter().map(|&c| table.share[[1, c]]).collect(),
                quotient: cells.iter().map(|&c| table.quotient[[0, c]]).collect(),
                quotient_low: cells.iter().map(|&c| table.low[[0, c]]).collect(),
                quotient_high: cells.iter().map(|&c| table.high[[0, c]]).collect(),
                mark: cells.iter().map(mark).collect(),
                states: None,
            }
        });
        Ok(Some(Self {
            standouts,
            reports: found.size[0],
            // A single cell, such as one category, tells nothing.
            tables: tables.filter(|table| table.cell.len() > 1).collect(),
            places: Some(found.places),
            kinds_withheld: false,
        }))
    }
}
