//! `brandpunt check`: what would be read.

use std::fmt::Write as _;

use super::arguments::Check;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::io;

/// Shows the report on each file; the status is 2 when one of them cannot be used.
pub(super) fn run(options: &Check, terminal: &mut Terminal) -> Result<(), Stop> {
    let mut first_error = None;
    for path in &options.files {
        let report = io::check(path);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{report}");
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
