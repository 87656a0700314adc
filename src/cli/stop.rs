//! How a command ends when it does not end well.

use crate::error::Error;

/// An error with the exit status it leads to.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) error: Error,
    pub(super) status: i32,
}

impl Stop {
    /// The input or the arguments are at fault, whatever the kind of the error.
    pub(super) fn bad(error: Error) -> Self {
        let status = match error {
            Error::Cancelled | Error::Internal { .. } => 1,
            _ => 2,
        };
        Self { error, status }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            // Outside reading, a file is one that is written.
            Error::File { .. } => Self { error, status: 1 },
            other => Self::bad(other),
        }
    }
}
