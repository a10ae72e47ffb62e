//! `audit`: the main job.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

use super::annotate::{self, Standing};
use super::args::AuditArgs;
use super::plan::{self, Plan};
use super::progress::Meter;
use super::scratch::Scratch;
use super::{complain, say};
use crate::model::isolation::Isolation;
use crate::model::report::{NoticeText, RunRecord};
use crate::model::round::ApplicantRecord;
use crate::outcome::Outcome;
use crate::pack::{self, rules::RulePack};
use crate::report::decisions::{self, Decisions};
use crate::report::letters::{Letterhead, Letters, Notice, Templates};
use crate::report::rounds::{self, RoundsError};
use crate::report::{ReportError, Writer, console, escape};
use crate::run::{self, Batch, Delivery, Evidence, Finished, Folders, History, Stages};

pub(super) fn run(args: &AuditArgs) -> anyhow::Result<Outcome> {
    let templates = Templates::load(&args.letter_template)?;
    let plan = Plan::new(args)?;
    let letters = Letters::new(letterhead(&plan.pack), templates)?;
    let scratch = Scratch::open().context("无法建立临时文件夹，请检查磁盘空间")?;
    let intake = run::collect(&plan.submissions, plan.roster.as_deref(), scratch.path())?;
    for note in &intake.notes {
        complain(&format!("注意：{}", escape::visible(note)));
    }
    complain(&format!("规则包 {}，判断日期 {}", plan.pack.id, plan.as_of));
    let past = Past::read(&plan.out, args.previous.as_deref())?;
    let history = History::new(&intake.packets, past.records, past.decisions.by_id());

    let stop = stop_on_signal()?;
    let quotes = notice(&plan.pack, &args.rules)?;
    let writer = Mutex::new(Writer::open(&plan.out)?.with_letters(letters).quoting(quotes));
    let evidence = Evidence::open(&plan.out).context("无法在报告文件夹里写图片，请检查权限和磁盘空间")?;
    let folders = Folders {
        read: vec![plan.submissions.clone(), scratch.path().to_owned()],
        write: vec![evidence.making().to_owned()],
    };
    let pool = plan::pool(&plan.models, folders)?;
    let decisions = decisions::take_over(&plan.out, &past.decisions)?;
    let known = Mutex::new(BTreeSet::new());
    let failure: Mutex<Option<ReportError>> = Mutex::new(None);
    let standing = Mutex::new(Standing::default());
    let finished = |at: usize, delivery: Delivery<'_>| {
        if args.annotate {
            standing.lock().unwrap_or_else(PoisonError::into_inner).take(at, delivery);
        }
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match delivery {
            Delivery::Report(report) => writer.write_applicant(at, report),
            Delivery::More(findings, decisions) => writer.add_findings(at, findings, decisions),
            Delivery::Record(record) => {
                writer.remember(at, record);
                known.lock().unwrap_or_else(PoisonError::into_inner).extend(ids(record));
                Ok(())
            }
        };
        // One file that is open in a spreadsheet must not stop the batch; it is told at the end.
        if let Err(e) = written {
            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
        }
    };
    let meter = Meter::new();
    let batch = Batch {
        packets: intake.packets,
        history: &history,
        pack: &plan.pack,
        pool: &pool,
        cache: plan.cache.as_ref(),
        evidence: Some(&evidence),
        jobs: plan.jobs,
        stop: &stop,
    };
    let done = batch.run(&meter, &finished);
    meter.done();
    if let Some(cache) = &plan.cache {
        cache.trim();
    }
    let done = done?;
    let (pages_read, stages) = (done.pages_read, done.stages);
    let mut writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
    writer.remember_left_out(&done.left_out);
    let mut known = known.into_inner().unwrap_or_else(PoisonError::into_inner);
    known.extend(done.left_out.iter().flat_map(ids));
    let record = record(done, &plan, pool.isolation());
    let overview = writer.finish(&record)?;
    tell(&decisions, &known, record.missing.is_empty());
    if let Some(e) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(e.into());
    }
    let from_cache = (record.pages as usize).saturating_sub(pages_read);
    say(&format!(
        "本次读取 {pages_read} 页，{from_cache} 页取自缓存。\n{}",
        console::summary(&overview, &plan.out, history.is_first())
    ))?;
    if args.timings {
        complain(&timings(stages, pages_read));
    }
    let outcome = outcome(&record, args.fail_on_defects);
    if !args.annotate {
        annotate::none(&plan.out);
        return Ok(outcome);
    }
    let standing = standing.into_inner().unwrap_or_else(PoisonError::into_inner);
    let whole = annotate::write(&plan, &batch, &standing)?;
    Ok(if whole { outcome } else { outcome.merge(Outcome::Interrupted) })
}

