//! Pages whose content is hostile or damaged: what a page draws must never be lost without a word.

use crate::packets::Packet;
use crate::pdf::{BARS, Pdf, single, zlib};

pub(crate) fn packets() -> Vec<Packet> {
    vec![forms(), operators(), packed()]
}

const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 240 160]";

/// Forms in forms, so deep; only the innermost draws.
fn nested(depth: usize) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut inner = pdf.stream(FORM, BARS.as_bytes());
    for _ in 1..depth {
        inner = pdf.stream(&format!("{FORM} /Resources << /XObject << /F {inner} 0 R >> >>"), b"/F Do");
    }
    pdf.page(&format!("/XObject << /F {inner} 0 R >>"), b"/F Do");
    pdf.finish()
}

/// A form that draws and then calls itself.
fn self_calling() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let own = pdf.next();
    pdf.stream(&format!("{FORM} /Resources << /XObject << /F {own} 0 R >> >>"), format!("{BARS} /F Do").as_bytes());
    pdf.page(&format!("/XObject << /F {own} 0 R >>"), b"/F Do");
    pdf.finish()
}

/// Each of 8 levels calls the one below twice.
fn small_dag() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut inner = pdf.stream(FORM, BARS.as_bytes());
    for _ in 0..8 {
        inner = pdf.stream(&format!("{FORM} /Resources << /XObject << /F {inner} 0 R >> >>"), b"/F Do /F Do");
    }
    pdf.page(&format!("/XObject << /F {inner} 0 R >>"), b"/F Do");
    pdf.finish()
}

fn forms() -> Packet {
    let mut unknown = Pdf::new();
    let strange = unknown.stream("/Type /XObject /Subtype /Imago /Width 9 /Height 9", b"");
    unknown.page(&format!("/XObject << /F {strange} 0 R >>"), b"/F Do");
    let mut cut = Pdf::new();
    let packed = zlib(BARS.repeat(40).as_bytes());
    let form = cut.stream(&format!("{FORM} /Filter /FlateDecode"), &packed[..packed.len() / 2]);
    cut.page(&format!("/XObject << /F {form} 0 R >>"), b"/F Do");
    Packet::new("forms")
        .pages("nested-20.pdf", nested(20), &["good"])
        .pages("nested-60.pdf", nested(60), &["degraded"])
        .pages("nested-20000.pdf", nested(20_000), &["degraded"])
        .pages("self-calling.pdf", self_calling(), &["degraded"])
        .pages("dag.pdf", small_dag(), &["good"])
        .pages("no-such-kind.pdf", unknown.finish(), &["degraded"])
        .pages("cut.pdf", cut.finish(), &["degraded"])
}

fn operators() -> Packet {
    let after = |what: &str| single(format!("{what}\n{BARS}").as_bytes());
    let deep = |n: usize| format!("{}{} x", "[".repeat(n), "]".repeat(n));
    Packet::new("operators")
        .pages("too-many-operands.pdf", after(&format!("{} x", "1 ".repeat(40))), &["degraded"])
        .pages("stray-bracket.pdf", after(")"), &["degraded"])
        .pages("open-string.pdf", after("(no end"), &["degraded"])
        .pages("open-picture.pdf", after("BI /W 1 /H 1 ID 0"), &["good"])
        .pages("arrays-400-deep.pdf", after(&deep(400)), &["good"])
        .pages("arrays-20000-deep.pdf", after(&deep(20_000)), &["degraded"])
        .pages("dictionaries-deep.pdf", after(&"<</A".repeat(20_000)), &["degraded"])
        .pages("saved-100000-times.pdf", after(&"q ".repeat(100_000)), &["good"])
        .pages("restored-too-often.pdf", after(&"Q ".repeat(1_000)), &["good"])
        .pages("unknown-operators.pdf", after("1 2 wobble /X 3 shine"), &["good"])
        .pages("ends-in-a-comment.pdf", single(format!("{BARS} % the end").as_bytes()), &["good"])
        .pages("nothing.pdf", single(b""), &["blank"])
}

/// Content as streams that are damaged.
fn packed() -> Packet {
    let filtered = |data: &[u8]| {
        let mut pdf = Pdf::new();
        let content = pdf.stream("/Filter /FlateDecode", data);
        pdf.page_of(&format!("{} /Contents {content} 0 R", crate::pdf::BOX));
        pdf.finish()
    };
    let sound = zlib(BARS.repeat(40).as_bytes());
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let unchecked = &sound[..sound.len() - 4];
    let padded = [&sound[..], b"\r\n\0"].concat();
    let mut parts = Pdf::new();
    let first = parts.stream("", BARS.as_bytes());
    parts.page_of(&format!("{} /Contents [{first} 0 R 99 0 R]", crate::pdf::BOX));
    let mut gone = Pdf::new();
    gone.page_of(&format!("{} /Contents 99 0 R", crate::pdf::BOX));
    Packet::new("packed-content")
        .pages("sound.pdf", filtered(&sound), &["good"])
        .pages("half.pdf", filtered(&sound[..middle]), &["degraded"])
        .pages("flipped.pdf", filtered(&flipped), &["degraded"])
        .pages("no-checksum.pdf", filtered(unchecked), &["good"])
        .pages("padded.pdf", filtered(&padded), &["good"])
        .pages("no-data-at-all.pdf", filtered(b""), &["blank"])
        .pages("a-part-missing.pdf", parts.finish(), &["degraded"])
        .pages("missing.pdf", gone.finish(), &["degraded"])
}
