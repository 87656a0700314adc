//! What profiles came to.

use ndarray::Array2;

use super::breakdown::Breakdown;
use super::places::Places;
use crate::model::Warning;

/// The nature of the reports of each subset, beside the rest.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Profiles {
    /// Incidents of each subset.
    pub size: Vec<u64>,
    /// Incidents that each subset is compared with.
    pub rest: Vec<u64>,
    /// Incidents that are not compared at all, such as those in no area.
    pub outside: u64,
    /// One table per breakdown, in the order asked for.
    pub tables: Vec<ProfileTable>,
    /// From how many addresses the reports come.
    pub places: Places,
    /// From how many reporters, where these were given.
    pub reporters: Option<Places>,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
}

/// Counts by one breakdown: columns in the order of the subsets, tables of a row per subset and a
/// column per cell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProfileTable {
    /// By what.
    pub breakdown: Breakdown,
    /// The names of the cells.
    pub cell: Vec<String>,
    /// Incidents of each subset that are in the table.
    pub used: Vec<u64>,
    /// Incidents of each subset that are not, because their hour, day or category is not known.
    pub left_out: Vec<u64>,
    /// Incidents of the rest that are in the table.
    pub rest_used: Vec<u64>,
    /// Pearson's X² of the whole profile against that of the rest.
    pub statistic: Vec<f64>,
    /// Chance of one as large when the subset is any incidents alike.
    pub profile_p: Vec<f64>,
    /// The same, corrected for all profiles of the call.
    pub profile_q: Vec<f64>,
    /// Whether that chance is exact, not simulated.
    pub exact: Vec<bool>,
    /// Total variation distance: the share of the incidents that would have to be in another cell
    /// for the profile to be that of the rest.
    pub distance: Vec<f64>,
    /// Mean of the distance when the subset is any incidents alike; never zero.
    pub distance_expected: Vec<f64>,
    /// Incidents; fractions where times are known between two moments only.
    pub count: Array2<f64>,
    /// Share of the subset's incidents in the cell.
    pub share: Array2<f64>,
    /// Share of the rest's incidents in the cell.
    pub rest_share: Array2<f64>,
    /// Incidents if the subset had the shares of the rest.
    pub expected: Array2<f64>,
    /// Location quotient, share over `rest_share`; NaN where the rest has none.
    pub quotient: Array2<f64>,
    /// Lower end of its interval.
    pub low: Array2<f64>,
    /// Upper end; infinite where the rest has none.
    pub high: Array2<f64>,
    /// Two-sided p-value of equal shares; NaN where neither has an incident.
    pub p: Array2<f64>,
    /// The same, corrected for all cells of all tables of the call.
    pub q: Array2<f64>,
}

/// What stands out in a subset: a cell with more incidents than the rest's shares would give.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trait {
    /// The subset.
    pub subset: usize,
    /// By what the reports are counted.
    pub breakdown: Breakdown,
    /// The position of the cell in its table.
    pub cell: usize,
    /// Its name.
    pub label: String,
    /// Incidents in it.
    pub count: f64,
    /// Incidents if the subset had the shares of the rest.
    pub expected: f64,
    /// How many more there are than that.
    pub excess: f64,
    /// Share of the subset's incidents.
    pub share: f64,
    /// Share of the rest's incidents.
    pub rest_share: f64,
    /// Location quotient; NaN where the rest has none.
    pub quotient: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Corrected p-value.
    pub q: f64,
}

impl Profiles {
    /// The table of a breakdown.
    #[must_use]
    pub fn table(&self, breakdown: Breakdown) -> Option<&ProfileTable> {
        self.tables.iter().find(|t| t.breakdown == breakdown)
    }

    /// What stands out most in a subset: of the cells with `q ≤ level` that have more incidents
    /// than expected, the `most` with the largest excess over all tables. Empty for a subset that
    /// does not exist.
    ///
    /// Cells of different tables can be one fact seen twice, such as the hour 23 and the evening.
    #[must_use]
    pub fn traits(&self, subset: usize, most: usize, level: f64) -> Vec<Trait> {
        if subset >= self.size.len() {
            return Vec::new();
        }
        let mut out: Vec<Trait> = self
            .tables
            .iter()
            .flat_map(|table| {
                (0..table.cell.len()).filter_map(move |cell| table.stands_out(subset, cell, level))
            })
            .collect();
        // Stable, so that equal ones keep the order of tables and cells.
        out.sort_by(|a, b| b.excess.total_cmp(&a.excess));
        out.truncate(most);
        out
    }
}

impl ProfileTable {
    fn stands_out(&self, subset: usize, cell: usize, level: f64) -> Option<Trait> {
        let at = [subset, cell];
        let excess = self.count[at] - self.expected[at];
        (self.q[at] <= level && excess > 0.0).then(|| Trait {
            subset,
            breakdown: self.breakdown,
            cell,
            label: self.cell[cell].clone(),
            count: self.count[at],
            expected: self.expected[at],
            excess,
            share: self.share[at],
            rest_share: self.rest_share[at],
            quotient: self.quotient[at],
            low: self.low[at],
            high: self.high[at],
            q: self.q[at],
        })
    }
}
