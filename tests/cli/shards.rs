//! Parts of a batch, judged by several processes and merged, are the report of one machine, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::common::{Audited, NOTICES, audit, audited, command, files, fixtures, home, scratch};

/// A notice's fixture packets and their roster.
fn packets(notice: &str) -> (PathBuf, PathBuf) {
    let folder = fixtures().join("packets").join(notice);
    (folder.join("submissions"), folder.join("roster.csv"))
}

/// Runs every part, the last first.
fn parts(batch: &Path, notice: &str, roster: &Path, of: usize, into: &Path, extra: &[&str]) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for number in (1..=of).rev() {
        let folder = into.join(format!("{number}-{of}"));
        let shard = format!("{number}/{of}");
        let run = audit(batch, notice, Some(roster), &folder, &[&["--shard", shard.as_str()], extra].concat());
        assert!([0, 3].contains(&run.code()), "{notice} {shard}: {}", run.stderr());
        folders.push(folder);
    }
    folders
}

fn merge(parts: &[PathBuf], out: &Path, extra: &[&str]) -> Audited {
    let output =
        command(home()).arg("merge").args(parts).arg("--out").arg(out).args(extra).output().expect("the binary starts");
    Audited { out: out.to_owned(), output }
}

pub(crate) fn assert_same(one: &Path, other: &Path, what: &str) {
    let (one, other) = (files(one), files(other));
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&one), names(&other), "{what}");
    let differing: Vec<_> =
        one.iter().filter(|(name, bytes)| other.get(*name) != Some(bytes)).map(|(n, _)| n).collect();
    assert!(differing.is_empty(), "{what}: {differing:?}");
}

fn counts(folder: &Path) -> (usize, usize) {
    let text = fs::read(folder.join("shard.json")).expect("a part's own word");
    let manifest: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let number = |key: &str| manifest[key].as_u64().expect("a number") as usize;
    (number("pages"), number("pages_read"))
}

#[test]
fn one_three_and_seven_parts_of_every_notice_merge_to_the_report_of_one_machine() {
    for notice in NOTICES {
        let whole = audited(notice);
        let (batch, roster) = packets(notice);
        for of in [1, 3, 7] {
            let into = scratch(&format!("shards-{notice}-{of}"));
            let folders = parts(&batch, notice, &roster, of, &into, &[]);
            let merged = merge(&folders, &into.join("merged"), &[]);
            assert_eq!(merged.code(), whole.code(), "{notice}, {of} parts: {}", merged.stderr());
            assert_same(&whole.out, &merged.out, &format!("{notice}, {of} parts"));
            // Every page once, none of them read again.
            let pages: usize = folders.iter().map(|folder| counts(folder).0).sum();
            assert_eq!(pages, whole.facts().len(), "{notice}, {of} parts");
            let in_parts: Vec<String> = folders
                .iter()
                .flat_map(|f| super::common::jsonl(&f.join("shard/facts.jsonl")))
                .map(|page| format!("{}/{}#{}", page["applicant"], page["file"], page["page"]))
                .collect();
            assert_eq!(in_parts.iter().collect::<BTreeSet<_>>().len(), pages, "{notice}, {of} parts: a page twice");
            // What can't be read is tried again each time.
            let unread = |page: &&serde_json::Value| {
                !["good", "blank", "degraded"].contains(&page["quality"].as_str().expect("a word"))
            };
            let tried = whole.facts().iter().filter(unread).count();
            assert_eq!(folders.iter().map(|folder| counts(folder).1).sum::<usize>(), tried, "{notice}, {of} parts");
            // Merged again, as a job that was started twice does.
            if of == 3 {
                assert_eq!(merge(&folders, &merged.out, &[]).code(), whole.code());
                assert_same(&whole.out, &merged.out, &format!("{notice}, merged twice"));
            }
        }
    }
}

const NOTICE: &str = "yangcheng-engineering-2021";

/// The notice's packets, one of them with a contract of the other's applicant in it, and a third that leaves later.
fn shared_batch(name: &str) -> (PathBuf, PathBuf) {
    let (from, roster) = packets(NOTICE);
    let to = scratch(name).join("in");
    for (file, bytes) in files(&from) {
        let mut names = vec![file.clone()];
        match file.as_str() {
            "尉迟峻/聘用协议.pdf" => names.push("濮阳青/聘用协议（二）.pdf".to_owned()),
            "尉迟峻/工作报告.pdf" => names.push("另一人/工作报告.pdf".to_owned()),
            _ => {}
        }
        for name in names {
            let path = to.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, &bytes).expect("writable");
        }
    }
    (to, roster)
}

