//! The progress bar on a terminal; plain lines where stderr is not one.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::complain;
use crate::run::progress::Progress;

/// Between plain lines, so that a log stays readable.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// Pages, packets, rate and remaining time.
pub(super) struct Meter {
    bar: Option<ProgressBar>,
    packets: AtomicUsize,
    packets_done: AtomicUsize,
    pages: AtomicUsize,
    pages_done: AtomicUsize,
    started: Instant,
    last_line: Mutex<Instant>,
}

impl Meter {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = "{bar:30} {pos}/{len} 页  {msg}  {per_sec}  剩余 {eta}";
            ProgressBar::new(0)
                .with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self {
            bar,
            packets: AtomicUsize::new(0),
            packets_done: AtomicUsize::new(0),
            pages: AtomicUsize::new(0),
            pages_done: AtomicUsize::new(0),
            started: now,
            last_line: Mutex::new(now),
        }
    }

    /// Clears the bar before other text is printed.
    pub(super) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self) {
        let (done, all) = (self.pages_done.load(Ordering::Relaxed), self.pages.load(Ordering::Relaxed));
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = done as f64 / seconds.max(0.001);
        let left = (all.saturating_sub(done)) as f64 / rate.max(0.001);
        complain(&format!(
            "已读 {done}/{all} 页，完成 {}/{} 份，每秒 {rate:.1} 页，剩余约 {left:.0} 秒",
            self.packets_done.load(Ordering::Relaxed),
            self.packets.load(Ordering::Relaxed),
        ));
    }
}

impl Progress for Meter {
    fn started(&self, packets: usize, pages: usize) {
        self.packets.store(packets, Ordering::Relaxed);
        self.pages.store(pages, Ordering::Relaxed);
        match &self.bar {
            Some(bar) => {
                bar.set_length(pages as u64);
                bar.set_message(format!("0/{packets} 份"));
                bar.enable_steady_tick(Duration::from_millis(500));
            }
            None => complain(&format!("共 {packets} 份材料，{pages} 页")),
        }
    }

    fn page(&self, _read: bool) {
        self.pages_done.fetch_add(1, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(1);
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            self.line();
        }
    }

    fn packet(&self, _folder: &str) {
        let done = self.packets_done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{done}/{} 份", self.packets.load(Ordering::Relaxed)));
        }
    }
}
