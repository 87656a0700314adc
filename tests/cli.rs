//! The command as a user meets it: exit status, output, files.

#![cfg(feature = "cli")]

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in a folder.
fn brandpunt(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_brandpunt"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|e| panic!("the command does not start: {e}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_sample_is_what_its_command_makes() {
    let folder = tempfile::tempdir().unwrap();
    let made = brandpunt(
        folder.path(),
        &[
            "synthesise",
            "20000",
            "--seed",
            "34",
            "--out",
            "made",
            "--threads",
            "3",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut bytes = 0;
    for name in [
        "sample_incidents.csv",
        "sample_neighbourhoods.geojson",
        "sample_truth.json",
    ] {
        let kept = std::fs::read(data.join(name)).unwrap();
        let new = std::fs::read(folder.path().join("made").join(name)).unwrap();
        assert!(kept == new, "{name} differs from what the command makes");
        assert!(text(&made.stdout).contains(name));
        bytes += kept.len();
    }
    assert!(bytes <= 2_000_000, "{bytes}");
}

#[test]
fn bad_arguments_end_with_2_and_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [&[&str]; 6] = [
        &[],
        &["no-such-command"],
        &["synthesise"],
        &["synthesise", "many", "--out", "x"],
        &["synthesise", "0", "--out", "x"],
        &["synthesise", "10", "--out", "x", "--neighbourhoods", "0"],
    ];
    for arguments in cases {
        let output = brandpunt(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let version = brandpunt(folder.path(), &["--version"]);
    assert_eq!(version.status.code(), Some(0));
    let expected = format!("brandpunt {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&version.stdout), expected);
    let help = brandpunt(folder.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in ["synthesise"] {
        assert!(text(&help.stdout).contains(command));
    }
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "a file, not a folder").unwrap();
    let output = brandpunt(folder.path(), &["synthesise", "10", "--out", "taken"]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.starts_with("error: taken: "), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
}
