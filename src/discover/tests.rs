use std::fs;

use super::*;
use crate::model::packet::DocumentKind;

fn put(root: &Path, file: &str, bytes: &[u8]) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().expect("below the root")).expect("made");
    fs::write(path, bytes).expect("written");
}

struct Folders {
    submissions: tempfile::TempDir,
    scratch: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        Self { submissions: tempfile::tempdir().expect("made"), scratch: tempfile::tempdir().expect("made") }
    }

    fn with(files: &[(&str, &[u8])]) -> Self {
        let folders = Self::new();
        for (file, bytes) in files {
            put(folders.submissions.path(), file, bytes);
        }
        folders
    }

    fn discover(&self) -> Result<Discovered, DiscoverError> {
        discover(self.submissions.path(), self.scratch.path())
    }
}

fn folders(found: &Discovered) -> Vec<&str> {
    found.packets.iter().map(|p| p.folder.as_str()).collect()
}

fn files(packet: &Packet) -> Vec<(&str, &Result<DocumentKind, Unreadable>)> {
    packet.documents.iter().map(|d| (d.file.as_str(), &d.kind)).collect()
}

const PDF: &[u8] = b"%PDF-1.4 test";

#[test]
fn subfolders_and_loose_documents_in_natural_order() {
    let set = Folders::with(&[
        ("10_乙/a.pdf", PDF),
        ("9_甲/a.pdf", PDF),
        ("2.jpg", b"\xff\xd8\xff\xe0"),
        ("roster.csv", "姓名\n".as_bytes()),
        ("notes.md5", b"0123"),
        ("Thumbs.db", b"x"),
        (".DS_Store", b"x"),
        ("11.pdf", b"not a pdf"),
    ]);
    let found = set.discover().expect("packets");
    assert_eq!(folders(&found), ["2.jpg", "9_甲", "10_乙", "11.pdf"]);
    assert_eq!(files(&found.packets[0]), [("2.jpg", &Ok(DocumentKind::Jpeg))]);
    assert_eq!(files(&found.packets[3]), [("11.pdf", &Err(Unreadable::NotADocument))]);
    let skipped: Vec<_> = found.skipped.iter().map(|s| (s.packet.as_deref(), s.file.as_str())).collect();
    assert_eq!(skipped, [(None, "notes.md5"), (None, "roster.csv")]);
}

#[test]
fn documents_of_nested_folders() {
    let set = Folders::with(&[
        ("甲/第十册/1.pdf", PDF),
        ("甲/第二册/10.pdf", PDF),
        ("甲/第二册/9.pdf", b"\x89PNG\r\n\x1a\n"),
        ("甲/empty.pdf", b""),
        ("甲/fake.pdf", b"<html>"),
        ("甲/unknown.xyz", b"what"),
        ("甲/论文.docx", b"PK\x03\x04"),
        ("甲/~$论文.docx", b"x"),
        ("甲/__MACOSX/1.pdf", PDF),
    ]);
    let found = set.discover().expect("packets");
    assert_eq!(
        files(&found.packets[0]),
        [
            ("empty.pdf", &Err(Unreadable::Empty)),
            ("fake.pdf", &Err(Unreadable::NotADocument)),
            ("unknown.xyz", &Err(Unreadable::NotADocument)),
            ("第二册/9.pdf", &Ok(DocumentKind::Png)),
            ("第二册/10.pdf", &Ok(DocumentKind::Pdf)),
            ("第十册/1.pdf", &Ok(DocumentKind::Pdf)),
        ]
    );
    assert_eq!(
        found.skipped,
        [Skipped { packet: Some("甲".into()), file: "论文.docx".into(), reason: sniff::COMPANION.into() }]
    );
}

#[test]
fn an_empty_folder_is_a_packet_without_documents() {
    let set = Folders::new();
    fs::create_dir(set.submissions.path().join("甲")).expect("made");
    let found = set.discover().expect("one packet");
    assert_eq!(folders(&found), ["甲"]);
    assert!(found.packets[0].documents.is_empty());
}

