//! In which cells of a breakdown each incident counts.

use super::breakdown::Breakdown;
use super::calendar::Calendar;
use super::groups::{Groups, OUT};
use crate::model::Categories;

/// In which cells each incident counts, with shares that sum to one.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    pub(super) cells: usize,
    end: Vec<u32>,
    shares: Vec<(u32, f64)>,
    /// Whether every incident counts in one cell only.
    pub(super) whole: bool,
}

/// Counts per cell of one breakdown.
#[derive(Debug, Clone)]
pub(super) struct Tabled {
    /// Counts of all compared incidents.
    pub(super) all: Vec<f64>,
    /// Per subset its counts.
    pub(super) of: Vec<Vec<f64>>,
    /// How many compared incidents are in the table.
    pub(super) used: u64,
    /// The same per subset.
    pub(super) used_of: Vec<u64>,
}

impl Spread {
    pub(super) fn of(
        breakdown: Breakdown,
        incidents: usize,
        categories: Option<&Categories>,
        calendar: Option<&Calendar>,
    ) -> Self {
        let cells = breakdown.labels(categories).len();
        let inner = breakdown.inner(categories);
        let unknown: Vec<bool> = categories
            .map_or(&[][..], Categories::labels)
            .iter()
            .map(|label| label.trim().is_empty())
            .collect();
        let mut out = Self {
            cells,
            end: Vec::with_capacity(incidents),
            shares: Vec::with_capacity(incidents),
            whole: true,
        };
        for i in 0..incidents {
            let category = categories
                .map(|c| c.codes()[i])
                .filter(|c| !unknown[*c as usize]);
            match calendar.filter(|_| breakdown.is_timed()) {
                None => {
                    let cell = breakdown.cell(category, None, inner);
                    out.shares.extend(cell.map(|c| (c, 1.0)));
                }
                Some(calendar) => out.push_moments(breakdown, category, calendar, i, inner),
            }
            out.end.push(out.shares.len() as u32);
        }
        out
    }

    /// The cell of each incident, `u32::MAX` where it is not known; the first where there are several.
    pub(super) fn firsts(&self) -> Vec<u32> {
        let mut start = 0;
        let of = |&end: &u32| {
            let cell = self.shares[start as usize..end as usize].first();
            start = end;
            cell.map_or(u32::MAX, |(cell, _)| *cell)
        };
        self.end.iter().map(of).collect()
    }

    fn push_moments(
        &mut self,
        breakdown: Breakdown,
        category: Option<u32>,
        calendar: &Calendar,
        incident: usize,
        inner: [usize; 2],
    ) {
        let first = self.shares.len();
        for &(moment, share) in calendar.moments(incident) {
            // What one moment does not tell, the others of the incident do not either.
            let Some(cell) = breakdown.cell(category, Some(moment), inner) else {
                continue;
            };
            match self.shares[first..].iter_mut().find(|s| s.0 == cell) {
                Some(known) => known.1 += share,
                None => self.shares.push((cell, share)),
            }
        }
        match &mut self.shares[first..] {
            [] => {}
            [(_, share)] => *share = 1.0,
            _ => self.whole = false,
        }
    }

    /// The cells of an incident; none when it is not in the table.
    pub(super) fn shares(&self, incident: u32) -> &[(u32, f64)] {
        let i = incident as usize;
        let start = i.checked_sub(1).map_or(0, |i| self.end[i] as usize);
        &self.shares[start..self.end[i] as usize]
    }

    /// Counts the compared incidents.
    pub(super) fn count(&self, groups: &Groups) -> Tabled {
        let mut out = Tabled {
            all: vec![0.0; self.cells],
            of: vec![vec![0.0; self.cells]; groups.subsets],
            used: 0,
            used_of: vec![0; groups.subsets],
        };
        for (incident, &label) in (0u32..).zip(&groups.label) {
            let shares = self.shares(incident);
            if label == OUT || shares.is_empty() {
                continue;
            }
            out.used += 1;
            for &(cell, share) in shares {
                out.all[cell as usize] += share;
            }
            if let Some(counts) = out.of.get_mut(label as usize) {
                out.used_of[label as usize] += 1;
                for &(cell, share) in shares {
                    counts[cell as usize] += share;
                }
            }
        }
        out
    }
}
