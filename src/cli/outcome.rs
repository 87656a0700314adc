//! What the user gets to see: files and a ranked table.

use std::fmt::Write as _;
use std::path::Path;

use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{HotspotResult, Language};
use crate::parallel::Workers;
use crate::report;

/// Neighbourhoods in the table of a theme.
const ROWS: usize = 10;

/// Writes all files of the results to a folder, and shows a table per theme and where the report
/// is.
pub(super) fn present(
    results: &[HotspotResult],
    folder: &Path,
    language: Language,
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    workers.job().report("report", 0.95);
    workers.job().check()?;
    report::write_all(folder, results, language)?;
    let mut text = String::new();
    for result in results {
        text.push_str(&report::terminal_table(
            result,
            ROWS,
            Terminal::width(),
            language,
        ));
        text.push('\n');
    }
    let path = folder.join("report.html");
    let shown = path.canonicalize().unwrap_or(path);
    let label = match language {
        Language::Dutch => "Rapport",
        Language::English => "Report",
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{label}: {}", shown.display());
    Ok(terminal.say(&text)?)
}
