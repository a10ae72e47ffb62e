//! A temporary folder that a later run removes where this one was killed.
//!
//! A lock is held on a file beside it as long as its run lives; the system lets go of it however a process ends.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir, TempPath};

use crate::model::page::unwritten_reason;
use crate::report::escape::visible;

const PREFIX: &str = "material-audit-";
const LOCK: &str = ".lock";

/// Removed when dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: TempDir,
    // Dropped after the folder: what is locked is never swept.
    _lock: Option<(File, TempPath)>,
}

impl Scratch {
    /// Sweeps what killed runs left, and makes a folder among the system's temporary files that only this user may read.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub(super) fn open() -> anyhow::Result<Self> {
        let parent = std::env::temp_dir();
        Self::open_in(&parent).map_err(|e| {
            anyhow::anyhow!(
                "无法在“{}”里建立临时文件夹：{}。请检查该文件夹，清出磁盘空间，或用环境变量 TMPDIR（Windows 为 TEMP）指定另一个磁盘上的文件夹，再重新运行。",
                visible(&parent.to_string_lossy()),
                unwritten_reason(&e)
            )
        })
    }

    fn open_in(parent: &Path) -> io::Result<Self> {
        sweep(parent);
        let lock = lock(parent)?;
        let folder = match &lock {
            Some((_, path)) => {
                let name = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(LOCK));
                private(parent, name.unwrap_or(PREFIX))?
            }
            None => private(parent, PREFIX)?,
        };
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder for this user alone, whose name begins so.
fn private(parent: &Path, prefix: &str) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(prefix).tempdir_in(parent)
}

/// A locked file. `None` where the file system knows no locks.
fn lock(parent: &Path) -> io::Result<Option<(File, TempPath)>> {
    const TRIES: usize = 8;
    for _ in 0..TRIES {
        let (file, path) =
            NamedTempFile::into_parts(tempfile::Builder::new().prefix(PREFIX).suffix(LOCK).tempfile_in(parent)?);
        match file.try_lock() {
            // Another run's sweep may have come between.
            Ok(()) if path.exists() => return Ok(Some((file, path))),
            Ok(()) | Err(fs::TryLockError::WouldBlock) => {}
            Err(fs::TryLockError::Error(_)) => return Ok(None),
        }
    }
    Ok(None)
}

/// Removes folders whose runs are gone.
fn sweep(parent: &Path) {
    for (path, name) in ours(parent, |t| t.is_file()) {
        let Some(owner) = name.strip_suffix(LOCK) else { continue };
        if !File::open(&path).is_ok_and(|lock| lock.try_lock().is_ok()) {
            continue;
        }
        for (folder, _) in ours(parent, |t| t.is_dir()).into_iter().filter(|(_, name)| name.starts_with(owner)) {
            // What can't be removed is tried again by the next run.
            let _ = fs::remove_dir_all(folder);
        }
        let _ = fs::remove_file(path);
    }
}

/// Entries of a folder that are named as ours, links left out, with their names.
fn ours(parent: &Path, kind: impl Fn(&fs::FileType) -> bool) -> Vec<(PathBuf, String)> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let named = entries.flatten().filter(|e| e.file_type().is_ok_and(|t| kind(&t)));
    let named = named.filter_map(|e| Some((e.path(), e.file_name().into_string().ok()?)));
    named.filter(|(_, name)| name.starts_with(PREFIX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(parent: &Path) -> usize {
        fs::read_dir(parent).expect("listed").count()
    }

    #[test]
    fn only_what_dead_runs_left_is_swept() {
        let parent = tempfile::tempdir().expect("made");
        let (parent, own) = (parent.path(), "material-audit-report");
        fs::create_dir(parent.join(own)).expect("made");
        let alive = Scratch::open_in(parent).expect("made");
        fs::write(alive.path().join("a"), "x").expect("written");
        let dead = Scratch::open_in(parent).expect("made");
        let folder = dead.folder.path().to_owned();
        fs::create_dir(folder.join("unpacked")).expect("made");
        // As a killed process does: nothing is removed, the lock is let go.
        let Scratch { folder: kept, _lock } = dead;
        let _ = kept.keep();
        let (file, path) = _lock.expect("a lock");
        let _ = path.keep().expect("kept");
        drop(file);
        assert!(folder.exists());

        let next = Scratch::open_in(parent).expect("made");
        assert!(!folder.exists(), "the dead run's is gone");
        assert!(alive.path().join("a").exists() && next.path().exists(), "the others' are not");
        drop((alive, next));
        assert!(parent.join(own).exists(), "a folder without a lock is nobody's scratch");
        assert_eq!(left(parent), 1, "nothing else is left");
    }
}
