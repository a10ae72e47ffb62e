//! The same input gives the same bytes, whatever the number of jobs and the state of the cache.

use super::common::{audit, files, scratch, small_batch};

#[test]
fn jobs_and_cache_change_no_byte() {
    let notice = "changzhi-engineering-2022";
    let batch = scratch("same-bytes-in");
    small_batch(notice, 2, &batch);
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
