//! What `summary.csv` and the console say: counts per applicant and per check.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::finding::{CheckId, Decided, Decision, Severity, Status, Verdict};
use crate::model::packet::Applicant;
use crate::model::report::{ApplicantReport, Report, ReportedFinding, RunRecord};

use super::files;

/// One applicant in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub folder: String,
    pub applicant: Applicant,
    /// Name of the applicant's CSV under `applicants/`.
    pub report_file: String,
    pub files: usize,
    pub pages: usize,
    /// Defects still standing; `reject`, `correct` and `advise` are these by severity.
    pub defects: usize,
    pub reviews: usize,
    pub reject: usize,
    pub correct: usize,
    pub advise: usize,
    pub not_examined: usize,
    /// Check entries that could not decide.
    pub undecided: usize,
    /// Of what still stands.
    pub new: usize,
    pub open: usize,
    /// Mended since the last round.
    pub fixed: usize,
    /// Decided away by the reviewer.
    pub rejected: usize,
    pub checked: usize,
}

/// Where an applicant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// 有缺陷.
    Defective,
    /// 未检查完: no defect found, but not everything was seen.
    Incomplete,
    /// 待核.
    Review,
    /// 仅有提示: nothing that must be mended.
    Advice,
    /// 无缺陷.
    Clean,
}

impl Conclusion {
    pub const ALL: [Self; 5] = [Self::Defective, Self::Incomplete, Self::Review, Self::Advice, Self::Clean];

    /// As a clerk reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Defective => "有缺陷",
            Self::Incomplete => "未检查完",
            Self::Review => "待核",
            Self::Advice => "仅有提示",
            Self::Clean => "无缺陷",
        }
    }
}

impl Row {
    #[must_use]
    pub fn of(report: &ApplicantReport) -> Self {
        let unread = report.not_examined.iter().map(|n| n.file.as_str()).filter(|file| !file.is_empty());
        let files: BTreeSet<&str> = report.pages.iter().map(|p| p.file.as_str()).chain(unread).collect();
        let mut row = Self {
            folder: report.folder.clone(),
            applicant: report.applicant.clone(),
            report_file: files::csv_name(&report.folder),
            files: files.len(),
            pages: report.pages.len(),
            defects: 0,
            reviews: 0,
            reject: 0,
            correct: 0,
            advise: 0,
            not_examined: report.not_examined.len(),
            undecided: report.outcomes.undecided as usize,
            new: 0,
            open: 0,
            fixed: 0,
            rejected: 0,
            checked: 0,
        };
        row.add(&report.findings, &report.decisions);
        row
    }

    /// Counts findings in.
    pub(super) fn add(&mut self, findings: &[ReportedFinding], decisions: &BTreeMap<String, Decided>) {
        for finding in findings {
            let Some(verdict) = finding.standing_as(decisions) else {
                match decisions.get(&finding.id).map(|d| d.decision) {
                    _ if finding.status == Status::Fixed => self.fixed += 1,
                    Some(Decision::Rejected) => self.rejected += 1,
                    _ => self.checked += 1,
                }
                continue;
            };
            match finding.status {
                Status::New => self.new += 1,
                _ => self.open += 1,
            }
            match verdict {
                Verdict::Review => self.reviews += 1,
                Verdict::Defect => {
                    self.defects += 1;
                    let severity = match finding.severity {
                        Severity::Reject => &mut self.reject,
                        Severity::Correct => &mut self.correct,
                        Severity::Advise => &mut self.advise,
                    };
                    *severity += 1;
                }
            }
        }
    }

    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        if self.reject + self.correct > 0 {
            Conclusion::Defective
        } else if self.not_examined > 0 {
            Conclusion::Incomplete
        } else if self.reviews + self.undecided > 0 {
            Conclusion::Review
        } else if self.advise > 0 {
            Conclusion::Advice
        } else {
            Conclusion::Clean
        }
    }
}

/// The whole run in counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// In report order.
    pub rows: Vec<Row>,
    /// Defects and reviews of each check that has any, in report order of checks.
    pub checks: BTreeMap<CheckId, (usize, usize)>,
    pub run: RunRecord,
}

impl Overview {
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut checks = BTreeMap::new();
        for applicant in &report.applicants {
            count(&mut checks, &applicant.findings, &applicant.decisions);
        }
        Self { rows: report.applicants.iter().map(Row::of).collect(), checks, run: report.run.clone() }
    }
}

/// Adds standing findings to the counts per check.
pub(super) fn count(
    checks: &mut BTreeMap<CheckId, (usize, usize)>,
    findings: &[ReportedFinding],
    decisions: &BTreeMap<String, Decided>,
) {
    for finding in findings {
        let Some(verdict) = finding.standing_as(decisions) else { continue };
        let (defects, reviews) = checks.entry(finding.check).or_default();
        match verdict {
            Verdict::Defect => *defects += 1,
            Verdict::Review => *reviews += 1,
        }
    }
}
