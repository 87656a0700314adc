//! The people, dwellings or pupils a rate is about.

/// One number per neighbourhood: how many there are of a kind, in a year.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Exposure {
    /// The kind: `inhabitants`, `youths`, `dwellings`, or a word of the user's.
    pub kind: String,
    /// The year the numbers are of, where it is known.
    pub year: Option<i16>,
    /// The numbers in the order of the neighbourhoods; `None` where none is published.
    pub values: Vec<Option<f64>>,
}

impl Exposure {
    /// An exposure of a kind in a year.
    pub fn new(kind: impl Into<String>, year: Option<i16>, values: Vec<Option<f64>>) -> Self {
        Self {
            kind: kind.into(),
            year,
            values,
        }
    }

    /// The numbers as floats, NaN where none is published.
    #[must_use]
    pub fn as_floats(&self) -> Vec<f64> {
        self.values.iter().map(|v| v.unwrap_or(f64::NAN)).collect()
    }
}
