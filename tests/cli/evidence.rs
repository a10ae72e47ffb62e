//! The pictures beside the findings: there, bounded, and not made twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::common::{NOTICES, audit, audited, files, fixtures, scratch};

/// Bytes and pixels a side of the largest picture.
const MOST_BYTES: usize = 220_000;
const MOST_PIXELS: u32 = 1100;

fn pictures(out: &Path) -> BTreeMap<String, Vec<u8>> {
    files(&out.join("evidence"))
}

fn written(out: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let path = |name: &String| out.join("evidence").join(name);
    let changed = |path: &PathBuf| fs::metadata(path).and_then(|m| m.modified()).expect("a file");
    pictures(out).keys().map(path).map(|p| (p.clone(), changed(&p))).collect()
}

#[test]
fn pages_and_places_have_pictures_and_these_are_small() {
    for notice in NOTICES {
        let run = audited(notice);
        let all = pictures(&run.out);
        for (name, bytes) in &all {
            assert!(bytes.len() <= MOST_BYTES, "{name}: {} bytes", bytes.len());
            let picture = image::load_from_memory_with_format(bytes, image::ImageFormat::Jpeg).expect("a JPEG");
            assert!(picture.width().max(picture.height()) <= MOST_PIXELS, "{name}: {picture:?}");
        }
        let placed = run.findings().iter().filter(|f| f["page"].is_number()).count();
        let mut shown = 0;
        for (name, page) in files(&run.out.join("pages")) {
            let html = String::from_utf8(page).expect("UTF-8").replace("&#x2f;", "/");
            shown += html.matches("<a class=\"evidence").count();
            for src in html.split("<img src=\"../evidence/").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(all.contains_key(src), "{name}: {src}");
            }
        }
        assert_eq!(shown, placed, "{notice}: a picture for every finding that is on a page");
    }
}

#[test]
fn a_second_run_makes_no_picture_again() {
    let notice = "yangcheng-engineering-2021";
    let folder = fixtures().join("packets").join(notice).join("submissions");
    // Its pages are in the cache by then.
    audited(notice);
    let out = scratch("evidence-twice");
    let first = audit(&folder, notice, None, &out, &[]);
    assert_eq!(first.code(), 0, "{}", first.stderr());
    let before = written(&out);
    assert!(before.len() > 20, "{}", before.len());
    assert_eq!(audit(&folder, notice, None, &out, &[]).code(), 0);
    assert_eq!(written(&out), before);
}
