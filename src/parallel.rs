//! Work spread over threads with results that do not depend on how many there are.
//!
//! This is the only file that names rayon. Everything is either a map whose results are put back
//! in order, or a loop over fixed pieces of the output, each written by one unit of work. Sums of
//! floats over units are left to the caller, who adds them in order.
//!
//! Each [`Workers`] owns its threads: a process that forks, or a service that runs two jobs at
//! once, never meets a shared pool in an unknown state.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::job::Job;

/// Threads for one job, with the job's stop flag.
///
/// ```
/// use brandpunt::Workers;
///
/// # fn main() -> brandpunt::Result<()> {
/// let workers = Workers::new(2)?;
/// assert_eq!(workers.map(4, |i| i * i)?, [0, 1, 4, 9]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Workers {
    pool: Option<Arc<rayon::ThreadPool>>,
    job: Job,
    told: Option<Told>,
}

/// What the loops of some workers tell the job's listener.
#[derive(Debug, Clone)]
struct Told {
    stage: Arc<str>,
    /// The part of the whole job that one loop is.
    share: Range<f64>,
    /// The most that was told: threads finish in any order, progress only grows.
    furthest: Arc<Mutex<f64>>,
}

impl Told {
    fn tell(&self, part: f64, job: &Job) {
        let done = along(&self.share, part);
        let mut furthest = self.furthest.lock().unwrap_or_else(PoisonError::into_inner);
        if done > *furthest {
            *furthest = done;
            job.report(&self.stage, done);
        }
    }
}

/// The place of a part of a range; its ends are hit exactly, so that shares join.
fn along(range: &Range<f64>, part: f64) -> f64 {
    range.start * (1.0 - part) + range.end * part
}

/// Counts the finished units of one loop.
struct Tally<'a> {
    told: Option<(&'a Told, &'a Job)>,
    finished: AtomicUsize,
    units: usize,
}

impl Tally<'_> {
    /// How often one loop tells at most.
    const REPORTS: usize = 50;

    fn finish_one(&self) {
        let Some((told, job)) = self.told else {
            return;
        };
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        if finished == self.units || finished.is_multiple_of(self.units.div_ceil(Self::REPORTS)) {
            told.tell(finished as f64 / self.units as f64, job);
        }
    }
}

impl Workers {
    /// `threads` threads; 0 means one per core.
    ///
    /// # Errors
    /// [`Error::Parameter`] for more than four threads per core, [`Error::Internal`] when the
    /// operating system grants no thread.
    pub fn new(threads: usize) -> Result<Self> {
        Self::for_job(threads, Job::new())
    }

