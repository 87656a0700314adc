//! How a command ends when it does not end well.

use crate::error::Error;

/// An exit status with the error that led to it.
#[derive(Debug)]
pub(super) struct Stop {
    /// What the user has not been told yet.
    pub(super) error: Option<Error>,
    pub(super) status: i32,
}

impl Stop {
    /// The input or the arguments are at fault, whatever the kind of the error.
    pub(super) fn bad(error: Error) -> Self {
        let status = match error {
            Error::Cancelled | Error::Internal { .. } => 1,
            _ => 2,
        };
        Self {
            error: Some(error),
            status,
        }
    }

    /// The user knows why.
    pub(super) fn told(status: i32) -> Self {
        Self {
            error: None,
            status,
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            // Outside reading, a file is one that is written.
            Error::File { .. } => Self {
                error: Some(error),
                status: 1,
            },
            other => Self::bad(other),
        }
    }
}
