//! Who a report came from.

use super::category::Categories;
use crate::error::coded;

coded! {
    /// Whether residents reported, the police found it, or it came another way.
    ///
    /// What the police find depends on where they look, so a map of reports of residents alone
    /// belongs beside one of everything.
    ReportSource {
        /// Residents and visitors: by form, telephone, e-mail or at the desk.
        Citizen = "citizen",
        /// The police, on duty or on patrol.
        Police = "police",
        /// Anyone and anything else: other services, wardens, sensors.
        Other = "other",
    }
}

/// Parts of words for the police, looked for first: `telefoon politie` is no report of a resident.
const POLICE: &[&str] = &[
    "politie",
    "police",
    "wijkagent",
    "surveillance",
    "patrouille",
    "patrol",
];

/// Parts of words for residents and the ways by which they report.
const CITIZEN: &[&str] = &[
    "citizen",
    "resident",
    "burger",
    "bewoner",
    "inwoner",
    "melder",
    "online",
    "internet",
    "website",
    "formulier",
    "app",
    "telefo",
    "phone",
    "e-mail",
    "email",
    "brief",
    "balie",
    "post",
    "14 0",
    "anoniem",
    "social media",
];

impl ReportSource {
    /// The kind of a label as registers write it (`online`, `Telefoon – Stadsloket`,
    /// `wijkagent`); `None` for an empty one.
    ///
    /// ```
    /// use brandpunt::ReportSource;
    ///
    /// assert_eq!(ReportSource::of("Telefoon - Stadsloket"), Some(ReportSource::Citizen));
    /// assert_eq!(ReportSource::of("Politie Flevoland"), Some(ReportSource::Police));
    /// assert_eq!(ReportSource::of("Automatische signalering"), Some(ReportSource::Other));
    /// assert_eq!(ReportSource::of(" "), None);
    /// ```
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        let label = label.trim().to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| label.contains(part));
        if label.is_empty() {
            None
        } else if has(POLICE) {
            Some(Self::Police)
        } else if has(CITIZEN) {
            Some(Self::Citizen)
        } else {
            Some(Self::Other)
        }
    }
}

/// For each incident whether it came from a source: a label as it stands, or the kind of one.
pub(super) fn came_from(sources: &Categories, source: &str) -> Vec<bool> {
    let kind = ReportSource::from_code(source);
    let from: Vec<bool> = sources
        .labels()
        .iter()
        .map(|label| label == source || kind.is_some() && ReportSource::of(label) == kind)
        .collect();
    sources
        .codes()
        .iter()
        .map(|&code| from[code as usize])
        .collect()
}
