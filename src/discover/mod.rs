//! A folder of submissions to packets.
//!
//! In: the submissions folder and, where there is one, the roster. Out: [`crate::model::packet::Packet`]s in natural
//! order of names, with every skipped or unusable file accounted for. Must not know: what is inside a document
//! beyond its first bytes, any notice.

mod archive;
mod naming;
pub mod order;
pub mod roster;
mod sniff;
mod walk;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use crate::model::packet::{Applicant, Document, Packet};
use crate::model::page::{Unreadable, io_reason, unwritten_reason};

pub use archive::member_name;
use sniff::Content;
use walk::{Contents, Entry, EntryKind};

/// Files above this are listed, never opened (DESIGN §6).
pub const MAX_FILE_BYTES: u64 = 2 << 30;

/// What a folder of submissions holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// In natural order of `Packet::folder`; every `folder` is unique, also where letter case does not count.
    pub packets: Vec<Packet>,
    /// Files that are honestly something else than a document, in the order met. System droppings
    /// (`Thumbs.db`, `~$…`, dotfiles, `__MACOSX`) are not among them.
    pub skipped: Vec<Skipped>,
}

/// A file left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The packet it lies in; none at the top of the submissions folder.
    pub packet: Option<String>,
    /// Relative to the packet (or to the submissions folder), with `/`.
    pub file: String,
    /// Plain Chinese.
    pub reason: String,
}

/// Why there is nothing to audit.
#[derive(Debug, Error)]
pub enum DiscoverError {
    #[error(
        "找不到申报材料文件夹“{}”。请检查路径是否写对；路径中有空格时请用引号括起来。",
        naming::printable(&.0.to_string_lossy())
    )]
    Missing(PathBuf),
    #[error(
        "“{}”不是文件夹。请给出存放全部申报材料的文件夹，其中每个子文件夹、每个 ZIP 压缩包为一位申报人。",
        naming::printable(&.0.to_string_lossy())
    )]
    NotAFolder(PathBuf),
    #[error(
        "文件夹“{}”里没有申报材料（跳过了 {skipped} 个其他文件）。请把每位申报人的材料放进一个子文件夹或一个 ZIP 压缩包，再放到这里。",
        naming::printable(&.path.to_string_lossy())
    )]
    Empty { path: PathBuf, skipped: usize },
    #[error("无法读取文件夹“{}”：{reason}。请检查磁盘、网络盘是否连接，以及是否有读取权限。", naming::printable(&.path.to_string_lossy()))]
    Unreadable { path: PathBuf, reason: String },
    #[error(
        "压缩包无法解压到临时文件夹“{}”：{reason}。请清出磁盘空间，或用环境变量 TMPDIR（Windows 为 TEMP）指定另一个磁盘上的文件夹，再重新运行。",
        naming::printable(&.path.to_string_lossy())
    )]
    Scratch { path: PathBuf, reason: String },
}

/// The packets of a submissions folder, none of them opened yet.
#[derive(Debug)]
pub struct Listing {
    /// In natural order of their names.
    pub packets: Vec<Listed>,
    /// Files beside the packets that are none.
    pub skipped: Vec<Skipped>,
    scratch: Mutex<archive::Scratch>,
}

/// A packet by its name.
#[derive(Debug)]
pub struct Listed {
    /// [`Packet::folder`].
    pub folder: String,
    entry: Entry,
    role: Role,
}

/// Lists the packets of `submissions`: each direct subfolder, each zip and each loose document is one.
///
/// Zip members that are documents are unpacked to numbered files under `scratch`, which the caller owns and removes.
/// Nothing outside these two folders is read or written; no symlink is followed, no special file opened. Once `stop` is
/// raised the rest is left out.
///
/// # Errors
/// Where there is no folder, it cannot be listed, or it holds no packet.
pub fn list(submissions: &Path, scratch: &Path, stop: &Arc<AtomicBool>) -> Result<Listing, DiscoverError> {
    let meta = std::fs::metadata(submissions).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => DiscoverError::Missing(submissions.to_owned()),
        _ => DiscoverError::Unreadable { path: submissions.to_owned(), reason: io_reason(&e) },
    })?;
    if !meta.is_dir() {
        return Err(DiscoverError::NotAFolder(submissions.to_owned()));
    }
    let entries = walk::entries(submissions)
        .map_err(|e| DiscoverError::Unreadable { path: submissions.to_owned(), reason: io_reason(&e) })?;

    let mut skipped = Vec::new();
    let mut candidates = Vec::new();
    for entry in entries {
        match role(&entry) {
            Ok(role) => candidates.push((entry, role)),
            Err(reason) => skipped.push(Skipped { packet: None, file: entry.name, reason }),
        }
    }
    let names = naming::packet_names(candidates.iter().map(|(e, role)| (e.name.as_str(), role.base(&e.name))));
    let mut packets: Vec<Listed> =
        candidates.into_iter().zip(names).map(|((entry, role), folder)| Listed { folder, entry, role }).collect();
    packets.sort_by(|a, b| order::natural(&a.folder, &b.folder));
    if packets.is_empty() {
        return Err(DiscoverError::Empty { path: submissions.to_owned(), skipped: skipped.len() });
    }
    Ok(Listing { packets, skipped, scratch: Mutex::new(archive::Scratch::new(scratch, Arc::clone(stop))) })
}

