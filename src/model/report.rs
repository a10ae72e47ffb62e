//! The report: built once, sorted, complete. Writers only format it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use super::geometry::Rect;
use super::isolation::Isolation;
use super::material::Material;
use super::packet::Applicant;

/// A finding as reported: one line of `findings.jsonl`, one row of an applicant's CSV. Key order is the contract's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedFinding {
    pub id: String,
    /// The packet's folder name.
    pub applicant: String,
    pub check: CheckId,
    pub verdict: Verdict,
    pub severity: Severity,
    pub status: Status,
    pub material: Option<Material>,
    /// Relative to the packet, with `/`.
    pub file: Option<String>,
    /// 1-based in that file.
    pub page: Option<u32>,
    pub printed_page: Option<u32>,
    /// On the page as displayed.
    #[serde(rename = "box")]
    pub rect: Option<Rect>,
    pub seen: String,
    pub required: String,
    pub clause: String,
    pub pack: String,
    pub confidence: f32,
    pub message: String,
    pub suggestion: String,
}

impl ReportedFinding {
    /// What it stands as, given the reviewer's decisions by id: a defect where seen for certain or confirmed; none where
    /// it was mended or decided away.
    #[must_use]
    pub fn standing_as(&self, decisions: &BTreeMap<String, Decided>) -> Option<Verdict> {
        if self.status == Status::Fixed {
            return None;
        }
        match decisions.get(&self.id).map(|d| d.decision) {
            None => Some(self.verdict),
            Some(Decision::Confirmed) => Some(Verdict::Defect),
            Some(Decision::Rejected | Decision::Checked) => None,
        }
    }

    /// By report order of checks, then place.
    #[must_use]
    pub fn report_order(&self, other: &Self) -> Ordering {
        let place = |f: &Self| (f.check, f.page, f.material);
        self.check
            .cmp(&other.check)
            .then_with(|| self.file.cmp(&other.file))
            .then_with(|| place(self).cmp(&place(other)))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// A text line in `facts.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedLine {
    pub text: String,
    #[serde(rename = "box")]
    pub rect: Rect,
    pub confidence: f32,
}

/// One line of `facts.jsonl`. Boxes are on the page as displayed; key order is the contract's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedPage {
    pub applicant: String,
    pub file: String,
    pub page: u32,
    pub material: Material,
    pub category: Option<String>,
    pub first_of_material: bool,
    /// `good`, `blank`, `degraded`, or why the page could not be read.
    pub quality: String,
    /// Clockwise degrees needed to read it: 0, 90, 180, 270.
    pub orientation: u16,
    pub size_mm: Option<[f32; 2]>,
    pub lines: Vec<ReportedLine>,
    pub seals: Vec<super::marks::Seal>,
    pub photos: Vec<super::marks::Photo>,
    pub codes: Vec<super::marks::Code>,
    pub printed_page: Option<u32>,
    /// `file#page` of the identical earlier page in this packet.
    pub duplicate_of: Option<String>,
}

/// Pictures of a packet's pages, as paths below the report's folder, with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pictures {
    /// A small picture of each of [`ApplicantReport::pages`]; shorter where the last ones have none.
    pub pages: Vec<Option<String>>,
    /// The place of a finding with what is around it, by the finding's id.
    pub places: BTreeMap<String, String>,
}

/// What reports quote of a notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeText {
    pub title: String,
    pub issuer: String,
    pub number: String,
    /// The notice's own words, by the check that goes by them and the clause's number as findings cite it.
    pub quotes: BTreeMap<(CheckId, String), Vec<String>>,
}

/// One applicant's part of the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicantReport {
    pub folder: String,
    pub applicant: Applicant,
    /// Sorted: by report order of checks, then place.
    pub findings: Vec<ReportedFinding>,
    /// The reviewer's word on findings, by their ids.
    pub decisions: BTreeMap<String, Decided>,
    pub pages: Vec<ReportedPage>,
    pub pictures: Pictures,
    /// Files that could not be read at all, and why, in plain Chinese.
    pub not_examined: Vec<NotExamined>,
    /// What a person should know of files that were examined.
    pub noted: Vec<Noted>,
    /// How many check entries ended passed, with defects, undecided.
    pub outcomes: Outcomes,
}

impl ApplicantReport {
    /// Whether a finding still asks for something: neither mended nor decided away.
    #[must_use]
    pub fn stands(&self, finding: &ReportedFinding) -> bool {
        finding.standing_as(&self.decisions).is_some()
    }

    /// Whether it stands as a defect: seen for certain, or confirmed by the reviewer.
    #[must_use]
    pub fn is_defect(&self, finding: &ReportedFinding) -> bool {
        finding.standing_as(&self.decisions) == Some(Verdict::Defect)
    }
}

/// Counts of check results over a packet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    pub passed: u32,
    pub defects: u32,
    pub undecided: u32,
}

/// A file, page or check that was not examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotExamined {
    pub applicant: String,
    pub file: String,
    pub page: Option<u32>,
    pub reason: String,
}

/// Something a file has besides its pages, which was neither opened nor run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub applicant: String,
    pub file: String,
    /// Plain Chinese.
    pub note: String,
}

/// `run.json`: what ran on what. No clock, no path, no thread count: the same input gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    pub tool: String,
    pub pack: String,
    pub pack_version: String,
    pub models: Vec<String>,
    /// ISO date that date-dependent checks were judged by.
    pub as_of: String,
    pub packets: u32,
    pub pages: u32,
    /// The same pages by how much of them was read.
    pub pages_examined: PagesExamined,
    pub defects: u32,
    pub reviews: u32,
    pub not_examined: Vec<NotExamined>,
    pub noted: Vec<Noted>,
    /// Folders of packets that an interruption left out.
    pub missing: Vec<String>,
    /// What this machine's system keeps the children from that read the documents.
    pub isolation: Isolation,
}

/// How much was read of the pages of a batch; together they are all pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesExamined {
    pub whole: u32,
    /// Something on them could not be read; what hangs on it is for review.
    pub in_part: u32,
    pub unreadable: u32,
}

impl PagesExamined {
    /// Counts a page by [`ReportedPage::quality`].
    pub fn count(&mut self, page: &ReportedPage) {
        match page.quality.as_str() {
            "good" | "blank" => self.whole += 1,
            "degraded" => self.in_part += 1,
            _ => self.unreadable += 1,
        }
    }
}

/// The whole batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub applicants: Vec<ApplicantReport>,
    pub run: RunRecord,
}
