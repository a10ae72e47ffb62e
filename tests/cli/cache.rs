//! The page cache: only what changed is read again, and nothing that happens to it changes a report.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use super::common::{audit, command, files, home, scratch, small_batch};

const NOTICE: &str = "changzhi-engineering-2022";

/// A home with the models and a cache of its own.
fn own_home(name: &str) -> PathBuf {
    let own = scratch(name);
    fs::create_dir_all(own.join("models")).expect("writable");
    for (file, bytes) in files(&home().join("models")) {
        fs::write(own.join("models").join(file), bytes).expect("writable");
    }
    own
}

fn start(home: &Path, batch: &Path, out: &Path, extra: &[&str]) -> Child {
    command(home)
        .arg("audit")
        .arg(batch)
        .args(["--rules", NOTICE, "--as-of", "2024-12-01", "--offline", "--jobs", "1", "--out"])
        .arg(out)
        .args(extra)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts")
}

/// Pages read and pages taken from the cache.
fn counted(done: &Output) -> (usize, usize) {
    let said = String::from_utf8_lossy(&done.stdout);
    let numbers: Vec<usize> =
        said.lines().next().unwrap_or("").split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    assert_eq!(numbers.len(), 2, "{said} {}", String::from_utf8_lossy(&done.stderr));
    (numbers[0], numbers[1])
}

fn entries(home: &Path) -> Vec<PathBuf> {
    let cache = home.join("cache");
    if !cache.exists() {
        return Vec::new();
    }
    files(&cache).into_keys().filter(|n| n.ends_with(".json")).map(|n| cache.join(n)).collect()
}

#[test]
fn two_audits_at_once_one_of_them_killed_and_damage_afterwards() {
    let own = own_home("cache-shared-home");
    let (batch, out) = (scratch("cache-shared-in"), scratch("cache-shared-out"));
    small_batch(NOTICE, 1, &batch);

    let mut killed = start(&own, &batch, &out.join("killed"), &[]);
    let other = start(&own, &batch, &out.join("other"), &[]);
    let deadline = Instant::now() + Duration::from_secs(300);
    while entries(&own).iter().filter(|p| p.to_string_lossy().contains("-p")).count() < 2 {
        assert!(Instant::now() < deadline, "no page was cached in time");
        assert!(killed.try_wait().expect("a child").is_none(), "ended before it could be killed");
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.kill().expect("killed");
    let killed = killed.wait_with_output().expect("ended");
    assert!(!killed.status.success());
    let other = other.wait_with_output().expect("ends");
    assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stderr));
    let reference = audit(&batch, NOTICE, None, &out.join("reference"), &[]);
    let expected = files(&reference.out);
    assert_eq!(files(&out.join("other")), expected);

    let again = |name: &str| {
        let done = start(&own, &batch, &out.join(name), &[]).wait_with_output().expect("ends");
        assert_eq!(files(&out.join(name)), expected, "{name}");
        counted(&done)
    };
    let (read, pages) = again("unchanged");
    assert_eq!(read, 0);
    assert!(pages > 5);

    let damaged: Vec<PathBuf> =
        entries(&own).into_iter().filter(|p| p.to_string_lossy().contains("-p0")).take(4).collect();
    for (i, path) in damaged.iter().enumerate() {
        let whole = fs::read(path).expect("an entry");
        let harmed = match i {
            0 => Vec::new(),
            1 => whole[..whole.len() / 2].to_vec(),
            2 => whole.iter().map(|b| if *b == b'1' { b'2' } else { *b }).collect(),
            _ => vec![0; whole.len()],
        };
        fs::write(path, harmed).expect("writable");
    }
    assert_eq!(again("damaged"), (damaged.len(), pages - damaged.len()), "what is damaged is read again");
    assert_eq!(again("mended"), (0, pages));
}

#[test]
fn only_changed_files_are_read_again_and_the_bound_holds() {
    let own = own_home("cache-changes-home");
    let (batch, out) = (scratch("cache-changes-in"), scratch("cache-changes-out"));
    small_batch(NOTICE, 1, &batch);
    let run = |extra: &[&str]| {
        let done = start(&own, &batch, &out, extra).wait_with_output().expect("ends");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        counted(&done)
    };
    let (pages, _) = run(&[]);

    // Touched, moved and renamed, but the same bytes.
    let inputs: Vec<PathBuf> = files(&batch).into_keys().map(|n| batch.join(n)).collect();
    for path in &inputs {
        File::options().append(true).open(path).and_then(|f| f.set_modified(SystemTime::now())).expect("ours");
    }
    let folder = inputs[0].parent().expect("a folder").to_owned();
    fs::rename(&folder, folder.with_file_name("改名后的文件夹")).expect("renamed");
    assert_eq!(run(&[]), (0, pages));

    // One file changed by a byte that says nothing.
    let changed = files(&batch).into_keys().find(|n| n.ends_with(".pdf")).expect("a PDF");
    let mut bytes = fs::read(batch.join(&changed)).expect("readable");
    bytes.push(b'\n');
    fs::write(batch.join(&changed), bytes).expect("writable");
    let name = changed.rsplit('/').next().expect("a name");
    let facts = super::common::jsonl(&out.join("facts.jsonl"));
    let of_file = facts.iter().filter(|f| f["file"].as_str().is_some_and(|f| f.ends_with(name))).count();
    assert!(of_file > 0 && of_file < pages);
    assert_eq!(run(&[]), (of_file, pages - of_file));

    // A bound of nothing: the next page that is stored finds no room, and the report is none the worse.
    fs::OpenOptions::new()
        .append(true)
        .open(batch.join(&changed))
        .and_then(|mut f| std::io::Write::write_all(&mut f, b"\n"))
        .expect("writable");
    let (read, _) = run(&["--cache-limit", "0"]);
    assert!(read >= of_file);
    assert!(entries(&own).is_empty(), "{:?}", entries(&own));
}
