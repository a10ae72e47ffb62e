//! What the benches share: fixture files, their pages, and packets observed once and replayed.
#![allow(clippy::print_stdout, reason = "a bench says on the terminal what it does")]
#![allow(dead_code, reason = "no bench uses all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::Criterion;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use image::RgbImage;
use material_audit::model::packet::{DocumentKind, PageRecord};
use material_audit::ocr::weights::{self, Models};
use material_audit::pdf::{self, PdfFile};
use material_audit::raster::{self, Raster, WANTED_DPI};
use material_audit::run::packet::ObservedPacket;
use material_audit::run::{self, Folders, Limits, Pool};

/// The benched thread's CPU time: what else the machine does doesn't count.
pub(crate) struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, begun: ThreadTime) -> Duration {
        begun.elapsed()
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        static SECONDS: WallTime = WallTime;
        SECONDS.formatter()
    }
}

/// Criterion over CPU time.
pub(crate) fn on_cpu() -> Criterion<CpuTime> {
    Criterion::default().with_measurement(CpuTime)
}

/// A clean packet of 40 pages in eight files: form, score sheet, volume, summary, papers, opinion, contract.
pub(crate) const PACKET: (&str, &str) = ("yangquan-bigdata-2024", "06-贝思源");

/// Colour scans, JPEG: a table form; a form's page with four seals and handwriting.
pub(crate) const FORM: (&str, usize) = ("yangcheng-engineering-2021/submissions/濮阳青/评审表.pdf", 1);
pub(crate) const OPINIONS: (&str, usize) = ("yangcheng-engineering-2021/submissions/濮阳青/评审表.pdf", 3);
/// A full page of running text, CCITT G4.
pub(crate) const FAX: (&str, usize) = ("yangcheng-engineering-2021/submissions/濮阳青/专业技术工作报告.pdf", 0);
/// A born-digital page of running text with embedded subset fonts.
pub(crate) const DIGITAL: (&str, usize) = ("changzhi-engineering-2022/submissions/A01-郗明远/评审材料卷宗.pdf", 1);

pub(crate) fn packets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packets")
}

pub(crate) fn open(file: &str) -> PdfFile {
    PdfFile::open(&packets().join(file)).expect("a fixture")
}

/// A page drawn as observing draws it.
pub(crate) fn drawn((file, page): (&str, usize)) -> Raster {
    let pdf = open(file);
    let text = pdf::page_text(&pdf, page).expect("a fixture's page");
    raster::render_page(&pdf, page, WANTED_DPI, &text).expect("a fixture's page")
}

/// A drawn page turned level, as the rooms after raster get it; every fixture page named here is upright.
pub(crate) fn level(page: (&str, usize)) -> (RgbImage, f32) {
    let Raster { image, dpi, .. } = drawn(page);
    let skew = material_audit::layout::skew(&raster::grey(&image), dpi);
    (raster::rotated(&image, skew), dpi)
}

/// The first file of a kind in the packet of loose images.
pub(crate) fn loose(extension: &str, kind: DocumentKind) -> (PathBuf, DocumentKind) {
    let folder = packets().join("changzhi-engineering-2022/submissions/A03-阚雨桐");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    (files.into_iter().find(|p| p.extension().is_some_and(|e| e == extension)).expect("a fixture"), kind)
}

/// The installed models; says what to do where there are none.
pub(crate) fn models() -> Option<Models> {
    match weights::home().and_then(|home| weights::installed(&home)) {
        Ok(models) => Some(models),
        Err(why) => {
            println!("skipped: the OCR models are not installed, run `material-audit setup` first ({why})");
            None
        }
    }
}

/// [`PACKET`], read once by a real child and kept under the target folder for later benches.
pub(crate) fn observed() -> Option<ObservedPacket> {
    let models = models()?;
    let (notice, folder) = PACKET;
    let base = packets().join(notice);
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let never = std::sync::Arc::default();
    let listing = run::list(&base.join("submissions"), scratch.path(), &never).expect("the fixtures");
    let all = vec![true; listing.packets.len()];
    let intake = run::open(&listing, all, Some(&base.join("roster.csv")));
    let packet = intake.expect("the fixtures").packets.into_iter().find(|p| p.folder == folder).expect("a fixture");
    let version = format!("{}-{}", run::observed_by(), models.id).replace(' ', "_");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{folder}-{version}.json"));
    let pages = fs::read(&kept).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let pages: Vec<PageRecord> = pages.unwrap_or_else(|| {
        println!("reading {notice}/{folder} once");
        let program = Path::new(env!("CARGO_BIN_EXE_material-audit"));
        let folders = Folders { read: vec![base.join("submissions")], write: Vec::new() };
        let pool = Pool::new(program, models, Limits::default(), folders);
        let read = |document| run::observe_document(&pool, document, None).expect("a child").expect("a fixture");
        let pages: Vec<PageRecord> = packet.documents.iter().flat_map(read).collect();
        fs::write(&kept, serde_json::to_vec(&pages).expect("facts are JSON")).expect("the target folder is writable");
        pages
    });
    Some(ObservedPacket { folder: packet.folder, applicant: packet.applicant, pages, unreadable: Vec::new() })
}
