//! Opening a PDF: what it is, whether it had to be repaired, its pages and their sizes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use hayro_syntax::object::Dict;
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::map::map_file;
use crate::model::page::Unreadable;

/// DESIGN §6.
pub const MAX_FILE_BYTES: u64 = 2 << 30;
/// DESIGN §6.
pub const MAX_PAGES: usize = 5_000;

/// Readers accept the header anywhere in the first 1024 bytes (ISO 32000-1 annex H.3, note 13).
const HEADER_WITHIN: usize = 1024;
/// How far from the end `startxref` may stand; 1024 is the custom, mail gateways append more.
const TRAILER_WITHIN: usize = 8192;
const MM_PER_POINT: f32 = 25.4 / 72.0;

/// Whether the file's own index of objects could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfIntegrity {
    Sound,
    /// The index is missing or wrong (cut off, edited by hand, joined badly); objects were searched for instead.
    Repaired,
}

/// An open PDF with at least one page.
pub struct PdfFile {
    pdf: Pdf,
    integrity: PdfIntegrity,
    declared_pages: Option<usize>,
}

impl PdfFile {
    /// Opens a file, memory-mapped. Encryption with the empty password is opened.
    ///
    /// Errors: `Io`, `Empty`, `NotADocument` (no PDF header), `Encrypted`, `Damaged`, `NoPages`, `OverLimit`, `Crashed`.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let map = map_file(path)?;
        if map.len() as u64 > MAX_FILE_BYTES {
            return Err(Unreadable::OverLimit(format!("文件 {} MB，超过 2 GB 上限", map.len() >> 20)));
        }
        Self::from_data(Arc::new(map))
    }

    fn from_data<T: AsRef<[u8]> + Send + Sync + 'static>(data: Arc<T>) -> Result<Self, Unreadable> {
        let bytes = (*data).as_ref();
        let head = &bytes[..bytes.len().min(HEADER_WITHIN)];
        if !head.windows(5).any(|w| w == b"%PDF-") {
            return Err(Unreadable::NotADocument);
        }
        let indexed = index_is_sound(bytes);
        let pdf = guarded(|| Pdf::new(Arc::clone(&data)))?.map_err(|e| refusal(e, bytes))?;
        let pages = pdf.pages().len();
        if pages == 0 {
            return Err(Unreadable::NoPages);
        }
        if pages > MAX_PAGES {
            return Err(Unreadable::OverLimit(format!("{pages} 页，超过 {MAX_PAGES} 页上限")));
        }
        let declared_pages = guarded(|| declared_pages(&pdf)).ok().flatten();
        let whole = declared_pages.is_none_or(|n| n <= pages);
        let integrity = if indexed && whole { PdfIntegrity::Sound } else { PdfIntegrity::Repaired };
        Ok(Self { pdf, integrity, declared_pages })
    }

    /// Whether the file's own object index was used.
    #[must_use]
    pub fn integrity(&self) -> PdfIntegrity {
        self.integrity
    }

    /// Pages that can be reached, at least 1.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Pages that the file says it has but that cannot be reached: a cut-off file lacks its tail.
    #[must_use]
    pub fn lost_pages(&self) -> usize {
        self.declared_pages.map_or(0, |n| n.saturating_sub(self.page_count()))
    }

    /// Width and height in millimetres as displayed, that is after `/Rotate`. `index` is 0-based.
    pub fn page_size_mm(&self, index: usize) -> Result<(f32, f32), Unreadable> {
        let page = self.page(index)?;
        let (w, h) = page.render_dimensions();
        let unit = user_unit(page) * MM_PER_POINT;
        Ok((w * unit, h * unit))
    }

    /// The page as the parser knows it. `index` is 0-based.
    pub fn page(&self, index: usize) -> Result<&Page<'_>, Unreadable> {
        self.pdf.pages().get(index).ok_or_else(|| Unreadable::Damaged(format!("没有第 {} 页", index + 1)))
    }
}

/// How many points one unit of the page is (`/UserUnit`, ISO 32000-1 table 30); 1 nearly always.
pub(crate) fn user_unit(page: &Page<'_>) -> f32 {
    page.raw().get::<f32>(b"UserUnit").filter(|u| u.is_finite() && (0.01..=1000.0).contains(u)).unwrap_or(1.0)
}

/// Runs a step of the PDF library; its panics become [`Unreadable::Crashed`] and cost one page.
pub fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|cause| {
        let text = cause.downcast_ref::<&str>().map(|s| (*s).to_string());
        let text = text.or_else(|| cause.downcast_ref::<String>().cloned());
        Unreadable::Crashed(text.unwrap_or_else(|| "原因不明".into()))
    })
}

