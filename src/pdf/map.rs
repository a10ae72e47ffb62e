//! The one place that maps a file into memory: a 309 MB scan then costs what is touched of it, not 309 MB.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::model::page::Unreadable;

/// Maps a file read-only. Errors: [`Unreadable::Io`] where the system refuses, [`Unreadable::Empty`] for 0 bytes.
pub fn map_file(path: &Path) -> Result<Mmap, Unreadable> {
    let refused = |e| Unreadable::io(&e);
    // Before it is opened: opening a pipe that was put in a file's place could wait for ever.
    if !std::fs::metadata(path).map_err(refused)?.is_file() {
        return Err(Unreadable::NotADocument);
    }
    let file = File::open(path).map_err(refused)?;
    let meta = file.metadata().map_err(refused)?;
    if meta.len() == 0 {
        return Err(Unreadable::Empty);
    }
    map(&file).map_err(refused)
}

#[allow(
    unsafe_code,
    reason = "mapping is unsafe only if another process shortens the file meanwhile; a child process reads it, so the worst is one lost page"
)]
fn map(file: &File) -> std::io::Result<Mmap> {
    unsafe { Mmap::map(file) }
}
