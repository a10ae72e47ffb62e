//! The checks of signatures, photo files, codes and watermarks, as written.

use super::super::rules::marks::{Marks, MissingQrCode, MissingSignature, MissingWatermark, PhotoFile};
use super::super::schema::Reader;
use super::{Scope, each};

pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Marks {
    Marks {
        missing_signature: each(table, "missing-signature", "check.missing-signature", |r| signature(r, scope)),
        photo_file: each(table, "photo-file", "check.photo-file", |r| photo_file(r, scope)),
        missing_qr_code: each(table, "missing-qr-code", "check.missing-qr-code", |r| MissingQrCode {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
        }),
        missing_watermark: each(table, "missing-watermark", "check.missing-watermark", |r| MissingWatermark {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
            words: r.optional("words"),
        }),
    }
}

fn signature(reader: &Reader<'_>, scope: &Scope<'_>) -> MissingSignature {
    let material = scope.materials(reader, "material");
    let place = reader.optional("place");
    if let Some(place) = &place {
        for m in &material {
            scope.place(reader, *m, place, None);
        }
    }
    let rule = MissingSignature {
        basis: scope.basis(reader),
        material,
        place,
        signer: reader.text("signer"),
        labels: reader.texts("labels"),
        on_page: reader.texts("on_page"),
        own_hand: reader.flag("own_hand"),
        chop: reader.flag("chop"),
        later_office: reader.flag("later_office"),
    };
    if rule.own_hand && rule.chop {
        reader.mistake("chop", "与 own_hand 同时写了", "own_hand 与 chop 只写一个", None);
    }
    rule
}

fn photo_file(reader: &Reader<'_>, scope: &Scope<'_>) -> PhotoFile {
    let optional = |key| {
        let number = reader.number(key, Some(0));
        reader.has(key).then_some(number)
    };
    // Both or neither: half a size is a slip of the pen.
    let pair = |width, height| match (optional(width), optional(height)) {
        (Some(w), Some(h)) => Some((w, h)),
        (None, None) => None,
        (w, _) => {
            let missing = if w.is_some() { height } else { width };
            reader.mistake(missing, "缺少这一项", "宽和高都写，或都不写", None);
            None
        }
    };
    let rule = PhotoFile {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        jpeg: reader.flag("jpeg"),
        least_px: pair("least_width", "least_height"),
        most_px: pair("most_width", "most_height"),
        most_kb: optional("most_kb"),
        print_mm: pair("print_width_mm", "print_height_mm"),
    };
    let limits = rule.jpeg
        || rule.least_px.is_some()
        || rule.most_px.is_some()
        || rule.most_kb.is_some()
        || rule.print_mm.is_some();
    if !limits {
        reader.mistake("", "没有写任何限制", "jpeg、least_width 与 least_height、most_width 与 most_height、most_kb、print_width_mm 与 print_height_mm 之一", None);
    }
    if let (Some(least), Some(most)) = (rule.least_px, rule.most_px)
        && (least.0 > most.0 || least.1 > most.1)
    {
        reader.mistake("most_width", "上限小于下限", "most_width、most_height 不小于 least_width、least_height", None);
    }
    rule
}
