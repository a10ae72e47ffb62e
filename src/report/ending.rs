//! The last stage of a report: what depends on more than one packet, from all parts, wherever they were written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::model::finding::{CheckId, Decided};
use crate::model::report::{ApplicantReport, NotExamined, Noted, PagesExamined, ReportedFinding, RunRecord};
use crate::model::round::Settled;
use crate::shard::{Entry, Lines};

use super::html::{self, Batch, PAGES};
use super::letters::Letters;
use super::overview::{self, Overview, Row};
use super::part::Part;
use super::pen::{APPLICANTS, EVIDENCE, Pen};
use super::writer::folders;
use super::{ReportError, csv, files, jsonl, rounds, stale};

/// Packets held in memory at once, so that all cores have work and no batch is too large.
const AT_ONCE: usize = 256;

/// What the last stage knows besides the parts.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// By packet, what only a comparison of packets shows.
    pub later: &'a BTreeMap<usize, Settled>,
    /// The reviewer's word as it stands now; none where the packets were judged with it.
    pub decisions: Option<&'a BTreeMap<String, Decided>>,
    /// Lines of `rounds.jsonl` on applicants who are in no part: a round of some packets forgets nothing of others.
    pub left_out: &'a [u8],
    /// What concerns the batch as a whole.
    pub not_examined: Option<&'a NotExamined>,
    /// Its counts and what was not examined are put together here.
    pub run: &'a RunRecord,
}

impl<'a> Ending<'a> {
    /// Of a run whose packets show nothing of each other.
    #[must_use]
    pub fn of(run: &'a RunRecord) -> Self {
        static NONE: BTreeMap<usize, Settled> = BTreeMap::new();
        Self { later: &NONE, decisions: None, left_out: &[], not_examined: None, run }
    }
}

/// What a report that stands leaves for the next round.
#[derive(Debug)]
#[must_use = "without it the run is no round"]
pub struct Round(Option<files::Prepared>);

impl Round {
    /// Writes `rounds.jsonl`: from now on another run is the next round.
    ///
    /// # Errors
    /// Where it cannot be written; the last round's stays.
    pub fn close(self) -> Result<(), ReportError> {
        self.0.map_or(Ok(()), files::Prepared::put)
    }
}

/// Writes the report that the parts make together into `out`: what is a packet's alone is written again where other
/// packets or new decisions change it, else taken over; then `findings.jsonl`, `facts.jsonl`, `summary.csv`, the overview
/// and, last, `run.json`. Removes what earlier runs wrote for others. After an interruption the report holds the packets
/// that finished. What goes on with the report before its round is closed is part of the run: killed in it, a run says
/// the same when it is run again.
///
/// # Errors
/// Where a part cannot be read or a file cannot be written; the others are. Where something of a packet could not be
/// kept, nothing more is written at all.
pub fn finish(pen: &Pen, out: &Path, parts: &[Part], ending: Ending<'_>) -> Result<(Overview, Round), ReportError> {
    finish_seeing(pen, out, parts, ending, |_, _, _| {})
}

/// As [`finish`], and shows every packet as it stands in the end, and whether that is otherwise than its part has it.
///
/// # Errors
/// As [`finish`].
pub fn finish_seeing(
    pen: &Pen,
    out: &Path,
    parts: &[Part],
    ending: Ending<'_>,
    mut see: impl FnMut(usize, &ApplicantReport, bool),
) -> Result<(Overview, Round), ReportError> {
    parts.iter().try_for_each(Part::is_kept)?;
    // What this process keeps of its own part lies in the report's folder, too.
    if parts.iter().all(|part| part.root != out) {
        folders(out)?;
    }
    let mut places: Vec<Place<'_>> =
        parts.iter().flat_map(|part| part.store.entries().map(move |entry| Place { part, entry })).collect();
    places.sort_by_key(|place| place.entry.at);
    let stage = Stage { pen, out, places: &places, ending, failure: Mutex::new(None) };
    let mut sums = Sums::default();
    for from in (0..places.len()).step_by(AT_ONCE) {
        let these = from..places.len().min(from + AT_ONCE);
        let done: Result<Vec<_>, ReportError> = these.into_par_iter().map(|i| stage.packet(i)).collect();
        for (row, packet, changed) in done? {
            see(places[sums.rows.len()].entry.at, &packet, changed);
            sums.add(row, packet);
        }
    }
    stage.finish(parts, sums)
}

/// A packet and the part that has it.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    part: &'a Part,
    entry: &'a Entry,
}

