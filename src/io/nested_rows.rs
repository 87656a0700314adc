//! Rows that sum up the rows below them, in a table without codes that tell levels apart.

use super::numbers::{Number, parse as parse_number};
use crate::error::{Error, Fault, Result};

/// Columns of numbers that must agree. With fewer, a row may be the sum of others by chance.
const LEAST_COLUMNS: usize = 3;

/// Share of a sum that may lie in none of its parts, such as reports without a neighbourhood.
const UNPLACED: f64 = 0.01;

/// Rows from one on that belong together, with what they add up to.
struct Block {
    name: usize,
    values: Vec<f64>,
}

/// Positions of rows that sum up the rows below them, ascending.
///
/// A row sums up two or more blocks that follow it, each a row or a sum with its parts, when these
/// add up to it in every column of numbers, or to at most 1 % less in all columns together. One row
/// of the same name and numbers is a sum too: a district that is one neighbourhood.
///
/// # Errors
/// [`Fault::MissingColumn`] for fewer than three columns of whole numbers beside that of names.
pub(super) fn sums(rows: &[&[String]], name: usize, mark: u8) -> Result<Vec<usize>> {
    let width = rows.first().map_or(0, |row| row.len());
    let number = |text: &String| match parse_number(text.as_bytes(), mark) {
        Number::Value(v) if v >= 0.0 && v.fract() == 0.0 => Some(v),
        _ => None,
    };
    let counts: Vec<usize> = (0..width)
        .filter(|at| *at != name && rows.iter().all(|row| number(&row[*at]).is_some()))
        .collect();
    if counts.len() < LEAST_COLUMNS {
        return Err(Error::input(
            Fault::MissingColumn,
            format!(
                "the table has {} columns of whole numbers in every row; at least {LEAST_COLUMNS} \
                 are needed to tell sums from parts",
                counts.len()
            ),
        ));
    }
    let mut out = Vec::new();
    // From the last row up; the block that comes next in the table is the last one here.
    let mut below: Vec<Block> = Vec::new();
    for (at, row) in rows.iter().enumerate().rev() {
        let values: Vec<f64> = counts.iter().filter_map(|c| number(&row[*c])).collect();
        let parts = parts_of(&values, &below, |block| rows[block.name][name] == row[name]);
        if parts > 0 {
            out.push(at);
            below.truncate(below.len() - parts);
        }
        below.push(Block { name: at, values });
    }
    out.reverse();
    Ok(out)
}

/// How many of the next blocks a row sums up; 0 for a row that is a part.
fn parts_of(values: &[f64], below: &[Block], same_name: impl Fn(&Block) -> bool) -> usize {
    let total: f64 = values.iter().sum();
    let mut sum = vec![0.0; values.len()];
    let mut found = 0;
    for (taken, block) in (1..).zip(below.iter().rev()) {
        for (sum, value) in sum.iter_mut().zip(&block.values) {
            *sum += value;
        }
        if sum.iter().zip(values).any(|(sum, value)| sum > value) {
            break;
        }
        let missing = total - sum.iter().sum::<f64>();
        let enough = taken > 1 || same_name(block) && missing == 0.0;
        if total > 0.0 && enough && missing <= UNPLACED * total {
            found = taken;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[(&str, [u32; 3])]) -> Vec<usize> {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|(name, values)| {
                let numbers = values.iter().map(ToString::to_string);
                std::iter::once((*name).to_owned()).chain(numbers).collect()
            })
            .collect();
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        sums(&rows, 0, b'.').unwrap()
    }

    #[test]
    fn two_levels_of_sums_are_found() {
        let rows = [
            ("City", [1001, 300, 41]),
            ("North", [600, 200, 30]),
            ("Quay", [350, 150, 10]),
            ("Park", [250, 50, 20]),
            ("South", [400, 100, 10]),
            ("South", [400, 100, 10]),
        ];
        assert_eq!(found(&rows), [0, 1, 4]);
    }

    #[test]
    fn a_row_that_only_looks_like_others_is_a_part() {
        assert!(found(&[("A", [4, 1, 2]), ("B", [4, 1, 2]), ("C", [1, 0, 1])]).is_empty());
        assert!(found(&[("A", [5, 1, 3]), ("B", [4, 2, 2]), ("C", [1, 0, 1])]).is_empty());
        assert!(found(&[("A", [0, 0, 0]), ("A", [0, 0, 0]), ("B", [0, 0, 0])]).is_empty());
        // Rows of nothing go with the sum before them.
        assert_eq!(
            found(&[
                ("A", [5, 2, 3]),
                ("B", [4, 2, 2]),
                ("C", [1, 0, 1]),
                ("D", [0, 0, 0])
            ]),
            [0]
        );
    }

    #[test]
    fn too_few_columns_are_refused() {
        let row = ["A".to_owned(), "1".to_owned(), "2".to_owned()];
        let error = sums(&[&row], 0, b'.').unwrap_err();
        assert_eq!(error.fault(), Some(Fault::MissingColumn));
    }
}
