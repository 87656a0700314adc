//! The reports that a command is about, counted in areas as a table that is to be published.

use super::asked::Chosen;
use super::publishing::told;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{Counted, Language, Reported};
use crate::error::{Error, Result};
use crate::model::{Exposure, Neighbourhoods, Period, Theme};
use crate::publish::{Disclosure, Ledger, Protected};

/// Reports of one period in all areas.
pub(super) struct Round {
    pub(super) period: Option<Period>,
    pub(super) reported: Reported,
    /// The cell of the first area.
    pub(super) first: usize,
}

impl Round {
    /// Counts the chosen reports per area. Of the areas that are not `shown` only sums are published.
    pub(super) fn of(
        counted: &mut Counted<'_>,
        chosen: &Chosen,
        label: &[u32],
        areas: usize,
        shown: &dyn Fn(usize) -> bool,
    ) -> Result<Self> {
        let reported = Reported::new(&chosen.incidents, label);
        let period = chosen.period.clone();
        let counts = reported.per_area(areas);
        let first = counted.areas(period.as_ref(), &counts, Some(&reported))?;
        for area in (0..areas).filter(|area| !shown(*area)) {
            counted.table.keep_back(first + area)?;
        }
        Ok(Self {
            period,
            reported,
            first,
        })
    }

    /// The cell of some areas together.
    pub(super) fn total(&self, counted: &mut Counted<'_>, areas: &[usize]) -> Result<usize> {
        let mut cells: Vec<usize> = areas.iter().map(|area| self.first + area).collect();
        cells.sort_unstable();
        let total = counted.total(self.period.as_ref(), self.first, &cells, None)?;
        total
            .or(cells.first().copied())
            .ok_or_else(|| Error::internal("a sum of no areas"))
    }
}

/// The people of each area that a theme's rate is about; NaN where they are not known.
pub(super) fn people(theme: &Theme, areas: &Neighbourhoods) -> Vec<f64> {
    let none = || vec![f64::NAN; areas.len()];
    let exposure = areas.exposure(theme.exposure_kind(), None);
    exposure.map_or_else(none, Exposure::as_floats)
}

/// Protects what was counted, given the releases before, and tells how much is withheld.
pub(super) fn protected(
    counted: &Counted<'_>,
    (rules, ledger): (&Disclosure, &mut Ledger),
    label: &str,
    language: Language,
    terminal: &mut Terminal,
) -> std::result::Result<Protected, Stop> {
    let found = rules
        .run_against(&counted.table, ledger, label)
        .map_err(Stop::bad)?;
    let shown = (0..found.states.len()).filter(|cell| !counted.table.is_kept_back(*cell));
    let withheld = shown.clone().filter(|&c| found.states[c].is_withheld());
    let figures = (withheld.count(), shown.count());
    terminal.remark(&told(figures, rules, language));
    Ok(found)
}
