//! The report, written as packets finish.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::model::finding::{CheckId, Decided};
use crate::model::report::{ApplicantReport, NoticeText, ReportedFinding, RunRecord};
use crate::model::round::ApplicantRecord;

use super::html::{self, Around, Batch, Neighbour, PAGES, Site};
use super::letters::{self, Letters};
use super::overview::{self, Overview, Row};
use super::{ReportError, annotated, csv, files, jsonl, rounds, stale};

/// Writes `applicants/<folder>.csv` as each packet finishes, everything else at the end.
///
/// Packets may finish in any order; the files come out in report order. Pages are kept on disk, not in memory, until
/// then. A writer dropped before [`Writer::finish`] leaves the applicants' files it wrote, all of them whole.
#[derive(Debug)]
pub struct Writer {
    out: PathBuf,
    /// The JSON lines of each packet, named by its place in the report.
    spool: TempDir,
    rows: BTreeMap<usize, Row>,
    checks: BTreeMap<usize, BTreeMap<CheckId, (usize, usize)>>,
    decisions: BTreeMap<usize, BTreeMap<String, Decided>>,
    /// Lines of `rounds.jsonl`, by place in the report.
    records: BTreeMap<usize, Vec<u8>>,
    /// Those of applicants who are not in this report.
    left_out: Vec<u8>,
    letters: Option<Letters>,
    site: Site,
    /// A file could not be written.
    failed: bool,
    /// The file of the report that a packet's lines could not be kept for, and why.
    lost: Option<(PathBuf, String)>,
}

/// What a report that stands leaves for the next round.
#[derive(Debug)]
#[must_use = "without it the run is no round"]
pub struct Round {
    path: PathBuf,
    records: Option<Vec<u8>>,
}

impl Round {
    /// Writes `rounds.jsonl`: from now on another run is the next round.
    ///
    /// # Errors
    /// Where it cannot be written; the last round's stays.
    pub fn close(self) -> Result<(), ReportError> {
        self.records.map_or(Ok(()), |records| files::replace(&self.path, |file| file.write_all(&records)))
    }
}

const APPLICANTS: &str = "applicants";
const EVIDENCE: &str = "evidence";
/// The folders of a report.
const FOLDERS: [&str; 6] = [APPLICANTS, PAGES, EVIDENCE, html::ASSETS, letters::FOLDER, annotated::FOLDER];

impl Writer {
    /// Makes the folders. Whatever an earlier report left stays until it is replaced.
    ///
    /// # Errors
    /// Where `out` is no folder or cannot be written to.
    pub fn open(out: &Path) -> Result<Self, ReportError> {
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
        let spool =
            tempfile::Builder::new().prefix(files::TEMPORARY).tempdir_in(out).map_err(|e| files::failed(out, &e))?;
        Ok(Self {
            out: out.to_owned(),
            spool,
            rows: BTreeMap::new(),
            checks: BTreeMap::new(),
            decisions: BTreeMap::new(),
            records: BTreeMap::new(),
            left_out: Vec::new(),
            letters: None,
            site: Site::new(),
            failed: false,
            lost: None,
        })
    }

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

    fn write_letters(
        &self,
        row: &Row,
        findings: &[ReportedFinding],
        decisions: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        self.letters.as_ref().map_or(Ok(()), |letters| letters.write(&self.out, row, findings, decisions))
    }

    /// Writes one packet's part; `at` is its place in the report (its index among the packets). Writing the same
    /// place again replaces it.
    ///
    /// # Errors
    /// Where a file cannot be written. The packet still counts in what [`Writer::finish`] writes, unless its own
    /// lines could not be kept.
    pub fn write_applicant(&mut self, at: usize, applicant: &ApplicantReport) -> Result<(), ReportError> {
        let written = self.put_applicant(at, applicant);
        self.failed |= written.is_err();
        written
    }

    fn put_applicant(&mut self, at: usize, applicant: &ApplicantReport) -> Result<(), ReportError> {
        self.keep(at, Lines::Findings, &jsonl::findings(&applicant.findings))?;
        self.keep(at, Lines::Facts, &jsonl::facts(&applicant.pages))?;
        self.keep(at, Lines::Packet, &jsonl::packet(applicant))?;
        let mut checks = BTreeMap::new();
        overview::count(&mut checks, &applicant.findings, &applicant.decisions);
        self.checks.insert(at, checks);
        self.decisions.insert(at, applicant.decisions.clone());
        let row = Row::of(applicant);
        let path = self.out.join(APPLICANTS).join(&row.report_file);
        let letters = self.write_letters(&row, &applicant.findings, &applicant.decisions);
        self.rows.insert(at, row);
        let table = csv::findings(&applicant.findings, &applicant.decisions);
        files::replace(&path, |file| file.write_all(&table))?;
        letters
    }

