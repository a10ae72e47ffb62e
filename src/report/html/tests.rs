use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::model::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use crate::model::packet::Applicant;
use crate::model::report::{ApplicantReport, NotExamined, NoticeText, Report, ReportedFinding, ReportedPage};
use crate::model::round::Settled;
use crate::report::letters::{Letterhead, Letters, Templates};
use crate::report::samples::{clean, finding, page, report};
use crate::report::{Ending, Writer, finish, write};

const THUMB: &str = "evidence/0a/0123456789abcdef012345-7-t1.jpg";
const PLACE: &str = "evidence/0a/0123456789abcdef012345-7-p1-0123456789ab.jpg";

fn read(out: &Path, file: &str) -> String {
    fs::read_to_string(out.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn written(report: &Report) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("made");
    write(report, dir.path()).expect("written");
    dir
}

/// Start tags with their attributes, as a browser would read a page whose texts are escaped.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        rest = rest[name.len()..].trim_start();
        let mut attributes = Vec::new();
        while !rest.starts_with(['>', '/']) && !rest.is_empty() {
            let key: String = rest.chars().take_while(|c| !c.is_whitespace() && !"=>/".contains(*c)).collect();
            rest = &rest[key.len()..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let end = after.find('"').expect("a closed attribute");
                value = after[..end].replace("&#x2f;", "/");
                rest = &after[end + 1..];
            }
            attributes.push((key, value));
            rest = rest.trim_start();
        }
        out.push((name, attributes));
    }
    out
}

fn pages_of(out: &Path) -> Vec<(String, String)> {
    let mut all = vec![("index.html".to_owned(), read(out, "index.html"))];
    for entry in fs::read_dir(out.join("pages")).expect("a folder") {
        let path = entry.expect("an entry").path();
        all.push((path.display().to_string(), fs::read_to_string(&path).expect("UTF-8")));
    }
    all
}

/// Whatever a packet is called or says, its page has our own elements, attributes and addresses only.
#[test]
fn hostile_texts_stay_texts() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "..%2f..%2fx#a?b&c;",
        "a\u{202e}fdp.exe",
        "{{ 7 * 7 }}{% raw %}",
        "--><style>*{display:none}</style>",
        "\0\u{1b}[2J`${alert(1)}`",
    ];
    let mut all = report();
    all.applicants.clear();
    for (i, text) in hostile.iter().enumerate() {
        let evil = (*text).to_owned();
        let mut f = ReportedFinding {
            id: format!("F00{i}"),
            file: Some(evil.clone()),
            seen: evil.clone(),
            required: evil.clone(),
            clause: evil.clone(),
            message: evil.clone(),
            suggestion: evil.clone(),
            ..finding(text)
        };
        f.status = Status::Open;
        let mut one = clean(text);
        one.applicant = Applicant { name: Some(evil.clone()), unit: Some(evil.clone()), ..Applicant::default() };
        one.pages = vec![ReportedPage { file: evil.clone(), quality: evil.clone(), ..page(text) }];
        one.pictures.pages = vec![Some(evil.clone())];
        one.pictures.places.insert(f.id.clone(), evil.clone());
        one.decisions.insert(f.id.clone(), Decided { decision: Decision::Confirmed, remark: evil.clone() });
        let lost = NotExamined { applicant: evil.clone(), file: evil.clone(), page: None, reason: evil.clone() };
        one.not_examined = vec![lost.clone()];
        one.findings = vec![f];
        all.run.not_examined.push(lost);
        all.run.missing.push(evil.clone());
        all.applicants.push(one);
    }
    all.run.pack = hostile[1].to_owned();
    let dir = tempfile::tempdir().expect("made");
    let mut quotes = std::collections::BTreeMap::new();
    quotes.insert((CheckId::MissingSeal, hostile[0].to_owned()), vec![hostile[1].to_owned()]);
    let (title, issuer, number) = (hostile[0].to_owned(), hostile[1].to_owned(), hostile[2].to_owned());
    let mut writer = Writer::open(dir.path()).expect("opened").quoting(NoticeText { title, issuer, number, quotes });
    for (at, applicant) in all.applicants.iter().enumerate() {
        writer.write_applicant(at, applicant).expect("written");
    }
    writer.finish(&all.run).expect("finished");
    // What the pages of harmless packets are made of.
    let harmless = written(&report());
    let known: BTreeSet<(String, String)> = pages_of(harmless.path())
        .iter()
        .flat_map(|(_, html)| tags(html))
        .flat_map(|(tag, attributes)| {
            let keys = attributes.into_iter().map(|(key, _)| key).chain([String::new()]);
            keys.map(move |key| (tag.clone(), key)).collect::<Vec<_>>()
        })
        .collect();
    let pages = pages_of(dir.path());
    assert_eq!(pages.len(), hostile.len() + 1);
    for (name, html) in pages {
        assert!(!html.contains(['\u{202e}', '\u{1b}', '\0']), "{name}");
        for (tag, attributes) in tags(&html) {
            for (key, value) in attributes {
                assert!(!key.starts_with("on") && key != "style", "{name}: {tag} {key}");
                let fine = known.contains(&(tag.clone(), key.clone())) || tag == "q" || key == "rel";
                assert!(fine || ["data-prev", "data-next"].contains(&key.as_str()), "{name}: {tag} {key}={value}");
                if key == "href" || key == "src" {
                    // Without a colon or a leading slash an address stays in the report.
                    let clean = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_~.%/#".contains(&b));
                    assert!(clean && !value.starts_with('/'), "{name}: {key}={value}");
                }
            }
            assert!(known.contains(&(tag.clone(), String::new())) || tag == "q", "{name}: <{tag}>");
        }
    }
}

