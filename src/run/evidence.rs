//! Pictures beside the findings: which are wanted, which stand already, and drawing the others.
//!
//! A picture's name says what is on it (the file's bytes, the page, the place, the drawing), so one that stands under
//! its name in the report's folder or in the cache is never drawn again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::cache::{Cache, ContentHash};
use crate::model::finding::CheckId;
use crate::model::geometry::Rect;
use crate::model::packet::DocumentKind;
use crate::model::page::Turn;
use crate::model::report::{ApplicantReport, ReportedFinding, ReportedPage};
use crate::worker::{DRAWING, Part, Pool, Undrawn, Wanted};

/// Places shown of one packet; a packet with more findings than this is returned as a whole.
const MOST_PLACES: usize = 300;
/// Pages shown at a glance of one packet.
const MOST_PAGES: usize = 1000;
/// Begins the name of the folder for pictures in the making; a report's writer removes what a killed run left.
const TEMPORARY: &str = ".material-audit-";

/// The report's `evidence` folder.
#[derive(Debug)]
pub struct Evidence {
    folder: PathBuf,
    making: TempDir,
    made: AtomicUsize,
    /// The first picture that could not be written, and why.
    failure: Mutex<Option<(PathBuf, io::Error)>>,
}

/// A document whose pages may be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) kind: DocumentKind,
    pub(super) hash: &'a ContentHash,
}

impl Evidence {
    /// The folder's name in the report.
    pub const FOLDER: &'static str = "evidence";

    /// Makes the `evidence` folder in a report's folder.
    ///
    /// # Errors
    /// Where it cannot be written to.
    pub fn open(report: &Path) -> io::Result<Self> {
        let folder = report.join(Self::FOLDER);
        fs::create_dir_all(&folder)?;
        let making = tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(&folder)?;
        Ok(Self { folder, making, made: AtomicUsize::new(0), failure: Mutex::new(None) })
    }

    /// The first picture that the report lacks because the disk would not take it, and why.
    #[must_use]
    pub fn take_failure(&self) -> Option<(PathBuf, io::Error)> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn failed(&self, name: &str, error: io::Error) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert_with(|| (self.folder.join(name), error));
    }

    /// Where children write, in the report's folder. Nothing in it outlives the run.
    #[must_use]
    pub fn making(&self) -> &Path {
        self.making.path()
    }

    /// Where a child may draw the page (0-based) at a glance while it has it in hand; `None` where the picture stands.
    pub(super) fn thumb_wanted(&self, hash: &ContentHash, page: u32, cache: Option<&Cache>) -> Option<PathBuf> {
        let name = name(hash, page, &Part::Thumb);
        (!self.stands(hash, &name, cache)).then(|| self.scratch())
    }

    /// Takes over what a child drew for [`Self::thumb_wanted`].
    pub(super) fn take_thumb(&self, from: &Path, hash: &ContentHash, page: u32, cache: Option<&Cache>) {
        self.take(from, hash, &name(hash, page, &Part::Thumb), cache);
    }

    /// Draws what is missing and tells the report which pictures there are. `sources` by the file's name.
    pub(super) fn picture(
        &self,
        report: &mut ApplicantReport,
        sources: &BTreeMap<&str, Source<'_>>,
        pool: &Pool,
        cache: Option<&Cache>,
    ) {
        let drawable = |page: &ReportedPage| matches!(page.quality.as_str(), "good" | "blank" | "degraded");
        let places = places(&report.findings, &report.pages);
        report.pictures.pages = vec![None; report.pages.len().min(MOST_PAGES)];
        for (at, page) in report.pages.iter().enumerate().filter(|(_, page)| drawable(page)) {
            let Some(source) = sources.get(page.file.as_str()) else { continue };
            let mut parts: Vec<(Part, Vec<&str>)> = Vec::new();
            if at < MOST_PAGES {
                parts.push((Part::Thumb, Vec::new()));
            }
            for (_, part, id) in places.iter().filter(|(on, ..)| *on == at) {
                match parts.iter_mut().find(|(known, _)| known == part) {
                    Some((_, ids)) => ids.push(id),
                    None => parts.push((*part, vec![id])),
                }
            }
            let wanted: Vec<Part> = parts.iter().map(|(part, _)| *part).collect();
            let names = self.on_page(*source, page.page - 1, &wanted, pool, cache);
            for ((part, ids), name) in parts.into_iter().zip(names) {
                let Some(name) = name else { continue };
                let path = format!("{}/{name}", Self::FOLDER);
                if part == Part::Thumb {
                    report.pictures.pages[at] = Some(path.clone());
                }
                for id in ids {
                    report.pictures.places.insert(id.to_owned(), path.clone());
                }
            }
        }
    }

    /// The names of a page's pictures, drawn where they don't stand; `None` for one that can't be had.
    fn on_page(
        &self,
        source: Source<'_>,
        page: u32,
        parts: &[Part],
        pool: &Pool,
        cache: Option<&Cache>,
    ) -> Vec<Option<String>> {
        let names: Vec<String> = parts.iter().map(|part| name(source.hash, page, part)).collect();
        let missing: Vec<usize> = (0..names.len()).filter(|i| !self.stands(source.hash, &names[*i], cache)).collect();
        if !missing.is_empty() {
            let wanted: Vec<Wanted> = missing.iter().map(|i| Wanted { part: parts[*i], to: self.scratch() }).collect();
            match pool.evidence(source.path, source.kind, page, wanted.clone()) {
                Ok(Ok(())) => {
                    for (i, wanted) in missing.iter().zip(&wanted) {
                        self.take(&wanted.to, source.hash, &names[*i], cache);
                    }
                }
                Ok(Err(Undrawn::Unwritten(e))) => self.failed(&names[missing[0]], e),
                // A page that can't be drawn this time has no picture; its findings stand.
                Ok(Err(Undrawn::Unreadable(_))) | Err(_) => {}
            }
        }
        names.into_iter().map(|name| self.folder.join(&name).is_file().then_some(name)).collect()
    }

    /// Whether the picture is in the report, from an earlier run or, now, from the cache.
    fn stands(&self, hash: &ContentHash, name: &str, cache: Option<&Cache>) -> bool {
        let path = self.folder.join(name);
        if path.is_file() {
            return true;
        }
        let Some(bytes) = cache.and_then(|c| c.picture(hash, leaf(name))) else { return false };
        let made = self.scratch();
        let written = fs::write(&made, bytes).and_then(|()| put(&made, &path));
        written.map_err(|e| self.failed(name, e)).is_ok()
    }

    fn take(&self, from: &Path, hash: &ContentHash, name: &str, cache: Option<&Cache>) {
        if let (Some(cache), Ok(bytes)) = (cache, fs::read(from)) {
            cache.store_picture(hash, leaf(name), &bytes);
        }
        match put(from, &self.folder.join(name)) {
            // A child that could not write it has left none; it is asked once more when the page is reported.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => self.failed(name, e),
            Ok(()) => {}
        }
    }

    fn scratch(&self) -> PathBuf {
        self.making.path().join(format!("{}.jpg", self.made.fetch_add(1, Ordering::Relaxed)))
    }
}