    /// As [`new`](Self::new), for a job that can be stopped and followed.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn for_job(threads: usize, job: Job) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = (4 * cores).max(16);
        if threads > most {
            return Err(Error::parameter(
                "n_jobs",
                threads,
                format!("0 for one thread per core, or at most {most} threads on this machine"),
            ));
        }
        let threads = if threads == 0 { cores } else { threads };
        let pool = if threads == 1 {
            None
        } else {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .thread_name(|i| format!("brandpunt-{i}"))
                .build()
                .map_err(|e| Error::internal(format!("no threads: {e}")))?;
            Some(Arc::new(pool))
        };
        Ok(Self {
            pool,
            job,
            told: None,
        })
    }

    /// The same threads for a loop that is this share of the work of `self`, and that tells the
    /// job's listener so while it runs.
    #[must_use]
    pub(crate) fn telling(&self, stage: &str, share: Range<f64>) -> Self {
        let (whole, furthest) = match &self.told {
            Some(Told {
                share, furthest, ..
            }) => (share.clone(), Arc::clone(furthest)),
            None => (0.0..1.0, Arc::default()),
        };
        Self {
            pool: self.pool.clone(),
            job: self.job.clone(),
            told: Some(Told {
                stage: stage.into(),
                share: along(&whole, share.start)..along(&whole, share.end),
                furthest,
            }),
        }
    }

    /// The same threads for work that tells nothing, whatever it consists of.
    #[must_use]
    pub(crate) fn unheard(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            job: self.job.unheard(),
            told: None,
        }
    }

    /// The caller's thread alone for one unit of work of these threads, which tells nothing.
    #[must_use]
    pub(crate) fn alone(&self) -> Self {
        Self {
            pool: None,
            job: self.job.unheard(),
            told: None,
        }
    }

    fn tally(&self, units: usize) -> Tally<'_> {
        Tally {
            told: self.told.as_ref().map(|told| (told, &self.job)),
            finished: AtomicUsize::new(0),
            units,
        }
    }

    /// The job these threads work for.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// How many threads there are.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool
            .as_ref()
            .map_or(1, |pool| pool.current_num_threads())
    }

    /// `f(0), f(1), …, f(n - 1)` in that order.
    ///
    /// One call of `f` is one unit of work: it should take between microseconds and some
    /// milliseconds.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job was stopped before the last unit.
    pub fn map<T: Send>(&self, n: usize, f: impl Fn(usize) -> T + Sync + Send) -> Result<Vec<T>> {
        self.try_map(n, |i| Ok(f(i)))
    }

    /// As [`map`](Self::map), with units that can fail; the first failure by index is returned.
    ///
    /// # Errors
    /// The failure, or [`Error::Cancelled`].
    pub fn try_map<T: Send>(
        &self,
        n: usize,
        f: impl Fn(usize) -> Result<T> + Sync + Send,
    ) -> Result<Vec<T>> {
        let tally = self.tally(n);
        let unit = |i| {
            self.job.check()?;
            let made = f(i)?;
            tally.finish_one();
            Ok(made)
        };
        match &self.pool {
            None => (0..n).map(unit).collect(),
            Some(pool) => {
                let all: Vec<Result<T>> =
                    pool.install(|| (0..n).into_par_iter().map(unit).collect());
                all.into_iter().collect()
            }
        }
    }

    /// Splits `0..n` into ranges of `size` and maps each to a value, in order.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job was stopped before the last range.
    pub fn map_ranges<T: Send>(
        &self,
        n: usize,
        size: usize,
        f: impl Fn(Range<usize>) -> T + Sync + Send,
    ) -> Result<Vec<T>> {
        let size = size.max(1);
        self.map(n.div_ceil(size), |piece| {
            f(piece * size..((piece + 1) * size).min(n))
        })
    }

    /// Hands each piece of `size` elements of `out` to `f` with the piece's number; `scratch`
    /// makes working memory that one thread reuses from piece to piece.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job was stopped before the last piece; `out` is then
    /// partly written.
    pub fn fill<T: Send, S: Send>(
        &self,
        out: &mut [T],
        size: usize,
        scratch: impl Fn() -> S + Sync + Send,
        f: impl Fn(&mut S, usize, &mut [T]) + Sync + Send,
    ) -> Result<()> {
        let size = size.max(1);
        let tally = self.tally(out.len().div_ceil(size));
        let unit = |state: &mut S, (piece, slice): (usize, &mut [T])| {
            self.job.check()?;
            f(state, piece, slice);
            tally.finish_one();
            Ok(())
        };
        match &self.pool {
            None => {
                let mut state = scratch();
                out.chunks_mut(size)
                    .enumerate()
                    .try_for_each(|x| unit(&mut state, x))
            }
            Some(pool) => pool.install(|| {
                out.par_chunks_mut(size)
                    .enumerate()
                    .map_init(&scratch, unit)
                    .collect::<Result<()>>()
            }),
        }
    }

    /// Runs two things side by side.
    pub fn join<A: Send, B: Send>(
        &self,
        a: impl FnOnce() -> A + Send,
        b: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match &self.pool {
            None => (a(), b()),
            Some(pool) => pool.join(a, b),
        }
    }

    /// Sorts by a key; equal keys keep their order.
    pub fn sort_by_key<T: Send, K: Ord>(
        &self,
        items: &mut [T],
        key: impl Fn(&T) -> K + Sync + Send,
    ) {
        match &self.pool {
            None => items.sort_by_key(key),
            Some(pool) => pool.install(|| items.par_sort_by_key(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_depend_on_threads() {
        let expected: Vec<usize> = (0..1000).map(|i| i * 3).collect();
        for threads in [1, 2, 3, 7] {
            let workers = Workers::new(threads).unwrap();
            assert_eq!(workers.threads(), threads);
            assert_eq!(workers.map(1000, |i| i * 3).unwrap(), expected);
            let mut out = vec![0; 1000];
            workers
                .fill(
                    &mut out,
                    64,
                    || 0,
                    |_, piece, slice| {
                        for (j, v) in slice.iter_mut().enumerate() {
                            *v = (piece * 64 + j) * 3;
                        }
                    },
                )
                .unwrap();
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn loops_tell_their_share_of_the_job() {
        use std::sync::Mutex;
        for threads in [1, 3] {
            let heard = Arc::new(Mutex::new(Vec::new()));
            let ear = Arc::clone(&heard);
            let job = Job::new().on_progress(move |p| {
                ear.lock().unwrap().push((p.stage.to_owned(), p.done));
            });
            let workers = Workers::for_job(threads, job).unwrap();
            workers.map(1000, |i| i).unwrap();
            assert!(heard.lock().unwrap().is_empty(), "nobody asked");
            let half = workers.telling("first", 0.5..1.0);
            let quarter = half.telling("second", 0.5..1.0);
            quarter.map(1000, |i| i).unwrap();
            quarter.unheard().map(1000, |i| i).unwrap();
            let heard = std::mem::take(&mut *heard.lock().unwrap());
            assert!(heard.len() > 25 && heard.len() <= 50);
            assert!(heard.iter().all(|(stage, _)| stage == "second"));
            assert!(heard.iter().map(|(_, done)| *done).is_sorted());
            assert!(heard[0].1 > 0.75 && heard[heard.len() - 1].1 == 1.0);
        }
    }

    #[test]
    fn a_stopped_job_ends_with_cancelled() {
        let workers = Workers::new(2).unwrap();
        workers.job().stop();
        assert!(matches!(workers.map(10, |i| i), Err(Error::Cancelled)));
    }

    #[test]
    fn the_first_failure_by_index_is_returned() {
        let workers = Workers::new(3).unwrap();
        let result = workers.try_map(100, |i| {
            if i % 40 == 39 {
                Err(Error::internal(i.to_string()))
            } else {
                Ok(i)
            }
        });
        assert!(result.unwrap_err().to_string().contains("39"));
    }

    #[test]
    fn absurd_thread_counts_are_refused() {
        assert!(matches!(
            Workers::new(1_000_000),
            Err(Error::Parameter { name: "n_jobs", .. })
        ));
    }
}
