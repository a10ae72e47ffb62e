//! What was typed to a validated plan; one file per subcommand.
//!
//! In: arguments. Out: an [`crate::outcome::Outcome`]. Must not know: how anything is observed or judged.

mod annotate;
mod args;
mod audit;
mod cache;
mod draw;
mod explain;
mod forecast;
mod inspect;
mod judging;
mod letter_template;
mod merge;
mod past;
mod plan;
mod private;
mod progress;
mod review;
mod rules;
mod scratch;
mod setting;
mod setup;
mod shard;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser;

use crate::outcome::Outcome;
use crate::run;

/// Runs the program. `limit_heap` caps this process's own allocations; only a worker child calls it.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>, limit_heap: impl FnOnce(u64)) -> Outcome {
    private::quiet_panics();
    let cli = match args::Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(e) => return args::explain_error(&e),
    };
    let result = match cli.command {
        args::Command::Audit(args) => audit::run(&args),
        args::Command::Merge(args) => merge::run(&args),
        args::Command::Rules(args) => rules::run(&args),
        args::Command::Explain { check } => explain::run(&check),
        args::Command::Inspect(args) => inspect::run(&args),
        args::Command::Setup { from } => setup::run(from.as_deref()),
        args::Command::LetterTemplate { folder } => letter_template::run(&folder),
        args::Command::Review { folder, port, no_open } => review::run(&folder, port, no_open),
        args::Command::Cache { action: args::CacheAction::Show } => cache::show(),
        args::Command::Cache { action: args::CacheAction::Clean } => cache::clean(),
        args::Command::Worker => run::serve_worker(limit_heap).map(|()| Outcome::Done).map_err(Into::into),
    };
    result.unwrap_or_else(|e| {
        complain(&format!("错误：{e:#}"));
        Outcome::NotStarted
    })
}

/// One line for the person at the terminal.
fn complain(message: &str) {
    // A closed terminal is no reason to fail.
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// A result on stdout. A closed pipe ends the program quietly, as `head` closes it on purpose.
fn say(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Into::into),
    }
}
