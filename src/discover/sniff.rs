//! What a file is, by its first bytes.

use crate::model::packet::DocumentKind;

use super::naming::extension;

/// How many of a file's first bytes are looked at; a PDF's header may stand anywhere in the first 1,024.
pub(super) const HEAD_BYTES: usize = 4096;

/// Junk before a header (mail headers, a scanner's own prefix) is tolerated up to here: ISO 32000-1, note 13 of annex H.
const JUNK_BYTES: usize = 1024;

/// Why a companion is left out.
pub(super) const COMPANION: &str = "是文字、表格等电子文档，不是扫描件，未审核";

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Document(DocumentKind),
    /// Named `.zip`, whether or not it can be opened.
    Zip,
    /// An office or text file that is what its name says: handed in beside the scans.
    Companion,
    /// Nothing the audit can read, whatever its name says.
    Foreign,
}

/// Decides from a file's first bytes (up to [`HEAD_BYTES`]); the name only tells honest companions from false documents.
pub(super) fn content(head: &[u8], name: &str) -> Content {
    let ext = extension(name);
    if let Some(kind) = document_kind(head) {
        return Content::Document(kind);
    }
    match ext.as_str() {
        "zip" => Content::Zip,
        ext if is_companion(ext, head) => Content::Companion,
        _ => Content::Foreign,
    }
}

/// Whether the name says that this is meant to be a document (or an archive of some), whatever it holds.
pub(super) fn claims_document(name: &str) -> bool {
    const CLAIMS: &[&str] = &[
        "", "pdf", "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "bmp", "dib", "gif", "webp", "heic", "heif",
        "jp2", "avif", "ofd", "caj", "rar", "7z", "tar", "gz", "tgz", "lnk",
    ];
    CLAIMS.contains(&extension(name).as_str())
}

fn document_kind(head: &[u8]) -> Option<DocumentKind> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    if head.starts_with(b"%PDF") {
        return Some(DocumentKind::Pdf);
    }
    if head.starts_with(b"\xff\xd8") {
        return Some(DocumentKind::Jpeg);
    }
    if head.starts_with(PNG) {
        return Some(DocumentKind::Png);
    }
    if TIFF.iter().any(|magic| head.starts_with(magic)) {
        return Some(DocumentKind::Tiff);
    }
    if is_bmp(head) {
        return Some(DocumentKind::Bmp);
    }
    if is_container(head) {
        return None;
    }
    let near = &head[..head.len().min(JUNK_BYTES)];
    let pdf = find(near, b"%PDF-").map(|at| (at, DocumentKind::Pdf));
    let jpeg = find(near, b"\xff\xd8\xff").map(|at| (at, DocumentKind::Jpeg));
    [pdf, jpeg].into_iter().flatten().min_by_key(|(at, _)| *at).map(|(_, kind)| kind)
}

/// Two letters are not enough: the next fields of a BMP header must hold as well.
fn is_bmp(head: &[u8]) -> bool {
    const INFO_HEADER_SIZES: [u8; 7] = [12, 40, 52, 56, 64, 108, 124];
    head.len() >= 18 && head.starts_with(b"BM") && INFO_HEADER_SIZES.contains(&head[14]) && head[15..18] == [0, 0, 0]
}

/// Formats that may carry a whole PDF or JPEG near their beginning without being one.
fn is_container(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 13] = [
        b"PK",
        b"Rar!",
        b"7z\xbc\xaf",
        b"RIFF",
        b"GIF8",
        b"\xd0\xcf\x11\xe0",
        b"ID3",
        b"MZ",
        b"\x7fELF",
        b"{\\rtf",
        b"\x1f\x8b",
        b"BZh",
        b"L\0\0\0\x01\x14\x02\0",
    ];
    MAGIC.iter().any(|magic| head.starts_with(magic)) || head.get(4..8) == Some(b"ftyp")
}

fn is_companion(ext: &str, head: &[u8]) -> bool {
    const OFFICE: &[&str] = &[
        "doc", "docx", "docm", "wps", "xls", "xlsx", "xlsm", "et", "ppt", "pptx", "dps", "odt", "ods", "odp", "vsd",
        "eml", "msg",
    ];
    const TEXT: &[&str] =
        &["txt", "csv", "tsv", "html", "htm", "mht", "xml", "json", "md", "log", "ini", "rtf", "eml", "url"];
    let office = head.starts_with(b"PK") || head.starts_with(b"\xd0\xcf\x11\xe0");
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let text = utf16 || !head.contains(&0);
    (OFFICE.contains(&ext) && (office || head.is_empty())) || (TEXT.contains(&ext) && text)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        let bmp = [b"BM".as_slice(), &[0; 12], &[40, 0, 0, 0, 1, 2]].concat();
        let junk_pdf = [vec![b'x'; 900], b"%PDF-1.4".to_vec()].concat();
        let late_pdf = [vec![b'x'; 1500], b"%PDF-1.4".to_vec()].concat();
        let zip_of_pdf = [b"PK\x03\x04abc.pdf".as_slice(), b"%PDF-1.4"].concat();
        let song = [b"ID3\x03\0APIC image/jpeg".as_slice(), b"\xff\xd8\xff\xe0"].concat();
        let table: &[(&[u8], &str, Content)] = &[
            (b"%PDF-1.7", "a.pdf", Content::Document(DocumentKind::Pdf)),
            (b"%PDF-1.7", "a.jpg", Content::Document(DocumentKind::Pdf)),
            (b"\xef\xbb\xbf%PDF-1.7", "a", Content::Document(DocumentKind::Pdf)),
            (&junk_pdf, "a.pdf", Content::Document(DocumentKind::Pdf)),
            (&late_pdf, "a.pdf", Content::Foreign),
            (b"\xff\xd8\xff\xe0", "a.pdf", Content::Document(DocumentKind::Jpeg)),
            (b"\0\0junk\xff\xd8\xff\xe0", "a.jpg", Content::Document(DocumentKind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0", "a.jpg", Content::Document(DocumentKind::Png)),
            (b"II*\0\x08", "a.tif", Content::Document(DocumentKind::Tiff)),
            (b"MM\0*\0", "a.tif", Content::Document(DocumentKind::Tiff)),
            (&bmp, "a.bmp", Content::Document(DocumentKind::Bmp)),
            (b"BMW is not a picture", "a.bmp", Content::Foreign),
            (b"hello", "a.pdf", Content::Foreign),
            (b"hello", "a.txt", Content::Companion),
            (b"he\0\0llo", "a.txt", Content::Foreign),
            (b"PK\x03\x04....", "a.docx", Content::Companion),
            (b"hello", "a.docx", Content::Foreign),
            (b"PK\x03\x04....", "a.pdf", Content::Foreign),
            (&zip_of_pdf, "a.pdf", Content::Foreign),
            (&zip_of_pdf, "a.zip", Content::Zip),
            (b"no zip", "a.ZIP", Content::Zip),
            (&song, "a.mp3", Content::Foreign),
            (b"GIF89a", "a.gif", Content::Foreign),
        ];
        for (head, name, expected) in table {
            assert_eq!(content(head, name), *expected, "{name}: {:?}", String::from_utf8_lossy(head));
        }
    }
}
