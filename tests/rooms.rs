//! Keeps the house as it was designed: what a room may use, and how its files are named.
//!
//! The sources are read as text, so a rule also holds for code behind features.

use std::collections::BTreeMap;
use std::path::Path;

/// The rooms from left to right. A room may use those of lower rank; the first six may use each
/// other.
const RANKS: [(&str, u8); 18] = [
    ("error", 0),
    ("parallel", 0),
    ("job", 0),
    ("memory", 0),
    ("random", 0),
    ("vector", 0),
    ("model", 1),
    ("io", 2),
    ("index", 2),
    ("weights", 3),
    ("stats", 3),
    ("methods", 4),
    ("publish", 5),
    ("analysis", 6),
    ("report", 7),
    ("live", 7),
    ("cli", 8),
    ("bin", 9),
];

/// File names that say nothing about what is in the file.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

#[test]
fn the_sources_keep_to_the_rooms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "benches", "python/src"] {
        read_sources(root, &root.join(folder), &mut files).unwrap();
    }
    assert!(files.iter().any(|(path, _)| path == "src/lib.rs"));
    let mut found = violations(&files);
    found.sort();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn read_sources(
    root: &Path,
    folder: &Path,
    out: &mut Vec<(String, String)>,
) -> std::io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_sources(root, &path, out)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
            out.push((name.replace('\\', "/"), std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Every breach of the rules in files given as (path from the root, text).
fn violations(files: &[(String, String)]) -> Vec<String> {
    let root_names = files
        .iter()
        .find(|(path, _)| path == "src/lib.rs")
        .map(|(_, text)| root_names(text))
        .unwrap_or_default();
    files
        .iter()
        .flat_map(|(path, text)| {
            let mut found = in_text(path, text);
            if let Some(room) = room_of_file(path) {
                found.extend(against_the_arrows(path, text, &room, &root_names));
            }
            found
        })
        .collect()
}

fn in_text(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code = code_only(text);
    if path != "src/parallel.rs" && has_word(&code, "rayon") {
        found.push(format!("{path}: rayon is named in src/parallel.rs only"));
    }
    if path.starts_with("src/") && has_word(&code, "pyo3") {
        found.push(format!("{path}: pyo3 is named in python/ only"));
    }
    for mark in ["TODO", "FIXME", "todo!", "unimplemented!"] {
        if text.contains(mark) {
            found.push(format!("{path}: {mark}; finish it, or leave it out"));
        }
    }
    let file = path.rsplit('/').next().unwrap_or(path);
    if file == "mod.rs" && !text.starts_with("//! ") {
        found.push(format!(
            "{path}: say in a first line `//! …` what the room is for"
        ));
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            found.push(format!(
                "{path}: name the noun or the question, not `{part}`"
            ));
        }
    }
    found
}

/// Uses of rooms that this room may not use.
fn against_the_arrows(
    path: &str,
    text: &str,
    room: &str,
    root_names: &BTreeMap<String, String>,
) -> Vec<String> {
    let code = code_only(without_tests(path, text));
    let module = module_of(path);
    let mut found: Vec<String> = used_paths(&code)
        .into_iter()
        .filter_map(|used| {
            let absolute = absolute(&module, &used)?;
            let target = room_of_path(&absolute, root_names)?;
            (!may_use(room, &target))
                .then(|| format!("{path}: {room} may not use {target} ({})", used.join("::")))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The room a source file is in; `None` for the tour, and for what is not the core.
fn room_of_file(path: &str) -> Option<String> {
    let inside = path.strip_prefix("src/")?;
    if inside == "lib.rs" {
        return None;
    }
    let module = module_of(path);
    room_of_path(&module, &BTreeMap::new())
}

/// The room that a path from the crate root leads to. Rooms of methods are rooms of their own.
fn room_of_path(path: &[String], root_names: &BTreeMap<String, String>) -> Option<String> {
    let first = path.first()?;
    if let Some(room) = root_names.get(first) {
        return Some(room.clone());
    }
    match path.get(1) {
        Some(method) if first == "methods" => Some(format!("methods/{method}")),
        _ => Some(first.clone()),
    }
}

fn may_use(room: &str, target: &str) -> bool {
    let top = |name: &str| name.split('/').next().unwrap_or(name).to_owned();
    let (own, other) = (top(room), top(target));
    let rank = |name: &str| RANKS.iter().find(|(n, _)| *n == name).map(|(_, r)| *r);
    if room == target || room == "methods" && own == other {
        return true;
    }
    if own == "methods" && other == "methods" {
        return room == "methods/emerging" && target == "methods/local";
    }
    if own == "synthetic" {
        return rank(&other).is_some_and(|r| r <= 1);
    }
    if other == "synthetic" {
        // A synthetic city is an input like any other, made at the command line.
        return matches!(own.as_str(), "cli" | "bin");
    }
    match (rank(&own), rank(&other)) {
        (Some(0), Some(0)) => true,
        (Some(own), Some(other)) => other < own,
        // A name that is no room: a macro, or an item of the crate root.
        (_, None) => !other.chars().next().is_some_and(char::is_lowercase),
        (None, _) => false,
    }
}

/// The module path of a source file.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

/// A path as used in a module, from the crate root.
fn absolute(module: &[String], used: &[String]) -> Option<Vec<String>> {
    match used.first().map(String::as_str) {
        Some("crate") => Some(used[1..].to_vec()),
        Some("super") => {
            let up = used.iter().take_while(|s| *s == "super").count();
            let base = module.get(..module.len().checked_sub(up)?)?;
            Some([base, &used[up..]].concat())
        }
        _ => None,
    }
}

/// The names that the crate root re-exports, with their rooms.
fn root_names(lib: &str) -> BTreeMap<String, String> {
    let code = code_only(lib);
    let mut names = BTreeMap::new();
    for part in code.split("pub use ").skip(1) {
        let part = part.split(';').next().unwrap_or("");
        for path in expand(part) {
            if let [room, .., name] = path.as_slice() {
                names.insert(name.clone(), room.clone());
            }
        }
    }
    names
}

/// All paths in the code that begin with `crate` or `super`, groups spread out.
fn used_paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            let inside_a_path = code[..at].ends_with("::");
            if before.is_some_and(is_name) || inside_a_path || before == Some('$') {
                continue;
            }
            found.extend(expand(&code[at..]));
        }
    }
    found
}

/// Reads one path at the start of a text; `a::{b, c::d}` gives both.
fn expand(text: &str) -> Vec<Vec<String>> {
    let mut prefix = Vec::new();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            return split_group(group)
                .into_iter()
                .flat_map(expand)
                .map(|tail| [prefix.clone(), tail].concat())
                .collect();
        }
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        if end == 0 {
            return vec![prefix];
        }
        prefix.push(rest[..end].to_owned());
        match rest[end..].trim_start().strip_prefix("::") {
            Some(more) => rest = more.trim_start(),
            None => return vec![prefix],
        }
    }
}

