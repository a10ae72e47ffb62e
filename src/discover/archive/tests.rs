use std::io::Cursor;

use encoding_rs::GB18030;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

fn never() -> Arc<AtomicBool> {
    Arc::default()
}

const PDF: &[u8] = b"%PDF-1.4 test";

pub(in crate::discover) fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).expect("started");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

/// Replaces a name in place, as an archiver would write it that neither encodes nor checks.
fn renamed(mut zip: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut replaced = 0;
    for at in 0..zip.len() - from.len() {
        if zip[at..].starts_with(from) {
            zip[at..at + from.len()].copy_from_slice(to);
            replaced += 1;
        }
    }
    assert_eq!(replaced, 2, "in the local header and in the directory");
    zip
}

fn unpacked(zip: &[u8], limits: Limits) -> (tempfile::TempDir, Contents) {
    let dir = tempfile::tempdir().expect("made");
    let path = dir.path().join("packet.zip");
    fs::write(&path, zip).expect("written");
    let mut scratch = Scratch { limits, ..Scratch::new(&dir.path().join("scratch"), never()) };
    let contents = unpack(&path, "packet.zip", "", &mut scratch);
    (dir, contents)
}

fn only(contents: &Contents) -> (&str, &Result<DocumentKind, Unreadable>) {
    assert_eq!(contents.documents.len(), 1, "{:?}", contents.documents);
    (contents.documents[0].file.as_str(), &contents.documents[0].kind)
}

#[test]
fn documents_are_unpacked_to_numbers() {
    let zip = zip_of(&[
        ("张三/评审表.pdf", PDF),
        ("张三/Thumbs.db", b"x"),
        ("__MACOSX/张三/._评审表.pdf", b"x"),
        ("张三/说明.txt", b"hello"),
        ("张三/假.pdf", b"hello"),
        ("张三/空.pdf", b""),
    ]);
    let (dir, contents) = unpacked(&zip, Limits::DEFAULT);
    let found: Vec<_> = contents.documents.iter().map(|d| (d.file.as_str(), d.kind.clone())).collect();
    assert_eq!(
        found,
        [
            ("张三/评审表.pdf", Ok(DocumentKind::Pdf)),
            ("张三/假.pdf", Err(Unreadable::NotADocument)),
            ("张三/空.pdf", Err(Unreadable::Empty)),
        ]
    );
    assert_eq!(contents.skipped.len(), 1);
    assert_eq!(contents.documents[0].path, dir.path().join("scratch/0/0"));
    assert_eq!(fs::read(&contents.documents[0].path).expect("unpacked"), PDF);
    assert_eq!(contents.documents[0].bytes, PDF.len() as u64);
}

#[test]
fn names_in_gbk_and_in_unflagged_utf8() {
    let zip = zip_of(&[("AAAAAAAAAA.pdf", PDF)]);
    let (gbk, _, _) = GB18030.encode("职称评审表");
    let (_dir, contents) = unpacked(&renamed(zip, b"AAAAAAAAAA", &gbk), Limits::DEFAULT);
    assert_eq!(only(&contents), ("职称评审表.pdf", &Ok(DocumentKind::Pdf)));
    let zip = zip_of(&[("AAAAAA.pdf", PDF)]);
    let (_dir, contents) = unpacked(&renamed(zip, b"AAAAAA", "职称".as_bytes()), Limits::DEFAULT);
    assert_eq!(only(&contents), ("职称.pdf", &Ok(DocumentKind::Pdf)));
}

#[test]
fn no_member_leaves_the_packet() {
    for (name, shown) in [
        ("../../x.pdf", "x.pdf"),
        ("/etc/x.pdf", "etc/x.pdf"),
        ("a/../../x.p", "a/x.p"),
        ("C:\\d\\x.pdf", "d/x.pdf"),
        ("..\\..\\x.p", "x.p"),
    ] {
        let filler: String = "B".repeat(name.len());
        let zip = renamed(zip_of(&[(filler.as_str(), PDF)]), filler.as_bytes(), name.as_bytes());
        let (dir, contents) = unpacked(&zip, Limits::DEFAULT);
        let (file, kind) = only(&contents);
        assert_eq!(file, shown, "{name}");
        assert!(matches!(kind, Err(Unreadable::Damaged(_))), "{name}: {kind:?}");
        let written = fs::read_dir(dir.path().join("scratch/0")).expect("made").count();
        assert_eq!(written, 0, "{name}");
    }
}

#[test]
fn symlink_members_are_not_made() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("a.pdf", "/etc/passwd", SimpleFileOptions::default()).expect("added");
    let zip = writer.finish().expect("finished").into_inner();
    let (_dir, contents) = unpacked(&zip, Limits::DEFAULT);
    assert!(matches!(only(&contents), ("a.pdf", Err(Unreadable::Io(_)))));
}

