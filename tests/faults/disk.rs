//! A disk that is full, read-only or in the way, at each file: told plainly, and every file old or new, never half.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::files;
use crate::office::{Dice, Office, copy, differing, is_temporary, said};

/// Disks of different sizes.
const RUNS: usize = 36;

type Files = BTreeMap<String, Vec<u8>>;

/// A report of an earlier day, and what an undisturbed run makes of it.
fn old_and_new(office: &Office) -> (Files, Files) {
    let old = office.finished(&office.out("old"), &["--as-of", "2024-11-01"]);
    copy(&old, &office.out("new"));
    let new = office.finished(&office.out("new"), &[]);
    assert!(differing(&old, &new).len() >= 5, "{:?}", differing(&old, &new));
    (old, new)
}

/// Nothing half, nothing lost, and no round unless everything was written.
fn whole(found: &Files, old: &Files, new: &Files, done: &Output) -> Result<(), String> {
    for (name, bytes) in found {
        if is_temporary(name) {
            return Err(format!("{name} is left"));
        }
        if old.get(name) != Some(bytes) && new.get(name) != Some(bytes) {
            return Err(format!("{name} is neither the old nor the new file"));
        }
    }
    let kept =
        new.keys().filter(|n| old.contains_key(*n) && !n.starts_with("evidence/") && !n.starts_with("annotated/"));
    if let Some(lost) = kept.into_iter().find(|n| !found.contains_key(*n)) {
        return Err(format!("{lost} is lost"));
    }
    match done.status.code() {
        Some(0) if differing(found, new).is_empty() => Ok(()),
        Some(2) if found.get("rounds.jsonl") == old.get("rounds.jsonl") => Ok(()),
        // The report stands, whatever became of the copies.
        Some(2) if differing(found, new).iter().all(|n| n.starts_with("annotated/")) => Ok(()),
        code => Err(format!("exit {code:?}, differing {:?}", differing(found, new))),
    }
}