    /// Adds findings to a packet's part that was written before, with the decisions on them: what only a comparison of
    /// packets shows.
    ///
    /// # Errors
    /// Where a file cannot be read or written; the part as it was stays.
    pub fn add_findings(
        &mut self,
        at: usize,
        more: &[ReportedFinding],
        decided: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        let written = self.put_findings(at, more, decided);
        self.failed |= written.is_err();
        written
    }

    fn put_findings(
        &mut self,
        at: usize,
        more: &[ReportedFinding],
        decided: &BTreeMap<String, Decided>,
    ) -> Result<(), ReportError> {
        let Some(row) = self.rows.get(&at) else { return Ok(()) };
        let before = self.kept(at, Lines::Findings)?;
        let mut findings = jsonl::read_findings(&before);
        findings.extend_from_slice(more);
        findings.sort_by(ReportedFinding::report_order);
        let decisions = self.decisions.entry(at).or_default();
        decisions.extend(decided.clone());
        let table = csv::findings(&findings, decisions);
        let path = self.out.join(APPLICANTS).join(&row.report_file);
        self.keep(at, Lines::Findings, &jsonl::findings(&findings))?;
        let mut packet = self.packet(at)?;
        packet.findings = findings;
        packet.decisions.extend(decided.clone());
        self.keep(at, Lines::Packet, &jsonl::packet(&packet))?;
        if let (Some(row), Some(checks)) = (self.rows.get_mut(&at), self.checks.get_mut(&at)) {
            row.add(more, decided);
            overview::count(checks, more, decided);
        }
        files::replace(&path, |file| file.write_all(&table))?;
        match (self.rows.get(&at), self.decisions.get(&at)) {
            (Some(row), Some(decisions)) => self.write_letters(row, &packet.findings, decisions),
            _ => Ok(()),
        }
    }

    /// Keeps a packet's record for the next round.
    pub fn remember(&mut self, at: usize, record: &ApplicantRecord) {
        self.records.insert(at, jsonl::records(std::slice::from_ref(record)));
    }

    /// Keeps the records of applicants who are not in this report: a round of some packets forgets nothing of others.
    pub fn remember_left_out(&mut self, records: &[ApplicantRecord]) {
        self.left_out = jsonl::records(records);
    }

    /// Writes everything that is written at the end; a round is what was written so.
    ///
    /// # Errors
    /// As [`Writer::write_out`].
    pub fn finish(self, run: &RunRecord) -> Result<Overview, ReportError> {
        let (overview, round) = self.write_out(run)?;
        round.close()?;
        Ok(overview)
    }

    /// Writes `findings.jsonl`, `facts.jsonl`, `summary.csv`, the pages and, last, `run.json`, and removes what earlier
    /// runs wrote for others. After an interruption the report holds the packets that finished. What goes on with the
    /// report before its round is closed is part of the run: killed in it, a run says the same when it is run again.
    ///
    /// # Errors
    /// Where a file cannot be written; the others are. Where a packet's lines are lost, nothing more is written at all.
    pub fn write_out(self, run: &RunRecord) -> Result<(Overview, Round), ReportError> {
        if let Some((path, reason)) = &self.lost {
            return Err(ReportError::Write { path: path.clone(), reason: reason.clone() });
        }
        let summary = csv::summary(self.rows.values());
        let record = jsonl::pretty(run);
        let written = [
            self.join(Lines::Findings),
            self.join(Lines::Facts),
            files::replace(&self.out.join("summary.csv"), |file| file.write_all(&summary)),
        ];
        written.into_iter().collect::<Result<(), _>>()?;
        let pictures = self.write_pages(run)?;
        self.remove_stale(&pictures);
        files::replace(&self.out.join("run.json"), |file| file.write_all(&record))?;
        // A run that was interrupted, or whose report is not whole, is no round: run again, it says the same.
        let is_round = !self.records.is_empty() && run.missing.is_empty() && !self.failed;
        let records = is_round.then(|| self.records.values().chain([&self.left_out]).flatten().copied().collect());
        let mut checks = BTreeMap::<CheckId, (usize, usize)>::new();
        for (check, (defects, reviews)) in self.checks.values().flatten() {
            let sum = checks.entry(*check).or_default();
            *sum = (sum.0 + defects, sum.1 + reviews);
        }
        let overview = Overview { rows: self.rows.into_values().collect(), checks, run: run.clone() };
        Ok((overview, Round { path: self.out.join(rounds::FILE), records }))
    }

