//! The arrows between rooms, the length of files and the contract in every room's `mod.rs`.

#[path = "architecture/scan.rs"]
mod scan;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use; itself always. A room that is not listed may not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("outcome", &[]),
    ("pack", &["model"]),
    ("discover", &["model"]),
    ("pdf", &["model"]),
    ("ocr", &["model"]),
    ("marks", &["model"]),
    ("layout", &["model"]),
    // Keeps what is judged of a part of a batch until all parts are there; knows nothing of what it keeps.
    ("shard", &[]),
    ("report", &["model", "shard"]),
    ("cache", &["model"]),
    ("round", &["model"]),
    ("raster", &["model", "pdf"]),
    ("observe", &["model", "pdf", "raster", "ocr", "marks", "layout"]),
    // lopdf parses the packets' hostile PDFs a second time to write into copies of them.
    ("annotate", &["model", "pdf"]),
    // The child is where hostile bytes are parsed, for annotated copies too.
    ("worker", &["model", "observe", "annotate"]),
    ("classify", &["model", "pack"]),
    ("extract", &["model", "pack"]),
    ("check", &["model", "pack"]),
    ("run", &["model", "pack", "discover", "cache", "worker", "classify", "extract", "check", "round", "shard"]),
    ("cli", &["run", "review", "pack", "check", "report", "cache", "ocr", "model", "outcome", "shard"]),
    // Shows a report that is there, and writes decisions the way the report reads them.
    ("review", &["model", "report"]),
    ("main", &["cli"]),
    // Declares the rooms.
    ("lib", &[]),
];

/// Past this a file is split by subject.
const MAX_LINES: usize = 400;

/// What a room's contract names.
const CONTRACT: [&str; 3] = ["In:", "Out:", "Must not know:"];

/// Paths of all Rust files below `folder` of this package, relative to the package, sorted.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|e| e.expect("a readable entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                out.push(path.strip_prefix(root).expect("below the package").to_owned());
            }
        }
    }
    out.sort();
    assert!(folder != "src" || !out.is_empty(), "no source found");
    out
}

fn text(path: &Path) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a readable source file")
}

/// The module path of a source file, as its parts (`src/a/b.rs` is a::b); empty for `lib.rs`.
fn module(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> = path
        .with_extension("")
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

/// Every forbidden arrow of one file, as a message.
fn forbidden(path: &Path, source: &str) -> Vec<String> {
    let module = module(path);
    let room = module.first().map_or("lib", String::as_str);
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: the room `{room}` is not in STYLE §11", path.display())];
    };
    scan::rooms_used(source, &module)
        .into_iter()
        .filter(|used| used.room != room && !allowed.contains(&used.room.as_str()))
        .map(|used| format!("{}:{}: `{room}` must not use `{}`", path.display(), used.line, used.room))
        .collect()
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let wrong: Vec<String> = rust_files("src").iter().flat_map(|path| forbidden(path, &text(path))).collect();
    assert_none(&wrong);
}

#[test]
fn files_are_short() {
    let wrong: Vec<String> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter_map(|path| {
            let lines = text(&path).lines().count();
            (lines > MAX_LINES).then(|| format!("{}: {lines} lines, split it by subject", path.display()))
        })
        .collect();
    assert_none(&wrong);
}

#[test]
fn every_room_states_its_contract() {
    let rooms: BTreeSet<String> = rust_files("src")
        .iter()
        .filter(|path| path.components().count() > 2)
        .filter_map(|path| module(path).into_iter().next())
        .collect();
    let wrong: Vec<String> = rooms
        .iter()
        .filter_map(|room| {
            let path = PathBuf::from(format!("src/{room}/mod.rs"));
            let head: String =
                text(&path).lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
            let missing: Vec<_> = CONTRACT.into_iter().filter(|word| !head.contains(word)).collect();
            (!missing.is_empty()).then(|| format!("{}: the contract lacks {}", path.display(), missing.join(", ")))
        })
        .collect();
    assert_none(&wrong);
}

