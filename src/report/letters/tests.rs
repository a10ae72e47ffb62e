use std::collections::BTreeMap;

use super::super::samples::{clean, finding};
use super::*;
use crate::model::finding::{Decision, Status};
use crate::model::packet::Applicant;
use crate::model::report::ApplicantReport;

fn letters() -> Letters {
    let notice = Notice { title: "评审通知".into(), number: "人社〔2024〕1号".into(), year: 2024 };
    let head = Letterhead { issuer: "某市人社局".into(), notice };
    Letters::new(head, Templates::load(&[]).expect("the built-in templates")).expect("they render")
}

fn written(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(FOLDER).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn decided(id: &str, decision: Decision, remark: &str) -> BTreeMap<String, Decided> {
    BTreeMap::from([(id.to_owned(), Decided { decision, remark: remark.into() })])
}

fn of(id: &str, verdict: Verdict, severity: Severity) -> ReportedFinding {
    ReportedFinding { id: id.into(), verdict, severity, ..finding("01") }
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join(FOLDER)).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_letter_names_what_stands_and_nothing_else() {
    let dir = tempfile::tempdir().expect("made");
    let findings = [
        of("FDEFECT", Verdict::Defect, Severity::Correct),
        of("FREJECT", Verdict::Defect, Severity::Reject),
        of("FADVICE", Verdict::Defect, Severity::Advise),
        of("FREVIEW", Verdict::Review, Severity::Correct),
        ReportedFinding { status: Status::Fixed, ..of("FFIXED", Verdict::Defect, Severity::Correct) },
    ];
    let who = Applicant { name: Some("张三".into()), unit: Some("甲公司".into()), ..Applicant::default() };
    let row = Row::of(&ApplicantReport { applicant: who, ..clean("01") });
    letters().write(dir.path(), &row, &findings, &BTreeMap::new()).expect("written");
    let html = written(dir.path(), "01.html");
    for part in
        ["某市人社局", "张三同志", "甲公司", "人社〔2024〕1号", "五、4", "加盖单位公章", "第7页", "回执", "FADVICE"]
    {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("FREVIEW") && !html.contains("FFIXED"));
    assert!(html.find("FREJECT") < html.find("FDEFECT"), "what is refused comes first");
    assert!(html.contains("下列 2 项"), "advice is no item to mend");
    let text = written(dir.path(), "01.txt");
    assert!(text.contains("有2项须补正") && text.contains("1. ") && !text.contains("FREVIEW"), "{text}");
    // Confirmed, it goes into the letter with the reviewer's own words; rejected and checked ones leave it.
    let more = [
        ("FREVIEW", Decision::Confirmed, "没有盖章"),
        ("FDEFECT", Decision::Rejected, ""),
        ("FREJECT", Decision::Checked, ""),
    ];
    let decisions = more.into_iter().flat_map(|(id, d, r)| decided(id, d, r)).collect();
    letters().write(dir.path(), &row, &findings, &decisions).expect("written");
    let html = written(dir.path(), "01.html");
    assert!(html.contains("FREVIEW") && html.contains("没有盖章"), "{html}");
    assert!(!html.contains("FDEFECT") && !html.contains("FREJECT"));
}

#[test]
fn foreign_text_is_escaped() {
    let dir = tempfile::tempdir().expect("made");
    let bad = "<script>alert(1)</script>\u{202e}&\"'{{ issuer }}";
    let findings = [ReportedFinding {
        message: bad.into(),
        suggestion: bad.into(),
        required: bad.into(),
        clause: bad.into(),
        file: Some(bad.into()),
        ..finding("01")
    }];
    let who = Applicant { name: Some(bad.into()), unit: Some(bad.into()), ..Applicant::default() };
    let row = Row::of(&ApplicantReport { applicant: who, ..clean(bad) });
    letters().write(dir.path(), &row, &findings, &BTreeMap::new()).expect("written");
    for name in names(dir.path()) {
        let text = written(dir.path(), &name);
        assert!(!text.contains('\u{202e}'), "{name}");
        assert!(text.contains("issuer"), "{name}: foreign braces are text");
        assert!(!name.ends_with(".html") || !text.contains("<script"), "{name}");
    }
}

#[test]
fn letters_of_those_who_became_clean_go() {
    let dir = tempfile::tempdir().expect("made");
    let row = |folder: &str| Row::of(&clean(folder));
    for folder in ["01", "02", "03"] {
        letters().write(dir.path(), &row(folder), &[finding(folder)], &BTreeMap::new()).expect("written");
    }
    fs::write(dir.path().join(FOLDER).join("mine.html"), "<p>自己写的</p>").expect("written");
    letters().write(dir.path(), &row("01"), &[], &BTreeMap::new()).expect("nothing to write");
    Letters::remove_stale(dir.path(), [row("01"), row("02")].iter());
    assert_eq!(names(dir.path()), ["02.html", "02.txt", "mine.html"]);
}

#[test]
fn a_message_is_short_whatever_is_found() {
    let dir = tempfile::tempdir().expect("made");
    let long = "很长的话".repeat(200);
    let findings: Vec<ReportedFinding> =
        (0..60).map(|n| ReportedFinding { id: format!("F{n}"), suggestion: long.clone(), ..finding("01") }).collect();
    letters().write(dir.path(), &Row::of(&clean("01")), &findings, &BTreeMap::new()).expect("written");
    let text = written(dir.path(), "01.txt");
    assert!(text.chars().count() < 2000, "{}", text.chars().count());
    assert!(text.contains("其余45项"), "{text}");
}

#[test]
fn an_offices_template_is_used_and_its_mistakes_are_told() {
    let dir = tempfile::tempdir().expect("made");
    let load = |name: &str, text: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("written");
        Templates::load(&[path]).and_then(|t| Letters::new(Letterhead::default(), t))
    };
    let own = load("own.html", "\u{feff}<p>本局：{{ applicant.folder }}</p>".as_bytes()).expect("a template");
    own.write(dir.path(), &Row::of(&clean("a&b")), &[finding("a&b")], &BTreeMap::new()).expect("written");
    assert!(written(dir.path(), "a&b.html").starts_with("<p>本局：a&amp;b</p>"));
    for (name, text, says) in [
        ("bad.html", "一\n二 {{ applicant.nmae }}", "第 2 行"),
        ("bad.html", "一\n二 {{ applicant.nmae }}", "请核对名称"),
        ("bad.html", "{% for x in required %}\n没有结束", "写法有误"),
        ("bad.txt", "{{ applicant.name | shout }}", "没有这个功能"),
        ("bad.docx", "", ".html"),
    ] {
        let error = load(name, text.as_bytes()).expect_err(name).to_string();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
    assert!(load("gbk.html", b"\xd6\xd0").expect_err("GBK").to_string().contains("UTF-8"));
    assert!(Templates::load(&[dir.path().join("none.html")]).is_err());
}
