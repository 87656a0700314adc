//! The one door for long calls.
//!
//! The work runs on a thread of its own with threads of its own, so a process that forked, or two
//! Python threads that call at once, never share a pool. The caller's thread gives up the
//! interpreter meanwhile and wakes every few milliseconds to look for Ctrl-C. A panic ends here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use brandpunt::{Error, Job, Result, Workers};
use pyo3::prelude::*;

use crate::error::{panicked, raised};

/// How long a Ctrl-C can go unseen.
const POLL: Duration = Duration::from_millis(40);

/// How a call wants to be run.
#[derive(Default)]
pub(crate) struct Call {
    /// Threads: `None`, 0 or -1 for one per core.
    pub(crate) n_jobs: Option<i64>,
    /// Called with the stage and the share of the whole that is done.
    pub(crate) progress: Option<Py<PyAny>>,
}

impl Call {
    /// A call on this many threads.
    pub(crate) fn on(n_jobs: Option<i64>) -> Self {
        Self {
            n_jobs,
            progress: None,
        }
    }

    fn threads(&self) -> Result<usize> {
        match self.n_jobs {
            None | Some(-1 | 0) => Ok(0),
            Some(n) if n > 0 => Ok(usize::try_from(n).unwrap_or(usize::MAX)),
            Some(n) => Err(Error::parameter(
                "n_jobs",
                n,
                "a positive number of threads; None or 0 for one per core",
            )),
        }
    }
}

enum Message {
    Progress(String, f64),
    Done,
}

/// Sends [`Message::Done`] when the work ends, in whatever way.
struct Bell(Sender<Message>);

impl Drop for Bell {
    fn drop(&mut self) {
        // Nobody listens any more when the caller has already gone.
        let _gone = self.0.send(Message::Done);
    }
}

/// Runs `work` away from the interpreter and returns what it made.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    call: Call,
    work: impl FnOnce(&Workers) -> Result<T> + Send,
) -> PyResult<T> {
    let threads = call.threads().map_err(|e| raised(py, &e))?;
    let progress = call.progress.as_ref();
    let (sender, receiver) = channel();
    let bell = Bell(sender.clone());
    let job = if progress.is_some() {
        Job::new().on_progress(move |p| {
            let _gone = sender.send(Message::Progress(p.stage.to_owned(), p.done));
        })
    } else {
        Job::new()
    };
    let (outcome, interruption) = py.detach(move || {
        thread::scope(|scope| {
            let workers_job = job.clone();
            let worker = scope.spawn(move || {
                let _rings_last = bell;
                catch_unwind(AssertUnwindSafe(|| {
                    work(&Workers::for_job(threads, workers_job)?)
                }))
            });
            let mut interruption = None;
            loop {
                let heard = match receiver.recv_timeout(POLL) {
                    Ok(Message::Done) | Err(RecvTimeoutError::Disconnected) => break,
                    Ok(Message::Progress(stage, done)) => Some((stage, done)),
                    Err(RecvTimeoutError::Timeout) => None,
                };
                if interruption.is_some() {
                    continue;
                }
                let answer = Python::attach(|py| {
                    py.check_signals()?;
                    if let (Some(told), Some(heard)) = (progress, heard) {
                        told.call1(py, heard)?;
                    }
                    Ok(())
                });
                if let Err(e) = answer {
                    job.stop();
                    interruption = Some(e);
                }
            }
            (worker.join().unwrap_or_else(Err), interruption)
        })
    });
    if let Some(e) = interruption {
        return Err(e);
    }
    match outcome {
        Ok(result) => result.map_err(|e| raised(py, &e)),
        Err(payload) => Err(panicked(py, &*payload)),
    }
}

/// Refuses what is no number of threads, for work that begins later.
#[pyo3::pyfunction]
pub(crate) fn check_n_jobs(py: Python<'_>, n_jobs: Option<i64>) -> PyResult<()> {
    run(py, Call::on(n_jobs), |_| Ok(()))
}

/// Rehearses what no correct input can bring about: at the door a `panic`, or a job without end
/// that tells its progress; or a `panic here`, before it. Only builds for development have it.
#[cfg(debug_assertions)]
#[pyo3::pyfunction]
#[pyo3(signature = (what, n_jobs = None, progress = None))]
#[expect(clippy::panic, reason = "that is the rehearsal")]
pub(crate) fn rehearse(
    py: Python<'_>,
    what: &str,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<usize> {
    assert!(what != "panic here", "rehearsed");
    run(py, Call { n_jobs, progress }, |workers| match what {
        "panic" => panic!("rehearsed"),
        "endless" => loop {
            workers.map(64, |_| thread::sleep(Duration::from_millis(1)))?;
            workers.job().report("rehearsal", 0.5);
        },
        _ => Ok(workers.threads()),
    })
}
