//! The checks of wording, anonymity, length, similarity and the window, as written.

use jiff::civil::Date;

use super::super::rules::content::{
    Anonymity, Content, OpinionWording, SimilarityRate, SubmissionWindow, TextLength, Wording,
};
use super::super::schema::Reader;
use super::{Scope, each};
use crate::model::material::Material;

pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Content {
    Content {
        opinion_wording: each(table, "opinion-wording", "check.opinion-wording", |r| opinion_wording(r, scope)),
        anonymity: each(table, "anonymity", "check.anonymity", |r| anonymity(r, scope)),
        text_length: each(table, "text-length", "check.text-length", |r| text_length(r, scope)),
        similarity_rate: each(table, "similarity-rate", "check.similarity-rate", |r| similarity_rate(r, scope)),
        submission_window: each(table, "submission-window", "check.submission-window", |r| window(r, scope)),
    }
}

fn opinion_wording(reader: &Reader<'_>, scope: &Scope<'_>) -> OpinionWording {
    let material = scope.materials(reader, "material");
    let place = reader.optional("place");
    let has = |m: &Material| {
        scope.forms.iter().any(|f| f.material == *m && f.places.iter().any(|p| Some(&p.id) == place.as_ref()))
    };
    if let Some(id) = place.as_ref().filter(|_| !material.iter().any(has)) {
        for m in &material {
            scope.place(reader, *m, id, None);
        }
    }
    let rule = OpinionWording {
        basis: scope.basis(reader),
        material,
        place,
        more_than_agreement: reader.flag("more_than_agreement"),
        states: wordings(reader, "states"),
        topics: wordings(reader, "topics"),
        level: reader.flag("level"),
        cites: reader.flag("cites"),
        later_office: reader.flag("later_office"),
        any_document: reader.flag("any_document"),
    };
    if !(rule.more_than_agreement || rule.level || rule.cites) && rule.states.is_empty() && rule.topics.is_empty() {
        reader.mistake(
            "states",
            "没有写明意见须怎样写",
            "more_than_agreement、states、topics、level、cites 至少一项",
            None,
        );
    }
    rule
}

/// Ways to say one thing, parted by `|`, the first being its name.
fn wordings(reader: &Reader<'_>, key: &'static str) -> Vec<Wording> {
    reader
        .texts(key)
        .into_iter()
        .filter_map(|text| {
            let any: Vec<String> =
                text.split(['|', '｜']).map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect();
            if any.is_empty() {
                reader.mistake(key, format!("写着“{text}”"), "用“|”隔开的几种说法", None);
            }
            any.first().cloned().map(|name| Wording { name, any })
        })
        .collect()
}

fn anonymity(reader: &Reader<'_>, scope: &Scope<'_>) -> Anonymity {
    Anonymity {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        sealed_strip: reader.flag("sealed_strip"),
        places: reader.flag("places"),
        own_places: reader.texts("own_places"),
        instead: reader.texts("instead"),
        under_line: reader.flag("under_line"),
    }
}

fn text_length(reader: &Reader<'_>, scope: &Scope<'_>) -> TextLength {
    let material = scope.materials(reader, "material");
    let place = reader.optional("place");
    if let Some(place) = &place {
        for m in &material {
            scope.place(reader, *m, place, None);
        }
    }
    let limit = |key| match reader.number(key, Some(0)) {
        0 => None,
        chars => Some(chars),
    };
    let (least, most) = (limit("least"), limit("most"));
    match (least, most) {
        (None, None) => reader.mistake("least", "没有写字数", "least（至少）或 most（至多），大于 0 的整数", None),
        (Some(least), Some(most)) if least > most => {
            reader.mistake("most", format!("写着 {most}，小于 least"), "不小于 least 的整数", None);
        }
        _ => {}
    }
    TextLength {
        basis: scope.basis(reader),
        material,
        place,
        least,
        most,
        except: reader.texts("except"),
        any_document: reader.flag("any_document"),
    }
}

fn similarity_rate(reader: &Reader<'_>, scope: &Scope<'_>) -> SimilarityRate {
    let below = reader.number("below", None);
    if reader.has("below") && !(1..=100).contains(&below) {
        reader.mistake("below", format!("写着 {below}"), "1 到 100 的整数（百分数）", None);
    }
    SimilarityRate { basis: scope.basis(reader), material: scope.materials(reader, "material"), below }
}

fn window(reader: &Reader<'_>, scope: &Scope<'_>) -> SubmissionWindow {
    let opening = reader.has("first").then(|| date(reader, "first"));
    let last = date(reader, "last");
    if opening.is_some_and(|f| f > last) {
        reader.mistake("first", "晚于 last", "不晚于 last 的日期", None);
    }
    let form = reader.picks("form", &scope.names.materials);
    scope.known(reader, "form", &form);
    let material = reader.picks("material", &scope.names.materials);
    scope.known(reader, "material", &material);
    let (places, fields) = (reader.texts("places"), reader.texts("fields"));
    let forms = || scope.forms.iter().filter(|f| form.contains(&f.material));
    for place in &places {
        if !forms().any(|f| f.places.iter().any(|p| p.id == *place)) {
            reader.mistake("places", format!("写着“{place}”"), "form 所列表中的一个 [[form.place]]", None);
        }
    }
    // A field goes by its first label, whichever the form prints.
    let first = |label: &String| forms().flat_map(|f| &f.fields).find(|f| f.labels.contains(label))?.labels.first();
    for label in &fields {
        if first(label).is_none() {
            reader.mistake("fields", format!("写着“{label}”"), "form 所列表中的一个 [[form.field]] 的 labels", None);
        }
    }
    if material.is_empty() && places.is_empty() && fields.is_empty() {
        reader.mistake("material", "没有列出任何一项", "material，或 form 连同 places、fields", None);
    }
    let fields = fields.iter().filter_map(|l| first(l).cloned()).collect();
    SubmissionWindow { basis: scope.basis(reader), first: opening, last, material, form, places, fields }
}

/// A day as 2024-11-30.
fn date(reader: &Reader<'_>, key: &'static str) -> Date {
    let text = reader.text(key);
    text.parse().unwrap_or_else(|_| {
        if !text.is_empty() {
            reader.mistake(
                key,
                format!("写着“{text}”"),
                "加引号的、日历上有的日期，如 \"2024-11-30\"（月、日都写两位）",
                None,
            );
        }
        Date::ZERO
    })
}
