//! What the user gets to see: files and a ranked table.

use std::fmt::Write as _;
use std::path::Path;

use super::arguments::Publishing;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::{HotspotResult, Language, Published};
use crate::parallel::Workers;
use crate::publish::Disclosure;
use crate::report;

/// Neighbourhoods in the table of a theme.
const ROWS: usize = 10;

/// Protects the results, writes all files to a folder, and shows a table per theme and where the
/// report is. What is shown is what is written.
pub(super) fn present(
    results: &[HotspotResult],
    publishing: &Publishing,
    folder: &Path,
    language: Language,
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    workers.job().report("report", 0.95);
    workers.job().check()?;
    let rules = Disclosure::named(&publishing.disclosure).map_err(Stop::bad)?;
    let mut ledger = publishing.releases().map_err(Stop::bad)?;
    let results = Published::all(results, &rules, &mut ledger, workers)?;
    report::write_all(folder, &results, language)?;
    let mut text = String::new();
    for result in &results {
        text.push_str(&report::terminal_table(
            result.result(),
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
    text.push_str(&told(&rules, &results, language));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{label}: {}", shown.display());
    Ok(terminal.say(&text)?)
}

/// What was withheld, in one line.
fn told(rules: &Disclosure, results: &[Published], language: Language) -> String {
    let (minimum, base) = rules.figures();
    let withheld: Vec<String> = results
        .iter()
        .filter_map(|r| r.result().protection.as_ref())
        .map(|p| p.withheld().to_string())
        .collect();
    let name = rules.name();
    match (rules.is_internal(), language) {
        (true, Language::Dutch) => "Intern: niets is beschermd; niet publiceren.\n".to_owned(),
        (true, Language::English) => "Internal: nothing is protected; do not publish.\n".to_owned(),
        (false, Language::Dutch) => format!(
            "Beschermd volgens {name}: aantallen onder {minimum} niet getoond ({} buurten), de rest in \
             veelvouden van {base}.\n",
            withheld.join(", ")
        ),
        (false, Language::English) => format!(
            "Protected by {name}: counts below {minimum} not shown ({} neighbourhoods), the others in \
             multiples of {base}.\n",
            withheld.join(", ")
        ),
    }
}
