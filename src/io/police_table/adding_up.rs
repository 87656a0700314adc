//! Do the classes add up to the total?

use crate::model::{RegisteredCounts, Warning, WarningCode};

/// A warning when they do not.
pub(super) fn warning(counts: &RegisteredCounts) -> Option<Warning> {
    let found = counts.adding_up()?;
    if found.short + found.over == 0 {
        return None;
    }
    let mut message = format!(
        "Of {} totals {} are larger than the sum of their classes and {} smaller ({} reports \
         more in the totals, in all).",
        found.compared, found.short, found.over, found.missing
    );
    if found.short > 0 {
        message.push_str(
            " Some classes are not published at this level, or not in this table; use the total \
             for all reports together.",
        );
    }
    Some(Warning::with_value(
        WarningCode::Input,
        found.missing as f64,
        message,
    ))
}
