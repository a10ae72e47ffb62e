//! `audit`: the main job.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::annotate::{self, Standing};
use super::args::AuditArgs;
use super::judging::{self, Job, Judged};
use super::past::{self, Past};
use super::scratch::Scratch;
use super::{complain, forecast, say, shard};
use crate::outcome::Outcome;
use crate::report::{self, Ending, Writer, console, decisions, rounds};
use crate::run::{self, History};

pub(super) fn run(args: &AuditArgs) -> anyhow::Result<Outcome> {
    judging::interruptible(|stop| match (args.shard, args.plan) {
        (Some(part), _) => shard::run(args, part, stop),
        (None, Some(tasks)) => forecast::run(args, tasks, stop),
        (None, None) => audit(args, stop),
    })
}

/// All packets on this machine: one part, which makes the report alone.
fn audit(args: &AuditArgs, stop: &Arc<AtomicBool>) -> anyhow::Result<Outcome> {
    let Job { plan, letters, written } = Job::new(args)?;
    let _claim = judging::claim(&plan.out)?;
    let scratch = Scratch::open()?;
    let listing = run::list(&plan.submissions, scratch.path(), stop)?;
    let folders = judging::folders(&listing);
    let intake = run::open(&listing, vec![true; folders.len()], plan.roster.as_deref())?;
    if stop.load(Ordering::Relaxed) {
        return Ok(judging::untouched());
    }
    judging::announce(&intake, &written);
    let past = Past::read(&plan.out, args.previous.as_deref())?;
    let history = History::new(&intake.packets, past.records, past.decisions.by_id());

    let writer = Writer::open(&plan.out)?.with_letters(letters).quoting(written.notice()).among(folders);
    let decisions = decisions::take_over(&plan.out, &past.decisions)?;
    let judged = judging::judge(&plan, intake, &history, writer, &scratch, stop)?;
    let Judged { writer, done, failure, packets, children } = judged;
    let (part, pen, _spool) = writer.into_part();
    let mut parts = [part];
    let across = run::across(&mut parts.each_mut().map(|part| &mut part.store), &plan.pack.id)?;
    let run = written.record(done.missing, children.pool.isolation());
    let decided = past.decisions.by_id();
    let left_out = rounds::lines(&history.left_out(|at| done.judged.binary_search(&at).is_ok()));
    let ending = Ending {
        later: &across.later,
        decisions: Some(&decided),
        left_out: &left_out,
        not_examined: across.not_examined.as_ref(),
        run: &run,
    };
    let mut standing = Standing::default();
    let (overview, round) = report::finish_seeing(&pen, &plan.out, &parts, ending, |at, packet, _| {
        if args.annotate {
            standing.take(at, packet);
        }
    })?;
    let unknown = match overview.run.missing.is_empty() {
        true => report::unknown_ids(&parts, ending, decisions.ids())?,
        false => BTreeSet::new(),
    };
    past::tell(&decisions, &unknown);
    if let Some(e) = failure {
        return Err(e.into());
    }
    let summary = console::summary(&overview, &plan.out, history.is_first());
    say(&(judging::counted(done.pages_read, overview.run.pages as usize) + &summary))?;
    if args.timings {
        complain(&judging::timings(done.stages, done.pages_read));
    }
    let copied = if args.annotate {
        annotate::Copying::of(&plan.out, children.at_work(), plan.jobs).write(&packets, &standing, stop)
    } else {
        annotate::none(&plan.out);
        Ok(())
    };
    // The report stands, whatever became of the copies.
    round.close()?;
    copied?;
    Ok(judging::outcome(&overview.run, args.fail_on_defects))
}
