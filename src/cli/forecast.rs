//! `audit --plan N`: what each of N parts would have to do, before anything is read.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::args::AuditArgs;
use super::plan::{self, Plan};
use super::scratch::Scratch;
use super::{complain, say};
use crate::outcome::Outcome;
use crate::run::{self, Folders, Surveyed};
use crate::shard::split;

/// A core's seconds for a page, read for the first time, with its pictures (README, Performance).
const PAGE_SECONDS: f64 = 1.6;
/// Starting the program and loading the models.
const START_SECONDS: f64 = 5.0;
/// The program itself while it judges; then what each child takes at its largest page.
const PARENT_MB: usize = 200;
const CHILD_MB: usize = 640;
/// A damaged page may take this much before the child gives it up; the task must outlive that.
const SPARE_MB: usize = 2048;
/// Slower machines and shared storage: what is asked of a scheduler beyond what is expected.
const TIMES_EXPECTED: f64 = 3.0;
const MORE_MINUTES: f64 = 10.0;

#[derive(Debug, PartialEq, Serialize)]
struct Forecast {
    tasks: usize,
    jobs: usize,
    packets: usize,
    pages: usize,
    bytes: u64,
    /// Of the longest part.
    seconds: u64,
    memory_mb: usize,
    /// To ask of a scheduler for every part.
    limit_minutes: u64,
    limit_memory_mb: usize,
    shards: Vec<Expected>,
}

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Expected {
    shard: usize,
    packets: usize,
    documents: usize,
    pages: usize,
    bytes: u64,
    seconds: u64,
    memory_mb: usize,
}

pub(super) fn run(args: &AuditArgs, tasks: usize, stop: &Arc<AtomicBool>) -> anyhow::Result<Outcome> {
    let plan = Plan::new(args)?;
    let scratch = Scratch::open()?;
    let listing = run::list(&plan.submissions, scratch.path(), stop)?;
    let bytes = run::weigh(&listing);
    // Counting pages writes nothing.
    let read = vec![plan.submissions.clone(), scratch.path().to_owned()];
    let pool = plan::pool(&plan.models, Folders { read, write: Vec::new() })?;
    let Some(found) = run::survey(&listing, &pool, plan.jobs, scratch.path(), stop)? else {
        return Ok(Outcome::Interrupted);
    };
    let forecast = forecast(&bytes, &found, tasks, plan.jobs);
    complain(&told(&forecast));
    let mut json = serde_json::to_string_pretty(&forecast)?;
    json.push('\n');
    say(&json)?;
    Ok(Outcome::Done)
}

fn forecast(bytes: &[u64], found: &[Surveyed], tasks: usize, jobs: usize) -> Forecast {
    let mut shards: Vec<Expected> = (1..=tasks).map(|shard| Expected { shard, ..Expected::default() }).collect();
    for ((part, bytes), found) in split(bytes, tasks).into_iter().zip(bytes).zip(found) {
        let shard = &mut shards[part - 1];
        shard.packets += 1;
        shard.documents += found.documents;
        shard.pages += found.pages;
        shard.bytes += bytes;
    }
    let memory_mb = PARENT_MB + CHILD_MB * jobs;
    for shard in &mut shards {
        shard.seconds = (START_SECONDS + shard.pages as f64 * PAGE_SECONDS / jobs as f64).ceil() as u64;
        shard.memory_mb = memory_mb;
    }
    let seconds = shards.iter().map(|shard| shard.seconds).max().unwrap_or(0);
    Forecast {
        tasks,
        jobs,
        packets: bytes.len(),
        pages: found.iter().map(|f| f.pages).sum(),
        bytes: bytes.iter().sum(),
        seconds,
        memory_mb,
        limit_minutes: (seconds as f64 * TIMES_EXPECTED / 60.0 + MORE_MINUTES).ceil() as u64,
        limit_memory_mb: memory_mb + SPARE_MB,
        shards,
    }
}

fn told(forecast: &Forecast) -> String {
    let Forecast { tasks, jobs, packets, pages, memory_mb, limit_minutes, limit_memory_mb, .. } = forecast;
    let gb = |bytes: u64| bytes as f64 / 1e9;
    let mut lines = vec![format!(
        "共 {packets} 份材料、{pages} 页、{:.2} GB，分 {tasks} 片；每片同时读 {jobs} 页，约需内存 {memory_mb} MB。什么也没有读，以下是估计（页面缓存里已有的页会更快）：",
        gb(forecast.bytes)
    )];
    lines.extend(forecast.shards.iter().map(|s| {
        format!(
            "  分片 {}/{tasks}：{} 份，{} 页，{:.2} GB，约 {} 分钟",
            s.shard,
            s.packets,
            s.pages,
            gb(s.bytes),
            s.seconds.div_ceil(60)
        )
    }));
    lines.push(format!("向调度系统申请：每片时间 {limit_minutes} 分钟，内存 {limit_memory_mb} MB。"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packet_is_in_one_part_and_the_longest_part_sets_the_limits() {
        let found = [(1, 100), (2, 10), (1, 20), (3, 30)].map(|(documents, pages)| Surveyed { documents, pages });
        let forecast = forecast(&[1000, 100, 200, 300], &found, 2, 2);
        let of: Vec<(usize, usize, usize, u64)> =
            forecast.shards.iter().map(|s| (s.packets, s.documents, s.pages, s.bytes)).collect();
        assert_eq!(of, [(1, 1, 100, 1000), (3, 6, 60, 600)]);
        assert_eq!((forecast.packets, forecast.pages, forecast.bytes), (4, 160, 1600));
        assert_eq!(forecast.seconds, 85, "5 s and 100 pages of 1.6 s on two cores");
        assert!(forecast.limit_minutes >= 14 && forecast.limit_memory_mb > forecast.memory_mb + CHILD_MB);
        assert!(told(&forecast).contains("分片 2/2：3 份，60 页"));
    }
}
