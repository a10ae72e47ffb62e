//! What an earlier run left in the report's folders and this one doesn't have.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::{files, html};

/// Removes the files of a folder that are not `current` and that `is_ours` knows.
pub(super) fn remove(folder: &Path, current: &BTreeSet<String>, is_ours: impl Fn(&Path) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let known = entry.file_name().to_str().is_some_and(|name| current.contains(name));
        if !known && entry.file_type().is_ok_and(|t| t.is_file()) && is_ours(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file with that extension begins as `is_ours` says.
pub(super) fn begins(path: &Path, extension: &str, is_ours: impl Fn(&[u8]) -> bool) -> bool {
    const HEAD_BYTES: u64 = 512;
    let mut head = Vec::new();
    let read = File::open(path).and_then(|f| f.take(HEAD_BYTES).read_to_end(&mut head));
    read.is_ok() && path.extension().is_some_and(|ext| ext == extension) && is_ours(&head)
}

/// Removes the pictures below `evidence` that the report doesn't show; only files named as ours are, in folders named
/// as ours are.
pub(super) fn remove_pictures(evidence: &Path, is_shown: impl Fn(&str) -> bool) {
    let Ok(folders) = fs::read_dir(evidence) else { return };
    for folder in folders.flatten().filter(|f| f.file_type().is_ok_and(|t| t.is_dir())) {
        let Some(head) = folder.file_name().to_str().map(str::to_owned) else { continue };
        // Empty or not, the run's own scratch serves until its end.
        if head.starts_with(files::TEMPORARY) {
            continue;
        }
        let Ok(entries) = fs::read_dir(folder.path()) else { continue };
        for entry in entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_file())) {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = format!("evidence/{head}/{name}");
            if html::is_picture(&path) && !is_shown(&path) {
                let _ = fs::remove_file(entry.path());
            }
        }
        // Succeeds only where nothing is left.
        let _ = fs::remove_dir(folder.path());
    }
}
