//! kill -9 at any moment: the next run writes the report that an undisturbed one writes.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{files, jsonl};
use crate::office::{Dice, Office, children, copy, differing, is_temporary, said, signal};

const PARENTS: usize = 70;
/// Of these while pages are read.
const READING: usize = 10;
/// A child killed once in a run, and several times.
const ONCE: usize = 12;
const OFTEN: (usize, usize) = (3, 6);

#[test]
fn a_run_killed_at_any_moment_is_made_good_by_the_next() {
    let office = Office::warm("killed-parent");
    let mut dice = Dice::new("killed parent");
    // Over nothing, and over an older report of other rules and one applicant more.
    let old = {
        let out = office.out("old");
        let more = office.batch.join("04_赵小川");
        std::fs::create_dir(&more).expect("writable");
        std::fs::write(more.join("x.pdf"), b"%PDF-1.4").expect("writable");
        let done = office.audit(&out, &["--as-of", "2024-11-01"]).output().expect("starts");
        assert_eq!(done.status.code(), Some(3), "{}", said(&done));
        std::fs::remove_dir_all(more).expect("made");
        files(&out)
    };
    let fresh = office.finished(&office.out("fresh"), &[]);
    let begun = Instant::now();
    copy(&old, &office.out("next"));
    let next = office.finished(&office.out("next"), &[]);
    let span = begun.elapsed();
    assert!(!differing(&fresh, &next).is_empty(), "the older report shows");

    let (mut midway, mut written) = (0, 0);
    for i in 0..PARENTS {
        let out = office.out("killed");
        let (before, expected) = if i % 3 == 0 { (Some(&old), &next) } else { (None, &fresh) };
        let _ = std::fs::remove_dir_all(&out);
        if let Some(old) = before {
            copy(old, &out);
        }
        let reading = i % (PARENTS / READING) == 0;
        if reading {
            office.forget_a_page();
        }
        let within = if reading { span + Duration::from_secs(1) } else { span };
        let mut run = office.audit(&out, &[]).spawn().expect("starts");
        std::thread::sleep(dice.moment(within));
        let ended = run.try_wait().expect("a child").is_some();
        run.kill().expect("killed");
        run.wait().expect("ended");
        let left = if out.exists() { files(&out) } else { Default::default() };
        midway += usize::from(!ended && left.len() > before.map_or(0, |b| b.len()));
        // Names of what is half done say nothing of anybody.
        let half = left.keys().filter(|n| is_temporary(n)).flat_map(|n| n.split('/').skip_while(|p| !is_temporary(p)));
        assert!(half.clone().all(|part| part.is_ascii()), "{:?}", half.collect::<Vec<_>>());
        let whole = left.into_iter().filter(|(name, _)| !is_temporary(name)).collect();
        let recorded = |files: &std::collections::BTreeMap<String, Vec<u8>>| files.get("rounds.jsonl").cloned();
        if recorded(&whole) == recorded(expected) {
            // The round was closed: the report is what it should be, and another run would be the next round.
            assert_eq!(differing(&whole, expected), Vec::<String>::new(), "run {i}");
            written += 1;
            continue;
        }
        let again = office.finished(&out, &[]);
        assert_eq!(differing(&again, expected), Vec::<String>::new(), "run {i}");
    }
    println!("{PARENTS} kills, {midway} in the midst of writing, {written} after the last file");
    assert!(midway * 4 > PARENTS, "most kills should meet a run at work");
}

/// Starts an audit and kills one of its children after a while. None: it had ended before.
fn child_killed(office: &Office, out: &std::path::Path, dice: &mut Dice, times: usize) -> Option<(Option<i32>, usize)> {
    office.forget_a_page();
    let mut run = office.audit(out, &[]).spawn().expect("starts");
    let mut killed = 0;
    while run.try_wait().expect("a child").is_none() {
        let found = children(run.id());
        if killed == times || found.is_empty() {
            std::thread::sleep(Duration::from_millis(2));
            continue;
        }
        std::thread::sleep(dice.moment(Duration::from_millis(700)));
        let at = dice.below(found.len() as u64) as usize;
        killed += usize::from(children(run.id()).contains(&found[at]) && signal(found[at], "KILL"));
    }
    let done = run.wait_with_output().expect("ended");
    (killed > 0).then(|| {
        assert!(done.status.code().is_some_and(|c| [0, 2, 3].contains(&c)), "{}", said(&done));
        (done.status.code(), killed)
    })
}

#[test]
fn a_child_killed_from_outside_costs_nothing() {
    let office = Office::warm("killed-child");
    let mut dice = Dice::new("killed child");
    let expected = office.finished(&office.out("reference"), &[]);
    let mut kills = 0;
    for i in 0..ONCE * 2 {
        if kills == ONCE {
            break;
        }
        let out = office.out(&format!("once-{i}"));
        let Some((code, _)) = child_killed(&office, &out, &mut dice, 1) else { continue };
        kills += 1;
        // The page was read by another child.
        assert_eq!(code, Some(0), "run {i}");
        assert_eq!(differing(&files(&out), &expected), Vec::<String>::new(), "run {i}");
    }
    assert!(kills >= ONCE / 2, "only {kills} kills met a child");
    for i in 0..OFTEN.0 {
        let out = office.out(&format!("often-{i}"));
        let Some((code, killed)) = child_killed(&office, &out, &mut dice, OFTEN.1) else { continue };
        kills += killed;
        let named = || -> Vec<Value> {
            let record = std::fs::read(out.join("run.json")).expect("written");
            let record: Value = serde_json::from_slice(&record).expect("JSON");
            record["not_examined"].as_array().expect("a list").clone()
        };
        match code {
            // Killed twice on one page: it is named, and the other packets are as ever.
            Some(3) => {
                assert!(named().iter().all(|n| n["applicant"] == crate::office::PEOPLE[0]), "{:?}", named());
                let others = |f: &Value| f["applicant"] != crate::office::PEOPLE[0];
                let kept = |path| jsonl(path).into_iter().filter(others).collect::<Vec<_>>();
                let reference = office.out("reference").join("facts.jsonl");
                assert_eq!(kept(&out.join("facts.jsonl")), kept(&reference));
            }
            // Killed twice while it loaded: nothing can be read, and nothing was.
            Some(2) => assert!(!out.join("run.json").exists()),
            _ => {}
        }
        // A report that named an unread page is a round of its own; what it could not say is no part of this test.
        std::fs::remove_dir_all(&out).expect("written");
        assert_eq!(differing(&office.finished(&out, &[]), &expected), Vec::<String>::new(), "run {i}");
    }
    println!("{kills} children killed");
}