    fn spooled(&self, at: usize, kind: Lines) -> PathBuf {
        self.spool.path().join(format!("{at}.{}", kind.file()))
    }

    fn join(&self, kind: Lines) -> Result<(), ReportError> {
        files::replace(&self.out.join(kind.file()), |out| {
            for at in self.rows.keys() {
                io::copy(&mut File::open(self.spooled(*at, kind))?, out)?;
            }
            Ok(())
        })
    }

    /// Keeps a packet's lines until the report is put together. Half of them may be on the disk after a failure, so no
    /// report is made of them then.
    fn keep(&mut self, at: usize, kind: Lines, lines: &[u8]) -> Result<(), ReportError> {
        fs::write(self.spooled(at, kind), lines).map_err(|e| {
            let error = files::failed(&self.out.join(kind.serves()), &e);
            if let ReportError::Write { path, reason } = &error {
                self.lost.get_or_insert_with(|| (path.clone(), reason.clone()));
            }
            error
        })
    }

    fn kept(&self, at: usize, kind: Lines) -> Result<Vec<u8>, ReportError> {
        fs::read(self.spooled(at, kind)).map_err(|e| files::failed(&self.out.join(kind.serves()), &e))
    }

    fn packet(&self, at: usize) -> Result<ApplicantReport, ReportError> {
        self.kept(at, Lines::Packet).map(|bytes| jsonl::read_packet(&bytes))
    }

    /// Writes the pages; tells which pictures they show.
    fn write_pages(&self, run: &RunRecord) -> Result<BTreeSet<String>, ReportError> {
        let rows: Vec<(&usize, &Row)> = self.rows.iter().collect();
        let (mut batch, mut pictures) = (Batch::default(), BTreeSet::new());
        for (i, (at, row)) in rows.iter().enumerate() {
            let packet = self.packet(**at)?;
            let neighbour = |i: Option<usize>| i.and_then(|i| rows.get(i)).map(|(_, row)| Neighbour::of(row));
            let around = Around {
                before: neighbour(i.checked_sub(1)),
                after: neighbour(i.checked_add(1)),
                letter: self.letters.as_ref().and_then(|_| Letters::printed(&self.out, row)),
            };
            self.site.write_applicant(&self.out, row, &packet, around)?;
            batch.add(row, &packet);
            pictures.extend(packet.pictures.pages.into_iter().flatten());
            pictures.extend(packet.pictures.places.into_values());
        }
        self.site.write_index(&self.out, batch, run)?;
        Ok(pictures)
    }

    /// Removes what is certainly an older report's, and nothing else; a file that won't go does no harm.
    fn remove_stale(&self, pictures: &BTreeSet<String>) {
        if self.letters.is_some() {
            Letters::remove_stale(&self.out, self.rows.values());
        }
        let tables: BTreeSet<String> = self.rows.values().map(|row| row.report_file.clone()).collect();
        let pages: BTreeSet<String> = tables.iter().map(|name| html::page_name(name)).collect();
        stale::remove(&self.out.join(APPLICANTS), &tables, |path| stale::begins(path, "csv", csv::is_ours));
        stale::remove(&self.out.join(PAGES), &pages, |path| stale::begins(path, "html", html::is_ours));
        stale::remove_pictures(&self.out.join(EVIDENCE), pictures);
    }
}

#[derive(Debug, Clone, Copy)]
enum Lines {
    Findings,
    Facts,
    /// What the pages show of a packet.
    Packet,
}

impl Lines {
    const fn file(self) -> &'static str {
        match self {
            Self::Findings => "findings.jsonl",
            Self::Facts => "facts.jsonl",
            Self::Packet => "packet.json",
        }
    }

    /// The file of the report that is made of them: a temporary file's name would tell nobody anything.
    const fn serves(self) -> &'static str {
        match self {
            Self::Packet => html::INDEX,
            other => other.file(),
        }
    }
}
