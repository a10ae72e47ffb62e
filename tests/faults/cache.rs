//! What is damaged in the cache is read again; a clock that jumped changes nothing.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crate::common::{command, files};
use crate::office::{Dice, Office, differing, said, until};

/// Harms an entry, in one of the ways disks do.
fn harmed(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(whole.len() as u64) as usize;
    let mut bytes = whole.to_vec();
    match dice.below(6) {
        0 => bytes[at] ^= 1 << dice.below(8),
        1 => bytes.truncate(at),
        2 => bytes.push(b'0'),
        3 => bytes[at..].fill(0),
        4 => bytes.fill(0),
        _ => {
            let other = dice.below(whole.len() as u64) as usize;
            bytes.swap(at, other);
            bytes[at] = bytes[at].wrapping_add(1);
        }
    }
    bytes
}

#[test]
fn a_cache_damaged_anywhere_changes_no_byte_of_a_report() {
    let office = Office::warm("cache");
    let expected = office.finished(&office.out("reference"), &[]);
    let mut dice = Dice::new("cache");
    let sound: Vec<(std::path::PathBuf, Vec<u8>)> =
        office.entries().into_iter().map(|p| (p.clone(), fs::read(p).expect("an entry"))).collect();
    let kind = |path: &std::path::Path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let what = name.split_once('-').expect("a hash").1;
        what.chars().filter(|c| c.is_ascii_alphabetic()).collect::<String>()
    };
    let kinds: std::collections::BTreeSet<String> = sound.iter().map(|(p, _)| kind(p)).collect();
    assert!(kinds.len() >= 3, "counts, facts and pictures: {kinds:?}");
    for round in 0..2 {
        for (path, bytes) in &sound {
            fs::write(path, harmed(bytes, &mut dice)).expect("writable");
        }
        let said = office.finished(&office.out(&format!("harmed-{round}")), &[]);
        assert_eq!(differing(&said, &expected), Vec::<String>::new(), "round {round}");
        // They were read again, and the entries are good again.
        for (path, bytes) in &sound {
            assert!(fs::read(path).expect("an entry") == *bytes, "{}", path.display());
        }
    }
    // Something else in an entry's place, and in the marks'.
    let (path, _) = &sound[0];
    fs::remove_file(path).expect("ours");
    fs::create_dir(path).expect("ours");
    fs::write(office.home.join("cache").join("CACHEDIR.TAG"), "Signat").expect("ours");
    assert_eq!(differing(&office.finished(&office.out("odd"), &[]), &expected), Vec::<String>::new());
    let tag = fs::read_to_string(office.home.join("cache").join("CACHEDIR.TAG")).expect("mended");
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55"), "{tag}");
}

#[test]
fn a_clock_that_jumps_changes_no_byte_of_a_report() {
    let office = Office::warm("clock");
    let expected = office.finished(&office.out("reference"), &[]);
    let century = Duration::from_secs(100 * 365 * 24 * 3600);
    let (past, future) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1), SystemTime::now() + century / 2);
    for (name, time) in [("past", past), ("future", future)] {
        let inputs = files(&office.batch).into_keys().map(|n| office.batch.join(n));
        for path in office.entries().into_iter().chain(inputs) {
            File::options().append(true).open(&path).and_then(|f| f.set_modified(time)).expect("ours");
        }
        let done = office.audit(&office.out(name), &[]).output().expect("starts");
        let said = crate::office::said(&done);
        assert!(done.status.code() == Some(0) && said.contains("本次读取 0 页"), "{said}");
        assert_eq!(differing(&files(&office.out(name)), &expected), Vec::<String>::new(), "{name}");
        // What was used is as young as the clock says now, so that it is not kept for ever, nor thrown out first.
        let used = office.entries().into_iter().map(|p| fs::metadata(p).and_then(|m| m.modified()).expect("an entry"));
        let young = used.filter(|at| at.elapsed().is_ok_and(|age| age < Duration::from_secs(3600))).count();
        assert!(young >= 6, "{young}");
    }
}

/// As tasks of a cluster do: all at once, over a cache that has nothing yet, while somebody empties it.
#[test]
fn parts_that_run_at_once_may_share_a_cache() {
    let office = Office::new("shared");
    let started: Vec<_> = (1..=3)
        .map(|part| {
            let (shard, out) = (format!("{part}/3"), office.out(&part.to_string()));
            (office.audit(&out, &["--shard", &shard, "--jobs", "1"]).spawn().expect("starts"), out)
        })
        .collect();
    // The same pages, for a report of their own.
    let whole = office.out("whole");
    let mut one = office.audit(&whole, &["--jobs", "1"]).spawn().expect("starts");
    until(&mut one, || office.home.join("cache").is_dir() && !office.entries().is_empty());
    let cleaned = command(&office.home).args(["cache", "clean"]).output().expect("starts");
    // What comes while it is being emptied may keep it from going.
    assert!(matches!(cleaned.status.code(), Some(0 | 2)), "{}", said(&cleaned));
    let mut merge = command(&office.home);
    merge.arg("merge").arg("--submissions").arg(&office.batch).env("TMPDIR", &office.tmp);
    for (run, out) in started {
        let done = run.wait_with_output().expect("ends");
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        merge.arg(out);
    }
    let done = one.wait_with_output().expect("ends");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let merged = office.out("merged");
    let done = merge.arg("--out").arg(&merged).output().expect("starts");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let expected = files(&whole);
    assert_eq!(differing(&files(&merged), &expected), Vec::<String>::new());
    // What the cache holds now is sound, whoever put it there.
    assert_eq!(differing(&office.finished(&office.out("after"), &[]), &expected), Vec::<String>::new());
}
