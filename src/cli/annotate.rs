//! `audit --annotate`: copies of the PDFs with the findings in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::{complain, say};
use crate::model::finding::Decided;
use crate::model::packet::{DocumentKind, Packet};
use crate::model::report::{ApplicantReport, Outcomes, Pictures, ReportedFinding};
use crate::report::{self, Copies, ReportError, escape};
use crate::run::{self, Pool};

/// What stands at files of each packet, by the packet's place.
#[derive(Debug, Default)]
pub(super) struct Standing(BTreeMap<usize, ApplicantReport>);

impl Standing {
    /// Keeps what a packet's copies need.
    pub(super) fn take(&mut self, at: usize, whole: &ApplicantReport) {
        let mut kept = bare(&whole.folder, &whole.decisions);
        kept.findings = standing(whole, &whole.findings);
        self.0.insert(at, kept);
    }
}

fn standing(report: &ApplicantReport, findings: &[ReportedFinding]) -> Vec<ReportedFinding> {
    findings.iter().filter(|f| f.file.is_some() && report.stands(f)).cloned().collect()
}

fn bare(folder: &str, decisions: &BTreeMap<String, Decided>) -> ApplicantReport {
    ApplicantReport {
        folder: folder.to_owned(),
        applicant: Default::default(),
        findings: Vec::new(),
        decisions: decisions.clone(),
        pages: Vec::new(),
        pictures: Pictures::default(),
        not_examined: Vec::new(),
        noted: Vec::new(),
        outcomes: Outcomes::default(),
    }
}

/// Removes the copies of an older report.
pub(super) fn none(out: &Path) {
    Copies::open(out).finish();
}

/// The copies of a report, and who writes them.
pub(super) struct Copying<'a> {
    copies: Copies,
    pool: &'a Pool,
    /// Where its children write, on the report's disk.
    making: &'a Path,
    jobs: usize,
}

impl<'a> Copying<'a> {
    pub(super) fn of(out: &Path, (pool, making): (&'a Pool, &'a Path), jobs: usize) -> Self {
        Self { copies: Copies::open(out), pool, making, jobs }
    }

    /// Takes over the copies of a packet that another process wrote into `from`.
    pub(super) fn take_over(&mut self, from: &Path, folder: &str) -> anyhow::Result<()> {
        Ok(self.copies.take_over(from, folder)?)
    }

    /// Writes the copies of the packets that are standing, until `stop` is raised, removes older ones that are stale now,
    /// and tells which files have none.
    pub(super) fn write(self, packets: &[Packet], standing: &Standing, stop: &AtomicBool) -> anyhow::Result<()> {
        let Self { copies, pool, making, jobs } = self;
        write(copies, (pool, making, jobs), packets, standing, stop)
    }
}

fn write(
    mut copies: Copies,
    (pool, making, jobs): (&Pool, &Path, usize),
    packets: &[Packet],
    standing: &Standing,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let (mut drafts, mut work) = (Vec::new(), Vec::new());
    for (at, report) in &standing.0 {
        let Some(packet) = packets.get(*at) else { continue };
        let files: BTreeSet<&str> = report.findings.iter().filter_map(|f| f.file.as_deref()).collect();
        for document in &packet.documents {
            if document.kind != Ok(DocumentKind::Pdf) || !files.contains(document.file.as_str()) {
                continue;
            }
            let of_file = report.findings.iter().filter(|f| f.file.as_deref() == Some(&document.file));
            let notes = report::notes(of_file, |f| report.is_defect(f));
            let draft = copies.draft(&packet.folder, &document.file, making)?;
            work.push(run::Copying { path: document.path.clone(), notes, to: draft.path().to_owned() });
            drafts.push((draft, packet.folder.as_str(), document.file.as_str()));
        }
    }
    let done = run::annotate(&work, pool, jobs, stop)?;
    let mut kept = 0;
    let mut refused: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    let mut failure: Option<ReportError> = None;
    for ((draft, folder, file), written) in drafts.into_iter().zip(done) {
        let why = match written {
            Some(Ok(())) => match copies.keep(draft) {
                Ok(()) => {
                    kept += 1;
                    continue;
                }
                Err(e) => {
                    failure.get_or_insert(e);
                    "旧的批注副本无法替换，可能正在打开；请关闭后重新运行".to_owned()
                }
            },
            Some(Err(why)) => {
                if why.unwritten {
                    let path = draft.becomes().to_owned();
                    failure.get_or_insert(ReportError::Write { path, reason: why.reason.clone() });
                }
                copies.discard(draft);
                why.reason
            }
            None => {
                copies.discard(draft);
                continue;
            }
        };
        complain(&format!("注意：{} 没有批注副本：{why}", escape::visible(&format!("{folder}/{file}"))));
        refused.entry(folder).or_default().push((file.to_owned(), why));
    }
    for (folder, files) in refused {
        if let Err(e) = copies.refusals(folder, &files) {
            failure.get_or_insert(e);
        }
    }
    copies.finish();
    if let Some(e) = failure {
        return Err(e.into());
    }
    say(&format!("已写出批注副本 {kept} 份（annotated 文件夹）。\n"))
}
