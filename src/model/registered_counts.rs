//! Counts that a register publishes: areas, classes and periods.

use ndarray::{Array3, Axis};

use super::area_code::AreaLevel;
use super::area_numbers::AreaNumbers;
use super::period::{Period, Step};
use super::period_status::PeriodStatus;
use super::police_class::PoliceClass;
use super::theme::Theme;
use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result, coded, quoted};

coded! {
    /// What a table says about one area, class and period.
    CellState {
        /// There is a number.
        Counted = "counted",
        /// The field is empty, and was read as zero.
        NullAsZero = "null_as_zero",
        /// There is no row, and that was read as zero.
        AbsentAsZero = "absent_as_zero",
        /// The number is not published.
        Withheld = "withheld",
        /// There is no row.
        Absent = "absent",
    }
}

/// A number with its state, as a reader fills it in.
pub(crate) type Cell = (CellState, u32);

/// Counts per area, class and period, as the police publish them.
///
/// Areas are of one level and periods of one length, so that nothing is counted twice; a class
/// that sums up others is kept and never added to them. Made by a reader.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RegisteredCounts {
    pub(crate) codes: Vec<String>,
    pub(crate) level: Option<AreaLevel>,
    pub(crate) vintage: Option<i16>,
    pub(crate) classes: Vec<PoliceClass>,
    pub(crate) step: Step,
    pub(crate) periods: Vec<Period>,
    pub(crate) status: Vec<PeriodStatus>,
    /// Areas, classes, periods.
    pub(crate) cells: Array3<Cell>,
}

/// How well the classes of a table add up to its total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AddingUp {
    /// Cells of the total that could be compared with all classes under it.
    pub compared: u64,
    /// In how many of them the total is larger, as when a class is not published.
    pub short: u64,
    /// In how many the classes are larger than the total.
    pub over: u64,
    /// Sum of the totals less sum of the classes, over all compared cells.
    pub missing: i64,
}

impl RegisteredCounts {
    /// The area codes, sorted.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The level of all areas, where the codes tell it.
    #[must_use]
    pub fn level(&self) -> Option<AreaLevel> {
        self.level
    }

    /// The year of the area division, where it is known.
    #[must_use]
    pub fn vintage(&self) -> Option<i16> {
        self.vintage
    }

    /// The classes, in the order in which they first stand in the table.
    #[must_use]
    pub fn classes(&self) -> &[PoliceClass] {
        &self.classes
    }

    /// The length of all periods.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// The periods, in order of time.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// How final the numbers of each period are, where the source says so.
    #[must_use]
    pub fn status(&self) -> &[PeriodStatus] {
        &self.status
    }

    /// Whether the numbers of each period may still change.
    #[must_use]
    pub fn provisional(&self) -> Vec<bool> {
        self.status.iter().map(|s| s.may_change()).collect()
    }

    /// The count of an area, class and period, by position; `None` where none is published.
    #[must_use]
    pub fn count(&self, area: usize, class: usize, period: usize) -> Option<u64> {
        let (state, count) = *self.cells.get([area, class, period])?;
        known(state).then_some(u64::from(count))
    }

    /// What the table says about an area, class and period, by position.
    #[must_use]
    pub fn state(&self, area: usize, class: usize, period: usize) -> Option<CellState> {
        Some(self.cells.get([area, class, period])?.0)
    }

    /// How many cells are in each state that occurs.
    #[must_use]
    pub fn states(&self) -> Vec<(CellState, u64)> {
        let mut counts = std::collections::BTreeMap::new();
        for (state, _) in &self.cells {
            *counts.entry(*state).or_insert(0) += 1;
        }
        counts.into_iter().collect()
    }

    /// The reports of a theme per area, over a period; NaN where one of the numbers is not
    /// published.
    ///
    /// The theme takes classes by key or by title. [`Theme::all`] takes the total, or, where the
    /// table has none, all classes that are no sums of others. `period` is the label of a period,
    /// or the year of twelve months or four quarters; without it all periods are added.
    ///
    /// # Errors
    /// [`Fault::NoMatchingCategory`] with the classes there are; [`Error::Parameter`] for a period
    /// that is not in the table as a whole, and for a theme of which one class is counted in
    /// another.
    pub fn counts(&self, theme: &Theme, period: Option<&str>) -> Result<AreaNumbers> {
        let classes = self.classes_of(theme)?;
        let periods = self.periods_of(period)?;
        let values = self
            .cells
            .axis_iter(Axis(0))
            .map(|of_area| {
                let mut sum = 0.0;
                for &class in &classes {
                    for &period in &periods {
                        let (state, count) = of_area[[class, period]];
                        sum += if known(state) {
                            f64::from(count)
                        } else {
                            f64::NAN
                        };
                    }
                }
                sum
            })
            .collect();
        let mut out = AreaNumbers::new(self.codes.clone(), values, self.vintage)?;
        let withheld = out.unknown();
        if withheld > 0 {
            out = out.with_warning(Warning::with_value(
                WarningCode::Input,
                withheld as f64,
                format!(
                    "{withheld} of {} areas have no number, because one that it sums up is not \
                     published.",
                    self.codes.len()
                ),
            ));
        }
        let marked = |status: PeriodStatus| -> Vec<&str> {
            let of = periods.iter().filter(|&&p| self.status[p] == status);
            of.map(|&p| self.periods[p].label.as_str()).collect()
        };
        let first = marked(PeriodStatus::Provisional);
        let revised = marked(PeriodStatus::Revised);
        let told: Vec<String> = [
            (&first, "are provisional (voorlopig)"),
            (
                &revised,
                "are provisional and revised once (nader voorlopig)",
            ),
        ]
        .into_iter()
        .filter(|(labels, _)| !labels.is_empty())
        .map(|(labels, what)| format!("those of {} {what}", labels.join(", ")))
        .collect();
        if !told.is_empty() {
            out = out.with_warning(Warning::with_value(
                WarningCode::Provisional,
                (first.len() + revised.len()) as f64,
                format!("The numbers may still change: {}.", told.join("; ")),
            ));
        }
        Ok(out)
    }

