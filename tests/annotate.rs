//! Annotated copies: the original's bytes first, the notes where the findings are, in our reader and in poppler's.
#![allow(clippy::expect_used, reason = "a test stops at the first surprise")]

#[path = "annotate/made.rs"]
mod made;

use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;
use lopdf::{Document, Object};
use material_audit::annotate::{AUTHOR, MAX_BYTES, Refused, annotate};
use material_audit::model::finding::{Severity, Verdict};
use material_audit::model::geometry::Rect;
use material_audit::model::note::{COPY_MARK, Note};
use material_audit::model::page::Unreadable;
use material_audit::pdf::PdfFile;
use material_audit::raster::render_pdf;

use made::{Made, encrypted, packed};

const DPI: f32 = 72.0;
const BOX: Rect = Rect::new(0.2, 0.1, 0.3, 0.15);

fn note(page: u32, rect: Option<Rect>) -> Note {
    Note {
        id: format!("F{page}{}", rect.is_some()),
        page,
        rect,
        verdict: Verdict::Defect,
        severity: Severity::Correct,
        subject: "缺少公章".into(),
        text: "评审表缺少公章\n要求：加盖单位公章\n依据：五、4".into(),
    }
}

struct Annotated {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Annotated {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn copy(&self) -> Document {
        Document::load(self.path("copy.pdf")).expect("a sound file")
    }
}

fn tried(bytes: &[u8], notes: &[Note]) -> (Annotated, Result<(), Refused>) {
    let folder = tempfile::tempdir().expect("made");
    std::fs::write(folder.path().join("original.pdf"), bytes).expect("written");
    let made = annotate(&folder.path().join("original.pdf"), notes, &folder.path().join("copy.pdf"));
    (Annotated { folder, bytes: bytes.to_vec() }, made)
}

fn annotated(bytes: &[u8], notes: &[Note]) -> Annotated {
    let (done, made) = tried(bytes, notes);
    assert_eq!(made, Ok(()));
    let copy = std::fs::read(done.path("copy.pdf")).expect("written");
    assert!(copy.starts_with(&done.bytes), "the original's bytes come first, untouched");
    assert!(copy.len() > done.bytes.len());
    done
}

fn ours(pdf: &Path, index: usize) -> RgbImage {
    render_pdf(&PdfFile::open(pdf).expect("readable"), index, DPI).expect("drawn").image
}

/// A page as poppler draws it; `None` where poppler is not installed.
fn popplers(pdf: &Path, index: usize) -> Option<RgbImage> {
    let (page, out) = ((index + 1).to_string(), pdf.with_extension(format!("{index}")));
    let mut command = Command::new("pdftoppm");
    command.args(["-png", "-singlefile", "-cropbox", "-r", "72", "-f", &page, "-l", &page]).arg(pdf).arg(&out);
    let done = command.output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(image::open(out.with_extension(format!("{index}.png"))).expect("a picture").to_rgb8())
}

/// Where two pictures differ, as fractions.
fn difference(a: &RgbImage, b: &RgbImage) -> Option<Rect> {
    assert_eq!(a.dimensions(), b.dimensions());
    let (w, h) = a.dimensions();
    let differ = |x: u32, y: u32| a.get_pixel(x, y).0.iter().zip(b.get_pixel(x, y).0).any(|(p, q)| p.abs_diff(q) > 8);
    let all: Vec<(u32, u32)> =
        (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).filter(|&(x, y)| differ(x, y)).collect();
    let (x0, x1) = (all.iter().map(|p| p.0).min()?, all.iter().map(|p| p.0).max()?);
    let (y0, y1) = (all.iter().map(|p| p.1).min()?, all.iter().map(|p| p.1).max()?);
    let (w, h) = (w as f32, h as f32);
    Some(Rect::from_corners(x0 as f32 / w, y0 as f32 / h, (x1 + 1) as f32 / w, (y1 + 1) as f32 / h))
}

fn assert_near(found: Rect, wanted: Rect, told: &str) {
    for (a, b) in
        [(found.x, wanted.x), (found.y, wanted.y), (found.right(), wanted.right()), (found.bottom(), wanted.bottom())]
    {
        assert!((a - b).abs() < 0.008, "{told}: {found:?} for {wanted:?}");
    }
}

#[track_caller]
fn assert_shows(done: &Annotated, index: usize, wanted: Rect, told: &str) {
    let (original, copy) = (done.path("original.pdf"), done.path("copy.pdf"));
    let changed = difference(&ours(&original, index), &ours(&copy, index));
    assert_near(changed.expect("something is shown"), wanted, told);
    if let (Some(before), Some(after)) = (popplers(&original, index), popplers(&copy, index)) {
        assert_near(difference(&before, &after).expect("shown"), wanted, &format!("{told}, poppler"));
    }
}

#[test]
fn boxes_are_drawn_where_the_displayed_page_has_them() {
    for (told, entries, tree) in [
        ("plain", "/MediaBox [0 0 595 842]", ""),
        ("inherited", "", "/MediaBox [0 0 595 842] /Rotate 90"),
        ("quarter", "/MediaBox [0 0 595 842] /Rotate 90", ""),
        ("half", "/MediaBox [0 0 595 842] /Rotate 180", ""),
        ("back", "/MediaBox [0 0 595 842] /Rotate -90", ""),
        ("cropped", "/MediaBox [-50 -20 700 900] /CropBox [40 60 500 700]", ""),
        ("corners swapped", "/MediaBox [595 842 0 0] /Rotate 90", ""),
        ("in pixels", "/MediaBox [0 0 2480 3508] /UserUnit 0.24", ""),
    ] {
        let done = annotated(&Made::new(tree).page(entries).finish(), &[note(1, Some(BOX))]);
        assert_shows(&done, 0, BOX, told);
    }
}

/// Poppler shows the whole sheet here; ours and Acrobat what the two boxes have in common.
#[test]
fn a_crop_box_may_reach_beyond_the_sheet() {
    let page = "/MediaBox [0 0 595 842] /CropBox [100 -300 900 600] /Rotate 270";
    let done = annotated(&Made::new("").page(page).finish(), &[note(1, Some(BOX))]);
    let changed = difference(&ours(&done.path("original.pdf"), 0), &ours(&done.path("copy.pdf"), 0));
    assert_near(changed.expect("something is shown"), BOX, "cropped beyond");
}

#[test]
fn a_note_without_a_box_is_a_sign_at_the_page_s_edge() {
    let made = Made::new("").page("/MediaBox [0 0 595 842]").page("/MediaBox [0 0 595 842] /Rotate 90").finish();
    let done = annotated(&made, &[note(1, None), note(2, None), Note { id: "second".into(), ..note(1, None) }]);
    let a4 = |x: f32, y: f32, w: f32, h: f32| Rect::new(x / 595.0, y / 842.0, w / 595.0, h / 842.0);
    assert_shows(&done, 0, a4(545.0, 30.0, 20.0, 46.0), "two signs below each other");
    // Our reader turns signs with the page; they stay on it all the same.
    let (original, copy) = (done.path("original.pdf"), done.path("copy.pdf"));
    let shown = difference(&ours(&original, 1), &ours(&copy, 1)).expect("shown");
    assert!((shown.w * 842.0 - 20.0).abs() < 2.0 && (shown.h * 595.0 - 20.0).abs() < 2.0, "whole: {shown:?}");
    if let (Some(before), Some(after)) = (popplers(&original, 1), popplers(&copy, 1)) {
        let upright = Rect::new(792.0 / 842.0, 30.0 / 595.0, 20.0 / 842.0, 20.0 / 595.0);
        assert_near(difference(&before, &after).expect("shown"), upright, "turned page, poppler");
    }
}

#[test]
fn an_annotation_says_who_what_and_where_in_chinese() {
    let done = annotated(&Made::new("").page("/MediaBox [0 0 595 842]").finish(), &[note(1, Some(BOX)), note(1, None)]);
    let copy = done.copy();
    let page = copy.page_iter().next().expect("a page");
    let all = copy.get_page_annotations(page).expect("annotations");
    let kinds: Vec<&[u8]> = all.iter().map(|a| a.get(b"Subtype").and_then(Object::as_name).expect("a name")).collect();
    assert_eq!(kinds, [&b"Square"[..], b"Text"]);
    for annotation in all {
        let told = annotation.get(b"Contents").and_then(Object::as_str).expect("a string");
        assert_eq!(told[..2], [0xFE, 0xFF], "UTF-16BE");
        let units: Vec<u16> = told[2..].chunks(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
        assert_eq!(String::from_utf16(&units).expect("text"), "评审表缺少公章\r要求：加盖单位公章\r依据：五、4");
        assert_eq!(annotation.get(b"T").and_then(Object::as_str).expect("an author"), AUTHOR.as_bytes());
        let normal =
            annotation.get(b"AP").and_then(Object::as_dict).and_then(|ap| ap.get(b"N")).expect("an appearance");
        let (_, form) = copy.dereference(normal).expect("there");
        assert!(form.as_stream().expect("a stream").dict.has(b"BBox"));
    }
    assert!(copy.trailer.has(COPY_MARK.as_bytes()), "known as a copy");
}

#[test]
fn colours_tell_verdicts_and_severities_apart() {
    let each = [
        (Verdict::Defect, Severity::Reject),
        (Verdict::Defect, Severity::Correct),
        (Verdict::Defect, Severity::Advise),
        (Verdict::Review, Severity::Correct),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (verdict, severity) in each {
        let note = Note { verdict, severity, ..note(1, Some(BOX)) };
        let done = annotated(&Made::new("").page("/MediaBox [0 0 595 842]").finish(), &[note]);
        let shown = ours(&done.path("copy.pdf"), 0);
        let frame = shown.get_pixel((0.35 * 595.0) as u32, (0.1 * 842.0 + 1.0) as u32);
        assert!(seen.insert(frame.0), "{frame:?} twice");
    }
}

#[test]
fn annotations_that_were_there_stay() {
    let own = "<< /Type /Annot /Subtype /Square /Rect [10 10 60 60] /Contents (theirs) >>";
    for annots in [format!("[{own}]"), "90 0 R".into(), "/Nonsense".into(), "91 0 R".into()] {
        let mut made = Made::new("").page(&format!("/MediaBox [0 0 595 842] /Annots {annots}"));
        made.object_at(90, &format!("[{own}]"));
        let done = annotated(&made.finish(), &[note(1, Some(BOX))]);
        let copy = done.copy();
        let page = copy.page_iter().next().expect("a page");
        let count = copy.get_page_annotations(page).expect("annotations").len();
        let theirs = usize::from(!annots.starts_with("/N") && !annots.starts_with("91"));
        assert_eq!(count, theirs + 1, "{annots}");
    }
}

#[test]
fn packed_encrypted_and_already_updated_files_are_annotated() {
    let plain = Made::new("/MediaBox [0 0 595 842]").page("").page("/Rotate 90").finish();
    let mut junk = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    junk.extend(packed(&plain));
    let again = annotated(&plain, &[note(1, Some(BOX))]);
    let again = std::fs::read(again.path("copy.pdf")).expect("written");
    for (told, bytes) in [
        ("packed", packed(&plain)),
        ("encrypted, RC4", encrypted(&plain, false)),
        ("encrypted, AES", encrypted(&plain, true)),
        ("a copy", again),
    ] {
        let done = annotated(&bytes, &[note(2, Some(BOX))]);
        assert_shows(&done, 1, BOX, told);
    }
    let _ = annotated(&junk, &[note(2, Some(BOX))]);
}

#[test]
fn pages_that_are_missing_shared_or_nested() {
    let nested = Made::nested();
    assert_shows(&annotated(&nested, &[note(2, Some(BOX))]), 1, BOX, "a page of an inner tree");
    // The second mention of a page is no page of its own.
    let shared = Made::new("/MediaBox [0 0 595 842]").page("").page("").kids("[3 0 R 5 0 R 3 0 R] /Count 3").finish();
    assert_shows(&annotated(&shared, &[note(2, Some(BOX))]), 1, BOX, "after a shared page");
    // A page that the file lost: the note stands on the last page there is.
    let two = Made::new("/MediaBox [0 0 595 842]").page("").page("").finish();
    assert_shows(&annotated(&two, &[note(7, Some(BOX))]), 1, BOX, "the last page");
    // A page written inside its parent can't be replaced.
    let direct = Made::new("/MediaBox [0 0 595 842]").page("").kids("[<< /Type /Page >>] /Count 1").finish();
    assert_eq!(tried(&direct, &[note(1, Some(BOX))]).1, Err(Refused::Page(1)));
}

#[test]
fn what_cannot_be_annotated_is_said() {
    let plain = Made::new("/MediaBox [0 0 595 842]").page("").finish();
    let end = plain.windows(9).rposition(|w| w == b"startxref").expect("there");
    assert_eq!(tried(&plain[..end], &[note(1, None)]).1, Err(Refused::Index), "no index");
    assert_eq!(tried(b"hello", &[note(1, None)]).1, Err(Refused::Unread(Unreadable::NotADocument)));
    let locked = made::locked(&plain);
    assert_eq!(tried(&locked, &[note(1, None)]).1, Err(Refused::Unread(Unreadable::Encrypted)));
    let folder = tempfile::tempdir().expect("made");
    let huge = folder.path().join("huge.pdf");
    std::fs::File::create(&huge).and_then(|f| f.set_len(MAX_BYTES + 1)).expect("a sparse file");
    assert_eq!(annotate(&huge, &[note(1, None)], &folder.path().join("copy.pdf")), Err(Refused::TooLarge));
}

/// The same notes give the same bytes: reports don't depend on the run.
#[test]
fn a_copy_is_the_same_every_time() {
    let made = Made::new("/MediaBox [0 0 595 842]").page("").finish();
    let read = |done: &Annotated| std::fs::read(done.path("copy.pdf")).expect("written");
    let notes = [note(1, Some(BOX)), note(1, None)];
    assert_eq!(read(&annotated(&made, &notes)), read(&annotated(&made, &notes)));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    /// Whatever is wrong with a file, a copy begins with all of it and shows the note, or there is none.
    #[test]
    fn damage_costs_the_copy_at_most(
        form in 0..3_usize,
        harm in proptest::collection::vec((0.0..1.0_f64, proptest::num::u8::ANY), 1..6),
        cut in 0.3..1.5_f64,
    ) {
        let plain = Made::new("/MediaBox [0 0 595 842]").page("").page("/Rotate 90").finish();
        let mut bytes = match form {
            0 => plain,
            1 => packed(&plain),
            _ => encrypted(&plain, false),
        };
        for (at, value) in harm {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = value;
        }
        bytes.truncate((cut * bytes.len() as f64) as usize);
        let (done, made) = tried(&bytes, &[note(1, Some(BOX)), note(2, None)]);
        if made.is_ok() {
            let copy = std::fs::read(done.path("copy.pdf")).expect("written");
            proptest::prop_assert!(copy.starts_with(&bytes));
            proptest::prop_assert!(PdfFile::open(&done.path("copy.pdf")).is_ok());
        } else {
            proptest::prop_assert!(!matches!(made, Err(Refused::Write(_))), "{made:?}");
        }
    }
}
