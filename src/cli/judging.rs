//! Judging packets, whether they are all of the batch or one machine's part of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

use super::args::AuditArgs;
use super::complain;
use super::plan::{self, Plan};
use super::progress::Meter;
use super::scratch::Scratch;
use super::setting::{Written, letterhead};
use crate::model::packet::Packet;
use crate::model::report::ApplicantReport;
use crate::ocr::weights::Models;
use crate::outcome::Outcome;
use crate::report::letters::{Letters, Templates};
use crate::report::{Claim, ReportError, Writer, escape};
use crate::run::{self, Batch, Evidence, Finished, Folders, History, Intake, Kept, Pool, Stages};

/// What was typed, ready to run.
pub(super) struct Job {
    pub(super) plan: Plan,
    pub(super) letters: Letters,
    pub(super) written: Written,
}

impl Job {
    pub(super) fn new(args: &AuditArgs) -> anyhow::Result<Self> {
        let templates = Templates::load(&args.letter_template)?;
        let plan = Plan::new(args)?;
        let letters = Letters::new(letterhead(&plan), templates)?;
        let written = Written::new(&plan, &letters, &args.rules, args.annotate)?;
        Ok(Self { plan, letters, written })
    }
}

/// What judging came to.
pub(super) struct Judged {
    pub(super) writer: Writer,
    pub(super) done: Finished,
    /// The first file that could not be written.
    pub(super) failure: Option<ReportError>,
    pub(super) packets: Vec<Packet>,
    pub(super) children: Children,
}

/// The children and the place in the report's folder in which they may write.
pub(super) struct Children {
    pub(super) pool: Pool,
    evidence: Evidence,
}

impl Children {
    /// For a report in `out` of documents in these folders.
    pub(super) fn of(models: &Models, out: &Path, read: Vec<PathBuf>) -> anyhow::Result<Self> {
        let evidence = Evidence::open(out).map_err(|e| ReportError::unwritten(&out.join(Evidence::FOLDER), &e))?;
        let folders = Folders { read, write: vec![evidence.making().to_owned()] };
        Ok(Self { pool: plan::pool(models, folders)?, evidence })
    }

    /// The pool, and where its children write.
    pub(super) fn at_work(&self) -> (&Pool, &Path) {
        (&self.pool, self.evidence.making())
    }
}

/// Says what a person should know before anything is read.
pub(super) fn announce(intake: &Intake, written: &Written) {
    for note in &intake.notes {
        complain(&format!("注意：{}", escape::visible(note)));
    }
    complain(&written.greeting());
}

/// Judges the intake's packets; what is each one's alone goes into `root` by the writer.
pub(super) fn judge(
    plan: &Plan,
    intake: Intake,
    history: &History,
    writer: Writer,
    scratch: &Scratch,
    stop: &AtomicBool,
) -> anyhow::Result<Judged> {
    let root = &plan.out;
    let children = Children::of(&plan.models, root, vec![plan.submissions.clone(), scratch.path().to_owned()])?;
    let writer = Mutex::new(writer);
    let failure: Mutex<Option<ReportError>> = Mutex::new(None);
    let finished = |at: usize, report: &ApplicantReport, kept: &Kept| {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writer.write_applicant(at, report);
        let written = written.and(writer.remember(at, &kept.record));
        let written = written.and(writer.keep(|store| kept.keep(at, store)));
        // One file that is open in a spreadsheet must not stop the batch; it is told at the end.
        if let Err(e) = written {
            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
        }
    };
    let meter = Meter::new();
    let batch = Batch {
        packets: intake.packets,
        mine: intake.mine,
        history,
        pack: &plan.pack,
        pool: &children.pool,
        cache: plan.cache.as_ref(),
        evidence: Some(&children.evidence),
        jobs: plan.jobs,
        stop,
    };
    let done = batch.run(&meter, &finished);
    meter.done();
    if let Some(cache) = &plan.cache {
        cache.trim();
    }
    let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
    let unshown = children.evidence.take_failure().map(|(path, why)| ReportError::unwritten(&path, &why));
    let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner).or(unshown);
    let packets = batch.packets;
    Ok(Judged { writer, done: done?, failure, packets, children })
}

/// Takes the report's folder for this run.
pub(super) fn claim(out: &Path) -> anyhow::Result<Claim> {
    let claim = Claim::take(out)?;
    if !claim.is_held() {
        complain("注意：报告文件夹所在的磁盘不支持加锁，请不要同时运行两次审核写同一个报告文件夹");
    }
    Ok(claim)
}

/// Runs a job that may be stopped at any moment.
pub(super) fn interruptible(job: impl FnOnce(&Arc<AtomicBool>) -> anyhow::Result<Outcome>) -> anyhow::Result<Outcome> {
    let stop = stop_on_signal()?;
    match job(&stop) {
        // Ctrl-C reaches what the run had started, too: that it failed then is no news.
        Err(e) if stop.load(Ordering::Relaxed) => {
            complain(&format!("已停止：{e:#}"));
            Ok(Outcome::Interrupted)
        }
        Ok(outcome) if stop.load(Ordering::Relaxed) => Ok(outcome.merge(Outcome::Interrupted)),
        ended => ended,
    }
}

/// What is told where a run was stopped before it read or wrote anything.
pub(super) fn untouched() -> Outcome {
    complain("已停止，报告文件夹没有改动");
    Outcome::Interrupted
}

/// A flag that Ctrl-C (or a termination request) raises.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if !raised.swap(true, Ordering::Relaxed) {
            complain("正在停止：读完手上的页后写出已完成部分的报告……");
        }
    })
    .context("无法接管 Ctrl-C")?;
    Ok(stop)
}

/// How a report that was written ended.
pub(super) fn outcome(record: &crate::model::report::RunRecord, fail_on_defects: bool) -> Outcome {
    let mut outcome = Outcome::Done;
    if fail_on_defects && record.defects > 0 {
        outcome = outcome.merge(Outcome::Defects);
    }
    if !record.not_examined.is_empty() {
        outcome = outcome.merge(Outcome::Incomplete);
    }
    if !record.missing.is_empty() {
        outcome = outcome.merge(Outcome::Interrupted);
    }
    outcome
}

pub(super) fn timings(stages: Stages, pages: usize) -> String {
    let per = |seconds: f64| seconds / pages.max(1) as f64;
    format!(
        "每页秒数：成像 {:.3}，版面 {:.3}，公章照片 {:.3}，文字 {:.3}，合计 {:.3}（{pages} 页）",
        per(stages.raster),
        per(stages.layout),
        per(stages.marks),
        per(stages.ocr),
        per(stages.raster + stages.layout + stages.marks + stages.ocr),
    )
}

/// How many pages were read and how many came from the cache.
pub(super) fn counted(pages_read: usize, pages: usize) -> String {
    format!("本次读取 {pages_read} 页，{} 页取自缓存。\n", pages.saturating_sub(pages_read))
}

/// All packets of the submissions folder with the roster's words, none of them looked into.
pub(super) fn folders(listing: &run::Listing) -> Vec<String> {
    listing.packets.iter().map(|packet| packet.folder.clone()).collect()
}
