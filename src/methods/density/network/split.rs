//! What happens to a kernel at a node?

use crate::error::{Error, Result};

/// How a kernel passes a node where d streets meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Split {
    /// Each of the other streets gets 1/(d − 1) of it; nothing turns back. The density may jump at
    /// nodes, and what reaches a dead end is lost.
    #[default]
    Discontinuous,
    /// Each of the other streets gets 2/d of it and (2 − d)/d turns back, so the density does not
    /// jump and a dead end sends everything back. Slower.
    Continuous,
}

impl Split {
    /// The split of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        [Self::Discontinuous, Self::Continuous]
            .into_iter()
            .find(|split| split.name() == name)
            .ok_or_else(|| Error::parameter("split", name, "discontinuous or continuous"))
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discontinuous => "discontinuous",
            Self::Continuous => "continuous",
        }
    }
}
