//! PDFs whose skeleton is hostile: page trees, indexes, encryption, what they carry besides pages.

use lopdf::{Document, EncryptionState, EncryptionVersion, Permissions};

use crate::packets::Packet;
use crate::pdf::{BARS, BOX, Pdf, single, zlib};

fn bars() -> Pdf {
    let mut pdf = Pdf::new();
    pdf.page("", BARS.as_bytes());
    pdf
}

pub(crate) fn packets() -> Vec<Packet> {
    vec![page_trees(), sizes(), indexes(), encrypted(), carriers(), names()]
}

fn page_trees() -> Packet {
    let mut cycle = bars();
    cycle.kids.extend(["2 0 R".into(), "2 0 R".into()]);
    cycle.tree = "/Count 1".into();
    let mut twice = bars();
    twice.kids.push(twice.kids[0].clone());
    let mut lie = bars();
    lie.tree = "/Count 1000000".into();
    let mut negative = bars();
    negative.tree = "/Count -5".into();
    Packet::new("page-trees")
        .pages("cycle.pdf", cycle.finish(), &["good"])
        .pages("dag.pdf", dag(), &["good", "damaged"])
        .pages("leaf-twice.pdf", twice.finish(), &["good", "damaged"])
        .pages("a-million-said.pdf", lie.finish(), &["good", "damaged"])
        .pages("negative-count.pdf", negative.finish(), &["good"])
        .whole("a-million.pdf", a_million(), "over-limit")
        .whole("deep.pdf", deep_tree(), "damaged|no-pages|crashed")
}

