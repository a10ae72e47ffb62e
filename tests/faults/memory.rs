//! A child that runs out of memory costs its page, and that one is named.
#![cfg(target_os = "linux")]

use std::fs;

use serde_json::Value;

use crate::common::{files, jsonl};
use crate::office::{Office, PEOPLE, said};

/// KiB of address space: enough for the models and an A4 page, not for a sheet of 90 million pixels.
const SPACE: u32 = 700_000;

#[test]
fn a_page_that_memory_does_not_suffice_for_is_named_and_the_others_are_read() {
    let office = Office::warm("memory");
    let expected = office.finished(&office.out("reference"), &[]);
    let packet = office.batch.join("09_孙立群");
    fs::create_dir(&packet).expect("writable");
    let sheet = image::RgbImage::from_fn(9000, 10_000, |x, y| image::Rgb([x as u8, y as u8, (x / 256) as u8]));
    sheet.save(packet.join("大图.png")).expect("writable");
    office.forget_a_page();
    let out = office.out("short");
    let script = format!("ulimit -v {SPACE}; exec \"$@\"");
    let done = office.through(&["env"], &script, &out, &["--jobs", "1"]).output().expect("starts");
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let record: Value = serde_json::from_slice(&fs::read(out.join("run.json")).expect("written")).expect("JSON");
    let named = record["not_examined"].as_array().expect("a list").clone();
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(
        named[0]["applicant"] == "09_孙立群" && named[0]["file"] == "大图.png" && named[0]["page"] == 1,
        "{named:?}"
    );
    assert!(named[0]["reason"].as_str().is_some_and(|r| r.contains("内存不足")), "{named:?}");
    let facts = jsonl(&out.join("facts.jsonl"));
    let page = facts.iter().find(|f| f["applicant"] == "09_孙立群").expect("the page is listed");
    assert_eq!(page["quality"], "out-of-memory");
    let found = files(&out);
    for person in PEOPLE {
        let table = format!("applicants/{person}.csv");
        assert!(found[&table] == expected[&table], "{person}");
    }
}
