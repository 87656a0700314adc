//! Of what nature are the reports where they stand out?

use ndarray::Array2;

use super::located::Located;
use super::result::NeighbourhoodTable;
use crate::error::Result;
use crate::index::NeighbourhoodIndex;
use crate::methods::profile::{Breakdown, Facet, Places, Profile, ProfileTable};
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Nature {
    /// Positions of the neighbourhoods that stand out, ascending.
    pub standouts: Vec<usize>,
    /// Their reports.
    pub reports: u64,
    /// By kind and time; only what the data know.
    pub tables: Vec<NatureTable>,
    /// By neighbourhood that stands out, in order of rank: what its own reports are like, beside those of
    /// all others. In a published result at most five of them, with at least thirty reports, by kind and part
    /// of the week: the others are the whole city less its own, and told where both are (the second state of
    /// a cell is that of the city, or its own where that is withheld).
    pub by_area: Vec<AreaNature>,
    /// From how many addresses the reports come: those that stand out first, then the others. `None`
    /// in a published result: the share of the busiest address is its count.
    pub places: Option<Places>,
    /// Whether the kinds of the reports are known but may not be published.
    pub kinds_withheld: bool,
}

/// What the reports of one neighbourhood are like, beside those of all others.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AreaNature {
    /// Position of the neighbourhood.
    pub area: usize,
    /// Its reports.
    pub reports: u64,
    /// By kind, by hour of the week and by season (in a published result by kind and part of the week), as far
    /// as the data know: cells in which it or the others have a report. Marks are corrected over all cells of all neighbourhoods together.
    pub tables: Vec<NatureTable>,
}

/// Shares by one breakdown, a row per cell; NaN where there are no reports, or where the count is
/// withheld, and then what stands in for it is the count.
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

    /// Of one subset; cells without any report are left out.
    fn of(table: &ProfileTable, subset: usize, level: f64) -> Self {
        let here = |c: usize| table.count[[subset, c]].round() as u64;
        let others = table.rest_used[subset] as f64;
        let rest = |c: usize| (others * table.rest_share[[subset, c]]).round() as u64;
        let cells = (0..table.cell.len()).filter(|&c| here(c) + rest(c) > 0);
        let cells: Vec<usize> = cells.collect();
        let column = |of: &Array2<f64>| cells.iter().map(|&c| of[[subset, c]]).collect();
        let mark = |&c: &usize| {
            let at = [subset, c];
            Self::marked(table.q[at], table.quotient[at], level)
        };
        Self {
            breakdown: table.breakdown,
            cell: cells.iter().map(|&c| table.cell[c].clone()).collect(),
            count: cells.iter().map(|&c| here(c)).collect(),
            share: column(&table.share),
            rest_count: cells.iter().map(|&c| rest(c)).collect(),
            rest_share: column(&table.rest_share),
            quotient: column(&table.quotient),
            quotient_low: column(&table.low),
            quotient_high: column(&table.high),
            mark: cells.iter().map(mark).collect(),
            states: None,
        }
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
            let facets = [
                Facet::PartOfDay,
                Facet::PartOfWeek,
                Facet::Weekday,
                Facet::Season,
            ];
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
        let all = found.tables.iter();
        let tables = all.map(|table| NatureTable::of(table, 0, level));
        let areas: Vec<u32> = inside.iter().map(|&i| located.label[i as usize]).collect();
        let by_area = by_area(
            &incidents,
            &areas,
            table,
            &standouts,
            (level, seed),
            workers,
        )?;
        Ok(Some(Self {
            standouts,
            reports: found.size[0],
            // A single cell, such as one category, tells nothing.
            tables: tables.filter(|table| table.cell.len() > 1).collect(),
            by_area,
            places: Some(found.places),
            kinds_withheld: false,
        }))
    }
}

/// What the reports of each neighbourhood that stands out are like.
fn by_area(
    incidents: &Incidents,
    areas: &[u32],
    table: &NeighbourhoodTable,
    standouts: &[usize],
    (level, seed): (f64, u64),
    workers: &Workers,
) -> Result<Vec<AreaNature>> {
    let mut by = Vec::new();
    if incidents.categories().is_some() {
        by.push(Breakdown::of(Facet::Category));
    }
    if incidents.times().is_some() {
        by.extend([Facet::HourOfWeek, Facet::Season].map(Breakdown::of));
    }
    if standouts.is_empty() || by.is_empty() {
        return Ok(Vec::new());
    }
    let mut ranked = standouts.to_vec();
    ranked.sort_by_key(|&i| table.rank[i]);
    let mut subset = vec![NeighbourhoodIndex::NONE; table.len()];
    for (number, &area) in (0..).zip(&ranked) {
        subset[area] = number;
    }
    let labels: Vec<u32> = areas.iter().map(|&area| subset[area as usize]).collect();
    let found = Profile::new()
        .by(by)
        .level(1.0 - level)
        .permutations(0)
        .seed(seed)
        .run_labels(incidents, &labels, ranked.len(), &workers.unheard())?;
    let of = |(number, &area): (usize, &usize)| {
        let all = found.tables.iter();
        let tables = all.map(|table| NatureTable::of(table, number, level));
        AreaNature {
            area,
            reports: found.size[number],
            tables: tables.filter(|table| table.cell.len() > 1).collect(),
        }
    };
    Ok(ranked.iter().enumerate().map(of).collect())
}
