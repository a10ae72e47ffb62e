//! What was typed, checked against the machine: everything a run needs, or why it cannot start.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::AuditArgs;
use super::{cache, setup};
use crate::cache::Cache;
use crate::ocr::weights::Models;
use crate::pack::{self, rules::RulePack};
use crate::run::{self, Limits, Pool};

/// More children than this only fight for memory.
const MOST_JOBS: usize = 256;

pub(super) struct Plan {
    pub(super) submissions: PathBuf,
    pub(super) out: PathBuf,
    pub(super) roster: Option<PathBuf>,
    pub(super) pack: RulePack,
    /// ISO date.
    pub(super) as_of: String,
    pub(super) jobs: usize,
    pub(super) models: Models,
    pub(super) pool: Pool,
    pub(super) cache: Option<Cache>,
}

impl Plan {
    pub(super) fn new(args: &AuditArgs) -> anyhow::Result<Self> {
        let pack = pack::load(&args.rules)?;
        let as_of = match &args.as_of {
            Some(text) => text
                .parse::<jiff::civil::Date>()
                .map_err(|_| anyhow::anyhow!("--as-of 的日期“{text}”不对，应写作 2024-11-30 这样"))?,
            None => jiff::Zoned::now().date(),
        };
        let jobs = match args.jobs {
            Some(0) => anyhow::bail!("--jobs 至少为 1"),
            Some(n) => n.min(MOST_JOBS),
            None => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        };
        if !args.submissions.is_dir() {
            anyhow::bail!("找不到材料文件夹 {}，请检查路径", args.submissions.display());
        }
        refuse_nested(&args.submissions, &args.out)?;
        let models = setup::ready(args.offline)?;
        let pool = pool(&models)?;
        let cache = match args.no_cache {
            true => None,
            false => Some(Cache::open(&cache::folder()?, &observed_by(&models))?),
        };
        Ok(Self {
            submissions: args.submissions.clone(),
            out: args.out.clone(),
            roster: args.roster.clone(),
            pack,
            as_of: as_of.to_string(),
            jobs,
            models,
            pool,
            cache,
        })
    }
}

/// Everything besides a file's bytes that its pages' facts depend on.
fn observed_by(models: &Models) -> String {
    format!("{} {}", run::observed_by(), models.id)
}

/// Children are this very program.
pub(super) fn pool(models: &Models) -> anyhow::Result<Pool> {
    let program = std::env::current_exe().context("找不到程序自身的文件")?;
    Ok(Pool::new(&program, models.clone(), Limits::default()))
}

/// A report inside the submissions would be audited as a packet next time.
fn refuse_nested(submissions: &Path, out: &Path) -> anyhow::Result<()> {
    let absolute = |p: &Path| std::path::absolute(p).unwrap_or_else(|_| p.to_owned());
    let inside = absolute(out);
    let root = submissions.canonicalize().unwrap_or_else(|_| absolute(submissions));
    if inside.starts_with(&root) || inside.starts_with(absolute(submissions)) {
        anyhow::bail!("报告文件夹 {} 在材料文件夹里面，下次会被当成材料；请用 --out 指定别处", out.display());
    }
    Ok(())
}
