//! The tables that `rates` reads: counts, and people from the same table or another one.

use super::arguments::Rates as Options;
use crate::error::Result;
use crate::io::{Population, PopulationReader};

/// The columns in the order in which `rates` takes them.
const KINDS: [&str; 4] = [
    "count",
    "population",
    "baseline count",
    "baseline population",
];

/// Reads counts and people per area, with names and groups where they are asked for.
pub(super) fn read(options: &Options) -> Result<Population> {
    let mut counts = PopulationReader::new()
        .parts_only(options.parts_only)
        .exposure(KINDS[0], None, &options.count);
    if let Some(column) = &options.baseline_count {
        counts = counts.exposure(KINDS[2], None, column);
    }
    if let Some(column) = &options.code {
        counts = counts.code(column);
    }
    if let Some(column) = &options.name {
        counts = counts.name(column);
    }
    if let Some(column) = &options.group {
        counts = counts.label(column);
    }
    let table = match &options.population_table {
        None => people(counts, options).read(&options.table)?,
        Some(path) => {
            let mut reader = people(PopulationReader::new(), options);
            if let Some(column) = &options.population_code {
                reader = reader.code(column);
            }
            counts.read(&options.table)?.beside(&reader.read(path)?)?
        }
    };
    Ok(table.in_order_of(&KINDS))
}

fn people(mut reader: PopulationReader, options: &Options) -> PopulationReader {
    reader = reader.exposure(KINDS[1], None, &options.population);
    if options.baseline_count.is_some() {
        let then = options.baseline_population.as_ref();
        reader = reader.exposure(KINDS[3], None, then.unwrap_or(&options.population));
    }
    reader
}