#[test]
fn the_table_has_no_circle() {
    let mut done: Vec<&str> = Vec::new();
    while done.len() < ARROWS.len() {
        let free = ARROWS.iter().find(|(room, uses)| !done.contains(room) && uses.iter().all(|u| done.contains(u)));
        done.push(free.expect("a room whose arrows all lead to rooms below it").0);
    }
}

/// The names in the first column of README.md's table of crates; what stands in brackets is a remark.
fn explained_crates(readme: &str) -> BTreeSet<String> {
    let table = readme.split_once("| crate | for |").expect("a table of crates").1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let first = rows.filter_map(|row| row.split('|').nth(1));
    let bare = first.map(|cell| cell.split('(').next().unwrap_or_default());
    bare.flat_map(|cell| cell.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// Names of all dependencies, whatever they are for and wherever.
fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, value) in manifest.iter().filter_map(|(k, v)| Some((k, v.as_table()?))) {
        if key.ends_with("dependencies") {
            found.extend(value.keys().cloned());
        } else if key == "target" {
            found.extend(value.values().filter_map(toml::Value::as_table).flat_map(dependencies));
        }
    }
    found
}

#[test]
fn readme_says_what_every_dependency_is_for() {
    let manifest: toml::Table = text(Path::new("Cargo.toml")).parse().expect("TOML");
    let (used, explained) = (dependencies(&manifest), explained_crates(&text(Path::new("README.md"))));
    assert!(used.len() > 40 && used.contains("landlock") && used.contains("criterion"), "{used:?}");
    assert_eq!(used.difference(&explained).collect::<Vec<_>>(), [""; 0], "not explained");
    assert_eq!(explained.difference(&used).collect::<Vec<_>>(), [""; 0], "not used");
}

#[test]
fn a_planted_forbidden_line_is_found() {
    let check = Path::new("src/check/missing_seal.rs");
    for line in [
        "use crate::pdf::open;",
        "use crate::{model::finding::Finding, pdf::{open, page}};",
        "use crate::{\n    model::{page::PageFacts, marks::{Seal}},\n    raster,\n};",
        "fn f() { let x = crate::raster::render(); }",
        "use super::super::ocr::engine::Engine;",
        "use super::super::{model::page, cache};",
        "use super::{super::{worker}, dates};",
        "mod inner { mod deeper { use super::super::super::super::pdf; } }",
        "fn f() { material_audit::discover::discover(); }",
        "use crate as all;",
        "use crate::*;",
        "use crate :: pdf;",
        "#[cfg(test)] mod tests { use crate::report; }",
        "const S: &str = \"a \\\" b\"; use crate::pdf;",
        "const C: char = '\"'; use crate::pdf; const D: char = '\"';",
    ] {
        assert_eq!(forbidden(check, line).len(), 1, "{line}: {:?}", forbidden(check, line));
    }
}

#[test]
fn allowed_lines_and_mere_words_are_not() {
    let check = Path::new("src/check/missing_seal.rs");
    for line in [
        "use crate::model::finding::{Finding, Verdict};",
        "use crate::{model::{page, marks}, pack::rules::RulePack};",
        "use crate::check::support;",
        "use super::support::{self, pdf};",
        "use super::super::{model, pack};",
        "mod tests { use super::*; use super::super::pdf; }",
        "// use crate::pdf;",
        "/* use crate::pdf; /* nested crate::ocr */ crate::cli */",
        "/// Reads what [`crate::pdf`] gives.",
        "const S: &str = \"crate::pdf\";",
        "const R: &str = r#\"crate::pdf \"quoted\" \"#;",
        "pub(crate) fn f<'a>(x: &'a str) {}",
        "pub(in crate::check) fn f() {}",
        "use other_crate::pdf;",
        "use std::{fs, io};",
    ] {
        assert_none(&forbidden(check, line));
    }
    assert_none(&forbidden(Path::new("src/main.rs"), "fn main() { material_audit::cli::main(); }"));
    assert_eq!(forbidden(Path::new("src/main.rs"), "use material_audit::run;").len(), 1);
    assert_eq!(forbidden(Path::new("src/helpers/mod.rs"), "").len(), 1);
    assert_none(&forbidden(Path::new("src/lib.rs"), "pub mod pdf;"));
}
