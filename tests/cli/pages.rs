//! The HTML report in a real browser, opened from disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use material_audit::model::finding::{CheckId, Severity, Status, Verdict};
use material_audit::model::isolation::Isolation;
use material_audit::model::material::Material;
use material_audit::model::packet::Applicant;
use material_audit::model::report::{
    ApplicantReport, NotExamined, Outcomes, PagesExamined, Pictures, ReportedFinding, ReportedPage, RunRecord,
};
use material_audit::report::Writer;
use serde_json::Value;

use super::chromium::{Browser, address};
use super::common::{NOTICES, audited, scratch};

fn html_files(out: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(out.join("pages")).expect("written").map(|e| e.expect("entry").path()).collect();
    all.sort();
    all.insert(0, out.join("index.html"));
    all
}

/// Sets one of the page's filters as a user does.
fn choose(filter: &str, value: &str) -> String {
    format!(
        "(() => {{ const f = document.querySelector('[data-filter={filter}]'); f.value = '{value}'; \
         f.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
    )
}

const SHOWN_FOLDERS: &str = "[...document.querySelectorAll('[data-row]:not([hidden]) th a')].map(a => a.textContent)";

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_page_opens_from_disk_without_error_or_request() {
    let run = audited(NOTICES[0]);
    let root = address(&run.out);
    let Some(mut browser) = Browser::start() else { return };
    let files = html_files(&run.out);
    assert!(files.len() > 5, "{files:?}");
    let mut pictures = 0;
    for file in files {
        let mut page = browser.open(&address(&file));
        // A lazy picture that is scrolled to loads.
        let sizes = page.value(
            "Promise.all([...document.images].map(i => { i.loading = 'eager'; \
             return i.decode().then(() => i.naturalWidth, () => 0); }))",
        );
        let sizes = sizes.as_array().expect("a list");
        assert!(sizes.iter().all(|w| w.as_u64().is_some_and(|w| w > 0)), "{}: {sizes:?}", file.display());
        pictures += sizes.len();
        assert!(page.complaints.is_empty(), "{}: {:?}", file.display(), page.complaints);
        let outside: Vec<_> = page.requests.iter().filter(|r| !r.starts_with(&root)).collect();
        assert!(outside.is_empty(), "{}: {outside:?}", file.display());
        let wide = page.value("document.documentElement.scrollWidth - innerWidth");
        assert!(wide.as_i64().is_some_and(|w| w <= 0), "{}: {wide} pixels too wide", file.display());
    }
    let pages = run.facts().len();
    assert!(pictures >= pages, "{pictures} pictures for {pages} pages");
}