/// The items of a group, up to its closing brace.
fn split_group(text: &str) -> Vec<&str> {
    let (mut depth, mut from) = (0, 0);
    let mut items = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&text[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(is_name)
            && !code[at + word.len()..].chars().next().is_some_and(is_name)
    })
}

/// The text before the unit tests, which may use any room.
fn without_tests<'a>(path: &str, text: &'a str) -> &'a str {
    if path.ends_with("/tests.rs") {
        return "";
    }
    text.find("#[cfg(test)]\nmod tests {")
        .map_or(text, |at| &text[..at])
}

/// The code with comments and the contents of strings blanked out.
fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let rest = &chars[i..];
        let length = match rest {
            ['/', '/', ..] => until(rest, |r| r[0] == '\n', 0),
            ['/', '*', ..] => until(rest, |r| r.starts_with(&['*', '/']), 2),
            ['"', ..] => string_length(rest),
            ['r', '"' | '#', ..] if !out.chars().next_back().is_some_and(is_name) => {
                raw_string_length(rest)
            }
            ['\'', '\\', ..] => 1 + until(&rest[1..], |r| r[0] == '\'', 1).max(3),
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        if length == 0 {
            out.push(chars[i]);
            i += 1;
        } else {
            let end = (i + length).min(chars.len());
            out.extend(
                chars[i..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            i = end;
        }
    }
    out
}

/// How many characters there are before the end of something, its own mark of `extra` included.
fn until(rest: &[char], ends: impl Fn(&[char]) -> bool, extra: usize) -> usize {
    (1..rest.len())
        .find(|&k| ends(&rest[k..]))
        .map_or(rest.len(), |k| k + extra)
}

fn string_length(rest: &[char]) -> usize {
    let mut i = 1;
    while i < rest.len() && rest[i] != '"' {
        i += if rest[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn raw_string_length(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let end: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    (2 + hashes..rest.len())
        .find(|&k| rest[k..].starts_with(&end))
        .map_or(rest.len(), |k| k + end.len())
}

/// The breaches in one planted file beside a small crate root.
fn planted(path: &str, text: &str) -> Vec<String> {
    let lib = "pub use analysis::{HotspotAnalysis, HotspotResult};\npub use model::Crs;\n";
    violations(&[
        ("src/lib.rs".to_owned(), lib.to_owned()),
        (path.to_owned(), text.to_owned()),
    ])
}

#[test]
fn planted_breaches_are_found() {
    let breaches = [
        ("src/model/a.rs", "use crate::io::read;"),
        (
            "src/model/a.rs",
            "use crate::{error::Error, methods::local::Gi};",
        ),
        ("src/index/a.rs", "fn f() { crate::stats::sum(); }"),
        ("src/io/csv.rs", "use super::super::index::Tree;"),
        ("src/io/mod.rs", "//! Files.\nuse super::weights::Weights;"),
        ("src/weights/a.rs", "use crate::stats::sum;"),
        ("src/io/csv.rs", "use crate::HotspotAnalysis;"),
        (
            "src/methods/local/a.rs",
            "use crate::methods::density::Kernel;",
        ),
        (
            "src/methods/local/a.rs",
            "use super::super::density::Kernel;",
        ),
        (
            "src/methods/local/a.rs",
            "use crate::methods::{density::Kernel};",
        ),
        ("src/methods/density/a.rs", "use crate::methods::local::Gi;"),
        (
            "src/methods/local/a.rs",
            "use crate::synthetic::SyntheticCity;",
        ),
        ("src/synthetic/a.rs", "use crate::index::Tree;"),
        ("src/report/a.rs", "use crate::live::Window;"),
        ("src/analysis/a.rs", "use crate::report::write;"),
        ("src/index/a.rs", "use rayon::prelude::*;"),
        ("src/index/a.rs", "fn f() { rayon::join(|| 1, || 2); }"),
        ("src/index/a.rs", "use pyo3::prelude::*;"),
        ("python/src/a.rs", "use rayon::prelude::*;"),
        ("src/index/mod.rs", "mod tree;"),
        ("src/index/utils.rs", ""),
        ("src/index/helpers/mod.rs", "//! Bits."),
        ("src/index/a.rs", "fn f() { todo!() }"),
        ("benches/a.rs", "// TODO later"),
        ("src/attic/a.rs", "use crate::model::Crs;"),
    ];
    for (path, text) in breaches {
        let found = planted(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}\n{found:?}");
        assert!(found[0].starts_with(path), "{found:?}");
    }
}

#[test]
fn what_is_allowed_is_not_reported() {
    let fine = [
        (
            "src/parallel.rs",
            "use rayon::prelude::*;\nuse crate::job::Job;",
        ),
        (
            "src/index/a.rs",
            "//! See [`crate::methods::local`] and rayon.\nuse crate::model::Crs;",
        ),
        (
            "src/index/a.rs",
            "const A: &str = \"crate::report::write, rayon\";",
        ),
        (
            "src/index/a.rs",
            "const A: &str = r#\"use crate::report::\"w\";\"#;",
        ),
        (
            "src/index/a.rs",
            "const A: char = '\"'; use crate::model::Crs; const B: char = '\"';",
        ),
        (
            "src/model/a.rs",
            "use crate::{error::{Error, Fault}, Crs};\nuse super::period::Period;",
        ),
        (
            "src/methods/local/a.rs",
            "use crate::weights::Weights;\nuse crate::index::Tree;",
        ),
        (
            "src/methods/emerging/a.rs",
            "use crate::methods::local::Gi;",
        ),
        (
            "src/methods/mod.rs",
            "//! Methods.\npub use self::local::Gi;\nuse crate::methods::local;",
        ),
        (
            "src/cli/a.rs",
            "use crate::synthetic::SyntheticCity;\nuse crate::report::write;",
        ),
        (
            "src/synthetic/a.rs",
            "use crate::{model::Crs, parallel::Workers, random::stream};",
        ),
        (
            "src/stats/a.rs",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::synthetic::City;\n}",
        ),
        ("src/stats/tests.rs", "use crate::synthetic::City;"),
        ("python/src/a.rs", "use pyo3::prelude::*;"),
    ];
    for (path, text) in fine {
        assert_eq!(planted(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
