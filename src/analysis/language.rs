//! In which language results speak.

use crate::error::{Error, Result};

/// A language of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// Dutch.
    #[default]
    Dutch,
    /// English.
    English,
}

impl Language {
    /// The language with this ISO 639-1 code.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any code but `nl` and `en`.
    pub fn from_code(code: &str) -> Result<Self> {
        match code {
            "nl" => Ok(Self::Dutch),
            "en" => Ok(Self::English),
            other => Err(Error::parameter("language", other, "nl or en")),
        }
    }

    /// Its ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }
}
