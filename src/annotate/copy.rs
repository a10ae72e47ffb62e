//! The copy: the PDF's bytes, and after them an incremental update (ISO 32000-1, 7.5.6) that adds the notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use lopdf::xref::{XrefEntry, XrefRecovery};
use lopdf::{Document, IncrementalDocument, LoadOptions, Object, ObjectId, dictionary};

use super::Refused;
use super::draw::drawn;
use super::sheet::{Sheet, sheets};
use crate::model::note::{COPY_MARK, Note};
use crate::model::page::Unreadable;
use crate::pdf::{PdfFile, guarded, map_file};

/// The whole file is held in memory once, and while it is parsed its largest stream.
pub const MAX_BYTES: u64 = 1 << 30;
/// Streams of objects are unpacked to at most this; those of scans hold a few kilobytes.
const MAX_UNPACKED: usize = 64 << 20;

/// Writes a copy of the PDF at `path` with the notes in it to `to`, and reads it back. What stands at `to` afterwards
/// is a copy only where this returns `Ok`.
///
/// # Errors
/// Why there is no copy.
pub fn annotate(path: &Path, notes: &[Note], to: &Path) -> Result<(), Refused> {
    if fs::metadata(path).map_err(|e| Unreadable::Io(e.to_string()))?.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let pdf = PdfFile::open(path)?;
    let pages = pdf.page_count();
    let place = |note: &Note| (note.page.max(1) as usize).min(pages) - 1;
    let wanted: BTreeSet<usize> = notes.iter().map(place).collect();
    guarded(|| {
        let before = sheets(&pdf, wanted.iter().copied())?;
        write(path, &before, notes.iter().map(|note| (place(note), note)), to)?;
        prove(&before, pages, notes.iter().map(place), to)
    })?
}

fn write<'a>(
    path: &Path,
    sheets: &BTreeMap<usize, Sheet>,
    notes: impl Iterator<Item = (usize, &'a Note)>,
    to: &Path,
) -> Result<(), Refused> {
    let map = map_file(path)?;
    let bytes = map.as_ref();
    // Offsets count from the header, and what a mail gateway put before it stays before it.
    let header = bytes.windows(5).position(|w| w == b"%PDF-").unwrap_or(0);
    let (before, body) = bytes.split_at(header);
    let document = load(body)?;
    let mut update = IncrementalDocument::create_from(body.to_vec(), document);
    let trailer = &mut update.new_document.trailer;
    // What an older cross-reference stream or hybrid section says of itself does not hold for the new one.
    for stale in [&b"DecodeParms"[..], b"XRefStm", b"Length", b"Filter"] {
        trailer.remove(stale);
    }
    trailer.set(COPY_MARK, true);

    let mut additions: BTreeMap<usize, Vec<Object>> = BTreeMap::new();
    let mut unboxed: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, note) in notes {
        let sheet = sheets.get(&index).ok_or(Refused::Unproven)?;
        let page = sheet.id.ok_or_else(|| page_refused(index))?;
        let mut drawn = drawn(note, sheet, page, unboxed.entry(index).or_default());
        let appearance = update.new_document.add_object(drawn.appearance);
        drawn.annotation.set("AP", dictionary! { "N" => appearance });
        let annotation = update.new_document.add_object(drawn.annotation);
        additions.entry(index).or_default().push(annotation.into());
    }
    for (index, added) in additions {
        let id = sheets.get(&index).and_then(|s| s.id).ok_or_else(|| page_refused(index))?;
        add(&mut update, id, added).ok_or_else(|| page_refused(index))?;
    }

    let mut out = BufWriter::new(File::create(to).map_err(written)?);
    out.write_all(before).map_err(written)?;
    update.save_to(&mut out).map_err(|e| match e.kind() {
        io::ErrorKind::Unsupported => Refused::Encryption,
        _ => written(e),
    })?;
    out.write_all(b"\n").and_then(|()| out.flush()).map_err(written)
}

/// The document without its pictures' and pages' data: only dictionaries are looked at.
fn load(body: &[u8]) -> Result<Document, Refused> {
    let options = LoadOptions {
        filter: Some(|id, object| match object {
            Object::Stream(s) if !s.dict.has_type(b"ObjStm") => None,
            _ => Some((id, object.clone())),
        }),
        max_decompressed_size: Some(MAX_UNPACKED),
        ..LoadOptions::default()
    };
    let mut document = Document::load_mem_with_options(body, options).map_err(|_| Refused::Index)?;
    if document.trailer.has(b"Encrypt") {
        return Err(Refused::Encryption);
    }
    // A table that was rebuilt by searching is in nobody's file: a new section can't refer to it.
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) || document.xref_start == 0 {
        return Err(Refused::Index);
    }
    let used = document.reference_table.entries.iter().filter(|(_, e)| !matches!(e, XrefEntry::Free));
    document.max_id = document.max_id.max(used.map(|(id, _)| *id).max().unwrap_or(0));
    Ok(document)
}

/// A new version of the page that has these annotations too. `None`: that object is no page.
fn add(update: &mut IncrementalDocument, id: ObjectId, added: Vec<Object>) -> Option<()> {
    let old = update.get_prev_documents();
    let mut page = old.get_dictionary(id).ok()?.clone();
    if page.has(b"Kids") {
        return None;
    }
    let kept = page.get(b"Annots").and_then(|all| old.dereference(all)).and_then(|(_, all)| all.as_array());
    let annotations: Vec<Object> = kept.cloned().unwrap_or_default().into_iter().chain(added).collect();
    page.set("Annots", annotations);
    update.new_document.set_object(id, page);
    Some(())
}

/// Reads the copy as the original was read: the same pages, with the notes.
fn prove(
    before: &BTreeMap<usize, Sheet>,
    pages: usize,
    notes: impl Iterator<Item = usize>,
    copy: &Path,
) -> Result<(), Refused> {
    let mut expected = before.clone();
    for index in notes {
        if let Some(sheet) = expected.get_mut(&index) {
            sheet.annotations += 1;
        }
    }
    let copy = PdfFile::open(copy).map_err(|_| Refused::Unproven)?;
    let after = sheets(&copy, before.keys().copied().filter(|i| *i < copy.page_count()))?;
    if copy.page_count() == pages && after == expected { Ok(()) } else { Err(Refused::Unproven) }
}

fn page_refused(index: usize) -> Refused {
    Refused::Page(index as u32 + 1)
}

fn written(error: io::Error) -> Refused {
    Refused::Write(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "磁盘空间不足".to_owned(),
        io::ErrorKind::PermissionDenied => "没有写入权限，或文件被占用".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "磁盘只读".to_owned(),
        io::ErrorKind::FileTooLarge => "文件超过了磁盘或系统允许的大小".to_owned(),
        _ => error.raw_os_error().map_or_else(|| "写入出错".to_owned(), |code| format!("系统错误 {code}")),
    })
}