#[test]
fn what_packets_of_different_parts_share_is_in_tables_letters_pages_and_copies() {
    let (batch, roster) = shared_batch("shards-shared");
    let into = batch.with_file_name("parts");
    let whole = audit(&batch, NOTICE, Some(&roster), &batch.with_file_name("whole"), &["--annotate"]);
    assert_eq!(whole.code(), 0, "{}", whole.stderr());
    let shared: BTreeSet<String> = whole
        .findings()
        .iter()
        .filter(|f| f["check"] == "shared-page")
        .map(|f| f["applicant"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(shared, ["另一人", "尉迟峻", "濮阳青"].map(str::to_owned).into());
    let folders = parts(&batch, NOTICE, &roster, 3, &into, &["--annotate"]);
    let holder = |who: &str| folders.iter().position(|f| f.join("pages").join(format!("{who}.html")).exists());
    assert_ne!(holder("濮阳青"), holder("尉迟峻"), "in different parts");
    let out = batch.with_file_name("merged");
    let lacking = merge(&folders, &out, &[]);
    assert_eq!(lacking.code(), 2);
    assert!(lacking.stderr().contains("--submissions") && !out.exists(), "{}", lacking.stderr());
    let merged = merge(&folders, &out, &["--submissions", batch.to_str().expect("UTF-8")]);
    assert_eq!(merged.code(), 0, "{}", merged.stderr());
    assert_same(&whole.out, &merged.out, "shared pages");
}

/// The second round, after a decision: against the report that is replaced, and against another folder's.
#[test]
fn rounds_and_decisions_go_on_through_parts() {
    let (batch, roster) = shared_batch("shards-rounds");
    let dir = batch.parent().expect("a folder").to_owned();
    let whole = audit(&batch, NOTICE, Some(&roster), &dir.join("whole"), &[]);
    let first = merge(&parts(&batch, NOTICE, &roster, 2, &dir.join("parts1"), &[]), &dir.join("merged"), &[]);
    assert_eq!((whole.code(), first.code()), (0, 0), "{}", first.stderr());
    assert_same(&whole.out, &first.out, "first round");
    // One word on a shared page, one on another finding; and an applicant who is not among the packets of round two.
    let findings = whole.findings();
    let id = |is_shared: bool| {
        let found = findings.iter().find(|f| (f["check"] == "shared-page") == is_shared).expect("one of each");
        found["id"].as_str().expect("an id").to_owned()
    };
    let decisions =
        format!("编号,决定,备注\r\n{},驳回,同一项目\r\n{},确认,\r\nFNOBODY0000,已核,\r\n", id(true), id(false));
    for out in [&whole.out, &first.out] {
        fs::write(out.join("decisions.csv"), &decisions).expect("writable");
    }
    fs::remove_dir_all(batch.join("另一人")).expect("ours");
    let second = |extra: &[&str], out: &Path| audit(&batch, NOTICE, Some(&roster), out, extra);

    // Into a new folder.
    let previous = ["--previous", whole.out.to_str().expect("UTF-8")];
    let elsewhere = second(&previous, &dir.join("whole2"));
    assert_eq!(elsewhere.code(), 0, "{}", elsewhere.stderr());
    let folders = parts(&batch, NOTICE, &roster, 2, &dir.join("parts2"), &previous);
    let forgotten = merge(&folders, &dir.join("merged2"), &[]);
    assert!(forgotten.code() == 2 && forgotten.stderr().contains("--previous"), "{}", forgotten.stderr());
    let merged = merge(&folders, &dir.join("merged2"), &previous);
    assert_eq!(merged.code(), 0, "{}", merged.stderr());
    assert_same(&elsewhere.out, &merged.out, "second round elsewhere");
    assert!(merged.stderr().contains("FNOBODY0000"), "{}", merged.stderr());
    assert!(merged.findings().iter().all(|f| f["status"] != "new"));

    // Over the report of the first round; then merged again, as a requeued job would.
    let over = second(&[], &whole.out);
    let own = ["--previous", first.out.to_str().expect("UTF-8")];
    let folders = parts(&batch, NOTICE, &roster, 2, &dir.join("parts3"), &own);
    for again in ["second round", "second round merged twice"] {
        let merged = merge(&folders, &first.out, &own);
        assert_eq!((over.code(), merged.code()), (0, 0), "{}", merged.stderr());
        assert_same(&over.out, &merged.out, again);
    }
    let wrong = merge(&folders, &dir.join("merged3"), &["--previous", elsewhere.out.to_str().expect("UTF-8")]);
    assert!(wrong.code() == 2 && wrong.stderr().contains("不是"), "{}", wrong.stderr());
}

#[test]
fn parts_that_make_no_report_are_refused_by_name() {
    let (batch, roster) = packets(NOTICE);
    let into = scratch("shards-refused");
    let folders = parts(&batch, NOTICE, &roster, 2, &into, &[]);
    let out = into.join("out");
    let refused = |parts: &[PathBuf], words: &[&str]| {
        let run = merge(parts, &out, &[]);
        assert_eq!(run.code(), 2, "{}", run.stderr());
        assert!(words.iter().all(|word| run.stderr().contains(word)), "{words:?} in {}", run.stderr());
        assert!(!out.exists(), "nothing is written");
    };
    refused(&folders[..1], &["缺少分片 1/2"]);
    refused(&[folders[0].clone(), folders[0].clone(), folders[1].clone()], &["都是分片 2/2", "2-2"]);
    refused(&[folders[0].clone(), audited(NOTICE).out.clone()], &["完整的报告"]);
    let other_day = into.join("other-day");
    let run = audit(&batch, NOTICE, Some(&roster), &other_day, &["--shard", "1/2", "--annotate"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    refused(&[folders[0].clone(), other_day], &["other-day", "--annotate 选项不同"]);
    let no_roster = into.join("no-roster");
    assert_eq!(audit(&batch, NOTICE, None, &no_roster, &["--shard", "1/2"]).code(), 0);
    refused(&[folders[0].clone(), no_roster], &["花名册不同"]);

    let taken = audit(&batch, NOTICE, Some(&roster), &folders[0], &["--shard", "1/2"]);
    assert!(taken.code() == 2 && taken.stderr().contains("里是分片 2/2"), "{}", taken.stderr());
    let over_report = audit(&batch, NOTICE, Some(&roster), &audited(NOTICE).out, &["--shard", "1/2"]);
    assert!(over_report.code() == 2 && over_report.stderr().contains("完整的报告"), "{}", over_report.stderr());
    let odd = audit(&batch, NOTICE, Some(&roster), &into.join("odd"), &["--shard", "3/2"]);
    assert!(odd.code() == 2 && odd.stderr().contains("--shard"), "{}", odd.stderr());
    let within = merge(&folders, &folders[0], &[]);
    assert!(within.code() == 2 && within.stderr().contains("--out"), "{}", within.stderr());
}