#[test]
fn filters_show_what_the_findings_say() {
    let run = audited(NOTICES[0]);
    let mut with: BTreeMap<String, usize> = BTreeMap::new();
    let findings = run.findings();
    for f in findings.iter().filter(|f| f["check"] == "date-format" && f["verdict"] == "defect") {
        *with.entry(f["applicant"].as_str().expect("a name").to_owned()).or_default() += 1;
    }
    assert!(!with.is_empty(), "the fixtures have wrong dates");
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.open(&address(&run.out.join("index.html")));
    let all = texts(&page.value(SHOWN_FOLDERS)).len();
    assert!(all > with.len());
    page.value(&choose("check", "date-format"));
    page.value(&choose("verdict", "defect"));
    let mut shown = texts(&page.value(SHOWN_FOLDERS));
    shown.sort();
    assert_eq!(shown, with.keys().cloned().collect::<Vec<_>>());
    let hits = page.value(
        "[...document.querySelectorAll('[data-row]:not([hidden]) [data-hits]')].map(td => Number(td.textContent))",
    );
    let sum: u64 = hits.as_array().expect("a list").iter().filter_map(Value::as_u64).sum();
    assert_eq!(sum as usize, with.values().sum::<usize>());

    // The applicant's page opens with the same filters.
    let link = page.value("document.querySelector('[data-row]:not([hidden]) th a').href");
    let first = page.value("document.querySelector('[data-row]:not([hidden]) th a').textContent");
    page.go(link.as_str().expect("an address"));
    let left = "[...document.querySelectorAll('article:not([hidden])')].map(a => a.dataset.check + a.dataset.verdict)";
    let left_now = texts(&page.value(left));
    assert_eq!(left_now, vec!["date-formatdefect"; with[first.as_str().expect("a name")]]);
    page.press("Escape");
    assert!(texts(&page.value(left)).len() > left_now.len(), "Escape shows all again");
    page.value(&choose("status", "fixed"));
    assert!(texts(&page.value(left)).is_empty());
    assert_eq!(page.value("document.querySelector('[data-none]').hidden"), false);

    // Words, and a unit, from the overview.
    page.go(&address(&run.out.join("index.html")));
    page.value(&choose("text", first.as_str().expect("a name")));
    assert_eq!(texts(&page.value(SHOWN_FOLDERS)), [first.as_str().expect("a name")]);
    page.press("Escape");
    page.value("document.querySelector('[data-set=unit]').click()");
    let units = page.value(
        "[...new Set([...document.querySelectorAll('[data-row]:not([hidden]) td:nth-child(3)')].map(t => t.textContent))]",
    );
    let named = page.value("document.querySelector('[data-set=unit]').textContent");
    assert_eq!(units, serde_json::json!([named]));
    assert!(page.complaints.is_empty(), "{:?}", page.complaints);
}