#[test]
fn an_applicants_page_says_what_a_person_needs_to_decide() {
    let mut all = report();
    let first = &mut all.applicants[0];
    first.findings[0].printed_page = Some(3);
    first.findings[1].id = "F9".into();
    first.findings[1].page = Some(7);
    first.findings[1].file = Some("第一册/评审表.pdf".into());
    first.pictures.pages = vec![Some(THUMB.into())];
    first.pictures.places.insert("F0123456789".into(), PLACE.into());
    let dir = tempfile::tempdir().expect("made");
    let quotes = [((CheckId::MissingSeal, "五、4".to_owned()), vec!["加盖公章，\n否则退回".to_owned()])].into();
    let mut writer = Writer::open(dir.path()).expect("opened").quoting(NoticeText { quotes, ..NoticeText::default() });
    for (at, applicant) in all.applicants.iter().enumerate() {
        writer.write_applicant(at, applicant).expect("written");
    }
    writer.finish(&all.run).expect("finished");
    let html = read(dir.path(), "pages/01_张三.html").replace("&#x2f;", "/");
    for part in [
        "张三",
        "甲公司",
        "工程师（正常晋升）",
        "《第一册/评审表.pdf》第 7 页（印刷页码 3）",
        "意见栏内没有公章, / 只有“签名”",
        "加盖单位公章",
        "五、4<q>加盖公章， / 否则退回</q>",
        "盖章后重新扫描",
        "把握 91%",
        "新增",
        "已整改",
        &format!("<img src=\"../{PLACE}\""),
        &format!("<img src=\"../{THUMB}\""),
        "href=\"#F0123456789\"",
        "id=\"F0123456789-2\"",
        "page m-defect",
        "02_%E6%9D%8E%E5%9B%9B.html",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let review = html.split("<article").find(|a| a.contains("id=\"F9\"")).expect("the second finding");
    assert!(
        review.contains(&format!("evidence glance\" href=\"../{THUMB}\"")),
        "the page stands for the place: {review}"
    );
    let fixed = html.split("<article").find(|a| a.contains("id=\"F0123456789-2\"")).expect("the mended finding");
    assert!(fixed.contains("dim"), "{fixed}");
    assert!(read(dir.path(), "pages/02_李四.html").contains("没有发现问题"));
    let unread = dir.path().join("pages").join(super::page_name(&super::files::csv_name("03_\u{1b}[2J")));
    assert!(fs::read_to_string(unread).expect("written").contains("《a.pdf》第 2 页：超时"));
}

#[test]
fn rejected_findings_stay_visible_and_count_no_more() {
    let mut all = report();
    all.applicants[0].findings.truncate(1);
    let decided = Decided { decision: Decision::Rejected, remark: "印章在背面".into() };
    all.applicants[0].decisions.insert("F0123456789".into(), decided);
    let dir = written(&all);
    let html = read(dir.path(), "pages/01_张三.html");
    let article = html.split("<article").nth(1).expect("still there");
    for part in ["finding v-defect dim", "data-decision=\"rejected\"", "驳回", "印章在背面"] {
        assert!(article.contains(part), "{part} in {article}");
    }
    let index = read(dir.path(), "index.html");
    assert!(index.contains("<b>0</b>个缺陷") && index.contains("<b>1</b>个已驳回或已核"), "{index}");
    assert!(index.contains("data-f=\"missing-seal:defect:correct:new:rejected:1\""), "{index}");
}

#[test]
fn what_comparing_packets_adds_is_on_the_page() {
    let dir = tempfile::tempdir().expect("made");
    let mut writer = Writer::open(dir.path()).expect("opened");
    for (at, applicant) in report().applicants.iter().enumerate() {
        writer.write_applicant(at, applicant).expect("written");
    }
    let more = ReportedFinding { id: "F77".into(), check: CheckId::SharedPage, ..finding("02_李四") };
    let (part, pen, _spool) = writer.into_part();
    let more = BTreeMap::from([(1, Settled { findings: vec![more], ..Settled::default() })]);
    let run = report().run;
    let (_, round) = finish(&pen, dir.path(), &[part], Ending { later: &more, ..Ending::of(&run) }).expect("finished");
    round.close().expect("closed");
    let html = read(dir.path(), "pages/02_李四.html");
    assert!(html.contains("id=\"F77\"") && html.contains("多人共用页"), "{html}");
    assert!(html.contains("href=\"#F77\""), "the strip marks its page");
    assert!(read(dir.path(), "index.html").contains("shared-page:defect:correct:new:none:1"));
}

#[test]
fn the_overview_tells_what_all_packets_of_a_unit_lack() {
    let of = |folder: &str, unit: &str, checks: &[(CheckId, Verdict)]| {
        let findings = checks
            .iter()
            .enumerate()
            .map(|(i, (check, verdict))| ReportedFinding {
                id: format!("F{i}"),
                check: *check,
                verdict: *verdict,
                ..finding(folder)
            })
            .collect();
        ApplicantReport {
            applicant: Applicant { unit: Some(unit.into()), ..Applicant::default() },
            findings,
            ..clean(folder)
        }
    };
    let seal = (CheckId::MissingSeal, Verdict::Defect);
    let mut all = report();
    all.applicants = vec![
        of("1", "甲公司", &[seal, (CheckId::DateFormat, Verdict::Defect)]),
        of("2", "甲公司", &[seal, (CheckId::BlankField, Verdict::Review)]),
        of("3", "乙公司", &[seal]),
        of("4", "丙公司", &[(CheckId::MissingSeal, Verdict::Review)]),
        of("5", "丙公司", &[(CheckId::MissingSeal, Verdict::Review)]),
    ];
    let dir = written(&all);
    let index = read(dir.path(), "index.html");
    let lacks = index.split("<ul class=\"lacks\">").nth(1).and_then(|rest| rest.split("</section>").next());
    let lacks = lacks.expect("a unit lacks something");
    assert!(lacks.contains("甲公司</b>（2 份）") && lacks.contains("缺少公章 · 评审表"), "{lacks}");
    assert!(!lacks.contains("时间格式") && !lacks.contains("乙公司") && !lacks.contains("丙公司"), "{lacks}");
    assert!(index.contains("<b>4</b>个缺陷") && index.contains("<b>3</b>个待核"), "{index}");
}

#[test]
fn pages_and_pictures_of_an_earlier_run_go_and_nothing_else() {
    let mut all = report();
    all.applicants[0].pictures.pages = vec![Some(THUMB.into())];
    let dir = written(&all);
    let put = |path: &str| {
        fs::create_dir_all(dir.path().join(path).parent().expect("below")).expect("made");
        fs::write(dir.path().join(path), b"x").expect("written");
    };
    let foreign = ["pages/notes.html", "evidence/0a/holiday.jpg", "evidence/mine.jpg", "evidence/x/a-1-t1.jpg"];
    for path in foreign.iter().chain(&[THUMB, PLACE]) {
        put(path);
    }
    all.applicants.remove(1);
    write(&all, dir.path()).expect("written");
    for path in foreign.iter().chain(&[THUMB, "pages/01_张三.html"]) {
        assert!(dir.path().join(path).is_file(), "{path} stays");
    }
    for path in [PLACE, "pages/02_李四.html"] {
        assert!(!dir.path().join(path).exists(), "{path} goes");
    }
}

/// 500 packets of 60 pages with 25 findings each, every finding with two clauses quoted in full.
#[test]
fn a_large_batch_stays_small() {
    const PACKETS: usize = 500;
    const MOST_BYTES: u64 = 60_000_000;
    /// What a browser lays out within three seconds on an office PC, see tests/browser.
    const MOST_INDEX_BYTES: u64 = 1_500_000;
    let long = "用人单位须在评审表、推荐报告和公示证明的相应位置加盖与单位全称一致的公章，并由负责人签字、注明日期。"
        .repeat(2);
    let quotes = [
        ((CheckId::MissingSeal, "五、4".to_owned()), vec![long.clone(), long.clone()]),
        ((CheckId::MissingSeal, "附件1 二、2".to_owned()), vec![long.clone()]),
    ];
    let dir = tempfile::tempdir().expect("made");
    let mut writer = Writer::open(dir.path())
        .expect("opened")
        .quoting(NoticeText { quotes: quotes.into(), ..NoticeText::default() });
    for at in 0..PACKETS {
        let folder = format!("{at:03}_欧阳某某");
        let pages: Vec<ReportedPage> = (1..=60).map(|n| ReportedPage { page: n, ..page(&folder) }).collect();
        let findings: Vec<ReportedFinding> = (0..25)
            .map(|n| ReportedFinding {
                id: format!("F{at:05}{n:05}"),
                check: if n % 2 == 0 { CheckId::MissingSeal } else { CheckId::ALL[n % CheckId::ALL.len()] },
                severity: [Severity::Correct, Severity::Advise][n % 2],
                page: Some(n as u32 * 2 + 1),
                seen: "“主管部门或公共就业和人才服务机构审核意见”栏内没有看到公章，只有手写签名和日期".into(),
                required: long.clone(),
                clause: "五、4；附件1 二、2".into(),
                ..finding(&folder)
            })
            .collect();
        let mut one = clean(&folder);
        let name = |n: u32, part: &str| format!("evidence/0a/{at:022}-{n}-{part}.jpg");
        one.pictures.pages = pages.iter().map(|p| Some(name(p.page, "t1"))).collect();
        one.pictures.places = findings.iter().map(|f| (f.id.clone(), name(9, "p1-0123456789ab"))).collect();
        one.applicant.unit = Some(format!("第{}勘测设计研究院有限责任公司", at / 4));
        (one.pages, one.findings) = (pages, findings);
        writer.write_applicant(at, &one).expect("written");
    }
    writer.finish(&report().run).expect("finished");
    let bytes = |path: std::path::PathBuf| fs::metadata(path).expect("written").len();
    let index = bytes(dir.path().join("index.html"));
    let pages = fs::read_dir(dir.path().join("pages")).expect("a folder");
    let all: u64 = pages.map(|e| bytes(e.expect("an entry").path())).sum::<u64>() + index;
    assert!(index < MOST_INDEX_BYTES, "the overview has {index} bytes");
    assert!(all < MOST_BYTES, "all pages have {all} bytes");
}

#[test]
fn a_page_leads_to_the_letter_where_there_is_one() {
    let dir = tempfile::tempdir().expect("made");
    let letters = Letters::new(Letterhead::default(), Templates::load(&[]).expect("the built-in templates"));
    let mut writer = Writer::open(dir.path()).expect("opened").with_letters(letters.expect("they render"));
    for (at, applicant) in report().applicants.iter().enumerate() {
        writer.write_applicant(at, applicant).expect("written");
    }
    writer.finish(&report().run).expect("finished");
    let html = read(dir.path(), "pages/01_张三.html").replace("&#x2f;", "/");
    assert!(html.contains("href=\"../letters/01_%E5%BC%A0%E4%B8%89.html\""), "{html}");
    assert!(dir.path().join("letters/01_张三.html").is_file());
    assert!(!read(dir.path(), "pages/02_李四.html").contains("../letters/"));
}
