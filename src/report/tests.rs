use std::collections::BTreeMap;
use std::fs;

use super::samples::{clean, finding, report};
use super::*;
use crate::model::finding::{CheckId, Severity};
use crate::model::report::{ApplicantReport, NotExamined, ReportedFinding, RunRecord};
use crate::model::round::{ApplicantRecord, Settled};

fn read(out: &Path, file: &str) -> String {
    String::from_utf8(fs::read(out.join(file)).expect("written")).expect("UTF-8")
}

/// Every file below a folder, with its bytes, sorted.
fn tree(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("listed") {
            let path = entry.expect("read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                out.push((name, fs::read(&path).expect("read")));
            }
        }
    }
    out.sort();
    out
}

#[test]
fn applicants_csv() {
    let dir = tempfile::tempdir().expect("made");
    write(&report(), dir.path()).expect("written");
    let header =
        "\u{feff}编号,申报人,状态,结论,程度,检查项,检查代码,材料,文件,页,印刷页码,实际,要求,依据,建议,置信度\r\n";
    let rows = "F0123456789,01_张三,新增,缺陷,补正,缺少公章,missing-seal,评审表,第一册/评审表.pdf,7,,\"意见栏内没有公章, / 只有“签名”\",加盖单位公章,五、4,盖章后重新扫描,0.91\r\n\
                F0123456789,01_张三,未整改,待核,提示,时间格式,date-format,评审表,'=1+1.pdf,,,'2019-01,加盖单位公章,五、4,盖章后重新扫描,0.91\r\n\
                F0123456789,01_张三,已整改,缺陷,补正,缺少公章,missing-seal,评审表,第一册/评审表.pdf,7,,\"意见栏内没有公章, / 只有“签名”\",加盖单位公章,五、4,盖章后重新扫描,0.91\r\n";
    assert_eq!(read(dir.path(), "applicants/01_张三.csv"), format!("{header}{rows}"));
    assert_eq!(read(dir.path(), "applicants/02_李四.csv"), header);
}

#[test]
fn summary_has_every_applicant() {
    let dir = tempfile::tempdir().expect("made");
    let overview = write(&report(), dir.path()).expect("written");
    let text = read(dir.path(), "summary.csv");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\u{feff}申报人,姓名,工作单位,申报级别,申报类型,文件数,页数,缺陷,待核,不予受理,补正,提示,未检查,结论,报告文件,新增,未整改,已整改,已驳回,已核"
    );
    assert_eq!(lines[1], "01_张三,张三,甲公司,工程师,正常晋升,1,1,1,1,0,1,0,0,有缺陷,01_张三.csv,1,1,1,0,0");
    assert_eq!(lines[2], "02_李四,,,,,1,1,0,0,0,0,0,0,无缺陷,02_李四.csv,0,0,0,0,0");
    assert!(lines[3].starts_with("03_⟨U+001B⟩[2J,,,,,2,1,0,0,0,0,0,1,未检查完,"), "{}", lines[3]);
    assert_eq!(lines.len(), 5);
    assert_eq!(overview, Overview::of(&report()));
}

#[test]
fn conclusions() {
    use overview::{Conclusion, Row};
    let with = |severity, unread: usize| {
        let lost = NotExamined { applicant: "a".into(), file: "x".into(), page: None, reason: "坏".into() };
        let findings = vec![crate::model::report::ReportedFinding { severity, ..finding("a") }];
        Row::of(&ApplicantReport { findings, not_examined: vec![lost; unread], ..clean("a") }).conclusion()
    };
    assert_eq!(with(Severity::Correct, 1), Conclusion::Defective);
    assert_eq!(with(Severity::Advise, 1), Conclusion::Incomplete);
    assert_eq!(with(Severity::Advise, 0), Conclusion::Advice);
    let mut undecided = clean("a");
    undecided.outcomes.undecided = 1;
    assert_eq!(Row::of(&undecided).conclusion(), Conclusion::Review);
    assert_eq!(Row::of(&clean("a")).conclusion(), Conclusion::Clean);
}

