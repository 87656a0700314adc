//! Rows in are rows used plus rows kept out.

use crate::error::{Error, Result};
use crate::model::{RejectReason, Rejections};

/// The rows of a table, and those of them that were kept out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Account {
    pub(super) rows_in: u64,
    pub(super) rejected: Rejections,
}

impl Account {
    /// Keeps a row out, with what is wrong with it.
    pub(super) fn reject(&mut self, row: usize, reason: RejectReason, value: &str) {
        self.rejected.push(row as u64, reason, value);
    }

    /// The account of a table of which so many rows were used.
    ///
    /// # Errors
    /// [`Error::Internal`] when a row was lost on the way, or told twice.
    pub(super) fn balanced(self, used: usize) -> Result<Self> {
        let kept_out = self.rejected.len();
        if used as u64 + kept_out == self.rows_in {
            return Ok(self);
        }
        Err(Error::internal(format!(
            "of {} rows {used} were used and {kept_out} kept out",
            self.rows_in
        )))
    }

    /// Refuses a table of which every row is needed and one was kept out.
    ///
    /// # Errors
    /// [`Fault::RejectedRow`](crate::Fault::RejectedRow) with the first of them.
    pub(super) fn whole(&self) -> Result<()> {
        match self.rejected.listed().first() {
            Some(first) => Err(first.as_error()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;

    #[test]
    fn a_lost_row_is_found_out() {
        let mut account = Account {
            rows_in: 3,
            ..Account::default()
        };
        assert!(account.whole().is_ok());
        account.reject(2, RejectReason::WrongFieldCount, "1 fields");
        assert_eq!(account.clone().balanced(2).unwrap(), account);
        for used in [1, 3] {
            let error = account.clone().balanced(used).unwrap_err();
            assert!(matches!(error, Error::Internal { .. }), "{error}");
        }
        assert_eq!(
            account.whole().unwrap_err().fault(),
            Some(Fault::RejectedRow)
        );
    }
}
