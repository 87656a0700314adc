//! What a reader of the result must know.

use super::configuration::Cells;
use super::people::PeopleFrom;
use super::selection::Selection;
use crate::methods::density::Surface;
use crate::model::{Incidents, Neighbourhoods, Period, Warning, WarningCode};

/// What was seen on the way.
pub(super) struct Seen<'a> {
    pub(super) incidents: &'a Incidents,
    pub(super) selection: &'a Selection,
    pub(super) outside: u64,
    /// The incidents on one location, where they are many, and what they do.
    pub(super) pile: Option<(usize, String)>,
    pub(super) cells: &'a Cells,
    pub(super) surface: &'a Surface,
}

/// Warnings about the incidents and what was made of them.
pub(super) fn warnings(seen: &Seen<'_>) -> Vec<Warning> {
    // The share on one location is told for the theme below, not for the whole file.
    let mut out: Vec<Warning> = seen
        .incidents
        .warnings()
        .iter()
        .filter(|w| w.code != WarningCode::SingleLocationShare)
        .cloned()
        .collect();
    let used = seen.selection.now.len();
    if seen.outside > 0 {
        out.push(Warning::with_value(
            WarningCode::OutsideAllAreas,
            seen.outside as f64,
            format!(
                "{} of {used} incidents lie in no neighbourhood and are in no count.",
                seen.outside
            ),
        ));
    }
    if seen.selection.timeless > 0 {
        out.push(Warning::with_value(
            WarningCode::Times,
            seen.selection.timeless as f64,
            format!(
                "{} incidents of the theme have no known time and are in no period.",
                seen.selection.timeless
            ),
        ));
    }
    if let Some((most, beside)) = &seen.pile {
        let share = *most as f64 / used as f64;
        out.push(Warning::with_value(
            WarningCode::SingleLocationShare,
            share,
            format!(
                "{:.1} % of the incidents ({most} of {used}) lie on one location: a repeat address, \
                 or a default of the geocoding such as a police station. It weighs on the density \
                 and the cells around it. {beside}",
                100.0 * share
            ),
        ));
    }
    out.extend(seen.cells.warnings.iter().cloned());
    out.extend(seen.surface.warnings().iter().cloned());
    out
}

/// Warnings about the areas and their populations.
pub(super) fn of_areas(
    areas: &Neighbourhoods,
    people: &[(i16, PeopleFrom)],
    kind: &str,
) -> Vec<Warning> {
    let mut out = areas.warnings().to_vec();
    if areas.vintage().is_none() {
        out.push(Warning::new(
            WarningCode::AreaVintage,
            "The year of the area division is not known. Borders and codes change from year to \
             year; incidents, populations and areas must be of one division.",
        ));
    }
    let told = people.iter().filter_map(|&(year, from)| match from {
        PeopleFrom::Year(own) if own != year => {
            Some(format!("for incidents of {year} they are of {own}"))
        }
        PeopleFrom::Between(first, last) => Some(format!(
            "for incidents of {year} they lie on the line from {first} to {last}"
        )),
        PeopleFrom::Year(_) | PeopleFrom::NoYear | PeopleFrom::Nowhere => None,
    });
    let told: Vec<String> = told.collect();
    if !told.is_empty() {
        out.push(Warning::new(
            WarningCode::PopulationYear,
            format!(
                "The {kind} are not of the same year everywhere: {}.",
                told.join(", ")
            ),
        ));
    }
    out
}

/// A warning for a period that touches the months in which the epidemic changed reporting.
pub(super) fn unusual(period: &Period) -> Option<Warning> {
    period.is_unusual().then(|| {
        Warning::new(
            WarningCode::UnusualPeriod,
            format!(
                "{} touches March 2020 to February 2022, when reports of youth nuisance rose \
                 with the measures against the epidemic. These are reports, not nuisance itself.",
                period.label
            ),
        )
    })
}
