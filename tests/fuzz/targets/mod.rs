//! What is fed with bytes of chance. A target panics when a promise is broken and says nothing
//! otherwise; the fuzzer calls it, and so does the test that replays what was found.

mod batches;
mod csv;
mod density;
mod disclosure;
mod geojson;
mod geometry;
mod geopackage;
mod locate;
mod parameters;
mod signalen;
mod tables;
mod weights;

use brandpunt::{Detected, Error, Incidents, Neighbourhoods, Warning};

/// Something to feed.
pub type Target = fn(&[u8]);

/// All targets by name, which is that of their folder of seeds.
pub const TARGETS: [(&str, Target); 12] = [
    ("batches", batches::feed),
    ("csv", csv::feed),
    ("density", density::feed),
    ("disclosure", disclosure::feed),
    ("geojson", geojson::feed),
    ("geometry", geometry::feed),
    ("geopackage", geopackage::feed),
    ("locate", locate::feed),
    ("parameters", parameters::feed),
    ("signalen", signalen::feed),
    ("tables", tables::feed),
    ("weights", weights::feed),
];

/// 2026-01-01: what is read does not depend on the clock.
const NOW: i64 = 1_767_225_600;

/// An error is one of the input, short, and safe to print.
fn check_error(error: &Error) {
    let text = error.to_string();
    assert!(!matches!(error, Error::Internal { .. }), "{text}");
    assert!(
        text.chars().count() <= 300,
        "{} characters: {text}",
        text.len()
    );
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// The result, or nothing after a look at the error.
fn checked<T>(result: brandpunt::Result<T>) -> Option<T> {
    result.map_err(|error| check_error(&error)).ok()
}

/// What is told beside a result is short and safe to print too.
fn check_notes(detected: &[Detected], warnings: &[Warning]) {
    let told = detected.iter().map(ToString::to_string);
    for text in told.chain(warnings.iter().map(|w| w.message.clone())) {
        assert!(text.chars().count() <= 700, "{text}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}

/// Whoever holds incidents need not check them again.
fn check_incidents(incidents: &Incidents) {
    check_notes(incidents.detected(), incidents.warnings());
    let rejected = incidents.rejected();
    assert_eq!(incidents.rows_in(), incidents.len() as u64 + rejected.len());
    for row in rejected.listed() {
        assert!(row.row <= incidents.rows_in());
        assert!(row.detail.chars().count() <= 300 && !row.detail.chars().any(char::is_control));
    }
    let columns = [
        Some(incidents.y().len()),
        Some(incidents.rows().len()),
        incidents.times().map(brandpunt::Times::len),
        incidents.categories().map(brandpunt::Categories::len),
        incidents.weights().map(<[f64]>::len),
        incidents.ids().map(brandpunt::TextColumn::len),
    ];
    assert!(
        columns
            .iter()
            .flatten()
            .all(|length| *length == incidents.len())
    );
    assert!(incidents.rows().is_sorted());
    let range = incidents.crs().bounds();
    for (&x, &y) in incidents.x().iter().zip(incidents.y()) {
        assert!(x.abs() <= Incidents::FARTHEST && y.abs() <= Incidents::FARTHEST);
        assert!(range.is_none_or(|range| range.contains(x, y)));
    }
}

/// Whoever holds areas need not check them again.
fn check_areas(areas: &Neighbourhoods) {
    let mut codes = areas.codes().to_vec();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), areas.len());
    let again = Neighbourhoods::new(
        areas.codes().to_vec(),
        areas.names().to_vec(),
        areas.shapes().to_vec(),
        areas.crs(),
    );
    again.expect("valid areas stay valid");
    for exposure in areas.exposures() {
        assert_eq!(exposure.values.len(), areas.len());
        assert!(
            exposure
                .values
                .iter()
                .flatten()
                .all(|v| v.is_finite() && *v >= 0.0)
        );
    }
}