fn refusal(error: LoadPdfError, bytes: &[u8]) -> Unreadable {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Unreadable::Encrypted,
        LoadPdfError::Decryption(_) => Unreadable::Damaged("加密信息不完整，或加密方式无法识别".into()),
        // The search for objects in a damaged file does not tell a refused password from other failures.
        LoadPdfError::Invalid if find_last(bytes, b"/Encrypt").is_some() => Unreadable::Encrypted,
        LoadPdfError::Invalid => Unreadable::Damaged("找不到文件目录和页面".into()),
    }
}

/// `/Count` of the page tree's root.
fn declared_pages(pdf: &Pdf) -> Option<usize> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let count = catalog.get::<Dict<'_>>(b"Pages")?.get::<i32>(b"Count")?;
    usize::try_from(count).ok()
}

/// Whether `startxref` near the end points at a cross-reference table or stream (ISO 32000-1, 7.5.5 and 7.5.8).
fn index_is_sound(bytes: &[u8]) -> bool {
    let tail_from = bytes.len().saturating_sub(TRAILER_WITHIN);
    let Some(at) = find_last(&bytes[tail_from..], b"startxref") else { return false };
    let rest = &bytes[tail_from + at + b"startxref".len()..];
    let digits: String = rest
        .iter()
        .skip_while(|b| b.is_ascii_whitespace())
        .take_while(|b| b.is_ascii_digit())
        .map(|b| *b as char)
        .collect();
    let Some(target) = digits.parse::<usize>().ok().and_then(|n| bytes.get(n..)) else { return false };
    let target = target.trim_ascii_start();
    if target.starts_with(b"xref") {
        return true;
    }
    let head = &target[..target.len().min(512)];
    let number = head.iter().take_while(|b| b.is_ascii_digit()).count();
    number > 0 && head.windows(5).any(|w| w == b"/XRef")
}

fn find_last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::sample::{Build, encrypted};

    fn open(bytes: Vec<u8>) -> Result<PdfFile, Unreadable> {
        PdfFile::from_data(Arc::new(bytes))
    }

    #[test]
    fn what_is_not_a_pdf_is_said_so() {
        assert_eq!(open(b"hello".to_vec()).err(), Some(Unreadable::NotADocument));
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("empty.pdf");
        std::fs::write(&path, b"").expect("a writable scratch folder");
        assert_eq!(PdfFile::open(&path).err(), Some(Unreadable::Empty));
        assert!(matches!(PdfFile::open(&dir.path().join("none.pdf")).err(), Some(Unreadable::Io(_))));
    }

    #[test]
    fn sound_repaired_and_damaged_are_told_apart() {
        let sound = Build::new().page("", "").finish();
        assert_eq!(open(sound.clone()).expect("sound").integrity(), PdfIntegrity::Sound);

        let mut junk = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        junk.extend(&sound);
        assert_eq!(open(junk).expect("readable").integrity(), PdfIntegrity::Repaired);

        let at = find_last(&sound, b"startxref").expect("built with one");
        assert_eq!(open(sound[..at].to_vec()).expect("readable").integrity(), PdfIntegrity::Repaired);

        assert!(matches!(open(b"%PDF-1.7\n%%EOF".to_vec()).err(), Some(Unreadable::Damaged(_))));
    }

    #[test]
    fn page_tree_loop_and_empty_tree_end() {
        let looped = Build::new().page("", "").kids("[2 0 R 3 0 R 2 0 R]").finish();
        assert_eq!(open(looped).expect("readable").page_count(), 1);
        let none = Build::new().kids("[]").finish();
        assert_eq!(open(none).err(), Some(Unreadable::NoPages));
    }

    #[test]
    fn unreachable_pages_are_counted() {
        let file = open(Build::new().page("", "").kids("[3 0 R 90 0 R] /Count 2").finish()).expect("readable");
        assert_eq!((file.page_count(), file.lost_pages()), (1, 1));
        assert_eq!(file.integrity(), PdfIntegrity::Repaired);
    }

    #[test]
    fn rotation_swaps_the_size() {
        let file = open(Build::new().page("", "").page("/Rotate 90", "").finish()).expect("sound");
        let (w, h) = file.page_size_mm(0).expect("a page");
        assert!((w - 209.9).abs() < 0.5 && (h - 297.0).abs() < 0.5, "{w} x {h}");
        assert_eq!(file.page_size_mm(1).expect("a page"), (h, w));
        assert!(file.page_size_mm(2).is_err());
    }

    #[test]
    fn only_a_real_password_locks() {
        assert_eq!(open(encrypted("")).map(|f| f.page_count()), Ok(1));
        assert_eq!(open(encrypted("secret")).err(), Some(Unreadable::Encrypted));
    }
}
