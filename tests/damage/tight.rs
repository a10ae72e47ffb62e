//! What only the limits end: bombs, under limits as small as a test needs. The product's own differ in number only.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use material_audit::model::packet::DocumentKind;
use material_audit::model::page::Unreadable;
use material_audit::ocr::weights;
use material_audit::worker::{Folders, Limits, Pool};

use crate::codecs::{jbig2, jpx};
use crate::common::home;
use crate::pdf::{BARS, BOX, Pdf, bomb, scan, single};
use crate::run::scratch;

pub(crate) fn pool(limits: Limits, folders: Folders) -> Pool {
    let models = weights::installed(home()).expect("installed by the set-up");
    Pool::new(Path::new(env!("CARGO_BIN_EXE_material-audit")), models, limits, folders)
}

const TIGHT: Limits = Limits {
    page_time: Duration::from_secs(5),
    heap_bytes: 256 << 20,
    address_space_bytes: 6 << 30,
    file_bytes: 1 << 30,
};

/// More than the heap may hold.
const MEBIBYTES: usize = 400;

/// How a file's first page ends.
fn ends(pool: &Pool, folder: &Path, name: &str, bytes: &[u8]) -> Result<&'static str, Unreadable> {
    let path: PathBuf = folder.join(name);
    fs::write(&path, bytes).expect("writable");
    let pages = pool.count_pages(&path, DocumentKind::Pdf).expect("a child starts")?;
    assert!(pages > 0);
    let (facts, _) = pool.observe(&path, DocumentKind::Pdf, 0, None).expect("a child starts")?;
    Ok(if facts.is_degraded() {
        "degraded"
    } else if facts.quality.blank {
        "blank"
    } else {
        "good"
    })
}

