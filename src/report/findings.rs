//! What a result says, before it is put in words.

use crate::analysis::HotspotResult;

/// The two questions, answered with the positions of neighbourhoods in order of rank.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Findings {
    /// Highest q that counts as found.
    pub(super) level: f64,
    /// Neighbourhoods in order of rank.
    pub(super) order: Vec<usize>,
    /// High values cluster here.
    pub(super) hot: Vec<usize>,
    /// They may, at the 90 % class only.
    pub(super) weak: Vec<usize>,
    /// Low values cluster here.
    pub(super) cold: Vec<usize>,
    /// The own rate is above that of the rest of the city.
    pub(super) high: Vec<usize>,
    /// The own rate is below that of the rest of the city.
    pub(super) low: Vec<usize>,
    /// How many neighbourhoods have a Gi*.
    pub(super) gi_tests: usize,
    /// How many neighbourhoods have a rate compared with the rest.
    pub(super) rate_tests: usize,
    /// How many cells have a Gi*.
    pub(super) cell_tests: usize,
    /// How many cells are hotspots.
    pub(super) hot_cells: usize,
}

impl Findings {
    /// What a result says.
    pub(super) fn of(result: &HotspotResult) -> Self {
        let table = &result.neighbourhoods;
        let level = result
            .provenance
            .parameters
            .iter()
            .find(|(name, _)| name == "level")
            .and_then(|(_, value)| value.parse::<f64>().ok())
            .filter(|level| *level > 0.0 && *level < 1.0)
            .unwrap_or(0.05);
        let mut order: Vec<usize> = (0..table.len()).collect();
        order.sort_by_key(|&i| table.rank.get(i).copied().unwrap_or(u32::MAX));
        let at = |column: &[f64], i: usize| column.get(i).copied().unwrap_or(f64::NAN);
        let class = |i: usize| table.hotspot_class.get(i).copied().unwrap_or(0);
        let pick = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            order.iter().copied().filter(|&i| wanted(i)).collect()
        };
        let found = |i: usize| at(&table.gi_q, i) <= level;
        let told = |i: usize| at(&table.rate_q, i) <= level;
        let hot = pick(&|i| table.is_hot(i, level));
        let weak = pick(&|i| !found(i) && class(i) > 0);
        let cold = pick(&|i| found(i) && at(&table.gi_z, i) < 0.0);
        let high = pick(&|i| table.is_high(i, level));
        let low = pick(&|i| told(i) && at(&table.rate_ratio, i) < 1.0);
        let tests = |column: &[f64]| column.iter().filter(|q| !q.is_nan()).count();
        let (cell_tests, hot_cells) = result.cells.as_ref().map_or((0, 0), |cells| {
            if result.protection.is_some() {
                // All that are shown are hot.
                return (0, cells.len());
            }
            let hot = cells
                .gi_q
                .iter()
                .zip(&cells.gi_z)
                .filter(|(q, z)| **q <= level && **z > 0.0)
                .count();
            (tests(&cells.gi_q), hot)
        });
        Self {
            level,
            hot,
            weak,
            cold,
            high,
            low,
            gi_tests: tests(&table.gi_q),
            rate_tests: tests(&table.rate_q),
            cell_tests,
            hot_cells,
            order,
        }
    }
}
