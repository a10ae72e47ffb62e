//! Drawings that a page asks for and the file does not have: they leave no trace when a page is drawn.

use std::collections::BTreeSet;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use crate::model::page::Degraded;

/// Forms inside forms are looked into this deep.
const DEPTH: u8 = 6;

/// What the page's content names but cannot get; empty for a sound page.
pub(super) fn missing(page: &Page<'_>) -> Vec<Degraded> {
    let mut found = BTreeSet::new();
    if content_is_lost(page) {
        found.insert(Degraded::ContentDamaged("页面内容解不开".into()));
    }
    let mut seen = BTreeSet::new();
    look(page.typed_operations(), page.resources(), DEPTH, &mut seen, &mut found);
    found.into_iter().collect()
}

fn content_is_lost(page: &Page<'_>) -> bool {
    if !page.raw().contains_key(b"Contents") {
        return false;
    }
    match page.raw().get::<Object<'_>>(b"Contents") {
        Some(Object::Stream(s)) => s.decoded_data().is_err(),
        Some(Object::Array(parts)) => {
            let named = parts.raw_iter().count();
            parts.iter::<Stream<'_>>().filter(|s| s.decoded_data().is_ok()).count() < named
        }
        // A null is as good as no content.
        Some(Object::Null(_)) => false,
        Some(_) | None => true,
    }
}

fn look(
    mut ops: TypedIter<'_>,
    resources: &Resources<'_>,
    depth: u8,
    seen: &mut BTreeSet<(u32, i32)>,
    found: &mut BTreeSet<Degraded>,
) {
    let mut names = BTreeSet::new();
    while let Some(op) = ops.next() {
        if let TypedInstruction::XObject(x) = op {
            names.insert(x.0.as_ref().to_vec());
        }
    }
    for name in names {
        let Some(name) = Name::new(&name) else { continue };
        let Some(object) = resources.get_x_object(&name) else {
            found.insert(Degraded::ImageDropped("页面引用的图像不在文件中".into()));
            continue;
        };
        let id = object.obj_id();
        if depth == 0 || !seen.insert((id.obj_number, id.gen_number)) {
            continue;
        }
        look_into(&object, resources, depth, seen, found);
    }
}

fn look_into(
    object: &Stream<'_>,
    outer: &Resources<'_>,
    depth: u8,
    seen: &mut BTreeSet<(u32, i32)>,
    found: &mut BTreeSet<Degraded>,
) {
    let dict = object.dict();
    match dict.get::<Name<'_>>(b"Subtype").as_deref() {
        Some(b"Form") => match object.decoded_data() {
            Ok(data) => {
                let own = dict.get::<Dict<'_>>(b"Resources").map(Resources::new);
                look(TypedIter::new(&data), own.as_ref().unwrap_or(outer), depth - 1, seen, found);
            }
            Err(_) => {
                found.insert(Degraded::ContentDamaged("页面内容的一部分解不开".into()));
            }
        },
        Some(b"Image") => {
            let size =
                |long: &[u8], short: &[u8]| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).unwrap_or(0);
            if size(b"Width", b"W") == 0 || size(b"Height", b"H") == 0 {
                found.insert(Degraded::ImageDropped("图像没有宽或高".into()));
            }
        }
        _ => {}
    }
}
