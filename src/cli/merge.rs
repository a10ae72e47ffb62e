//! `merge`: the report of all parts of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::annotate::{self, Copying, Standing};
use super::args::MergeArgs;
use super::judging::Children;
use super::scratch::Scratch;
use super::setting::{PACKETS, ROUND, Written, listed};
use super::{judging, past, private, say, setup};
use crate::model::isolation::Isolation;
use crate::model::packet::Packet;
use crate::ocr::weights::Models;
use crate::outcome::Outcome;
use crate::report::decisions::{self, Decisions};
use crate::report::{self, Ending, Part, Pen, console, escape, rounds};
use crate::run;
use crate::shard::{self, Manifest, Opened, Setting, Wrong};

pub(super) fn run(args: &MergeArgs) -> anyhow::Result<Outcome> {
    judging::interruptible(|stop| merge(args, stop))
}

fn merge(args: &MergeArgs, stop: &Arc<AtomicBool>) -> anyhow::Result<Outcome> {
    private::owner_only();
    let opened = shard::open_all(&args.shards).map_err(|wrong| anyhow::anyhow!(told(&wrong)))?;
    let Some(Manifest { setting, report, .. }) = opened.first().map(|part| part.manifest.clone()) else {
        anyhow::bail!("没有给出分片文件夹");
    };
    let written: Written = serde_json::from_value(report)?;
    refuse_place(&args.out, &opened)?;
    let isolation = opened
        .iter()
        .filter_map(|part| serde_json::from_value::<Written>(part.manifest.report.clone()).ok()?.isolation)
        .reduce(Isolation::weaker)
        .unwrap_or(Isolation::NONE);
    let _claim = judging::claim(&args.out)?;
    let decided = reviewed(args, &setting)?;
    let (pages, pages_read) =
        opened.iter().fold((0, 0), |(all, read), part| (all + part.manifest.pages, read + part.manifest.pages_read));
    let pen = Pen::default().with_letters(written.letters()?).quoting(written.notice());
    let root_of: BTreeMap<usize, PathBuf> =
        opened.iter().flat_map(|part| part.store.entries().map(|entry| (entry.at, part.folder.clone()))).collect();
    let mut parts: Vec<Part> = opened.into_iter().map(|part| Part::sealed(&part.folder, part.store)).collect();
    let left_out = parts.iter().map(Part::left_out).collect::<Result<Vec<_>, _>>()?.concat();
    // Before anything is written: without the originals the report would lack copies.
    let originals = if written.annotate { Some(Originals::find(args, &setting, stop)?) } else { None };
    if stop.load(Ordering::Relaxed) {
        return Ok(judging::untouched());
    }

    let mut stores: Vec<_> = parts.iter_mut().map(|part| &mut part.store).collect();
    let across = run::across(&mut stores, &written.pack)?;
    let run = written.record(Vec::new(), isolation);
    let by_id = decided.by_id();
    let ending = Ending {
        later: &across.later,
        decisions: Some(&by_id),
        left_out: &left_out,
        not_examined: across.not_examined.as_ref(),
        run: &run,
    };
    let (mut standing, mut unchanged, mut changed) = (Standing::default(), Vec::new(), BTreeSet::new());
    let (overview, round) = report::finish_seeing(&pen, &args.out, &parts, ending, |at, packet, is_changed| {
        if !written.annotate {
        } else if is_changed {
            changed.insert(at);
            standing.take(at, packet);
        } else {
            unchanged.extend(root_of.get(&at).map(|root| (root.clone(), packet.folder.clone())));
        }
    })?;
    let decisions = decisions::take_over(&args.out, &decided)?;
    past::tell(&decisions, &report::unknown_ids(&parts, ending, decisions.ids())?);
    let is_first = setting.digest(ROUND) == Setting::default().with(ROUND, [&[][..]]).digest(ROUND);
    say(&format!(
        "合并 {} 个分片，各分片共读取 {pages_read} 页，{} 页取自缓存。\n{}",
        parts.len(),
        pages.saturating_sub(pages_read),
        console::summary(&overview, &args.out, is_first)
    ))?;
    let outcome = judging::outcome(&overview.run, args.fail_on_defects);
    let copied = match originals {
        Some(originals) => originals.copy(&args.out, &unchanged, &changed, &standing, stop),
        None => {
            annotate::none(&args.out);
            Ok(())
        }
    };
    // The report stands, whatever became of the copies.
    round.close()?;
    copied?;
    Ok(outcome)
}

