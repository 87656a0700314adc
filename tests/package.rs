//! What `cargo package` would hand to others: what the crate needs, and no more.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The files of the package by `cargo package --list`; `None` without cargo, or where the tests are
/// run away from the sources.
fn listed() -> Option<BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO")?;
    let output = Command::new(cargo)
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "--package",
            "brandpunt",
        ])
        .current_dir(ROOT)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().map(|line| line.replace('\\', "/")).collect())
}

/// Files below a folder, by their path from the root.
fn below(folder: &str, into: &mut BTreeSet<String>) {
    let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder of the crate");
    for entry in entries {
        let entry = entry.expect("a file of the crate");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            below(&path, into);
        } else {
            into.insert(path);
        }
    }
}

#[test]
fn the_package_holds_what_it_needs_and_no_more() {
    let Some(listed) = listed() else {
        println!("skipped: there is no cargo to ask");
        return;
    };
    let mut needed: BTreeSet<String> = [
        "Cargo.toml",
        "Cargo.toml.orig",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "ARCHITECTURE.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "data/sample_incidents.csv",
        "data/sample_neighbourhoods.geojson",
        "data/sample_truth.json",
    ]
    .map(str::to_owned)
    .into();
    below("src", &mut needed);
    below("examples", &mut needed);
    below("benches", &mut needed);
    // Snapshots are for tests of the sources; what is Python measures the wheel.
    needed.retain(|path| !path.contains("/snapshots/") && !path.starts_with("benches/peers/"));
    let is_python = |path: &str| Path::new(path).extension().is_some_and(|e| e == "py");
    needed.retain(|path| !is_python(path));
    let mut held = listed;
    held.remove(".cargo_vcs_info.json");
    assert_eq!(held, needed);
}

/// Numbers of a version such as 1.90.
fn version(text: &str) -> Vec<u32> {
    let number = |part: &str| part.parse().expect("a version is numbers and points");
    text.split('.').map(number).collect()
}

#[test]
fn no_dependency_needs_a_newer_compiler_than_is_stated() {
    let Some(cargo) = std::env::var_os("CARGO") else {
        println!("skipped: there is no cargo to ask");
        return;
    };
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--locked",
            "--all-features",
        ])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let stated = version(env!("CARGO_PKG_RUST_VERSION"));
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let needed = package["rust_version"].as_str().map_or(vec![0], version);
        assert!(needed <= stated, "{} needs {needed:?}", package["name"]);
    }
}
