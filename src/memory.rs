//! What settings ask for in memory and work, refused before any of it is taken.
//!
//! The size of what is read is bounded by the files; what a setting multiplies (cells, steps,
//! pairs, windows, replicates) is not, so whoever makes such a table asks here first.

use crate::error::{Error, Result};

/// Bytes that a table made from settings may take where the caller sets no limit: 4 GiB.
pub(crate) const MOST_BYTES: u128 = 4 << 30;

/// Simulated maps, orders or samples that a method takes at most.
pub(crate) const MOST_REPLICATES: usize = 10_000_000;

/// Refuses what would take more than the limit, with the remedy.
pub(crate) fn afford(
    what: &'static str,
    needed: u128,
    limit: u128,
    remedy: impl FnOnce() -> String,
) -> Result<()> {
    if needed <= limit {
        return Ok(());
    }
    Err(Error::too_large(what, needed, limit, remedy()))
}

/// Refuses fewer replicates than `least` and more than [`MOST_REPLICATES`]; `name` is the option.
pub(crate) fn afford_replicates(name: &'static str, replicates: usize, least: usize) -> Result<()> {
    if (least..=MOST_REPLICATES).contains(&replicates) {
        return Ok(());
    }
    let expected = format!("from {least} to {MOST_REPLICATES}");
    Err(Error::parameter(name, replicates, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed_and_more_is_told_with_the_remedy() {
        assert!(afford("a table", 8, 8, String::new).is_ok());
        let error = afford("a table", 9, 8, || "take fewer rows".to_owned()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a table needs 9 bytes, more than the limit of 8; take fewer rows"
        );
        assert!(afford_replicates("permutations", 0, 0).is_ok());
        let error = afford_replicates("permutations", 0, 1).unwrap_err();
        assert!(error.to_string().contains("from 1 to 10000000"), "{error}");
        assert!(afford_replicates("permutations", usize::MAX, 0).is_err());
    }
}