/// All that is wrong, a line each.
fn told(wrong: &[Wrong]) -> String {
    let lines = wrong.iter().map(|w| {
        let folders: Vec<String> = w.folders.iter().map(|f| format!("“{}”", visible(f))).collect();
        match folders.is_empty() {
            true => w.reason.clone(),
            false => format!("{}：{}", folders.join("与"), w.reason),
        }
    });
    format!("不能合并。\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// The report must not come to lie in or over one of its own parts.
fn refuse_place(out: &Path, parts: &[Opened]) -> anyhow::Result<()> {
    let absolute = |p: &Path| p.canonicalize().or_else(|_| std::path::absolute(p)).unwrap_or_else(|_| p.to_owned());
    let to = absolute(out);
    if parts.iter().any(|part| to.starts_with(absolute(&part.folder))) {
        anyhow::bail!("报告文件夹 {} 是分片的文件夹，或在它里面；请用 --out 指定别处", visible(out));
    }
    Ok(())
}

/// The reviewer's word as it stands now; the parts were judged against the last round that is meant.
fn reviewed(args: &MergeArgs, setting: &Setting) -> anyhow::Result<Decisions> {
    let of = |bytes: Option<Vec<u8>>| {
        Setting::default().with(ROUND, [bytes.unwrap_or_default().as_slice()]).digest(ROUND).map(str::to_owned)
    };
    let theirs = setting.digest(ROUND).map(str::to_owned);
    let is_own = |folder: &Path| folder.canonicalize().ok().is_some_and(|f| args.out.canonicalize().ok() == Some(f));
    match args.previous.as_deref().filter(|folder| !is_own(folder)) {
        Some(folder) if of(rounds::bytes(folder)?) != theirs => anyhow::bail!(
            "各分片所比的上一轮报告不是“{}”里的这一份。请在 --previous 写上运行分片时用的那个文件夹",
            visible(folder)
        ),
        Some(folder) => past::decided(&args.out, Some(folder)),
        // Decisions of the last round would be lost silently.
        None if theirs != of(None)
            && !args.out.join(decisions::FILE).exists()
            && !args.out.join("run.json").exists() =>
        {
            anyhow::bail!(
                "各分片与上一轮报告比过，合并时也请用 --previous 写上那个文件夹，好接着用其中的决定（{}）",
                decisions::FILE
            )
        }
        None => past::decided(&args.out, None),
    }
}

/// The packets' own files, for copies of those whose findings are others now.
struct Originals {
    listing: run::Listing,
    models: Models,
    submissions: PathBuf,
    scratch: Scratch,
}

impl Originals {
    fn find(args: &MergeArgs, setting: &Setting, stop: &Arc<AtomicBool>) -> anyhow::Result<Self> {
        let Some(submissions) = args.submissions.as_deref() else {
            anyhow::bail!("各分片写了批注副本（--annotate），合并时请用 --submissions 写上材料文件夹");
        };
        let scratch = Scratch::open()?;
        let listing = run::list(submissions, scratch.path(), stop)?;
        let weighed: Vec<(String, u64)> = judging::folders(&listing).into_iter().zip(run::weigh(&listing)).collect();
        let now = Setting::default().with(PACKETS, [listed(&weighed).as_slice()]);
        if now.digest(PACKETS) != setting.digest(PACKETS) {
            anyhow::bail!(
                "材料文件夹 {} 与各分片审核时的不同，或之后改动过；请重新运行各分片（已读过的页面不会重读）",
                visible(submissions)
            );
        }
        Ok(Self { listing, models: setup::ready(true)?, submissions: submissions.to_owned(), scratch })
    }

    fn copy(
        self,
        out: &Path,
        unchanged: &[(PathBuf, String)],
        changed: &BTreeSet<usize>,
        standing: &Standing,
        stop: &AtomicBool,
    ) -> anyhow::Result<()> {
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let read = vec![self.submissions.clone(), self.scratch.path().to_owned()];
        let children = Children::of(&self.models, out, read)?;
        let mut copies = Copying::of(out, children.at_work(), jobs);
        for (root, folder) in unchanged {
            copies.take_over(root, folder)?;
        }
        let packets = self.listing.packets.iter().enumerate();
        let packets = packets
            .map(|(at, listed)| match changed.contains(&at) {
                true => self.listing.open(listed).map(|(packet, _)| packet),
                false => Ok(listed.unopened()),
            })
            .collect::<Result<Vec<Packet>, _>>()?;
        copies.write(&packets, standing, stop)
    }
}

fn visible(path: &Path) -> String {
    escape::visible(&path.display().to_string())
}
