//! Zip archives, unpacked to numbered files: no member's name ever becomes a path.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::model::packet::{Document, DocumentKind};
use crate::model::page::{Unreadable, io_reason};

use super::sniff::{self, Content};
use super::walk::{self, Contents};
use super::{MAX_FILE_BYTES, naming};

/// What the archives of one packet may cost (DESIGN §6).
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Unpacked over packed bytes, of a member and of the whole archive.
    pub(super) ratio: u64,
    /// Below this the ratio does not count: a clean uncompressed scan may well pack a thousandfold.
    pub(super) ratio_floor_bytes: u64,
    /// All members of all archives of a packet together.
    pub(super) total_bytes: u64,
    /// Likewise.
    pub(super) members: usize,
}

impl Limits {
    pub(super) const DEFAULT: Self =
        Self { ratio: 200, ratio_floor_bytes: 16 << 20, total_bytes: 4 << 30, members: 20_000 };

    fn by_ratio(&self, packed: u64) -> u64 {
        packed.saturating_mul(self.ratio).max(self.ratio_floor_bytes)
    }
}

/// The folder that members are unpacked to, one numbered folder an archive.
#[derive(Debug)]
pub(super) struct Scratch {
    root: PathBuf,
    next: usize,
    pub(super) limits: Limits,
    /// What the packet at hand has unpacked so far.
    spent: Spent,
    /// Raised: nothing more is unpacked.
    stop: Arc<AtomicBool>,
    /// Why something could not be unpacked that is no fault of the archive.
    failure: Option<io::Error>,
}

#[derive(Debug, Default)]
struct Spent {
    bytes: u64,
    members: usize,
}

impl Scratch {
    pub(super) fn new(root: &Path, stop: Arc<AtomicBool>) -> Self {
        Self { root: root.to_owned(), next: 0, limits: Limits::DEFAULT, spent: Spent::default(), stop, failure: None }
    }

    /// The next packet has all of its limits before it.
    pub(super) fn turn_to_next_packet(&mut self) {
        self.spent = Spent::default();
    }

    /// Where to, and what the disk refused, if it did.
    pub(super) fn failure(&self) -> Option<(&Path, &io::Error)> {
        self.failure.as_ref().map(|e| (self.root.as_path(), e))
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failure.is_some()
    }

    fn folder(&mut self) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.root)?;
        loop {
            let folder = self.root.join(self.next.to_string());
            self.next += 1;
            match fs::create_dir(&folder) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|()| folder),
            }
        }
    }
}

/// What the directory says of a member, copied out so that the archive can be read.
struct Member {
    raw_name: Vec<u8>,
    folder: bool,
    symlink: bool,
    encrypted: bool,
    packed: u64,
    bytes: u64,
}