#[test]
fn json_lines_in_contract_order() {
    let dir = tempfile::tempdir().expect("made");
    write(&report(), dir.path()).expect("written");
    let findings = read(dir.path(), "findings.jsonl");
    assert_eq!(findings.lines().count(), 3);
    assert_eq!(
        findings.lines().next(),
        Some(
            "{\"id\":\"F0123456789\",\"applicant\":\"01_张三\",\"check\":\"missing-seal\",\"verdict\":\"defect\",\
             \"severity\":\"correct\",\"status\":\"new\",\"material\":\"review-form\",\"file\":\"第一册/评审表.pdf\",\
             \"page\":7,\"printed_page\":null,\"box\":[0.1235,0.0,0.5,0.24],\
             \"seen\":\"意见栏内没有公章,\\n只有“签名”\",\"required\":\"加盖单位公章\",\"clause\":\"五、4\",\
             \"pack\":\"some-pack\",\"confidence\":0.912,\"message\":\"评审表缺少公章\",\"suggestion\":\"盖章后重新扫描\"}"
        )
    );
    let facts = read(dir.path(), "facts.jsonl");
    assert_eq!(
        facts.lines().next(),
        Some(
            "{\"applicant\":\"01_张三\",\"file\":\"第一册/评审表.pdf\",\"page\":7,\"material\":\"review-form\",\
             \"category\":null,\"first_of_material\":true,\"quality\":\"good\",\"orientation\":0,\
             \"size_mm\":[210.0,297.0],\"lines\":[{\"text\":\"评审表\",\"box\":[0.1,0.1,0.2,0.05],\"confidence\":0.999}],\
             \"seals\":[{\"box\":[0.9,0.9,0.1,0.1],\"shape\":\"circle\",\"colour\":\"red\",\"diameter_mm\":42.0,\
             \"text\":null,\"confidence\":0.5}],\"photos\":[{\"box\":[0.0,0.0,1.0,1.0],\"kind\":\"portrait\",\
             \"colour\":\"colour\",\"background\":\"red\",\"confidence\":0.0}],\"codes\":[],\"printed_page\":3,\
             \"duplicate_of\":null}"
        )
    );
    let run: crate::model::report::RunRecord = serde_json::from_str(&read(dir.path(), "run.json")).expect("JSON");
    assert_eq!(run, report().run);
}

#[test]
fn packets_may_finish_in_any_order() {
    let whole = tempfile::tempdir().expect("made");
    write(&report(), whole.path()).expect("written");
    let streamed = tempfile::tempdir().expect("made");
    let mut writer = Writer::open(streamed.path()).expect("opened");
    for at in [2, 0, 1] {
        writer.write_applicant(at, &report().applicants[at]).expect("written");
    }
    writer.finish(&report().run).expect("finished");
    assert_eq!(tree(streamed.path()), tree(whole.path()));
}

#[test]
fn an_unfinished_report_has_whole_files_only_and_is_cleaned_up() {
    let dir = tempfile::tempdir().expect("made");
    let mut writer = Writer::open(dir.path()).expect("opened");
    writer.write_applicant(0, &report().applicants[0]).expect("written");
    // As a killed process would leave it: the spool folder stays.
    std::mem::forget(writer);
    fs::write(dir.path().join("applicants/.material-audit-x.tmp"), b"half").expect("written");
    write(&report(), dir.path()).expect("written");
    let names: Vec<String> = tree(dir.path()).into_iter().map(|(name, _)| name).collect();
    // Three tables, three pages, style and script, the overview and four files for programs.
    assert_eq!(names.len(), 13, "{names:?}");
    assert!(!names.iter().any(|name| name.contains(".material-audit-")), "{names:?}");
}

#[test]
fn a_second_run_replaces_the_first_and_nothing_else() {
    let dir = tempfile::tempdir().expect("made");
    write(&report(), dir.path()).expect("written");
    fs::write(dir.path().join("applicants/notes.csv"), "我的笔记").expect("written");
    fs::write(dir.path().join("notes.txt"), "我的笔记").expect("written");
    let mut second = report();
    second.applicants.truncate(1);
    write(&second, dir.path()).expect("written");
    let names: Vec<String> = tree(dir.path()).into_iter().map(|(name, _)| name.replace('\\', "/")).collect();
    assert_eq!(
        names,
        [
            "applicants/01_张三.csv",
            "applicants/notes.csv",
            "assets/report.css",
            "assets/report.js",
            "facts.jsonl",
            "findings.jsonl",
            "index.html",
            "notes.txt",
            "pages/01_张三.html",
            "run.json",
            "summary.csv"
        ]
    );
}

