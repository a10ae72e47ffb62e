//! What is kept of a packet once its report has been handed on.

use std::collections::BTreeMap;

use crate::model::finding::{Decided, Verdict};
use crate::model::report::{ApplicantReport, NotExamined, Noted, ReportedFinding};

/// A packet's part of the run's record.
#[derive(Debug, Default)]
pub struct Judged {
    pub pages: u32,
    pub defects: u32,
    pub reviews: u32,
    pub not_examined: Vec<NotExamined>,
    pub noted: Vec<Noted>,
}

impl Judged {
    pub(super) fn of(report: ApplicantReport) -> Self {
        let mut judged = Self {
            pages: report.pages.len() as u32,
            not_examined: report.not_examined,
            noted: report.noted,
            ..Self::default()
        };
        judged.count(&report.findings, &report.decisions);
        judged
    }

    pub(super) fn count(&mut self, findings: &[ReportedFinding], decisions: &BTreeMap<String, Decided>) {
        for finding in findings {
            match finding.standing_as(decisions) {
                Some(Verdict::Defect) => self.defects += 1,
                Some(Verdict::Review) => self.reviews += 1,
                None => {}
            }
        }
    }
}
