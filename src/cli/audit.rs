//! `audit`: the main job.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

use super::args::AuditArgs;
use super::plan::Plan;
use super::progress::Meter;
use super::{complain, say};
use crate::model::report::{NoticeText, RunRecord};
use crate::outcome::Outcome;
use crate::pack::{self, rules::RulePack};
use crate::report::{ReportError, Writer, console, escape};
use crate::run::{self, Batch, Delivery, Evidence, Finished, Stages};

pub(super) fn run(args: &AuditArgs) -> anyhow::Result<Outcome> {
    let plan = Plan::new(args)?;
    let scratch =
        tempfile::Builder::new().prefix("material-audit-").tempdir().context("无法建立临时文件夹，请检查磁盘空间")?;
    let intake = run::collect(&plan.submissions, plan.roster.as_deref(), scratch.path())?;
    for note in &intake.notes {
        complain(&format!("注意：{}", escape::visible(note)));
    }
    complain(&format!("规则包 {}，判断日期 {}", plan.pack.id, plan.as_of));

    let stop = stop_on_signal()?;
    let writer = Mutex::new(Writer::open(&plan.out)?.quoting(notice(&plan.pack, &args.rules)?));
    let evidence = Evidence::open(&plan.out).context("无法在报告文件夹里写图片，请检查权限和磁盘空间")?;
    let failure: Mutex<Option<ReportError>> = Mutex::new(None);
    let finished = |at: usize, delivery: Delivery<'_>| {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match delivery {
            Delivery::Report(report) => writer.write_applicant(at, report),
            Delivery::More(findings) => writer.add_findings(at, findings),
        };
        // One file that is open in a spreadsheet must not stop the batch; it is told at the end.
        if let Err(e) = written {
            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
        }
    };
    let meter = Meter::new();
    let batch = Batch {
        packets: intake.packets,
        pack: &plan.pack,
        pool: &plan.pool,
        cache: plan.cache.as_ref(),
        evidence: Some(&evidence),
        jobs: plan.jobs,
        stop: &stop,
    };
    let done = batch.run(&meter, &finished);
    meter.done();
    let done = done?;
    let (pages_read, stages) = (done.pages_read, done.stages);
    let record = record(done, &plan);
    let overview = writer.into_inner().unwrap_or_else(PoisonError::into_inner).finish(&record)?;
    if let Some(e) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(e.into());
    }
    let from_cache = (record.pages as usize).saturating_sub(pages_read);
    say(&format!("本次读取 {pages_read} 页，{from_cache} 页取自缓存。\n{}", console::summary(&overview, &plan.out)))?;
    if args.timings {
        complain(&timings(stages, pages_read));
    }
    Ok(outcome(&record, args.fail_on_defects))
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

fn record(done: Finished, plan: &Plan) -> RunRecord {
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
        missing: done.missing,
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
