use super::*;
use crate::model::finding::{CheckId, Severity};
use crate::model::geometry::Rect;
use crate::report::samples::finding;

/// Where children write: beside the copies, on the same disk.
fn making(copies: &Copies) -> PathBuf {
    copies.root.parent().expect("in a report").to_owned()
}

fn put(copies: &mut Copies, folder: &str, file: &str) -> PathBuf {
    let draft = copies.draft(folder, file, &making(copies)).expect("a place");
    fs::write(draft.path(), format!("%PDF-1.7 ... /{COPY_MARK} true")).expect("written");
    let to = draft.to.clone();
    copies.keep(draft).expect("kept");
    to
}

#[test]
fn a_note_says_what_where_and_by_which_clause() {
    let mut one = finding("01_张三");
    one.seen = "“=\u{202e}x”\n第二行".into();
    let all = notes([&one], |_| true);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].subject, "缺少公章");
    assert_eq!(
        all[0].text,
        "缺陷·补正：缺少公章（第 7 页）\n评审表缺少公章\n实际：“=⟨U+202E⟩x” / 第二行\n要求：加盖单位公章\n依据：五、4\n\
         建议：盖章后重新扫描\n编号：F0123456789"
    );
    assert!(notes([&one], |_| false)[0].text.starts_with("待核·"));
}

#[test]
fn findings_in_one_place_are_one_note_as_grave_as_the_gravest() {
    let first = ReportedFinding { severity: Severity::Advise, ..finding("a") };
    let same = ReportedFinding { check: CheckId::DateFormat, severity: Severity::Reject, ..finding("a") };
    let elsewhere = ReportedFinding { rect: Some(Rect::new(0.5, 0.5, 0.1, 0.1)), ..finding("a") };
    let (page_1, page_2) =
        (ReportedFinding { rect: None, page: None, ..finding("a") }, ReportedFinding { rect: None, ..finding("a") });
    let all = notes([&first, &same, &elsewhere, &page_1, &page_2, &page_2], |_| true);
    assert_eq!(all.len(), 5);
    assert_eq!((all[0].severity, all[0].subject.as_str()), (Severity::Reject, "缺少公章、时间格式"));
    assert!(all[0].text.contains("缺少公章（第 7 页）") && all[0].text.contains("\n\n缺陷·不予受理：时间格式"));
    assert_eq!((all[2].page, all[2].rect), (1, None), "a whole file: its first page");
}

#[test]
fn names_stay_inside_the_report_and_apart() {
    let dir = tempfile::tempdir().expect("made");
    let mut copies = Copies::open(dir.path());
    let root = dir.path().join(FOLDER);
    assert_eq!(put(&mut copies, "01_张三", "第一册/评审表.pdf"), root.join("01_张三/第一册/评审表.pdf"));
    assert_eq!(put(&mut copies, "01_张三", "扫描.PDF"), root.join("01_张三/扫描.PDF"));
    let long = format!("{}.pdf", "长".repeat(90));
    let hostile = [
        ("..", "a.pdf"),
        ("../..", "../../a.pdf"),
        ("/etc", "/etc/a.pdf"),
        ("C:\\x", "..\\..\\a.pdf"),
        ("con", "nul.pdf"),
        ("x ", "a/./.././b.pdf"),
        ("x", "a"),
        ("x", "a.pdf"),
        ("x", "a.tif"),
        ("x", "a\u{202e}fdp.exe"),
        ("x", &long),
        ("", ""),
    ];
    let mut made = BTreeSet::new();
    for (folder, file) in hostile {
        let path = put(&mut copies, folder, file);
        assert!(path.canonicalize().expect("there").starts_with(root.canonicalize().expect("there")), "{path:?}");
        assert!(path.components().all(|c| !matches!(c, std::path::Component::ParentDir)), "{path:?}");
        assert!(path.extension().is_some_and(|e| e == "pdf"), "{path:?}");
        assert!(made.insert(path.clone()), "{path:?} twice");
    }
    assert_eq!(below(dir.path()).len(), made.len() + 2);
}

#[test]
fn older_copies_go_and_nothing_else() {
    let dir = tempfile::tempdir().expect("made");
    let mut copies = Copies::open(dir.path());
    let stale = put(&mut copies, "01_张三", "旧/a.pdf");
    let kept = put(&mut copies, "01_张三", "b.pdf");
    let again = put(&mut copies, "02_李四", "c.pdf");
    copies.refusals("03_王五", &[("d.pdf".into(), "文件超过 1 GB".into())]).expect("written");
    copies.finish();
    let mine = dir.path().join(FOLDER).join("01_张三/mine.pdf");
    fs::write(&mine, "%PDF-1.7").expect("written");
    let half = dir.path().join(FOLDER).join("02_李四").join(format!("{}x.tmp", files::TEMPORARY));
    fs::write(&half, "half").expect("written");

    let mut copies = Copies::open(dir.path());
    assert!(!half.exists(), "left by a killed run");
    assert_eq!(put(&mut copies, "01_张三", "b.pdf"), kept);
    let draft = copies.draft("02_李四", "c.pdf", &making(&copies)).expect("a place");
    copies.discard(draft);
    copies.finish();
    assert_eq!(below(dir.path()).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([kept, mine]));
    for gone in [stale.parent().expect("a folder"), again.parent().expect("a folder")] {
        assert!(!gone.exists(), "{gone:?} is empty");
    }
    assert!(!dir.path().join(FOLDER).join("03_王五").exists());
}

#[test]
fn a_report_without_copies_has_no_folder_for_them() {
    let dir = tempfile::tempdir().expect("made");
    Copies::open(dir.path()).finish();
    assert!(!dir.path().join(FOLDER).exists());
}
