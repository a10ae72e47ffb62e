//! What was typed, checked against the machine: everything a run needs, or why it cannot start.

use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::civil::Date;

use super::args::AuditArgs;
use super::{cache, private, setup};
use crate::cache::{Cache, DEFAULT_LIMIT};
use crate::ocr::weights::Models;
use crate::pack::{self, rules::RulePack};
use crate::run::{self, Folders, Limits, Pool};

/// More children than this only fight for memory.
const MOST_JOBS: usize = 256;
/// What a child takes at its largest page, and some room for the rest of the machine.
const CHILD_BYTES: u64 = 640 << 20;

pub(super) struct Plan {
    pub(super) submissions: PathBuf,
    pub(super) out: PathBuf,
    pub(super) roster: Option<PathBuf>,
    pub(super) pack: RulePack,
    /// ISO date.
    pub(super) as_of: String,
    pub(super) jobs: usize,
    pub(super) models: Models,
    pub(super) cache: Option<Cache>,
}

impl Plan {
    pub(super) fn new(args: &AuditArgs) -> anyhow::Result<Self> {
        let pack = pack::load(&args.rules)?;
        let as_of = match &args.as_of {
            Some(text) => text
                .parse::<Date>()
                .map_err(|_| anyhow::anyhow!("--as-of 的日期“{text}”不对，应写作 2024-11-30 这样"))?,
            None => believable(jiff::Zoned::now().date(), pack.notice.year)?,
        };
        let jobs = match args.jobs {
            Some(0) => anyhow::bail!("--jobs 至少为 1"),
            Some(n) => n.min(MOST_JOBS),
            None => {
                let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
                children(cores, free_memory())
            }
        };
        if !args.submissions.is_dir() {
            anyhow::bail!("找不到材料文件夹 {}，请检查路径", args.submissions.display());
        }
        let out = args.out();
        refuse_nested(&args.submissions, &out)?;
        // The models are everybody's; what is written from here on is about persons.
        let models = setup::ready(args.offline)?;
        private::owner_only();
        let cache = match args.no_cache {
            true => None,
            false => Some(Cache::open(&cache::folder()?, &observed_by(&models), limit(args.cache_limit))?),
        };
        Ok(Self {
            submissions: args.submissions.clone(),
            out,
            roster: args.roster.clone(),
            pack,
            as_of: as_of.to_string(),
            jobs,
            models,
            cache,
        })
    }

    /// Everything besides a file's bytes that its pages' facts depend on.
    pub(super) fn observed_by(&self) -> String {
        observed_by(&self.models)
    }
}

/// Today, unless that was before the notice was written: a clock whose battery is empty starts in some year long ago, and
/// every date in every packet would then lie in the future.
fn believable(today: Date, notice_year: u16) -> anyhow::Result<Date> {
    // A year's notice may come out at the end of the year before.
    if i32::from(today.year()) < i32::from(notice_year) - 1 {
        anyhow::bail!(
            "电脑的日期是 {today}，早于通知的年度（{notice_year} 年），多半是电脑时钟不对。请校正电脑日期，或用 --as-of 指明按哪一天判断"
        );
    }
    Ok(today)
}

/// The cache's bound in bytes.
fn limit(megabytes: Option<u32>) -> u64 {
    megabytes.map_or(DEFAULT_LIMIT, |mb| u64::from(mb) << 20)
}

/// How many children serve the cores without the machine's memory running short.
fn children(cores: usize, free_bytes: u64) -> usize {
    let fitting = usize::try_from(free_bytes / CHILD_BYTES).unwrap_or(usize::MAX);
    cores.min(fitting).clamp(1, MOST_JOBS)
}

/// Bytes of memory that programs may still take; all there is to take where the system doesn't say.
fn free_memory() -> u64 {
    let free = sysinfo::System::new().map_or(0, |mut system| {
        system.refresh_memory();
        system.available_memory()
    });
    if free == 0 { u64::MAX } else { free }
}

/// Everything besides a file's bytes that its pages' facts depend on.
fn observed_by(models: &Models) -> String {
    format!("{} {}", run::observed_by(), models.id)
}

/// Children are this very program; they may use these folders only.
pub(super) fn pool(models: &Models, folders: Folders) -> anyhow::Result<Pool> {
    let program = std::env::current_exe().context("找不到程序自身的文件")?;
    Ok(Pool::new(&program, models.clone(), Limits::default(), folders))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_the_notice_is_not_believed() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        for wrong in [day(1970, 1, 1), day(2022, 12, 31)] {
            let told = believable(wrong, 2024).expect_err("long ago").to_string();
            assert!(told.contains("--as-of") && told.contains(&wrong.to_string()), "{told}");
        }
        for right in [day(2023, 11, 1), day(2024, 12, 1), day(2031, 1, 1)] {
            assert_eq!(believable(right, 2024).expect("possible"), right);
        }
    }

    #[test]
    fn children_are_bounded_by_cores_and_by_memory() {
        let gib = 1_u64 << 30;
        assert_eq!(children(8, 16 * gib), 8);
        assert_eq!(children(16, 4 * gib), 6);
        assert_eq!(children(4, gib / 2), 1, "one child always");
        assert_eq!(children(1000, u64::MAX), MOST_JOBS);
    }
}