/// Unpacks the documents of the archive at `path`; `name` is its own name, `prefix` stands before its members' names.
///
/// An archive that cannot be opened yields one unreadable document; a member that cannot, its own.
pub(super) fn unpack(path: &Path, name: &str, prefix: &str, scratch: &mut Scratch) -> Contents {
    let mut out = Contents::default();
    let broken =
        |reason| Document { file: name.to_owned(), path: path.to_owned(), bytes: file_len(path), kind: Err(reason) };
    let opened = File::open(path).map_err(ZipError::from).and_then(|file| ZipArchive::new(BufReader::new(file)));
    let mut archive = match opened {
        Ok(archive) => archive,
        Err(e) => {
            out.documents.push(broken(reason(&e)));
            return out;
        }
    };
    let folder = match scratch.folder() {
        Ok(folder) => folder,
        Err(e) => {
            scratch.failure = Some(e);
            return out;
        }
    };
    let hidden = said_members(path).map_or(0, |said| said.saturating_sub(archive.len()));
    if hidden > 0 {
        out.documents.push(broken(Unreadable::Io(format!("压缩包内有 {hidden} 个文件与别的重名，取不出来"))));
    }
    let limits = scratch.limits;
    let packed = file_len(path);
    let mut left = limits.by_ratio(packed);
    for index in 0..archive.len() {
        if scratch.is_stopped() {
            break;
        }
        if scratch.spent.members >= limits.members {
            out.documents
                .push(broken(Unreadable::OverLimit(format!("压缩包内超过 {} 个文件，其余未审核", limits.members))));
            break;
        }
        scratch.spent.members += 1;
        let Some(member) = member(&archive, index) else {
            continue;
        };
        let (inside, safe) = member_name(&member.raw_name);
        if member.folder || inside.is_empty() || inside.ends_with('/') || inside.split('/').any(naming::is_dropping) {
            continue;
        }
        let file = format!("{prefix}{inside}");
        let target = folder.join(index.to_string());
        let kind = if !safe {
            Err(Unreadable::Damaged("压缩包内的路径指向包外，未解压".to_owned()))
        } else if member.symlink {
            Err(walk::symlink_reason())
        } else if member.encrypted {
            Err(Unreadable::Encrypted)
        } else {
            let packed = member.packed.min(packed);
            let unspent = limits.total_bytes.saturating_sub(scratch.spent.bytes);
            let allowed = left.min(unspent).min(limits.by_ratio(packed));
            match extract(&mut archive, index, &inside, &target, allowed, scratch) {
                Ok(Extracted::Document(kind, bytes)) => {
                    left -= bytes;
                    scratch.spent.bytes += bytes;
                    out.documents.push(Document { file, path: target, bytes, kind: Ok(kind) });
                    continue;
                }
                Ok(Extracted::Companion) => {
                    out.skipped.push((file, sniff::COMPANION.to_owned()));
                    continue;
                }
                Ok(Extracted::Stopped) => break,
                Err(reason) => Err(reason),
            }
        };
        out.documents.push(Document { file, path: target, bytes: member.bytes, kind });
    }
    out
}

/// How many members the archive says it has (APPNOTE.TXT, 4.3.16); of several with one name the library keeps one.
fn said_members(path: &Path) -> Option<usize> {
    const END: usize = 22;
    const LONGEST_COMMENT: u64 = u16::MAX as u64;
    /// Stands for "see elsewhere" in archives of more members.
    const MANY: u16 = u16::MAX;
    let mut file = File::open(path).ok()?;
    let from = file.metadata().ok()?.len().saturating_sub(END as u64 + LONGEST_COMMENT);
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut tail = Vec::new();
    file.take(END as u64 + LONGEST_COMMENT).read_to_end(&mut tail).ok()?;
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let said = u16::from_le_bytes([*tail.get(at + 10)?, *tail.get(at + 11)?]);
    (said != MANY).then_some(usize::from(said))
}

enum Extracted {
    Document(DocumentKind, u64),
    Companion,
    /// Asked to, or by the disk: nothing is said of the member.
    Stopped,
}

/// Writes the member to `target` if its first bytes are a document's; `allowed` bounds what it may unpack to.
fn extract(
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    name: &str,
    target: &Path,
    allowed: u64,
    scratch: &mut Scratch,
) -> Result<Extracted, Unreadable> {
    let mut member = archive.by_index(index).map_err(|e| reason(&e))?;
    let mut head = Vec::new();
    member.by_ref().take(sniff::HEAD_BYTES as u64).read_to_end(&mut head).map_err(|e| member_reason(&e))?;
    let kind = match sniff::content(&head, name) {
        Content::Companion => return Ok(Extracted::Companion),
        _ if head.is_empty() => return Err(Unreadable::Empty),
        Content::Zip => {
            return Err(Unreadable::OverLimit("压缩包里还有压缩包，只展开一层；请解压后重新放入".to_owned()));
        }
        Content::Foreign => return Err(Unreadable::NotADocument),
        Content::Document(kind) => kind,
    };
    let written = write_limited(&head, &mut member, target, allowed.min(MAX_FILE_BYTES), &scratch.stop);
    if !matches!(written, Ok(Some(_))) {
        // What was written is of no use; a failure to remove it costs only scratch space.
        let _ = fs::remove_file(target);
    }
    match written {
        Ok(Some(bytes)) => Ok(Extracted::Document(kind, bytes)),
        Ok(None) => Ok(Extracted::Stopped),
        Err(Unwritten::Member(reason)) => Err(reason),
        Err(Unwritten::Scratch(e)) => {
            scratch.failure = Some(e);
            Ok(Extracted::Stopped)
        }
    }
}

