//! Work for the processor, away from the threads that talk to clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use brandpunt::{Error, Job, Result, Workers};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::failure::Failure;

/// So many jobs at once, so many more waiting, and an account of all of them.
#[derive(Clone)]
pub(crate) struct Jobs {
    /// One permit per job that runs or waits; none left means "come back later".
    room: Arc<Semaphore>,
    /// One permit per job that runs.
    slots: Arc<Semaphore>,
    account: Arc<Account>,
}

#[derive(Default)]
struct Account {
    running: AtomicU64,
    waiting: AtomicU64,
    done: AtomicU64,
    cancelled: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
}

/// One of several at this moment, for as long as it lives.
struct Counted(Arc<Account>, fn(&Account) -> &AtomicU64);

impl Counted {
    fn new(account: &Arc<Account>, which: fn(&Account) -> &AtomicU64) -> Self {
        which(account).fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(account), which)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.1)(&self.0).fetch_sub(1, Ordering::Relaxed);
    }
}

/// Stops a job when nobody waits for it any more.
///
/// The server drops the future of a request whose client is gone, and this with it. Stopping a
/// job that has ended does nothing.
struct StopWhenDropped(Job);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Jobs {
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(at_once + waiting)),
            slots: Arc::new(Semaphore::new(at_once)),
            account: Arc::default(),
        }
    }

    /// Runs `work` on a thread of its own when its turn comes.
    ///
    /// Each job has one thread: with as many jobs as cores, more would only take turns. Results do
    /// not depend on it. The permits go with the work, so a slot is free when the processor is, not
    /// when the client is gone.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Workers) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Failure> {
        let account = Arc::clone(&self.account);
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            account.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Failure::Busy);
        };
        let waiting = Counted::new(&account, |a| &a.waiting);
        let slot = Arc::clone(&self.slots)
            .acquire_owned()
            .await
            .map_err(|_| Failure::Lost)?;
        let running = Counted::new(&account, |a| &a.running);
        drop(waiting);
        let job = Job::new();
        let _owner = StopWhenDropped(job.clone());
        let outcome = spawn_blocking(move || {
            let result = Workers::for_job(1, job).and_then(|workers| work(&workers));
            let ended = match &result {
                Ok(_) => &account.done,
                Err(Error::Cancelled) => &account.cancelled,
                Err(_) => &account.failed,
            };
            ended.fetch_add(1, Ordering::Relaxed);
            drop((running, slot, room));
            result
        });
        outcome
            .await
            .map_err(|_| Failure::Lost)?
            .map_err(Failure::from)
    }

    /// The account, for whoever watches the service.
    pub(crate) fn account(&self) -> Value {
        let now = |number: &AtomicU64| number.load(Ordering::Relaxed);
        json!({
            "running": now(&self.account.running),
            "waiting": now(&self.account.waiting),
            "done": now(&self.account.done),
            "cancelled": now(&self.account.cancelled),
            "failed": now(&self.account.failed),
            "refused": now(&self.account.refused),
        })
    }
}
