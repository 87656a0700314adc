//! The nouns.

mod incidents;
mod neighbourhoods;
mod theme;

pub(crate) use incidents::{Incidents, local_to_utc};
pub(crate) use neighbourhoods::Neighbourhoods;
pub(crate) use theme::Theme;

use brandpunt::Warning;

/// Warnings as code, sentence and number.
pub(crate) fn told(warnings: &[Warning]) -> Vec<(&'static str, String, Option<f64>)> {
    warnings
        .iter()
        .map(|w| (w.code.code(), w.message.clone(), w.value))
        .collect()
}
