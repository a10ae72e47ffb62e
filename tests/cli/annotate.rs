//! `audit --annotate`: what the reviewer opens beside the list.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use lopdf::{Document, Object};
use serde_json::Value;

use super::common::{audit, files, fixtures, scratch};

const NOTICE: &str = "yangquan-bigdata-2024";

fn packet(name: &str, into: &Path) {
    let from = fixtures().join("packets").join(NOTICE).join("submissions").join(name);
    for (file, bytes) in files(&from) {
        let to = into.join(name).join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
        fs::write(to, bytes).expect("writable");
    }
}

/// Notes by page (1-based): how many, and whether each has an appearance.
fn notes(copy: &Path) -> BTreeMap<u32, Vec<String>> {
    let copy = Document::load(copy).expect("a sound file");
    let told = |id| {
        let all = copy.get_page_annotations(id).unwrap_or_default();
        all.iter()
            .map(|a| {
                assert!(a.get(b"AP").and_then(Object::as_dict).is_ok(), "every reader draws it");
                let bytes = a.get(b"Contents").and_then(Object::as_str).expect("text");
                let units: Vec<u16> = bytes[2..].chunks(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
                String::from_utf16(&units).expect("text")
            })
            .collect()
    };
    copy.get_pages().into_iter().map(|(page, id)| (page, told(id))).collect()
}

#[test]
fn every_defective_pdf_has_a_copy_that_tells_its_findings() {
    let (batch, out) = (scratch("annotate-in"), scratch("annotate-out"));
    packet("03_栾志鹏", &batch);
    let run = audit(&batch, NOTICE, None, &out, &["--annotate"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let mut by_file: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in run.findings() {
        if let Some(file) = finding["file"].as_str().filter(|f| f.ends_with(".pdf")) {
            by_file.entry(format!("03_栾志鹏/{file}")).or_default().push(finding);
        }
    }
    let copies = files(&out.join("annotated"));
    assert_eq!(copies.keys().collect::<BTreeSet<_>>(), by_file.keys().collect::<BTreeSet<_>>());
    assert!(copies.len() >= 3, "{:?}", copies.keys());
    for (file, findings) in by_file {
        let original = fs::read(batch.join(&file)).expect("untouched");
        assert!(copies[&file].starts_with(&original), "{file}");
        let notes = notes(&out.join("annotated").join(&file));
        for finding in findings {
            let page = finding["page"].as_u64().unwrap_or(1) as u32;
            let (id, clause) = (finding["id"].as_str().expect("text"), finding["clause"].as_str().expect("text"));
            let note = notes[&page].iter().find(|n| n.contains(id)).unwrap_or_else(|| panic!("{file}: no {id}"));
            assert!(note.contains(clause) && note.contains(finding["message"].as_str().expect("text")), "{note}");
        }
    }
    // The same bytes again; and none where they weren't asked for, as they tell an older report.
    let again = audit(&batch, NOTICE, None, &out, &["--annotate"]);
    assert_eq!(again.code(), 0, "{}", again.stderr());
    assert_eq!(files(&out.join("annotated")), copies);
    let without = audit(&batch, NOTICE, None, &out, &[]);
    assert_eq!(without.code(), 0, "{}", without.stderr());
    assert!(!out.join("annotated").exists());
}

#[test]
fn what_has_no_copy_is_said_and_costs_nothing_else() {
    let (folder, out) = (fixtures().join("damaged/submissions"), scratch("annotate-damaged"));
    let run = audit(&folder, NOTICE, None, &out, &["--annotate"]);
    assert_eq!(run.code(), 3, "as without copies: {}", run.stderr());
    let all = files(&out.join("annotated"));
    let mut refused = 0;
    for (name, bytes) in &all {
        if name.ends_with("未批注.txt") {
            refused += String::from_utf8_lossy(bytes).lines().count() - 1;
            continue;
        }
        let original = files(&folder).into_iter().find(|(n, _)| n == name);
        assert!(original.is_none_or(|(_, o)| bytes.starts_with(&o)), "{name}");
        assert!(notes(&out.join("annotated").join(name)).values().any(|n| !n.is_empty()), "{name}");
    }
    assert!(refused > 0, "{:?}", all.keys());
    assert_eq!(run.stderr().matches("没有批注副本").count(), refused, "{}", run.stderr());
}
