//! Ctrl-C leaves the finished packets' reports valid and says what is missing.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::common::{command, fixtures, home, jsonl, scratch};

#[test]
fn an_interrupted_run_keeps_what_is_finished() {
    let folder = fixtures().join("packets").join("changzhi-engineering-2022").join("submissions");
    let out = scratch("interrupt");
    let mut child = command(home())
        .arg("audit")
        .arg(&folder)
        .args(["--rules", "changzhi-engineering-2022", "--offline", "--no-cache", "--jobs", "1", "--out"])
        .arg(&out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    // The first finished packet's file is the sign that some are done and some are not.
    let applicants = out.join("applicants");
    let deadline = Instant::now() + Duration::from_secs(300);
    while std::fs::read_dir(&applicants).map_or(0, Iterator::count) == 0 {
        assert!(Instant::now() < deadline, "no packet was finished in time");
        assert!(child.try_wait().expect("a child").is_none(), "ended before it could be interrupted");
        std::thread::sleep(Duration::from_millis(50));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(child.wait().expect("ends").code(), Some(130));
    let record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("run.json")).expect("written")).expect("valid JSON");
    let missing = record["missing"].as_array().expect("a list").len();
    assert!(missing > 0, "the rest is named as missing");
    let finished = std::fs::read_dir(&applicants).expect("a folder").count();
    let packets = std::fs::read_dir(&folder).expect("fixtures").count();
    assert_eq!(finished + missing, packets);
    for finding in jsonl(&out.join("findings.jsonl")) {
        assert!(finding["id"].is_string());
    }
}