#[cfg(unix)]
#[test]
fn symlinks_and_pipes_are_listed_not_followed() {
    let set = Folders::with(&[("甲/a.pdf", PDF)]);
    let outside = tempfile::tempdir().expect("made");
    put(outside.path(), "secret.pdf", PDF);
    let root = set.submissions.path();
    std::os::unix::fs::symlink(outside.path().join("secret.pdf"), root.join("甲/b.pdf")).expect("linked");
    std::os::unix::fs::symlink(outside.path(), root.join("甲/c")).expect("linked");
    std::os::unix::fs::symlink(outside.path(), root.join("乙")).expect("linked");
    let made = std::process::Command::new("mkfifo").arg(root.join("甲/d.pdf")).status().expect("mkfifo runs");
    assert!(made.success());
    let found = set.discover().expect("packets");
    assert_eq!(folders(&found), ["乙", "甲"]);
    assert!(matches!(files(&found.packets[0])[..], [("乙", Err(Unreadable::Io(_)))]));
    let kinds = files(&found.packets[1]);
    assert_eq!(kinds[0], ("a.pdf", &Ok(DocumentKind::Pdf)));
    for (at, name) in [(1, "b.pdf"), (2, "c"), (3, "d.pdf")] {
        assert_eq!(kinds[at].0, name);
        assert!(matches!(kinds[at].1, Err(Unreadable::Io(_))), "{name}");
    }
}

#[test]
fn a_file_over_the_limit_is_not_opened() {
    let set = Folders::with(&[("甲/big.pdf", PDF)]);
    let file = fs::File::options().write(true).open(set.submissions.path().join("甲/big.pdf")).expect("opened");
    // Sparse: takes no space.
    file.set_len(MAX_FILE_BYTES + 1).expect("extended");
    let found = set.discover().expect("packets");
    let kind = &found.packets[0].documents[0].kind;
    assert!(matches!(kind, Err(Unreadable::OverLimit(why)) if why.contains("2.1 GiB")), "{kind:?}");
}

#[test]
fn nothing_to_audit_says_what_to_do() {
    let set = Folders::with(&[("roster.csv", "姓名".as_bytes())]);
    let told = set.discover().expect_err("no packet").to_string();
    assert!(told.contains("没有申报材料") && told.contains("子文件夹"), "{told}");
    let at = |name| discover(&set.submissions.path().join(name), set.scratch.path());
    assert!(matches!(at("x"), Err(DiscoverError::Missing(_))));
    assert!(matches!(at("roster.csv"), Err(DiscoverError::NotAFolder(_))));
}

#[test]
fn an_earlier_report_is_no_packet() {
    let set = Folders::with(&[
        ("甲/a.pdf", PDF),
        ("audit-report/run.json", b"{}"),
        ("audit-report/findings.jsonl", b""),
        ("audit-report/summary.csv", b""),
    ]);
    let found = set.discover().expect("packets");
    assert_eq!(folders(&found), ["甲"]);
    assert_eq!(found.skipped[0].file, "audit-report");
}

#[test]
fn a_broken_zip_is_a_packet_with_one_unreadable_document() {
    let set = Folders::with(&[
        ("甲.zip", b"PK\x03\x04 cut off"),
        ("乙.zip", b""),
        ("甲/a.pdf", PDF),
        ("甲.rar", b"Rar!\x1a\x07"),
    ]);
    let found = set.discover().expect("packets");
    assert_eq!(folders(&found), ["乙.zip", "甲", "甲.rar", "甲.zip"]);
    assert_eq!(files(&found.packets[0]), [("乙.zip", &Err(Unreadable::Empty))]);
    assert_eq!(files(&found.packets[2]), [("甲.rar", &Err(Unreadable::NotADocument))]);
    assert!(matches!(files(&found.packets[3])[..], [("甲.zip", Err(Unreadable::Damaged(_)))]));
}

#[test]
fn the_archives_of_one_packet_share_its_limits_and_the_next_packet_has_its_own() {
    let zip = archive::tests::zip_of(&[("a.pdf", PDF)]);
    let set = Folders::with(&[("1/a.zip", &zip), ("1/b.zip", &zip), ("2.zip", &zip)]);
    let listing = list(set.submissions.path(), set.scratch.path(), &Arc::default()).expect("packets");
    let kinds = |limits: archive::Limits| -> Vec<Vec<bool>> {
        listing.scratch.lock().expect("unlocked").limits = limits;
        let opened = listing.packets.iter().map(|packet| listing.open(packet).expect("unpacked").0);
        opened.map(|packet| packet.documents.iter().map(|d| d.kind.is_ok()).collect()).collect()
    };
    let whole = archive::Limits::DEFAULT;
    assert_eq!(kinds(whole), [vec![true, true], vec![true]]);
    assert_eq!(kinds(archive::Limits { total_bytes: 20, ..whole }), [vec![true, false], vec![true]]);
    assert_eq!(kinds(archive::Limits { members: 1, ..whole }), [vec![true, false], vec![true]]);
}
