//! Some packets' part of a report: the files that are theirs alone, and what the whole report takes from them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::report::ApplicantReport;
use crate::model::round::ApplicantRecord;
use crate::shard::{FOLDER, Lines, Store};

use super::{ReportError, files, jsonl};

/// Records of applicants whose packets are in no part, as lines of `rounds.jsonl`; one part of a batch has the file.
const LEFT_OUT: &str = "left-out.jsonl";

/// A part, written by this process or by another.
#[derive(Debug)]
pub struct Part {
    /// Where its applicants' tables, pages, letters and pictures lie.
    pub(super) root: PathBuf,
    pub store: Store,
    /// A file could not be written.
    pub(super) failed: bool,
    /// Why something of a packet could not be kept for the whole report.
    pub(super) lost: Option<String>,
}

impl Part {
    /// One that another process sealed in `folder`.
    #[must_use]
    pub fn sealed(folder: &Path, store: Store) -> Self {
        Self { root: folder.to_owned(), store, failed: false, lost: None }
    }

    /// Seals it for another process, with the records of applicants who are in no part.
    ///
    /// # Errors
    /// Where something of it cannot be written.
    pub fn seal(self, left_out: &[ApplicantRecord]) -> Result<(), ReportError> {
        self.is_kept()?;
        let folder = self.root.join(FOLDER);
        let path = folder.join(LEFT_OUT);
        fs::write(&path, jsonl::records(left_out)).map_err(|e| files::failed(&path, &e))?;
        self.store.seal().map_err(|e| files::failed(&folder, &e))
    }

    /// Lines of `rounds.jsonl` that were sealed with it.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn left_out(&self) -> Result<Vec<u8>, ReportError> {
        let path = self.root.join(FOLDER).join(LEFT_OUT);
        fs::read(&path).map_err(|e| files::unreadable(&path, &e))
    }

    /// Shows every packet of it, in report order.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn each(&self, mut see: impl FnMut(usize, &ApplicantReport)) -> Result<(), ReportError> {
        self.store.entries().try_for_each(|entry| {
            see(entry.at, &self.packet(entry.at)?);
            Ok(())
        })
    }

    /// Whether everything that was to be kept of its packets is.
    pub(super) fn is_kept(&self) -> Result<(), ReportError> {
        self.lost.clone().map_or(Ok(()), |reason| Err(ReportError::Write { path: self.root.clone(), reason }))
    }

    pub(super) fn lines(&self, at: usize, lines: Lines) -> Result<Vec<u8>, ReportError> {
        self.store.get(at, lines).map_err(|e| self.unreadable(&e))
    }

    pub(super) fn packet(&self, at: usize) -> Result<ApplicantReport, ReportError> {
        jsonl::read_packet(&self.lines(at, Lines::Packet)?).map_err(|e| self.unreadable(&e.into()))
    }

    pub(super) fn record(&self, at: usize) -> Result<ApplicantRecord, ReportError> {
        jsonl::read_record(&self.lines(at, Lines::Record)?).map_err(|e| self.unreadable(&e.into()))
    }

    pub(super) fn unreadable(&self, e: &io::Error) -> ReportError {
        files::unreadable(&self.root, e)
    }
}