#[test]
fn encrypted_members_say_so() {
    let mut zip = zip_of(&[("a.pdf", PDF)]);
    // Bit 0 of the flags, in the local header (offset 6) and in the directory's (offset 8).
    let directory = zip.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
    zip[6] |= 1;
    zip[directory + 8] |= 1;
    let (_dir, contents) = unpacked(&zip, Limits::DEFAULT);
    assert_eq!(only(&contents), ("a.pdf", &Err(Unreadable::Encrypted)));
}

#[test]
fn an_archive_in_an_archive_is_not_entered() {
    let inner = zip_of(&[("a.pdf", PDF)]);
    let (_dir, contents) = unpacked(&zip_of(&[("inner.zip", &inner)]), Limits::DEFAULT);
    let (file, kind) = only(&contents);
    assert!(file == "inner.zip" && matches!(kind, Err(Unreadable::OverLimit(_))), "{kind:?}");
}

#[test]
fn bombs_stop_at_the_limits() {
    let bomb = [PDF, &vec![0; 40 << 20]].concat();
    let zip = zip_of(&[("a.pdf", PDF), ("bomb.pdf", &bomb), ("z.pdf", PDF)]);
    assert!(zip.len() * 200 < bomb.len(), "packs tighter than the ratio allows");
    let (dir, contents) = unpacked(&zip, Limits::DEFAULT);
    let kinds: Vec<_> = contents.documents.iter().map(|d| d.kind.is_ok()).collect();
    assert_eq!(kinds, [true, false, true], "one member costs one member");
    assert!(matches!(contents.documents[1].kind, Err(Unreadable::OverLimit(_))));
    assert!(!dir.path().join("scratch/0/1").exists(), "what was written is removed");

    let small = Limits { total_bytes: 20, ..Limits::DEFAULT };
    let (_dir, contents) = unpacked(&zip_of(&[("a.pdf", PDF), ("b.pdf", PDF)]), small);
    assert!(contents.documents[0].kind.is_ok());
    assert!(matches!(contents.documents[1].kind, Err(Unreadable::OverLimit(_))));

    let few = Limits { members: 1, ..Limits::DEFAULT };
    let (_dir, contents) = unpacked(&zip_of(&[("a.pdf", PDF), ("b.pdf", PDF)]), few);
    assert_eq!(contents.documents[1].file, "packet.zip");
    assert!(matches!(contents.documents[1].kind, Err(Unreadable::OverLimit(_))));
}

#[test]
fn below_the_floor_the_ratio_does_not_count() {
    let clean_scan = [PDF, &vec![0; 8 << 20]].concat();
    let (_dir, contents) = unpacked(&zip_of(&[("a.pdf", &clean_scan)]), Limits::DEFAULT);
    assert_eq!(only(&contents).1, &Ok(DocumentKind::Pdf));
}

#[test]
fn damaged_archives_and_members() {
    let sound = zip_of(&[("a.pdf", b"%PDF-1.4 some text that does not repeat 0123456789")]);
    let mut flipped = sound.clone();
    flipped[60] ^= 0xff;
    let (_dir, contents) = unpacked(&flipped, Limits::DEFAULT);
    let (file, kind) = only(&contents);
    assert!(file == "a.pdf" && kind.is_err(), "{kind:?}");
    for cut in [0, 4, sound.len() / 2, sound.len() - 5] {
        let (_dir, contents) = unpacked(&sound[..cut], Limits::DEFAULT);
        assert!(matches!(only(&contents), ("packet.zip", Err(Unreadable::Damaged(_)))), "cut at {cut}");
    }
}

#[test]
fn a_disk_that_takes_nothing_is_not_the_archive_s_fault() {
    let dir = tempfile::tempdir().expect("made");
    let path = dir.path().join("packet.zip");
    fs::write(&path, zip_of(&[("a.pdf", PDF), ("b.pdf", PDF)])).expect("written");
    // In the place of the folder for one archive, and of one member.
    fs::write(dir.path().join("no folder"), "").expect("written");
    let mut scratch = Scratch::new(&dir.path().join("no folder"), never());
    assert!(unpack(&path, "packet.zip", "", &mut scratch).documents.is_empty());
    assert!(scratch.failure().is_some());

    let stop = Arc::new(AtomicBool::new(true));
    let mut scratch = Scratch::new(&dir.path().join("scratch"), stop);
    assert!(unpack(&path, "packet.zip", "", &mut scratch).documents.is_empty());
    assert!(scratch.failure().is_none(), "asked to stop");
    let unwritten = write_limited(PDF, &mut io::empty(), &dir.path().join("no/folder"), 100, &never());
    assert!(matches!(unwritten, Err(Unwritten::Scratch(_))));
}