    fn classes_of(&self, theme: &Theme) -> Result<Vec<usize>> {
        let matching = |is: &dyn Fn(&PoliceClass) -> bool| -> Vec<usize> {
            (0..self.classes.len())
                .filter(|&i| is(&self.classes[i]))
                .collect()
        };
        if theme.categories().is_none() {
            let total = matching(&PoliceClass::is_total);
            return Ok(if total.is_empty() {
                matching(&|c| !c.is_sum())
            } else {
                total
            });
        }
        let found = matching(&|c| {
            theme.matches(&c.key) || c.title.as_deref().is_some_and(|t| theme.matches(t))
        });
        if found.is_empty() {
            let known: Vec<String> = self
                .classes
                .iter()
                .take(12)
                .map(|c| format!("`{}`", quoted(&c.key)))
                .collect();
            let more = if self.classes.len() > 12 { ", …" } else { "" };
            return Err(Error::input(
                Fault::NoMatchingCategory,
                format!(
                    "no class of the table belongs to theme `{}`; the classes are {}{more}",
                    quoted(theme.name()),
                    known.join(", ")
                ),
            ));
        }
        for &sum in &found {
            for &part in &found {
                if self.classes[sum].holds(&self.classes[part]) {
                    return Err(Error::parameter(
                        "theme",
                        theme.name(),
                        format!(
                            "classes that do not hold each other; {} is counted in {} too",
                            self.classes[part].key, self.classes[sum].key
                        ),
                    ));
                }
            }
        }
        Ok(found)
    }

    fn periods_of(&self, period: Option<&str>) -> Result<Vec<usize>> {
        let all = 0..self.periods.len();
        let Some(wanted) = period else {
            return Ok(all.collect());
        };
        let label = |i: &usize| self.periods[*i].label.as_str();
        if let Some(one) = all.clone().find(|i| label(i) == wanted) {
            return Ok(vec![one]);
        }
        let inside: Vec<usize> = all
            .filter(|i| {
                label(i)
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.starts_with('-'))
            })
            .collect();
        let whole = match self.step {
            Step::Month => 12,
            Step::Quarter => 4,
            Step::Week | Step::Year => usize::MAX,
        };
        if inside.len() == whole {
            return Ok(inside);
        }
        let span = match (self.periods.first(), self.periods.last()) {
            (Some(first), Some(last)) => format!("{} to {}", first.label, last.label),
            _ => "none".to_owned(),
        };
        Err(Error::parameter(
            "period",
            wanted,
            format!(
                "a {} of the table, or a year it holds whole ({} of them in this one); the table \
                 has {span}",
                self.step.name(),
                inside.len()
            ),
        ))
    }

    /// Compares the total with the sum of the classes under it, cell by cell; `None` when the
    /// table has no total or no class beside it.
    #[must_use]
    pub fn adding_up(&self) -> Option<AddingUp> {
        let total = self.classes.iter().position(PoliceClass::is_total)?;
        let leaves: Vec<usize> = (0..self.classes.len())
            .filter(|&i| !self.classes[i].is_sum())
            .collect();
        if leaves.is_empty() {
            return None;
        }
        let mut out = AddingUp::default();
        for of_area in self.cells.axis_iter(Axis(0)) {
            for of_period in of_area.axis_iter(Axis(1)) {
                let (state, whole) = of_period[total];
                if !known(state) {
                    continue;
                }
                let parts: i64 = leaves
                    .iter()
                    .filter(|&&leaf| known(of_period[leaf].0))
                    .map(|&leaf| i64::from(of_period[leaf].1))
                    .sum();
                let missing = i64::from(whole) - parts;
                out.compared += 1;
                out.short += u64::from(missing > 0);
                out.over += u64::from(missing < 0);
                out.missing += missing;
            }
        }
        Some(out)
    }
}

fn known(state: CellState) -> bool {
    match state {
        CellState::Counted | CellState::NullAsZero | CellState::AbsentAsZero => true,
        CellState::Withheld | CellState::Absent => false,
    }
}