impl Listing {
    /// Looks into a packet: its documents, and what was skipped in it.
    ///
    /// # Errors
    /// Where the folder for unpacked zips takes no more.
    pub fn open(&self, packet: &Listed) -> Result<(Packet, Vec<Skipped>), DiscoverError> {
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        scratch.turn_to_next_packet();
        let Entry { path, name, .. } = &packet.entry;
        let contents = match &packet.role {
            Role::Folder => walk::walk(path, name, &mut scratch),
            Role::Archive => archive::unpack(path, name, "", &mut scratch),
            Role::Loose(document) => Contents { documents: vec![document.clone()], skipped: Vec::new() },
        };
        if let Some((root, e)) = scratch.failure() {
            return Err(DiscoverError::Scratch { path: root.to_owned(), reason: unwritten_reason(e) });
        }
        let skipped = contents.skipped.into_iter().map(|(file, reason)| Skipped {
            packet: Some(packet.folder.clone()),
            file,
            reason,
        });
        let mut documents = contents.documents;
        naming::settle(&mut documents);
        Ok((Packet { documents, ..packet.unopened() }, skipped.collect()))
    }
}

impl Listed {
    /// The packet without its documents.
    #[must_use]
    pub fn unopened(&self) -> Packet {
        Packet { folder: self.folder.clone(), documents: Vec::new(), applicant: Applicant::default() }
    }

    /// Bytes of its files as they lie there; a zip's as packed. Opens none.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match &self.role {
            Role::Folder => walk::bytes_below(&self.entry.path),
            Role::Archive => archive::file_len(&self.entry.path),
            Role::Loose(document) => document.bytes,
        }
    }
}

/// Lists the packets of `submissions` and looks into each.
///
/// # Errors
/// As [`list`] and [`Listing::open`].
pub fn discover(submissions: &Path, scratch: &Path) -> Result<Discovered, DiscoverError> {
    let mut listing = list(submissions, scratch, &Arc::default())?;
    let mut skipped = std::mem::take(&mut listing.skipped);
    let opened = listing.packets.iter().map(|packet| listing.open(packet)).collect::<Result<Vec<_>, _>>()?;
    let (packets, inside): (Vec<Packet>, Vec<Vec<Skipped>>) = opened.into_iter().unzip();
    skipped.extend(inside.into_iter().flatten());
    Ok(Discovered { packets, skipped })
}

/// A single file as a document, for looking at it alone; what it is, is decided from its first bytes.
#[must_use]
pub fn document(path: &Path) -> Document {
    let name = path.file_name().map_or_else(String::new, naming::text_of);
    walk::examine(path, &name).0
}

/// What an entry of the submissions folder is to the audit.
#[derive(Debug)]
enum Role {
    Folder,
    Archive,
    Loose(Document),
}

impl Role {
    /// The packet's name, before duplicates are told apart.
    fn base<'a>(&self, name: &'a str) -> (u8, &'a str) {
        match self {
            Self::Folder => (0, name),
            Self::Archive => (1, naming::stem(name).trim_end()),
            Self::Loose(_) => (2, name),
        }
    }
}

/// What the entry is, or why it is no packet.
fn role(entry: &Entry) -> Result<Role, String> {
    let unusable = |kind| Role::Loose(Document { file: entry.name.clone(), path: entry.path.clone(), bytes: 0, kind });
    match entry.kind {
        // A packet the clerk believes to be there must not vanish.
        EntryKind::Symlink => Ok(unusable(Err(walk::symlink_reason()))),
        EntryKind::Special => Err("不是普通文件（管道或设备），未打开".to_owned()),
        EntryKind::Folder if is_report(&entry.path) => Err("是本工具以前写出的审核报告".to_owned()),
        EntryKind::Folder => Ok(Role::Folder),
        EntryKind::File => {
            let (document, content) = walk::examine(&entry.path, &entry.name);
            match content {
                Some(Content::Zip) => Ok(Role::Archive),
                Some(Content::Companion) => Err(sniff::COMPANION.to_owned()),
                Some(Content::Foreign) if !sniff::claims_document(&entry.name) => {
                    Err("不是 PDF 或图片，未作为申报材料".to_owned())
                }
                _ => Ok(Role::Loose(document)),
            }
        }
        EntryKind::Unknown(ref reason) => Ok(unusable(Err(Unreadable::Io(reason.clone())))),
    }
}

/// A report written into the submissions folder is not a packet of the next run.
fn is_report(folder: &Path) -> bool {
    ["run.json", "findings.jsonl", "summary.csv"].iter().all(|name| folder.join(name).is_file())
}

#[cfg(test)]
mod tests;
