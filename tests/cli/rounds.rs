//! What comes back: a second round says what was mended, what stands and what is new, under the same numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::common::{Audited, audit, files, fixtures, scratch};

const NOTICE: &str = "yangcheng-engineering-2021";
const WHO: &str = "尉迟峻";

/// The notice's two packets, of ten pages each, in a folder of their own.
fn batch(name: &str) -> PathBuf {
    let to = scratch(name).join("in");
    for (file, bytes) in files(&fixtures().join("packets").join(NOTICE).join("submissions")) {
        let path = to.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
    to
}

fn roster() -> PathBuf {
    fixtures().join("packets").join(NOTICE).join("roster.csv")
}

fn run(batch: &Path, extra: &[&str]) -> Audited {
    let out = batch.with_file_name("out");
    run_to(batch, &roster(), &out, extra)
}

fn run_to(batch: &Path, roster: &Path, out: &Path, extra: &[&str]) -> Audited {
    let run = audit(batch, NOTICE, Some(roster), out, extra);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    run
}

fn of<'a>(findings: &'a [Value], status: &str) -> Vec<&'a Value> {
    findings.iter().filter(|f| f["status"] == status).collect()
}

fn named(finding: &Value) -> (String, String) {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    (text("check"), text("material"))
}

fn ids(findings: &[Value]) -> BTreeSet<String> {
    findings.iter().filter(|f| f["status"] != "fixed").map(|f| f["id"].as_str().expect("an id").to_owned()).collect()
}

