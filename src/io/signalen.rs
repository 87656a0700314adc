//! Reports from Signalen, the register of several Dutch municipalities, as its service gives them.
//!
//! Only what is asked for is read: number, moment, category, source, state and place. The text of a
//! report, the answers to extra questions and the reporter are passed over by the parser and never
//! held.

use std::borrow::Cow;

use serde::Deserialize;

use super::feature::{Feature, Scalar, Sink, Stated};
use super::shape::Shape;
use crate::error::{Error, Fault, Result, quoted};

/// How much of a text is looked at.
const START: usize = 1 << 16;

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "_links", default)]
    links: Option<Links>,
    results: Vec<Signal>,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    href: Option<String>,
}

#[derive(Deserialize)]
struct Signal {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    id_display: Option<String>,
    #[serde(default)]
    created_at: Option<String>,
    #[serde(default)]
    category: Option<Category>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Category {
    #[serde(default)]
    sub_slug: Option<String>,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    main_slug: Option<String>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    state: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default)]
    geometrie: Option<Point>,
}

#[derive(Deserialize)]
struct Point {
    coordinates: (f64, f64),
}

/// Whether a JSON text is a page of reports.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(START)).unwrap_or_default();
    let has = |name: &[u8]| memchr::memmem::find(start, name).is_some();
    has(b"\"geometrie\"") && has(b"\"created_at\"") && !has(b"\"FeatureCollection\"")
}

/// Hands every report to `sink` as a feature; places are longitude and latitude.
pub(super) fn stream(bytes: &[u8], sink: Sink<'_>) -> Result<Stated> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let invalid = |error: serde_json::Error| {
        let fault = if error.is_eof() {
            Fault::TruncatedJson
        } else {
            Fault::InvalidJson
        };
        Error::input(
            fault,
            format!(
                "line {}, column {}: no reports of Signalen ({})",
                error.line(),
                error.column(),
                quoted(&error.to_string())
            ),
        )
    };
    let signals = if bytes.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(bytes).map_err(invalid)?
    } else {
        let page: Page = serde_json::from_slice(bytes).map_err(invalid)?;
        if let Some(next) = page.links.and_then(|l| l.next).and_then(|n| n.href) {
            return Err(Error::input(
                Fault::PartOfATable,
                format!(
                    "the answer holds {} reports and says where the next page is (`{}`); put the \
                     `results` of all pages into one array first",
                    page.results.len(),
                    quoted(&next)
                ),
            ));
        }
        page.results
    };
    for signal in &signals {
        sink(&signal.feature())?;
    }
    Ok(Stated::Default)
}

impl Signal {
    fn feature(&self) -> Feature<'_> {
        let text = |value: Option<&str>| match value {
            Some(text) => Scalar::Text(Cow::Owned(text.to_owned())),
            None => Scalar::Null,
        };
        let id = match (&self.id_display, self.id) {
            (Some(shown), _) => text(Some(shown)),
            (None, Some(number)) => Scalar::Unsigned(number),
            (None, None) => Scalar::Null,
        };
        let category = self.category.as_ref().and_then(|c| {
            let own = c.sub_slug.as_ref().or(c.slug.as_ref());
            own.or(c.main_slug.as_ref()).map(String::as_str)
        });
        let state = self.status.as_ref().and_then(|s| s.state.as_deref());
        let place = self.location.as_ref().and_then(|l| l.geometrie.as_ref());
        Feature {
            id: None,
            properties: vec![
                ("id_display".into(), id),
                ("created_at".into(), text(self.created_at.as_deref())),
                ("category".into(), text(category)),
                ("source".into(), text(self.source.as_deref())),
                ("state".into(), text(state)),
            ],
            shape: place.map_or(Shape::Missing, |point| {
                Shape::Point(point.coordinates.0, point.coordinates.1)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Theme;
    use crate::io::IncidentReader;

    /// Two reports in the form of the service, with invented content.
    fn page(next: &str) -> String {
        format!(
            r#"{{"_links": {{"self": {{"href": "x"}}, "next": {{"href": {next}}}}}, "count": 2, "results": [
            {{"id": 7, "id_display": "SIG-7", "source": "Telefoon – CCA", "text": "tekst", "text_extra": "meer",
              "created_at": "2024-05-17T22:30:00+02:00", "status": {{"state": "m", "text": "x"}},
              "category": {{"sub": "Jongeren", "sub_slug": "jongerenoverlast", "main_slug": "overlast"}},
              "reporter": {{"email": "a@example.org", "phone": "0612345678"}},
              "extra_properties": [{{"id": "extra_personen_overig", "answer": "4 - 6"}}],
              "location": {{"buurt_code": "A01", "geometrie": {{"type": "Point", "coordinates": [5.2213, 52.3702]}}}}}},
            {{"id": 8, "id_display": "SIG-8", "created_at": "2024-05-18T01:10:00+02:00",
              "category": {{"sub_slug": "wildplassen-poepen-overgeven"}}, "location": {{"geometrie": null}}}}]}}"#
        )
    }

    #[test]
    fn reports_are_read_without_text_and_reporter() {
        let reader = IncidentReader::new()
            .max_rejected_share(1.0)
            .now(1_760_000_000);
        let found = reader.read_bytes(page("null").as_bytes()).unwrap();
        assert_eq!((found.len(), found.rows_in()), (1, 2));
        assert_eq!((found.x()[0], found.y()[0]), (5.2213, 52.3702));
        assert_eq!(found.ids().unwrap().get(0), "SIG-7");
        assert_eq!(found.times().unwrap().seconds()[0], 1_715_977_800);
        assert_eq!(Theme::youth_nuisance().positions(&found).unwrap(), [0]);
        assert_eq!(found.came_from("citizen").unwrap(), [true]);
        let shown = format!("{found:?}");
        for secret in ["tekst", "example.org", "0612345678", "4 - 6"] {
            assert!(!shown.contains(secret), "{secret}");
        }
    }

    #[test]
    fn a_page_of_several_is_refused() {
        let result = IncidentReader::new().read_bytes(page("\"https://x?page=2\"").as_bytes());
        assert_eq!(result.unwrap_err().fault(), Some(Fault::PartOfATable));
    }
}
