//! Withholds, audits, and withholds more until nothing is exposed.

use std::collections::BTreeSet;

use super::disclosure::Disclosure;
use super::key::CellKey;
use super::knowledge::{Audit, Earlier, Exposed, Knowledge};
use super::ledger::{Entry, Ledger, Release};
use super::rounding::{behind, rounded, secret_of};
use super::rules::{Why, broken, groups};
use super::system::UNBOUNDED;
use super::table::CountTable;
use crate::error::{Error, Result, quoted};

/// What is published of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum State {
    /// This value, rounded where the rules say so.
    Published(i64),
    /// Nothing but that it lies in an interval, which anyone can work out from what is published.
    #[non_exhaustive]
    Withheld {
        /// Least count that it can be.
        low: i64,
        /// Greatest count that it can be; `None` when there is no end.
        high: Option<i64>,
    },
}

impl State {
    /// The published value.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        match self {
            Self::Published(value) => Some(*value),
            Self::Withheld { .. } => None,
        }
    }

    /// Between what anyone knows the count to lie, under rules that round to multiples of `base` and
    /// withhold below `minimum`; NaN for no upper end.
    #[must_use]
    pub fn known(&self, base: i64, minimum: i64) -> (f64, f64) {
        match *self {
            Self::Published(value) => {
                let (low, high) = behind(value, base, minimum);
                (low as f64, high as f64)
            }
            Self::Withheld { low, high } => (low as f64, high.map_or(f64::NAN, |h| h as f64)),
        }
    }

    /// The published value, or what stands in for it in the figures of others.
    pub(crate) fn filled(&self, rules: &Disclosure) -> i64 {
        match *self {
            Self::Published(value) => value,
            Self::Withheld { low, high } => rules.stand_in(low, high),
        }
    }

    /// Whether nothing is published.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.value().is_none()
    }
}

/// A table that may leave the house, and the account of how it came about, which may not.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Protected {
    /// What the cells are of.
    pub keys: Vec<CellKey>,
    /// What is published of each.
    pub states: Vec<State>,
    /// Why each is withheld, for the analyst only: it tells small counts from those that stand in
    /// for them.
    pub why: Vec<Option<Why>>,
    /// Positions of cells that are all of their total, for the analyst.
    pub groups: Vec<usize>,
    /// How often the audit was done.
    pub audits: usize,
}

impl Protected {
    /// How many cells are withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.states.iter().filter(|s| s.is_withheld()).count()
    }
}

impl Disclosure {
    /// Protects a table that has nothing to do with any other release.
    ///
    /// Counts that break a rule are withheld. Then every withheld count gets the interval in which
    /// it can be, given all that is published and how it adds up (see the [room](super)). While an
    /// interval is narrower than the rules want, the smallest published positive count next to it
    /// is withheld too, and all intervals are computed again.
    ///
    /// Complexity: intervals follow from their bounds in time linear in the relations where these
    /// form a forest, as areas in areas do; else two linear programs per withheld cell.
    ///
    /// # Errors
    /// [`Error::Parameter`] for rules that make no sense; [`Error::Disclosure`] when the rules need
    /// addresses that the table does not have.
    pub fn run(&self, table: &CountTable) -> Result<Protected> {
        self.run_against(table, &mut Ledger::new(), "")
    }

    /// Protects a table given everything published before, and writes what is published now to the
    /// ledger.
    ///
    /// A figure that is out already stays as it is; one that was withheld stays withheld. Where an
    /// earlier release does not fit the counts, the reports were revised, and it is left out.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::Disclosure`] when earlier releases expose a count however
    /// much is withheld now; [`Error::File`] when the ledger cannot be written.
    pub fn run_against(
        &self,
        table: &CountTable,
        ledger: &mut Ledger,
        label: &str,
    ) -> Result<Protected> {
        self.run_after(None, table, ledger, label)
    }

