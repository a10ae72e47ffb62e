//! A whole report of hostile text: its tables run nothing, its pages and letters have the markup of a harmless one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use material_audit::model::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::isolation::Isolation;
use material_audit::model::material::Material;
use material_audit::model::packet::Applicant;
use material_audit::model::report::{
    ApplicantReport, NotExamined, NoticeText, Outcomes, PagesExamined, Pictures, ReportedFinding, ReportedLine,
    ReportedPage, RunRecord,
};
use material_audit::report::Writer;
use material_audit::report::escape::{cell, visible};
use material_audit::report::letters::{Letterhead, Letters, Templates};

/// Texts of a report that come from anywhere.
const TEXTS: usize = 9;
const FILE: &str = "甲.pdf";

pub(crate) fn check(data: &[u8]) {
    let data = String::from_utf8_lossy(data);
    let mut lines = data.splitn(TEXTS, '\n');
    let texts: [&str; TEXTS] = std::array::from_fn(|_| lines.next().unwrap_or_default());
    // Whether there is a text may change what is shown, what it says may not.
    let harmless = texts.map(|text| if visible(text).is_empty() { "" } else { "甲" });
    let (written, model) = (write(&texts), write(&harmless));
    assert_eq!(skeletons(&written), skeletons(&model), "of {texts:?}");
    for (name, bytes) in written.iter().filter(|(name, _)| name.ends_with(".csv")) {
        table(name, bytes);
    }
    let found: Vec<_> = written.iter().filter(|(name, _)| name.starts_with("applicants/")).collect();
    assert_eq!(found.len(), 1);
    let mut reader = csv::Reader::from_reader(found[0].1.as_slice());
    let row = reader.records().next().expect("one finding").expect("a row");
    assert_eq!(row.iter().nth(11), Some(cell(texts[2]).as_str()), "what was seen");
    let lines = String::from_utf8(written["findings.jsonl"].clone()).expect("JSON is UTF-8");
    let said: Vec<ReportedFinding> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(said, findings(&texts), "nothing is lost for programs");
}

/// Nothing in a cell is taken for a formula, and every row is as long as the header.
fn table(name: &str, bytes: &[u8]) {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a mark for Excel");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    for row in reader.records() {
        let row = row.unwrap_or_else(|e| panic!("{name}: {e}"));
        for text in &row {
            let first = text.chars().find(|c| !c.is_whitespace());
            assert!(!first.is_some_and(|c| "=+-@|%＝＋－＠".contains(c)), "{name}: {text:?} would run");
            assert!(!text.contains(|c: char| c.is_control()), "{name}: {text:?}");
        }
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// The elements and attributes of every page, in order.
fn skeletons(files: &Files) -> Vec<Vec<String>> {
    let pages = files.iter().filter(|(name, _)| name.ends_with(".html"));
    pages.map(|(name, bytes)| skeleton(name, std::str::from_utf8(bytes).expect("UTF-8"))).collect()
}

fn skeleton(name: &str, page: &str) -> Vec<String> {
    let mut out = vec![name.split('/').next().unwrap_or_default().to_owned()];
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (element, after) = element(&rest[at..]);
        rest = after;
        // A browser looks for nothing but the end of these.
        if let Some(raw) = ["style", "script"].iter().find(|raw| element.split(' ').next() == Some(raw)) {
            rest = rest.find(&format!("</{raw}")).map_or("", |end| &rest[end..]);
        }
        out.push(element);
    }
    out
}

/// The element that begins here as its name and its attributes' names; what follows it.
fn element(text: &str) -> (String, &str) {
    if let Some(comment) = text.strip_prefix("<!--") {
        return ("comment".to_owned(), comment.find("-->").map_or("", |end| &comment[end + 3..]));
    }
    let (mut shape, mut quote, mut in_value) = (String::new(), None, false);
    for (at, c) in text.char_indices().skip(1) {
        match (quote, c) {
            (Some(q), _) if q == c => (quote, in_value) = (None, false),
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return (shape, &text[at + 1..]),
            (None, '=') => in_value = true,
            (None, c) if c.is_whitespace() => {
                in_value = false;
                if !shape.ends_with(' ') {
                    shape.push(' ');
                }
            }
            (None, c) if !in_value => shape.push(c),
            (None, _) => {}
        }
    }
    (shape + " without an end", "")
}

