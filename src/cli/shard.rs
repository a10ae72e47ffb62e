//! `audit --shard K/N`: one machine's part of the batch, to be merged with the others.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use super::annotate::{self, Standing};
use super::args::AuditArgs;
use super::judging::{self, Job, Judged};
use super::past::Past;
use super::scratch::Scratch;
use super::setting::setting;
use super::{complain, say};
use crate::outcome::Outcome;
use crate::report::{Writer, escape, rounds};
use crate::run::{self, History};
use crate::shard::{Manifest, Shard, split};

pub(super) fn run(args: &AuditArgs, shard: Shard, stop: &Arc<AtomicBool>) -> anyhow::Result<Outcome> {
    let Job { plan, letters, mut written } = Job::new(args)?;
    refuse_another(&plan.out, shard)?;
    let _claim = judging::claim(&plan.out)?;
    let scratch = Scratch::open()?;
    let listing = run::list(&plan.submissions, scratch.path(), stop)?;
    let (folders, bytes) = (judging::folders(&listing), run::weigh(&listing));
    let mine: Vec<bool> = split(&bytes, shard.of).into_iter().map(|part| part == shard.number).collect();
    let intake = run::open(&listing, mine, plan.roster.as_deref())?;
    if stop.load(Ordering::Relaxed) {
        return Ok(judging::untouched());
    }
    complain(&format!(
        "分片 {shard}：共 {} 份材料，本片 {} 份",
        folders.len(),
        intake.mine.iter().filter(|m| **m).count()
    ));
    judging::announce(&intake, &written);
    let past = Past::read_part(args.previous.as_deref())?;
    let before = args.previous.as_deref().map(rounds::bytes).transpose()?.flatten();
    let history = History::new(&intake.packets, past.records, past.decisions.by_id());

    let writer = Writer::part(&plan.out)?.with_letters(letters).quoting(written.notice()).among(folders.clone());
    let weighed: Vec<(String, u64)> = folders.into_iter().zip(bytes).collect();
    let setting = setting(&plan, &written, &args.rules, &weighed, before.as_deref())?;
    let mut manifest = Manifest::begun(shard, weighed.len(), setting, serde_json::to_value(&written)?);
    let unwritable = || format!("无法写入分片文件夹“{}”，请检查权限和磁盘空间", visible(&plan.out));
    manifest.write(&plan.out).with_context(unwritable)?;
    let judged = judging::judge(&plan, intake, &history, writer, &scratch, stop)?;
    let Judged { writer, done, failure, packets, children } = judged;
    if let Some(e) = failure {
        return Err(e.into());
    }
    let (part, _, _) = writer.into_part();
    let (mut standing, mut pages, mut not_examined) = (Standing::default(), 0, 0);
    part.each(|at, packet| {
        pages += packet.pages.len();
        not_examined += packet.not_examined.len();
        if args.annotate {
            standing.take(at, packet);
        }
    })?;
    // Nobody goes on from these, whichever machine looks; one part tells of them.
    let left_out = if shard.number == 1 { history.left_out(|_| true) } else { Vec::new() };
    part.seal(&left_out)?;
    say(&judging::counted(done.pages_read, pages))?;
    if args.timings {
        complain(&judging::timings(done.stages, done.pages_read));
    }
    let mut is_whole = done.missing.is_empty();
    if args.annotate && is_whole {
        annotate::Copying::of(&plan.out, children.at_work(), plan.jobs).write(&packets, &standing, stop)?;
        is_whole = !stop.load(Ordering::Relaxed);
    } else {
        annotate::none(&plan.out);
    }
    if !is_whole {
        say(&format!("运行被中断，分片 {shard} 没有完成；再次运行会接着做，已读过的页面不会重读。\n"))?;
        return Ok(Outcome::Interrupted);
    }
    (manifest.finished, manifest.pages, manifest.pages_read) = (true, pages, done.pages_read);
    written.isolation = Some(children.pool.isolation());
    manifest.report = serde_json::to_value(&written)?;
    manifest.write(&plan.out).with_context(unwritable)?;
    say(&format!(
        "分片 {shard} 已完成：{} 份材料、{pages} 页，写在 {}。全部分片完成后，用 material-audit merge 合并。\n",
        done.judged.len(),
        visible(&plan.out)
    ))?;
    Ok(if not_examined == 0 { Outcome::Done } else { Outcome::Incomplete })
}

/// A part written over a report, or over another part, would leave neither whole.
fn refuse_another(out: &Path, shard: Shard) -> anyhow::Result<()> {
    if out.join("run.json").exists() {
        anyhow::bail!("{} 里是一份完整的报告。请用 --out 给分片另指定一个文件夹", visible(out));
    }
    match Manifest::shard_at(out) {
        Some(other) if other != shard => {
            anyhow::bail!("{} 里是分片 {other}。每个分片要有自己的文件夹，请用 --out 另外指定", visible(out))
        }
        _ => Ok(()),
    }
}

fn visible(path: &Path) -> String {
    escape::visible(&path.display().to_string())
}
