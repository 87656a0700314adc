//! What kind of report an incident is.

use std::collections::HashMap;

use crate::error::{Error, Fault, Result};

/// A column of category labels, each label stored once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Categories {
    labels: Vec<String>,
    code: Vec<u32>,
    #[cfg_attr(feature = "serde", serde(serialize_with = "in_order"))]
    known: HashMap<String, u32>,
}

/// Writes a map in the order of its keys, so that equal columns give equal bytes.
#[cfg(feature = "serde")]
fn in_order<S: serde::Serializer>(
    known: &HashMap<String, u32>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let sorted: std::collections::BTreeMap<_, _> = known.iter().collect();
    serde::Serialize::serialize(&sorted, serializer)
}

impl Categories {
    /// Adds the label of the next incident; an empty label means unknown.
    pub fn push(&mut self, label: &str) {
        let code = if let Some(&code) = self.known.get(label) {
            code
        } else {
            let code = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
            self.labels.push(label.to_owned());
            self.known.insert(label.to_owned(), code);
            code
        };
        self.code.push(code);
    }

    /// Adds the labels of the incidents of another column.
    pub fn append(&mut self, other: &Self) {
        self.code.reserve(other.len());
        let mut meets: Vec<Option<u32>> = vec![None; other.labels.len()];
        for &code in &other.code {
            if let Some(known) = meets[code as usize] {
                self.code.push(known);
            } else {
                self.push(&other.labels[code as usize]);
                meets[code as usize] = self.code.last().copied();
            }
        }
    }

    /// A column from the labels that occur and the number of each incident's own; `None` for
    /// unknown.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] for a number beyond the labels.
    pub fn coded(labels: &[String], codes: impl Iterator<Item = Option<u32>>) -> Result<Self> {
        let mut out = Self::default();
        let mut meets: Vec<Option<u32>> = vec![None; labels.len() + 1];
        for code in codes {
            let at = code.map_or(labels.len(), |c| c as usize);
            if at >= meets.len() || (code.is_some() && at == labels.len()) {
                return Err(Error::input(
                    Fault::LengthMismatch,
                    format!("label {at} (from 0) of {}", labels.len()),
                ));
            }
            if let Some(known) = meets[at] {
                out.code.push(known);
            } else {
                out.push(labels.get(at).map_or("", String::as_str));
                meets[at] = out.code.last().copied();
            }
        }
        Ok(out)
    }

    /// How many incidents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.code.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    /// The distinct labels in order of first appearance.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// For each incident the position of its label in [`labels`](Self::labels).
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.code
    }

    /// The label of one incident.
    ///
    /// # Panics
    /// When `index >= len()`.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        &self.labels[self.code[index] as usize]
    }

    /// The labels of the incidents at the given positions.
    #[must_use]
    pub fn take(&self, indices: &[u32]) -> Self {
        let mut out = Self::default();
        for &i in indices {
            out.push(self.get(i as usize));
        }
        out
    }
}

impl<'a> FromIterator<&'a str> for Categories {
    fn from_iter<I: IntoIterator<Item = &'a str>>(labels: I) -> Self {
        let mut out = Self::default();
        for label in labels {
            out.push(label);
        }
        out
    }
}