/// `summary.csv` by applicant, each row by heading.
fn summary(out: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    rows(&out.join("summary.csv")).into_iter().map(|row| (row["申报人"].clone(), row)).collect()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn move_file(from: &Path, to: &Path, names: &[&str]) {
    for name in names {
        fs::rename(from.join(name), to.join(name)).expect("moved");
    }
}

#[test]
fn a_second_round_is_told_exactly() {
    let batch = batch("rounds-second");
    let (packet, other) = (batch.join("濮阳青"), batch.join(WHO));
    let aside = batch.with_file_name("aside");
    fs::create_dir_all(&aside).expect("writable");
    let later = ["三公示记实表.pdf", "专业技术工作报告.pdf", "聘用协议书.pdf"];
    move_file(&packet, &aside, &later);
    move_file(&other, &aside, &["聘用协议.pdf"]);
    let first = run(&batch, &[]).findings();
    assert!(first.iter().all(|f| f["status"] == "new"));

    // Three materials are handed in, one of them another person's.
    move_file(&aside, &packet, &["三公示记实表.pdf", "专业技术工作报告.pdf", "聘用协议.pdf"]);
    let second = run(&batch, &[]);
    let findings = second.findings();
    let new: Vec<_> = of(&findings, "new").into_iter().map(named).collect();
    assert_eq!(new, [("wrong-person".to_owned(), "labour-contract".to_owned())]);
    let fixed = of(&findings, "fixed");
    let missing = |material: &str| ("missing-material".to_owned(), material.to_owned());
    let what: BTreeSet<_> = fixed.iter().map(|f| named(f)).collect();
    assert_eq!(what, ["publicity-proof", "work-report", "labour-contract"].map(missing).into());
    assert_eq!(fixed.len(), 3);
    for f in &fixed {
        assert_eq!(
            (f["applicant"].as_str(), f["page"].as_u64()),
            (Some("濮阳青"), Some(1)),
            "the page that mends it: {f}"
        );
        assert!(f["file"].is_string(), "{f}");
    }
    let open = of(&findings, "open");
    assert_eq!(open.len(), first.len() - 3, "nothing else changed");
    assert!(!open.is_empty() && open.iter().all(|f| ids(&first).contains(f["id"].as_str().expect("an id"))));

    let row = &summary(&second.out)["濮阳青"];
    assert_eq!((row["新增"].as_str(), row["未整改"].as_str(), row["已整改"].as_str()), ("1", "0", "3"));
    let csv = rows(&second.out.join("applicants").join("濮阳青.csv"));
    assert_eq!(csv.iter().filter(|r| r["状态"] == "已整改" && !r["页"].is_empty()).count(), 3);

    // Nothing handed in since: the same findings, byte for byte, but that nothing is new any more; and no page is read.
    let before = fs::read_to_string(second.out.join("findings.jsonl")).expect("written");
    let third = run(&batch, &[]);
    let after = fs::read_to_string(third.out.join("findings.jsonl")).expect("written");
    assert_eq!(before.replace("\"status\":\"new\"", "\"status\":\"open\""), after);
    assert!(String::from_utf8_lossy(&third.output.stdout).contains("本次读取 0 页"));

    // The right one is handed in: what was mended two rounds ago is listed no longer, and hasn't come back.
    move_file(&packet, &aside, &["聘用协议.pdf"]);
    move_file(&aside, &packet, &["聘用协议书.pdf"]);
    let fourth = run(&batch, &[]);
    let findings = fourth.findings();
    let fixed: Vec<_> = of(&findings, "fixed").into_iter().map(named).collect();
    assert_eq!(fixed, [("wrong-person".to_owned(), "labour-contract".to_owned())]);
    assert_eq!(of(&findings, "new").len(), 0);
    // Clean now: no letter is left of the rounds before.
    assert!(!fourth.out.join("letters").join("濮阳青.html").exists());
    assert!(third.out.join("letters").join(format!("{WHO}.html")).exists());
}

#[test]
fn ids_survive_renamed_folders_and_files_and_moved_pages() {
    let batch = batch("rounds-renamed");
    let first = run(&batch, &[]);
    let before = ids(&first.findings());
    // The folder bears another name, its files too, so that they come in another order, and a page is put before all.
    fs::rename(batch.join(WHO), batch.join("02-补正-尉迟")).expect("renamed");
    let packet = batch.join("02-补正-尉迟");
    for (i, name) in ["评审表.pdf", "聘用协议.pdf", "汇总表.pdf", "公示记实表.pdf"].into_iter().enumerate()
    {
        fs::rename(packet.join(name), packet.join(format!("{i}_{name}"))).expect("renamed");
    }
    let bytes = fs::read(roster()).expect("the roster");
    let (text, _, _) = encoding_rs::GB18030.decode(&bytes);
    // The identity number tells; the roster's folder column follows the renaming.
    let renamed = text.replacen(&format!("\n{WHO},"), "\n02-补正-尉迟,", 1);
    assert_ne!(text, renamed);
    let roster = batch.with_file_name("roster.csv");
    fs::write(&roster, renamed).expect("writable");
    let second =
        run_to(&batch, &roster, &batch.with_file_name("out2"), &["--previous", first.out.to_str().expect("UTF-8")]);
    let findings = second.findings();
    assert_eq!(of(&findings, "new"), Vec::<&Value>::new());
    assert_eq!(of(&findings, "fixed"), Vec::<&Value>::new());
    assert_eq!(ids(&findings), before);
    assert!(findings.iter().any(|f| f["applicant"] == "02-补正-尉迟"));
}

#[test]
fn a_round_of_some_packets_forgets_nothing_of_the_others() {
    let batch = batch("rounds-partial");
    let first = run(&batch, &[]);
    let all = ids(&first.findings());
    assert!(!all.is_empty());
    let aside = batch.with_file_name("aside");
    fs::rename(batch.join(WHO), &aside).expect("moved");
    let some = run(&batch, &[]);
    assert_eq!(some.findings(), Vec::<Value>::new(), "the other packet is in order");
    assert_eq!(summary(&some.out).len(), 1);
    fs::rename(&aside, batch.join(WHO)).expect("moved");
    let findings = run(&batch, &[]).findings();
    assert_eq!(ids(&findings), all);
    assert!(findings.iter().all(|f| f["status"] == "open"));
}

#[test]
fn a_file_that_can_no_longer_be_read_mends_nothing() {
    let batch = batch("rounds-unread");
    let first = run(&batch, &[]).findings();
    let form = batch.join(WHO).join("评审表.pdf");
    fs::write(&form, b"%PDF-1.4 cut off").expect("writable");
    let out = batch.with_file_name("out");
    let second = audit(&batch, NOTICE, Some(&roster()), &out, &[]);
    assert_eq!(second.code(), 3);
    let findings = second.findings();
    assert_eq!(of(&findings, "fixed"), Vec::<&Value>::new());
    let left: BTreeSet<String> = ids(&first).difference(&ids(&findings)).cloned().collect();
    assert!(left.is_empty(), "lost: {left:?}");
}

#[test]
fn decisions_count_and_survive_rounds() {
    let batch = batch("rounds-decisions");
    let first = run(&batch, &[]);
    let findings = first.findings();
    let pick = |verdict: &str, n: usize| {
        let of = |f: &&Value| f["verdict"] == verdict && f["applicant"] == WHO && f["severity"] == "correct";
        findings.iter().filter(of).nth(n).unwrap_or_else(|| panic!("no {verdict} {n}"))["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (rejected, review) = (pick("defect", 0), pick("review", 0));
    let letter = |out: &Path| fs::read_to_string(out.join("letters").join(format!("{WHO}.html"))).expect("a letter");
    assert!(letter(&first.out).contains(&rejected) && !letter(&first.out).contains(&review));
    let defects = |out: &Path| summary(out)[WHO]["缺陷"].parse::<usize>().expect("a number");
    let before = defects(&first.out);

    let (text, _, _) = encoding_rs::GB18030
        .encode("编号,决定,备注\r\nREJ,驳回,原件有章\r\nREV,确认,\r\nFNOTTHERE00,驳回,\r\nX,同意,\r\n");
    let text: Vec<u8> = text.into_owned();
    let text = [("REJ", &rejected), ("REV", &review)].iter().fold(text, |text, (from, to)| {
        let at = text.windows(from.len()).position(|w| w == from.as_bytes()).expect("the placeholder");
        [&text[..at], to.as_bytes(), &text[at + from.len()..]].concat()
    });
    let file = first.out.join("decisions.csv");
    fs::write(&file, &text).expect("writable");
    let second = run(&batch, &[]);
    for told in ["第 4 行的编号 FNOTTHERE00", "第 5 行的决定“同意”"] {
        assert!(second.stderr().contains(told), "{told} in {}", second.stderr());
    }
    assert_eq!(fs::read(&file).expect("kept"), text, "the clerk's file is the clerk's");
    let check = |run: &Audited| {
        assert!(!letter(&run.out).contains(&rejected) && letter(&run.out).contains(&review));
        assert_eq!(defects(&run.out), before, "one rejected, one confirmed");
        assert_eq!(summary(&run.out)[WHO]["已驳回"], "1");
        let csv = rows(&run.out.join("applicants").join(format!("{WHO}.csv")));
        let status = |id: &str| csv.iter().find(|r| r["编号"] == id).expect("still there")["状态"].clone();
        assert_eq!(status(&rejected), "未整改（已驳回：原件有章）");
        assert_eq!(status(&review), "未整改（已确认）");
    };
    check(&second);
    // The next round, in another folder.
    let out = batch.with_file_name("out2");
    let third = run_to(&batch, &roster(), &out, &["--previous", first.out.to_str().expect("UTF-8")]);
    check(&third);
    assert!(fs::read_to_string(out.join("decisions.csv")).expect("taken over").contains(&rejected));
    check(&run_to(&batch, &roster(), &out, &[]));
}

#[test]
fn an_offices_letter_template_and_its_mistakes() {
    let batch = batch("rounds-letters");
    let folder = batch.with_file_name("templates");
    let write = || {
        let mut command = super::common::command(super::common::home());
        command.arg("letter-template").arg(&folder).output().expect("starts")
    };
    assert!(write().status.success());
    assert_eq!(write().status.code(), Some(2), "what the office changed is never overwritten");
    let template = folder.join("补正通知书.html");
    let text = fs::read_to_string(&template).expect("written").replace("{{ issuer }}<br>", "某局评审办<br>");
    fs::write(&template, &text).expect("writable");
    let arg = template.to_str().expect("UTF-8");
    let out = run(&batch, &["--letter-template", arg]).out;
    let letter = fs::read_to_string(out.join("letters").join(format!("{WHO}.html"))).expect("a letter");
    assert!(letter.contains("某局评审办"));
    fs::write(&template, text.replace("{{ issuer }}", "{{ isuer }}")).expect("writable");
    let run = audit(&batch, NOTICE, None, &batch.with_file_name("out2"), &["--letter-template", arg]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("行：") && run.stderr().contains("isuer"), "{}", run.stderr());
}
