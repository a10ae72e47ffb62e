//! `findings.jsonl` and `facts.jsonl`: one object a line, keys in the contract's order.

use serde::Serialize;

use crate::model::geometry::Rect;
use crate::model::report::{ApplicantReport, ReportedFinding, ReportedPage};
use crate::model::round::ApplicantRecord;

use super::csv::share;

/// Lines of `rounds.jsonl`.
pub(super) fn records(records: &[ApplicantRecord]) -> Vec<u8> {
    lines(records.iter().map(|record| {
        let mut record = record.clone();
        for remembered in &mut record.findings {
            remembered.finding = rounded(&remembered.finding);
        }
        record
    }))
}

/// Lines of `findings.jsonl`.
pub(super) fn findings(findings: &[ReportedFinding]) -> Vec<u8> {
    lines(findings.iter().map(rounded))
}

/// As it is written.
pub(super) fn rounded(finding: &ReportedFinding) -> ReportedFinding {
    let rect = finding.rect.map(on_page);
    ReportedFinding { confidence: thousandths(finding.confidence), rect, ..finding.clone() }
}

/// What the pages show of a packet, to be kept on disk until they are written: all but what was seen on its pages.
pub(super) fn packet(report: &ApplicantReport) -> Vec<u8> {
    let seen = |page: &ReportedPage| ReportedPage {
        applicant: String::new(),
        file: page.file.clone(),
        quality: page.quality.clone(),
        category: None,
        size_mm: None,
        lines: Vec::new(),
        seals: Vec::new(),
        photos: Vec::new(),
        codes: Vec::new(),
        duplicate_of: None,
        ..*page
    };
    let kept = ApplicantReport {
        folder: report.folder.clone(),
        applicant: report.applicant.clone(),
        findings: report.findings.iter().map(rounded).collect(),
        decisions: report.decisions.clone(),
        pages: report.pages.iter().map(seen).collect(),
        pictures: report.pictures.clone(),
        not_examined: report.not_examined.clone(),
        noted: report.noted.clone(),
        outcomes: report.outcomes,
    };
    lines(std::iter::once(kept))
}

/// What [`packet`] wrote.
pub(super) fn read_packet(bytes: &[u8]) -> serde_json::Result<ApplicantReport> {
    serde_json::from_slice(bytes)
}

/// One line of what [`records`] wrote.
pub(super) fn read_record(line: &[u8]) -> serde_json::Result<ApplicantRecord> {
    serde_json::from_slice(line)
}

/// What [`findings`] wrote.
pub(super) fn read_findings(lines: &[u8]) -> serde_json::Result<Vec<ReportedFinding>> {
    let lines = lines.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    lines.map(serde_json::from_slice).collect()
}

/// Lines of `facts.jsonl`.
pub(super) fn facts(pages: &[ReportedPage]) -> Vec<u8> {
    lines(pages.iter().map(|page| {
        let mut page = page.clone();
        page.size_mm = page.size_mm.map(|size| size.map(tenths));
        for line in &mut page.lines {
            (line.rect, line.confidence) = (on_page(line.rect), thousandths(line.confidence));
        }
        for seal in &mut page.seals {
            (seal.rect, seal.confidence) = (on_page(seal.rect), thousandths(seal.confidence));
            seal.diameter_mm = tenths(seal.diameter_mm);
        }
        for photo in &mut page.photos {
            (photo.rect, photo.confidence) = (on_page(photo.rect), thousandths(photo.confidence));
        }
        for code in &mut page.codes {
            code.rect = on_page(code.rect);
        }
        page
    }))
}

/// Pretty JSON with a line end.
pub(super) fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut out = serde_json::to_vec_pretty(value).expect("the report's types have string keys only");
    out.push(b'\n');
    out
}

fn lines<T: Serialize>(values: impl Iterator<Item = T>) -> Vec<u8> {
    let mut out = Vec::new();
    for value in values {
        serde_json::to_writer(&mut out, &value).expect("the report's types have string keys only");
        out.push(b'\n');
    }
    out
}

fn thousandths(confidence: f32) -> f32 {
    (share(confidence) * 1000.0).round() / 1000.0
}

fn tenths(mm: f32) -> f32 {
    if mm.is_finite() { (mm * 10.0).round() / 10.0 } else { 0.0 }
}

/// The part of the box that lies on the page: undoing a deskew may carry a corner just over its edge.
fn on_page(rect: Rect) -> Rect {
    let within = |v: f32| if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 };
    Rect::from_corners(within(rect.x), within(rect.y), within(rect.right()), within(rect.bottom()))
}
