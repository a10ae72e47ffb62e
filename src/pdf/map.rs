//! The one place that maps a file into memory: a 309 MB scan then costs what is touched of it, not 309 MB.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::model::page::Unreadable;

/// Maps a file read-only. Errors: [`Unreadable::Io`] where the system refuses, [`Unreadable::Empty`] for 0 bytes.
pub fn map_file(path: &Path) -> Result<Mmap, Unreadable> {
    let refused = |e: std::io::Error| Unreadable::Io(plain(&e));
    let file = File::open(path).map_err(refused)?;
    let meta = file.metadata().map_err(refused)?;
    if !meta.is_file() {
        return Err(Unreadable::NotADocument);
    }
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

fn plain(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "文件不存在".into(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".into(),
        _ => format!("系统错误（{e}）"),
    }
}
