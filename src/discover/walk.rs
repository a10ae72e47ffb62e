//! A packet's folder, walked without following anything out of it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::model::packet::Document;
use crate::model::page::{Unreadable, io_reason};

use super::archive::{self, Scratch};
use super::sniff::{self, Content};
use super::{MAX_FILE_BYTES, naming, order};

/// Deeper folders are listed, not entered; real packets nest three or four deep.
const MAX_DEPTH: usize = 32;

/// More files than this in one packet are a folder chosen by mistake (a whole disk).
const MAX_FILES: usize = 20_000;

/// What a folder or an archive yields.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) documents: Vec<Document>,
    /// File and reason.
    pub(super) skipped: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Folder,
    File,
    Symlink,
    /// A pipe, socket or device: opening it could wait for ever.
    Special,
    /// The operating system would not say.
    Unknown(String),
}

/// One name in a folder.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) kind: EntryKind,
}

/// A folder's entries in natural order, droppings left out.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = naming::text_of(&entry.file_name());
        if naming::is_dropping(&name) {
            continue;
        }
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_symlink() => EntryKind::Symlink,
            Ok(kind) if kind.is_dir() => EntryKind::Folder,
            Ok(kind) if kind.is_file() => EntryKind::File,
            Ok(_) => EntryKind::Special,
            Err(e) => EntryKind::Unknown(io_reason(&e)),
        };
        out.push(Entry { name, path: entry.path(), kind });
    }
    // The path decides between names that decode alike.
    out.sort_by(|a, b| order::natural(&a.name, &b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(out)
}

/// Every file below `root`; `packet` names the folder where nothing inside it could be listed.
pub(super) fn walk(root: &Path, packet: &str, scratch: &mut Scratch) -> Contents {
    let mut out = Contents::default();
    let mut folders = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop().filter(|_| !scratch.is_stopped()) {
        let unusable = |reason| {
            let file = if prefix.is_empty() { packet } else { prefix.trim_end_matches('/') };
            Document { file: file.to_owned(), path: folder.clone(), bytes: 0, kind: Err(reason) }
        };
        if depth > MAX_DEPTH {
            out.documents.push(unusable(Unreadable::OverLimit(format!("文件夹嵌套超过 {MAX_DEPTH} 层，未进入"))));
            continue;
        }
        let entries = match entries(&folder) {
            Ok(entries) => entries,
            Err(e) => {
                out.documents.push(unusable(Unreadable::Io(io_reason(&e))));
                continue;
            }
        };
        for entry in entries {
            if out.documents.len() >= MAX_FILES {
                out.documents.push(unusable(Unreadable::OverLimit(format!("文件超过 {MAX_FILES} 个，其余未审核"))));
                return out;
            }
            let file = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::Folder => folders.push((entry.path, format!("{file}/"), depth + 1)),
                EntryKind::File => add_file(entry.path, file, scratch, &mut out),
                kind => {
                    let reason = match kind {
                        EntryKind::Symlink => symlink_reason(),
                        EntryKind::Unknown(reason) => Unreadable::Io(reason),
                        _ => Unreadable::Io("不是普通文件（管道或设备），未打开".to_owned()),
                    };
                    out.documents.push(Document { file, path: entry.path, bytes: 0, kind: Err(reason) });
                }
            }
        }
    }
    out
}

/// Bytes of the files below `root` that [`walk`] would meet.
pub(super) fn bytes_below(root: &Path) -> u64 {
    let (mut bytes, mut files) = (0, 0);
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in entries(&folder).unwrap_or_default() {
            match entry.kind {
                EntryKind::Folder if depth < MAX_DEPTH => folders.push((entry.path, depth + 1)),
                EntryKind::File if files < MAX_FILES => {
                    files += 1;
                    bytes += fs::symlink_metadata(&entry.path).map_or(0, |meta| meta.len());
                }
                _ => {}
            }
        }
    }
    bytes
}

fn add_file(path: PathBuf, file: String, scratch: &mut Scratch, out: &mut Contents) {
    let (document, content) = examine(&path, &file);
    match content {
        Some(Content::Zip) => {
            let inside = archive::unpack(&path, &file, &format!("{file}/"), scratch);
            out.documents.extend(inside.documents);
            out.skipped.extend(inside.skipped);
        }
        Some(Content::Companion) => out.skipped.push((file, sniff::COMPANION.to_owned())),
        _ => out.documents.push(document),
    }
}

/// Looks at a regular file's size and first bytes. The content is none where they could not be read or say nothing.
pub(super) fn examine(path: &Path, file: &str) -> (Document, Option<Content>) {
    let looked = || -> io::Result<(u64, Vec<u8>)> {
        let bytes = fs::symlink_metadata(path)?.len();
        let mut head = Vec::new();
        if bytes > 0 {
            File::open(path)?.take(sniff::HEAD_BYTES as u64).read_to_end(&mut head)?;
        }
        Ok((bytes, head))
    };
    let (bytes, kind, content) = match looked() {
        Err(e) => (0, Err(Unreadable::Io(io_reason(&e))), None),
        Ok((bytes, head)) => {
            let content = sniff::content(&head, file);
            let (kind, content) = match content {
                Content::Companion => (Err(Unreadable::NotADocument), Some(content)),
                _ if bytes == 0 => (Err(Unreadable::Empty), None),
                _ if bytes > MAX_FILE_BYTES && content != Content::Zip => (Err(over_limit(bytes)), None),
                Content::Document(kind) => (Ok(kind), Some(content)),
                Content::Zip | Content::Foreign => (Err(Unreadable::NotADocument), Some(content)),
            };
            (bytes, kind, content)
        }
    };
    (Document { file: file.to_owned(), path: path.to_owned(), bytes, kind }, content)
}

/// Why a file of this size is not opened.
pub(super) fn over_limit(bytes: u64) -> Unreadable {
    const GIB: f64 = (1u64 << 30) as f64;
    // Rounded up: a file just over the limit must not read as if it were at it.
    let tenths = (bytes as f64 / GIB * 10.0).ceil() / 10.0;
    Unreadable::OverLimit(format!("文件 {tenths:.1} GiB，超过 2 GiB 上限"))
}

pub(super) fn symlink_reason() -> Unreadable {
    Unreadable::Io("是符号链接，未跟随；请放入文件本身".to_owned())
}
