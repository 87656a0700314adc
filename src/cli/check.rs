//! `brandpunt check`: what would be read.

use std::fmt::Write as _;

use super::arguments::Check;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::error::{Result as Checked, quoted};
use crate::index::topology_warnings;
use crate::io::{self, FileKind};
use crate::parallel::Workers;
use crate::weights::Weights;

/// Shows the report on each file; the status is 2 when one of them cannot be used.
pub(super) fn run(options: &Check, terminal: &mut Terminal) -> Result<(), Stop> {
    let workers = terminal.workers(0)?;
    let mut first_error = None;
    for path in &options.files {
        let report = io::check_allowing(path, &options.allow_columns);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(text, "{report}");
        if report.kind == FileKind::Neighbourhoods && report.error.is_none() {
            text.push_str(&fit(path, &workers)?);
        }
        text.push('\n');
        terminal.say(&text)?;
        if let Some(error) = report.error {
            first_error.get_or_insert((report.path, error));
        }
    }
    match first_error {
        None => Ok(()),
        Some((path, error)) => {
            terminal.remark(&format!("error: {path}: {}", error.message));
            Err(Stop::told(2))
        }
    }
}

/// How the areas of a file fit together: overlaps, gaps, and areas without neighbours.
fn fit(path: &std::path::Path, workers: &Workers) -> Checked<String> {
    let areas = io::read_neighbourhoods(path)?;
    let mut text = String::new();
    for warning in topology_warnings(&areas, workers)? {
        let _ = writeln!(text, "  warning {}: {}", warning.code, warning.message);
    }
    let weights = Weights::queen(&areas)?;
    let islands: Vec<String> = weights
        .islands()
        .iter()
        .map(|&i| quoted(&areas.codes()[i]))
        .collect();
    let _ = writeln!(
        text,
        "  borders: {} shared, {} areas without a neighbour{}",
        weights.pairs() / 2,
        islands.len(),
        if islands.is_empty() {
            String::new()
        } else {
            format!(" ({})", islands.join(", "))
        }
    );
    Ok(text)
}
