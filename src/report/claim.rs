//! One run at a time writes a report's folder.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{ReportError, files};

/// Held while a run writes. Empty, and it may stay: the system lets go of it when the program ends, however it ends.
const LOCK: &str = ".audit.lock";

/// The right to write a report's folder; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    /// None where the disk knows no locks, as some network shares.
    lock: Option<File>,
    /// The folder was made by this claim.
    made: bool,
}

impl Claim {
    /// Makes the folder where there is none, and takes it for this run.
    ///
    /// # Errors
    /// Where another run has it, it is no folder or can't be written to.
    pub fn take(out: &Path) -> Result<Self, ReportError> {
        let made = !out.exists();
        if !made && !out.is_dir() {
            return Err(ReportError::NotAFolder(out.to_owned()));
        }
        fs::create_dir_all(out).map_err(|e| files::failed(out, &e))?;
        let mut claim = Self { folder: out.to_owned(), lock: None, made };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(out.join(LOCK))
            .map_err(|e| files::failed(out, &e))?;
        claim.lock = match file.try_lock() {
            Ok(()) => Some(file),
            Err(TryLockError::WouldBlock) => {
                claim.made = false;
                return Err(ReportError::Busy(out.to_owned()));
            }
            Err(TryLockError::Error(_)) => None,
        };
        Ok(claim)
    }

    /// Whether a second run would be refused.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.lock.is_some()
    }

    /// Whether nothing but the lock is in the folder.
    fn is_empty(&self) -> io::Result<bool> {
        let mut entries = fs::read_dir(&self.folder)?;
        Ok(entries.all(|e| e.is_ok_and(|e| e.file_name() == LOCK)))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A run that wrote nothing leaves nothing.
        if self.made && self.is_empty().unwrap_or(false) {
            let _ = fs::remove_file(self.folder.join(LOCK));
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_run_s_until_it_ends() {
        let dir = tempfile::tempdir().expect("made");
        let out = dir.path().join("a").join("report");
        let first = Claim::take(&out).expect("free");
        assert!(first.is_held());
        let second = Claim::take(&out).expect_err("taken").to_string();
        assert!(second.contains("另一次审核") && second.contains("report"), "{second}");
        assert!(out.is_dir(), "the refused one removes nothing");
        fs::write(out.join("run.json"), "{}").expect("writable");
        drop(first);
        assert!(out.join(LOCK).is_file() && out.join("run.json").is_file());
        // What is left of the first is no obstacle.
        Claim::take(&out).expect("free again");
    }

    #[test]
    fn a_run_that_wrote_nothing_leaves_nothing() {
        let dir = tempfile::tempdir().expect("made");
        let out = dir.path().join("report");
        drop(Claim::take(&out).expect("free"));
        assert!(!out.exists());
        fs::create_dir(&out).expect("made");
        drop(Claim::take(&out).expect("free"));
        assert!(out.is_dir(), "a folder that was there stays");
    }

    #[test]
    fn a_file_is_no_folder() {
        let dir = tempfile::tempdir().expect("made");
        let out = dir.path().join("report");
        fs::write(&out, "x").expect("writable");
        assert!(matches!(Claim::take(&out), Err(ReportError::NotAFolder(_))));
    }
}