/// Why a member is not there unpacked.
enum Unwritten {
    Member(Unreadable),
    Scratch(io::Error),
}

/// How many bytes were written; none where `stop` was raised meanwhile.
fn write_limited(
    head: &[u8],
    rest: &mut impl Read,
    target: &Path,
    allowed: u64,
    stop: &AtomicBool,
) -> Result<Option<u64>, Unwritten> {
    let mut out = File::options().write(true).create_new(true).open(target).map_err(Unwritten::Scratch)?;
    let mut chunk = vec![0; 1 << 16];
    let mut piece = head;
    let mut bytes = 0;
    while !stop.load(Ordering::Relaxed) {
        bytes += piece.len() as u64;
        if bytes > allowed {
            return Err(Unwritten::Member(Unreadable::OverLimit(
                "解压后过大（超过压缩比 200 倍、单个文件 2 GiB 或一人总量 4 GiB 的上限）".to_owned(),
            )));
        }
        out.write_all(piece).map_err(Unwritten::Scratch)?;
        match rest.read(&mut chunk) {
            Ok(0) => return Ok(Some(bytes)),
            Ok(n) => piece = &chunk[..n],
            Err(e) if e.kind() == io::ErrorKind::Interrupted => piece = &[],
            Err(e) => return Err(Unwritten::Member(member_reason(&e))),
        }
    }
    Ok(None)
}

fn member(archive: &ZipArchive<BufReader<File>>, index: usize) -> Option<Member> {
    let entry = archive.by_index_data(index).ok()?;
    Some(Member {
        raw_name: entry.name_raw().to_vec(),
        folder: entry.is_dir(),
        symlink: entry.is_symlink(),
        encrypted: entry.encrypted(),
        packed: entry.compressed_size(),
        bytes: entry.size(),
    })
}

/// A member's name, from its bytes in the archive, with `/`; and whether it stays inside. The name is only shown, never
/// opened, so a bad one loses its leading and climbing parts and is kept for the report.
#[must_use]
pub fn member_name(raw: &[u8]) -> (String, bool) {
    inside_path(&naming::decode(raw))
}

fn inside_path(name: &str) -> (String, bool) {
    let name = name.replace('\\', "/");
    let mut safe = !name.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for mut part in name.split('/') {
        while parts.is_empty() && has_drive(part) {
            safe = false;
            part = &part[2..];
        }
        match part {
            "" | "." => {}
            ".." => safe = false,
            part => parts.push(part),
        }
    }
    let mut inside = parts.join("/");
    if name.ends_with('/') && !inside.is_empty() {
        inside.push('/');
    }
    (inside, safe)
}

fn has_drive(part: &str) -> bool {
    part.as_bytes().get(1) == Some(&b':') && part.as_bytes()[0].is_ascii_alphabetic()
}

pub(super) fn file_len(path: &Path) -> u64 {
    fs::symlink_metadata(path).map_or(0, |meta| meta.len())
}

/// A member's data that ends early or fails its checksum.
fn member_reason(error: &io::Error) -> Unreadable {
    if error.raw_os_error().is_some() {
        return Unreadable::Io(io_reason(error));
    }
    Unreadable::Damaged("压缩包内的数据损坏，请重新压缩".to_owned())
}

fn reason(error: &ZipError) -> Unreadable {
    match error {
        ZipError::Io(e) => member_reason(e),
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => Unreadable::Encrypted,
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            Unreadable::Damaged("压缩方式不受支持，请用普通 ZIP 方式重新压缩，或解压后放入文件夹".to_owned())
        }
        _ => Unreadable::Damaged("不是完好的 ZIP 压缩包，请重新压缩".to_owned()),
    }
}

#[cfg(test)]
pub(super) mod tests;
