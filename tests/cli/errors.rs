//! What cannot start says so in plain Chinese and writes no report.

use std::fs;

use super::common::{audit, command, fixtures, home, scratch};

fn submissions() -> std::path::PathBuf {
    fixtures().join("packets").join("yangquan-bigdata-2024").join("submissions")
}

#[test]
fn a_run_that_cannot_start_exits_2_without_a_report() {
    let out = scratch("errors").join("report");
    let missing = fixtures().join("no-such-folder");
    let cases: [(&str, Vec<std::ffi::OsString>, &str); 4] = [
        ("folder", vec![missing.into(), "--rules".into(), "yangquan-bigdata-2024".into()], "找不到材料文件夹"),
        ("pack", vec![submissions().into(), "--rules".into(), "yangquan-bigdata-2042".into()], "yangquan-bigdata-2024"),
        (
            "date",
            vec![
                submissions().into(),
                "--rules".into(),
                "yangquan-bigdata-2024".into(),
                "--as-of".into(),
                "昨天".into(),
            ],
            "日期",
        ),
        ("option", vec![submissions().into(), "--rule".into(), "x".into()], "--rule"),
    ];
    for (name, args, says) in cases {
        let done = command(home()).arg("audit").args(args).arg("--out").arg(&out).output().expect("starts");
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(says), "{name}: {stderr}");
        assert!(!out.exists(), "{name} wrote a report");
    }
}

#[test]
fn missing_or_wrong_model_files_are_named_with_what_to_do() {
    let empty = scratch("errors-no-models");
    let run = |home: &std::path::Path| {
        let done = command(home)
            .args(["audit"])
            .arg(submissions())
            .args(["--rules", "yangquan-bigdata-2024", "--offline", "--out"])
            .arg(empty.join("report"))
            .output()
            .expect("starts");
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (code, says) = run(&empty);
    assert_eq!(code, Some(2));
    assert!(says.contains("setup"), "{says}");

    let broken = scratch("errors-broken-models");
    fs::create_dir_all(broken.join("models")).expect("writable");
    for entry in fs::read_dir(home().join("models")).expect("installed") {
        let entry = entry.expect("an entry");
        fs::write(broken.join("models").join(entry.file_name()), b"not a model").expect("writable");
    }
    let (code, says) = run(&broken);
    assert_eq!(code, Some(2));
    assert!(says.contains("setup"), "{says}");
    assert!(!says.contains("panicked"), "{says}");
}

#[test]
fn a_report_inside_the_submissions_is_refused() {
    let folder = submissions();
    let run = audit(&folder, "yangquan-bigdata-2024", None, &folder.join("report"), &[]);
    assert_eq!(run.code(), 2, "{}", run.stderr());
    assert!(!folder.join("report").exists());
}

#[test]
fn help_and_manuals_are_there() {
    for args in [
        &["--help"][..],
        &["audit", "--help"],
        &["rules", "list"],
        &["explain", "missing-seal"],
        &["rules", "show", "yangquan-bigdata-2024"],
    ] {
        let done = command(home()).args(args).output().expect("starts");
        assert_eq!(done.status.code(), Some(0), "{args:?}");
        assert!(done.stdout.len() > 100, "{args:?}");
    }
}
