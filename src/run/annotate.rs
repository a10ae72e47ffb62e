//! Copies of documents with notes in them, written by the children.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::RunError;
use crate::check;
use crate::model::note::Note;
use crate::worker::{Pool, Refused};

/// A copy to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Copying {
    pub path: PathBuf,
    pub notes: Vec<Note>,
    pub to: PathBuf,
}

/// Why there is no copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoCopy {
    /// Plain Chinese.
    pub reason: String,
    /// Not the file's fault: the copy could not be written.
    pub unwritten: bool,
}

/// Writes copies, `jobs` at a time. For each in order: `None` where `stop` was raised before it, else done or
/// why there is none.
///
/// # Errors
/// When no child can be started or the threads cannot be made.
pub fn annotate(
    copies: &[Copying],
    pool: &Pool,
    jobs: usize,
    stop: &AtomicBool,
) -> Result<Vec<Option<Result<(), NoCopy>>>, RunError> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.min(copies.len()).max(1))
        .build()
        .map_err(|e| RunError::Threads(jobs, e.to_string()))?;
    let done: Vec<OnceLock<Result<(), NoCopy>>> = copies.iter().map(|_| OnceLock::new()).collect();
    let failure = Mutex::new(None);
    let next = AtomicUsize::new(0);
    threads.broadcast(|_| {
        while !stop.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(copy) = copies.get(i) else { return };
            match pool.annotate(&copy.path, &copy.notes, &copy.to) {
                Ok(written) => {
                    let _ = done[i].set(written.map_err(|why| reason(&why)));
                }
                Err(e) => {
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(e);
                    return;
                }
            }
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(e) => Err(e.into()),
        None => Ok(done.into_iter().map(OnceLock::into_inner).collect()),
    }
}

fn reason(why: &Refused) -> NoCopy {
    let unwritten = matches!(why, Refused::Write(_));
    let reason = match why {
        Refused::Unread(why) => check::unreadable_reason(why),
        Refused::Write(reason) => reason.clone(),
        other => other.to_string(),
    };
    NoCopy { reason, unwritten }
}