fn expect(cases: &[(&str, Vec<u8>, &[&str])], folder: &str) {
    let folder = scratch(folder);
    let pool = pool(TIGHT, Folders { read: vec![folder.clone()], write: Vec::new() });
    let mut differences = Vec::new();
    for (name, bytes, expected) in cases {
        let start = std::time::Instant::now();
        let told = match ends(&pool, &folder, name, bytes) {
            Ok(word) => word,
            Err(Unreadable::TimedOut) => "timed-out",
            Err(Unreadable::OutOfMemory) => "out-of-memory",
            Err(Unreadable::OverLimit(_)) => "over-limit",
            Err(Unreadable::Crashed(_)) => "crashed",
            Err(Unreadable::Damaged(_)) => "damaged",
            Err(_) => "something else",
        };
        println!("{name}: {told} after {:.1?}", start.elapsed());
        if !expected.contains(&told) {
            differences.push(format!("{name}: {told}, expected one of {expected:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

const STOPPED: &[&str] = &["out-of-memory", "timed-out"];

#[test]
fn swelling_data_ends_at_the_memory_limit() {
    let mut content = Pdf::new();
    let swelling = content.stream("/Filter /FlateDecode", &bomb(MEBIBYTES, b' '));
    content.page_of(&format!("{BOX} /Contents {swelling} 0 R"));
    let mut parts = Pdf::new();
    let part = parts.stream("/Filter /FlateDecode", &bomb(20, b' '));
    parts.page_of(&format!("{BOX} /Contents [{}]", format!("{part} 0 R ").repeat(40)));
    let grey = "/Width 1000 /Height 1000 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter";
    let twice = crate::pdf::zlib(&bomb(MEBIBYTES, 0));
    let cases: [(&str, Vec<u8>, &[&str]); 7] = [
        ("content.pdf", content.finish(), STOPPED),
        ("content-in-parts.pdf", parts.finish(), STOPPED),
        ("image.pdf", scan(&format!("{grey} /FlateDecode"), &bomb(MEBIBYTES, 0)), STOPPED),
        ("image-packed-twice.pdf", scan(&format!("{grey} [/FlateDecode /FlateDecode]"), &twice), STOPPED),
        ("object-stream.pdf", object_stream(), &["out-of-memory", "timed-out", "damaged"]),
        ("jbig2-header.pdf", scan("/Width 100 /Height 100 /Filter /JBIG2Decode", &jbig2(65_000, 65_000)), FAIR),
        ("jpx-header.pdf", scan("/Width 100 /Height 100 /Filter /JPXDecode", &jpx(60_000, 60_000)), FAIR),
    ];
    expect(&cases, "swelling");
}

/// What an image whose own header exceeds what the page says of it may come to.
const FAIR: &[&str] = &["out-of-memory", "timed-out", "over-limit", "crashed", "degraded"];

/// The catalogue stands behind hundreds of mebibytes of spaces.
fn object_stream() -> Vec<u8> {
    let packed = bomb(MEBIBYTES, b' ');
    let mut out = b"%PDF-1.7\n".to_vec();
    let stream_at = out.len();
    out.extend(
        format!("3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).bytes(),
    );
    out.extend(packed);
    out.extend(b"\nendstream\nendobj\n");
    let index_at = out.len();
    let entry = |kind: u8, place: usize| [&[kind][..], &(place as u32).to_be_bytes(), &[0]].concat();
    let rows = [entry(0, 0), entry(2, 3), entry(2, 3), entry(1, stream_at), entry(1, index_at)].concat();
    out.extend(format!("4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length {}>>\nstream\n", rows.len()).bytes());
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{index_at}\n%%EOF\n").bytes());
    out
}

#[test]
fn endless_drawing_ends_at_the_time_limit() {
    let dashes = "[0.00001 0.00001] 0 d 1 w 0 0 m 1000000 0 l S";
    let cases: [(&str, Vec<u8>, &[&str]); 5] = [
        ("form-dag.pdf", form_dag(40), STOPPED),
        ("dashes.pdf", single(format!("{BARS} {dashes}").as_bytes()), &["timed-out", "out-of-memory", "good"]),
        ("pattern.pdf", pattern(), &["timed-out", "out-of-memory", "good", "degraded"]),
        ("to-unicode.pdf", to_unicode(), &["timed-out", "out-of-memory", "good"]),
        ("type-3-in-itself.pdf", type_3(), &["timed-out", "out-of-memory", "good", "degraded", "crashed"]),
    ];
    expect(&cases, "endless");
}

/// Each level calls the one below twice.
fn form_dag(levels: usize) -> Vec<u8> {
    const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 240 160]";
    let mut pdf = Pdf::new();
    let mut inner = pdf.stream(FORM, BARS.as_bytes());
    for _ in 0..levels {
        inner = pdf.stream(&format!("{FORM} /Resources << /XObject << /F {inner} 0 R >> >>"), b"/F Do /F Do");
    }
    pdf.page(&format!("/XObject << /F {inner} 0 R >>"), b"/F Do");
    pdf.finish()
}

/// A tile of a hundred-thousandth of a point that is filled with itself.
fn pattern() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let own = pdf.next();
    let head = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.00001 /YStep 0.00001";
    let fill = b"/Pattern cs /P scn 0 0 1 1 re f";
    pdf.stream(&format!("{head} /Resources << /Pattern << /P {own} 0 R >> >>"), fill);
    pdf.page(&format!("/Pattern << /P {own} 0 R >>"), format!("{BARS} /Pattern cs /P scn 0 0 240 160 re f").as_bytes());
    pdf.finish()
}

/// Fifty thousand ranges of 65,536 characters each.
fn to_unicode() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let ranges = "<0000> <FFFF> <0041>\n".repeat(100);
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00000000> <FFFFFFFF> \
         endcodespacerange {} endcmap end end",
        format!("100 beginbfrange\n{ranges}endbfrange\n").repeat(500)
    );
    let map = pdf.stream("", map.as_bytes());
    let cid = pdf.object(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> >>",
    );
    let font = pdf.object(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [{cid} 0 R] /ToUnicode {map} 0 R >>"
    ));
    let text = format!("{BARS} BT /F 12 Tf 20 140 Td <00410042> Tj ET");
    pdf.page(&format!("/Font << /F {font} 0 R >>"), text.as_bytes());
    pdf.finish()
}

/// A glyph that is drawn with itself, twice.
fn type_3() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let font = pdf.next() + 1;
    let glyph = pdf.stream("", b"1000 0 d0 BT /F 1 Tf (aa) Tj ET 0 0 500 500 re f");
    pdf.object(format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 97 \
         /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >> /CharProcs << /a {glyph} 0 R >> \
         /Resources << /Font << /F {font} 0 R >> >> >>"
    ));
    pdf.page(&format!("/Font << /F {font} 0 R >>"), format!("{BARS} BT /F 12 Tf 20 140 Td (a) Tj ET").as_bytes());
    pdf.finish()
}