fn put(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(from, to)
}

/// Each finding's page (by index) and what to show of it, with the finding's id.
fn places(findings: &[ReportedFinding], pages: &[ReportedPage]) -> Vec<(usize, Part, String)> {
    findings
        .iter()
        .filter_map(|finding| {
            let (file, number) = (finding.file.as_deref()?, finding.page?);
            let at = pages.iter().position(|p| p.file == file && p.page == number)?;
            // Whether a page lies the right way is seen on the page as it lies.
            let turn = match finding.check {
                CheckId::PageOrientation => Turn::None,
                _ => Turn::try_from(pages[at].orientation).unwrap_or(Turn::None),
            };
            Some((at, Part::Place { rect: finding.rect.map(rounded), turn }, finding.id.clone()))
        })
        .take(MOST_PLACES)
        .collect()
}

/// As it reaches the child, so that equal places are drawn once.
fn rounded(rect: Rect) -> Rect {
    Rect::from(<[f32; 4]>::from(rect))
}

/// `<two digits>/<the rest of the file's hash>-<page>-<part>.jpg`; `page` is 0-based, the name's is 1-based.
fn name(hash: &ContentHash, page: u32, part: &Part) -> String {
    const HASH_DIGITS: usize = 24;
    let digits: String = hash.0.chars().take(HASH_DIGITS).collect();
    let (head, rest) = digits.split_at(2.min(digits.len()));
    let part = match part {
        Part::Thumb => format!("t{DRAWING}"),
        Part::Place { rect, turn } => {
            let what = format!("{:?} {}", rect.map(<[f32; 4]>::from), u16::from(*turn));
            let mut short = String::new();
            for byte in &Sha256::digest(what)[..6] {
                let _ = write!(short, "{byte:02x}");
            }
            format!("p{DRAWING}-{short}")
        }
    };
    format!("{head}/{rest}-{}-{part}.jpg", page + 1)
}

