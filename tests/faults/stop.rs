//! Ctrl-C at any stage: exit 130, whole files, nothing left behind, and the next run makes it good.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{files, jsonl};
use crate::office::{Dice, Office, differing, is_temporary, said, signal, until};

type Files = BTreeMap<String, Vec<u8>>;

/// Interrupts an audit when `sign` shows. The output, and whether it was still at work.
fn interrupted(office: &Office, out: &Path, sign: impl FnMut() -> bool) -> (Output, bool) {
    let mut run = office.audit(out, &[]).spawn().expect("starts");
    until(&mut run, sign);
    let at_work = run.try_wait().expect("a child").is_none() && signal(run.id(), "INT");
    (run.wait_with_output().expect("ends"), at_work)
}

/// What an interrupted run may leave: whole files of the packets that finished, and the names of the others.
fn valid(out: &Path, expected: &Files) -> Vec<String> {
    let found = if out.exists() { files(out) } else { Files::new() };
    let left: Vec<&String> = found.keys().filter(|n| is_temporary(n)).collect();
    assert!(left.is_empty(), "{left:?}");
    let Some(record) = found.get("run.json") else {
        // Stopped before anything was opened.
        assert!(!found.contains_key("findings.jsonl") && !found.contains_key("rounds.jsonl"), "{:?}", found.keys());
        return Vec::new();
    };
    let record: Value = serde_json::from_slice(record).expect("JSON");
    let missing: Vec<&str> = record["missing"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let is_missing = |name: &str| missing.iter().any(|m| name.contains(m));
    assert_eq!(found.contains_key("rounds.jsonl"), missing.is_empty(), "an interrupted run is no round");
    for name in ["findings.jsonl", "facts.jsonl"] {
        let whole = String::from_utf8(expected[name].clone()).expect("UTF-8");
        let kept: Vec<Value> = whole.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        let kept: Vec<Value> =
            kept.into_iter().filter(|l| !is_missing(l["applicant"].as_str().expect("a name"))).collect();
        assert_eq!(jsonl(&out.join(name)), kept, "{name}");
    }
    for (name, bytes) in expected.iter().filter(|(n, _)| n.starts_with("applicants/") || n.starts_with("letters/")) {
        assert_eq!(found.get(name), (!is_missing(name)).then_some(bytes), "{name}");
    }
    missing.into_iter().map(str::to_owned).collect()
}

fn made_good(office: &Office, out: &Path, expected: &Files) {
    // A report with all packets in it is a round; another run would be the next.
    if !out.join("rounds.jsonl").is_file() {
        assert_eq!(differing(&office.finished(out, &[]), expected), Vec::<String>::new());
    }
}

/// Whether a report in the making has come to a stage.
type Sign = Box<dyn Fn(&Path) -> bool>;

#[test]
fn each_stage_can_be_interrupted() {
    let office = Office::warm("stop-stages");
    let expected = office.finished(&office.out("reference"), &[]);
    let appears = |path: &'static str| move |out: &Path| out.join(path).exists();
    let stages: [(&str, bool, Sign); 5] = [
        ("opening", false, Box::new(appears("pages"))),
        ("reading", true, Box::new(appears("evidence"))),
        ("judging", false, Box::new(|out| fs::read_dir(out.join("applicants")).is_ok_and(|d| d.count() > 0))),
        ("writing", false, Box::new(appears("findings.jsonl"))),
        ("annotating", false, Box::new(appears("annotated"))),
    ];
    for (stage, reading, sign) in stages {
        let mut met = false;
        // Some stages last milliseconds.
        for attempt in 0..4 {
            let out = office.out(&format!("{stage}-{attempt}"));
            if reading {
                office.forget_a_page();
            }
            let (done, at_work) = interrupted(&office, &out, || sign(&out));
            let code = done.status.code();
            assert!(code == Some(130) || (!at_work && code == Some(0)), "{stage}: {code:?} {}", said(&done));
            let missing = valid(&out, &expected);
            assert!(fs::read_dir(&office.tmp).expect("ours").next().is_none(), "{stage}: what was unpacked is left");
            if stage == "annotating" && code == Some(130) {
                assert!(missing.is_empty() && out.join("rounds.jsonl").is_file(), "the report itself is whole");
            }
            made_good(&office, &out, &expected);
            met |= code == Some(130);
            if met {
                break;
            }
        }
        assert!(met, "{stage} was never met");
    }
}

#[test]
fn any_moment_will_do_to_interrupt() {
    let office = Office::warm("stop-moments");
    let begun = Instant::now();
    let expected = office.finished(&office.out("reference"), &[]);
    let span = begun.elapsed();
    let mut dice = Dice::new("Ctrl-C");
    let mut stopped = 0;
    for i in 0..16 {
        let out = office.out(&format!("moment-{i}"));
        let moment = dice.moment(span);
        let begun = Instant::now();
        let (done, _) = interrupted(&office, &out, || begun.elapsed() > moment);
        // Before the program has come to itself it ends as any does.
        let unborn = done.status.signal() == Some(2) && moment < Duration::from_millis(500) && !out.exists();
        assert!(unborn || matches!(done.status.code(), Some(0 | 130)), "{moment:?}: {}", said(&done));
        stopped += usize::from(done.status.code() == Some(130));
        valid(&out, &expected);
        assert!(fs::read_dir(&office.tmp).expect("ours").next().is_none(), "what was unpacked is left");
        made_good(&office, &out, &expected);
    }
    assert!(stopped >= 3, "{stopped}");
}
