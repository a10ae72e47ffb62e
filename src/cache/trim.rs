//! Keeping the folder below its bound, and emptying it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Disks give space in blocks of this many bytes nearly everywhere.
const BLOCK: u64 = 4096;
/// Trimming leaves this share of the bound, so that the next pages don't bring the next trimming.
const KEPT: f64 = 0.9;
/// A temporary file this old belongs to nobody: writing an entry takes milliseconds.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);
/// A server's clock and this machine's may differ by so much.
const CLOCKS: Duration = Duration::from_secs(3600);
/// How often emptying starts again when another process adds entries meanwhile.
const TRIES: usize = 5;

/// What entries' names end in.
pub(super) const EXTENSION: &str = "json";

/// What a file of so many bytes takes.
pub(super) const fn on_disk(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK) * BLOCK
}

/// Removes the entries unused for longest until the rest fits, and what killed processes left. What can't be removed or
/// is gone already is another process's affair.
pub(super) fn trim(root: &Path, limit: u64) {
    let now = SystemTime::now() + CLOCKS;
    let mut entries = Vec::new();
    let mut folders = Vec::new();
    for found in below(root) {
        if found.folder {
            folders.push(found.path);
        } else if found.path.extension().is_some_and(|e| e == EXTENSION) {
            // Used in the future is used while the clock was wrong: such an entry would outlive all others.
            let used = if found.used > now { SystemTime::UNIX_EPOCH } else { found.used };
            entries.push((used, found.path, on_disk(found.bytes)));
        } else if age(found.used) > ABANDONED {
            let _ = fs::remove_file(found.path);
        }
    }
    let mut held: u64 = entries.iter().map(|e| e.2).sum();
    if held > limit {
        entries.sort();
        let kept = (limit as f64 * KEPT) as u64;
        for (_, path, bytes) in entries {
            if held <= kept {
                break;
            }
            let _ = fs::remove_file(path);
            held -= bytes;
        }
    }
    // Refused by the system where an entry is left.
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// Entries and what they take on disk.
pub(super) fn held(root: &Path) -> (usize, u64) {
    let entries = below(root).into_iter().filter(|f| f.path.extension().is_some_and(|e| e == EXTENSION));
    entries.fold((0, 0), |(n, bytes), found| (n + 1, bytes + on_disk(found.bytes)))
}

/// Between then and now, whichever is later: a time in the future is no younger than one as far back.
fn age(then: SystemTime) -> Duration {
    then.elapsed().unwrap_or_else(|e| e.duration())
}

/// Removes everything below `root`, then `root` itself. Returns how many files went.
pub(super) fn empty(root: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for last in (0..TRIES).map(|i| i + 1 == TRIES) {
        removed += below(root).iter().filter(|f| !f.folder && fs::remove_file(&f.path).is_ok()).count();
        removed += top(root).filter(|p| fs::remove_file(p).is_ok()).count();
        match fs::remove_dir_all(root) {
            Ok(()) => break,
            Err(e) if e.kind() == io::ErrorKind::NotFound => break,
            Err(e) if last => return Err(e),
            Err(_) => {}
        }
    }
    Ok(removed)
}

struct Found {
    path: PathBuf,
    folder: bool,
    bytes: u64,
    used: SystemTime,
}

/// Everything in the versions' folders, folders before what is in them; links are not followed.
fn below(root: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            let path = entry.path();
            if meta.is_dir() {
                folders.push(path.clone());
            } else if folder == root {
                // The folder's own marks.
                continue;
            }
            let used = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found.push(Found { path, folder: meta.is_dir(), bytes: meta.len(), used });
        }
    }
    found
}

fn top(root: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(root).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| !p.is_dir())
}
