//! Running the binary over made packets, and what its report says of each file and page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::common::{self, command, home};

/// A scratch folder of this test run, emptied first.
pub(crate) fn scratch(name: &str) -> PathBuf {
    common::scratch(&format!("damage/{name}"))
}

/// A finished run of `audit`.
pub(crate) struct Audited {
    pub(crate) out: PathBuf,
    pub(crate) output: Output,
    facts: Vec<Value>,
    findings: Vec<Value>,
    record: Value,
}

pub(crate) fn audit(submissions: &Path, name: &str, extra: &[&str]) -> Audited {
    let out = scratch(name);
    let mut command = command(home());
    command.arg("audit").arg(submissions).args(["--rules", "yangquan-bigdata-2024", "--as-of", "2024-12-01"]);
    let output = command.arg("--offline").arg("--out").arg(&out).args(extra).output().expect("the binary starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap_or_else(|e| panic!("{name}: {e}: {told}"));
    let lines = |name: &str| {
        let text = read(name);
        text.lines().map(|l| serde_json::from_str(l).expect("one JSON document a line")).collect()
    };
    let (facts, findings) = (lines("facts.jsonl"), lines("findings.jsonl"));
    let record = serde_json::from_str(&read("run.json")).expect("JSON");
    Audited { facts, findings, record, out, output }
}

/// How `unreadable-file` words each reason, and the status that stands for it.
const WORDING: [(&str, &str); 10] = [
    ("文件为空", "empty"),
    ("已加密", "encrypted"),
    ("与扩展名不符", "not-a-document"),
    ("没有任何页面", "no-pages"),
    ("超过处理限制", "over-limit"),
    ("规定时间", "timed-out"),
    ("内存不足", "out-of-memory"),
    ("读取时出错", "crashed"),
    ("文件已损坏", "damaged"),
    ("无法读取", "io"),
];

/// What the report says of a file: its one status as a whole, or its pages' statuses in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Whole(String),
    Pages(Vec<String>),
    Nothing,
}

impl Audited {
    pub(crate) fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub(crate) fn list(&self, key: &str) -> Vec<&Value> {
        self.record[key].as_array().map_or_else(Vec::new, |list| list.iter().collect())
    }

    /// Holds that every page is counted once, as what it was read as.
    pub(crate) fn every_page_is_counted(&self) {
        let pages = |of: &[&str]| self.facts.iter().filter(|f| of.iter().any(|q| f["quality"] == *q)).count();
        let (whole, in_part) = (pages(&["good", "blank"]), pages(&["degraded"]));
        let unreadable = self.facts.len() - whole - in_part;
        let counted = serde_json::json!({ "whole": whole, "in_part": in_part, "unreadable": unreadable });
        assert_eq!(self.record["pages_examined"], counted);
        assert_eq!(self.record["pages"], self.facts.len());
        assert!(whole > 0 && in_part > 0 && unreadable > 0, "{counted}");
    }

    /// Every file of a packet that the report names, with its status; checks that facts, findings and `run.json` agree.
    pub(crate) fn files(&self, packet: &str) -> BTreeMap<String, Told> {
        let mut files: BTreeMap<String, Told> = BTreeMap::new();
        let of = |v: &&Value| v["applicant"] == packet;
        let named = |v: &Value| v["file"].as_str().unwrap_or_default().to_owned();
        for fact in self.facts.iter().filter(of) {
            let quality = fact["quality"].as_str().expect("a word").to_owned();
            let told = files.entry(named(fact)).or_insert_with(|| Told::Pages(Vec::new()));
            let Told::Pages(pages) = told else { panic!("{packet}: pages of a file that was not read") };
            assert_eq!(fact["page"].as_u64(), Some(pages.len() as u64 + 1), "{packet}: pages in order");
            pages.push(quality);
        }
        let unreadable = |v: &&Value| v["check"] == "unreadable-file";
        for finding in self.findings.iter().filter(of).filter(unreadable).filter(|f| f["page"].is_null()) {
            assert_eq!(finding["verdict"], "defect");
            let seen = finding["seen"].as_str().expect("words");
            let (_, word) = WORDING.iter().find(|(text, _)| seen.contains(text)).unwrap_or_else(|| panic!("{seen}"));
            let before = files.insert(named(finding), Told::Whole((*word).to_owned()));
            assert!(before.is_none(), "{packet}: {} told twice", named(finding));
        }
        for (file, told) in &files {
            self.agrees(packet, file, told);
        }
        files
    }

    fn agrees(&self, packet: &str, file: &str, told: &Told) {
        let here = |v: &&Value| v["applicant"] == packet && v["file"] == *file;
        let listed: Vec<Option<u64>> =
            self.list("not_examined").into_iter().filter(here).map(|n| n["page"].as_u64()).collect();
        let Told::Pages(pages) = told else {
            assert_eq!(listed, [None], "{packet}/{file} is listed once, as a whole");
            return;
        };
        let mut covered = None;
        for (page, quality) in (1..).zip(pages) {
            let sound = matches!(quality.as_str(), "good" | "blank");
            assert_eq!(listed.contains(&Some(page)), !sound, "{packet}/{file} page {page}: {quality}, {listed:?}");
            let finding = self
                .findings
                .iter()
                .filter(here)
                .find(|f| f["check"] == "unreadable-file" && f["page"].as_u64() == Some(page));
            // Neighbours that failed alike share the first one's finding.
            let shared = covered == Some(quality) && finding.is_none();
            assert_eq!(finding.is_some() || shared, !sound, "{packet}/{file} page {page}: {quality}");
            if let (Some(finding), false) = (finding, quality == "degraded") {
                let seen = finding["seen"].as_str().expect("words");
                let wording = WORDING.iter().find(|(_, word)| word == quality).expect("a known status");
                assert!(seen.contains(wording.0) && finding["verdict"] == "defect", "{quality}: {seen}");
            }
            covered = (!sound && quality != "degraded").then_some(quality);
        }
    }
}