/// What all packets give together.
#[derive(Default)]
struct Sums {
    rows: Vec<Row>,
    checks: BTreeMap<CheckId, (usize, usize)>,
    batch: Batch,
    /// Hashes of the pictures' paths: millions of paths would fill the memory.
    pictures: Vec<u64>,
    pages: PagesExamined,
    not_examined: Vec<NotExamined>,
    noted: Vec<Noted>,
}

impl Sums {
    fn add(&mut self, row: Row, packet: ApplicantReport) {
        overview::count(&mut self.checks, &packet.findings, &packet.decisions);
        self.batch.add(&row, &packet);
        self.pictures.extend(pictures(&packet).map(hash));
        packet.pages.iter().for_each(|page| self.pages.count(page));
        self.not_examined.extend(packet.not_examined);
        self.noted.extend(packet.noted);
        self.rows.push(row);
    }
}

fn pictures(packet: &ApplicantReport) -> impl Iterator<Item = &str> {
    packet.pictures.pages.iter().flatten().chain(packet.pictures.places.values()).map(String::as_str)
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

struct Stage<'a> {
    pen: &'a Pen,
    out: &'a Path,
    places: &'a [Place<'a>],
    ending: Ending<'a>,
    /// The first file that could not be written; the others are.
    failure: Mutex<Option<ReportError>>,
}

impl Stage<'_> {
    /// The packet as it stands in the end, its own files in place.
    fn packet(&self, i: usize) -> Result<(Row, ApplicantReport, bool), ReportError> {
        let Place { part, entry } = self.places[i];
        let mut packet = part.packet(entry.at)?;
        let mut changed = false;
        if let Some(later) = self.ending.later.get(&entry.at) {
            packet.findings.extend(later.findings.iter().map(jsonl::rounded));
            packet.findings.sort_by(ReportedFinding::report_order);
            changed = true;
        }
        // A packet judged without the decisions on what was found later has those of the run.
        if let Some(all) = self.ending.decisions {
            let on = |f: &ReportedFinding| all.get(&f.id).map(|d| (f.id.clone(), d.clone()));
            let decisions: BTreeMap<String, Decided> = packet.findings.iter().filter_map(on).collect();
            changed |= decisions != packet.decisions;
            packet.decisions = decisions;
        }
        let row = Row::of(&packet);
        self.note(self.files(i, &row, &packet, changed));
        Ok((row, packet, changed))
    }

    fn files(&self, i: usize, row: &Row, packet: &ApplicantReport, changed: bool) -> Result<(), ReportError> {
        let Place { part, entry } = self.places[i];
        let folder = |i: Option<usize>| i.and_then(|i| self.places.get(i)).map(|place| place.entry.folder.clone());
        let around = [folder(i.checked_sub(1)), folder(i.checked_add(1))];
        let is_here = part.root == self.out;
        let page_stands = !changed && entry.page.as_ref() == Some(&around);
        let mut written = Ok(());
        if changed {
            written = self.pen.table(self.out, row, &packet.findings, &packet.decisions);
            written = written.and(self.pen.letter(self.out, row, &packet.findings, &packet.decisions));
        } else if !is_here {
            written = self.pen.take_over(&part.root, self.out, row, page_stands);
        }
        if !is_here {
            for path in pictures(packet).filter(|path| html::is_picture(path)) {
                written = written.and(files::place_known(&part.root.join(path), &self.out.join(path)));
            }
        }
        if !page_stands {
            written = written.and(self.pen.page(self.out, row, packet, &around));
        }
        written
    }

    fn note(&self, written: Result<(), ReportError>) {
        if let Err(e) = written {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
        }
    }

    fn finish(self, parts: &[Part], sums: Sums) -> Result<(Overview, Round), ReportError> {
        let Sums { rows, checks, batch, pictures, pages, mut not_examined, noted } = sums;
        if let Some(whole) = self.ending.not_examined {
            not_examined.push(whole.clone());
        }
        let sum = |of: fn(&Row) -> usize| u32::try_from(rows.iter().map(of).sum::<usize>()).unwrap_or(u32::MAX);
        let run = RunRecord {
            packets: sum(|_| 1),
            pages: sum(|row| row.pages),
            pages_examined: pages,
            defects: sum(|row| row.defects),
            reviews: sum(|row| row.reviews),
            not_examined,
            noted,
            ..self.ending.run.clone()
        };
        let summary = csv::summary(rows.iter());
        let written = [
            self.join(Lines::Findings),
            self.join(Lines::Facts),
            files::replace(&self.out.join("summary.csv"), |file| file.write_all(&summary)),
        ];
        written.into_iter().for_each(|w| self.note(w));
        self.pen.site.write_index(self.out, batch, &run)?;
        self.remove_stale(&rows, pictures);
        if let Some(e) = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(e);
        }
        let record = jsonl::pretty(&run);
        // A run that was interrupted, or whose report is not whole, is no round: run again, it says the same.
        let is_round = run.missing.is_empty() && !parts.iter().any(|part| part.failed);
        let round = if is_round { rounds_of(self.out, self.places, self.ending)? } else { None };
        files::replace(&self.out.join("run.json"), |file| file.write_all(&record))?;
        Ok((Overview { rows, checks, run }, Round(round)))
    }

    /// All packets' lines of one kind, in report order.
    fn join(&self, lines: Lines) -> Result<(), ReportError> {
        let name = match lines {
            Lines::Findings => "findings.jsonl",
            _ => "facts.jsonl",
        };
        files::replace(&self.out.join(name), |out| {
            for Place { part, entry } in self.places {
                match self.ending.later.get(&entry.at).filter(|_| lines == Lines::Findings) {
                    Some(later) => {
                        let mut findings = jsonl::read_findings(&part.store.get(entry.at, lines)?)?;
                        findings.extend(later.findings.iter().map(jsonl::rounded));
                        findings.sort_by(ReportedFinding::report_order);
                        out.write_all(&jsonl::findings(&findings))?;
                    }
                    None => part.store.copy(entry.at, lines, out)?,
                }
            }
            Ok(())
        })
    }

    /// Removes what is certainly an older report's, and nothing else; a file that won't go does no harm.
    fn remove_stale(&self, rows: &[Row], mut pictures: Vec<u64>) {
        if self.pen.letters.is_some() {
            Letters::remove_stale(self.out, rows.iter());
        }
        let tables: BTreeSet<String> = rows.iter().map(|row| row.report_file.clone()).collect();
        let pages: BTreeSet<String> = tables.iter().map(|name| html::page_name(name)).collect();
        stale::remove(&self.out.join(APPLICANTS), &tables, |path| stale::begins(path, "csv", csv::is_ours));
        stale::remove(&self.out.join(PAGES), &pages, |path| stale::begins(path, "html", html::is_ours));
        pictures.sort_unstable();
        stale::remove_pictures(&self.out.join(EVIDENCE), |path| pictures.binary_search(&hash(path)).is_ok());
    }
}

