//! Jobs that are stopped at any step, and processes that are killed: what was written is old,
//! complete or not there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use brandpunt::analysis::{HotspotAnalysis, StabilityAnalysis};
use brandpunt::methods::density::KernelDensity;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Error, Job, Result, Theme, Workers};

/// A job that is stopped when it tells of its progress for the `k`-th time, from 0, and the count
/// of how often it did.
fn stopped_at(k: usize) -> (Job, Arc<AtomicUsize>) {
    let told = Arc::new(AtomicUsize::new(0));
    let owner = Job::new();
    let (count, stop) = (Arc::clone(&told), owner.clone());
    let job = owner.on_progress(move |_| {
        if count.fetch_add(1, Ordering::Relaxed) == k {
            stop.stop();
        }
    });
    (job, told)
}

/// Runs the work once to its end, then again and again, stopped one step later each time.
fn stop_everywhere(name: &str, work: impl Fn(&Workers) -> Result<()>) {
    let (job, told) = stopped_at(usize::MAX);
    work(&Workers::for_job(2, job).unwrap()).unwrap();
    let steps = told.load(Ordering::Relaxed);
    assert!(steps > 1, "{name} tells nothing");
    let mut cancelled = 0;
    for k in 0..steps {
        let (job, told) = stopped_at(k);
        match work(&Workers::for_job(2, job).unwrap()) {
            Err(Error::Cancelled) => cancelled += 1,
            Err(error) => panic!("{name}, stopped at step {k}: {error}"),
            // The last step is told when everything is done.
            Ok(()) => assert!(
                told.load(Ordering::Relaxed) > k && k + 2 >= steps,
                "{name}, step {k}"
            ),
        }
    }
    assert!(cancelled + 2 >= steps, "{name}: {cancelled} of {steps}");
    // A job that is stopped before it begins does nothing.
    let job = Job::new();
    job.stop();
    let never = work(&Workers::for_job(1, job).unwrap());
    assert!(matches!(never, Err(Error::Cancelled)), "{name}");
}

#[test]
fn a_job_ends_at_whatever_step_it_is_stopped() {
    let city = SyntheticCity::new(1_500)
        .seed(3)
        .neighbourhoods(20)
        .build()
        .unwrap();
    let (incidents, areas) = (&city.incidents, &city.neighbourhoods);
    let analysis = || HotspotAnalysis::new(Theme::all()).cell_size(500.0);
    stop_everywhere("hotspots", |workers| {
        analysis().run_with(incidents, areas, workers).map(drop)
    });
    stop_everywhere("stability", |workers| {
        let stability = StabilityAnalysis::new(analysis()).resamples(2);
        stability.run_with(incidents, areas, workers).map(drop)
    });
    stop_everywhere("density", |workers| {
        KernelDensity::new(800.0)
            .cell_size(100.0)
            .run_with(incidents, workers)
            .map(drop)
    });
}

#[cfg(feature = "cli")]
mod killed {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::process::{Command, Stdio};

    fn command(folder: &Path, seed: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brandpunt"));
        command
            .args(["synthesise", "4000", "--out", "out", "--seed", seed])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// The files by name; what a killed process had begun has a name of its own.
    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let named = entries.map(|e| (e.file_name().into_string().unwrap(), e.path()));
        named
            .filter(|(name, _)| !name.starts_with(".brandpunt-"))
            .map(|(name, path)| (name, std::fs::read(path).unwrap()))
            .collect()
    }

    #[test]
    fn a_killed_process_leaves_files_that_are_old_or_new() {
        let folder = tempfile::tempdir().unwrap();
        let made = |seed: &str| {
            assert!(command(folder.path(), seed).status().unwrap().success());
            files(&folder.path().join("out"))
        };
        let new = made("2");
        let begun = std::time::Instant::now();
        let old = made("1");
        let whole = begun.elapsed();
        assert!(old.len() > 2 && old.keys().eq(new.keys()) && old != new);
        // Killed at moments spread over the time that a whole run takes.
        for step in 0..24 {
            let mut running = command(folder.path(), if step % 2 == 0 { "2" } else { "1" })
                .spawn()
                .unwrap();
            std::thread::sleep(whole * step / 20);
            running.kill().unwrap();
            running.wait().unwrap();
            let found = files(&folder.path().join("out"));
            assert!(found.keys().eq(old.keys()), "{:?}", found.keys());
            for (name, bytes) in &found {
                let whole = *bytes == old[name] || *bytes == new[name];
                assert!(whole, "{name} is neither after {step} steps");
            }
        }
    }
}
