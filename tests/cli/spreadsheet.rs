//! A spreadsheet program opens the CSV, saves it as a workbook and as CSV again: nothing is lost, nothing runs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use material_audit::model::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use material_audit::model::isolation::Isolation;
use material_audit::model::packet::Applicant;
use material_audit::model::report::{
    ApplicantReport, Outcomes, PagesExamined, Pictures, Report, ReportedFinding, RunRecord,
};
use material_audit::report;

use super::common::{NOTICES, audited, scratch};

/// What must arrive as it was: identity numbers, page ranges, dates, Chinese; and what must not run.
const TEXTS: [&str; 22] = [
    "330102199001011234",
    "14995419950314213X",
    "第3—5页",
    "3-5",
    "3/5",
    "2019年01月",
    "2019-01",
    "2019.10",
    "2019年1月—2020年3月",
    "12:30",
    "007",
    "1E5",
    "“2016.7”",
    "一（一）1",
    "濩川县九沟管业有限公司",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
];

fn hostile(out: &Path) {
    let finding = |(n, text): (usize, &&str)| ReportedFinding {
        id: format!("F{n:010}"),
        applicant: (*text).to_owned(),
        check: CheckId::DateFormat,
        verdict: Verdict::Defect,
        severity: Severity::Correct,
        status: Status::New,
        material: None,
        file: Some((*text).to_owned()),
        page: Some(n as u32 + 1),
        printed_page: None,
        rect: None,
        seen: (*text).to_owned(),
        required: (*text).to_owned(),
        clause: (*text).to_owned(),
        pack: "p".into(),
        confidence: 0.9,
        message: String::new(),
        suggestion: (*text).to_owned(),
    };
    let findings: Vec<ReportedFinding> = TEXTS.iter().enumerate().map(finding).collect();
    let remark = |(f, text): (&ReportedFinding, &&str)| {
        (f.id.clone(), Decided { decision: Decision::Confirmed, remark: (*text).to_owned() })
    };
    let decisions: BTreeMap<String, Decided> = findings.iter().zip(&TEXTS).map(remark).collect();
    let applicant = ApplicantReport {
        folder: "=1+1".into(),
        applicant: Applicant { name: Some("@SUM(A1)".into()), unit: Some("-1".into()), ..Applicant::default() },
        findings,
        decisions,
        pages: Vec::new(),
        pictures: Pictures::default(),
        not_examined: Vec::new(),
        noted: Vec::new(),
        outcomes: Outcomes::default(),
    };
    let run = RunRecord {
        tool: String::new(),
        pack: "p".into(),
        pack_version: String::new(),
        models: Vec::new(),
        as_of: "2024-12-01".into(),
        packets: 1,
        pages: 0,
        pages_examined: PagesExamined::default(),
        defects: 0,
        reviews: 0,
        not_examined: Vec::new(),
        noted: Vec::new(),
        missing: Vec::new(),
        isolation: Isolation::NONE,
    };
    report::write(&Report { applicants: vec![applicant], run }, out).expect("written");
}

/// Converts all files at once; false where there is no LibreOffice.
fn convert(folder: &Path, files: &[PathBuf], filters: &[&str], to: &Path) -> bool {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let made = Command::new("soffice")
        .args(["--headless", &profile])
        .args(filters)
        .arg("--outdir")
        .arg(to)
        .args(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success())
}

fn cells(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// Numbers are numbers there too, but for the digits after them: 0.90 comes back as 0.9.
fn same(a: &str, b: &str) -> bool {
    a == b || (a.len() == 4 && a.contains('.') && a.parse::<f32>().is_ok() && a.parse::<f32>() == b.parse())
}

#[test]
fn a_spreadsheet_changes_nothing_and_runs_nothing() {
    if Command::new("soffice").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "this test needs LibreOffice: apt-get install libreoffice-calc");
        println!("skipped: LibreOffice (soffice) is not installed, so no spreadsheet can open the CSV");
        return;
    }
    let folder = scratch("spreadsheet");
    hostile(&folder.join("report"));
    let mut files: Vec<PathBuf> = Vec::new();
    for (n, out) in [folder.join("report"), audited(NOTICES[3]).out.clone()].into_iter().enumerate() {
        let applicants = fs::read_dir(out.join("applicants")).expect("written").map(|e| e.expect("an entry").path());
        for (i, from) in applicants.chain([out.join("summary.csv")]).enumerate() {
            let to = folder.join(format!("{n}-{i}.csv"));
            fs::copy(from, &to).expect("writable");
            files.push(to);
        }
    }
    let (sheets, back) = (folder.join("xlsx"), folder.join("back"));
    // Comma, quote, UTF-8: what its import window offers for these files.
    assert!(convert(&folder, &files, &["--infilter=CSV:44,34,76,1", "--convert-to", "xlsx"], &sheets));
    let named =
        |file: &PathBuf, folder: &Path, ext: &str| folder.join(file.file_stem().expect("a name")).with_extension(ext);
    let books: Vec<PathBuf> = files.iter().map(|f| named(f, &sheets, "xlsx")).collect();
    for book in &books {
        let mut archive = zip::ZipArchive::new(fs::File::open(book).expect("made")).expect("a workbook");
        let mut sheet = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet").read_to_string(&mut sheet).expect("XML");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "a formula in {}", book.display());
    }
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true";
    assert!(convert(&folder, &books, &["--convert-to", filter], &back));
    for file in &files {
        let (before, after) = (cells(file), cells(&named(file, &back, "csv")));
        assert_eq!(before.len(), after.len(), "{}", file.display());
        for (a, b) in before.iter().flatten().zip(after.iter().flatten()) {
            assert!(same(a, b), "{}: {a:?} came back as {b:?}", file.display());
        }
    }
}