/// The part of the name that tells pictures of one file apart.
fn leaf(name: &str) -> &str {
    name.split_once('-').map_or(name, |(_, leaf)| leaf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::{Severity, Status, Verdict};
    use crate::model::material::Material;
    use crate::model::packet::Applicant;
    use crate::model::report::{Outcomes, Pictures};
    use crate::worker::{Folders, Limits, Models};

    #[test]
    fn names_tell_pictures_apart() {
        let hash = ContentHash("0123456789abcdef".repeat(4));
        let other = ContentHash("1123456789abcdef".repeat(4));
        let at = |x: f32| Part::Place { rect: Some(Rect::new(x, 0.1, 0.1, 0.1)), turn: Turn::None };
        let turned = Part::Place { rect: Some(Rect::new(0.1, 0.1, 0.1, 0.1)), turn: Turn::Half };
        let whole = Part::Place { rect: None, turn: Turn::None };
        let mut names: Vec<String> =
            [Part::Thumb, at(0.1), at(0.2), turned, whole].iter().map(|p| name(&hash, 0, p)).collect();
        names.push(name(&hash, 1, &Part::Thumb));
        names.push(name(&other, 0, &Part::Thumb));
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), 7, "{names:?}");
        assert_eq!(names[0], "01/23456789abcdef01234567-1-t1.jpg");
        assert_eq!(leaf(&names[0]), "1-t1.jpg");
        assert_eq!(name(&hash, 0, &at(0.100_001)), names[1], "closer than a child is told");
    }

    fn report() -> ApplicantReport {
        let page = |page: u32, quality: &str| ReportedPage {
            applicant: "1".into(),
            file: "a.pdf".into(),
            page,
            material: Material::Other,
            category: None,
            first_of_material: true,
            quality: quality.into(),
            orientation: 180,
            size_mm: None,
            lines: Vec::new(),
            seals: Vec::new(),
            photos: Vec::new(),
            codes: Vec::new(),
            printed_page: None,
            duplicate_of: None,
        };
        let finding = ReportedFinding {
            id: "F1".into(),
            applicant: "1".into(),
            check: CheckId::MissingSeal,
            verdict: Verdict::Defect,
            severity: Severity::Correct,
            status: Status::New,
            material: None,
            file: Some("a.pdf".into()),
            page: Some(2),
            printed_page: None,
            rect: Some(Rect::new(0.1, 0.1, 0.2, 0.2)),
            seen: String::new(),
            required: String::new(),
            clause: String::new(),
            pack: String::new(),
            confidence: 1.0,
            message: String::new(),
            suggestion: String::new(),
        };
        ApplicantReport {
            folder: "1".into(),
            applicant: Applicant::default(),
            findings: vec![finding],
            decisions: BTreeMap::new(),
            pages: vec![page(1, "good"), page(2, "good"), page(3, "crashed")],
            pictures: Pictures::default(),
            not_examined: Vec::new(),
            noted: Vec::new(),
            outcomes: Outcomes::default(),
        }
    }

    /// A pool that can draw nothing: whatever the report shows stood already.
    fn idle() -> Pool {
        let none = PathBuf::new;
        let models = Models { detector: none(), recogniser: none(), library: none(), id: String::new(), names: vec![] };
        Pool::new(Path::new("no such program"), models, Limits::default(), Folders::default())
    }

    #[test]
    fn what_stands_is_not_drawn_again() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let hash = ContentHash("0123456789abcdef".repeat(4));
        let source = Source { path: Path::new("a.pdf"), kind: DocumentKind::Pdf, hash: &hash };
        let sources = BTreeMap::from([("a.pdf", source)]);
        let cache = Cache::open(&dir.path().join("cache"), "v", u64::MAX).expect("writable");
        let place = Part::Place { rect: Some(Rect::new(0.1, 0.1, 0.2, 0.2)), turn: Turn::Half };
        let (thumb, place) = (name(&hash, 0, &Part::Thumb), name(&hash, 1, &place));
        cache.store_picture(&hash, leaf(&thumb), b"first page");
        cache.store_picture(&hash, leaf(&place), b"the place");

        let out = dir.path().join("out");
        let shown = |cache: Option<&Cache>| {
            let evidence = Evidence::open(&out).expect("writable");
            let mut report = report();
            evidence.picture(&mut report, &sources, &idle(), cache);
            report.pictures
        };
        let from_cache = shown(Some(&cache));
        assert_eq!(from_cache.pages, [Some(format!("evidence/{thumb}")), None, None]);
        assert_eq!(from_cache.places, BTreeMap::from([("F1".to_owned(), format!("evidence/{place}"))]));
        assert_eq!(fs::read(out.join("evidence").join(&place)).expect("put there"), b"the place");
        assert_eq!(shown(None), from_cache, "from the report's own folder");
        fs::remove_dir_all(out.join("evidence")).expect("removed");
        assert_eq!(shown(None).places, BTreeMap::new());
        let left = fs::read_dir(out.join("evidence")).expect("a folder").count();
        assert_eq!(left, 0, "nothing in the making is left");
    }
}
