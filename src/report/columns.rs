//! The columns of a result, as they are written to files.

use super::withheld;
use crate::analysis::{HotspotResult, Language, NeighbourhoodTable, Published};
use crate::error::Result;
use crate::io::{Column, Table};

/// The neighbourhoods of a result as named columns, in the order of the contract: `code name count
/// population rate rate_low rate_high rate_smoothed baseline_rate change change_low change_high
/// change_q density_mean density_peak gi_z gi_p gi_q hotspot_class emerging_category rank reason`,
/// then `rate_ratio rate_p rate_q`. Rows are in input order; NaN stands for a number that is not
/// defined; `reason` is in the given language. Where it was asked for, `stability` is the share of
/// resampled sets of reports in which an area is a hotspot. A protected result has six more: `count_state`
/// (`published` or `withheld`), `count_low` and `count_high`, between which the count lies as far as
/// anyone can tell, and as 1 or 0 `hot_lower` (a hotspot whatever the withheld counts are), `hot_upper`
/// (possibly one) and `robust` (both are the same); where it is withheld, `count` is empty.
///
/// # Errors
/// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch) when a column of the result does not
/// have one value per neighbourhood.
pub fn columns(result: &Published, language: Language) -> Result<Table> {
    stacked(&[result.result()], language, false)
}

/// The neighbourhoods of several results below each other, with a leading column `theme`.
pub(super) fn with_theme(results: &[Published], language: Language) -> Result<Table> {
    let results: Vec<&HotspotResult> = results.iter().map(Published::result).collect();
    stacked(&results, language, true)
}

fn stacked(results: &[&HotspotResult], language: Language, theme: bool) -> Result<Table> {
    let mut table = Table::new();
    if theme {
        let names = results
            .iter()
            .flat_map(|r| std::iter::repeat_n(r.theme.name().to_owned(), r.neighbourhoods.len()));
        table = table.with("theme", Column::Text(names.collect()))?;
    }
    let tables = || results.iter().map(|r| &r.neighbourhoods);
    table = table
        .with_text("code", tables().flat_map(|t| t.code.clone()).collect())?
        .with_text("name", tables().flat_map(|t| t.name.clone()).collect())?
        .with("count", withheld::counts(results))?;
    // The comparison with the rest of the city came after the contract and stands behind it.
    let late = |name: &str| matches!(name, "rate_ratio" | "rate_p" | "rate_q");
    for behind in [false, true] {
        let names: Vec<&'static str> = tables()
            .next()
            .into_iter()
            .flat_map(|t| t.float_columns().map(|(name, _)| name))
            .filter(|name| late(name) == behind)
            .collect();
        for name in names {
            let values = tables()
                .flat_map(NeighbourhoodTable::float_columns)
                .filter(|(own, _)| *own == name)
                .flat_map(|(_, values)| values.iter().copied());
            table = table.with_float(name, values.collect())?;
        }
        if !behind {
            table = words(table, results, language)?;
        }
    }
    let stability: Option<Vec<_>> = results.iter().map(|r| r.stability.as_ref()).collect();
    if let Some(all) = stability {
        let shares = all.iter().flat_map(|s| s.resampled.share.iter().copied());
        table = table.with_float("stability", shares.collect())?;
    }
    withheld::columns(table, results)
}

fn words(table: Table, results: &[&HotspotResult], language: Language) -> Result<Table> {
    let tables = || results.iter().map(|r| &r.neighbourhoods);
    table
        .with_integer(
            "hotspot_class",
            tables()
                .flat_map(|t| t.hotspot_class.iter().map(|c| i64::from(*c)))
                .collect(),
        )?
        .with_optional_text(
            "emerging_category",
            tables().flat_map(|t| t.emerging_category.clone()).collect(),
        )?
        .with_integer(
            "rank",
            tables()
                .flat_map(|t| t.rank.iter().map(|r| i64::from(*r)))
                .collect(),
        )?
        .with_text(
            "reason",
            tables().flat_map(|t| t.reasons_in(language)).collect(),
        )
}
