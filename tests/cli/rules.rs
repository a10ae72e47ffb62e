//! Rule packs as the office uses them: listed, explained, checked, renewed, changed.

use std::fs;
use std::path::Path;

use material_audit::model::finding::CheckId;

use super::common::{NOTICES, audit, audited, command, fixtures, home, scratch};

/// What the program says and how it ends.
fn said(args: &[&str], folder: &Path) -> (Option<i32>, String) {
    let done = command(home()).current_dir(folder).args(args).output().expect("starts");
    let text = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(text).expect("UTF-8"))
}

/// The text of a built-in pack.
fn shown(id: &str) -> String {
    let (code, text) = said(&["rules", "show", id], &fixtures());
    assert_eq!(code, Some(0), "{text}");
    text
}

#[test]
fn every_notice_is_listed_and_every_check_has_its_manual() {
    let (code, text) = said(&["rules", "list"], &fixtures());
    assert_eq!(code, Some(0));
    let listed: Vec<&str> = text.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(listed.len(), NOTICES.len(), "{text}");
    assert!(NOTICES.iter().all(|n| listed.contains(n)), "{text}");
    for check in CheckId::ALL {
        let (code, text) = said(&["explain", check.id()], &fixtures());
        assert_eq!(code, Some(0), "{check}: {text}");
        assert!(text.contains(check.id()) && text.contains("如何判断") && text.contains("何时待核"), "{check}: {text}");
    }
}

#[test]
fn coverage_leaves_no_clause_open() {
    for notice in NOTICES {
        let (code, text) = said(&["rules", "show", notice, "--coverage"], &fixtures());
        assert_eq!(code, Some(0));
        assert!(
            text.lines().next().is_some_and(|l| l.ends_with("尚无着落 0 条")),
            "{notice}: {:?}",
            text.lines().next()
        );
        assert!(text.contains("由人核对：") && text.contains("程序检查："), "{notice}");
    }
}

#[test]
fn a_changed_pack_judges_anew_and_reads_no_page() {
    let notice = "yangcheng-engineering-2021";
    let before = audited(notice);
    let folder = scratch("changed-pack");
    let pack = folder.join("own.toml");
    let text = shown(notice);
    // Without the second entry on, nothing of this check is asked any more.
    let (kept, _) = text.split_once("[[check.missing-signature]]").expect("the pack asks for signatures");
    fs::write(&pack, kept).expect("writable");
    let packets = fixtures().join("packets").join(notice);
    let own = pack.to_string_lossy();
    let after = audit(&packets.join("submissions"), &own, Some(&packets.join("roster.csv")), &folder.join("out"), &[]);
    assert_eq!(after.code(), 0, "{}", after.stderr());
    let told = String::from_utf8_lossy(&after.output.stdout).into_owned();
    assert!(told.contains("本次读取 0 页"), "{told}");
    let signatures = |run: &super::common::Audited| {
        run.findings().iter().filter(|f| f["check"] == "missing-signature" && f["verdict"] == "defect").count()
    };
    assert!(signatures(before) > 0 && signatures(&after) == 0);
}

#[test]
fn next_years_pack_is_the_old_one_until_it_is_edited() {
    for notice in NOTICES {
        let folder = scratch(&format!("renewed-{notice}"));
        let id = "wanshui-engineering-2027";
        let (code, told) = said(&["rules", "new", id, "--from", notice], &folder);
        assert_eq!(code, Some(0), "{told}");
        let file = format!("{id}.toml");
        assert!(told.contains(&file) && told.contains("rules check"), "{told}");
        let (code, told) = said(&["rules", "check", &file], &folder);
        assert_eq!(code, Some(0), "{told}");
        let (code, told) = said(&["rules", "show", &file, "--coverage"], &folder);
        assert!(code == Some(0) && told.contains("尚无着落 0 条"), "{told}");
        let (code, told) = said(&["rules", "new", id, "--from", notice], &folder);
        assert!(code == Some(2) && told.contains("已经存在"), "a second time: {told}");
    }
}

#[test]
fn every_mistake_of_a_pack_is_told_at_once_with_its_line() {
    let folder = scratch("mistaken-pack");
    let mut lines: Vec<String> = shown(NOTICES[0]).lines().map(str::to_owned).collect();
    let mut spoil = |find: &str, with: &str| {
        let at = lines.iter().position(|l| l.contains(find)).unwrap_or_else(|| panic!("{find}"));
        lines[at] = lines[at].replacen(find, with, 1);
        at + 1
    };
    let places = [
        (spoil("title = ", "titel = "), "title"),
        (spoil("material = \"review-form\"", "material = \"review-from\""), "review-form"),
        (spoil("severity = \"correct\"", "severity = \"korrekt\""), "correct"),
        (spoil("[[check.missing-seal]]", "[[check.missing-seals]]"), "missing-seal"),
    ];
    fs::write(folder.join("own.toml"), lines.join("\n")).expect("writable");
    let (code, told) = said(&["rules", "check", "own.toml"], &folder);
    assert_eq!(code, Some(2), "{told}");
    for (line, nearest) in places {
        let row = told.lines().find(|l| l.contains(&format!("第{line}行")) || l.contains(&format!("第 {line} 行")));
        assert!(row.is_some_and(|r| r.contains(nearest)), "line {line}, {nearest}: {told}");
    }
}
