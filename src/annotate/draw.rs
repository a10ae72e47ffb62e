//! Annotations and what they look like (ISO 32000-1, 12.5).

use hayro_interpret::kurbo::Rect as Area;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};

use super::AUTHOR;
use super::sheet::Sheet;
use crate::model::finding::{Severity, Verdict};
use crate::model::note::Note;

/// Side of a note's sign, A4 points.
const SIGN: f64 = 20.0;
/// Side of the sign's own drawing.
const SIGN_DRAWN: f64 = 20.0;
/// Width of a frame's line, A4 points.
const LINE: f64 = 1.6;
/// Bit 3: the annotation is printed with the page.
const PRINTED: i64 = 1 << 2;
/// Bits 4 and 5: neither grows nor turns with the page. Text notes have them anyway (12.5.6.4), but not every reader
/// knows.
const UPRIGHT: i64 = 1 << 3 | 1 << 4;

/// An annotation and its appearance stream, which the caller numbers and ties together.
pub(super) struct Drawn {
    pub(super) annotation: Dictionary,
    pub(super) appearance: Stream,
}

/// What a note looks like on its sheet; `unboxed` counts the notes without a box that stand on it already.
pub(super) fn drawn(note: &Note, sheet: &Sheet, page: ObjectId, unboxed: &mut usize) -> Drawn {
    let colour = colour(note.verdict, note.severity);
    let (area, appearance, kind) = match note.rect {
        Some(rect) => {
            let area = sheet.place(rect);
            (area, frame(area, LINE * sheet.unit(), colour), "Square")
        }
        None => {
            let area = sheet.margin(*unboxed, SIGN * sheet.unit());
            *unboxed += 1;
            (area, sign(colour), "Text")
        }
    };
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Subtype" => kind,
        "Rect" => numbers(&[area.x0, area.y0, area.x1, area.y1]),
        "P" => page,
        "NM" => Object::string_literal(note.id.as_str()),
        "T" => Object::string_literal(AUTHOR),
        "Subj" => text(&note.subject),
        // Readers end lines at a carriage return (12.5.6.2).
        "Contents" => text(&note.text.replace('\n', "\r")),
        "C" => numbers(&colour),
    };
    annotation.set("F", if note.rect.is_some() { PRINTED } else { PRINTED | UPRIGHT });
    if note.rect.is_some() {
        annotation.set("BS", dictionary! { "W" => (LINE * sheet.unit()) as f32, "S" => "S" });
    } else {
        annotation.set("Name", "Comment");
        annotation.set("Open", false);
    }
    Drawn { annotation, appearance }
}

/// Red what is certain, the darker the graver; amber what is only advised; blue what a person must look at.
const fn colour(verdict: Verdict, severity: Severity) -> [f64; 3] {
    match (verdict, severity) {
        (Verdict::Review, _) => [0.10, 0.35, 0.85],
        (Verdict::Defect, Severity::Reject) => [0.65, 0.0, 0.20],
        (Verdict::Defect, Severity::Correct) => [0.90, 0.15, 0.10],
        (Verdict::Defect, Severity::Advise) => [0.85, 0.55, 0.0],
    }
}

/// A frame with a tint that darkens and never hides what is under it.
fn frame(area: Area, line: f64, [r, g, b]: [f64; 3]) -> Stream {
    let (w, h) = (area.width(), area.height());
    let line = line.min(w / 3.0).min(h / 3.0);
    let (x, inner_w, inner_h) = (line / 2.0, w - line, h - line);
    let content = format!(
        "q {r} {g} {b} rg /Tint gs 0 0 {w:.3} {h:.3} re f Q\nq {r} {g} {b} RG {line:.3} w {x:.3} {x:.3} {inner_w:.3} {inner_h:.3} re S Q\n"
    );
    let tint = dictionary! { "Type" => "ExtGState", "ca" => 0.12_f32, "BM" => "Multiply" };
    let resources = dictionary! { "ExtGState" => dictionary! { "Tint" => tint } };
    form(w, h, resources, content)
}

/// A small sheet with lines of writing.
fn sign([r, g, b]: [f64; 3]) -> Stream {
    let content = format!(
        "{r} {g} {b} rg 0 0 {SIGN_DRAWN} {SIGN_DRAWN} re f\n1 1 1 rg 2 2 16 16 re f\n{r} {g} {b} rg 5 13 10 2 re f 5 9 10 2 re f 5 5 6 2 re f\n"
    );
    form(SIGN_DRAWN, SIGN_DRAWN, Dictionary::new(), content)
}

fn form(width: f64, height: f64, resources: Dictionary, content: String) -> Stream {
    let dict = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "FormType" => 1,
        "BBox" => numbers(&[0.0, 0.0, width, height]),
        "Resources" => resources,
    };
    Stream::new(dict, content.into_bytes())
}

fn numbers(values: &[f64]) -> Object {
    Object::Array(values.iter().map(|v| Object::Real(*v as f32)).collect())
}

/// A text string: UTF-16BE with its mark (7.9.2.2), written in hexadecimal so that no reader trips over an escape.
fn text(text: &str) -> Object {
    let bytes = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}
