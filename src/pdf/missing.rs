//! Drawings that a page asks for and that can't be had: they leave no trace when a page is drawn.

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::Filter;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::packed::zlib_is_whole;
use crate::model::page::Degraded;

/// The interpreter draws forms inside forms so deep, and passes over deeper ones without a word.
const DEPTH: usize = 50;

/// Put behind a content to see whether it is read to its end: the interpreter stops at what it can't make out.
const END: &[u8] = b"MaterialAuditLast";

/// An annotation's flags (ISO 32000-1, table 165): hidden, and not shown on screens.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;

/// What the page's content names but cannot get; empty for a sound page.
pub(super) fn missing(page: &Page<'_>) -> Vec<Degraded> {
    let mut search = Search::default();
    search.parts(page);
    let drawn = search.look(page.page_stream().unwrap_or_default(), page.resources(), 0);
    let shown = search.annotations(page);
    if drawn.max(shown) > DEPTH {
        search.found.insert(Degraded::ContentDamaged("页面内容层层嵌套过深，未全部显示".into()));
    }
    search.found.into_iter().collect()
}

#[derive(Default)]
struct Search {
    /// Forms looked into, with how many levels they and the forms in them make.
    heights: BTreeMap<(u32, i32), usize>,
    /// Forms being looked into.
    open: BTreeSet<(u32, i32)>,
    found: BTreeSet<Degraded>,
}

impl Search {
    fn damaged(&mut self, what: &str) {
        self.found.insert(Degraded::ContentDamaged(what.into()));
    }

    /// Whether all streams of the page's content are there and whole.
    fn parts(&mut self, page: &Page<'_>) {
        if !page.raw().contains_key(b"Contents") {
            return;
        }
        let whole = match page.raw().get::<Object<'_>>(b"Contents") {
            Some(Object::Stream(s)) => is_whole(&s),
            Some(Object::Array(parts)) => {
                let named = parts.raw_iter().count();
                parts.iter::<Stream<'_>>().filter(is_whole).count() == named
            }
            // A null is as good as no content.
            Some(Object::Null(_)) => true,
            Some(_) | None => false,
        };
        if !whole {
            self.damaged("页面内容解不开");
        }
    }

    /// Looks through a content `level` forms deep; how many more levels of forms it has.
    fn look(&mut self, content: &[u8], resources: &Resources<'_>, level: usize) -> usize {
        let mut names = BTreeSet::new();
        let mut ended = false;
        let content = [content, b"\n", END, b"\n"].concat();
        let mut ops = TypedIter::new(&content);
        while let Some(op) = ops.next() {
            match op {
                TypedInstruction::XObject(x) => {
                    names.insert(x.0.as_ref().to_vec());
                }
                TypedInstruction::Fallback(op) => ended |= **op == *END,
                _ => {}
            }
        }
        if !ended {
            self.damaged("页面内容中途无法识别，其后的内容未显示");
        }
        let mut height = 0;
        for name in names {
            let Some(name) = Name::new(&name) else { continue };
            match resources.get_x_object(&name) {
                Some(object) => height = height.max(self.look_into(&object, resources, level)),
                None => {
                    self.found.insert(Degraded::ImageDropped("页面引用的图像不在文件中".into()));
                }
            }
        }
        height
    }

    /// As [`Self::look`], for what a content `level` forms deep draws.
    fn look_into(&mut self, object: &Stream<'_>, outer: &Resources<'_>, level: usize) -> usize {
        let dict = object.dict();
        match dict.get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Form") => self.form(object, outer, level),
            Some(b"Image") => {
                let size =
                    |long: &[u8], short: &[u8]| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).unwrap_or(0);
                if size(b"Width", b"W") == 0 || size(b"Height", b"H") == 0 {
                    self.found.insert(Degraded::ImageDropped("图像没有宽或高".into()));
                }
                0
            }
            // For printers only, and long given up.
            Some(b"PS") => 0,
            _ => {
                self.found.insert(Degraded::ImageDropped("页面引用的图像种类不明".into()));
                0
            }
        }
    }

    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, level: usize) -> usize {
        let id = form.obj_id();
        let id = (id.obj_number, id.gen_number);
        if self.open.contains(&id) {
            self.damaged("页面内容自己引用自己");
            return 0;
        }
        if let Some(height) = self.heights.get(&id) {
            return *height;
        }
        // Deep enough to know; going on would use up the stack.
        if level >= DEPTH {
            return 1;
        }
        let data = if is_whole(form) { form.decoded_data().ok() } else { None };
        let Some(data) = data else {
            self.damaged("页面内容的一部分解不开");
            return 1;
        };
        self.open.insert(id);
        let own = form.dict().get::<Dict<'_>>(b"Resources").map(Resources::new);
        let height = 1 + self.look(&data, own.as_ref().unwrap_or(outer), level + 1);
        self.open.remove(&id);
        self.heights.insert(id, height);
        height
    }

    fn annotations(&mut self, page: &Page<'_>) -> usize {
        let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { return 0 };
        let mut height = 0;
        for annotation in annotations.iter::<Dict<'_>>() {
            if annotation.get::<u32>(b"F").unwrap_or(0) & NOT_SHOWN == 0
                && let Some(shown) = appearance(&annotation)
            {
                height = height.max(self.form(&shown, page.resources(), 0));
            }
        }
        height
    }
}

/// The drawing that stands for an annotation. A state without one is how an unticked box is stored.
fn appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>(b"AP")?.get::<Object<'_>>(b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'_>>(&annotation.get::<Name<'_>>(b"AS")?),
        _ => None,
    }
}

/// Whether a content can be decoded to its end: the decoder hands out what it has of a damaged one.
fn is_whole(content: &Stream<'_>) -> bool {
    if content.decoded_data().is_err() {
        return false;
    }
    content.filters().first() != Some(&Filter::FlateDecode) || zlib_is_whole(&content.raw_data())
}
