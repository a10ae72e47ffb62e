//! What is written of one packet alone: its table, its letter, its page.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::model::finding::Decided;
use crate::model::report::{ApplicantReport, NoticeText, ReportedFinding};

use super::html::{self, Around, Neighbour, PAGES, Site};
use super::letters::Letters;
use super::overview::Row;
use super::{ReportError, csv, files};

pub(super) const APPLICANTS: &str = "applicants";
pub(super) const EVIDENCE: &str = "evidence";

/// Writes what is a packet's alone.
#[derive(Debug)]
pub struct Pen {
    pub(super) letters: Option<Letters>,
    pub(super) site: Site,
}

impl Default for Pen {
    fn default() -> Self {
        Self { letters: None, site: Site::new() }
    }
}

impl Pen {
    /// Writes letters too.
    #[must_use]
    pub fn with_letters(mut self, letters: Letters) -> Self {
        self.letters = Some(letters);
        self
    }

    /// Has the pages quote the notice.
    #[must_use]
    pub fn quoting(mut self, notice: NoticeText) -> Self {
        self.site.notice = notice;
        self
    }

    pub(super) fn table(
        &self,
        out: &Path,
        row: &Row,
        findings: &[ReportedFinding],
        decisions: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        let table = csv::findings(findings, decisions);
        files::replace(&out.join(APPLICANTS).join(&row.report_file), |file| file.write_all(&table))
    }

    /// Writes the letter, or removes it where there is nothing to write.
    pub(super) fn letter(
        &self,
        out: &Path,
        row: &Row,
        findings: &[ReportedFinding],
        decisions: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        self.letters.as_ref().map_or(Ok(()), |letters| letters.write(out, row, findings, decisions))
    }

    /// Writes the page; its letter is there already. `around`: the folders before and after it.
    pub(super) fn page(
        &self,
        out: &Path,
        row: &Row,
        packet: &ApplicantReport,
        around: &[Option<String>; 2],
    ) -> Result<(), ReportError> {
        let [before, after] = around.each_ref().map(|folder| folder.as_deref().map(Neighbour::of));
        let letter = self.letters.as_ref().and_then(|_| Letters::printed(out, row));
        self.site.write_applicant(out, row, packet, Around { before, after, letter })
    }

    /// Takes over what another process wrote of a packet, but for the page where it leads elsewhere now.
    pub(super) fn take_over(&self, from: &Path, out: &Path, row: &Row, with_page: bool) -> Result<(), ReportError> {
        let table = Path::new(APPLICANTS).join(&row.report_file);
        files::place(&from.join(&table), &out.join(&table))?;
        if self.letters.is_some() {
            Letters::take_over(from, out, row)?;
        }
        if with_page {
            let page = Path::new(PAGES).join(html::page_name(&row.report_file));
            files::place(&from.join(&page), &out.join(&page))?;
        }
        Ok(())
    }
}
