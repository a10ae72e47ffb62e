//! The same input gives the same bytes, whatever the number of jobs and the state of the cache.

use std::fs;
use std::path::Path;

use super::common::{audit, files, fixtures, scratch};

/// Copies two of a notice's packets: enough for several documents, few enough to read twice.
fn small_batch(notice: &str, into: &Path) {
    let from = fixtures().join("packets").join(notice).join("submissions");
    let mut folders: Vec<_> =
        fs::read_dir(from).expect("fixtures").map(|e| e.expect("entry").path()).filter(|p| p.is_dir()).collect();
    folders.sort_by_key(|p| (files(p).values().map(Vec::len).sum::<usize>(), p.clone()));
    for folder in &folders[..2] {
        for (name, bytes) in files(folder) {
            let to = into.join(folder.file_name().expect("a name")).join(name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
            fs::write(to, bytes).expect("writable");
        }
    }
}

#[test]
fn jobs_and_cache_change_no_byte() {
    let notice = "changzhi-engineering-2022";
    let batch = scratch("same-bytes-in");
    small_batch(notice, &batch);
    let runs: [(&str, &[&str]); 4] = [
        ("one-job-uncached", &["--jobs", "1", "--no-cache"]),
        ("four-jobs-uncached", &["--jobs", "4", "--no-cache"]),
        ("four-jobs-cached", &["--jobs", "4"]),
        ("one-job-warm", &["--jobs", "1"]),
    ];
    let mut first = None;
    for (name, extra) in runs {
        let run = audit(&batch, notice, None, &scratch(&format!("same-bytes-{name}")), extra);
        assert_eq!(run.code(), 0, "{name}: {}", run.stderr());
        let written = files(&run.out);
        assert!(written.len() >= 6, "{name}: {:?}", written.keys());
        if let Some(before) = &first {
            assert_eq!(before, &written, "{name} differs");
        } else {
            first = Some(written);
        }
    }
}