fn letterhead(pack: &RulePack) -> Letterhead {
    let notice = &pack.notice;
    Letterhead {
        issuer: notice.issuer.clone(),
        notice: Notice { title: notice.title.clone(), number: notice.number.clone(), year: notice.year },
    }
}

/// What the folder of the last round says.
struct Past {
    records: Vec<ApplicantRecord>,
    decisions: Decisions,
}

impl Past {
    /// `previous` as typed; without it the report that is being replaced, where there is one.
    fn read(out: &Path, previous: Option<&Path>) -> anyhow::Result<Self> {
        // A file that can't be understood is told before hours of reading, not after.
        let mut decisions = Decisions::read(out)?;
        let records = match previous {
            None => rounds::read(out)?,
            Some(folder) => {
                let before = Decisions::read(folder)?;
                decisions = before.with(decisions);
                Some(rounds::read(folder)?.ok_or_else(|| RoundsError::Missing(folder.to_owned()))?)
            }
        };
        Ok(Self { records: records.unwrap_or_default(), decisions })
    }
}

/// Every id that a decision may be about.
fn ids(record: &ApplicantRecord) -> impl Iterator<Item = String> {
    record.findings.iter().map(|r| r.finding.id.clone()).chain(record.past.iter().cloned())
}

/// Tells what is wrong in the decisions file. After an interruption some ids are not known yet.
fn tell(decisions: &Decisions, known: &BTreeSet<String>, is_whole: bool) {
    let unknown = if is_whole { decisions.unknown(|id| known.contains(id)) } else { Vec::new() };
    for fault in decisions.faults().into_iter().chain(unknown) {
        complain(&format!("注意：{}：{fault}", decisions::FILE));
    }
}

/// What the report's pages quote of the notice.
fn notice(pack: &RulePack, id_or_path: &str) -> anyhow::Result<NoticeText> {
    let clauses = pack::clauses(id_or_path)?.unwrap_or_default();
    let (title, issuer, number) = (&pack.notice.title, &pack.notice.issuer, &pack.notice.number);
    Ok(NoticeText {
        title: title.clone(),
        issuer: issuer.clone(),
        number: number.clone(),
        quotes: pack::quotes(pack, &clauses),
    })
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

fn record(mut done: Finished, plan: &Plan, isolation: Isolation) -> RunRecord {
    let noted = done.judged.iter_mut().flat_map(|j| std::mem::take(&mut j.noted)).collect();
    RunRecord {
        tool: concat!("material-audit ", env!("CARGO_PKG_VERSION")).to_owned(),
        pack: plan.pack.id.clone(),
        pack_version: plan.pack.version.clone(),
        models: plan.models.names.clone(),
        as_of: plan.as_of.clone(),
        packets: done.judged.len() as u32,
        pages: done.judged.iter().map(|j| j.pages).sum(),
        defects: done.judged.iter().map(|j| j.defects).sum(),
        reviews: done.judged.iter().map(|j| j.reviews).sum(),
        not_examined: done.judged.into_iter().flat_map(|j| j.not_examined).collect(),
        noted,
        missing: done.missing,
        isolation,
    }
}

fn outcome(record: &RunRecord, fail_on_defects: bool) -> Outcome {
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

fn timings(stages: Stages, pages: usize) -> String {
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
