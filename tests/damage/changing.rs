//! Files that vanish, grow, shrink or are swapped while they are read.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use image::ImageFormat;
use material_audit::model::report::{ApplicantReport, NotExamined};
use material_audit::pack;
use material_audit::run::progress::Progress;
use material_audit::run::{self, Batch, Evidence, Folders, History, Kept};
use material_audit::worker::Limits;

use crate::codecs::encoded;
use crate::pdf::{BARS, Pdf};
use crate::run::scratch;
use crate::tight::pool;

/// Does something once every file's pages have been counted and none has been read.
struct Meanwhile<F>(F);

impl<F: Fn() + Sync> Progress for Meanwhile<F> {
    fn started(&self, _packets: usize, _pages: usize) {
        (self.0)();
    }

    fn page(&self, _read: bool) {}

    fn packet(&self, _folder: &str) {}
}

fn audited(submissions: &Path, meanwhile: impl Fn() + Sync) -> Vec<NotExamined> {
    let scratch = tempfile::tempdir().expect("made");
    let listing = run::list(submissions, scratch.path(), &std::sync::Arc::default()).expect("packets");
    let intake = run::open(&listing, vec![true; listing.packets.len()], None).expect("packets");
    let pack = pack::load("yangquan-bigdata-2024").expect("ours");
    let history = History::new(&intake.packets, Vec::new(), std::collections::BTreeMap::new());
    let evidence = Evidence::open(&scratch.path().join("out")).expect("writable");
    let folders = Folders {
        read: vec![submissions.to_owned(), scratch.path().to_owned()],
        write: vec![evidence.making().to_owned()],
    };
    let batch = Batch {
        packets: intake.packets,
        mine: intake.mine,
        history: &history,
        pack: &pack,
        pool: &pool(Limits::default(), folders),
        cache: None,
        evidence: Some(&evidence),
        jobs: 1,
        stop: &AtomicBool::new(false),
    };
    let told = Mutex::new(Vec::new());
    let sink = |_: usize, report: &ApplicantReport, _: &Kept| {
        told.lock().expect("no panic").extend(report.not_examined.iter().cloned());
    };
    batch.run(&Meanwhile(meanwhile), &sink).expect("children start");
    told.into_inner().expect("no panic")
}

fn three_pages() -> Vec<u8> {
    let mut pdf = Pdf::new();
    for _ in 0..3 {
        pdf.page("", BARS.as_bytes());
    }
    pdf.finish()
}

#[test]
fn files_that_change_while_they_are_read_are_said_so() {
    let submissions = scratch("changing");
    let put = |name: &str, bytes: &[u8]| {
        let path = submissions.join("甲").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(&path, bytes).expect("writable");
        path
    };
    let picture = encoded(ImageFormat::Png);
    let vanishes = put("vanishes.png", &picture);
    let grows = put("grows.pdf", &three_pages());
    let shrinks = put("shrinks.pdf", &three_pages());
    let swapped = put("swapped.png", &picture);
    let touched = put("touched.png", &picture);
    put("stays.png", &picture);
    let done = audited(&submissions, || {
        fs::remove_file(&vanishes).expect("ours");
        File::options().append(true).open(&grows).and_then(|mut f| f.write_all(&three_pages())).expect("ours");
        File::options().write(true).open(&shrinks).and_then(|f| f.set_len(700)).expect("ours");
        fs::remove_file(&swapped).expect("ours");
        let made = std::process::Command::new("mkfifo").arg(&swapped).status().expect("mkfifo runs");
        assert!(made.success());
        fs::write(&touched, &picture).expect("ours");
    });
    let told = |file: &str| -> Vec<&NotExamined> { done.iter().filter(|n| n.file == file).collect() };
    let changed = |file: &str| told(file).iter().any(|n| n.page.is_none() && n.reason.contains("被改动"));
    assert!(told("vanishes.png").iter().any(|n| n.page == Some(1) && n.reason.contains("不在原处")));
    assert!(changed("grows.pdf") && changed("shrinks.pdf") && changed("swapped.png"), "{done:?}");
    assert!(told("swapped.png").iter().any(|n| n.page == Some(1)), "a pipe is not read");
    assert!(told("touched.png").is_empty() && told("stays.png").is_empty(), "what is as it was is no change");
}
