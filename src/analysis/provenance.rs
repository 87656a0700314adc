//! From what a result was made.

use serde::Serialize;

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[non_exhaustive]
pub struct InputFile {
    /// The file's name without its folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rows or features in it.
    pub rows_in: u64,
    /// Of these, used.
    pub rows_used: u64,
    /// Of these, not used: rejected, or of another level or period of a table.
    pub rows_rejected: u64,
}

impl InputFile {
    /// The account of one file.
    #[must_use]
    pub fn new(name: String, sha256: String, rows_in: u64, rows_rejected: u64) -> Self {
        Self {
            name,
            sha256,
            rows_in,
            rows_used: rows_in - rows_rejected,
            rows_rejected,
        }
    }
}

/// Everything needed to make the result again: no clock, no machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[non_exhaustive]
pub struct Provenance {
    /// Version of this crate.
    pub version: String,
    /// Parameters by name, as used (after `auto` was resolved).
    pub parameters: Vec<(String, String)>,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Incidents handed in: rows of the input.
    pub rows_in: u64,
    /// Incidents handed in: kept out on reading.
    pub rows_rejected: u64,
    /// Incidents that belong to the theme and the period.
    pub rows_selected: u64,
    /// Of these, in no neighbourhood.
    pub rows_outside: u64,
    /// The files, where the input came from files.
    pub inputs: Vec<InputFile>,
}

impl Provenance {
    /// An empty account.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            parameters: Vec::new(),
            seed,
            rows_in: 0,
            rows_rejected: 0,
            rows_selected: 0,
            rows_outside: 0,
            inputs: Vec::new(),
        }
    }

    /// Adds a parameter.
    pub(super) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.parameters.push((name.to_owned(), value.into()));
    }
}
