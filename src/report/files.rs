//! Files of the report: safe names, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::ReportError;
use super::escape;
use crate::model::page::unwritten_reason;

/// Begins the name of every temporary file and folder of a report in the making.
pub(super) const TEMPORARY: &str = ".material-audit-";

/// The file name of an applicant's CSV.
pub(super) fn csv_name(folder: &str) -> String {
    safe_name(folder) + ".csv"
}

/// A name that came from anywhere, as a name of ours without extension: the same where every system can store it, else
/// made storable and marked with a hash of the original, so that two never become one.
#[must_use]
pub fn safe_name(folder: &str) -> String {
    // 255 bytes (Linux) and 255 UTF-16 units (Windows) are the systems' limits; the rest is for mark and extension.
    const MAX_BYTES: usize = 200;
    let forbidden = |c: char| c.is_control() || "<>:\"/\\|?*".contains(c);
    let mut name: String = escape::visible(folder).chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    while name.len() > MAX_BYTES {
        name.pop();
    }
    name.truncate(name.trim_end_matches(['.', ' ']).len());
    if name != folder || name.is_empty() || is_reserved(&name) || is_marked(&name) {
        let hash: String = Sha256::digest(folder).iter().take(4).map(|b| format!("{b:02x}")).collect();
        name = format!("{name}~{hash}");
        if is_reserved(&name) {
            name.insert(0, '_');
        }
    }
    name
}

/// Whether a name looks like one that was marked: kept as it is, it could be the same as another's.
fn is_marked(name: &str) -> bool {
    name.rsplit_once('~').is_some_and(|(_, mark)| mark.len() == 8 && mark.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Names that Windows keeps for devices, whatever their extension.
fn is_reserved(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let numbered = |kind: &str| {
        let mut rest = stem.strip_prefix(kind).unwrap_or_default().chars();
        rest.next().is_some_and(|c| "0123456789¹²³".contains(c)) && rest.next().is_none()
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// Puts a file in place: all of it, or what stood there before.
pub(super) fn replace(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), ReportError> {
    prepare(path, fill)?.put()
}

/// Writes a file beside the place where it is to be; dropped, it leaves nothing.
pub(super) fn prepare(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<Prepared, ReportError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let make = || -> io::Result<NamedTempFile> {
        let mut file = temporary(folder)?;
        fill(file.as_file_mut())?;
        file.as_file_mut().flush()?;
        Ok(file)
    };
    let file = make().map_err(|e| failed(path, &e))?;
    Ok(Prepared { file, path: path.to_owned() })
}

/// A whole file that is not in its place yet.
#[derive(Debug)]
pub(super) struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Puts it in place of what stands there.
    pub(super) fn put(self) -> Result<(), ReportError> {
        self.file.persist(&self.path).map(drop).map_err(|e| failed(&self.path, &e.error))
    }
}

/// A new file that its owner alone may read, as what it becomes is about persons.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(TEMPORARY).suffix(".tmp").tempfile_in(folder)
}

/// Shuts an older report's folder to everybody but its owner: the names in it are persons'. Folders made now are born so.
pub(super) fn narrow(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = fs::symlink_metadata(folder).is_ok_and(|m| m.is_dir() && m.permissions().mode() & 0o077 != 0);
        if open {
            // Another owner's folder is that owner's to shut.
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Removes what a killed run left half done in a folder; it is never anyone's report.
pub(super) fn remove_temporary(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY)) {
            let path = entry.path();
            let _ = if entry.file_type().is_ok_and(|t| t.is_dir()) {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    }
}

/// Puts another folder's file in place too: as one more name of it where both lie on one disk, else as a copy.
pub(super) fn place(from: &Path, to: &Path) -> Result<(), ReportError> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    // Something stands there, or the disk is another one.
    let folder = to.parent().unwrap_or_else(|| Path::new("."));
    let put = || -> io::Result<()> {
        let draft = temporary(folder)?.into_temp_path();
        fs::remove_file(&draft)?;
        if fs::hard_link(from, &draft).is_err() {
            let mut file = File::options().write(true).create_new(true).open(&draft)?;
            // From file to file the system copies by itself, and a signal ends that with an error.
            let from: &mut dyn io::Read = &mut File::open(from)?;
            io::copy(from, &mut file)?;
            file.flush()?;
        }
        // Of two names of one file the system leaves both as they are; the draft goes when it is dropped.
        fs::rename(&draft, to)
    };
    put().map_err(|e| failed(to, &e))
}

/// As [`place`] for a file whose name says what is in it: what stands there is the same.
pub(super) fn place_known(from: &Path, to: &Path) -> Result<(), ReportError> {
    if to.is_file() {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    }
    place(from, to)
}

/// Why what another process wrote cannot be taken over.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> ReportError {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "文件不在了".to_owned(),
        io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => "内容不完整".to_owned(),
        _ => error.raw_os_error().map_or_else(|| "读取出错".to_owned(), |code| format!("读取出错（系统错误 {code}）")),
    };
    ReportError::Read { path: path.to_owned(), reason }
}

/// An operating system's refusal as a report error.
pub(super) fn failed(path: &Path, error: &io::Error) -> ReportError {
    ReportError::Write { path: path.to_owned(), reason: unwritten_reason(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_stores() {
        for name in ["01_张三", "a b", "COM10", "CONSOLE", "张三.zip", ".a"] {
            assert_eq!(csv_name(name), format!("{name}.csv"));
        }
        let long = "长".repeat(100);
        let bad = [
            "a/b",
            "a?b",
            "a*b",
            "CON",
            "con.pdf",
            "LPT1",
            "COM²",
            "nul ",
            "x.",
            "x ",
            "",
            "...",
            "a\u{202e}b",
            "a\nb",
            "a\u{2028}b",
            &long,
        ];
        let marked: Vec<String> = ["", "a?b"].map(safe_name).into();
        let mut made = std::collections::BTreeSet::new();
        for name in bad.into_iter().chain(marked.iter().map(String::as_str)) {
            let file = csv_name(name);
            assert_ne!(file, format!("{name}.csv"), "{name:?}");
            assert!(file.len() <= 255 && !file.contains(['/', '?', '*', '\n', '\u{202e}', '\u{2028}']), "{file:?}");
            assert!(!is_reserved(&file), "{file:?}");
            assert!(made.insert(file.to_lowercase()), "{file:?} twice");
        }
    }

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let dir = tempfile::tempdir().expect("made");
        let path = dir.path().join("a.csv");
        replace(&path, |f| f.write_all(b"old")).expect("written");
        let broken = replace(&path, |f| {
            f.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(broken.is_err_and(|e| e.to_string().contains("磁盘空间不足")));
        assert_eq!(fs::read(&path).expect("still there"), b"old");
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1, "no temporary file is left");
    }
}