#[test]
fn the_keyboard_leads_through_a_packet() {
    let run = audited(NOTICES[0]);
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.open(&address(&run.out.join("index.html")));
    let focused = "document.activeElement.closest('[data-row]')?.querySelector('th a')?.textContent";
    page.press("j");
    let first = page.value(focused);
    page.press("j");
    let second = page.value(focused);
    page.press("k");
    assert!(first.is_string() && second.is_string() && first != second);
    assert_eq!(page.value(focused), first);
    let ring = page.value("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(ring, "solid", "where the keyboard is can be seen");

    // The applicant with the most findings.
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for f in run.findings() {
        *counts.entry(f["applicant"].as_str().expect("a name").to_owned()).or_default() += 1;
    }
    let (folder, count) = counts.into_iter().max_by_key(|(_, n)| *n).expect("findings");
    page.go(&address(&run.out.join("pages").join(format!("{folder}.html"))));
    let ids = texts(&page.value("[...document.querySelectorAll('article')].map(a => a.id)"));
    assert_eq!(ids.len(), count);
    for id in &ids[..3] {
        page.press("j");
        assert_eq!(page.value("document.activeElement.id"), id.as_str());
        let top = page.value("document.activeElement.getBoundingClientRect().top");
        assert!(top.as_f64().is_some_and(|t| (0.0..768.0).contains(&t)), "on the screen: {top}");
    }
    page.press("k");
    assert_eq!(page.value("document.activeElement.id"), ids[1].as_str());
    page.press("u");
    page.wait_loaded();
    assert_eq!(page.value("document.body.className"), "index");
}

fn page_of(folder: &str, page: u32) -> ReportedPage {
    ReportedPage {
        applicant: folder.into(),
        file: "评审表.pdf".into(),
        page,
        material: Material::ReviewForm,
        category: None,
        first_of_material: page == 1,
        quality: "good".into(),
        orientation: 0,
        size_mm: None,
        lines: Vec::new(),
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        printed_page: Some(page),
        duplicate_of: None,
    }
}

fn finding_of(folder: &str, n: u32, text: &str) -> ReportedFinding {
    ReportedFinding {
        id: format!("F{n:010}"),
        applicant: folder.into(),
        check: CheckId::ALL[n as usize % CheckId::ALL.len()],
        verdict: if n.is_multiple_of(3) { Verdict::Review } else { Verdict::Defect },
        severity: Severity::Correct,
        status: Status::New,
        material: Some(Material::ReviewForm),
        file: Some("评审表.pdf".into()),
        page: Some(n + 1),
        printed_page: None,
        rect: None,
        seen: text.into(),
        required: text.into(),
        clause: "五、4".into(),
        pack: "some-pack".into(),
        confidence: 0.9,
        message: text.into(),
        suggestion: text.into(),
    }
}

/// A batch of so many packets with 40 pages and 20 findings each.
fn batch(out: &Path, folders: &[String], text: &str) {
    let mut writer = Writer::open(out).expect("writable");
    for (at, folder) in folders.iter().enumerate() {
        let report = ApplicantReport {
            folder: folder.clone(),
            applicant: Applicant { unit: Some(format!("第{}公司{text}", at / 5)), ..Applicant::default() },
            findings: (0..20).map(|n| finding_of(folder, n, text)).collect(),
            decisions: BTreeMap::new(),
            pages: (1..=40).map(|n| page_of(folder, n)).collect(),
            pictures: Pictures::default(),
            noted: Vec::new(),
            not_examined: vec![NotExamined {
                applicant: folder.clone(),
                file: text.into(),
                page: None,
                reason: text.into(),
            }],
            outcomes: Outcomes::default(),
        };
        writer.write_applicant(at, &report).expect("written");
    }
    let run = RunRecord {
        tool: "material-audit".into(),
        pack: "some-pack".into(),
        pack_version: "1".into(),
        models: Vec::new(),
        as_of: "2024-12-01".into(),
        packets: folders.len() as u32,
        pages: folders.len() as u32 * 40,
        pages_examined: PagesExamined::default(),
        defects: 0,
        reviews: 0,
        not_examined: Vec::new(),
        noted: Vec::new(),
        missing: vec![text.into()],
        isolation: Isolation::NONE,
    };
    writer.finish(&run).expect("written");
}

#[test]
fn hostile_names_do_nothing() {
    let out = scratch("pages-hostile");
    let text = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}<!--";
    let folders = ["javascript:alert(3)", "<script>alert(4)</script>", "a#b?c%20d & 'e\"", "\u{202e}gnp.exe"];
    batch(&out, &folders.map(str::to_owned), text);
    let root = address(&out);
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.open(&address(&out.join("index.html")));
    let links = texts(&page.value("[...document.querySelectorAll('.people th a')].map(a => a.href)"));
    assert_eq!(links.len(), folders.len());
    for link in links {
        page.go(&link);
        assert_eq!(page.value("document.querySelectorAll('article').length"), 20, "{link}");
        let foreign = page.value("document.scripts.length - 1 + document.images.length + document.querySelectorAll('iframe, form, style').length");
        assert_eq!(foreign, 0, "{link}");
        assert!(
            page.value("document.body.textContent").as_str().is_some_and(|t| t.contains("<script>alert(2)</script>"))
        );
    }
    assert!(page.complaints.is_empty(), "{:?}", page.complaints);
    assert!(page.requests.iter().all(|r| r.starts_with(&root)), "{:?}", page.requests);
}

#[test]
fn an_overview_of_500_opens_at_once() {
    let out = scratch("pages-500");
    let folders: Vec<String> = (0..500).map(|n| format!("{n:03}_欧阳某某")).collect();
    batch(&out, &folders, "“审核意见”栏内没有看到公章，只有手写签名和日期");
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.open(&address(&out.join("index.html")));
    let took = page.value("performance.getEntriesByType('navigation')[0].loadEventEnd");
    assert!(took.as_f64().is_some_and(|ms| ms > 0.0 && ms < 3000.0), "{took} ms");
    assert_eq!(texts(&page.value(SHOWN_FOLDERS)).len(), 500);
    println!("the overview of 500 packets opened in {took} ms");
}
