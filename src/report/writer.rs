//! A part of the report, written as packets finish.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::model::page::unwritten_reason;
use crate::model::report::{ApplicantReport, NoticeText, RunRecord};
use crate::model::round::ApplicantRecord;
use crate::shard::{FOLDER, Lines, Store};

use super::ending::{Ending, finish};
use super::html::{self, PAGES};
use super::letters::{self, Letters};
use super::overview::{Overview, Row};
use super::part::Part;
use super::pen::{APPLICANTS, EVIDENCE, Pen};
use super::{ReportError, annotated, files, jsonl};

/// Writes what is each packet's alone as it finishes.
///
/// Packets may finish in any order; the files come out in report order. What the whole report needs is kept on disk, not
/// in memory, until then. A writer dropped before it is finished leaves the applicants' files it wrote, all of them whole.
#[derive(Debug)]
pub struct Writer {
    part: Part,
    pen: Pen,
    /// All packets' folders in order, where they are known: then pages are written at once.
    among: Vec<String>,
    /// What is kept of a report that this process writes as a whole.
    spool: Option<TempDir>,
}

impl Writer {
    /// Of a whole report in `out`. Makes the folders. Whatever an earlier report left stays until it is replaced.
    ///
    /// # Errors
    /// Where `out` is no folder or cannot be written to.
    pub fn open(out: &Path) -> Result<Self, ReportError> {
        folders(out)?;
        let spool =
            tempfile::Builder::new().prefix(files::TEMPORARY).tempdir_in(out).map_err(|e| files::failed(out, &e))?;
        let store = Store::create(spool.path()).map_err(|e| files::failed(out, &e))?;
        Ok(Self::of(out, store, Some(spool)))
    }

    /// Of a part that is to be merged with others, in `folder`.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn part(folder: &Path) -> Result<Self, ReportError> {
        folders(folder)?;
        let kept = folder.join(FOLDER);
        let store = Store::create(&kept).map_err(|e| files::failed(&kept, &e))?;
        Ok(Self::of(folder, store, None))
    }

    fn of(root: &Path, store: Store, spool: Option<TempDir>) -> Self {
        let part = Part { root: root.to_owned(), store, failed: false, lost: None };
        Self { part, pen: Pen::default(), among: Vec::new(), spool }
    }

    /// Writes letters too.
    #[must_use]
    pub fn with_letters(mut self, letters: Letters) -> Self {
        self.pen = self.pen.with_letters(letters);
        self
    }

    /// Has the pages quote the notice.
    #[must_use]
    pub fn quoting(mut self, notice: NoticeText) -> Self {
        self.pen = self.pen.quoting(notice);
        self
    }

    /// Tells all packets' folders in order, other machines' too: pages need not wait for the last packet then.
    #[must_use]
    pub fn among(mut self, folders: Vec<String>) -> Self {
        self.among = folders;
        self
    }

    /// Writes one packet's part; `at` is its place in the report (its index among all packets). Writing the same
    /// place again replaces it.
    ///
    /// # Errors
    /// Where a file cannot be written. The packet still counts in the report; where its own lines could not be kept, no
    /// whole report is made.
    pub fn write_applicant(&mut self, at: usize, applicant: &ApplicantReport) -> Result<(), ReportError> {
        let written = self.put_applicant(at, applicant);
        self.part.failed |= written.is_err();
        written
    }

    fn put_applicant(&mut self, at: usize, applicant: &ApplicantReport) -> Result<(), ReportError> {
        let packet = jsonl::packet(applicant);
        self.put(at, Lines::Findings, &jsonl::findings(&applicant.findings))?;
        self.put(at, Lines::Facts, &jsonl::facts(&applicant.pages))?;
        self.put(at, Lines::Packet, &packet)?;
        applicant.folder.clone_into(&mut self.part.store.entry(at).folder);
        let (row, root) = (Row::of(applicant), &self.part.root);
        // A table that is open in a spreadsheet keeps neither the letter nor the page from being written.
        let letter = self.pen.letter(root, &row, &applicant.findings, &applicant.decisions);
        let table = self.pen.table(root, &row, &applicant.findings, &applicant.decisions);
        let mut page = Ok(());
        if let Some(around) = around(&self.among, at) {
            // As it is kept, so that whoever writes it again writes the same.
            let kept = jsonl::read_packet(&packet).map_err(|e| self.part.unreadable(&e.into()))?;
            page = self.pen.page(root, &row, &kept, &around);
            self.part.store.entry(at).page = page.is_ok().then_some(around);
        }
        table.and(letter).and(page)
    }

    fn put(&mut self, at: usize, lines: Lines, bytes: &[u8]) -> Result<(), ReportError> {
        self.keep(|store| store.put(at, lines, bytes))
    }

    /// Keeps something else of a packet for the whole report.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn keep(&mut self, put: impl FnOnce(&mut Store) -> io::Result<()>) -> Result<(), ReportError> {
        put(&mut self.part.store).map_err(|e| {
            let reason = unwritten_reason(&e);
            self.part.lost.get_or_insert_with(|| reason.clone());
            ReportError::Write { path: self.part.root.clone(), reason }
        })
    }

    /// Keeps a packet's record for the next round.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn remember(&mut self, at: usize, record: &ApplicantRecord) -> Result<(), ReportError> {
        self.put(at, Lines::Record, &jsonl::records(std::slice::from_ref(record)))
    }

    /// The part, what it was written with, and the folder that must live as long.
    #[must_use]
    pub fn into_part(self) -> (Part, Pen, Option<TempDir>) {
        (self.part, self.pen, self.spool)
    }

    /// Writes the rest of a report of this part alone, where no packet shows anything of another.
    ///
    /// # Errors
    /// As [`finish`].
    pub fn finish(self, run: &RunRecord) -> Result<Overview, ReportError> {
        let out = self.part.root.clone();
        let (part, pen, _spool) = self.into_part();
        let (overview, round) = finish(&pen, &out, &[part], Ending::of(run))?;
        round.close()?;
        Ok(overview)
    }
}

/// The folders before and after a packet.
fn around(among: &[String], at: usize) -> Option<[Option<String>; 2]> {
    let folder = |at: Option<usize>| at.and_then(|at| among.get(at)).cloned();
    (at < among.len()).then(|| [folder(at.checked_sub(1)), folder(at.checked_add(1))])
}

/// The folders of a report.
const FOLDERS: [&str; 6] = [APPLICANTS, PAGES, EVIDENCE, html::ASSETS, letters::FOLDER, annotated::FOLDER];

/// Makes a report's folders and removes what a killed run left half done; it is never anyone's report.
pub(super) fn folders(out: &Path) -> Result<(), ReportError> {
    if out.exists() && !out.is_dir() {
        return Err(ReportError::NotAFolder(out.to_owned()));
    }
    for name in [APPLICANTS, PAGES] {
        let folder = out.join(name);
        fs::create_dir_all(&folder).map_err(|e| files::failed(&folder, &e))?;
    }
    files::remove_temporary(out);
    for name in FOLDERS {
        let folder = out.join(name);
        files::narrow(&folder);
        files::remove_temporary(&folder);
    }
    Ok(())
}