#[test]
fn each_file_that_cannot_be_replaced_is_named_and_the_others_stay_whole() {
    let office = Office::warm("in-the-way");
    let (old, new) = old_and_new(&office);
    let out = office.out("blocked");
    let mut pictures = 0;
    for name in new.keys().filter(|n| *n != ".audit.lock") {
        let picture = name.starts_with("evidence/");
        pictures += usize::from(picture);
        if picture && pictures > 2 {
            continue;
        }
        copy(&old, &out);
        let _ = fs::remove_file(out.join(name));
        fs::create_dir_all(out.join(name)).expect("writable");
        fs::write(out.join(name).join("mine"), "in the way").expect("writable");
        let done = office.audit(&out, &[]).output().expect("starts");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        if name == "rounds.jsonl" {
            // Read before anything else; what can't be read is not replaced.
            assert_eq!(done.status.code(), Some(2), "{told}");
            assert!(told.contains("rounds.jsonl"), "{told}");
            assert_eq!(differing(&files(&out), &old), ["rounds.jsonl", "rounds.jsonl/mine"]);
            continue;
        }
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        let leaf = name.rsplit('/').next().expect("a name");
        assert!(told.contains("错误：无法写入报告文件") && told.contains(leaf), "{name}: {told}");
        assert!(!told.contains("os error") && !told.contains("panicked"), "{told}");
        let mut found = files(&out);
        // Something of a person's may stand there; it is not ours to remove.
        assert!(found.remove(&format!("{name}/mine")).is_some(), "{name} went");
        found.insert(name.clone(), old.get(name).or_else(|| new.get(name)).expect("known").clone());
        if picture || name.starts_with("letters/") {
            // A page that shows no such picture, or leads to no letter, is neither the old nor the new one, and whole.
            for (page, html) in
                found.iter_mut().filter(|(n, html)| n.starts_with("pages/") && new.get(*n) != Some(html))
            {
                assert!(html.trim_ascii_end().ends_with(b"</html>"), "{page}");
                html.clone_from(&new[page]);
            }
        }
        let copied = name.starts_with("annotated/");
        if !copied {
            whole(&found, &old, &new, &done).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}

#[test]
fn each_folder_that_cannot_be_made_is_named() {
    let office = Office::warm("folders");
    for name in ["applicants", "pages", "letters", "evidence", "assets", "annotated"] {
        let out = office.out(name);
        fs::create_dir_all(&out).expect("writable");
        fs::write(out.join(name), "in the way").expect("writable");
        let done = office.audit(&out, &[]).output().expect("starts");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{name}: {told}");
        assert!(told.contains("错误：无法写入报告文件") && told.contains(&format!("/{name}")), "{name}: {told}");
        assert!(told.contains("占着") && !told.contains("os error"), "{name}: {told}");
        assert_eq!(fs::read(out.join(name)).expect("untouched"), b"in the way");
        fs::remove_file(out.join(name)).expect("ours");
        // With the copies alone amiss the report was whole, and its round was closed.
        let closed = out.join("rounds.jsonl").is_file();
        assert_eq!(closed, name == "annotated");
        let _ = fs::remove_file(out.join("rounds.jsonl"));
        let again = office.finished(&out, &[]);
        assert_eq!(
            differing(&again, &office.finished(&office.out(&format!("{name}-fresh")), &[])),
            Vec::<String>::new()
        );
    }
}

/// How a file system can be mounted here, if it can.
fn mounts() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 2] = [&["unshare", "-m"], &["unshare", "-rm"]];
    let works = |way: &&&[&str]| {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(["sh", "-c", "mount -t tmpfs -o size=16k none /mnt"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    let found = WAYS.iter().find(works).copied();
    if found.is_none() {
        println!("skipped: no file system can be mounted here");
    }
    found
}

/// Runs an audit with its report on a small disk that holds the old report; returns what is on the disk afterwards.
fn on_small_disk(office: &Office, way: &[&str], options: &str, old: &Path, out: &Path) -> (Files, Output) {
    let (disk, result) = (office.out("disk"), out);
    let _ = fs::remove_dir_all(result);
    for folder in [&disk, result] {
        fs::create_dir_all(folder).expect("writable");
    }
    let script = format!(
        "mount -t tmpfs -o {options} none '{0}' && cp -a '{1}/.' '{0}/' || exit 99; \"$@\"; code=$?; \
         cp -a '{0}/.' '{2}/' || exit 98; exit $code",
        disk.display(),
        old.display(),
        result.display()
    );
    let done = office.through(way, &script, &disk, &[]).output().expect("starts");
    assert!(done.status.code().is_some_and(|c| c < 90), "{}", said(&done));
    (files(result), done)
}

#[test]
fn a_disk_that_fills_up_anywhere_leaves_old_or_new_files() {
    let Some(way) = mounts() else { return };
    let office = Office::warm("full");
    let (old, new) = old_and_new(&office);
    // Beside the old report as it is, one whose pictures and copies are to be written, too.
    let mut bare = old.clone();
    bare.retain(|name, _| !name.starts_with("evidence/") && !name.starts_with("annotated/"));
    copy(&bare, &office.out("bare"));
    let blocks = |files: &Files| files.values().map(|b| b.len().div_ceil(4096).max(1)).sum::<usize>() * 4;
    // Folders take no blocks of a tmpfs, but an inode each, as files do; the root has one, too.
    let folders = |files: &Files| {
        files.keys().filter_map(|n| n.rsplit_once('/')).map(|(f, _)| f).collect::<std::collections::BTreeSet<_>>().len()
    };
    let mut dice = Dice::new("full disk");
    let (mut refused, mut named) = (0, std::collections::BTreeSet::new());
    for i in 0..RUNS {
        let (old, folder) = if i % 4 < 2 { (&old, "old") } else { (&bare, "bare") };
        let options = match i % 2 {
            0 => format!("size={}k", blocks(old) + 4 + 6 * i + dice.below(8) as usize),
            _ => format!("size=64m,nr_inodes={}", old.len() + folders(old) + 4 + i + dice.below(3) as usize),
        };
        let (found, done) = on_small_disk(&office, way, &options, &office.out(folder), &office.out("result"));
        whole(&found, old, &new, &done).unwrap_or_else(|e| panic!("{options}: {e}\n{}", said(&done)));
        if done.status.code() == Some(2) {
            let told = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(told.contains("磁盘空间不足") && !told.contains("os error"), "{options}: {told}");
            let at = told.find("错误：无法写入报告文件“").unwrap_or_else(|| panic!("{options}: {told}"));
            let name = told[at..].split('”').next().and_then(|n| n.rsplit('/').next()).expect("a name").to_owned();
            assert!(!is_temporary(&name), "{told}");
            named.insert(name);
            refused += 1;
        }
    }
    println!("{refused} of {RUNS} runs found the disk full, at {named:?}");
    assert!(refused >= 6 && named.len() >= 3, "{refused}: {named:?}");
    let (found, done) = on_small_disk(&office, way, "size=64m", &office.out("old"), &office.out("result"));
    assert_eq!((done.status.code(), differing(&found, &new)), (Some(0), Vec::new()));
}

#[test]
fn a_report_on_a_read_only_disk_stays_as_it_is() {
    let Some(way) = mounts() else { return };
    let office = Office::warm("read-only");
    let out = office.out("out");
    let old = office.finished(&out, &["--as-of", "2024-11-01"]);
    let script =
        format!("mount --bind '{0}' '{0}' && mount -o remount,ro,bind '{0}' || exit 99; exec \"$@\"", out.display());
    let done = office.through(way, &script, &out, &[]).output().expect("starts");
    let told = said(&done);
    assert_eq!(done.status.code(), Some(2), "{told}");
    assert!(told.contains("无法写入报告文件") && told.contains("磁盘只读"), "{told}");
    assert_eq!(differing(&files(&out), &old), Vec::<String>::new());
    // A cache that can't be written only keeps nothing.
    office.forget_a_page();
    let cache = office.home.join("cache");
    let script = script.replace(&out.display().to_string(), &cache.display().to_string());
    let fresh = office.out("fresh");
    let done = office.through(way, &script, &fresh, &[]).output().expect("starts");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert_eq!(differing(&files(&fresh), &office.finished(&office.out("reference"), &[])), Vec::<String>::new());
}

#[test]
fn a_zip_that_finds_no_room_to_unpack_is_no_fault_of_the_applicant_s() {
    let office = Office::warm("no-room");
    let out = office.out("out");
    let old = office.finished(&out, &[]);
    let mut gone = office.audit(&out, &["--as-of", "2024-11-01"]);
    let done = gone.env("TMPDIR", office.tmp.join("nowhere")).output().expect("starts");
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    assert!(said(&done).contains("临时文件夹"), "{}", said(&done));
    assert_eq!(differing(&files(&out), &old), Vec::<String>::new());
    let Some(way) = mounts() else { return };
    for options in ["size=4k", "size=1m,nr_inodes=2", "size=1m,nr_inodes=4"] {
        let script = format!("mount -t tmpfs -o {options} none '{}' || exit 99; exec \"$@\"", office.tmp.display());
        let done = office.through(way, &script, &out, &["--as-of", "2024-11-01"]).output().expect("starts");
        let told = said(&done);
        assert_eq!(done.status.code(), Some(2), "{options}: {told}");
        assert!(told.contains("临时文件夹") && !told.contains("os error"), "{options}: {told}");
        assert_eq!(differing(&files(&out), &old), Vec::<String>::new(), "{options}");
    }
}

#[test]
fn a_file_larger_than_the_system_lets_is_told() {
    let office = Office::warm("too-large");
    let (old, new) = old_and_new(&office);
    let out = office.out("limited");
    for blocks in [1, 4, 16, 40] {
        copy(&old, &out);
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let done = office.through(&["env"], &script, &out, &[]).output().expect("starts");
        whole(&files(&out), &old, &new, &done).unwrap_or_else(|e| panic!("{blocks}: {e}\n{}", said(&done)));
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() == Some(0) || told.contains("允许的大小"), "{blocks}: {told}");
    }
}