/// 100 times 100 times 100 times one and the same page.
fn dag() -> Vec<u8> {
    let mut pdf = bars();
    let mut below = pdf.kids[0].clone();
    for level in 1..3 {
        let kids = vec![below; 100].join(" ");
        let count = 100_usize.pow(level);
        below = format!("{} 0 R", pdf.object(format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>")));
    }
    pdf.kids = vec![below; 100];
    pdf.tree = "/Count 1000000".into();
    pdf.finish()
}

/// Pages that stand in the tree itself, packed into an object stream of a few kilobytes.
fn a_million() -> Vec<u8> {
    let kids = "<</Type/Page>>".repeat(1_000_000);
    let body = format!("2 0 <</Type/Pages/MediaBox[0 0 9 9]/Count 1000000/Kids[{kids}]>>");
    let packed = zlib(body.as_bytes());
    let mut out = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
    let stream_at = out.len();
    out.extend(
        format!("3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).bytes(),
    );
    out.extend(packed);
    out.extend(b"\nendstream\nendobj\n");
    let index_at = out.len();
    // Type, then an offset or the object stream's number, then the index in it.
    let entry = |kind: u8, place: usize| [&[kind][..], &(place as u32).to_be_bytes(), &[0]].concat();
    let rows = [entry(0, 0), entry(1, 9), entry(2, 3), entry(1, stream_at), entry(1, index_at)].concat();
    out.extend(format!("4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length {}>>\nstream\n", rows.len()).bytes());
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{index_at}\n%%EOF\n").bytes());
    out
}

/// A page tree whose nodes stand in each other, 20,000 deep.
fn deep_tree() -> Vec<u8> {
    let open = "<</Type/Pages/Kids[".repeat(20_000);
    let mut pdf = Pdf::new();
    pdf.kids = vec![format!("{open}{}", "]>>".repeat(20_000))];
    pdf.tree = "/Count 1".into();
    pdf.finish()
}

fn sizes() -> Packet {
    let sized = |entries: &str| {
        let mut pdf = Pdf::new();
        let content = pdf.stream("", BARS.as_bytes());
        pdf.page_of(&format!("{entries} /Contents {content} 0 R"));
        pdf.finish()
    };
    Packet::new("page-sizes")
        .pages("giant.pdf", sized("/MediaBox [0 0 1000000 1000000]"), &["over-limit"])
        .pages("giant-unit.pdf", sized("/MediaBox [0 0 9000 9000] /UserUnit 1000"), &["over-limit"])
        .pages("beyond-floats.pdf", sized(&format!("/MediaBox [0 0 {0} {0}]", "9".repeat(60))), &["over-limit|damaged"])
        .pages("a-line.pdf", sized("/MediaBox [0 0 100000 1]"), &["over-limit|damaged"])
        .pages("upside-down.pdf", sized("/MediaBox [240 160 0 0]"), &["good"])
}

fn indexes() -> Packet {
    let sound = single(BARS.as_bytes());
    let text = String::from_utf8(sound.clone()).expect("nothing is packed in it");
    let at = text.rfind("xref\n0").expect("a table");
    let own = text.replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {at}")).into_bytes();
    // Two tables that name each other as the one before.
    let mut pair = text.replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {}", text.len() + 10)).into_bytes();
    let second = pair.len();
    pair.extend(format!("xref\n0 0\ntrailer\n<</Size 5/Root 1 0 R/Prev {at}>>\nstartxref\n{second}\n%%EOF\n").bytes());
    let nowhere = text.replace(&format!("startxref\n{at}"), "startxref\n99999999").into_bytes();
    let mut length = bars();
    length.objects[2] = format!("<< /Length 3 0 R >>\nstream\n{BARS}\nendstream").into_bytes();
    let nested = format!("<</Type/Catalog/Pages 2 0 R/X{}{}>>", "[".repeat(20_000), "]".repeat(20_000));
    let mut deep = bars();
    deep.objects.push(nested.into_bytes());
    deep.catalogue = format!("/More {} 0 R", deep.objects.len());
    Packet::new("indexes")
        .pages("prev-is-itself.pdf", own, &["good"])
        .pages("prev-in-a-ring.pdf", pair, &["good"])
        .pages("index-nowhere.pdf", nowhere, &["good"])
        .pages("length-is-itself.pdf", length.finish(), &["good"])
        .pages("unused-and-deep.pdf", deep.finish(), &["good"])
        .whole("object-stream-in-itself.pdf", in_itself(), "damaged|no-pages|crashed|timed-out|out-of-memory")
}

/// The catalogue stands in an object stream that says it stands in itself.
fn in_itself() -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let index_at = out.len();
    let entry = |kind: u8, place: u32| [&[kind][..], &place.to_be_bytes(), &[0]].concat();
    let rows = [entry(0, 0), entry(2, 2), entry(2, 2), entry(1, index_at as u32)].concat();
    out.extend(format!("3 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Root 1 0 R/Length {}>>\nstream\n", rows.len()).bytes());
    out.extend(rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{index_at}\n%%EOF\n").bytes());
    out
}

fn encrypted() -> Packet {
    Packet::new("encrypted")
        .pages("no-password.pdf", locked(""), &["good"])
        .whole("password.pdf", locked("secret"), "encrypted")
        .whole("unknown-handler.pdf", strange_lock(), "damaged|encrypted")
}

fn locked(password: &str) -> Vec<u8> {
    let mut doc = Document::load_mem(&single(BARS.as_bytes())).expect("a sound file");
    let id = || lopdf::Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id(), id()]);
    let version = EncryptionVersion::V2 {
        document: &doc,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::default(),
    };
    let state = EncryptionState::try_from(version).expect("supported encryption");
    doc.encrypt(&state).expect("not yet encrypted");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("memory");
    out
}

fn strange_lock() -> Vec<u8> {
    let text = String::from_utf8(single(BARS.as_bytes())).expect("nothing is packed in it");
    text.replace("/Root 1 0 R", "/Root 1 0 R /Encrypt << /Filter /Strange /V 9 /R 9 >>").into_bytes()
}

/// Files that carry more than pages. The pages are read; nothing is run or opened, and the report says what there was.
fn carriers() -> Packet {
    let mut script = bars();
    let action = script.object("<< /S /JavaScript /JS (app.alert\\(1\\)) >>");
    script.catalogue = format!("/OpenAction {action} 0 R /Names << /JavaScript << /Names [(a) {action} 0 R] >> >>");
    let mut launch = bars();
    launch.catalogue = "/OpenAction << /S /Launch /F (cmd.exe) >>".into();
    let mut linked = Pdf::new();
    let content = linked.stream("", BARS.as_bytes());
    let annotation = "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (x.exe) >> >>";
    linked.page_of(&format!("{BOX} /Contents {content} 0 R /Annots [{annotation}]"));
    let mut attached = bars();
    let inner = attached.stream("/Type /EmbeddedFile", &single(BARS.as_bytes()));
    let spec = attached.object(format!("<< /Type /Filespec /F (a.pdf) /EF << /F {inner} 0 R >> >>"));
    attached.catalogue = format!("/Names << /EmbeddedFiles << /Names [(a.pdf) {spec} 0 R] >> >>");
    let mut portfolio = bars();
    let inner = portfolio.stream("/Type /EmbeddedFile", &single(BARS.as_bytes()));
    let spec = portfolio.object(format!("<< /Type /Filespec /F (a.pdf) /EF << /F {inner} 0 R >> >>"));
    portfolio.catalogue = format!("/Collection << >> /Names << /EmbeddedFiles << /Names [(a) {spec} 0 R] >> >>");
    Packet::new("carriers")
        .pages("script.pdf", script.finish(), &["good"])
        .pages("launch.pdf", launch.finish(), &["good"])
        .pages("launch-link.pdf", linked.finish(), &["good"])
        .pages("attachment.pdf", attached.finish(), &["good"])
        .pages("portfolio.pdf", portfolio.finish(), &["good"])
}

fn names() -> Packet {
    let sound = single(BARS.as_bytes());
    Packet::new("extensions")
        .pages("pdf-named.jpg", sound.clone(), &["good"])
        .pages("junk-before.pdf", [b"\r\nContent-Type: x\r\n\r\n", &sound[..]].concat(), &["good"])
        .whole("zip-named.pdf", b"PK\x03\x04 and more of it".to_vec(), "not-a-document")
        .whole("program-named.pdf", b"MZ\x90\0 %PDF-1.7 and more".to_vec(), "not-a-document")
        .whole("page-of-the-web.pdf", b"<!DOCTYPE html><html>404</html>".to_vec(), "not-a-document")
        .whole("gif-named.jpg", b"GIF89a and more of it".to_vec(), "not-a-document")
        .whole("empty.pdf", Vec::new(), "empty")
        .whole("only-a-header.pdf", b"%PDF-1.7\n".to_vec(), "damaged|no-pages")
}