fn write(texts: &[&str; TEXTS]) -> Files {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let letters = Letters::new(Letterhead { issuer: texts[8].into(), ..Letterhead::default() }, templates());
    let notice = NoticeText { title: texts[8].into(), ..NoticeText::default() };
    let mut writer =
        Writer::open(folder.path()).expect("writable").with_letters(letters.expect("sound")).quoting(notice);
    writer.write_applicant(0, &report(texts)).expect("writable");
    writer.finish(&run(texts)).expect("writable");
    let mut files = Files::new();
    read(folder.path(), folder.path(), &mut files);
    files
}

fn templates() -> Templates {
    Templates::load(&[]).expect("the program's own")
}

fn read(root: &Path, folder: &Path, into: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(root, &path, into);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            into.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

fn findings(texts: &[&str; TEXTS]) -> Vec<ReportedFinding> {
    vec![ReportedFinding {
        id: "F0123456789".into(),
        applicant: texts[0].into(),
        check: CheckId::MissingSeal,
        verdict: Verdict::Defect,
        severity: Severity::Correct,
        status: Status::New,
        material: Some(Material::ReviewForm),
        file: Some(format!("{}{FILE}", texts[1])),
        page: Some(1),
        printed_page: None,
        rect: Some(Rect::new(0.25, 0.25, 0.5, 0.25)),
        seen: texts[2].into(),
        required: texts[3].into(),
        // As many clauses whatever the text: the notices' own separators part them.
        clause: texts[4].replace([';', '；'], "，"),
        pack: "p".into(),
        confidence: 0.5,
        message: texts[5].into(),
        suggestion: texts[6].into(),
    }]
}

fn report(texts: &[&str; TEXTS]) -> ApplicantReport {
    let file = format!("{}{FILE}", texts[1]);
    let page = ReportedPage {
        applicant: texts[0].into(),
        file: file.clone(),
        page: 1,
        material: Material::ReviewForm,
        category: Some(texts[4].into()),
        first_of_material: true,
        quality: "good".into(),
        orientation: 0,
        size_mm: None,
        lines: vec![ReportedLine { text: texts[2].into(), rect: Rect::new(0.0, 0.0, 0.5, 0.5), confidence: 1.0 }],
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        printed_page: None,
        duplicate_of: None,
    };
    let word = Decided { decision: Decision::Confirmed, remark: texts[7].into() };
    ApplicantReport {
        folder: texts[0].into(),
        applicant: Applicant { name: Some(texts[7].into()), unit: Some(texts[6].into()), ..Applicant::default() },
        findings: findings(texts),
        decisions: BTreeMap::from([("F0123456789".to_owned(), word)]),
        pages: vec![page],
        pictures: Pictures::default(),
        not_examined: not_examined(texts),
        noted: Vec::new(),
        outcomes: Outcomes::default(),
    }
}

fn not_examined(texts: &[&str; TEXTS]) -> Vec<NotExamined> {
    let file = format!("{}{FILE}", texts[1]);
    vec![NotExamined { applicant: texts[0].into(), file, page: None, reason: texts[5].into() }]
}

fn run(texts: &[&str; TEXTS]) -> RunRecord {
    RunRecord {
        tool: "material-audit".into(),
        pack: "p".into(),
        pack_version: "1".into(),
        models: Vec::new(),
        as_of: "2024-12-01".into(),
        packets: 1,
        pages: 1,
        pages_examined: PagesExamined::default(),
        defects: 1,
        reviews: 0,
        not_examined: not_examined(texts),
        noted: Vec::new(),
        missing: vec![texts[3].into()],
        isolation: Isolation::NONE,
    }
}
