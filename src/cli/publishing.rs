//! How the commands publish: by which rules, beside which releases, and what is told of it.

use super::arguments::Publishing;
use crate::analysis::Language;
use crate::error::Result;
use crate::io::Table;
use crate::publish::{Disclosure, Ledger, State};

impl Publishing {
    /// The rules for a file; `None` where nothing leaves the desk: a table on the screen, or a file that
    /// is said to stay.
    pub(super) fn rules(&self, is_file: bool, internal: bool) -> Result<Option<Disclosure>> {
        let name = if internal {
            "internal"
        } else {
            self.disclosure.as_str()
        };
        let rules = Disclosure::named(name)?;
        Ok((is_file && !rules.is_internal()).then_some(rules))
    }

    /// What was published before.
    pub(super) fn releases(&self) -> Result<Ledger> {
        match &self.ledger {
            Some(path) => Ledger::open(path),
            None => Ok(Ledger::new()),
        }
    }
}

/// How many counts of all of them are withheld, by which rules, in one line.
pub(super) fn told(
    (withheld, all): (usize, usize),
    rules: &Disclosure,
    language: Language,
) -> String {
    let (minimum, base) = rules.figures();
    let name = rules.name();
    match language {
        Language::Dutch => format!(
            "Beschermd volgens {name}: aantallen onder {minimum}, en andere waaruit ze volgen, niet \
             getoond ({withheld} van de {all}), de rest in veelvouden van {base}."
        ),
        Language::English => format!(
            "Protected by {name}: counts below {minimum}, and others they follow from, not shown \
             ({withheld} of {all}), the rest in multiples of {base}."
        ),
    }
}

/// Between what anyone knows each count to lie; NaN for no upper end.
pub(super) fn known(states: &[State], rules: &Disclosure) -> (Vec<f64>, Vec<f64>) {
    let (minimum, base) = rules.figures();
    states
        .iter()
        .map(|state| state.known(base, minimum))
        .unzip()
}

/// Adds published counts, empty where they are withheld, with what is known of each. Names begin with
/// the prefix.
pub(super) fn counts(
    table: Table,
    prefix: &str,
    states: &[State],
    (low, high): (Vec<f64>, Vec<f64>),
) -> Result<Table> {
    let name = |suffix: &str| format!("{prefix}count{suffix}");
    let value = |state: &State| state.value().map_or(f64::NAN, |v| v as f64);
    let what = |state: &State| {
        let is_withheld = state.is_withheld();
        if is_withheld { "withheld" } else { "published" }.to_owned()
    };
    table
        .with_float(name(""), states.iter().map(value).collect())?
        .with_text(name("_state"), states.iter().map(what).collect())?
        .with_float(name("_low"), low)?
        .with_float(name("_high"), high)
}
