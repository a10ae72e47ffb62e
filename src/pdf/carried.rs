//! What a PDF carries besides its pages: attachments, scripts, programs to start. Nothing of it is opened or run.

use std::collections::BTreeSet;

use hayro_syntax::object::{Array, Dict, Name, Object};
use hayro_syntax::page::Page;

use crate::model::page::Carried;

/// Actions name the next one; a chain is followed so far.
const CHAIN: u8 = 8;

/// What this page carries; the first page stands for its file.
pub(super) fn carried(page: &Page<'_>, first: bool) -> Vec<Carried> {
    let mut found = BTreeSet::new();
    if first && let Some(catalogue) = page.xref().get::<Dict<'_>>(page.xref().root_id()) {
        of_file(&catalogue, &mut found);
    }
    triggers(page.raw(), &mut found);
    if let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") {
        for annotation in annotations.iter::<Dict<'_>>() {
            if is(&annotation, b"Subtype", b"FileAttachment") {
                found.insert(Carried::Attachment);
            }
            if let Some(does) = annotation.get::<Dict<'_>>(b"A") {
                action(&does, CHAIN, &mut found);
            }
            triggers(&annotation, &mut found);
        }
    }
    found.into_iter().collect()
}

fn of_file(catalogue: &Dict<'_>, found: &mut BTreeSet<Carried>) {
    if let Some(names) = catalogue.get::<Dict<'_>>(b"Names") {
        let holds = |key: &[u8]| {
            let tree = names.get::<Dict<'_>>(key);
            let some = |key: &[u8]| {
                let list = tree.as_ref().and_then(|t| t.get::<Array<'_>>(key));
                list.is_some_and(|list| list.raw_iter().next().is_some())
            };
            some(b"Names") || some(b"Kids")
        };
        if holds(b"EmbeddedFiles") {
            found.insert(Carried::Attachment);
        }
        if holds(b"JavaScript") {
            found.insert(Carried::Script);
        }
    }
    if catalogue.contains_key(b"Collection") {
        found.insert(Carried::Portfolio);
    }
    if catalogue.get::<Dict<'_>>(b"AcroForm").is_some_and(|form| form.contains_key(b"XFA")) {
        found.insert(Carried::DynamicForm);
    }
    if let Some(does) = catalogue.get::<Dict<'_>>(b"OpenAction") {
        action(&does, CHAIN, found);
    }
    triggers(catalogue, found);
}

/// Actions that opening, closing or touching something starts.
fn triggers(of: &Dict<'_>, found: &mut BTreeSet<Carried>) {
    let Some(triggers) = of.get::<Dict<'_>>(b"AA") else { return };
    let keys: Vec<Name<'_>> = triggers.keys().collect();
    for key in keys {
        if let Some(does) = triggers.get::<Dict<'_>>(&key) {
            action(&does, CHAIN, found);
        }
    }
}

fn action(does: &Dict<'_>, left: u8, found: &mut BTreeSet<Carried>) {
    if is(does, b"S", b"JavaScript") || is(does, b"S", b"Rendition") && does.contains_key(b"JS") {
        found.insert(Carried::Script);
    }
    if is(does, b"S", b"Launch") {
        found.insert(Carried::Launch);
    }
    let Some(left) = left.checked_sub(1) else { return };
    match does.get::<Object<'_>>(b"Next") {
        Some(Object::Dict(next)) => action(&next, left, found),
        Some(Object::Array(all)) => all.iter::<Dict<'_>>().take(8).for_each(|next| action(&next, left, found)),
        _ => {}
    }
}

fn is(dict: &Dict<'_>, key: &[u8], value: &[u8]) -> bool {
    dict.get::<Name<'_>>(key).is_some_and(|name| name.as_ref() == value)
}
