//! Random rounding that is the same for the same cell.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::key::CellKey;
use super::table::CountTable;

/// A count rounded to a multiple of the base below or above: up with probability (count mod
/// base)/base, so that the expected value is the count. What is drawn follows from the secret and
/// the cell alone.
pub(super) fn rounded(count: i64, base: i64, secret: &str, key: &CellKey) -> i64 {
    let over = count.rem_euclid(base);
    if over == 0 {
        return count;
    }
    let digest = digest(&[secret.as_bytes(), key.to_string().as_bytes()]);
    let draw = digest
        .iter()
        .take(8)
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    // Compared without division: draw / 2^64 < over / base.
    let up = u128::from(draw) * (base as u128) < (over as u128) << 64;
    count - over + if up { base } else { 0 }
}

/// What a published value says of the count, from and up to, given the base and the least count that
/// is published.
///
/// ```
/// use brandpunt::publish::published_bounds;
///
/// assert_eq!(published_bounds(15, 5, 5), (11, 19));
/// assert_eq!(published_bounds(5, 5, 5), (5, 9));
/// assert_eq!(published_bounds(0, 5, 5), (0, 0));
/// ```
#[must_use]
pub fn behind(published: i64, base: i64, minimum: i64) -> (i64, i64) {
    let slack = base - 1;
    if published == 0 {
        // Where counts below the base are published, one of them may have been rounded down.
        return (0, if minimum >= base { 0 } else { slack });
    }
    ((published - slack).max(minimum).max(1), published + slack)
}

/// A secret that only those know who know the whole table.
pub(super) fn secret_of(table: &CountTable) -> String {
    let mut text = String::new();
    for (cell, (key, count)) in table.keys().iter().zip(table.counts()).enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{key} {count} {:?}", table.by_address(cell));
    }
    hex(&digest(&[text.as_bytes()]))
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        // Lengths keep the parts apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
