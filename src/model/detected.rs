//! What a reader found out by itself.

/// One thing that was not given but concluded from the data, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[non_exhaustive]
pub struct Detected {
    /// The thing: `delimiter`, `decimal`, `crs`, `column x`, …
    pub what: String,
    /// What was concluded.
    pub value: String,
    /// Why.
    pub evidence: String,
}

impl Detected {
    /// A conclusion with its reason.
    pub fn new(
        what: impl Into<String>,
        value: impl Into<String>,
        evidence: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            value: value.into(),
            evidence: evidence.into(),
        }
    }
}

impl std::fmt::Display for Detected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({})", self.what, self.value, self.evidence)
    }
}
