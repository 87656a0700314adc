//! Stopping a running job and following its progress.
//!
//! The core polls a [`Job`] between units of work of a few milliseconds; whoever waits for the
//! result (a notebook, a service, a terminal) holds a clone of it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

type Listener = dyn Fn(Progress<'_>) + Send + Sync;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The step under way, such as `density`.
    pub stage: &'a str,
    /// Share of the whole job done, from 0 to 1.
    pub done: f64,
}

/// A stop flag and a progress listener, shared between a job and its owner.
///
/// ```
/// let job = brandpunt::Job::new();
/// let owner = job.clone();
/// owner.stop();
/// assert!(job.check().is_err());
/// ```
#[derive(Clone, Default)]
pub struct Job {
    stop: Arc<AtomicBool>,
    listener: Option<Arc<Listener>>,
}

impl Job {
    /// A job that runs to its end in silence unless stopped.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `listener` at each step; it must be quick.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Asks the job to end; it answers with [`Error::Cancelled`] within milliseconds.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the job was asked to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// `Ok` while the job may go on.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once [`stop`](Self::stop) was called.
    pub fn check(&self) -> Result<()> {
        if self.is_stopped() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// The same job for work of which the listener hears nothing.
    pub(crate) fn unheard(&self) -> Self {
        Self {
            stop: Arc::clone(&self.stop),
            listener: None,
        }
    }

    /// Tells the listener where the job is.
    pub fn report(&self, stage: &str, done: f64) {
        if let Some(listener) = &self.listener {
            listener(Progress {
                stage,
                done: done.clamp(0.0, 1.0),
            });
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("stopped", &self.is_stopped())
            .finish_non_exhaustive()
    }
}
