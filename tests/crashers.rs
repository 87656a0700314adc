//! What the fuzzers start from, and everything they ever found, fed again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "the targets are those of the fuzzer, which fail by panicking"
)]
#![cfg(feature = "geopackage")]

#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::path::Path;

#[test]
fn seeds_and_crashers_keep_every_promise() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    for (name, feed) in targets::TARGETS {
        let mut fed = 0;
        for kind in ["seeds", "crashers"] {
            // A target that never crashed has no folder.
            let entries = std::fs::read_dir(root.join(kind).join(name));
            for entry in entries.into_iter().flatten() {
                let path = entry.unwrap().path();
                let bytes = std::fs::read(&path).unwrap();
                // The name of the file is in the output of a failing test.
                println!("{}", path.display());
                feed(&bytes);
                fed += 1;
            }
        }
        assert!(fed >= 4, "{name} has {fed} files");
    }
}