    /// As [`run_against`](Self::run_against), where the first cells of the table were protected before
    /// by themselves and stay as they are: what more is published can depend on them.
    pub(crate) fn run_after(
        &self,
        first: Option<&Protected>,
        table: &CountTable,
        ledger: &mut Ledger,
        label: &str,
    ) -> Result<Protected> {
        self.check()?;
        let unique: BTreeSet<&CellKey> = table.keys().iter().collect();
        if unique.len() < table.len() {
            return Err(Error::parameter(
                "table",
                "one key twice",
                "one cell per area, categories and period",
            ));
        }
        undivided(table, ledger)?;
        let secret = (self
            .secret
            .as_ref()
            .map(|s| s.0.as_str())
            .or(ledger.secret()))
        .map_or_else(|| secret_of(table), str::to_owned);
        let mut knowledge = Knowledge::of(table, ledger);
        let mut why = broken(self, table)?;
        let mut shown = vec![None; table.len()];
        for (cell, state) in first
            .iter()
            .flat_map(|first| first.states.iter().enumerate())
        {
            knowledge.earlier[cell] =
                Some(state.value().map_or(Earlier::Withheld, Earlier::Published));
        }
        for cell in 0..table.len() {
            match knowledge.earlier[cell] {
                Some(Earlier::Published(value)) => {
                    why[cell] = None;
                    shown[cell] = Some(value);
                }
                Some(Earlier::Withheld) => {
                    why[cell].get_or_insert(Why::Complement);
                }
                None if table.is_kept_back(cell) => {}
                None if why[cell].is_none() => {
                    let (key, count) = (&table.keys()[cell], table.counts()[cell]);
                    shown[cell] = Some(rounded(count, self.rounding, &secret, key));
                }
                None => {}
            }
        }
        let mut audits = 0;
        // Only the last audit needs the intervals themselves.
        let mut is_exact = false;
        let bounds = loop {
            audits += usize::from(!is_exact);
            let published: Vec<Option<(i64, i64)>> =
                shown.iter().map(|v| v.map(|v| self.behind(v))).collect();
            let Audit { bounds, exposed } = knowledge.audit(self, table, &published, is_exact)?;
            if exposed.is_empty() && is_exact {
                break bounds;
            }
            is_exact = exposed.is_empty();
            if !is_exact {
                self.withhold_more(table, &knowledge, &exposed, &mut shown, &mut why)?;
            }
        };
        let states = shown
            .iter()
            .zip(bounds)
            .map(|(value, (low, high))| match value {
                Some(value) => State::Published(*value),
                None => State::Withheld {
                    low,
                    high: (high < UNBOUNDED).then_some(high),
                },
            })
            .collect();
        let out = Protected {
            keys: table.keys().to_vec(),
            states,
            why,
            groups: groups(table),
            audits,
        };
        ledger.append(self.release(table, &knowledge, &out, label), &secret)?;
        Ok(out)
    }

    /// What a published value says of its count.
    fn behind(&self, value: i64) -> (i64, i64) {
        behind(value, self.rounding, self.minimum_count)
    }

    /// Withholds, next to each exposed unknown, the smallest published positive count.
    fn withhold_more(
        &self,
        table: &CountTable,
        knowledge: &Knowledge,
        exposed: &[Exposed],
        shown: &mut [Option<i64>],
        why: &mut [Option<Why>],
    ) -> Result<()> {
        let before = shown.iter().flatten().count();
        let mut stuck = None;
        for &Exposed(unknown) in exposed {
            let free = |&cell: &usize| {
                shown[cell].is_some()
                    && table.counts()[cell] > 0
                    && knowledge.earlier[cell].is_none()
            };
            let own = (unknown < table.len()).then_some(unknown).filter(free);
            let next = own.or_else(|| {
                knowledge.around(unknown).into_iter().find_map(|ring| {
                    ring.into_iter()
                        .filter(free)
                        .min_by_key(|&c| (table.counts()[c], c))
                })
            });
            match next {
                Some(cell) => {
                    shown[cell] = None;
                    why[cell] = Some(Why::Complement);
                }
                None => stuck = Some(unknown),
            }
        }
        if shown.iter().flatten().count() < before {
            return Ok(());
        }
        let name = stuck.map_or_else(String::new, |u| knowledge.names[u].to_string());
        Err(Error::disclosure(format!(
            "under `{}` the count of {} could be worked out to less than {} wide, however much of \
             this release is withheld, because of what earlier releases in the ledger say; publish \
             a period that does not cross theirs, or larger areas",
            self.name,
            quoted(&name),
            self.width(None)
        )))
    }

    fn release(
        &self,
        table: &CountTable,
        knowledge: &Knowledge,
        protected: &Protected,
        label: &str,
    ) -> Release {
        let cells = protected
            .keys
            .iter()
            .zip(&protected.states)
            .enumerate()
            .map(|(cell, (key, state))| {
                let kept_back = knowledge.is_silent(cell);
                let (low, high) = match state {
                    State::Published(value) => {
                        let (low, high) = self.behind(*value);
                        (low, Some(high))
                    }
                    State::Withheld { .. } if kept_back => (0, None),
                    State::Withheld { .. } => (self.withheld_from(), None),
                };
                Entry {
                    area: key.area.clone(),
                    part: key.part.clone(),
                    vintage: key.vintage,
                    categories: key.categories.clone(),
                    start: key.start,
                    end: key.end,
                    published: state.value(),
                    kept_back,
                    low,
                    high,
                }
            })
            .collect();
        Release {
            label: label.to_owned(),
            rules: self.name.clone(),
            cells,
            relations: table
                .relations()
                .iter()
                .map(|r| (r.total, r.parts.clone()))
                .collect(),
        }
    }
}

/// Refuses a figure of some of the categories that another tells apart: what the two say together is
/// not audited.
fn undivided(table: &CountTable, ledger: &Ledger) -> Result<()> {
    let is_divided = |key: &CellKey| {
        let by = key.part.as_ref().map(|(by, _)| by.as_str());
        by == Some(CellKey::BY_CATEGORY)
    };
    let earlier: BTreeSet<CellKey> = ledger.keys().collect();
    let all = || table.keys().iter().chain(&earlier);
    let divided: Vec<&CellKey> = all().filter(|key| is_divided(key)).collect();
    for key in all() {
        if let Some(other) = divided.iter().find(|other| key.splits(other)) {
            return Err(Error::disclosure(format!(
                "{} counts some of the categories that are told apart in {}; the audit does not \
                 cover the two together. Publish both in one call, which then leaves the division by \
                 category out, or use all categories of the theme",
                quoted(&key.to_string()),
                quoted(&other.to_string())
            )));
        }
    }
    Ok(())
}
