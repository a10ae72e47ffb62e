//! `audit`: the main job.

use std::collections::BTreeSet;

use super::annotate::{self, Standing};
use super::args::AuditArgs;
use super::judging::{self, Job, Judged};
use super::past::{self, Past};
use super::{complain, forecast, say, shard};
use crate::outcome::Outcome;
use crate::report::{self, Ending, Writer, console, decisions, rounds};
use crate::run::{self, History};

/// All packets on this machine: one part, which makes the report alone.
pub(super) fn run(args: &AuditArgs) -> anyhow::Result<Outcome> {
    if let Some(part) = args.shard {
        return shard::run(args, part);
    }
    if let Some(tasks) = args.plan {
        return forecast::run(args, tasks);
    }
    let Job { plan, letters, written } = Job::new(args)?;
    let scratch = judging::scratch()?;
    let listing = run::list(&plan.submissions, scratch.path())?;
    let folders = judging::folders(&listing);
    let intake = run::open(&listing, vec![true; folders.len()], plan.roster.as_deref())?;
    judging::announce(&intake, &written);
    let past = Past::read(&plan.out, args.previous.as_deref())?;
    let history = History::new(&intake.packets, past.records, past.decisions.by_id());

    let stop = judging::stop_on_signal()?;
    let writer = Writer::open(&plan.out)?.with_letters(letters).quoting(written.notice()).among(folders);
    let decisions = decisions::take_over(&plan.out, &past.decisions)?;
    let judged = judging::judge(&plan, intake, &history, writer, &scratch, &stop)?;
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
    let overview = report::finish_seeing(&pen, &plan.out, &parts, ending, |at, packet, _| {
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
    let outcome = judging::outcome(&overview.run, args.fail_on_defects);
    if !args.annotate {
        annotate::none(&plan.out);
        return Ok(outcome);
    }
    let copies = annotate::Copying::of(&plan.out, children.at_work(), plan.jobs);
    let whole = copies.write(&packets, &standing, &stop)?;
    Ok(if whole { outcome } else { outcome.merge(Outcome::Interrupted) })
}