fn rounds_of(out: &Path, places: &[Place<'_>], ending: Ending<'_>) -> Result<Option<files::Prepared>, ReportError> {
    let kept: Vec<&Place<'_>> = places.iter().filter(|p| p.entry.has(Lines::Record)).collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let fill = |out: &mut File| {
        for Place { part, entry } in kept {
            match ending.later.get(&entry.at) {
                Some(later) => {
                    let mut record = jsonl::read_record(&part.store.get(entry.at, Lines::Record)?)?;
                    record.add(later);
                    out.write_all(&jsonl::records(&[record]))?;
                }
                None => part.store.copy(entry.at, Lines::Record, out)?,
            }
        }
        out.write_all(ending.left_out)
    };
    files::prepare(&out.join(rounds::FILE), fill).map(Some)
}

/// Of these ids those that no packet of the parts, and nobody who is left out, has or has had.
///
/// # Errors
/// Where a part cannot be read.
pub fn unknown_ids(
    parts: &[Part],
    ending: Ending<'_>,
    ids: impl IntoIterator<Item = String>,
) -> Result<BTreeSet<String>, ReportError> {
    let mut unknown: BTreeSet<String> = ids.into_iter().collect();
    let left_out = ending.left_out.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    for line in left_out {
        let record = jsonl::read_record(line).map_err(|e| files::unreadable(Path::new(rounds::FILE), &e.into()))?;
        for id in record.ids() {
            unknown.remove(id);
        }
    }
    for (part, entry) in parts.iter().flat_map(|part| part.store.entries().map(move |entry| (part, entry))) {
        if unknown.is_empty() {
            break;
        }
        if entry.has(Lines::Record) {
            let mut record = part.record(entry.at)?;
            if let Some(later) = ending.later.get(&entry.at) {
                record.add(later);
            }
            for id in record.ids() {
                unknown.remove(id);
            }
        }
    }
    Ok(unknown)
}