#[test]
fn a_file_in_the_way_is_an_error_with_what_to_do() {
    let dir = tempfile::tempdir().expect("made");
    let file = dir.path().join("out");
    fs::write(&file, b"x").expect("written");
    let error = write(&report(), &file).expect_err("not a folder");
    assert!(error.to_string().contains("--out"), "{error}");
    // One applicant's file cannot be replaced: the others and the rest of the report are written.
    let out = dir.path().join("report");
    fs::create_dir_all(out.join("applicants/01_张三.csv/x")).expect("made");
    let mut writer = Writer::open(&out).expect("opened");
    assert!(writer.write_applicant(0, &report().applicants[0]).is_err());
    writer.write_applicant(1, &report().applicants[1]).expect("written");
    writer.finish(&report().run).expect("finished");
    assert_eq!(read(&out, "findings.jsonl").lines().count(), 3);
    assert_eq!(read(&out, "summary.csv").lines().count(), 3);
}

#[test]
fn console_summary() {
    let mut report = report();
    report.run.missing = vec!["04_王五".into()];
    let text = console::summary(&Overview::of(&report), Path::new("audit-report"), false);
    for part in [
        "3 份材料、3 页",
        "有缺陷 1 份",
        "未检查完 1 份",
        "无缺陷 1 份",
        "缺少公章：缺陷 1，待核 0",
        "与上一轮相比：新增 1，未整改 1，已整改 1",
        "a.pdf 第 2 页：超时",
        "还有 1 份材料没有审核",
        "audit-report",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

/// What a comparison of packets adds later leaves the same report as if it had been known at once.
#[test]
fn findings_may_be_added_later() {
    let (at_once, later) = (tempfile::tempdir().expect("made"), tempfile::tempdir().expect("made"));
    let mut whole = report();
    let more = ReportedFinding { id: "F9".into(), check: CheckId::SharedPage, ..finding("02_李四") };
    whole.applicants[1].findings.push(more.clone());
    whole.run.defects += 1;
    write(&whole, at_once.path()).expect("written");
    let mut writer = Writer::open(later.path()).expect("opened");
    for (at, applicant) in report().applicants.iter().enumerate() {
        writer.write_applicant(at, applicant).expect("written");
    }
    let (part, pen, spool) = writer.into_part();
    let more = BTreeMap::from([(1, Settled { findings: vec![more], ..Settled::default() })]);
    let ending = Ending { later: &more, ..Ending::of(&whole.run) };
    let (overview, round) = finish(&pen, later.path(), &[part], ending).expect("finished");
    round.close().expect("closed");
    drop(spool);
    assert_eq!(overview, Overview::of(&whole));
    assert_eq!(tree(at_once.path()), tree(later.path()));
}

/// Run again after an interruption, or after a file was in the way, a report says of the round before what it said.
#[test]
fn only_a_whole_report_is_a_round() {
    let record = ApplicantRecord {
        folder: "01_张三".into(),
        origin: "01_张三".into(),
        name: None,
        unit: None,
        id_number: None,
        pack: "some-pack".into(),
        state: String::new(),
        materials: BTreeMap::new(),
        findings: Vec::new(),
        past: std::collections::BTreeSet::new(),
    };
    let round = |blocked: bool, missing: &[&str]| {
        let dir = tempfile::tempdir().expect("made");
        if blocked {
            fs::create_dir_all(dir.path().join("applicants/01_张三.csv/x")).expect("made");
        }
        let mut writer = Writer::open(dir.path()).expect("opened");
        let _ = writer.write_applicant(0, &report().applicants[0]);
        writer.remember(0, &record).expect("kept");
        let run = RunRecord { missing: missing.iter().map(|m| (*m).to_owned()).collect(), ..report().run };
        let (part, pen, _spool) = writer.into_part();
        let left_out = rounds::lines(std::slice::from_ref(&record));
        let ending = Ending { left_out: &left_out, ..Ending::of(&run) };
        let (_, round) = finish(&pen, dir.path(), &[part], ending).expect("finished");
        assert_eq!(rounds::read(dir.path()).expect("none"), None, "none before it is closed");
        round.close().expect("closed");
        rounds::read(dir.path()).expect("whole").map(|records| records.len())
    };
    assert_eq!(round(false, &[]), Some(2));
    assert_eq!(round(false, &["02_李四"]), None);
    assert_eq!(round(true, &[]), None);
}
