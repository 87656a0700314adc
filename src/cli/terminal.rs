//! What the command says, and how it is interrupted.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::{Error, Result};
use crate::job::Job;
use crate::parallel::Workers;

/// Steps of the progress bar.
const STEPS: u64 = 1_000;

/// The job that Ctrl-C stops.
static RUNNING: Mutex<Option<Job>> = Mutex::new(None);
static HANDLER: Once = Once::new();

/// Standard output and standard error.
#[derive(Debug)]
pub(super) struct Terminal {
    bar: ProgressBar,
}

impl Terminal {
    pub(super) fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(STEPS)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{msg:16} {bar:40} {percent:>3} %") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Threads for a job that shows its progress and that Ctrl-C stops.
    pub(super) fn workers(&self, threads: usize) -> Result<Workers> {
        let bar = self.bar.clone();
        let job = Job::new().on_progress(move |progress| {
            bar.set_message(progress.stage.to_owned());
            bar.set_position((progress.done * STEPS as f64) as u64);
        });
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(job.clone());
        HANDLER.call_once(|| {
            // Without a handler Ctrl-C ends the process at once; files are renamed into place
            // when they are whole, so even then none is partial.
            let _ = ctrlc::set_handler(|| {
                let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(job) = running.as_ref() {
                    job.stop();
                }
            });
        });
        Workers::for_job(threads, job)
    }

    /// How many columns a line may have.
    pub(super) fn width() -> usize {
        const USUAL: usize = 100;
        if std::io::stdout().is_terminal() {
            console::Term::stdout()
                .size_checked()
                .map_or(USUAL, |(_, columns)| usize::from(columns))
        } else {
            USUAL
        }
    }

    /// Writes text to standard output.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        self.bar.finish_and_clear();
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|e| Error::file(Path::new("standard output"), e))
    }

    /// Writes one message about an error to standard error.
    pub(super) fn error(&mut self, error: &Error) {
        self.bar.finish_and_clear();
        // There is nowhere left to complain when standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "error: {error}");
    }

    /// Writes a remark to standard error, which leaves standard output to the result.
    pub(super) fn remark(&mut self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        });
    }
}
