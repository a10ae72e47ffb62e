//! Every input in `fuzz/corpus` through its fuzz target's own body; a finding's input stays there for ever.
#![allow(clippy::print_stdout, reason = "the input that a failure is about")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/bodies/dates.rs"]
mod dates;
#[path = "../fuzz/bodies/decisions.rs"]
mod decisions;
#[path = "../fuzz/bodies/endings.rs"]
mod endings;
#[path = "../fuzz/bodies/page_facts.rs"]
mod page_facts;
#[path = "../fuzz/bodies/protocol.rs"]
mod protocol;
#[path = "../fuzz/bodies/report.rs"]
mod report;
#[path = "../fuzz/bodies/roster.rs"]
mod roster;
#[path = "../fuzz/bodies/rule_pack.rs"]
mod rule_pack;
#[path = "../fuzz/bodies/spreadsheet.rs"]
mod spreadsheet;
#[path = "../fuzz/bodies/zip_names.rs"]
mod zip_names;

type Body = fn(&[u8]);

const TARGETS: [(&str, Body); 10] = [
    ("dates", dates::check),
    ("decisions", decisions::check),
    ("endings", endings::check),
    ("page_facts", page_facts::check),
    ("protocol", protocol::check),
    ("report", report::check),
    ("roster", roster::check),
    ("rule_pack", rule_pack::check),
    ("spreadsheet", spreadsheet::check),
    ("zip_names", zip_names::check),
];
/// Of one target; what a fuzzer gathers beyond it stays with whoever ran it.
const MOST_BYTES: u64 = 64 << 10;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = fuzz().join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut inputs: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    inputs.sort();
    inputs
}

fn replay(target: &str) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    for input in inputs(target) {
        println!("{}", input.display());
        let bytes = fs::read(&input).expect("readable");
        body(&bytes);
        // As a mail gateway or a full disk leaves it.
        body(&bytes[..bytes.len() / 2]);
    }
}

macro_rules! replays {
    ($($name:ident)*) => { $(#[test] fn $name() { replay(stringify!($name)) })* };
}

mod corpus {
    use super::replay;
    replays! { dates decisions endings page_facts protocol report roster rule_pack spreadsheet zip_names }
}

#[test]
fn every_target_has_a_body_a_binary_and_a_small_corpus() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for folder in ["bodies", "fuzz_targets"] {
        let entries = fs::read_dir(fuzz().join(folder)).expect("a folder").map(|e| e.expect("an entry").path());
        let there: BTreeSet<String> = entries.filter_map(|p| Some(p.file_stem()?.to_str()?.to_owned())).collect();
        assert_eq!(there, names, "{folder}");
    }
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("readable");
    for name in names {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let inputs = inputs(&name);
        let bytes: u64 = inputs.iter().map(|i| i.metadata().expect("a file").len()).sum();
        assert!(!inputs.is_empty() && bytes <= MOST_BYTES, "{name}: {} inputs, {bytes} bytes", inputs.len());
    }
}
